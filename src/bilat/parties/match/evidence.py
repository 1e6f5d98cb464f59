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
from bilat.parties.match.bodies import is_kind_of_body, states_in_name
from bilat.parties.match.parameters import parameter
from bilat.parties.match.states import codes_of, parts, state_of
from bilat.parties.run.queries import Query

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


@dataclass(frozen=True, slots=True)
class Birth:
    """A date of birth as far as it is told: years from and to, month and day or 0."""

    first: int
    last: int
    month: int = 0
    day: int = 0

    def agrees(self, other: Birth) -> bool:
        """Whether the two may be one year."""
        return self.first <= other.last and other.first <= self.last

    @property
    def whole(self) -> bool:
        return bool(self.month and self.day and self.first == self.last)


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


#: What is weighed where the state stands in the name itself.
STATE_OF_NAME = "state of the name"


@dataclass(frozen=True, slots=True)
class Weighed:
    """One thing known beside the name: what it says and its factor."""

    what: str
    says: str
    factor: float
    #: Two full dates of birth that are apart by more than a slip, or another state's body of the
    #: same kind: at most `possible`.
    contradicts: bool = False


def weigh(query: Query, record: Mapping[str, Any]) -> list[Weighed]:
    """What is known beside the name, for one candidate."""
    weighed = []
    if query.born and record["born"]:
        weighed += _birth(query.born, record["born"])
    asked = states(query)
    theirs_of = listed_states(record)
    if asked and theirs_of:
        same = sorted(asked & theirs_of)
        listed = ", ".join(record["countries"])
        if same:
            weighed.append(
                Weighed("state", f"{', '.join(same)}, as listed", parameter("nationality_same"))
            )
        elif not _within(asked, record):
            says = f"{', '.join(sorted(asked))}, listed {listed}"
            factor = parameter("nationality_other")
            weighed.append(Weighed("state", says, factor, is_kind_of_body(query.name)))
    elif not asked:
        listed_names = [text for text, *_ in record["names"]]
        weighed += _state_of_name(query.name, record["countries"], listed_names)
    if query.place and _in_addresses(query.place, record["addresses"]):
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


def _state_of_name(
    name: str, countries: Sequence[str], listed_names: Sequence[str]
) -> list[Weighed]:
    """What the state in a name says, where the other words say what kind of body one is."""
    named = states_in_name(name)
    if not named or not is_kind_of_body(name):
        return []
    theirs = codes_of(countries).union(*map(states_in_name, listed_names))
    if not theirs:
        return []
    ours = ", ".join(sorted(named))
    if named & theirs:
        return [Weighed(STATE_OF_NAME, f"{ours}, as listed", parameter("nationality_same"))]
    listed = ", ".join(countries or sorted(theirs))
    says = f"{ours} in the name, listed {listed}"
    return [Weighed(STATE_OF_NAME, says, parameter("nationality_other"), contradicts=True)]


def _within(asked: set[str], record: Mapping[str, Any]) -> bool:
    """Whether Hong Kong or Macao is asked for and the list says China and no place in it."""
    placed = any(state_of(text) is None for text, *_ in record["addresses"])
    return bool(asked & {"HKG", "MAC"}) and "CHN" in record["countries"] and not placed


def states(query: Query) -> set[str]:
    """Codes of the states of today that the query names: country and nationality."""
    return codes_of((*parts(query.nationality), *parts(query.country)))


def listed_states(record: Mapping[str, Any]) -> set[str]:
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
            elif a.agrees(b) and not (a.whole and b.whole):
                years = max(b.last - b.first, a.last - a.first) + 1
                best = max(best, (1 - wrong) / min(by_chance * years, 1.0))
    says = f"{asked}, listed {'; '.join(listed)}"
    return [
        Weighed("birth", says, best, bool(ours) and all(_apart(a, b) for a in ours for b in theirs))
    ]


def _apart(a: Birth, b: Birth) -> bool:
    """Two full dates more than a year apart whose digits are not one another's, turned round."""
    if not (a.whole and b.whole):
        return False
    one_day, other_day = (
        366 * x.first + 30.5 * x.month + x.day for x in (a, b)
    )  # a list may have 31 Feb
    one, two = (f"{x.first:04}{x.month:02}{x.day:02}" for x in (a, b))
    return abs(one_day - other_day) > 367 and sorted(one) != sorted(two)


def _in_addresses(place: str, addresses: list[list[Any]]) -> bool:
    wanted = set(address_tokens(place)[0])
    return bool(wanted) and any(wanted <= set(address_tokens(text)[0]) for text, *_ in addresses)
