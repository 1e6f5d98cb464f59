# SPDX-License-Identifier: Apache-2.0
"""What members sold a hub before and since: the months stored since the break, and their year before."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest

from bilat.diversion.records import LISTED, _dispatch

MONTHS = [f"2022-{month:02}" for month in range(3, 13)]


def flow(month: str, value: float) -> dict[str, object]:
    return {
        "source": LISTED,
        "nomenclature": "basket",
        "reporter": "DEU",
        "partner": "KGZ",
        "flow": "X",
        "product": "basket:eu_export_sanctions",
        "period": month,
        "value": value,
        "locator": "line 1",
    }


def sold(*rows: dict[str, object]) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.register("flows", pa.Table.from_pylist([*rows, flow("2018-01", 7.0)]))
    return con


def test_months_up_to_the_last_one_stored_are_compared_with_their_year_before() -> None:
    con = sold(flow("2021-03", 10), flow("2021-04", 20), flow("2022-03", 50), flow("2022-04", 70))
    (found,) = _dispatch(con, ["KGZ"], MONTHS)
    assert (found.member, found.hub, found.until) == ("DEU", "KGZ", "2022-04")
    assert (found.before, found.after, found.rise) == pytest.approx((15.0, 60.0, 45.0))


def test_without_a_month_since_the_break_nothing_is_compared() -> None:
    assert _dispatch(sold(flow("2021-03", 10)), ["KGZ"], MONTHS) == ()


@pytest.mark.parametrize("stored", [1, 2, 11, 12, 13, 15])
def test_at_most_the_first_twelve_months_of_those_stored_are_compared(stored: int) -> None:
    """However many months are asked for, and with a whole year among them, which is no month."""
    months = [f"{2022 + n // 12}-{n % 12 + 1:02}" for n in range(2, 17)]
    years_before = [f"{int(month[:4]) - 1}{month[4:]}" for month in months]
    # A power of two for each month: a sum says which months are in it.
    since = [flow(month, 2.0**n) for n, month in enumerate(months[:stored])]
    before = [flow(month, 4.0**n) for n, month in enumerate(years_before) if month < months[0]]
    (found,) = _dispatch(sold(*since, *before), ["KGZ"], ["2022", *months])
    count = min(stored, 12)
    assert found.until == months[count - 1]
    assert found.after * count == pytest.approx(2**count - 1)
    years = [n for n, month in enumerate(years_before[:count]) if month < months[0]]
    assert found.before * count == pytest.approx(
        sum(4**n for n in years)
        + sum(2 ** months.index(m) for m in years_before[:count] if m in months[:stored])
    )
