# SPDX-License-Identifier: Apache-2.0
"""Trade of China with Russia as China's customs published it."""

from __future__ import annotations

from bilat.engine import quote
from bilat.measures import Answer, Ask, Interval, Pair, measure
from bilat.units import money

#: Published totals of China's customs, and the way the goods go.
CUSTOMS = {
    "china_russia_trade_total": "total",
    "china_exports_to_russia": "CHN>RUS",
    "china_imports_from_russia": "RUS>CHN",
}


@measure(
    "trade.totals_reported",
    of=Pair,
    title="Trade of China with Russia, as published by China's customs",
    unit=money("billion USD"),
    tables=("estimates",),
    sources={"estimates": ("trade_finance",)},
    reference="General Administration of Customs of China, as reported on the pages in the rows",
    method="These are published totals. Exports and imports are as China reports them, shown in "
    "the direction in which the goods move.",
    interval=Interval("sources", "where figures conflict: the lowest and the highest"),
)
def totals_reported(ask: Ask) -> Answer:
    """Groups: ``total``, ``CHN>RUS``, ``RUS>CHN``, and ``total, first half``; a point per published
    figure.
    """
    if set(ask.dyad) != {"RUS", "CHN"}:
        return ask.answer().missing("We have these figures for Russia and China only.")
    names = " ".join(f"WHEN {quote(item)} THEN {quote(label)}" for item, label in CUSTOMS.items())
    rows = ask.rows(
        f"SELECT *, period AS point, (CASE item {names} END) || (CASE WHEN metric = 'trade' AND "
        "when_text LIKE '%H1' THEN ', first half' WHEN metric = 'trade' AND when_text LIKE '%H2' "
        "THEN ', second half' ELSE '' END) AS grp FROM estimates WHERE source = 'trade_finance' "
        "AND grp IS NOT NULL ORDER BY grp, period, value"
    )
    out = ask.answer(
        note="Figures were gathered from press reports, one or few a year; a year without a point "
        "was not among them. A half-year is a separate group, dated by its last month."
    )
    out.published(rows)
    return out
