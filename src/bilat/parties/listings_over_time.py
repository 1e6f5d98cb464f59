# SPDX-License-Identifier: Apache-2.0
"""Firms and persons of the partner under the programmes against Russia, edition after edition of the list."""

from __future__ import annotations

from importlib import resources

from bilat.measures import Answer, Ask, measure
from bilat.places import country_name

#: How OFAC's address file writes the countries; where it differs from the short English name.
OFAC_COUNTRY = {"CHN": "China", "HKG": "Hong Kong", "KOR": "Korea, South", "PRK": "Korea, North"}
RUSSIA = "RUS"


@measure(
    "parties.china_listings",
    title="Sanctioned parties under Russia and Ukraine programmes with an address in the partner country",
    unit="parties",
    tables=("listings", "addresses", "parties"),
    reference="OFAC, Specially Designated Nationals and Blocked Persons List, dated editions",
    method="Parties of each held edition of the list that stand under a programme whose name holds RUSSIA or "
    "UKRAINE and that have at least one address in the partner country, counted once each. The "
    "address file is "
    "held as of December 2025 only: addresses added or removed in between are as they were then, and such "
    "points are marked revised later. Hong Kong and Macau are countries of their own in the file and are "
    "counted only where asked for. Of two editions of one year the later one speaks.",
    params={"hong_kong": (False, "count addresses in Hong Kong and Macau with those in China")},
)
def china_listings(ask: Ask) -> Answer:
    """One point per held edition that names programmes, to the as-of date; exact counts."""
    if RUSSIA not in tuple(ask.dyad):
        return Answer([], _nothing(ask), "OFAC's programmes are those against Russia; the dyad lacks it")
    partner = next(c for c in ask.dyad if c != RUSSIA)
    countries = [OFAC_COUNTRY.get(partner, country_name(partner))]
    if ask.params["hong_kong"] and partner == "CHN":
        countries += ["Hong Kong", "Macau"]
    rows = ask.rows(_sql(), *(countries + [countries[0]] * (3 - len(countries))))
    note = "" if rows.num_rows else f"no party with an address in {countries[0]} in any edition held"
    return Answer(ask.points(rows, "count(DISTINCT party)"), rows, note)


def _sql() -> str:
    return resources.files(__package__).joinpath("china_listings.sql").read_text("utf-8")


def _nothing(ask: Ask):  # type: ignore[no-untyped-def]
    return ask.rows(_sql(), "", "", "")
