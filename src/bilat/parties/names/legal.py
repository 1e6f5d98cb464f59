# SPDX-License-Identifier: Apache-2.0
"""Where the legal form stands in a written name."""

from __future__ import annotations

from functools import lru_cache

from bilat.parties.names.skeleton import skeleton
from bilat.parties.names.tokens import legal_phrases, words_of


@lru_cache(maxsize=1 << 12)
def legal_span(text: str) -> tuple[int, int] | None:
    """(first, after the last) of the words that are the first legal form of a name; None where there is none.

    Two-letter forms count at either end only: inside a name they are rather words.
    """
    words = text.split()
    keys: list[str] = []
    owner: list[int] = []
    for n, word in enumerate(words):
        for part in words_of(word):
            keys.append(skeleton(part))
            owner.append(n)
    phrases = legal_phrases()
    at = 0
    while at < len(keys):
        found = phrases.match(keys, at)
        if found and (found[0] - at > 1 or len(keys[at]) > 2 or at == 0 or found[0] == len(keys)):
            return owner[at], owner[found[0] - 1] + 1
        at += 1
    return None


def without_form(plain: str) -> str:
    """The words of a plain name that are no legal form; a two-letter form counts at either end only."""
    keys = [skeleton(w) for w in plain.split()]
    phrases, kept, at = legal_phrases(), [], 0
    while at < len(keys):
        found = phrases.match(keys, at)
        if found and (found[0] - at > 1 or len(keys[at]) > 2 or at <= 1 or found[0] == len(keys)):
            at = found[0]
        else:
            kept.append(plain.split()[at])
            at += 1
    return " ".join(kept)
