# SPDX-License-Identifier: Apache-2.0
"""Exposure as a measure: the share of sales to a coalition whose loss equals the gain in Russia."""

from __future__ import annotations

from typing import Annotated

import pyarrow as pa

from bilat.contingency.exposure.answer import PACKAGE, STANDARD
from bilat.contingency.exposure.inputs import SALES_SOURCES, read_sales
from bilat.contingency.exposure.inputs import coalition as named
from bilat.contingency.exposure.loss import break_even
from bilat.errors import DataError
from bilat.measures import Answer, Ask, Interval, Pair, measure
from bilat.planning.assumptions import load
from bilat.planning.figures import figures
from bilat.units import share

#: Rows that add up to the sales to Russia; single codes, held beside the chapters, are parts of
#: them.
WHOLE = ("to Russia, chapter", "to Russia, total")


@measure(
    "exposure.break_even",
    of=Pair,
    title="Share of China's sales to a coalition that, if lost, would cancel out its gain in "
    "Russia",
    unit=share("sales to the coalition"),
    tables=["flows", "estimates"],
    sources={"flows": SALES_SOURCES},
    reference="UN Comtrade (exports by market, 2021); CEPII BACI and China Customs (exports to "
    "Russia)",
    method="Divides the growth of China's exports to Russia since 2021 by its exports of all "
    "goods to the coalition in 2021; figures for both years of the growth come from one "
    "source. It uses no elasticity, compares sales and not profits, and does not show "
    "whether the same firms sell to both.",
    interval=Interval(
        "bounds", "low: the gain", note="high: all sales to Russia in the latest year"
    ),
)
def break_even_share(
    ask: Ask,
    coalition: Annotated[
        str, "G7 (with the EU), EU27, COALITION, WIDE, or ISO codes; blank for five of these"
    ] = "",
) -> Answer:
    """Share of China's sales to a coalition that, if lost, would cancel out its gain in Russia.

    Groups: coalitions, one point each, for the newest year of sales to Russia.
    """
    out = ask.answer()
    chosen = [named(c) for c in ([coalition] if coalition else STANDARD)]
    if set(ask.dyad) != {"RUS", "CHN"}:
        return out.missing("China's exposure for its sales to Russia: ask for RUS CHN")
    try:
        sales = read_sales(ask)
    except DataError as e:
        return out.missing(str(e))
    base = f"{load(PACKAGE, figures(ask.holdings, ask.as_of))('base_year'):.0f}"
    source, year = sales.newest(base)
    totals = sales.russia_total[source]
    gain = max(0.0, totals[year] - totals[base])
    assert sales.rows is not None
    columns = (sales.rows[c].to_pylist() for c in ("source", "partner", "period", "grp"))
    places = list(enumerate(zip(*columns, strict=True)))
    for c in chosen:
        sold = sum(sales.markets.get(m, 0.0) for m in c.members)
        behind = [
            i
            for i, (what, whom, when, part) in places
            if (what == "comtrade_world_2021" and whom in c.members)
            or (what == source and when[:4] in (base, year) and part.startswith(WHOLE))
        ]
        low = break_even(gain, sold)
        out.point(
            year,
            low,
            low=low,
            high=break_even(totals[year], sold),
            group=c.name,
            rows=sales.rows.take(pa.array(behind, pa.int64())),
        )
    return out
