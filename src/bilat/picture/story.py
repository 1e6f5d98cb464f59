# SPDX-License-Identifier: Apache-2.0
"""What the picture tells: each claim then against now, what moved, the bottom line, what is not seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from bilat.document import wording as words
from bilat.dyad import Dyad
from bilat.measures import Measurement, measure_named, measures
from bilat.picture.pages import say
from bilat.verdicts.judgement import DECIDED, SHOWN, VERDICTS, Judgement, Leg, Rival
from bilat.verdicts.ledger import CHAPTERS, OF_ANY_PAIR, ledger

#: The bottom line answers five questions, each from the first of these claims that is decided by a figure.
BOTTOM_LINE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("What reaches Russia", ("I3", "P2", "P3", "F3")),
    ("Trade and dependence", ("I2", "F5", "W6", "P10")),
    ("Arms between the two", ("I6", "K2", "I5", "F2", "F1")),
    ("Exercises and alignment", ("I7", "P6", "I1", "F4", "P16")),
    ("What is left of Russia's forces", ("F6", "P8", "P9")),
)

#: Days that a record may lie behind the as-of date without being called old.
FRESH = 400
#: The verdict of a claim that defensible choices judge differently: measured, and not counted as decided.
OPEN = "depends on the choice"

_RANK = {"contradicted": 0, "not supported": 1, "mixed": 2, "partly supported": 3, "supported": 4}


@dataclass(frozen=True)
class Entry:
    """One claim at both dates. ``then`` is None where the picture has no earlier date."""

    then: Judgement | None
    now: Judgement
    home: Dyad

    @property
    def id(self) -> str:
        return self.now.id

    @property
    def measured(self) -> bool:
        return self.now.verdict in DECIDED

    @property
    def moved(self) -> str:
        """Why the verdict differs: ``became measurable``, ``the world moved it`` …; blank where it stands.

        A judgement that does not say why (another judge's) is told by its direction: ``strengthened`` …
        """
        if self.then is None or self.then.verdict == self.now.verdict:
            return ""
        if self.now.movement:
            return self.now.movement
        before, after = _RANK.get(self.then.verdict), _RANK.get(self.now.verdict)
        if before is None and after is None:
            return "changed in kind"
        if before is None:
            return "now decided"
        if after is None:
            return "no longer decided"
        return "strengthened" if after > before else "weakened"

    @property
    def record(self) -> str:
        """How far the deciding record reaches, where that is not to the as-of date: ``record to 31 December 2021``;
        and whether anything newer than the earlier date is held."""
        now = self.now
        if now.record_to is None or now.age is None or now.age <= FRESH:
            return ""
        return say("story", "record", now.record_to, self.nothing_newer, now.others_to)

    @property
    def nothing_newer(self) -> bool:
        """Whether no test of the claim has a record of days after the earlier date."""
        then, last = self.then, self.now.others_to or self.now.record_to
        return then is not None and last is not None and last <= then.as_of.date

    @property
    def reach(self) -> str:
        """How far the deciding record reaches and how old that is: ``to December 2024, 23 months``."""
        now = self.now
        if now.record_to is None or now.age is None:
            return ""
        month = words.MONTHS[now.record_to.month - 1]
        return say("story", "reach", month, now.record_to.year, round(now.age / 30.44), now.others_to)

    @property
    def old(self) -> bool:
        """Whether the record lies farther behind than a yearly one may."""
        return self.now.age is not None and self.now.age > FRESH

    @property
    def now_word(self) -> str:
        """``Now``, or what stands in its place over data that ended before the earlier date."""
        return "No newer record" if self.nothing_newer else "Now"

    @property
    def figure(self) -> str:
        """The deciding figure with unit, interval and period."""
        return deciding(self.now)

    @property
    def amount(self) -> str:
        """The deciding figure with its unit."""
        return words.figure(self.now.value, self.now.unit) if self.now.value is not None else ""

    @property
    def span(self) -> str:
        """Its interval and period: ``[550 to 885], 2014–2024``."""
        bounds = words.interval(self.now.low, self.now.high, self.now.unit)
        parts = [f"[{bounds}]" if bounds else "", words.period(self.now.period) if self.now.period else ""]
        return ", ".join(p for p in parts if p)

    @property
    def figure_then(self) -> str:
        return deciding(self.then) if self.then else ""

    @property
    def change(self) -> str:
        """What moved since the earlier date, in words."""
        then, now = self.then, self.now
        if then is None:
            return ""
        before = after = ""
        nothing_newer = not self.moved and self.nothing_newer
        same = False
        if not (
            then.value is None or now.value is None or then.measure != now.measure or then.unit != now.unit
        ):
            same = words.bare(then.value, then.unit) == words.bare(now.value, now.unit)
            when = (_during(then), _during(now)) if then.period != now.period else ("", "")
            before, after = (
                words.bare(then.value, then.unit) + when[0],
                words.bare(now.value, now.unit) + when[1],
            )
        return say("story", "change", then, now, self.moved, nothing_newer, same, before, after)

    @property
    def measurements(self) -> list[Measurement]:
        """The deciding measurement first, then those of the rule and its rivals, each once."""
        found: dict[str, Measurement] = {}
        for m in [self.now.evidence, *self.now.others]:
            if m is not None:
                found.setdefault(key(m, self.home), m)
        return list(found.values())

    def key(self, m: Measurement) -> str:
        """The stable name of a measurement."""
        return key(m, self.home)

    def focus(self, m: Measurement) -> list[str]:
        """The groups of a measurement that the claim's rule names, in the rule's order."""
        return list(
            _named_groups(self.now.id, self.now.dyad or self.home, m.name, key(m, self.now.dyad or self.home))
        )

    def decided(self, m: Measurement) -> list[Leg]:
        """The legs whose figures are of a measurement."""
        name = self.key(m)
        return [
            leg
            for leg in self.now.legs
            if leg.decision is not None and self.key(leg.decision.measurement) == name
        ]

    @property
    def windows(self) -> list[tuple[float, float]]:
        """The spans of years that the deciding figure stands for, as fractional years; none for one point."""
        spans = [words.extent(part.strip()) for part in self.now.period.split(" against ")]
        whole = [s for s in spans if s is not None]
        return whole if len(whole) > 1 or any(b - a > 1.5 for a, b in whole) else []

    def earlier(self, m: Measurement) -> Measurement | None:
        """The same measurement as of the earlier date."""
        if self.then is None:
            return None
        for old in [self.then.evidence, *self.then.others]:
            if old is not None and key(old, self.home) == key(m, self.home):
                return old
        return None


def _during(j: Judgement) -> str:
    return f" ({words.period(j.period)})" if j.period else ""


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


def deciding(j: Judgement) -> str:
    """``30 million TIV (2024)``, with its interval; blank where no figure decides."""
    if j.value is None:
        return ""
    span = words.interval(j.low, j.high, j.unit)
    return words.figure(j.value, j.unit) + (f" [{span}]" if span else "") + _during(j)


def pair(home: Dyad, then: Iterable[Judgement] | None, now: Iterable[Judgement]) -> list[Entry]:
    """Claims of both dates side by side, in the ledger's order."""
    old = {j.id: j for j in then} if then is not None else {}
    return [Entry(old.get(j.id), j, home) for j in now]


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


@dataclass(frozen=True)
class Line:
    """One sentence of the bottom line."""

    topic: str
    entry: Entry

    @property
    def sentence(self) -> str:
        """A sentence with a number: the claim's deciding line, how far its record reaches where that is old, and
        the rival readings that hold."""
        e = self.entry
        parts = [e.now.why, e.record, *(standing(r) for r in e.now.standing)]
        return words.sentence(words.prose("; ".join(p for p in parts if p)))


def standing(rival: Rival) -> str:
    """``but a rival reading holds, “The rise is over” (2024 is 0.60 of 2023)``."""
    reading, figure = rival.reading.rstrip("."), rival.result.removeprefix("holds: ")
    return f"but a rival reading holds, “{reading}” ({figure})"


def bottom_line(entries: Sequence[Entry]) -> list[Line]:
    """Five sentences: one for each question, from a claim that a figure decides; others fill what is left."""
    by_id = {e.id: e for e in entries}
    lines: list[Line] = []
    taken: set[str] = set()
    for topic, ids in BOTTOM_LINE:
        chosen = next((by_id[i] for i in ids if i in by_id and _tells(by_id[i]) and i not in taken), None)
        if chosen is not None:
            lines.append(Line(topic, chosen))
            taken.add(chosen.id)
    spare = [e for e in entries if e.id not in taken and _tells(e)]
    spare.sort(key=lambda e: (not e.moved, _CONFIDENCE.get(e.now.confidence, 3)))
    lines += [Line(chapter_title(e.now.chapter), e) for e in spare[: len(BOTTOM_LINE) - len(lines)]]
    return lines


_CONFIDENCE = {"high": 0, "moderate": 1, "low": 2}


def _tells(e: Entry) -> bool:
    """Decided by a figure, and in a way that one word may tell."""
    return e.measured and bool(e.now.why) and e.now.value is not None and e.now.headline


@dataclass(frozen=True)
class Count:
    """How many claims stand where."""

    verdict: str
    glyph: str
    then: int
    now: int


def tally(entries: Sequence[Entry]) -> list[Count]:
    """Claims by verdict, then and now; verdicts that occur at neither date are left out."""
    counts = [
        Count(
            verdict,
            glyph,
            sum(e.then is not None and e.then.verdict == verdict for e in entries),
            sum(e.now.verdict == verdict for e in entries),
        )
        for verdict, glyph in VERDICTS.items()
    ]
    return [c for c in counts if c.then or c.now]


def headline(dyad: Dyad, entries: Sequence[Entry], since: dt.date | None) -> str:
    """The first line of the picture: a sentence with numbers."""
    decided = [e for e in entries if e.measured]
    counts = [(v, sum(e.now.verdict == v for e in decided)) for v in VERDICTS if v != OPEN]
    stands = [(v, n) for v, n in counts if n]
    sure = sum(n for _, n in stands)
    choice = len(decided) - sure
    return say("story", "headline", dyad.name, len(entries), sure, stands, choice, since, movements(entries))


def movements(entries: Sequence[Entry]) -> str:
    """What moved and why: ``9 verdicts became measurable, 1 was moved by the world``."""
    return say("story", "moves", [(kind, len(es)) for kind, es in changed(entries)])


def changed(entries: Sequence[Entry]) -> list[tuple[str, list[Entry]]]:
    """The claims whose verdict moved, by why it moved; the kinds in the order of their number."""
    kinds: dict[str, list[Entry]] = {}
    for e in entries:
        if e.moved:
            kinds.setdefault(e.moved, []).append(e)
    return sorted(kinds.items(), key=lambda k: -len(k[1]))


@dataclass(frozen=True)
class Blind:
    """What the picture cannot see."""

    undecided: list[Entry]  #: not measurable, with what would be needed
    published_only: list[Entry]  #: only somebody's figure, or a model's, is held: shown and not judged
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
    return Blind(
        undecided=[e for e in entries if e.now.verdict == "not measurable"],
        published_only=[e for e in entries if e.now.verdict in SHOWN],
        one_sided=list(sided),
        holes=list(holes.items()),
    )


def chapter_finding(entries: Sequence[Entry], since: dt.date | None) -> str:
    """How a chapter's claims stand, and what moved."""
    decided = [e for e in entries if e.measured]
    whole, partly = (sum(e.now.verdict == v for e in decided) for v in ("supported", "partly supported"))
    moved = [e.id for e in entries if e.moved]
    return say("story", "chapter", len(entries), len(decided), whole, partly, since, moved)
