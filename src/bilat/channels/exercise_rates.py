# SPDX-License-Identifier: Apache-2.0
"""Whether exercises became more frequent: exact rate ratios around a date, and the trend of yearly counts."""

from __future__ import annotations

import datetime as dt
import math

import pyarrow as pa

from bilat.channels.exercises import (
    ALL,
    INCLUSION,
    NOTHING,
    REFERENCE,
    both,
    held,
    list_ends,
    list_is_of,
    rules,
)
from bilat.errors import UsageError
from bilat.measures import Answer, Ask, Point, measure
from bilat.statistics import LEVEL, mann_kendall, rate_ratio
from bilat.when import INVASION

YEAR = 365.25
FIXED = ("fixed_classes", INCLUSION[1])


def _day(name: str, text: str, default: dt.date) -> dt.date:
    if not text:
        return default
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{name}={text!r} is no date: write it as YYYY-MM-DD") from None


def last_whole_day(ask: Ask) -> dt.date:
    """The end of the window after: the as-of date, but no later than the last year that was over, and
    reported, when the list was closed (its last months are thinner than they will be)."""
    found = ask.query("SELECT max(vintage) AS v FROM events WHERE source = 'exercises'")["v"].to_pylist()[0]
    closed = dt.date(found.year - 1, 12, 31) if found else ask.as_of.date
    return min(ask.as_of.date, closed)


@measure(
    "exercises.rate_ratio",
    title="Rate of joint exercises after a date over the rate before",
    unit="ratio",
    tables=("events",),
    reference=f"{REFERENCE}; exact conditional test: Przyborowski and Wilenski (1940)",
    method="Events a year after the date (included) over events a year before, given their sum, on classes "
    "fixed beforehand. The window before is as long as the one after unless since is given; the window after "
    "ends on the as-of date, or with the last whole year before the list was closed.",
    interval="exact conditional interval at the level asked for (95%); above 1: more frequent",
    params={
        "at": (INVASION.isoformat(), "the date that divides the two windows"),
        "since": ("", "first day of the window before; blank for one as long as the window after"),
        "until": ("", "last day of the window after; blank as the method says"),
        "level": (LEVEL, "level of the interval"),
        "inclusion": FIXED,
    },
)
def ratio(ask: Ask) -> Answer:
    """One group a kind, and ``all kinds``; the point is the dividing date. Counts and p stand in the note."""
    at = _day("at", ask.params["at"], INVASION)
    until = _day("until", ask.params["until"], last_whole_day(ask))
    if until > list_ends(ask):
        raise UsageError(f"until={until} lies after {list_ends(ask)}, of which the list can speak")
    if until <= at and not ask.params["until"]:  # the as-of date comes before the cut: nothing to compare yet
        nothing = held(ask, ask.params["inclusion"]).slice(0, 0)
        return Answer([], nothing, note=f"as of {ask.as_of} nothing can be known of the time after {at}")
    if until <= at:
        raise UsageError(f"at={at} lies after {until}: there is no window after it; give an earlier at")
    since = _day("since", ask.params["since"], at - (until - at) - dt.timedelta(days=1))
    if since >= at:
        raise UsageError(f"since={since} must lie before at={at}")
    rows = held(ask, ask.params["inclusion"])
    inside = [since <= d <= until for d in rows["starts"].to_pylist()]
    rows = both(rows.filter(pa.array(inside, pa.bool_())))
    if rows.num_rows == 0:
        return Answer([], rows, note=NOTHING)
    years_before = (at - since).days / YEAR
    years_after = ((until - at).days + 1) / YEAR
    events = list(zip(rows["grp"].to_pylist(), rows["starts"].to_pylist(), strict=True))
    groups = [g for g in (ALL, *rules()["kinds"]) if any(e[0] == g for e in events)]
    points = []
    for group in groups:
        before = sum(g == group and d < at for g, d in events)
        after = sum(g == group and d >= at for g, d in events)
        found = rate_ratio(before, years_before, after, years_after, ask.params["level"])
        note = f"{before} in {years_before:.1f} years before, {after} in {years_after:.1f} after; "
        note += f"p = {found.p:.3f}"
        value, high = (v if math.isfinite(v) else None for v in (found.value, found.high))
        if value is None:
            note += "; none before: the ratio has no upper bound"
        points.append(Point(at.isoformat(), value, found.low, high, "derived", group, note))
    rows = rows.set_column(
        rows.schema.get_field_index("point"), "point", pa.array([at.isoformat()] * rows.num_rows)
    )
    interval = f"{ask.params['level']:.0%} exact conditional interval; above 1: more frequent"
    return Answer(points, rows, list_is_of(ask) or f"window {since} to {until}", interval)


@measure(
    "exercises.trend",
    title="Trend of the yearly number of joint exercises",
    unit="events a year, each year",
    tables=("events",),
    reference=f"{REFERENCE}; Mann (1945), Kendall (1975), Sen (1968)",
    method="Sen's slope of the yearly counts from the first year of the class (or first) to the last whole "
    "year, with the Mann-Kendall test in the note. Only whole years count.",
    interval="95% interval of Sen's slope; above 0: a rise",
    params={
        "inclusion": FIXED,
        "first": (0, "first year, 0 for the first event's"),
        "last": (0, "last year, 0 for the last whole one"),
    },
)
def trend(ask: Ask) -> Answer:
    """One group a kind, and ``all kinds``; the point is the span of years."""
    rows = both(held(ask, ask.params["inclusion"]))
    if rows.num_rows == 0:
        return Answer([], rows, note=NOTHING)
    end = last_whole_day(ask)
    last = end.year if end == dt.date(end.year, 12, 31) else end.year - 1
    last = min(last, ask.params["last"] or last)
    points: list[Point] = []
    parts: list[pa.Table] = []
    for group in (ALL, *rules()["kinds"]):
        mine = rows.filter(pa.array([g == group for g in rows["grp"].to_pylist()], pa.bool_()))
        years = [int(y) for y in mine["point"].to_pylist()]
        first = max(min(years, default=last + 1), ask.params["first"])
        span = list(range(first, last + 1))
        if len(span) < 4:
            continue
        found = mann_kendall([years.count(y) for y in span], span)
        name = f"{first}-{last}"
        note = f"Mann-Kendall p = {found.p:.3f}, tau = {found.tau:.2f}, {found.n} years"
        points.append(Point(name, found.slope, found.low, found.high, "derived", group, note))
        used = mine.filter(pa.array([first <= y <= last for y in years], pa.bool_()))
        at = used.schema.get_field_index("point")
        parts.append(used.set_column(at, "point", pa.array([name] * used.num_rows, pa.string())))
    return Answer(points, pa.concat_tables(parts) if parts else rows.slice(0, 0), note=list_is_of(ask))
