# SPDX-License-Identifier: Apache-2.0
"""Rival readings of each chapter's judgement against the same evidence, and durability as a forecast.

Analysis of competing hypotheses: readings are ranked by the least inconsistency, not by the most support, for
evidence that fits every reading tells nothing. Each piece is a claim or a question of the record, so the matrix is
as of a date: the verdict says whether the marks for "holds" or for "fails" count, and how much.

Reference: Heuer (1999), Psychology of Intelligence Analysis, chapter 8.
"""

from __future__ import annotations

import datetime as dt
import math
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

from bilat.errors import UsageError
from bilat.forecast.asked import NO, YES, Forecast, forecast, resolve
from bilat.forecast.questions import one, questions
from bilat.forecast.updates import Update
from bilat.holdings import Holdings
from bilat.listing import Columns, ShownList, html_table
from bilat.measures import default_holdings
from bilat.verdicts import Judgement, judge
from bilat.verdicts.ledger import CHAPTERS
from bilat.when import AsOf

Mark = Literal["CC", "C", "N", "I", "II"]
#: What a mark counts against a reading, in points, assumed; negative is support, which decides nothing.
AGAINST = {"CC": -2.0, "C": -1.0, "N": 0.0, "I": 1.0, "II": 2.0}
#: verdict -> (which marks count, how much of them: the halves are assumed). Others decide nothing and are no evidence.
SIDE: dict[str, tuple[Literal["holds", "fails"], float]] = {
    "supported": ("holds", 1.0),
    "partly supported": ("holds", 0.5),
    "not supported": ("fails", 0.5),
    "contradicted": ("fails", 1.0),
    YES: ("holds", 1.0),
    NO: ("fails", 1.0),
}
#: What confidence leaves of a piece, assumed. A question is resolved by its rows alone: like a claim of high one.
CONFIDENCE = {"low": 0.5, "moderate": 0.75, "high": 1.0}


class Piece(BaseModel):
    """One piece of evidence with its marks for each reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    claim: str = ""
    question: str = ""
    holds: list[Mark]
    fails: list[Mark]
    why: str

    @model_validator(mode="after")
    def _one(self) -> Piece:
        if bool(self.claim) == bool(self.question):
            raise ValueError("a piece of evidence is a claim or a question: give one of the two")
        return self


class Matrix(BaseModel):
    """The readings of one chapter and the evidence."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    chapter: str
    hypotheses: list[str]
    evidence: list[Piece]

    @model_validator(mode="after")
    def _whole(self) -> Matrix:
        for e in self.evidence:
            if not len(e.holds) == len(e.fails) == len(self.hypotheses):
                raise ValueError(
                    f"{e.claim or e.question} needs a mark for each of {len(self.hypotheses)} readings"
                )
        return self


class Pillar(BaseModel):
    """One thing that holds the tie up: an open question, and the answer that says that it fell."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    says: str
    question: str
    falls: Literal["yes", "no"]


@dataclass(frozen=True)
class Matrices:
    """What hypotheses.toml says."""

    set: dt.date
    matrices: tuple[Matrix, ...]
    pillars: tuple[Pillar, ...]


@cache
def settings() -> Matrices:
    """The matrices and pillars."""
    raw = tomllib.loads(resources.files("bilat.forecast").joinpath("hypotheses.toml").read_text("utf-8"))
    return Matrices(
        raw["set"], tuple(Matrix(**m) for m in raw["matrix"]), tuple(Pillar(**p) for p in raw["pillar"])
    )


@dataclass(frozen=True)
class Weighed:
    """A piece of evidence as of a date."""

    id: str
    says: str
    stands: str  #: the verdict or the outcome
    weight: float  #: 0 where it decides nothing
    marks: tuple[Mark, ...]  #: that count, one a reading; empty where it decides nothing
    diagnosticity: float  #: weight times the span of its marks over the readings; 0 tells them not apart
    why: str
    rows: tuple[str, ...]  #: where the verdict or the outcome comes from


@dataclass(frozen=True)
class Reading:
    """One reading with what speaks against it and for it."""

    says: str
    against: float  #: weighted inconsistency: the ranking
    fits: float  #: weighted support: it orders what is as inconsistent, and decides nothing


@dataclass(frozen=True)
class Turn:
    """What the ranking would be without one piece, or with its other side."""

    id: str
    without: str  #: the leading reading without it
    otherwise: str  #: the leading reading if it had gone the other way
    turns: bool  #: whether either is another one


@dataclass(frozen=True)
class Judged:
    """One chapter's readings as of a date."""

    chapter: str
    asks: str
    as_of: AsOf
    evidence: tuple[Weighed, ...]  #: most diagnostic first
    readings: tuple[Reading, ...]  #: least inconsistent first
    leads: str  #: the leading reading; blank where the first two are as inconsistent
    turns: tuple[Turn, ...]
    order: tuple[int, ...]  #: place in the marks of each of ``readings``

    @property
    def margin(self) -> float:
        """By how much the second reading is more inconsistent than the first."""
        return self.readings[1].against - self.readings[0].against

    def _repr_html_(self) -> str:
        heads = ["evidence", "stands", *(r.says for r in self.readings), "tells apart"]
        rows: list[list[Any]] = [
            [
                f"{e.id} {e.says}",
                e.stands,
                *(e.marks[i] if e.marks else "–" for i in self.order),
                e.diagnosticity,
            ]
            for e in self.evidence
        ]
        rows.append(["inconsistency", "", *(r.against for r in self.readings), None])
        title = f"{self.asks} {self.leads or 'Not told apart'}, as of {self.as_of}"
        return html_table(heads, rows, title=title)

    def to_json(self) -> dict[str, Any]:
        """The chapter as plain data."""
        return {**asdict(self), "as_of": str(self.as_of), "margin": self.margin}


def ranked(matrix: Matrix, pieces: Sequence[tuple[float, Sequence[Mark]]]) -> list[Reading]:
    """The readings, least inconsistent first."""
    out = []
    for n, says in enumerate(matrix.hypotheses):
        counts = [(w, AGAINST[marks[n]]) for w, marks in pieces if marks]
        against = sum(w * m for w, m in counts if m > 0)
        out.append(Reading(says, against, -sum(w * m for w, m in counts if m < 0)))
    return sorted(
        out, key=lambda r: (round(r.against, 9), -round(r.fits, 9), matrix.hypotheses.index(r.says))
    )


def leading(readings: Sequence[Reading]) -> str:
    """The reading that leads; blank where the first two are as inconsistent, however much supports either."""
    first, second = readings[:2]
    return "" if math.isclose(first.against, second.against, abs_tol=1e-9) else first.says


def weigh(matrix: Matrix, stands: Mapping[str, Weighed], as_of: AsOf) -> Judged:
    """A chapter's readings from how its evidence stands (by id)."""
    pieces = [(p, stands[p.claim or p.question]) for p in matrix.evidence]
    readings = ranked(matrix, [(w.weight, w.marks) for _, w in pieces])
    lead = leading(readings)
    turns = []
    for piece, mine in pieces:
        if not mine.weight:
            continue
        rest = [(w.weight, w.marks) for p, w in pieces if p is not piece]
        other = piece.fails if tuple(piece.holds) == mine.marks else piece.holds
        without = leading(ranked(matrix, rest))
        otherwise = leading(ranked(matrix, [*rest, (mine.weight, other)]))
        turns.append(Turn(mine.id, without, otherwise, not lead == without == otherwise))
    shown = sorted((w for _, w in pieces), key=lambda w: (-w.diagnosticity, w.id))
    asks = CHAPTERS[matrix.chapter][1]
    order = tuple(matrix.hypotheses.index(r.says) for r in readings)
    return Judged(matrix.chapter, asks, as_of, tuple(shown), tuple(readings), lead, tuple(turns), order)


def _standing(piece: Piece, says: str, stands: str, share: float, rows: tuple[str, ...]) -> Weighed:
    side, much = SIDE.get(stands, ("holds", 0.0))
    marks = tuple(piece.holds if side == "holds" else piece.fails) if much else ()
    weight = much * share
    span = max((AGAINST[m] for m in marks), default=0) - min((AGAINST[m] for m in marks), default=0)
    id = piece.claim or piece.question
    return Weighed(id, says, stands, weight, marks, weight * span, piece.why, rows)


def hypotheses(
    as_of: AsOf | str | None = None,
    chapter: str | None = None,
    holdings: Holdings | None = None,
    *,
    withheld: Collection[str] = (),
) -> list[Judged]:
    """The rival readings of every chapter, or of one, as of a date.

    Parameters
    ----------
    withheld
        claims that are no evidence: the readings are ranked by the others alone.

    Raises
    ------
    UsageError
        for a chapter that there is none of.
    """
    wanted = [
        m.model_copy(update={"evidence": [p for p in m.evidence if p.claim not in withheld]})
        for m in settings().matrices
        if chapter in (None, m.chapter)
    ]
    if not wanted:
        raise UsageError(
            f"no chapter {chapter!r}: there are {', '.join(m.chapter for m in settings().matrices)}"
        )
    when, held = AsOf(as_of), holdings or default_holdings()
    needed = {p.claim for m in wanted for p in m.evidence if p.claim}
    if chapter is None:
        verdicts = {j.id: j for j in judge(as_of=when, holdings=held)}
    else:
        verdicts = {id: judge(as_of=when, holdings=held, only=id)[0] for id in sorted(needed)}
    out = []
    for m in wanted:
        stands = {p.claim or p.question: _stands(p, verdicts, when, held) for p in m.evidence}
        out.append(weigh(m, stands, when))
    return ShownList(out, _COLUMNS, f"Rival readings, as of {when}")


#: What a notebook shows of chapters.
_COLUMNS: Columns = {
    "chapter": lambda j: j.chapter,
    "question": lambda j: j.asks,
    "least inconsistent reading": lambda j: j.leads or "not told apart",
    "margin": lambda j: j.margin,
    "turned by": lambda j: [t.id for t in j.turns if t.turns],
}


def _stands(piece: Piece, verdicts: Mapping[str, Judgement], when: AsOf, held: Holdings) -> Weighed:
    if piece.claim:
        j = verdicts[piece.claim]
        behind = (f"{j.measure} {j.period}".strip(),) if j.measure else ()
        return _standing(piece, j.claim, j.verdict, CONFIDENCE.get(j.confidence, 0.5), behind)
    asked = one(questions(), piece.question)
    outcome = resolve(asked, when, held)
    return _standing(piece, asked.asks, outcome.status, 1.0, tuple(s.where for s in outcome.rows))


@dataclass(frozen=True)
class Fall:
    """One pillar with its chance of falling and what would move that."""

    says: str
    asks: str
    closes: str
    probability: float  #: that it falls
    status: str
    movers: tuple[tuple[str, float], ...]  #: (event, the chance of falling then), largest first


@dataclass(frozen=True)
class Durability:
    """The tie as a forecast: what would have to fall."""

    as_of: AsOf
    pillars: tuple[Fall, ...]
    any_low: float  #: at least one falls: bounds over every dependence (Fréchet), and if independent
    any_independent: float
    any_high: float
    most_low: float  #: more than half fall
    most_independent: float
    most_high: float

    def _repr_html_(self) -> str:
        falls = [
            (f.says, f"{f.probability:.0%}", f.closes, "; ".join(e for e, _ in f.movers))
            for f in self.pillars
        ]
        falls.append(("at least one", f"{self.any_low:.0%} to {self.any_high:.0%}", "", ""))
        falls.append(("more than half", f"{self.most_low:.0%} to {self.most_high:.0%}", "", ""))
        heads = ["pillar", "falls", "closes", "what would move it"]
        return html_table(heads, falls, title=f"What would have to fall, as of {self.as_of}")

    def to_json(self) -> dict[str, Any]:
        """The forecast as plain data."""
        return {**asdict(self), "as_of": str(self.as_of)}


def at_least(ps: Sequence[float], k: int) -> tuple[float, float, float]:
    """(least, independent, greatest) chance that at least ``k`` of the events come, whatever joins them.

    The bounds are sharp (Rüschendorf 1991; for one they are Fréchet's): the greatest is the least over m of the sum
    of the ps but the m largest over k - m; the least follows from the complement.
    """
    spread = [1.0]
    for p in ps:
        spread = [
            (spread[i] if i < len(spread) else 0.0) * (1 - p) + (spread[i - 1] * p if i else 0.0)
            for i in range(len(spread) + 1)
        ]

    def greatest(qs: Sequence[float], need: int) -> float:
        ordered = sorted(qs)
        return min(1.0, *(sum(ordered[: len(ordered) - m]) / (need - m) for m in range(need)))

    least = 1 - greatest([1 - p for p in ps], len(ps) - k + 1)
    return max(0.0, least), sum(spread[k:]), greatest(ps, k)


def durability(
    as_of: AsOf | str | None = None, holdings: Holdings | None = None, updates: Sequence[Update] = ()
) -> Durability:
    """The pillars of the tie, each with its chance of falling, and their joint chances with bounds.

    Raises
    ------
    UsageError
        for a date before the questions were opened.
    """
    when, held = AsOf(as_of), holdings or default_holdings()
    opened = max(one(questions(), p.question).opened for p in settings().pillars)
    if when.date < opened:
        raise UsageError(f"the questions behind durability opened on {opened}; give that day or a later one")
    falls = [_fall(p, forecast(one(questions(), p.question), as_of=when, holdings=held, updates=updates))
             for p in settings().pillars]  # fmt: skip
    ps = [f.probability for f in falls]
    ordered = tuple(sorted(falls, key=lambda f: (-f.probability, f.says)))
    return Durability(when, ordered, *at_least(ps, 1), *at_least(ps, len(ps) // 2 + 1))


def _fall(pillar: Pillar, f: Forecast) -> Fall:
    def falls(p: float) -> float:
        return p if pillar.falls == "yes" else 1 - p

    settled = {YES: 1.0, NO: 0.0}.get(f.outcome.status)
    movers = sorted(((e, falls(p)) for e, _, p in f.movers()), key=lambda m: -m[1])
    return Fall(
        pillar.says, f.question.asks, str(f.question.closes), falls(f.pool if settled is None else settled),
        f.outcome.status, tuple(movers),
    )  # fmt: skip
