# SPDX-License-Identifier: Apache-2.0
"""Mirror gaps of total trade: the importer's record of a flow against the exporter's report."""

from __future__ import annotations

import math
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from bilat.errors import DataError
from bilat.measures import Answer, Ask, Interval, States, Year, flow, measure
from bilat.places import country_name
from bilat.trade.books import Report, note_on_reports, reports
from bilat.units import Unit
from bilat.units.exchange import usd_per_eur

#: The level of the interval of a year against the pair's earlier years.
LEVEL = 0.9
#: Two reports with so many years in common are as good as two with more.
ENOUGH_YEARS = 3


def convert(value: float, year: str, from_: str, to: str) -> float | None:
    """Return a value in another currency at the year's average rate; None without a rate."""
    if from_ == to:
        return value
    rate = usd_per_eur().get(year)
    if rate is None or {from_, to} != {"EUR", "USD"}:
        return None
    return value / rate if from_ == "USD" else value * rate


def _best_match(exports: list[Report], imports: list[Report]) -> tuple[Report, Report] | None:
    """Return the exporter's and the importer's report to compare; None if no two can be.

    Reports with :data:`ENOUGH_YEARS` in common are preferred, then those in one currency, then
    those with the most years in common.
    """

    def rank(pair: tuple[Report, Report]) -> tuple[int, bool, int]:
        years = len(_common_years(*pair))
        return min(years, ENOUGH_YEARS), pair[0].currency == pair[1].currency, years

    pairs = [(export, import_) for export in exports for import_ in imports]
    comparable = [pair for pair in pairs if _common_years(*pair)]
    return max(comparable, key=rank, default=None)


def _common_years(export: Report, import_: Report) -> list[str]:
    """Return the years with trade in both reports, in one currency or with a rate of exchange."""
    is_one_currency = export.currency == import_.currency
    return [
        year
        for year in sorted(export.years.keys() & import_.years.keys())
        if _has_trade(export, year)
        and _has_trade(import_, year)
        and (is_one_currency or year in usd_per_eur())
    ]


def _has_trade(report: Report, year: str) -> bool:
    return (report.sum(report.years[year]) or 0) > 0


def _observed(report: Report) -> Report:
    """Return a report without what its publisher estimated or took from the other side."""
    seen = pc.and_(
        pc.not_equal(report.rows["kind"], "estimated"),
        pc.not_equal(pc.fill_null(report.rows["basis"], ""), "mirror"),
    )
    return replace(report, rows=report.rows.filter(seen))


def deviation(value: float, earlier: list[float]) -> tuple[float, float | None, float | None]:
    """Return how far a value is from the mean of earlier years, with a 90% prediction interval.

    The interval is that of the distance of one more year like them. With fewer than two earlier
    years there is no spread to judge by, and both bounds are None.
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
    of=flow("exporter", "importer"),
    title="Imports recorded, relative to exports reported",
    unit=Unit("index", "ln ratio (importer over exporter); for 'recorded share' the ratio itself"),
    tables=("flows",),
    reference=(
        "mirror statistics: United Nations, International Merchandise Trade Statistics, Compilers "
        "Manual, on bilateral asymmetries; assessed against the pair's own earlier years, since "
        "freight, insurance and re-export habits differ by pair"
    ),
    method=(
        "For each year, the gap is the logarithm of the importer's report (by origin, freight "
        "included) minus that of the exporter's (free on board). The share recorded is the "
        "ratio of the two. 'Change on own years' is the gap minus the mean gap of the years "
        "before 'since'. Figures that a publisher estimated are left out, because they may "
        "come from the other side's reports. Reports in two currencies are compared at the "
        "ECB's average rate for the year."
    ),
    interval=Interval(
        "model",
        "90% prediction interval of one more year like the pair's own years before 'since'",
        0.9,
        about="new",
    ),
)
def mirror_gap(
    ask: Ask, exporter: States = (), importer: States = (), since: Year = "2022"
) -> Answer:
    """Groups: ``DEU>KGZ gap``, ``DEU>KGZ recorded share`` and ``DEU>KGZ change on own years`` of
      each exporter and importer; a point a year that both sides report.

    exporter: exporters; EU27 for the Union; blank with a blank importer: the pair, both ways
    importer: importers
    since: the first year to assess; earlier years form the pair's own baseline
    """
    pairs = [(x, m) for x in exporter for m in importer if x != m]
    out = ask.answer()
    notes: list[str] = []
    for seller, buyer in pairs:
        exports = [_observed(report) for report in reports(ask, "X", seller, buyer)]
        imports = [_observed(report) for report in reports(ask, "M", buyer, seller)]
        match = _best_match(exports, imports)
        if match is not None:
            export, import_ = match
            notes.append(_sources_note(seller, buyer, export=export, import_=import_))
            _add_gaps(out, export, import_, since=since, prefix=f"{seller}>{buyer} ")
            continue
        if not exports:
            notes.append(note_on_reports(ask, "X", seller, buyer))
        if not imports:
            notes.append(note_on_reports(ask, "M", buyer, seller))
        if exports and imports:
            notes.append(f"{seller}>{buyer}: we have no full year of both sides as of {ask.as_of}.")
    out.points.sort(key=lambda p: (p.group, p.period))
    out.note = " ".join(notes)
    return out


def _add_gaps(out: Answer, export: Report, import_: Report, *, since: str, prefix: str) -> None:
    """Add the points of one pair, of each year that both reports have.

    Parameters
    ----------
    since
        the first year that is set against the years before it.
    prefix
        how the names of the groups begin.
    """
    baseline: list[float] = []
    for year in _common_years(export, import_):
        gap = _gap(export, import_, year)
        rows = pa.concat_tables([r.of(r.years[year]) for r in (export, import_)])
        out.point(year, gap, group=f"{prefix}gap", rows=rows)
        out.point(year, math.exp(gap), group=f"{prefix}recorded share", rows=rows)
        if year < since:
            baseline.append(gap)
        elif baseline:
            change, low, high = deviation(gap, baseline)
            group = f"{prefix}change on own years"
            out.point(year, change, low=low, high=high, group=group, rows=rows)


def _gap(export: Report, import_: Report, year: str) -> float:
    """Return the logarithm of a year's imports as recorded over its exports as reported."""
    reported = export.sum(export.years[year])
    recorded = import_.sum(import_.years[year])
    in_one_currency = None
    if recorded:
        in_one_currency = convert(recorded, year, from_=import_.currency, to=export.currency)
    if not reported or in_one_currency is None:
        raise DataError(
            f"{export.source} and {import_.source}: no figures for {year} that can be compared"
        )
    return math.log(in_one_currency / reported)


def _sources_note(exporter: str, importer: str, *, export: Report, import_: Report) -> str:
    """Return a sentence on whose reports are compared."""
    note = (
        f"{country_name(exporter)}'s exports from {export.source}, "
        f"{country_name(importer)}'s imports from {import_.source}"
    )
    if import_.summed:
        note += " (its partners in the EU summed, with those it does not specify)"
    if export.currency != import_.currency:
        note += f"; {import_.currency} set against {export.currency} at yearly average rates"
    return f"{note}."
