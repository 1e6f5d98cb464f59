# SPDX-License-Identifier: Apache-2.0
"""Meetings of ministers a year: at least what was found, as of a date, and none for who was not
searched for."""

import datetime as dt

import pytest

from bilat.channels.minister_meetings import (
    EACH,
    UNSEARCHED,
    MeetingRow,
    meeting_day,
    meeting_text,
)
from bilat.holdings import Holdings
from bilat.measures import ask, default_holdings
from bilat.when import AsOf

TODAY = "2026-11-30"


@pytest.fixture(scope="module")
def held() -> Holdings:
    return default_holdings()


def query(held: Holdings, sql: str) -> list[tuple]:  # type: ignore[type-arg]
    held.need(["meetings", "meeting_searches"])
    return held.connect(AsOf(TODAY)).connection.execute(sql).fetchall()


def total(held: Holdings, pair: tuple[str, str], year: str, as_of: str | dt.date) -> float:
    found = ask("meetings.ministers", pair, as_of=as_of, holdings=held)
    at = {(p.period, p.group): p.value for p in found.points}
    return at.get((year, EACH)) or 0.0


def test_each_year_counts_the_rows_of_the_list(held: Holdings) -> None:
    rows = query(
        held,
        "SELECT state_a, state_b, left(period, 4), count(*) FROM meetings "
        "WHERE level <> 'leaders' GROUP BY ALL",
    )
    assert len(rows) > 15
    for one, two, year, number in rows:
        assert total(held, (one, two), year, TODAY) == number
        assert total(held, (two, one), year, TODAY) == number


def test_the_offices_add_up_to_all(held: Holdings) -> None:
    found = ask("meetings.ministers", ("CHN", "RUS"), as_of=TODAY, holdings=held)
    years = {p.period for p in found.points}
    for year in years:
        parts = [p.value for p in found.points if p.period == year and p.group != EACH]
        assert sum(parts) == found.value(year, EACH)
    assert all(p.high is None for p in found.points)


def test_no_meeting_counts_before_its_page_was_public(held: Holdings) -> None:
    rows = query(
        held,
        "SELECT state_a, state_b, left(period, 4), known_on FROM meetings "
        "WHERE state_a = 'CHN' ORDER BY hash(meeting) LIMIT 12",
    )
    assert len(rows) == 12
    for one, two, year, known in rows:
        before = total(held, (one, two), year, known - dt.timedelta(days=1))
        assert total(held, (one, two), year, known) > before


def test_a_pair_that_nobody_searched_for_has_no_figure_and_says_so(held: Holdings) -> None:
    found = ask("meetings.ministers", ("FRA", "DEU"), as_of=TODAY, holdings=held)
    assert not found.points and "have not searched for" in found.note


def test_only_a_searched_year_can_have_none(held: Holdings) -> None:
    found = ask("meetings.ministers", ("IND", "RUS"), as_of=TODAY, holdings=held)
    notes = {p.period: (p.value, p.note) for p in found.points if p.group == EACH}
    searched = {
        year
        for (year,) in query(
            held, "SELECT period FROM meeting_searches WHERE state_a = 'IND' GROUP BY ALL"
        )
    }
    for year, (value, note) in notes.items():
        assert (note == UNSEARCHED) == (year not in searched)
        assert value or year in searched
    assert notes["2026"] == (0, "1 search asked about this year, to 2026-07-31")
    assert found.record_to == dt.date(2026, 7, 31)


def row(**fields: object) -> MeetingRow:
    """Return a made-up meeting of Portugal and Uruguay."""
    made = {
        "period": "2024-03-05",
        "first_day": dt.date(2024, 3, 5),
        "last_day": dt.date(2024, 3, 5),
        "state_a": "PRT",
        "state_b": "URY",
        "others": None,
        "names_a": "A",
        "offices_a": "foreign minister",
        "names_b": "B",
        "offices_b": "foreign minister",
        "form": "visit",
        "occasion": None,
        "place": "Lisbon",
    }
    return {**made, **fields}  # type: ignore[typeddict-item, return-value]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "The foreign ministers of Portugal and Uruguay, A and B, met in Lisbon"),
        (
            {"form": "call", "place": None},
            "The foreign ministers of Portugal and Uruguay, A and B, spoke by telephone",
        ),
        (
            {"offices_b": "security council secretary"},
            "Portugal's foreign minister A and Uruguay's security council secretary B met in Lisbon",
        ),
        (
            {"offices_a": "leader"},
            "Uruguay's foreign minister B and Portugal's leader A met in Lisbon",
        ),
        (
            {"others": "USA"},
            "The foreign ministers of Portugal and Uruguay, A and B, with the United States, met "
            "in Lisbon",
        ),
        (
            {"others": "USA;ESP", "offices_b": "defence minister"},
            "Portugal's foreign minister A and Uruguay's defence minister B, with the United "
            "States and Spain, met in Lisbon",
        ),
        (
            {"form": "margins", "occasion": "G20 summit"},
            "The foreign ministers of Portugal and Uruguay, A and B, met in Lisbon (on the "
            "sidelines: G20 summit)",
        ),
        (
            {
                "names_a": "A;C",
                "offices_a": "foreign minister;defence minister",
                "names_b": "B;D",
                "offices_b": "foreign minister;defence minister",
            },
            "Portugal's foreign minister A and defence minister C and Uruguay's foreign minister B "
            "and defence minister D met in Lisbon",
        ),
        (
            {"offices_a": "head of government", "offices_b": "head of government"},
            "The heads of government of Portugal and Uruguay, A and B, met in Lisbon",
        ),
    ],
)
def test_a_meeting_is_told_with_who_and_where(fields: dict[str, object], says: str) -> None:
    assert meeting_text(row(**fields)) == says


def test_a_day_and_a_month_are_told_as_they_are_known() -> None:
    assert meeting_day(row()) == "on 5 March 2024"
    month = {"period": "2024-03", "last_day": dt.date(2024, 3, 31)}
    assert meeting_day(row(**month)) == "in March 2024"
