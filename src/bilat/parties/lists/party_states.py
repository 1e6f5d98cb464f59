# SPDX-License-Identifier: Apache-2.0
"""The states of a listed party: those that its list names, those of its addresses."""

from __future__ import annotations

import re
from functools import lru_cache

from bilat.formats.parties import Address, ListedParty
from bilat.places import country_or_none

#: Places that a list writes as a city of China and a query as a state: a whole part of the address between commas.
_REGIONS = {
    code: re.compile(
        rf"{name}(?: island| sar| s\.a\.r\.?| special administrative region)?(?: [\d-]+)?",
        re.IGNORECASE,
    )
    for code, name in (("HKG", "hong ?kong"), ("MAC", "maca[uo]"))
}
_PARTS = re.compile(r"[,;，；]")


@lru_cache(maxsize=4096)
def code_of(country: str) -> str:
    """The code of a country as a list writes it; '' where it is none."""
    return country_or_none(country) or ""


def countries_of(party: ListedParty) -> frozenset[str]:
    """Codes of the countries that a list names for a party, addresses included."""
    told = {code_of(c) for c in party.countries if c}
    return frozenset(filter(None, told.union(*(states_of(a) for a in party.addresses))))


def states_of(address: Address) -> frozenset[str]:
    """Codes of the states of an address: its country and, of one in Hong Kong or Macao, that too."""
    code = code_of(address.country) if address.country else ""
    if code not in ("", "CHN", *_REGIONS):
        return frozenset({code})
    parts = [
        " ".join(p.split()).rstrip(".") for p in _PARTS.split(f"{address.city},{address.text}")
    ]
    found = {region for region, name in _REGIONS.items() if any(name.fullmatch(p) for p in parts)}
    if found and not code and any(code_of(p) == "CHN" for p in parts if p):
        found.add("CHN")  # such a text holds several addresses
    return frozenset({code, *found} - {""})


def publisher_of(party: ListedParty) -> str:
    """Who numbers the entry: what its id begins with."""
    return party.id.partition("-")[0]
