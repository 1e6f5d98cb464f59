# SPDX-License-Identifier: Apache-2.0
"""The verbs."""

import datetime as dt
import json
import re
from importlib import resources
from pathlib import Path

import pytest

from bilat.cli import main

MARCH = dt.datetime(2023, 3, 20, tzinfo=dt.UTC)


def some_of(*ids: str) -> str:
    """A question file with some of the questions that come with bilat."""
    folder = resources.files("bilat.forecast").joinpath("sets")
    text = "\n".join(folder.joinpath(n).read_text("utf-8") for n in ("paper.toml", "open.toml"))
    blocks = re.split(r"(?m)^(?=\[\[question\]\]$)", text)
    return "".join(b for b in blocks if any(f'id = "{i}"\n' in b for i in ids))


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(["watch", *words])
    return int(stop.value.code or 0)


def test_the_verbs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    few = tmp_path / "few.toml"
    few.write_text(some_of("P6-IRN", "P7-PRK-2027"), "utf-8")
    these = ["--questions", str(few)]
    for words in (["list"], ["show", "P7-PRK-2027"], ["resolve", "P7-PRK-2027"], ["score"]):
        capsys.readouterr()
        assert run(*words, *these, "--as-of", "2026-11-24") == 0
        out = capsys.readouterr().out
        assert out and max(map(len, out.splitlines())) <= 80, words
        assert run(*words, *these, "--as-of", "2026-11-24", "--json") == 0
        assert json.loads(capsys.readouterr().out)
    assert run("show", "P7-PRK-2027", *these, "--json") == 0
    assert json.loads(capsys.readouterr().out)["data"]["probability"]
    assert run("show", "NONE", *these) == 2
    assert run("list", "--questions", str(tmp_path / "none.toml")) == 1
    assert run("score", "--as-of", "2023-03-21", *these) == 1
    assert "nothing to score" in capsys.readouterr().err


def test_as_of_the_papers_day_no_later_question_is_listed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("list", "--as-of", "2023-03-20", "--json") == 0
    listed = json.loads(capsys.readouterr().out)["data"]
    assert {r["opened"] for r in listed} == {"2023-03-20"}
    assert {r["outcome"] for r in listed} == {"not yet observable"}
