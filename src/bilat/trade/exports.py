# SPDX-License-Identifier: Apache-2.0
"""Exports of a reporter to a partner by month, year or window, with growth on the year before."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, Literal

from bilat.errors import UsageError
from bilat.measures import Answer, Ask, States, Window, flow, measure
from bilat.trade.books import Report, months, note_on_reports, reports, shift_month
from bilat.units import money

_REFERENCE = (
    "United Nations, International Merchandise Trade Statistics: Concepts and Definitions "
    "2010; exports as the exporter reports them, unless you ask for the importer's side"
)
_METHOD = (
    "Adds up the reporter's monthly or yearly exports to the partner, in the currency and valuation "
    "of the source. We use one source for each pair: the one with the newest full year or, if "
    "several have it, with the most years. The others are named, and you can choose them. Periods "
    "and years that the source covers only in part are left out."
)
By = Annotated[
    Literal["month", "year", "window"], "a point a month, a year, or a window and each before it"
]
Span = Annotated[
    Window, "months or years to show; with by=window, the window itself, as 2023-01..2023-10"
]
OneSource = Annotated[str, "name of the source, where several hold the pair"]
Side = Annotated[
    Literal["exporter", "importer"],
    "whose report: the exporter's, or the importer's imports by origin",
]


def _months_of(period: Window) -> tuple[str, str]:
    """Return the first and last month of a window, "" for no bound."""
    first = period.first[:7]
    last = period.last[:7]
    if len(first) == 4:
        first = f"{first}-01"
    if len(last) == 4:
        last = f"{last}-12"
    return first, last


#: For each period the rows of a report, and the same period a year earlier, which it is compared to.
Periods = dict[str, tuple[list[int], str]]


def periods(report: Report, by: str, start: str, end: str) -> Periods:
    """Return the periods that a report covers, in order of time.

    Parameters
    ----------
    by
        month, year or window.
    start, end
        the first and the last month, "" for no bound; a window needs both.

    Raises
    ------
    UsageError
        for a window without both ends.
    """
    if by == "year":
        return _years(report, start[:4], end[:4])
    if by == "month":
        return _months(report, start, end)
    if not (start and end):
        raise UsageError("by=window needs a period with both ends, as period=2023-01..2023-10")
    return _windows(report, start, end)


def _is_within(period: str, start: str, end: str) -> bool:
    return (not start or period >= start) and (not end or period <= end)


def _years(report: Report, start: str, end: str) -> Periods:
    return {
        year: (rows, str(int(year) - 1))
        for year, rows in report.years.items()
        if _is_within(year, start, end)
    }


def _months(report: Report, start: str, end: str) -> Periods:
    found: Periods = {}
    for row, period in enumerate(report.periods):
        if len(period) != 7 or not _is_within(period, start, end):
            continue
        earlier_rows = found[period][0] if period in found else []
        found[period] = ([row, *earlier_rows], shift_month(period, -12))
    return dict(sorted(found.items()))


def _windows(report: Report, start: str, end: str) -> Periods:
    """Return a window, and the same months of earlier years as far as the report goes back."""
    window = months(start, end)
    years = math.ceil(len(window) / 12)  # a window of 13 months is compared with two years before
    found: Periods = {}
    first = min(report.covered, default=start)
    while window[-1] >= first:
        rows = report.windows(window)
        earlier = [shift_month(month, -12 * years) for month in window]
        if rows is not None:
            name = str(Window(window[0], window[-1]))
            found[name] = (rows, str(Window(earlier[0], earlier[-1])))
        window = earlier
    return dict(sorted(found.items()))


@dataclass(frozen=True)
class ExportsQuery:
    """The parameters of a measure of exports, besides its pairs."""

    by: str
    period: Window
    source: str
    side: str = "exporter"

    def flow_of(self, exporter: str, importer: str) -> tuple[str, str, str]:
        """Return (X or M, reporter, partner) of the report that is asked for."""
        if self.side == "exporter":
            return "X", exporter, importer
        return "M", importer, exporter

    def report(self, ask: Ask, trade: tuple[str, str, str]) -> tuple[Report | None, list[str]]:
        """Return the report to show, and the other sources that have the pair."""
        found = [r for r in reports(ask, *trade) if self.by == "year" or r.monthly]
        if self.source:
            found = [r for r in found if r.source == self.source]
        return (found[0] if found else None), [r.source for r in found[1:]]


def exports(ask: Ask, pairs: list[tuple[str, str]], asked: ExportsQuery) -> Answer:
    """Return the points of each pair, all in the currency of the first."""
    out = ask.answer()
    notes: list[str] = []
    currency = ""
    for exporter, importer in pairs:
        group = f"{exporter}>{importer}"
        trade = asked.flow_of(exporter, importer)
        report, others = asked.report(ask, trade)
        if report is None:
            note = note_on_reports(ask, *trade)
            if asked.by != "year" and reports(ask, *trade):
                note += " We have it by year: ask with by=year."
            notes.append(note)
            continue
        if currency and report.currency != currency:
            notes.append(
                f"we have {group} in {report.currency}, not {currency}: left out; ask for it by "
                "itself."
            )
            continue
        currency = report.currency
        if others:
            notes.append(f"{group}: also in {', '.join(others)} (source=NAME shows it).")
        if not _add_points(out, report, group, asked):
            notes.append(
                f"{group}: {report.source} covers no whole {asked.by} asked for; it "
                f"holds {_span(report)}."
            )
        elif asked.by == "month" and (missing := _missing(report, asked.period)):
            notes.append(f"{group}: no figure is stored for {', '.join(missing)}.")
    out.note = " ".join(notes)
    out.unit = money(currency or "EUR or USD")
    return out


def _add_points(out: Answer, report: Report, group: str, asked: ExportsQuery) -> bool:
    """Add the points of a pair; return whether the report covers any period."""
    start, end = _months_of(asked.period)
    if asked.by == "window":
        covered = periods(report, asked.by, start, end)
        shown = list(covered)
    else:
        # All periods are needed, since the first one shown is compared with the one before it.
        covered = periods(report, asked.by, "", "")
        length = len("2023") if asked.by == "year" else len("2023-01")
        shown = [label for label in covered if _is_within(label, start[:length], end[:length])]
    for label in shown:
        rows, before = covered[label]
        value = report.sum(rows)
        base = report.sum(covered[before][0]) if before in covered else None
        notes = [report.note(rows)]
        if value is not None and base:
            notes.insert(0, f"{(value / base - 1) * 100:+.1f}% on {before}")
        note = "; ".join(filter(None, notes))
        out.point(
            label, value, kind=report.kind(rows), group=group, rows=report.of(rows), note=note
        )
    return bool(covered)


def _missing(report: Report, period: Window) -> list[str]:
    """Return the months of the period that the report lacks between its first and its last."""
    start, end = _months_of(period)
    return [m for m in report.holes if start <= m <= (end or m)]


def _span(report: Report) -> str:
    return f"{min(report.periods)} to {max(report.periods)}"


@measure(
    "trade.exports",
    of=flow("reporter", "partner"),
    title="Exports of one state to another",
    unit=money("EUR or USD"),
    tables=("flows",),
    reference=_REFERENCE,
    method=_METHOD + " Each point's note gives the growth on the same period a year earlier.",
)
def trade_exports(
    ask: Ask,
    reporter: States = (),
    partner: States = (),
    by: By = "year",
    period: Span = Window(),
    source: OneSource = "",
    side: Side = "exporter",
) -> Answer:
    """Groups: ``DEU>KGZ``, one each pair of exporter and destination; a point each period asked
    for.

    reporter: exporters; blank with a blank partner: both states of the pair, in both directions
    partner: destinations
    """
    ways = [(r, p) for r in reporter for p in partner if r != p]
    return exports(ask, ways, ExportsQuery(by, period, source, side))
