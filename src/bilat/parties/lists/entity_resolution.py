# SPDX-License-Identifier: Apache-2.0
"""One party across lists and editions; every join says why.

Entries are joined by the publishers' own ids, by shared numbers, by one full name in one country,
and where no number says so by name and place (:mod:`bilat.parties.lists.same_firms`) or name and
birth (:mod:`bilat.parties.lists.same_people`).

Two parties that one list numbers apart stay apart: whatever else they share where the join is not
sure, and where they share no more than an alias. So do parties whose tax, ship or company numbers
contradict each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from bilat.formats.parties import ListedParty
from bilat.parties.lists.effects import effect_of, gravest_first
from bilat.parties.lists.entries import ListEntry
from bilat.parties.lists.party_states import countries_of, publisher_of
from bilat.parties.lists.regimes import connected_states
from bilat.parties.lists.same_firms import NO_NAMES, cores, own_name, same_cores, same_stateless
from bilat.parties.lists.same_people import Day, days_of, same_people
from bilat.parties.match.index import AIRCRAFT, PERSON, VESSEL, party_class
from bilat.parties.names.script import letters

#: Kinds of numbers that name one party alone.
JOINING = ("inn", "ogrn", "imo", "uscc", "lei")
#: A number that more entries bear is an error of a list (the number of a ministry, of an agent).
MOST_BEARERS = 8
#: Letters that a name must have before it alone joins two listings of one country.
SHORTEST = 10


@dataclass(frozen=True, slots=True)
class ResolvedParty:
    """A party with every entry that speaks of it, the gravest first, and why they are joined."""

    members: tuple[ListEntry, ...]
    reasons: tuple[str, ...]

    @property
    def id(self) -> str:
        """The id of the gravest entry."""
        return self.members[0].party.id


#: The same name again beside a name, in brackets: its initials, or it in Han.
_BESIDE = re.compile(r"\s*[(（](?:[A-Z]{2,6}|[^()（）]*[\u3400-\u9fff][^()（）]*)[)）]")


class _Groups:
    """Sets of entries that are merged unless they contradict each other."""

    def __init__(self, held: Sequence[ListEntry]) -> None:
        self.parties = [h.party for h in held]
        self.sources = [h.source for h in held]
        self.of = list(range(len(held)))
        self.members = [[n] for n in self.of]
        self.reasons: list[list[str]] = [[] for _ in held]

    def merge(self, a: int, b: int, why: str, *, surely: bool = True) -> None:
        """Merge the groups of two entries; what is not sure only where nothing else keeps them apart."""
        into, gone = sorted((self.of[a], self.of[b]))
        if into == gone:
            return
        some = self._parties_of(into)
        others = self._parties_of(gone)
        if _contradict(some, others):
            return
        if surely or _may_be_one(some, others):
            self._put_together(into, gone, why)

    def merge_by_alias(self, a: int, b: int, why: str) -> None:
        """Merge the groups of two entries that share a name, unless a list tells them apart by their
        own names.
        """
        into, gone = sorted((self.of[a], self.of[b]))
        if into == gone or self._told_apart(into, gone):
            return
        if not _contradict(self._parties_of(into), self._parties_of(gone)):
            self._put_together(into, gone, why)

    def _parties_of(self, group: int) -> list[ListedParty]:
        return [self.parties[n] for n in self.members[group]]

    def _told_apart(self, one: int, other: int) -> bool:
        """Return whether a list has entries of both groups under own names with nothing in common."""
        ours = self._own_names(one)
        theirs = self._own_names(other)
        shared = ours.keys() & theirs.keys()
        return any(ours[source].isdisjoint(theirs[source]) for source in shared)

    def _own_names(self, group: int) -> dict[str, set[tuple[str, ...]]]:
        """Return the first names of a group's entries without legal form, by list."""
        found: dict[str, set[tuple[str, ...]]] = {}
        for n in self.members[group]:
            found.setdefault(self.sources[n], set()).update(own_name(self.parties[n]))
        return found

    def _put_together(self, into: int, gone: int, why: str) -> None:
        for n in self.members[gone]:
            self.of[n] = into
        self.members[into] += self.members[gone]
        self.reasons[into] += [*self.reasons[gone], why]
        self.members[gone] = []


def _contradict(some: Sequence[ListedParty], others: Sequence[ListedParty]) -> bool:
    """Return whether two groups cannot be one party.

    They have a person and none, two of OFAC's numbers, or different numbers of one kind.
    """
    both = [*some, *others]
    people = {party_class(p.schema) == PERSON for p in both if p.schema != "Unknown"}
    if len(people) > 1:
        return True
    ofac = {p.id for p in both if p.id.startswith("ofac-")}
    if len(ofac) > 1:
        return True
    ours = _joining_numbers(some)
    theirs = _joining_numbers(others)
    agreeing = {kind for kind, _ in ours & theirs}
    in_both = {kind for kind, _ in ours} & {kind for kind, _ in theirs}
    return bool(in_both - agreeing)


def _joining_numbers(parties: Sequence[ListedParty]) -> set[tuple[str, str]]:
    """Return the numbers of parties that name one party alone, each with its kind."""
    numbers = (number for party in parties for number in party.identifiers)
    return {(number.kind, number.value) for number in numbers if number.kind in JOINING}


def _may_be_one(some: Sequence[ListedParty], others: Sequence[ListedParty]) -> bool:
    """Return whether no list has both groups, and no full dates of birth differ."""
    if _numbered_apart(some, others):
        return False
    ours = _full_births(some)
    theirs = _full_births(others)
    return all(one & other for one in ours for other in theirs)


def _full_births(parties: Sequence[ListedParty]) -> list[frozenset[Day]]:
    """Return the full dates of birth of each person who has any."""
    persons = (party for party in parties if party_class(party.schema) == PERSON)
    return [days for person in persons if (days := days_of(person.born))]


def _numbered_apart(some: Sequence[ListedParty], others: Sequence[ListedParty]) -> bool:
    """Return whether one list has both groups under different numbers.

    A publisher may have several lists: the EU's file of asset freezes and the annexes of its
    regulations name the same person.
    """
    ours = {place for party in some for place in _places_on_lists(party)}
    theirs = {place for party in others for place in _places_on_lists(party)}
    return not ours.isdisjoint(theirs)


def _places_on_lists(party: ListedParty) -> Iterator[tuple[str, str, str]]:
    """Yield who numbers a party, with each list and programme that it is on."""
    publisher = publisher_of(party)
    if not party.listings:
        yield publisher, "", ""
    for listing in party.listings:
        yield publisher, listing.list, listing.programme


def resolve_parties(listings: Sequence[ListEntry]) -> list[ResolvedParty]:
    """Return the parties of the lists, each once, in the order of their first entries."""
    groups = _Groups(listings)
    _merge_by_numbers_and_names(groups, listings)
    placed = [(entry.party, countries_of(entry.party)) for entry in listings]
    for a, b, why in same_cores(placed, groups.of):
        groups.merge(a, b, why)
    unsure = [*same_stateless(placed, groups.of), *same_people(placed)]
    for a, b, why in unsure:
        groups.merge(a, b, why, surely=False)
    out = []
    for members, reasons in zip(groups.members, groups.reasons, strict=True):
        if members:
            entries = sorted((listings[n] for n in members), key=_gravest)
            out.append(ResolvedParty(tuple(entries), tuple(dict.fromkeys(reasons))))
    return out


def _merge_by_numbers_and_names(groups: _Groups, listings: Sequence[ListEntry]) -> None:
    """Merge entries of one publisher's id, one number or one own name; then those of one alias."""
    first: dict[tuple[str, str], int] = {}
    ids = ((f"publisher's id {entry.party.id}", n) for n, entry in enumerate(listings))
    by_number = (((why, ""), n) for why, n in (*ids, *_numbered(listings)))
    for key, n in chain(by_number, _named(listings, own=True)):
        at = first.setdefault(key, n)
        if at != n:
            groups.merge(at, n, key[0])
    for key, n in _named(listings):
        at = first.setdefault(key, n)
        if at != n:
            groups.merge_by_alias(at, n, key[0])


def _numbered(held: Sequence[ListEntry]) -> list[tuple[str, int]]:
    """Return the numbers that join entries, each as why it would, with its entry."""
    bearers: dict[str, list[int]] = {}
    for n, h in enumerate(held):
        for i in h.party.identifiers:
            if i.kind in JOINING:
                bearers.setdefault(f"same {i.kind} {i.value}", []).append(n)
    out = []
    for why, of in bearers.items():
        each = [*dict.fromkeys(of)]
        if len(each) <= MOST_BEARERS:
            out += [(why, n) for n in _without_strangers(held, each)]
    return sorted(out, key=lambda pair: pair[1])


def _without_strangers(held: Sequence[ListEntry], of: Sequence[int]) -> Sequence[int]:
    """Return the entries of a number, without those that it is not the own number of.

    A list that gives one number to two entries of its own, under names with nothing in common, errs
    for one of them: for the one whose name no other list has under that number, or for the one
    that has another number of its kind besides (a parent's or an owner's beside its own).
    """
    ids: dict[str, set[str]] = {}
    for n in of:
        ids.setdefault(held[n].source, set()).add(held[n].party.id)
    if all(len(each) < 2 for each in ids.values()):
        return of
    names = {n: {*cores(held[n].party)} for n in of}
    known = _named_elsewhere(held, names) or _with_one_number(held, of)

    def is_stranger(n: int) -> bool:
        if n in known or not names[n]:
            return False
        same_list = (m for m in known if held[m].source == held[n].source)
        return any(names[n].isdisjoint(names[m]) for m in same_list)

    return [n for n in of if not is_stranger(n)]


def _named_elsewhere(
    held: Sequence[ListEntry], names: Mapping[int, set[tuple[str, ...]]]
) -> set[int]:
    """Return the entries of which another list has a name too."""
    found = set()
    for n, own in names.items():
        elsewhere = (names[m] for m in names if held[m].source != held[n].source)
        if any(own & theirs for theirs in elsewhere):
            found.add(n)
    return found


def _with_one_number(held: Sequence[ListEntry], of: Sequence[int]) -> set[int]:
    """Return the entries that have at most one number of each kind."""
    kinds = {n: [i.kind for i in held[n].party.identifiers if i.kind in JOINING] for n in of}
    return {n for n, each in kinds.items() if len(each) == len(set(each))}


def _named(
    held: Sequence[ListEntry], *, own: bool = False
) -> Iterable[tuple[tuple[str, str], int]]:
    """Yield full names of firms with why each would join: a country that the list names.

    China's ministries name none. A name of one word says too little. ``own``: no aliases.
    """
    for n, h in enumerate(held):
        if party_class(h.party.schema) == PERSON:
            continue
        countries = _name_states(h.party)
        for name in h.party.names[:1] if own else h.party.names:
            if name.kind in ("weak", "former"):
                continue
            key = letters(_BESIDE.sub(" ", name.text))
            if len(key) >= SHORTEST and " " in key and key not in NO_NAMES:
                for country in countries:
                    yield (f"same name and country ({country})", key), n


def _name_states(party: ListedParty) -> list[str]:
    """Return the states within which a name joins: those that the list names, else those that the
    entry is connected with; of a craft those named alone.
    """
    named = sorted(countries_of(party))
    if named or party_class(party.schema) in (VESSEL, AIRCRAFT):
        return named
    connected = sorted(connected_states(party))
    if connected or publisher_of(party) != "cn":
        return connected
    # China's ministries number their announcements and no parties, and leave the state out.
    return ["CN"]


def _gravest(h: ListEntry) -> tuple[int, bool, str, str, str]:
    """Return the place of an entry among those of its party, the gravest effect first.

    Of equally grave ones those that their publisher numbers come first: the id of the first is that
    of the party, and an id made of a name and its place on a list moves when the list does.
    """
    place = gravest_first()
    effects = (effect_of(listing.list, listing.programme) for listing in h.party.listings)
    worst = min((place[effect] for effect in effects), default=len(place))
    is_made_of_words = " " in h.party.id
    return worst, is_made_of_words, h.source, h.party.id, h.snapshot
