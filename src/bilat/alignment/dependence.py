# SPDX-License-Identifier: Apache-2.0
"""How much each needs the other: the partner's share of trade, and what is paid in whose money."""

from __future__ import annotations

from bilat.engine import quote
from bilat.measures import Answer, Ask, Interval, Pair, measure
from bilat.units import PERCENT

IMF = "IMF, International Trade in Goods by partner country (IMTS)"
#: Russia's trade by partner for later years is filled in from what partners report.
BREAK = (
    "From 2022 Russia's figures are the IMF's estimates from what partners report (inferred: "
    "Russia stopped publishing), so part of the change 2021-22 is a change of method."
)


def _partner_of_russia(ask: Ask) -> str | None:
    """Return the other state of a pair with Russia, None for a pair without it."""
    others = set(ask.dyad) - {"RUS"}
    return others.pop() if len(others) == 1 else None


@measure(
    "dependence.trade_share",
    of=Pair,
    title="The partner's share of each state's trade",
    unit=PERCENT,
    tables=("flows", "estimates"),
    sources={"flows": ("imf_russia",), "estimates": ("trade_finance",)},
    reference=IMF + "; General Administration of Customs of China, as reported",
    method="For Russia, it divides imports from, exports to and total trade with the partner by "
    "its trade with the world (IMF). For China, it is Russia's share of total trade as "
    "China's customs publishes it, rounded to whole percentages.",
    interval=Interval(
        "bounds",
        "China's share: all values that round to the published whole percentage",
        note="others: none",
    ),
)
def trade_share(ask: Ask) -> Answer:
    """Groups: ``RUS imports``, ``RUS exports``, ``RUS trade``, and ``CHN trade``; one
    point a year.
    """
    partner = _partner_of_russia(ask)
    if partner is None:
        return ask.answer().missing(
            "We have trade by partner only for Russia: ask for a pair with Russia."
        )
    rows = ask.rows(
        "SELECT f.*, f.period AS point, g.grp FROM flows f JOIN (VALUES ('M', 'RUS imports'), "
        "('X', 'RUS exports'), ('M', 'RUS trade'), ('X', 'RUS trade')) g(flow, grp) ON g.flow = "
        "f.flow WHERE f.source = 'imf_russia' AND f.product = 'TOTAL' AND f.partner IN (?, 'WLD') "
        "ORDER BY g.grp, f.period, f.partner, f.flow",
        partner,
    )
    sums: dict[tuple[str, str], dict[str, float]] = {}
    kinds: dict[tuple[str, str], str] = {}
    for r in rows.select(["grp", "point", "partner", "value", "kind"]).to_pylist():
        key = r["grp"], r["point"]
        side = "partner" if r["partner"] == partner else "world"
        parts = sums.setdefault(key, {"partner": 0.0, "world": 0.0, "partner rows": 0})
        parts[side] += r["value"]
        parts["partner rows"] += side == "partner"
        kinds[key] = r["kind"]
    out = ask.answer(rows)
    for (group, year), parts in sums.items():
        directions = 2 if group == "RUS trade" else 1
        if parts["world"] and parts["partner rows"] == directions:
            kind = "estimated" if kinds[group, year] == "estimated" else "derived"
            out.point(year, parts["partner"] / parts["world"], kind=kind, group=group, scale=100)
    notes = [BREAK] if any(p.kind == "estimated" for p in out.points) else []
    if partner == "CHN":
        notes.append("China's share is published rounded, so 3 stands for 2.5 to 3.5.")
        shares = ask.rows(
            "SELECT *, substr(period, 1, 4) AS point, 'CHN trade' AS grp FROM estimates WHERE "
            "source = 'trade_finance' AND item = 'russia_share_of_china_total_trade' ORDER BY "
            "period"
        )
        out.take(shares)
        for r in shares.select(["point", "value", "when_text"]).to_pylist():
            out.point(
                r["point"],
                r["value"],
                low=r["value"] - 0.5,
                high=r["value"] + 0.5,
                group="CHN trade",
                kind="reported",
                note=r["when_text"] if r["when_text"] != r["point"] else "",
            )
    out.note = " ".join(notes)
    return out


SETTLEMENT = {
    "yuan_share_russian_imports": "yuan in Russia's imports",
    "yuan_share_russian_exports": "yuan in Russia's exports",
    "yuan_share_of_RU_CN_trade": "yuan in Russia-China trade",
    "yuan_share_RU_trade_excl_China": "yuan in Russia's trade without China",
    "national_currencies_share_RU_CN": "yuan and rouble in Russia-China trade",
}


@measure(
    "dependence.settlement",
    of=Pair,
    title="Trade settled in yuan and in national currencies",
    unit=PERCENT,
    tables=("estimates",),
    sources={"estimates": ("trade_finance",)},
    reference="Bank of Russia, Ministry of Economic Development of Russia, officials, as reported "
    "on the pages in the rows",
    method="These are published shares, each with its own definition. A figure's date is the "
    "last month that it covers, or the year if it covers a whole one. We never combine "
    "shares of different things.",
    interval=Interval("sources", "where figures conflict: the lowest and the highest"),
)
def settlement(ask: Ask) -> Answer:
    """Groups: by what the share is of; a point per published figure."""
    if set(ask.dyad) != {"RUS", "CHN"}:
        return ask.answer().missing("We have these figures for Russia and China only.")
    names = " ".join(
        f"WHEN {quote(item)} THEN {quote(label)}" for item, label in SETTLEMENT.items()
    )
    rows = ask.rows(
        f"SELECT *, period AS point, CASE item {names} END AS grp FROM estimates "
        "WHERE source = 'trade_finance' AND grp IS NOT NULL ORDER BY grp, period, value"
    )
    out = ask.answer(
        note="Officials' round figures are claims of one side and not audited; the series of the "
        "Bank of Russia is of Russia's trade as a whole, not of trade with China."
    )
    out.published(rows)
    return out
