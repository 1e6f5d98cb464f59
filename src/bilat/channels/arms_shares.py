# SPDX-License-Identifier: Apache-2.0
"""Shares in arms deliveries: of a partner in a state's trade, of an exporter in the world's, of a
category in a state's imports.
"""

from __future__ import annotations

import pyarrow as pa

from bilat.channels.register import (
    NOTHING,
    REFERENCE,
    SPOKEN,
    SUMS_ONLY,
    VALUED,
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
from bilat.places import spoken_name
from bilat.units import SHARE

#: SQL for the share of a value that the rows of one part have; NULL where no row has a value.
_SHARE_OF_VALUE = "coalesce(sum(tiv) FILTER (WHERE {part}), 0) / nullif(sum(tiv), 0)"


def _windows(years: list[int], width: int) -> list[list[int]]:
    """Return every run of ``width`` years without a gap, by its last year; for 0 all years as one.

    Raises
    ------
    UsageError
        for a width below zero.
    """
    if width < 0:
        raise UsageError(f"window={width} must not be negative")
    known = set(years)
    if width == 0:
        width = len(years) or 1
    windows = [list(range(last - width + 1, last + 1)) for last in years]
    return [window for window in windows if known.issuperset(window)]


def _rows_by_window(rows: pa.Table, windows: list[list[int]]) -> pa.Table:
    """Return each yearly row once for every window that contains its year, with the window's label
    (``2018-2022``) as its point."""
    import pyarrow.compute as pc

    if windows and all(len(window) == 1 for window in windows):
        return rows  # the point of a yearly row is its year already
    parts = []
    for window in windows:
        in_window = pc.is_in(rows["point"], pa.array([str(year) for year in window]))
        parts.append(labelled(rows.filter(in_window), label(window)))
    return pa.concat_tables(parts) if parts else rows.slice(0, 0)


def _years_asked(ask: Ask, years: Years) -> list[int]:
    """Return the years asked for that the editions in use cover."""
    return [year for year in years_covered(ask) if years.holds(year)]


def _add_shares(out: Answer, rows: pa.Table, part: str, covered: list[int], width: int) -> None:
    """Add the share of the rows for which ``part`` (SQL) holds, a point for each window of
    ``width`` years from the first year with a row."""
    first = min(int(year) for year in rows["point"].to_pylist())
    windows = _windows([year for year in covered if year >= first], width)
    value = _SHARE_OF_VALUE.format(part=part)
    out.each(_rows_by_window(rows, windows), value, skip_null=True)


def _reason_for_none(covered: list[int], width: int) -> str:
    """Return why there is no share: no delivery, or no window of so many years."""
    if covered and not _windows(covered, width):
        return (
            f"the years asked for do not cover {width} years in a row: "
            "ask for more years, or for a smaller window"
        )
    return NOTHING


@measure(
    "transfers.partner_share",
    of=Pair,
    title="The partner's share of each state's arms exports and imports",
    unit=SHARE,
    tables=("transfers",),
    reference=REFERENCE,
    method="Divides the value delivered between the two by all that the state delivered "
    "(exports) or received (imports) in the year or period. Both come from the same "
    "version.",
)
def partner_share(ask: Ask, years: Years = Years(), window: int = 1) -> Answer:
    """Groups: ``RUS exports`` (share that went to CHN), ``CHN imports`` (share from RUS), and the
    reverse. A state is left out if our data pool some of its deliveries: its total is unknown.

    years: years of delivery; blank for all in our data
    window: years summed for each point, ending in the point's year; SIPRI's fact sheets use 5;
        0 sums all years asked for
    """
    whole = [state for state in ask.dyad if is_complete(ask, state)]
    if not whole:
        return ask.answer().missing(SUMS_ONLY)
    covered = _years_asked(ask, years)
    first, second = ask.dyad
    out = ask.answer(note=_note_on_whole(ask, whole))
    for state, other in ((first, second), (second, first)):
        if state not in whole:
            continue
        for side, partner, word in (
            ("supplier", "recipient", "exports"),
            ("recipient", "supplier", "imports"),
        ):
            sql = sum_by_key(
                pool_others(partner, other),
                grp=f"'{state} {word}'",
                keys="period, supplier, recipient",
                where=f"{side} = ? AND {years.sql()}",
            )
            rows = ask.rows(f"WITH {SPOKEN} {sql} ORDER BY point, supplier, recipient", state)
            if rows.num_rows:
                _add_shares(out, rows, f"{partner} = '{other}'", covered, window)
    return out.or_missing(_reason_for_none(covered, window))


def _note_on_whole(ask: Ask, whole: list[str]) -> str:
    """Return the note on 2025 and, where one state's total is unknown, why it has no share."""
    notes = [orders_note(ask)]
    for state in ask.dyad:
        if state not in whole:
            notes.append(
                f"No shares of {spoken_name(state)}: our data pool some of its deliveries "
                "with those of other states."
            )
    return " ".join(note for note in notes if note)


@measure(
    "transfers.exporter_share",
    of=states(),
    title="Share of the world's arms exports",
    unit=SHARE,
    tables=("transfers",),
    reference=REFERENCE,
    method="Divides the value that the supplier delivered in the year or period by the value "
    "that all suppliers delivered, unknown ones included. Both come from the same version.",
)
def exporter_share(
    ask: Ask, years: Years = Years(), window: int = 1, suppliers: States = ()
) -> Answer:
    """Groups: one group for each supplier. The rows are its yearly sums and those of all others.

    years: years of delivery; blank for all in our data
    window: years summed for each point, ending in the point's year; SIPRI's fact sheets use 5;
        0 sums all years asked for
    suppliers: suppliers; blank for the two states
    """
    covered = _years_asked(ask, years)
    exporters = suppliers or ask.dyad.states
    out = ask.answer(note=orders_note(ask)).about(*exporters)
    for supplier in exporters:
        world = pool_others("supplier", supplier)
        sql = sum_by_key(world, grp=f"'{supplier}'", keys="period, supplier", where=years.sql())
        rows = ask.rows(f"WITH {SPOKEN} {sql} ORDER BY point, supplier")
        if rows.num_rows:
            _add_shares(out, rows, f"supplier = '{supplier}'", covered, window)
    return out.or_missing(_reason_for_none(covered, window))


@measure(
    "transfers.category_share",
    of=Pair,
    title="Categories' share of a state's arms imports",
    unit=SHARE,
    tables=("transfers",),
    reference=REFERENCE,
    method="The value of the categories (or of the descriptions that match) as a share of all "
    "that the state received. You can ask for one supplier or all, and for a single "
    "year, one period or a series of multi-year periods. Only the register has categories.",
)
def category_share(
    ask: Ask,
    category: Categories = ("Engines",),
    description: Pattern = "",
    supplier: State = "",
    years: Years = Years(),
    window: int = 0,
) -> Answer:
    """Groups: one group for each recipient. Points: one for each year; the years together where
    ``years`` is given (``2017-2021``); or one for each run of ``window`` years.

    category: armament categories of SIPRI; blank for any
    description: regular expression over the description, as turbo|aircraft engine; blank for any
    supplier: only imports from this state; blank for all suppliers
    years: one period; leave this and `window` blank for one point a year
    window: periods of this many years, ending in each year; 0 for none
    """
    if not all(is_complete(ask, state) for state in ask.dyad):
        return ask.answer().missing(SUMS_ONLY)
    rows = ask.rows(
        f"SELECT period AS point, recipient AS grp, * FROM {VALUED} WHERE TRUE "
        f"AND recipient IN (?, ?) AND (? = '' OR supplier = ?) AND {years.sql()} "
        "ORDER BY grp, period, supplier, category, locator",
        *ask.dyad,
        supplier,
        supplier,
    )
    covered = [y for y in years_covered(ask, register_only=True) if years.holds(y)]
    if rows.num_rows == 0 or not covered:
        return ask.answer(rows).missing(f"the register shows nothing that {ask.dyad} received")
    if window:
        windows = _windows(covered, window)
    elif years.first or years.last:
        windows = [covered]
    else:
        windows = [[year] for year in covered]
    out = ask.answer()
    value = _share_of_categories(category, description)
    out.each(_rows_by_window(rows, windows), value, skip_null=True)
    return out.or_missing(SUMS_ONLY if windows else _reason_for_none(covered, window))


def _share_of_categories(categories: tuple[str, ...], description: str) -> str:
    """Return SQL for the share of the value in some categories (all if blank), or of the rows in
    them whose description matches a regular expression.

    Only rows about Russia and China are embedded with a description, so a share that would need
    one that is not embedded is NULL.
    """
    part = "TRUE"
    if categories:
        part = f"category IN ({', '.join(map(_quoted, categories))})"
    if not description:
        return _SHARE_OF_VALUE.format(part=part)
    matched = f"{part} AND regexp_matches(description, {_quoted(description)})"
    share = _SHARE_OF_VALUE.format(part=matched)
    return f"CASE WHEN count(*) FILTER (WHERE {part} AND description IS NULL) = 0 THEN {share} END"


def _quoted(text: str) -> str:
    """Return a text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
