# SPDX-License-Identifier: Apache-2.0
"""The terms of a text: stems of its words, and pairs of neighbours."""

from __future__ import annotations

import re
from itertools import pairwise

from bilat.document.function_words import FUNCTION_WORDS

_WORD = re.compile(r"[a-z][a-z0-9-]*[a-z0-9]|[a-z]")
_SUFFIXES = "ations ation ments ment ings ing ities ity ies edly ied ed ers er es s ly al"
_ENDINGS = tuple(_SUFFIXES.split())
#: A stem keeps at least so many letters.
_STEM = 4


def terms(text: str) -> list[str]:
    """Return the stems of the words of a text that carry meaning, then the pairs of neighbours."""
    stems = [_stem(w) for w in words(text) if w not in FUNCTION_WORDS]
    pairs = [f"{first} {second}" for first, second in pairwise(stems)]
    return stems + pairs


def words(text: str) -> list[str]:
    """Return the words of a text in small letters."""
    return _WORD.findall(text.lower())


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            return word[: -len(ending)]
    return word
