# SPDX-License-Identifier: Apache-2.0
"""Country codes: ISO 3166-1 alpha-3, and the groups that publishers report as one
(``codes.toml``).
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from functools import cache

from bilat.errors import UnknownCountry
from bilat.package_files import TomlTable, read_package_toml
from bilat.places.iso3166 import iso_states


@cache
def codes() -> TomlTable:
    """The table of codes, by section: what each publisher writes."""
    return read_package_toml("bilat.places", "codes.toml")


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", " ", plain.lower().replace("&", " and ")).strip()


@cache
def _countries() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """(folded name or code -> code, code -> display name, alpha-3 -> alpha-2)."""
    table = codes()
    names: dict[str, str] = {}
    display: dict[str, str] = {}
    alpha2: dict[str, str] = {}
    for code, state in iso_states().items():
        display[code] = state.name
        alpha2[code] = state.alpha2
        for label in (code, state.alpha2, *state.names):
            names.setdefault(_fold(label), code)
    for code, entry in table["groups"].items():
        display[code] = entry["name"]
        for label in (code, entry["name"], *entry.get("aliases", [])):
            names[_fold(label)] = code
    for code, aliases in table["aliases"].items():
        for label in aliases:
            names[_fold(label)] = code
    display.update(table["display"])
    for code, label in table["display"].items():
        names[_fold(label)] = code
    return names, display, alpha2


def country(text: str) -> str:
    """ISO 3166-1 alpha-3 code (or group code) of a code or English name.

    Raises
    ------
    UnknownCountry
        if no country or group goes by that name.
    """
    found = _countries()[0].get(_fold(text))
    if found is None:
        near = difflib.get_close_matches(_fold(text), _countries()[0], n=1, cutoff=0.8)
        hint = f"did you mean {country_name(_countries()[0][near[0]])}? Or " if near else ""
        raise UnknownCountry(
            f"unknown country {text!r}: {hint}use an ISO code (RUS, CHN, DEU) or an English name"
        )
    return found


def country_or_none(text: str) -> str | None:
    """As :func:`country`, but None for an unknown name: for readers that keep the publisher's
    label.
    """
    return _countries()[0].get(_fold(text))


def country_name(code: str) -> str:
    """The short English name of a code; the code itself where it has none."""
    return _countries()[1].get(code, code)


@cache
def _with_article() -> frozenset[str]:
    return frozenset(codes()["article"]["the"])


def spoken_name(code: str) -> str:
    """The name as it stands within a sentence: "the United States", "China"."""
    name = country_name(code)
    return (
        f"the {name}" if code in _with_article() and not name.lower().startswith("the ") else name
    )


def alpha2(code: str) -> str | None:
    """ISO alpha-2 of an alpha-3 code, None for groups."""
    return _countries()[2].get(code)


def numeric(code: str) -> int | None:
    """ISO 3166-1 numeric (as UN M49 and CEPII use it) of an alpha-3 code, None for groups."""
    found = iso_states().get(code)
    return found.number if found else None
