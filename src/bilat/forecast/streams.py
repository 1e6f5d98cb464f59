# SPDX-License-Identifier: Apache-2.0
"""Every held record with a figure a month, as of a date: straits, losses, strikes, trade, energy, listings."""

from __future__ import annotations

import calendar
import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

from bilat.dyad import Dyad
from bilat.errors import Damaged, DataError
from bilat.holdings import Holdings
from bilat.when import AsOf

#: Days of a month that a figure must speak of before it counts as that month's.
WHOLE = 25


@dataclass(frozen=True)
class Spec:
    """One family of streams, as streams.toml has it."""

    name: str
    title: str
    sql: str
    per_day: bool = False  #: values are put on a day of the month
    cumulative: bool = False  #: values are running totals
    least: float = 0.0  #: a smaller figure is no alarm
    only: str = ""  #: up: a month below what was expected is no alarm
    up: str = ""  #: what a month above what was expected speaks for
    down: str = ""
    counts: bool = False  #: whole numbers of events: a month without a row is a zero
    booked_together: bool = False  #: China's customs book January and February together
    by_level: bool = False  #: a stream with more of the family's traffic has more of its alarms


@dataclass(frozen=True)
class Stream:
    """Figures of one series by month, in order, each with the day on which it was known."""

    family: str
    name: str
    states: frozenset[str]  #: none: of all states
    values: Mapping[str, float]
    known: Mapping[str, dt.date]
    only: str = ""  #: the one direction that alarms
    least: float = 0.0  #: a smaller figure is no alarm
    by_level: bool = False  #: its share of the family's alarms is its share of the traffic

    @property
    def title(self) -> str:
        """How a reader finds it: family and name."""
        return f"{self.family}: {self.name}"

    def of(self, pair: Dyad) -> bool:
        """Whether it is of one of the two states, or of all."""
        return not self.states or bool(self.states & set(pair))


@cache
def specs() -> tuple[Spec, ...]:
    """What streams.toml says."""
    text = resources.files("bilat.forecast").joinpath("streams.toml").read_text("utf-8")
    return tuple(Spec(**s) for s in tomllib.loads(text)["stream"])


def streams(as_of: AsOf, holdings: Holdings) -> tuple[list[Stream], list[str]]:
    """(every stream of the as-of views, what could not be read and why)."""
    found: list[Stream] = []
    failed: list[str] = []
    for spec in specs():
        cursor = holdings.connect(as_of).connection.cursor()
        try:
            rows = cursor.sql(spec.sql).to_arrow_table().to_pylist()
        except (Damaged, DataError) as e:
            failed.append(f"{spec.name}: {e}")
            continue
        finally:
            cursor.close()
        by: dict[str, list[dict]] = {}  # type: ignore[type-arg]
        for r in rows:
            if r["value"] is not None and r["period"] and str(r["known_on"]) <= str(as_of):
                by.setdefault(r["name"], []).append(r)
        found += [
            s
            for name, own in sorted(by.items())
            if (s := _stream(spec, name=name, rows=own, day=as_of.date)) is not None
        ]
    return found, failed


def _stream(spec: Spec, name: str, rows: Iterable[dict], day: dt.date) -> Stream | None:  # type: ignore[type-arg]
    values: dict[str, float] = {}
    known: dict[str, dt.date] = {}
    days: dict[str, int] = {}
    states = ""
    until: dt.date | None = None
    for r in sorted(rows, key=lambda r: (r["period"], r["days"] or 99)):
        month = r["period"]
        value = float(r["value"])
        states = r["states"]
        until = r.get("until") or until
        whole = calendar.monthrange(int(month[:4]), int(month[5:]))[1]
        covered = int(r["days"] or whole)
        if covered < WHOLE or (month in days and days[month] > covered):
            continue
        values[month] = value / covered if spec.per_day else value
        known[month], days[month] = r["known_on"], covered
    if spec.cumulative:
        values = _steps(values)
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
        least=spec.least,
        by_level=spec.by_level,
    )


def _steps(totals: Mapping[str, float]) -> dict[str, float]:
    """Monthly steps of a running total, recounts carried back; a month after a hole is left out."""
    out: dict[str, float] = {}
    ordered = sorted(totals)
    least = {m: min(totals[n] for n in ordered[i:]) for i, m in enumerate(ordered)}
    for before, month in pairwise(ordered):
        if _next(before) == month:
            out[month] = least[month] - least[before]
    return out


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


def months(first: str, last: str) -> list[str]:
    """Months from one to another, both included."""
    out = [first]
    while out[-1] < last:
        out.append(_next(out[-1]))
    return out
