# SPDX-License-Identifier: Apache-2.0
"""Which points a window holds: whole periods of the record, and how much of the window they cover.

A period is whole when it is over at the as-of date *and* the record reaches its end. What a test gives thus
changes when a row arrives and never because a day passes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from bilat.errors import UsageError
from bilat.measures import Measurement, Point, known_measure
from bilat.verdicts.claim_tests import YEARS_BACK, Bounds, Statistic
from bilat.when import AsOf, Period, Window

_YEAR_OR_MONTH = re.compile(r"\d{4}(-\d{2})?")
_RUN_OF_YEARS = re.compile(r"\d{4}-\d{4}")


@dataclass(frozen=True)
class Picked:
    """The points of one window."""

    name: str  #: before, after, the window, or a group
    asked: Bounds | None
    points: list[Point]
    shown: list[Point]  #: within the window, of a period that is not whole
    covered: float  #: share of the window's ended periods with a figure; of an open one up to the last one held


@cache
def end_of(period: str) -> dt.date | None:
    """The last day of a point's period; None for one that is not a period of the calendar."""
    try:
        last = Window.parse(period).last
        return Period(last).end if last else None
    except UsageError:
        return None


@dataclass(frozen=True)
class Reach:
    """How far the record behind each point reaches, by (period, group)."""

    last: dict[tuple[str, str], dt.date]  #: last day that the rows behind a point speak of
    partial: frozenset[tuple[str, str]]  #: points whose period the record does not reach the end of


def reach(measurement: Measurement) -> Reach:
    """How far the rows behind each point reach, in one pass.

    A row that was known before its own period ended speaks of a part of it. A list of events reaches as far as
    its last event, for a year without one may be a year that nobody has read yet; other records say which
    periods they cover.
    """
    last: dict[tuple[str, str], dt.date] = {}
    partial: set[tuple[str, str]] = set()
    for row in measurement.last_known:
        end = end_of(row.period) if row.period else None
        if end is None:
            continue
        key = row.point, row.group
        day = min(end, row.known)
        last[key] = max(last.get(key, day), day)
        if row.point == row.period and day < end:
            partial.add(key)
    # titles of roll calls are events too; a measure that only looks them up has none among its rows
    of_events = measurement.evidence.num_rows == 0 or "event" in measurement.evidence.column_names
    if of_events and "events" in known_measure(measurement.name).tables:
        record_to = measurement.data_to or measurement.as_of.date
        partial |= {
            (p.period, p.group)
            for p in measurement.points
            if (end_of(p.period) or record_to) > record_to
        }
    return Reach(last, frozenset(partial))


def holds(window: Bounds | None, period: str, as_of: AsOf) -> bool:
    """Whether a period lies in a window; at the coarser of the two precisions, so 2022-03 lies in 2022."""
    if window is None:
        return True
    first = window[0]
    last = str(as_of) if window[1] == "now" else window[1]
    return (
        period[: len(first)] >= first[: len(period)] and period[: len(last)] <= last[: len(period)]
    )


def _dated(
    window: Bounds | None, points: Sequence[Point], partial: frozenset[tuple[str, str]]
) -> Bounds | None:
    """Return a window with its bounds of the kind ``now-4`` as years: four before the last one held.

    A plain ``now`` is left, since figures of a moment go on after the last whole year.
    """
    if window is None:
        return None
    counted = [back for back in map(YEARS_BACK.fullmatch, window) if back and back[1]]
    if not counted:
        return window
    whole = [p.period for p in points if not p.open and (p.period, p.group) not in partial]
    years = [int(x[-4:]) for x in whole if len(x) == 4 or _RUN_OF_YEARS.fullmatch(x)]
    if not years:
        return window
    last = max(years)

    def year(bound: str) -> str:
        back = YEARS_BACK.fullmatch(bound)
        return f"{last - int(back[1] or 0):04d}" if back else bound

    return year(window[0]), year(window[1])


def pick(
    name: str,
    points: Iterable[Point],
    window: Bounds | None,
    measurement: Measurement,
    *,
    statistic: Statistic,
    moment: bool,
    sparse: bool,
    partial: frozenset[tuple[str, str]],
) -> Picked:
    """The points of a window.

    Parameters
    ----------
    partial
        (period, group) of points whose period the record does not reach the end of: see :class:`Reach`.
    """
    points = list(points)
    window = _dated(window, points, partial)
    inside = [p for p in points if holds(window, p.period, measurement.as_of)]
    if statistic == "sum":  # a point for a run of years is itself a sum of the yearly ones
        inside = [p for p in inside if not _RUN_OF_YEARS.fullmatch(p.period)]
    kept = [p for p in inside if moment or not (p.open or (p.period, p.group) in partial)]
    shown = [p for p in inside if p not in kept]
    day = measurement.as_of.date
    if window is not None and window[1] == "now":  # beyond the last one held is age, no gap
        day = min(max((e for p in kept if (e := end_of(p.period))), default=day), day)
    covered = 1.0 if sparse else _covered(kept, window, statistic, day, measurement.as_of)
    return Picked(name, window, sorted(kept, key=lambda p: p.period), shown, covered)


def _covered(
    points: Sequence[Point], window: Bounds | None, statistic: Statistic, day: dt.date, as_of: AsOf
) -> float:
    """Share of the window's years or months, ended by a day, that have a figure.

    1 where what should be there is not known: an open window, figures that are neither yearly nor monthly
    (days, spans of years), and sums, where a year without an entry in the register adds nothing.
    """
    periods = {p.period for p in points}
    if (
        window is None
        or statistic in ("sum", "last", "max")
        or len({len(p) for p in periods}) != 1
        or not all(map(_YEAR_OR_MONTH.fullmatch, periods))
    ):
        return 1.0
    by = 12 if len(next(iter(periods))) == 7 else 1

    def number(text: str, within: int) -> int:
        return int(text[:4]) * by + (int(text[5:7] or within) - 1 if by == 12 else 0)

    ended = (
        number((day + dt.timedelta(days=1)).isoformat(), 1) - 1
    )  # the period before that day's has ended
    last = str(as_of) if window[1] == "now" else window[1]
    first = number(window[0], 1)
    final = min(number(last, 12), ended)
    if final < first:
        return 1.0
    return sum(first <= number(p, 1) <= final for p in periods) / (final - first + 1)


def span(points: Sequence[Point]) -> str:
    """``2014..2021``, or the one period."""
    periods = sorted(p.period for p in points)
    if not periods:
        return ""
    return periods[0] if periods[0] == periods[-1] else f"{periods[0]}..{periods[-1]}"


def data_to(
    points: Iterable[Point], measurement: Measurement, last: dict[tuple[str, str], dt.date]
) -> dt.date | None:
    """The last day that points speak of: the end of their periods as far as the record reaches, or the last row
    behind them, where that is later."""
    days: list[dt.date] = []
    for p in points:
        row = last.get((p.period, p.group))
        end = end_of(p.period)
        if end is not None:
            days.append(
                end if row is None or measurement.data_to is None else min(end, measurement.data_to)
            )
        if row is not None:
            days.append(row)
    return max(days, default=measurement.data_to)
