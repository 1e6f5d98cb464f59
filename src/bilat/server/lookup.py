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


class PartiesFound(TypedDict):
    """What a worker answers of a name: on the lists or not, how old these are, and the rows."""

    answer: str
    age: str
    rows: list[Alert]


async def everything(
    desk: Desk, reader: str, given: Mapping[str, str]
) -> tuple[AskedQuestion, SearchResult]:
    """What holds the words ``q``, by kind, in the order of the page; the other fields are pair, date and facets."""
    asked = read(VERBS["ask/profile"], [(k, given[k]) for k in ("pair", "as_of") if k in given])
    text = given.get("q", "")
    chosen = {k: given.get(k, "") for k in FACETS}
    text = " ".join(text.split())[:LONGEST]
    words = text.casefold().split()
    if not words:
        raise UsageError("q is missing. Write what to look for")
    day = str(asked.as_of) if asked.dated else ""
    hidden = await asyncio.to_thread(lambda: desk.settings.handling.withheld)
    state, code, who = named(text)
    found: PartiesFound = {"answer": "", "age": "", "rows": []}
    if any(c.isalnum() for c in text):  # never kept: it may be a client's name
        found = await desk.ask(reader, "parties", text=text, as_of=str(asked.as_of))
    if who != text and any(c.isalnum() for c in who) and not found["rows"]:
        found = await desk.ask(reader, "parties", text=who, as_of=str(asked.as_of))
        found["rows"] = [r for r in found["rows"] if not state or state in r["countries"]] or found[
            "rows"
        ]
    rows = [r for r in found["rows"] if all(v in _facet(r, k) for k, v in chosen.items() if v)]
    hits = tuple(_party(r, day) for r in rows)
    groups = {
        "parties": HitGroup(len(hits), hits[:MOST]),
        "states": _state(state, day),
        "claims": _chosen(
            words, [(s, h) for s, h in _claims(asked.pair, day) if h.id not in hidden]
        ),
        "measures": _chosen(words, _measures(asked.pair, day)),
        "goods": _chosen([code] if code else words, _goods()),
        "sources": _chosen(words, _sources()),
    }
    facets = {
        k: dict(Counter(v for r in found["rows"] for v in _facet(r, k)).most_common(12))
        for k in FACETS
    }
    return asked, SearchResult(found["answer"], found["age"], groups, facets)


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
    found = [h for searched, h in hits if all(w in searched for w in words)]
    first = words[0]

    def order(h: Hit) -> tuple[bool, bool, bool, str]:
        id = h.id.casefold()
        return id != first, not id.startswith(first), first not in h.title.casefold(), h.id

    return HitGroup(len(found), tuple(sorted(found, key=order)[:MOST]))


def named(text: str) -> tuple[str, str, str]:
    """The state and the code of goods that words name, blank where they name none, and the words beside them."""
    words = text.split()
    state = ""
    runs = [(n, m) for n in range(len(words)) for m in range(len(words), n, -1)]
    for n, m in sorted(runs, key=lambda r: r[0] - r[1]):  # the longest name first
        run = " ".join(words[n:m])
        found = country_or_none(run) if len(run) > 2 or len(words) == 1 else None
        if found and is_country(found):
            state = found
            words = words[:n] + words[m:]
            break
    for n, word in enumerate(words):
        digits = word.replace(".", "")
        if (
            digits.isdigit()
            and len(digits) in (4, 6)
            and any(c.startswith(digits) for c in descriptions())
        ):
            return state, digits, " ".join(words[:n] + words[n + 1 :])
    return state, "", " ".join(words)


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
