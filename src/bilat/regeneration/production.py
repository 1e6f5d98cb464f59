# SPDX-License-Identifier: Apache-2.0
"""Published production of missiles, drones and armour, at yearly rates; conflicting figures are all kept."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from statistics import median

import pyarrow as pa

from bilat.measures import Answer, Ask, Interval, measure
from bilat.units import quantity
from bilat.when import Period

REFERENCE = "RUSI, CSIS, IISS, Ukrainian intelligence and others; each row names its page"
#: How many of a unit's span make a year.
PER_YEAR = {"year": 1.0, "quarter": 4.0, "month": 12.0, "9 months": 12 / 9, "day": 365.25}
OPEN = "A figure published as 'over 500' has no central value and an open bound."


@dataclass(frozen=True)
class Rate:
    """One published rate, per year, with the days for which it was given."""

    item: str
    start: dt.date
    end: dt.date
    value: float | None
    low: float | None
    high: float | None
    row: int


def rates(table: pa.Table) -> list[Rate]:
    """The rates in rows of ``estimates``; rows whose unit is not a rate are left out."""
    found = []
    for n, r in enumerate(table.select(["item", "unit", "when_text", "value", "low", "high"]).to_pylist()):
        per = PER_YEAR.get(r["unit"].partition("/")[2])
        if per is None:
            continue
        value, low, high = (None if r[c] is None else r[c] * per for c in ("value", "low", "high"))
        found.append(Rate(r["item"], *span(r["when_text"]), value, low, high, n))
    return found


def span(text: str) -> tuple[dt.date, dt.date]:
    """First and last day of ``2023``, ``2023-Q1``, ``2022-02..2023-05``, ``early 2023``, ``end 2024``.

    Early and start are taken as the first four months, end as the last three, before as the year before.
    """
    if found := re.fullmatch(r"(\d{4}(?:-\d{2})?)(?:\.\.|-)(\d{4}(?:-\d{2})?)", text):
        return Period(found[1]).start, Period(found[2]).end
    if found := re.fullmatch(r"(\d{4})-?Q([1-4])", text):
        first = int(found[2]) * 3 - 2
        return Period(f"{found[1]}-{first:02d}").start, Period(f"{found[1]}-{first + 2:02d}").end
    if found := re.fullmatch(r"(early|start|end|before) (\d{4})", text):
        year = int(found[2])
        return {
            "early": (dt.date(year, 1, 1), dt.date(year, 4, 30)),
            "start": (dt.date(year, 1, 1), dt.date(year, 4, 30)),
            "end": (dt.date(year, 10, 1), dt.date(year, 12, 31)),
            "before": (dt.date(year - 1, 1, 1), dt.date(year - 1, 12, 31)),
        }[found[1]]
    return Period(text).start, Period(text).end


def combined(found: list[Rate]) -> tuple[float | None, float | None, float | None]:
    """(median of the central values, lowest low, highest high); None for a bound that one leaves open."""
    values = [r.value for r in found if r.value is not None]
    lows = [r.low for r in found]
    highs = [r.high for r in found]
    return (
        median(values) if values else None,
        None if None in lows else min(x for x in lows if x is not None),
        None if None in highs else max(x for x in highs if x is not None),
    )


def _answer(ask: Ask, table: pa.Table) -> Answer:
    """Points of (point, grp) at yearly rates."""
    by: dict[tuple[str, str], list[Rate]] = {}
    points, groups = table["point"].to_pylist(), table["grp"].to_pylist()
    for r in rates(table):
        by.setdefault((groups[r.row], points[r.row]), []).append(r)
    kept = pa.array([(g, p) in by for g, p in zip(groups, points, strict=True)], pa.bool_())
    out = ask.answer(table.filter(kept))
    for (group, period), figures in sorted(by.items()):
        value, low, high = combined(figures)
        if low == high == value:
            low = high = None
        note = f"{len(figures)} figures" if len(figures) > 1 else ""
        out.point(period, value, low=low, high=high, kind="estimated", group=group, note=note)
    return out.or_missing(f"no such figure on {ask.dyad.name} was published by {ask.as_of} or is held")


@measure(
    "production.missiles",
    title="Published production of Russian missiles and drones",
    unit=quantity("items a year"),
    tables=("estimates",),
    reference=REFERENCE,
    method="Published production, turned into a yearly rate; where several figures are for the same item and "
    f"period, their median with the widest range. {OPEN} Targets, plans and capacities are left out.",
    interval=Interval(
        "sources",
        "lowest and highest published figure for the period",
        note="blank where a figure leaves it open",
    ),
)
def missiles(ask: Ask) -> Answer:
    """Groups: one group per item as published."""
    table = ask.rows(
        "SELECT *, period AS point, item AS grp FROM estimates WHERE metric = 'production' "
        "AND (unit LIKE 'missiles/%' OR unit LIKE 'drones/%') AND entity IN (?, ?) "
        "ORDER BY grp, point, locator",
        *ask.dyad,
    )
    return _answer(ask, table)
