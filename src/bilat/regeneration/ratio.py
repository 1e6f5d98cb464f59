# SPDX-License-Identifier: Apache-2.0
"""Fired against produced, over twelve weeks, for the munitions whose production is published."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

import pyarrow as pa

from bilat.measures import Answer, Ask, Interval, labelled, measure, states
from bilat.package_files import read_package_toml
from bilat.regeneration.production import Rate, combined, rates
from bilat.regeneration.strikes import NONE, REFERENCE, launches
from bilat.units import Unit
from bilat.when import Period

#: Days over which launches and production are compared: twelve weeks.
WINDOW = 84


@dataclass(frozen=True)
class Family:
    """Munitions whose production is published, and the models of the strikes that it supplies."""

    label: str
    items: tuple[str, ...]
    models: frozenset[str]


@cache
def families() -> tuple[Family, ...]:
    """Every family, as ``production.toml`` has them."""
    raw = read_package_toml("bilat.regeneration", "production.toml")
    return tuple(
        Family(e["label"], tuple(e["items"]), frozenset(e["models"])) for e in raw["family"]
    )


@dataclass(frozen=True)
class Rated:
    """Production on one day, per year, and the figures it comes from. A None bound is open."""

    value: float
    low: float
    high: float | None
    used: tuple[Rate, ...]


def rate_on(day: dt.date, published: list[Rate]) -> Rated | None:
    """The yearly rate of production on a day.

    Flat within the period of a figure (the widest range where several are for that day), in a
    straight line
    between the nearest figures before and after; None outside of what was published, where nothing
    is known.
    """
    on = [r for r in published if r.start <= day <= r.end]
    if on:
        return _rated(on)
    ends = [r.end for r in published if r.end < day]
    starts = [r.start for r in published if r.start > day]
    if not ends or not starts:
        return None
    before = max(ends)
    after = min(starts)
    a = _rated([r for r in published if r.end == before])
    b = _rated([r for r in published if r.start == after])
    if a is None or b is None:
        return None
    t = (day - before) / (after - before)
    high = None if a.high is None or b.high is None else a.high + t * (b.high - a.high)
    return Rated(
        a.value + t * (b.value - a.value), a.low + t * (b.low - a.low), high, a.used + b.used
    )


def _rated(found: list[Rate]) -> Rated | None:
    """One rate of several figures for the same time; a bound alone stands for the centre of an
    open range.
    """
    value, low, high = combined(found)
    if low is None:
        return None
    centre = value if value is not None else low
    return Rated(centre, low, high, tuple(found))


@dataclass(frozen=True)
class Balance:
    """Launches and production over the same days, each with its range and rows."""

    fired: float
    fired_low: float
    fired_high: float
    fired_rows: list[int]
    made: float
    made_low: float
    made_high: float | None  #: None: open above
    made_rows: list[int]

    def ratio(self) -> tuple[float, float | None, float | None]:
        """Fired over made, by interval arithmetic."""
        low, high = _bounds(
            self.fired_low / self.made_high if self.made_high else None,
            self.fired_high / self.made_low if self.made_low else None,
        )
        return self.fired / self.made, low, high


def _made(
    start: dt.date, figures: list[Rate]
) -> tuple[float, float, float | None, list[int]] | None:
    """(made, low, high, rows) over the window from ``start``; None unless every day has a rate."""
    days = [rate_on(start + dt.timedelta(days=n), figures) for n in range(WINDOW)]
    known = [d for d in days if d is not None]
    if len(known) < WINDOW:
        return None
    highs = [d.high for d in known]
    return (
        sum(d.value for d in known) / 365.25,
        sum(d.low for d in known) / 365.25,
        None if None in highs else sum(h for h in highs if h is not None) / 365.25,
        sorted({r.row for d in known for r in d.used}),
    )


def _bounds(low: float | None, high: float | None) -> tuple[float | None, float | None]:
    """Bounds that say something: a range without width is none."""
    return (None, None) if low == high else (low, high)


@measure(
    "strikes.production_ratio",
    of=states(),
    title="Missiles and drones launched, relative to production",
    unit=Unit("ratio", "launched per one produced, over twelve weeks"),
    tables=("strikes", "estimates"),
    reference=f"{REFERENCE}; production: RUSI, CSIS, Ukrainian intelligence and others, row by row",
    method="Divides launches in the twelve weeks that end with the month by the production "
    "published for the same days and models. Production is taken as constant within the "
    "period of a figure and interpolated between figures; we assume nothing outside them. "
    "A ratio near 1 is one from 0.8 to 1.25. Launch counts of Shahed-type drones may "
    "include decoys and production figures do not, so that ratio is too high.",
    interval=Interval(
        "bounds",
        "interval arithmetic: fewest launches over the highest production to most launches over "
        "the lowest",
        note="low is blank where the production figure is open above",
    ),
)
def production_ratio(ask: Ask) -> Answer:
    """Groups: one group per family of munitions, one point per month."""
    fired = launches(ask)
    if not fired.rows:
        return ask.answer().missing(NONE.format(ask.dyad.name))
    table = ask.rows(
        "SELECT * FROM estimates WHERE metric = 'production' AND entity = 'RUS' ORDER BY item, "
        "period, locator"
    )
    produced = rates(table)
    out = ask.answer().about("RUS")
    first = fired.rows[0].day
    last = fired.rows[-1].day
    for month in (Period(m) for m in sorted({r.day.isoformat()[:7] for r in fired.rows})):
        start = month.end - dt.timedelta(days=WINDOW - 1)
        if start < first or month.end > last:
            continue
        for family in families():
            made = _made(start, [r for r in produced if r.item in family.items])
            if made is None:
                continue
            balance = Balance(*fired.total(start, month.end, family.models), *made)
            value, low, high = balance.ratio()
            out.point(
                month.text,
                value,
                low=low,
                high=high,
                group=family.label,
                rows=fired.of(balance.fired_rows),
            )
            behind = table.take(pa.array(balance.made_rows, pa.int64()))
            out.take(labelled(behind, month.text, family.label))
    shown = {p.group for p in out.points}
    lacking = [f.label for f in families() if f.label not in shown]
    if lacking:
        out.note = f"no twelve weeks with production published throughout: {', '.join(lacking)}"
    out.points.sort(key=lambda p: (p.group, p.period))
    return out
