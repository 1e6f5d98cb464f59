# SPDX-License-Identifier: Apache-2.0
"""The states that a text names, and whether it is in English."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from bilat.document.function_words import FUNCTION_WORDS
from bilat.intake.terms import words
from bilat.package_files import read_package_toml
from bilat.places import country_name
from bilat.places.iso3166 import iso_states

#: An English text has at least this share of function words; other languages share few of them.
ENGLISH = 0.2


def is_english(text: str) -> bool:
    """Return whether the words of a text are English by the share of its function words."""
    letters = sum(c.isalpha() for c in text)
    latin = sum(c.isascii() and c.isalpha() for c in text)
    found = words(text)
    if not found or latin < letters / 2:
        return False
    return sum(w in FUNCTION_WORDS for w in found) / len(found) >= ENGLISH


def states_in(text: str) -> list[str]:
    """Return the codes of the states that a text names, the one named most often first."""
    found = Counter(_names()[match] for match in _pattern().findall(text))
    return [code for code, _ in found.most_common()]


@cache
def _names() -> dict[str, str]:
    """Name, people or capital -> code."""
    names = {}
    for code, state in iso_states().items():
        for name in (state.name, country_name(code)):
            names[name] = code
    for code, others in read_package_toml("bilat.intake", "states.toml").items():
        names |= dict.fromkeys(others, code)
    return names


@cache
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(_names(), key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b")
