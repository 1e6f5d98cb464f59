# SPDX-License-Identifier: Apache-2.0
"""A claim judged as of a date: what could be answered when it was written, what since, and what
carries it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, fields
from typing import Any, Literal, Protocol

from bilat.document.plain import plain
from bilat.dyad import Dyad
from bilat.files.json_types import JsonObject
from bilat.measures import Measurement
from bilat.measures.figures import named
from bilat.places import country_or_none, spoken_name
from bilat.verdicts.decision import DecidedTest
from bilat.verdicts.outcome import Last, Outcome, Speaks, reaches
from bilat.verdicts.searches import Search
from bilat.when import PAPER_DATE, AsOf

Word = Literal["yes", "in part", "no", "not known"]
Sure = Literal["firm", "fair", "thin"]

#: The answers, with the glyph that stands beside each word (colour alone never tells).
ANSWERS: dict[str, str] = {"yes": "●", "in part": "◐", "no": "○", "not known": "–"}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
#: Figures that end longer ago are told as history.
LIVING = dt.timedelta(days=548)
#: Answers that the evidence decides.
DECIDED = frozenset(["yes", "in part", "no"])


@dataclass(frozen=True)
class Rival:
    """A rival reading: what it says, how it was tested, what the test gave."""

    reading: str
    test: str
    result: str
    outcome: Literal["holds", "does not hold", "not known"] = "not known"
    asks: str = ""  #: what the test computes; blank where there is none
    holds_if: str = ""  #: the figure at which the explanation holds
    found: str = ""  #: what the test gave, or why nothing is known, without the outcome


class Opinion(Protocol):
    """What somebody else concludes on a claim; :class:`bilat.verdicts.dissents.Dissent` is one."""

    @property
    def verdict(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def who(self) -> str: ...
    @property
    def as_of(self) -> str: ...
    @property
    def marking(self) -> str: ...

    def to_json(self) -> JsonObject:
        """Plain data."""
        ...


class SignedEntry(Protocol):
    """A page that a person signed; :class:`bilat.verdicts.signed_pages.SignedPage` is one."""

    @property
    def side(self) -> str: ...
    @property
    def says(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def originator(self) -> str: ...
    @property
    def published(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def who(self) -> str: ...
    @property
    def when(self) -> str: ...
    @property
    def marking(self) -> str: ...

    def to_json(self) -> JsonObject:
        """Plain data."""
        ...


@dataclass(frozen=True)
class Signature:
    """A signed page next to an answer, and the answer that it would make if it counted."""

    entry: SignedEntry
    answer: Word

    def to_json(self) -> JsonObject:
        """Return plain data."""
        return {**self.entry.to_json(), "answer_if_counted": self.answer}


@dataclass(frozen=True)
class Evidence:
    """One piece of evidence: the reading of an indicator, or a document."""

    kind: Literal["indicator", "document"]
    id: str  #: the measure, or the document
    part: str  #: the part of the claim that it speaks of
    side: Speaks
    weight: float  #: 3 for an indicator or grade A, 2 for B, 1 for C, 0 where it decides nothing
    says: str  #: what it says, a clause
    why: str  #: why it speaks for or against
    publishers: tuple[str, ...]  #: where it was read
    originators: tuple[str, ...]  #: who says it first
    grade: str
    reaches: dt.date | None  #: the last day that it, or the record behind it, speaks of
    content_to: dt.date | None  #: the last day that the figures in its clause speak of
    known_on: dt.date | None
    chain: str = ""  #: the way from the originator to the page that was read
    limit: str = ""  #: the hedge or the exception that belongs to it
    public: str = ""  #: the day on which it became public, or the bounds of that day
    public_from: dt.date | None = None  #: the earliest day on which it can have become public
    later: bool = False  #: it speaks of an earlier time and became public later than the date asked
    leads: bool = False  #: whether a sentence may take its clause
    supposed: bool = False  #: a model that assumes what the claim says
    standing: bool = False  #: it holds until it is ended: a treaty, a border
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    period: str = ""
    last: Last | None = None
    url: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    outcome: Outcome | None = field(default=None, repr=False, compare=False)

    @property
    def has_fallen(self) -> bool:
        """Whether it is a level that speaks for the claim, though less so than that of its base."""
        o = self.outcome
        if o is None or o.base is None or self.side != "for":
            return False
        change = o.sides[-1].figure - o.base.figure
        return change < 0 if o.direction == "up" else change > 0

    def to_json(self) -> JsonObject:
        """Plain data, with where it comes from."""
        plain = {
            f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("outcome", "last")
        }
        last = self.last
        return plain | {
            "reaches": self.reaches.isoformat() if self.reaches else None,
            "content_to": self.content_to.isoformat() if self.content_to else None,
            "known_on": self.known_on.isoformat() if self.known_on else None,
            "public_from": self.public_from.isoformat() if self.public_from else None,
            "unit": str(self.unit),
            "last": last.to_json() if last else None,
            "figures": self._figures(),
            "lineage": self.outcome.measurement.sources
            if self.outcome and self.outcome.measurement
            else [{"publisher": p, "url": self.url} for p in self.publishers],
        }

    def _figures(self) -> list[JsonObject]:
        """The points that the reading rests on, by name."""
        o = self.outcome
        if o is None or o.measurement is None:
            return []
        return [plain(f) for f in named(o.measurement, o.used)]


def is_living(evidence: Evidence, day: dt.date) -> bool:
    """Return whether evidence speaks of the eighteen months before a day, or holds until ended."""
    return evidence.standing or evidence.content_to is None or evidence.content_to > day - LIVING


@dataclass(frozen=True)
class Carrier:
    """An originator without which the answer changes."""

    originator: str
    answer: Word  #: the answer without it


def _speaker(originator: str) -> str:
    """Return who speaks: states that speak are their governments."""
    codes = [country_or_none(state) for state in originator.split(" and ")]
    states = [spoken_name(code) for code in codes if code]
    if len(states) < len(codes):
        return originator
    governments = "the government" if len(states) == 1 else "the governments"
    return f"{governments} of {' and '.join(states)}"


@dataclass(frozen=True)
class Foundation:
    """What an answer rests on."""

    originators: tuple[str, ...] = ()  #: of the evidence that decides, sorted by name
    voices: int = 0  #: independent ones, in the part that has the fewest
    carriers: tuple[Carrier, ...] = ()  #: those without which the answer changes
    pieces: int = 0  #: pieces of evidence that decide
    misreadings: int = 0  #: pieces that change the answer if they were read on the wrong side
    turned_by: str = ""  #: weakest grade of one contrary finding that would change it
    turned_to: Word | None = None  #: the answer after it

    @property
    def sentence(self) -> str:
        """The foundation in one line; blank where nothing decides."""
        if not self.originators:
            return ""
        return f"{self._who()} {self._turn()}"

    def _who(self) -> str:
        count = len(self.originators)
        named = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
        if count == 1:
            return f"The answer is based on a single original source, {self.originators[0]}."
        rests = f"The answer is based on {named} original sources."
        if not self.carriers:
            return f"{rests} No single one of them is decisive."
        names = [_speaker(c.originator) for c in self.carriers]
        if len(names) == 1:
            return f"{rests} It would be different without the evidence from {names[0]}."
        which = "either" if len(names) == 2 else "any one"
        return f"{rests} It would change if we left out {which} of these: {'; '.join(names)}."

    def _turn(self) -> str:
        if not self.turned_by:
            return "No single contrary finding would change the answer."
        turned = f"\u201c{self.turned_to}\u201d"
        better = "" if self.turned_by == "A" else " or better"
        finding = f"One contrary finding graded {self.turned_by}{better}"
        return f"{finding} would change the answer to {turned}."

    def to_json(self) -> JsonObject:
        """Return plain data with the sentence."""
        return {
            "sentence": self.sentence,
            "originators": [*self.originators],
            "independent_voices": self.voices,
            "falls_without": [
                {"originator": c.originator, "answer": c.answer} for c in self.carriers
            ],
            "pieces": self.pieces,
            "misreadings_that_turn_it": self.misreadings,
            "turned_by_grade": self.turned_by or None,
            "turned_to": self.turned_to,
        }


@dataclass(frozen=True)
class Answered:
    """One of the two answers of a claim."""

    answer: Word
    sentence: str  #: the answer first, at most 50 words and five numbers
    clause: str  #: the sentence without the answer that it begins with, for where that stands above
    sure: Sure
    sure_why: str
    evidence: tuple[Evidence, ...] = ()  #: most telling first
    leads: tuple[Evidence, ...] = ()  #: those whose clauses the sentence prints
    day: dt.date | None = None  #: the day as of which it is answered
    foundation: Foundation = Foundation()  #: what it rests on
    records_end: int | None = None  #: the year in which old records end, as the sentence says

    @property
    def evidence_to(self) -> tuple[dt.date, ...]:
        """The days to which the evidence that leads speaks, the earliest first."""
        dated = [e for e in self.leads if e.content_to]
        # What holds until it is ended, a treaty or a border, is no older for the day it began.
        changing = [e for e in dated if not e.standing] or dated
        ends = {e.content_to for e in changing if e.content_to}
        return tuple(sorted({min(end, self.day) if self.day else end for end in ends}))

    @property
    def below(self) -> str:
        """What is said where the answer stands already: the clause, or of old records the sentence."""
        return self.clause if self.records_end is None else self.sentence

    @property
    def data_to(self) -> dt.date | None:
        """The earliest of the days to which the evidence that leads speaks."""
        return next(iter(self.evidence_to), None)

    @property
    def living_share(self) -> float:
        """The share of the weight that the sentence prints which is of the last eighteen months."""
        day = self.day
        total = sum(e.weight for e in self.leads)
        if day is None or not total:
            return 1.0
        return sum(e.weight for e in self.leads if is_living(e, day)) / total

    @property
    def old_leads(self) -> tuple[Evidence, ...]:
        """What the sentence prints that ended over eighteen months before the day."""
        day = self.day
        return tuple(e for e in self.leads if day and not is_living(e, day))

    @property
    def has_old_side(self) -> bool:
        """Whether one of the sides that the sentence prints has old evidence alone."""
        old = self.old_leads
        return any(all(e in old for e in self.leads if e.side == x.side) for x in old)

    def side(self, *sides: str) -> list[Evidence]:
        """Return the evidence on a side."""
        return [e for e in self.evidence if e.side in sides]

    def to_json(self) -> JsonObject:
        """Return plain data."""
        return {
            "answer": self.answer,
            "sentence": self.sentence,
            "sure": self.sure,
            "sure_why": self.sure_why,
            "living_share": self.living_share,
            "data_to": self.data_to.isoformat() if self.data_to else None,
            "evidence_to": [day.isoformat() for day in self.evidence_to],
            "leads": [e.id for e in self.leads],
            "rests_on": self.foundation.to_json(),
            "evidence": {
                "for": [e.to_json() for e in self.side("for", "in part")],
                "against": [e.to_json() for e in self.side("against", "in part")],
                "neither": [e.to_json() for e in self.side("neither")],
            },
        }


@dataclass(frozen=True)
class Leg:
    """The reading of one indicator as of the date asked, with its rule."""

    rule: str  #: printed from the fields of the test
    verdict: Speaks
    sentence: str
    value: float | None
    low: float | None
    high: float | None
    interval: str  #: name of the interval, or why there is none
    unit: str
    period: str
    data_to: dt.date | None
    #: windows, operands and thresholds, where it is measured
    decision: DecidedTest | None = field(default=None, repr=False, compare=False)
    asks: str = ""  #: what the test computes, with its periods
    bounds: str = ""  #: the figures at which it supports the claim, in part, or counts against it
    origin: str = ""  #: measure, group and parameters, as they would be typed
    measured: str = ""  #: the measure's title and name, as a page prints them

    @property
    def record_to(self) -> dt.date | None:
        """The last day that the record behind this reading reaches."""
        d = self.decision
        return reaches(d.measurement, self.data_to, fixed=d.fixed) if d else self.data_to

    def to_json(self) -> JsonObject:
        """Plain data, without what the decision rests on."""
        plain = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "decision"}
        return plain | {"data_to": self.data_to.isoformat() if self.data_to else None}


@dataclass(frozen=True)
class Judgement:
    """One claim as of one date."""

    id: str
    section: str  #: the paper's section, in words
    chapter: str  #: intro, factors, war, pacific, signal, regeneration, indopacific, forward
    footnote: str
    claim: str  #: paraphrase
    as_of: AsOf
    when_written: Answered  #: by the record public on 20 March 2023
    since: Answered  #: by what has been seen since
    rule: (
        str  #: what speaks for and against, in words, and what was set after its figures were seen
    )
    legs: list[Leg] = field(default_factory=list)
    rivals: list[Rival] = field(default_factory=list)
    needs: str = ""  #: what would tell, where it is not known
    limits: str = ""  #: what the evidence cannot show
    others: list[Measurement] = field(default_factory=list)  #: measurements that the rivals used
    dyad: Dyad | None = None  #: the pair in the parts that the claim gives them
    dissents: tuple[Opinion, ...] = ()  #: what others conclude: see :mod:`bilat.verdicts.dissents`
    signatures: tuple[Signature, ...] = ()  #: pages that people signed, next to the answer
    search: Search | None = None  #: what was looked for and read, of the paper's pair
    remarks: tuple[str, ...] = ()  #: why these tests, and what was set after the figures were seen

    @property
    def current(self) -> Answered:
        """The answer as of the date: since, or when written where the date is not later."""
        return self.since if self.as_of.date > PAPER_DATE else self.when_written

    @property
    def verdict(self) -> Word:
        """The current answer."""
        return self.current.answer

    @property
    def why(self) -> str:
        """The current sentence."""
        return self.current.sentence

    @property
    def confidence(self) -> Sure:
        """How sure the current answer is."""
        return self.current.sure

    @property
    def lead(self) -> Leg | None:
        """The first indicator that is measured."""
        return next((leg for leg in self.legs if leg.value is not None), None)

    @property
    def evidence(self) -> Measurement | None:
        """The measurement of the first indicator."""
        d = self.lead.decision if self.lead else None
        return d.measurement if d else None

    @property
    def measurements(self) -> list[Measurement]:
        """Those of the indicators, then those of the rivals, each once."""
        own = [leg.decision.measurement for leg in self.legs if leg.decision]
        return list({id(m): m for m in [*own, *self.others]}.values())

    @property
    def sources(self) -> list[str]:
        """Names in the catalog of what the answers rest on."""
        found = {s["name"] for m in self.measurements for s in m.sources}
        if any(e.kind == "document" for e in (*self.when_written.evidence, *self.since.evidence)):
            found.add("documents")
        return sorted(found)

    @property
    def record_to(self) -> dt.date | None:
        """The last day that the current answer's evidence speaks of."""
        return self.current.data_to

    @property
    def age(self) -> int | None:
        """Days between the last day of the evidence and the as-of date."""
        return (self.as_of.date - self.record_to).days if self.record_to else None

    @property
    def standing(self) -> list[Rival]:
        """The rival readings that hold."""
        return [r for r in self.rivals if r.outcome == "holds"]

    def __repr__(self) -> str:
        return f"<{self.id} as of {self.as_of}: {self.why}>"

    def to_json(self) -> JsonObject:
        """Plain data, a row a claim."""
        return {
            "id": self.id,
            "section": self.section,
            "chapter": self.chapter,
            "footnote": self.footnote,
            "claim": self.claim,
            "as_of": str(self.as_of),
            "when_written": self.when_written.to_json(),
            "since": self.since.to_json(),
            "how": {
                "rule": self.rule,
                "readings": [leg.to_json() for leg in self.legs],
                "rivals": [{f.name: getattr(r, f.name) for f in fields(r)} for r in self.rivals],
                "needs": self.needs,
                "limits": self.limits,
            },
            "sources": self.sources,
            **({"search": self.search.to_json()} if self.search else {}),
            **({"dissents": [d.to_json() for d in self.dissents]} if self.dissents else {}),
            **({"signed_pages": [s.to_json() for s in self.signatures]} if self.signatures else {}),
        }
