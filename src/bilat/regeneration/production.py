# SPDX-License-Identifier: Apache-2.0
"""Published production of missiles, drones and armour, at yearly rates; conflicting figures are
all kept.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from statistics import median

import pyarrow as pa

from bilat.when import Period

#: How many of a unit's span make a year.
PER_YEAR = {"year": 1.0, "quarter": 4.0, "month": 12.0, "9 months": 12 / 9, "day": 365.25}


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
    for n, r in enumerate(
        table.select(["item", "unit", "when_text", "value", "low", "high"]).to_pylist()
    ):
        per = PER_YEAR.get(r["unit"].partition("/")[2])
        if per is None:
            continue
        value, low, high = (None if r[c] is None else r[c] * per for c in ("value", "low", "high"))
        found.append(Rate(r["item"], *span(r["when_text"]), value, low, high, n))
    return found


def span(text: str) -> tuple[dt.date, dt.date]:
    """First and last day of ``2023``, ``2023-Q1``, ``2022-02..2023-05``, ``early 2023``, ``end
    2024``.

    Early and start are taken as the first four months, end as the last three, before as the year
    before.
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
    """(median of the central values, lowest low, highest high); None for a bound that one leaves
    open.
    """
    values = [r.value for r in found if r.value is not None]
    lows = [r.low for r in found]
    highs = [r.high for r in found]
    return (
        median(values) if values else None,
        None if None in lows else min(x for x in lows if x is not None),
        None if None in highs else max(x for x in highs if x is not None),
    )
