# SPDX-License-Identifier: Apache-2.0
"""Oil and gas that reach China overland, and what it has in store, as published."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from bilat.measures import Answer, Ask, Interval, labelled, measure
from bilat.units import quantity
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
    out, kept = ask.answer(), []
    for n, r in enumerate(rows.select(["point", "grp", "value", "unit", "when_text"]).to_pylist()):
        factor = factors.get(r["unit"])
        if factor is not None and r["value"] is not None:
            kept.append(n)
            note = "" if r["when_text"] == r["point"] else r["when_text"]
            out.point(r["point"], r["value"] * factor, kind="estimated", group=r["grp"], note=note)
    out.take(rows.take(pa.array(kept, pa.int64())))
    return out.or_missing(f"no pipelines to {ask.dyad.name} are held as of {ask.as_of}: only China's are")


#: Names under which the capacity of the line from Russia is published: the spur and its two pipes.
FROM_RUSSIA = ("capacity, ESPO spur to China (Skovorodino-Mohe-Daqing)", "capacity, Mohe-Daqing lines 1+2")
#: Russia's line and Kazakhstan's, which also carries Russian oil, together.
WITH_KAZAKHSTAN = "capacity, Russia+Kazakhstan overland total"


def _with_russia(ask: Ask, lines: Answer) -> Answer:
    """The answer with the group 'oil' before it: the line from Russia; high with Kazakhstan's line."""
    both = {p.period: p.value for p in lines.points if p.group == WITH_KAZAKHSTAN}
    own = sorted((p for p in lines.points if p.group in FROM_RUSSIA), key=lambda p: p.period)
    out = ask.answer()
    for p in own:
        low = p.value if both.get(p.period) else None
        out.point(p.period, p.value, low=low, high=both.get(p.period), kind=p.kind, group="oil", note=p.note)
    used = pc.and_(
        pc.is_in(lines.rows["grp"], pa.array([*FROM_RUSSIA, WITH_KAZAKHSTAN])),
        pc.is_in(lines.rows["point"], pa.array([p.period for p in own], pa.string())),
    )
    out.take(labelled(lines.rows.filter(used), group="oil"))
    out.add(lines)
    out.note = lines.note
    return out


@measure(
    "energy.overland",
    title="Oil pipelines to China: capacity and flow",
    unit=quantity("million barrels a day"),
    tables=("estimates",),
    reference=REFERENCE,
    method="Group 'oil': the capacity of the line from Russia (Skovorodino to Mohe and Daqing) as published. "
    "Groups 'capacity, LINE' and 'flow, LINE': published capacities and flows by line, tonnes at "
    f"{BARRELS_PER_TONNE} barrels. The line from "
    "Myanmar carries oil that came by sea.",
    interval=Interval(
        "bounds", "group 'oil': high adds Kazakhstan's line, part of which carries Russian oil"
    ),
)
def oil(ask: Ask) -> Answer:
    """Groups: the direct line from Russia, then one group per line, capacity and flow apart."""
    lines = _pipelines(ask, "oil", OIL)
    return _with_russia(ask, lines) if "RUS" in tuple(ask.dyad) else lines


@measure(
    "energy.overland_gas",
    title="Gas pipelines to China: capacity and flow",
    unit=quantity("billion cubic metres a year"),
    tables=("estimates",),
    reference=REFERENCE,
    method="Published capacities and flows by line; lines that are only planned say so. Forecasts are "
    "left out.",
)
def gas(ask: Ask) -> Answer:
    """Groups: one group per line, capacity and flow apart."""
    return _pipelines(ask, "gas", GAS)


@measure(
    "energy.stocks",
    title="China's stocks of crude oil, as published",
    unit=quantity("million barrels"),
    tables=("estimates",),
    reference="OilX, EIA, CNPC and others through the pages cited in each row",
    method="Every published figure under its own definition (the strategic reserve, its capacity or plan, "
    "all crude in store): definitions differ and are not combined. Plans for years not yet begun are "
    "left out.",
)
def stocks(ask: Ask) -> Answer:
    """Groups: one group per definition; only about China."""
    rows = ask.rows(
        "SELECT *, period AS point, item AS grp FROM estimates WHERE metric = 'china_oil_stocks' "
        "AND unit = 'million barrels' AND entity IN (?, ?) AND period <= ? ORDER BY grp, point, locator",
        *ask.dyad,
        str(ask.as_of),
    )
    out = ask.answer()
    out.each(rows, "median(value)", kind="estimated")
    return out.or_missing(f"no oil stocks of {ask.dyad.name} were published by {ask.as_of} or are held")
