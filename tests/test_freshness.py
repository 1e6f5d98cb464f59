# SPDX-License-Identifier: Apache-2.0
"""Freshness: each date has one job, and none is filled from another."""

import datetime as dt

import pytest

from bilat.freshness import Freshness

DAY = dt.date(2026, 11, 30)


def test_a_list_that_was_saved_again_keeps_its_age() -> None:
    saved_again = Freshness(content_to="2022-04-21", read="2026-11-30")
    assert saved_again.age(DAY) == 1684
    assert str(saved_again) == "data to 2022-04-21"


def test_a_list_that_the_publisher_confirmed_today_is_fresh() -> None:
    confirmed = Freshness(
        content_to="2026-02-27",
        stated="2026-02-27",
        stated_by="file",
        asked="2026-11-30",
        answer="unchanged",
    )
    assert confirmed.age(DAY) == 0
    assert (
        str(confirmed) == "data to 2026-02-27; version of 2026-02-27; checked 2026-11-30: unchanged"
    )


@pytest.mark.parametrize("answer", ["refused", "quarantined", "older"])
def test_an_answer_that_confirms_nothing_leaves_the_age(answer: str) -> None:
    asked = Freshness(content_to="2026-02-27", asked="2026-11-30", answer=answer)
    assert asked.age(DAY) == 276
    assert str(asked).endswith(f"checked 2026-11-30: {answer}")


def test_a_period_counts_to_its_last_day_and_an_undated_file_has_no_age() -> None:
    assert Freshness(content_to="2025").age(DAY) == 334
    assert Freshness(content_to="2026-10").age(DAY) == 30
    assert Freshness(content_to="2026-12").age(DAY) == 0
    assert Freshness(read="2026-11-30").age(DAY) is None
    assert str(Freshness(read="2026-11-30")) == "undated"


def test_a_date_needs_a_witness() -> None:
    with pytest.raises(ValueError, match="nobody states"):
        Freshness(stated="2026-11-30")
    with pytest.raises(ValueError, match="states no date"):
        Freshness(stated="2026-11-30", stated_by="pull")


@pytest.mark.parametrize(
    ("public_from", "public_to", "told"),
    [
        ("2026-01-05", "2026-01-05", "version of 2026-01-04; public 2026-01-05"),
        ("2026-01-04", "2026-01-04", "version of 2026-01-04"),
        (
            "2026-01-04",
            "2026-01-09",
            "version of 2026-01-04; public between 2026-01-04 and 2026-01-09",
        ),
        ("", "2026-01-09", "version of 2026-01-04; public between an unknown day and 2026-01-09"),
        ("2026-01-04", "", "version of 2026-01-04"),
    ],
)
def test_the_bounds_of_publication_are_told_where_they_say_more(
    public_from: str, public_to: str, told: str
) -> None:
    age = Freshness(
        stated="2026-01-04", stated_by="file", public_from=public_from, public_to=public_to
    )
    assert str(age) == told
