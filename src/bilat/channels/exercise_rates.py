# SPDX-License-Identifier: Apache-2.0
"""Whether exercises became more frequent: exact rate ratios around a date, and the trend of yearly
counts.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import pyarrow as pa

from bilat.channels.exercises import (
    ALL,
    REFERENCE,
    SOURCE,
    Inclusion,
    events_of,
    last_listed_day,
    note_on_no_event,
    note_on_other_states,
    rules,
    with_all_kinds,
)
from bilat.errors import UsageError
from bilat.measures import Answer, Ask, Day, Interval, Pair, Window, labelled, measure
from bilat.statistics import LEVEL, dispersion, rate_ratio
from bilat.units import RATIO
from bilat.when import INVASION, Period

YEAR = 365.25
_CUT = INVASION.isoformat()


def last_whole_day(ask: Ask) -> dt.date:
    """The end of the window after: the last day of the last event known, for days that nobody has
    read yet are not empty ones; and no later than the last year that was over, and reported, when
    the list was closed (its last months are thinner than they will be).
    """
    found = ask.query(
        "SELECT max(vintage) AS v, max(coalesce(ends, starts)) AS e FROM events WHERE source = "
        "'exercises'"
    ).to_pylist()[0]
    if found["v"] is None or found["e"] is None:
        return ask.as_of.date
    return min(ask.as_of.date, dt.date(found["v"].year - 1, 12, 31), found["e"])


def by_year(
    days: list[dt.date], since: dt.date, cut: dt.date, until: dt.date
) -> tuple[list[int], list[int]]:
    """The days in each whole year counted from the cut, backward to ``since`` and forward to
    ``until``.
    """
    before = int((cut - since).days / YEAR)
    after = int(((until - cut).days + 1) / YEAR)
    at = [math.floor((d - cut).days / YEAR) for d in days]
    return [at.count(-1 - y) for y in range(before)], [at.count(y) for y in range(after)]


@measure(
    "exercises.rate_ratio",
    of=Pair,
    title="Joint exercises a year after a date, relative to the years before",
    unit=RATIO,
    tables=("events",),
    sources={"events": (SOURCE,)},
    reference=f"{REFERENCE}; exact conditional test: Przyborowski and Wilenski (1940)",
    method="Divides the yearly number of exercises from the date onwards by the yearly number "
    "before it. Only kinds fixed in advance count. The interval is conditional on the "
    "total. Both periods have the same length unless `since` is given. The later one ends "
    "with the last known exercise, or with the last full year before we closed the list.",
    interval=Interval(
        "sampling",
        "exact conditional interval at the level asked for (95%), wider where yearly counts vary "
        "more than independent events",
        LEVEL,
        note="above 1: more frequent",
    ),
)
def ratio(
    ask: Ask,
    at: Day = _CUT,
    period: Window = Window(),
    level: float = 0.95,
    inclusion: Inclusion = "fixed_classes",
) -> Answer:
    """Groups: one group a kind, and ``all kinds``; the point is the dividing date. Counts and p
      stand in the note.

    at: the date that divides the two windows
    period: first day of the earlier period and last day of the later one; leave the first blank for
      periods of equal length, and the last blank for the default
    level: level of the interval
    """
    cut = dt.date.fromisoformat(at)
    until = Period(period.last).end if period.last else last_whole_day(ask)
    if until > last_listed_day(ask):
        raise UsageError(
            f"period={period}: its end is after {last_listed_day(ask)}, of which the list can speak"
        )
    # Without a given end this means an as-of date before the cut: there is nothing to compare yet.
    if until <= cut and not period.last:
        return ask.answer().missing(
            f"as of {ask.as_of} nothing can be known of the time after {cut}"
        )
    windows = _windows(period, cut, until)
    rows = events_of(ask, inclusion)
    inside = [windows.since <= day <= until for day in rows["starts"].to_pylist()]
    rows = with_all_kinds(rows.filter(pa.array(inside, pa.bool_())))
    if rows.num_rows == 0:
        return ask.answer().missing(note_on_no_event(ask))
    days: dict[str, list[dt.date]] = {}
    for group, day in zip(rows["grp"].to_pylist(), rows["starts"].to_pylist(), strict=True):
        days.setdefault(group, []).append(day)
    out = ask.answer(
        labelled(rows, str(cut)),
        note_on_other_states(ask) or f"window {windows.since} to {until}",
        Interval(
            "sampling",
            f"{level:.0%} exact conditional interval, wider where yearly counts vary more than "
            "independent events",
            level,
            note="above 1: more frequent",
        ),
    )
    for group in (ALL, *rules()["kinds"]):
        if group in days:
            _add_ratio(out, group, days[group], windows, level=level)
    return out


@dataclass(frozen=True)
class _Windows:
    """The window from ``since`` to the cut and the one from the cut to ``until``."""

    since: dt.date
    cut: dt.date
    until: dt.date

    @property
    def years_before(self) -> float:
        """Return the length of the window before."""
        return (self.cut - self.since).days / YEAR

    @property
    def years_after(self) -> float:
        """Return the length of the window after, its last day included."""
        return ((self.until - self.cut).days + 1) / YEAR


def _windows(period: Window, cut: dt.date, until: dt.date) -> _Windows:
    """Return the two windows; without a given start the first is as long as the second.

    Raises
    ------
    UsageError
        if the cut does not lie between the ends.
    """
    if until <= cut:
        raise UsageError(
            f"at={cut} is after {until}: there is no window after it. Give an earlier at"
        )
    as_long = cut - (until - cut) - dt.timedelta(days=1)
    since = Period(period.first).start if period.first else as_long
    if since >= cut:
        raise UsageError(f"period={period} must begin before at={cut}")
    return _Windows(since, cut, until)


def _add_ratio(
    out: Answer, group: str, days: list[dt.date], windows: _Windows, *, level: float
) -> None:
    """Add the ratio of one kind of exercises, with its counts in the note."""
    before = sum(day < windows.cut for day in days)
    after = len(days) - before
    index = dispersion(*by_year(days, windows.since, windows.cut, windows.until))
    rate = rate_ratio(
        before,
        windows.years_before,
        after,
        windows.years_after,
        level,
        bunched=max(1.0, index or 1.0),
    )
    note = f"{before} in {windows.years_before:.1f} years before, "
    note += f"{after} in {windows.years_after:.1f} after; p = {rate.p:.3f}"
    if index is not None:
        note += f"; yearly counts vary {index:.2f} times as much as independent events"
    value = rate.value if math.isfinite(rate.value) else None
    high = rate.high if math.isfinite(rate.high) else None
    if value is None:
        note += "; none before: the ratio has no upper bound"
    out.point(str(windows.cut), value, low=rate.low, high=high, group=group, note=note)
