# SPDX-License-Identifier: Apache-2.0
"""A heading says no more than the sentence below it, and never the other way round."""

from __future__ import annotations

import re
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.document import Finding, Frame, Section
from bilat.document.text import text
from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.measures import default_holdings
from bilat.picture import Picture
from bilat.places import spoken_name
from bilat.verdicts import judge, profile_document
from bilat.verdicts.profile import profile as make_profile
from bilat.verdicts.questions import ProfileQuestion
from bilat.verdicts.topics import Facet, FromTo, Remark
from bilat.verdicts.topics.topic import COUNTED_OTHERWISE, DOCUMENTED, REVERSED
from bilat.when import AsOf

#: A profile of two states on a day, made once for all tests.
profile = cache(make_profile)
PAIRS = [
    "RUS-PRK", "IRN-RUS", "FIN-USA", "IND-RUS", "KOR-USA", "BLR-RUS", "CHN-PAK", "CHN-PRK",
    "CHN-TWN", "JPN-USA", "FRA-IND", "TUR-AZE", "KAZ-CHN", "ISR-USA", "SAU-USA", "DEU-UKR",
    "EGY-RUS", "PHL-USA", "SRB-CHN", "IRN-CHN", "RUS-CHN", "KOR-POL",
]  # fmt: skip
DATES = ["2023-03-20", "2026-11-27"]
#: Sentences of documents, which name the states as their publishers do.
PUBLISHED = re.compile(r"^(SIPRI counts|By our count)")
NUMBER = re.compile(r"\d[\d,.]*\d|\d")


@pytest.fixture(scope="module")
def held() -> Holdings:
    return default_holdings()


def first_of(text: str, pair: Dyad) -> str:
    """Return the state that a text names first."""
    places = {s: text.find(spoken_name(s).removeprefix("the ")) for s in (pair.a, pair.b)}
    return min((at, s) for s, at in places.items() if at >= 0)[1]


@pytest.mark.parametrize("as_of", DATES)
@pytest.mark.parametrize("pair", PAIRS)
def test_a_heading_has_the_direction_the_figures_and_the_years_of_the_sentence_below_it(
    pair: str, as_of: str, held: Holdings
) -> None:
    dyad = Dyad(*pair.split("-"))
    page = Picture(dyad, AsOf(as_of), (), held)
    sections = {b.title: b for b in page.document.blocks if isinstance(b, Section)}
    facets = {t.headline or t.title: t for t in profile(dyad, as_of, held, claims=False).topics}
    for lead in page.leads:
        facet = facets[lead.heading]
        figures = NUMBER.findall(facet.heading)
        assert set(figures) <= set(NUMBER.findall(facet.sentence)), facet
        if lead.heading not in sections:
            continue
        printed = sections[lead.heading].blocks[0]
        assert isinstance(printed, Finding)
        if facet.heading and facet.flow:
            assert first_of(facet.heading, dyad) == facet.flow.giver
            as_published = PUBLISHED.search(facet.sentence)
            assert as_published or first_of(facet.sentence, dyad) == facet.flow.giver
        if facet.sentence.rstrip(".") == lead.heading:
            assert printed.sentence != facet.sentence  # it is not said twice
        elif facet.heading or not facet.headline:
            assert printed.sentence == facet.sentence
        elif facet.more:
            assert printed.sentence == facet.more[0]


@pytest.mark.parametrize("pair", PAIRS)
def test_deliveries_the_other_way_say_so(pair: str, held: Holdings) -> None:
    for t in profile(Dyad(*pair.split("-")), "2026-11-27", held, claims=False).topics:
        for remark, printed in zip(t.remarks, t.more, strict=True):
            turned = bool(t.flow and remark.flow and remark.flow != t.flow)
            assert printed.startswith(REVERSED) == turned
            assert (
                not remark.document or turned or printed.startswith((DOCUMENTED, COUNTED_OTHERWISE))
            )


@pytest.mark.parametrize(
    ("remark", "printed"),
    [
        (Remark("B sold.", FromTo("IRN", "RUS")), "B sold."),
        (Remark("A sold.", FromTo("RUS", "IRN")), "In the other direction: A sold."),
        (Remark("28,500.", document=True, value=28500, unit="US troops"), "By another count: 28,500."),
        (Remark("26,000.", document=True, value=26000, unit="US troops"), "By another count: 26,000."),
        (Remark("25,020.", document=True, value=25020, unit="US troops"), "Also on record: 25,020."),
        (Remark("28,500.", document=True, value=28500, unit="tanks"), "Also on record: 28,500."),
    ],
)  # fmt: skip
def test_what_differs_from_the_finding_is_said_before_a_remark(
    remark: Remark, printed: str
) -> None:
    from bilat.verdicts.outcome import Last

    finding = Facet(
        "troops",
        "A finding.",
        flow=FromTo("IRN", "RUS"),
        last=Last("2024", 25000.0, "2023", 25000.0),
        counted_as=("US troops",),
    )
    assert remark.under(finding) == printed


def test_the_two_counts_of_troops_in_korea_are_set_apart(held: Holdings) -> None:
    found = profile(("KOR", "USA"), "2026-11-27", held, claims=False).topics
    troops = next(t for t in found if t.name == "troops")
    assert troops.heading == "About 25,000 American troops were stationed in South Korea in 2024"
    assert "those on rotation are not counted" in troops.sentence
    assert troops.more[0].startswith(COUNTED_OTHERWISE)
    assert "28,500" in troops.more[0]


def test_a_class_that_was_revised_later_is_not_told_as_the_class_of_then(held: Holdings) -> None:
    """The edition of January 2025 put Shahed drones among missiles; the next one did not."""
    then = profile(("IRN", "RUS"), "2023-03-20", held, claims=False).topics
    arms = next(t for t in then if t.name == "arms")
    assert "mostly" not in arms.sentence
    assert arms.more[0] == (
        "These are figures of SIPRI's edition of January 2025, which classed most of the arms as "
        "surface-to-surface missiles; a later edition revised them."
    )
    today = profile(("IRN", "RUS"), "2026-11-27", held, claims=False).topics
    arms = next(t for t in today if t.name == "arms")
    assert "mostly one-way attack drones" in arms.sentence
    assert not any("revised" in said for said in arms.more)


@pytest.mark.parametrize("pair", ["IND-RUS", "IRN-RUS", "CHN-PAK", "BLR-RUS", "SRB-CHN"])
def test_one_thing_is_not_told_as_several(pair: str, held: Holdings) -> None:
    frame = Frame(Dyad(*pair.split("-")), AsOf("2026-11-27"), held)
    said = text(ProfileQuestion().answer(frame))
    assert not re.search(r"(?<![\d.,])1 [a-z]+s (a year|in \d{4})", said), said
    judged = tuple(judge(frame.dyad, frame.as_of, held))
    page = text(Picture(frame.dyad, frame.as_of, judged, held).document)
    assert not re.search(r"\b1 (do not hold|hold\b)", page), page


@given(st.permutations(range(6)), st.booleans())
def test_a_chart_names_its_groups_from_the_largest_today(order: list[int], is_last: bool) -> None:
    """Where two are equal today, the one with the larger sum comes first, then by name."""
    values = {  # period by period, the last one being today
        "a": (0.0, 5.0),
        "b": (9.0, 5.0),
        "c": (1.0, 6.0),
        "d": (50.0, 1.0),
        "e": (9.0, 5.0),
        "f": (3.0, 0.0),
    }
    names = [sorted(values)[n] for n in order]
    points = [(name, "2023", values[name][0]) for name in names]
    points += [(name, "2024", values[name][1]) for name in names]
    chart = profile_document.drawn(
        Facet("arms", "A finding.", points=tuple(points)), Dyad("RUS", "CHN")
    )
    assert chart.focus == ("c", "b", "e", "a", "d", "f")
    # A group that ended earlier counts with its own last figure.
    ended = [*points, ("g", "2023", 7.0)] if is_last else [("g", "2023", 7.0), *points]
    chart = profile_document.drawn(
        Facet("arms", "A finding.", points=tuple(ended)), Dyad("RUS", "CHN")
    )
    assert chart.focus == ("g", "c", "b", "e", "a", "d", "f")
