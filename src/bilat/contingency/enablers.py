# SPDX-License-Identifier: Apache-2.0
"""What the United States and Europe hold of the enablers of war: counts by definition."""

from __future__ import annotations

from statistics import median

from bilat.measures import Answer, Ask, Interval, measure
from bilat.units import quantity, share


@measure(
    "enablers.inventory",
    title="Enablers: inventories by capability, owner and definition",
    unit=quantity("items, as each group says"),
    tables=("estimates",),
    reference="CSIS, IISS, RUSI, World Air Forces and others; each row names its page",
    method="Every published count under its own definition (dedicated tankers, all aircraft that can "
    "refuel): counts under different definitions are not comparable and are not combined. Forecasts for "
    "years not yet begun are left out.",
    interval=Interval("bounds", "bounds as published", note="blank where open"),
)
def inventory(ask: Ask, capability: str = "", metric: str = "inventory", owner: str = "") -> Answer:
    """Groups: one group per owner, capability, system, unit and originator; the same for every dyad.

    capability: words that the capability or system holds (refuelling, Patriot); empty: all
    metric: inventory, in Europe, requirement, delivery lead time, unit cost, …
    owner: owner as published (Europe, United States, NATO); empty: all
    """
    rows = ask.rows(
        "SELECT *, period AS point, coalesce(entity, '') || ': ' || item || ', ' || unit || ' (' || "
        "coalesce(originator, 'no originator') || ')' AS grp FROM estimates WHERE source = 'enablers' "
        "AND metric = ? AND item ILIKE '%' || ? || '%' AND (? = '' OR entity = ?) AND period <= ? "
        "ORDER BY grp, point, locator",
        metric,
        capability,
        owner,
        owner,
        str(ask.as_of),
    )
    out = ask.answer()
    figure = "CASE WHEN count(value) + count(low) + count(high) = 0 THEN max(figure) ELSE '' END"
    out.each(
        rows, "median(value)", low="min(low)", high="max(high)", kind="estimated", note=figure, skip_flat=True
    )
    if not out.points:
        return out.missing(f"no such figure was published by {ask.as_of} or is held")
    out.note = "the same for every dyad"
    return out


#: Owners that stand for the allies, under the names that publishers use.
ALLIES = ("Europe", "European NATO")


@measure(
    "enablers.share",
    title="One owner's share of an enabler, by definition",
    unit=share("what the owner and its European allies hold", scale=""),
    tables=("estimates",),
    reference="CSIS, IISS, World Air Forces and others; each row names its page",
    method="The owner's total over the sum of its own and Europe's, from one originator where it counts "
    "both; totals are the rows whose system begins with 'all' or says 'all', and dedicated aircraft "
    "alone for the narrow definition.",
    interval=Interval(
        "bounds",
        "every total of the owner against every total of Europe, whatever their definitions: lowest and the highest "
        "share",
    ),
)
def owners_share(ask: Ask, capability: str = "air-to-air refuelling", owner: str = "United States") -> Answer:
    """Groups: one point, for the newest year with a total on either side; the same for every dyad.

    capability: the capability as published
    owner: the owner as published
    """
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
        return ask.answer().missing(none)
    shares = [s for s, _, _ in pairs]
    alike = [s for s, same, _ in pairs if same] or shares
    period = max(p for _, _, p in pairs)
    low, high = (min(shares), max(shares)) if len(set(shares)) > 1 else (None, None)
    out = ask.answer(note="the same for every dyad")
    out.point(period, median(alike), low=low, high=high, group=owner, rows=rows)
    return out
