# SPDX-License-Identifier: Apache-2.0
"""One search over parties, states, claims, measures, codes of goods and sources.

A hit contains all words of the search.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypedDict
from urllib.parse import quote

from bilat.catalog import sources
from bilat.document.wording import capital
from bilat.dyad import Dyad
from bilat.errors import UsageError
from bilat.goods.baskets import NAMES as BASKETS
from bilat.goods.baskets import basket
from bilat.goods.descriptions import descriptions
from bilat.lookup.questions import GoodsQuestion, PartyQuestion, StateQuestion
from bilat.measures import MeasureQuestion, measures
from bilat.parties.screening.alerts import since
from bilat.places import country_name, country_or_none
from bilat.places.coalitions import coalitions, is_country
from bilat.server.desk import Desk
from bilat.server.verbs import VERBS, AskedQuestion, address, read
from bilat.server.work import Alert
from bilat.verdicts.ledger import ledger
from bilat.verdicts.names import Names

#: The most hits of one kind that are shown.
MOST = 25
#: The most characters of a search.
LONGEST = 200
#: The length of a state's code; a longer word may be a state's name.
CODE_LENGTH = 2
#: The most values of a facet that are shown, the most frequent first.
FACET_VALUES = 12
#: The fields by which parties can be filtered.
FACETS = ("list", "state", "since", "effect")


@dataclass(frozen=True)
class Hit:
    """One thing found: what it is called, a line on it, and where it is."""

    id: str
    title: str
    text: str
    href: str


@dataclass(frozen=True)
class HitGroup:
    """The hits of one kind, the nearest first."""

    total: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class SearchResult:
    """The result of a search."""

    answer: str  #: whether a party of this name is on the lists
    age: str  #: how old the lists are
    groups: Mapping[str, HitGroup]  #: by kind
    facets: Mapping[str, Mapping[str, int]]  #: the number of parties by facet and value


@dataclass(frozen=True)
class SearchWords:
    """The parts of a search: a state, a code of goods and other words, each blank if there is none."""

    state: str
    code: str
    rest: str


class PartiesFound(TypedDict):
    """A worker's answer on a name: whether it is listed, the age of the lists, and the alerts."""

    answer: str
    age: str
    rows: list[Alert]


async def everything(
    desk: Desk, reader: str, given: Mapping[str, str]
) -> tuple[AskedQuestion, SearchResult]:
    """Find what has all words of ``q``, by kind, in the order of the page.

    Parameters
    ----------
    desk
        whose workers screen the names.
    reader
        who asks.
    given
        the fields of the form: q, pair, as_of and the facets.

    Raises
    ------
    UsageError
        where ``q`` is blank, or the pair or the date cannot be read.
    """
    fields = [(name, given[name]) for name in ("pair", "as_of") if name in given]
    asked = read(VERBS["ask/profile"], fields)
    text = " ".join(given.get("q", "").split())[:LONGEST]
    words = text.casefold().split()
    if not words:
        raise UsageError("q is missing. Write what to look for")
    day = str(asked.as_of) if asked.dated else ""
    # The markings are read from a file.
    hidden = await asyncio.to_thread(lambda: desk.settings.handling.withheld)
    searched = split_words(text)
    found = await _parties(desk, reader, text, searched, str(asked.as_of))
    claims = [entry for entry in _claims(asked.pair, day) if entry[1].id not in hidden]
    groups = {
        "parties": _party_hits(found["rows"], given, day),
        "states": _state(searched.state, day),
        "claims": matching(words, claims),
        "measures": matching(words, _measures(asked.pair, day)),
        "goods": matching([searched.code] if searched.code else words, _goods()),
        "sources": matching(words, _sources()),
    }
    return asked, SearchResult(found["answer"], found["age"], groups, _facets(found["rows"]))


async def _parties(
    desk: Desk, reader: str, text: str, searched: SearchWords, as_of: str
) -> PartiesFound:
    """Screen the whole text; if nobody is found, screen it without its state and its code.

    The text is not stored anywhere: it may be a client's name.
    """
    if not _has_letters(text):
        return {"answer": "", "age": "", "rows": []}
    found: PartiesFound = await desk.ask(reader, "parties", text=text, as_of=as_of)
    rest = searched.rest
    if found["rows"] or rest == text or not _has_letters(rest):
        return found
    found = await desk.ask(reader, "parties", text=rest, as_of=as_of)
    in_state = [row for row in found["rows"] if searched.state in row["countries"]]
    if searched.state and in_state:
        found["rows"] = in_state
    return found


def _has_letters(text: str) -> bool:
    return any(c.isalnum() for c in text)


def _party_hits(rows: Iterable[Alert], given: Mapping[str, str], day: str) -> HitGroup:
    """Return the parties that have the chosen value of each facet."""
    chosen = {facet: given[facet] for facet in FACETS if given.get(facet)}

    def is_chosen(row: Alert) -> bool:
        return all(value in _facet(row, facet) for facet, value in chosen.items())

    parties = list(filter(is_chosen, rows))
    return HitGroup(len(parties), tuple(_party(row, day) for row in parties[:MOST]))


def _facets(rows: Iterable[Alert]) -> dict[str, dict[str, int]]:
    """Return the number of parties by facet and value, the most frequent values first."""
    listed = list(rows)
    found = {}
    for facet in FACETS:
        counts = Counter(value for row in listed for value in _facet(row, facet))
        found[facet] = dict(counts.most_common(FACET_VALUES))
    return found


def _facet(row: Alert, name: str) -> set[str]:
    """Return the values of a facet that a party has."""
    if name == "state":
        return {country_name(c) for c in row["countries"]}
    if name == "since":
        return {x["listed_on"][:4] for x in row["listings"] if x["listed_on"]}
    return {x[name] for x in row["listings"]}


def _party(row: Alert, day: str) -> Hit:
    also = "" if row["name_matched"] == row["name"] else f"also {row['name_matched']}; "
    effects = "; ".join(
        f"{e['effect']} since {since(e) or 'a date not stated'}, {e['list']}"
        for e in row["effects"]
    )
    said = f"{row['agreement']} name; {also}{effects}"
    return Hit(row["party"], row["name"], said, address(PartyQuestion(row["party"]), as_of=day))


def matching(words: list[str], entries: Iterable[tuple[str, Hit]]) -> HitGroup:
    """Return the hits whose searched text contains every word.

    First come hits whose id is the first word, then those whose id begins with it, then those
    that have it in their title.
    """
    found = [hit for text, hit in entries if all(word in text for word in words)]
    first = words[0]

    def rank(hit: Hit) -> tuple[bool, bool, bool, str]:
        id = hit.id.casefold()
        has_id = id == first
        has_beginning = id.startswith(first)
        has_in_title = first in hit.title.casefold()
        # False sorts before True.
        return not has_id, not has_beginning, not has_in_title, hit.id

    return HitGroup(len(found), tuple(sorted(found, key=rank)[:MOST]))


def split_words(text: str) -> SearchWords:
    """Return the state and the code of goods that a text names, and its other words."""
    words = text.split()
    state, words = _without_state(words)
    for place, word in enumerate(words):
        if code := _code_of(word):
            rest = words[:place] + words[place + 1 :]
            return SearchWords(state, code, " ".join(rest))
    return SearchWords(state, "", " ".join(words))


def _without_state(words: list[str]) -> tuple[str, list[str]]:
    """Return the state with the longest name among the words, and the words without it."""
    alone = len(words) == 1
    for length in range(len(words), 0, -1):
        for first in range(len(words) - length + 1):
            run = " ".join(words[first : first + length])
            if len(run) <= CODE_LENGTH and not alone:
                continue  # "in" is India's code, so a code counts only as the whole text
            state = country_or_none(run)
            if state and is_country(state):
                return state, words[:first] + words[first + length :]
    return "", words


def _code_of(word: str) -> str:
    """Return a word as a code of goods of four or six digits; "" for any other word."""
    digits = word.replace(".", "")
    if not digits.isdigit() or len(digits) not in (4, 6):
        return ""
    return digits if any(code.startswith(digits) for code in descriptions()) else ""


def _state(code: str, day: str) -> HitGroup:
    """Return the page of a state.

    Russia has none: the page of a state shows its ties with Russia.
    """
    if code in ("", "RUS"):
        return HitGroup(0, ())
    memberships = sorted(name for name, members in coalitions().items() if code in members)
    href = address(StateQuestion(code), as_of=day)
    return HitGroup(1, (Hit(code, country_name(code), ", ".join(memberships), href),))


def _claims(pair: Dyad, day: str) -> Iterable[tuple[str, Hit]]:
    """Yield the claims about a pair, each with the text that is searched."""
    names = Names(pair)
    query = f"?as_of={day}" if day else ""
    for claim in ledger():
        title = capital(names.said(claim.claim))
        href = f"/{pair}/claims/{quote(claim.id, safe='')}.html{query}"
        searched = f"{claim.id} {title} {claim.section}".casefold()
        yield searched, Hit(claim.id, title, claim.section, href)


def _measures(pair: Dyad, day: str) -> Iterable[tuple[str, Hit]]:
    for m in measures().values():
        href = address(MeasureQuestion(m.name), str(pair), day)
        searched = f"{m.name} {m.title} {m.unit} {m.method}".casefold()
        yield searched, Hit(m.name, m.title, f"{m.name}; {m.unit}", href)


@cache
def _goods() -> tuple[tuple[str, Hit], ...]:
    baskets = [basket(name) for name in BASKETS]
    entries = []
    for code, description in descriptions().items():
        lists = [b.title for b in baskets if b.holds(code)]
        text = "in: " + "; ".join(lists) if lists else "on none of the lists of goods"
        hit = Hit(code, description, text, address(GoodsQuestion(code)))
        entries.append((f"{code} {description}".casefold(), hit))
    return tuple(entries)


def _sources() -> Iterable[tuple[str, Hit]]:
    for s in sources().values():
        text = f"{s.name} {s.title} {s.producer} {s.citation}".casefold()
        yield text, Hit(s.name, s.title, f"{s.producer}; {s.licence}", s.url)
