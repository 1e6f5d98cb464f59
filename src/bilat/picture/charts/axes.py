# SPDX-License-Identifier: Apache-2.0
"""Axes that read well: round numbers, whole years, and the place of the earlier date."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bilat.document import palette
from bilat.document import wording as words
from bilat.when import MONTHS


def nice(low: float, high: float) -> tuple[float, float]:
    """The range widened to round numbers."""
    if low == high:
        low, high = (0.0, 1.0) if low == 0 else (min(0.0, low * 1.1), max(0.0, high * 1.1))
    step = _step((high - low) / 5)
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step


def _step(raw: float) -> float:
    size = 10 ** math.floor(math.log10(raw))
    return next(k * size for k in (1, 2, 2.5, 5, 10) if k * size >= raw - 1e-12)


def value_axis(unit: str, count: int) -> dict[str, Any]:
    """An axis of values in the measure's unit."""
    if words.kind_of(unit) == "share":
        label = "format(datum.value, '~%')"
    elif words.kind_of(unit) == "percent":
        label = "replace(format(datum.value, ',~g'), '-', '\u2212') + '%'"
    else:
        label = (
            "abs(datum.value) >= 1e9 ? format(datum.value / 1e9, ',~g') + ' bn' : "
            "abs(datum.value) >= 1e6 ? format(datum.value / 1e6, ',~g') + ' m' : "
            "abs(datum.value) >= 1000 ? format(datum.value, ',.0f') : format(datum.value, '~g')"
        )
    return {
        "title": None,
        "labelExpr": label,
        "tickCount": count,
        "domain": False,
        "ticks": False,
        "grid": True,
        "labelPadding": 6,
    }


#: Milliseconds of a mean year: what a fractional year's worth of inset is on the axis.
YEAR = 365.25 * 86_400_000
_MONTHS = str([m[:3] for m in MONTHS])
_YEAR_LABEL = "utcFormat(datum.value, '%Y')"
_MONTH_LABEL = f"{_MONTHS}[utcmonth(datum.value)] + ' ' + {_YEAR_LABEL}"


def moment(year: float) -> int:
    """A fractional year as milliseconds since 1970, UTC: what a temporal axis takes."""
    whole = math.floor(year)
    first = dt.datetime(whole, 1, 1, tzinfo=dt.UTC)
    length = (dt.datetime(whole + 1, 1, 1, tzinfo=dt.UTC) - first).total_seconds()
    return round(1000 * (first.timestamp() + (year - whole) * length))


@dataclass(frozen=True)
class TimeAxis:
    """A time axis; its own numbers are fractional years, those that it gives to a chart milliseconds."""

    domain: tuple[float, float]
    ticks: tuple[float, ...]
    label: str  #: Vega expression of a tick's label
    rule: tuple[float, str] | None  #: the earlier date and its name, where it lies on the axis
    inset: float  #: half the gap between two bars

    def encoding(self, field: str) -> dict[str, Any]:
        return {
            "field": field,
            "type": "temporal",
            "scale": {"type": "utc", "domain": [moment(t) for t in self.domain], "nice": False},
            "axis": {
                "title": None,
                "values": [moment(t) for t in self.ticks],
                "labelExpr": self.label,
                "grid": False,
                "tickSize": 4,
                "labelOverlap": True,
                "domainColor": palette.light("quiet"),
            },
        }


def time_axis(
    spans: Sequence[tuple[float, float]], rule: dt.date | None, width: int, until: dt.date | None = None
) -> TimeAxis:
    """The axis that holds every span, the earlier date where it is not far off, and the time up to ``until``."""
    low, high = min(a for a, _ in spans), max(b for _, b in spans)
    if until is not None:
        high = max(high, words.fraction(until))
    longest = max(b - a for a, b in spans)
    mark: tuple[float, str] | None = None
    if rule is not None:
        at = words.fraction(rule)
        reach = max(high - low, 1.0)
        if low - 0.25 * reach <= at <= high + 0.25 * reach:
            low, high = min(low, at - 0.02 * reach), max(high, at + 0.02 * reach)
            mark = (at, f"{rule.day} {MONTHS[rule.month - 1][:3]} {rule.year}")
    most = max(2, int(width / 58))
    years = high - low
    if longest > 0.9:
        step = next(k for k in (1, 2, 5, 10, 20, 50, 100) if years / k <= most)
        first = math.ceil(low / step) * step
        ticks = tuple(y + 0.5 for y in range(int(first), math.ceil(high), step) if y + 0.5 <= high)
        return TimeAxis((low, high), ticks, _YEAR_LABEL, mark, 0.14)
    inset = longest * 0.12
    if years < 2.6:
        step_months = next(k for k in (1, 2, 3, 6, 12) if years * 12 / k <= most * 0.9)
        begin = math.ceil(low * 12 / step_months - 1e-6) * step_months
        months = range(begin, int(high * 12 + 1e-6) + 1, step_months)
        ticks = tuple(words.fraction(dt.date(i // 12, i % 12 + 1, 1)) for i in months)
        return TimeAxis((low, high), ticks, _MONTH_LABEL, mark, inset)
    step = next(k for k in (1, 2, 5, 10, 20, 50, 100) if years / k <= most)
    first = math.ceil(low / step) * step
    ticks = tuple(float(y) for y in range(int(first), int(high) + 1, step))
    return TimeAxis((low, high), ticks, _YEAR_LABEL, mark, inset)


def powers(low: float, high: float) -> list[float]:
    """Ticks of a log axis: 1, 2 and 5 of each power of ten, the ones alone where they would crowd."""
    ticks = [k * 10.0**e for e in range(-4, 6) for k in (1, 2, 5) if low <= k * 10.0**e <= high]
    return ticks if len(ticks) <= 7 else [t for t in ticks if f"{t:g}".lstrip("0.").startswith("1")]


def domain(rows: Sequence[dict[str, Any]], *, bars: bool, also: Sequence[float] = ()) -> tuple[float, float]:
    """The range of values drawn and ``also`` of thresholds, from zero where that does not flatten the course."""
    values = [r[k] for r in rows for k in ("y", "lo", "hi") if r.get(k) is not None] + list(also)
    low, high = min(values), max(values)
    if bars:
        low, high = min(low, 0.0), max(high, 0.0)
    elif 0 <= low < 0.6 * high:
        low = 0.0
    return nice(low, high)


def rounded(value: float | None) -> float | None:
    """Five figures: more than a drawing shows."""
    return None if value is None else float(f"{value:.5g}")
