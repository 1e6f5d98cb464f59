# SPDX-License-Identifier: Apache-2.0
"""Charts of the first page end where the newest stored record ends."""

import pytest

from bilat.dyad import PAPER_PAIR
from bilat.measures import ask_for, default_holdings
from bilat.picture.lead import movements
from bilat.when import AsOf

DAY = AsOf("2026-11-30")


@pytest.fixture(scope="module")
def moved():
    return movements(PAPER_PAIR, DAY, default_holdings())


def test_exports_to_the_hubs_go_on_from_the_earlier_record(moved) -> None:
    points = moved["hubs"].series.points
    periods = [p.period for p in points]
    assert periods == sorted(set(periods)) and periods[-1] == "2025"
    newest = ask_for(
        "trade.exports",
        PAPER_PAIR,
        as_of=DAY,
        holdings=default_holdings(),
        reporter="EU27",
        partner="KAZ,ARM,GEO,KGZ",
    )
    total = sum(p.value for p in newest.points if p.period == "2025")
    assert points[-1].value == pytest.approx(total)
    assert int(periods[0]) <= 2012


def test_an_earlier_date_sees_no_later_year() -> None:
    points = movements(PAPER_PAIR, AsOf("2023-03-20"), default_holdings())["hubs"].series.points
    assert points[-1].period <= "2022"


def test_arms_end_with_the_newest_register(moved) -> None:
    assert moved["arms"].series.points[-1].period == "2025"
