# SPDX-License-Identifier: Apache-2.0
"""A claim judged as of a date: what could be answered when it was written, what since, and what carries it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, fields
from typing import Any, Literal, Protocol

from bilat.dyad import Dyad
from bilat.files.json_types import JsonObject
from bilat.measures import Measurement
from bilat.verdicts.decision import DecidedTest
from bilat.verdicts.outcome import Last, Outcome, Speaks, reaches
from bilat.when import PAPER_DATE, AsOf

Word = Literal["yes", "in part", "no", "not known"]
Sure = Literal["firm", "fair", "thin"]

#: The answers, with the glyph that stands beside each word (colour alone never tells).
ANSWERS: dict[str, str] = {"yes": "●", "in part": "◐", "no": "○", "not known": "–"}
#: Answers that the evidence decides.
DECIDED = frozenset(["yes", "in part", "no"])


@dataclass(frozen=True)
class Rival:
    """A rival reading: what it says, how it was tested, what the test gave."""

    reading: str
    test: str
    result: str
    outcome: Literal["holds", "does not hold", "not known"] = "not known"


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


@dataclass(frozen=True)
class Evidence:
    """One piece of evidence: the reading of an indicator, or a document."""

    kind: Literal["indicator", "document"]
    id: str  #: the measure, or the document
    part: str  #: the part of the claim that it speaks of
    side: Speaks
    weight: float  #: 3 for an indicator or a publisher of grade A, 2 for B, 1 for C, 0 where it decides nothing
    says: str  #: what it says, a clause
    why: str  #: why it speaks for or against
    publishers: tuple[str, ...]
    grade: str
    reaches: dt.date | None  #: the last day that it speaks of
    known_on: dt.date | None
    later: bool = False  #: it speaks of an earlier time and became public later than the date asked
    leads: bool = False  #: whether a sentence may take its clause
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

    def to_json(self) -> JsonObject:
        """Plain data, with where it comes from."""
        plain = {
            f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("outcome", "last")
        }
        last = self.last
        return plain | {
            "reaches": self.reaches.isoformat() if self.reaches else None,
            "known_on": self.known_on.isoformat() if self.known_on else None,
            "unit": str(self.unit),
            "last": {
                "period": last.period,
                "value": last.value,
                "before_period": last.before_period,
                "before": last.before,
                "direction": last.direction,
            }
            if last
            else None,
            "lineage": self.outcome.measurement.sources
            if self.outcome and self.outcome.measurement
            else [{"publisher": p, "url": self.url} for p in self.publishers],
        }


@dataclass(frozen=True)
class Answered:
    """One of the two answers of a claim."""

    answer: Word
    sentence: str  #: the answer first, at most 36 words and three numbers
    sure: Sure
    sure_why: str
    evidence: tuple[Evidence, ...] = ()  #: most telling first
    data_to: dt.date | None = None  #: the last day that the deciding evidence speaks of

    def side(self, *sides: str) -> list[Evidence]:
        """The evidence on a side."""
        return [e for e in self.evidence if e.side in sides]

    def to_json(self) -> JsonObject:
        """Plain data."""
        return {
            "answer": self.answer,
            "sentence": self.sentence,
            "sure": self.sure,
            "sure_why": self.sure_why,
            "data_to": self.data_to.isoformat() if self.data_to else None,
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
            **({"dissents": [d.to_json() for d in self.dissents]} if self.dissents else {}),
        }
