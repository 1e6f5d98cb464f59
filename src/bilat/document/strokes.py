# SPDX-License-Identifier: Apache-2.0
"""Strokes of a chart as SVG: lines, paths and words, the box of a plot and a scale with round ticks."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from bilat.document.blocks import Point
from bilat.document.palette import SEQUENCE, of_group
from bilat.document.typography import typeset
from bilat.document.wording import group, middle, period
from bilat.units.notation import amount_text, interval

Place = Callable[[float], float]


@dataclass(frozen=True)
class Size:
    """Width and height of the drawing in pixels."""

    width: int
    height: int


@dataclass(frozen=True)
class Box:
    """The plot within the drawing, in pixels from its left and its top.

    Words of the scales and of the lines stand outside it.
    """

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Scale:
    """A scale of values with round ticks.

    Attributes
    ----------
    low, high
        its ends, each at a tick
    ticks
        the values at which it has a line
    unit
        of the values, for the words at the ticks
    """

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
        if step < 1 <= high - low and all(float(value).is_integer() for value in values):
            step = 1.0  # nothing that is counted comes in halves
        first = math.floor(low / step + 1e-9)
        last = math.ceil(high / step - 1e-9)
        return cls(first * step, last * step, tuple(step * i for i in range(first, last + 1)), unit)

    def place(self, value: float, top: float, bottom: float) -> float:
        """Return where a value lies between the top and the bottom of a plot.

        A value beyond the scale lies at its end.
        """
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return bottom - share * (bottom - top)

    def label(self, tick: float) -> str:
        """A tick's words."""
        if tick == 0:
            return "0"
        return amount_text(tick, self.unit).replace(" billion", "bn").replace(" million", "m")


def moment_of(point: Point) -> float:
    """Return when a dated point lies, in years.

    A figure of a year lies in its middle, one of a month in the middle of that.
    """
    where = middle(point.period)
    assert where is not None
    return where


def value_of(point: Point) -> float:
    """Return the value of a point that has one."""
    assert point.value is not None
    return point.value


def label_of(name: str) -> str:
    """Return the words for a group, with a capital."""
    text = group(name)
    return text[:1].upper() + text[1:]


def draw_line(
    x1: float, y1: float, x2: float, y2: float, colour: str, width: float, dash: str = ""
) -> str:
    """Return a straight line.

    Parameters
    ----------
    x1, y1
        where it begins
    x2, y2
        where it ends
    colour
        a variable of the page's palette
    width
        in pixels
    dash
        lengths of dash and gap; blank for a whole line
    """
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="var(--{colour})" '
        f'stroke-width="{width}"{dashes}/>'
    )


def draw_path(
    spots: Sequence[tuple[float, float]], colour: str, width: float, dash: str, name: str
) -> str:
    """Return a line through points.

    Parameters
    ----------
    spots
        where they lie, in order
    colour
        a variable of the page's palette
    width
        in pixels
    dash
        lengths of dash and gap; blank for a whole line
    name
        the group, for who points at the line
    """
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    points = "L".join(f"{a:.1f},{b:.1f}" for a, b in spots)
    return (
        f'<path d="M{points}" fill="none" stroke="var(--{colour})" '
        f'stroke-width="{width}" stroke-linejoin="round"'
        f"{dashes}><title>{escape(typeset(label_of(name)))}</title></path>"
    )


def draw_text(
    words: str,
    x: float,
    y: float,
    anchor: str,
    colour: str,
    *,
    bold: bool = False,
    small: bool = False,
) -> str:
    """Return words at a place; what they contain is escaped.

    Parameters
    ----------
    words
        plain text
    x, y
        where they stand
    anchor
        which end of the words stands there: start, middle or end
    colour
        a variable of the page's palette
    bold, small
        how they look
    """
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{11 if small else 12}" '
        f'fill="var(--{colour})"{weight}>{escape(typeset(words))}</text>'
    )


def dated(point: Point, unit: str) -> str:
    """The value of a last point with its date: ``33.4% (2024)``, ``4 (part of 2026)``."""
    value = amount_text(point.value, unit)
    return f"{value} ({date_of(point)})" if point.period else value


def date_of(point: Point) -> str:
    """The period of a point: ``2024``, ``part of 2026``; blank for none."""
    if not point.period:
        return ""
    return f"part of {period(point.period)}" if point.open else period(point.period)


def describe(name: str, point: Point, unit: str) -> str:
    """What a mark stands for: ``Tanks, October 2026: 140% (127% to 156%)``."""
    around = interval(point.low, point.high, unit)
    what = typeset(", ".join(x for x in (label_of(name), period(point.period)) if x))
    return escape(f"{what}: {amount_text(point.value, unit)}" + (f" ({around})" if around else ""))


def colours_of(names: Sequence[str]) -> list[str]:
    """Return a colour for each group.

    It is the colour of its state where no earlier group has it, else the next of the sequence.
    """
    used: list[str] = []
    for name in names:
        mine = of_group(name)
        spare = (c for c in (*SEQUENCE, "ink", "rule") if c not in used)
        used.append(mine if mine and mine not in used else next(spare))
    return used


def interval_ends(point: Point, bars: bool) -> list[float]:
    """The ends of a point's interval, as far as they do not dwarf the point."""
    if point.value is None or bars:
        return []
    return [
        v
        for v in (point.low, point.high)
        if v is not None and abs(v) <= 3 * abs(point.value) + 1e-9
    ]


def starts_at_zero(values: Sequence[float]) -> bool:
    """Levels begin at zero; a narrow range far from it does not."""
    low = min(values)
    high = max(values)
    return low >= 0 and (high - low) > 0.25 * high
