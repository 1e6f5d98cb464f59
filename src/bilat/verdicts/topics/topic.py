# SPDX-License-Identifier: Apache-2.0
"""What a topic of a profile is, and what its maker is given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bilat.catalog import sources as catalog
from bilat.document.plain import plain
from bilat.document.wording import possessive
from bilat.dyad import Dyad
from bilat.files.json_types import JsonObject
from bilat.holdings import Holdings
from bilat.measures.figures import NamedFigure
from bilat.places import spoken_name
from bilat.verdicts.evidence import Paper
from bilat.verdicts.judgement import Sure
from bilat.verdicts.outcome import Last
from bilat.when import AsOf, Period

#: Topic of a document -> topic of the profile under which it is told; "documents" for any other.
_TOLD_UNDER = {
    "arms": "arms", "technology": "technology", "space": "technology",
    "trade": "trade", "finance": "trade", "economy": "trade", "energy": "energy",
    "exercises": "exercises", "troops": "troops", "basing": "troops", "treaties": "treaties",
    "votes": "votes", "meetings": "meetings", "listings": "listings", "disputes": "disputes",
    "together": "together", "broken relations": "relations", "resumed relations": "relations",
    "peace": "peace",
}  # fmt: skip
TITLES = {
    "arms": "Arms", "technology": "Technology and priority goods", "trade": "Trade and dependence",
    "energy": "Energy", "exercises": "Exercises", "troops": "Troops", "treaties": "Treaties", "votes": "Votes",
    "war": "Votes on the war in Ukraine", "meetings": "Meetings", "agreements": "Defence agreements",
    "disputes": "Disputes", "together": "Force used together", "listings": "Listings",
    "relations": "Diplomatic relations", "peace": "Peace", "documents": "Other documents",
}  # fmt: skip

#: Days after which force between the two is history.
FORCE_WITHIN = 5 * 366
#: The type of force of which nothing was used: the others are uses of it.
THREAT = "threat"
#: The type of force that two use side by side, against a third or an armed group.
TOGETHER = "together"

#: Most words of a sentence that may stand as a headline.
LONGEST_HEADLINE = 25


class FromTo(NamedTuple):
    """From which state something goes to which."""

    giver: str
    taker: str


@dataclass(frozen=True)
class Remark:
    """A sentence beside the finding of a topic, with the parts that set it apart from the finding.

    A reader finds it under the heading of the finding. What differs is therefore said before it:
    the direction, the record that it comes from, or that it is another count of the same thing.
    """

    text: str
    flow: FromTo | None = None  #: who gives to whom, where that is on record
    record: str = ""  #: the record that gives it, in words; blank for that of the finding
    document: bool = False  #: a document gives it, and no record
    value: float | None = None  #: the figure of a document
    unit: str = ""

    def under(self, finding: Facet) -> str:
        """Return the sentence as it is printed under the heading of a finding."""
        if self.flow and finding.flow and self.flow != finding.flow:
            return f"{REVERSED}{self.text}"
        if self.document:
            return f"{COUNTED_OTHERWISE if self._recounts(finding) else DOCUMENTED}{self.text}"
        if self.record:
            return f"According to {self.record}: {self.text}"
        return self.text

    def _recounts(self, finding: Facet) -> bool:
        """Return whether it counts what the finding counts, in the same unit."""
        last = finding.last
        counted = self.unit.partition(",")[0]
        if self.value is None or last is None or counted not in finding.counted_as:
            return False
        return f"{self.value:.2g}" != f"{last.value:.2g}"


#: What is said before a remark on the other direction, of a document, and of another count.
REVERSED = "In the other direction: "
DOCUMENTED = "Also on record: "
COUNTED_OTHERWISE = "By another count: "


@dataclass(frozen=True)
class Facet:
    """One topic of a profile."""

    name: str
    sentence: str  #: the finding, at most 50 words
    unit: str = ""
    last: Last | None = None  #: the last whole period with the one before: value, direction
    rank: int | None = None  #: where the pair stands among the pairs of the record, 1 the highest
    of: int = 0  #: how many pairs those are; of a treaty, how many states are bound by it
    ranked: str = ""  #: the state that has the rank, where it is not the pair's
    among: str = ""  #: the state whose partners are ranked
    data_to: dt.date | None = None
    sure: Sure = "fair"
    sources: tuple[str, ...] = ()  #: names in the catalog
    points: tuple[tuple[str, str, float], ...] = ()  #: (group, period, value) of the chart
    remarks: tuple[Remark, ...] = ()  #: the other direction, parts, documents
    flow: FromTo | None = None  #: who gives to whom, where the finding has a direction
    #: (group, period) of points that are zero because the record shows nothing
    unrecorded: frozenset[tuple[str, str]] = frozenset()
    counted_as: tuple[str, ...] = ()  #: units by which documents count the same thing
    documents: tuple[Paper, ...] = ()  #: the newest, each with page, publisher, grade and dates
    heading: str = ""  #: the finding in a few words, where the sentence is long
    absent: bool = False  #: the finding is that nothing is on record
    by_document: bool = False  #: a document gives the finding, and no record
    deed: bool = False  #: somebody did it, and did not only say or estimate it
    share: float | None = None  #: of what one of the two gets of all states, 0 to 1
    figures: tuple[NamedFigure, ...] = ()  #: those of a measure that it tells, by name
    force: str = ""  #: of a use of force that a document tells of: its type
    fought: dt.date | None = None  #: the last day of a war, an attack or a deadly clash
    settled: bool = False  #: of force: the two have ended the conflict by an agreement since
    usual: float | None = None  #: share of all pairs that stand as far out, 0 to 1
    least: float = 0.0  #: the weight of the record's finding that a document of the topic leads
    #: of a treaty, ``defence``, ``defence among foes`` or another; of a list, ``aimed`` at the
    #: other state, or ``aimed at another``; of relations that are broken off, ``broken relations``
    duty: str = ""

    @property
    def title(self) -> str:
        """The heading of the facet."""
        return TITLES[self.name]

    @property
    def more(self) -> tuple[str, ...]:
        """The remarks as they are printed under the heading."""
        return tuple(remark.under(self) for remark in self.remarks)

    @property
    def headline(self) -> str:
        """The finding in a few words; blank where its sentence is too long for a heading."""
        if self.heading:
            return self.heading
        short = len(self.sentence.split()) <= LONGEST_HEADLINE
        return self.sentence.rstrip(".") if short else ""

    def to_json(self) -> JsonObject:
        """Plain data."""
        return {
            "topic": self.name,
            "title": self.title,
            "heading": self.heading,
            "sentence": self.sentence,
            "more": list(self.more),
            "flow": list(self.flow) if self.flow else None,
            "remarks": [plain(remark) for remark in self.remarks],
            "figures": [plain(f) for f in self.figures],
            "unit": self.unit,
            "force": self.force,
            "last": self.last.to_json() if self.last else None,
            "rank": self.rank,
            "of": self.of,
            "data_to": self.data_to.isoformat() if self.data_to else None,
            "sure": self.sure,
            "sources": [
                {
                    "name": n,
                    "citation": catalog()[n].citation,
                    "url": catalog()[n].url,
                    "grade": catalog()[n].grade,
                }
                for n in self.sources
            ],
            "points": [{"group": g, "period": p, "value": v} for g, p, v in self.points],
            "documents": [dict(d) for d in self.documents],
        }


#: Who speaks of others: a statement of theirs on two other states is none of the pair that it names first.
SPEAKERS = frozenset(["USA", "UKR", "EUN", "GBR", "DEU", "NATO", "KOR", "JPN", "FIN", "DNK", "LTU"])


def of_others(actors: str) -> bool:
    """Whether a document is of more states than a pair, or somebody's word on two others."""
    names = actors.split(";")
    return len(names) > 3 or (len(names) > 2 and names[0] in SPEAKERS)


def _topic_of(paper: Paper) -> str:
    """Return the topic of a document; force of two side by side is no dispute of theirs."""
    return TOGETHER if paper.get("force") == TOGETHER else str(paper["topic"])


@dataclass(frozen=True)
class Between:
    """Two states as of a date, and the records."""

    dyad: Dyad
    as_of: AsOf
    holdings: Holdings
    public: dict[str, Paper] = field(default_factory=dict)

    @property
    def a(self) -> str:
        """The code of the first state."""
        return self.dyad.a

    @property
    def b(self) -> str:
        """The code of the second state."""
        return self.dyad.b

    def rows(self, sql: str, *values: Any, needs: Sequence[str]) -> list[tuple[Any, ...]]:
        """Rows of a query on the as-of views."""
        self.holdings.need(needs)
        cursor = self.holdings.connect(self.as_of, sql).connection.cursor()
        try:
            return cursor.execute(sql, list(values)).fetchall()
        finally:
            cursor.close()

    def papers(self, topic: str) -> list[Paper]:
        """The documents of a topic that name both states and no others before them, newest first."""
        mine = [
            d
            for d in self.public.values()
            if {self.a, self.b} == {*d["actors"].split(";")[:2]}
            and (d.get("force") or not of_others(d["actors"]))
            and d["grade"][0] in "ABC"
            and Period(d["period"]).start <= self.as_of.date
            and _TOLD_UNDER.get(_topic_of(d), "documents") == topic
        ]
        return sorted(
            mine,
            key=lambda d: (Period(d["period"]).end, d["known_on"], d["document"]),
            reverse=True,
        )


def last_of(points: Sequence[tuple[str, float]]) -> Last | None:
    """The last period beside the one before it."""
    if len(points) < 2:
        return None
    (before, x), (last, y) = points[-2:]
    return Last(last, value=y, before_period=before, before=x)


def year_end(year: str, as_of: AsOf) -> dt.date:
    """The last day of a year, or the as-of date where that is earlier."""
    return min(dt.date(int(year), 12, 31), as_of.date)


def owner(state: str) -> str:
    """``Russia's``, ``the United States'``."""
    return possessive(spoken_name(state))
