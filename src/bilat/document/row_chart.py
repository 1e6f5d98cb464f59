# SPDX-License-Identifier: Apache-2.0
"""A chart with one row per thing: its value as a dot and its interval as a line."""

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

#: The most rows of a chart.
MOST_ROWS = 14
#: Height of a row, and of the words of the scale below the rows, in pixels.
ROW = 26
SCALE = 26
#: The widest share of the drawing that names may take.
NAMES = 0.45


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
    rows = _largest(points)
    names = _names(rows)
    amounts = [_amount(point, series.unit) for point in rows]
    values = _values(rows)
    axis = Scale.of(values, series.unit, zero=starts_at_zero(values))
    left = min(NAMES * size.width, 14 + max(map(typeface.width, names)))
    right = size.width - 22 - max(typeface.width(amount, bold=True) for amount in amounts)
    bottom = min(size.height - SCALE, 14 + ROW * len(rows))
    box = Box(left, 10, right, bottom)

    def x(value: float) -> float:
        # A scale places values upwards, from a bottom to a top; here they run from left to right.
        return box.left + box.right - axis.place(value, box.left, box.right)

    out = []
    for tick in axis.ticks:
        out.append(draw_line(x(tick), box.top, x(tick), box.bottom, "hair", 1))
        out.append(draw_text(axis.label(tick), x(tick), box.bottom + 17, "middle", "quiet"))
    for place, (point, name) in enumerate(zip(rows, names, strict=True)):
        height = box.top + (box.bottom - box.top) * (place + 0.5) / len(rows)
        words = typeface.shortened(name, left - 10)
        out.append(draw_text(words, left - 8, height + 4, "end", "ink"))
        out += _mark(point, x, axis, box, height, series.unit)
    return "".join(out), Size(size.width, round(box.bottom + SCALE))


def _largest(points: Sequence[Point]) -> list[Point]:
    """Return the points that are shown: all in their order, or those with the largest values."""
    if len(points) <= MOST_ROWS:
        return list(points)
    ranked = sorted(points, key=lambda p: -math.inf if p.value is None else -p.value)
    return ranked[:MOST_ROWS]


def _names(rows: Sequence[Point]) -> list[str]:
    """Return the group of each row, with its period where the rows have several."""
    has_periods = len({point.period for point in rows}) > 1
    names = []
    for point in rows:
        words = [label_of(point.group), period(point.period) if has_periods else ""]
        names.append(" ".join(filter(None, words)))
    return names


def _values(rows: Sequence[Point]) -> list[float]:
    """Return the figures that the scale must cover."""
    values: list[float] = []
    for point in rows:
        figures = (point.value, point.low, *interval_ends(point, False))
        values += [figure for figure in figures if figure is not None]
    return values or [0.0, 1.0]


def _amount(point: Point, unit: str) -> str:
    """Return the words at the end of a row: its value, or that it never comes."""
    return "never" if point.value is None else amount_text(point.value, unit)


def _mark(point: Point, place: Place, axis: Scale, box: Box, height: float, unit: str) -> list[str]:
    """Return the interval, the dot and the words of a row; a point without a value has no dot."""
    colour = of_group(point.group) or SEQUENCE[0]
    whisker = _whisker(point, place, axis, box, height, colour)
    amount = _amount(point, unit)
    if point.value is None:
        return [whisker, draw_text(amount, box.right + 14, height + 4, "start", "ink", bold=True)]
    end = place(point.value)
    if point.endless:
        end = box.right + 6
    elif point.high is not None:
        end = max(end, place(min(axis.high, point.high)))
    says = describe(point.group, point, unit)
    dot = (
        f'<circle cx="{place(point.value):.1f}" cy="{height:.1f}" r="4.5" '
        f'fill="var(--{colour})" data-t="{says}"/>'
    )
    return [whisker, dot, draw_text(amount, end + 8, height + 4, "start", "ink", bold=True)]


def _whisker(point: Point, place: Place, axis: Scale, box: Box, height: float, colour: str) -> str:
    """Return the interval of a row: a line between its ends, or to the edge if it has no upper end."""
    if point.endless:
        start = point.value if point.low is None else point.low
        return _open_line(place(axis.high if start is None else start), box.right, height, colour)
    if point.low is None and point.high is None:
        return ""
    low = value_of(point) if point.low is None else point.low
    high = value_of(point) if point.high is None else point.high
    return draw_line(place(low), height, place(high), height, colour, 3)


def _open_line(left: float, right: float, height: float, colour: str) -> str:
    """Return an interval without an end: a line to the edge of the box, and an arrow there."""
    line = draw_line(left, height, right, height, colour, 3)
    return line + (
        f'<path class="open" d="M{right:.1f},{height - 5:.1f} L{right + 9:.1f},{height:.1f} '
        f'L{right:.1f},{height + 5:.1f} Z" fill="var(--{colour})"/>'
    )
