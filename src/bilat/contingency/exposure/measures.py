# SPDX-License-Identifier: Apache-2.0
"""Exposure as a measure: the share of sales to a coalition whose loss equals the gain in Russia."""

from __future__ import annotations

import pyarrow as pa

from bilat.contingency.exposure.answer import PACKAGE, STANDARD
from bilat.contingency.exposure.inputs import coalition, read_sales
from bilat.contingency.exposure.loss import break_even
from bilat.contingency.parameters import load
from bilat.errors import DataError
from bilat.measures import Answer, Ask, Point, measure


@measure(
    "exposure.break_even",
    title="Share of China's sales to a coalition whose loss equals its gain in Russia",
    unit="share of sales to the coalition",
    tables=("flows", "estimates"),
    reference="UN Comtrade (exports by market, 2021); CEPII BACI and China Customs (exports to Russia)",
    method="Growth of China's exports to Russia since 2021, both years from one source, over its exports to the "
    "coalition in 2021, all goods. No elasticity is in it; it compares sales, not profits, and says nothing of "
    "whether the same firms sell to both. Groups are coalitions.",
    interval="low: the gain; high: all sales to Russia in the newest year",
    params={"coalition": ("", "G7 (with the EU), EU27, COALITION, WIDE, or ISO codes; empty: five of them")},
)
def break_even_share(ask: Ask) -> Answer:
    """One group per coalition, for the newest year of sales to Russia.

    Raises
    ------
    UsageError
        for a coalition that names nobody.
    """
    empty = ask.rows("SELECT *, period AS point, '' AS grp FROM flows WHERE FALSE")
    text = str(ask.params["coalition"])
    chosen = [coalition(c) for c in ([text] if text else STANDARD)]
    if set(ask.dyad) != {"RUS", "CHN"}:
        return Answer([], empty, note="China's exposure for its sales to Russia: ask for RUS CHN")
    try:
        sales = read_sales(ask)
    except DataError as e:
        return Answer([], empty, note=str(e))
    base = f"{load(PACKAGE)('base_year'):.0f}"
    source, year = sales.newest(base)
    totals = sales.russia_total[source]
    gain = max(0.0, totals[year] - totals[base])
    points, parts = [], []
    assert sales.rows is not None
    partners = sales.rows["partner"].to_pylist()
    origin = sales.rows["source"].to_pylist()
    periods = sales.rows["period"].to_pylist()
    for c in chosen:
        sold = sum(sales.markets.get(m, 0.0) for m in c.members)
        low = break_even(gain, sold)
        points.append(Point(year, low, low, break_even(totals[year], sold), "derived", c.name))
        kept = [
            i
            for i, (whom, what, when) in enumerate(zip(partners, origin, periods, strict=True))
            if (what == "comtrade_world_2021" and whom in c.members)
            or (what == source and when[:4] in (base, year) and whom == "RUS")
        ]
        part = sales.rows.take(pa.array(kept, pa.int64()))
        for column, value in (("point", year), ("grp", c.name)):
            at = part.column_names.index(column)
            part = part.set_column(at, column, pa.repeat(pa.scalar(value, pa.string()), part.num_rows))
        parts.append(part)
    return Answer(points, pa.concat_tables(parts))
