# SPDX-License-Identifier: Apache-2.0
"""A claim judged as of a date: verdict, number, estimative word, confidence, rivals."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, fields
from typing import Any, Literal, Protocol

from bilat.dyad import Dyad
from bilat.measures import Measurement
from bilat.verdicts.decision import Decision
from bilat.verdicts.grid import Robustness
from bilat.verdicts.outcome import reaches
from bilat.verdicts.reference import BaseRate
from bilat.when import AsOf

#: The verdicts, with the glyph that stands beside each word (colour alone never tells).
VERDICTS = {
    "supported": "●",
    "partly supported": "◐",
    "mixed": "±",
    "not supported": "○",
    "contradicted": "✕",
    "depends on the choice": "~",
    "published figure only": "¶",
    "modelled figure only": "≈",
    "not measurable": "–",
}


#: Verdicts of claims whose figure is shown and not judged.
SHOWN = frozenset(["published figure only", "modelled figure only"])
#: Verdicts that a figure decides.
DECIDED = frozenset(
    ["supported", "partly supported", "mixed", "not supported", "contradicted", "depends on the choice"]
)


@dataclass(frozen=True)
class Rival:
    """A rival reading: what it says, how it was tested, what the test gave."""

    reading: str
    test: str
    result: str
    weakens: bool  #: True where the rival reading holds and the verdict is the weaker for it
    outcome: Literal["holds", "does not hold", "cannot tell"] = "cannot tell"


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

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        ...


@dataclass(frozen=True)
class Leg:
    """One test of a claim with what it gave."""

    rule: str  #: printed from the fields of the test
    verdict: str
    sentence: str
    value: float | None
    low: float | None
    high: float | None
    interval: str  #: name of the interval, or why there is none
    unit: str
    period: str
    data_to: dt.date | None
    #: windows, operands and thresholds, where it is measured
    decision: Decision | None = field(default=None, repr=False, compare=False)

    @property
    def record_to(self) -> dt.date | None:
        """The last day that the record behind this test reaches."""
        d = self.decision
        return reaches(d.measurement, self.data_to, fixed=d.fixed) if d else self.data_to

    def to_json(self) -> dict[str, Any]:
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
    verdict: str
    why: str  #: one line with the deciding figure
    rule: str  #: the rule in words, and whether it was set after its figures were seen
    as_of: AsOf
    likelihood: str  #: ICD 203 word with its range and its object, or why none is stated
    probability: float | None
    confidence: str  #: low, moderate or high
    confidence_why: str
    sources: list[str]
    measure: str = ""  #: name of the deciding measure, "" if none
    params: dict[str, Any] = field(default_factory=dict)
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    period: str = ""
    rivals: list[Rival] = field(default_factory=list)
    needs: str = ""  #: what would be needed to decide, where it cannot be
    limits: str = ""  #: what the data cannot show
    evidence: Measurement | None = None  #: the deciding measurement
    others: list[Measurement] = field(default_factory=list)  #: further measurements the rule or a rival used
    legs: list[Leg] = field(default_factory=list)  #: the tests, each with its printed rule and result
    interval: str = ""  #: level and kind of the deciding figure's interval, or why there is none
    data_to: dt.date | None = None  #: the last day that the deciding figures speak of
    record_to: dt.date | None = (
        None  #: the last day that the record behind them reaches, not that of other tests
    )
    revised: bool = False  #: a deciding figure stands in from an edition later than the as-of date
    robustness: Robustness | None = None  #: the verdict over a grid of defensible choices
    reference: BaseRate | None = None  #: how other pairs fare under the same rule
    headline: bool = True  #: False where one word would mislead
    ours: bool = False  #: not an assertion of the paper
    movement: str = ""  #: why the verdict differs from an earlier one's: see :mod:`bilat.verdicts.movement`
    dyad: Dyad | None = None  #: the pair in the parts that the claim gives them
    dissents: tuple[Opinion, ...] = ()  #: what others conclude: see :mod:`bilat.verdicts.dissents`

    @property
    def standing(self) -> list[Rival]:
        """The rival readings that hold against a verdict for the claim: one that is against it they do not weaken."""
        if self.verdict in ("contradicted", "not supported"):
            return []
        return [r for r in self.rivals if r.outcome == "holds"]

    @property
    def others_to(self) -> dt.date | None:
        """The last day that the record of another test reaches, where that is later than the deciding one's."""
        days = [d for leg in self.legs if leg.value is not None and (d := leg.record_to)]
        last = max(days, default=None)
        return last if last and self.record_to and last > self.record_to else None

    @property
    def age(self) -> int | None:
        """Days between the last day of the record and the as-of date."""
        return (self.as_of.date - self.record_to).days if self.record_to else None

    @property
    def stands(self) -> str:
        """The verdict with how robust it is."""
        mostly = (
            self.robustness and self.robustness.word == "mostly" and self.robustness.verdict == self.verdict
        )
        word = self.verdict
        if mostly:
            word = f"{word} in most choices" if word.startswith("partly") else f"mostly {word}"
        return word

    @property
    def marked(self) -> str:
        """The verdict with its marks: how robust it is, and that a later edition stands in."""
        return (
            f"{self.stands} (by a later edition)" if self.revised and self.verdict in DECIDED else self.stands
        )

    def to_json(self) -> dict[str, Any]:
        """Plain data: what ``bilat claims --json`` prints, a row a claim."""
        return {
            "id": self.id,
            "section": self.section,
            "chapter": self.chapter,
            "footnote": self.footnote,
            "claim": self.claim,
            "verdict": self.verdict,
            "why": self.why,
            "rule": self.rule,
            "measure": self.measure,
            "params": self.params,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "unit": str(self.unit),
            "period": self.period,
            "as_of": str(self.as_of),
            "likelihood": self.likelihood,
            "probability": self.probability,
            "confidence": self.confidence,
            "confidence_why": self.confidence_why,
            "sources": self.sources,
            "rivals": [
                {
                    "reading": r.reading,
                    "test": r.test,
                    "result": r.result,
                    "weakens": r.weakens,
                    "outcome": r.outcome,
                }
                for r in self.rivals
            ],
            "needs": self.needs,
            "limits": self.limits,
            "interval": self.interval,
            "data_to": self.data_to.isoformat() if self.data_to else None,
            "record_to": self.record_to.isoformat() if self.record_to else None,
            "revised": self.revised,
            "robustness": self.robustness.to_json() if self.robustness else None,
            "reference": self.reference.to_json() if self.reference else None,
            "ours": self.ours,
            "movement": self.movement,
            "legs": [leg.to_json() for leg in self.legs],
            **({"dissents": [d.to_json() for d in self.dissents]} if self.dissents else {}),
        }
