# SPDX-License-Identifier: Apache-2.0
"""Published stocks of equipment; figures that conflict are all kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import median

import pyarrow as pa

from bilat.measures import Answer, Ask, measure


@dataclass(frozen=True)
class Stock:
    """A pre-war stock: the median of what was published, with its extremes and rows."""

    value: float
    low: float
    high: float
    table: pa.Table

    def rows(self, point: str, group: str) -> pa.Table:
        """The estimates behind it, as evidence of one point."""
        n = self.table.num_rows
        made = self.table
        for column, text in (("point", point), ("grp", group)):
            made = made.set_column(
                made.column_names.index(column), column, pa.repeat(pa.scalar(text, pa.string()), n)
            )
        return made


def stock_before(ask: Ask, items: tuple[str, ...]) -> Stock | None:
    """The active stock before the war under any of these names; None where none is published yet."""
    if not items:
        return None
    marks = ", ".join(["?"] * len(items))
    found = ask.rows(
        f"SELECT *, '' AS point, '' AS grp FROM estimates WHERE metric = 'stock' AND item IN ({marks}) "
        "AND substr(period, 1, 4) <= '2022' ORDER BY item, locator",
        *items,
    )
    values = [v for v in found["value"].to_pylist() if v]
    if not values:
        return None
    bounds = [v for c in ("low", "high") for v in found[c].to_pylist() if v]
    return Stock(median(values), min(values + bounds), max(values + bounds), found)


@measure(
    "stocks.tanks",
    title="Russian tanks: published stocks",
    unit="tanks",
    tables=("estimates",),
    reference="IISS, CSIS, Re:Russia, University of Tokyo RCAST and others; each row names its page",
    method="Every published stock of tanks, active or in storage, with its originator; figures that conflict "
    "stand side by side and none is chosen.",
    interval="bounds as published; blank where open",
)
def tanks(ask: Ask) -> Answer:
    """One group per kind of stock and originator; only about Russia."""
    rows = ask.rows(
        "SELECT *, period AS point, item || ' (' || coalesce(originator, 'no originator') || ')' AS grp "
        "FROM estimates WHERE metric = 'stock' AND unit = 'tanks' AND entity IN (?, ?) ORDER BY grp, point",
        *ask.dyad,
    )
    points = ask.points(rows, "median(value)", low="min(low)", high="max(high)", kind="estimated")
    points = [p if p.low != p.high else replace(p, low=None, high=None) for p in points]
    return Answer(points, rows, note="" if points else f"no stocks of {ask.dyad.name} are held")
