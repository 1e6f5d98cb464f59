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
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from bilat.formats.parties import ListedParty
from bilat.parties.lists.effects import effect_of, gravest_first
from bilat.parties.lists.entries import ListEntry
from bilat.parties.lists.party_states import countries_of, publisher_of
from bilat.parties.lists.regimes import connected_states
from bilat.parties.lists.same_firms import NO_NAMES, cores, own_name, same_cores, same_stateless
from bilat.parties.lists.same_people import days_of, same_births, same_full_names
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
        some, others = ([self.parties[n] for n in self.members[g]] for g in (into, gone))
        if into == gone or _contradict(some, others) or not (surely or _may_be_one(some, others)):
            return
        self._put_together(into, gone, why)

    def merge_by_alias(self, a: int, b: int, why: str) -> None:
        """Merge the groups of two entries that share a name, unless a list tells them apart by their
        own names.
        """
        into, gone = sorted((self.of[a], self.of[b]))
        if into == gone or self._told_apart(into, gone):
            return
        some, others = ([self.parties[n] for n in self.members[g]] for g in (into, gone))
        if not _contradict(some, others):
            self._put_together(into, gone, why)

    def _told_apart(self, one: int, other: int) -> bool:
        """Return whether a list has entries of both groups under own names with nothing in common."""
        names = [self._own_names(group) for group in (one, other)]
        shared = names[0].keys() & names[1].keys()
        return any(names[0][source].isdisjoint(names[1][source]) for source in shared)

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
    """Whether two groups have a person and none, two of OFAC's numbers, or different numbers of one kind."""
    both = [*some, *others]
    people = {party_class(p.schema) == PERSON for p in both if p.schema != "Unknown"}
    ofac = {p.id for p in both if p.id.startswith("ofac-")}
    ours, theirs = (
        {(i.kind, i.value) for p in of for i in p.identifiers if i.kind in JOINING}
        for of in (some, others)
    )
    differ = {k for k, _ in ours} & {k for k, _ in theirs} - {k for k, _ in ours & theirs}
    return len(people) > 1 or len(ofac) > 1 or bool(differ)


def _may_be_one(some: Sequence[ListedParty], others: Sequence[ListedParty]) -> bool:
    """Whether no list has both groups, and no full dates of birth differ."""
    if _numbered_apart(some, others):
        return False
    ours, theirs = (
        [days_of(p.born) for p in of if party_class(p.schema) == PERSON] for of in (some, others)
    )
    return all(x & y for x in ours for y in theirs if x and y)


def _numbered_apart(some: Sequence[ListedParty], others: Sequence[ListedParty]) -> bool:
    """Return whether one list has both groups under different numbers.

    A publisher may have several lists: the EU's file of asset freezes and the annexes of its
    regulations name the same person.
    """
    ours, theirs = ({place for p in of for place in _places_on_lists(p)} for of in (some, others))
    return not ours.isdisjoint(theirs)


def _places_on_lists(party: ListedParty) -> Iterator[tuple[str, str, str]]:
    """Yield who numbers a party, with each list and programme that it is on."""
    publisher = publisher_of(party)
    if not party.listings:
        yield publisher, "", ""
    for listing in party.listings:
        yield publisher, listing.list, listing.programme


def resolve_parties(listings: Sequence[ListEntry]) -> list[ResolvedParty]:
    """The parties of the lists, each once, in the order of their first entries."""
    groups = _Groups(listings)
    ids = ((f"publisher's id {h.party.id}", n) for n, h in enumerate(listings))
    numbers = _numbered(listings)
    first: dict[tuple[str, str], int] = {}
    own_names = _named(listings, own=True)
    for (why, name), n in chain((((why, ""), n) for why, n in (*ids, *numbers)), own_names):
        if (at := first.setdefault((why, name), n)) != n:
            groups.merge(at, n, why)
    for (why, name), n in _named(listings):
        if (at := first.setdefault((why, name), n)) != n:
            groups.merge_by_alias(at, n, why)
    placed = [(h.party, countries_of(h.party)) for h in listings]
    for a, b, why in same_cores(placed, groups.of):
        groups.merge(a, b, why)
    for a, b, why in (
        *same_stateless(placed, groups.of),
        *same_births(placed),
        *same_full_names(placed),
    ):
        groups.merge(a, b, why, surely=False)
    out = []
    for members, reasons in zip(groups.members, groups.reasons, strict=True):
        if members:
            entries = sorted((listings[n] for n in members), key=_gravest)
            out.append(ResolvedParty(tuple(entries), tuple(dict.fromkeys(reasons))))
    return out


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
    known = {
        n for n in of if any(names[n] & names[m] for m in of if held[m].source != held[n].source)
    } or _with_one_number(held, of)
    strangers = {
        n
        for n in of
        if n not in known
        and any(
            held[m].source == held[n].source and names[n] and not names[n] & names[m] for m in known
        )
    }
    return [n for n in of if n not in strangers]


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
    # China's ministries number their announcements and no parties, and leave the state out.
    return sorted(connected_states(party)) or ["CN"] * (publisher_of(party) == "cn")


def _gravest(h: ListEntry) -> tuple[int, str, str, str]:
    place = gravest_first()
    worst = min(
        (place[effect_of(e.list, e.programme)] for e in h.party.listings), default=len(place)
    )
    return worst, h.source, h.party.id, h.snapshot
