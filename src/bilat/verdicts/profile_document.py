# SPDX-License-Identifier: Apache-2.0
"""What is public about two states as a document: a topic at a time, with charts and documents."""

from __future__ import annotations

import datetime as dt

from bilat.catalog import short_producer, sources
from bilat.document import (
    Block,
    Column,
    Document,
    Figure,
    Finding,
    Point,
    Question,
    Say,
    Section,
    Series,
    Table,
)
from bilat.document import wording as words
from bilat.document.blocks import SourceRef
from bilat.document.wording import day
from bilat.dyad import Dyad
from bilat.places import spoken_name
from bilat.units import Unit, of_one_year
from bilat.verdicts.document import table
from bilat.verdicts.profile import Profile, findings
from bilat.verdicts.topics import Facet, owner


def of_profile(found: Profile, question: Question) -> Document:
    """Two states, a topic at a time, the weightiest first; each finding stands once."""
    told = findings(found)
    recorded = [t for t in told if not t.absent]
    blocks: list[Block] = [Section(t.title, tuple(_topic(t, found.dyad))) for t in told]
    if found.claims:
        blocks.append(
            Section("Claims of the 2023 paper that apply to these two", (table(found.claims),))
        )
    names = {n for t in found.topics for n in t.sources}
    return Document(
        kind="profile",
        title=f"What is public about {found.dyad.name}, as of {day(found.as_of.date)}",
        summary=tuple(f"{t.headline}." for t in recorded[:3] if t.headline)
        if recorded
        else ("We have no public data on these two states.",),
        blocks=tuple(blocks),
        data=found.to_json(),
        question=question,
        dyad=found.dyad,
        as_of=found.as_of,
        known_to=max((t.data_to for t in found.topics if t.data_to), default=None),
        sources=tuple(
            SourceRef(s.name, s.title, s.citation, s.licence, s.url, s.grade)
            for n, s in sources().items()
            if n in names
        ),
    )


def _in(facet: Facet, period: str, value: float) -> Figure:
    """Return the value of a topic in a period, as it is printed."""
    blank = any(at == period for _, at in facet.unrecorded) and not value
    unit = of_one_year(unit_of(facet)) if words.is_year(period) else unit_of(facet)
    amount = "none on record" if blank else words.figure(value, unit)
    return Figure(value, facet.unit, text=f"{amount} in {period}")


#: Ranks in words.
_RANKS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}
#: Of fewer than so many, a rank says nothing.
FEW = 10
#: Among whom two states stand, and by what.
_RANKED = {
    "arms": "pairs by arms delivered one way",
    "votes": "pairs by agreement in votes",
    "trade": "trading partners",
    "troops": "states by number of American troops",
    "energy": "sources of crude",
}


def unit_of(facet: Facet) -> str:
    """The unit of a topic's points; ``%`` of something is a percentage by that name."""
    return Unit("percent", f"percent{facet.unit[1:]}") if facet.unit.startswith("%") else facet.unit


#: States at war in Ukraine.
_OF_THE_WAR = frozenset({"RUS", "UKR"})


def drawn(
    facet: Facet, pair: Dyad, title: str = "", marks: tuple[tuple[dt.date, str], ...] = ()
) -> Series:
    """Return the points of a topic as a chart: the group that is largest today first."""
    points = tuple(
        Point(period, value, group=group, unrecorded=(group, period) in facet.unrecorded)
        for group, period, value in facet.points
    )
    sums = {g: sum(p.value or 0 for p in points if p.group == g) for g in {p.group for p in points}}
    recent = {g: next(p.value or 0 for p in reversed(points) if p.group == g) for g in sums}
    # a document supports a sentence beside the chart and no point of it
    registers = [name for name in facet.sources if name != "documents"] or facet.sources
    known = [sources()[name] for name in registers if name in sources()]
    makers = dict.fromkeys(short_producer(source.producer) for source in known)
    return Series(
        title,
        unit_of(facet),
        points,
        subtitle=_subtitle(facet),
        source="; ".join(makers),
        marks=marks,
        focus=tuple(sorted(sums, key=lambda g: (-recent[g], -sums[g], g))),
        invasion=bool(_OF_THE_WAR & set(pair.states)),
    )


def _subtitle(facet: Facet) -> str:
    """Return what a chart counts: its topic and unit, or the unit alone where it names the topic."""
    if facet.unit.startswith(facet.title.lower()):
        return words.capital(facet.unit)
    unit = words.unit_name(facet.unit)
    if words.unit_kind(facet.unit) != "count":
        return f"{facet.title}: {unit}"
    return (
        f"{facet.title}, number"
        if unit in facet.title.lower()
        else f"{facet.title}, number of {unit}"
    )


def _topic(facet: Facet, pair: Dyad) -> list[Block]:
    last = facet.last
    blocks: list[Block] = [
        Finding(
            facet.sentence,
            "",
            None,
            facet.sure,
            _in(facet, last.period, last.value) if last else None,
            _in(facet, last.before_period, last.before) if last else None,
            last.direction if last else "",
            evidence_to=(facet.data_to,) if facet.data_to else (),
            subject=pair,
        )
    ]
    blocks += [Say(text) for text in facet.more]
    if facet.rank and facet.of >= FEW:
        who = (
            spoken_name(facet.ranked)
            if facet.ranked
            else {"troops": "It"}.get(facet.name, "The pair")
        )
        among = owner(facet.among) if facet.among else "the"
        rank = _RANKS.get(facet.rank) or words.ordinal(facet.rank)
        place = f"{who} ranks {rank} among {among} {facet.of:,} {_RANKED[facet.name]}."
        blocks.append(Say(words.capital(place), "note"))
    if len({p for _, p, _ in facet.points}) > 2:
        blocks.append(drawn(facet, pair))
    if facet.documents:
        columns = tuple(Column(c) for c in ("date", "what it says", "publisher", "grade", "page"))
        rows = tuple(
            (d["period"], d["what"], d["publisher"], d["grade"], d["url"]) for d in facet.documents
        )
        blocks.append(Table(columns, rows, "Documents", detail=True))
    return blocks
