# SPDX-License-Identifier: Apache-2.0
"""Meetings on the page of two states: the last ones, as of a date, and no "none" unsearched."""

import datetime as dt

import pytest

from bilat.channels.minister_meetings import meeting_day, meeting_text
from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.measures import default_holdings
from bilat.verdicts.topics import Between, Facet
from bilat.verdicts.topics.meetings import NEWEST, meetings
from bilat.when import AsOf

TODAY = "2026-11-30"


@pytest.fixture(scope="module")
def held() -> Holdings:
    return default_holdings()


def told(held: Holdings, pair: str, as_of: str | dt.date = TODAY) -> Facet:
    found = meetings(Between(Dyad.read(pair), AsOf(as_of), held))
    assert found is not None
    return found


def test_the_newest_meetings_are_told_plainly_and_how_far_the_list_goes(held: Holdings) -> None:
    found = told(held, "IRN-RUS")
    assert found.sentence.endswith("spoke by telephone (strikes on Iran) on 28 February 2026.")
    assert len(found.remarks) == NEWEST
    assert "up to 31 July 2026, and there may be more" in found.remarks[-1].text
    assert not found.absent and found.data_to == dt.date(2026, 2, 28)
    assert told(held, "RUS-IRN").sentence == found.sentence


@pytest.mark.parametrize(
    ("pair", "as_of", "heading"),
    [
        (
            "IND-RUS",
            TODAY,
            "The foreign ministers of India and Russia met in Moscow in November 2025",
        ),
        (
            "IND-RUS",
            "2025-08-20",
            "India's national security adviser and Russia's leader met in Moscow in August 2025",
        ),
    ],
)
def test_the_heading_and_the_sentence_are_of_the_same_meeting(
    pair: str, as_of: str, heading: str, held: Holdings
) -> None:
    found = told(held, pair, as_of)
    assert found.heading == heading
    newest = found.heading.rpartition(" in ")[2]
    assert newest in found.sentence and found.data_to is not None


def test_the_leaders_of_russia_and_china_lead_and_ministers_follow(held: Holdings) -> None:
    found = told(held, "RUS-CHN")
    assert found.sentence.startswith("Putin and Xi met in person")
    assert "on 15 April 2026" in found.remarks[0].text
    assert {"leader_meetings", "minister_meetings"} <= set(found.sources)


@pytest.mark.parametrize("pair", ["FRA-DEU", "BRA-ARG", "TUR-GRC"])
def test_a_pair_that_nobody_searched_for_is_told_so_and_not_that_there_are_none(
    pair: str, held: Holdings
) -> None:
    found = told(held, pair)
    assert found.absent and "have not searched for" in found.sentence
    assert found.data_to == dt.date(2026, 7, 31)
    assert " no meeting" not in found.sentence.lower()


def test_none_found_says_by_how_many_searches_and_to_which_day(held: Holdings) -> None:
    found = told(held, "PRK-RUS", "2023-01-30")
    assert found.absent
    assert found.sentence == (
        "Three queries found no meeting between ministers of North Korea and Russia from 2023 to "
        "30 January 2023; others may have taken place."
    )


def test_nothing_is_told_before_its_page_was_public(held: Holdings) -> None:
    held.need(["meetings"])
    rows = (
        held.connect(AsOf(TODAY))
        .connection.cursor()
        .sql("SELECT * FROM meetings ORDER BY hash(meeting) LIMIT 15")
        .to_arrow_table()
        .to_pylist()
    )
    seen = 0
    for row in rows:
        text = f"{meeting_text(row)} {meeting_day(row)}."
        pair = f"{row['state_a']}-{row['state_b']}"
        before = told(held, pair, row["known_on"] - dt.timedelta(days=1))
        assert text not in (before.sentence, *(r.text for r in before.remarks))
        after = told(held, pair, row["known_on"])
        seen += text in (after.sentence, *(r.text for r in after.remarks))
    assert seen > 10


@pytest.mark.parametrize("as_of", [TODAY, "2024-06-30", "2020-06-30", "2014-06-30"])
def test_the_leaders_heading_is_of_the_last_whole_year_that_is_shown(
    held: Holdings, as_of: str
) -> None:
    found = told(held, "RUS-CHN", as_of)
    _, year, number = found.points[-1]
    times = {0.0: "not once", 1.0: "once", 2.0: "twice"}.get(number, "times")
    assert year == max(year for _, year, _ in found.points)
    assert found.last is None or found.last.period == year
    assert found.heading.endswith(f"in {year}") and times in found.heading
    assert found.sentence.startswith("Putin and Xi met in person") and year in found.sentence
