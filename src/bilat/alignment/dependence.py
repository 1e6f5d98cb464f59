# SPDX-License-Identifier: Apache-2.0
"""How much each needs the other: trade shares, what is paid in whose money, trade as published."""

from __future__ import annotations

from bilat.alignment.voting import choose, table
from bilat.engine import quote
from bilat.measures import Answer, Ask, Point, measure

IMF = "IMF, International Trade in Goods by partner country (IMTS)"
#: Russia's trade by partner for later years is filled in from what partners report.
BREAK = (
    "From 2022 Russia's figures are the IMF's estimates from what partners report (inferred: Russia "
    "stopped publishing), so part of the change 2021-22 is a change of method."
)


def _russia(ask: Ask) -> str | None:
    """The other state of a dyad with Russia in it, else None."""
    a, b = ask.dyad
    return b if a == "RUS" else a if b == "RUS" else None


@measure(
    "trade.imports_from",
    title="Russia's trade in goods with the partner",
    unit="billion USD",
    tables=("flows",),
    reference=IMF,
    method="Russia's imports of goods from the partner (c.i.f.) by year; flow=exports: its exports to "
    "the partner (f.o.b.). Reported by Russia, or estimated by the IMF from partners' reports where "
    "Russia published none.",
    params={"flow": ("imports", "imports (of Russia from the partner) or exports (of Russia to it)")},
)
def imports_from(ask: Ask) -> Answer:
    """Group ``CHN>RUS`` (imports) or ``RUS>CHN`` (exports): the way the goods go; a point per year."""
    flow = choose(ask.params["flow"], ("imports", "exports"), "flow")
    partner = _russia(ask)
    group = f"{partner}>RUS" if flow == "imports" else f"RUS>{partner}"
    rows = ask.rows(
        "SELECT *, period AS point, ? AS grp FROM flows WHERE source = 'imf_russia' AND product = 'TOTAL' "
        "AND partner = ? AND flow = ? ORDER BY period",
        group, partner or "", "M" if flow == "imports" else "X",
    )  # fmt: skip
    points = [
        Point(r["period"], r["value"] / 1e9, None, None, r["kind"], group, _later(r))
        for r in rows.to_pylist()
    ]
    if partner is None:
        return Answer([], rows, "The IMF file held is Russia's: ask for a dyad with Russia.")
    return Answer(points, rows, _break(points))


def _break(points: list[Point]) -> str:
    return BREAK if any(p.kind == "estimated" for p in points) else ""


def _later(row: dict[str, object]) -> str:
    return "revised later" if row["revised_later"] else ""


@measure(
    "dependence.trade_share",
    title="The partner's share of each state's trade",
    unit="percent",
    tables=("flows", "estimates"),
    reference=IMF + "; General Administration of Customs of China, as reported",
    method="Russia: its imports from, exports to and trade with the partner over its trade with the "
    "world, IMF. China: Russia's share of China's total trade as published by China's customs (rounded "
    "to whole percents).",
    interval="China's share: what rounds to the published whole percent; others: none",
)
def trade_share(ask: Ask) -> Answer:
    """Groups ``RUS imports``, ``RUS exports``, ``RUS trade``, and ``CHN trade``; one point a year."""
    partner = _russia(ask)
    if partner is None:
        return Answer([], table(ask, []), "Trade by partner is held for Russia: ask for a dyad with Russia.")
    rows = ask.rows(
        "SELECT f.*, f.period AS point, g.grp FROM flows f JOIN (VALUES ('M', 'RUS imports'), "
        "('X', 'RUS exports'), ('M', 'RUS trade'), ('X', 'RUS trade')) g(flow, grp) ON g.flow = f.flow "
        "WHERE f.source = 'imf_russia' AND f.product = 'TOTAL' AND f.partner IN (?, 'WLD') "
        "ORDER BY g.grp, f.period, f.partner, f.flow",
        partner,
    )
    sums: dict[tuple[str, str], dict[str, float]] = {}
    kinds: dict[tuple[str, str], tuple[str, str]] = {}
    for r in rows.to_pylist():
        key = r["grp"], r["point"]
        side = "partner" if r["partner"] == partner else "world"
        held = sums.setdefault(key, {"partner": 0.0, "world": 0.0, "partner rows": 0})
        held[side] += r["value"]
        held["partner rows"] += side == "partner"
        kinds[key] = (r["kind"], _later(r))
    points = [
        Point(
            year,
            100 * held["partner"] / held["world"],
            None,
            None,
            "estimated" if kinds[group, year][0] == "estimated" else "derived",
            group,
            kinds[group, year][1],
        )
        for (group, year), held in sums.items()
        if held["world"] and held["partner rows"] == (2 if group == "RUS trade" else 1)
    ]
    tables = [rows]
    if partner == "CHN":
        said = ask.rows(
            "SELECT *, substr(period, 1, 4) AS point, 'CHN trade' AS grp FROM estimates "
            "WHERE source = 'trade_finance' AND item = 'russia_share_of_china_total_trade' ORDER BY period"
        )
        points += [
            Point(
                r["point"],
                r["value"],
                r["value"] - 0.5,
                r["value"] + 0.5,
                "reported",
                "CHN trade",
                "; ".join(
                    s for s in (r["when_text"] if r["when_text"] != r["point"] else "", _later(r)) if s
                ),
            )
            for r in said.to_pylist()
        ]
        tables.append(said)
    note = f"{_break(points)} China's share is published rounded, so 3 stands for 2.5 to 3.5.".strip()
    return Answer(points, table(ask, tables), note)


SETTLEMENT = {
    "yuan_share_russian_imports": "yuan in Russia's imports",
    "yuan_share_russian_exports": "yuan in Russia's exports",
    "yuan_share_of_RU_CN_trade": "yuan in Russia-China trade",
    "yuan_share_RU_trade_excl_China": "yuan in Russia's trade without China",
    "national_currencies_share_RU_CN": "yuan and rouble in Russia-China trade",
}
TOTALS = {
    "china_russia_trade_total": "total",
    "china_exports_to_russia": "CHN>RUS",
    "china_imports_from_russia": "RUS>CHN",
}


def _published(ask: Ask, items: dict[str, str], note: str) -> Answer:
    """Published figures by item, each period a point; where figures conflict, the point is their band."""
    names = " ".join(f"WHEN {quote(item)} THEN {quote(label)}" for item, label in items.items())
    listed = ", ".join(quote(item) for item in items)
    rows = ask.rows(
        f"SELECT *, period AS point, (CASE item {names} END) || (CASE WHEN metric = 'trade' "
        "AND when_text LIKE '%H1' THEN ', first half' WHEN metric = 'trade' AND when_text LIKE '%H2' "
        "THEN ', second half' ELSE '' END) AS grp FROM estimates "
        f"WHERE source = 'trade_finance' AND item IN ({listed}) ORDER BY grp, period, value"
    )
    if set(ask.dyad) != {"RUS", "CHN"}:
        return Answer([], rows.slice(0, 0), "These figures are held for Russia and China only.")
    figures: dict[tuple[str, str], list[dict[str, object]]] = {}
    for r in rows.to_pylist():
        figures.setdefault((r["grp"], r["point"]), []).append(r)
    points = []
    for (group, period), found in figures.items():
        values = [float(str(r["value"])) for r in found]
        band = len(set(values)) > 1
        said = [
            str(found[0]["when_text"]) if found[0]["when_text"] != period else "",
            _later(found[0]),
            f"{len(found)} figures, middle of the band shown" if band else "",
        ]
        points.append(
            Point(
                period,
                (min(values) + max(values)) / 2,
                min(values) if band else None,
                max(values) if band else None,
                "reported",
                group,
                "; ".join(s for s in said if s),
            )
        )
    return Answer(points, rows, note)


@measure(
    "dependence.settlement",
    title="Trade settled in yuan and in national currencies",
    unit="percent",
    tables=("estimates",),
    reference="Bank of Russia, Ministry of Economic Development of Russia, officials, as reported on "
    "the pages in the rows",
    method="Published shares, each under its own definition; the point is the last month or the year a "
    "figure is for. Shares of different things are never joined.",
    interval="where figures conflict: the lowest and the highest",
)
def settlement(ask: Ask) -> Answer:
    """Groups by what the share is of; a point per published figure."""
    return _published(
        ask,
        SETTLEMENT,
        "Officials' round figures are claims of one side and not audited; the series of the Bank of "
        "Russia is of Russia's trade as a whole, not of trade with China.",
    )


@measure(
    "trade.totals_reported",
    title="Trade of China with Russia, as published by China's customs",
    unit="billion USD",
    tables=("estimates",),
    reference="General Administration of Customs of China, as reported on the pages in the rows",
    method="Published totals; exports and imports are China's, shown the way the goods go.",
    interval="where figures conflict: the lowest and the highest",
)
def totals_reported(ask: Ask) -> Answer:
    """Groups ``total``, ``CHN>RUS``, ``RUS>CHN``, and ``total, first half``; a point per published figure."""
    return _published(
        ask,
        TOTALS,
        "Figures were gathered from press reports, one or few a year; a year without a point was not "
        "among them. A half-year is a group of its own and stands at its last month.",
    )
