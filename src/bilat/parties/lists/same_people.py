# SPDX-License-Identifier: Apache-2.0
"""People who are one by their names and births, where no number says so.

* Persons whose full name, in any order, and day of birth agree; a patronymic may be missing on one
  side. The 1st of January is a year: lists write it where no more is known, and a year alone joins
  nobody.
* Persons of one full name with a patronymic, one of them listed without a day of birth, where every
  entry of that name that states a birth states the same one and no two entries state other states.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

from bilat.formats.parties import ListedParty
from bilat.parties.lists.same_firms import Placed, Same
from bilat.parties.match.background import people
from bilat.parties.match.evidence import Birth, births
from bilat.parties.match.index import PERSON, party_class
from bilat.parties.names.forms import listed_forms
from bilat.parties.names.script import has_han

#: People of a name up to which two listed ones are not expected: of the 150 million of Russia about
#: 10,000 are listed, so of 100 namesakes of one of them 0.7% of a person.
MOST_NAMESAKES = 100
#: Skeletons of East Slavic patronymics: -ovich, -evych, -ich, -ovna, -ivna, -ichna, Belarusian -auna.
PATRONYMIC = re.compile(r"[a-z]{2,}(?:[aeiou]viq|[lmk]iq|[aeiou]vna|auna|iqna)$")
_UNSURE = re.compile(r"\b(?:circa|ca\.?|approx\w*|about|between|около)\b", re.IGNORECASE)
Day = tuple[int, int, int]
#: The sorted tokens of a whole name.
FullName = tuple[str, ...]


def days_of(born: str) -> frozenset[Day]:
    """Return the full dates in a text of a list.

    None where the list doubts them, or tells only a year by its first day.
    """
    if _UNSURE.search(born):
        return frozenset()
    dated = [b for b in births(born) if b.whole and not _is_new_year(b)]
    return frozenset((b.first, b.month, b.day) for b in dated)


def _is_new_year(birth: Birth) -> bool:
    """Return whether a birth is the 1st of January, which lists write for a year alone."""
    return (birth.month, birth.day) == (1, 1)


def _full_names(party: ListedParty) -> list[FullName]:
    """Return the whole names of a person, their tokens sorted.

    Names with an initial or of one word are none.
    """
    found = set()
    for name in party.names:
        if name.kind in ("weak", "former", "none") or has_han(name.text):
            continue
        for form in listed_forms(name.text, True):
            has_initial = any(len(token) < 2 for token in form.tokens)
            if not form.part and not has_initial and len(form.tokens) >= 2:
                found.add(tuple(sorted(form.tokens)))
    return sorted(found)


def same_people(parties: Placed) -> Same:
    """Yield persons of one full name and day of birth, then those of one full name of whom one has
    no birth.

    Parameters
    ----------
    parties
        every entry of the lists, with the codes of its states.

    Yields
    ------
    tuple
        the numbers of two entries, and why they are one person.
    """
    names = {
        n: _full_names(party)
        for n, (party, _) in enumerate(parties)
        if party_class(party.schema) == PERSON
    }
    yield from _same_births(parties, names)
    yield from _same_full_names(parties, names)


def _same_births(parties: Placed, names: Mapping[int, Sequence[FullName]]) -> Same:
    """Yield persons of one full name and day of birth; a patronymic may be missing on one side."""
    born: dict[tuple[FullName, Day], list[int]] = {}
    for n, of_person in names.items():
        for day in sorted(days_of(parties[n][0].born)):
            for name in of_person:
                born.setdefault((name, day), []).append(n)
    for bearers in born.values():
        for a, b in combinations(bearers, 2):
            yield a, b, "same name and date of birth"
    for (name, day), bearers in born.items():
        for shorter in _without_patronymic(name):
            for a, b in product(bearers, born.get((shorter, day), ())):
                yield a, b, "same name but for a patronymic, and same date of birth"


def _without_patronymic(name: FullName) -> Iterator[FullName]:
    """Yield a name of three words without each that may be a patronymic."""
    if len(name) != 3:
        return
    for at, token in enumerate(name):
        if PATRONYMIC.match(token):
            yield (*name[:at], *name[at + 1 :])


def _same_full_names(parties: Placed, names: Mapping[int, Sequence[FullName]]) -> Same:
    """Yield an entry without a birth beside one of the same full name, where only one person bears it.

    A given name, a patronymic and a family name together are rarely those of two listed people; where
    two births are stated for them, they are, and nobody is joined. An entry that states no state
    either joins where hardly anybody has the name.
    """
    named: dict[FullName, list[int]] = {}
    for n, of_person in names.items():
        for name in of_person:
            if any(_without_patronymic(name)):
                named.setdefault(name, []).append(n)
    for name, bearers in named.items():
        days = {n: days_of(parties[n][0].born) for n in bearers}
        dated = [n for n in bearers if days[n]]
        if not dated or not frozenset.intersection(*(days[n] for n in dated)):
            continue
        rare = people().bearers(name) <= MOST_NAMESAKES
        for n in bearers:
            alike = (d for d in dated if _may_be_person(parties[d], parties[n], rare=rare))
            first = next(alike, None)
            if n not in dated and first is not None:
                yield first, n, "same full name with patronymic, one entry without a day of birth"


def _may_be_person(
    dated: tuple[ListedParty, frozenset[str]],
    other: tuple[ListedParty, frozenset[str]],
    *,
    rare: bool,
) -> bool:
    """Return whether an entry without a day of birth may be the person of a dated one.

    ``rare``: hardly anybody has the name, so that no state need be shared.
    """
    one, states = dated
    undated, elsewhere = other
    if states and elsewhere and not states & elsewhere:
        return False
    if _UNSURE.search(undated.born) or not (rare or states & elsewhere):
        return False
    told = births(undated.born)
    return not told or any(_is_within(b, a) for a in births(one.born) for b in told)


def _is_within(year: Birth, day: Birth) -> bool:
    """Return whether a day may be what a list writes as a year or a month."""
    of_year = _is_new_year(year) or not year.month
    return year.agrees(day) and (of_year or year.month == day.month)
