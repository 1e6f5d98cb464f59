# SPDX-License-Identifier: Apache-2.0
"""Mirrored exports of chips and computing goods, to Russia and into the hubs, and the share of each
exporter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import pyarrow as pa
import pyarrow.compute as pc

from bilat.measures import Answer, Ask, Interval, State, States, flow, labelled, measure
from bilat.places import country_name
from bilat.units import USD, share

SOURCE = "atlas_techai_baskets"
TAIWAN = "taiwan_customs_8542"
_REFERENCE = (
    "Atlas of Economic Complexity, bilateral trade mirrored and weighted by each reporter's "
    "reliability (doi:10.7910/DVN/YAVJDF); baskets of OECD (doi:10.1787/4154cdbf-en)"
)
_BREAK = (
    "To 2021 the figures blend in Russia's own import reports, from 2022 the exporters' alone: "
    "part of any change from 2021 to 2022 is a break in measurement. 2024 is incomplete and no "
    "whole year. ROW is every country outside 50 blocs."
)
Basket = Annotated[
    Literal["chips", "ai", "all"],
    "chips (16 six-digit codes), ai (three codes of computing) or all (62 codes)",
]
_KEPT = """source, snapshot, part_row, vintage, locator, known_on, known_basis, revised_later,
    period, kind, reporter, partner, flow, product, nomenclature, value, currency, valuation,
    basis"""
#: Fewest exporters for which a share of the basket says anything.
ENOUGH = 10


def rows_of(ask: Ask, basket: str, importers: Sequence[str], exporters: Sequence[str]) -> pa.Table:
    """The basket's rows; no exporters means all of them."""
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


def _incomplete(year: str) -> bool:
    """Years of which the compilation lacks reports: shown, and no whole year."""
    return year >= "2024"


def _note(year: str) -> str:
    if _incomplete(year):
        return "incomplete year; measured by exporters alone"
    return "measured by exporters alone since 2022" if year >= "2022" else ""


def _held(ask: Ask, basket: str) -> str:
    found = ask.query(
        "SELECT DISTINCT product, reporter, partner FROM flows WHERE source = ? AND value IS NOT "
        "NULL",
        SOURCE,
    ).to_pylist()
    if not found:
        return f"no basket is held as of {ask.as_of}."
    baskets = sorted({r["product"].removeprefix("basket:") for r in found})
    here = sorted(
        f"{r['reporter']}>{r['partner']}" for r in found if r["product"] == f"basket:{basket}"
    )
    if not here:
        return f"no basket {basket!r} is held; held: {', '.join(baskets)}."
    return f"held of {basket}: {', '.join(here)}."


def _customs(ask: Ask, partner: str) -> dict[str, tuple[float, pa.Table]]:
    """Taiwan's own customs figure for circuits by whole year, with its rows."""
    rows = taiwan_rows(ask, partner)
    out: dict[str, tuple[float, pa.Table]] = {}
    for year in pc.unique(rows["period"]).to_pylist():
        part = rows.filter(pc.equal(rows["period"], year))
        out[year] = (float(pc.sum(part["value"]).as_py()), part)
    return out


def taiwan_rows(ask: Ask, partner: str) -> pa.Table:
    """Taiwan's exports of heading 8542 to a partner in whole years, one row a six-digit code."""
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
    reference=_REFERENCE,
    method=f"The publisher's mirrored value by exporter and year. {_BREAK}",
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

    importer: destinations: RUS, or hubs held (HKG, TUR, ARE, ROW, CHN)
    exporter: exporters; blank: all held
    """
    directed = len(importer) > 1
    rows = rows_of(ask, basket, importer, exporter)
    if not rows.num_rows:
        return ask.answer().missing(_held(ask, basket))
    pairs = list(zip(rows["reporter"].to_pylist(), rows["partner"].to_pylist(), strict=True))
    groups = [f"{x}>{m}" if directed else x for x, m in pairs]
    out = ask.answer(labelled(rows, group=groups))
    customs = {i: _customs(ask, i) for i in importer} if basket == "chips" else {}
    columns = (rows["period"].to_pylist(), rows["value"].to_pylist())
    for (who, whom), group, period, value in zip(pairs, groups, *columns, strict=True):
        low = high = None
        notes = [_note(period)]
        own = customs.get(whom, {}).get(period) if who == "TWN" else None
        if own:
            low, high = sorted((value, own[0]))
            notes.append(f"its own customs: {own[0] / 1e6:,.1f} million USD of circuits alone")
            out.take(labelled(own[1], period, group))
        note = "; ".join(filter(None, notes))
        open = _incomplete(period)
        out.point(
            period, value, low=low, high=high, kind="estimated", group=group, note=note, open=open
        )
    out.points.sort(key=lambda p: (p.group, p.period))
    absent = [e for e in exporter if e not in {x for x, _ in pairs}]
    out.note = f"{', '.join(absent)}: not held. {_held(ask, basket)}" if absent else ""
    return out


@measure(
    "trade.basket_share",
    of=flow("WLD", "importer", "basket", blank="all"),
    title="Share of chips and computing goods that reach a country from each exporter",
    unit=share("the mirrored exports held to that country", scale=""),
    tables=("flows",),
    reference=_REFERENCE,
    method=(
        "Each exporter's mirrored value over the sum of the exporters held with a value that year; "
        "the group CHN+HKG adds mainland China and Hong Kong. Countries without an exporter's row "
        f"are not in the sum. {_BREAK}"
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
            f"{len(exporters)} exporters of {basket} to {country_name(importer)} are held, fewer "
            f"than {ENOUGH}: no share can be said. {_held(ask, basket)}"
        )
    value = {(r["period"], r["reporter"]): r["value"] for r in rows.to_pylist()}
    groups = {e: [e] for e in exporters}
    shown_together = [t for t in together if t in exporters]
    if len(shown_together) > 1:
        groups["+".join(shown_together)] = shown_together
    out = ask.answer()
    for year in sorted({y for y, _ in value}):
        total = sum(v for (y, _), v in value.items() if y == year)
        here = [e for e in exporters if (year, e) in value]
        note = "; ".join(filter(None, [f"{len(here)} exporters", _note(year)]))
        for group, members in groups.items():
            have = [m for m in members if (year, m) in value]
            if have and total:
                share_of = sum(value[year, m] for m in have) / total
                out.point(
                    year, share_of, kind="estimated", group=group, note=note, open=_incomplete(year)
                )
    for group in groups:
        out.take(labelled(rows, group=group))
    out.points.sort(key=lambda p: (p.group, p.period))
    return out
