# SPDX-License-Identifier: Apache-2.0
"""The publishers' own codes and names of countries, as ISO 3166-1 alpha-3.

UN Comtrade and CEPII number most countries as ISO 3166-1 does, with exceptions (842 for the United
States, 251 for France ...), listed in ``codes.toml`` with their source. What a publisher calls an
area not specified becomes ``NES``: counted, never a hub.
"""

from __future__ import annotations

import re
from functools import cache

from bilat.places.countries import codes, country_name, country_or_none, numeric
from bilat.places.iso3166 import iso_states, withdrawn_codes
from bilat.places.labels import partner_code

NES = "NES"
WORLD = "WLD"
#: What the publishers write for Taiwan: a rest of Asia by its name, which hardly holds anything
#: else.
OTHER_ASIA = frozenset({"S19", "490", "Other Asia, nes", "Other Asia, not elsewhere specified"})


@cache
def by_number() -> dict[int, str]:
    """UN M49 as Comtrade and BACI use it -> ISO alpha-3, ``WLD`` or ``NES``."""
    found = {state.number: code for code, state in iso_states().items()}
    found |= {int(n): code for n, code in codes()["comtrade"]["reads"].items()}
    return found


def comtrade_number(code: str) -> int | None:
    """The number by which UN Comtrade is asked for a state; None for a group."""
    return codes()["comtrade"]["asks"].get(code) or numeric(code)


def census_number(code: str) -> int | None:
    """The number by which the US Census Bureau is asked for a state; None for a group."""
    found = codes()["census"].get(code)
    return int(found) if found is not None else None


@cache
def by_census_number() -> dict[str, str]:
    """The US Census Bureau's number of a state, in four digits -> ISO alpha-3."""
    return {str(number): code for code, number in codes()["census"].items()}


def alpha2_of(code: str) -> str | None:
    """Return the two letters of ISO 3166-1 for a state; None for a group."""
    import pycountry

    if code == "XKX":
        return "XK"  # by use: ISO has no code for Kosovo
    found = pycountry.countries.get(alpha_3=code)
    return found.alpha_2 if found else None


def written_by_ofac(code: str) -> str:
    """The name under which OFAC's lists put an address in a state."""
    return codes()["ofac"].get(code) or country_name(code)


@cache
def is_area(label: str) -> bool:
    """Does a publisher's letter code name an area that is not a state: ``_X``, ``X1``, ``E19``,
    ``R4`` (not specified, bunkers, free zones, special categories, the rest of a continent), or
    what ISO 3166-3 lists as gone, ``ATB``?
    """
    label = label.strip()
    area = re.fullmatch(r"[A-Z_][A-Z]?[0-9]{1,2}|_X|NES", label)
    return area is not None or label in withdrawn_codes()


@cache
def by_alpha2() -> dict[str, str]:
    """Eurostat's geonomenclature -> ISO alpha-3, a group code or ``NES``."""
    found = {state.alpha2: code for code, state in iso_states().items()}
    return found | codes()["eurostat"]


@cache
def _chinese() -> dict[str, str]:
    """Chinese names of states, English where there is none -> ISO alpha-3."""
    found = {}
    for code, state in iso_states().items():
        for english, chinese in state.translated("zh"):
            found[chinese or english] = code
    return found | codes()["chinese"]


@cache
def by_name(label: str) -> str | None:
    """A publisher's country name, English or Chinese, as ISO alpha-3 or a group's code; None if
    unknown.

    Eurostat adds history in brackets: "Germany (incl. German Democratic Republic 'DD' from 1991)".
    """
    label = label.strip()
    short = label.split(" (")[0]
    for text in (label, short):
        found = codes()["eurostat_names"].get(text) or _chinese().get(text)
        if found:
            return found
    code, _ = partner_code(label)
    if code != label or country_or_none(label):
        return code
    low = label.lower()
    return NES if "not specified" in low or low.endswith(("nes", "n.e.s.")) else None
