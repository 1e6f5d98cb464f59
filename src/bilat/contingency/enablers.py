# SPDX-License-Identifier: Apache-2.0
"""What the United States and Europe hold of the enablers of war: counts by definition."""

from __future__ import annotations

from dataclasses import replace

from bilat.measures import Answer, Ask, measure


@measure(
    "enablers.inventory",
    title="Enablers: inventories by capability, owner and definition",
    unit="items, as each group says",
    tables=("estimates",),
    reference="CSIS, IISS, RUSI, World Air Forces and others; each row names its page",
    method="Every published count under its own definition (dedicated tankers, all aircraft that can refuel, "
    "...): counts under different definitions are not comparable and are not combined.",
    interval="bounds as published; blank where open",
    params={
        "capability": ("", "words that the capability or system holds (refuelling, Patriot); empty: all"),
        "metric": ("inventory", "inventory, in Europe, requirement, delivery lead time, unit cost, …"),
        "owner": ("", "owner as published (Europe, United States, NATO); empty: all"),
    },
)
def inventory(ask: Ask) -> Answer:
    """One group per owner, capability, system, unit and originator; the same for every dyad."""
    rows = ask.rows(
        "SELECT *, period AS point, coalesce(entity, '') || ': ' || item || ', ' || unit || ' (' || "
        "coalesce(originator, 'no originator') || ')' AS grp FROM estimates WHERE source = 'enablers' "
        "AND metric = ? AND item ILIKE '%' || ? || '%' AND (? = '' OR entity = ?) "
        "ORDER BY grp, point, locator",
        str(ask.params["metric"]),
        str(ask.params["capability"]),
        str(ask.params["owner"]),
        str(ask.params["owner"]),
    )
    points = ask.points(rows, "median(value)", low="min(low)", high="max(high)", kind="estimated")
    points = [p if p.low != p.high else replace(p, low=None, high=None) for p in points]
    none = f"no such figure was published by {ask.as_of} or is held"
    return Answer(points, rows, note="the same for every dyad" if points else none)
