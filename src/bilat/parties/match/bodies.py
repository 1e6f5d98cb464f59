# SPDX-License-Identifier: Apache-2.0
"""Bodies that are told apart by their state alone: a ministry of defence, a national bank.

Every state has one. Where all words of a name say what kind of body it is, the state beside them is
part of the name, and another state's body is another one.
"""

from __future__ import annotations

from functools import lru_cache

from bilat.parties.names.legal import only_kind_and_place
from bilat.parties.names.places import PlaceMatch, folded, place_matches
from bilat.parties.names.script import clean
from bilat.parties.names.tagging import is_common
from bilat.parties.names.tokens import form_of, words_of
from bilat.places.place_codes import by_alpha2

#: How a word of industry begins as a form has it: in English letters, in others.
INDUSTRY = ("=", "#")
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
#: The kind of place that is a state.
_STATE = "S"


@lru_cache(maxsize=1 << 13)
def states_in_name(name: str) -> frozenset[str]:
    """Return the states that a name contains, by their names or short names."""
    return frozenset(
        by_alpha2()[place.state]
        for match in _states(name)
        for place in match.places
        if place.kind == _STATE and place.state in by_alpha2()
    )


@lru_cache(maxsize=1 << 13)
def is_kind_of_body(name: str) -> bool:
    """Return whether a name, without its states, says what kind of body one is and no more."""
    words = folded(name).split()
    placed = {n for match in _states(name) for n in range(match.first, match.after)}
    rest = " ".join(word for n, word in enumerate(words) if n not in placed)
    form = form_of(words_of(clean(rest)), False)
    if form is None or not form.written:
        return False
    if only_kind_and_place(form.plain):
        return True
    return all(map(_says_a_kind, form.written))


def _says_a_kind(word: str) -> bool:
    plain = folded(word)
    return word.startswith(INDUSTRY) or plain in _OF_STATES or is_common(plain)


def _states(name: str) -> list[PlaceMatch]:
    words = folded(name).split()
    found = place_matches(words, [False] * len(words))
    return [match for match in found if _STATE in match.kinds]
