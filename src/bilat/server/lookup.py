# SPDX-License-Identifier: Apache-2.0
"""One search over parties, states, claims, measures, codes of goods and sources: all words must be there."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypedDict
from urllib.parse import quote

from bilat.catalog import sources
from bilat.dyad import Dyad
from bilat.errors import UsageError
from bilat.goods.baskets import NAMES as BASKETS
from bilat.goods.baskets import basket
from bilat.goods.descriptions import descriptions
from bilat.lookup.questions import GoodsQuestion, PartyQuestion, StateQuestion
from bilat.measures import MeasureQuestion, measures
from bilat.parties.run.alerts import since
from bilat.places import country_name, country_or_none
from bilat.places.coalitions import coalitions, is_country
from bilat.server.desk import Desk
from bilat.server.verbs import VERBS, AskedQuestion, address, read
from bilat.server.work import Alert
from bilat.verdicts.ledger import ledger
from bilat.verdicts.names import Names

#: Hits of one kind that are shown; characters that a search may ask for.
MOST = 25
LONGEST = 200
#: Letters of a word that may be a code of a state, and hardly ever a name of one.
SHORTEST_STATE = 2
#: Values of a facet that are shown, the commonest first.
FACET_VALUES = 12
#: What parties may be narrowed by, each with how a row has it.
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
    """What a search found: the answer on the lists first, then hits by kind; ``facets``: value -> parties, by facet."""

    answer: str
    age: str
    groups: Mapping[str, HitGroup]
    facets: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class SearchWords:
    """What a search names: a state and a code of goods, blank where it names none, and the rest."""

    state: str
    code: str
    rest: str


class PartiesFound(TypedDict):
    """What a worker answers of a name: on the lists or not, how old these are, and the rows."""

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
    asked = read(VERBS["ask/profile"], [(k, given[k]) for k in ("pair", "as_of") if k in given])
    text = " ".join(given.get("q", "").split())[:LONGEST]
    words = text.casefold().split()
    if not words:
        raise UsageError("q is missing. Write what to look for")
    day = str(asked.as_of) if asked.dated else ""
    hidden = await asyncio.to_thread(lambda: desk.settings.handling.withheld)
    searched = named(text)
    found = await _parties(desk, reader, text, searched, str(asked.as_of))
    claims = [(said, hit) for said, hit in _claims(asked.pair, day) if hit.id not in hidden]
    groups = {
        "parties": _party_hits(found["rows"], given, day),
        "states": _state(searched.state, day),
        "claims": _chosen(words, claims),
        "measures": _chosen(words, _measures(asked.pair, day)),
        "goods": _chosen([searched.code] if searched.code else words, _goods()),
        "sources": _chosen(words, _sources()),
    }
    return asked, SearchResult(found["answer"], found["age"], groups, _facets(found["rows"]))


async def _parties(
    desk: Desk, reader: str, text: str, searched: SearchWords, as_of: str
) -> PartiesFound:
    """Screen the whole text, and if that finds nobody the words beside a state and a code.

    Nothing of it is kept: the text may be a client's name.
    """
    if not _has_letters(text):
        return {"answer": "", "age": "", "rows": []}
    found: PartiesFound = await desk.ask(reader, "parties", text=text, as_of=as_of)
    rest = searched.rest
    if found["rows"] or rest == text or not _has_letters(rest):
        return found
    found = await desk.ask(reader, "parties", text=rest, as_of=as_of)
    there = [row for row in found["rows"] if searched.state in row["countries"]]
    if searched.state and there:
        found["rows"] = there
    return found


def _has_letters(text: str) -> bool:
    return any(c.isalnum() for c in text)


def _party_hits(rows: Iterable[Alert], given: Mapping[str, str], day: str) -> HitGroup:
    """Return the parties that have every facet which was chosen."""
    chosen = {facet: given[facet] for facet in FACETS if given.get(facet)}
    kept = [
        row for row in rows if all(value in _facet(row, facet) for facet, value in chosen.items())
    ]
    return HitGroup(len(kept), tuple(_party(row, day) for row in kept[:MOST]))


def _facets(rows: Iterable[Alert]) -> dict[str, dict[str, int]]:
    """Return how many parties have each value of a facet, the commonest first."""
    listed = list(rows)
    found = {}
    for facet in FACETS:
        counts = Counter(value for row in listed for value in _facet(row, facet))
        found[facet] = dict(counts.most_common(FACET_VALUES))
    return found


def _facet(row: Alert, name: str) -> set[str]:
    """The values that a party has of a facet."""
    if name == "state":
        return {country_name(c) for c in row["countries"]}
    if name == "since":
        return {x["listed_on"][:4] for x in row["listings"] if x["listed_on"]}
    return {x[name] for x in row["listings"]}


def _party(row: Alert, day: str) -> Hit:
    also = "" if row["name_matched"] == row["name"] else f"also {row['name_matched']}; "
    effects = "; ".join(
        f"{e['effect']} since {since(e) or 'a date not stated'}, {e['list']}"
        for e in row["effects"][:3]
    )
    said = f"{row['agreement']} name; {also}{effects}"
    return Hit(row["party"], row["name"], said, address(PartyQuestion(row["party"]), as_of=day))


def _chosen(words: list[str], hits: Iterable[tuple[str, Hit]]) -> HitGroup:
    """The hits that hold every word; those whose id is or begins with the first, then those with it in the title."""
    found = [hit for searched, hit in hits if all(word in searched for word in words)]
    first = words[0]

    def order(hit: Hit) -> tuple[bool, bool, bool, str]:
        name = hit.id.casefold()
        begins = name.startswith(first)
        in_title = first in hit.title.casefold()
        return name != first, not begins, not in_title, hit.id

    return HitGroup(len(found), tuple(sorted(found, key=order)[:MOST]))


def named(text: str) -> SearchWords:
    """Return the state and the code of goods that a text names, and the words beside them."""
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
            if len(run) <= SHORTEST_STATE and not alone:
                continue  # a word of two letters is a code of a state only where it stands alone
            state = country_or_none(run)
            if state and is_country(state):
                return state, words[:first] + words[first + length :]
    return "", words


def _code_of(word: str) -> str:
    """Return the code of goods that a word is, of four or six digits; "" if it is none."""
    digits = word.replace(".", "")
    if not digits.isdigit() or len(digits) not in (4, 6):
        return ""
    return digits if any(code.startswith(digits) for code in descriptions()) else ""


def _state(code: str, day: str) -> HitGroup:
    """A state; it has a page of its own, but for Russia, whose ties the others' show."""
    if code in ("", "RUS"):
        return HitGroup(0, ())
    within = ", ".join(sorted(k for k, members in coalitions().items() if code in members))
    return HitGroup(
        1, (Hit(code, country_name(code), within, address(StateQuestion(code), as_of=day)),)
    )


def _claims(pair: Dyad, day: str) -> Iterable[tuple[str, Hit]]:
    names = Names(pair)
    at = f"?as_of={day}" if day else ""
    for c in ledger():
        said = names.said(c.claim)
        said = said[:1].upper() + said[1:]
        href = f"/{pair}/claims/{quote(c.id, safe='')}.html{at}"
        yield f"{c.id} {said} {c.section}".casefold(), Hit(c.id, said, c.section, href)


def _measures(pair: Dyad, day: str) -> Iterable[tuple[str, Hit]]:
    for m in measures().values():
        href = address(MeasureQuestion(m.name), str(pair), day)
        yield (
            f"{m.name} {m.title} {m.unit} {m.method}".casefold(),
            Hit(m.name, m.title, f"{m.name}; {m.unit}", href),
        )


@cache
def _goods() -> tuple[tuple[str, Hit], ...]:
    baskets = [basket(n) for n in BASKETS]
    made = []
    for code, said in descriptions().items():
        within = [b.title for b in baskets if b.holds(code)]
        line = "in: " + "; ".join(within) if within else "on none of the lists of goods"
        made.append(
            (f"{code} {said}".casefold(), Hit(code, said, line, address(GoodsQuestion(code))))
        )
    return tuple(made)


def _sources() -> Iterable[tuple[str, Hit]]:
    for s in sources().values():
        text = f"{s.name} {s.title} {s.producer} {s.citation}".casefold()
        yield text, Hit(s.name, s.title, f"{s.producer}; {s.licence}", s.url)
