# SPDX-License-Identifier: Apache-2.0
"""Alarms: a month far from what the months before it lead one to expect, and a silent record.

Each stream is compared with the median of its last six months and its own season (a yearly one
with its last three years); the difference is measured in the spread of its own past differences
(median absolute deviation) and judged as Student's t with four degrees of freedom, heavy-tailed
as such records are. Where a claim says which way a record goes, that way may have nine in ten of
its alarms. Of a family only the strongest stream of a month can alarm, with the chance
of that many looks counted (Bonferroni); and the level is the loosest, one in five at most, at
which the streams of a board together would have alarmed, true or false, at most :data:`BUDGET`
times a year over the last years of their own record. The rule was not fitted to events, but
the ways that claims expect were set when it was known which of the chosen events they show; the lot
was drawn apart. The lists of known_events.toml and the lot measure what the rule sees, how late,
and how often it is wrong.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from statistics import median
from typing import Literal

import numpy as np

from bilat.dyad import Dyad
from bilat.forecast.streams import Stream, specs, steps
from bilat.units.notation import count_text

#: Alarms a year, true or false, that a first page may have; the years over which that is counted;
#: levels to try, from one in five, above which nothing is out of the ordinary.
BUDGET = 4.0
YEARS = 8
LEVELS = (0.2, 0.15, 0.1, 0.07, 0.05, 0.03, 0.02, 0.01, 0.005, 0.001)
#: Months whose median is expected to go on, months of the past that the spread is taken from, and
#: the least of them.
LEVEL = 6
SPREAD = 36
LEAST = 18
#: The same of a record by year.
LEVEL_OF_YEARS = 3
SPREAD_OF_YEARS = 20
LEAST_OF_YEARS = 6
#: Months looked at together, ending with the month judged: a jump is seen at once, a drift a
#: little later.
WINDOWS = (1, 2, 3)
#: Months in which a stream that has alarmed in one direction does not alarm again, unless its
#: chance is far smaller.
QUIET = 6
#: The same of a record by year: a new level is that of half of its last three years after two.
QUIET_OF_YEARS = 24
STRONGER = 0.1
#: A month's usual count below which a record of whole numbers is zero in many of its months.
RARE = 3
FREEDOM = 4
#: The least spread of a difference, in logs: records are not better than this.
FLOOR = 0.05
#: Share of a stream's alarms that the direction of its claim may have, where it has one: a
#: reversal is still seen where it is large.
EXPECTED = 0.9
#: Least weight of a small stream of a family that is watched by level.
LEAST_WEIGHT = 0.1
#: Days after its end at which a month, or a year, that becomes known is history, and no news.
HISTORY = 366
HISTORY_OF_YEARS = 731
#: A stream is silent when its next month is later than it ever was by this many of its own steps.
LATE = 3


@dataclass(frozen=True)
class Alarm:
    """One month of one stream that stands out, the strongest of its family."""

    stream: Stream
    month: str
    known: dt.date
    value: float
    expected: float
    deviations: float
    chance: float  #: of so strong a month anywhere in the family, if nothing moved
    others: tuple[str, ...] = ()  #: other streams of the family that stood out in the same month
    window: int = 1  #: months, or years, up to this one that stand out together

    @property
    def direction(self) -> Literal["up", "down"]:
        """Above or below what was expected."""
        return "up" if self.value > self.expected else "down"


@dataclass(frozen=True)
class StoppedRecord:
    """A record that stopped: its last month, and the day by which the next was due."""

    family: str
    streams: int
    last: str
    due: dt.date
    names: tuple[str, ...] = ()  #: the streams, where others of the family go on

    @property
    def title(self) -> str:
        """What the family measures, and the streams of it that stopped."""
        what = next((s.title for s in specs() if s.name == self.family), self.family)
        return f"{what}: {', '.join(self.names)}" if self.names else what


@dataclass(frozen=True)
class StreamStatus:
    """Whether a stream can be judged on a day."""

    title: str  #: family and name of the stream
    judged: str  #: its last month that was judged; blank where none was
    why: str  #: why its newest month is not judged; blank where it is

    @property
    def alive(self) -> bool:
        """Whether its newest month was judged and the next is not overdue."""
        return not self.why


def status(stream: Stream, day: dt.date) -> StreamStatus:
    """Return whether a stream can be judged on a day, and if not why."""
    judged = max(deviations(stream), default="")
    newest = max(stream.values)
    overdue = due(stream, newest)
    why = ""
    if overdue < day:
        step = "year" if stream.yearly else "month"
        why = f"ends in {stream.period(newest)}; the next {step} was due by {overdue}"
    elif judged != newest:
        why = _unjudged(stream)
    return StreamStatus(stream.title, stream.period(judged), why)


def _unjudged(stream: Stream) -> str:
    """Return why the newest month of a stream that goes on is not judged."""
    run = _last_run(stream)
    needed = past_of(stream).needed + 1
    step = "year" if stream.yearly else "month"
    first = stream.period(run[0])
    gap = f" since the gap before {first}" if run[0] != min(stream.values) else ""
    return f"has {count_text(len(run), f'{step}s')}{gap}; {needed} are needed"


#: Deviations, what was expected, the spread in logs.
Judged = tuple[float, float, float]


@dataclass(frozen=True)
class Past:
    """How much of its past a stream is judged by, in its own steps."""

    level: int
    spread: int
    least: int

    @property
    def needed(self) -> int:
        """Figures before the first that can be judged."""
        return self.level + self.least


BY_MONTH = Past(LEVEL, SPREAD, LEAST)
BY_YEAR = Past(LEVEL_OF_YEARS, SPREAD_OF_YEARS, LEAST_OF_YEARS)


def past_of(stream: Stream) -> Past:
    """The past that a stream is judged by."""
    return BY_YEAR if stream.yearly else BY_MONTH


@lru_cache(maxsize=4096)
def deviations(stream: Stream) -> Mapping[str, Judged]:
    """Month -> (deviations, expected, spread in logs) of every month with enough of a past without a hole."""
    ordered = _last_run(stream)
    y = [stream.values[m] for m in ordered]
    of = past_of(stream)
    if len(y) < of.needed:
        return {}
    # What comes later must not change what is said of a month.
    added = _added_before_logs(stream, y[: of.needed])
    x = [math.log(max(v, 0.0) + added) for v in y]
    base = [median(x[max(0, n - of.level) : n]) if n >= 3 else math.nan for n in range(len(x))]
    raw = [v - b for v, b in zip(x, base, strict=True)]
    season = [0.0] * len(x) if stream.yearly else _seasons(raw, ordered)
    left = [r - s for r, s in zip(raw, season, strict=True)]
    out = {}
    for n in range(of.needed, len(x)):
        recent = y[max(0, n - of.spread) : n]
        past = left[max(3, n - of.spread) : n]
        if len(past) < of.least:
            continue
        few = median(recent) < RARE and _is_count(stream, recent)
        spread = _spread_of_few(past, recent) if few else _spread(past)
        out[ordered[n]] = (left[n] / spread, math.exp(base[n] + season[n]), spread)
    return out


def _is_count(stream: Stream, values: Sequence[float]) -> bool:
    return stream.counted or all(v == round(v) for v in values)


def _added_before_logs(stream: Stream, early: Sequence[float]) -> float:
    """Return what is added to each figure so that a zero has a logarithm: half a thing of small
    counts, else a thousandth of the usual figure."""
    usual = median(early)
    if usual < 50 and _is_count(stream, early):
        return 0.5
    return max(1e-3 * usual, 1e-9)


def _spread(past: Sequence[float]) -> float:
    """Return the spread of past differences, in logs, that a few large ones do not widen."""
    middle = median(past)
    return max(FLOOR, 1.4826 * median([abs(v - middle) for v in past]))


def _spread_of_few(past: Sequence[float], counts: Sequence[float]) -> float:
    """Return the spread of a record that is zero in most months.

    Its median difference is zero, so each month counts here, also the few large ones. It is no
    less than that of the log of a Poisson count of the same mean, with half an event added.
    """
    middle = median(past)
    every_month = math.sqrt(sum((v - middle) ** 2 for v in past) / len(past))
    by_chance = 1 / math.sqrt(sum(counts) / len(counts) + 0.5)
    return max(FLOOR, every_month, by_chance)


@lru_cache(maxsize=4096)
def _last_run(stream: Stream) -> list[str]:
    """The months since the last hole of more than a month (January may be booked with February),
    or the years since the last hole."""
    ordered = sorted(stream.values)
    start = 0
    most = 12 if stream.yearly else 2
    for i, (a, b) in enumerate(pairwise(ordered), start=1):
        if steps(a, b) > most:
            start = i
    return ordered[start:]


def _seasons(raw: Sequence[float], ordered: Sequence[str]) -> list[float]:
    """Return for each month half of the mean difference of the same month in earlier years, from
    the fourth figure on; 0 before there are two of them."""
    earlier: dict[str, list[float]] = {}
    found = []
    for n, (month, difference) in enumerate(zip(ordered, raw, strict=True)):
        same = earlier.setdefault(month[5:], [])
        found.append(0.5 * sum(same) / len(same) if len(same) >= 2 else 0.0)
        if n >= 3:
            same.append(difference)
    return found


def alarms(
    found: Iterable[Stream], looks: Mapping[str, Sequence[Look]] | None = None
) -> list[Alarm]:
    """Every alarm over the whole record, in the order of their days.

    There are at most :data:`BUDGET` a year of late.

    Parameters
    ----------
    looks
        by title of a stream, what :func:`looks_of` gives, where it is there already.
    """
    by: dict[str, dict[str, list[Look]]] = {}
    every = list(found)
    levels = _levels(every)
    for s in every:
        for look in looks_of(s) if looks is None else looks[s.title]:
            by.setdefault(s.family, {}).setdefault(look.month, []).append(_weighted(look, levels))
    last = max((max(m) for m in by.values()), default="")
    since = f"{int(last[:4]) - YEARS}{last[4:]}" if last else ""
    out: list[Alarm] = []
    for allowed in LEVELS:
        out = [a for looks in by.values() for a in _of_family(looks, allowed)]
        if sum(a.month > since for a in out) <= BUDGET * YEARS:
            break
    return sorted(out, key=lambda a: (a.known, a.chance, a.stream.title))


def _weighted(look: Look, levels: Mapping[str, float]) -> Look:
    """Return a look with the weight of its stream, by which its chance is divided."""
    weight = levels.get(look.stream.title, 1.0)
    if weight == look.weight:
        return look
    return replace(look, chance=min(1.0, look.chance / weight), weight=weight)


def board_alarms(found: Sequence[Stream], pair: Dyad) -> list[Alarm]:
    """The alarms that become news of a pair, each group within its own budget: those of records
    that concern the two, and those of records of one of them with strangers, or of all states."""
    own = [s for s in found if s.concerns(pair)]
    beside = [s for s in found if s.of(pair) and not s.concerns(pair)]
    return [a for a in (*alarms(own), *alarms(beside)) if not _is_history(a)]


def _is_history(alarm: Alarm) -> bool:
    """Whether a month became known so late that it is history: a record that begins to be
    published brings years of it on one day."""
    most = HISTORY_OF_YEARS if alarm.stream.yearly else HISTORY
    return (alarm.known - _end(alarm.month)).days > most


def _levels(found: Sequence[Stream]) -> dict[str, float]:
    """Return the weight of each stream of the families that are watched by level, 1 on average.

    The level is that of the months before the first that is judged, so that what comes later does
    not change what is said of a month. Dividing each chance by such a weight keeps the family's
    rate of false alarms (Genovese, Roeder and Wasserman 2006, weighted Bonferroni).
    """
    usual: dict[str, dict[str, float]] = {}
    for s in found:
        run = _last_run(s)[: past_of(s).needed]
        if s.by_level and run:
            usual.setdefault(s.family, {})[s.title] = float(np.median([s.values[m] for m in run]))
    weights = {}
    for levels in usual.values():
        mean = float(np.mean(list(levels.values())))
        for title, level in levels.items():
            weights[title] = max(level / mean, LEAST_WEIGHT)
    return weights


@dataclass(frozen=True)
class Look:
    """One month of one stream: the strongest of the windows that end with it, and its chance alone."""

    stream: Stream
    month: str
    z: float
    expected: float
    chance: float
    window: int = 1  #: its length
    weight: float = 1.0  #: share of the family's alarms that the stream may have, 1 on average


@lru_cache(maxsize=4096)
def looks_of(s: Stream) -> Sequence[Look]:
    """Every month of a stream that can be judged."""
    judged = deviations(s)
    ordered = sorted(judged)
    z = [judged[m][0] for m in ordered]
    strongest = []
    for n in range(len(z)):
        # a drift counts while it goes on: the month itself is off by its own spread at least
        windows = [w for w in WINDOWS if w <= n + 1] if abs(z[n]) >= 1 else [1]
        sums = [(sum(z[max(0, n - w + 1) : n + 1]) / math.sqrt(w), w) for w in windows]
        same_way = [(x, w) for x, w in sums if x * z[n] > 0]
        strongest.append(max(same_way, key=lambda of: abs(of[0]), default=(z[n], 1)))
    chances = chance_of(np.array([x for x, _ in strongest]), s.expects)
    return [
        Look(s, month=m, z=x, expected=judged[m][1], chance=float(c), window=w)
        for m, (x, w), c in zip(ordered, strongest, chances, strict=True)
        if s.only != "up" or (x > 0 and s.values[m] >= s.least)
    ]


def chance_of(z: np.ndarray, expects: str = "") -> np.ndarray:
    """The chance of so many deviations, by the share of alarms that their direction may have.

    Without an expectation each direction has half (the two-sided chance); with one, the expected
    direction has :data:`EXPECTED`.
    """
    from scipy.special import stdtr

    up = {"up": EXPECTED, "down": 1 - EXPECTED}.get(expects, 0.5)
    share = np.where(z > 0, up, 1 - up)
    return np.asarray(np.minimum(1.0, stdtr(FREEDOM, -np.abs(z)) / share))


def _of_family(by: Mapping[str, list[Look]], allowed: float) -> list[Alarm]:
    last: dict[tuple[str, bool], tuple[str, float]] = {}
    out = []
    for month in sorted(by):
        looks = by[month]
        many = len(looks) * len(WINDOWS)
        strong = []
        for k in sorted(looks, key=lambda k: k.chance):
            if k.chance * many > allowed:
                break
            before, chance = last.get((k.stream.name, k.z > 0), ("", 1.0))
            quiet = QUIET_OF_YEARS if k.stream.yearly else QUIET
            if not before or steps(before, month) > quiet or k.chance < STRONGER * chance:
                last[k.stream.name, k.z > 0] = month, k.chance
                strong.append(k)
        if not strong:
            continue
        k = strong[0]
        s = strong[0].stream
        beside = tuple(x.stream.name for x in strong[1:])
        out.append(
            Alarm(
                s,
                month=month,
                known=s.known[month],
                value=s.values[month],
                expected=k.expected,
                deviations=k.z,
                chance=min(1.0, k.chance * many),
                others=beside,
                window=k.window,
            )
        )
    return out


def silences(found: Iterable[Stream], day: dt.date) -> list[StoppedRecord]:
    """Return the streams of which the next month is overdue on a day.

    Streams of a family that ended together are one record; those that ended while others of their
    family go on are named.
    """
    by: dict[tuple[str, str], list[Stream]] = {}
    for s in found:
        if len(s.values) >= 12:
            by.setdefault((s.family, max(s.values)), []).append(s)
    newest = {f: max(m for g, m in by if g == f) for f, _ in by}
    out = []
    for (family, last), own in by.items():
        overdue = max(due(s, last) for s in own)
        if overdue >= day:
            continue
        names = () if last == newest[family] else tuple(s.name for s in own)
        out.append(StoppedRecord(family, streams=len(own), last=last, due=overdue, names=names))
    return sorted(out, key=lambda x: (x.due, x.family, x.last))


def due(s: Stream, last: str, margin: int = LATE) -> dt.date:
    """When the month after the last should be known: its usual delay and ``margin`` of its steps more."""
    delays = [(s.known[m] - _end(m)).days for m in s.values]
    apart = [steps(a, b) for a, b in pairwise(sorted(s.values)[-24:])]
    usual = int(median(apart)) if apart else 1
    wait = median(delays) + 30.4 * margin * max(1, usual)
    return _end(last) + dt.timedelta(days=30 + round(wait))


def _end(month: str) -> dt.date:
    year = int(month[:4])
    number = int(month[5:])
    return dt.date(year + number // 12, number % 12 + 1, 1)
