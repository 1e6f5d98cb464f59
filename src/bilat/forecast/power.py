# SPDX-License-Identifier: Apache-2.0
"""What the watch sees, how late, and how often it is wrong, on lists to which no threshold was
fitted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

import numpy as np

from bilat.dyad import Dyad
from bilat.forecast.alarms import Alarm, alarms, deviations, looks_of
from bilat.forecast.events import FORMS
from bilat.forecast.streams import Stream, months, steps
from bilat.package_files import read_package_toml
from bilat.places import country_or_none
from bilat.verdicts.evidence import Paper

#: Months after the first in which an alarm still counts as having seen an event.
WITHIN = 4
#: Events drawn by lot, and from when on.
DRAWN = 60
SINCE = "2022-01-01"
#: Times as many as luck below which, by the exact test at 5%, alarms show no more than luck.
LEVEL = 0.05


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
class DrawnEvent:
    """An event drawn by lot from the dated documents, which no stream holds."""

    document: str
    what: str
    day: dt.date
    pair: Dyad
    alarm: Alarm | None  #: the first on the pair's board that speaks of its topic
    by_luck: float  #: share of the months of the lot that such an alarm soon follows
    series: int = 0  #: series of its topic on the pair's board
    judged: int = 0  #: and those of them that could be judged in the months after it


@dataclass(frozen=True)
class Power:
    """Events seen, their delay, and false alarms a year on calm streams."""

    seen: tuple[SeenEvent, ...]
    calm: int  #: calm streams with enough of a past
    calm_years: float  #: years over which they were watched
    false: tuple[Alarm, ...]
    drawn: tuple[DrawnEvent, ...] = ()

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

    @property
    def drawn_seen(self) -> int:
        """How many of the events drawn by lot had an alarm."""
        return sum(d.alarm is not None for d in self.drawn)

    @property
    def drawn_with_series(self) -> int:
        """How many are of a topic of which the pair's board has a series."""
        return sum(d.series > 0 for d in self.drawn)

    @property
    def drawn_judged(self) -> int:
        """How many had a series that could be judged in the months after."""
        return sum(d.judged > 0 for d in self.drawn)

    @property
    def drawn_by_luck(self) -> float:
        """How many would have had one, had each happened in a random month of the lot."""
        return sum(d.by_luck for d in self.drawn)

    @property
    def lift(self) -> float | None:
        """How many times as many events had an alarm as random months; None if none could."""
        return self.drawn_seen / self.drawn_by_luck if self.drawn_by_luck else None

    @property
    def is_luck(self) -> bool:
        """Whether that many or more are no rarer than one in twenty among random months."""
        return chance_of_more(self.drawn_seen, [d.by_luck for d in self.drawn]) > LEVEL


@cache
def _raw() -> dict:  # type: ignore[type-arg]
    return read_package_toml("bilat.forecast", "known_events.toml")


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
    chronicle: Sequence[Paper] = (),
) -> Power:
    """The alarms of the whole record against the two lists, or against lists of one's own, each
    on the board of the pair that its stream is of."""
    by = {s.title: s for s in found}
    boards = _Boards(found)
    asked = events if events is not None else known_events()
    titles = calm if calm is not None else _raw()["calm"]
    own = [by[t] for t in titles if t in by]
    judged = {s.title: len(deviations(s)) for s in own}
    false = []
    for s in own:
        false += [a for a in boards.of(s) if a.stream.title == s.title]
    return Power(
        tuple(_seen(e, by.get(e.stream), boards) for e in asked),
        calm=sum(n > 0 for n in judged.values()),
        calm_years=max(judged.values(), default=0) / 12,
        false=tuple(false),
        drawn=_drawn_events(by_lot(chronicle), boards),
    )


def by_lot(chronicle: Sequence[Paper]) -> list[Paper]:
    """:data:`DRAWN` documents of something that happened between two states on a day since
    :data:`SINCE`, in the order of the digests of their names, which knows nothing of them."""
    able = []
    for row in chronicle:
        dated = len(row["period"]) == 10 and row["period"] >= SINCE
        if row["form"] in FORMS and dated and len(_states(row)) > 1:
            able.append(row)
    ordered = sorted(able, key=lambda row: sha256(row["document"].encode()).hexdigest())
    return ordered[:DRAWN]


def _states(row: Paper) -> list[str]:
    return [a for a in (row["actors"] or "").split(";") if country_or_none(a)]


def chance_of_more(count: int, chances: Sequence[float]) -> float:
    """Return the chance of a count or more of independent events, each with its own chance."""
    exactly = np.ones(1)
    for chance in chances:
        exactly = np.convolve(exactly, [1 - chance, chance])
    return float(exactly[count:].sum())


def _drawn_events(rows: Sequence[Paper], boards: _Boards) -> tuple[DrawnEvent, ...]:
    """Return each document drawn, with the alarms after it and after the other months."""
    if not rows:
        return ()
    days = [row["period"] for row in rows]
    every = months(min(days)[: len("2022-01")], max(days)[: len("2022-01")])
    return tuple(_drawn(row, boards, every) for row in rows)


def _drawn(row: Paper, boards: _Boards, every: Sequence[str]) -> DrawnEvent:
    pair = Dyad(*_states(row)[:2])
    day = dt.date.fromisoformat(row["period"])
    families = _raw()["topics"].get(row["topic"], [])
    able = [a for a in boards.on(pair) if a.stream.family in families]
    month = f"{day:%Y-%m}"
    series = 0
    judged = 0
    for s in boards.found:
        if s.family in families and s.concerns(pair):
            series += 1
            judged += any(_soon(s, month, m) for m in deviations(s))
    followed = [_first(able, each) is not None for each in every]
    return DrawnEvent(
        row["document"],
        what=row["what"],
        day=day,
        pair=pair,
        alarm=_first(able, month),
        by_luck=sum(followed) / len(followed),
        series=series,
        judged=judged,
    )


def _first(able: Sequence[Alarm], month: str) -> Alarm | None:
    """The first alarm soon after a month."""
    return next((a for a in able if _soon(a.stream, month, a.month)), None)


def _soon(stream: Stream, month: str, later: str) -> bool:
    """Whether a figure of a stream lies within the months after one; of a yearly stream, whether
    it is of its year."""
    since = f"{month[:4]}-12" if stream.yearly else month
    within = 0 if stream.yearly else WITHIN
    return since <= later and steps(since, later) <= within


class _Boards:
    """The alarms on the boards of pairs."""

    def __init__(self, found: Sequence[Stream]) -> None:
        self.found = found
        self._looks = {s.title: looks_of(s) for s in found}
        self._kept: dict[Dyad, list[Alarm]] = {}

    def of(self, stream: Stream) -> list[Alarm]:
        """Those of the pair that a stream is of, filled up with the two states that bilat is
        about."""
        states = sorted(stream.states) or [s for s in (stream.serves,) if s]
        rest = [s for s in ("RUS", "CHN") if s not in states]
        return self.on(Dyad(*[*states, *rest][:2]))

    def on(self, pair: Dyad) -> list[Alarm]:
        if pair not in self._kept:
            own = [s for s in self.found if s.concerns(pair)]
            self._kept[pair] = alarms(own, self._looks)
        return self._kept[pair]


def _seen(event: KnownEvent, stream: Stream | None, boards: _Boards) -> SeenEvent:
    own = deviations(stream) if stream else {}
    testable = any(m >= event.since for m in own) and min(own) <= event.since
    if stream is None:
        return SeenEvent(event, alarm=None, late=None, testable=False)
    for a in boards.of(stream):
        mine = a.stream.title == event.stream and a.direction == event.toward
        beside = a.stream.family == stream.family and stream.name in a.others
        late = steps(event.since, a.month)
        if (mine or beside) and event.since <= a.month and late <= WITHIN:
            return SeenEvent(event, alarm=a, late=late, testable=True)
    return SeenEvent(event, alarm=None, late=None, testable=testable)
