# SPDX-License-Identifier: Apache-2.0
"""The terms of a text: stems of its words, and pairs of neighbours."""

from __future__ import annotations

import re
from itertools import pairwise

#: Words that every English text has; their share also tells the language.
_FUNCTION_WORDS = """
the of and to in a an that for by with on at from is are was were be been has have had it its as
not no but or than this which who their they them he his she her will would could may might more
most about into over under after before since during between among also said says say one two
other others all some any such only up out so if when while where what there these those then
both each per did do does against without within through now yet own new first
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
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
