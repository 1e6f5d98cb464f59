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
