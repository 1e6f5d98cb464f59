# SPDX-License-Identifier: Apache-2.0
"""What changed in the last quarter: answers, followed figures, dated events of both states.

The watch's own rules decide what counts: an answer is judged again only where records of it became
public since, and an event counts from its day or from the day of its publication.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow.compute as pc

from bilat.document import wording as words
from bilat.dyad import Dyad
from bilat.forecast.events import DatedEvent, dated_events
from bilat.forecast.reasons import turned_answers
from bilat.holdings import Holdings
from bilat.intake.states import states_in
from bilat.measures import Measurement
from bilat.picture.movements import Movement, direction, movement_as_of
from bilat.verdicts import judge
from bilat.verdicts.judgement import Judgement
from bilat.when import AsOf

#: Days of a quarter.
QUARTER = 92
#: Lines of the section, and events among them.
MOST_LINES = 4
MOST_EVENTS = 2
#: Most words of an event's line.
LONGEST = 25
#: The grade of a document whose own page nobody opened.
UNOPENED = "D"


@dataclass(frozen=True)
class News:
    """A line on something that changed, with what it is about."""

    kind: str  #: answer, figure or event
    about: str  #: the claim, the series, or the day of the event
    line: str


def quarter_before(as_of: AsOf) -> AsOf:
    """Return the day on which the last quarter began."""
    return AsOf(as_of.date - dt.timedelta(days=QUARTER))


def news(
    dyad: Dyad,
    as_of: AsOf,
    moved: Iterable[Movement],
    judged: Sequence[Judgement],
    holdings: Holdings,
) -> list[News]:
    """Return what changed in the last quarter: answers first, then figures, then events."""
    start = quarter_before(as_of)
    found = [
        *_answers(dyad, start, judged, holdings),
        *_figures(dyad, start, moved, holdings),
        *_events(dyad, start, as_of, holdings),
    ]
    return found[:MOST_LINES]


def _answers(
    dyad: Dyad, start: AsOf, judged: Sequence[Judgement], holdings: Holdings
) -> list[News]:
    fresh = [j for j in judged if _has_new_records(j, start.date)]
    if not fresh:
        return []
    before = judge(dyad, start, holdings, only=[j.id for j in fresh], context=False)
    return [
        News(
            "answer",
            c.claim,
            f"Our answer to \u201c{c.says.rstrip('.')}\u201d ({c.claim}) has changed from "
            f"\u201c{c.before}\u201d to \u201c{c.after}\u201d.",
        )
        for c in turned_answers(dyad, before, fresh, holdings)
        if c.published
    ]


def _has_new_records(judgement: Judgement, day: dt.date) -> bool:
    """Return whether a document or a row of an answer became public after a day."""
    if any(e.public_from and e.public_from > day for e in judgement.current.evidence):
        return True
    return any(_known_to(m) > day for m in judgement.measurements)


def _known_to(measurement: Measurement) -> dt.date:
    """Return the day on which the newest row behind a measurement became public."""
    newest: dt.date | None = pc.max(measurement.evidence["known_on"]).as_py()
    return newest or dt.date.min


def _figures(dyad: Dyad, start: AsOf, moved: Iterable[Movement], holdings: Holdings) -> list[News]:
    """Return the followed series whose newest figure is another one by a tenth or more."""
    lines = []
    for m in moved:
        if m.measurement is None or _known_to(m.measurement) <= start.date:
            continue
        before = movement_as_of(m.id, dyad, start, holdings)
        if before is None or direction(before.last, m.last) not in ("up", "down"):
            continue
        line = f"{m.name}: {before.written(before.last)}, then {m.written(m.last)}."
        lines.append(News("figure", m.id, line))
    return lines


def _events(dyad: Dyad, start: AsOf, as_of: AsOf, holdings: Holdings) -> list[News]:
    """Return dated events that involve both, those that bear on a claim first, then the newest."""
    mine = [h for h in dated_events(start, as_of, holdings) if _is_news(h, dyad)]
    ranked = sorted(mine, key=lambda h: (not h.claims, -h.day.toordinal()))
    return [News("event", h.day.isoformat(), _event_line(h)) for h in ranked[:MOST_EVENTS]]


def _is_news(event: DatedEvent, dyad: Dyad) -> bool:
    """Return whether an event has a day and involves both states, and its line is short and names
    them both."""
    line = event.headline or event.what
    short = len(line.split()) <= LONGEST and event.when == event.day.isoformat()
    return short and event.actors >= set(dyad) and set(states_in(line)) >= set(dyad)


def _event_line(event: DatedEvent) -> str:
    """Return an event with its day, where it does not say the day itself, and who tells of it."""
    line = (event.headline or event.what).rstrip(".")
    dated = words.day(event.day).split(" ", 1)[1] in line
    said = line if dated else f"{words.day(event.day)}: {line}"
    unread = " (original page not seen)" if event.grade.startswith(UNOPENED) else ""
    return f"{said}. Source: {event.who}{unread}."
