# SPDX-License-Identifier: Apache-2.0
"""A figure has one value wherever it is printed, and no room contradicts another."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from contradictions import Pages, contradictions, declared
from one_value import conflicts, named_values

from bilat.contingency.blockade.measures import ENDLESS
from bilat.contingency.blockade.routes import name_of
from bilat.contingency.questions import BlockadeQuestion, ExposureQuestion
from bilat.document import Frame
from bilat.document.plain import envelope
from bilat.dyad import PAPER_PAIR, Dyad
from bilat.holdings import Holdings
from bilat.measures import MeasureQuestion, ask, default_holdings, measure_names
from bilat.picture.topics import topics
from bilat.planning.draws import two_figures
from bilat.verdicts import judge
from bilat.verdicts.document import of_claim
from bilat.verdicts.profile import profile
from bilat.verdicts.questions import ClaimsQuestion, ProfileQuestion
from bilat.when import AsOf

DAY = AsOf("2026-11-27")


@pytest.fixture(scope="module")
def holdings() -> Holdings:
    return default_holdings()


@pytest.fixture(scope="module")
def places(holdings: Holdings) -> dict[str, Any]:
    """The JSON of what tells votes and exercises of the paper's pair."""
    frame = Frame(None, DAY, holdings)
    asked = {
        "votes": MeasureQuestion("votes.agreement"),
        "exercises": MeasureQuestion("exercises.count", ("inclusion=both_central",)),
        "profile": ProfileQuestion(),
        "claims/I7": ClaimsQuestion("I7"),
        "claims/F1": ClaimsQuestion("F1"),
    }
    return {place: envelope(question.answer(frame)) for place, question in asked.items()}


def test_the_same_figure_is_printed_once(places: dict[str, Any]) -> None:
    assert not conflicts(places)
    names = {place: {name for name, _ in named_values(tree)} for place, tree in places.items()}
    shared = "votes.agreement RUS-CHN as known on 2026-11-27: roll calls 2025"
    assert shared in names["votes"] & names["profile"]
    trained = (
        "exercises.count RUS-CHN inclusion=both_central as known on 2026-11-27: all kinds 2025"
    )
    assert trained in names["exercises"] & names["profile"] & names["claims/I7"]


def test_another_value_anywhere_is_found(places: dict[str, Any]) -> None:
    text = json.dumps(places["profile"])
    tree = json.loads(text)
    (facet,) = [t for t in tree["data"]["topics"] if t["topic"] == "exercises"]
    facet["figures"][-1]["value"] += 2
    (line,) = conflicts({**places, "profile": tree})
    assert "all kinds 2025 is 6.0 in exercises and 8.0 in profile" in line, line


def test_plans_say_what_their_measures_say(holdings: Holdings) -> None:
    """The same closures and markets, worked out by another route, have the same figures."""
    frame = Frame(None, DAY, holdings)
    days = ask("blockade.days", as_of=DAY, holdings=holdings)
    standard = BlockadeQuestion().answer(frame).data.standard
    shared = [(s, p) for s in standard for p in days.points if p.group == name_of(s.closed)]
    assert len(shared) == len(days.points) > 4
    for spread, point in shared:
        median = spread.days.median
        assert point.value == (two_figures(median) if median <= ENDLESS else None), point.group
    rises = ask("exposure.break_even", as_of=DAY, holdings=holdings)
    exposure = ExposureQuestion().answer(frame).data
    (whole,) = [p.value for p in rises.points if p.group == "G7" and p.period == exposure.newest]
    (one,) = [p.value for p in rises.points if p.group == "USA" and p.period == exposure.newest]
    assert whole == pytest.approx(exposure.break_even)
    assert one == pytest.approx(next(m.break_even for m in exposure.markets if m.code == "USA"))


def pages(holdings: Holdings) -> Pages:
    return Pages(
        dyad=PAPER_PAIR,
        as_of=DAY,
        holdings=holdings,
        judged=judge(as_of=DAY, holdings=holdings, only="P11"),
        headings=[h for t in topics() for h in t.heading.values()],
        profile=profile(PAPER_PAIR, DAY, holdings, claims=False),
    )


def test_no_room_contradicts_another(holdings: Holdings) -> None:
    assert len({type(entry) for entry in declared()}) == 3
    assert not contradictions(pages(holdings))


def test_each_declared_contradiction_can_be_found(holdings: Holdings) -> None:
    found = pages(holdings)
    (j,) = found.judged
    said = replace(j.since, sentence="In part. This is alleged by Kyiv alone.")
    facet = next(t for t in found.profile.topics if t.name == "votes")
    old = tuple(replace(f, period="2019") for f in facet.figures)
    others = tuple(replace(facet, figures=old) if t is facet else t for t in found.profile.topics)
    planted = replace(
        found,
        judged=[replace(j, since=said)],
        headings=["Russia's arms market in China is all but gone"],
        profile=replace(found.profile, topics=others),
    )
    lines = contradictions(planted)
    assert any("by Kyiv alone" in x and "SPACETY is on:" in x for x in lines)
    assert any("all but gone" in x and "largest supplier of arms" in x for x in lines)
    assert any("votes.agreement ends with 2025" in x and "with 2019" in x for x in lines)


@pytest.mark.slow
@pytest.mark.parametrize("pair", [PAPER_PAIR, Dyad("IND", "PAK"), Dyad("USA", "RUS")], ids=str)
def test_the_json_of_all_questions_agrees(holdings: Holdings, pair: Dyad) -> None:
    frame = Frame(pair, DAY, holdings)
    told = {"profile": envelope(ProfileQuestion().answer(frame))}
    for name in measure_names():
        question = MeasureQuestion(name)
        own = frame if question.takes_pair else replace(frame, pair=None)
        told[name] = envelope(question.answer(own))
    for j in judge(pair, DAY, holdings):
        told[f"claims/{j.id}"] = envelope(of_claim(j, ClaimsQuestion(j.id)))
    assert not conflicts(told)


@pytest.mark.slow
def test_the_pages_of_a_site_agree(holdings: Holdings, tmp_path: Path) -> None:
    from bilat.picture import brief

    brief(PAPER_PAIR, DAY, out=tmp_path / "site", holdings=holdings)
    told = {
        str(p.relative_to(tmp_path)): json.loads(p.read_text("utf-8"))
        for p in tmp_path.rglob("*.json")
    }
    assert len(told) > 50 and any(True for t in told.values() for _ in named_values(t))
    assert not conflicts(told)
