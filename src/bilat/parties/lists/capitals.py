# SPDX-License-Identifier: Apache-2.0
"""The capitals that list parties over Russia's war, with the lists and programmes of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Capital:
    """A government that lists parties: its lists in the catalog, and its programmes on Russia."""

    name: str
    state: str
    sources: tuple[str, ...]
    programmes: tuple[str, ...]
    is_western: bool = True


CAPITALS = (
    Capital(
        "Washington",
        "the United States",
        ("ofac_sdn", "ofac_consolidated", "us_csl"),
        ("*RUSSIA*", "*UKRAINE*"),
    ),
    Capital("London", "the United Kingdom", ("uk_sanctions",), ("*Russia*",)),
    Capital(
        "Brussels",
        "the European Union",
        ("eu_russia", "eu_financial", "eu_sanctions"),
        ("UKR", "EU-UKR*", "EU-RUS*"),
    ),
    Capital("Tokyo", "Japan", ("jp_mof", "jp_export_bans"), ("*",)),
    Capital(
        "Canberra",
        "Australia",
        ("au_dfat",),
        ("Autonomous (Russia)", "Autonomous (Ukraine)", "Autonomous (Vessels)"),
    ),
    Capital("Kyiv", "Ukraine", ("ua_ships", "ua_war_sanctions"), ("*",), is_western=False),
)
#: Capital by its name, and the name of the capital by the source of a listing.
BY_NAME: Mapping[str, Capital] = {c.name: c for c in CAPITALS}
_OF_SOURCE = {source: c for c in CAPITALS for source in c.sources}


def capital_of(source: str) -> Capital | None:
    """Return the capital that publishes a list; None for any other publisher."""
    return _OF_SOURCE.get(source)


@lru_cache(maxsize=4096)
def is_on_russia(source: str, programme: str) -> bool:
    """Return whether a programme of a capital's list is one on Russia."""
    capital = _OF_SOURCE.get(source)
    if capital is None:
        return False
    return any(fnmatchcase(programme, pattern) for pattern in capital.programmes)


def named(words: Iterable[str]) -> list[Capital]:
    """Return the capitals that words name: by capital, state or code of a source.

    Raises
    ------
    KeyError
        for a word that names none.
    """
    found = []
    for word in words:
        key = word.casefold().removeprefix("the ")
        match = next(
            (
                c
                for c in CAPITALS
                if key in (c.name.casefold(), c.state.casefold().removeprefix("the "))
                or any(key == s.split("_")[0] for s in c.sources)
            ),
            None,
        )
        if match is None:
            raise KeyError(word)
        found.append(match)
    return found
