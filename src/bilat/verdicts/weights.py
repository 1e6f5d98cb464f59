# SPDX-License-Identifier: Apache-2.0
"""Weigh the evidence of a claim: one rule for every claim.

Within a part of a claim each originator counts once a side, with the weight of its reliability
(A 3, B 2, C 1; below C nothing). An indicator counts 3 and is split where it passes in part. Three
quarters of the weight make the part *yes* or *no*; less makes it *in part*. A part for which only a
model speaks that assumes what the claim says is *not known*. A claim whose parts differ is *in
part*; one without evidence is *not known*.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from bilat.verdicts.judgement import Evidence, Word
from bilat.verdicts.ledger import Claim, Half
from bilat.when import PAPER_DATE, AsOf

#: Share of the weight that makes a part yes or no.
MOST = 0.75
#: How a piece of evidence divides its weight between the sides.
_SHARES = {
    "for": (("for", 1.0),),
    "against": (("against", 1.0),),
    "in part": (("for", 0.5), ("against", 0.5)),
}


@dataclass(frozen=True)
class Weighing:
    """What the evidence of one half of a claim decides."""

    word: Word
    parts: dict[str, tuple[Word, float]]  #: each part with an answer, and the share that agrees
    used: tuple[Evidence, ...]  #: the evidence that belongs to the half
    silent: tuple[str, ...]  #: parts without evidence
    stale: bool  #: nothing newer than the paper speaks, so the older evidence stands in
    older: tuple[Evidence, ...] = ()  #: evidence with weight that is too old for the half

    @property
    def deciding(self) -> tuple[Evidence, ...]:
        """The evidence that has weight and takes a side."""
        return tuple(e for e in self.used if e.weight and e.side != "neither")


def weigh(evidence: Sequence[Evidence]) -> tuple[float, float]:
    """Return the weight for and the weight against."""
    sides: dict[tuple[str, tuple[object, ...]], float] = {}
    for e in evidence:
        # One figure that is tested from both ends counts once.
        figure = e.value if e.value is not None else e.says
        voice = (e.id, e.period, figure) if e.kind == "indicator" else e.originators
        for side, share in _SHARES.get(e.side, ()):
            key = side, voice
            sides[key] = max(sides.get(key, 0.0), share * e.weight)
    weight_for = sum(w for (side, _), w in sides.items() if side == "for")
    weight_against = sum(w for (side, _), w in sides.items() if side == "against")
    return weight_for, weight_against


def part_answer(evidence: Sequence[Evidence]) -> tuple[Word, float]:
    """Return the answer of one part and the share of the weight that agrees with it.

    The share of a part that is answered *in part* is that of its larger side.
    """
    if all(e.supposed for e in evidence if e.weight):
        return "not known", 0.0
    weight_for, weight_against = weigh(evidence)
    total = weight_for + weight_against
    if not total:
        return "not known", 0.0
    share = weight_for / total
    if share >= MOST:
        return "yes", share
    if share <= 1 - MOST:
        return "no", 1 - share
    return "in part", max(share, 1 - share)


def decide(claim: Claim, half: Half, evidence: Sequence[Evidence], as_of: AsOf) -> Weighing:
    """Return what the evidence decides; *not known* where none of it has weight."""
    used = tuple(evidence)
    older: tuple[Evidence, ...] = ()
    stale = False
    if half == "since" and as_of.date > PAPER_DATE:
        fresh = tuple(e for e in evidence if e.standing or _reaches_beyond(e, PAPER_DATE))
        stale = not any(e.weight for e in fresh)
        older = () if stale else tuple(e for e in evidence if e.weight and e not in fresh)
        used = used if stale else fresh
    parts = {p: part_answer([e for e in used if e.part == p]) for p in claim.parts(half)}
    known = {p: a for p, a in parts.items() if a[0] != "not known"}
    silent = tuple(p for p in parts if p not in known)
    return Weighing(_word(known, len(parts)), known, used, silent, stale, older)


def _reaches_beyond(evidence: Evidence, day: dt.date) -> bool:
    return evidence.reaches is not None and evidence.reaches > day


def _word(known: dict[str, tuple[Word, float]], parts: int) -> Word:
    """Return the answer of a claim from those of its parts."""
    if not known:
        return "not known"
    words = {word for word, _ in known.values()}
    if len(words) > 1:
        return "in part"
    word = words.pop()
    return "in part" if word == "yes" and len(known) < parts else word
