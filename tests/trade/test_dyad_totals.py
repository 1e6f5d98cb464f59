# SPDX-License-Identifier: Apache-2.0
"""Trade between two states: one source's books for both directions, and no sum where there is none."""

import pytest

from bilat.holdings import Holdings
from bilat.measures import ask


def test_chinese_goods_to_russia_grew_as_published(embedded: Holdings) -> None:
    """Published: by 60% or more from 2021 to 2023 (PF06)."""
    m = ask("trade.totals", holdings=embedded)
    growth = m.value("2023", "CHN>RUS") / m.value("2021", "CHN>RUS") - 1
    assert growth == pytest.approx(0.65, abs=0.05) and m.unit == "USD"


def test_both_ways_is_the_sum_of_the_two(embedded: Holdings) -> None:
    m = ask("trade.totals", ("RUS", "CHN"), holdings=embedded)
    for year in map(str, range(2016, 2025)):
        two = m.value(year, "RUS>CHN") + m.value(year, "CHN>RUS")
        assert m.value(year, "both ways") == pytest.approx(two)
        rows = m.rows(year, "both ways")
        assert sum(r["value"] for r in rows) == pytest.approx(two)
        assert len({r["source"] for r in rows}) == 1


def test_what_is_estimated_from_partners_says_so(embedded: Holdings) -> None:
    m = ask("trade.totals", holdings=embedded)
    assert {p.kind for p in m.points if p.period >= "2022"} == {"estimated"}
    assert {p.kind for p in m.points if p.period < "2022"} == {"reported", "derived"}


@pytest.mark.parametrize(
    ("a", "b", "unit"), [("ARM", "RUS", "USD"), ("DEU", "KGZ", "EUR"), ("USA", "RUS", "USD")]
)
def test_other_dyads(embedded: Holdings, a: str, b: str, unit: str) -> None:
    m = ask("trade.totals", (a, b), holdings=embedded)
    assert m.unit == unit and m.groups() == [f"{a}>{b}", f"{b}>{a}", "both ways"]
    turned = ask("trade.totals", (b, a), holdings=embedded)
    assert turned.value("2021", "both ways") == pytest.approx(m.value("2021", "both ways"))


def test_a_direction_that_nobody_reports_gives_no_sum(embedded: Holdings) -> None:
    m = ask("trade.totals", ("CHN", "TUR"), holdings=embedded)
    assert "both ways" not in m.groups() and "no report of exports by Turkey" in m.note
    none = ask("trade.totals", ("IRN", "PRK"), holdings=embedded)
    assert not none.points and none.evidence.num_rows == 0
