# SPDX-License-Identifier: Apache-2.0
"""How long until the second of two allies lists a ship that the first has listed for the war."""

from __future__ import annotations

from collections import defaultdict
from statistics import median

import pyarrow as pa

from bilat.measures import Answer, Ask, World, measure
from bilat.units import quantity

#: Ships of the British and the European list for Russia, with IMO number and first day.
_SHIPS = """
WITH ships AS (
  SELECT regexp_extract(p.identifiers, 'imo:([0-9]{7})', 1) AS imo,
         CASE WHEN p.source = 'uk_sanctions' THEN 'London' ELSE 'Brussels' END AS capital,
         l.listed_on, p.name, l.period, l.kind, l.locator, l.known_on, l.known_basis, l.source,
         l.snapshot, l.vintage, l.revised_later
  FROM parties p
  JOIN listings l ON l.party = p.party AND l.source = p.source AND l.snapshot = p.snapshot
  WHERE p.schema = 'Vessel' AND l.listed_on IS NOT NULL
    AND (p.source = 'uk_sanctions' AND l.programme LIKE '%Russia%'
         OR p.source = 'eu_russia' AND l.programme = 'EU-RUS XLII')
),
first AS (
  SELECT * FROM ships WHERE imo <> ''
  QUALIFY row_number() OVER (PARTITION BY imo, capital ORDER BY listed_on, source, locator) = 1
)
SELECT *, CAST(year(min(listed_on) OVER (PARTITION BY imo)) AS VARCHAR) AS point, '' AS grp
FROM first QUALIFY count(*) OVER (PARTITION BY imo) = 2
ORDER BY point, imo, capital
"""


@measure(
    "parties.allied_gap",
    title="Days between London and Brussels listing the same ship",
    of=World,
    unit=quantity("days"),
    tables=("parties", "listings"),
    reference="UK Sanctions List (FCDO) and annex XLII of Council Regulation (EU) 833/2014",
    method="For ships on both lists, matched by IMO number, we compare the first date on each "
    "list. The figure is the median number of days between the two, by the year of the "
    "earlier listing. Ships removed since are missing, and so are ships that only one "
    "side lists so far. The latest year is therefore incomplete. That a side listed second "
    "does not prove that it followed the first.",
)
def allied_gap(ask: Ask) -> Answer:
    """Groups: none; one point for each year in which one of the two began, whatever the dyad."""
    rows = ask.rows(_SHIPS)
    if rows.num_rows == 0:
        return ask.answer().missing("no ship is on both lists as of this date")
    out = ask.answer(note="Median days of ships on both lists by now; recent years are cut short.")
    ships = rows.to_pylist()
    years: dict[str, list[int]] = defaultdict(list)
    for place, ship in enumerate(ships):
        years[ship["point"]].append(place)
    for year, places in sorted(years.items()):
        days: dict[str, list[int]] = defaultdict(list)
        for place in places:
            days[ships[place]["imo"]].append(ships[place]["listed_on"].toordinal())
        waits = [max(pair) - min(pair) for pair in days.values()]
        told = f"{len(waits)} ships"
        out.point(year, float(median(waits)), rows=rows.take(pa.array(places)), note=told)
    return out
