# SPDX-License-Identifier: Apache-2.0
"""The answer of a measure: points, and the rows behind each.

A measure makes one with ``out = ask.answer(…)`` and does not write lineage itself. Rows are joined
to points by the columns ``point`` and ``grp``. :meth:`Answer.finish` sets from the rows whether a
point is ``revised``, and the last day of the data; ``open`` depends on the date of the reader and
is set by :mod:`bilat.measures.answer_cache`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar, runtime_checkable

import pyarrow as pa

from bilat.document.blocks import Point
from bilat.document.interval import Interval
from bilat.dyad import Dyad
from bilat.errors import UsageError
from bilat.holdings import Holdings, Selection
from bilat.measures.query_cache import result_of
from bilat.subject import State, Subject
from bilat.units import Unit
from bilat.when import AsOf, Period, Window

_Made = TypeVar("_Made")
#: The note of a point that has rows from an edition later than the as-of date.
REVISED = "revised later"
#: The columns of lineage, in the rows of every table.
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
#: The columns without which a row has no lineage.
_REQUIRED = ("source", "snapshot", "locator", "known_on", "revised_later")


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
    """The answer of a measure.

    Attributes
    ----------
    points
        its figures.
    note
        what the answer cannot show.
    interval, unit
        those of this answer, if they differ from the measure's own.
    intervals
        the intervals of single groups, by group, if they differ from ``interval``.
    record_to
        the last day that the searched record covers, if it is known. The last row may be of an
        earlier day.
    subject
        what the answer is about, if that differs from the measure's declaration.
    """

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
        self.record_to: dt.date | None = None
        self.subject: Subject | None = None
        self._ask = ask
        self._parts: list[pa.Table] = []
        #: The (period, group) of the points that need no row behind them.
        self._absent: set[tuple[str, str]] = set()
        if rows is not None:
            self.take(rows)

    def take(self, rows: pa.Table) -> None:
        """Add rows whose columns ``point`` and ``grp`` name the point they are behind."""
        if rows.num_rows:
            _assert_columns(rows, {"point", "grp", *_REQUIRED})
        self._parts.append(rows)

    def about(self, *codes: str) -> Answer:
        """Set the states that the answer covers as its subject, and return the answer.

        Without a code, or with both states of the pair, the subject is the pair.
        """
        pair = self._ask.dyad
        covered = [code for code in dict.fromkeys(codes) if code]
        is_pair = not covered or set(covered) == set(pair.states)
        self.subject = pair if is_pair else State(*covered)
        return self

    @property
    def rows(self) -> pa.Table:
        """The rows added so far."""
        return _joined(self._parts)

    def add(self, other: Answer) -> None:
        """Add the points, rows and intervals of another answer, but not its note or subject."""
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
            the rows behind it; None if rows with its period and group were added already.
        scale
            the factor for value and bounds, as 100 for percent.
        open
            whether the source calls the period incomplete. Such a point is shown, and left out
            where only whole periods count.
        """
        if isinstance(value, Bounded):
            low = value.low
            high = value.high
            value = value.value
        point = Point(
            period=str(period),
            value=_scaled(value, scale),
            low=_scaled(low, scale),
            high=_scaled(high, scale),
            kind=kind,
            group=group,
            note=note,
            open=open,
        )
        self.points.append(point)
        if rows is not None:
            self.take(labelled(rows, point.period, group))

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
        """Add a count of rows as a point; a count of zero is an absence (:meth:`absent`).

        Parameters
        ----------
        around
            an interval whose bounds are those of the point.
        """
        low = around.low if around else None
        high = around.high if around else None
        if n:
            self.point(period, n, low=low, high=high, group=group, kind=kind, rows=rows, note=note)
        else:
            self.absent(period, low=low, high=high, group=group, kind=kind, note=note)

    def published(self, rows: pa.Table, *, scale: float = 1.0, kind: str = "reported") -> None:
        """Add rows of published figures, and a point for each period and group.

        The rows have the columns ``value`` and ``when_text`` (the period in the publisher's words)
        next to ``point`` and ``grp``. Where figures conflict, the point is the middle of their
        range.
        """
        self.take(rows)
        figures: dict[tuple[str, str], list[tuple[float, str]]] = {}
        columns = (rows[c].to_pylist() for c in ("point", "grp", "value", "when_text"))
        for period, group, value, words in zip(*columns, strict=True):
            key = (str(period), group or "")
            figures.setdefault(key, []).append((float(value), words or ""))
        for (period, group), reported in figures.items():
            values = [value for value, _ in reported]
            low = min(values)
            high = max(values)
            notes = []
            period_in_words = reported[0][1]
            if period_in_words != period:
                notes.append(period_in_words)
            if low < high:
                notes.append(f"{len(reported)} figures, middle of the band shown")
            self.point(
                period,
                (low + high) / 2,
                low=low if low < high else None,
                high=high if low < high else None,
                group=group,
                kind=kind,
                note="; ".join(filter(None, notes)),
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
        """Add a zero for a period that the record covers without a row.

        ``unrecorded`` is for a record that is incomplete, as one of what its publisher happened to
        find: the zero counts in sums, and readers see "none on record".
        """
        point = Point(
            period=str(period),
            value=0.0,
            low=low,
            high=high,
            kind=kind,
            group=group,
            note=note,
            unrecorded=unrecorded,
        )
        self.points.append(point)
        self._absent.add((point.period, group))

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
        """Add rows, and a point for each pair of ``point`` and ``grp``.

        Parameters
        ----------
        value, low, high, note
            SQL aggregates over the rows of a point.
        where
            an SQL condition on the rows that count.
        bounds
            returns low and high of a value, in place of ``low`` and ``high``.
        skip_null
            whether a point without a value is left out.
        skip_flat
            whether bounds are left out where low equals high.
        """
        self.take(rows)
        points = self._ask.grouped(
            rows, value, low=low, high=high, kind=kind, note=note, where=where
        )
        for p in points:
            if p.value is None and skip_null:
                continue
            lower = p.low
            upper = p.high
            if skip_flat and lower == upper:
                lower = upper = None
            if bounds is not None and p.value is not None:
                interval = bounds(p.value)
                lower = interval.low
                upper = interval.high
            self.points.append(
                replace(
                    p,
                    value=_scaled(p.value, scale),
                    low=_scaled(lower, scale),
                    high=_scaled(upper, scale),
                )
            )

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
        """Add an absence for each of ``periods`` without a point, and sort each group by period.

        Parameters
        ----------
        groups
            the groups that are filled, in all periods; they come first in the answer. None fills
            every group that has a point, from its first point on.
        """
        wanted = [str(period) for period in periods]
        points = {(p.group, p.period): p for p in self.points}
        order = list(dict.fromkeys([*(groups or ()), *(p.group for p in self.points)]))
        self.points = []
        for group in order:
            present = [period for name, period in points if name == group]
            for period in sorted({*wanted, *present}):
                is_filled = period >= min(present) if groups is None else group in groups
                if (group, period) in points:
                    self.points.append(points[group, period])
                elif is_filled:
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
        """Return the answer; if it has no point, put the reason before its note."""
        return self if self.points else self.missing(reason)

    def missing(self, reason: str) -> Answer:
        """Put the reason for what is missing before the note, and return the answer."""
        self.note = "; ".join(filter(None, (reason, self.note)))
        return self

    def finish(self) -> tuple[tuple[Point, ...], pa.Table, dt.date | None]:
        """Return the points with ``revised`` set, the rows behind them, and the last day of the data.

        Raises
        ------
        AssertionError
            for a point without a row behind it that is not an absence.
        """
        rows = self.rows
        revised = revised_by_point(rows)
        points = []
        for p in self.points:
            key = (p.period, p.group)
            if key not in revised and key not in self._absent:
                raise AssertionError(f"no row is behind the point {p.period} {p.group}".rstrip())
            is_revised = revised.get(key, False)
            note = "; ".join(filter(None, (p.note, REVISED if is_revised else "")))
            points.append(replace(p, note=note, revised=is_revised))
        return tuple(points), rows, data_to(rows)


@dataclass(frozen=True)
class Ask:
    """A question to a measure, with the holdings as of a date to answer it from.

    Attributes
    ----------
    rests
        what the answer depends on besides the rows of its tables: "date" after the measure has read
        :attr:`as_of`, "holdings" after it has read :attr:`holdings`. The cache of answers stores
        them. A query adds nothing, since the cache compares the rows that are public anyway.
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
        """The stored records."""
        self.rests.add("holdings")
        return self._holdings

    def at(self, as_of: AsOf) -> Ask:
        """Return the same question as of another date.

        The answer then depends on the holdings, since its date has other rows. What the new
        question reads is not recorded in this one.
        """
        return Ask(self.dyad, as_of, self.params, self.holdings)

    def answer(
        self,
        rows: pa.Table | None = None,
        note: str = "",
        interval: Interval | None = None,
        unit: Unit | str = "",
    ) -> Answer:
        """Return a new answer, with rows as for :meth:`Answer.take`."""
        return Answer(self, rows, note=note, interval=interval, unit=unit)

    def rows(self, sql: str, *values: Any, **tables: pa.Table) -> pa.Table:
        """Run a query as :meth:`query`, and check that its rows have their lineage."""
        result = self.query(sql, *values, **tables)
        _assert_columns(result, set(_REQUIRED))
        return result

    def query(self, sql: str, *values: Any, **tables: pa.Table) -> pa.Table:
        """Run a query on the as-of views, with ``values`` for ``?`` and Arrow tables by name.

        Raises
        ------
        AssertionError
            if it names a source that the measure does not declare.
        """
        if not tables:
            return self.result(_same, sql, *values)
        self._assert_within(sql, values)
        return self._run(sql, values, tables)

    def result(self, make: Callable[[pa.Table], _Made], sql: str, *values: Any) -> _Made:
        """Return what a function makes of the rows of a query.

        It is made once of the same rows, whichever measure asks, as of whichever date.

        Parameters
        ----------
        make
            a function of a module, which depends on nothing but the rows. Nobody changes what it
            returns.
        """
        self._assert_within(sql, values)
        made: _Made = result_of(
            make,
            lambda: self._run(sql, values, {}),
            self._holdings,
            self._as_of,
            (sql, values),
        )
        return made

    def _assert_within(self, sql: str, values: Sequence[Any]) -> None:
        """Check that a query names no source that the measure does not declare."""
        if isinstance(self._holdings, Selection):
            self._holdings.assert_within(sql, values)

    def _run(self, sql: str, values: Sequence[Any], tables: Mapping[str, pa.Table]) -> pa.Table:
        """Run a query on the as-of views, as :meth:`query`."""
        cursor = self._holdings.connect(self._as_of, sql).connection.cursor()
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
        """Return one point per (point, grp) of ``rows``; the texts are SQL aggregates."""
        result = self.query(
            f"""
            SELECT CAST(point AS VARCHAR) AS period_, CAST({value} AS DOUBLE) AS value_,
                   CAST({low} AS DOUBLE) AS low_, CAST({high} AS DOUBLE) AS high_,
                   coalesce(grp, '') AS group_, {note} AS note_
            FROM measured_rows WHERE {where} GROUP BY point, grp ORDER BY grp, point""",
            measured_rows=rows,
        )
        return [
            Point(
                period=row["period_"],
                value=row["value_"],
                low=row["low_"],
                high=row["high_"],
                kind=kind,
                group=row["group_"],
                note=row["note_"] or "",
            )
            for row in result.to_pylist()
        ]


def _same(rows: pa.Table) -> pa.Table:
    return rows


def _assert_columns(rows: pa.Table, required: set[str]) -> None:
    missing = required - set(rows.column_names)
    if missing:
        raise AssertionError(f"a measure's rows must carry {', '.join(sorted(missing))}")


def _scaled(value: float | None, scale: float) -> float | None:
    """Return a value times a scale; a scale of one leaves its last digits as they are."""
    if value is None:
        return None
    return float(value) if scale == 1 else scale * value


def labelled(
    rows: pa.Table,
    point: str | Sequence[str] | None = None,
    group: str | Sequence[str] | None = None,
) -> pa.Table:
    """Return rows with the period and the group of the point that they are behind.

    Each is one text for all rows, or a text for each row; None leaves the column as it is.
    """
    for column, text in (("point", point), ("grp", group)):
        if text is None:
            continue
        if isinstance(text, str):
            values = pa.repeat(pa.scalar(text, pa.string()), rows.num_rows)
        else:
            values = pa.array(text, pa.string())
        rows = _with_column(rows, column, values)
    return rows


def _with_column(rows: pa.Table, name: str, values: pa.Array) -> pa.Table:
    """Return a table with a column set, or added as its last."""
    place = rows.schema.get_field_index(name)
    if place < 0:
        return rows.append_column(name, values)
    return rows.set_column(place, name, values)


def _joined(parts: Sequence[pa.Table]) -> pa.Table:
    """Return one table of all parts that have rows; an empty one has the columns of the first."""
    filled = [part for part in parts if part.num_rows]
    if not filled:
        return parts[0] if parts else LINEAGE.empty_table()
    if len(filled) == 1:
        return filled[0]
    return pa.concat_tables(filled, promote_options="default")


def revised_by_point(rows: pa.Table) -> dict[tuple[str, str], bool]:
    """Return for each (period, group) whether a row behind it is from a later edition."""
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
    """Return the last day that rows tell of; None without a period.

    A row tells of its period up to its end, or up to the day on which the row became public if that
    is earlier.
    """
    if not rows.num_rows or "period" not in rows.column_names:
        return None
    last = rows.select(["period", "known_on"]).group_by(["period"]).aggregate([("known_on", "max")])
    days = [
        min(Period(row["period"]).end, row["known_on_max"])
        for row in last.to_pylist()
        if row["period"]
    ]
    return max(days, default=None)


def is_open(period: str, as_of: AsOf) -> bool:
    """Return whether a period, or the last one of a window, ends after the as-of date."""
    try:
        last = Window.parse(period).last
        return bool(last) and Period(last).end > as_of.date
    except UsageError:
        return False
