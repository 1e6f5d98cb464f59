# SPDX-License-Identifier: Apache-2.0
"""Oil and gas that reach China overland, and what it has in store, as published."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from bilat.measures import Answer, Ask, Point, measure
from bilat.units.energy import BARRELS_PER_TONNE

REFERENCE = "operators, TASS, The Diplomat and others; each row names its page"
#: Unit as published -> factor to million barrels a day, or to billion cubic metres a year.
OIL = {
    "million t/y": BARRELS_PER_TONNE / 365.25,
    "million tonnes": BARRELS_PER_TONNE / 365.25,
    "million b/d": 1.0,
}
GAS = {"bcm/y": 1.0, "bcm": 1.0}


def _pipelines(ask: Ask, fuel: str, factors: dict[str, float]) -> Answer:
    rows = ask.rows(
        "SELECT *, period AS point, split_part(metric, '_', 2) || ', ' || item AS grp FROM estimates "
        "WHERE metric IN ('pipeline_capacity_' || ?, 'pipeline_flow_' || ?) AND entity IN (?, ?) "
        "ORDER BY grp, point, locator",
        fuel,
        fuel,
        *ask.dyad,
    )
    points, kept = [], []
    for r in rows.select(["point", "grp", "value", "unit", "when_text", "revised_later"]).to_pylist():
        factor = factors.get(r["unit"])
        kept.append(factor is not None and r["value"] is not None)
        if kept[-1] and factor is not None:
            note = "" if r["when_text"] == r["point"] else r["when_text"]
            points.append(Point(r["point"], r["value"] * factor, kind="estimated", group=r["grp"], note=note))
    used = rows.filter(pa.array(kept, pa.bool_()))
    note = "" if points else f"no pipelines to {ask.dyad.name} are held as of {ask.as_of}: only China's are"
    return Answer(points, used, note=note)


#: Names under which the capacity of the line from Russia is published: the spur and its two pipes.
FROM_RUSSIA = ("capacity, ESPO spur to China (Skovorodino-Mohe-Daqing)", "capacity, Mohe-Daqing lines 1+2")
#: Russia's line and Kazakhstan's, which also carries Russian oil, together.
WITH_KAZAKHSTAN = "capacity, Russia+Kazakhstan overland total"


def _with_russia(found: Answer) -> Answer:
    """The answer with the group 'oil' before it: the line from Russia; high with Kazakhstan's line."""
    both = {p.period: p.value for p in found.points if p.group == WITH_KAZAKHSTAN}
    own = [p for p in found.points if p.group in FROM_RUSSIA]
    oil = [
        replace(p, group="oil", low=p.value if both.get(p.period) else None, high=both.get(p.period))
        for p in own
    ]
    used = pc.is_in(found.rows["grp"], pa.array([*FROM_RUSSIA, WITH_KAZAKHSTAN]))
    rows = found.rows.filter(
        pc.and_(used, pc.is_in(found.rows["point"], pa.array([p.period for p in own], pa.string())))
    )
    rows = rows.set_column(
        rows.column_names.index("grp"), "grp", pa.repeat(pa.scalar("oil", pa.string()), rows.num_rows)
    )
    points = [*sorted(oil, key=lambda p: p.period), *found.points]
    return Answer(points, pa.concat_tables([rows, found.rows]), found.note, found.interval, found.unit)


@measure(
    "energy.overland",
    title="Oil pipelines to China: capacity and flow",
    unit="million barrels a day",
    tables=("estimates",),
    reference=REFERENCE,
    method="Group 'oil': the capacity of the line from Russia (Skovorodino to Mohe and Daqing) as published. "
    "Groups 'capacity, LINE' and 'flow, LINE': published capacities and flows by line, tonnes at "
    f"{BARRELS_PER_TONNE} barrels. The line from "
    "Myanmar carries oil that came by sea.",
    interval="group 'oil': high adds Kazakhstan's line, part of which carries Russian oil",
)
def oil(ask: Ask) -> Answer:
    """The direct line from Russia, then one group per line, capacity and flow apart."""
    found = _pipelines(ask, "oil", OIL)
    if "RUS" not in tuple(ask.dyad):
        return found
    return _with_russia(found)


@measure(
    "energy.overland_gas",
    title="Gas pipelines to China: capacity and flow",
    unit="billion cubic metres a year",
    tables=("estimates",),
    reference=REFERENCE,
    method="Published capacities and flows by line; lines that are only planned say so. Forecasts are "
    "left out.",
)
def gas(ask: Ask) -> Answer:
    """One group per line, capacity and flow apart."""
    return _pipelines(ask, "gas", GAS)


@measure(
    "energy.stocks",
    title="China's stocks of crude oil, as published",
    unit="million barrels",
    tables=("estimates",),
    reference="OilX, EIA, CNPC and others through the pages cited in each row",
    method="Every published figure under its own definition (the strategic reserve, its capacity or plan, "
    "all crude in store): definitions differ and are not combined. Plans for years not yet begun are "
    "left out.",
)
def stocks(ask: Ask) -> Answer:
    """One group per definition; only about China."""
    rows = ask.rows(
        "SELECT *, period AS point, item AS grp FROM estimates WHERE metric = 'china_oil_stocks' "
        "AND unit = 'million barrels' AND entity IN (?, ?) AND period <= ? ORDER BY grp, point, locator",
        *ask.dyad,
        str(ask.as_of),
    )
    points = ask.points(rows, "median(value)", kind="estimated")
    note = "" if points else f"no oil stocks of {ask.dyad.name} were published by {ask.as_of} or are held"
    return Answer(points, rows, note=note)
