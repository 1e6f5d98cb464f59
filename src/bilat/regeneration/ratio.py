# SPDX-License-Identifier: Apache-2.0
"""Fired against produced, over twelve weeks, for the munitions whose production is published."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import pyarrow as pa

from bilat.dyad import Period
from bilat.measures import Answer, Ask, Point, measure
from bilat.regeneration.equipment import Evidence
from bilat.regeneration.production import Rate, combined, rates
from bilat.regeneration.strikes import NONE, REFERENCE, launches

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
    raw = tomllib.loads(resources.files("bilat.regeneration").joinpath("production.toml").read_text("utf-8"))
    return tuple(Family(e["label"], tuple(e["items"]), frozenset(e["models"])) for e in raw["family"])


@dataclass(frozen=True)
class Rated:
    """Production on one day, per year, and the figures it comes from. A None bound is open."""

    value: float
    low: float
    high: float | None
    used: tuple[Rate, ...]


def rate_on(day: dt.date, found: list[Rate]) -> Rated | None:
    """The yearly rate of production on a day.

    Flat within the period of a figure (the widest range where several are for that day), in a straight line
    between the nearest figures before and after; None outside of what was published, where nothing is known.
    """
    on = [r for r in found if r.start <= day <= r.end]
    if on:
        return _rated(on)
    ends = [r.end for r in found if r.end < day]
    starts = [r.start for r in found if r.start > day]
    if not ends or not starts:
        return None
    before, after = max(ends), min(starts)
    a = _rated([r for r in found if r.end == before])
    b = _rated([r for r in found if r.start == after])
    if a is None or b is None:
        return None
    t = (day - before) / (after - before)
    high = None if a.high is None or b.high is None else a.high + t * (b.high - a.high)
    return Rated(a.value + t * (b.value - a.value), a.low + t * (b.low - a.low), high, a.used + b.used)


def _rated(found: list[Rate]) -> Rated | None:
    """One rate of several figures for the same time; a bound alone stands for the centre of an open range."""
    value, low, high = combined(found)
    if low is None:
        return None
    centre = value if value is not None else low
    return Rated(centre, low, high, tuple(found))


def _bounds(low: float | None, high: float | None) -> tuple[float | None, float | None]:
    """Bounds that say something: a range without width is none."""
    return (None, None) if low == high else (low, high)


@measure(
    "strikes.production_ratio",
    title="Missiles and drones launched against those produced",
    unit="launched per one produced, over twelve weeks",
    tables=("strikes", "estimates"),
    reference=f"{REFERENCE}; production: RUSI, CSIS, Ukrainian intelligence and others, row by row",
    method="Launches in the twelve weeks that end with the month, over the production published for the same "
    "days (flat within a figure's own period, in a straight line between figures, nothing outside them), for "
    "the models that this production supplies. Near 1 means 0.8 to 1.25. "
    "Launched Shahed-type drones may include decoys, which "
    "their production does not: that ratio runs high.",
    interval="interval arithmetic: fewest launches over the highest production to most launches over the "
    "lowest; low is blank where the production figure is open above",
)
def production_ratio(ask: Ask) -> Answer:
    """One group per family of munitions, one point per month."""
    held = launches(ask)
    if not held.rows:
        return Answer([], held.table, note=NONE.format(ask.dyad.name))
    table = ask.rows(
        "SELECT *, '' AS point, '' AS grp FROM estimates WHERE metric = 'production' AND entity = 'RUS' "
        "ORDER BY item, period, locator"
    )
    produced = rates(table)
    points: list[Point] = []
    fired_rows, produced_rows = Evidence(held.table, []), Evidence(table, [])
    months = [Period(m) for m in sorted({r.day.isoformat()[:7] for r in held.rows})]
    first, last = held.rows[0].day, held.rows[-1].day
    for family in families():
        figures = [r for r in produced if r.item in family.items]
        for month in months:
            start = month.end - dt.timedelta(days=WINDOW - 1)
            if start < first or month.end > last:
                continue
            days = [rate_on(start + dt.timedelta(days=n), figures) for n in range(WINDOW)]
            known = [d for d in days if d is not None]
            if len(known) < WINDOW:
                continue
            fired = held.total(start, month.end, family.models)
            made = sum(d.value for d in known) / 365.25
            least = sum(d.low for d in known) / 365.25
            highs = [d.high for d in known]
            most = None if None in highs else sum(h for h in highs if h is not None) / 365.25
            points.append(
                Point(
                    month.text,
                    fired[0] / made,
                    *_bounds(fired[1] / most if most else None, fired[2] / least if least else None),
                    "derived",
                    family.label,
                )
            )
            fired_rows.wanted += [(n, month.text, family.label) for n in fired[3]]
            used = sorted({r.row for d in known for r in d.used})
            produced_rows.wanted += [(n, month.text, family.label) for n in used]
    evidence = pa.concat_tables([fired_rows.taken(), produced_rows.taken()], promote_options="default")
    lacking = [f.label for f in families() if f.label not in {p.group for p in points}]
    note = f"no twelve weeks with production published throughout: {', '.join(lacking)}" if lacking else ""
    return Answer(points, evidence, note=note)
