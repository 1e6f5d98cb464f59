# SPDX-License-Identifier: Apache-2.0
"""Bodies that only their state distinguishes: a ministry of defence, a national bank.

Every state has one. Where all words of a name say what kind of body it is, the state beside them is
part of the name, and another state's body is another one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from bilat.parties.match.bearers import public_words
from bilat.parties.names.abjad import unvowelled
from bilat.parties.names.legal import kind_words, only_kind_and_place, word_tokens
from bilat.parties.names.places import STATE, PlaceMatch, folded, place_matches, states_by_name
from bilat.parties.names.script import clean
from bilat.parties.names.tagging import is_common
from bilat.parties.names.tokens import ARTICLE, form_of, is_empty, words_of
from bilat.places import country_name
from bilat.places.iso3166 import iso_states
from bilat.places.place_codes import by_alpha2

#: How a word of industry begins as a form has it: in English letters, in others.
INDUSTRY = ("=", "#")
#: The ending of an Arabic adjective of a thing, and what a state's name loses before it.
_FEMININE = "ية"
_ENDING_OF_STATE = re.compile("(?:يا|ية|ا|ة)$")
#: Words of bodies that every state has, beside those of industry.
_OF_STATES = frozenset(
    [
        "interior",
        "affairs",
        "organization",
        "organisation",
        "authority",
        "committee",
        "council",
        "administration",
    ]
)


@lru_cache(maxsize=1 << 13)
def states_in_name(name: str) -> frozenset[str]:
    """Return the states that a name contains, by their names, short names or adjectives."""
    words = folded(name).split()
    named = {
        by_alpha2()[place.state]
        for match in _states(words)
        for place in match.places
        if place.kind == STATE and place.state in by_alpha2()
    }
    return frozenset(named.union(filter(None, map(_state_of_adjective, words))))


@lru_cache(maxsize=1 << 12)
def _state_of_adjective(word: str) -> str:
    """Return the code of the state of an adjective such as `iranian`, '' for another word."""
    # An Arabic word begins with its article, which stands apart in names.
    words = [w for w in words_of(word) if w != ARTICLE]
    if len(words) == 1 and unvowelled(words[0]):
        return _states_by_arabic_word().get(words[0], "")
    form = form_of(words, False)
    if form is None or len(form.tokens) != 1 or not form.written[0].startswith(INDUSTRY):
        return ""
    return _states_by_token().get(form.tokens[0], "")


@cache
def _states_by_arabic_word() -> dict[str, str]:
    """Return the codes of the states by the Arabic words that name one: its name and the adjectives
    of it, as in `ايراني` and `ايرانية`, and the last word of a longer name (`سعودية`).
    """
    found: dict[str, set[str]] = {}
    for key, code in states_by_name().items():
        words = [word for word in words_of(key) if word != ARTICLE]
        if not words or not all(map(unvowelled, words)):
            continue
        of_state = words[-1].endswith(_FEMININE) if len(words) > 1 else True
        for word in _adjectives(words[-1]) if of_state else ():
            found.setdefault(word, set()).add(by_alpha2()[code])
    return {word: min(codes) for word, codes in found.items() if len(codes) == 1}


def _adjectives(word: str) -> tuple[str, ...]:
    """Return an Arabic name of a state and the adjectives that are made of it."""
    stem = _ENDING_OF_STATE.sub("", word)
    return word, f"{stem}ي", f"{stem}{_FEMININE}"


@cache
def _states_by_token() -> dict[str, str]:
    """Return the codes of the states whose names are one word, by the token of that word."""
    found: dict[str, set[str]] = {}
    for code in iso_states():
        tokens = word_tokens(country_name(code))
        if len(tokens) == 1:
            (token,) = tokens
            found.setdefault(token, set()).add(code)
    return {token: min(codes) for token, codes in found.items() if len(codes) == 1}


@lru_cache(maxsize=1 << 13)
def states_of_places(name: str) -> frozenset[str]:
    """Return the states of the places that a name contains: towns, regions and states."""
    words = folded(name).split()
    return frozenset(
        by_alpha2()[place.state]
        for match in place_matches(words, [False] * len(words))
        for place in match.places
        if place.state in by_alpha2()
    )


@lru_cache(maxsize=1 << 13)
def without_states(name: str) -> str:
    """Return a folded name without the states that it contains, and without the words that tie
    them to it.
    """
    words = folded(name).split()
    placed = {n for match in _states(words) for n in range(match.first, match.after)}
    placed |= {n for n, word in enumerate(words) if _state_of_adjective(word)}
    kept = [word for n, word in enumerate(words) if n not in placed]
    while kept and is_empty(kept[-1]):
        kept.pop()
    return " ".join(kept)


@lru_cache(maxsize=1 << 13)
def is_kind_of_body(name: str) -> bool:
    """Return whether a name, without its states, says what kind of body one is and no more."""
    rest = without_states(name)
    form = form_of(words_of(clean(rest)), False)
    if form is None or not form.written:
        return False
    if only_kind_and_place(form.plain):
        return True
    return all(map(_says_a_kind, form.written))


@lru_cache(maxsize=1 << 13)
def is_body_of_any_state(name: str) -> bool:
    """Return whether a name is that of a body which many states have, and does not say of which
    one: `Presidential Guard`, `Agricultural Cooperative Bank`.
    """
    if states_in_name(name):
        return False
    form = form_of(words_of(clean(name)), False)
    if form is None or not form.written or len(form.written) < 2:
        return False
    tokens = dict(zip(form.tokens, form.written, strict=False))
    if not (public_words() | word_tokens("bank")) & tokens.keys():
        return False
    known = kind_words() | public_words()
    return all(
        word.startswith(INDUSTRY) or token in known or folded(word) in _OF_STATES
        for token, word in tokens.items()
    )


def _says_a_kind(word: str) -> bool:
    plain = folded(word)
    return word.startswith(INDUSTRY) or plain in _OF_STATES or is_common(plain)


def _states(words: Sequence[str]) -> list[PlaceMatch]:
    found = place_matches(words, [False] * len(words))
    return [match for match in found if STATE in match.kinds]
