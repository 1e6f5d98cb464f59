# SPDX-License-Identifier: Apache-2.0
"""What is known beside the name, as a factor on a candidate's odds: birth, state, town, numbers.

A factor is how many times likelier the agreement (or the contradiction) is for the same party than for
another one (``parameters.toml``). What the query or the list does not say changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bilat.formats.parties.identifiers import STRONG
from bilat.parties.match.addresses import address_tokens
from bilat.parties.match.bodies import (
    is_body_of_any_state,
    is_kind_of_body,
    states_in_name,
    states_of_places,
)
from bilat.parties.match.parameters import parameter
from bilat.parties.names.places import folded
from bilat.parties.names.states import codes_of, parts, state_of
from bilat.parties.queries.query import Query

_MONTHS = {
    m: n
    for n, names in enumerate(
        (
            "jan january января янв",
            "feb february февраля фев",
            "mar march марта мар",
            "apr april апреля апр",
            "may мая май",
            "jun june июня июн",
            "jul july июля июл",
            "aug august августа авг",
            "sep sept september сентября сен",
            "oct october октября окт",
            "nov november ноября ноя",
            "dec december декабря дек",
        ),
        1,
    )
    for m in names.split()
}
_ISO = re.compile(r"\b((?:18|19|20)\d\d)-(\d\d)(?:-(\d\d))?\b")
_DOTTED = re.compile(r"\b(\d{1,2})[./\- ](\d{1,2})[./\- ]((?:18|19|20)\d\d)\b")
_WORDED = re.compile(r"\b(?:(\d{1,2})\s+)?([^\W\d_]{3,9})\.?\s+((?:18|19|20)\d\d)\b")
#: Year, month and day run together; no day before its month and year reads so.
_RUN_TOGETHER = re.compile(r"\b((?:18|19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\b")
_YEAR = re.compile(r"\b((?:18|19|20)\d\d)\b")
_RANGE = re.compile(r"((?:18|19|20)\d\d)\s*(?:to|-|–|and)\s*((?:18|19|20)\d\d)")


#: By how much two years of birth may differ of which not both are whole dates.
_YEARS_APART = 1
#: Days by which two whole dates of birth differ that are not one with a year wrong.
_DAYS_APART = 367


#: A listed party as a screener has it (:func:`bilat.parties.lists.records.record_of`).
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Birth:
    """A date of birth as far as it is told: years from and to, month and day or 0."""

    first: int
    last: int
    month: int = 0
    day: int = 0

    def agrees(self, other: Birth) -> bool:
        """Whether the two may be one year."""
        return self.is_within(other, 0)

    def is_within(self, other: Birth, years: int) -> bool:
        """Whether the two may be of one year, or so many years apart."""
        return self.first <= other.last + years and other.first <= self.last + years

    @property
    def whole(self) -> bool:
        return bool(self.month and self.day and self.first == self.last)

    def __str__(self) -> str:
        """The date as far as it is told: ``1957-01-01``, ``1957-01``, ``1957``, ``1956 to 1958``."""
        if self.first != self.last:
            return f"{self.first} to {self.last}"
        parts = (self.month, self.day) if self.day else (self.month,) if self.month else ()
        return "-".join((str(self.first), *(f"{part:02}" for part in parts)))


@lru_cache(maxsize=4096)
def births(text: str) -> tuple[Birth, ...]:
    """The dates of birth in a text, as lists and files write them; () where there is none.

    ``circa`` widens a year by two on either side; a day and a month that could be either stand as day first.
    """
    out = []
    for part in re.split(r";|\bor\b|\balt\.? DOB\b", text):
        part = part.strip()
        about = (
            2
            if re.search(r"\b(?:circa|ca\.?|approximately|about|около)\b", part, re.IGNORECASE)
            else 0
        )
        if m := _RANGE.search(part):
            out.append(Birth(int(m[1]), int(m[2])))
        elif m := _ISO.search(part):
            out.append(Birth(int(m[1]), int(m[1]), int(m[2]), int(m[3] or 0)))
        elif m := _DOTTED.search(part):
            day = int(m[1])
            month = int(m[2])
            if month > 12:
                day, month = month, day
            out.append(
                Birth(int(m[3]), int(m[3]), month, day)
                if month <= 12
                else Birth(int(m[3]), int(m[3]))
            )
        elif (m := _WORDED.search(part)) and m[2].lower() in _MONTHS:
            out.append(
                Birth(int(m[3]) - about, int(m[3]) + about, _MONTHS[m[2].lower()], int(m[1] or 0))
            )
        elif m := _RUN_TOGETHER.search(part):
            out.append(Birth(int(m[1]), int(m[1]), int(m[2]), int(m[3])))
        elif m := _YEAR.search(part):
            out.append(Birth(int(m[1]) - about, int(m[1]) + about))
    return tuple(out)


def distinct_births(texts: Sequence[str]) -> list[str]:
    """Return dates of birth as they are written, each date once, and no year alone beside one."""
    written: dict[tuple[Birth, ...], str] = {}
    for text in texts:
        written.setdefault(births(text), text)
    whole = [text for dates, text in written.items() if any(date.whole for date in dates)]
    return whole or [*written.values()]


#: What is weighed where a column names the state, and where it stands in the name itself.
STATE = "state"
STATE_OF_NAME = "state in the name"


@dataclass(frozen=True, slots=True)
class Weighed:
    """One thing known beside the name: what it says and its factor."""

    what: str
    says: str
    factor: float
    #: The greatest band of a party that it contradicts; '' where it does not.
    at_most: str = ""

    @property
    def contradicts(self) -> bool:
        """Whether it says that the party is another one, or may well be."""
        return bool(self.at_most)


def weigh(query: Query, record: Record, listed_name: str = "") -> list[Weighed]:
    """Return what is known beside the name, for one candidate.

    A state or a town that both names have (``listed_name`` is the one that agrees) is weighed with
    the words of the names, and not a second time when the file gives it too.
    """
    weighed = []
    if query.born and record["born"]:
        weighed += _birth(query.born, record["born"])
    weighed += _state(query, record, listed_name)
    if (
        query.place
        and not _have_words(query.place, query.name, listed_name)
        and _in_addresses(query.place, record["addresses"])
    ):
        weighed.append(Weighed("place", f"{query.place}, as listed", parameter("place_same")))
    theirs = dict(i.split(":", 1) for i in record["identifiers"])
    for i in query.identifiers:
        if (
            i.kind in STRONG
            and i.kind in theirs
            and f"{i.kind}:{i.value}" not in record["identifiers"]
        ):
            says = f"{i.kind} {i.value}, listed {theirs[i.kind]}"
            weighed.append(Weighed("number", says, parameter("number_contradicts")))
            break
    return weighed


def _have_words(place: str, *names: str) -> bool:
    """Return whether names all contain a place."""
    return all(f" {folded(place)} " in f" {folded(name)} " for name in names)


def _state(query: Query, record: Record, listed_name: str) -> list[Weighed]:
    """Return what the states that a query names say: those of its columns, else that of its name.

    Of a body that every state has, the state of its town counts, and that of the programme on
    which a list has put the party.
    """
    name = _without_place(query)
    is_body = is_kind_of_body(name)
    asked = states(query)
    if not asked and is_body_of_any_state(name):
        asked = states_of_town(query.place)
    if not asked or (is_body and states_in_name(name)):
        return state_of_name(name, record)
    theirs = listed_states(record)
    connected = set(record.get("connected", ())) if is_body and not theirs else set()
    if not theirs | connected:
        return []
    listed = ", ".join(sorted(theirs) or (f"under a programme on {x}" for x in sorted(connected)))
    if same := sorted(asked & (theirs | connected)):
        shared = states_of_places(query.name) & states_of_places(listed_name)
        if shared & set(same):
            return []
        return [Weighed(STATE, f"{', '.join(same)}, as listed", parameter("nationality_same"))]
    if _within(asked, record):
        return []
    says = f"{', '.join(sorted(asked))}, listed {listed}"
    return [Weighed(STATE, says, parameter("nationality_other"), "unlikely" * is_body)]


def _without_place(query: Query) -> str:
    """Return the name of a query without the town that stands behind it."""
    name = query.name.rstrip(" .,;)")
    if query.place and name.endswith(query.place):
        return name.removesuffix(query.place).rstrip(" ,;(-/")
    return query.name


def states_of_town(town: str) -> set[str]:
    """Return the code of the state of a town, if one state alone has a town of that name."""
    found = states_of_places(town)
    return set(found) if len(found) == 1 else set()


def state_of_name(name: str, record: Record) -> list[Weighed]:
    """Return what the state in a name says of a listed party, where the other words say what kind
    of body one is.
    """
    named = states_in_name(name)
    if not named or not is_kind_of_body(name):
        return []
    countries = record["countries"]
    listed_names = [text for text, *_ in record["names"]]
    theirs = codes_of(countries).union(*map(states_in_name, listed_names))
    theirs = theirs or set(record.get("connected", ()))
    if not theirs:
        return []
    ours = ", ".join(sorted(named))
    if named & theirs:
        return [Weighed(STATE_OF_NAME, f"{ours}, as listed", parameter("nationality_same"))]
    listed = ", ".join(countries or sorted(theirs))
    says = f"{ours} in the name, listed {listed}"
    return [Weighed(STATE_OF_NAME, says, parameter("nationality_other"), "unlikely")]


def _within(asked: set[str], record: Record) -> bool:
    """Whether Hong Kong or Macao is asked for and the list says China and no place in it."""
    placed = any(state_of(text) is None for text, *_ in record["addresses"])
    return bool(asked & {"HKG", "MAC"}) and "CHN" in record["countries"] and not placed


def has_place(record: Record, place: str, *, of_name: bool) -> bool:
    """Return whether a listed entry is of a place, or has it in a name or an address.

    ``of_name``: the place stands as a word of a name does, at its head or behind `of`. Then a town
    in the entry's state is not enough.
    """
    of = listed_states(record) | set(record.get("connected", ()))
    named = states_in_name(place) if of_name else states_of_places(place)
    texts = [text for text, *_ in (*record["addresses"], *record["names"])]
    return not of.isdisjoint(named) or any(_have_words(place, text) for text in texts)


def is_row_of(query: Query, place: str) -> bool:
    """Return whether the columns of a row have a place."""
    here = states(query)
    texts = (query.place, query.address)
    return not here.isdisjoint(states_of_places(place)) or any(
        _have_words(place, text) for text in texts
    )


def states(query: Query) -> set[str]:
    """Codes of the states of today that the query names: country and nationality."""
    return codes_of((*parts(query.nationality), *parts(query.country)))


def listed_states(record: Record) -> set[str]:
    """Codes of the states of today that the listed entry names."""
    return codes_of(record["countries"])


def _birth(asked: str, listed: list[str]) -> list[Weighed]:
    ours = births(asked)
    theirs = [b for t in listed for b in births(t)]
    if not ours or not theirs:
        return []
    wrong = parameter("birth_error")
    by_chance = parameter("birth_year_chance")
    best = wrong
    for a in ours:
        for b in theirs:
            if a.whole and b.whole and (a.first, a.month, a.day) == (b.first, b.month, b.day):
                best = max(best, (1 - wrong) / (by_chance / 365))
            elif a.whole and b.whole and a.first == b.first:
                # Day and month the other way round is the commonest slip; another day of the year a rare one.
                turned = (a.month, a.day) == (b.day, b.month)
                best = max(best, 20.0 if turned else wrong / 2 / by_chance)
            elif not (a.whole and b.whole) and a.is_within(b, _YEARS_APART):
                years = max(b.last - b.first, a.last - a.first) + 1
                best = max(best, (1 - wrong) / min(by_chance * years, 1.0))
    says = f"{asked}, listed {'; '.join(listed)}"
    return [Weighed("birth", says, best, _at_most_of_all(ours, theirs))]


def _at_most_of_all(ours: Sequence[Birth], theirs: Sequence[Birth]) -> str:
    """Return the greatest band of one person whose dates of birth are several; '' if any may agree.

    Whole dates decide: a list that gives the year alone takes nothing from them.
    """
    pairs = [(_at_most(a, b), a.whole and b.whole) for a in ours for b in theirs]
    if not all(band for band, _ in pairs):
        return ""
    of_whole_dates = {band for band, whole in pairs if whole}
    return "unlikely" if of_whole_dates == {"unlikely"} else "possible"


def _at_most(a: Birth, b: Birth) -> str:
    """Return the greatest band of one person with two dates of birth; '' where they may be one.

    Whole dates more than a year apart are of two people, unless they have the same figures in
    another order or differ in one of them.
    """
    if not (a.whole and b.whole):
        return "" if a.is_within(b, _YEARS_APART) else "possible"
    one_day, other_day = (
        366 * x.first + 30.5 * x.month + x.day for x in (a, b)
    )  # a list may have 31 Feb
    one, two = (f"{x.first:04}{x.month:02}{x.day:02}" for x in (a, b))
    if abs(one_day - other_day) <= _DAYS_APART or sorted(one) == sorted(two):
        return ""
    return "possible" if sum(x != y for x, y in zip(one, two, strict=True)) == 1 else "unlikely"


def _in_addresses(place: str, addresses: list[list[Any]]) -> bool:
    wanted = set(address_tokens(place)[0])
    return bool(wanted) and any(wanted <= set(address_tokens(text)[0]) for text, *_ in addresses)
