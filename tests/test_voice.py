# SPDX-License-Identifier: Apache-2.0
"""Days and bounds of publication, and the grade of a document read in a copy."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.voice import TRUST, Copy, Originator, PublicDay, Voice

END = dt.date(2026, 7, 31)


def voice(trust: str) -> Voice:
    return Voice(Originator("Example Institute", "institute"), Copy("example.org", "page", trust))


@given(st.sampled_from("ABCDEF"), st.integers(1, 6), st.sampled_from("ABCD"))
def test_a_grade_is_the_worse_of_originator_and_copy(letter: str, credibility: int, trust: str):
    made = voice(trust).grade(f"{letter}{credibility}")
    assert TRUST.index(made[0]) == max(TRUST.index(letter), TRUST.index(trust))
    assert made[1:] == str(credibility)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2026, 1, 1)), st.integers(0, 3000))
def test_a_document_counts_from_its_latest_day_or_from_the_end_of_the_archive(first, days) -> None:
    latest = min(first + dt.timedelta(days=days), END)
    day = PublicDay(first, latest, "two pages")
    assert day.is_exact == (latest == first)
    counts_from = day.counts_from(END)
    assert counts_from >= latest
    assert counts_from == (latest if (latest - first).days <= 366 else END)


def test_bounds_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValueError, match="2024-02-01"):
        PublicDay(dt.date(2024, 2, 1), dt.date(2024, 1, 1), "typed")
