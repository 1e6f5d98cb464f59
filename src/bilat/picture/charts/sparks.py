# SPDX-License-Identifier: Apache-2.0
"""Small drawings for a line of a table: the course of a figure, its band, and the earlier date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from markupsafe import Markup

from bilat.document import palette
from bilat.document import wording as words
from bilat.measures import Measurement
from bilat.picture.charts.finding import Series, series
from bilat.picture.charts.svg import Drawing, Scale, paint

PAD = 4


def spark(
    m: Measurement | None,
    *,
    rule: dt.date | None,
    value: float | None = None,
    period: str = "",
    focus: Sequence[str] = (),
    width: int = 112,
    height: int = 34,
) -> Markup:
    """An SVG of the group that holds the deciding figure, or of the leading one; blank if there is no course.

    ``value`` and ``period`` name the deciding figure, marked where the group holds it.
    """
    if m is None:
        return Markup()
    groups = [s for s in series(m, focus) if all(words.at(p.period) is not None for p in s.points)]
    if not groups:
        return Markup()
    chosen = next((s for s in groups if _holds(s, value, period)), groups[0])
    points = chosen.points
    if len(points) < 3:
        return Markup()
    if len(points) > 120:
        points = (*points[:: len(points) // 120 + 1], points[-1])
    xs = [words.at(p.period) or 0.0 for p in points]
    tops = [p.high if p.high is not None else p.value or 0.0 for p in points]
    feet = [p.low if p.low is not None else p.value or 0.0 for p in points]
    low, high = min(feet), max(tops)
    if low > 0 and low < 0.6 * high:
        low = 0.0
    px = Scale(min(xs), max(xs), PAD, width - PAD)
    py = Scale(low, high, height - PAD, PAD)
    d, places = Drawing(width), [px(x) for x in xs]
    colour = paint(palette.of_group(chosen.group))
    if tops != feet:
        d.band(places, [py(v) for v in feet], [py(v) for v in tops], colour)
    if rule is not None and px.low <= words.fraction(rule) <= px.high:
        at = px(words.fraction(rule))
        d.line(at, at, 1, height - 1, paint("rule"), stroke_dasharray="2 2")
    d.course(places, [py(p.value or 0.0) for p in points], colour, 1.6)
    marked = next((i for i, p in enumerate(points) if p.period == period), len(points) - 1)
    d.put("circle", cx=places[marked], cy=py(points[marked].value or 0.0), r=2.6, fill=colour)
    ends = [f"{words.bare(p.value, m.unit)} in {words.period(p.period)}" for p in (points[0], points[-1])]
    return d.svg(f"{chosen.label or m.title}: {', '.join(ends)}", height, kind="spark")


def _holds(s: Series, value: float | None, period: str) -> bool:
    if value is None:
        return False
    return any(
        p.period == period and p.value is not None and abs(p.value - value) <= 1e-9 + 1e-6 * abs(value)
        for p in s.points
    )
