# SPDX-License-Identifier: Apache-2.0
"""What the picture says of the claims: each when written and since, what stands out, what is not seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from bilat.document import wording as words
from bilat.dyad import Dyad
from bilat.measures import Measurement, measure_named, measures
from bilat.verdicts.judgement import ANSWERS, DECIDED, Answered, Judgement, Leg
from bilat.verdicts.ledger import CHAPTERS, OF_ANY_PAIR, ledger
from bilat.when import MONTHS, PAPER_DATE

#: Days that the evidence may lie behind the as-of date without being called old.
FRESH = 400
#: Claims that stand out on the first screen.
FINDINGS = 5
_SURE = {"firm": 0, "fair": 1, "thin": 2}


@dataclass(frozen=True)
class Entry:
    """One claim."""

    now: Judgement
    home: Dyad

    @property
    def id(self) -> str:
        return self.now.id

    @property
    def then(self) -> Answered | None:
        """What could be answered when the paper was written; None where the date is not later."""
        return self.now.when_written if self.now.as_of.date > PAPER_DATE else None

    @property
    def answered(self) -> Answered:
        """What can be answered as of the date."""
        return self.now.current

    @property
    def measured(self) -> bool:
        return self.answered.answer in DECIDED

    @property
    def moved(self) -> str:
        """What the answer was when the paper was written, where it is another."""
        then = self.then
        return f"{then.answer} when written" if then and then.answer != self.answered.answer else ""

    @property
    def reach(self) -> str:
        """How far the evidence reaches and how old that is: ``to December 2024, 23 months old``."""
        to, age = self.now.record_to, self.now.age
        if to is None or age is None:
            return ""
        months = round(age / 30.44)
        old = (
            "this month"
            if not months
            else f"{months} months old"
            if months < 36
            else f"{months // 12} years old"
        )
        return f"to {MONTHS[to.month - 1]} {to.year}, {old}"

    @property
    def old(self) -> bool:
        """Whether the evidence lies farther behind than a yearly record may."""
        return self.now.age is not None and self.now.age > FRESH

    @property
    def figure(self) -> str:
        """The first indicator's figure with unit, interval and period."""
        lead = self.now.lead
        if lead is None or lead.value is None:
            return ""
        bounds = words.interval(lead.low, lead.high, lead.unit)
        span = f" ({words.period(lead.period)})" if lead.period else ""
        return words.figure(lead.value, lead.unit) + (f" [{bounds}]" if bounds else "") + span

    @property
    def measurements(self) -> list[Measurement]:
        """The measurements of the indicators first, then those of rivals, each once."""
        found: dict[str, Measurement] = {}
        for m in self.now.measurements:
            found.setdefault(key(m, self.home), m)
        return list(found.values())

    def key(self, m: Measurement) -> str:
        """The stable name of a measurement."""
        return key(m, self.home)

    def focus(self, m: Measurement) -> list[str]:
        """The groups of a measurement that the claim's indicators name, in their order."""
        home = self.now.dyad or self.home
        return list(_named_groups(self.now.id, home, m.name, key(m, home)))

    def decided(self, m: Measurement) -> list[Leg]:
        """The readings whose figures are of a measurement."""
        name = self.key(m)
        return [leg for leg in self.now.legs if leg.decision and self.key(leg.decision.measurement) == name]

    @property
    def windows(self) -> list[tuple[float, float]]:
        """The spans of years that the first reading stands for, as fractional years; none for one point."""
        lead = self.now.lead
        spans = [words.extent(part.strip()) for part in lead.period.split(" against ")] if lead else []
        whole = [s for s in spans if s is not None]
        return whole if len(whole) > 1 or any(b - a > 1.5 for a, b in whole) else []


def key(m: Measurement, home: Dyad) -> str:
    """The stable name of a measurement: its measure, its dyad where it is another than the picture's, and
    what it was asked beyond the defaults."""
    return _key(m.name, m.dyad, m.params, home)


def _key(name: str, dyad: Dyad, params: Mapping[str, Any], home: Dyad) -> str:
    spec = measure_named(name)
    default = spec.params if spec else {}
    pair = [] if dyad == home else [str(dyad)]
    extra = [f"{k}-{v}" for k, v in sorted(params.items()) if k not in default or default[k] != v]
    return words.slug(".".join([name, *pair, *extra]))


@cache
def _named_groups(claim: str, home: Dyad, name: str, wanted: str) -> tuple[str, ...]:
    groups: dict[str, None] = {}
    for entry in ledger():
        if entry.id != claim:
            continue
        for test in [*entry.tests, *(r.test for r in entry.rivals if r.test is not None)]:
            if test.measure != name:
                continue
            given = {
                k: v.format(a=home.a, b=home.b) if isinstance(v, str) else v for k, v in test.params.items()
            }
            asked = measures()[name].written(given)
            if _key(name, Dyad(*test.dyad) if test.dyad else home, asked, home) == wanted:
                for group in (test.group, test.minus):
                    if group not in ("", "*"):
                        groups.setdefault(group.format(a=home.a, b=home.b))
    return tuple(groups)


def pair(home: Dyad, judged: Iterable[Judgement]) -> list[Entry]:
    """The claims in the ledger's order."""
    return [Entry(j, home) for j in judged]


def by_chapter(entries: Sequence[Entry]) -> list[tuple[str, list[Entry]]]:
    """(chapter, its claims) in the paper's order; a chapter unknown here stands last under its own name."""
    order = [*CHAPTERS, *dict.fromkeys(e.now.chapter for e in entries if e.now.chapter not in CHAPTERS)]
    grouped = [(c, [e for e in entries if e.now.chapter == c]) for c in order]
    return [(c, es) for c, es in grouped if es]


def chapter_title(chapter: str) -> str:
    return CHAPTERS[chapter][0] if chapter in CHAPTERS else chapter.replace("_", " ").capitalize()


def question(chapter: str, home: Dyad | None = None) -> str:
    """What the chapter's page answers; of a pair that is not the paper's in words without its states."""
    if home is not None and {home.a, home.b} != {"RUS", "CHN"} and chapter in OF_ANY_PAIR:
        return OF_ANY_PAIR[chapter]
    return CHAPTERS[chapter][1] if chapter in CHAPTERS else chapter_title(chapter)


def findings(entries: Sequence[Entry], most: int = FINDINGS) -> list[Entry]:
    """The claims that stand out: decided and sure, those whose answer is another than when written first; one a
    chapter."""
    able = sorted(
        (e for e in entries if e.measured and not e.old),
        key=lambda e: (not e.moved, _SURE[e.answered.sure]),
    )
    chosen: list[Entry] = []
    for e in able:
        if len(chosen) < most and all(e.now.chapter != c.now.chapter for c in chosen):
            chosen.append(e)
    return chosen


@dataclass(frozen=True)
class Count:
    """How many claims have which answer."""

    answer: str
    glyph: str
    then: int
    now: int


def tally(entries: Sequence[Entry]) -> list[Count]:
    """Claims by answer, when written and as of the date."""
    return [
        Count(
            answer,
            glyph,
            sum(e.now.when_written.answer == answer for e in entries),
            sum(e.answered.answer == answer for e in entries),
        )
        for answer, glyph in ANSWERS.items()
    ]


def headline(dyad: Dyad, entries: Sequence[Entry]) -> str:
    """The first line of the picture: how many claims hold."""
    counts = {c.answer: c.now for c in tally(entries)}
    return (
        f"Of {len(entries)} claims about {dyad.name} {counts['yes']} hold, {counts['in part']} hold in part, "
        f"{counts['no']} do not, {counts['not known']} are open."
    )


@dataclass(frozen=True)
class Blind:
    """What the picture cannot see."""

    undecided: list[Entry]  #: not known, with what would tell
    one_sided: list[str]  #: sources that speak for a party to the war
    holes: list[tuple[str, str]]  #: (measure's title, what it cannot show)


def blind(entries: Sequence[Entry]) -> Blind:
    sided: dict[str, None] = {}
    holes: dict[str, str] = {}
    for e in entries:
        for m in e.measurements:
            if m.note:
                holes.setdefault(m.title, m.note)
            for s in m.sources:
                if s["side"]:
                    sided.setdefault(f"{s['title']}: {s['side']}")
    return Blind([e for e in entries if not e.measured], list(sided), list(holes.items()))
