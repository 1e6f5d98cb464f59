# SPDX-License-Identifier: Apache-2.0
"""Pairs side by side: each finding is that of the pair's own profile, and nothing is put for what is not there."""

import json

import pytest

from bilat.cli import main
from bilat.errors import UsageError
from bilat.verdicts.profile import profile
from bilat.verdicts.side_by_side import AXIS, axis, compare, of_pairs

PAIRS = [("RUS", "CHN"), ("RUS", "IRN"), ("USA", "JPN")]


def test_each_finding_is_that_of_the_pairs_own_profile() -> None:
    found = compare(PAIRS, "2026-11-24")
    for pair, one in zip(PAIRS, found, strict=True):
        assert one.topics == profile(pair, "2026-11-24", claims=False).topics
    sections = {b.title: b.blocks[0].rows for b in of_pairs(found).blocks}
    assert [row[0] for row in sections["Arms"]] == [
        "Russia and China",
        "Russia and Iran",
        "United States and Japan",
    ]
    energy = {row[0]: row[1] for row in sections["Energy"]}
    assert "crude" in energy["Russia and China"] and energy["Russia and Iran"] == "no data"


def test_as_of_a_date_nothing_later_is_compared() -> None:
    for one in compare(PAIRS[:2], "2020-06-01"):
        assert one.topics
        for topic in one.topics:
            assert topic.data_to is not None and str(topic.data_to) <= "2020-06-01"
            assert topic.last is None or topic.last.period[:4] <= "2020"


def test_the_axis_is_six_pairs() -> None:
    pairs = axis()
    assert len(pairs) == 6 and all({*d} <= {*AXIS} for d in pairs)


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(["ask", "compare", *words])
    return int(stop.value.code or 0)


def test_the_verb(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["RUS", "CHN", "--with", "RUS", "IRN", "--with", "USA", "JPN", "--as-of", "2026-11-24"]
    assert run(*words) == 0
    out = capsys.readouterr().out
    assert "defence allies" in " ".join(out.split()) and max(map(len, out.splitlines())) <= 80
    assert run("--with", "RUS", "IRN", "RUS", "CHN", "--json") == 0
    data = json.loads(capsys.readouterr().out)["data"]
    assert [d["dyad"] for d in data] == [["RUS", "CHN"], ["RUS", "IRN"]]
    assert run("RUS", "CHN") == 2
    assert run("RUS", "CHN", "--axis") == 2
    assert run("RUS", "CHN", "--with", "CHN", "RUS") == 2
    assert run("RUS", "CHN", "--with", "IRN") == 2
    with pytest.raises(UsageError, match="appears twice"):
        compare([("RUS", "CHN"), ("CHN", "RUS")])
