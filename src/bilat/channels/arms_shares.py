# SPDX-License-Identifier: Apache-2.0
"""Shares in arms deliveries: of a partner, of an exporter in the world, of a category,
of a role.
"""

from __future__ import annotations

import pyarrow as pa

from bilat.channels.register import (
    NOTHING,
    REFERENCE,
    REGISTER,
    SPOKEN,
    SUMS_ONLY,
    Categories,
    is_complete,
    label,
    orders_note,
    pool_others,
    sum_by_key,
    years_covered,
)
from bilat.errors import UsageError
from bilat.measures import (
    Answer,
    Ask,
    Pair,
    Pattern,
    State,
    States,
    Years,
    labelled,
    measure,
    states,
)
from bilat.units import SHARE


def _windows(years: list[int], width: int) -> list[list[int]]:
    if width < 1:
        raise UsageError(f"window={width} must be at least one year")
    known = set(years)
    ends = [y for y in years if all(y - i in known for i in range(width))]
    return [list(range(y - width + 1, y + 1)) for y in ends]


def _spread(rows: pa.Table, windows: list[list[int]]) -> pa.Table:
    """Each row of a year once for every window that holds the year, with the window's label as its
    point.
    """
    import pyarrow.compute as pc

    if all(len(w) == 1 for w in windows):
        return rows
    parts = [
        labelled(
            rows.filter(pc.is_in(rows["point"], pa.array([str(y) for y in years]))), label(years)
        )
        for years in windows
    ]
    return pa.concat_tables(parts) if parts else rows.slice(0, 0)


def _share_in_windows(
    out: Answer, ask: Ask, rows: pa.Table, part: str, years: Years, width: int
) -> None:
    """Points of the share of rows for which ``part`` (SQL) holds, in windows of years."""
    first = min(int(y) for y in rows["point"].to_pylist())
    spoken = [y for y in years_covered(ask) if y >= first and years.holds(y)]
    value = f"coalesce(sum(tiv) FILTER (WHERE {part}), 0) / nullif(sum(tiv), 0)"
    out.each(_spread(rows, _windows(spoken, width)), value, skip_null=True)


@measure(
    "transfers.partner_share",
    of=Pair,
    title="The partner's share of each state's arms exports and imports",
    unit=SHARE,
    tables=("transfers",),
    reference=REFERENCE,
    method="Value delivered between the two, divided by all that the state delivered (exports) "
    "or received (imports) in the year or window. Both come from the same version.",
)
def partner_share(ask: Ask, years: Years = Years(), window: int = 1) -> Answer:
    """Groups: ``RUS exports`` (share that went to CHN), ``CHN imports`` (share from RUS), and the
    reverse.

    years: years of delivery; blank for all that are held
    window: years summed for each point, ending in the point's year; SIPRI's fact sheets use 5
    """
    if not is_complete(ask, *ask.dyad):
        return ask.answer().missing(SUMS_ONLY)
    out = ask.answer(note=orders_note(ask))
    for state, other in (tuple(ask.dyad), tuple(ask.dyad)[::-1]):
        for side, partner, word in (
            ("supplier", "recipient", "exports"),
            ("recipient", "supplier", "imports"),
        ):
            sql = sum_by_key(
                pool_others(partner, other),
                point="period",
                grp=f"'{state} {word}'",
                keys="period, supplier, recipient",
                where=f"{side} = ? AND {years.sql()}",
            )
            rows = ask.rows(f"WITH {SPOKEN} {sql} ORDER BY point, supplier, recipient", state)
            if rows.num_rows:
                _share_in_windows(out, ask, rows, f"{partner} = '{other}'", years, window)
    return out.or_missing(NOTHING)


@measure(
    "transfers.exporter_share",
    of=states(),
    title="Share of the world's arms exports",
    unit=SHARE,
    tables=("transfers",),
    reference=REFERENCE,
    method="Value delivered by the supplier, divided by the value delivered by all suppliers, "
    "unknown ones included, in the year or window. Both come from the same version.",
)
def exporter_share(
    ask: Ask, years: Years = Years(), window: int = 1, suppliers: States = ()
) -> Answer:
    """Groups: one group a supplier. The rows are its yearly sums, and those of all others.

    years: years of delivery; blank for all that are held
    window: years summed for each point, ending in the point's year; SIPRI's fact sheets use 5
    suppliers: suppliers; blank for the two states
    """
    out = ask.answer(note=orders_note(ask)).about(*(suppliers or ask.dyad.states))
    for supplier in suppliers or ask.dyad.states:
        world = pool_others("supplier", supplier)
        sql = sum_by_key(
            world, point="period", grp=f"'{supplier}'", keys="period, supplier", where=years.sql()
        )
        rows = ask.rows(f"WITH {SPOKEN} {sql} ORDER BY point, supplier")
        if rows.num_rows:
            _share_in_windows(out, ask, rows, f"supplier = '{supplier}'", years, window)
    return out.or_missing(NOTHING)


@measure(
    "transfers.category_share",
    of=Pair,
    title="Categories' share of a state's arms imports",
    unit=SHARE,
    tables=("transfers",),
    reference=REFERENCE,
    method="Value of the categories (or of the descriptions that match) as a share of "
    "everything the state received, from all suppliers or from one, for a year, one "
    "period, or periods of several years. Only the register has categories.",
)
def category_share(
    ask: Ask,
    category: Categories = ("Engines",),
    description: Pattern = "",
    supplier: State = "",
    years: Years = Years(),
    window: int = 0,
) -> Answer:
    """Groups: one group a recipient; points a year, or the window ``2017-2021``, or windows of
      ``window`` years.

    category: armament categories of SIPRI; blank for any
    description: regular expression over the description, as turbo|aircraft engine; blank for any
    supplier: only imports from this state; blank for all suppliers
    years: one period; leave this and `window` blank for one point a year
    window: periods of this many years, ending in each year; 0 for none
    """
    if not all(is_complete(ask, state) for state in ask.dyad):
        return ask.answer().missing(SUMS_ONLY)
    asked = years
    if years.first:  # a window that runs past what the register has is named by what it has
        ends = ask.query(
            "SELECT min(period) AS first, max(period) AS last FROM transfers WHERE source = "
            f"'{REGISTER}' AND recipient IN (?, ?) AND {years.sql()}",
            *ask.dyad,
        ).to_pylist()[0]
        if ends["first"] is not None:
            years = Years(ends["first"], ends["last"])
    rows = ask.rows(
        f"SELECT period AS point, recipient AS grp, * FROM transfers WHERE source = '{REGISTER}' "
        f"AND recipient IN (?, ?) AND (? = '' OR supplier = ?) AND {years.sql()} "
        "ORDER BY grp, period, supplier, category, locator",
        *ask.dyad,
        *(supplier,) * 2,
    )
    spoken = [y for y in years_covered(ask, register_only=True) if asked.holds(y)]
    if rows.num_rows == 0 or not spoken:
        return ask.answer(rows).missing(f"the register shows nothing that {ask.dyad} received")
    one = asked.first or asked.last
    windows = _windows(spoken, window) if window else [spoken] if one else [[y] for y in spoken]
    part = "TRUE" if not category else "category IN (" + ", ".join(map(_quoted, category)) + ")"
    value = f"coalesce(sum(tiv) FILTER (WHERE {part}), 0) / nullif(sum(tiv), 0)"
    if (
        description
    ):  # descriptions are embedded for Russia and China alone: unknown elsewhere, not absent
        matched = f"{part} AND regexp_matches(description, {_quoted(description)})"
        value = (
            f"CASE WHEN count(*) FILTER (WHERE {part} AND description IS NULL) = 0 "
            f"THEN coalesce(sum(tiv) FILTER (WHERE {matched}), 0) / nullif(sum(tiv), 0) END"
        )
    out = ask.answer()
    out.each(_spread(rows, windows), value, skip_null=True)
    return out.or_missing(SUMS_ONLY)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
