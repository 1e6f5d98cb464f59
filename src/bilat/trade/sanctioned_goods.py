# SPDX-License-Identifier: Apache-2.0
"""EU exports of goods under EU export sanctions, summed to one basket by destination and month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import pyarrow as pa

from bilat.measures import Answer, Ask, Point, State, States, Year, flow, labelled, measure
from bilat.places import country_name
from bilat.trade.books import EU27
from bilat.units import EUR, index

SOURCE = "eurostat_cn8_sanctioned"
#: The product of the embedded holdings' rows that sum up a member's exports of the basket.
MEMBERS = "basket:eu_export_sanctions"
_KEPT = """source, snapshot, vintage, known_on, known_basis, revised_later, period,
    reporter, partner, flow, currency, valuation"""


def basket_rows(ask: Ask, reporter: str, partners: list[str]) -> pa.Table:
    """Return the basket's rows, with ``point`` and ``grp``.

    For the Union there is a row for each destination, six-digit code and month; for a member, one
    for each destination and month. Only rows by eight-digit code are summed, because those by four
    digits overlap them. Embedded holdings have such sums already, which are joined by UNION.
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
    """Return the stored destinations."""
    found = ask.query("SELECT DISTINCT partner FROM flows WHERE source = ? ORDER BY 1", SOURCE)
    return found["partner"].to_pylist()


#: The share of all months in which a member reports that counts as a regular reporter.
_REGULAR = 0.95


def missing_members(ask: Ask) -> dict[str, list[str]]:
    """Return for each month the members without any report, of those that report regularly.

    Some members report late, so that the Union's sum for the last month of an edition is too small.
    """
    found = ask.query(
        """SELECT DISTINCT reporter, period FROM flows
        WHERE source = ? AND (nomenclature = 'CN8' OR product = ?) AND reporter <> 'EU27'""",
        SOURCE,
        MEMBERS,
    ).to_pylist()
    months = sorted({row["period"] for row in found})
    months_of: dict[str, set[str]] = {}
    for row in found:
        months_of.setdefault(row["reporter"], set()).add(row["period"])
    regular = [m for m, reported in months_of.items() if len(reported) >= _REGULAR * len(months)]
    missing: dict[str, list[str]] = {}
    for member in sorted(regular):
        for month in months:
            if month not in months_of[member]:
                missing.setdefault(month, []).append(member)
    return dict(sorted(missing.items()))


def select_destinations(ask: Ask, reporter: str, partner: Sequence[str]) -> tuple[list[str], str]:
    """Return the stored ones of the destinations asked for, and a note on the others.

    Without ``partner`` all stored destinations are asked for.
    """
    stored = destinations(ask)
    asked = list(partner) or stored
    partners = [state for state in asked if state in stored]
    absent = [state for state in asked if state not in stored]
    notes = []
    if not stored:
        notes.append(f"we do not have these goods as of {ask.as_of}.")
    elif absent:
        notes.append(f"we have no exports to {', '.join(absent)}, only to {', '.join(stored)}.")
    if reporter != "EU27" and reporter not in EU27:
        notes.append(
            f"we have the exports of the EU and its members only, not of {country_name(reporter)}."
        )
        partners = []
    return partners, " ".join(notes)


@measure(
    "trade.sanctioned_basket",
    of=flow("reporter", "partner", "goods under EU export sanctions", blank="all"),
    title="EU exports of goods under EU export sanctions",
    unit=EUR,
    tables=("flows",),
    sources={"flows": (SOURCE,)},
    reference="Council Regulation (EU) 833/2014 and its annexes, as listed in January 2023",
    method=(
        "Adds up trade, by destination and month, in all eight-digit codes under EU export "
        "sanctions in January 2023, including for months before a code was listed. Four-digit "
        "rows overlap with them and are never added. Values are free on board, at current "
        "prices. With a base year, that year's average month is 100. A year that is "
        "incomplete in our data is left out."
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
    partner: destinations; by default all in our data
    by: a point a month or a year
    base: base year, blank for none: values become an index, its mean month (or the year) = 100
    """
    partners, note = select_destinations(ask, reporter, partner)
    rows = basket_rows(ask, reporter, partners)
    if by == "year":
        rows, partial = _by_whole_year(rows)
        if partial:
            note = f"{note} {', '.join(partial)} is incomplete in our data and left out.".strip()
    out = ask.answer(note=note)
    out.each(rows, "sum(value)", kind="reported")
    if reporter == "EU27":
        out.points = _with_missing_members(out.points, missing_members(ask))
    if base and out.points:
        _to_index(out, by, base)
    return out


def _by_whole_year(rows: pa.Table) -> tuple[pa.Table, list[str]]:
    """Return the rows of years with twelve months, labelled by year, and the other years."""
    years = [period[:4] for period in rows["period"].to_pylist()]
    months_of: dict[str, set[str]] = {}
    for year, period in zip(years, rows["period"].to_pylist(), strict=True):
        months_of.setdefault(year, set()).add(period)
    whole = {year for year, months in months_of.items() if len(months) == 12}
    is_whole = pa.array([year in whole for year in years], pa.bool_())
    return labelled(rows, years).filter(is_whole), sorted(set(months_of) - whole)


def _to_index(out: Answer, by: str, base: str) -> None:
    """Turn the points into an index whose mean over the base year is 100.

    Groups without a figure in that year are left out and named.
    """
    base_values: dict[str, list[float]] = {point.group: [] for point in out.points}
    for point in out.points:
        if point.period[:4] == base and point.value:
            base_values[point.group].append(point.value)
    empty = sorted(group for group, values in base_values.items() if not values)
    if empty:
        out.note = f"{out.note} we have no month of {base} for {', '.join(empty)}.".strip()
    points = []
    for point in out.points:
        values = base_values[point.group]
        if point.value is None or not values:
            continue
        mean = sum(values) / len(values)
        points.append(replace(point, value=point.value / mean * 100, kind="derived"))
    out.points = points
    out.unit = index(f"index, mean {by} of {base} = 100")


def _with_missing_members(points: list[Point], missing: dict[str, list[str]]) -> list[Point]:
    """Return the points with a note on each that lacks the report of a member."""
    noted = []
    for point in points:
        lacking: set[str] = set()
        for month, members in missing.items():
            if month.startswith(point.period):
                lacking.update(members)
        names = ", ".join(country_name(member) for member in sorted(lacking))
        notes = [point.note, f"without {names}: not reported yet" if names else ""]
        noted.append(replace(point, note="; ".join(filter(None, notes))))
    return noted
