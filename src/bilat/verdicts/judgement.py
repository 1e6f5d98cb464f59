# SPDX-License-Identifier: Apache-2.0
"""A claim judged as of a date: verdict, number, estimative word, confidence, rivals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bilat.measures import Measurement
from bilat.when import AsOf

#: The verdicts, with the glyph that stands beside each word (colour alone never tells).
VERDICTS = {
    "supported": "●",
    "partly supported": "◐",
    "not supported": "○",
    "contradicted": "✕",
    "published figure only": "¶",
    "not measurable": "–",
}


@dataclass(frozen=True)
class Rival:
    """A rival reading: what it says, how it was tested, what the test gave."""

    reading: str
    test: str
    result: str
    weakens: bool  #: True where the rival reading holds and the verdict is the weaker for it


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
    measure: str  #: name of the deciding measure, "" if none
    params: dict[str, Any]
    value: float | None
    low: float | None
    high: float | None
    unit: str
    period: str
    as_of: AsOf
    likelihood: str  #: ICD 203 word with its range, or why none is stated
    probability: float | None
    confidence: str  #: low, moderate or high
    confidence_why: str
    sources: list[str]
    rivals: list[Rival] = field(default_factory=list)
    needs: str = ""  #: what would be needed to decide, where it cannot be
    limits: str = ""  #: what the data cannot show
    evidence: Measurement | None = None  #: the deciding measurement
    others: list[Measurement] = field(default_factory=list)  #: further measurements the rule or a rival used

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
                {"reading": r.reading, "test": r.test, "result": r.result, "weakens": r.weakens}
                for r in self.rivals
            ],
            "needs": self.needs,
            "limits": self.limits,
        }
