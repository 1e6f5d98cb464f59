# SPDX-License-Identifier: Apache-2.0
"""The first screen: three findings, what changed, what to watch and how far it is from turning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import jinja2

from bilat.document import wording as words
from bilat.picture.pages import has_macro, say
from bilat.picture.story import FRESH, Entry, standing
from bilat.places import spoken_name
from bilat.verdicts.decision import Decision, Turn
from bilat.verdicts.judgement import Leg
from bilat.verdicts.names import Names

FINDINGS = 3
WATCHED = 5
#: A finding's record reaches at least so many days before the as-of date: two editions of a yearly record.
REACHES = 2 * FRESH


@dataclass(frozen=True)
class LegFigures:
    """A leg's figures for a sentence; periods in words."""

    value: float
    before: float
    after: float
    low: float | None
    high: float | None
    period: str
    before_period: str


@dataclass(frozen=True)
class Finding:
    """One finding: its sentence, and the claim whose tests gave it."""

    entry: Entry
    sentence: str

    @property
    def but(self) -> str:
        """The rival readings that hold, as a sentence; blank where none does."""
        return words.sentence(words.prose("; ".join(standing(r) for r in self.entry.now.standing)))


@dataclass(frozen=True)
class Watched:
    """A test near the threshold at which it would say something else."""

    entry: Entry
    what: str  #: the quantity
    figure: str
    at: str
    now: str
    verdict: str  #: the verdict of the test beyond the threshold
    share: float  #: the distance as a share of the threshold

    @property
    def sentence(self) -> str:
        return words.sentence(say("finding", "watch", self))

    @property
    def distance(self) -> str:
        """``2% off``."""
        return "under 1% off" if self.share < 0.01 else f"{self.share:.0%} off"


def told(leg: Leg) -> LegFigures | None:
    """The figures of a leg; None where it is not measured."""
    d = leg.decision
    if d is None:
        return None
    first, last = d.sides[0], d.sides[-1]
    return LegFigures(
        d.value,
        first.figure,
        last.figure,
        leg.low,
        leg.high,
        words.period(last.span),
        words.period(first.span),
    )


def sentence(e: Entry) -> str:
    """The claim's figures as a person would say them; the deciding line where no such sentence can be made."""
    dyad = e.now.dyad or e.home
    legs = [told(leg) for leg in e.now.legs]
    if has_macro("finding", e.id) and legs:
        try:
            made = say("finding", e.id, legs, spoken_name(dyad.a), spoken_name(dyad.b))
        except jinja2.UndefinedError:  # a leg that the sentence speaks of is not measured
            made = ""
        if made:
            return words.sentence(words.capital(made))
    return words.sentence(words.prose(e.now.why))


def findings(entries: Sequence[Entry]) -> list[Finding]:
    """The three findings of the rule that stands in ``templates/say/finding.txt`` (``rule``)."""
    able = [e for e in entries if _decided(e)]
    able.sort(key=lambda e: (not e.moved, -_past(e)))
    chosen: list[Entry] = []
    for e in able:
        if len(chosen) == FINDINGS:
            break
        if any(e.now.chapter == c.now.chapter or e.now.measure == c.now.measure for c in chosen):
            continue
        chosen.append(e)
    return [Finding(e, sentence(e)) for e in chosen]


def _decided(e: Entry) -> bool:
    j = e.now
    return (
        j.verdict in ("supported", "contradicted")
        and j.headline
        and j.value is not None
        and j.age is not None
        and j.age <= REACHES
    )


def _past(e: Entry) -> float:
    """How far the leading test lies past its nearest threshold, as a share of that."""
    turn = _turn(e.now.legs[0]) if e.now.legs else None
    return turn.share if turn else 0.0


def _turn(leg: Leg) -> Turn | None:
    return leg.decision.turn() if leg.decision else None


def watch(entries: Sequence[Entry]) -> list[Watched]:
    """The claims' tests nearest to turning, one a claim, nearest first."""
    found = []
    for e in entries:
        if not e.measured or e.now.age is None or e.now.age > REACHES:
            continue
        near = [w for leg in e.now.legs if (w := _watched(e, leg)) is not None]
        if near:
            found.append(min(near, key=lambda w: w.share))
    return sorted(found, key=lambda w: (w.share, w.entry.id))[:WATCHED]


def _watched(e: Entry, leg: Leg) -> Watched | None:
    d, turn = leg.decision, _turn(leg)
    reach = leg.data_to
    if d is None or turn is None or d.fixed or reach is None or (e.now.as_of.date - reach).days > REACHES:
        return None
    return Watched(
        e, _what(e, d), compared(d, turn), d.written(turn.at), leg.verdict, turn.verdict, turn.share
    )


def answer(entries: Sequence[Entry], most: int = 2) -> str:
    """What a chapter's page answers first: its clearest findings, blank where nothing is decided by a figure."""
    able = [e for e in entries if e.measured and e.now.value is not None]
    able.sort(
        key=lambda e: (
            not e.now.headline,
            e.now.verdict not in ("supported", "contradicted"),
            e.old,
            -_past(e),
        )
    )
    chosen: list[Entry] = []
    for e in able:
        if len(chosen) < most and all(e.now.measure != c.now.measure for c in chosen):
            chosen.append(e)
    return " ".join(sentence(e) for e in chosen)


def turns(e: Entry) -> list[str]:
    """For each test of a claim how far its figure is from the threshold at which it would turn."""
    found = []
    for leg in e.now.legs:
        d, turn = leg.decision, _turn(leg)
        if d is not None and turn is not None:
            told = Watched(
                e,
                _what(e, d),
                compared(d, turn),
                d.written(turn.at),
                leg.verdict,
                turn.verdict,
                turn.share,
            )
            found.append(f"{told.what}: {told.sentence}")
    return found


def compared(d: Decision, turn: Turn) -> str:
    """The figure, of a ratio of two windows over which, and the end of its interval where that decides."""
    figure, end = d.written(d.value), d.written(turn.figure)
    if d.test.form == "change" and d.test.compare == "ratio":
        base = f"{figure} the level of {words.period(d.sides[0].span)}"
        return base if figure == end else f"{base}, the end of its interval {end}"
    return figure if figure == end else f"{figure}, the end of its interval {end}"


def _what(e: Entry, d: Decision) -> str:
    dyad = e.now.dyad or e.home
    said = Names(dyad).said(d.test.what)
    if d.test.form == "gap":
        said += f", {words.group(d.test.group)} against {words.group(d.test.minus)}"
    return words.capital(said)
