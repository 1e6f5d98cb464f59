# SPDX-License-Identifier: Apache-2.0
"""Oil and gas that reach China overland: capacities and flows of pipelines, as published."""

from __future__ import annotations

import pyarrow as pa

from bilat.contingency.units import BARRELS_PER_TONNE
from bilat.measures import Answer, Ask, Point, measure

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


@measure(
    "energy.overland",
    title="Oil pipelines to China: capacity and flow",
    unit="million barrels a day",
    tables=("estimates",),
    reference=REFERENCE,
    method=f"Published capacities and flows by line, tonnes at {BARRELS_PER_TONNE} barrels. The line from "
    "Myanmar carries oil that came by sea. Groups 'capacity, LINE' and 'flow, LINE'.",
)
def oil(ask: Ask) -> Answer:
    """One group per line, capacity and flow apart."""
    return _pipelines(ask, "oil", OIL)


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
