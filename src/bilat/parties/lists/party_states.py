# SPDX-License-Identifier: Apache-2.0
"""The states of a listed party: those that its list names, those of its addresses."""

from __future__ import annotations

from functools import lru_cache

from bilat.formats.parties import Address, ListedParty
from bilat.places import country_or_none
from bilat.places.address_regions import REGIONS, parts_of_address, regions_of_address


@lru_cache(maxsize=4096)
def code_of(country: str) -> str:
    """Return the code of a country as a list writes it; '' where it is none."""
    return country_or_none(country) or ""


def countries_of(party: ListedParty) -> frozenset[str]:
    """Return the codes of the countries that a list names for a party, addresses included."""
    found = {code_of(country) for country in party.countries if country}
    for address in party.addresses:
        found |= states_of(address)
    return frozenset(found - {""})


def states_of(address: Address) -> frozenset[str]:
    """Return the codes of the states of an address.

    They are its country and, of one in Hong Kong or Macao, that too. A text that names China
    beside one of these, and no country in its own field, holds several addresses.
    """
    code = code_of(address.country) if address.country else ""
    if code not in ("", "CHN", *REGIONS):
        return frozenset({code})
    found = set(regions_of_address(address.text, address.city))
    parts = parts_of_address(address.text, address.city)
    if found and not code and any(code_of(part) == "CHN" for part in parts):
        found.add("CHN")
    return frozenset({code, *found} - {""})


def publisher_of(party: ListedParty) -> str:
    """Return who numbers an entry: what its id begins with."""
    return party.id.partition("-")[0]
