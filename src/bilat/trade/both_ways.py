# SPDX-License-Identifier: Apache-2.0
"""Trade in goods between the two states of a dyad, by year: as reported by either side, and as published."""

from __future__ import annotations

from typing import Literal

import pyarrow as pa

from bilat.dyad import Dyad
from bilat.engine import quote
from bilat.measures import Answer, Ask, Interval, measure
from bilat.trade.books import Report, held, reports
from bilat.units import money

IMF = "IMF, International Trade in Goods by partner country (IMTS)"
#: Russia's trade by partner for later years is filled in from what partners report.
BREAK = (
    "From 2022 Russia's figures are the IMF's estimates from what partners report (inferred: Russia "
    "stopped publishing), so part of the change 2021-22 is a change of method."
)
#: Published totals of China's customs, and the way the goods go.
CUSTOMS = {
    "china_russia_trade_total": "total",
    "china_exports_to_russia": "CHN>RUS",
    "china_imports_from_russia": "RUS>CHN",
}


def _of_one_source(ask: Ask, dyad: Dyad) -> tuple[Report, Report] | None:
    """Both directions from one source, the one with the newest, then the most years in both; None if none."""
    ways = [_either(ask, dyad.a, dyad.b), _either(ask, dyad.b, dyad.a)]
    both = [(x, y) for x in ways[0] for y in ways[1] if x.source == y.source and x.currency == y.currency]

    def rank(pair: tuple[Report, Report]) -> tuple[str, int]:
        common = sorted(set(pair[0].years) & set(pair[1].years))
        return (common[-1] if common else "", len(common))

    ranked = sorted(both, key=rank, reverse=True)
    return ranked[0] if ranked and rank(ranked[0])[1] else None


def _either(ask: Ask, exporter: str, importer: str) -> list[Report]:
    """What either side reports of goods from exporter to importer, best first."""
    return reports(ask, "X", exporter, importer) + reports(ask, "M", importer, exporter)


@measure(
    "trade.totals",
    title="Trade in goods between the two",
    unit=money("USD or EUR"),
    tables=("flows",),
    reference="United Nations, International Merchandise Trade Statistics: Concepts and Definitions 2010",
    method=(
        "By year and direction, as the way the goods go. One source for both directions where one holds both "
        "(one side's books: its exports free on board, its imports with freight); 'both ways' is their sum. "
        "Where no source holds both, each direction comes from the best report held, and no sum is given."
    ),
)
def totals(ask: Ask) -> Answer:
    """Groups: ``A>B``, ``B>A``, ``both ways``; a point per whole year."""
    a, b = ask.dyad
    pair = _of_one_source(ask, ask.dyad)
    out = ask.answer()
    notes: list[str] = []
    shown: list[tuple[str, Report]] = []
    if pair is not None:
        shown = [(f"{a}>{b}", pair[0]), (f"{b}>{a}", pair[1])]
        notes.append(f"Source: {pair[0].source}.")
    else:
        for exporter, importer in ((a, b), (b, a)):
            way = [r for r in _either(ask, exporter, importer) if r.years]
            if not way:
                notes.append(held(ask, "X", exporter, importer))
            elif shown and way[0].currency != shown[0][1].currency:
                notes.append(f"{exporter}>{importer} is held in {way[0].currency}: ask trade.exports for it.")
            else:
                shown.append((f"{exporter}>{importer}", way[0]))
                notes.append(f"{exporter}>{importer}: {way[0].source}.")
    for group, report in shown:
        for year, rows in report.years.items():
            value = report.sum(rows)
            if value is not None:
                kind, note = report.kind(rows), report.note(rows)
                out.point(year, value, kind=kind, group=group, rows=report.of(rows), note=note)
    if pair is not None:
        for year in sorted(set(pair[0].years) & set(pair[1].years)):
            one, two = (r.sum(r.years[year]) for r in pair)
            if one is None or two is None:
                continue
            note = max(r.note(r.years[year]) for r in pair)
            rows = pa.concat_tables([r.of(r.years[year]) for r in pair])
            kind = "estimated" if note else "derived"
            out.point(year, one + two, kind=kind, group="both ways", rows=rows, note=note)
    out.note = " ".join(notes)
    out.unit = money(shown[0][1].currency) if shown else ""
    return out


@measure(
    "trade.imports_from",
    title="Russia's trade in goods with the partner",
    unit=money("billion USD"),
    tables=("flows",),
    reference=IMF,
    method="Russia's imports of goods from the partner (c.i.f.) by year; flow=exports: its exports to "
    "the partner (f.o.b.). Reported by Russia, or estimated by the IMF from partners' reports where "
    "Russia published none.",
)
def imports_from(ask: Ask, flow: Literal["imports", "exports"] = "imports") -> Answer:
    """Groups: Group ``CHN>RUS`` (imports) or ``RUS>CHN`` (exports): the way the goods go; a point per year.

    flow: imports (of Russia from the partner) or exports (of Russia to it)
    """
    a, b = ask.dyad
    partner = b if a == "RUS" else a if b == "RUS" else None
    if partner is None:
        return ask.answer().missing("The IMF file held is Russia's: ask for a dyad with Russia.")
    group = f"{partner}>RUS" if flow == "imports" else f"RUS>{partner}"
    rows = ask.rows(
        "SELECT *, period AS point, ? AS grp FROM flows WHERE source = 'imf_russia' AND product = 'TOTAL' "
        "AND partner = ? AND flow = ? ORDER BY period",
        group, partner, "M" if flow == "imports" else "X",
    )  # fmt: skip
    out = ask.answer(rows)
    for r in rows.select(["period", "value", "kind"]).to_pylist():
        out.point(r["period"], r["value"] / 1e9, kind=r["kind"], group=group)
    out.note = BREAK if any(p.kind == "estimated" for p in out.points) else ""
    return out


@measure(
    "trade.totals_reported",
    title="Trade of China with Russia, as published by China's customs",
    unit=money("billion USD"),
    tables=("estimates",),
    reference="General Administration of Customs of China, as reported on the pages in the rows",
    method="Published totals; exports and imports are China's, shown the way the goods go.",
    interval=Interval("sources", "where figures conflict: the lowest and the highest"),
)
def totals_reported(ask: Ask) -> Answer:
    """Groups: ``total``, ``CHN>RUS``, ``RUS>CHN``, and ``total, first half``; a point per published figure."""
    if set(ask.dyad) != {"RUS", "CHN"}:
        return ask.answer().missing("These figures are held for Russia and China only.")
    names = " ".join(f"WHEN {quote(item)} THEN {quote(label)}" for item, label in CUSTOMS.items())
    rows = ask.rows(
        f"SELECT *, period AS point, (CASE item {names} END) || (CASE WHEN metric = 'trade' "
        "AND when_text LIKE '%H1' THEN ', first half' WHEN metric = 'trade' AND when_text LIKE '%H2' "
        "THEN ', second half' ELSE '' END) AS grp FROM estimates "
        "WHERE source = 'trade_finance' AND grp IS NOT NULL ORDER BY grp, period, value"
    )
    out = ask.answer(
        note="Figures were gathered from press reports, one or few a year; a year without a point was not "
        "among them. A half-year is a group of its own and stands at its last month."
    )
    out.published(rows)
    return out
