# SPDX-License-Identifier: Apache-2.0
"""Mirrored exports of chips and computing goods to Russia and the hubs, and each exporter's share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import pyarrow as pa
import pyarrow.compute as pc

from bilat.measures import Answer, Ask, Interval, State, States, flow, labelled, measure
from bilat.places import country_name
from bilat.units import USD, share
from bilat.units.notation import count_text

SOURCE = "atlas_techai_baskets"
TAIWAN = "taiwan_customs_8542"
_REFERENCE = (
    "Atlas of Economic Complexity, bilateral trade mirrored and weighted by each reporter's "
    "reliability (doi:10.7910/DVN/YAVJDF); baskets of OECD (doi:10.1787/4154cdbf-en)"
)
_BREAK = (
    "Up to 2021, the figures include Russia's own import reports; from 2022 they rest on the "
    "exporters' reports only. Part of any change from 2021 to 2022 is therefore a break in "
    "measurement. Figures for 2024 are incomplete and do not count as a whole year. ROW stands for "
    "all countries outside 50 blocs."
)
Basket = Annotated[
    Literal["chips", "ai", "all"],
    "chips (16 six-digit codes), ai (three codes of computing) or all (62 codes)",
]
_KEPT = """source, snapshot, part_row, vintage, locator, known_on, known_basis, revised_later,
    period, kind, reporter, partner, flow, product, nomenclature, value, currency, valuation,
    basis"""
#: The fewest exporters for which a share of the basket means anything.
ENOUGH = 10
#: The year from which the exporters' reports alone are used.
_EXPORTERS_ALONE = "2022"
#: The first year for which reports are missing in the stored edition.
_FIRST_INCOMPLETE = "2024"


def rows_of(ask: Ask, basket: str, importers: Sequence[str], exporters: Sequence[str]) -> pa.Table:
    """Return the basket's rows; of all exporters if none is named."""
    among = "AND reporter IN (SELECT unnest(?))" if exporters else ""
    return ask.query(
        f"""SELECT {_KEPT}, period AS point, reporter AS grp FROM flows
        WHERE source = ? AND product = ? AND value IS NOT NULL
          AND partner IN (SELECT unnest(?)) {among}
        ORDER BY reporter, partner, period""",
        SOURCE,
        f"basket:{basket}",
        list(importers),
        *([list(exporters)] if exporters else []),
    )


def is_incomplete(year: str) -> bool:
    """Return whether the compilation lacks reports for a year, so that it is no whole year."""
    return year >= _FIRST_INCOMPLETE


def _note(year: str) -> str:
    if is_incomplete(year):
        return "incomplete year; exporters' reports only"
    return f"exporters' reports only since {_EXPORTERS_ALONE}" if year >= _EXPORTERS_ALONE else ""


def _stored_trade(ask: Ask, basket: str) -> str:
    """Return a sentence that names the exporters and destinations stored for a basket."""
    found = ask.query(
        "SELECT DISTINCT product, reporter, partner FROM flows "
        "WHERE source = ? AND value IS NOT NULL",
        SOURCE,
    ).to_pylist()
    if not found:
        return f"we have no such trade as of {ask.as_of}."
    baskets = sorted({r["product"].removeprefix("basket:") for r in found})
    here = sorted(
        f"{r['reporter']}>{r['partner']}" for r in found if r["product"] == f"basket:{basket}"
    )
    if not here:
        return f"we have no goods {basket!r}, only {', '.join(baskets)}."
    return f"Of {basket} we have {', '.join(here)}."


def _customs(ask: Ask, partner: str) -> dict[str, tuple[float, pa.Table]]:
    """Return Taiwan's own customs figure for circuits by whole year, with its rows."""
    rows = taiwan_rows(ask, partner)
    figures: dict[str, tuple[float, pa.Table]] = {}
    for year in pc.unique(rows["period"]).to_pylist():
        of_year = rows.filter(pc.equal(rows["period"], year))
        figures[year] = (float(pc.sum(of_year["value"]).as_py()), of_year)
    return figures


def taiwan_rows(ask: Ask, partner: str) -> pa.Table:
    """Return Taiwan's exports of heading 8542 to a partner, a row for each six-digit code and year.

    A figure that was known before its year was over is not of a whole year, and is left out.
    """
    return ask.query(
        """SELECT source, snapshot, vintage, known_on, known_basis, revised_later, period,
               'derived' AS kind, reporter, partner, flow, substr(product, 1, 6) AS product,
               'HS6' AS nomenclature,
               sum(value) AS value,
               currency, valuation, CAST(NULL AS VARCHAR) AS basis,
               CASE WHEN max(nomenclature) = 'HS6' THEN max(locator)
                    ELSE count(*) || ' lines: those of this partner, code and year' END AS locator,
               period AS point, partner AS grp
        FROM flows
        WHERE source = ? AND reporter = 'TWN' AND partner = ? AND substr(product, 1, 4) = '8542'
          AND CAST(known_on AS VARCHAR) > period || '-12-31'
        GROUP BY ALL ORDER BY period, product""",
        TAIWAN,
        partner,
    )


@measure(
    "trade.basket_exports",
    of=flow("exporter", "importer", "basket", blank="all"),
    title="Mirrored exports of chips and computing goods",
    unit=USD,
    tables=("flows",),
    sources={"flows": (SOURCE, TAIWAN)},
    reference=_REFERENCE,
    method=f"The publisher's figures by exporter and year, from mirror statistics. {_BREAK}",
    interval=Interval(
        "sources",
        "where Taiwan's own customs give a figure for circuits (8542, a part of the chips basket), "
        "the range of the two",
        note="else none: the publisher states no interval",
    ),
)
def basket_exports(
    ask: Ask, basket: Basket = "chips", importer: States = ("RUS",), exporter: States = ()
) -> Answer:
    """Groups: one an exporter, with several destinations ``CHN>RUS``; a point a year.

    importer: destinations: RUS, or one of these hubs: HKG, TUR, ARE, ROW, CHN
    exporter: exporters; by default all in our data
    """
    rows = rows_of(ask, basket, importer, exporter)
    if not rows.num_rows:
        return ask.answer().missing(_stored_trade(ask, basket))
    figures = rows.select(["reporter", "partner", "period", "value"]).to_pylist()
    has_destinations = len(importer) > 1
    groups = [
        f"{row['reporter']}>{row['partner']}" if has_destinations else row["reporter"]
        for row in figures
    ]
    out = ask.answer(labelled(rows, group=groups))
    customs = {state: _customs(ask, state) for state in importer} if basket == "chips" else {}
    for row, group in zip(figures, groups, strict=True):
        own = customs.get(row["partner"], {}) if row["reporter"] == "TWN" else {}
        _add_exports(out, row["period"], row["value"], group, own.get(row["period"]))
    out.points.sort(key=lambda p: (p.group, p.period))
    exporters = {row["reporter"] for row in figures}
    absent = [state for state in exporter if state not in exporters]
    out.note = (
        f"{', '.join(absent)}: not in our data. {_stored_trade(ask, basket)}" if absent else ""
    )
    return out


def _add_exports(
    out: Answer, year: str, value: float, group: str, customs: tuple[float, pa.Table] | None
) -> None:
    """Add the mirrored exports of a year, with Taiwan's own figure as the other bound."""
    low = None
    high = None
    notes = [_note(year)]
    if customs:
        figure, rows = customs
        low = min(value, figure)
        high = max(value, figure)
        notes.append(f"its own customs: {figure / 1e6:,.1f} million USD of circuits only")
        out.take(labelled(rows, year, group))
    out.point(
        year,
        value,
        low=low,
        high=high,
        kind="estimated",
        group=group,
        note="; ".join(filter(None, notes)),
        open=is_incomplete(year),
    )


@measure(
    "trade.basket_share",
    of=flow("WLD", "importer", "basket", blank="all"),
    title="Each exporter's share of the chips and computing goods that reach a country",
    unit=share("the mirrored exports to that country in our data", scale=""),
    tables=("flows",),
    reference=_REFERENCE,
    method=(
        "Each exporter's share of the value of all exporters in our data that year, from mirror "
        "statistics. The group CHN+HKG is mainland China and Hong Kong together. Countries for "
        f"which we have no exports are missing from the total. {_BREAK}"
    ),
)
def basket_share(
    ask: Ask, basket: Basket = "chips", importer: State = "RUS", together: States = ("CHN", "HKG")
) -> Answer:
    """Groups: one an exporter, and those shown together as ``CHN+HKG``; a point a year.

    importer: the destination
    together: exporters to show as one group as well
    """
    rows = rows_of(ask, basket, [importer], [])
    exporters = pc.unique(rows["reporter"]).to_pylist()
    if len(exporters) < ENOUGH:
        return ask.answer().missing(
            f"we have {count_text(len(exporters), 'exporters')} of {basket} to "
            f"{country_name(importer)}, fewer "
            f"than {ENOUGH}: too few for a share. {_stored_trade(ask, basket)}"
        )
    value = {(row["period"], row["reporter"]): row["value"] for row in rows.to_pylist()}
    groups = {state: [state] for state in exporters}
    members_together = [state for state in together if state in exporters]
    if len(members_together) > 1:
        groups["+".join(members_together)] = members_together
    out = ask.answer()
    for year in sorted({year for year, _ in value}):
        reported = [state for state in exporters if (year, state) in value]
        total = sum(value[year, state] for state in reported)
        note = "; ".join(filter(None, [f"{len(reported)} exporters", _note(year)]))
        for group, members in groups.items():
            present = [state for state in members if state in reported]
            if not present or not total:
                continue
            part = sum(value[year, state] for state in present)
            out.point(
                year,
                part / total,
                kind="estimated",
                group=group,
                note=note,
                open=is_incomplete(year),
            )
    # A share rests on the rows of all exporters, since they are in its denominator.
    for group in groups:
        out.take(labelled(rows, group=group))
    out.points.sort(key=lambda p: (p.group, p.period))
    return out
