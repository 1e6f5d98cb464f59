# SPDX-License-Identifier: Apache-2.0
"""What the United States and Europe hold of the enablers of war: counts by definition."""

from __future__ import annotations

from dataclasses import replace
from statistics import median

import pyarrow as pa

from bilat.measures import Answer, Ask, Point, measure


@measure(
    "enablers.inventory",
    title="Enablers: inventories by capability, owner and definition",
    unit="items, as each group says",
    tables=("estimates",),
    reference="CSIS, IISS, RUSI, World Air Forces and others; each row names its page",
    method="Every published count under its own definition (dedicated tankers, all aircraft that can "
    "refuel): counts under different definitions are not comparable and are not combined. Forecasts for "
    "years not yet begun are left out.",
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
        "AND metric = ? AND item ILIKE '%' || ? || '%' AND (? = '' OR entity = ?) AND period <= ? "
        "ORDER BY grp, point, locator",
        str(ask.params["metric"]),
        str(ask.params["capability"]),
        str(ask.params["owner"]),
        str(ask.params["owner"]),
        str(ask.as_of),
    )
    points = ask.points(rows, "median(value)", low="min(low)", high="max(high)", kind="estimated")
    words = {
        (r["point"], r["grp"]): r["figure"]
        for r in rows.select(["point", "grp", "figure", "value", "low", "high"]).to_pylist()
        if r["value"] is None and r["low"] is None and r["high"] is None
    }
    points = [
        replace(
            p,
            low=p.low if p.low != p.high else None,
            high=p.high if p.low != p.high else None,
            note="; ".join(filter(None, (p.note, words.get((p.period, p.group), "")))),
        )
        for p in points
    ]
    none = f"no such figure was published by {ask.as_of} or is held"
    return Answer(points, rows, note="the same for every dyad" if points else none)


#: Owners that stand for the allies, under the names that publishers use.
ALLIES = ("Europe", "European NATO")


@measure(
    "enablers.share",
    title="One owner's share of an enabler, by definition",
    unit="share of what the owner and its European allies hold",
    tables=("estimates",),
    reference="CSIS, IISS, World Air Forces and others; each row names its page",
    method="The owner's total over the sum of its own and Europe's, from one originator where it counts "
    "both; totals are the rows whose system begins with 'all' or says 'all', and dedicated aircraft "
    "alone for the narrow definition.",
    interval="every total of the owner against every total of Europe, whatever their definitions: lowest "
    "and the highest share",
    params={
        "capability": ("air-to-air refuelling", "the capability as published"),
        "owner": ("United States", "the owner as published"),
    },
)
def share(ask: Ask) -> Answer:
    """One point, for the newest year with a total on either side; the same for every dyad."""
    capability, owner = str(ask.params["capability"]), str(ask.params["owner"])
    rows = ask.rows(
        "SELECT *, period AS point, ? AS grp FROM estimates WHERE source = 'enablers' "
        "AND metric = 'inventory' AND value > 0 AND starts_with(item, ? || ': ') AND entity IN (?, ?, ?) "
        "AND regexp_matches(split_part(item, ': ', 2), '\\ball\\b|\\bdedicated\\b') ORDER BY entity, locator",
        owner,
        capability,
        owner,
        *ALLIES,
    )
    found = rows.select(["entity", "value", "originator", "unit", "period"]).to_pylist()
    pairs = [
        (
            a["value"] / (a["value"] + b["value"]),
            a["originator"] == b["originator"],
            max(a["period"], b["period"]),
        )
        for a in found
        for b in found
        if a["entity"] == owner and b["entity"] in ALLIES and a["unit"] == b["unit"]
    ]
    if not pairs:
        none = f"no totals of {owner} and Europe for {capability} were published by {ask.as_of} or are held"
        return Answer([], rows.slice(0, 0), note=none)
    shares = [s for s, _, _ in pairs]
    alike = [s for s, same, _ in pairs if same] or shares
    period = max(p for _, _, p in pairs)
    low, high = (min(shares), max(shares)) if len(set(shares)) > 1 else (None, None)
    point = Point(period, median(alike), low, high, "derived", owner)
    rows = rows.set_column(
        rows.column_names.index("point"), "point", pa.repeat(pa.scalar(period, pa.string()), rows.num_rows)
    )
    return Answer([point], rows, note="the same for every dyad")
