# SPDX-License-Identifier: Apache-2.0
"""Small drawings for a line of a table: the course of a figure, its band, and the earlier date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from html import escape

from bilat.measures import Measurement
from bilat.picture import words
from bilat.picture.charts import palette
from bilat.picture.charts.finding import Series, series


def spark(
    m: Measurement | None,
    *,
    rule: dt.date | None,
    value: float | None = None,
    period: str = "",
    focus: Sequence[str] = (),
    width: int = 112,
    height: int = 34,
) -> str:
    """An SVG of the group that holds the deciding figure, or of the leading one; blank if there is no course.

    ``value`` and ``period`` name the deciding figure, marked where the group holds it.
    """
    if m is None:
        return ""
    groups = [s for s in series(m, focus) if all(words.at(p.period) is not None for p in s.points)]
    if not groups:
        return ""
    chosen = next((s for s in groups if _holds(s, value, period)), groups[0])
    points = chosen.points
    if len(points) < 3:
        return ""
    if len(points) > 120:
        points = (*points[:: len(points) // 120 + 1], points[-1])
    xs = [words.at(p.period) or 0.0 for p in points]
    tops = [p.high if p.high is not None else p.value or 0.0 for p in points]
    feet = [p.low if p.low is not None else p.value or 0.0 for p in points]
    low, high = min(feet), max(tops)
    if low > 0 and low < 0.6 * high:
        low = 0.0
    left, right = min(xs), max(xs)
    pad = 4

    def px(x: float) -> float:
        return round(pad + (x - left) / ((right - left) or 1) * (width - 2 * pad), 1)

    def py(y: float) -> float:
        return round(height - pad - (y - low) / ((high - low) or 1) * (height - 2 * pad), 1)

    colour = f"var(--{palette.of_group(chosen.group) or 'one'})"
    parts = []
    if any(t != f for t, f in zip(tops, feet, strict=True)):
        rim = [f"{px(x)},{py(t)}" for x, t in zip(xs, tops, strict=True)]
        rim += [f"{px(x)},{py(f)}" for x, f in reversed(list(zip(xs, feet, strict=True)))]
        parts.append(f'<polygon points="{" ".join(rim)}" fill="{colour}" opacity="0.22"/>')
    if rule is not None and left <= words.fraction(rule) <= right:
        at = px(words.fraction(rule))
        parts.append(
            f'<line x1="{at}" x2="{at}" y1="1" y2="{height - 1}" stroke="var(--rule)" '
            'stroke-dasharray="2 2"/>'
        )
    line = " ".join(f"{px(x)},{py(p.value or 0.0)}" for x, p in zip(xs, points, strict=True))
    parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
    marked = next((i for i, p in enumerate(points) if p.period == period), len(points) - 1)
    parts.append(
        f'<circle cx="{px(xs[marked])}" cy="{py(points[marked].value or 0.0)}" r="2.6" fill="{colour}"/>'
    )
    ends = [f"{words.bare(p.value, m.unit)} in {words.period(p.period)}" for p in (points[0], points[-1])]
    told = escape(f"{chosen.label or m.title}: {', '.join(ends)}", quote=True)
    return (
        f'<svg class="spark" role="img" aria-label="{told}" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}">{"".join(parts)}</svg>'
    )


def _holds(s: Series, value: float | None, period: str) -> bool:
    if value is None:
        return False
    return any(
        p.period == period and p.value is not None and abs(p.value - value) <= 1e-9 + 1e-6 * abs(value)
        for p in s.points
    )
