# SPDX-License-Identifier: Apache-2.0
"""Firms and persons of the partner under the programmes against Russia, edition after edition of the list."""

from __future__ import annotations

import pyarrow as pa

from bilat.measures import Answer, Ask, Pair, World, measure
from bilat.package_files import read_package_text
from bilat.places.address_regions import REGIONS, place_of_address
from bilat.places.place_codes import written_by_ofac
from bilat.units import count

RUSSIA = "RUS"


@measure(
    "parties.china_listings",
    of=Pair,
    title="Sanctioned parties under Russia and Ukraine programmes with an address in the partner "
    "country",
    unit=count("parties"),
    tables=("listings", "addresses", "parties"),
    sources=dict.fromkeys(("listings", "addresses", "parties"), ("ofac_sdn",)),
    reference="OFAC, Specially Designated Nationals and Blocked Persons List, dated editions",
    method="Counts the parties in each version of the list that have an address in the partner "
    "country and are listed under a programme whose name contains RUSSIA or UKRAINE. Each "
    "party counts once. We have addresses only as of December 2025, so earlier figures "
    "use those and are marked “revised later”. The file puts addresses in Hong Kong and "
    "Macau either in China or in a country of their own; they count as mainland China "
    "only on request. If a year has two versions, we use the later one. As suppliers we "
    "count only firms listed under the executive order of April 2021 (RUSSIA-EO14024) "
    "without an address in Russia, and no people or ships. The list does not say which "
    "firms are branches of Russian ones, so a branch without an address in Russia counts.",
)
def china_listings(ask: Ask, hong_kong: bool = False, suppliers: bool = False) -> Answer:
    """Groups: one point per held edition that names programmes, to the as-of date; exact counts.

    hong_kong: count addresses in Hong Kong and Macau with those in China
    suppliers: true for only those firms listed for the war that have no address in Russia
    """
    if RUSSIA not in tuple(ask.dyad):
        return ask.answer().missing(
            "OFAC's programmes are those against Russia; the pair does not include it"
        )
    partner = next(c for c in ask.dyad if c != RUSSIA)
    wanted = {partner, *(REGIONS if hong_kong and partner == "CHN" else ())}
    out = ask.answer()
    sql = read_package_text(__package__, "china_listings.sql")
    rows = ask.rows(sql, suppliers, placed_addresses=_addresses_in(ask, wanted))
    out.each(rows, "count(DISTINCT party)")
    if suppliers:
        for edition in ask.query(_EDITIONS).to_pylist():
            if edition["day"] not in {p.period for p in out.points}:
                out.absent(edition["day"], note="none in this edition")
        out.points.sort(key=lambda p: p.period)
    where = written_by_ofac(partner)
    return out.or_missing(f"no party with an address in {where} in any version that we have")


def _addresses_in(ask: Ask, wanted: set[str]) -> pa.Table:
    """Return the addresses in some places, Hong Kong and Macao counted separately from China."""
    states = wanted | ({"CHN"} if wanted & REGIONS else set())
    labels = {written_by_ofac(code): code for code in sorted(states)}
    found = ask.query(_ADDRESSES, list(labels))
    kept = [
        place_of_address(labels[r["country"]], r["address"], r["city"] or "") in wanted
        for r in found.to_pylist()
    ]
    return found.filter(pa.array(kept, pa.bool_()))


_ADDRESSES = """
SELECT party, address, city, country, locator, known_on, revised_later FROM addresses
WHERE source = 'ofac_sdn' AND list_contains(?, country)
"""


#: Editions of the list that name programmes.
_EDITIONS = """
SELECT DISTINCT CAST(vintage AS VARCHAR) AS day FROM listings
WHERE source = 'ofac_sdn' AND programme IS NOT NULL ORDER BY 1
"""


#: Groups of the European annex by country of the address; the rest is "others".
EU_COUNTRIES = ("CHN", "HKG", "TUR", "ARE", "KAZ", "IND", "RUS", "others")
BOTH = "CHN with HKG"


@measure(
    "parties.eu_listed",
    of=World,
    title="Entities under the export controls of the EU against Russia, by country of address",
    unit=count("entries"),
    tables=("series",),
    sources={"series": ("eu_export_controlled",)},
    reference="Council Regulation (EU) 833/2014, Annex IV; counts by the project",
    method="A running total of entries in the annex, by the country of their address, for each "
    "day on which an entry was added. Hong Kong is counted both by itself and with the "
    "mainland.",
)
def eu_listed(ask: Ask) -> Answer:
    """Groups: the countries, ``others``, and ``CHN with HKG``, whatever the dyad; one point a day of listing."""
    rows = ask.rows(
        "SELECT *, period AS point, entity AS grp FROM series WHERE source = "
        "'eu_export_controlled' "
        "ORDER BY period, entity"
    )
    if rows.num_rows == 0:
        return ask.answer().missing("no entry of the annex is known as of this date")
    listed = rows.to_pylist()
    out = ask.answer(
        note="Entries removed since are missing: counts for earlier days are too low. We have "
        "the annex only in its latest version."
    )
    for group in (*EU_COUNTRIES, BOTH):
        of = ("CHN", "HKG") if group == BOTH else (group,)
        for day in sorted({r["period"] for r in listed}):
            at = [i for i, r in enumerate(listed) if r["entity"] in of and r["period"] <= day]
            total = int(sum(listed[i]["value"] for i in at))
            out.counted(
                day,
                total,
                group=group,
                kind="derived",
                rows=rows.take(pa.array(at)) if at else None,
            )
    return out
