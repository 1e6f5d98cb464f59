# SPDX-License-Identifier: Apache-2.0
"""An answer and how it is built: points with the rows behind them, and what follows from those rows.

A measure makes one with ``out = ask.answer(…)`` and never writes lineage itself. The builder joins rows to
points by the columns ``point`` and ``grp``, and from the rows sets ``revised`` (a later edition stands in),
``open`` (the period is not over at the as-of date) and ``data_to`` (the last day that the rows speak of).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, runtime_checkable

import pyarrow as pa

from bilat.document.blocks import Point
from bilat.document.interval import Interval
from bilat.dyad import Dyad
from bilat.errors import UsageError
from bilat.holdings import Holdings
from bilat.subject import State, Subject
from bilat.units import Unit
from bilat.when import AsOf, Period, Window

#: The mark in the note of a point some of whose rows come from an edition later than the as-of date.
REVISED = "revised later"
#: What every row behind a point carries, whatever its table.
LINEAGE = pa.schema(
    [
        ("point", pa.string()),
        ("grp", pa.string()),
        ("period", pa.string()),
        ("locator", pa.string()),
        ("known_on", pa.date32()),
        ("known_basis", pa.string()),
        ("source", pa.string()),
        ("snapshot", pa.string()),
        ("part_row", pa.int64()),
        ("vintage", pa.date32()),
        ("revised_later", pa.bool_()),
    ]
)
_NEEDED = ("source", "snapshot", "locator", "known_on", "revised_later")


@runtime_checkable
class Bounded(Protocol):
    """A value with its bounds, as :class:`bilat.statistics.ConfidenceInterval` is."""

    @property
    def value(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...


class Answer:
    """What a measure answers. ``note`` says what the answer cannot show; ``interval`` and ``unit`` stand in for the
    measure's own where they depend on the answer, ``intervals`` for that of a group that has another."""

    def __init__(
        self,
        ask: Ask,
        rows: pa.Table | None = None,
        note: str = "",
        interval: Interval | None = None,
        unit: Unit | str = "",
    ) -> None:
        self.points: list[Point] = []
        self.note = note
        self.interval = interval
        self.unit = unit
        self.intervals: dict[str, Interval] = {}
        #: the last day that the record looked through speaks of, where that is known and not the last row's
        self.record_to: dt.date | None = None
        #: what the answer is about, where the measure says so; None for what it declares
        self.subject: Subject | None = None
        self._ask = ask
        self._parts: list[pa.Table] = []
        self._absent: set[tuple[str, str]] = set()
        if rows is not None:
            self.take(rows)

    def take(self, rows: pa.Table) -> None:
        """Take rows that say in ``point`` and ``grp`` which point they are behind."""
        if rows.num_rows:
            missing = {"point", "grp", *_NEEDED} - set(rows.column_names)
            if missing:
                raise AssertionError(f"a measure's rows must carry {', '.join(sorted(missing))}")
        self._parts.append(rows)

    def about(self, *codes: str) -> Answer:
        """Say which states of the pair the answer covers, and return the answer."""
        pair = self._ask.dyad
        found = [code for code in dict.fromkeys(codes) if code]
        self.subject = pair if set(found) == set(pair.states) or not found else State(*found)
        return self

    @property
    def rows(self) -> pa.Table:
        """The rows taken so far."""
        return _joined(self._parts)

    def add(self, other: Answer) -> None:
        """Add the points and rows of another answer."""
        self.points += other.points
        self._parts += other._parts
        self._absent |= other._absent
        self.intervals |= other.intervals

    def point(
        self,
        period: str | int | Window,
        value: float | Bounded | None,
        *,
        group: str = "",
        low: float | None = None,
        high: float | None = None,
        kind: str = "derived",
        rows: pa.Table | None = None,
        note: str = "",
        scale: float = 1.0,
        open: bool = False,
    ) -> None:
        """Add a point.

        Parameters
        ----------
        value
            a number, or an interval with ``value``, ``low`` and ``high``.
        rows
            the rows behind it; None where rows taken already carry its period and group.
        scale
            what value and bounds are multiplied by, as 100 for percent.
        open
            whether the source calls the period incomplete: shown, and never a whole period, as one that is not over.
        """
        if isinstance(value, Bounded):
            low = value.low
            high = value.high
            value = value.value
        at = str(period)
        bounds = _scaled(low, scale), _scaled(high, scale)
        self.points.append(
            Point(at, _scaled(value, scale), *bounds, kind=kind, group=group, note=note, open=open)
        )
        if rows is not None:
            self.take(labelled(rows, at, group))

    def counted(
        self,
        period: str | int | Window,
        n: int,
        around: Bounded | None = None,
        *,
        group: str = "",
        kind: str = "reported",
        rows: pa.Table | None = None,
        note: str = "",
    ) -> None:
        """Add a count of rows, with the interval of its rate where there is one; none is an absence."""
        low, high = (around.low, around.high) if around else (None, None)
        if n:
            self.point(period, n, low=low, high=high, group=group, kind=kind, rows=rows, note=note)
        else:
            self.absent(period, low=low, high=high, group=group, kind=kind, note=note)

    def published(self, rows: pa.Table, *, scale: float = 1.0, kind: str = "reported") -> None:
        """Take rows of published figures, with ``value`` and ``when_text`` beside ``point`` and ``grp``, and
        add a point for each such pair; where figures conflict the point is the middle of their band."""
        self.take(rows)
        figures: dict[tuple[str, str], list[tuple[float, str]]] = {}
        columns = (rows[c].to_pylist() for c in ("point", "grp", "value", "when_text"))
        for at, group, value, when in zip(*columns, strict=True):
            figures.setdefault((str(at), group or ""), []).append((float(value), when or ""))
        for (at, group), given in figures.items():
            values = [v for v, _ in given]
            low = min(values)
            high = max(values)
            band = low < high
            notes = [
                given[0][1] if given[0][1] != at else "",
                f"{len(given)} figures, middle of the band shown" if band else "",
            ]
            self.point(
                at,
                (low + high) / 2,
                low=low if band else None,
                high=high if band else None,
                group=group,
                kind=kind,
                note="; ".join(n for n in notes if n),
                scale=scale,
            )

    def absent(
        self,
        period: str | int | Window,
        *,
        note: str = "",
        group: str = "",
        kind: str = "derived",
        low: float | None = None,
        high: float | None = None,
        unrecorded: bool = False,
    ) -> None:
        """Add a zero that rests on there being no row, in a period that the record covers.

        ``unrecorded``: the record lists what its publisher found, so that no row is not zero. The
        value is still zero for sums; a reader is told that nothing is on record.
        """
        at = str(period)
        self.points.append(Point(at, 0.0, low, high, kind, group, note, unrecorded=unrecorded))
        self._absent.add((at, group))

    def each(
        self,
        rows: pa.Table,
        value: str,
        *,
        low: str = "NULL",
        high: str = "NULL",
        kind: str = "derived",
        note: str = "''",
        where: str = "TRUE",
        scale: float = 1.0,
        bounds: Callable[[float], Bounded] | None = None,
        skip_null: bool = False,
        skip_flat: bool = False,
    ) -> None:
        """Take rows with ``point`` and ``grp``, and add one point for each such pair, in one query.

        ``value``, ``low``, ``high`` and ``note`` are SQL aggregates over the rows of a point;
        ``bounds`` gives low and high of a value instead. With ``skip_null`` a point without a value is left
        out, with ``skip_flat`` bounds that are one figure.
        """
        self.take(rows)
        for p in self._ask.grouped(
            rows, value, low=low, high=high, kind=kind, note=note, where=where
        ):
            if p.value is None and skip_null:
                continue
            if skip_flat and p.low == p.high:
                p = replace(p, low=None, high=None)
            if bounds is not None and p.value is not None:
                around = bounds(p.value)
                p = replace(p, low=around.low, high=around.high)
            low_ = _scaled(p.low, scale)
            high_ = _scaled(p.high, scale)
            self.points.append(replace(p, value=_scaled(p.value, scale), low=low_, high=high_))

    def fill(
        self,
        periods: Iterable[str | int],
        *,
        note: str,
        groups: Sequence[str] | None = None,
        kind: str = "derived",
        low: float | None = None,
        high: float | None = None,
        unrecorded: bool = False,
    ) -> None:
        """Put an absence at each of ``periods`` in which a group has no point, and all points in order of time.

        Without ``groups`` each group that has a point is filled from its first one on; with them, each of
        them throughout.
        """
        asked = [str(p) for p in periods]
        has = {(p.group, p.period): p for p in self.points}
        order = list(dict.fromkeys([*(groups or ()), *(p.group for p in self.points)]))
        self.points = []
        for group in order:
            mine = [p for g, p in has if g == group]
            for period in sorted({*asked, *mine}):
                if (group, period) in has:
                    self.points.append(has[group, period])
                elif group in groups if groups is not None else period >= min(mine):
                    self.absent(
                        period,
                        note=note,
                        group=group,
                        kind=kind,
                        low=low,
                        high=high,
                        unrecorded=unrecorded,
                    )

    def or_missing(self, reason: str) -> Answer:
        """The answer, with the reason why it is empty where it has no point."""
        return self if self.points else self.missing(reason)

    def missing(self, reason: str) -> Answer:
        """The answer as it is, with the reason why there is nothing (more) in it: ``return out.missing(…)``."""
        self.note = "; ".join(n for n in (reason, self.note) if n)
        return self

    def finish(self) -> tuple[tuple[Point, ...], pa.Table, dt.date | None]:
        """Points with ``revised`` set, the rows behind them, and the last day the rows speak of.

        Raises
        ------
        AssertionError
            for a point without a row behind it that is not an absence.
        """
        rows = self.rows
        revised = revised_by_point(rows)
        points = []
        for p in self.points:
            later = revised.get((p.period, p.group))
            if later is None and (p.period, p.group) not in self._absent:
                raise AssertionError(
                    f"no row stands behind the point {p.period} {p.group}".rstrip()
                )
            note = "; ".join(n for n in (p.note, REVISED if later else "") if n)
            points.append(replace(p, note=note, revised=bool(later)))
        return tuple(points), rows, data_to(rows)


@dataclass(frozen=True)
class Ask:
    """What a measure is asked: dyad, as-of date, parameters; and the as-of views to answer from.

    ``rests`` says what an answer rests on beside the rows of the views: ``date`` once the as-of date was read,
    ``holdings`` once the holdings were.
    """

    dyad: Dyad
    _as_of: AsOf
    params: Mapping[str, object]
    _holdings: Holdings
    rests: set[str] = field(default_factory=set, compare=False)

    @property
    def as_of(self) -> AsOf:
        """The as-of date."""
        self.rests.add("date")
        return self._as_of

    @property
    def holdings(self) -> Holdings:
        """All that is held."""
        self.rests.add("holdings")
        return self._holdings

    def at(self, as_of: AsOf) -> Ask:
        """The same question as of another date."""
        return Ask(self.dyad, as_of, self.params, self.holdings)

    def answer(
        self,
        rows: pa.Table | None = None,
        note: str = "",
        interval: Interval | None = None,
        unit: Unit | str = "",
    ) -> Answer:
        """A new answer, with rows that say in ``point`` and ``grp`` which point they are behind."""
        return Answer(self, rows, note, interval, unit)

    def rows(self, sql: str, *values: Any, **tables: pa.Table) -> pa.Table:
        """Rows of an as-of view, with their provenance; ? are bound, Arrow tables are given by name."""
        result = self.query(sql, *values, **tables)
        missing = set(_NEEDED) - set(result.column_names)
        if missing:
            raise AssertionError(f"a measure's rows must carry {', '.join(sorted(missing))}")
        return result

    def query(self, sql: str, *values: Any, **tables: pa.Table) -> pa.Table:
        """Any query on the as-of views, and on Arrow tables given by name, as Arrow."""
        cursor = self._holdings.connect(self._as_of).connection.cursor()
        try:
            for name, table in tables.items():
                cursor.register(name, table)
            return cursor.sql(sql, params=list(values)).to_arrow_table()
        finally:
            cursor.close()

    def grouped(
        self,
        rows: pa.Table,
        value: str,
        *,
        low: str = "NULL",
        high: str = "NULL",
        kind: str = "derived",
        note: str = "''",
        where: str = "TRUE",
    ) -> list[Point]:
        """One point per (point, grp) of ``rows``; the texts are SQL aggregates over the rows of a point."""
        result = self.query(
            f"SELECT CAST(point AS VARCHAR) AS at, CAST({value} AS DOUBLE) AS v, CAST({low} AS DOUBLE) AS lo, "
            f"CAST({high} AS DOUBLE) AS hi, coalesce(grp, '') AS g, {note} AS note "
            f"FROM measured_rows WHERE {where} GROUP BY point, grp ORDER BY grp, point",
            measured_rows=rows,
        )
        columns = (result[c].to_pylist() for c in ("at", "v", "lo", "hi", "g", "note"))
        return [
            Point(at, v, lo, hi, kind, group, text or "")
            for at, v, lo, hi, group, text in zip(*columns, strict=True)
        ]


def _scaled(value: float | None, scale: float) -> float | None:
    return None if value is None else scale * value if scale != 1 else float(value)


def labelled(
    rows: pa.Table,
    point: str | Sequence[str] | None = None,
    group: str | Sequence[str] | None = None,
) -> pa.Table:
    """The rows with the period and the group of the point that they are behind: one text for all of them,
    or one for each row; None leaves what they have."""
    for column, text in (("point", point), ("grp", group)):
        if text is None:
            continue
        one = isinstance(text, str)
        values = (
            pa.repeat(pa.scalar(text, pa.string()), rows.num_rows)
            if one
            else pa.array(text, pa.string())
        )
        at = rows.schema.get_field_index(column)
        rows = rows.append_column(column, values) if at < 0 else rows.set_column(at, column, values)
    return rows


def _joined(parts: Sequence[pa.Table]) -> pa.Table:
    some = [p for p in parts if p.num_rows]
    if some:
        return some[0] if len(some) == 1 else pa.concat_tables(some, promote_options="default")
    return parts[0] if parts else LINEAGE.empty_table()


def revised_by_point(rows: pa.Table) -> dict[tuple[str, str], bool]:
    """(period, group) -> whether any row behind that point comes from a later edition."""
    if not rows.num_rows:
        return {}
    keys = rows.select(["point", "grp", "revised_later"])
    seen = keys.group_by(["point", "grp"]).aggregate([("revised_later", "max")]).to_pylist()
    marks: dict[tuple[str, str], bool] = {}
    for r in seen:
        key = str(r["point"]), r["grp"] or ""
        marks[key] = marks.get(key, False) or bool(r["revised_later_max"])
    return marks


def data_to(rows: pa.Table) -> dt.date | None:
    """The last day that rows speak of: the end of their last period, or the day they were known if earlier."""
    if not rows.num_rows or "period" not in rows.column_names:
        return None
    last = rows.select(["period", "known_on"]).group_by(["period"]).aggregate([("known_on", "max")])
    days = [
        min(Period(r["period"]).end, r["known_on_max"]) for r in last.to_pylist() if r["period"]
    ]
    return max(days, default=None)


def is_open(period: str, as_of: AsOf) -> bool:
    """Whether a point's period, a window's last one, is not over at the as-of date."""
    try:
        last = Window.parse(period).last
        return bool(last) and Period(last).end > as_of.date
    except UsageError:
        return False


def whole(points: Iterable[Point]) -> list[Point]:
    """The points whose periods are over: what a mean over years may be taken of."""
    return [p for p in points if not p.open]
