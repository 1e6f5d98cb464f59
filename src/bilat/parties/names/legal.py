# SPDX-License-Identifier: Apache-2.0
"""Where the legal form stands in a written name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bilat.parties.names.skeleton import skeleton
from bilat.parties.names.tokens import is_empty, legal_phrases, words_of


@lru_cache(maxsize=1 << 12)
def legal_span(text: str) -> tuple[int, int] | None:
    """(first, after the last) of the words that are the first legal form of a name; None where there is none.

    Two-letter forms count at either end only: inside a name they are rather words.
    """
    words = text.split()
    keys: list[str] = []
    parts: list[str] = []
    owner: list[int] = []
    for n, word in enumerate(words):
        for part in words_of(word):
            keys.append(skeleton(part))
            parts.append(part)
            owner.append(n)
    phrases = legal_phrases()
    at = 0
    while at < len(keys):
        found = phrases.match(keys, at)
        if found and (found[0] - at > 1 or len(parts[at]) > 2 or at == 0 or found[0] == len(keys)):
            return owner[at], owner[found[0] - 1] + 1
        at += 1
    return None


def without_form(plain: str) -> str:
    """The words of a plain name that are no legal form; a two-letter form counts at either end only."""
    words = plain.split()
    return " ".join(w for w, legal in zip(words, legal_words(words), strict=True) if not legal)


def legal_words(words: Sequence[str]) -> list[bool]:
    """Which romanised words are part of a legal form; a two-letter form counts at either end only."""
    keys = [skeleton(w) for w in words]
    phrases, out, at = legal_phrases(), [False] * len(keys), 0
    while at < len(keys):
        found = phrases.match(keys, at)
        if found and (found[0] - at > 1 or len(words[at]) > 2 or at <= 1 or found[0] == len(keys)):
            out[at : found[0]] = [True] * (found[0] - at)
            at = found[0]
        else:
            at += 1
    return out


def only_form(text: str) -> bool:
    """Whether a text has no word but legal forms and linking words (``a Limited``)."""
    words = words_of(text)
    return all(legal or is_empty(w) for w, legal in zip(words, legal_words(words), strict=True))
