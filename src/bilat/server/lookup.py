# SPDX-License-Identifier: Apache-2.0
"""The search of the pages and of the HTTP interface: what a worker finds, with addresses."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from bilat.dyad import Dyad
from bilat.errors import UsageError
from bilat.lookup import hits, search
from bilat.measures import MeasureQuestion
from bilat.server.desk import Desk
from bilat.server.verbs import VERBS, AskedQuestion, address, read
from bilat.verdicts.questions import ClaimsQuestion

#: The most hits of one kind that are shown.
MOST = 25
#: The most values of a facet that are shown, the most frequent first.
FACET_VALUES = 12
#: The fields by which parties can be filtered.
FACETS = ("list", "state", "since", "effect")


@dataclass(frozen=True)
class ShownHit:
    """One thing found: what it is called, a line on it, and where it is."""

    id: str
    title: str
    text: str
    href: str


@dataclass(frozen=True)
class ShownGroup:
    """The hits of one kind, the nearest first."""

    total: int
    hits: tuple[ShownHit, ...]


@dataclass(frozen=True)
class SearchResult:
    """The result of a search."""

    words: str  #: the words that the hits have; fewer than were asked where nothing has all
    may_be_name: bool  #: whether the words may be screened as a name
    answer: str  #: whether a party of this name is on the lists
    age: str  #: how old the lists are
    groups: Mapping[str, ShownGroup]  #: by kind
    facets: Mapping[str, Mapping[str, int]]  #: the number of parties by facet and value


async def everything(
    desk: Desk, reader: str, given: Mapping[str, str]
) -> tuple[AskedQuestion, SearchResult]:
    """Find what has all words of ``q``, by kind, in the order of the page.

    The words are not stored anywhere: they may be a client's name.

    Parameters
    ----------
    desk
        whose workers search.
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
    text = given.get("q", "")
    if not text.strip():
        raise UsageError("q is missing. Write what to look for")
    # The markings are read from a file.
    withheld = await asyncio.to_thread(lambda: desk.settings.handling.withheld)
    found: search.RecordsFound = await desk.ask(
        reader,
        "search_everything",
        text=text,
        pair=str(asked.pair),
        as_of=str(asked.as_of),
        withheld=withheld,
    )
    day = str(asked.as_of) if asked.has_date else ""
    parties = found.hits["parties"]
    chosen = {**found.hits, "parties": _narrowed(parties, given)}
    groups = {kind: _group(kind_hits, asked.pair, day) for kind, kind_hits in chosen.items()}
    named = hits.split_words(text)
    may_be_name = bool(named.rest or not named.code)
    said = (found.answer, found.age)
    return asked, SearchResult(found.words, may_be_name, *said, groups, _facets(parties))


def _narrowed(parties: Iterable[hits.Hit], given: Mapping[str, str]) -> tuple[hits.Hit, ...]:
    """Return the parties that have the chosen value of each facet."""
    chosen = {facet: given[facet] for facet in FACETS if given.get(facet)}
    return tuple(
        party
        for party in parties
        if all(value in party.facets[facet] for facet, value in chosen.items())
    )


def _facets(parties: Iterable[hits.Hit]) -> dict[str, dict[str, int]]:
    """Return the number of parties by facet and value, the most frequent values first."""
    listed = list(parties)
    found = {}
    for facet in FACETS:
        counts = Counter(value for party in listed for value in party.facets[facet])
        found[facet] = dict(counts.most_common(FACET_VALUES))
    return found


def _group(found: tuple[hits.Hit, ...], pair: Dyad, day: str) -> ShownGroup:
    shown = tuple(
        ShownHit(hit.id, hit.title, hit.text, _address(hit, pair, day)) for hit in found[:MOST]
    )
    return ShownGroup(len(found), shown)


def _address(hit: hits.Hit, pair: Dyad, day: str) -> str:
    """Return where a hit is shown: a claim on its page of the site, a record on its own page."""
    if hit.ask is None:
        return hit.url
    if isinstance(hit.ask, ClaimsQuestion):
        query = f"?as_of={day}" if day else ""
        return f"/{pair}/claims/{quote(hit.id, safe='')}.html{query}"
    if isinstance(hit.ask, MeasureQuestion):
        return address(hit.ask, str(pair), day)
    return address(hit.ask, as_of=day)
