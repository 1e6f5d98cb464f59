# SPDX-License-Identifier: Apache-2.0
"""What a listing means in law (``effects.toml``), and the link to the publisher's entry."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

_CELEX = re.compile(r"\b3\d{4}[A-Z]\d{4}\b")


@dataclass(frozen=True, slots=True)
class Effect:
    """What a list does to the parties on it."""

    list: str  # beginning of the list's name
    programmes: tuple[str, ...]  # empty: every programme
    effect: str
    link: str
    url: str  # where the effect was read


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("effects.toml").read_text("utf-8"))


@cache
def effects() -> tuple[Effect, ...]:
    """The table of effects, in the order in which it is tried."""
    return tuple(
        Effect(e["list"], tuple(e.get("programmes", ())), e["effect"], e["link"], e["url"])
        for e in _table()["effect"]
    )


@cache
def gravest_first() -> dict[str, int]:
    """Effect -> its place, 0 the gravest."""
    return {name: n for n, name in enumerate(_table()["order"])}


def meaning(effect: str) -> str:
    """An effect in words."""
    return str(_table()["meaning"][effect])


@lru_cache(maxsize=4096)
def _fitting(list_name: str, programme: str) -> Effect | None:
    return next(
        (
            e
            for e in effects()
            if list_name.startswith(e.list) and (not e.programmes or programme in e.programmes)
        ),
        None,
    )


def effect_of(list_name: str, programme: str) -> str:
    """What a list does to a party under a programme; ``listed`` where the table does not say."""
    found = _fitting(list_name, programme)
    return found.effect if found else "listed"


def link_of(list_name: str, programme: str, party: str) -> str:
    """The publisher's page of an entry, or of its list; '' where none is known."""
    found = _fitting(list_name, programme)
    if found is None:
        return ""
    number = party.split("-", 1)[1] if party.startswith("ofac-") else ""
    celex = match[0] if (match := _CELEX.search(list_name)) else ""
    if "{number}" in found.link and not number.isdigit():
        return ""
    return found.link.format(number=number, celex=celex)


#: Who publishes a list, by the first word of its name.
_PUBLISHERS = {"OFAC": "the United States", "US": "the United States", "EU": "the European Union",
               "UK": "the United Kingdom", "UN": "the United Nations", "CH": "Switzerland", "UA": "Ukraine",
               "CN": "China", "Japan": "Japan"}  # fmt: skip


def publisher(list_name: str) -> str:
    """Who publishes a list, in words; a list of one's own by its name."""
    return _PUBLISHERS.get(list_name.split(" ")[0], list_name)


def in_order(found: Iterable[str]) -> list[str]:
    """Effects once each, the gravest first."""
    place = gravest_first()
    return sorted(set(found), key=lambda e: (place.get(e, len(place)), e))
