# SPDX-License-Identifier: Apache-2.0
"""Charts of the first page end where the newest stored record ends."""

import re

import pytest

from bilat.document.blocks import Point
from bilat.dyad import PAPER_PAIR
from bilat.measures import ask_for, default_holdings
from bilat.picture.movements import _summed, movements
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


def test_a_growth_beside_a_figure_is_that_of_the_figures_shown(moved) -> None:
    for movement in moved.values():
        points = movement.series.points if movement.series else ()
        values = {(p.group, p.period): p.value for p in points}
        for point in points:
            for growth, before in re.findall(r"([+-][\d.]+)% on ([\d-]+)", point.note):
                first = values[point.group, before]
                assert float(growth) == pytest.approx((point.value / first - 1) * 100, abs=0.06)
    single = ask_for(
        "trade.exports",
        PAPER_PAIR,
        as_of=DAY,
        holdings=default_holdings(),
        reporter="EU27",
        partner="ARM",
    )
    assert any("% on " in p.note for p in single.points)


def test_a_sum_keeps_only_what_is_true_of_all_its_parts() -> None:
    parts = [Point("2022", 1.0, note="without fuel"), Point("2022", 2.0, note="without fuel")]
    (whole,) = _summed(parts, 2)
    assert (whole.value, whole.note) == (3.0, "without fuel")
    (whole,) = _summed([parts[0], Point("2022", 2.0, note="+5.0% on 2021", revised=True)], 2)
    assert (whole.note, whole.revised) == ("", True)
