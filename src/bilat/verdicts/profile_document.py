# SPDX-License-Identifier: Apache-2.0
"""What is public about two states as a document: a topic at a time, with charts and documents."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence

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
    blocks: list[Block] = [Section(t.title, tuple(_topic(t, found.dyad))) for t in told]
    if found.claims:
        heading = "Claims of the 2023 paper that apply to these two"
        blocks.append(Section(heading, (table(found.claims),)))
    ends = [topic.data_to for topic in found.topics if topic.data_to]
    return Document(
        kind="profile",
        title=f"What is public about {found.dyad.name}, as of {day(found.as_of.date)}",
        summary=_summary(told),
        blocks=tuple(blocks),
        data=found.to_json(),
        question=question,
        dyad=found.dyad,
        as_of=found.as_of,
        known_to=max(ends, default=None),
        sources=tuple(_sources(found)),
    )


def _summary(told: Sequence[Facet]) -> tuple[str, ...]:
    """The headlines of the three weightiest topics that are on record."""
    recorded = [topic for topic in told if not topic.absent]
    if not recorded:
        return ("We have no public data on these two states.",)
    return tuple(f"{topic.headline}." for topic in recorded[:3] if topic.headline)


def _sources(found: Profile) -> Iterator[SourceRef]:
    """Yield the sources that the topics of a profile name."""
    names = {name for topic in found.topics for name in topic.sources}
    for name, s in sources().items():
        if name in names:
            yield SourceRef(s.name, s.title, s.citation, s.licence, s.url, s.grade)


def _in(facet: Facet, period: str, value: float) -> Figure:
    """Return the value of a topic in a period, as it is printed."""
    unit = unit_of(facet)
    if words.is_year(period):
        unit = of_one_year(unit)
    amount = words.figure(value, unit)
    is_blank = any(at == period for _, at in facet.unrecorded)
    if is_blank and not value:
        amount = "none on record"
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
    points: list[Point] = []
    sums: defaultdict[str, float] = defaultdict(float)
    recent: dict[str, float] = {}
    for group, period, value in facet.points:
        is_blank = (group, period) in facet.unrecorded
        points.append(Point(period, value, group=group, unrecorded=is_blank))
        sums[group] += value or 0
        recent[group] = value or 0
    # a document supports a sentence beside the chart and no point of it
    registers = [name for name in facet.sources if name != "documents"] or facet.sources
    known = [sources()[name] for name in registers if name in sources()]
    makers = dict.fromkeys(short_producer(source.producer) for source in known)
    return Series(
        title,
        unit_of(facet),
        tuple(points),
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
    if unit in facet.title.lower():
        return f"{facet.title}, number"
    return f"{facet.title}, number of {unit}"


def _topic(facet: Facet, pair: Dyad) -> list[Block]:
    """What is known of a topic: what was found, its rank, a chart, and the documents."""
    blocks: list[Block] = [_finding(facet, pair)]
    blocks += [Say(text) for text in facet.more]
    if facet.rank and facet.of >= FEW:
        blocks.append(Say(words.capital(_rank(facet)), "note"))
    if len({period for _, period, _ in facet.points}) > 2:
        blocks.append(drawn(facet, pair))
    if facet.documents:
        columns = [Column(c) for c in ("date", "what it says", "publisher", "grade", "page")]
        fields = ("period", "what", "publisher", "grade", "url")
        rows = [tuple(document[name] for name in fields) for document in facet.documents]
        blocks.append(Table(tuple(columns), tuple(rows), "Documents", detail=True))
    return blocks


def _finding(facet: Facet, pair: Dyad) -> Finding:
    """What was found of a topic, with the last value and the one that it is compared with."""
    value: Figure | None = None
    before: Figure | None = None
    last = facet.last
    if last:
        value = _in(facet, last.period, last.value)
        before = _in(facet, last.before_period, last.before)
    return Finding(
        facet.sentence,
        "",
        None,
        facet.sure,
        value,
        before,
        last.direction if last else "",
        evidence_to=(facet.data_to,) if facet.data_to else (),
        subject=pair,
    )


def _rank(facet: Facet) -> str:
    """Return where a pair stands among others, in a sentence."""
    who = "The pair"
    if facet.ranked:
        who = spoken_name(facet.ranked)
    elif facet.name == "troops":
        who = "It"
    among = owner(facet.among) if facet.among else "the"
    place = facet.rank or 0
    rank = _RANKS.get(place) or words.ordinal(place)
    return f"{who} ranks {rank} among {among} {facet.of:,} {_RANKED[facet.name]}."
