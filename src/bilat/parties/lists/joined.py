# SPDX-License-Identifier: Apache-2.0
"""One party across lists and editions: entries joined by the publishers' own ids, by shared numbers, by one full name
in one country, and where no number says so by name and place or birth; every join says why.

* Firms whose names agree but for the legal form, in one country, where nothing else on the lists bears the name and an
  address of each is the same place (house number and two words): ``Far-East Factory Zvezda`` and ``AO Dalnevostochnyy
  Zavod Zvezda``. Where one side has no address at all, a single word that no clean name bears is enough (Rostec).
* Firms with one full name, legal form included, of which one has no state.
* Persons whose full name, in any order, and day of birth agree; a patronymic may be missing on one side. The 1st of
  January is a year: lists write it where no more is known, and a year alone joins nobody.
* Persons of one full name with a patronymic, one of them listed without a day of birth, where every
  entry of that name that states a birth states the same one and no two entries state other states.

Two parties that one list numbers apart stay apart: whatever else they share where the join is not
sure, and where they share no more than an alias. So do parties whose tax, ship or company numbers
contradict each other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, combinations
from typing import Any

from bilat.formats.parties import Address, ListedParty
from bilat.parties.lists.effects import effect_of, gravest_first
from bilat.parties.lists.listed import ListEntry
from bilat.parties.lists.regimes import connected_states
from bilat.parties.match.addresses import address_tokens
from bilat.parties.match.background import firms, people
from bilat.parties.match.evidence import Birth, births
from bilat.parties.match.index import AIRCRAFT, PERSON, VESSEL, party_class
from bilat.parties.names.forms import is_firms, listed_forms
from bilat.parties.names.script import has_han, letters
from bilat.places import country_or_none

#: Kinds of numbers that name one party alone.
JOINING = ("inn", "ogrn", "imo", "uscc", "lei")
#: A number that more entries bear is an error of a list (the number of a ministry, of an agent).
MOST_BEARERS = 8
#: Letters that a name must have before it alone joins two listings of one country.
SHORTEST = 10
#: Letters of the shortest single word that may join without an address, of two entries and of more.
_LONG_WORD = 6
_LONG_ALONE = 8
#: Words of a full name, its legal form among them, that joins without a state.
_FEWEST = 3
#: People of a name up to which two listed ones are not expected: of the 150 million of Russia about
#: 10,000 are listed, so of 100 namesakes of one of them 0.7% of a person.
MOST_NAMESAKES = 100
#: What tables of legal texts have in place of a name that is printed as a picture.
NO_NAMES = frozenset({"text of image"})
#: Skeletons of East Slavic patronymics: -ovich, -evych, -ich, -ovna, -ivna, -ichna, Belarusian -auna.
PATRONYMIC = re.compile(r"[a-z]{2,}(?:[aeiou]viq|[lmk]iq|[aeiou]vna|auna|iqna)$")
_UNSURE = re.compile(r"\b(?:circa|ca\.?|approx\w*|about|between|около)\b", re.IGNORECASE)
Day = tuple[int, int, int]
Placed = Sequence[tuple[ListedParty, frozenset[str]]]  # entries with the codes of their states
Same = Iterator[tuple[int, int, str]]  # entry, entry, why


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
        rf"{name}(?: island| sar| s\.a\.r\.?| special administrative region)?(?: [\d-]+)?",
        re.IGNORECASE,
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
    parts = [
        " ".join(p.split()).rstrip(".") for p in _PARTS.split(f"{address.city},{address.text}")
    ]
    found = {region for region, name in _REGIONS.items() if any(name.fullmatch(p) for p in parts)}
    if found and not code and any(code_of(p) == "CHN" for p in parts if p):
        found.add("CHN")  # such a text holds several addresses
    return frozenset({code, *found} - {""})


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


def joined(listings: Sequence[ListEntry]) -> list[Joined]:
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
            out.append(Joined(tuple(entries), tuple(dict.fromkeys(reasons))))
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
    names = {n: {*_cores(held[n].party)} for n in of}
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


def _cores(party: ListedParty) -> Iterator[tuple[str, ...]]:
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
        ((core, c), n)
        for n, (p, states) in enumerate(parties)
        for core in _cores(p)
        for c in states
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


def _full_names(party: ListedParty) -> set[tuple[str, ...]]:
    """Tokens, sorted, of the whole names of a person; none of names with an initial or of one word."""
    names = [
        n.text
        for n in party.names
        if n.kind not in ("weak", "former", "none") and not has_han(n.text)
    ]
    read = [
        f for text in names for f in listed_forms(text, True) if not f.part and len(f.tokens) >= 2
    ]
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
                yield from (
                    (a, b, "same name but for a patronymic, and same date of birth") for a in of
                )


def same_full_names(parties: Placed) -> Same:
    """Yield an entry without a birth beside one of the same full name, where only one person bears it.

    A given name, a patronymic and a family name together are rarely those of two listed people; where
    two births are stated for them, they are, and nobody is joined. An entry that states no state
    either joins where hardly anybody has the name.
    """
    named: dict[tuple[str, ...], list[int]] = {}
    for n, (party, _) in enumerate(parties):
        if party_class(party.schema) != PERSON:
            continue
        for name in _full_names(party):
            if len(name) == 3 and any(PATRONYMIC.match(token) for token in name):
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
    (one, states), (undated, elsewhere) = dated, other
    if states and elsewhere and not states & elsewhere:
        return False
    if _UNSURE.search(undated.born) or not (rare or states & elsewhere):
        return False
    told = births(undated.born)
    return not told or any(_is_within(b, a) for a in births(one.born) for b in told)


def _is_within(year: Birth, day: Birth) -> bool:
    """Return whether a day may be what a list writes as a year or a month."""
    of_year = (year.month, year.day) == (1, 1) or not year.month
    return year.agrees(day) and (of_year or year.month == day.month)
