# SPDX-License-Identifier: Apache-2.0
"""Words that identify a party, and those that only say where it is and what trade it is in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from bilat.parties.match.bodies import INDUSTRY
from bilat.parties.names.han import translations
from bilat.parties.names.legal import generic, kind_words
from bilat.parties.names.places import places_of
from bilat.parties.names.tokens import is_empty, organisation


@lru_cache(maxsize=1 << 15)
def identifies(token: str, written: str) -> bool:
    """Return whether a word of a name says more than a place, an industry or a kind of firm.

    ``written``: the romanised word, with a mark before a word of industry; '' in a name in Han.
    """
    if names_trade(token, written):
        return False
    if not written:
        return token not in places_in_chinese()
    return not is_empty(written) and not places_of(written)


@lru_cache(maxsize=1 << 15)
def names_trade(token: str, written: str) -> bool:
    """Return whether a word of a name says what industry or kind of firm or body one is."""
    if written.startswith(INDUSTRY) or token in generic() or token in kind_words():
        return True
    return not written and token in _trades_in_chinese()


@cache
def _words_in_chinese() -> frozenset[tuple[str, str]]:
    """Return the words of the Chinese lexicon in English, each with its token."""
    return frozenset(
        pair for english in translations() for pair in organisation(english.split())[0]
    )


@cache
def _trades_in_chinese() -> frozenset[str]:
    """Return the tokens of Chinese words that mean an industry."""
    pairs = _words_in_chinese()
    return frozenset(token for token, word in pairs if names_trade(token, word or token))


@cache
def places_in_chinese() -> frozenset[str]:
    """Return the tokens of Chinese words that mean a place."""
    return frozenset(token for token, word in _words_in_chinese() if places_of(word or token))


@cache
def of_kinds_in_chinese() -> frozenset[str]:
    """Return the tokens of Chinese words for a kind of university or institute, several of which
    have it (``Jiaotong University``).
    """
    bodies = kind_words() - generic()
    entries = ([token for token, _ in organisation(e.split())[0]] for e in translations())
    return frozenset(token for entry in entries if bodies & {*entry} for token in entry)


def identifying(tokens: Sequence[str], written: Sequence[str]) -> list[int]:
    """Return the places of the words of a name that identify.

    Parameters
    ----------
    tokens
        The words as they are compared.
    written
        The romanised words, none for a name in Han.
    """
    spelled = written or [""] * len(tokens)
    pairs = zip(tokens, spelled, strict=False)
    return [n for n, (token, word) in enumerate(pairs) if identifies(token, word)]
