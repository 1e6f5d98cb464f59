# SPDX-License-Identifier: Apache-2.0
"""A series over time: lines labelled at their ends, or columns for counts of years."""

from __future__ import annotations

import calendar
import datetime as dt
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape

from bilat.document import typeface
from bilat.document.blocks import Point, Series
from bilat.document.palette import DASHES, SEQUENCE, of_group
from bilat.document.strokes import (
    Box,
    Place,
    Scale,
    Size,
    colours_of,
    date_of,
    dated,
    describe,
    draw_line,
    draw_path,
    draw_text,
    interval_ends,
    label_of,
    moment_of,
    starts_at_zero,
    value_of,
)
from bilat.document.wording import day as day_text
from bilat.document.wording import fraction, middle, period
from bilat.units.notation import amount_text, unit_kind

#: The invasion of Ukraine, marked on charts over time that reach across it.
INVASION = (dt.date(2022, 2, 24), "invasion")
#: Width in pixels below which a chart is drawn for a phone.
NARROW_BELOW = 500
#: Groups that are drawn in colour and named; the others are faint lines without a name.
MOST_NAMED = 6
#: Lines above the plot for the names of numbered days; the latest days have them.
MOST_KEY_LINES = 4


@dataclass(frozen=True)
class DayMark:
    """A day of the record on a chart, with its words or its number.

    Attributes
    ----------
    day
        where its line stands
    words
        what is written above the line
    spot
        where the words stand
    anchor
        which part of the words stands there
    """

    day: float
    words: str
    spot: float
    anchor: str


@dataclass(frozen=True)
class DayMarks:
    """The days of a chart, and the lines above the plot that say what each number is."""

    placed: Sequence[DayMark]
    key: tuple[str, ...] = ()


@dataclass(frozen=True)
class TimePlot:
    """A series over time in a drawing of a size: what is drawn how, and where a point lies.

    Attributes
    ----------
    series
        what is drawn
    points
        its points that have a value and a date
    size
        of the whole drawing
    """

    series: Series
    points: Sequence[Point]
    size: Size

    @cached_property
    def groups(self) -> list[tuple[str, list[Point]]]:
        """Groups with their points, those to be named first."""
        return groups_of(self.series, self.points)

    @cached_property
    def named(self) -> list[tuple[str, list[Point]]]:
        """The groups that are drawn in colour."""
        return self.groups[:MOST_NAMED]

    @property
    def is_yearly(self) -> bool:
        """Whether every figure is of a year. Dates of a list are no columns: they lie unevenly."""
        return all(len(p.period) == 4 for p in self.points)

    @property
    def is_single(self) -> bool:
        """Whether it is one group without a name, or with all there is."""
        return len(self.groups) == 1 and self.groups[0][0] in ("", "all")

    @cached_property
    def has_columns(self) -> bool:
        """Whether counts of years stand as columns."""
        counted = unit_kind(self.series.unit) == "count"
        return self.series.shape == "bar" or (len(self.groups) == 1 and self.is_yearly and counted)

    @property
    def is_narrow(self) -> bool:
        """Whether it is drawn for a phone."""
        return self.size.width < NARROW_BELOW

    @property
    def has_labels(self) -> bool:
        """Whether groups are named."""
        return not self.has_columns and not self.is_single

    @property
    def has_key(self) -> bool:
        """Whether names stand in rows above the plot: beside it a phone has no room for them."""
        return self.has_labels and self.is_narrow

    @property
    def newest(self) -> list[tuple[str, Point]]:
        """The label of each named group, and its last point."""
        return [(label_of(name), points[-1]) for name, points in self.named]

    @property
    def moments(self) -> list[float]:
        """When each point lies."""
        return [moment_of(p) for p in self.points]

    @property
    def right_margin(self) -> float:
        """The room for the words at the ends of the lines."""
        if self.has_columns:
            last = self.groups[0][1][-1]
            words = date_of(last).rsplit(" ", 1)
            return 20 + max(map(typeface.width, words), default=0)
        unit = self.series.unit
        if not self.is_narrow:
            names = [f"{name} " if self.has_labels else "" for name, _ in self.newest]
            ends = [dated(point, unit) for _, point in self.newest]
        else:  # the date stands in the key, or below the value
            names = [""] * len(self.newest)
            ends = [amount_text(point.value, unit) for _, point in self.newest]
            dates = [] if self.has_key else [date_of(point) for _, point in self.newest]
            names += [""] * len(dates)
            ends += dates
        rooms = [
            typeface.width(name) + typeface.width(end, bold=True)
            for name, end in zip(names, ends, strict=True)
        ]
        return min(18 + max(rooms), 0.4 * self.size.width)

    @cached_property
    def scale(self) -> Scale:
        """The scale of values."""
        shown = (p for _, points in self.named for p in points)
        values = [v for p in shown for v in interval_ends(p, self.has_columns)]
        values += [p.value for p in self.points if p.value is not None]
        zero = self.has_columns or starts_at_zero(values)
        return Scale.of(values, self.series.unit, zero=zero)

    @cached_property
    def box(self) -> Box:
        """The plot within the drawing."""
        left, right = self.sides
        top = 22 + self.key_height + 14 * len(self.marks.key) + self.room_for_value
        return Box(left, top, right, self.size.height - 26)

    @cached_property
    def sides(self) -> tuple[float, float]:
        """Where the plot begins and ends from left to right."""
        left = 10 + max(typeface.width(self.scale.label(tick)) for tick in self.scale.ticks)
        return left, self.size.width - self.right_margin

    @property
    def key_height(self) -> float:
        """The height of the names of groups above the plot."""
        return 16 * len(self.newest) if self.has_key else 0

    @property
    def room_for_value(self) -> float:
        """The room between the words of marks and the value above a last column at the top."""
        if not self.has_columns:
            return 0
        last = value_of(self.groups[0][1][-1])
        return 14 if last > 0.9 * self.scale.high else 0

    @cached_property
    def span(self) -> tuple[float, float]:
        """From when to when the plot reaches."""
        first, last = min(self.moments), max(self.moments)
        steps = max(1, len(set(self.moments)) - 1)
        pad = (last - first) / steps * (0.6 if self.has_columns else 0.05)
        return first - pad, last + pad

    def x(self, moment: float) -> float:
        """Where a moment lies."""
        first, last = self.span
        left, right = self.sides
        return left + (right - left) * (moment - first) / (last - first)

    def y(self, value: float) -> float:
        """Where a value lies."""
        return self.scale.place(value, self.box.top, self.box.bottom)

    @cached_property
    def marks(self) -> DayMarks:
        """The days with a word that the plot reaches: the word with day or month, or a number."""
        days = {*self.series.marks, INVASION} if self.series.invasion else {*self.series.marks}
        first, last = self.span
        reached = sorted((day, word) for day, word in days if first < fraction(day) < last)
        spots = [self.x(fraction(day)) for day, _ in reached]
        for form in ("", "%b %Y"):
            words = [
                f"{word}, {day.strftime(form) if form else day_text(day)}" for day, word in reached
            ]
            placed = _placed(spots, words, self.size.width)
            if len(placed) == len(reached):
                return DayMarks(placed)
        return _numbered(spots, [f"{word}, {day_text(day)}" for day, word in reached], self.size)

    def key(self) -> Iterator[str]:
        """Yield the names above the plot, each with the date of its last figure."""
        colours = colours_of([name for name, _ in self.named])
        for i, ((name, point), colour) in enumerate(zip(self.newest, colours, strict=True)):
            date = f" ({date_of(point)})" if point.period else ""
            room = self.size.width - 24 - typeface.width(date)
            yield draw_line(2, 6 + 16 * i, 16, 6 + 16 * i, colour, 3)
            words = f"{typeface.shortened(name, room)}{date}"
            yield draw_text(words, 22, 10 + 16 * i, "start", colour)

    def drawing(self) -> str:
        """Return the strokes of the whole chart."""
        box = self.box
        out = [_grid(self.scale, box, self.y)]
        out.append(_years(self.span, box, self.x, self.is_narrow, self.is_yearly))
        marks_top = box.top - self.room_for_value
        out += _marks(self.marks.placed, replace(box, top=marks_top))
        for row, words in enumerate(self.marks.key):
            out.append(
                draw_text(words, 0, self.key_height + 11 + 14 * row, "start", "gate", small=True)
            )
        if self.has_columns:
            out.append(_columns(self))
        else:
            out += _lines(self)
            out += self.key() if self.has_key else ()
        return "".join(out)


def groups_of(series: Series, points: Iterable[Point]) -> list[tuple[str, list[Point]]]:
    """Return groups with their points in order of time.

    Those in focus come first, then those with the largest last value.

    Parameters
    ----------
    series
        names the groups in focus
    points
        of all groups, in any order
    """
    groups: dict[str, list[Point]] = {}
    for p in points:
        groups.setdefault(p.group, []).append(p)
    for ps in groups.values():
        ps.sort(key=lambda p: middle(p.period) or 0.0)
    focus = {name: i for i, name in enumerate(series.focus)}
    ranked = sorted(
        groups.items(),
        key=lambda g: (focus.get(g[0], len(focus)), -abs(g[1][-1].value or 0.0), g[0]),
    )
    return ranked


def _grid(axis: Scale, box: Box, place: Place) -> str:
    """Return a line with its words at each tick.

    The line of zero is darker than the others.
    """
    out = []
    for tick in axis.ticks:
        h = place(tick)
        kind = "ink" if tick == 0 and axis.low <= 0 else "hair"
        out.append(draw_line(box.left, h, box.right, h, kind, 1))
        out.append(draw_text(axis.label(tick), box.left - 6, h + 4, "end", "quiet"))
    return "".join(out)


def _years(span: tuple[float, float], box: Box, place: Place, narrow: bool, yearly: bool) -> str:
    """Whole years, as many as there is room for; months where the record is shorter than two years.

    ``yearly``: every figure is of a year, whose number stands below it.
    """
    off = 0.5 if yearly else 0.0
    first = math.ceil(span[0] - off - 1e-9)
    last = math.floor(span[1] - off + 1e-9)
    out = []
    if last - first < 2 and not yearly:
        return _months(span, box, place)
    room = max(2, int((box.right - box.left) / (44 if narrow else 56)))
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100) if (last - first) / s <= room)
    for year in range(math.ceil(first / step) * step, last + 1, step):
        where = place(year + off)
        out.append(draw_line(where, box.bottom, where, box.bottom + 4, "hair", 1))
        out.append(draw_text(str(year), where, box.bottom + 17, "middle", "quiet"))
    return "".join(out)


def _months(span: tuple[float, float], box: Box, place: Place) -> str:
    """The first months of quarters; every month, below its middle, in a shorter record."""
    names: Sequence[str] = ("Jan", "Apr", "Jul", "Oct")
    off = 0.0
    if math.floor(span[1] * 4) - math.ceil(span[0] * 4) < 1:
        names = calendar.month_abbr[1:]
        off = 0.5
    a_year = len(names)
    slack = off / 5  # months differ in length, so their middles are not a twelfth apart
    first = math.ceil(span[0] * a_year - off - slack)
    last = math.floor(span[1] * a_year - off + slack)
    ticks = range(first, last + 1)
    step = max(1, math.ceil(len(ticks) * 66 / (box.right - box.left)))
    out = []
    for tick in ticks[::step]:
        words = f"{names[tick % a_year]} {tick // a_year}"
        where = place((tick + off) / a_year)
        out.append(draw_text(words, where, box.bottom + 17, "middle", "quiet"))
    return "".join(out)


def _marks(marks: Iterable[DayMark], box: Box) -> Iterator[str]:
    """Yield days as lines with their words or numbers."""
    for mark in marks:
        yield draw_line(mark.day, box.top - 6, mark.day, box.bottom, "gate", 1, "3 3")
        yield draw_text(mark.words, mark.spot, box.top - 8, mark.anchor, "gate", small=True)


def _placed(spots: Sequence[float], words: Sequence[str], width: float) -> list[DayMark]:
    """Return the marks whose words have room: to the right, else to the left, else left out."""
    out = []
    taken = 0.0
    for day, word, end in zip(spots, words, [*spots[1:], width][: len(spots)], strict=True):
        wide = typeface.width(word, 11) + 8
        if day + wide <= end:
            out.append(DayMark(day, word, day + 4, "start"))
            taken = day + wide
        elif day - wide >= taken:
            out.append(DayMark(day, word, day - 4, "end"))
            taken = day
    return out


def _numbered(spots: Sequence[float], words: Sequence[str], size: Size) -> DayMarks:
    """Return marks with numbers, which stand apart, and lines that say what each number is."""
    for first in range(len(words)):
        key = _flowed([f"{n} {word}" for n, word in enumerate(words[first:], 1)], size.width)
        if len(key) <= MOST_KEY_LINES:
            break
    placed: list[DayMark] = []
    for n, day in enumerate(spots[first:], 1):
        spot = max(day, placed[-1].spot + typeface.width("00", 11)) if placed else day
        placed.append(DayMark(day, str(n), spot, "middle"))
    return DayMarks(placed, tuple(key))


def _flowed(parts: Sequence[str], width: float) -> list[str]:
    """Return parts in lines, as many beside one another as have room."""
    lines: list[str] = []
    for part in parts:
        longer = f"{lines[-1]}; {part}" if lines else part
        if lines and typeface.width(longer, 11) <= width:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


def _columns(plot: TimePlot) -> str:
    """Return the columns of counts, the last with its date; of part of a year it is dashed."""
    name, points = plot.groups[0]
    box, unit = plot.box, plot.series.unit
    wide = max(2.0, 0.72 * (box.right - box.left) / (len(set(plot.moments)) + 0.4))
    colour = of_group(name) or SEQUENCE[0]
    out = [_column(plot, p, wide, colour) for p in points]
    last = points[-1]
    height = plot.y(value_of(last))
    value = amount_text(last.value, unit)
    out.append(draw_text(value, plot.x(moment_of(last)), height - 5, "middle", "ink", bold=True))
    # The date stands beside the column: above it the words would lie on the higher ones before it.
    foot = min(height + 10, box.bottom - 18)
    for row, words in enumerate(date_of(last).rsplit(" ", 1)):
        out.append(draw_text(words, box.right + 2, foot + 13 * row, "start", "quiet", small=True))
    return "".join(out)


def _column(plot: TimePlot, point: Point, wide: float, colour: str) -> str:
    """Return one column.

    That of part of a year is pale with a dashed edge, and says so to who points at it.
    """
    value = value_of(point)
    top, foot = sorted((plot.y(value), plot.y(0.0)))
    look = f'fill="var(--{colour})"'
    says = f"{period(point.period)}: {amount_text(point.value, plot.series.unit)}"
    if point.open:
        look += f' fill-opacity=".45" stroke="var(--{colour})" stroke-dasharray="3 2"'
        says += " (part of the period)"
    left = plot.x(moment_of(point)) - wide / 2
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{wide:.1f}" '
        f'height="{max(foot - top, 0.8):.1f}" {look} data-t="{escape(says)}">'
        f"<title>{escape(says)}</title></rect>"
    )


def _lines(plot: TimePlot) -> list[str]:
    """Return the lines, those in front last, with the words at their ends."""
    out: list[str] = []
    for name, points in reversed(plot.groups[MOST_NAMED:]):
        spots = [(plot.x(moment_of(p)), plot.y(value_of(p))) for p in points]
        out.append(draw_path(spots, "faint", 1, "", name))
    colours = colours_of([name for name, _ in plot.named])
    shaded = 1 if len(plot.groups) > 3 else 2
    ends = []
    for i, (name, points) in reversed(list(enumerate(plot.named))):
        dash = DASHES[i % 5] if i and not of_group(name) else ""
        out += _shade(plot, points, colours[i]) if i < shaded else ()
        out += _line_of(plot, name, points, colours[i], dash)
        ends.append(_end_of(plot, name, points[-1], colours[i]))
    out += _end_labels(ends, plot.box, plot.size.width)
    if plot.is_narrow and plot.is_single:
        last = plot.groups[0][1][-1]
        where = plot.x(moment_of(last)) + 7
        height = plot.y(value_of(last)) + 18
        out.append(draw_text(date_of(last), where, height, "start", "quiet", small=True))
    return out


def _shade(plot: TimePlot, points: Sequence[Point], colour: str) -> Iterator[str]:
    """Yield the intervals of a line as a shade."""
    known = [(p, p.low, p.high) for p in points if p.low is not None and p.high is not None]
    if len(known) < 2:
        return
    up = [(plot.x(moment_of(p)), plot.y(high)) for p, _, high in known]
    down = [(plot.x(moment_of(p)), plot.y(low)) for p, low, _ in reversed(known)]
    outline = "L".join(f"{a:.1f},{b:.1f}" for a, b in [*up, *down])
    yield f'<path d="M{outline}Z" fill="var(--{colour})" fill-opacity=".14" stroke="none"/>'


def _line_of(
    plot: TimePlot, name: str, points: Sequence[Point], colour: str, dash: str
) -> Iterator[str]:
    """Yield a line with its points; the part that leads to an unfinished period is dashed."""
    whole = [p for p in points if not p.open]
    several = len(whole) > 1
    drawn = whole if several else points
    spots = [(plot.x(moment_of(p)), plot.y(value_of(p))) for p in drawn]
    yield draw_path(spots, colour, 2.2, dash, name)
    last = points[-1]
    x, y = plot.x(moment_of(last)), plot.y(value_of(last))
    if several and last.open:
        yield draw_path([spots[-1], (x, y)], colour, 1.5, "2 3", name)
    unit = plot.series.unit
    for p in points[:-1]:
        yield _spot(name, p, plot.x, plot.y, unit)
    fill = "paper" if last.open else colour
    yield (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="var(--{fill})" '
        f'stroke="var(--{colour})" stroke-width="1.6" data-t="{describe(name, last, unit)}"/>'
    )


@dataclass(frozen=True, order=True)
class LineEnd:
    """The words at the end of a line, by their height.

    Attributes
    ----------
    x, y
        where the line ends
    colour
        of the line
    name
        the label of its group; blank where it is not named
    value
        its last value
    """

    y: float
    colour: str
    name: str
    value: str
    x: float


def _end_of(plot: TimePlot, name: str, last: Point, colour: str) -> LineEnd:
    """Return the words at the end of a line.

    On a phone the date stands elsewhere, since there is no room beside the plot.
    """
    unit = plot.series.unit
    value = amount_text(last.value, unit) if plot.is_narrow else dated(last, unit)
    named = label_of(name) if plot.has_labels and not plot.has_key else ""
    return LineEnd(plot.y(value_of(last)), colour, named, value, plot.x(moment_of(last)))


def _spot(name: str, p: Point, x: Place, y: Place, unit: str) -> str:
    """A point of a line, seen when it is asked for."""
    return (
        f'<circle class="spot" cx="{x(moment_of(p)):.1f}" cy="{y(value_of(p)):.1f}" r="3" fill-opacity="0" '
        f'data-t="{describe(name, p, unit)}"/>'
    )


#: How far above the axis words within the plot stand, from their middle.
CLEAR_OF_AXIS = 9


def _end_labels(ends: Sequence[LineEnd], box: Box, width: int) -> Iterator[str]:
    """Yield names and last values at the ends of the lines.

    Words that would overlap are moved apart; those below the plot are moved up.
    """
    ends = sorted(ends)
    heights = _apart([end.y for end in ends])
    over = max(0.0, max(heights, default=0.0) - (box.bottom + 2))
    for end, height in zip(ends, heights, strict=True):
        start = max(end.x, box.right) + 8 if end.name else end.x + 7
        if start < box.right:  # words within the plot stand above its lowest line
            height = min(height, box.bottom + over - CLEAR_OF_AXIS)
        room = width - start - 4 - typeface.width(end.value, bold=True)
        words = typeface.shortened(end.name, room)
        named = escape(f"{words} ") if words else ""
        yield (
            f'<text x="{start:.1f}" y="{height - over + 4:.1f}" font-size="12" '
            f'fill="var(--{end.colour})">{named}'
            f'<tspan font-weight="600">{escape(end.value)}</tspan></text>'
        )


def _apart(heights: list[float]) -> list[float]:
    """Return heights, in order, moved until a line of words fits between each two."""
    for _ in range(60):
        moved = False
        for i in range(1, len(heights)):
            gap = 14 - (heights[i] - heights[i - 1])
            if gap > 0.1:
                heights[i - 1] -= gap / 2
                heights[i] += gap / 2
                moved = True
        if not moved:
            break
    return heights
