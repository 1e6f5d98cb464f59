# SPDX-License-Identifier: Apache-2.0
"""The power of the watch: what it sees, how late, and how often it is wrong.

It is measured on lists of events that no threshold was fitted to.
"""

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

#: An alarm has seen an event if it comes at most this many months after the first month.
WITHIN = 4
#: The number of events that are drawn by lot.
DRAWN = 60
#: The day from which on events are drawn.
SINCE = "2022-01-01"
#: Above this p-value of an exact test the alarms after events may be luck.
LEVEL = 0.05
#: The characters of a month, as in a period that begins with one.
_MONTH = len("2022-01")


@dataclass(frozen=True)
class KnownEvent:
    """An event that a watch over the stored records should see.

    Parameters
    ----------
    day
        when the public could know of it.
    stream
        the title of the stream in which it shows.
    toward
        the direction of the alarm that it should raise: ``up`` or ``down``.
    since
        the first month in which the stream moved, as ``2022-03``.
    """

    what: str
    day: dt.date
    stream: str
    toward: str
    since: str
    url: str


@dataclass(frozen=True)
class SeenEvent:
    """An event with the alarm that saw it.

    Parameters
    ----------
    alarm
        None if no alarm saw the event.
    late
        months from the first month that moved to the month of the alarm; None without an alarm.
    testable
        whether the stream had a past that was long enough for a judgement.
    """

    event: KnownEvent
    alarm: Alarm | None
    late: int | None
    testable: bool


@dataclass(frozen=True)
class DrawnEvent:
    """An event drawn by lot from the dated documents, which no stream contains.

    Parameters
    ----------
    alarm
        the first alarm on the pair's board, soon after the event, that is about its topic.
    by_luck
        share of all months of the lot after which such an alarm comes as soon: the chance that a
        random month would have had one.
    series
        number of series of its topic on the pair's board.
    judged
        how many of them could be judged in the months after the event.
    """

    document: str
    what: str
    day: dt.date
    pair: Dyad
    alarm: Alarm | None
    by_luck: float
    series: int = 0
    judged: int = 0


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
        """How many events were seen."""
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
        """How many drawn events have a topic of which the pair's board has a series."""
        return sum(d.series > 0 for d in self.drawn)

    @property
    def drawn_judged(self) -> int:
        """How many drawn events had a series that could be judged in the months after."""
        return sum(d.judged > 0 for d in self.drawn)

    @property
    def drawn_by_luck(self) -> float:
        """How many drawn events would have an alarm if each had happened in a random month."""
        return sum(d.by_luck for d in self.drawn)

    @property
    def lift(self) -> float | None:
        """Events with an alarm, divided by :attr:`drawn_by_luck`; None where that is zero."""
        return self.drawn_seen / self.drawn_by_luck if self.drawn_by_luck else None

    @property
    def is_luck(self) -> bool:
        """Whether random months would have as many alarms, or more, in over one of 20 draws."""
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
    """Compare the alarms of the whole record with the events that should raise one.

    Parameters
    ----------
    found
        every stream; each raises its alarms on the board of the pair that it is about.
    events
        the events to see; by default :func:`known_events`.
    calm
        titles of streams in which nothing happened, so that each alarm is false; by default those
        of ``known_events.toml``.
    chronicle
        the dated documents that events are drawn from by lot.
    """
    by_title = {s.title: s for s in found}
    boards = _Boards(found)
    wanted = events if events is not None else known_events()
    titles = calm if calm is not None else _raw()["calm"]
    calm_streams = [by_title[t] for t in titles if t in by_title]
    months_judged = [len(deviations(s)) for s in calm_streams]
    false_alarms: list[Alarm] = []
    for stream in calm_streams:
        false_alarms += [a for a in boards.of(stream) if a.stream.title == stream.title]
    return Power(
        tuple(_seen(e, by_title.get(e.stream), boards) for e in wanted),
        calm=sum(n > 0 for n in months_judged),
        calm_years=max(months_judged, default=0) / 12,
        false=tuple(false_alarms),
        drawn=_drawn_events(by_lot(chronicle), boards),
    )


def by_lot(chronicle: Sequence[Paper]) -> list[Paper]:
    """Return :data:`DRAWN` documents of something that happened between states since :data:`SINCE`.

    The lot is the order of the sha256 of their names, which does not depend on what they say.
    """
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
    every = months(min(days)[:_MONTH], max(days)[:_MONTH])
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
    """Return the first alarm soon after a month."""
    return next((a for a in able if _soon(a.stream, month, a.month)), None)


def _soon(stream: Stream, month: str, later: str) -> bool:
    """Return whether a figure is soon after a month: at most :data:`WITHIN` months later.

    The figures of a yearly stream are those of December; the one of the same year is soon.
    """
    if stream.yearly:
        return later == f"{month[:4]}-12"
    return month <= later and steps(month, later) <= WITHIN


class _Boards:
    """The alarms on the board of each pair, worked out when a pair is first asked for."""

    def __init__(self, found: Sequence[Stream]) -> None:
        self.found = found
        self._looks = {s.title: looks_of(s) for s in found}
        self._alarms: dict[Dyad, list[Alarm]] = {}

    def of(self, stream: Stream) -> list[Alarm]:
        """Return the alarms of the pair that a stream is about.

        A stream about one state, or none, is looked for with Russia or China.
        """
        states = sorted(stream.states) or [s for s in (stream.serves,) if s]
        rest = [s for s in ("RUS", "CHN") if s not in states]
        return self.on(Dyad(*[*states, *rest][:2]))

    def on(self, pair: Dyad) -> list[Alarm]:
        if pair not in self._alarms:
            own = [s for s in self.found if s.concerns(pair)]
            self._alarms[pair] = alarms(own, self._looks)
        return self._alarms[pair]


def _seen(event: KnownEvent, stream: Stream | None, boards: _Boards) -> SeenEvent:
    """Return an event with the first alarm that saw it.

    An alarm is that of the strongest stream of a family and names the others that stood out, so one
    that names the event's stream has seen the event too, if that stream moved in the direction of
    the event.
    """
    if stream is None:
        return SeenEvent(event, alarm=None, late=None, testable=False)
    for alarm in boards.of(stream):
        late = steps(event.since, alarm.month)
        is_soon = event.since <= alarm.month and late <= WITHIN
        if is_soon and _direction_in(alarm, stream) == event.toward:
            return SeenEvent(event, alarm=alarm, late=late, testable=True)
    months_judged = deviations(stream)
    testable = bool(months_judged) and min(months_judged) <= event.since <= max(months_judged)
    return SeenEvent(event, alarm=None, late=None, testable=testable)


def _direction_in(alarm: Alarm, stream: Stream) -> str:
    """Return whether an alarm says that a stream went ``up`` or ``down``; blank if neither."""
    if alarm.stream.title == stream.title:
        return alarm.direction
    is_named = alarm.stream.family == stream.family and stream.name in alarm.others
    if not is_named:
        return ""
    _, expected, _ = deviations(stream)[alarm.month]
    return "up" if stream.values[alarm.month] > expected else "down"
