# SPDX-License-Identifier: Apache-2.0
"""A series over things: one row for each, its value as a dot and its interval as a line."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bilat.document import typeface
from bilat.document.blocks import Point, Series
from bilat.document.palette import SEQUENCE, of_group
from bilat.document.strokes import (
    Box,
    Place,
    Scale,
    Size,
    describe,
    draw_line,
    draw_text,
    interval_ends,
    label_of,
    starts_at_zero,
    value_of,
)
from bilat.document.wording import period
from bilat.units.notation import amount_text

#: Rows of a chart of things.
MOST_ROWS = 14


def row_chart(series: Series, points: Sequence[Point], size: Size) -> tuple[str, Size]:
    """Return the rows of a chart of things, and how large the drawing became.

    A value is a dot, its interval a line; a value without an end is an arrow.

    Parameters
    ----------
    series
        gives the unit
    points
        the things; of many, those with the largest values are shown
    size
        the most that the drawing may take
    """
    shown = (
        list(points)
        if len(points) <= MOST_ROWS
        else sorted(points, key=lambda p: -math.inf if p.value is None else -p.value)[:MOST_ROWS]
    )
    names = [
        " ".join(
            x
            for x in (
                label_of(p.group),
                period(p.period) if len({q.period for q in shown}) > 1 else "",
            )
            if x
        )
        for p in shown
    ]
    values = [v for p in shown for v in (p.value, p.low, *interval_ends(p, False)) if v is not None]
    values = values or [0.0, 1.0]
    axis = Scale.of(values, series.unit, zero=starts_at_zero(values))
    left = min(0.45 * size.width, 14 + max(map(typeface.width, names)))
    ends = [_end_of(p, series.unit) for p in shown]
    right = size.width - 22 - max(typeface.width(end, bold=True) for end in ends)
    box = Box(left, 10, right, min(size.height - 26, 14 + 26 * len(shown)))

    def x(value: float) -> float:
        return box.left + box.right - axis.place(value, box.left, box.right)

    out = []
    for tick in axis.ticks:
        out.append(draw_line(x(tick), box.top, x(tick), box.bottom, "hair", 1))
        out.append(draw_text(axis.label(tick), x(tick), box.bottom + 17, "middle", "quiet"))
    for i, (p, name, words) in enumerate(zip(shown, names, ends, strict=True)):
        h = box.top + (box.bottom - box.top) * (i + 0.5) / len(shown)
        colour = of_group(p.group) or SEQUENCE[0]
        out.append(draw_text(typeface.shortened(name, left - 10), left - 8, h + 4, "end", "ink"))
        out.append(_whisker(p, x, axis, box, h, colour))
        if p.value is None:
            out.append(draw_text(words, box.right + 14, h + 4, "start", "ink", bold=True))
            continue
        says = describe(p.group, p, series.unit)
        out.append(
            f'<circle cx="{x(p.value):.1f}" cy="{h:.1f}" r="4.5" fill="var(--{colour})" data-t="{says}"/>'
        )
        end = max(x(p.value), x(min(axis.high, p.high)) if p.high is not None else 0.0)
        end = box.right + 6 if p.endless else end
        out.append(draw_text(words, end + 8, h + 4, "start", "ink", bold=True))
    return "".join(out), Size(size.width, round(box.bottom + 26))


def _end_of(p: Point, unit: str) -> str:
    """Return the words at the end of a row: its value, or that it never comes."""
    return "never" if p.value is None else amount_text(p.value, unit)


def _whisker(p: Point, x: Place, axis: Scale, box: Box, height: float, colour: str) -> str:
    """Return the interval of a row.

    It is a line between its ends, or to the edge where it has no upper end.
    """
    if p.endless:
        low = p.value if p.low is None else p.low
        return _open_line(x(axis.high if low is None else low), box.right, height, colour)
    if p.low is None and p.high is None:
        return ""
    low = value_of(p) if p.low is None else p.low
    high = value_of(p) if p.high is None else p.high
    return draw_line(x(low), height, x(high), height, colour, 3)


def _open_line(left: float, right: float, height: float, colour: str) -> str:
    """An interval without an end: a line to the edge of the box, and an arrow there."""
    line = draw_line(left, height, right, height, colour, 3)
    return line + (
        f'<path class="open" d="M{right:.1f},{height - 5:.1f} L{right + 9:.1f},{height:.1f} '
        f'L{right:.1f},{height + 5:.1f} Z" fill="var(--{colour})"/>'
    )
