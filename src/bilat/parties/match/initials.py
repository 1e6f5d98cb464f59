# SPDX-License-Identifier: Apache-2.0
"""Listed bodies that an acronym may stand for by the initials of their names: SJTU, Shanghai Jiao
Tong University.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from bilat.parties.match.index import ORGANISATION, UNKNOWN, NameIndex
from bilat.parties.names.legal import legal_words, word_tokens
from bilat.parties.names.tokens import is_empty

#: Letters of an acronym, at least and at most.
SHORTEST, LONGEST = 3, 8
#: Words of the bodies that people call by their initials.
_BODIES = "university institute academy college ministry"
#: Words of a name from which on people call a body by its initials.
_LEAST_WORDS = 3
#: A word of Chinese syllables, each of which may give a letter (Nanjing: N, J).
_SYLLABLE = (
    "(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?"
    "(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|van|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|ue|"
    "ui|uo|a|o|e|i|u)"
)
_SYLLABLES = re.compile(f"(?:{_SYLLABLE})+")
_EACH_SYLLABLE = re.compile(_SYLLABLE)


def is_acronym_alone(text: str) -> bool:
    """Return whether a text is one word in capitals such as a body's initials."""
    word = text.strip()
    return SHORTEST <= len(word) <= LONGEST and word.isascii() and word.isalpha() and word.isupper()


def bodies_by_initials(index: NameIndex, acronym: str) -> dict[int, int]:
    """Return the bodies whose names have the letters of an acronym as initials: each party with the
    form of its name, in the order of the index.

    Only universities, ministries and the like are looked at: firms of any three initials are many.
    Of 84 acronyms of unlisted firms and bodies, eight are the initials of some listed body or firm.
    """
    letters = acronym.strip().lower()
    tokens = [index.vocabulary[t] for t in word_tokens(_BODIES) if t in index.vocabulary]
    rows = [index.by_token[token].indices for token in tokens]
    found: dict[int, int] = {}
    for form in np.unique(np.concatenate(rows)).tolist() if rows else ():
        party = int(index.form_party[form])
        if party in found or index.party_class[party] not in (ORGANISATION, UNKNOWN):
            continue
        if _has_initials(index.plain[form], letters):
            found[party] = form
    return found


def _has_initials(plain: str, letters: str) -> bool:
    words = plain.split()
    kept = [
        word
        for word, is_legal in zip(words, legal_words(words), strict=True)
        if not is_legal and not is_empty(word)
    ]
    if len(kept) < _LEAST_WORDS or len(kept) > len(letters) or kept[0][0] != letters[0]:
        return False
    return _spells(tuple(kept), letters)


def _spells(words: Sequence[str], letters: str) -> bool:
    """Return whether letters are the initials of words, each one in turn with one or more."""
    if not words or not letters:
        return not words and not letters
    mine = _initials_of(words[0])
    return any(
        letters[:size] == mine[:size] and _spells(words[1:], letters[size:])
        for size in range(1, min(len(mine), len(letters)) + 1)
    )


@lru_cache(maxsize=1 << 12)
def _initials_of(word: str) -> str:
    """Return the letters that a word may give: its first, or those of its Chinese syllables."""
    if _SYLLABLES.fullmatch(word):
        return "".join(part[0] for part in _EACH_SYLLABLE.findall(word))
    return word[0]
