# SPDX-License-Identifier: Apache-2.0
"""Mirror gaps at the level of total trade: what the importer records of what the exporter reports."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from bilat.errors import DataError
from bilat.measures import Answer, Ask, Interval, State, States, Year, labelled, measure
from bilat.places import country_name
from bilat.trade.books import Report, held, reports
from bilat.units import Unit
from bilat.units.exchange import usd_per_eur

#: The level of the interval of a year against the pair's earlier years.
LEVEL = 0.9


def converted(value: float, year: str, from_: str, to: str) -> float | None:
    """A value in another currency at the year's average rate; None where no rate is held."""
    if from_ == to:
        return value
    rate = usd_per_eur().get(year)
    if rate is None or {from_, to} != {"EUR", "USD"}:
        return None
    return value / rate if from_ == "USD" else value * rate


def _matched(theirs: list[Report], mine: list[Report]) -> tuple[Report, Report] | None:
    """The exporter's and the importer's report to compare: three years in common before fewer, one currency
    before two, then the most years."""
    both = [(x, m) for x in theirs for m in mine if x.rows.num_rows and m.rows.num_rows]
    ranked = sorted(
        both,
        key=lambda p: (min(len(_common(*p)), 3), p[0].currency == p[1].currency, len(_common(*p))),
        reverse=True,
    )
    return ranked[0] if ranked and _common(*ranked[0]) else None


def _common(x: Report, m: Report) -> list[str]:
    return [
        y
        for y in x.years
        if y in m.years
        and (x.sum(x.years[y]) or 0) > 0
        and (m.sum(m.years[y]) or 0) > 0
        and (x.currency == m.currency or y in usd_per_eur())
    ]


def _observed(report: Report) -> Report:
    """The report without figures that its publisher estimates or takes from the other side."""
    seen = pc.and_(
        pc.not_equal(report.rows["kind"], "estimated"),
        pc.not_equal(pc.fill_null(report.rows["basis"], ""), "mirror"),
    )
    return replace(report, rows=report.rows.filter(seen))


def against(value: float, earlier: list[float]) -> tuple[float, float | None, float | None]:
    """(value less the mean of earlier years, low, high): the 90% prediction interval of one more such year.

    With fewer than two earlier years there is no spread to judge by, and no bounds.
    """
    mean = sum(earlier) / len(earlier)
    n = len(earlier)
    if n < 2:
        return value - mean, None, None
    from scipy.special import stdtrit

    spread = math.sqrt(sum((e - mean) ** 2 for e in earlier) / (n - 1) * (1 + 1 / n))
    half = float(stdtrit(n - 1, 0.5 + LEVEL / 2)) * spread
    return value - mean, value - mean - half, value - mean + half


@measure(
    "trade.mirror_gap",
    title="What the importer records of what the exporter reports",
    unit=Unit("index", "ln ratio (importer over exporter); for 'recorded share' the ratio itself"),
    tables=("flows",),
    reference=(
        "mirror statistics: United Nations, International Merchandise Trade Statistics, Compilers "
        "Manual, on bilateral asymmetries; judged against the pair's own earlier years, since freight, "
        "insurance and re-export habits differ by pair"
    ),
    method=(
        "By year: ln of the importer's report (by origin, freight included) less ln of the exporter's "
        "(free on board), and the share recorded. 'Change on own years' is the gap less the mean gap of "
        "the years before 'since'. Figures that a publisher estimates are left out, since they may come "
        "from the other side. Reports in two currencies are set side by side at the ECB's yearly "
        "average rate."
    ),
    interval=Interval(
        "model",
        "90% prediction interval of one more year like the pair's own years before 'since'",
        0.9,
        about="new",
    ),
)
def mirror_gap(
    ask: Ask, exporter: States = ("DEU",), importer: States = ("KGZ",), since: Year = "2022"
) -> Answer:
    """Groups: ``gap``, ``recorded share`` and ``change on own years``, of several pairs with the pair before it
      as ``DEU>KGZ gap``; a point a year that both sides report.

    exporter: exporters; EU27 for the Union
    importer: importers
    since: first year to judge; earlier ones are the pair's own baseline
    """
    pairs = [(x, m) for x in exporter for m in importer if x != m]
    out = ask.answer()
    notes: list[str] = []
    for who, whom in pairs:
        theirs = [_observed(r) for r in reports(ask, "X", who, whom)]
        mine = [_observed(r) for r in reports(ask, "M", whom, who)]
        match = _matched(theirs, mine)
        if match is None:
            if not theirs:
                notes.append(held(ask, "X", who, whom))
            if not mine:
                notes.append(held(ask, "M", whom, who))
            if theirs and mine:
                notes.append(f"{who}>{whom}: no whole year is held of both sides as of {ask.as_of}.")
            continue
        notes.append(_about(who, whom, *match))
        _gaps(out, *match, since, "" if len(pairs) == 1 else f"{who}>{whom} ")
    out.points.sort(key=lambda p: (p.group, p.period))
    out.note = " ".join(notes)
    return out


def _gaps(out: Answer, x: Report, m: Report, since: str, prefix: str) -> None:
    """Add the points of one pair: the exporter's report ``x`` against the importer's ``m``."""
    gaps: dict[str, float] = {}
    for year in _common(x, m):
        reported, recorded = x.sum(x.years[year]), m.sum(m.years[year])
        there = converted(recorded, year, m.currency, x.currency) if recorded else None
        if not reported or there is None:
            raise DataError(f"{x.source} and {m.source}: no figures of {year} that can be set side by side")
        gap = gaps[year] = math.log(there / reported)
        named: list[tuple[str, float, float | None, float | None]] = [
            ("gap", gap, None, None),
            ("recorded share", math.exp(gap), None, None),
        ]
        earlier = [g for y, g in gaps.items() if y < since]
        if year >= since and earlier:
            named.append(("change on own years", *against(gap, earlier)))
        rows = pa.concat_tables([r.of(r.years[year]) for r in (x, m)])
        for group, value, low, high in named:
            out.point(year, value, low=low, high=high, group=prefix + group, rows=rows)


def _about(exporter: str, importer: str, x: Report, m: Report) -> str:
    said = (
        f"{country_name(exporter)}'s exports from {x.source}, "
        f"{country_name(importer)}'s imports from {m.source}"
    )
    if m.summed:
        said += " (its partners in the EU summed, with those it does not specify)"
    if x.currency != m.currency:
        said += f"; {m.currency} set against {x.currency} at yearly average rates"
    return said + "."


@measure(
    "trade.consignment_gap",
    title="Imports by country of origin against imports by country of consignment",
    unit=Unit(
        "ratio",
        "ratio, origin over consignment; for 'all partners' the share of imports not sent from their origin",
    ),
    tables=("flows",),
    reference=(
        "United Nations, International Merchandise Trade Statistics: Concepts and Definitions 2010, "
        "chapter VI: origin and consignment"
    ),
    method=(
        "By year and partner: what the reporter books as made in the partner, over what it books as "
        "sent from it. Below 1 the partner passes on goods made elsewhere; above 1 its goods come "
        "through others. 'All partners' is half the sum of the absolute differences over all imports: a "
        "lower bound of what comes through third countries, since opposite flows within one partner "
        "cancel."
    ),
    interval=Interval(
        "bounds", "low: as if all imports of unknown origin or sender came straight from it", note="no high"
    ),
)
def consignment_gap(ask: Ask, reporter: State = "ARM", partner: States = ()) -> Answer:
    """Groups: ``all partners`` and each partner shown; a point a whole year.

    reporter: the importer that books both
    partner: partners; blank: all together, and each with 1% of the last year's imports
    """
    table = ask.query(
        """WITH monthly AS (
          SELECT source, substr(period, 1, 4) AS year, count(DISTINCT period) AS n FROM flows
          WHERE reporter = ? AND flow = 'M' AND basis IN ('origin', 'consignment') AND length(period) = 7
          GROUP BY ALL)
        SELECT f.source, snapshot, part_row, vintage, locator, known_on, known_basis, revised_later, period, kind,
               reporter, partner, flow, product, nomenclature, value, currency, valuation, basis,
               substr(period, 1, 4) AS point, partner AS grp
        FROM flows f LEFT JOIN monthly m ON m.source = f.source AND m.year = substr(f.period, 1, 4)
        WHERE reporter = ? AND flow = 'M' AND basis IN ('origin', 'consignment') AND nomenclature = 'TOTAL'
          AND (m.n = 12 OR (m.n IS NULL AND CAST(known_on AS VARCHAR) > substr(period, 1, 4) || '-12-31'))
        ORDER BY partner, period""",
        reporter,
        reporter,
    )
    if not table.num_rows:
        others = ask.query(
            "SELECT DISTINCT reporter FROM flows WHERE basis = 'consignment' AND flow = 'M' ORDER BY 1"
        )["reporter"].to_pylist()
        note = (
            f"{country_name(reporter)} is not held by both origin and consignment for a whole year as of "
            f"{ask.as_of}; " + (f"held so: {', '.join(others)}." if others else "no importer is.")
        )
        return ask.answer().missing(note)
    book: dict[tuple[str, str], dict[str, float]] = {}
    for year, other, basis, value in zip(
        *(table[c].to_pylist() for c in ("point", "grp", "basis", "value")), strict=True
    ):
        sides = book.setdefault((year, other), {"origin": 0.0, "consignment": 0.0})
        sides[basis] += value or 0.0
    last = max(y for y, _ in book)
    shown: Sequence[str] = partner
    if not partner:
        size = {p: max(s["origin"], s["consignment"]) for (y, p), s in book.items() if y == last}
        shown = sorted(p for p, v in size.items() if v >= 0.01 * sum(size.values()))
    out = ask.answer(table.filter(pc.is_in(table["grp"], pa.array(shown, pa.string()))))
    if not partner:
        _all_partners(out, table, book)
    for (year, other), sides in sorted(book.items()):
        if other in shown and sides["consignment"] > 0 and sides["origin"] > 0:
            note = "{origin:,.1f} by origin, {consignment:,.1f} by consignment, million USD".format(
                **{k: v / 1e6 for k, v in sides.items()}
            )
            out.point(year, sides["origin"] / sides["consignment"], group=other, note=note)
    out.points.sort(key=lambda p: (p.group, p.period))
    absent = [p for p in shown if not any(k[1] == p for k in book)]
    if absent:
        out.note = f"{', '.join(absent)}: no such partner among {country_name(reporter)}'s imports."
    return out


def _all_partners(out: Answer, rows: pa.Table, book: dict[tuple[str, str], dict[str, float]]) -> None:
    """Add the share of all imports that is booked under another partner by origin than by consignment."""
    out.take(labelled(rows, group="all partners"))
    for year in sorted({y for y, _ in book}):
        sides_of = [s for (y, _), s in book.items() if y == year]
        origin = sum(s["origin"] for s in sides_of)
        apart = sum(abs(s["origin"] - s["consignment"]) for s in sides_of) / 2
        unknown = sum(max(s.values()) for (y, p), s in book.items() if y == year and p.startswith("XX"))
        if origin:
            low = max(0.0, apart - unknown) / origin
            out.point(year, apart / origin, low=low, group="all partners")
