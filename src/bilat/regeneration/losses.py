# SPDX-License-Identifier: Apache-2.0
"""Equipment losses: visually confirmed, claimed, by month, as a share of stock, ranked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pyarrow as pa

from bilat.errors import UsageError
from bilat.measures import Answer, Ask, Point, measure
from bilat.places import country_name
from bilat.regeneration.equipment import CLAIMED, Evidence, Losses, Series, classes, losses, sides
from bilat.regeneration.stocks import stock_before
from bilat.when import Period

ORYX = "Oryx, Attack on Europe (CC BY 4.0), scraped by D. Scarnecchia"
STAFF = "General Staff of the Armed Forces of Ukraine, daily reports (P. Ivaniuk's collection, MIT)"
AS_PUBLISHED = "Counts are as published: a recount may lower them a little; slips of the page are mended."
NOBODY = "no losses of {} are held: only Russia's and Ukraine's are counted"
DATE = ("", "a day YYYY-MM-DD: the last count on or before it; empty: the end of each month")


def when(ask: Ask) -> dt.date | None:
    """The day asked for with ``date``, or None.

    Raises
    ------
    UsageError
        if it is no date, or lies after the as-of date.
    """
    text = str(ask.params["date"])
    if not text:
        return None
    day = Period(text).end
    if len(text) != 10:
        raise UsageError(f"date {text!r} is no day: write it as YYYY-MM-DD")
    if day > ask.as_of.date:
        raise UsageError(f"date {text} lies after the as-of date {ask.as_of}")
    return day


def picks(series: Series, day: dt.date | None) -> Iterator[tuple[str, int]]:
    """(period, place) of the counts to show: the last one by ``day``, or the last one of each month."""
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
    empty = ask.rows("SELECT *, period AS point, '' AS grp FROM losses WHERE FALSE")
    return Answer([], empty, note=NOBODY.format(ask.dyad.name))


@measure(
    "losses.confirmed",
    title="Equipment losses, visually confirmed",
    unit="items since 2022-02-24",
    tables=("losses",),
    reference=f"{ORYX}; {STAFF}",
    method="Oryx's count of losses that an image shows (destroyed, abandoned, captured, damaged), "
    "cumulative, at the last scrape of each month or by a given day; headings that Oryx renamed are one "
    "class. "
    f"{AS_PUBLISHED} Claims of the General Staff stand in groups of their own.",
    interval="low is the confirmed count itself, a lower bound of the losses; high is what the Ukrainian "
    "General Staff claimed on the same day, where it counts the same class and no fewer than confirmed",
    params={"date": DATE},
)
def confirmed(ask: Ask) -> Answer:
    """Point value: Oryx; ``high``: the General Staff; the claims also as groups 'CLASS, claimed'."""
    found = sides(ask)
    if not found:
        return nothing(ask)
    day = when(ask)
    points: list[Point] = []
    taken: list[pa.Table] = []
    for side in found:
        seen, claims = losses(ask, "oryx", side), losses(ask, "general_staff", side)
        seen_rows, claim_rows = Evidence(seen.table, []), Evidence(claims.table, [])
        for c in classes():
            if c.label not in seen.series:
                continue
            series, group = seen.series[c.label], name(c.label, side, found)
            for period, place in picks(series, day):
                claim = _claim(claims, c.claimed, series.days[place])
                count = series.counts[place]
                band = claim[0] if claim and claim[0] >= count else None
                note = "fewer were claimed than confirmed" if claim and band is None else ""
                points.append(Point(period, count, count, band, "reported", group, note))
                seen_rows.wanted += [(n, period, group) for n in series.rows[place]]
                if claim:
                    beside = f"{group}, claimed"
                    points.append(Point(period, claim[0], None, None, "reported", beside))
                    claim_rows.wanted += [(n, period, beside) for n in claim[1]]
        taken += [seen_rows.taken(), claim_rows.taken()]
    return Answer(points, pa.concat_tables(taken), note=_coverage(points))


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
    return f"the last count held is of {last}; the month in which it falls may not be whole" if last else ""


@measure(
    "losses.claimed",
    title="Russian losses as the Ukrainian General Staff claims them",
    unit="items since 2022-02-24 (personnel: persons)",
    tables=("losses",),
    reference=STAFF,
    method="Cumulative claims at the end of each month or on a given day. Classes are its own: armoured "
    "vehicles are all but tanks, artillery includes mortars, drones include one-way attack drones. One "
    "belligerent's figures: an upper band, never added to or averaged with confirmed losses.",
    params={"date": DATE},
)
def claimed(ask: Ask) -> Answer:
    """Claims by class; only about Russia."""
    if "RUS" not in sides(ask):
        return nothing(ask)
    day = when(ask)
    claims = losses(ask, "general_staff", "RUS")
    rows = Evidence(claims.table, [])
    points: list[Point] = []
    for label in CLAIMED.values():
        series = claims.series.get(label)
        if series is None:
            continue
        for period, place in picks(series, day):
            points.append(Point(period, series.counts[place], None, None, "reported", label))
            rows.wanted += [(n, period, label) for n in series.rows[place]]
    return Answer(points, rows.taken(), note=_coverage(points))


@measure(
    "losses.monthly",
    title="Equipment losses per month",
    unit="items per month (personnel: persons)",
    tables=("losses", "series"),
    reference=f"{ORYX}; {STAFF}",
    method="Difference between the cumulative counts at the ends of two months, in a straight line "
    "between the scrapes around each end (no figure across a gap above 45 days); whole months only. "
    "Confirmed losses are dated by when Oryx listed them, not by when they happened. From the claims (groups "
    "'CLASS, claimed') "
    "the revisions of the month are taken off. A recount can make a month negative.",
)
def monthly(ask: Ask) -> Answer:
    """Rate per month by class, confirmed and claimed."""
    found = sides(ask)
    if not found:
        return nothing(ask)
    points: list[Point] = []
    taken: list[pa.Table] = []
    for side in found:
        for claimant, suffix in (("oryx", ""), ("general_staff", ", claimed")):
            held = losses(ask, claimant, side)
            revised = _revisions(ask, side) if suffix else {}
            rows = Evidence(held.table, [])
            for label, series in held.series.items():
                group = name(label, side, found) + suffix
                for month, before, after in _months(series):
                    value = after[0] - before[0] - revised.get((month, label), (0.0, []))[0]
                    points.append(Point(month, value, None, None, "derived", group))
                    rows.wanted += [(n, month, group) for n in dict.fromkeys(before[1] + after[1])]
            taken.append(rows.taken())
            if suffix:
                taken.append(_revision_rows(ask, side, found))
    return Answer(
        sorted(points, key=lambda p: (p.group, p.period)),
        pa.concat_tables(taken, promote_options="default"),
        note="both differ from the losses of the month itself: images surface late, claims are revised",
    )


def _months(series: Series) -> Iterator[tuple[str, tuple[float, list[int]], tuple[float, list[int]]]]:
    """(month, count at its start, count at its end) of each whole month held."""
    if not series.days:
        return
    month = Period(series.days[0].isoformat()[:7])
    while month.end <= series.days[-1]:
        before, after = series.on(month.start - dt.timedelta(days=1)), series.on(month.end)
        if before and after:
            yield month.text, before, after
        month = Period((month.end + dt.timedelta(days=1)).isoformat()[:7])


_REVISED = "general_staff revision: "


def _revision_rows(ask: Ask, side: str, several: list[str]) -> pa.Table:
    labels = list(CLAIMED.items())
    values = ", ".join(["(?, ?)"] * len(labels))
    return ask.rows(
        f"SELECT s.*, substr(s.period, 1, 7) AS point, m.label AS grp FROM series AS s "
        f"JOIN (VALUES {values}) AS m(class, label) ON s.variable = ? || m.class "
        "WHERE s.entity = ? ORDER BY s.period, s.variable",
        *(text for k, v in labels for text in (k, name(v, side, several) + ", claimed")),
        _REVISED,
        side,
    )


def _revisions(ask: Ask, side: str) -> dict[tuple[str, str], tuple[float, list[int]]]:
    """(month, label) -> sum of the revisions of that month."""
    found: dict[tuple[str, str], tuple[float, list[int]]] = {}
    for r in ask.query(
        "SELECT period, variable, value FROM series WHERE entity = ? AND variable LIKE ? || '%'",
        side,
        _REVISED,
    ).to_pylist():
        label = CLAIMED.get(r["variable"].removeprefix(_REVISED))
        if label:
            key = (r["period"][:7], label)
            found[key] = (found.get(key, (0.0, []))[0] + r["value"], [])
    return found


@measure(
    "losses.share_of_stock",
    title="Confirmed losses as a share of the pre-war active stock",
    unit="share of the active pre-war stock",
    tables=("losses", "estimates"),
    reference=f"{ORYX}; stocks: IISS and University of Tokyo RCAST through the pages cited in each row",
    method="Confirmed cumulative losses over the published active stock before the war; where several stocks "
    "were published, their median. Replacements are not taken off: the share can pass 1. The share by the "
    "General Staff's claims stands in groups of its own, for classes that it counts as the stock does.",
    interval="low and high divide by the largest and the smallest published stock",
    params={"date": DATE},
)
def share_of_stock(ask: Ask) -> Answer:
    """Share by class, where a pre-war stock was published by the as-of date; only about Russia."""
    if "RUS" not in sides(ask):
        return nothing(ask)
    day = when(ask)
    points: list[Point] = []
    taken: list[pa.Table] = []
    for claimant, suffix in (("oryx", ""), ("general_staff", ", claimed")):
        held = losses(ask, claimant, "RUS")
        rows = Evidence(held.table, [])
        for c in classes():
            stock = stock_before(ask, c.stock)
            label = c.label if not suffix else CLAIMED[c.claimed] if c.claimed_over_stock else ""
            if stock is None or label not in held.series:
                continue
            series, group = held.series[label], c.label + suffix
            periods = []
            for period, place in picks(series, day):
                count = series.counts[place]
                low, high = count / stock.high, count / stock.low
                spread = stock.low != stock.high
                points.append(
                    Point(
                        period,
                        count / stock.value,
                        low if spread else None,
                        high if spread else None,
                        "derived",
                        group,
                    )
                )
                rows.wanted += [(n, period, group) for n in series.rows[place]]
                periods.append(period)
            taken += [stock.rows(period, group) for period in periods]
        taken.append(rows.taken())
    lacking = [c.label for c in classes() if c.apart and stock_before(ask, c.stock) is None]
    return Answer(
        points,
        pa.concat_tables(taken, promote_options="default"),
        note=f"no pre-war active stock is held for: {', '.join(lacking)}",
    )


@measure(
    "losses.ranking",
    title="Classes of equipment ranked by confirmed losses",
    unit="items since 2022-02-24",
    tables=("losses", "estimates"),
    reference=ORYX,
    method="Classes that do not overlap, heaviest losses first, at one date; each point's note gives its "
    "rank. By count of confirmed losses, or by the share of the published pre-war active stock.",
    interval="by share: low and high divide by the largest and the smallest published stock",
    params={
        "date": ("", "a day YYYY-MM-DD; empty: the last count held"),
        "by": ("count", "count or share (of the pre-war active stock)"),
    },
)
def ranking(ask: Ask) -> Answer:
    """One point per class, in the order of rank; only about Russia.

    Raises
    ------
    UsageError
        for another order than count or share.
    """
    by = str(ask.params["by"])
    if by not in ("count", "share"):
        raise UsageError(f"by={by!r}: classes are ranked by count or by share")
    if "RUS" not in sides(ask):
        return nothing(ask)
    held = losses(ask, "oryx", "RUS")
    day = when(ask) or ask.as_of.date
    last = {c.label: place for c in classes() if c.apart and (place := _last(held, c.label, day)) is not None}
    newest = max((held.series[k].days[place] for k, place in last.items()), default=day)
    rows, taken, lacking = Evidence(held.table, []), [], []
    ranked: list[tuple[float, float | None, float | None, str]] = []
    for c in classes():
        # a class that Oryx has stopped listing is not ranked against newer counts
        if c.label not in last or held.series[c.label].days[last[c.label]] != newest:
            continue
        count = held.series[c.label].counts[last[c.label]]
        if by == "count":
            ranked.append((count, None, None, c.label))
        elif (stock := stock_before(ask, c.stock)) is not None:
            spread = stock.low != stock.high
            low, high = (count / stock.high, count / stock.low) if spread else (None, None)
            ranked.append((count / stock.value, low, high, c.label))
            taken.append(stock.rows(newest.isoformat(), c.label))
        else:
            lacking.append(c.label)
            continue
        rows.wanted += [(n, newest.isoformat(), c.label) for n in held.series[c.label].rows[last[c.label]]]
    ranked.sort(key=lambda r: -r[0])
    points = [
        Point(newest.isoformat(), value, low, high, "derived", label, f"rank {n} of {len(ranked)}")
        for n, (value, low, high, label) in enumerate(ranked, 1)
    ]
    return Answer(
        points,
        pa.concat_tables([rows.taken(), *taken], promote_options="default"),
        note=f"no published pre-war stock, so no rank by share: {', '.join(lacking)}" if lacking else "",
        unit="share of the active pre-war stock" if by == "share" else "",
    )


def _last(held: Losses, label: str, day: dt.date) -> int | None:
    series = held.series.get(label)
    return series.at(day) if series else None
