# SPDX-License-Identifier: Apache-2.0
"""The lead: the topics of the first page, ordered by weight, by change and by who can act.

The list of topics is made here for any two states; site, terminal, PDF and JSON print it. For the
paper's pair, Russia and China, the finding of a topic is the answer of a claim, so that the first
page says nothing that a claim's page does not support. For any other pair it is a topic of their
profile.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
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

#: The most topics with a chart on the first page; each other topic is one line.
MOST_TOPICS = 4
#: A smaller relative change counts as none.
LEAST_CHANGE = 0.1
#: The factor for the score of a topic whose finding is history.
HISTORY = 0.9
#: A finding is history if a smaller part of its evidence is recent.
HALF = 0.5
#: The most words of a headline made of two headings; with more, only the first is printed.
LONGEST_TITLE = 25
#: Topics and series whose charts mark the treaties of the two states.
FORCE = frozenset({"arms", "exercises", "troops", "pyongyang", "tehran"})
#: What the score of a topic gains if its answer has changed since the paper was written.
CHANGED = 1.5
#: What it gains if somebody is named who can act on it.
ACTIONABLE = 0.5
#: Periods that a chart of a profile needs.
LEAST_PERIODS = 3
Direction: TypeAlias = Literal["", "up", "flat", "down"]
#: Days that a chart marks, each with its word.
Marks: TypeAlias = tuple[tuple[dt.date, str], ...]
#: The factor for the score of an answer, by how sure it is.
_SURE = {"firm": 1.0, "fair": 0.7, "thin": 0.4}


@dataclass(frozen=True)
class Topic:
    """A topic of the paper's pair, as ``topics.toml`` declares it.

    Parameters
    ----------
    claims
        the claims that answer it: the first of them that has an answer does.
    weight
        the score to which the reasons for its place are added.
    heading, history, so
        for each answer: the heading, the heading in the past tense, and what follows from it.
    between
        whether it is about what passes between the two states.
    series
        the followed series that its chart shows; blank for none.
    who
        who can act on it.
    unseen
        what public data cannot show of it.
    """

    id: str
    name: str
    claims: tuple[str, ...]
    weight: float
    heading: dict[str, str]
    history: dict[str, str]
    so: dict[str, str] = field(default_factory=dict)
    between: bool = False
    series: str = ""
    who: str = ""
    unseen: str = ""


@dataclass(frozen=True)
class Gauge:
    """A series that is followed, as ``topics.toml`` declares it.

    Parameters
    ----------
    groups
        the groups of the measure that are shown.
    labels
        their names on the chart, if others than their own.
    sum
        the name of the sum of the groups; blank if they are not added up.
    unit
        the unit in a reader's words; blank for that of the measure.
    up, down
        what a rise and a fall mean.
    marks
        documents whose day the chart marks, each with its word.
    pair
        the two states that the measure is asked for, if others than the page's.
    params
        parameters of the measure.
    earlier
        parameters that ask for an older record, which is shown up to where the newest one begins.
    """

    id: str
    name: str
    measure: str
    groups: tuple[str, ...]
    labels: tuple[str, ...] = ()
    sum: str = ""
    unit: str = ""
    subtitle: str = ""
    up: str = ""
    down: str = ""
    marks: dict[str, str] = field(default_factory=dict)
    pair: tuple[str, str] | tuple[()] = ()
    params: dict[str, str] = field(default_factory=dict)
    earlier: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Movement:
    """A series with the periods that a page compares.

    Parameters
    ----------
    last
        the last whole period.
    before
        the whole period before it.
    then
        the last period that was over when the paper was written.
    up, down
        what a rise and a fall mean.
    topic
        the topic whose chart it is.
    """

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
        """Whether the last period is above, level with or below the one before it."""
        return direction(self.before, self.last)

    @property
    def figures(self) -> tuple[Figure | None, Figure | None, Direction]:
        """The figure when the paper was written, the last one, and the direction between the two.

        The first is None if there has been no period since.
        """
        is_newer = self.then is not None and self.then is not self.last
        then = self._figure(self.then) if self.then and is_newer else None
        return then, self._figure(self.last), direction(self.then, self.last)

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
        """Return a point in words: ``30 million SIPRI points in 2024``, ``33.4% in 2024``."""
        if point.unrecorded:
            return f"none on record in {words.period(point.period)}"
        unit = of_one_year(self.unit) if words.is_year(point.period) else self.unit
        is_in_full = words.unit_kind(unit) in ("share", "percent", "count", "ratio")
        write = words.value_text if is_in_full else words.figure
        preposition = "on" if len(point.period) == len("2024-01-31") else "in"
        return f"{write(point.value, unit)} {preposition} {words.period(point.period)}"

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
    """A topic with its answer: the heading, the finding, and its chart if a series is stored."""

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
    """Return whether a figure rose or fell by a tenth or more; blank if there is none before."""
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
    series = []
    for declared in raw["series"]:
        lists = {k: tuple(declared.get(k, ())) for k in ("groups", "labels", "pair")}
        series.append(Gauge(**(declared | lists)))
    topics_ = tuple(Topic(**{**t, "claims": tuple(t["claims"])}) for t in raw["topic"])
    return topics_, tuple(series), raw["unseen"]


@cache
def other_pairs() -> tuple[Dyad, ...]:
    """Return the other pairs for which a site has a first page."""
    raw = read_package_toml("bilat.picture", "topics.toml")
    return tuple(map(Dyad.read, raw["pairs"]))


def topics() -> tuple[Topic, ...]:
    """Return the topics of the paper's pair."""
    return _declared()[0]


def gauges() -> tuple[Gauge, ...]:
    """Return the series that are followed for the paper's pair."""
    return _declared()[1]


def movements(dyad: Dyad, as_of: AsOf, holdings: Holdings) -> dict[str, Movement]:
    """Return each followed series of the paper's pair by its id, with the marks of its chart.

    Only those with a whole period that was public on the date are returned.
    """
    found = {}
    papers = documents(as_of, holdings)
    for gauge in gauges():
        made = _measured(gauge, dyad, as_of, holdings)
        if made is not None and made.series is not None:
            marked = [
                (Period(papers[d]["period"]).end, word)
                for d, word in gauge.marks.items()
                if d in papers
            ]
            pair = Dyad(*gauge.pair) if gauge.pair else dyad
            treaties = treaty_marks(pair, as_of, holdings) if gauge.id in FORCE else ()
            made = replace(made, series=replace(made.series, marks=(*marked, *treaties)))
        if made is not None:
            found[gauge.id] = made
    return found


def movement_as_of(series: str, dyad: Dyad, as_of: AsOf, holdings: Holdings) -> Movement | None:
    """Return a followed series of the paper's pair as public on a date; None if it was not."""
    for gauge in gauges():
        if gauge.id == series:
            return _measured(gauge, dyad, as_of, holdings)
    return None


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
    """Return the points of the older record of a series; none if it declares none."""
    if not gauge.earlier:
        return []
    params = gauge.params | gauge.earlier
    return [*ask_for(gauge.measure, pair, as_of=as_of, holdings=holdings, **params).points]


def _continued(earlier: Iterable[Point], newest: list[Point], groups: Iterable[str]) -> list[Point]:
    """Return the points of the newest record, after those of an older one before its first."""
    known = set(groups)
    first = min((p.period for p in newest), default="")
    old = [p for p in earlier if p.group in known and p.value is not None]
    return [*(p for p in old if not first or p.period < first), *newest]


def _summed(points: Iterable[Point], groups: int) -> list[Point]:
    """Return the sum of all groups for each period that has every group."""
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
    """Return the note that all points share; a note on one, such as its growth, is left out."""
    notes = {p.note for p in points}
    return notes.pop() if len(notes) == 1 else ""


def _movement(
    gauge: Gauge, unit: Unit, points: tuple[Point, ...], measurement: Measurement, begins: str
) -> Movement | None:
    """Return the movement of the first group of a series; None without a whole period.

    Parameters
    ----------
    begins
        the first period of the newest record: figures of an older one are not compared with it.
    """
    is_one_line = len(gauge.groups) == 1 or bool(gauge.sum)
    order = ("",) if is_one_line else (gauge.labels or gauge.groups)
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
        last=mine[-1],
        before=mine[-2] if len(mine) > 1 else None,
        then=known_then(p for p in mine if p.period >= begins),
        up=gauge.up,
        down=gauge.down,
        topic=next((t.id for t in topics() if t.series == gauge.id), ""),
        series=series,
        measurement=measurement,
    )


def known_then(points: Iterable[Point]) -> Point | None:
    """Return the last point whose period was over when the paper was written."""
    limit = words.fraction(PAPER_DATE)
    found = None
    for point in points:
        extent = words.extent(point.period)
        if extent and extent[1] <= limit:
            found = point
    return found


def of_claims(judged: Iterable[Judgement], moved: dict[str, Movement]) -> list[Lead]:
    """Return the topics of the paper's pair that have an answer, in the order of the page.

    A topic scores by its weight, by whether it is about what passes between the two, by whether its
    answer has changed since the paper, by whether somebody can act on it, and by how sure the
    answer is.
    """
    by_id = {judgement.id: judgement for judgement in judged}
    found = []
    for topic in topics():
        judgement = _carrier(topic, by_id)
        if judgement is not None:
            found.append(_of_claim(topic, judgement, moved.get(topic.series)))
    return ordered(found)


def _carrier(topic: Topic, judged: Mapping[str, Judgement]) -> Judgement | None:
    """Return the claim whose answer a topic tells; None if none has one.

    A "no" to the topic's first claim is news; the other claims are told only if they hold at least
    in part.
    """
    for claim in topic.claims:
        answers = DECIDED if claim == topic.claims[0] else ("yes", "in part")
        judgement = judged.get(claim)
        if judgement is not None and judgement.current.answer in answers:
            return judgement
    return None


def ordered(found: list[Lead]) -> list[Lead]:
    """Return topics by score, after the two about what passes between the states."""
    return _between_first(sorted(found, key=lambda lead: -lead.score))


def _between_first(found: list[Lead]) -> list[Lead]:
    """Return topics in their order, after the first two about what passes between the states.

    The headline is made of these two.
    """
    first = [lead for lead in found if lead.between and not lead.absent][:2]
    return [*first, *(lead for lead in found if lead not in first)]


def _of_claim(topic: Topic, judgement: Judgement, movement: Movement | None) -> Lead:
    current = judgement.current
    heading = _heading(topic, current)
    series = replace(movement.series, title=heading) if movement and movement.series else None
    changed = judgement.as_of.date > PAPER_DATE and judgement.when_written.answer != current.answer
    score = topic.weight + topic.between + CHANGED * changed + ACTIONABLE * bool(topic.who)
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
        movement=movement,
        series=series,
        score=score * _SURE[current.sure],
        says=finding.sentence,
        between=topic.between,
        claim=judgement.id,
        unseen=topic.unseen,
        sources=tuple(judgement.sources),
    )


def _heading(topic: Topic, answered: Answered) -> str:
    """Return the heading of an answer; in the past tense, with its last year, if it is history."""
    year = _history_to(answered)
    if year is None:
        return topic.heading[answered.answer]
    return f"{topic.history[answered.answer]} (to {year})"


def _history_to(answered: Answered) -> int | None:
    """Return the year in which the evidence ends if an answer is history, otherwise None.

    An answer is history if one side of it has only old evidence, or if most of its evidence is old
    and none is of the year asked.
    """
    if answered.has_old_side:
        return max(e.content_to for e in answered.old_leads if e.content_to).year
    ends = answered.evidence_to
    if answered.living_share >= HALF or not ends or answered.day is None:
        return None
    return ends[-1].year if ends[-1].year < answered.day.year else None


# -- any other pair ------------------------------------------------------------------------------------------


def of_profile(found: Profile, marks: Marks = ()) -> list[Lead]:
    """Return the topics of two states' profile in the order of the page.

    Parameters
    ----------
    marks
        what the charts of :data:`FORCE` mark, as :func:`treaty_marks` returns it.
    """
    leads = [_of_facet(t, found, marks if t.name in FORCE else ()) for t in findings(found)]
    return _between_first(leads)


def treaty_marks(dyad: Dyad, as_of: AsOf, holdings: Holdings) -> Marks:
    """Return the days on which treaties between only these two took force, with what each is."""
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
    is_charted = facet.name != "war" and not facet.absent
    has_periods = len({p.period for p in points}) >= LEAST_PERIODS
    series = chart if is_charted and has_periods else None
    movement = None
    if facet.last and facet.name in _FOLLOWED and not facet.absent:
        movement = _of_points(facet, points)
    short = facet.headline
    # If the sentence itself is the heading, the finding below it is the next sentence.
    is_sentence_heading = not facet.heading and bool(short)
    then, now, way = movement.figures if movement else NO_FIGURES
    finding = Finding(
        sentence=facet.more[0] if is_sentence_heading and facet.more else facet.sentence,
        topic=facet.title,
        sure=facet.sure,
        evidence_to=(facet.data_to,) if facet.data_to else (),
        so_what="" if is_sentence_heading else " ".join(_beside(facet)),
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
        movement=movement,
        series=series,
        score=score,
        says=facet.sentence,
        between=bool(short),  # a topic without a headline of its own makes none with others
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


#: The topics of a profile whose series is followed, each with the series' name made from its group.
_FOLLOWED: dict[str, Callable[[str], str]] = {
    "arms": lambda group: f"Arms, {words.group(group)}",
    "troops": lambda _: "American troops stationed in the other state",
    "trade": words.capital,
    "technology": lambda group: f"Chips, {words.group(group)}",
    "energy": lambda group: _energy(group),
    "exercises": lambda _: "Joint exercises with Russia or China",
}


def _energy(group: str) -> str:
    """Return the name of a series of energy: a gas as it is called, crude by its seller's share."""
    if group.startswith("Gas "):
        return group
    return words.capital(f"{owner(group)} share of China's crude")


def _of_points(facet: Facet, points: tuple[Point, ...]) -> Movement | None:
    """Return the movement of the group whose last two periods the topic names."""
    assert facet.last is not None
    named = (facet.last.period, facet.last.value)
    last = next((p for p in points if (p.period, p.value) == named), None)
    if last is None:
        return None
    mine = [p for p in points if p.group == last.group]
    return Movement(
        facet.name,
        _FOLLOWED[facet.name](last.group),
        unit_of(facet),
        last=last,
        before=next((p for p in mine if p.period == facet.last.before_period), None),
        then=known_then(p for p in mine if p.period <= last.period),
        topic=facet.name,
    )


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
    """Return the headline of a page: the heading of its first topic, with that of the second.

    The second is left out if it is not about what passes between the two, if it weighs too little,
    or if both together are too long.
    """
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


#: First words of headings that are written small after a semicolon; others are names.
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
