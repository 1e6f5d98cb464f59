# SPDX-License-Identifier: Apache-2.0
"""Every stored record with a figure a month or a year, as of a date: straits, losses, strikes,
trade, energy, listings, votes, arms."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import NamedTuple, NotRequired, TypedDict, cast

from bilat.dyad import PAPER_PAIR, Dyad
from bilat.errors import Damaged, DataError
from bilat.forecast.listing_days import listed_parties
from bilat.holdings import Holdings
from bilat.package_files import read_package_toml
from bilat.units import Kind
from bilat.when import AsOf

#: The least days of a month that a figure must cover to count as that month's.
LEAST_DAYS = 25
#: The most days between two counts of a running total: between them it is taken to grow evenly.
MOST_DAYS_BETWEEN_COUNTS = 124

#: The least parties of one state on one list that make a stream.
LEAST_LISTED = 20


class Row(TypedDict):
    """A row that the query of a family returns; streams.toml says what its columns mean."""

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
    sources: tuple[str, ...]  #: names in the catalog
    label: str  #: what a stream measures, with its ``{name}``
    kind: Kind  #: of the unit
    unit: str  #: of its figures, as a reader says it
    sql: str = ""  #: blank: of a family whose rows come from a module of their own (READ_BY)
    per_day: bool = False  #: values are divided by the days of the month
    cumulative: bool = False  #: values are running totals
    least: float = 0.0  #: a smaller figure gives no alarm
    only: str = ""  #: the direction that gives an alarm; blank: both
    expects: str = ""  #: up or down: the direction that the claim it bears on predicts
    up: str = ""  #: what a month above what was expected means
    down: str = ""
    up_claim: str = ""  #: and for which claim on Russia and China it speaks
    down_claim: str = ""
    counts: bool = False  #: whole numbers of events: a month without a row is a zero
    booked_together: bool = False  #: China's customs book January and February together
    by_level: bool = False  #: a stream with more of the family's traffic has more of its alarms
    serves: str = ""  #: the state whose claims it bears on; blank: the states of the stream
    yearly: bool = False  #: figures are of years


@dataclass(frozen=True, eq=False)
class Stream:
    """Figures of one series by month, in order, each with the day on which it was known."""

    family: str
    name: str
    states: frozenset[str]  #: empty: all states
    values: Mapping[str, float]  #: by month
    known: Mapping[str, dt.date]  #: by month
    only: str = ""  #: the direction that gives an alarm; blank: both
    expects: str = ""  #: up or down: the direction that the claim it bears on predicts
    least: float = 0.0  #: a smaller figure gives no alarm
    by_level: bool = False  #: its share of the family's alarms is its share of the traffic
    serves: str = ""  #: the state whose claims it bears on; blank: the states of the stream
    counted: bool = False  #: monthly steps of a running total
    yearly: bool = False  #: figures are of years; that of a year is stored at its December

    @property
    def title(self) -> str:
        """The family and the name."""
        return f"{self.family}: {self.name}"

    def period(self, month: str) -> str:
        """Return the month, or the year, that a figure is of."""
        return month[:4] if self.yearly else month

    def of(self, pair: Dyad) -> bool:
        """Return whether it is about one of the two states, or about all states."""
        return not self.states or bool(self.states & set(pair))

    def concerns(self, pair: Dyad) -> bool:
        """Return whether its figures are news about the pair.

        They are if they are about the two, about one of them and nobody else, or about claims on
        one of them. Trade of one of them with a third state is not.
        """
        if self.serves:
            return self.serves in tuple(pair)
        return self.states <= set(pair)

    def is_of_both(self, pair: Dyad) -> bool:
        """Return whether its figures are news between the two, and not of one of them by itself.

        A series that bears on the claims on Russia and China is news between these two.
        """
        if self.serves and is_paper_pair(pair):
            return self.serves in tuple(pair)
        return set(pair) <= self.states


def is_paper_pair(pair: Dyad) -> bool:
    """Return whether a pair is Russia and China, which the claims are about."""
    return set(pair) == set(PAPER_PAIR)


class _Figure(NamedTuple):
    """A figure of a month, and the day on which it was known."""

    value: float
    known: dt.date


class _Count(NamedTuple):
    """A running total on a day, and the day on which it was known."""

    day: dt.date
    total: float
    known: dt.date


@cache
def specs() -> tuple[Spec, ...]:
    """Return the families of streams that streams.toml declares."""
    found = read_package_toml("bilat.forecast", "streams.toml")["stream"]
    return tuple(Spec(**{**spec, "sources": tuple(spec["sources"])}) for spec in found)


def streams(as_of: AsOf, holdings: Holdings, family: str = "") -> tuple[list[Stream], list[str]]:
    """Return the streams as of a date, and what could not be read, with the reason.

    Parameters
    ----------
    as_of
        the date: later rows are left out.
    holdings
        the stored records.
    family
        the family to read; by default all.
    """
    found: list[Stream] = []
    failed: list[str] = []
    for spec in specs():
        if family not in ("", spec.name):
            continue
        try:
            rows = _rows_of(spec, as_of, holdings)
        except (Damaged, DataError) as e:
            failed.append(f"{spec.name}: {e}")
            continue
        rows_of_stream: dict[str, list[Row]] = {}
        for row in rows:
            if row["value"] is not None and row["period"] and row["known_on"] <= as_of.date:
                rows_of_stream.setdefault(row["name"], []).append(row)
        for name, own_rows in sorted(rows_of_stream.items()):
            stream = stream_of_rows(spec, name, own_rows, as_of.date)
            if stream is not None:
                found.append(stream)
    return found, failed


def _rows_of(spec: Spec, as_of: AsOf, holdings: Holdings) -> list[Row]:
    """Return the rows of a family, as its query has them or its module."""
    if spec.name in READ_BY:
        return READ_BY[spec.name](as_of, holdings)
    cursor = holdings.connect(as_of, spec.sql).connection.cursor()
    try:
        return cast("list[Row]", cursor.sql(spec.sql).to_arrow_table().to_pylist())
    finally:
        cursor.close()


def _listed_by_month(as_of: AsOf, holdings: Holdings) -> list[Row]:
    """Return how many parties of a state each list gained in a month, of the lists and states
    that have enough of them."""
    counts = listed_parties(as_of, holdings)
    totals: dict[tuple[str, str], int] = {}
    for month in counts:
        key = (month.list, month.state)
        totals[key] = totals.get(key, 0) + month.parties
    return [
        Row(
            name=f"{month.list}, {month.state}",
            period=month.month,
            value=float(month.parties),
            known_on=month.last_day,
            states=f"{month.issuer} {month.state}",
            days=None,
            until=month.until,
        )
        for month in counts
        if totals[month.list, month.state] >= LEAST_LISTED
    ]


#: Families whose rows no query of one table gives.
READ_BY: Mapping[str, Callable[[AsOf, Holdings], list[Row]]] = {"listings": _listed_by_month}


def stream_of_rows(spec: Spec, name: str, rows: Sequence[Row], day: dt.date) -> Stream | None:
    """Return the stream of a family's rows of one name; None if it has fewer than two figures.

    Months that have not ended by ``day`` are left out.
    """
    if spec.cumulative:
        return _from_running_total(spec, name, rows, day)
    if spec.yearly:
        rows = [_at_december(row) for row in rows]
    return _from_months(spec, name, rows, day)


def _stream(spec: Spec, name: str, rows: Iterable[Row], figures: Mapping[str, _Figure]) -> Stream:
    return Stream(
        family=spec.name,
        name=name,
        states=frozenset(state for row in rows for state in row["states"].split()),
        values={month: figure.value for month, figure in figures.items()},
        known={month: figure.known for month, figure in figures.items()},
        only=spec.only,
        expects=spec.expects,
        least=spec.least,
        by_level=spec.by_level,
        serves=spec.serves,
        yearly=spec.yearly,
    )


def _at_december(row: Row) -> Row:
    moved = row.copy()
    moved["period"] = f"{row['period']}-12"
    return moved


def _from_running_total(spec: Spec, name: str, rows: Sequence[Row], day: dt.date) -> Stream | None:
    """Return the monthly steps of a running total that is counted on some days."""
    ends = _month_ends(_uncorrected_counts(rows))
    figures = {}
    for before, month in pairwise(sorted(ends)):
        if _next(before) == month and _has_ended(month, day):
            step = ends[month].total - ends[before].total
            figures[month] = _Figure(step, max(ends[month].known, _first_day_after(month)))
    if len(figures) < 2:
        return None
    stream = _stream(spec, name, rows, figures)
    if name.startswith(spec.serves):
        return replace(stream, counted=True)
    # Counts of the other side's losses bear on no claim about this state.
    return replace(stream, counted=True, serves="", expects="")


def _uncorrected_counts(rows: Iterable[Row]) -> list[_Count]:
    """Return the counts in order of time, without those that were corrected.

    A total cannot fall: a count above a later one was taken back.
    """
    counts: list[_Count] = []
    for row in sorted(rows, key=lambda row: row["period"], reverse=True):
        total = float(row["value"] or 0)
        if not counts or total <= counts[-1].total:
            counts.append(_Count(dt.date.fromisoformat(row["period"]), total, row["known_on"]))
    return counts[::-1]


def _month_ends(counts: Sequence[_Count]) -> dict[str, _Count]:
    """Return the total at the end of each month, interpolated between the counts around it.

    It is known once the later of the two is.
    """
    ends = {}
    for first, last in pairwise(counts):
        days = (last.day - first.day).days
        if days > MOST_DAYS_BETWEEN_COUNTS:
            continue
        a_day = (last.total - first.total) / days
        for month in months(f"{first.day:%Y-%m}", f"{last.day:%Y-%m}"):
            end = _first_day_after(month) - dt.timedelta(days=1)
            if first.day <= end <= last.day:
                total = first.total + a_day * (end - first.day).days
                ends[month] = _Count(end, total, last.known)
    return ends


def _from_months(spec: Spec, name: str, rows: Sequence[Row], day: dt.date) -> Stream | None:
    """Return the stream of rows that are each about a month."""
    figures = _whole_months(spec, rows)
    if spec.counts and figures:
        record_end = max(row.get("until") or day for row in rows)
        figures = _with_zeros(figures, min(day, record_end))
    figures = {month: f for month, f in figures.items() if _has_ended(month, day)}
    if spec.booked_together:
        figures = _january_with_february(figures)
    if len(figures) < 2:
        return None
    return _stream(spec, name, rows, figures)


def _whole_months(spec: Spec, rows: Iterable[Row]) -> dict[str, _Figure]:
    """Return the figures of the months that a row covers well enough.

    Of several rows of a month, the one counts that covers most of it. A row that does not say how
    many days it covers is about the whole month.
    """
    figures: dict[str, _Figure] = {}
    days_of: dict[str, int] = {}
    for row in sorted(rows, key=lambda row: (row["period"], row["days"] is None)):
        month = row["period"]
        covered = int(row["days"] or calendar.monthrange(int(month[:4]), int(month[5:]))[1])
        if covered < max(LEAST_DAYS, days_of.get(month, 0)):
            continue
        value = float(row["value"] or 0)
        known = max(row["known_on"], _first_day_after(month))
        figures[month] = _Figure(value / covered if spec.per_day else value, known)
        days_of[month] = covered
    return figures


def _with_zeros(figures: Mapping[str, _Figure], end: dt.date) -> dict[str, _Figure]:
    """Return the figures of all months before that in which the record ends; one without is zero."""
    first = min(figures)
    last = max(first, f"{end:%Y-%m}")
    return {
        month: figures.get(month, _Figure(0.0, _first_day_after(month)))
        for month in months(first, last)[:-1]
    }


def _january_with_february(figures: Mapping[str, _Figure]) -> dict[str, _Figure]:
    """Return the mean of January and February at February; nothing of a year that lacks one."""
    found = {}
    for month, figure in sorted(figures.items()):
        if month.endswith("-02"):
            january = figures.get(f"{month[:4]}-01")
            if january is not None:
                mean = (january.value + figure.value) / 2
                found[month] = _Figure(mean, max(january.known, figure.known))
        elif not month.endswith("-01"):
            found[month] = figure
    return found


def _has_ended(month: str, day: dt.date) -> bool:
    return month < f"{day:%Y-%m}"


def _next(month: str) -> str:
    year = int(month[:4])
    number = int(month[5:])
    return f"{year + number // 12}-{number % 12 + 1:02d}"


def _first_day_after(month: str) -> dt.date:
    return dt.date.fromisoformat(f"{_next(month)}-01")


def steps(first: str, last: str) -> int:
    """Return how many months later one month is than another; 0 if it is not later."""
    years = int(last[:4]) - int(first[:4])
    return max(0, 12 * years + int(last[5:]) - int(first[5:]))


def months(first: str, last: str) -> list[str]:
    """Return the months from one to another, both included."""
    out = [first]
    while out[-1] < last:
        out.append(_next(out[-1]))
    return out
