# SPDX-License-Identifier: Apache-2.0
"""States as files of names write them: ISO's letters, its three digits, names in English, Russian, German and Persian.

The Russian, German and Persian names are those of ``places/iso3166.csv``. A name that two states
could bear is none. Groups (``EU``), the world and states that are gone (``USSR``) are no state of today: nobody's
nationality is told by them, so they speak neither for a party nor against it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

from bilat.places import country_or_none, numeric
from bilat.places.coalitions import is_country
from bilat.places.iso3166 import iso_states
from bilat.places.place_codes import by_number

#: Languages of the translated names, beside English.
LANGUAGES = ("ru", "de", "fa")
#: Names in daily use that the translations, of the official names, lack.
SHORT = {
    "Россия": "RUS",
    "РФ": "RUS",
    "Russland": "RUS",
    "روسیه": "RUS",
    "Белоруссия": "BLR",
    "КНР": "CHN",
    "КНДР": "PRK",
    "Кыргызстан": "KGZ",
    "ОАЭ": "ARE",
    "США": "USA",
}


def _key(text: str) -> str:
    """A name without case, stress marks and double blanks."""
    # Without the stress mark of Russian dictionaries.
    plain = unicodedata.normalize("NFD", text).replace("\u0301", "")
    return " ".join(unicodedata.normalize("NFC", plain).casefold().split())


@cache
def _translated() -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for language in LANGUAGES:
        told = [
            (_key(name), code)
            for code, state in iso_states().items()
            for _, name in state.translated(language)
            if name
        ]
        for name, code in told:
            found.setdefault(name, set()).add(code)
            # `Iran, Islamische Republik`: the short name stands before the comma, where no other state has it (Korea)
            short = name.replace("،", ",").split(",")[0]
            if all(code == other or short not in text for text, other in told):
                found.setdefault(short, set()).add(code)
    of_one = {name: min(codes) for name, codes in found.items() if len(codes) == 1}
    return of_one | {_key(name): code for name, code in SHORT.items()}


@lru_cache(maxsize=1 << 16)
def state_of(text: str) -> str | None:
    """ISO 3166-1 alpha-3 of a state of today, None for anything else."""
    text = text.strip()
    code = text if is_country(text) else country_or_none(text)  # Kosovo's own code is no name
    if code is None and len(text) == 3 and text.isdecimal():
        by = by_number().get(int(text))
        code = by if by and numeric(by) == int(text) else None  # ISO's own numbers, no publisher's
    if code is None and text:
        code = _translated().get(_key(text))
    return code if code and is_country(code) else None


def parts(text: str) -> list[str]:
    """The states named in a cell, as written."""
    return [part.strip() for part in text.split(";") if part.strip()]


def codes_of(texts: Iterable[str]) -> set[str]:
    """The states of today among names or codes."""
    return {code for t in texts if (code := state_of(t))}
