# SPDX-License-Identifier: Apache-2.0
"""Every held record with a figure a month, as of a date: straits, losses, strikes, trade, energy, listings."""

from __future__ import annotations

import calendar
import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import NamedTuple, NotRequired, TypedDict, cast

from bilat.dyad import Dyad
from bilat.errors import Damaged, DataError
from bilat.holdings import Holdings
from bilat.units import Kind
from bilat.when import AsOf

#: Days of a month that a figure must speak of before it counts as that month's.
WHOLE = 25
#: Days between two counts of a running total over which it is taken to grow evenly.
APART = 124


class Row(TypedDict):
    """A row of a family's query."""

    name: str
    period: str
    value: float | None
    known_on: dt.date
    states: str
    days: int | None
    until: NotRequired[dt.date | None]


@dataclass(frozen=True)
class Spec:
    """One family of streams, as streams.toml has it."""

    name: str
    title: str
    sql: str
    sources: tuple[str, ...]  #: names in the catalog
    label: str  #: what a stream measures, with its ``{name}``
    kind: Kind  #: of the unit
    unit: str  #: of its figures, as a reader says it
    per_day: bool = False  #: values are put on a day of the month
    cumulative: bool = False  #: values are running totals
    least: float = 0.0  #: a smaller figure is no alarm
    only: str = ""  #: up: a month below what was expected is no alarm
    expects: str = ""  #: up or down: the way that the claim it bears on says it goes
    up: str = ""  #: what a month above what was expected speaks for
    down: str = ""
    counts: bool = False  #: whole numbers of events: a month without a row is a zero
    booked_together: bool = False  #: China's customs book January and February together
    by_level: bool = False  #: a stream with more of the family's traffic has more of its alarms
    serves: str = ""  #: the state of whose claims it speaks, whichever the other of a pair is
    yearly: bool = False  #: figures are of years


@dataclass(frozen=True, eq=False)
class Stream:
    """Figures of one series by month, in order, each with the day on which it was known."""

    family: str
    name: str
    states: frozenset[str]  #: none: of all states
    values: Mapping[str, float]
    known: Mapping[str, dt.date]
    only: str = ""  #: the one direction that alarms
    expects: str = ""  #: up or down: the way that the claim it bears on says it goes
    least: float = 0.0  #: a smaller figure is no alarm
    by_level: bool = False  #: its share of the family's alarms is its share of the traffic
    serves: str = ""  #: the state of whose claims it speaks, whichever the other of a pair is
    counted: bool = False  #: steps of a count of whole things
    yearly: bool = False  #: figures are of years; each stands in the December of its own

    @property
    def title(self) -> str:
        """How a reader finds it: family and name."""
        return f"{self.family}: {self.name}"

    def period(self, month: str) -> str:
        """The month, or the year, that a figure is of."""
        return month[:4] if self.yearly else month

    def of(self, pair: Dyad) -> bool:
        """Whether it is of one of the two states, or of all."""
        return not self.states or bool(self.states & set(pair))

    def concerns(self, pair: Dyad) -> bool:
        """Whether what it shows is news of the two: it is between them, or of one of them with
        everybody, or speaks of claims on one of them. Trade of one with a stranger is not."""
        if self.serves:
            return self.serves in tuple(pair)
        return self.states <= set(pair)


@cache
def specs() -> tuple[Spec, ...]:
    """What streams.toml says."""
    text = resources.files("bilat.forecast").joinpath("streams.toml").read_text("utf-8")
    found = tomllib.loads(text)["stream"]
    return tuple(Spec(**{**spec, "sources": tuple(spec["sources"])}) for spec in found)


def streams(as_of: AsOf, holdings: Holdings, family: str = "") -> tuple[list[Stream], list[str]]:
    """(every stream of the as-of views, or those of a family; what could not be read and why)."""
    found: list[Stream] = []
    failed: list[str] = []
    for spec in specs():
        if family not in ("", spec.name):
            continue
        cursor = holdings.connect(as_of).connection.cursor()
        try:
            rows = cast("list[Row]", cursor.sql(spec.sql).to_arrow_table().to_pylist())
        except (Damaged, DataError) as e:
            failed.append(f"{spec.name}: {e}")
            continue
        finally:
            cursor.close()
        by: dict[str, list[Row]] = {}
        for r in rows:
            if r["value"] is not None and r["period"] and str(r["known_on"]) <= str(as_of):
                by.setdefault(r["name"], []).append(r)
        for name, own in sorted(by.items()):
            stream = _made(spec, name, own, as_of.date)
            if stream is not None:
                found.append(stream)
    return found, failed


def _made(spec: Spec, name: str, rows: Sequence[Row], day: dt.date) -> Stream | None:
    if spec.cumulative:
        return _counted(spec, name, rows, day)
    if spec.yearly:
        rows = [_at_year_end(r) for r in rows]
    return _stream(spec, name=name, rows=rows, day=day)


def _at_year_end(row: Row) -> Row:
    moved = row.copy()
    moved["period"] = f"{row['period']}-12"
    return moved


def _counted(spec: Spec, name: str, rows: Iterable[Row], day: dt.date) -> Stream | None:
    """The monthly steps of a running total that is counted on some days.

    A count that a later one undercuts was corrected: it is left out, and the total grows evenly
    over it. A month is known once a count on or after its last day is.
    """
    counts: list[_Count] = []
    states = ""
    for r in sorted(rows, key=lambda r: r["period"], reverse=True):
        states = r["states"]
        value = float(r["value"] or 0)
        if not counts or value <= counts[-1].total:
            counts.append(_Count(dt.date.fromisoformat(r["period"]), value, r["known_on"]))
    ends = _month_ends(counts[::-1])
    values = {}
    known_on = {}
    for before, month in pairwise(sorted(ends)):
        if _next(before) == month and month < f"{day:%Y-%m}":
            values[month] = ends[month].total - ends[before].total
            known_on[month] = max(ends[month].known, _after(month))
    if len(values) < 2:
        return None
    return Stream(
        family=spec.name,
        name=name,
        states=frozenset(states.split()),
        values=values,
        known=known_on,
        # what is counted of the other side speaks of no claim on this one
        serves=spec.serves if name.startswith(spec.serves) else "",
        expects=spec.expects if name.startswith(spec.serves) else "",
        counted=True,
    )


class _Count(NamedTuple):
    """A running total on a day."""

    day: dt.date
    total: float
    known: dt.date


def _month_ends(counts: Sequence[_Count]) -> dict[str, _Count]:
    """The total at the end of each month, by the counts on either side of it."""
    ends = {}
    for first, last in pairwise(counts):
        days = (last.day - first.day).days
        if days > APART:
            continue
        grown = (last.total - first.total) / days
        for month in months(f"{first.day:%Y-%m}", f"{last.day:%Y-%m}"):
            end = _after(month) - dt.timedelta(days=1)
            if first.day <= end <= last.day:
                total = first.total + grown * (end - first.day).days
                ends[month] = _Count(end, total, last.known)
    return ends


def _stream(spec: Spec, name: str, rows: Iterable[Row], day: dt.date) -> Stream | None:
    values: dict[str, float] = {}
    known: dict[str, dt.date] = {}
    days: dict[str, int] = {}
    states = ""
    until: dt.date | None = None
    for r in sorted(rows, key=lambda r: (r["period"], r["days"] or 99)):
        month = r["period"]
        value = float(r["value"] or 0)
        states = r["states"]
        until = r.get("until") or until
        whole = calendar.monthrange(int(month[:4]), int(month[5:]))[1]
        covered = int(r["days"] or whole)
        if covered < WHOLE or (month in days and days[month] > covered):
            continue
        values[month] = value / covered if spec.per_day else value
        known[month], days[month] = r["known_on"], covered
    if spec.counts and values:
        # A month without a row is a zero only as far as the record goes.
        end = f"{min(day, until or day):%Y-%m}"
        reached = months(min(values), max(end, min(values)))[:-1]
        values = {m: values.get(m, 0.0) for m in reached}
        known = {m: known.get(m, _after(m)) for m in values}
    # The month under way is no month: its days are not those of the whole.
    values = {m: v for m, v in values.items() if m < f"{day:%Y-%m}"}
    known = {m: max(known[m], _after(m)) for m in known}
    if spec.booked_together:
        values = _joined(values)
    values = {m: v for m, v in values.items() if m in known}
    if len(values) < 2:
        return None
    return Stream(
        family=spec.name,
        name=name,
        states=frozenset(states.split()),
        values=values,
        known=known,
        only=spec.only,
        expects=spec.expects,
        least=spec.least,
        by_level=spec.by_level,
        serves=spec.serves,
        yearly=spec.yearly,
    )


def _joined(values: Mapping[str, float]) -> dict[str, float]:
    """January and February as their mean, in February."""
    out = {m: v for m, v in values.items() if m[5:] not in ("01", "02")}
    for year in {m[:4] for m in values}:
        both = [values[m] for m in (f"{year}-01", f"{year}-02") if m in values]
        if len(both) == 2:
            out[f"{year}-02"] = sum(both) / 2
    return dict(sorted(out.items()))


def _next(month: str) -> str:
    year = int(month[:4])
    number = int(month[5:])
    return f"{year + number // 12}-{number % 12 + 1:02d}"


def _after(month: str) -> dt.date:
    return dt.date.fromisoformat(f"{_next(month)}-01")


def steps(first: str, last: str) -> int:
    """How many months later one month is than another; 0 where it is not later."""
    years = int(last[:4]) - int(first[:4])
    return max(0, 12 * years + int(last[5:]) - int(first[5:]))


def months(first: str, last: str) -> list[str]:
    """Months from one to another, both included."""
    out = [first]
    while out[-1] < last:
        out.append(_next(out[-1]))
    return out
