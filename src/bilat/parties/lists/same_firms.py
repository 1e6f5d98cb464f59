# SPDX-License-Identifier: Apache-2.0
"""Firms that are one by their names and places, where no number says so.

* Firms whose names agree but for the legal form, in one country, where nothing else on the lists
  bears the name and an address of each is the same place (house number and two words):
  ``Far-East Factory Zvezda`` and ``AO Dalnevostochnyy Zavod Zvezda``. Where one side has no address
  at all, a single word that no clean name bears is enough (Rostec).
* Firms with one full name, legal form included, of which one has no state.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from bilat.formats.parties import ListedParty
from bilat.parties.lists.party_states import publisher_of
from bilat.parties.lists.regimes import connected_states
from bilat.parties.match.addresses import address_tokens
from bilat.parties.match.background import firms
from bilat.parties.match.index import AIRCRAFT, PERSON, VESSEL, party_class
from bilat.parties.names.forms import is_firms, listed_forms
from bilat.parties.names.script import has_han, letters

#: What tables of legal texts have in place of a name that is printed as a picture.
NO_NAMES = frozenset({"text of image"})
#: Letters of the shortest single word that may join without an address, of two entries and of more.
_LONG_WORD = 6
_LONG_ALONE = 8
#: Words of a full name, its legal form among them, that joins without a state.
_FEWEST = 3
Placed = Sequence[tuple[ListedParty, frozenset[str]]]  # entries with the codes of their states
Same = Iterator[tuple[int, int, str]]  # entry, entry, why


def _borne_by_two(
    keyed: Iterable[tuple[Any, int]], group: Sequence[int]
) -> Iterator[tuple[Any, int, int]]:
    """Each key that entries of exactly two groups bear, with the first entry of each."""
    bearers: dict[Any, dict[int, int]] = {}
    for key, n in keyed:
        bearers.setdefault(key, {}).setdefault(group[n], n)
    for key, found in bearers.items():
        if len(found) == 2:
            a, b = found.values()
            yield key, a, b


def cores(party: ListedParty) -> Iterator[tuple[str, ...]]:
    """Tokens of a firm's names without the legal form; of what stands before a bracket too."""
    if party_class(party.schema) == PERSON:
        return
    for name in party.names:
        if (
            name.kind in ("weak", "former", "none")
            or has_han(name.text)
            or name.text.casefold() in NO_NAMES
        ):
            continue
        for text in dict.fromkeys((name.text, name.text.partition("(")[0].strip())):
            for form in listed_forms(text, False)[:1] if text else ():
                if sum(map(len, form.tokens)) >= 4:
                    yield form.tokens


@lru_cache(maxsize=1 << 16)
def _core_of(text: str) -> tuple[str, ...]:
    form = next(iter(listed_forms(text, False)), None) if text else None
    return form.tokens if form is not None else ()


def own_name(party: ListedParty) -> set[tuple[str, ...]]:
    """Return a firm's first name without its legal form; without its bracket too."""
    first = party.names[0].text
    texts = (first, first.partition("(")[0].strip())
    return {core for text in texts if (core := _core_of(text))}


def same_cores(parties: Placed, group: Sequence[int]) -> Same:
    """Firms of one name but for the legal form; ``group``: the group that each entry is in."""
    members: dict[int, list[ListedParty]] = {}
    for n, (party, _) in enumerate(parties):
        members.setdefault(group[n], []).append(party)
    keyed = (
        ((core, c), n) for n, (p, states) in enumerate(parties) for core in cores(p) for c in states
    )
    yield from _same_rare_words(parties, group)
    for (tokens, country), a, b in _borne_by_two(keyed, group):
        one = members[group[a]]
        two = members[group[b]]
        if set(map(publisher_of, one)) == set(map(publisher_of, two)):
            continue  # one publisher tells them apart
        places = [
            [tuple(map(set, address_tokens(x.text))) for p in of for x in p.addresses]
            for of in (one, two)
        ]
        rare = (
            len(tokens) == 1 and len(tokens[0]) >= _LONG_WORD and firms().words.count(tokens[0]) < 2
        )
        if any(len(w & v) >= 2 and n & m for w, n in places[0] for v, m in places[1]):
            yield a, b, f"same name but for its legal form, and same address ({country})"
        elif rare and not all(places):
            yield a, b, f"same name but for its legal form, and country ({country})"


def _same_rare_words(parties: Placed, group: Sequence[int]) -> Same:
    """Yield firms of one state whose own name is one long word that no registered firm has.

    Their legal forms must not differ, and no list may have several of them.
    """
    bearers: dict[tuple[str, str], list[int]] = {}
    for n, (party, countries) in enumerate(parties):
        if party_class(party.schema) in (PERSON, VESSEL, AIRCRAFT):
            continue
        for form in listed_forms(party.name, False)[:1]:
            word = form.tokens[0] if len(form.tokens) == 1 else ""
            if len(word) < _LONG_ALONE or word.startswith("~") or firms().words.count(word):
                continue
            for state in countries or connected_states(party):
                bearers.setdefault((word, state), []).append(n)
    for (_, state), of in bearers.items():
        publishers = Counter(
            publisher_of(parties[n][0]) for n in {group[n]: n for n in of}.values()
        )
        legal = [listed_forms(parties[n][0].name, False)[0].legal for n in of]
        shared = frozenset.intersection(*filter(None, legal)) if any(legal) else True
        if shared and max(publishers.values()) == 1:
            yield from ((of[0], n, f"same rare name and country ({state})") for n in of[1:])


def _whole(name: str) -> Iterator[str]:
    """Words of a name; and without a bracket at its end that repeats some of them: ``Alfa Trade Co., Ltd. (Alfa)``."""
    text, _, bracket = name.rstrip(" )").rpartition("(")
    inner = letters(bracket).split()
    rest = letters(text).split()
    for words in (letters(name).split(), rest if set(inner) <= set(rest) else []):
        if len(words) >= _FEWEST:
            yield " ".join(words)


def same_stateless(parties: Placed, group: Sequence[int]) -> Same:
    """Firms of one full name, legal form included, of which one has no state; any name of a party, a former one too,
    makes it a bearer.
    """
    states: dict[int, set[str]] = {}
    for n, (_, countries) in enumerate(parties):
        states.setdefault(group[n], set()).update(countries)
    named = [
        (key, n, name.kind not in ("weak", "former") and party_class(party.schema) != PERSON)
        for n, (party, _) in enumerate(parties)
        for name in party.names
        if name.kind != "none" and is_firms(name.text)
        for key in _whole(name.text)
    ]
    current = {(key, group[n]) for key, n, now in named if now}
    for key, a, b in _borne_by_two(((key, n) for key, n, _ in named), group):
        if {(key, group[a]), (key, group[b])} <= current and not (
            states[group[a]] and states[group[b]]
        ):
            yield a, b, "same full name with its legal form, one entry without a state"
