# SPDX-License-Identifier: Apache-2.0
"""The tutorial is followed as it stands: its files are saved, its commands run, and they print what it says."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import indexes
import pytest

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "tutorial.md").read_text("utf-8")
_BLOCK = re.compile(r"```(?P<kind>sh|csv|text)\n(?P<text>.*?)```", re.S)
_SAVED = re.compile(r"Save this as `(?P<name>[^`]+)`")


def steps() -> Iterator[tuple[str, str, str]]:
    """(kind, text, the name of a file or what is printed) of each block in order."""
    blocks = [*_BLOCK.finditer(PAGE)]
    for n, block in enumerate(blocks):
        if block["kind"] == "csv":
            before = PAGE[: block.start()]
            yield "csv", block["text"], [*_SAVED.finditer(before)][-1]["name"]
        elif block["kind"] == "sh":
            after = blocks[n + 1 : n + 2]
            printed = after[0]["text"] if after and after[0]["kind"] == "text" else ""
            yield "sh", block["text"], printed.rstrip("\n")


def test_the_tutorial_can_be_followed(tmp_path: Path) -> None:
    env = {**os.environ, "BILAT_HOLDINGS": str(indexes.share(tmp_path / "held"))}
    ran = 0
    for kind, text, beside in steps():
        if kind == "csv":
            (tmp_path / beside).write_text(text, "utf-8")
            continue
        output = ""
        for line in text.splitlines():
            words = shlex.split(line)
            assert words[0] == "bilat"
            done = subprocess.run(
                [sys.executable, "-m", *words],
                cwd=tmp_path,
                env=env,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, f"{line}: {done.stdout[-300:]}{done.stderr[-300:]}"
            output += done.stdout
            ran += 1
        assert output.startswith(beside), f"{text}: {output[:200]}"
    assert ran >= 8
    for made in ("alerts.xlsx", "receipt.json", "picture/index.html"):
        assert (tmp_path / made).is_file(), made


def test_a_step_that_fails_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "PAGE", "```sh\nbilat ask no.such.measure\n```\n")
    with pytest.raises(AssertionError, match=r"no\.such\.measure"):
        test_the_tutorial_can_be_followed(tmp_path)
