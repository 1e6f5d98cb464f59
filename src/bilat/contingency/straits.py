# SPDX-License-Identifier: Apache-2.0
"""Straits: oil through them, ships through them, and the share of China's oil that passes Malacca."""

from __future__ import annotations

import re
from typing import Literal

from bilat.measures import Answer, Ask, Interval, labelled, measure
from bilat.units import PERCENT, count, quantity

EVERYONE = "the same for every dyad: all users of the strait"


@measure(
    "energy.chokepoints",
    title="Oil through straits and canals",
    unit=quantity("million barrels a day"),
    tables=("series",),
    reference="US Energy Information Administration, World Oil Transit Chokepoints, table 1",
    method="Crude oil and oil products through each strait by year, all users, as the EIA estimates it; "
    "world maritime trade and total supply beside them.",
)
def chokepoints(ask: Ask) -> Answer:
    """Groups: one group per strait."""
    rows = ask.rows(
        "SELECT *, period AS point, entity AS grp FROM series "
        "WHERE variable = 'oil transit' AND unit = 'mb/d' ORDER BY grp, point"
    )
    out = ask.answer()
    out.each(rows, "max(value)", kind="estimated")
    if not out.points:
        return out.missing(f"no edition published by {ask.as_of} is held")
    out.note = EVERYONE
    return out


@measure(
    "chokepoints.transits",
    title="Ships through straits and canals per month",
    unit=count("ships a month"),
    tables=("series",),
    reference="IMF PortWatch, daily chokepoint transit calls",
    method="Ships by their own AIS signals, whole months only; ships that switch them off are missed.",
)
def transits(ask: Ask, ships: Literal["tanker", "total"] = "tanker", strait: str = "") -> Answer:
    """Groups: one group per strait.

    ships: ships counted
    strait: words that the strait's name holds; empty: all 28
    """
    rows = ask.rows(
        "SELECT *, period AS point, entity AS grp FROM series WHERE variable = 'transits, ' || ? "
        "AND entity ILIKE '%' || ? || '%' ORDER BY grp, point",
        ships,
        strait,
    )
    out = ask.answer()
    out.each(rows, "sum(value)", kind="estimated")
    if not out.points:
        return out.missing(f"no transits known by {ask.as_of} are held")
    out.note = EVERYONE
    return out


@measure(
    "energy.malacca_share",
    title="Share of China's oil imports through Malacca, as published",
    unit=PERCENT,
    tables=("estimates", "published"),
    reference="each figure's own page",
    method="Every published figure held, each in a group of its own: what passes (crude, oil, energy) and "
    "which sea (Malacca alone, or with the South China Sea) differ, so none is chosen.",
    interval=Interval(name="none: the figures are published without one"),
)
def malacca_share(ask: Ask) -> Answer:
    """Groups: one group per figure; only about China."""
    rows = ask.rows(
        "SELECT *, period AS point, item || ' (' || "
        "coalesce(regexp_extract(url, '^https?://(?:www\\.)?([^/]+)', 1), 'no page') || ')' AS grp "
        "FROM estimates WHERE metric = 'china_malacca_share' AND unit = 'percent' "
        "AND entity IN (?, ?) ORDER BY point",
        *ask.dyad,
    )
    out = ask.answer()
    out.each(rows, "max(value)", kind="estimated")
    others = ask.rows(
        "SELECT *, period AS point, figure AS grp FROM published WHERE figure ILIKE '%Malacca%' "
        "AND figure ILIKE 'China%' AND contains(value_text, '%') AND 'CHN' IN (?, ?) ORDER BY figure_id",
        *ask.dyad,
    )
    dated = []
    for r in others.select(["point", "grp", "value_text"]).to_pylist():
        share = re.search(r"(\d+(?:\.\d+)?)%(?: \((\d{4})\))?", r["value_text"])
        dated.append(share[2] if share and share[2] else r["point"])
        if share:
            out.point(dated[-1], float(share[1]), kind="estimated", group=r["grp"])
    out.take(labelled(others, dated))
    return out.or_missing(f"no such figure on {ask.dyad.name} was published by {ask.as_of} or is held")
