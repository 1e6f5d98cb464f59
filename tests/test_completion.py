# SPDX-License-Identifier: Apache-2.0
"""Completion in bash, zsh and fish: commands, options, names of measures and fixed choices."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]


def asked(**given: str) -> str:
    """What bilat answers a shell."""
    done = subprocess.run(
        [sys.executable, "-m", "bilat"],
        capture_output=True,
        text=True,
        env={**os.environ, **given},
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize(
    ("line", "word", "offered"),
    [
        ("bilat di", 1, {"divert"}),
        ("bilat ask transfers.t", 2, {"transfers.tiv"}),
        ("bilat plan re", 2, {"recovery"}),
        ("bilat plan recovery --chi", 3, {"--china"}),
        ("bilat plan recovery --china co", 4, {"components"}),
        ("bilat nothing-of-this-name", 1, set()),
    ],
)
def test_bash_is_offered_what_can_follow(line: str, word: int, offered: set[str]) -> None:
    said = asked(_BILAT_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=str(word))
    assert set(said.split()) == offered


def test_zsh_and_fish_are_offered_the_plans_with_what_each_says() -> None:
    said = asked(_BILAT_COMPLETE="complete_zsh", _TYPER_COMPLETE_ARGS="bilat plan ")
    assert '"blockade":"Work out what China would l' in said
    fish = {"_BILAT_COMPLETE": "complete_fish", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    said = asked(**fish, _TYPER_COMPLETE_ARGS="bilat plan b")
    assert {line.split("\t")[0] for line in said.splitlines()} == {"backfill", "blockade", "book"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_is_documented_and_is_one(shell: str, tmp_path: Path) -> None:
    page = (CHECKOUT / "docs" / "completion.md").read_text("utf-8")
    assert re.search(rf"_BILAT_COMPLETE=source_{shell} bilat", page)
    script = asked(_BILAT_COMPLETE=f"source_{shell}")
    assert f"complete_{shell}" in script and "bilat" in script
    if shutil.which(shell):
        (tmp_path / "script").write_text(script, "utf-8")
        subprocess.run([shell, "-n", str(tmp_path / "script")], check=True)
