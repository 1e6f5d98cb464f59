# SPDX-License-Identifier: Apache-2.0
"""Makers of the foreign components found in Russian weapons, joined to the lists of parties by name."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from bilat.holdings import Holdings
from bilat.measures import Answer, Ask, measure
from bilat.parties.lists.listed import held_parties
from bilat.parties.match.matching import BATCH
from bilat.parties.match.screener import Screener
from bilat.parties.run.queries import Query
from bilat.parties.run.rows import Cut, rows_of
from bilat.units import share
from bilat.when import AsOf

#: A maker counts as listed when that is more likely than not, at a base rate of one maker in ten, and the
#: list does not place the party in another country alone.
LIKELY = 0.5
BASE_RATE = 0.1
JOINED = ("party", "name_matched", "list", "programme", "probability")
MAKERS = (
    "SELECT maker, maker_country, count(*) AS components, min(source) AS source, min(snapshot) AS snapshot, "
    "min(locator) AS locator, max(known_on) AS known_on, max(vintage) AS vintage "
    "FROM components WHERE maker IS NOT NULL GROUP BY maker, maker_country ORDER BY components DESC, maker"
)


def makers_listed(holdings: Holdings, as_of: AsOf, lists: list[str] | None = None) -> list[dict[str, Any]]:
    """Each named maker with its components and the listed party that it most likely is.

    Columns: maker, maker_country, components, party, name_matched, list, programme, probability, and where
    both rows stand. ``party`` is None where no listed party reaches :data:`LIKELY`.
    """
    makers = holdings.connect(as_of).table(MAKERS).to_pylist()
    if not makers:
        return []
    screener = Screener(held_parties(lists, as_of, holdings)[0], BASE_RATE)
    best: dict[str, dict[str, Any]] = {}
    for at in range(0, len(makers), BATCH):
        batch = [
            Query(str(n), m["maker"], n, "Company", country=m["maker_country"] or "")
            for n, m in enumerate(makers[at : at + BATCH], at)
        ]
        for row in rows_of(screener, batch, Cut(1, LIKELY)).rows:
            elsewhere = any(f["flag"] == "country_differs" for f in row["flags"])
            if row["probability"] is not None and row["probability"] >= LIKELY and not elsewhere:
                best[row["query_id"]] = row
    out = []
    for n, m in enumerate(makers):
        hit = best.get(str(n))
        found = {k: hit[k] for k in JOINED} if hit else {}
        out.append(
            {
                **m,
                **dict.fromkeys(JOINED),
                **found,
                "listed_source": hit["source"] if hit else None,
                "listed_locator": hit["locator"] if hit else None,
            }
        )
    return out


TEXT, COUNT, REAL, DAY = pa.string(), pa.int64(), pa.float64(), pa.date32()
SCHEMA = pa.schema(
    {
        "maker": TEXT,
        "maker_country": TEXT,
        "components": COUNT,
        "party": TEXT,
        "name_matched": TEXT,
        "list": TEXT,
        "programme": TEXT,
        "probability": REAL,
        "listed_source": TEXT,
        "listed_locator": TEXT,
        "period": TEXT,
        "kind": TEXT,
        "source": TEXT,
        "snapshot": TEXT,
        "locator": TEXT,
        "known_on": DAY,
        "known_basis": TEXT,
        "vintage": DAY,
        "revised_later": pa.bool_(),
    }
)
NOT_NAMED = (
    "no maker is named in what is held as of this date: pull it with `bilat sources pull gur_components`"
)


@measure(
    "parties.listed_makers",
    title="Share of components in Russian weapons whose maker is itself listed",
    unit=share("components with a named maker", scale=""),
    tables=("components", "parties", "names", "listings"),
    reference="GUR, War and Sanctions, components; lists of US agencies held; matching: docs/parties.md",
    method="Components with a named maker, by the maker's country. A maker is listed where the best "
    "name match is more likely right than not (at a base rate of one in ten) and the list does not place the party "
    "in another country. Most makers did not sell to Russia: a low share says that listing makers does not "
    "reach the trade. Needs the makers' names, which are not embedded: bilat sources pull gur_components.",
)
def listed_makers(ask: Ask) -> Answer:
    """Groups: one point a country of the dyad and one for all, at the list's date."""
    found = makers_listed(ask.holdings, ask.as_of)
    if not found:
        return ask.answer().missing(NOT_NAMED)
    day = max(m["known_on"] for m in found).isoformat()
    out = ask.answer()
    for group, keep in (("", None), *((c, c) for c in ask.dyad)):
        chosen = [m for m in found if keep is None or m["maker_country"] == keep]
        total = sum(m["components"] for m in chosen)
        if not total:
            continue
        listed = sum(m["components"] for m in chosen if m["party"])
        more = {"period": day, "kind": "derived", "known_basis": "published", "revised_later": False}
        rows = pa.Table.from_pylist([{**m, **more} for m in chosen], schema=SCHEMA)
        out.point(day, listed / total, group=group, rows=rows)
    return out
