# SPDX-License-Identifier: Apache-2.0
"""Equipment losses: visually confirmed, claimed, by month, as a share of stock, ranked."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterator

from bilat.errors import UsageError
from bilat.measures import Answer, Ask, Day, Interval, Point, labelled, measure, states
from bilat.places import country_name
from bilat.regeneration.equipment import CLAIMED, CumulativeCounts, Losses, classes, losses, sides
from bilat.regeneration.stocks import stocks_before
from bilat.units import count, share
from bilat.when import Period

ORYX = "Oryx, Attack on Europe (CC BY 4.0), scraped by D. Scarnecchia"
STAFF = "General Staff of the Armed Forces of Ukraine, daily reports (P. Ivaniuk's collection, MIT)"
AS_PUBLISHED = (
    "Counts are as published: a recount may lower them a little, and Oryx corrects errors on its "
    "page."
)
NOBODY = "we have no losses of {}: only Russia's and Ukraine's are counted"


def when(ask: Ask, date: str) -> dt.date | None:
    """The day asked for with ``date``, or None.

    Raises
    ------
    UsageError
        if it lies after the as-of date.
    """
    if not date:
        return None
    day = Period(date).end
    if day > ask.as_of.date:
        raise UsageError(f"date {date} is after the as-of date {ask.as_of}")
    return day


def picks(series: CumulativeCounts, day: dt.date | None) -> Iterator[tuple[str, int]]:
    """(period, place) of the counts to show: the last one by ``day``, or the last one of each
    month.
    """
    if day is not None:
        place = series.at(day)
        if place is not None:
            yield series.days[place].isoformat(), place
        return
    for place, on in enumerate(series.days):
        after = series.days[place + 1] if place + 1 < len(series.days) else None
        if after is None or (after.year, after.month) != (on.year, on.month):
            yield on.isoformat()[:7], place


def name(label: str, side: str, several: list[str]) -> str:
    """The group: the class, with the side's name before it where both sides are shown."""
    return label if len(several) == 1 else f"{country_name(side)}: {label}"


def nothing(ask: Ask) -> Answer:
    """The answer for a dyad neither of whose states' losses are counted."""
    return ask.answer().missing(NOBODY.format(ask.dyad.name))


@measure(
    "losses.confirmed",
    of=states(),
    title="Equipment losses, visually confirmed",
    unit=count("items since 24 February 2022"),
    tables=("losses",),
    reference=f"{ORYX}; {STAFF}",
    method="Oryx's cumulative count of losses that an image shows (destroyed, abandoned, captured "
    "or damaged). It is taken from the last copy of Oryx's page in each month, or by a given day. "
    "Headings that Oryx renamed form one class. "
    f"{AS_PUBLISHED} The General Staff's claims form separate groups.",
    interval=Interval(
        "bounds",
        "low is the confirmed count itself, a lower bound of the losses",
        note="high is what the Ukrainian General Staff claimed on the same day, where it counts "
        "the same class and no "
        "fewer than confirmed",
    ),
)
def confirmed(ask: Ask, date: Day = "") -> Answer:
    """Groups: one a class, the claims of the General Staff as ``tanks, claimed``; with two such
    states
      ``Russia: tanks``; a point a month, or one by the day asked for.

    date: the last count on or before this day; by default the end of each month
    """
    counted = sides(ask)
    if not counted:
        return nothing(ask)
    day = when(ask, date)
    out = ask.answer().about(*counted)
    for side in counted:
        seen = losses(ask, "oryx", side)
        claims = losses(ask, "general_staff", side)
        narrowed = _narrowed(seen)
        for c in classes():
            if c.label not in seen.series:
                continue
            series = seen.series[c.label]
            group = name(c.label, side, counted)
            for period, place in picks(series, day):
                claim = _claim(claims, c.claimed, series.days[place])
                count = series.counts[place]
                band = claim[0] if claim and claim[0] >= count else None
                note = "fewer were claimed than confirmed" if claim and band is None else ""
                if c.label in narrowed and place >= narrowed[c.label]:
                    last = narrowed[c.label] - 1
                    note = (
                        f"not comparable with {series.counts[last]:,.0f} on {series.days[last]}: "
                        "Oryx counts fewer types since"
                    )
                rows = seen.of(series.rows[place])
                out.point(
                    period,
                    count,
                    low=count,
                    high=band,
                    group=group,
                    kind="reported",
                    rows=rows,
                    note=note,
                )
                if claim:
                    rows = claims.of(claim[1])
                    out.point(
                        period, claim[0], group=f"{group}, claimed", kind="reported", rows=rows
                    )
    if not out.points:
        return out.missing(f"we have no count on or before {day or ask.as_of}")
    out.note = _coverage(out.points)
    return out


def _narrowed(seen: Losses) -> dict[str, int]:
    """Return the classes of which Oryx no longer counts every type: the first such count's place.

    That is the first count that has only some of the headings of the count before and is at least
    a tenth lower. A heading that was renamed or merged into another takes nothing from the count.
    A total of all types lacks what any class lacks.
    """
    headings = seen.table["equipment"].to_pylist()
    found = {}
    for label, series in seen.series.items():
        of_count = [{headings[row] for row in rows} for rows in series.rows]
        for place in range(1, len(of_count)):
            is_lower = series.counts[place] < 0.9 * series.counts[place - 1]
            if is_lower and of_count[place] < of_count[place - 1]:
                found[label] = place
                break
    total = next(c.label for c in classes() if c.oryx == ("all",))
    if found and total in seen.series:
        first = min(seen.series[label].days[place] for label, place in found.items())
        found[total] = bisect_left(seen.series[total].days, first)
    return found


def _claim(claims: Losses, claimed: str, day: dt.date) -> tuple[float, list[int]] | None:
    """(count, rows) that the General Staff gave on that day, for a class it shares with Oryx."""
    series = claims.series.get(CLAIMED[claimed]) if claimed else None
    if series is None:
        return None
    place = series.at(day)
    if place is None or (day - series.days[place]).days > 1:
        return None
    return series.counts[place], series.rows[place]


def _coverage(points: list[Point]) -> str:
    last = max((p.period for p in points), default="")
    return (
        f"our last count is for {last}; the month in which it falls may not be whole"
        if last
        else ""
    )


@measure(
    "losses.share_of_stock",
    of=states(),
    title="Confirmed losses as a share of the pre-war active stock",
    unit=share("the active pre-war stock", scale=""),
    tables=("losses", "estimates"),
    reference=f"{ORYX}; stocks: IISS and University of Tokyo RCAST through the pages cited in each "
    f"row",
    method="Divides confirmed cumulative losses by the published active stock before the war, or "
    "by the median if several figures were published. Replacements are not subtracted, so "
    "the share can exceed 1. Shares based on the General Staff's claims form separate "
    "groups and exist only for classes that it counts in the same way.",
    interval=Interval(
        "bounds", "losses divided by the largest published stock (low) and by the smallest (high)"
    ),
)
def share_of_stock(ask: Ask, date: Day = "") -> Answer:
    """Groups: one a class, and ``tanks, claimed``, where a pre-war stock was published by the as-of
    date; a
      point a month; only about Russia.

    date: the last count on or before this day; by default the end of each month
    """
    if "RUS" not in sides(ask):
        return nothing(ask)
    day = when(ask, date)
    out = ask.answer().about("RUS")
    stocks = stocks_before(ask, {c.stock for c in classes()})
    for claimant, suffix in (("oryx", ""), ("general_staff", ", claimed")):
        counts = losses(ask, claimant, "RUS")
        for c in classes():
            stock = stocks.get(c.stock)
            label = c.label if not suffix else CLAIMED[c.claimed] if c.claimed_over_stock else ""
            if stock is None or label not in counts.series:
                continue
            series = counts.series[label]
            group = c.label + suffix
            for period, place in picks(series, day):
                value, low, high = stock.share(series.counts[place])
                out.point(
                    period,
                    value,
                    low=low,
                    high=high,
                    group=group,
                    rows=counts.of(series.rows[place]),
                )
                out.take(labelled(stock.table, period, group))
    lacking = [c.label for c in classes() if c.apart and c.stock not in stocks]
    out.note = f"we have no pre-war active stock of: {', '.join(lacking)}"
    return out
