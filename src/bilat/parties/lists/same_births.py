# SPDX-License-Identifier: Apache-2.0
"""Entries of two publishers whose full name and date of birth agree: one person.

Names are compared as the tokens of a person's name in any order (``PUTIN, Vladimir Vladimirovich``), dates by day,
month and year. The 1st of January is a year: lists write it where no more is known. A patronymic may be missing on one
side where the rest of the name and the day agree. A year alone joins nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bilat.formats.parties import ListedParty
from bilat.parties.lists.cores import publisher_of
from bilat.parties.match.evidence import births
from bilat.parties.match.index import PERSON, party_class
from bilat.parties.names.forms import listed_forms
from bilat.parties.names.script import has_han

Key = tuple[str, ...]
Day = tuple[int, int, int]
BY_DAY = "same name and date of birth"
#: Skeletons of East Slavic patronymics: -ovich, -evych, -ich, -ovna, -ivna, -ichna, Belarusian -auna.
PATRONYMIC = re.compile(r"[a-z]{2,}(?:[aeiou]viq|[lmk]iq|[aeiou]vna|auna|iqna)$")
WITHOUTPATRONYMIC = "same name but for a patronymic, and same date of birth"
_UNSURE = re.compile(r"\b(?:circa|ca\.?|approx\w*|about|between|около)\b", re.IGNORECASE)


def days_of(born: str) -> frozenset[Day]:
    """The full dates in a text of a list; none where it doubts them, or tells only a year by its first day."""
    if _UNSURE.search(born):
        return frozenset()
    return frozenset(
        (b.first, b.month, b.day) for b in births(born) if b.whole and (b.month, b.day) != (1, 1)
    )


@dataclass(frozen=True, slots=True)
class _Person:
    number: int  # of the entry
    publisher: str
    keys: frozenset[Key]
    days: frozenset[Day]


def _keys(party: ListedParty) -> frozenset[Key]:
    """Tokens, sorted, of the whole names of a person; none of names with an initial or of one word."""
    out = set()
    for name in party.names:
        if name.kind in ("weak", "former", "none") or has_han(name.text):
            continue
        for form in listed_forms(name.text, True):
            if not form.part and len(form.tokens) >= 2 and all(len(t) > 1 for t in form.tokens):
                out.add(tuple(sorted(form.tokens)))
    return frozenset(out)


def _shorter(key: Key) -> Iterator[Key]:
    """A name of three words without its patronymic, as often as one of its words may be it."""
    if len(key) == 3:
        for n, token in enumerate(key):
            if PATRONYMIC.match(token):
                yield (*key[:n], *key[n + 1 :])


def _persons(parties: Sequence[tuple[ListedParty, frozenset[str]]]) -> list[_Person]:
    return [
        _Person(n, publisher_of(p), _keys(p), days_of(p.born))
        for n, (p, _) in enumerate(parties)
        if party_class(p.schema) == PERSON
    ]


def same_births(parties: Sequence[tuple[ListedParty, frozenset[str]]]) -> Iterator[tuple[int, int, str]]:
    """(entry, entry, why) of entries that may be joined, by their numbers in ``parties``; whoever joins them looks for
    what contradicts.
    """
    persons = _persons(parties)
    whole: dict[tuple[Key, Day], list[_Person]] = {}
    for p in persons:
        for key in p.keys:
            for day in p.days:
                whole.setdefault((key, day), []).append(p)
    for same in whole.values():
        yield from _pairs(same, same, BY_DAY)
    for (key, day), longer in whole.items():
        for short in _shorter(key):
            yield from _pairs(longer, whole.get((short, day), ()), WITHOUTPATRONYMIC)


def _pairs(some: Sequence[_Person], others: Sequence[_Person], why: str) -> Iterator[tuple[int, int, str]]:
    for a in some:
        for b in others:
            if a.publisher != b.publisher and (some is not others or a.number < b.number):
                yield a.number, b.number, why
