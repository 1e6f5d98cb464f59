# SPDX-License-Identifier: Apache-2.0
"""Rival readings: ranked by inconsistency, by hand; every mark behind a claim or question; durability with bounds."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bilat.cli import main
from bilat.errors import UsageError
from bilat.forecast.hypotheses import (
    Durability,
    Judged,
    Matrix,
    Piece,
    Weighed,
    at_least,
    durability,
    hypotheses,
    settings,
    weigh,
)
from bilat.forecast.questions import questions
from bilat.picture.hypotheses_page import hypotheses_page
from bilat.verdicts import CHAPTERS, ledger
from bilat.when import AsOf

DAY = AsOf("2026-11-24")
MATRIX = Matrix(
    chapter="war",
    hypotheses=["x", "y", "z"],
    evidence=[
        Piece(claim="A", holds=["C", "I", "II"], fails=["I", "C", "N"], why="w"),
        Piece(claim="B", holds=["C", "C", "C"], fails=["I", "I", "I"], why="w"),
        Piece(claim="D", holds=["N", "N", "I"], fails=["N", "N", "C"], why="w"),
    ],
)


def stands(id: str, weight: float, *marks: str) -> Weighed:
    values = {"CC": -2, "C": -1, "N": 0, "I": 1, "II": 2}
    span = max(values[m] for m in marks) - min(values[m] for m in marks) if marks else 0
    return Weighed(id, id, "supported", weight, marks, weight * span, "w", ())  # type: ignore[arg-type]


def test_readings_are_ranked_by_the_least_inconsistency() -> None:
    found = weigh(
        MATRIX,
        {
            "A": stands("A", 0.5, "C", "I", "II"),
            "B": stands("B", 1.0, "C", "C", "C"),
            "D": stands("D", 1.0, "N", "N", "I"),
        },
        DAY,
    )
    assert [(r.says, r.against) for r in found.readings] == [("x", 0), ("y", 0.5), ("z", 2.0)]
    assert found.leads == "x" and found.margin == 0.5
    assert [(e.id, e.diagnosticity) for e in found.evidence] == [("A", 1.5), ("D", 1.0), ("B", 0.0)]
    turns = {t.id: (t.without, t.otherwise, t.turns) for t in found.turns}
    # without A nothing tells x from y; had it gone the other way, y leads
    assert turns["A"] == ("", "y", True)
    # what fits every reading turns nothing, whatever its weight
    assert turns["B"] == ("x", "x", False) and turns["D"] == ("x", "x", False)


def test_support_alone_makes_no_lead() -> None:
    none = {"A": stands("A", 0.0), "B": stands("B", 1.0, "C", "C", "C"), "D": stands("D", 1.0, "N", "C", "N")}
    assert weigh(MATRIX, none, DAY).leads == ""


def test_every_chapter_has_readings_and_every_mark_a_record_behind_it() -> None:
    chosen = settings()
    assert {m.chapter for m in chosen.matrices} == set(CHAPTERS)
    claims, asked = {c.id for c in ledger()}, {q.id for q in questions()}
    for m in chosen.matrices:
        assert len(m.hypotheses) >= 3 and len(m.evidence) >= 5
        for e in m.evidence:
            assert e.claim in claims or e.question in asked
            assert len(set(e.holds)) > 1, f"{m.chapter} {e.claim}{e.question} tells nothing apart"
    assert {p.question for p in chosen.pillars} <= asked
    with pytest.raises(ValueError, match="a mark for each"):
        Matrix(
            chapter="war",
            hypotheses=["x", "y"],
            evidence=[Piece(claim="A", holds=["C"], fails=["I"], why="w")],
        )


@pytest.fixture(scope="module")
def forward() -> Judged:
    return hypotheses("2023-03-20", "forward")[0]


def test_as_of_the_paper_no_question_is_evidence_yet(forward: Judged) -> None:
    asked = [e for e in forward.evidence if "-" in e.id]
    assert len(asked) == 3 and all(not e.marks and not e.weight for e in asked)
    assert all(e.stands == "not yet observable" for e in asked)
    assert any(e.weight for e in forward.evidence)
    with pytest.raises(UsageError, match="no chapter 'peace'"):
        hypotheses(DAY, "peace")


def test_joint_chances_have_bounds_that_hold_by_hand() -> None:
    assert at_least([0.5, 0.5], 1) == pytest.approx((0.5, 0.75, 1.0))
    assert at_least([0.1, 0.2], 2) == pytest.approx((0.0, 0.02, 0.1))
    assert at_least([0.9, 0.8], 2) == pytest.approx((0.7, 0.72, 0.8))
    low, mid, high = at_least([0.4, 0.4, 0.25, 0.2, 0.2], 3)
    assert low == 0 and high == pytest.approx(1.45 / 3) and 0 < mid < high


@pytest.fixture(scope="module")
def lasting() -> Durability:
    return durability("2026-11-26")


def test_durability_says_what_would_have_to_fall(lasting: Durability) -> None:
    assert len(lasting.pillars) == 5 and all(0 < f.probability < 1 and f.movers for f in lasting.pillars)
    assert lasting.most_low <= lasting.most_independent <= lasting.most_high
    assert lasting.any_low == pytest.approx(max(f.probability for f in lasting.pillars))
    with pytest.raises(UsageError, match="opened on 2026-11-24"):
        durability("2023-03-20")


def test_the_verb_and_the_page(
    forward: Judged,
    lasting: Durability,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    long = [replace(e, stands="depends on the choice") if e.id == "W6" else e for e in forward.evidence]
    forward = replace(forward, evidence=tuple(long))
    monkeypatch.setattr("bilat.forecast.hypotheses.hypotheses", lambda *_, **__: [forward])
    monkeypatch.setattr("bilat.forecast.hypotheses.durability", lambda *_: lasting)
    page = tmp_path / "readings.html"
    for words in (["forward"], ["--durability", "--page", str(page)]):
        with pytest.raises(SystemExit):
            main(["hypotheses", *words])
        out = capsys.readouterr().out
        assert max(map(len, out.splitlines())) <= 80
        if words == ["forward"]:  # the verdict whole, as the ledger words it
            told = [line for line in out.splitlines() if line.startswith("  W6 ")]
            assert told and all("depends on the choice  " in line for line in told)
    assert page.read_text("utf-8") == hypotheses_page([forward], lasting)
    twin = json.loads(page.with_suffix(".json").read_text("utf-8"))
    assert twin["chapters"][0]["chapter"] == "forward" and len(twin["durability"]["pillars"]) == 5
    assert 'href="../claims/W6.html"' in hypotheses_page([forward], lasting, "../claims/")
