# SPDX-License-Identifier: Apache-2.0
"""The chronicle by which the board of the watch is measured, and how leaders and vetoes are told."""

from __future__ import annotations

import datetime as dt

import pytest
import watch_chronicle as chronicle  # benchmarks/watch_chronicle.py

from bilat.dyad import Dyad
from bilat.forecast.events import dated_events, published
from bilat.holdings import Holdings, embedded_folder
from bilat.verdicts.evidence import documents
from bilat.when import AsOf

HELD = Holdings(embedded_folder())


def lines(pair: str, first: str, last: str) -> list[str]:
    """What the board of a pair tells of the days between two dates."""
    found = dated_events(AsOf(first), AsOf(last), HELD)
    return [f"{h.when}: {h.what}" for h in found if h.concerns(Dyad(*pair.split()))]


def test_each_event_is_in_one_half_and_has_bounds_and_a_page() -> None:
    events = chronicle.chronicle()
    fresh = chronicle.chronicle(chronicle.FRESH)
    halves = [chronicle.half(1), chronicle.half(2)]
    assert [*halves[0], *halves[1]] == events and len({e.id for e in events}) == len(events)
    for event in [*events, *fresh]:
        assert event.first <= event.last <= event.first + dt.timedelta(days=100), event.id
        assert event.words and event.page.startswith("http"), event.id


@pytest.mark.parametrize(
    ("words", "line", "is_said"),
    [
        ("Lavrov & Wang", "Wang Yi and Sergei Lavrov met", True),
        ("Lavrov & Wang", "Sergei Lavrov met Qin Gang", False),
        ("veto|Qin", "Qin Gang met Lavrov", True),
    ],
)
def test_words_must_stand_together_or_one_of_them(words: str, line: str, is_said: bool) -> None:
    day = dt.date(2024, 1, 1)
    event = chronicle.ChronicleEvent("x", Dyad("RUS", "CHN"), day, day, "", words, "")
    assert event.is_said_by(line) is is_said


def test_leaders_who_met_are_told_as_such() -> None:
    told = lines("RUS CHN", "2022-09-10", "2022-09-20")
    assert "2022-09-15: The leaders of China and Russia met in Samarkand (SCO summit)" in told
    told = lines("RUS PRK", "2023-09-10", "2023-09-20")
    assert any("The leaders of North Korea and Russia, Kim Jong Un and" in line for line in told)


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-05-15", "2026-05-25"), ("2025-10-05", "2025-10-12"), ("2024-01-01", "2024-03-31")],
)
def test_every_page_that_appeared_is_told_once_however_old_its_event(first: str, last: str) -> None:
    between = (AsOf(first), AsOf(last))
    told = [(h.what, h.url) for h in [*dated_events(*between, HELD), *published(*between, HELD)]]
    appeared = [
        (row["what"].rstrip("."), row["url"] or "")
        for row in documents(AsOf(last), HELD).values()
        if row["public_from"] is not None and row["public_from"] > AsOf(first).date
    ]
    assert len(appeared) > 3
    for page in appeared:
        assert told.count(page) == appeared.count(page), page[0]


def test_an_event_that_became_known_late_is_news_of_the_day_of_its_page() -> None:
    first, last = AsOf("2026-05-15"), AsOf("2026-05-25")
    late = [
        h
        for h in published(first, last, HELD)
        if h.concerns(Dyad("RUS", "CHN")) and "2025" in h.what and h.day == dt.date(2026, 5, 19)
    ]
    assert any("trained" in h.what for h in late)


def test_a_veto_of_both_is_an_event_of_the_two_and_that_of_one_is_none() -> None:
    told = lines("RUS CHN", "2022-05-20", "2022-05-31")
    veto = "China and Russia vetoed a draft resolution of the Security Council (S/2022/431)"
    assert f"2022-05-26: {veto}" in told
    assert not [line for line in lines("RUS CHN", "2022-02-20", "2022-02-28") if "vetoed" in line]
    assert not [line for line in lines("USA KOR", "2022-05-20", "2022-05-31") if "vetoed" in line]
