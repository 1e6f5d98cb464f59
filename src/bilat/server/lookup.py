# SPDX-License-Identifier: Apache-2.0
"""One search over parties, claims, measures, codes of goods and sources: all words must be there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from bilat.catalog import sources
from bilat.dyad import Dyad
from bilat.goods.baskets import NAMES as BASKETS
from bilat.goods.baskets import basket
from bilat.goods.descriptions import descriptions
from bilat.measures import measures
from bilat.server.desk import Desk
from bilat.server.team import withheld
from bilat.verdicts.ledger import ledger
from bilat.verdicts.names import Names
from bilat.when import AsOf

#: Hits of one kind that are shown.
MOST = 25
#: What a search may ask for.
LONGEST = 200


@dataclass(frozen=True)
class Hit:
    """One thing found: what it is called, a line on it, and where it is."""

    id: str
    title: str
    text: str
    href: str

    def plain(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Group:
    """The hits of one kind, the nearest first."""

    total: int
    hits: list[Hit]


async def everything(desk: Desk, reader: str, text: str, pair: Dyad, as_of: AsOf) -> dict[str, Group]:
    """What holds the words, by kind, in the order of the page."""
    text = " ".join(text.split())[:LONGEST]
    words = text.casefold().split()
    at = f"?{urlencode({'as_of': str(as_of)})}"
    hidden = await asyncio.to_thread(withheld, desk.settings)
    found = {
        "parties": await _parties(desk, reader, text, as_of, at) if words else Group(0, []),
        "claims": _chosen(words, [(s, h) for s, h in _claims(pair, at) if h.id not in hidden]),
        "measures": _chosen(words, _measures(pair, as_of)),
        "goods": _chosen(words, _goods()),
        "sources": _chosen(words, _sources()),
    }
    return found


async def _parties(desk: Desk, reader: str, text: str, as_of: AsOf, at: str) -> Group:
    if not any(c.isalnum() for c in text):
        return Group(0, [])
    found = await desk.ask(
        reader, "parties", text=text, as_of=str(as_of)
    )  # never kept: it may be a client's name
    hits = []
    for p in found:
        chance = "" if p["probability"] is None else f"{p['probability']:.0%} that it is this party; "
        also = "" if p["name_matched"] == p["name"] else f"also {p['name_matched']}; "
        said = f"{p['band']}: {chance if p['band'] != 'unlikely' else ''}{also}{p['effect']}; {p['list']}"
        hits.append(Hit(p["party"], p["name"], said, f"/parties/{quote(p['party'], safe='')}{at}"))
    return Group(len(hits), hits)


def _chosen(words: list[str], hits: Iterable[tuple[str, Hit]]) -> Group:
    """The hits that hold every word; those whose id is or begins with the first, then those with it in the title."""
    if not words:
        return Group(0, [])
    found = [h for searched, h in hits if all(w in searched for w in words)]
    first = words[0]

    def order(h: Hit) -> tuple[bool, bool, bool, str]:
        return (
            h.id.casefold() != first,
            not h.id.casefold().startswith(first),
            first not in h.title.casefold(),
            h.id,
        )

    return Group(len(found), sorted(found, key=order)[:MOST])


def _claims(pair: Dyad, at: str) -> Iterable[tuple[str, Hit]]:
    names = Names(pair)
    for c in ledger():
        said = names.said(c.claim)
        said = said[:1].upper() + said[1:]
        yield (
            f"{c.id} {said} {c.section}".casefold(),
            Hit(c.id, said, c.section, f"/{pair}/claims/{quote(c.id, safe='')}.html{at}"),
        )


async def told_claims(desk: Desk, pair: Dyad) -> list[tuple[str, str]]:
    """(id, what it says of a pair) of every claim that is not withheld, in the order of the ledger."""
    hidden = await asyncio.to_thread(withheld, desk.settings)
    return [(h.id, h.title) for _, h in _claims(pair, "") if h.id not in hidden]


def _measures(pair: Dyad, as_of: AsOf) -> Iterable[tuple[str, Hit]]:
    at = urlencode({"pair": str(pair), "as_of": str(as_of)})
    for m in measures().values():
        text = f"{m.name} {m.title} {m.unit} {m.method}".casefold()
        yield text, Hit(m.name, m.title, f"{m.name}; {m.unit}", f"/measures/{quote(m.name, safe='')}?{at}")


@cache
def _goods() -> tuple[tuple[str, Hit], ...]:
    baskets = [basket(n) for n in BASKETS]
    made = []
    for code, said in descriptions().items():
        within = [b.title for b in baskets if b.holds(code)]
        told = "in: " + "; ".join(within) if within else "in none of the baskets"
        made.append((f"{code} {said}".casefold(), Hit(code, said, told, "")))
    return tuple(made)


def _sources() -> Iterable[tuple[str, Hit]]:
    for s in sources().values():
        yield (
            f"{s.name} {s.title} {s.producer} {s.citation}".casefold(),
            Hit(s.name, s.title, f"{s.producer}; {s.licence}", s.url),
        )
