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
from itertools import chain

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
        self.parties = [h.party for h in held]
        self.of = list(range(len(held)))
        self.members = [[n] for n in self.of]
        self.reasons: list[list[str]] = [[] for _ in held]

    def merge(self, a: int, b: int, why: str, *, numbered: bool = True) -> None:
        """Merge the groups of two entries; those that no number joins only where they may be one."""
        into, gone = sorted((self.of[a], self.of[b]))
        some, others = ([self.parties[n] for n in self.members[g]] for g in (into, gone))
        if into == gone or _contradict(some, others) or not (numbered or _may_be_one(some, others)):
            return
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
        {(i.kind, i.value) for p in of for i in p.identifiers if i.kind in JOINING} for of in (some, others)
    )
    differ = {k for k, _ in ours} & {k for k, _ in theirs} - {k for k, _ in ours & theirs}
    return len(people) > 1 or len(ofac) > 1 or bool(differ)


def _may_be_one(some: Sequence[ListedParty], others: Sequence[ListedParty]) -> bool:
    """Whether no publisher has both groups, and no full dates of birth differ."""
    if {publisher_of(p) for p in some} & {publisher_of(p) for p in others}:
        return False
    ours, theirs = ([days_of(p.born) for p in of if party_class(p.schema) == PERSON] for of in (some, others))
    return all(x & y for x in ours for y in theirs if x and y)


def joined(listings: Sequence[ListEntry]) -> list[Joined]:
    """The parties of the lists, each once, in the order of their first entries."""
    groups = _Groups(listings)
    ids = ((f"publisher's id {h.party.id}", n) for n, h in enumerate(listings))
    numbers = [
        (f"same {i.kind} {i.value}", n)
        for n, h in enumerate(listings)
        for i in h.party.identifiers
        if i.kind in JOINING
    ]
    bearers = Counter(key for key, _ in set(numbers))
    numbers = [(key, n) for key, n in numbers if bearers[key] <= MOST_BEARERS]
    first: dict[tuple[str, str], int] = {}
    keyed = chain((((why, ""), n) for why, n in (*ids, *numbers)), _named(listings))
    for (why, name), n in keyed:
        if (at := first.setdefault((why, name), n)) != n:
            groups.merge(at, n, why)
    placed = [(h.party, countries_of(h.party)) for h in listings]
    for a, b, why in same_cores(placed, groups.of):
        groups.merge(a, b, why)
    for a, b, why in (*same_stateless(placed, groups.of), *same_births(placed)):
        groups.merge(a, b, why, numbered=False)
    out = []
    for members, reasons in zip(groups.members, groups.reasons, strict=True):
        if members:
            entries = sorted((listings[n] for n in members), key=_gravest)
            out.append(Joined(tuple(entries), tuple(dict.fromkeys(reasons))))
    return out


def _named(held: Sequence[ListEntry]) -> Iterable[tuple[tuple[str, str], int]]:
    """Full names of firms, each with why it would join: a country that the list names, or China's ministries where
    they name none; a name of one word says too little.
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
                    yield (f"same name and country ({country})", key), n


def _gravest(h: ListEntry) -> tuple[int, str, str, str]:
    place = gravest_first()
    worst = min((place[effect_of(e.list, e.programme)] for e in h.party.listings), default=len(place))
    return worst, h.source, h.party.id, h.snapshot
