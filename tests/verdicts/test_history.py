# SPDX-License-Identifier: Apache-2.0
"""What ended over eighteen months before the date is told as history."""

import datetime as dt
from dataclasses import replace

import pytest

from bilat.picture.lead import HISTORY, LEAST_RECENT
from bilat.picture.lead import of_claims as leads
from bilat.picture.topics import topics
from bilat.verdicts import judge
from bilat.verdicts.judgement import LIVING, Answered, Judgement, is_living

DAY = dt.date(2026, 11, 30)


@pytest.fixture(scope="module")
def chips() -> Judgement:
    (found,) = judge(as_of=DAY, only="I3")
    return found


def dated(answered: Answered, *ends: dt.date) -> Answered:
    """An answer whose sentence prints evidence that ends on these days."""
    one = answered.leads[0]
    made = tuple(replace(one, content_to=end, standing=False) for end in ends)
    return replace(answered, leads=made, day=DAY)


def test_evidence_is_of_late_for_eighteen_months_and_as_long_as_it_holds(chips) -> None:
    one = chips.since.leads[0]
    assert is_living(replace(one, content_to=DAY - LIVING + dt.timedelta(days=1)), DAY)
    assert not is_living(replace(one, content_to=DAY - LIVING), DAY)
    assert is_living(replace(one, content_to=dt.date(2001, 7, 16), standing=True), DAY)


def test_a_sentence_of_old_figures_says_when_their_record_ends() -> None:
    (tanks,) = judge(as_of=DAY, only="P13")
    assert tanks.since.living_share == 0
    year = max(tanks.since.evidence_to).year
    assert tanks.since.sentence.startswith(f"In part, on records that end in {year}. ")
    (earlier,) = judge(as_of="2024-06-30", only="P13")
    assert earlier.since.sentence.startswith("In part. ")


@pytest.mark.parametrize(
    ("ends", "heading"),
    [
        ([DAY, DAY], "China supplies what the West cut off"),
        ([dt.date(2023, 12, 31)] * 2, "China supplied what the West cut off (to 2023)"),
        ([dt.date(2023, 12, 31), DAY], "China supplies what the West cut off"),
    ],
)
def test_a_heading_tells_history_as_history(chips, ends, heading) -> None:
    made = replace(chips, since=dated(chips.since, *ends))
    (lead,) = leads([made], {})
    assert lead.heading == heading


def test_two_sides_are_told_in_the_tense_of_the_older(chips) -> None:
    """Tanks lost to October 2026 make no present of men who signed up in 2023."""
    made = dated(chips.since, DAY, dt.date(2023, 7, 4))
    new, old = made.leads
    against = replace(made, leads=(new, replace(old, side="against")))
    assert against.living_share >= LEAST_RECENT
    assert against.has_old_side
    (lead,) = leads([replace(chips, since=against)], {})
    assert lead.heading.endswith("(to 2023)")
    fresh = replace(against, leads=(*against.leads, replace(new, side="against")))
    assert not fresh.has_old_side


@pytest.mark.parametrize(
    ("newest", "heading"),
    [
        (DAY, "China supplies what the West cut off"),
        (dt.date(2025, 12, 31), "China supplied what the West cut off (to 2025)"),
        (dt.date(2024, 12, 31), "China supplied what the West cut off (to 2024)"),
    ],
)
def test_no_history_ends_in_the_year_that_is_asked_in(chips, newest, heading) -> None:
    """A heading that ended "(to 2026)" in 2026 told of history that had not ended."""
    made = dated(chips.since, newest, dt.date(2024, 5, 31), dt.date(2024, 6, 30))
    (lead,) = leads([replace(chips, since=made)], {})
    assert lead.heading == heading


def test_history_stands_behind_what_is_of_late(chips) -> None:
    old = replace(chips, since=dated(chips.since, dt.date(2023, 12, 31)))
    new = replace(chips, since=dated(chips.since, DAY))
    (before,) = leads([old], {})
    (after,) = leads([new], {})
    assert before.score == pytest.approx(HISTORY * after.score)


def test_every_topic_has_its_headings_in_both_tenses() -> None:
    for topic in topics():
        assert set(topic.history) == set(topic.heading) == {"yes", "in part", "no"}
        assert not set(topic.history.values()) & set(topic.heading.values())
