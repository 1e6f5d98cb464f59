# SPDX-License-Identifier: Apache-2.0
"""EU exports of goods under EU export sanctions, summed to one basket by destination and month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from bilat.measures import Answer, Ask, Point, State, States, Year, flow, labelled, measure
from bilat.places import country_name
from bilat.trade.books import EU27
from bilat.units import EUR, index

SOURCE = "eurostat_cn8_sanctioned"
#: The embedded holdings' sums of one member's rows.
MEMBERS = "basket:eu_export_sanctions"
_KEPT = """source, snapshot, vintage, known_on, known_basis, revised_later, period,
    reporter, partner, flow, currency, valuation"""


def basket_rows(ask: Ask, reporter: str, partners: list[str]) -> pa.Table:
    """The basket's rows, from CN8 rows alone (HS4 rows overlap them), with ``point`` and ``grp``.

    For the Union one row a destination, six-digit code and month; for a member one a destination
    and month. Full and embedded holdings give the same rows.
    """
    whom = "partner IN (SELECT unnest(?))"
    if reporter == "EU27":
        return ask.query(
            f"""SELECT * REPLACE ('EU27' AS reporter), period AS point, partner AS grp FROM (
              SELECT {_KEPT}, substr(product, 1, 6) AS product, 'HS6' AS nomenclature,
                     sum(value) AS value, 'derived' AS kind,
                     count(*) || ' rows: those of this partner, code and period' AS locator
              FROM (SELECT * REPLACE ('EU27' AS reporter) FROM flows
                    WHERE source = ? AND flow = 'X' AND nomenclature = 'CN8' AND {whom})
              GROUP BY ALL
              UNION ALL BY NAME
              SELECT {_KEPT}, product, nomenclature, value, kind, locator FROM flows
              WHERE source = ? AND flow = 'X' AND reporter = 'EU27' AND nomenclature = 'HS6'
                AND {whom})
            ORDER BY partner, period, product""",
            SOURCE,
            partners,
            SOURCE,
            partners,
        )
    return ask.query(
        f"""SELECT *, period AS point, partner AS grp FROM (
          SELECT {_KEPT}, '{MEMBERS}' AS product, 'basket' AS nomenclature, sum(value) AS value,
                 'derived' AS kind,
                 count(*) || ' rows: those of this reporter, partner and period' AS locator
          FROM flows
          WHERE source = ? AND flow = 'X' AND reporter = ? AND nomenclature = 'CN8' AND {whom}
          GROUP BY ALL
          UNION ALL BY NAME
          SELECT {_KEPT}, product, nomenclature, value, kind, locator FROM flows
          WHERE source = ? AND flow = 'X' AND reporter = ? AND product = '{MEMBERS}' AND {whom})
        ORDER BY partner, period""",
        SOURCE,
        reporter,
        partners,
        SOURCE,
        reporter,
        partners,
    )


def destinations(ask: Ask) -> list[str]:
    """The destinations held."""
    found = ask.query("SELECT DISTINCT partner FROM flows WHERE source = ? ORDER BY 1", SOURCE)
    return found["partner"].to_pylist()


def absent(ask: Ask) -> dict[str, list[str]]:
    """month -> members that had reported to no destination held, of those that report in nearly all
    months.

    The last month of an extraction lacks whoever reports late, and the Union's sum is short of it.
    """
    found = ask.query(
        """SELECT DISTINCT reporter, period FROM flows
        WHERE source = ? AND (nomenclature = 'CN8' OR product = ?) AND reporter <> 'EU27'""",
        SOURCE,
        MEMBERS,
    ).to_pylist()
    months = sorted({r["period"] for r in found})
    by_member: dict[str, set[str]] = {}
    for r in found:
        by_member.setdefault(r["reporter"], set()).add(r["period"])
    steady = {m: p for m, p in by_member.items() if len(p) >= 0.95 * len(months)}
    out = {month: sorted(m for m, p in steady.items() if month not in p) for month in months}
    return {month: members for month, members in out.items() if members}


def select_destinations(ask: Ask, reporter: str, partner: Sequence[str]) -> tuple[list[str], str]:
    """(destinations, note) of the reporter and the destinations asked for; none for all that are
    held.
    """
    have = destinations(ask)
    asked = list(partner) or have
    partners = [p for p in asked if p in have]
    absent = [p for p in asked if p not in have]
    notes = []
    if not have:
        notes.append(f"the basket is not held as of {ask.as_of}.")
    elif absent:
        notes.append(f"not held to {', '.join(absent)}; held to {', '.join(have)}.")
    if reporter != "EU27" and reporter not in EU27:
        notes.append(f"held of the EU and its members only, not of {country_name(reporter)}.")
        partners = []
    return partners, " ".join(notes)


@measure(
    "trade.sanctioned_basket",
    of=flow("reporter", "partner", "goods under EU export sanctions", blank="all"),
    title="EU exports of goods under EU export sanctions",
    unit=EUR,
    tables=("flows",),
    reference="Council Regulation (EU) 833/2014 and its annexes, as listed in January 2023",
    method=(
        "Sum of the eight-digit codes under EU export sanctions in January 2023 (whenever each was "
        "listed), by destination and month; four-digit rows, which overlap, are never added. Free "
        "on board, current prices. With a base year the mean month of that year is 100. A year "
        "that is not held whole is left out."
    ),
)
def sanctioned_basket(
    ask: Ask,
    reporter: State = "EU27",
    partner: States = (),
    by: Literal["month", "year"] = "month",
    base: Year = "",
) -> Answer:
    """Groups: one a destination; a point a month or a whole year.

    reporter: the Union, or a member
    partner: destinations; blank: all held
    by: a point a month or a year
    base: base year, blank for none: values become an index, its mean month (or the year) = 100
    """
    partners, note = select_destinations(ask, reporter, partner)
    rows = basket_rows(ask, reporter, partners)
    if by == "year":
        year = pc.utf8_slice_codeunits(rows["period"], 0, 4)
        months = pa.table({"year": year, "period": rows["period"]}).group_by("year")
        counted = months.aggregate([("period", "count_distinct")])
        whole = counted.filter(pc.equal(counted["period_count_distinct"], 12))["year"]
        rows = labelled(rows, year.to_pylist()).filter(pc.is_in(year, whole.combine_chunks()))
        part = sorted(set(counted["year"].to_pylist()) - set(whole.to_pylist()))
        if part:
            note = f"{note} {', '.join(part)} is not held whole and left out.".strip()
    out = ask.answer(note=note)
    out.each(rows, "sum(value)", kind="reported")
    if reporter == "EU27":
        out.points = _short(out.points, absent(ask))
    if base and out.points:
        _indexed(out, by, base)
    return out


def _indexed(out: Answer, by: str, base: str) -> None:
    """The points as an index whose mean over the base year is 100; groups without that year are
    left out.
    """
    level: dict[str, list[float]] = {p.group: [] for p in out.points}
    for p in out.points:
        if p.period[:4] == base and p.value:
            level[p.group].append(p.value)
    empty = sorted(g for g, v in level.items() if not v)
    if empty:
        out.note = f"{out.note} no month of {base} is held for {', '.join(empty)}.".strip()
    out.points = [
        replace(p, value=p.value / (sum(v) / len(v)) * 100, kind="derived")
        for p in out.points
        if p.value is not None and (v := level[p.group])
    ]
    out.unit = index(f"index, mean {by} of {base} = 100")


def _short(points: list[Point], absent_in: dict[str, list[str]]) -> list[Point]:
    """The points with a word on each that lacks a member."""
    out = []
    for p in points:
        lacking = sorted(
            {m for month, ms in absent_in.items() if month.startswith(p.period) for m in ms}
        )
        told = (
            f"without {', '.join(country_name(m) for m in lacking)}, not yet reported"
            if lacking
            else ""
        )
        out.append(replace(p, note="; ".join(filter(None, [p.note, told]))))
    return out
