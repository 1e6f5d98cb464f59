# SPDX-License-Identifier: Apache-2.0
"""Entries of two lists that are one party, though no number says so; each with why, and whoever joins them looks for
what contradicts.

* Firms whose names agree but for the legal form, in one country, where nothing else on the lists bears the name and an
  address of each is the same place (house number and two words): ``Far-East Factory Zvezda`` and ``AO Dalnevostochnyy
  Zavod Zvezda``. Where one side has no address at all, a single word that no clean name bears is enough (Rostec).
* Firms with one full name, legal form included, of which one has no state.
* Persons whose full name, in any order, and day of birth agree; a patronymic may be missing on one side. The 1st of
  January is a year: lists write it where no more is known, and a year alone joins nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any

from bilat.formats.parties import ListedParty
from bilat.parties.match.addresses import address_tokens
from bilat.parties.match.background import firms
from bilat.parties.match.evidence import births
from bilat.parties.match.index import PERSON, party_class
from bilat.parties.names.forms import is_firms, listed_forms
from bilat.parties.names.script import has_han, letters

#: Letters of the shortest single word that may join without an address.
_LONG_WORD = 6
#: Words of a full name, its legal form among them, that joins without a state.
_FEWEST = 3
#: What tables of legal texts have in place of a name that is printed as a picture.
NO_NAMES = frozenset({"text of image"})
#: Skeletons of East Slavic patronymics: -ovich, -evych, -ich, -ovna, -ivna, -ichna, Belarusian -auna.
PATRONYMIC = re.compile(r"[a-z]{2,}(?:[aeiou]viq|[lmk]iq|[aeiou]vna|auna|iqna)$")
_UNSURE = re.compile(r"\b(?:circa|ca\.?|approx\w*|about|between|около)\b", re.IGNORECASE)
Day = tuple[int, int, int]
Placed = Sequence[tuple[ListedParty, frozenset[str]]]  # entries with the codes of their states
Same = Iterator[tuple[int, int, str]]  # entry, entry, why


def publisher_of(party: ListedParty) -> str:
    """Who numbers the entry: what its id begins with."""
    return party.id.partition("-")[0]


def days_of(born: str) -> frozenset[Day]:
    """The full dates in a text of a list; none where it doubts them, or tells only a year by its first day."""
    if _UNSURE.search(born):
        return frozenset()
    return frozenset(
        (b.first, b.month, b.day) for b in births(born) if b.whole and (b.month, b.day) != (1, 1)
    )


def _borne_by_two(keyed: Iterable[tuple[Any, int]], group: Sequence[int]) -> Iterator[tuple[Any, int, int]]:
    """Each key that entries of exactly two groups bear, with the first entry of each."""
    bearers: dict[Any, dict[int, int]] = {}
    for key, n in keyed:
        bearers.setdefault(key, {}).setdefault(group[n], n)
    for key, found in bearers.items():
        if len(found) == 2:
            a, b = found.values()
            yield key, a, b


def _cores(party: ListedParty) -> Iterator[tuple[str, ...]]:
    """Tokens of a firm's names without the legal form; of what stands before a bracket too."""
    if party_class(party.schema) == PERSON:
        return
    for name in party.names:
        if name.kind in ("weak", "former", "none") or has_han(name.text) or name.text.casefold() in NO_NAMES:
            continue
        for text in dict.fromkeys((name.text, name.text.partition("(")[0].strip())):
            for form in listed_forms(text, False)[:1] if text else ():
                if sum(map(len, form.tokens)) >= 4:
                    yield form.tokens


def same_cores(parties: Placed, group: Sequence[int]) -> Same:
    """Firms of one name but for the legal form; ``group``: the group that each entry is in."""
    members: dict[int, list[ListedParty]] = {}
    for n, (party, _) in enumerate(parties):
        members.setdefault(group[n], []).append(party)
    keyed = (((core, c), n) for n, (p, states) in enumerate(parties) for core in _cores(p) for c in states)
    for (tokens, country), a, b in _borne_by_two(keyed, group):
        one, two = members[group[a]], members[group[b]]
        if set(map(publisher_of, one)) == set(map(publisher_of, two)):
            continue  # one publisher tells them apart
        places = [
            [tuple(map(set, address_tokens(x.text))) for p in of for x in p.addresses] for of in (one, two)
        ]
        rare = len(tokens) == 1 and len(tokens[0]) >= _LONG_WORD and firms().words.count(tokens[0]) < 2
        if any(len(w & v) >= 2 and n & m for w, n in places[0] for v, m in places[1]):
            yield a, b, f"same name but for its legal form, and same address ({country})"
        elif rare and not all(places):
            yield a, b, f"same name but for its legal form, and country ({country})"


def _whole(name: str) -> Iterator[str]:
    """Words of a name; and without a bracket at its end that repeats some of them: ``Alfa Trade Co., Ltd. (Alfa)``."""
    text, _, bracket = name.rstrip(" )").rpartition("(")
    inner, rest = letters(bracket).split(), letters(text).split()
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
        if {(key, group[a]), (key, group[b])} <= current and not (states[group[a]] and states[group[b]]):
            yield a, b, "same full name with its legal form, one entry without a state"


def _full_names(party: ListedParty) -> set[tuple[str, ...]]:
    """Tokens, sorted, of the whole names of a person; none of names with an initial or of one word."""
    names = [n.text for n in party.names if n.kind not in ("weak", "former", "none") and not has_han(n.text)]
    read = [f for text in names for f in listed_forms(text, True) if not f.part and len(f.tokens) >= 2]
    return {tuple(sorted(f.tokens)) for f in read if all(len(t) > 1 for t in f.tokens)}


def same_births(parties: Placed) -> Same:
    """Persons of one full name and day of birth."""
    born: dict[tuple[tuple[str, ...], Day], list[int]] = {}
    for n, (party, _) in enumerate(parties):
        for day in days_of(party.born) if party_class(party.schema) == PERSON else ():
            for name in _full_names(party):
                born.setdefault((name, day), []).append(n)
    for of in born.values():
        yield from ((a, b, "same name and date of birth") for a, b in combinations(of, 2))
    for (name, day), of in born.items():
        for at in [n for n, token in enumerate(name) if len(name) == 3 and PATRONYMIC.match(token)]:
            for b in born.get(((*name[:at], *name[at + 1 :]), day), ()):
                yield from ((a, b, "same name but for a patronymic, and same date of birth") for a in of)
