# SPDX-License-Identifier: Apache-2.0
"""Arms delivered and ordered between two states, from SIPRI's register."""

from __future__ import annotations

import datetime as dt
import re

import pyarrow as pa

from bilat.channels.register import (
    DIRECTION,
    PAIRS,
    REFERENCE,
    REGISTER,
    SPOKEN,
    SUMS_ONLY,
    category_name,
    deals_held,
    empty_like,
    ends,
    label,
    window,
    years_covered,
)
from bilat.errors import UsageError
from bilat.measures import Answer, Ask, Point, measure
from bilat.when import AsOf

_TIV = "million TIV"
_FIRST = (0, "first year, 0 for the first held")
_LAST = (0, "last year, 0 for the last held")


def _with_zeros(points: list[Point], years: list[int]) -> list[Point]:
    """A year in which the register shows nothing, after one in which it shows something, is 0."""
    out: list[Point] = []
    for group in dict.fromkeys(p.group for p in points):
        mine = {int(p.period): p for p in points if p.group == group}
        out += [
            mine.get(y) or Point(str(y), 0.0, kind="estimated", group=group, note="none in the register")
            for y in years
            if y >= min(mine)
        ]
    return out


@measure(
    "transfers.tiv",
    title="Arms delivered between the two states",
    unit=_TIV,
    tables=("transfers",),
    reference=REFERENCE,
    method="Trend-indicator values of deliveries summed by year and direction. Each year is read from one "
    "edition: the register that was public, else the export tables that were, else the earliest later "
    "register (marked revised later). TIV measures capability and not price. A year without an entry is 0.",
    params={
        "category": ("", "an armament category of SIPRI (Engines, Aircraft, …); blank for all"),
        "first": _FIRST,
        "last": _LAST,
    },
)
def tiv(ask: Ask) -> Answer:
    """Groups ``A>B`` and ``B>A``; one point a year."""
    category = category_name(ask.params["category"]) if ask.params["category"] else ""
    rows_of = "register" if category else "spoken"
    a, b = ask.dyad
    within = window(ask.params["first"], ask.params["last"])
    where = f"((supplier = ? AND recipient = ?) OR (supplier = ? AND recipient = ?)) AND {within}"
    values = [a, b, b, a]
    if category:
        where += " AND category = ?"
        values.append(category)
    rows = ask.rows(
        f"WITH {SPOKEN}, register AS (SELECT * FROM transfers WHERE source = '{REGISTER}') "
        f"SELECT period AS point, supplier || '>' || recipient AS grp, * FROM {rows_of} WHERE {where} "
        "ORDER BY grp, point, locator",
        *values,
    )
    years = [y for y in years_covered(ask, register_only=bool(category)) if _inside(ask, y)]
    points = _with_zeros(ask.points(rows, "sum(tiv)", kind="estimated"), years)
    return Answer(points, rows, note="" if points else f"no delivery between {ask.dyad} in the register")


def _inside(ask: Ask, year: int) -> bool:
    first, last = ask.params["first"], ask.params["last"]
    return (not first or year >= first) and (not last or year <= last)


@measure(
    "transfers.by_category",
    title="Arms delivered, by armament category",
    unit=_TIV,
    tables=("transfers",),
    reference=REFERENCE,
    method="Trend-indicator values of deliveries summed by year and SIPRI's armament category, one "
    "direction. Only the register has categories: before the first public edition held, the "
    "earliest later edition stands in (revised later).",
    params={"direction": DIRECTION, "first": _FIRST, "last": _LAST},
)
def by_category(ask: Ask) -> Answer:
    """Groups are the categories; one point a year in which the category was delivered."""
    supplier, recipient = ends(ask, ask.params["direction"])
    rows = ask.rows(
        f"SELECT period AS point, category AS grp, * FROM transfers WHERE source = '{REGISTER}' "
        f"AND (? = '' OR supplier = ?) AND (? = '' OR recipient = ?) "
        f"AND {window(ask.params['first'], ask.params['last'])} ORDER BY grp, point, locator",
        *(supplier,) * 2,
        *(recipient,) * 2,
    )
    points = ask.points(rows, "sum(tiv)", kind="estimated")
    return Answer(points, rows, note="" if points else "no delivery this way in the register")


@measure(
    "transfers.deliveries",
    title="Weapons delivered, by designation",
    unit="items",
    tables=("transfers",),
    reference=REFERENCE,
    method="Numbers delivered of the weapons that match the pattern, by year, or with total over all years "
    "held. Low counts only the items whose number SIPRI states without its mark of uncertainty.",
    interval="low: items whose number is not marked as an estimate; high: not given by the source",
    params={
        "pattern": ("Su-27|Su-30|Su-35|S-300|S-400", "regular expression over designation and description"),
        "by": ("designation", "group by designation, description or category"),
        "direction": DIRECTION,
        "total": (False, "true for one point a group over all years"),
        "first": _FIRST,
        "last": _LAST,
    },
)
def deliveries(ask: Ask) -> Answer:
    """One group a designation (or description, or category); one point a year, or one in all."""
    supplier, recipient = ends(ask, ask.params["direction"])
    pattern, by = ask.params["pattern"], ask.params["by"]
    try:
        re.compile(pattern)
    except re.error as e:
        raise UsageError(f"pattern {pattern!r} is no regular expression: {e}") from None
    if by not in ("designation", "description", "category"):
        raise UsageError(f"by={by!r} must be designation, description or category")
    if not deals_held(ask, supplier, recipient):
        return Answer([], empty_like(ask), note=SUMS_ONLY)
    rows = ask.rows(
        f"SELECT period AS point, {by} AS grp, * FROM transfers WHERE source = '{REGISTER}' "
        "AND (? = '' OR supplier = ?) AND (? = '' OR recipient = ?) "
        "AND (regexp_matches(designation, ?) OR regexp_matches(description, ?)) "
        f"AND {window(ask.params['first'], ask.params['last'])} ORDER BY grp, point, locator",
        *(supplier,) * 2,
        *(recipient,) * 2,
        pattern,
        pattern,
    )
    if ask.params["total"] and rows.num_rows:
        years = sorted({int(y) for y in rows["period"].to_pylist()})
        rows = rows.set_column(0, "point", pa.array([label(years)] * rows.num_rows, pa.string()))
    low = "coalesce(sum(delivered) FILTER (WHERE delivered_estimated IS NOT DISTINCT FROM FALSE), 0)"
    points = ask.points(rows, "sum(delivered)", low=low, kind="estimated")
    return Answer(points, rows, note="" if points else f"nothing in the register matches {pattern!r}")


@measure(
    "transfers.orders",
    title="Orders placed, by year of the order",
    unit="deals; million TIV delivered so far",
    tables=("transfers",),
    reference=REFERENCE,
    method="Deals by the year in which they were ordered: how many, and the value delivered of them so "
    "far. Only deals with a delivery stand in the register, so the last years are undercounted, and "
    "deals wholly delivered before 1995 are missing. Low leaves out deals whose order year is marked "
    "as an estimate.",
    interval="low: deals whose order year is not marked as an estimate; high: all deals",
    params={
        "direction": DIRECTION,
        "category": ("", "an armament category of SIPRI; blank for all"),
        "first": (0, "first order year, 0 for the first held"),
        "last": (0, "last order year, 0 for the last held"),
    },
)
def orders(ask: Ask) -> Answer:
    """Groups ``deals`` (count) and ``TIV delivered``; one point an order year, 0 where none was placed."""
    supplier, recipient = ends(ask, ask.params["direction"])
    if not deals_held(ask, supplier, recipient):
        return Answer([], empty_like(ask), note=SUMS_ONLY)
    category = category_name(ask.params["category"]) if ask.params["category"] else ""
    rows = ask.rows(
        "SELECT CAST(order_year AS VARCHAR) AS point, 'deals' AS grp, * FROM transfers "
        f"WHERE source = '{REGISTER}' AND (? = '' OR supplier = ?) AND (? = '' OR recipient = ?) "
        "AND (? = '' OR category = ?) "
        "AND (? = 0 OR order_year >= ?) AND (? = 0 OR order_year <= ?) ORDER BY point, deal, period, locator",
        *(supplier,) * 2,
        *(recipient,) * 2,
        *(category,) * 2,
        *(ask.params["first"],) * 2,
        *(ask.params["last"],) * 2,
    )
    certain = "count(DISTINCT deal) FILTER (WHERE order_estimated IS NOT DISTINCT FROM FALSE)"
    count = ask.points(
        rows, "count(DISTINCT deal)", low=certain, high="count(DISTINCT deal)", kind="reported"
    )
    value = [
        Point(p.period, p.value, None, None, "estimated", "TIV delivered", p.note)
        for p in ask.points(rows, "sum(tiv)")
    ]
    covered = years_covered(ask, register_only=True)
    if not count or not covered:
        return Answer([], rows, note="no order between the two in the register")
    years = list(range(min(int(p.period) for p in count), max(covered) + 1))
    if ask.params["last"]:
        years = [y for y in years if y <= ask.params["last"]]
    by_year = {int(p.period): p for p in count}
    counts = [
        by_year.get(y) or Point(str(y), 0.0, 0.0, 0.0, "reported", "deals", "none in the register")
        for y in years
    ]
    at = rows.schema.get_field_index("grp")
    valued = rows.set_column(at, "grp", pa.array(["TIV delivered"] * rows.num_rows, pa.string()))
    return Answer([*counts, *value], pa.concat_tables([rows, valued]))


@measure(
    "transfers.revisions",
    title="What each SIPRI edition said of arms delivered between the two states",
    unit=_TIV,
    tables=("transfers",),
    reference=REFERENCE,
    method="The same sums as transfers.tiv, read from each edition that was public by the as-of date: SIPRI "
    "revises earlier years without notice. One direction.",
    params={"direction": DIRECTION, "first": _FIRST, "last": _LAST},
)
def revisions(ask: Ask) -> Answer:
    """One group an edition, named by kind and date; one point a year it speaks of, 0 where it has none."""
    supplier, recipient = ends(ask, ask.params["direction"])
    within = window(ask.params["first"], ask.params["last"])
    points: list[Point] = []
    parts = [empty_like(ask)]
    for source, vintage in _editions(ask):
        then = Ask(ask.dyad, AsOf(vintage), ask.params, ask.holdings)
        group = f"{'register' if source == REGISTER else 'export tables'} of {vintage}"
        mine = f"source = '{source}' AND vintage = DATE '{vintage}' AND {within}"
        rows = then.rows(
            f"SELECT period AS point, '{group}' AS grp, * FROM transfers WHERE {mine} "
            "AND (? = '' OR supplier = ?) AND (? = '' OR recipient = ?) ORDER BY point, locator",
            *(supplier,) * 2,
            *(recipient,) * 2,
        )
        spoken = then.query(
            f"SELECT DISTINCT CAST(period AS INTEGER) AS y FROM transfers WHERE {mine} ORDER BY 1"
        )
        found = ask.points(rows, "sum(tiv)", kind="estimated")
        points += _with_zeros(found, [int(y) for y in spoken["y"].to_pylist()])
        parts.append(rows)
    note = "" if points else "no edition that speaks of this pair was public by this date"
    return Answer(points, pa.concat_tables(parts, promote_options="permissive"), note=note)


def _editions(ask: Ask) -> list[tuple[str, dt.date]]:
    """(source, date) of each edition that was public by the as-of date, oldest first."""
    found = {
        (part.source, part.vintage)
        for part in ask.holdings.parts
        if part.table == "transfers" and part.source in (REGISTER, PAIRS) and part.vintage <= ask.as_of.date
    }
    return sorted(found, key=lambda e: (e[1], e[0]))
