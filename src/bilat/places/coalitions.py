# SPDX-License-Identifier: Apache-2.0
"""The origins of a question: a coalition by name, or ISO codes joined by commas."""

from __future__ import annotations

from functools import cache

from bilat.errors import UsageError
from bilat.package_files import read_package_toml
from bilat.places import country
from bilat.places.iso3166 import iso_states


@cache
def coalitions() -> dict[str, frozenset[str]]:
    """Name -> ISO alpha-3 codes; a coalition that names another holds its members."""
    raw = read_package_toml("bilat.places", "coalitions.toml")

    def members(name: str) -> set[str]:
        found: set[str] = set()
        for code in raw[name]:
            found |= members(code) if code in raw else {code}
        return found

    return {name: frozenset(members(name)) for name in raw}


def origins(text: str) -> frozenset[str]:
    """``COALITION``, ``EU27`` or ``DEU,FRA`` as codes.

    Raises
    ------
    UsageError
        for an empty list or an unknown name.
    """
    found: set[str] = set()
    for word in (w.strip() for w in text.split(",")):
        if word.upper() in coalitions():
            found |= coalitions()[word.upper()]
        elif word:
            found.add(country(word))
    if not found:
        raise UsageError(
            f"`origin` {text!r} names no country: use COALITION, EU27 or ISO codes joined by commas"
        )
    return frozenset(found)


@cache
def is_country(code: str) -> bool:
    """False for the world, groups, and areas not specified: none of them is a hub or an origin of
    its own.
    """
    return code in ("XKX", "TWN") or code in iso_states()
