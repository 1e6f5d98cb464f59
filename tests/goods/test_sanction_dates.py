# SPDX-License-Identifier: Apache-2.0
"""The month in which the EU listed a good."""

from __future__ import annotations

import datetime as dt

import pytest

from bilat.goods.sanction_dates import first_month, listed_on


@pytest.mark.parametrize(
    ("day", "month"),
    [
        ((2022, 2, 25), "2022-03"),
        ((2022, 3, 15), "2022-03"),
        ((2022, 4, 8), "2022-04"),
        ((2022, 7, 21), "2022-08"),
        ((2022, 12, 17), "2023-01"),
    ],
)
def test_the_month_of_a_listing_is_the_first_that_lies_under_it(
    day: tuple[int, int, int], month: str
) -> None:
    assert first_month(dt.date(*day)) == month


def test_dates_are_those_of_the_list_and_of_sister_codes() -> None:
    assert listed_on("854231") == dt.date(2022, 2, 25)
    assert listed_on("870323") == dt.date(2022, 3, 15)
    assert listed_on("851771") == listed_on("851770") == dt.date(2022, 2, 25)  # HS2022 split it
    assert listed_on("010190") is None
