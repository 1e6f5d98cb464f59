# SPDX-License-Identifier: Apache-2.0
"""Firms and persons of the partner under the programmes against Russia, edition after edition of the list."""

from __future__ import annotations

from importlib import resources

from bilat.measures import Answer, Ask, measure
from bilat.places.place_codes import written_by_ofac
from bilat.units import count

RUSSIA = "RUS"


@measure(
    "parties.china_listings",
    title="Sanctioned parties under Russia and Ukraine programmes with an address in the partner country",
    unit=count("parties"),
    tables=("listings", "addresses", "parties"),
    reference="OFAC, Specially Designated Nationals and Blocked Persons List, dated editions",
    method="Parties of each held edition of the list that stand under a programme whose name holds RUSSIA or "
    "UKRAINE and that have at least one address in the partner country, counted once each. The "
    "address file is "
    "held as of December 2025 only: addresses added or removed in between are as they were then, and such "
    "points are marked revised later. Hong Kong and Macau are countries of their own in the file and are "
    "counted only where asked for. Of two editions of one year the later one speaks.",
)
def china_listings(ask: Ask, hong_kong: bool = False) -> Answer:
    """Groups: one point per held edition that names programmes, to the as-of date; exact counts.

    hong_kong: count addresses in Hong Kong and Macau with those in China
    """
    if RUSSIA not in tuple(ask.dyad):
        return ask.answer().missing("OFAC's programmes are those against Russia; the dyad lacks it")
    partner = next(c for c in ask.dyad if c != RUSSIA)
    countries = [written_by_ofac(partner)]
    if hong_kong and partner == "CHN":
        countries += ["Hong Kong", "Macau"]
    out = ask.answer()
    out.each(ask.rows(_sql(), *(countries + [countries[0]] * (3 - len(countries)))), "count(DISTINCT party)")
    return out.or_missing(f"no party with an address in {countries[0]} in any edition held")


def _sql() -> str:
    return resources.files(__package__).joinpath("china_listings.sql").read_text("utf-8")
