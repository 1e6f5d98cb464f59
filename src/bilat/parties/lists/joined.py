# SPDX-License-Identifier: Apache-2.0
"""One party across lists and editions: listings joined by the publishers' own ids, by shared numbers, by
one full name in one country, and where no number says so by name and place or birth (:mod:`bilat.parties.lists.same`);
every join says why.

Two parties that one publisher numbers apart stay apart, whatever else they share, and so do parties whose
tax, ship or company numbers contradict each other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bilat.formats.parties import Address, ListedParty
from bilat.parties.lists.effects import effect_of, gravest_first
from bilat.parties.lists.listed import ListEntry
from bilat.parties.lists.same import (
    NO_NAMES,
    days_of,
    publisher_of,
    same_births,
    same_cores,
    same_stateless,
)
from bilat.parties.match.index import PERSON, party_class
from bilat.parties.names.script import letters
from bilat.places import country_or_none

#: Kinds of numbers that name one party alone.
JOINING = ("inn", "ogrn", "imo", "uscc", "lei")
#: A number that more entries bear is an error of a list (the number of a ministry, of an agent).
MOST_BEARERS = 8
#: Letters that a name must have before it alone joins two listings of one country.
SHORTEST = 10


@dataclass(frozen=True, slots=True)
class Joined:
    """A party with every entry that speaks of it, the gravest first, and why they are joined."""

    members: tuple[ListEntry, ...]
    reasons: tuple[str, ...]

    @property
    def id(self) -> str:
        """The id of the gravest entry."""
        return self.members[0].party.id


@lru_cache(maxsize=4096)
def code_of(country: str) -> str:
    """The code of a country as a list writes it; '' where it is none."""
    return country_or_none(country) or ""


def countries_of(party: ListedParty) -> frozenset[str]:
    """Codes of the countries that a list names for a party, addresses included."""
    told = {code_of(c) for c in party.countries if c}
    return frozenset(filter(None, told.union(*(states_of(a) for a in party.addresses))))


#: Places that a list writes as a city of China and a query as a state: a whole part of the address between commas.
_REGIONS = {
    code: re.compile(
        rf"{name}(?: island| sar| s\.a\.r\.?| special administrative region)?(?: [\d-]+)?", re.IGNORECASE
    )
    for code, name in (("HKG", "hong ?kong"), ("MAC", "maca[uo]"))
}
_PARTS = re.compile(r"[,;，；]")
#: The same name again beside a name, in brackets: its initials, or it in Han.
_BESIDE = re.compile(r"\s*[(（](?:[A-Z]{2,6}|[^()（）]*[\u3400-\u9fff][^()（）]*)[)）]")


def states_of(address: Address) -> frozenset[str]:
    """Codes of the states of an address: its country and, of one in Hong Kong or Macao, that too."""
    code = code_of(address.country) if address.country else ""
    if code not in ("", "CHN", *_REGIONS):
        return frozenset({code})
    parts = [" ".join(p.split()).rstrip(".") for p in _PARTS.split(f"{address.city},{address.text}")]
    found = {region for region, name in _REGIONS.items() if any(name.fullmatch(p) for p in parts)}
    if found and not code and any(code_of(p) == "CHN" for p in parts if p):
        found.add("CHN")  # such a text holds several addresses
    return frozenset({code, *found} - {""})


class _Groups:
    """Sets of entries that are merged unless they contradict each other."""

    def __init__(self, held: Sequence[ListEntry]) -> None:
        self.of = list(range(len(held)))
        self.members = [[n] for n in range(len(held))]
        self.reasons: list[list[str]] = [[] for _ in held]
        self.ids = [{h.party.id} for h in held]
        self.numbers = [{(i.kind, i.value) for i in h.party.identifiers if i.kind in JOINING} for h in held]
        self.person = [party_class(h.party.schema) == PERSON for h in held]
        self.known = [h.party.schema != "Unknown" for h in held]
        self.publishers = [publisher_of(h.party) for h in held]
        self.days = [
            days_of(h.party.born) if person else frozenset()
            for h, person in zip(held, self.person, strict=True)
        ]

    def merge_apart(self, a: int, b: int, why: str) -> None:
        """Merge two entries that no number joins: never two of one publisher, nor where full dates of birth differ."""
        some, others = self.members[self.of[a]], self.members[self.of[b]]
        if {self.publishers[n] for n in some} & {self.publishers[n] for n in others}:
            return
        days = [(self.days[x], self.days[y]) for x in some for y in others]
        if any(x and y and not x & y for x, y in days):
            return
        self.merge(a, b, why)

    def merge(self, a: int, b: int, why: str) -> None:
        a, b = self.of[a], self.of[b]
        if a == b or (self.known[a] and self.known[b] and self.person[a] != self.person[b]):
            return
        numbered = {i for i in self.ids[a] | self.ids[b] if i.startswith("ofac-")}
        if len(numbered) > 1 or self._contradict(a, b):
            return
        into, gone = min(a, b), max(a, b)
        for n in self.members[gone]:
            self.of[n] = into
        self.members[into] += self.members[gone]
        self.reasons[into] += [*self.reasons[gone], why]
        self.ids[into] |= self.ids[gone]
        self.numbers[into] |= self.numbers[gone]
        self.person[into] = self.person[a if self.known[a] else b]
        self.known[into] = self.known[a] or self.known[b]
        self.members[gone] = []

    def _contradict(self, a: int, b: int) -> bool:
        kinds = {k for k, _ in self.numbers[a]} & {k for k, _ in self.numbers[b]}
        return any(
            not ({v for k, v in self.numbers[a] if k == kind} & {v for k, v in self.numbers[b] if k == kind})
            for kind in kinds
        )


def joined(listings: Sequence[ListEntry]) -> list[Joined]:
    """The parties of the lists, each once, in the order of their first entries."""
    groups = _Groups(listings)
    _by(groups, ((h.party.id, n) for n, h in enumerate(listings)), lambda key: f"publisher's id {key}")
    numbers = [
        ((i.kind, i.value), n)
        for n, h in enumerate(listings)
        for i in h.party.identifiers
        if i.kind in JOINING
    ]
    bearers = Counter(key for key, _ in set(numbers))
    _by(
        groups,
        ((key, n) for key, n in numbers if bearers[key] <= MOST_BEARERS),
        lambda key: f"same {key[0]} {key[1]}",
    )
    _by(groups, _named(listings), lambda key: f"same name and country ({key[1]})")
    placed = [(h.party, countries_of(h.party)) for h in listings]
    for a, b, why in same_cores(placed, groups.of):
        groups.merge(a, b, why)
    for a, b, why in (*same_stateless(placed, groups.of), *same_births(placed)):
        groups.merge_apart(a, b, why)
    out = []
    for members, reasons in zip(groups.members, groups.reasons, strict=True):
        if members:
            entries = sorted((listings[n] for n in members), key=_gravest)
            out.append(Joined(tuple(entries), tuple(dict.fromkeys(reasons))))
    return out


def _by(groups: _Groups, keyed: Iterable[tuple[object, int]], why) -> None:  # type: ignore[no-untyped-def]
    first: dict[object, int] = {}
    for key, n in keyed:
        if key in first:
            groups.merge(first[key], n, why(key))
        else:
            first[key] = n


def _named(held: Sequence[ListEntry]) -> Iterable[tuple[tuple[str, str], int]]:
    """Full names of firms with each country that the list names, or China's ministries where they name none; a name of
    one word says too little.
    """
    for n, h in enumerate(held):
        if party_class(h.party.schema) == PERSON:
            continue
        # China's ministries number their announcements and no parties, and leave the state out.
        countries = sorted(countries_of(h.party)) or ["CN"] * (publisher_of(h.party) == "cn")
        for name in h.party.names:
            if name.kind in ("weak", "former"):
                continue
            key = letters(_BESIDE.sub(" ", name.text))
            if len(key) >= SHORTEST and " " in key and key not in NO_NAMES:
                for country in countries:
                    yield (key, country), n


def _gravest(h: ListEntry) -> tuple[int, str, str, str]:
    place = gravest_first()
    worst = min((place[effect_of(e.list, e.programme)] for e in h.party.listings), default=len(place))
    return worst, h.source, h.party.id, h.snapshot
