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
from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TypeVar

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
#: Letters of the shortest name, without its legal form, that says anything.
_SHORTEST_CORE = 4
#: Entries with the codes of their states.
Placed = Sequence[tuple[ListedParty, frozenset[str]]]
#: An entry, another, and why they are one.
Same = Iterator[tuple[int, int, str]]
#: The tokens of a firm's name without its legal form.
Core = tuple[str, ...]
Key = TypeVar("Key", bound=Hashable)


def same_cores(parties: Placed, group: Sequence[int]) -> Same:
    """Yield firms of one name but for the legal form.

    Nothing else on the lists may bear the name in that state, and one publisher may not number the
    two apart. Then an address in common joins them; where one side has no address at all, a name
    of a single rare word does.

    Parameters
    ----------
    parties
        every entry of the lists, with the codes of its states.
    group
        the group of entries that each is in so far; the caller merges what is yielded.

    Yields
    ------
    tuple
        the numbers of two entries, and why they are one party.
    """
    yield from _same_rare_words(parties, group)
    members: dict[int, list[ListedParty]] = {}
    for n, (party, _) in enumerate(parties):
        members.setdefault(group[n], []).append(party)
    for (core, state), a, b in _borne_by_two(_cores_by_state(parties), group):
        one = members[group[a]]
        two = members[group[b]]
        if set(map(publisher_of, one)) == set(map(publisher_of, two)):
            continue  # one publisher tells them apart
        here = _places(one)
        there = _places(two)
        if any(_is_same_place(x, y) for x in here for y in there):
            yield a, b, f"same name but for its legal form, and same address ({state})"
        elif _is_rare_word(core) and not (here and there):
            yield a, b, f"same name but for its legal form, and country ({state})"


def _cores_by_state(parties: Placed) -> Iterator[tuple[tuple[Core, str], int]]:
    """Yield each name of each entry with each of its states.

    The states are in alphabetical order, so that every run names the same one.
    """
    for n, (party, states) in enumerate(parties):
        for core in cores(party):
            for state in sorted(states):
                yield (core, state), n


def cores(party: ListedParty) -> Iterator[Core]:
    """Yield the tokens of a firm's names without the legal form; of what stands before a bracket too."""
    if party_class(party.schema) == PERSON:
        return
    for name in party.names:
        if name.kind in ("weak", "former", "none") or has_han(name.text):
            continue
        if name.text.casefold() in NO_NAMES:
            continue
        before_bracket = name.text.partition("(")[0].strip()
        for text in dict.fromkeys((name.text, before_bracket)):
            core = core_of(text)
            if sum(map(len, core)) >= _SHORTEST_CORE:
                yield core


def own_name(party: ListedParty) -> set[Core]:
    """Return a firm's first name without its legal form; without its bracket too."""
    first = party.names[0].text
    texts = (first, first.partition("(")[0].strip())
    return {core for text in texts if (core := core_of(text))}


@lru_cache(maxsize=1 << 16)
def core_of(text: str) -> Core:
    """Return the tokens of a firm's name without its legal form; none of a blank."""
    form = next(iter(listed_forms(text, False)), None) if text else None
    return form.tokens if form is not None else ()


def _borne_by_two(
    keyed: Iterable[tuple[Key, int]], group: Sequence[int]
) -> Iterator[tuple[Key, int, int]]:
    """Yield each key that entries of exactly two groups bear, with the first entry of each."""
    bearers: dict[Key, dict[int, int]] = {}
    for key, n in keyed:
        bearers.setdefault(key, {}).setdefault(group[n], n)
    for key, found in bearers.items():
        if len(found) == 2:
            a, b = found.values()
            yield key, a, b


def _places(firms_of_one: Sequence[ListedParty]) -> list[tuple[set[str], set[str]]]:
    """Return the words and the house numbers of each address."""
    addresses = (address for firm in firms_of_one for address in firm.addresses)
    read = (address_tokens(address.text) for address in addresses)
    return [(set(words), set(numbers)) for words, numbers in read]


def _is_same_place(one: tuple[set[str], set[str]], two: tuple[set[str], set[str]]) -> bool:
    """Return whether two addresses share a house number and two words."""
    (words, numbers), (other_words, other_numbers) = one, two
    return len(words & other_words) >= 2 and bool(numbers & other_numbers)


def _is_rare_word(core: Core) -> bool:
    """Return whether a name is a single long word that no other registered firm has."""
    if len(core) != 1 or len(core[0]) < _LONG_WORD:
        return False
    return firms().words.count(core[0]) < 2


def _same_rare_words(parties: Placed, group: Sequence[int]) -> Same:
    """Yield firms of one state whose own name is one long word that no registered firm has.

    Their legal forms must not differ, and no list may have several of them.
    """
    bearers: dict[tuple[str, str], list[int]] = {}
    for n, (party, countries) in enumerate(parties):
        word = _rare_own_word(party)
        if not word:
            continue
        for state in sorted(countries or connected_states(party)):
            bearers.setdefault((word, state), []).append(n)
    for (_, state), found in bearers.items():
        of_each_group = {group[n]: parties[n][0] for n in found}
        publishers = Counter(map(publisher_of, of_each_group.values()))
        if max(publishers.values()) > 1:
            continue
        if not _share_legal_form([parties[n][0] for n in found]):
            continue
        for n in found[1:]:
            yield found[0], n, f"same rare name and country ({state})"


def _rare_own_word(party: ListedParty) -> str:
    """Return a firm's own name where it is one long word that no registered firm has; else ""."""
    if party_class(party.schema) in (PERSON, VESSEL, AIRCRAFT):
        return ""
    core = core_of(party.name)
    word = core[0] if len(core) == 1 else ""
    if len(word) < _LONG_ALONE or word.startswith("~") or firms().words.count(word):
        return ""
    return word


def _share_legal_form(named: Sequence[ListedParty]) -> bool:
    """Return whether all firms that name a legal form share one."""
    forms = [listed_forms(party.name, False)[0].legal for party in named]
    stated = [form for form in forms if form]
    return not stated or bool(frozenset.intersection(*stated))


def same_stateless(parties: Placed, group: Sequence[int]) -> Same:
    """Yield firms of one full name, legal form included, of which one has no state.

    Any name of a party, a former one too, makes it a bearer: where a third party has borne the
    name, it says nothing of which of the others is meant. The two that are joined bear it now.
    Parameters and pairs are as in :func:`same_cores`.
    """
    states: dict[int, set[str]] = {}
    for n, (_, countries) in enumerate(parties):
        states.setdefault(group[n], set()).update(countries)
    bearers: list[tuple[str, int]] = []
    current: set[tuple[str, int]] = set()
    for n, (party, _) in enumerate(parties):
        is_person = party_class(party.schema) == PERSON
        for name in party.names:
            if name.kind == "none" or not is_firms(name.text):
                continue
            for whole in _whole(name.text):
                bearers.append((whole, n))
                if name.kind not in ("weak", "former") and not is_person:
                    current.add((whole, group[n]))
    for whole, a, b in _borne_by_two(bearers, group):
        both_current = {(whole, group[a]), (whole, group[b])} <= current
        if both_current and not (states[group[a]] and states[group[b]]):
            yield a, b, "same full name with its legal form, one entry without a state"


def _whole(name: str) -> Iterator[str]:
    """Yield the words of a name; and without a bracket at its end that repeats some of them.

    ``Alfa Trade Co., Ltd. (Alfa)``.
    """
    words = letters(name).split()
    if len(words) >= _FEWEST:
        yield " ".join(words)
    text, _, bracket = name.rstrip(" )").rpartition("(")
    before = letters(text).split()
    if len(before) >= _FEWEST and set(letters(bracket).split()) <= set(before):
        yield " ".join(before)
