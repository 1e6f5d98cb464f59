# SPDX-License-Identifier: Apache-2.0
"""What a listing means in law (``effects.toml``), and the link to the publisher's entry."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

from bilat.package_files import TomlTable, read_package_toml

_CELEX = re.compile(r"\b3\d{4}[A-Z]\d{4}\b")


@cache
def _table() -> TomlTable:
    return read_package_toml(__package__, "effects.toml")


@cache
def gravest_first() -> dict[str, int]:
    """Effect -> its place, 0 the gravest."""
    return {name: n for n, name in enumerate(_table()["order"])}


def meaning(effect: str) -> str:
    """An effect in words."""
    return str(_table()["meaning"][effect])


def phrase(effect: str) -> str:
    """Return what an effect does to a party, as a predicate: ``is under an asset freeze``."""
    return str(_table()["phrase"].get(effect, "is listed"))


def in_words(effect: str) -> str:
    """Return what is forbidden by an effect, in a few words."""
    return str(_table()["words"].get(effect, effect))


@lru_cache(maxsize=4096)
def _fitting(list_name: str, programme: str) -> dict[str, Any]:
    """The first row of the table that speaks of a list and programme; empty where none does."""
    for row in _table()["effect"]:
        if list_name.startswith(row["list"]) and programme in row.get("programmes", (programme,)):
            return row
    return {}


def effect_of(list_name: str, programme: str) -> str:
    """What a list does to a party under a programme; ``listed`` where the table does not say."""
    return str(_fitting(list_name, programme).get("effect", "listed"))


def link_of(list_name: str, programme: str, party: str) -> str:
    """The publisher's page of an entry, or of its list; '' where none is known."""
    link = str(_fitting(list_name, programme).get("link", ""))
    number = party.split("-", 1)[1] if party.startswith("ofac-") else ""
    celex = match[0] if (match := _CELEX.search(list_name)) else ""
    if "{number}" in link and not number.isdigit():
        return ""
    return link.format(number=number, celex=celex)


#: Who publishes a list, by the first word of its name.
_PUBLISHERS = {
    "OFAC": "the United States",
    "US": "the United States",
    "EU": "the European Union",
    "UK": "the United Kingdom",
    "UN": "the United Nations",
    "CH": "Switzerland",
    "UA": "Ukraine",
    "CN": "China",
    "Japan": "Japan",
    "Australia": "Australia",
    "Canada": "Canada",
    "BIS": "the United States",
    "JP": "Japan",
    "AU": "Australia",
    "CA": "Canada",
}


def publisher(list_name: str) -> str:
    """Who publishes a list, in words; a list of one's own by its name."""
    return _PUBLISHERS.get(list_name.split(" ")[0], list_name)


def in_order(found: Iterable[str]) -> list[str]:
    """Effects once each, the gravest first."""
    place = gravest_first()
    return sorted(set(found), key=lambda e: (place.get(e, len(place)), e))
