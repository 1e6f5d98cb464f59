# SPDX-License-Identifier: Apache-2.0
"""Missiles fired against missiles produced: several windows side by side, both ranges, what is carried on marked.

Production is flat within the period of a published figure and in a straight line between figures, as in
``ratio``. Here it is also carried on after its last figure, by at most a year, and every such day is counted:
a ratio that rests on them is marked. Missiles logged as "Iskander-M/KN-23" may be North Korean: they stand
apart, for Russia's production does not cover them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from bilat.errors import DataError, UsageError
from bilat.measures import Ask
from bilat.regeneration.production import Rate, rates
from bilat.regeneration.ratio import Family, Rated, families, rate_on
from bilat.regeneration.strikes import Launches, launches
from bilat.when import Period

#: Days of the windows: a month, twelve weeks, six months.
WINDOWS = (30, 84, 183)
#: Days for which the last published production is carried on; after that nothing is said.
CARRIED = 365
#: Days of a window that may lie before the record of launches; they count as days without launches.
UNRECORDED = 10
#: Labels of the strikes that may be or are North Korean.
NORTH_KOREAN = frozenset({"Iskander-M/KN-23", "KN-23"})
WITHOUT, WITH = "without", "with"


@dataclass(frozen=True)
class FiredProduced:
    """One family over one window. A None bound of production is open ("over 500")."""

    family: str
    label_kn23: str  #: "", or whether rows labelled KN-23 are left out ("without") or counted ("with")
    start: str
    end: str
    days: int
    fired: float
    fired_low: float
    fired_high: float
    made: float
    made_low: float
    made_high: float | None
    carried_days: int  #: days of the window on which production is carried on from an earlier figure
    unrecorded_days: int = 0  #: days of the window before the record of launches: the ratio is then a floor
    fired_rows: tuple[int, ...] = ()  #: row numbers in the launches' table
    made_rows: tuple[int, ...] = ()  #: row numbers in the production table

    @property
    def ratio(self) -> float:
        """Fired for each one produced."""
        return self.fired / self.made

    @property
    def low(self) -> float | None:
        """Fewest fired over most produced; None where production is open above."""
        return self.fired_low / self.made_high if self.made_high else None

    @property
    def high(self) -> float:
        """Most fired over fewest produced."""
        return self.fired_high / self.made_low if self.made_low else float("inf")


@dataclass(frozen=True)
class Apart:
    """Launches of labels that may be North Korean, in a month."""

    month: str
    label: str
    fired: float
    fired_low: float
    fired_high: float


@dataclass(frozen=True)
class Stockpile:
    """Missiles that must have come from stock since the first day of the record, as production was too small.

    The largest excess of launches over production at any day: at least (fewest fired, most produced) and at
    most. Models out of production under the same label count in it.
    """

    family: str
    since: str
    until: str
    least: float | None  #: None where production is open above
    most: float


@dataclass
class Production:
    """Published production of Russian missiles, and what each family's is on a day."""

    table: pa.Table
    figures: list[Rate]

    def of(self, family: Family) -> list[Rate]:
        """The figures of a family."""
        return [r for r in self.figures if r.item in family.items]

    def on(self, day: dt.date, family: Family) -> tuple[Rated, bool] | None:
        """(rate a year, whether it is carried on) on a day; None where nothing is known."""
        found = self.of(family)
        rate = rate_on(day, found)
        if rate is not None:
            return rate, False
        last = max((r.end for r in found), default=None)
        if last is None or day <= last or (day - last).days > CARRIED or self._superseded(day, family):
            return None
        rate = rate_on(last, found)
        return (rate, True) if rate is not None else None

    def _superseded(self, day: dt.date, family: Family) -> bool:
        """Whether another family that holds all these models has figures by that day: they are newer."""
        return any(
            other.summed and other.label != family.label and family.models < other.models
            and any(r.start <= day for r in self.of(other))
            for other in families()
        )  # fmt: skip


def production(ask: Ask) -> Production:
    """What was published on production by the as-of date."""
    table = ask.rows(
        "SELECT *, '' AS point, '' AS grp FROM estimates WHERE metric = 'production' AND entity = 'RUS' "
        "ORDER BY item, period, locator"
    )
    return Production(table, rates(table))


@dataclass
class Munitions:
    """Launches and production as of a date, ready to be compared over windows."""

    held: Launches
    made: Production

    def __post_init__(self) -> None:
        self._rates: dict[tuple[str, dt.date], tuple[Rated, bool] | None] = {}

    @property
    def first(self) -> dt.date:
        """First day of the record of launches."""
        return self.held.rows[0].day

    @property
    def last(self) -> dt.date:
        """Last day of it."""
        return self.held.rows[-1].day

    def rate(self, day: dt.date, family: Family) -> tuple[Rated, bool] | None:
        """As :meth:`Production.on`, kept."""
        key = (family.label, day)
        if key not in self._rates:
            self._rates[key] = self.made.on(day, family)
        return self._rates[key]

    def compare(self, family: Family, start: dt.date, end: dt.date) -> list[FiredProduced]:
        """A family over a window, both days included; with and without the label KN-23 where it has one.

        Empty where over ten days lie before the record of launches, one after it, or one has no production.
        """
        before = max(0, (self.first - start).days)
        if before > UNRECORDED or end > self.last:
            return []
        days = (end - start).days + 1
        known = [self.rate(start + dt.timedelta(days=n), family) for n in range(days)]
        rated = [k for k in known if k is not None]
        if len(rated) < days:
            return []
        highs = [r.high for r, _ in rated]
        high = None if None in highs else sum(h for h in highs if h is not None) / 365.25
        labelled = family.models & NORTH_KOREAN
        compared = []
        for label, models in (
            [(WITHOUT, family.models - NORTH_KOREAN), (WITH, family.models)]
            if labelled
            else [("", family.models)]
        ):
            value, low, most, rows = self.held.total(start, end, models)
            compared.append(
                FiredProduced(
                    family.label, label, start.isoformat(), end.isoformat(), days, value, low, most,
                    sum(r.value for r, _ in rated) / 365.25, sum(r.low for r, _ in rated) / 365.25, high,
                    sum(carried for _, carried in rated), before, tuple(rows),
                    tuple(sorted({x.row for r, _ in rated for x in r.used})),
                )
            )  # fmt: skip
        return compared

    def windows(self, end: dt.date, days: Sequence[int] = WINDOWS) -> list[FiredProduced]:
        """Every family over each window that ends on ``end``, and the summed families together."""
        found = []
        for n in days:
            start = end - dt.timedelta(days=n - 1)
            parts = [(f, self.compare(f, start, end)) for f in families()]
            found += [row for _, rows in parts for row in rows]
            found += together([rows for f, rows in parts if f.summed and rows])
        return found

    def months(self) -> list[FiredProduced]:
        """Every family in each whole month of the record."""
        found = []
        for month in whole_months(self.first, self.last):
            for family in families():
                found += self.compare(family, month.start, month.end)
        return found

    def north_korean(self) -> list[Apart]:
        """Launches of labels that may be North Korean, month by month."""
        found = []
        for label in sorted(NORTH_KOREAN):
            for month in sorted({r.day.isoformat()[:7] for r in self.held.rows if label in r.shares}):
                span = Period(month)
                value, low, high, _ = self.held.total(span.start, span.end, frozenset({label}))
                found.append(Apart(month, label, value, low, high))
        return found

    def stockpiles(self) -> list[Stockpile]:
        """What each family must have taken from stock, where its production is known on every day."""
        stocks = []
        days = [self.first + dt.timedelta(days=n) for n in range((self.last - self.first).days + 1)]
        for family in families():
            rated = [self.rate(day, family) for day in days]
            until = next((n for n, r in enumerate(rated) if r is None), len(days))
            if until < 365:
                continue
            models = family.models - NORTH_KOREAN
            fired: dict[dt.date, tuple[float, float]] = {}
            for r in self.held.rows:
                _, sure, most = r.among(models)
                low, high = fired.get(r.day, (0.0, 0.0))
                fired[r.day] = (low + sure, high + most)
            least: float | None = 0.0
            most_ever = low_sum = high_sum = 0.0
            for day, rate in zip(days[:until], rated[:until], strict=True):
                assert rate is not None
                low, high = fired.get(day, (0.0, 0.0))
                high_sum += high - rate[0].low / 365.25
                most_ever = max(most_ever, high_sum)
                if least is not None and rate[0].high is not None:
                    low_sum += low - rate[0].high / 365.25
                    least = max(least, low_sum)
                else:
                    least = None
            stocks.append(
                Stockpile(family.label, days[0].isoformat(), days[until - 1].isoformat(), least, most_ever)
            )
        return stocks


def together(parts: list[list[FiredProduced]]) -> list[FiredProduced]:
    """The summed families as one; those with a label KN-23 without it, and with it."""
    if len(parts) < 2:
        return []
    found = []
    for label in (WITHOUT, WITH):
        rows = [next((r for r in rows if r.label_kn23 == label), rows[0]) for rows in parts]
        highs = [r.made_high for r in rows]
        found.append(
            FiredProduced(
                "together: " + ", ".join(r.family for r in rows), label, rows[0].start, rows[0].end, rows[0].days,
                sum(r.fired for r in rows), sum(r.fired_low for r in rows), sum(r.fired_high for r in rows),
                sum(r.made for r in rows), sum(r.made_low for r in rows),
                None if None in highs else sum(h for h in highs if h is not None),
                max(r.carried_days for r in rows), rows[0].unrecorded_days,
                tuple(n for r in rows for n in r.fired_rows), tuple(n for r in rows for n in r.made_rows),
            )
        )  # fmt: skip
    return found if any(r.label_kn23 for rows in parts for r in rows) else found[:1]


def whole_months(first: dt.date, last: dt.date) -> Iterator[Period]:
    """Calendar months that lie whole between two days."""
    month = Period(first.isoformat()[:7])
    while month.end <= last:
        if month.start >= first:
            yield month
        month = Period((month.end + dt.timedelta(days=1)).isoformat()[:7])


def munitions(ask: Ask) -> Munitions:
    """Launches and production as of a date.

    Raises
    ------
    DataError
        if no launches were known by then.
    """
    held = launches(ask)
    if not held.rows:
        raise DataError(
            f"no launches of {ask.dyad.name} are held as of {ask.as_of}: only Russia's on Ukraine, from "
            "2022-09-28 on; choose a later `as_of`"
        )
    return Munitions(held, production(ask))


def window_end(text: str, records: Munitions) -> dt.date:
    """The last day of the windows: as asked, else the last day held.

    Raises
    ------
    UsageError
        for a text that is not a day, or a day outside the record.
    """
    if not text:
        return records.last
    if len(text) != 10:
        raise UsageError(f"`until` {text}: is not a day; write it as YYYY-MM-DD")
    day = Period(text).end
    if not records.first <= day <= records.last:
        raise UsageError(
            f"`until` {text}: launches are held from {records.first} to {records.last}; write a day in between"
        )
    return day
