# SPDX-License-Identifier: Apache-2.0
"""What a chart shows, said from its own figures: first, last, highest, lowest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bilat.document import wording as words
from bilat.measures import Measurement, Point
from bilat.picture.pages import say


@dataclass(frozen=True)
class Series:
    """One group of a measurement, in order of time, points without a value left out."""

    group: str
    label: str
    points: tuple[Point, ...]
    partial: bool  #: the last period had not ended on the as-of date
    odd: tuple[Point, ...] = ()  #: points for longer or shorter periods than the others: sums, halves
    zero_since: str = ""  #: first of a run of zeros at the beginning that is left out, but for its last

    @property
    def whole(self) -> tuple[Point, ...]:
        """The points whose period had ended."""
        return self.points[:-1] if self.partial and len(self.points) > 1 else self.points


def series(m: Measurement, focus: Sequence[str] = ()) -> list[Series]:
    """The measurement's groups: those in focus first, then the dyad's own, then by the size of the last
    value.

    A run of zeros with which a group begins is cut to its last one. Periods of another length than most
    (a sum over years among years) are kept apart.
    """
    by_group: dict[str, list[Point]] = {}
    for p in m.points:
        if p.value is not None:
            by_group.setdefault(p.group, []).append(p)
    made = []
    for name, points in by_group.items():
        points.sort(key=lambda p: (words.at(p.period) or 0.0, p.period))
        points, odd = _regular(points)
        begin = next((i for i, p in enumerate(points) if p.value != 0 or p.high), len(points))
        zero_since = points[0].period if 3 <= begin < len(points) else ""
        if zero_since:
            points = points[begin - 1 :]
        span = words.extent(points[-1].period)
        partial = span is not None and span[1] > words.fraction(m.as_of.date) + 0.003
        made.append(Series(name, words.group(name), tuple(points), partial, tuple(odd), zero_since))
    first = {group: i for i, group in enumerate(focus)}
    return sorted(made, key=lambda s: (first.get(s.group, len(first)), *_rank(s, m)))


def _regular(points: list[Point]) -> tuple[list[Point], list[Point]]:
    """The points whose periods are as long as most, and the others."""
    lengths = [round((e[1] - e[0]) * 12) if (e := words.extent(p.period)) else 0 for p in points]
    usual = max(set(lengths), key=lambda n: (lengths.count(n), -n))
    if lengths.count(usual) < 2:
        return points, []
    return (
        [p for p, n in zip(points, lengths, strict=True) if n == usual],
        [p for p, n in zip(points, lengths, strict=True) if n != usual],
    )


def _rank(s: Series, m: Measurement) -> tuple[int, float]:
    pair = (f"{m.dyad.a}>{m.dyad.b}", f"{m.dyad.b}>{m.dyad.a}", f"{m.dyad.a}-{m.dyad.b}")
    backward = f"{m.dyad.b}-{m.dyad.a}"
    order: tuple[str, ...] = ("", *pair, backward, m.dyad.a, m.dyad.b)
    place = next((i for i, name in enumerate(order) if s.group == name), len(order))
    if place == len(order) and any(s.group.startswith(name) for name in order[1:]):
        place -= 1
    return place, -abs(s.points[-1].value or 0.0)


def course(s: Series, unit: str) -> str:
    """``down from 1,656 in 2018 to 30 in 2024``: the course of one group, told by its turning points."""
    points = s.whole
    if len(points) == 1:
        return _at(points[0], unit)
    values = [p.value or 0.0 for p in points]
    if max(values) == min(values):
        return say("course", "throughout", words.bare(values[0], unit), *_ends(points))
    told = _shape(points, values, unit)
    if s.partial and len(s.points) > 1:
        p = s.points[-1]
        told = say("course", "so_far", told, words.bare(p.value, unit), words.period(p.period))
    return told


def _shape(points: Sequence[Point], values: list[float], unit: str) -> str:
    """Flat, a peak, a low, up or down."""
    first, last = points[0], points[-1]
    top, bottom = (points[values.index(f(values))] for f in (max, min))
    reach = max(values) - min(values)
    ends = _at(first, unit), _at(last, unit)
    flat = reach < 0.08 * max(abs(v) for v in values)
    if not flat and top not in (first, last) and max(values) - max(values[0], values[-1]) > 0.4 * reach:
        return say("course", "peak", ends[0], _at(top, unit), ends[1])
    if not flat and bottom not in (first, last) and min(values[0], values[-1]) - min(values) > 0.4 * reach:
        return say("course", "low", ends[0], _at(bottom, unit), ends[1])
    step = values[-1] - values[0]
    if flat or abs(step) < 0.2 * reach or abs(step) < 0.05 * max(abs(values[0]), abs(values[-1])):
        low, high = words.bare(min(values), unit), words.bare(max(values), unit)
        return say("course", "between", low, high, *_ends(points), ends[1])
    return say("course", "up" if step > 0 else "down", *ends)


def _at(p: Point, unit: str) -> str:
    kind = "none" if words.at(p.period) is None else "day" if len(p.period) == 10 else "period"
    return say("course", "at", words.bare(p.value, unit), words.period(p.period), kind)


def _ends(points: Sequence[Point]) -> tuple[str, str]:
    return words.period(points[0].period), words.period(points[-1].period)


def finding(m: Measurement, shown: Sequence[Series] | None = None, *, most: int = 2) -> str:
    """The title of a chart: the course of its leading groups, or the ranking of a single period."""
    drawn = list(shown) if shown is not None else series(m)
    if not drawn:
        return say("course", "nothing", m.title, m.as_of.date)
    periods = {p.period for s in drawn for p in (*s.points, *s.odd)}
    if len(periods) == 1:
        when = words.period(next(iter(periods)))
        best = sorted(drawn, key=lambda s: -(s.points[-1].value or 0.0))
        parts = [f"{s.label or m.title} {words.bare(s.points[-1].value, m.unit)}" for s in best[:4]]
        if len(parts) == 1:
            return words.sentence(say("course", "single", parts[0], when)).rstrip(".")
        return say("course", "ranking", parts, when)
    told = [f"{s.label or m.title}: {course(s, m.unit)}" for s in drawn[:most]]
    return words.sentence("; ".join(told)).rstrip(".")


def alt(m: Measurement, shown: Sequence[Series] | None = None, told: str = "") -> str:
    """Alternative text: the finding (``told``, else the course), then the range of every group drawn."""
    drawn = list(shown) if shown is not None else series(m)
    ranges = []
    for s in drawn[:9]:
        low, high = (words.bare(f(p.value or 0.0 for p in s.points), m.unit) for f in (min, max))
        ranges.append(
            f"{s.label or m.title} {low}" if low == high else f"{s.label or m.title} {low} to {high}"
        )
    title = m.title[:1].lower() + m.title[1:]
    return say(
        "course", "alt", title, words.unit_name(m.unit), words.sentence(told or finding(m, drawn)), ranges
    )
