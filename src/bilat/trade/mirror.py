# SPDX-License-Identifier: Apache-2.0
"""Mirror gaps at the level of total trade: what the importer records of what the
exporter reports.
"""

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


def convert(value: float, year: str, from_: str, to: str) -> float | None:
    """A value in another currency at the year's average rate; None where no rate is held."""
    if from_ == to:
        return value
    rate = usd_per_eur().get(year)
    if rate is None or {from_, to} != {"EUR", "USD"}:
        return None
    return value / rate if from_ == "USD" else value * rate


def _matched(theirs: list[Report], mine: list[Report]) -> tuple[Report, Report] | None:
    """The exporter's and the importer's report to compare: three years in common before fewer, one
    currency before two, then the most years.
    """
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


def deviation(value: float, earlier: list[float]) -> tuple[float, float | None, float | None]:
    """(value less the mean of earlier years, low, high): the 90% prediction interval of one more
    such year.

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
    for who, whom in pairs:
        theirs = [_observed(r) for r in reports(ask, "X", who, whom)]
        mine = [_observed(r) for r in reports(ask, "M", whom, who)]
        match = _matched(theirs, mine)
        if match is None:
            if not theirs:
                notes.append(note_on_reports(ask, "X", who, whom))
            if not mine:
                notes.append(note_on_reports(ask, "M", whom, who))
            if theirs and mine:
                notes.append(f"{who}>{whom}: we have no full year of both sides as of {ask.as_of}.")
            continue
        notes.append(_about(who, whom, *match))
        _gaps(out, *match, since, f"{who}>{whom} ")
    out.points.sort(key=lambda p: (p.group, p.period))
    out.note = " ".join(notes)
    return out


def _gaps(out: Answer, x: Report, m: Report, since: str, prefix: str) -> None:
    """Add the points of one pair: the exporter's report ``x`` against the importer's ``m``."""
    gaps: dict[str, float] = {}
    for year in _common(x, m):
        reported = x.sum(x.years[year])
        recorded = m.sum(m.years[year])
        there = convert(recorded, year, m.currency, x.currency) if recorded else None
        if not reported or there is None:
            raise DataError(
                f"{x.source} and {m.source}: no figures for {year} that can be compared"
            )
        gap = gaps[year] = math.log(there / reported)
        named: list[tuple[str, float, float | None, float | None]] = [
            ("gap", gap, None, None),
            ("recorded share", math.exp(gap), None, None),
        ]
        earlier = [g for y, g in gaps.items() if y < since]
        if year >= since and earlier:
            named.append(("change on own years", *deviation(gap, earlier)))
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
