# SPDX-License-Identifier: Apache-2.0
"""Whether exercises became more frequent: exact rate ratios around a date, and the trend of yearly
counts.
"""

from __future__ import annotations

import datetime as dt
import math

import pyarrow as pa

from bilat.channels.exercises import (
    ALL,
    NOTHING,
    REFERENCE,
    Inclusion,
    both,
    events_of,
    list_ends,
    list_is_of,
    rules,
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
    title="Rate of joint exercises after a date over the rate before",
    unit=RATIO,
    tables=("events",),
    reference=f"{REFERENCE}; exact conditional test: Przyborowski and Wilenski (1940)",
    method="Events a year after the date (included) over events a year before, given their sum, on "
    "classes fixed beforehand. The window before is as long as the one after unless since is "
    "given; the window after ends with the last event known, or with the last whole year before "
    "the list was closed.",
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
    period: first day of the window before and last of that after; blank before for one as long as
      that after, blank after as the method says
    level: level of the interval
    """
    cut = dt.date.fromisoformat(at)
    until = Period(period.last).end if period.last else last_whole_day(ask)
    if until > list_ends(ask):
        raise UsageError(
            f"period={period}: its end lies after {list_ends(ask)}, of which the list can speak"
        )
    if (
        until <= cut and not period.last
    ):  # the as-of date comes before the cut: nothing to compare yet
        return ask.answer().missing(
            f"as of {ask.as_of} nothing can be known of the time after {cut}"
        )
    if until <= cut:
        raise UsageError(
            f"at={cut} lies after {until}: there is no window after it; give an earlier at"
        )
    since = (
        Period(period.first).start if period.first else cut - (until - cut) - dt.timedelta(days=1)
    )
    if since >= cut:
        raise UsageError(f"period={period} must begin before at={cut}")
    rows = events_of(ask, inclusion)
    inside = [since <= d <= until for d in rows["starts"].to_pylist()]
    rows = both(rows.filter(pa.array(inside, pa.bool_())))
    if rows.num_rows == 0:
        return ask.answer().missing(NOTHING)
    years_before = (cut - since).days / YEAR
    years_after = ((until - cut).days + 1) / YEAR
    events = list(zip(rows["grp"].to_pylist(), rows["starts"].to_pylist(), strict=True))
    out = ask.answer(
        labelled(rows, str(cut)),
        list_is_of(ask) or f"window {since} to {until}",
        Interval(
            "sampling",
            f"{level:.0%} exact conditional interval, wider where yearly counts vary more than "
            "independent events",
            level,
            note="above 1: more frequent",
        ),
    )
    for group in (g for g in (ALL, *rules()["kinds"]) if any(e[0] == g for e in events)):
        before = sum(g == group and d < cut for g, d in events)
        after = sum(g == group and d >= cut for g, d in events)
        index = dispersion(*by_year([d for g, d in events if g == group], since, cut, until))
        rate = rate_ratio(
            before, years_before, after, years_after, level, bunched=max(1.0, index or 1.0)
        )
        note = f"{before} in {years_before:.1f} years before, {after} in {years_after:.1f} after; "
        note += f"p = {rate.p:.3f}"
        if index is not None:
            note += f"; yearly counts vary {index:.2f} times as much as independent events"
        value, high = (v if math.isfinite(v) else None for v in (rate.value, rate.high))
        if value is None:
            note += "; none before: the ratio has no upper bound"
        out.point(str(cut), value, low=rate.low, high=high, group=group, note=note)
    return out
