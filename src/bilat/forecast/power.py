# SPDX-License-Identifier: Apache-2.0
"""What the watch sees and how late, and how often it is wrong: on lists that nothing was fitted to."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from bilat.forecast.alarms import Alarm, alarms, deviations
from bilat.forecast.streams import Stream, months

#: Months after the first in which an alarm still counts as having seen an event.
WITHIN = 4


@dataclass(frozen=True)
class KnownEvent:
    """An event that a watch over the held records should see."""

    what: str
    day: dt.date  #: when it was knowable
    stream: str
    toward: str
    since: str  #: the first month in which the stream moved
    url: str


@dataclass(frozen=True)
class SeenEvent:
    """An event with the alarm that saw it: ``late`` months after the first month it moved; None where none did."""

    event: KnownEvent
    alarm: Alarm | None
    late: int | None
    testable: bool  #: whether the stream had enough of a past to be judged


@dataclass(frozen=True)
class Power:
    """Events seen, their delay, and false alarms a year on calm streams."""

    seen: tuple[SeenEvent, ...]
    calm: int  #: calm streams with enough of a past
    calm_years: float  #: years over which they were watched
    false: tuple[Alarm, ...]

    @property
    def testable(self) -> int:
        """How many events could be seen at all."""
        return sum(s.testable for s in self.seen)

    @property
    def found(self) -> int:
        """How many were."""
        return sum(s.alarm is not None for s in self.seen)

    @property
    def delay(self) -> float | None:
        """Median months from the first month that moved to the month that alarmed."""
        late = [s.late for s in self.seen if s.late is not None]
        return float(np.median(late)) if late else None

    @property
    def false_a_year(self) -> float:
        """False alarms a year over all calm streams together."""
        return len(self.false) / self.calm_years if self.calm_years else 0.0


@cache
def _raw() -> dict:  # type: ignore[type-arg]
    return tomllib.loads(
        resources.files("bilat.forecast").joinpath("known_events.toml").read_text("utf-8")
    )


def known_events() -> list[KnownEvent]:
    """The events of the list."""
    return [
        KnownEvent(
            e["what"],
            day=e["day"],
            stream=e["stream"],
            toward=e["toward"],
            since=e["from"],
            url=e["url"],
        )
        for e in _raw()["event"]
    ]


def power(
    found: Sequence[Stream],
    events: Sequence[KnownEvent] | None = None,
    calm: Sequence[str] | None = None,
) -> Power:
    """The alarms over the whole record against the two lists, or against lists of one's own."""
    by = {s.title: s for s in found}
    judged = {title: deviations(s) for title, s in by.items()}
    every = alarms(found)
    asked = events if events is not None else known_events()
    own = [by[t] for t in (calm if calm is not None else _raw()["calm"]) if t in by and judged[t]]
    spans = [len(judged[s.title]) / 12 for s in own]
    return Power(
        tuple(_seen(e, every, judged) for e in asked),
        calm=len(own),
        calm_years=max(spans, default=0.0),
        false=tuple(a for a in every if a.stream in own),
    )


def _seen(event: KnownEvent, every: Sequence[Alarm], judged: dict[str, dict]) -> SeenEvent:  # type: ignore[type-arg]
    own = judged.get(event.stream, {})
    testable = any(m >= event.since for m in own) and min(own) <= event.since
    family, _, name = event.stream.partition(": ")
    for a in every:
        mine = a.stream.title == event.stream and a.direction == event.toward
        beside = a.stream.family == family and name in a.others
        if (
            (mine or beside)
            and event.since <= a.month
            and len(months(event.since, a.month)) - 1 <= WITHIN
        ):
            return SeenEvent(
                event, alarm=a, late=len(months(event.since, a.month)) - 1, testable=True
            )
    return SeenEvent(event, alarm=None, late=None, testable=testable)
