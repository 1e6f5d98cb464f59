# SPDX-License-Identifier: Apache-2.0
"""What a question's record says as of a date: dated figures with the day on which they were known."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

import pyarrow.compute as pc

from bilat.catalog import tables
from bilat.dyad import Dyad
from bilat.errors import DataError
from bilat.forecast.questions import EvidenceRow, Record
from bilat.forecast.streams import Stream, streams
from bilat.holdings import Holdings
from bilat.measures import Ask, ask_for
from bilat.when import AsOf

PAIR = Dyad("RUS", "CHN")


@dataclass(frozen=True)
class Observation:
    """One event (value 1) or one figure of a series."""

    period: str
    value: float
    known_on: dt.date
    where: str  #: source and locator, or measure and period
    revised: bool  #: an edition later than the as-of date stands in
    low: float | None = None  #: the interval of the figure, where it has one
    high: float | None = None
    estimated: bool = False  #: the publisher's estimate or a model's

    @property
    def ends(self) -> tuple[float, float]:
        """(low, high); the figure itself where it has no interval."""
        return (
            self.value if self.low is None else self.low,
            self.value if self.high is None else self.high,
        )


@dataclass(frozen=True)
class History:
    """What a record says as of a date, in order of time."""

    seen: tuple[Observation, ...]
    reach: str  #: the last period that the record speaks of; "" for none

    def value(self, period: str) -> float | None:
        """The figure of one period."""
        return next((s.value for s in self.seen if s.period == period), None)


def history(
    record: Record, as_of: AsOf, holdings: Holdings, pair: Dyad = PAIR, *, strict: bool = True
) -> History:
    """Read a record as of a date. Not ``strict``: a group that the measure lacks is an empty history.

    Raises
    ------
    DataError
        for a table or column that does not exist.
    UsageError
        for an unknown measure or parameter.
    """
    if record.table:
        return _rows(record, as_of, holdings, pair)
    if record.stream:
        return _months(record.stream, as_of, holdings)
    return _points(record, as_of=as_of, holdings=holdings, pair=pair, strict=strict)


def _rows(record: Record, as_of: AsOf, holdings: Holdings, pair: Dyad) -> History:
    columns = _columns(record.table)
    tests = ["source = ?"]
    values = [record.source]
    for filters, word in ((record.allowed, "IN"), (record.without, "NOT IN")):
        for column, allowed in filters.items():
            _check(column, columns, record.table)
            marks = ", ".join("?" * len(allowed))
            tests.append(f"coalesce(CAST(\"{column}\" AS VARCHAR), '') {word} ({marks})")
            values += allowed
    for state in record.members:
        _check("participants", columns, record.table)
        tests.append("list_contains(string_split(participants, ';'), ?)")
        values.append(state)
    for column in (record.key, record.day):
        _check(column, columns, record.table)
    holdings.need([record.table])
    asked = Ask(pair, _as_of=as_of, params={}, _holdings=holdings)
    rows = asked.rows(
        f'SELECT *, CAST("{record.day}" AS VARCHAR) AS dated, CAST("{record.key}" AS VARCHAR) AS event_key '
        f'FROM "{record.table}" WHERE {" AND ".join(tests)} ORDER BY dated, event_key, locator',
        *values,
    )
    first: dict[str, Observation] = {}
    for r in rows.select(
        ["dated", "event_key", "known_on", "source", "locator", "revised_later"]
    ).to_pylist():
        if r["dated"] is not None:
            seen = Observation(
                r["dated"],
                value=1.0,
                known_on=r["known_on"],
                where=f"{r['source']} {r['locator']}",
                revised=r["revised_later"],
            )
            first.setdefault(r["event_key"], seen)
    last = asked.query(
        f'SELECT max(CAST("{record.day}" AS VARCHAR)) AS last FROM "{record.table}" WHERE source = ?',
        record.source,
    )["last"][0].as_py()
    return History(tuple(sorted(first.values(), key=lambda s: s.period)), last or "")


def _months(title: str, as_of: AsOf, holdings: Holdings) -> History:
    """The months of a stream of the watch."""
    family = title.partition(": ")[0]
    by = {s.title: s for s in _family(family, as_of, holdings)}
    if title not in by:
        raise DataError(
            f"no stream {title!r} as of {as_of}",
            cure=f"`bilat watch` lists them, such as {', '.join(list(by)[:3]) or 'none'}",
        )
    stream = by[title]
    seen = [
        Observation(
            month,
            value=stream.values[month],
            known_on=stream.known[month],
            where=f"{title}, {month}",
            revised=False,
        )
        for month in sorted(stream.values)
        if stream.known[month] <= as_of.date
    ]
    return History(tuple(seen), seen[-1].period if seen else "")


@lru_cache(maxsize=64)
def _family(family: str, as_of: AsOf, holdings: Holdings) -> tuple[Stream, ...]:
    found, failed = streams(as_of, holdings, family)
    if failed:
        raise DataError(failed[0])
    return tuple(found)


def _columns(table: str) -> set[str]:
    if table not in tables():
        raise DataError(f"no table {table!r}", cure=f"the tables are {', '.join(sorted(tables()))}")
    return {f.name for f in tables()[table].schema()}


def _check(column: str, columns: set[str], table: str) -> None:
    if column not in columns:
        raise DataError(
            f"table {table} has no column {column!r}", cure=f"it has {', '.join(sorted(columns))}"
        )


def _points(record: Record, as_of: AsOf, holdings: Holdings, pair: Dyad, strict: bool) -> History:
    m = ask_for(record.measure, pair, as_of=as_of, holdings=holdings, **record.params)
    known = {
        (r["point"], r["grp"] or ""): r["known_on"]
        for r in m.evidence.select(["point", "grp", "known_on"])
        .group_by(["point", "grp"])
        .aggregate([("known_on", "max")])
        .rename_columns(["point", "grp", "known_on"])
        .to_pylist()
    }
    seen = [
        Observation(
            p.period,
            value=p.value,
            # an absence has no row: it is known when the record is, by the as-of date
            known_on=known.get((p.period, p.group)) or as_of.date,
            where=f"{record.measure} {p.group} {p.period}".replace("  ", " "),
            revised=p.revised,
            low=p.low,
            high=p.high,
            estimated=p.kind in ("estimated", "modelled"),
        )
        for p in m.points
        if p.group == record.group and p.value is not None and not p.open
    ]
    if strict and m.points and not any(p.group == record.group for p in m.points):
        raise DataError(
            f"{record.measure} has no group {record.group!r}",
            cure=f"it has {', '.join(m.groups()[:8])}",
        )
    seen.sort(key=lambda s: s.period)
    return History(tuple(seen), seen[-1].period if seen else "")


def behind(row: EvidenceRow, as_of: AsOf, holdings: Holdings, pair: Dyad = PAIR) -> Observation:
    """The row that a piece of evidence names, as of a date.

    Raises
    ------
    DataError
        if there is no such row as of that date: evidence that nobody could have known.
    """
    cure = "name a row that was known on the day the question opened"
    if row.measure:
        record = Record(measure=row.measure, params=row.params, group=row.group)
        for seen in history(record, as_of, holdings, pair).seen:
            if seen.period == row.period:
                return seen
        raise DataError(
            f"{row.measure} {row.group} has no point {row.period} as of {as_of}", cure=cure
        )
    _columns(row.table)
    holdings.need([row.table])
    rows = Ask(pair, _as_of=as_of, params={}, _holdings=holdings).rows(
        f'SELECT * FROM "{row.table}" WHERE source = ? AND locator = ?', row.source, row.locator
    )
    if not rows.num_rows:
        raise DataError(f"{row.source} has no row {row.locator} as of {as_of}", cure=cure)
    known = pc.max(rows["known_on"]).as_py()
    later = bool(pc.any(rows["revised_later"]).as_py())
    return Observation(
        rows["period"][0].as_py(),
        value=1.0,
        known_on=known,
        where=f"{row.source} {row.locator}",
        revised=later,
    )
