# SPDX-License-Identifier: Apache-2.0
"""Shares in arms deliveries: of a partner, of an exporter in the world, of a category, of a role."""

from __future__ import annotations

import re
from typing import Any

import pyarrow as pa

from bilat.channels.register import (
    NOTHING,
    REFERENCE,
    REGISTER,
    SPOKEN,
    SUMS_ONLY,
    apart,
    category_name,
    empty_like,
    label,
    summed,
    window,
    years_covered,
)
from bilat.errors import UsageError
from bilat.measures import Answer, Ask, Point, measure
from bilat.places import country

_SHARE = "share (0 to 1)"
_PARAMS: dict[str, tuple[Any, str]] = {
    "first": (0, "first year, 0 for the first held"),
    "last": (0, "last year, 0 for the last held"),
}
_WINDOW = (1, "years summed for each point, ending in the point's year; SIPRI's fact sheets use 5")


def _windows(years: list[int], width: int) -> list[list[int]]:
    if width < 1:
        raise UsageError(f"window={width} must be at least one year")
    held = set(years)
    ends = [y for y in years if all(y - i in held for i in range(width))]
    return [list(range(y - width + 1, y + 1)) for y in ends]


def _spread(rows: pa.Table, windows: list[list[int]]) -> pa.Table:
    """Each row of a year once for every window that holds the year, with the window's label as its point."""
    import pyarrow.compute as pc

    if all(len(w) == 1 for w in windows):
        return rows
    parts = []
    for years in windows:
        held = rows.filter(pc.is_in(rows["point"], pa.array([str(y) for y in years])))
        at = held.schema.get_field_index("point")
        parts.append(held.set_column(at, "point", pa.repeat(pa.scalar(label(years)), held.num_rows)))
    return pa.concat_tables(parts) if parts else rows.slice(0, 0)


def _shares(ask: Ask, rows: pa.Table, part: str, width: int) -> tuple[list[Point], pa.Table]:
    """Points of the share of rows for which ``part`` (SQL) holds, in windows of years."""
    first = min(int(y) for y in rows["point"].to_pylist())
    last = ask.params["last"]
    years = [y for y in years_covered(ask) if y >= first and (not last or y <= last)]
    spread = _spread(rows, _windows(years, width))
    value = f"coalesce(sum(tiv) FILTER (WHERE {part}), 0) / nullif(sum(tiv), 0)"
    return [p for p in ask.points(spread, value) if p.value is not None], spread


@measure(
    "transfers.partner_share",
    title="The partner's share of each state's arms exports and imports",
    unit=_SHARE,
    tables=("transfers",),
    reference=REFERENCE,
    method="Value delivered between the two over all that the state delivered (exports) or received "
    "(imports) in the year or window. Numerator and denominator come from the same edition.",
    params={**_PARAMS, "window": _WINDOW},
)
def partner_share(ask: Ask) -> Answer:
    """Groups ``RUS exports`` (share that went to CHN), ``CHN imports`` (share from RUS), and the reverse."""
    within = window(ask.params["first"], ask.params["last"])
    points: list[Point] = []
    tables: list[pa.Table] = []
    for state, other in (tuple(ask.dyad), tuple(ask.dyad)[::-1]):
        for side, partner, word in (
            ("supplier", "recipient", "exports"),
            ("recipient", "supplier", "imports"),
        ):
            sql = summed(
                apart(partner, other),
                point="period",
                grp=f"'{state} {word}'",
                keys="period, supplier, recipient",
                where=f"{side} = ? AND {within}",
            )
            rows = ask.rows(f"WITH {SPOKEN} {sql} ORDER BY point, supplier, recipient", state)
            if rows.num_rows:
                found, spread = _shares(ask, rows, f"{partner} = '{other}'", ask.params["window"])
                points += found
                tables.append(spread)
    if not tables:
        return Answer([], empty_like(ask), note=NOTHING)
    return Answer(points, pa.concat_tables(tables))


@measure(
    "transfers.exporter_share",
    title="Share of the world's arms exports",
    unit=_SHARE,
    tables=("transfers",),
    reference=REFERENCE,
    method="Value delivered by the supplier over the value delivered by all suppliers, unknown ones "
    "included, in the year or window, from one edition.",
    params={
        **_PARAMS,
        "window": _WINDOW,
        "suppliers": ("", "codes joined by a comma; blank for the two states"),
    },
)
def exporter_share(ask: Ask) -> Answer:
    """One group a supplier. The rows are its yearly sums, and those of all others."""
    asked = ask.params["suppliers"]
    wanted = [country(s.strip()) for s in asked.split(",")] if asked else list(ask.dyad)
    within = window(ask.params["first"], ask.params["last"])
    points: list[Point] = []
    tables: list[pa.Table] = []
    for supplier in wanted:
        world = apart("supplier", supplier)
        sql = summed(world, point="period", grp=f"'{supplier}'", keys="period, supplier", where=within)
        rows = ask.rows(f"WITH {SPOKEN} {sql} ORDER BY point, supplier")
        if rows.num_rows == 0:
            continue
        found, spread = _shares(ask, rows, f"supplier = '{supplier}'", ask.params["window"])
        points += found
        tables.append(spread)
    if not tables:
        return Answer([], empty_like(ask), note=NOTHING)
    return Answer(points, pa.concat_tables(tables))


@measure(
    "transfers.among",
    title="Arms delivered among several states",
    unit="million TIV",
    tables=("transfers",),
    reference=REFERENCE,
    method="Value of deliveries among the states named, by year: each directed pair, all of them, and all "
    "without the two states asked for. Each year is read from one edition; a year without an entry is 0.",
    params={
        "states": ("RUS|CHN|IRN|PRK", "codes joined by |"),
        "first": (1992, "first year, 0 for the first held"),
        "last": (0, "last year, 0 for the last held"),
    },
)
def among(ask: Ask) -> Answer:
    """Groups: directed pairs ``RUS>IRN``, ``all``, ``without RUS-CHN``; one point a year."""
    states = [country(s) for s in ask.params["states"].split("|") if s.strip()]
    if len(set(states)) < 2:
        raise UsageError(f"states={ask.params['states']!r} must name at least two, joined by |")
    marks = ", ".join("?" for _ in states)
    rows = ask.rows(
        f"WITH {SPOKEN} SELECT period AS point, supplier || '>' || recipient AS grp, * FROM spoken "
        f"WHERE supplier IN ({marks}) AND recipient IN ({marks}) "
        f"AND {window(ask.params['first'], ask.params['last'])} ORDER BY grp, point, locator",
        *states,
        *states,
    )
    if rows.num_rows == 0:
        return Answer([], rows, note="no delivery among these states in the register")
    a, b = ask.dyad
    whole, without = "all", f"without {a}-{b}"
    apart = [g not in (f"{a}>{b}", f"{b}>{a}") for g in rows["grp"].to_pylist()]
    rest = rows.filter(pa.array(apart, pa.bool_()))
    evidence = pa.concat_tables([_grouped(rows, whole), _grouped(rest, without), rows])
    years = [y for y in years_covered(ask) if _in(ask, y)]
    found = {(p.group, int(p.period)): p for p in ask.points(evidence, "sum(tiv)", kind="estimated")}
    groups = [whole, without, *sorted(set(rows["grp"].to_pylist()))]
    zero = "none in the register"
    points = [
        found.get((g, y)) or Point(str(y), 0.0, kind="estimated", group=g, note=zero)
        for g in groups
        for y in years
    ]
    return Answer(points, evidence)


def _in(ask: Ask, year: int) -> bool:
    first, last = ask.params["first"], ask.params["last"]
    return (not first or year >= first) and (not last or year <= last)


def _grouped(rows: pa.Table, group: str) -> pa.Table:
    at = rows.schema.get_field_index("grp")
    return rows.set_column(at, "grp", pa.array([group] * rows.num_rows, pa.string()))


@measure(
    "transfers.category_share",
    title="Categories' share of a state's arms imports",
    unit=_SHARE,
    tables=("transfers",),
    reference=REFERENCE,
    method="Value of the categories (or of the descriptions that match) over all that the state received, "
    "from all suppliers or from the one named: a year, one window, or windows of several years. The register "
    "alone has categories.",
    params={
        "category": ("Engines", "armament categories of SIPRI, joined by |; blank for any"),
        "description": (
            "",
            "regular expression over the description, as turbo|aircraft engine; blank for any",
        ),
        "supplier": ("", "only imports from this state; blank for all suppliers"),
        "first": (0, "first year of one window; with last 0 too: one point a year"),
        "last": (0, "last year of one window, 0 for the last held"),
        "window": (0, "windows of so many years, ending in each year; 0 for none"),
    },
)
def category_share(ask: Ask) -> Answer:
    """One group a recipient; points a year, or the window ``2017-2021``, or windows of ``window`` years."""
    first, last, width = (ask.params[k] for k in ("first", "last", "window"))
    pattern = ask.params["description"]
    try:
        re.compile(pattern)
    except re.error as e:
        raise UsageError(f"description {pattern!r} is no regular expression: {e}") from None
    wanted = [category_name(c) for c in ask.params["category"].split("|") if c.strip()]
    supplier = country(ask.params["supplier"]) if ask.params["supplier"] else ""
    if first:  # a window that runs past what is held is named by what it holds
        held = ask.query(
            f"SELECT min(period), max(period) FROM transfers WHERE source = '{REGISTER}' "
            f"AND recipient IN (?, ?) AND {window(first, last)}",
            *ask.dyad,
        ).to_pylist()[0]
        if held["min(period)"] is not None:
            first, last = int(held["min(period)"]), int(held["max(period)"])
    rows = ask.rows(
        f"SELECT period AS point, recipient AS grp, * FROM transfers WHERE source = '{REGISTER}' "
        f"AND recipient IN (?, ?) AND (? = '' OR supplier = ?) AND {window(first, last)} "
        "ORDER BY grp, period, supplier, category, locator",
        *ask.dyad,
        *(supplier,) * 2,
    )
    held = [y for y in years_covered(ask, register_only=True) if _in(ask, y)]
    if rows.num_rows == 0 or not held:
        return Answer([], rows, note=f"the register shows nothing that {ask.dyad} received")
    windows = _windows(held, width) if width else [held] if first or last else [[y] for y in held]
    spread = _spread(rows, windows)
    part = "TRUE" if not wanted else "category IN (" + ", ".join(map(_quoted, wanted)) + ")"
    value = f"coalesce(sum(tiv) FILTER (WHERE {part}), 0) / nullif(sum(tiv), 0)"
    if pattern:  # descriptions are embedded for Russia and China alone: unknown elsewhere, not absent
        matched = f"{part} AND regexp_matches(description, {_quoted(pattern)})"
        value = (
            f"CASE WHEN count(*) FILTER (WHERE {part} AND description IS NULL) = 0 "
            f"THEN coalesce(sum(tiv) FILTER (WHERE {matched}), 0) / nullif(sum(tiv), 0) END"
        )
    points = [p for p in ask.points(spread, value) if p.value is not None]
    return Answer(points, spread, note="" if points else SUMS_ONLY)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
