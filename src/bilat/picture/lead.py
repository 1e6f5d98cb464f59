# SPDX-License-Identifier: Apache-2.0
"""The lead: what the first page says before the claims, chosen by consequence, by change and by who can act.

One list of findings is made here; site, terminal, PDF and JSON print it. A topic stands in ``topics.toml``; its finding
is the answer of a claim, so that nothing is said on the first page that no claim's page supports.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from bilat.document import Block, Column, Document, Figure, Finding, Say, Section, Series, Table
from bilat.document import wording as words
from bilat.document.blocks import source_refs
from bilat.dyad import Dyad
from bilat.errors import BilatError
from bilat.holdings import Holdings
from bilat.measures import Measurement, MeasureQuestion, ask
from bilat.units import Unit
from bilat.verdicts.document import table
from bilat.verdicts.judgement import DECIDED, Answered, Evidence, Judgement
from bilat.when import PAPER_DATE, AsOf

#: Topics on the first page, and lines of what changed and of what to watch.
MOST_TOPICS, MOST_LINES = 7, 5
#: A change of less than a tenth is none.
LEAST_CHANGE = 0.1
_SURE = {"firm": 1.0, "fair": 0.7, "thin": 0.4}
_DIRECTION = {"up": "rising", "down": "falling", "flat": "level"}


@dataclass(frozen=True)
class Topic:
    """A topic as declared: the claims that answer it, what each answer means, and its chart."""

    id: str
    name: str
    claims: tuple[str, ...]
    weight: int
    heading: dict[str, str]
    who: str = ""
    so: str = ""
    chart: dict[str, Any] | None = None


@dataclass(frozen=True)
class Lead:
    """A topic with its answer: the heading, the finding, its chart where a series is held."""

    topic: Topic
    judgement: Judgement
    finding: Finding
    series: Series | None
    measurement: Measurement | None
    score: float

    @property
    def heading(self) -> str:
        return self.topic.heading[self.judgement.current.answer]

    @property
    def moved(self) -> bool:
        """Whether the answer is another than when the paper was written."""
        then = self.judgement.when_written
        return self.judgement.as_of.date > PAPER_DATE and then.answer != self.judgement.current.answer


@cache
def _declared() -> tuple[tuple[Topic, ...], frozenset[str]]:
    raw = tomllib.loads(resources.files("bilat.picture").joinpath("topics.toml").read_text("utf-8"))
    found = tuple(Topic(**{**t, "claims": tuple(t["claims"])}) for t in raw["topic"])
    return found, frozenset(raw["watch"]).union(*(t.claims for t in found))


def topics() -> tuple[Topic, ...]:
    """The topics of the paper's pair."""
    return _declared()[0]


def watched() -> frozenset[str]:
    """The claims whose indicators make what changed and what to watch."""
    return _declared()[1]


def leads(judged: Iterable[Judgement], dyad: Dyad, as_of: AsOf, holdings: Holdings) -> list[Lead]:
    """The topics that have an answer, the weightiest first.

    A topic scores by its weight, by whether its answer has changed since the paper, by whether somebody can act on it,
    and by how sure the answer is.
    """
    by = {j.id: j for j in judged}
    found = []
    for topic in topics():
        answered = next((by[c] for c in topic.claims if c in by and by[c].current.answer in DECIDED), None)
        if answered is not None:
            found.append(_lead(topic, answered, dyad, as_of, holdings))
    found.sort(key=lambda lead: -lead.score)
    return found[:MOST_TOPICS]


def _lead(topic: Topic, j: Judgement, dyad: Dyad, as_of: AsOf, holdings: Holdings) -> Lead:
    current = j.current
    series, m = _series(topic, dyad, as_of, holdings)
    then, now = _figures(m, series)
    moved = j.as_of.date > PAPER_DATE and j.when_written.answer != current.answer
    score = (topic.weight + 1.5 * moved + 0.5 * bool(topic.who)) * _SURE[current.sure]
    finding = Finding(
        sentence=statement(current),
        topic=topic.name,
        answer=current.answer,
        sure=current.sure,
        then=then,
        now=now,
        direction=_direction(then, now),
        so_what=topic.so,
        who=topic.who,
        data_to=current.data_to,
        ask=MeasureQuestion(
            m.name, tuple(f"{k}={v}" for k, v in (topic.chart or {}).get("params", {}).items())
        )
        if m
        else None,
    )
    return Lead(topic, j, finding, series, m, score)


def statement(answered: Answered) -> str:
    """The sentence of an answer without the word that it begins with: the heading above it says that."""
    word = f"{answered.answer}."
    text = answered.sentence
    if text.lower().startswith(word):
        text = text[len(word) :].strip()
    return text[:1].upper() + text[1:]


def _series(
    topic: Topic, dyad: Dyad, as_of: AsOf, holdings: Holdings
) -> tuple[Series | None, Measurement | None]:
    """The chart of a topic; None where the record holds no such series at that date."""
    if topic.chart is None:
        return None, None
    try:
        m = ask(topic.chart["measure"], dyad, as_of=as_of, holdings=holdings, **topic.chart.get("params", {}))
    except BilatError:  # nothing of it was public at that date: the topic stands without a chart
        return None, None
    groups = tuple(g.format(a=dyad.a, b=dyad.b) for g in topic.chart["groups"])
    points = tuple(p for p in m.points if p.group in groups and p.value is not None)
    if len({p.period for p in points}) < 2:
        return None, None
    sources = "; ".join(dict.fromkeys(s["producer"] for s in m.sources))
    return Series(
        "", _unit(topic, m), points, subtitle=topic.chart["subtitle"], focus=groups, foot=f"Source: {sources}"
    ), m


def _unit(topic: Topic, m: Measurement) -> Unit:
    """The unit of a topic's chart, in the words that the topic has for it."""
    spoken = (topic.chart or {}).get("unit")
    return m.unit.reworded(spoken) if spoken else m.unit


def _figures(m: Measurement | None, series: Series | None) -> tuple[Figure | None, Figure | None]:
    """The last figure of the chart's first group that was known when the paper was written, and the last of all."""
    if m is None or series is None:
        return None, None
    points = [p for p in series.points if p.group == series.focus[0] and not p.open]
    if not points:
        return None, None
    last = points[-1]
    before = [p for p in points if (end := words.extent(p.period)) and end[1] <= words.fraction(PAPER_DATE)]
    unit = series.unit
    now = Figure(last.value, unit, text=_in(last.value, unit, last.period), data_to=m.data_to)
    if not before or before[-1] is last:
        return None, now
    then = before[-1]
    return Figure(then.value, unit, text=_in(then.value, unit, then.period)), now


def _in(value: float | None, unit: str, period: str) -> str:
    return f"{words.figure(value, unit)} {_when(period)}"


def _when(period: str) -> str:
    """``in 2024``, ``in March 2022``, ``on 3 May 2024``."""
    return f"{'on' if len(period) == 10 else 'in'} {words.period(period)}"


def _direction(then: Figure | None, now: Figure | None) -> Any:
    if then is None or now is None or not then.value or now.value is None:
        return ""
    ratio = now.value / then.value
    return "up" if ratio > 1 + LEAST_CHANGE else "down" if ratio < 1 - LEAST_CHANGE else "flat"


def front(found: Sequence[Lead]) -> list[Lead]:
    """The leads in the order of the summary: the weightiest that stands as it did, the weightiest whose answer
    changed, then the others; the first two make the headline."""
    moved = next((lead for lead in found if lead.moved), None)
    stands = next((lead for lead in found if not lead.moved), None)
    first = [lead for lead in (stands, moved) if lead is not None]
    return [*first, *(lead for lead in found if lead not in first)]


def headline(found: Sequence[Lead], dyad: Dyad) -> str:
    """A sentence made of the headings that come first."""
    if not found:
        return f"Nothing held answers a question about {dyad.name} at this date"
    first, *more = (lead.heading for lead in front(found)[:2])
    if not more:
        return first
    rest = more[0]
    return f"{first}; {rest[:1].lower() + rest[1:] if _common(rest) else rest}"


def _common(heading: str) -> bool:
    """Whether a heading begins with a common word, which is small after a semicolon."""
    return heading.split()[0] in ("They", "No", "The", "Some", "Something", "There", "An", "Sanctions")


# -- what changed, what to watch, what is not seen -------------------------------------------------------------------


def changed(judged: Iterable[Judgement]) -> list[tuple[str, str, str, str]]:
    """Indicators when the paper was written and now: (claim, what, then, now), the largest change first."""
    lines: dict[str, tuple[float, tuple[str, str, str, str]]] = {}
    for j in judged:
        if j.as_of.date <= PAPER_DATE or j.id not in watched():
            continue
        before = {(e.id, e.why): e for e in j.when_written.evidence if e.last and e.last.value is not None}
        for e in j.current.evidence:
            was = before.get((e.id, e.why))
            if was is None or e.last is None or was.last is None or was.last.period == e.last.period:
                continue
            if e.last.value is None or not was.last.value:
                continue
            size = abs(e.last.value - was.last.value) / abs(was.last.value)
            unit = _series_unit(e)
            line = (
                j.id, _what(e), f"{words.bare(was.last.value, unit)} {_when(was.last.period)}",
                f"{words.bare(e.last.value, unit)} {_when(e.last.period)}",
            )  # fmt: skip
            if size >= LEAST_CHANGE and size > lines.get(e.id, (0.0, None))[0]:
                lines[e.id] = (size, line)
    return [line for _, line in sorted(lines.values(), key=lambda x: -x[0])][:MOST_LINES]


def to_watch(judged: Iterable[Judgement], as_of: AsOf) -> list[tuple[str, str]]:
    """Series whose last period moved by a tenth or more, the latest news first: (claim, line)."""
    lines: dict[str, tuple[dt.date, float, tuple[str, str]]] = {}
    for j in (j for j in judged if j.id in watched()):
        for e in j.current.evidence:
            last = e.last
            if (
                e.kind != "indicator"
                or last is None
                or last.value is None
                or not last.before
                or e.reaches is None
            ):
                continue
            size = abs(last.value - last.before) / abs(last.before)
            if size < LEAST_CHANGE or (as_of.date - e.reaches).days > 800:
                continue
            unit = _series_unit(e)
            now, before = (
                f"{words.bare(v, unit)} {_when(p)}"
                for v, p in ((last.value, last.period), (last.before, last.before_period))
            )
            line = f"{words.capital(_what(e))}: {now}, {before}, {_DIRECTION[last.direction]}."
            if e.id not in lines or lines[e.id][:2] < (e.reaches, size):
                lines[e.id] = (e.reaches, size, (j.id, line))
    return [line for _, _, line in sorted(lines.values(), key=lambda x: (x[0], x[1]), reverse=True)][
        :MOST_LINES
    ]


def _series_unit(e: Evidence) -> str:
    """The unit of the series behind a reading; the reading itself may be a ratio of two periods."""
    m = e.outcome.measurement if e.outcome else None
    return m.unit if m is not None else e.unit


def _what(e: Evidence) -> str:
    """What the series is, without what was compared in it."""
    return e.why.split(", the last years against")[0].removeprefix("the ")


def unseen(judged: Iterable[Judgement]) -> list[tuple[str, str]]:
    """Claims that the record does not decide, with what would: (claim, line)."""
    open_ = [j for j in judged if j.current.answer not in DECIDED]
    needs = {j.id: f" What would tell: {words.sentence(j.needs)}" if j.needs else "" for j in open_}
    return [(j.id, words.sentence(j.claim) + needs[j.id]) for j in open_]


def document(
    judged: Sequence[Judgement], found: Sequence[Lead], dyad: Dyad, as_of: AsOf, holdings: Holdings
) -> Document:
    """The first page as a document: headline, three sentences, topics, what changed, what to watch, the claims."""
    blocks: list[Block] = []
    for lead in found:
        inner: tuple[Block, ...] = (lead.finding,) if lead.series is None else (lead.finding, lead.series)
        blocks.append(Section(lead.heading, inner))
    rows = changed(judged)
    if rows:
        blocks.append(
            Section(
                "What changed since March 2023",
                (
                    Table(
                        (Column("what"), Column("as known then"), Column("as known now")),
                        tuple(r[1:] for r in rows),
                    ),
                ),
            )
        )
    lines = to_watch(judged, as_of)
    if lines:
        blocks.append(Section("What to watch", tuple(Say(line) for _, line in lines)))
    blind = unseen(judged)
    if blind:
        blocks.append(Section("What records cannot see", tuple(Say(line, "note") for _, line in blind)))
    blocks.append(Section("The claims of the 2023 paper", (table(judged),), detail=True))
    sources = [s for lead in found if lead.measurement for s in lead.measurement.sources]
    return Document(
        kind="brief",
        title=headline(found, dyad),
        summary=tuple(lead.finding.sentence for lead in front(found)[:3]),
        blocks=tuple(blocks),
        data={
            "lead": [
                {"topic": x.topic.id, "claim": x.judgement.id, "heading": x.heading, "finding": x.finding}
                for x in found
            ],
            "changed": [dict(zip(("claim", "what", "then", "now"), row, strict=True)) for row in rows],
            "watch": [{"claim": claim, "line": line} for claim, line in lines],
            "unseen": [{"claim": claim, "line": line} for claim, line in blind],
            "claims": [j.to_json() for j in judged],
        },
        dyad=dyad,
        as_of=as_of,
        holdings=holdings.digest[:16],
        sources=source_refs(sources),
    )  # fmt: skip
