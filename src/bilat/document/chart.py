# SPDX-License-Identifier: Apache-2.0
"""A series drawn as SVG: lines labelled at their ends, columns for counts, rows with ranges for things.

One colour a state on every chart; the last point is drawn and named; uncertainty is a shade; events of the record are
vertical lines with their word. The drawing is plain SVG with CSS variables as colours, so that one file serves light
and dark pages; :func:`standalone` puts colours, title and source into it for a slide or a paper.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape

from bilat.document.blocks import Point, Series
from bilat.document.palette import DASHES, SEQUENCE, THEME, of_group
from bilat.document.wording import at, fraction, group, period
from bilat.units.notation import interval, unit_kind, unit_name, value_text

#: The invasion of Ukraine, marked on charts over time that reach across it.
INVASION = (dt.date(2022, 2, 24), "invasion")
#: Width in pixels below which a chart is drawn for a phone.
NARROW_BELOW = 500
#: Groups that are drawn in colour and named; the others are faint lines without a name.
MOST_NAMED = 6
#: Rows of a chart of things.
MOST_ROWS = 14
Place = Callable[[float], float]
_CHAR = 7.2  # mean width of a character at 12 px in the widest of the page's typefaces


@dataclass(frozen=True)
class Size:
    """Width and height of the drawing in pixels."""

    width: int
    height: int


WIDE = Size(720, 330)
NARROW = Size(340, 260)
#: What may be asked for by name: a slide of 16:9, a square, a column of a page.
SIZES = {"slide": Size(1280, 720), "square": Size(1080, 1080), "column": Size(720, 405)}


def svg(series: Series, size: Size = WIDE) -> str:
    """The drawing; blank where no point can be drawn.

    Its text is escaped; colours are CSS variables of the page's palette.
    """
    drawn = [p for p in series.points if p.value is not None or p.endless]
    if not drawn:
        return ""
    timed = [p for p in drawn if at(p.period) is not None]
    if series.shape == "interval" or len(timed) < 2 or len({p.period for p in timed}) < 2:
        return _rows(series, drawn, size)
    return _over_time(series, timed, size)


def description(series: Series) -> str:
    """What the chart shows, in words: each named group's first and last figure."""
    said = []
    for name, points in _named(series, [p for p in series.points if p.value is not None])[
        :MOST_NAMED
    ]:
        first = points[0]
        last = points[-1]
        label = f"{group(name)}: " if name else ""
        span = f"{value_text(first.value, series.unit)} in {period(first.period)}"
        if last is not first:
            span += f" to {value_text(last.value, series.unit)} in {period(last.period)}"
        said.append(label + span)
    return (f"{series.title}. " if series.title else "") + "; ".join(said) + "."


def standalone(series: Series, size: Size = SIZES["slide"], *, source: str = "") -> str:
    """The chart alone, on white: title, unit, drawing, source, in real colours."""
    whole = 768 * size.height / size.width  # the drawing is 768 wide, with a margin on each side
    lines = textwrap.wrap(series.title, 62)[:2]
    title = "".join(
        f'<text x="0" y="{22 + 24 * i}" font-size="20" font-weight="600" fill="var(--ink)">{escape(t)}</text>'
        for i, t in enumerate(lines)
    )
    below = 22 + 24 * len(lines)
    title += f'<text x="0" y="{below}" font-size="13" fill="var(--quiet)">{escape(_subtitle(series))}</text>'
    cited = textwrap.wrap(source, 130)[:3]
    foot = whole - 14 - 14 * len(cited)
    shown = "".join(
        f'<text x="0" y="{foot + 14 * i:.0f}" font-size="10.5" fill="var(--quiet)">{escape(t)}</text>'
        for i, t in enumerate(cited)
    )
    body = svg(series, Size(720, round(foot - below - 36)))
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size.width}" height="{size.height}" '
        f'viewBox="-24 -14 768 {whole:g}" font-family="Helvetica, Arial, sans-serif">'
        f'<rect x="-24" y="-14" width="768" height="{whole:g}" fill="var(--paper)"/>{title}'
        f'<g transform="translate(0 {below + 16})">{body}</g>{shown}</svg>'
    )
    # what a pointer reads, on a page alone, and the places that it finds
    return coloured(re.sub(r'<circle class="spot"[^>]*/>| data-t="[^"]*"', "", text))


def coloured(drawing: str) -> str:
    """A drawing with the colours of light ground in the place of the page's variables."""
    for name, (light, _) in THEME.items():
        drawing = drawing.replace(f"var(--{name})", light)
    return drawing


def _subtitle(series: Series) -> str:
    return series.subtitle or unit_name(series.unit)


# -- over time ------------------------------------------------------------------------------------------------------


def _over_time(series: Series, points: Sequence[Point], size: Size) -> str:
    named = _named(series, points)
    years = all(
        len(p.period) == 4 for p in points
    )  # dates of a list are no columns: they lie unevenly
    bars = series.shape == "bar" or (
        len(named) == 1 and years and unit_kind(series.unit) == "count"
    )
    labels = not bars and not (len(named) == 1 and not named[0][0])
    narrow = size.width < NARROW_BELOW
    newest = [(_label(n), ps[-1]) for n, ps in named[:MOST_NAMED]]
    tags = [(name, _dated(point, series.unit)) for name, point in newest]
    key = labels and narrow  # names in rows above the plot: beside it there is no room for them
    right = 20 + max(_width(f"{n} {v}" if labels and not key else v) for n, v in tags)
    if narrow:  # the date stands in the key, or below the value
        beside = [value_text(point.value, series.unit) for _, point in newest]
        beside += [] if key else [_date_of(point) for _, point in newest]
        right = 20 + max(map(_width, beside))
    right = 20 if bars else min(right, 0.36 * size.width)
    moments = [_at(p) for p in points]
    values = [v for _, ps in named[:MOST_NAMED] for p in ps for v in _ends(p, bars)]
    values += [p.value for p in points if p.value is not None]
    scale_y = Scale.of(values, series.unit, zero=bars or _from_zero(values))
    left = 10 + max(_width(scale_y.label(t)) for t in scale_y.ticks)
    box = Box(left, 22 + (16 * len(tags) if key else 0), size.width - right, size.height - 26)
    first = min(moments)
    last = max(moments)
    pad = (last - first) / max(1, len(set(moments)) - 1) * (0.6 if bars else 0.05)
    scale_x = (first - pad, last + pad)

    def x(moment: float) -> float:
        return box.left + (box.right - box.left) * (moment - scale_x[0]) / (scale_x[1] - scale_x[0])

    def y(value: float) -> float:
        return scale_y.place(value, box.top, box.bottom)

    out = [_grid(scale_y, box, y), _years(scale_x, box, x, narrow, years)]
    told = {*series.marks, INVASION} if series.invasion else {*series.marks}
    days = ((fraction(day), word) for day, word in told)
    out += _marks(
        sorted((x(at), word) for at, word in days if scale_x[0] < at < scale_x[1]), box, size.width
    )
    if bars:
        out.append(_columns(named[0], x, y, len(set(moments)), box, series.unit))
    else:
        out += _lines(named, x, y, box, series, labels and not key, size.width)
        if key:
            colours = _colours([n for n, _ in named[:MOST_NAMED]])
            for i, ((name, point), colour) in enumerate(zip(newest, colours, strict=True)):
                date = f" ({_date_of(point)})" if point.period else ""
                room = int((size.width - 24) / _CHAR) - len(date)
                dated = f"{_shortened(name, room)}{date}"
                out.append(_line(2, 6 + 16 * i, 16, 6 + 16 * i, colour, 3))
                out.append(_text(dated, 22, 10 + 16 * i, "start", colour))
    return _whole(series, size, "".join(out))


def _named(series: Series, points: Iterable[Point]) -> list[tuple[str, list[Point]]]:
    """Groups with their points in order of time: those in focus first, then by the size of their last value."""
    groups: dict[str, list[Point]] = {}
    for p in points:
        groups.setdefault(p.group, []).append(p)
    for ps in groups.values():
        ps.sort(key=lambda p: at(p.period) or 0.0)
    focus = {name: i for i, name in enumerate(series.focus)}
    ranked = sorted(
        groups.items(),
        key=lambda g: (focus.get(g[0], len(focus)), -abs(g[1][-1].value or 0.0), g[0]),
    )
    return ranked


def _ends(p: Point, bars: bool) -> list[float]:
    """The ends of a point's interval, as far as they do not dwarf the point."""
    if p.value is None or bars:
        return []
    return [v for v in (p.low, p.high) if v is not None and abs(v) <= 3 * abs(p.value) + 1e-9]


def _from_zero(values: Sequence[float]) -> bool:
    """Levels begin at zero; a narrow range far from it does not."""
    low = min(values)
    high = max(values)
    return low >= 0 and (high - low) > 0.25 * high


@dataclass(frozen=True)
class Box:
    """The plot within the drawing."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Scale:
    """A scale of values with round ticks."""

    low: float
    high: float
    ticks: tuple[float, ...]
    unit: str

    @classmethod
    def of(cls, values: Sequence[float], unit: str, *, zero: bool) -> Scale:
        """The scale that holds the values with four or five round ticks."""
        low = min(values)
        high = max(values)
        low = min(0.0, low) if zero or low < 0 else low
        if high - low < 1e-300:  # none, or less than has a logarithm
            high = low + (abs(low) if abs(low) > 1e-300 else 1.0)
        raw = (high - low) / 4
        size = 10 ** math.floor(math.log10(raw))
        step = next(k * size for k in (1, 2, 2.5, 5, 10) if k * size >= raw - 1e-12)
        first = math.floor(low / step + 1e-9)
        last = math.ceil(high / step - 1e-9)
        return cls(first * step, last * step, tuple(step * i for i in range(first, last + 1)), unit)

    def place(self, value: float, top: float, bottom: float) -> float:
        """Where a value lies; beyond the scale, its end."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return bottom - share * (bottom - top)

    def label(self, tick: float) -> str:
        """A tick's words."""
        if tick == 0:
            return "0"
        return value_text(tick, self.unit).replace(" billion", " bn").replace(" million", " m")


def _grid(axis: Scale, box: Box, y: Place) -> str:
    out = []
    for tick in axis.ticks:
        h = y(tick)
        kind = "ink" if tick == 0 and axis.low <= 0 else "hair"
        out.append(_line(box.left, h, box.right, h, kind, 1))
        out.append(_text(axis.label(tick), box.left - 6, h + 4, "end", "quiet"))
    return "".join(out)


def _years(span: tuple[float, float], box: Box, x: Place, narrow: bool, yearly: bool) -> str:
    """Whole years, as many as there is room for; months where the record is shorter than two years.

    ``yearly``: every figure is of a year, whose number stands below it.
    """
    off = 0.5 if yearly else 0.0
    first = math.ceil(span[0] - off - 1e-9)
    last = math.floor(span[1] - off + 1e-9)
    out = []
    if last - first < 2 and not yearly:
        quarters = range(math.ceil(span[0] * 4), math.floor(span[1] * 4) + 1)
        for quarter in quarters[:: math.ceil(len(quarters) * 66 / (box.right - box.left))]:
            when = quarter / 4
            month = ("Jan", "Apr", "Jul", "Oct")[quarter % 4]
            words = f"{month} {int(when)}"
            out.append(_text(words, x(when), box.bottom + 17, "middle", "quiet"))
        return "".join(out)
    room = max(2, int((box.right - box.left) / (44 if narrow else 56)))
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100) if (last - first) / s <= room)
    for year in range(math.ceil(first / step) * step, last + 1, step):
        where = x(year + off)
        out.append(_line(where, box.bottom, where, box.bottom + 4, "hair", 1))
        out.append(_text(str(year), where, box.bottom + 17, "middle", "quiet"))
    return "".join(out)


def _marks(marks: Sequence[tuple[float, str]], box: Box, width: float) -> list[str]:
    """Days as lines with their words, to the right where there is room, else to the left, else left out."""
    out = []
    taken = 0.0
    ends = [*(where for where, _ in marks[1:]), width]
    for (where, word), end in zip(marks, ends[: len(marks)], strict=True):
        wide = 0.92 * _width(word) + 4
        right = where + wide <= end
        if right or where - wide >= taken:
            out.append(_line(where, box.top - 6, where, box.bottom, "gate", 1, "3 3"))
            spot, anchor = (where + 4, "start") if right else (where - 4, "end")
            out.append(_text(word, spot, box.top - 8, anchor, "gate", small=True))
            taken = where + wide if right else where
    return out


def _columns(
    named: tuple[str, list[Point]], x: Place, y: Place, periods: int, box: Box, unit: str
) -> str:
    name, points = named
    wide = max(2.0, 0.72 * (box.right - box.left) / (periods + 0.4))
    colour = of_group(name) or SEQUENCE[0]
    out = []
    for p in points:
        assert p.value is not None
        top, foot = sorted((y(p.value), y(0.0)))
        dashed = f' fill-opacity=".45" stroke="var(--{colour})" stroke-dasharray="3 2"'
        look = f'fill="var(--{colour})"' + (dashed if p.open else "")
        says = f"{period(p.period)}: {value_text(p.value, unit)}" + (
            " (part of the period)" if p.open else ""
        )
        out.append(
            f'<rect x="{x(_at(p)) - wide / 2:.1f}" y="{top:.1f}" width="{wide:.1f}" '
            f'height="{max(foot - top, 0.8):.1f}" {look} data-t="{escape(says)}"><title>{escape(says)}</title></rect>'
        )
    last = points[-1]
    assert last.value is not None
    spot = x(_at(last))
    value = value_text(last.value, unit)
    out.append(_text(value, spot, y(last.value) - 5, "middle", "ink", bold=True))
    if last.open:
        named_part = f"part of {period(last.period)}"
        out.append(_text(named_part, box.right, y(last.value) - 20, "end", "quiet", small=True))
    return "".join(out)


def _lines(
    named: Sequence[tuple[str, list[Point]]],
    x: Place,
    y: Place,
    box: Box,
    series: Series,
    labels: bool,
    width: int,
) -> list[str]:
    out: list[str] = []
    narrow = width < NARROW_BELOW
    ends: list[tuple[float, str, str, str, float]] = []
    for name, points in reversed(named[MOST_NAMED:]):
        out.append(_path([(x(_at(p)), y(_value(p))) for p in points], "faint", 1, "", name))
    colours = _colours([n for n, _ in named[:MOST_NAMED]])
    for i, (name, points) in reversed(list(enumerate(named[:MOST_NAMED]))):
        colour = colours[i]
        shade = [(p, p.low, p.high) for p in points if p.low is not None and p.high is not None]
        if i < (1 if len(named) > 3 else 2) and len(shade) > 1:
            up = [(x(_at(p)), y(high)) for p, _, high in shade]
            down = [(x(_at(p)), y(low)) for p, low, _ in reversed(shade)]
            path = "M" + "L".join(f"{a:.1f},{b:.1f}" for a, b in [*up, *down]) + "Z"
            out.append(
                f'<path d="{path}" fill="var(--{colour})" fill-opacity=".14" stroke="none"/>'
            )
        whole = [p for p in points if not p.open]
        spots = [(x(_at(p)), y(_value(p))) for p in (whole if len(whole) > 1 else points)]
        dash = DASHES[i % 5] if i and not of_group(name) else ""
        out.append(_path(spots, colour, 2.2, dash, name))
        if whole and points[-1].open and len(whole) > 1:
            out.append(
                _path(
                    [spots[-1], (x(_at(points[-1])), y(_value(points[-1])))],
                    colour,
                    1.5,
                    "2 3",
                    name,
                )
            )
        out += [_spot(name, p, x, y, series.unit) for p in points[:-1]]
        last = points[-1]
        where = (x(_at(last)), y(_value(last)))
        fill = "paper" if last.open else colour
        out.append(
            f'<circle cx="{where[0]:.1f}" cy="{where[1]:.1f}" r="3.5" fill="var(--{fill})" stroke="var(--{colour})" '
            f'stroke-width="1.6" data-t="{_says(name, last, series.unit)}"/>'
        )
        ends.append(
            (
                where[1],
                colour,
                _label(name) if labels else "",
                value_text(last.value, series.unit) if narrow else _dated(last, series.unit),
                where[0],
            )
        )
    out += _end_labels(ends, box, width)
    if narrow and len(named) == 1 and not named[0][0]:
        ((height, _, _, _, end),) = ends
        date = _date_of(named[0][1][-1])
        out.append(_text(date, end + 7, height + 18, "start", "quiet", small=True))
    return out


def _dated(p: Point, unit: str) -> str:
    """The value of a last point with its date: ``33.4% (2024)``, ``4 (part of 2026)``."""
    value = value_text(p.value, unit)
    return f"{value} ({_date_of(p)})" if p.period else value


def _date_of(p: Point) -> str:
    """The period of a point: ``2024``, ``part of 2026``; blank for none."""
    if not p.period:
        return ""
    return f"part of {period(p.period)}" if p.open else period(p.period)


def _says(name: str, p: Point, unit: str) -> str:
    """What a mark stands for: ``Tanks, October 2026: 140% (127% to 156%)``."""
    around = interval(p.low, p.high, unit)
    what = ", ".join(x for x in (_label(name), period(p.period)) if x)
    return escape(f"{what}: {value_text(p.value, unit)}" + (f" ({around})" if around else ""))


def _spot(name: str, p: Point, x: Place, y: Place, unit: str) -> str:
    """A point of a line, seen when it is asked for."""
    return (
        f'<circle class="spot" cx="{x(_at(p)):.1f}" cy="{y(_value(p)):.1f}" r="3" fill-opacity="0" '
        f'data-t="{_says(name, p, unit)}"/>'
    )


def _end_labels(ends: list[tuple[float, str, str, str, float]], box: Box, width: int) -> list[str]:
    """The names and last values at the ends of the lines, moved apart where they would overlap."""
    ends.sort()
    heights = [e[0] for e in ends]
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
    over = max(0.0, max(heights, default=0.0) - (box.bottom + 2))
    out = []
    for (_, colour, name, value, end), h in zip(ends, heights, strict=True):
        start = max(end, box.right) + 8 if name else end + 7
        room = max(6, int((width - start - 2) / _CHAR) - len(value) - 1)
        words = _shortened(name, room)
        text = (
            escape(f"{words} ") if words else ""
        ) + f'<tspan font-weight="600">{escape(value)}</tspan>'
        out.append(
            f'<text x="{start:.1f}" y="{h - over + 4:.1f}" font-size="12" fill="var(--{colour})">{text}</text>'
        )
    return out


def _colours(names: Sequence[str]) -> list[str]:
    """A colour for each group: its state's where no earlier group has it, else the next of the sequence."""
    used: list[str] = []
    for name in names:
        mine = of_group(name)
        spare = (c for c in (*SEQUENCE, "ink", "rule") if c not in used)
        used.append(mine if mine and mine not in used else next(spare))
    return used


# -- things ---------------------------------------------------------------------------------------------------------


def _rows(series: Series, points: Sequence[Point], size: Size) -> str:
    """One row a thing: its value as a dot, its interval as a line."""
    shown = (
        list(points)
        if len(points) <= MOST_ROWS
        else sorted(points, key=lambda p: -math.inf if p.value is None else -p.value)[:MOST_ROWS]
    )
    names = [
        " ".join(
            x
            for x in (
                _label(p.group),
                period(p.period) if len({q.period for q in shown}) > 1 else "",
            )
            if x
        )
        for p in shown
    ]
    values = [v for p in shown for v in (p.value, p.low, *_ends(p, False)) if v is not None]
    values = values or [0.0, 1.0]
    axis = Scale.of(values, series.unit, zero=_from_zero(values))
    left = min(0.45 * size.width, 14 + _CHAR * max(len(n) for n in names))
    box = Box(left, 10, size.width - 70, min(size.height - 26, 14 + 26 * len(shown)))

    def x(value: float) -> float:
        return box.left + box.right - axis.place(value, box.left, box.right)

    out = []
    for tick in axis.ticks:
        out.append(_line(x(tick), box.top, x(tick), box.bottom, "hair", 1))
        out.append(_text(axis.label(tick), x(tick), box.bottom + 17, "middle", "quiet"))
    room = int(left / _CHAR) - 1
    for i, (p, name) in enumerate(zip(shown, names, strict=True)):
        h = box.top + (box.bottom - box.top) * (i + 0.5) / len(shown)
        colour = of_group(p.group) or SEQUENCE[0]
        out.append(
            _text(
                name if len(name) <= room else name[: room - 1] + "…", left - 8, h + 4, "end", "ink"
            )
        )
        out.append(_whisker(p, x, axis, box, h, colour))
        if p.value is None:
            out.append(_text("never", box.right + 14, h + 4, "start", "ink", bold=True))
            continue
        says = _says(p.group, p, series.unit)
        out.append(
            f'<circle cx="{x(p.value):.1f}" cy="{h:.1f}" r="4.5" fill="var(--{colour})" data-t="{says}"/>'
        )
        end = max(x(p.value), x(min(axis.high, p.high)) if p.high is not None else 0.0)
        end = box.right + 6 if p.endless else end
        out.append(
            _text(value_text(p.value, series.unit), end + 8, h + 4, "start", "ink", bold=True)
        )
    return _whole(series, Size(size.width, round(box.bottom + 26)), "".join(out))


def _whisker(p: Point, x: Place, axis: Scale, box: Box, height: float, colour: str) -> str:
    """The interval of a row: a line between its ends, or to the edge where it has no upper end."""
    if p.endless:
        low = p.value if p.low is None else p.low
        return _open_line(x(axis.high if low is None else low), box.right, height, colour)
    if p.low is None and p.high is None:
        return ""
    low = _value(p) if p.low is None else p.low
    high = _value(p) if p.high is None else p.high
    return _line(x(low), height, x(high), height, colour, 3)


def _open_line(left: float, right: float, height: float, colour: str) -> str:
    """An interval without an end: a line to the edge of the box, and an arrow there."""
    line = _line(left, height, right, height, colour, 3)
    return line + (
        f'<path class="open" d="M{right:.1f},{height - 5:.1f} L{right + 9:.1f},{height:.1f} '
        f'L{right:.1f},{height + 5:.1f} Z" fill="var(--{colour})"/>'
    )


# -- strokes --------------------------------------------------------------------------------------------------------


def _at(p: Point) -> float:
    where = at(p.period)
    assert where is not None
    return where


def _value(p: Point) -> float:
    assert p.value is not None
    return p.value


def _shortened(name: str, room: int) -> str:
    """A name in so many characters."""
    return name if len(name) <= room else name[: room - 1].rstrip() + "…"


def _label(name: str) -> str:
    text = group(name)
    return text[:1].upper() + text[1:]


def _width(words: str) -> float:
    """About how wide words are at 12 px."""
    return _CHAR * len(words) + 5 * words.count("%")


def _line(
    x1: float, y1: float, x2: float, y2: float, colour: str, width: float, dash: str = ""
) -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="var(--{colour})" '
        f'stroke-width="{width}"{dashes}/>'
    )


def _path(
    spots: Sequence[tuple[float, float]], colour: str, width: float, dash: str, name: str
) -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    points = "L".join(f"{a:.1f},{b:.1f}" for a, b in spots)
    return (
        f'<path d="M{points}" fill="none" stroke="var(--{colour})" stroke-width="{width}" stroke-linejoin="round"'
        f"{dashes}><title>{escape(_label(name))}</title></path>"
    )


def _text(
    words: str,
    x: float,
    y: float,
    anchor: str,
    colour: str,
    *,
    bold: bool = False,
    small: bool = False,
) -> str:
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{11 if small else 12}" '
        f'fill="var(--{colour})"{weight}>{escape(words)}</text>'
    )


def _whole(series: Series, size: Size, body: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size.width} {size.height}" width="{size.width}" '
        f'height="{size.height}" role="img" aria-label="{escape(description(series))}">{body}</svg>'
    )
