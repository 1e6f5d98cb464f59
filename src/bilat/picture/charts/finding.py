# SPDX-License-Identifier: Apache-2.0
"""What a chart shows, said from its own figures: first, last, highest, lowest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bilat.measures import Measurement, Point
from bilat.picture import words


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

    def said(p: Point) -> str:
        return f"{words.bare(p.value, unit)} {_when(p)}"

    if len(points) == 1:
        return said(points[0])
    values = [p.value or 0.0 for p in points]
    first, last = points[0], points[-1]
    top = points[values.index(max(values))]
    bottom = points[values.index(min(values))]
    reach = max(values) - min(values)
    if reach == 0:
        return f"{words.bare(values[0], unit)} throughout, {_span(first, last)}"
    step = (values[-1] - values[0]) / reach
    tail = f" ({_so_far(s, unit)})" if s.partial and len(s.points) > 1 else ""
    flat = reach < 0.08 * max(abs(v) for v in values)
    if flat:
        told = _between(values, first, last, unit)
    elif top not in (first, last) and max(values) - max(values[0], values[-1]) > 0.4 * reach:
        told = f"from {said(first)} to a peak of {said(top)}, then {said(last)}"
    elif bottom not in (first, last) and min(values[0], values[-1]) - min(values) > 0.4 * reach:
        told = f"from {said(first)} to a low of {said(bottom)}, then {said(last)}"
    elif abs(step) < 0.2 or abs(values[-1] - values[0]) < 0.05 * max(abs(values[0]), abs(values[-1])):
        told = _between(values, first, last, unit)
    else:
        told = f"{'up' if step > 0 else 'down'} from {said(first)} to {said(last)}"
    return told + tail


def _between(values: list[float], first: Point, last: Point, unit: str) -> str:
    low, high = words.bare(min(values), unit), words.bare(max(values), unit)
    return (
        f"between {low} and {high}, {_span(first, last)}; last {words.bare(last.value, unit)} {_when(last)}"
    )


def _so_far(s: Series, unit: str) -> str:
    p = s.points[-1]
    return f"{words.bare(p.value, unit)} in {words.period(p.period)} to date"


def _when(p: Point) -> str:
    text = words.period(p.period)
    if words.at(p.period) is None:
        return f"({text})"
    return f"on {text}" if len(p.period) == 10 else f"in {text}"


def _span(first: Point, last: Point) -> str:
    return f"{words.period(first.period)} to {words.period(last.period)}"


def finding(m: Measurement, shown: Sequence[Series] | None = None, *, most: int = 2) -> str:
    """The title of a chart: the course of its leading groups, or the ranking of a single period."""
    drawn = list(shown) if shown is not None else series(m)
    if not drawn:
        return f"{m.title}: no figure as of {words.day(m.as_of.date)}"
    periods = {p.period for s in drawn for p in (*s.points, *s.odd)}
    if len(periods) == 1:
        when = words.period(next(iter(periods)))
        best = sorted(drawn, key=lambda s: -(s.points[-1].value or 0.0))
        parts = [f"{s.label or m.title} {words.bare(s.points[-1].value, m.unit)}" for s in best[:4]]
        if len(parts) == 1:
            return words.sentence(f"{parts[0]} ({when})").rstrip(".")
        return f"Highest: {parts[0]} ({when}), then {words.joined(parts[1:])}"
    told = [f"{s.label or m.title}: {course(s, m.unit)}" for s in drawn[:most]]
    return words.sentence("; ".join(told)).rstrip(".")


def alt(m: Measurement, shown: Sequence[Series] | None = None) -> str:
    """Alternative text: the finding, then the range of every group drawn."""
    drawn = list(shown) if shown is not None else series(m)
    ranges = []
    for s in drawn[:9]:
        values = [p.value or 0.0 for p in s.points]
        low, high = min(values), max(values)
        spread = (
            words.bare(low, m.unit)
            if low == high
            else f"{words.bare(low, m.unit)} to {words.bare(high, m.unit)}"
        )
        ranges.append(f"{s.label or m.title} {spread}")
    kind = f"Chart of {m.title[:1].lower() + m.title[1:]}, in {words.unit_name(m.unit)}"
    return f"{kind}. {words.sentence(finding(m, drawn))} Range: {'; '.join(ranges) or 'none'}."
