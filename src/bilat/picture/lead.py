# SPDX-License-Identifier: Apache-2.0
"""The lead: the topics of the first page, chosen by consequence, by change and by who can act.

One list is made here, for any two states; site, terminal, PDF and JSON print it. Of the paper's pair a topic's finding
is the answer of a claim, so that nothing is said on the first page that no claim's page supports; of any other pair it
is a topic of their profile.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal, TypeAlias

from bilat.catalog import short_producer
from bilat.document import Figure, Finding, Point, Series
from bilat.document import wording as words
from bilat.dyad import Dyad
from bilat.errors import Damaged, DataError
from bilat.holdings import Holdings
from bilat.measures import Measurement, ask_for
from bilat.package_files import read_package_toml
from bilat.units import Unit, of_one_year
from bilat.verdicts.document import drawn, unit_of
from bilat.verdicts.evidence import documents
from bilat.verdicts.judgement import DECIDED, Answered, Judgement
from bilat.verdicts.profile import Profile, findings
from bilat.verdicts.prominence import prominence
from bilat.verdicts.questions import ClaimsQuestion
from bilat.verdicts.topics import Between, Facet, owner
from bilat.verdicts.topics.treaties import kind_of
from bilat.when import PAPER_DATE, AsOf, Period

#: Topics with a chart on the first page; the others stand there as a line.
MOST_TOPICS = 4
#: A change of less than a tenth is none.
LEAST_CHANGE = 0.1
#: What is left of the score of a finding that is history.
HISTORY = 0.9
#: Less of late makes a finding history.
HALF = 0.5
#: Words of a headline of two headings; where they have more the first stands alone.
LONGEST_TITLE = 25
#: Topics and series on whose charts treaties of the two are marked.
FORCE = frozenset({"arms", "exercises", "troops", "pyongyang", "tehran"})
Direction: TypeAlias = Literal["", "up", "flat", "down"]
Marks: TypeAlias = tuple[tuple[dt.date, str], ...]
_SURE = {"firm": 1.0, "fair": 0.7, "thin": 0.4}


@dataclass(frozen=True)
class Topic:
    """A topic as declared: the claims that answer it, and what each answer means."""

    id: str
    name: str
    claims: tuple[str, ...]
    weight: float
    heading: dict[str, str]
    history: dict[str, str]  #: the headings in the past tense
    so: dict[str, str] = field(default_factory=dict)
    between: bool = False
    series: str = ""
    who: str = ""
    unseen: str = ""


@dataclass(frozen=True)
class Gauge:
    """A series that is followed: what is measured, in which words, and what its rise and fall mean."""

    id: str
    name: str
    measure: str
    groups: tuple[str, ...]
    labels: tuple[
        str, ...
    ] = ()  #: what the groups are called on the chart, where not by their own names
    sum: str = ""  #: what the groups are called where they are added up
    unit: str = ""
    subtitle: str = ""
    up: str = ""
    down: str = ""
    marks: dict[str, str] = field(
        default_factory=dict
    )  #: documents whose day stands on the chart, with its word
    pair: tuple[str, str] | tuple[()] = ()
    params: dict[str, str] = field(default_factory=dict)
    earlier: dict[str, str] = field(
        default_factory=dict
    )  #: parameters that ask for an earlier record, which goes on where the newest one begins


@dataclass(frozen=True)
class Movement:
    """A series with its last whole period, the one before, and the last that was over when the paper was written."""

    id: str
    name: str
    unit: str
    last: Point
    before: Point | None
    then: Point | None
    up: str = ""
    down: str = ""
    topic: str = ""
    series: Series | None = None
    measurement: Measurement | None = None

    @property
    def direction(self) -> Direction:
        """Where the last period stands against the one before it."""
        return direction(self.before, self.last)

    @property
    def figures(self) -> tuple[Figure | None, Figure | None, Direction]:
        """The figure when the paper was written, the last, and where it went."""
        then = self.then if self.then is not self.last else None
        was, now = (self._figure(p) if p else None for p in (then, self.last))
        return was, now, direction(self.then, self.last)

    def _figure(self, point: Point) -> Figure:
        m = self.measurement
        return Figure(
            point.value,
            self.unit,
            text=self.written(point),
            subject=m.subject if m else None,
            figure=f"series {self.id}, as known on {m.as_of}: {point.period}" if m else "",
        )

    def written(self, point: Point) -> str:
        """A point in words: ``30 million SIPRI points in 2024``, ``33.4% in 2024``."""
        if point.unrecorded:
            return f"none on record in {words.period(point.period)}"
        unit = of_one_year(self.unit) if words.is_year(point.period) else self.unit
        shown = words.unit_kind(unit) in ("share", "percent", "count", "ratio")
        value = words.value_text(point.value, unit) if shown else words.figure(point.value, unit)
        return f"{value} {'on' if len(point.period) == 10 else 'in'} {words.period(point.period)}"

    def change(self, first: Point, last: Point) -> str:
        """Return a change in words: ``from 30 million SIPRI points in 2024 to 66 million ...``."""
        begins = self.written(first)
        ends = self.written(last)
        unit = _shared_unit(begins, ends)
        return f"from {begins} to {ends.replace(unit, '', 1) if unit else ends}"


def _shared_unit(one: str, other: str) -> str:
    """Return the unit that two dated amounts end with, which need not be said twice."""
    amounts = [re.split(r" (?:in|on) ", text)[0].split() for text in (one, other)]
    shared: list[str] = []
    for word, same in zip(*map(reversed, amounts), strict=False):
        if word != same or word in ("million", "billion") or any(map(str.isdigit, word)):
            break
        shared.insert(0, word)
    return "".join(f" {word}" for word in shared)


@dataclass(frozen=True)
class Lead:
    """A topic with its answer: the heading, the finding, its chart where a series is held."""

    id: str
    heading: str
    finding: Finding
    movement: Movement | None
    series: Series | None
    score: float
    says: str = ""  #: the finding in one sentence
    between: bool = True  #: whether it is about what passes between the two
    claim: str = ""  #: the claim that carries it; blank where a profile does
    unseen: str = ""
    sources: tuple[str, ...] = ()  #: names in the catalog
    absent: bool = False  #: nothing is on record, or nobody searched: such a topic leads no page
    documents: tuple[str, ...] = ()  #: sentences of documents beside the finding, the best first

    @property
    def line(self) -> str:
        """The topic in one line: its heading, or its sentence where the heading only names it."""
        return self.says if self.heading == self.finding.topic else f"{self.heading}."


#: The figures of a topic without a series.
NO_FIGURES: tuple[None, None, Direction] = (None, None, "")


def direction(before: Point | None, last: Point) -> Direction:
    """Up or down where a figure moved by a tenth or more; blank where there is none before."""
    if before is None or before.value is None or last.value is None:
        return ""
    change = last.value - before.value
    if abs(change) < LEAST_CHANGE * abs(before.value) or not change:
        return "flat"
    return "up" if change > 0 else "down"


# -- the paper's pair ------------------------------------------------------------------------------------------


@cache
def _declared() -> tuple[tuple[Topic, ...], tuple[Gauge, ...], dict[str, str]]:
    raw = read_package_toml("bilat.picture", "topics.toml")
    gauges_ = tuple(
        Gauge(**{**g, **{k: tuple(g.get(k, ())) for k in ("groups", "labels", "pair")}})
        for g in raw["series"]
    )
    made = tuple(Topic(**{**t, "claims": tuple(t["claims"])}) for t in raw["topic"])
    return made, gauges_, raw["unseen"]


@cache
def other_pairs() -> tuple[Dyad, ...]:
    """The other pairs for which a site has a first page."""
    raw = read_package_toml("bilat.picture", "topics.toml")
    return tuple(map(Dyad.read, raw["pairs"]))


def topics() -> tuple[Topic, ...]:
    """The topics of the paper's pair."""
    return _declared()[0]


def gauges() -> tuple[Gauge, ...]:
    """The series that are followed of the paper's pair."""
    return _declared()[1]


def movements(dyad: Dyad, as_of: AsOf, holdings: Holdings) -> dict[str, Movement]:
    """Each followed series of the paper's pair that was public at the date and has a whole period, by id."""
    found = {}
    papers = documents(as_of, holdings)
    for gauge in gauges():
        made = _measured(gauge, dyad, as_of, holdings)
        if made is not None and made.series is not None:
            told = [
                (Period(papers[d]["period"]).end, word)
                for d, word in gauge.marks.items()
                if d in papers
            ]
            pair = Dyad(*gauge.pair) if gauge.pair else dyad
            treaties = treaty_marks(pair, as_of, holdings) if gauge.id in FORCE else ()
            made = replace(made, series=replace(made.series, marks=(*told, *treaties)))
        if made is not None:
            found[gauge.id] = made
    return found


def movement_as_of(series: str, dyad: Dyad, as_of: AsOf, holdings: Holdings) -> Movement | None:
    """Return a followed series of the paper's pair as it was public on a date; None where it was not."""
    return next(
        (_measured(gauge, dyad, as_of, holdings) for gauge in gauges() if gauge.id == series), None
    )


def _measured(gauge: Gauge, dyad: Dyad, as_of: AsOf, holdings: Holdings) -> Movement | None:
    """Return the movement of a followed series, without the marks of its chart."""
    try:
        pair = Dyad(*gauge.pair) if gauge.pair else dyad
        m = ask_for(gauge.measure, pair, as_of=as_of, holdings=holdings, **gauge.params)
        old = _earlier(gauge, pair, as_of, holdings)
    except DataError:  # nothing of it was public at that date
        return None
    unit = m.unit.reworded(gauge.unit) if gauge.unit else m.unit
    names = dict(zip(gauge.groups, gauge.labels or gauge.groups, strict=True))
    points = [p for p in m.points if p.group in names and p.value is not None]
    points = _continued(old, points, names)
    if gauge.sum:
        points = _summed(points, len(names))
    elif len(names) > 1:
        points = [replace(p, group=names[p.group]) for p in points]
    else:
        points = [replace(p, group="") for p in points]
    begins = min((p.period for p in m.points), default="")
    return _movement(gauge, unit, tuple(points), m, begins)


def _earlier(gauge: Gauge, pair: Dyad, as_of: AsOf, holdings: Holdings) -> list[Point]:
    """The points of the earlier record of a series; none where it declares none."""
    if not gauge.earlier:
        return []
    params = gauge.params | gauge.earlier
    return [*ask_for(gauge.measure, pair, as_of=as_of, holdings=holdings, **params).points]


def _continued(earlier: Iterable[Point], newest: list[Point], groups: Iterable[str]) -> list[Point]:
    """The points of the newest record, and those of an earlier one that come before its first."""
    known = set(groups)
    first = min((p.period for p in newest), default="")
    old = [p for p in earlier if p.group in known and p.value is not None]
    return [*(p for p in old if not first or p.period < first), *newest]


def _summed(points: Iterable[Point], groups: int) -> list[Point]:
    """The sum of all groups in each period that has them all."""
    by: dict[str, list[Point]] = {}
    for p in points:
        by.setdefault(p.period, []).append(p)
    whole = [ps for ps in by.values() if len(ps) == groups]
    return [
        replace(
            ps[0],
            group="",
            value=sum(p.value or 0.0 for p in ps),
            low=None,
            high=None,
            note=_note_of_all(ps),
            revised=any(p.revised for p in ps),
            open=any(p.open for p in ps),
        )
        for ps in whole
    ]


def _note_of_all(points: list[Point]) -> str:
    """The note that all points have: the note of one, such as its growth, is untrue of the sum."""
    notes = {p.note for p in points}
    return notes.pop() if len(notes) == 1 else ""


def _movement(
    gauge: Gauge, unit: Unit, points: tuple[Point, ...], measurement: Measurement, begins: str
) -> Movement | None:
    """The movement of a series; then and now are of one record, which begins with a period."""
    order = (gauge.labels or gauge.groups) if len(gauge.groups) > 1 and not gauge.sum else ("",)
    mine = [p for p in points if p.group == order[0] and not p.open]
    if not mine:
        return None
    series = None
    if gauge.subtitle and len({p.period for p in points}) > 1:
        makers = "; ".join(
            dict.fromkeys(short_producer(s["producer"]) for s in measurement.sources)
        )
        series = Series(
            gauge.name, unit, points, subtitle=gauge.subtitle, focus=order, source=makers
        )
    return Movement(
        gauge.id,
        gauge.name,
        unit,
        mine[-1],
        mine[-2] if mine[1:] else None,
        known_then(p for p in mine if p.period >= begins),
        gauge.up,
        gauge.down,
        next((t.id for t in topics() if t.series == gauge.id), ""),
        series,
        measurement,
    )


def known_then(points: Iterable[Point]) -> Point | None:
    """The last point whose period was over when the paper was written."""
    limit = words.fraction(PAPER_DATE)
    return next(
        (p for p in [*points][::-1] if (end := words.extent(p.period)) and end[1] <= limit), None
    )


def of_claims(judged: Iterable[Judgement], moved: dict[str, Movement]) -> list[Lead]:
    """The topics of the paper's pair that have an answer, the weightiest first.

    A topic scores by its weight, by whether it passes between the two, by whether its answer has changed since the
    paper, by whether somebody can act on it, and by how sure the answer is.
    """
    by = {j.id: j for j in judged}
    found = []
    for topic in topics():
        for n, claim in enumerate(topic.claims):
            j = by.get(claim)
            if j is not None and j.current.answer in (DECIDED if n == 0 else ("yes", "in part")):
                found.append(_of_claim(topic, j, moved.get(topic.series)))
                break
    return ordered(found)


def ordered(found: list[Lead]) -> list[Lead]:
    """Sort by weight, after the two that make the headline: what passes between the two states."""
    return _between_first(sorted(found, key=lambda lead: -lead.score))


def _between_first(found: list[Lead]) -> list[Lead]:
    """In the order given, after the two that make the headline."""
    first = [lead for lead in found if lead.between and not lead.absent][:2]
    return [*first, *(lead for lead in found if lead not in first)]


def _of_claim(topic: Topic, judgement: Judgement, movement: Movement | None) -> Lead:
    current = judgement.current
    heading = _heading(topic, current)
    series = replace(movement.series, title=heading) if movement and movement.series else None
    changed = judgement.as_of.date > PAPER_DATE and judgement.when_written.answer != current.answer
    score = topic.weight + topic.between + 1.5 * changed + 0.5 * bool(topic.who)
    score *= HISTORY if _history_to(current) else 1.0
    then, now, way = movement.figures if movement else NO_FIGURES
    finding = Finding(
        sentence=current.clause,
        topic=topic.name,
        answer=current.answer,
        sure=current.sure,
        then=then,
        now=now,
        direction=way,
        so_what=topic.so.get(current.answer, ""),
        who=topic.who,
        evidence_to=current.evidence_to,
        rests_on=current.foundation.sentence,
        ask=ClaimsQuestion(judgement.id),
        subject=judgement.dyad,
    )
    return Lead(
        topic.id,
        heading,
        finding,
        movement,
        series,
        score * _SURE[current.sure],
        finding.sentence,
        topic.between,
        judgement.id,
        topic.unseen,
        tuple(judgement.sources),
    )


def _heading(topic: Topic, answered: Answered) -> str:
    """The heading of an answer, in the past tense with its last year where it is history."""
    year = _history_to(answered)
    if year is None:
        return topic.heading[answered.answer]
    return f"{topic.history[answered.answer]} (to {year})"


def _history_to(answered: Answered) -> int | None:
    """Return the year in which an answer's evidence ends that is history; None for one that is not.

    It is history where a side that its sentence prints has old evidence alone, or where most of
    what it prints is old and nothing is of the year asked.
    """
    if answered.has_old_side:
        return max(e.content_to for e in answered.old_leads if e.content_to).year
    ends = answered.evidence_to
    if answered.living_share >= HALF or not ends or answered.day is None:
        return None
    return ends[-1].year if ends[-1].year < answered.day.year else None


# -- any other pair ------------------------------------------------------------------------------------------


def of_profile(found: Profile, marks: Marks = ()) -> list[Lead]:
    """The topics of two states' profile, the weightiest first: what is on record before what is not, new before old;
    ``marks`` stand on the charts of force."""
    leads = [_of_facet(t, found, marks if t.name in FORCE else ()) for t in findings(found)]
    return _between_first(leads)


def treaty_marks(dyad: Dyad, as_of: AsOf, holdings: Holdings) -> Marks:
    """The days on which treaties of these two alone took force, and what each treaty is."""
    query = (
        "SELECT DISTINCT starts, class FROM events "
        "WHERE event_type = 'alliance' AND participants IN (?, ?) ORDER BY 1"
    )
    both = (f"{dyad.a};{dyad.b}", f"{dyad.b};{dyad.a}")
    with contextlib.suppress(Damaged):
        rows = Between(dyad, as_of, holdings).rows(query, *both, needs=("events",))
        return tuple((day, kind_of(duties or "")) for day, duties in rows if day <= as_of.date)
    return ()


def _of_facet(facet: Facet, found: Profile, marks: Marks) -> Lead:
    chart = drawn(facet, found.dyad, facet.heading or facet.title, marks)
    points = chart.points
    series = (
        None
        if facet.name == "war" or facet.absent or len({p.period for p in points}) < 3
        else chart
    )
    movement = (
        _of_points(facet, points)
        if facet.last and facet.name in _FOLLOWED and not facet.absent
        else None
    )
    short = facet.headline
    # Where the sentence itself is the heading, what stands below it is the next one.
    whole = not facet.heading and bool(short)
    then, now, way = movement.figures if movement else NO_FIGURES
    finding = Finding(
        sentence=facet.more[0] if whole and facet.more else facet.sentence,
        topic=facet.title,
        sure=facet.sure,
        evidence_to=(facet.data_to,) if facet.data_to else (),
        so_what="" if whole else " ".join(_beside(facet)),
        then=then,
        now=now,
        direction=way,
        subject=found.dyad,
    )
    score = prominence(facet, found.dyad, found.as_of).score * _SURE[facet.sure]
    return Lead(
        facet.name,
        short or facet.title,
        finding,
        movement,
        series,
        score,
        facet.sentence,
        bool(short),
        unseen=_declared()[2].get(facet.name, ""),
        sources=facet.sources,
        absent=facet.absent,
        documents=tuple(remark.text for remark in facet.remarks if remark.document),
    )


def _beside(facet: Facet) -> list[str]:
    """The first remark under a finding, and the first document where that remark is of a record.

    A record counts what came; a document tells what was signed, which an expert would say first.
    """
    documents = [remark.under(facet) for remark in facet.remarks if remark.document]
    return list(dict.fromkeys([*facet.more[:1], *documents[:1]]))


#: What the series of a topic is called where it is followed, from its group; other topics' series are not.
_FOLLOWED: dict[str, Callable[[str], str]] = {
    "arms": lambda group: f"Arms, {words.group(group)}",
    "troops": lambda _: "American troops stationed in the other state",
    "trade": words.capital,
    "technology": lambda group: f"Chips, {words.group(group)}",
    "energy": lambda group: _energy(group),
    "exercises": lambda _: "Joint exercises with Russia or China",
}


def _energy(group: str) -> str:
    """Gas by what it is called; crude, whose group is a state, as that state's share."""
    if group.startswith("Gas "):
        return group
    return words.capital(f"{owner(group)} share of China's crude")


def _of_points(facet: Facet, points: tuple[Point, ...]) -> Movement | None:
    """The series whose last two periods the topic names."""
    assert facet.last is not None
    for group in dict.fromkeys(p.group for p in points):
        mine = [p for p in points if p.group == group]
        last = next(
            (p for p in mine if (p.period, p.value) == (facet.last.period, facet.last.value)), None
        )
        if last is not None:
            before = next((p for p in mine if p.period == facet.last.before_period), None)
            whole = [p for p in mine if p.period <= last.period]
            return Movement(
                facet.name,
                _FOLLOWED[facet.name](group),
                unit_of(facet),
                last,
                before,
                known_then(whole),
                topic=facet.name,
            )
    return None


_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
#: Score of a topic, as a part of the first one's, below which it shares no headline with it.
LEAST_BESIDE = 0.25
#: Score of a large topic: force that leads a page scores more, and leaves room beside it.
LARGE = 1.0


def _carries(lead: Lead, first: Lead) -> bool:
    """Whether a topic stands out enough to be told in one breath with the first."""
    return lead.score >= LEAST_BESIDE * min(first.score, LARGE)


def summary_of(found: Sequence[Lead]) -> tuple[str, ...]:
    """The three sentences that head a page: topics that carry it, what documents add, the others.

    A document that names no other year than the finding beside which it stands adds nothing.
    """
    recorded = [lead for lead in found if not lead.absent]
    strong = [lead for lead in recorded if _carries(lead, recorded[0])]
    weak = [lead for lead in recorded if lead not in strong]
    added = [text for x in strong for text in x.documents[:1] if not _years(text) <= _years(x.says)]
    return tuple([*(x.says for x in strong), *added, *(x.says for x in weak)][:3])


def _years(text: str) -> set[str]:
    return set(_YEAR.findall(text))


def headline(found: list[Lead], dyad: Dyad) -> str:
    """A sentence made of the first headings of what passes between the two; of the first of all where only one does."""
    recorded = [lead for lead in found if not lead.absent]
    if not recorded:
        return f"We have no public data on {dyad.name} at this date"
    heads = [lead for lead in recorded[:2] if lead.between or lead is recorded[0]]
    first, *more = (lead.heading for lead in heads if _carries(lead, recorded[0]))
    if not more:
        return first
    rest = more[0]
    both = f"{first}; {rest[:1].lower() + rest[1:] if rest.split()[0] in _SMALL else rest}"
    return both if len(both.split()) <= LONGEST_TITLE else first


#: Words with which a heading begins that are small after a semicolon.
_SMALL = frozenset(
    [
        "They",
        "No",
        "The",
        "Some",
        "Something",
        "There",
        "A",
        "About",
        "An",
        "One",
        "Sanctions",
        "By",
        "Up",
        "More",
        "In",
        "Their",
        "Attack",
        "Clash",
        "Reported",
        "Deadly",
        "Threat",
        "Two",
        "Three",
        "Four",
        "Five",
        "Six",
        "Seven",
        "Eight",
        "Nine",
        "Ten",
        "War",
    ]
)
