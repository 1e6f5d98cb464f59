# SPDX-License-Identifier: Apache-2.0
"""The lead: the topics of the first page, ordered by weight, by change and by who can act.

The list of topics is made here for any two states; site, terminal, PDF and JSON print it. For the
paper's pair, Russia and China, a topic gives the answer of a claim, so that the first page says
nothing that a claim's page does not support. For any other pair it is a topic of their profile.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bilat.document import Finding, Point, Series
from bilat.document import wording as words
from bilat.dyad import Dyad
from bilat.picture.movements import FORCE, Direction, Marks, Movement, last_of_papers_time
from bilat.picture.topics import Topic, topics, unseen
from bilat.verdicts.judgement import DECIDED, Answered, Judgement
from bilat.verdicts.profile import Profile, findings
from bilat.verdicts.profile_document import drawn, unit_of
from bilat.verdicts.prominence import prominence
from bilat.verdicts.questions import ClaimsQuestion
from bilat.verdicts.topics import Facet, owner
from bilat.when import PAPER_DATE

#: The most topics with a chart on the first page; each other topic is one line.
MOST_TOPICS = 4
#: The factor for the score of a topic whose finding is history.
HISTORY = 0.9
#: A finding is history if a smaller share of its evidence is recent.
LEAST_RECENT = 0.5
#: The most words of a headline made of two headings; with more, only the first is printed.
LONGEST_TITLE = 25
#: What the score of a topic gains if it is about what passes between the two states.
BETWEEN = 1.0
#: What it gains if its answer has changed since the paper was written.
CHANGED = 1.5
#: What it gains if somebody is named who can act on it.
ACTIONABLE = 0.5
#: Periods that a chart of a profile needs.
LEAST_PERIODS = 3
#: The factor for the score of an answer, by how sure it is.
_SURE = {"firm": 1.0, "fair": 0.7, "thin": 0.4}


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
    """Return the claim whose answer a topic gives; None if none has one.

    A "no" to the topic's first claim is news. The other claims count only if they hold at least in
    part.
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
        score=_score(topic, judgement),
        says=finding.sentence,
        between=topic.between,
        claim=judgement.id,
        unseen=topic.unseen,
        sources=tuple(judgement.sources),
    )


def _score(topic: Topic, judgement: Judgement) -> float:
    """Return the score of a topic for its place on the page."""
    current = judgement.current
    score = topic.weight
    if topic.between:
        score += BETWEEN
    if judgement.as_of.date > PAPER_DATE and judgement.when_written.answer != current.answer:
        score += CHANGED
    if topic.who:
        score += ACTIONABLE
    if _history_to(current):
        score *= HISTORY
    return score * _SURE[current.sure]


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
    if answered.living_share >= LEAST_RECENT:
        return None
    if not answered.evidence_to or answered.day is None:
        return None
    last_year = answered.evidence_to[-1].year
    return last_year if last_year < answered.day.year else None


# -- any other pair --------------------------------------------------------------------------------


def of_profile(found: Profile, marks: Marks = ()) -> list[Lead]:
    """Return the topics of two states' profile in the order of the page.

    Parameters
    ----------
    marks
        what the charts of :data:`FORCE` mark, as :func:`treaty_marks` returns it.
    """
    leads = [_of_facet(t, found, marks if t.name in FORCE else ()) for t in findings(found)]
    return _between_first(leads)


def _of_facet(facet: Facet, found: Profile, marks: Marks) -> Lead:
    chart = drawn(facet, found.dyad, facet.heading or facet.title, marks)
    points = chart.points
    is_charted = facet.name != "war" and not facet.absent
    has_periods = len({p.period for p in points}) >= LEAST_PERIODS
    series = chart if is_charted and has_periods else None
    movement = None
    if facet.last and facet.name in _FOLLOWED and not facet.absent:
        movement = _of_points(facet, points)
    headline_ = facet.headline
    sentence = facet.sentence
    so_what = " ".join(_remarks_below(facet))
    if headline_ and not facet.heading:
        # The sentence itself is the heading, so the finding below it is the next sentence.
        sentence = facet.more[0] if facet.more else facet.sentence
        so_what = ""
    then, now, way = movement.figures if movement else NO_FIGURES
    finding = Finding(
        sentence=sentence,
        topic=facet.title,
        sure=facet.sure,
        evidence_to=(facet.data_to,) if facet.data_to else (),
        so_what=so_what,
        then=then,
        now=now,
        direction=way,
        subject=found.dyad,
    )
    score = prominence(facet, found.dyad, found.as_of).score * _SURE[facet.sure]
    return Lead(
        facet.name,
        headline_ or facet.title,
        finding,
        movement=movement,
        series=series,
        score=score,
        says=facet.sentence,
        between=bool(headline_),  # only a topic with a headline shares that of the page
        unseen=unseen().get(facet.name, ""),
        sources=facet.sources,
        absent=facet.absent,
        documents=tuple(remark.text for remark in facet.remarks if remark.document),
    )


def _remarks_below(facet: Facet) -> list[str]:
    """Return the first remark of a finding, and the first that is from a document.

    A record counts deliveries and votes. A document says what was signed, which matters more.
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
        then=last_of_papers_time(p for p in mine if p.period <= last.period),
        topic=facet.name,
    )


_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
#: A topic shares the headline of the first if it has at least this share of its score.
LEAST_OF_FIRST = 0.25
#: A higher score of the first topic counts as this: a use of force, whose score is far above all
#: others, does not exclude the rest.
LARGE = 1.0


def _stands_out(lead: Lead, first: Lead) -> bool:
    """Return whether a topic matters enough to be named in one headline with the first."""
    return lead.score >= LEAST_OF_FIRST * min(first.score, LARGE)


def summary_of(found: Sequence[Lead]) -> tuple[str, ...]:
    """Return the three sentences at the head of a page.

    First come the topics that stand out, then what their documents add, then the other topics.
    """
    recorded = [lead for lead in found if not lead.absent]
    strong = [lead for lead in recorded if _stands_out(lead, recorded[0])]
    weak = [lead for lead in recorded if lead not in strong]
    sentences = [lead.says for lead in strong]
    sentences += [lead.documents[0] for lead in strong if _document_adds(lead)]
    sentences += [lead.says for lead in weak]
    return tuple(sentences[:3])


def _document_adds(lead: Lead) -> bool:
    """Return whether the first document of a topic names a year that its finding does not."""
    return bool(lead.documents) and not _years(lead.documents[0]) <= _years(lead.says)


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
    first = recorded[0]
    if len(recorded) == 1:
        return first.heading
    second = recorded[1]
    if not second.between or not _stands_out(second, first):
        return first.heading
    both = f"{first.heading}; {_within_sentence(second.heading)}"
    return both if len(both.split()) <= LONGEST_TITLE else first.heading


def _within_sentence(heading: str) -> str:
    """Return a heading as it is written after a semicolon."""
    if heading.split()[0] in _SMALL:
        return heading[:1].lower() + heading[1:]
    return heading


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
