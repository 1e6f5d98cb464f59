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
    if code not in ("", "CHN", *_REGIONS):
        return frozenset({code})
    parts = _parts_between_commas(address)
    found = {
        region for region, name in _REGIONS.items() if any(name.fullmatch(part) for part in parts)
    }
    if found and not code and any(code_of(part) == "CHN" for part in parts):
        found.add("CHN")
    return frozenset({code, *found} - {""})


def _parts_between_commas(address: Address) -> list[str]:
    """Return what stands between the commas of an address, its city first."""
    parts = _PARTS.split(f"{address.city},{address.text}")
    plain = [" ".join(part.split()).rstrip(".") for part in parts]
    return [part for part in plain if part]


def publisher_of(party: ListedParty) -> str:
    """Return who numbers an entry: what its id begins with."""
    return party.id.partition("-")[0]
