# SPDX-License-Identifier: Apache-2.0
"""The gap between allies: who lists what the others do not, and how long until they follow.

Ships are one and the same where their IMO number is. Firms and persons are one where the lists' own
numbers, a shared number, or name and place say so (:mod:`bilat.parties.lists.entity_resolution`). A firm
is on another list too where an entry there has its name but for the legal form, and no state
speaks against it: annexes name many firms and no more. Screening by name finds more.

A firm whose name another list has with other states, or a person whose whole name it has with
another birth or none, may be listed there already. They are not counted as one, and nobody is
proposed as next without those namesakes being named.

A day is the first that a list states for the party; OFAC's lists state none, so Washington has no
lags, only a tempo by month.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from bilat.document.wording import period
from bilat.parties.lists.capitals import CAPITALS, Capital, capital_of, is_on_russia
from bilat.parties.lists.records import NAMELESS, Record
from bilat.parties.match.evidence import births
from bilat.parties.names.legal import legal_words
from bilat.parties.names.script import letters
from bilat.places import country_name

#: Letters of the shortest name by which a firm is known on another list.
SHORTEST_NAME = 6
#: Kinds of names by which no firm is known.
NOT_KNOWN_BY = ("weak", "former", NAMELESS)
#: A date of birth, or a month or year of one, as most lists write it.
_PLAIN_DATE = re.compile(r"\d{4}(-\d\d){0,2}")
#: Days within which a second capital is said to follow soon.
SOON = 90


@dataclass(frozen=True, slots=True)
class Namesake:
    """An entry of another list that has a party's whole name, and may be the party."""

    id: str
    why: str  # what keeps it from being joined


@dataclass(frozen=True, slots=True)
class Standing:
    """A party and where it stands: by capital the first day on its list, "" if it has none."""

    id: str
    name: str
    kind: str  # ships, firms or people
    imo: str
    states: tuple[str, ...]
    on_russia: Mapping[str, str]  # on programmes on Russia
    anywhere: frozenset[str]  # on any list of the capital
    names: frozenset[str] = frozenset()  # of a firm without the legal form, of a person whole
    born: tuple[str, ...] = ()
    #: by capital that does not list the party: whoever of its lists has the name
    namesakes: Mapping[str, tuple[Namesake, ...]] = field(default_factory=dict)


def standings(records: Iterable[Record]) -> list[Standing]:
    """Return where each party stands; ships with one IMO number are one."""
    found: list[Standing] = []
    ships: dict[str, Standing] = {}
    for record in records:
        standing = _standing(record)
        if not standing.anywhere:
            continue
        if standing.kind != "ships" or not standing.imo:
            found.append(standing)
        elif standing.imo in ships:
            ships[standing.imo] = _merged(ships[standing.imo], standing)
        else:
            ships[standing.imo] = standing
    return [*_with_namesakes(found), *ships.values()]


def _with_namesakes(parties: Sequence[Standing]) -> Iterator[Standing]:
    """Yield the parties, each firm with the capitals that list its name without another state.

    Whoever else has the name stands beside a party as a namesake.
    """
    bearers: dict[tuple[str, str], list[Standing]] = defaultdict(list)
    for party in parties:
        for name in party.names:
            bearers[party.kind, name].append(party)
    for party in parties:
        others = {o.id: o for name in party.names for o in bearers[party.kind, name]}
        others.pop(party.id, None)
        same = [o for o in others.values() if party.kind == "firms" and _states_agree(party, o)]
        anywhere = party.anywhere.union(*(o.anywhere for o in same))
        perhaps: dict[str, tuple[Namesake, ...]] = {}
        for other in others.values():
            for capital in other.anywhere - anywhere:
                found = Namesake(other.id, _what_differs(party, other, capital))
                perhaps[capital] = (*perhaps.get(capital, ()), found)
        yield replace(party, anywhere=anywhere, namesakes=perhaps)


def _states_agree(one: Standing, other: Standing) -> bool:
    """Return whether no state speaks against two firms of one name being one."""
    return not (one.states and other.states) or bool({*one.states} & {*other.states})


def _what_differs(party: Standing, other: Standing, capital: str) -> str:
    """Return why a capital's entry of the same name is not known to be the party."""
    if party.kind == "firms":
        there, here = (", ".join(map(country_name, x.states)) for x in (other, party))
        return f"country: {there} in {capital}'s entry, {here} elsewhere"
    there, here = (" or ".join(map(_birth, x.born)) for x in (other, party))
    if not there:
        return f"{capital}'s entry gives no date of birth"
    if same := max({*party.born} & {*other.born}, key=len, default=""):
        may_be_a_year = len(same) == len("1961") or same.endswith("-01-01")
        doubt = ", which may mean only the year" if may_be_a_year else ""
        return f"same date of birth ({_birth(same)}{doubt})"
    if not here:
        return f"only {capital}'s entry gives a date of birth ({there})"
    return f"date of birth: {there} in {capital}'s entry, {here} elsewhere"


def _birth(date: str) -> str:
    """Write a date of birth out; one that is no plain date stays as the list has it."""
    return period(date) if _PLAIN_DATE.fullmatch(date) else date.replace("; (", " (")


def _whole_names(record: Record) -> frozenset[str]:
    """Return the names of a person in plain letters, in whatever order their words stand.

    A single word and a name with an initial are nobody's own.
    """
    texts = [text for text, kind, _ in record["names"] if kind not in NOT_KNOWN_BY]
    words = [sorted(letters(text).split()) for text in texts]
    return frozenset(" ".join(w) for w in words if len(w) > 1 and all(len(x) > 1 for x in w))


def _firms_names(record: Record) -> frozenset[str]:
    """Return the names of a firm in plain letters, without their legal form."""
    texts = [text for text, kind, _ in record["names"] if kind not in NOT_KNOWN_BY]
    return frozenset(name for name in map(_bare, texts) if len(name) >= SHORTEST_NAME)


def _bare(text: str) -> str:
    """Return a name in plain letters, without its legal form."""
    words = letters(text).split()
    marked = zip(words, legal_words(words), strict=True)
    return " ".join(word for word, is_legal in marked if not is_legal)


def _standing(record: Record) -> Standing:
    days: dict[str, str] = {}
    anywhere = set()
    for listing in record["listings"]:
        capital = capital_of(listing["source"])
        if capital is None:
            continue
        anywhere.add(capital.name)
        if is_on_russia(listing["source"], listing["programme"]):
            known = [d for d in (days.get(capital.name), listing["listed_on"]) if d]
            days[capital.name] = min(known, default="")
    schema = record["schema"]
    kind = {"Vessel": "ships", "Person": "people", "Airplane": "aircraft"}.get(schema, "firms")
    numbers = (i.partition(":") for i in record["identifiers"])
    return Standing(
        record["id"],
        record["name"],
        kind,
        next((value for kind, _, value in numbers if kind == "imo"), "")
        if schema == "Vessel"
        else "",
        tuple(record["countries"]),
        days,
        frozenset(anywhere),
        _NAMES[kind](record) if kind in _NAMES else frozenset(),
        tuple(dict.fromkeys(said for text in record.get("born", ()) for said in _dates(text))),
    )


def _dates(born: str) -> tuple[str, ...]:
    """Return the dates in a text in one form, so that two ways of writing a day are one.

    A text without a date that can be read stays as it is; one without a digit gives none.
    """
    if not any(letter.isdigit() for letter in born):
        return ()
    return tuple(str(birth) for birth in births(born)) or (born,)


#: How the names are read by which parties of a kind may be one.
_NAMES = {"firms": _firms_names, "people": _whole_names}


def _merged(one: Standing, two: Standing) -> Standing:
    days = dict(one.on_russia)
    for capital, day in two.on_russia.items():
        known = [d for d in (days.get(capital), day) if d]
        days[capital] = min(known, default="")
    return Standing(
        one.id,
        one.name,
        one.kind,
        one.imo,
        tuple(sorted({*one.states, *two.states})),
        days,
        one.anywhere | two.anywhere,
    )


@dataclass(frozen=True, slots=True)
class Lag:
    """How long one capital took after another, for parties that both list by now."""

    first: str
    second: str
    year: str  # in which the first listed them; "" for all
    parties: int
    days: float  # median


@dataclass
class Pair:
    """Two capitals and one kind of party."""

    one: str
    two: str
    kind: str
    on_one: int = 0
    on_two: int = 0
    on_both: int = 0
    first: Counter[str] = field(default_factory=Counter)  # who was first; "" for the same day
    lags: list[Lag] = field(default_factory=list)
    soon: dict[str, tuple[int, int]] = field(default_factory=dict)  # by second: (followed, of)


def pair(parties: Sequence[Standing], one: str, two: str, kind: str = "ships") -> Pair:
    """Compare what two capitals list of one kind, with the lags between their days."""
    found = Pair(one, two, kind)
    waits: dict[tuple[str, str], list[int]] = defaultdict(list)
    ends = _ends(parties, kind, (one, two))
    soon: dict[str, list[bool]] = {one: [], two: []}
    for party in parties:
        if party.kind != kind:
            continue
        days = party.on_russia
        found.on_one += one in days
        found.on_two += two in days
        found.on_both += one in days and two in days
        for first, second in ((one, two), (two, one)):
            if days.get(first):
                _count_soon(soon[second], days[first], days.get(second), ends[second])
        if days.get(one) and days.get(two):
            wait = _between(days[one], days[two])
            first, second = (one, two) if wait > 0 else (two, one)
            found.first[first if wait else ""] += 1
            year = min(days[one], days[two])[:4]
            waits["", year].append(abs(wait))
            waits["", ""].append(abs(wait))
            if wait:
                waits[first, year].append(abs(wait))
                waits[first, ""].append(abs(wait))
    for (first, year), each in sorted(waits.items()):
        second = "" if not first else two if first == one else one
        found.lags.append(Lag(first, second, year, len(each), float(median(each))))
    found.soon = {second: (sum(x), len(x)) for second, x in soon.items()}
    return found


def _ends(parties: Sequence[Standing], kind: str, capitals: Iterable[str]) -> dict[str, str]:
    """Return the last day of which each capital's list can speak: that of its newest entry."""
    return {
        c: max((p.on_russia.get(c, "") for p in parties if p.kind == kind), default="")
        for c in capitals
    }


def _count_soon(found: list[bool], first: str, second: str | None, end: str) -> None:
    """Note whether the second followed within 90 days, where its list reaches so far."""
    if second is not None and (not second or second < first):
        return
    if not end or _between(first, end) < SOON:
        return
    found.append(second is not None and _between(first, second) <= SOON)


def _between(first: str, second: str) -> int:
    return (dt.date.fromisoformat(second) - dt.date.fromisoformat(first)).days


@dataclass(frozen=True, slots=True)
class Overlap:
    """Of the parties that one capital lists in a state: how many stand on which others."""

    capital: str
    kind: str
    state: str  # code; "" for all
    parties: int
    alone: int  # on no other Western list at all
    perhaps: int  # of these: another Western list has the name, of somebody who may be another
    also: Mapping[str, int]  # on any list of the other capital


def shares(parties: Sequence[Standing], capital: str, kind: str, state: str = "") -> Overlap:
    """Count what a capital lists for Russia by who else lists it, under whatever programme."""
    mine = [
        p
        for p in parties
        if p.kind == kind and capital in p.on_russia and (not state or state in p.states)
    ]
    western = {c.name for c in CAPITALS if c.is_western} - {capital}
    also = {c.name: sum(c.name in p.anywhere for p in mine) for c in CAPITALS if c.name != capital}
    alone = [p for p in mine if not p.anywhere & western]
    perhaps = sum(bool(p.namesakes.keys() & western) for p in alone)
    return Overlap(capital, kind, state, len(mine), len(alone), perhaps, also)


def states_of(parties: Sequence[Standing], capital: str, kind: str, most: int) -> list[str]:
    """Return the states in which a capital lists the most parties of a kind."""
    counts = Counter(
        state
        for p in parties
        if p.kind == kind and capital in p.on_russia
        for state in dict.fromkeys(p.states)
    )
    return [state for state, _ in counts.most_common(most)]


@dataclass(frozen=True, slots=True)
class NextListing:
    """A party that others list for Russia and a capital does not list at all."""

    standing: Standing
    others: tuple[str, ...]  # Western capitals that list it for Russia
    newest: str  # the newest day of theirs

    def may_be(self, capital: Capital) -> tuple[Namesake, ...]:
        """Return the entries of a capital's lists that have the name and may be the party."""
        return self.standing.namesakes.get(capital.name, ())


def candidates(parties: Sequence[Standing], capital: Capital) -> list[NextListing]:
    """Return what a capital could list next: ships first, what most others list before the rest."""
    out = []
    for p in parties:
        others = [c for c in CAPITALS if c.is_western and c.name in p.on_russia]
        if capital.name in p.anywhere or not others:
            continue
        days = [p.on_russia[c.name] for c in others if p.on_russia[c.name]]
        out.append(NextListing(p, tuple(c.name for c in others), max(days, default="")))
    out.sort(key=lambda c: c.newest, reverse=True)
    order = {"ships": 0, "firms": 1}
    out.sort(key=lambda c: (-len(c.others), order.get(c.standing.kind, 2)))
    return out


def tempo(parties: Sequence[Standing], capital: str) -> Counter[str]:
    """Count the parties that a capital lists for Russia by the month of their first day."""
    days = (p.on_russia.get(capital, "") for p in parties)
    return Counter(day[:7] for day in days if day)


def half_year(month: str) -> str:
    """Return the half of the year of a month: ``2024 H1``."""
    return f"{month[:4]} H{1 if month[5:7] <= '06' else 2}"
