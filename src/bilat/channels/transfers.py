# SPDX-License-Identifier: Apache-2.0
"""Arms delivered and ordered between two states, from SIPRI's register."""

from __future__ import annotations

from typing import Annotated, Literal

from bilat.channels.register import (
    REFERENCE,
    REGISTER,
    SPOKEN,
    SUMS_ONLY,
    TIV,
    VALUED,
    Category,
    Direction,
    Licence,
    has_deals,
    is_complete,
    label,
    last_register_day,
    note_on_sums,
    orders_note,
    supplier_and_recipient,
    years_covered,
)
from bilat.measures import Answer, Ask, Interval, Pair, Pattern, Years, labelled, measure
from bilat.units import count, quantity

#: Which of SIPRI's editions give a sum for a year.
Edition = Annotated[
    Literal["public", "register"],
    "public: for each year the version that was public first, the register or the export tables; "
    "register: the register alone, so that no two years are of two versions",
]
#: Note of a year in which the register shows nothing, after one in which it shows something.
_NONE = "none in the register"


@measure(
    "transfers.tiv",
    of=Pair,
    title="Arms delivered between the two states",
    unit=TIV,
    tables=("transfers",),
    reference=REFERENCE,
    method="Adds up the trend-indicator values of deliveries, by year and direction. Each year's "
    "figure comes from a single version: SIPRI's register as published at the time or, if there "
    "was none, its export tables. If there were none of these either, we use the earliest "
    "later register (marked “revised later”). A comparison of years can use "
    "the register alone. TIV measures capability, not price. A year "
    "without an entry counts as 0 in sums and is shown as not on record. Only the "
    "register marks licensed production, so only there can it be left out.",
)
def tiv(
    ask: Ask,
    category: Category = "",
    licence: Licence = "with",
    years: Years = Years(),
    edition: Edition = "public",
) -> Answer:
    """Groups: ``A>B`` and ``B>A``; one point a year.

    years: years of delivery; blank for all in our data
    """
    a, b = ask.dyad
    register_only = bool(category) or licence == "without" or edition == "register"
    if not is_complete(ask, a, b) or (
        licence == "without" and not (has_deals(ask, a, b) and has_deals(ask, b, a))
    ):
        return ask.answer().missing(note_on_sums(ask))
    where = (
        f"((supplier = ? AND recipient = ?) OR (supplier = ? AND recipient = ?)) AND {years.sql()}"
    )
    values = [a, b, b, a]
    if category:
        where += " AND category = ?"
        values.append(category)
    if licence == "without":
        where += " AND NOT coalesce(local_production, FALSE)"
    chosen = "register" if register_only else "spoken"
    rows = ask.rows(
        f"WITH {SPOKEN}, register AS {VALUED} "
        "SELECT period AS point, supplier || '>' || recipient AS grp, * "
        f"FROM {chosen} WHERE {where} ORDER BY grp, point, locator",
        *values,
    )
    out = ask.answer(note=orders_note(ask))
    out.record_to = last_register_day(ask, register_only=register_only)
    out.each(rows, "sum(tiv)", kind="estimated")
    covered = filter(years.holds, years_covered(ask, register_only=register_only))
    out.fill(covered, note=_NONE, kind="estimated", unrecorded=True)
    return out.or_missing(f"no delivery between {ask.dyad} in the register")


@measure(
    "transfers.by_category",
    of=Pair,
    title="Arms delivered, by armament category",
    unit=TIV,
    tables=("transfers",),
    reference=REFERENCE,
    method="Adds up the trend-indicator values of deliveries in one direction, by year and "
    "SIPRI's category of weapon. Only SIPRI's register has categories. For dates before "
    "our first version of the data, we use that first version (marked “revised later”).",
)
def by_category(ask: Ask, direction: Direction = "", years: Years = Years()) -> Answer:
    """Groups: the categories; one point a year in which the category was delivered.

    years: years of delivery; blank for all in our data
    """
    supplier, recipient = supplier_and_recipient(ask, direction)
    if not is_complete(ask, supplier, recipient):
        return ask.answer().missing(SUMS_ONLY)
    rows = ask.rows(
        f"SELECT period AS point, category AS grp, * FROM {VALUED} "
        f"WHERE (? = '' OR supplier = ?) AND (? = '' OR recipient = ?) "
        f"AND {years.sql()} ORDER BY grp, point, locator",
        *(supplier,) * 2,
        *(recipient,) * 2,
    )
    out = ask.answer()
    out.each(rows, "sum(tiv)", kind="estimated")
    return out.or_missing("no delivery this way in the register")


@measure(
    "transfers.deliveries",
    of=Pair,
    title="Weapons delivered, by designation",
    unit=count("items"),
    tables=("transfers",),
    reference=REFERENCE,
    method="Counts the delivered weapons that match the pattern, by year or, with `total`, over "
    "all years in our data. The low figure counts only items whose number SIPRI does not "
    "mark as uncertain.",
    interval=Interval(
        "bounds",
        "low: items whose number is not marked as an estimate",
        note="high: not given by the source",
    ),
)
def deliveries(
    ask: Ask,
    pattern: Pattern = "Su-27|Su-30|Su-35|S-300|S-400",
    by: Literal["designation", "description", "category", "licence"] = "designation",
    direction: Direction = "",
    total: bool = False,
    licence: Licence = "with",
    years: Years = Years(),
) -> Answer:
    """Groups: one group a designation (or description, or category; by licence: ``made under
    licence`` and ``imported``); one point a year, or one in all.

    pattern: regular expression over designation and description
    by: group by designation, description, category, or whether made in the recipient under licence
    total: true for one point for each group, over all years
    years: years of delivery; blank for all in our data
    """
    supplier, recipient = supplier_and_recipient(ask, direction)
    if not has_deals(ask, supplier, recipient):
        return ask.answer().missing(SUMS_ONLY)
    local = "coalesce(local_production, FALSE)"
    group = (
        f"CASE WHEN {local} THEN 'made under licence' ELSE 'imported' END"
        if by == "licence"
        else by
    )
    kept = f"AND NOT {local} " if licence == "without" else ""
    rows = ask.rows(
        f"SELECT period AS point, {group} AS grp, * FROM transfers WHERE source = '{REGISTER}' "
        f"{kept}AND (? = '' OR supplier = ?) AND (? = '' OR recipient = ?) AND "
        f"(regexp_matches(designation, ?) OR regexp_matches(description, ?)) AND {years.sql()} "
        "ORDER BY grp, point, locator",
        *(supplier,) * 2,
        *(recipient,) * 2,
        pattern,
        pattern,
    )
    if total and rows.num_rows:
        rows = labelled(rows, label(sorted({int(y) for y in rows["period"].to_pylist()})))
    out = ask.answer()
    out.record_to = last_register_day(ask, register_only=True)
    low = (
        "coalesce(sum(delivered) FILTER (WHERE delivered_estimated IS NOT DISTINCT FROM FALSE), 0)"
    )
    out.each(rows, "sum(delivered)", low=low, kind="estimated")
    return out.or_missing(f"nothing in the register matches {pattern!r}")


@measure(
    "transfers.orders",
    of=Pair,
    title="Orders placed, by year of the order",
    unit=quantity("deals; million TIV delivered so far"),
    tables=("transfers",),
    reference=REFERENCE,
    method="The number of deals by the year of the order, and the value delivered so far. "
    "SIPRI's register lists only deals with at least one delivery, so recent years are "
    "undercounted. Deals completed before 1992 are missing. The low figure leaves out "
    "deals whose year of order is marked as an estimate.",
    interval=Interval(
        "rule", "low: deals whose order year is not marked as an estimate", note="high: all deals"
    ),
)
def orders(
    ask: Ask, direction: Direction = "", category: Category = "", years: Years = Years()
) -> Answer:
    """Groups: ``deals`` (count) and ``TIV delivered``; one point an order year, 0 where none was
    placed.

    years: years of the order; blank for all in our data
    """
    supplier, recipient = supplier_and_recipient(ask, direction)
    if not has_deals(ask, supplier, recipient):
        return ask.answer().missing(SUMS_ONLY)
    rows = ask.rows(
        "SELECT CAST(order_year AS VARCHAR) AS point, 'deals' AS grp, * FROM transfers "
        f"WHERE source = '{REGISTER}' AND (? = '' OR supplier = ?) AND (? = '' OR recipient = ?) "
        f"AND (? = '' OR category = ?) AND {years.sql('CAST(order_year AS VARCHAR)')} "
        "ORDER BY point, deal, period, locator",
        *(supplier,) * 2,
        *(recipient,) * 2,
        *(category,) * 2,
    )
    covered = years_covered(ask, register_only=True)
    if not rows.num_rows or not covered:
        return ask.answer(rows).missing("no order between the two in the register")
    out = ask.answer()
    out.record_to = last_register_day(ask, register_only=True)
    deals = "count(DISTINCT deal)"
    certain = f"{deals} FILTER (WHERE order_estimated IS NOT DISTINCT FROM FALSE)"
    out.each(rows, deals, low=certain, high=deals, kind="reported")
    asked = filter(years.holds, range(int(rows["point"][0].as_py()), max(covered) + 1))
    out.fill(asked, note=_NONE, kind="reported", low=0.0, high=0.0)
    out.each(labelled(rows, group="TIV delivered"), "sum(tiv)", kind="estimated")
    return out
