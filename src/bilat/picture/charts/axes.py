# SPDX-License-Identifier: Apache-2.0
"""Axes that read well: round numbers, whole years, and the place of the earlier date."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bilat.picture import words
from bilat.picture.charts import palette


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


@dataclass(frozen=True)
class TimeAxis:
    """A time axis in fractional years."""

    domain: tuple[float, float]
    ticks: tuple[float, ...]
    label: str  #: Vega expression of a tick's label
    rule: tuple[float, str] | None  #: the earlier date and its name, where it lies on the axis
    inset: float  #: half the gap between two bars

    def encoding(self, field: str) -> dict[str, Any]:
        return {
            "field": field,
            "type": "quantitative",
            "scale": {"domain": list(self.domain), "nice": False, "zero": False},
            "axis": {
                "title": None,
                "values": list(self.ticks),
                "labelExpr": self.label,
                "grid": False,
                "tickSize": 4,
                "labelOverlap": True,
                "domainColor": palette.light("quiet"),
            },
        }


def time_axis(spans: Sequence[tuple[float, float]], rule: dt.date | None, width: int) -> TimeAxis:
    """The axis that holds every span, and the earlier date where it is not far off."""
    low, high = min(a for a, _ in spans), max(b for _, b in spans)
    longest = max(b - a for a, b in spans)
    mark: tuple[float, str] | None = None
    if rule is not None:
        at = words.fraction(rule)
        reach = max(high - low, 1.0)
        if low - 0.25 * reach <= at <= high + 0.25 * reach:
            low, high = min(low, at - 0.02 * reach), max(high, at + 0.02 * reach)
            mark = (round(at, 4), f"{rule.day} {words.MONTHS[rule.month - 1][:3]} {rule.year}")
    most = max(2, int(width / 58))
    years = high - low
    if longest > 0.9:
        step = next(k for k in (1, 2, 5, 10, 20, 50, 100) if years / k <= most)
        first = math.ceil(low / step) * step
        ticks = tuple(y + 0.5 for y in range(int(first), math.ceil(high), step) if y + 0.5 <= high)
        return TimeAxis((low, high), ticks, "floor(datum.value)", mark, 0.14)
    inset = longest * 0.12
    if years < 2.6:
        step_months = next(k for k in (1, 2, 3, 6, 12) if years * 12 / k <= most * 0.9)
        begin = math.ceil(low * 12 / step_months - 1e-6) * step_months
        ticks = tuple(round(i / 12, 5) for i in range(begin, int(high * 12 + 1e-6) + 1, step_months))
        names = "['Jan','Feb','Mar','Apr','May','Jun','Jul','Aug','Sep','Oct','Nov','Dec']"
        month = f"{names}[round((datum.value - floor(datum.value + 0.001)) * 12)]"
        return TimeAxis((low, high), ticks, f"{month} + ' ' + floor(datum.value + 0.001)", mark, inset)
    step = next(k for k in (1, 2, 5, 10, 20, 50, 100) if years / k <= most)
    first = math.ceil(low / step) * step
    ticks = tuple(float(y) for y in range(int(first), int(high) + 1, step))
    return TimeAxis((low, high), ticks, "floor(datum.value + 0.001)", mark, inset)


def domain(rows: Sequence[dict[str, Any]], *, bars: bool) -> tuple[float, float]:
    """The range of values drawn, from zero where that does not flatten the course."""
    values = [r[k] for r in rows for k in ("y", "lo", "hi") if r.get(k) is not None]
    low, high = min(values), max(values)
    if bars:
        low, high = min(low, 0.0), max(high, 0.0)
    elif 0 <= low < 0.6 * high:
        low = 0.0
    return nice(low, high)


def rounded(value: float | None) -> float | None:
    """Five figures: more than a drawing shows."""
    return None if value is None else float(f"{value:.5g}")
