# SPDX-License-Identifier: Apache-2.0
"""The series that a page follows: their last figures, those of the paper's time, their charts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from bilat.catalog import short_producer
from bilat.document import Figure, Point, Series
from bilat.document import wording as words
from bilat.dyad import Dyad
from bilat.errors import Damaged, DataError
from bilat.holdings import Holdings
from bilat.measures import Measurement, ask_for
from bilat.picture.topics import Gauge, gauges, topics
from bilat.units import of_one_year
from bilat.verdicts.evidence import documents
from bilat.verdicts.topics import Between
from bilat.verdicts.topics.treaties import kind_of
from bilat.when import PAPER_DATE, AsOf, Period

#: A change by a smaller share counts as none.
LEAST_CHANGE = 0.1
#: Topics and series about military force: their charts mark the treaties of the two states.
FORCE = frozenset({"arms", "exercises", "troops", "pyongyang", "tehran"})
Direction: TypeAlias = Literal["", "up", "flat", "down"]
#: Days that a chart marks, each with its word.
Marks: TypeAlias = tuple[tuple[dt.date, str], ...]


@dataclass(frozen=True)
class Movement:
    """A series with the periods that a page compares.

    Parameters
    ----------
    last
        the last whole period.
    before
        the whole period before it.
    then
        the last period that was over when the paper was written.
    up, down
        what a rise and a fall mean.
    topic
        the topic whose chart it is.
    """

    id: str
    name: str
    unit: str
    last: Point
    before: Point | None
    then: Point | None
    up: str = ""
    down: str = ""
    topic: str = ""
    series: Series | None = None
    measurement: Measurement | None = None

    @property
    def direction(self) -> Direction:
        """Whether the last period is above, level with or below the one before it."""
        return direction(self.before, self.last)

    @property
    def figures(self) -> tuple[Figure | None, Figure | None, Direction]:
        """The figure when the paper was written, the last one, and the direction between the two.

        The first is None if there has been no period since.
        """
        is_newer = self.then is not None and self.then is not self.last
        then = self._figure(self.then) if self.then and is_newer else None
        return then, self._figure(self.last), direction(self.then, self.last)

    def _figure(self, point: Point) -> Figure:
        m = self.measurement
        return Figure(
            point.value,
            self.unit,
            text=self.written(point),
            subject=m.subject if m else None,
            figure=f"series {self.id}, as known on {m.as_of}: {point.period}" if m else "",
        )

    def written(self, point: Point) -> str:
        """Return a point in words: ``30 million SIPRI points in 2024``, ``33.4% in 2024``."""
        if point.unrecorded:
            return f"none on record in {words.period(point.period)}"
        unit = of_one_year(self.unit) if words.is_year(point.period) else self.unit
        # Money and amounts are rounded to millions or billions; shares and counts are not.
        is_in_full = words.unit_kind(unit) in ("share", "percent", "count", "ratio")
        write = words.value_text if is_in_full else words.figure
        is_day = len(point.period) == len("2024-01-31")
        preposition = "on" if is_day else "in"
        return f"{write(point.value, unit)} {preposition} {words.period(point.period)}"

    def change(self, first: Point, last: Point) -> str:
        """Return a change in words: ``from 30 million SIPRI points in 2024 to 66 million ...``."""
        begins = self.written(first)
        ends = self.written(last)
        unit = _shared_unit(begins, ends)
        return f"from {begins} to {ends.replace(unit, '', 1) if unit else ends}"


def _shared_unit(one: str, other: str) -> str:
    """Return the unit that two dated amounts end with, which need not be said twice."""
    amounts = [re.split(r" (?:in|on) ", text)[0].split() for text in (one, other)]
    shared: list[str] = []
    for word, same in zip(*map(reversed, amounts), strict=False):
        if word != same or word in ("million", "billion") or any(map(str.isdigit, word)):
            break
        shared.insert(0, word)
    return "".join(f" {word}" for word in shared)


def direction(before: Point | None, last: Point) -> Direction:
    """Return whether a figure rose or fell by a tenth or more; blank if there is none before."""
    if before is None or before.value is None or last.value is None:
        return ""
    change = last.value - before.value
    if change == 0 or abs(change) < LEAST_CHANGE * abs(before.value):
        return "flat"
    return "up" if change > 0 else "down"


def movements(dyad: Dyad, as_of: AsOf, holdings: Holdings) -> dict[str, Movement]:
    """Return each followed series of the paper's pair by its id, with the marks of its chart.

    Only those with a whole period that was public on the date are returned.
    """
    found = {}
    for gauge in gauges():
        movement = _measured(gauge, dyad, as_of, holdings)
        if movement is None:
            continue
        if movement.series is not None:
            marks = _marks(gauge, dyad, as_of, holdings)
            movement = replace(movement, series=replace(movement.series, marks=marks))
        found[gauge.id] = movement
    return found


def _marks(gauge: Gauge, dyad: Dyad, as_of: AsOf, holdings: Holdings) -> Marks:
    """Return what the chart of a series marks: documents known at the date, and treaties."""
    known = documents(as_of, holdings)
    marks = [
        (Period(known[name]["period"]).end, word)
        for name, word in gauge.marks.items()
        if name in known
    ]
    if gauge.id in FORCE:
        marks += treaty_marks(_pair_of(gauge, dyad), as_of, holdings)
    return tuple(marks)


def _pair_of(gauge: Gauge, dyad: Dyad) -> Dyad:
    """Return the two states that a series is about: its own, or those of the page."""
    return Dyad(*gauge.pair) if gauge.pair else dyad


def movement_as_of(series: str, dyad: Dyad, as_of: AsOf, holdings: Holdings) -> Movement | None:
    """Return a followed series of the paper's pair as public on a date; None if it was not."""
    for gauge in gauges():
        if gauge.id == series:
            return _measured(gauge, dyad, as_of, holdings)
    return None


def _measured(gauge: Gauge, dyad: Dyad, as_of: AsOf, holdings: Holdings) -> Movement | None:
    """Return the movement of a followed series, without the marks of its chart."""
    pair = _pair_of(gauge, dyad)
    try:
        newest = ask_for(gauge.measure, pair, as_of=as_of, holdings=holdings, **gauge.params)
        earlier = _earlier(gauge, pair, as_of, holdings)
    except DataError:  # nothing of it was public at that date
        return None
    points = _with_earlier(earlier, [p for p in newest.points if _is_shown(p, gauge)], gauge)
    if gauge.sum:
        points = _summed(points, len(gauge.groups))
    elif len(gauge.groups) == 1:
        points = [replace(p, group="") for p in points]
    elif gauge.labels:
        labels = dict(zip(gauge.groups, gauge.labels, strict=True))
        points = [replace(p, group=labels[p.group]) for p in points]
    return _movement(gauge, tuple(points), newest)


def _is_shown(point: Point, gauge: Gauge) -> bool:
    return point.group in gauge.groups and point.value is not None


def _earlier(gauge: Gauge, pair: Dyad, as_of: AsOf, holdings: Holdings) -> list[Point]:
    """Return the points of the older record of a series; none if it declares none."""
    if not gauge.earlier:
        return []
    params = gauge.params | gauge.earlier
    return [*ask_for(gauge.measure, pair, as_of=as_of, holdings=holdings, **params).points]


def _with_earlier(earlier: Iterable[Point], newest: list[Point], gauge: Gauge) -> list[Point]:
    """Return the points of the older record up to where the newest begins, then the newest."""
    old = [p for p in earlier if _is_shown(p, gauge)]
    if newest:
        first = min(p.period for p in newest)
        old = [p for p in old if p.period < first]
    return old + newest


def _summed(points: Iterable[Point], groups: int) -> list[Point]:
    """Return the sum of all groups for each period that has every group."""
    by_period: dict[str, list[Point]] = {}
    for point in points:
        by_period.setdefault(point.period, []).append(point)
    return [_sum_of(parts) for parts in by_period.values() if len(parts) == groups]


def _sum_of(parts: list[Point]) -> Point:
    """Return the sum of the points of one period; it has no interval."""
    return replace(
        parts[0],
        group="",
        value=sum(p.value or 0.0 for p in parts),
        low=None,
        high=None,
        note=_note_of_all(parts),
        revised=any(p.revised for p in parts),
        open=any(p.open for p in parts),
    )


def _note_of_all(points: list[Point]) -> str:
    """Return the note that all points share; a note on one, such as its growth, is left out."""
    notes = {p.note for p in points}
    return notes.pop() if len(notes) == 1 else ""


def _movement(gauge: Gauge, points: tuple[Point, ...], measurement: Measurement) -> Movement | None:
    """Return the movement of the first group of a series; None without a whole period.

    Parameters
    ----------
    points
        the points of the chart, among them those of an older record.
    measurement
        the newest record. The figure of the paper's time is taken from it alone, since figures of
        two records are not compared.
    """
    unit = measurement.unit.reworded(gauge.unit) if gauge.unit else measurement.unit
    is_one_line = len(gauge.groups) == 1 or bool(gauge.sum)
    groups = ("",) if is_one_line else (gauge.labels or gauge.groups)
    compared = [p for p in points if p.group == groups[0] and not p.open]
    if not compared:
        return None
    begins = min((p.period for p in measurement.points), default="")
    series = None
    if gauge.subtitle and len({p.period for p in points}) > 1:
        makers = dict.fromkeys(short_producer(s["producer"]) for s in measurement.sources)
        series = Series(
            gauge.name,
            unit,
            points,
            subtitle=gauge.subtitle,
            focus=groups,
            source="; ".join(makers),
        )
    return Movement(
        gauge.id,
        gauge.name,
        unit,
        last=compared[-1],
        before=compared[-2] if len(compared) > 1 else None,
        then=last_of_papers_time(p for p in compared if p.period >= begins),
        up=gauge.up,
        down=gauge.down,
        topic=next((t.id for t in topics() if t.series == gauge.id), ""),
        series=series,
        measurement=measurement,
    )


def last_of_papers_time(points: Iterable[Point]) -> Point | None:
    """Return the last point whose period was over when the paper was written."""
    limit = words.fraction(PAPER_DATE)
    found = None
    for point in points:
        extent = words.extent(point.period)
        if extent and extent[1] <= limit:
            found = point
    return found


#: The days on which alliances took force, and the duties of each, which its class names.
_TREATIES = (
    "SELECT DISTINCT starts, class AS duties FROM events "
    "WHERE event_type = 'alliance' AND participants IN (?, ?) ORDER BY 1"
)


def treaty_marks(dyad: Dyad, as_of: AsOf, holdings: Holdings) -> Marks:
    """Return the days on which treaties between only these two took force, with what each is."""
    both_orders = (f"{dyad.a};{dyad.b}", f"{dyad.b};{dyad.a}")
    try:
        rows = Between(dyad, as_of, holdings).rows(_TREATIES, *both_orders, needs=("events",))
    except Damaged:
        return ()
    return tuple((day, kind_of(duties or "")) for day, duties in rows if day <= as_of.date)
