# SPDX-License-Identifier: Apache-2.0
"""Straits: oil through them, ships through them, and the share of China's oil that passes Malacca."""

from __future__ import annotations

import re

import pyarrow as pa

from bilat.errors import UsageError
from bilat.measures import Answer, Ask, Point, measure

EVERYONE = "the same for every dyad: all users of the strait"


@measure(
    "energy.chokepoints",
    title="Oil through straits and canals",
    unit="million barrels a day",
    tables=("series",),
    reference="US Energy Information Administration, World Oil Transit Chokepoints, table 1",
    method="Crude oil and oil products through each strait by year, all users, as the EIA estimates it; "
    "world maritime trade and total supply beside them.",
)
def chokepoints(ask: Ask) -> Answer:
    """One group per strait."""
    rows = ask.rows(
        "SELECT *, period AS point, entity AS grp FROM series "
        "WHERE variable = 'oil transit' AND unit = 'mb/d' ORDER BY grp, point"
    )
    points = ask.points(rows, "max(value)", kind="estimated")
    return Answer(points, rows, note=EVERYONE if points else f"no edition published by {ask.as_of} is held")


@measure(
    "chokepoints.transits",
    title="Ships through straits and canals per month",
    unit="ships a month",
    tables=("series",),
    reference="IMF PortWatch, daily chokepoint transit calls",
    method="Ships by their own AIS signals, whole months only; ships that switch them off are missed.",
    params={
        "ships": ("tanker", "tanker or total"),
        "strait": ("", "words that the strait's name holds; empty: all 28"),
    },
)
def transits(ask: Ask) -> Answer:
    """One group per strait.

    Raises
    ------
    UsageError
        for a type of ship that is not counted.
    """
    ships = str(ask.params["ships"])
    if ships not in ("tanker", "total"):
        raise UsageError(f"ships={ships!r}: ships are counted as tanker or total")
    rows = ask.rows(
        "SELECT *, period AS point, entity AS grp FROM series WHERE variable = 'transits, ' || ? "
        "AND entity ILIKE '%' || ? || '%' ORDER BY grp, point",
        ships,
        str(ask.params["strait"]),
    )
    points = ask.points(rows, "sum(value)", kind="estimated")
    return Answer(points, rows, note=EVERYONE if points else f"no transits known by {ask.as_of} are held")


@measure(
    "energy.malacca_share",
    title="Share of China's oil imports through Malacca, as published",
    unit="percent",
    tables=("estimates", "published"),
    reference="each figure's own page",
    method="Every published figure held, each in a group of its own: what passes (crude, oil, energy) and "
    "which sea (Malacca alone, or with the South China Sea) differ, so none is chosen.",
    interval="none: the figures are published without one",
)
def malacca_share(ask: Ask) -> Answer:
    """One group per figure; only about China."""
    rows = ask.rows(
        "SELECT *, period AS point, item || ' (' || "
        "coalesce(regexp_extract(url, '^https?://(?:www\\.)?([^/]+)', 1), 'no page') || ')' AS grp "
        "FROM estimates WHERE metric = 'china_malacca_share' AND unit = 'percent' "
        "AND entity IN (?, ?) ORDER BY point",
        *ask.dyad,
    )
    points = ask.points(rows, "max(value)", kind="estimated")
    others = ask.rows(
        "SELECT *, period AS point, figure AS grp FROM published WHERE figure ILIKE '%Malacca%' "
        "AND figure ILIKE 'China%' AND contains(value_text, '%') AND 'CHN' IN (?, ?) ORDER BY figure_id",
        *ask.dyad,
    )
    dated = []
    for r in others.select(["point", "grp", "value_text"]).to_pylist():
        found = re.search(r"(\d+(?:\.\d+)?)%(?: \((\d{4})\))?", r["value_text"])
        dated.append(found[2] if found and found[2] else r["point"])
        if found:
            points.append(Point(dated[-1], float(found[1]), kind="estimated", group=r["grp"]))
    others = others.set_column(others.column_names.index("point"), "point", pa.array(dated, pa.string()))
    note = "" if points else f"no such figure on {ask.dyad.name} was published by {ask.as_of} or is held"
    return Answer(points, pa.concat_tables([rows, others], promote_options="default"), note=note)
