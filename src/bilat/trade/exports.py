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
    "Adds up the reporter's monthly or yearly exports to the partner, in the currency and "
    "valuation of the source. We use one source for each pair: the one with the newest full year "
    "or, if several have it, with the most years. The others are named, and you can choose them. "
    "Periods and years that the source covers only in part are left out."
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


#: The periods that a report covers. For each: the numbers of its rows in the report, and the name
#: of the earlier period that it is compared with.
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
    rows_of_month: dict[str, list[int]] = {}
    for row, period in enumerate(report.periods):
        is_month = len(period) == len("2023-01")
        if is_month and _is_within(period, start, end):
            rows_of_month.setdefault(period, []).insert(0, row)
    return {
        month: (rows_of_month[month], shift_month(month, -12)) for month in sorted(rows_of_month)
    }


def _windows(report: Report, start: str, end: str) -> Periods:
    """Return a window, and the same months of earlier years as far as the report goes back.

    A window of more than a year is moved by as many years as it touches, so that none overlap.
    """
    window = months(start, end)
    years = math.ceil(len(window) / 12)
    found: Periods = {}
    first = min(report.covered, default=start)
    while window[-1] >= first:
        rows = report.windows(window)
        earlier = [shift_month(month, -12 * years) for month in window]
        if rows is not None:
            found[_window_name(window)] = (rows, _window_name(earlier))
        window = earlier
    return dict(sorted(found.items()))


def _window_name(window: list[str]) -> str:
    return str(Window(window[0], window[-1]))


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

    def choose(self, found: list[Report]) -> list[Report]:
        """Return the reports with the period and the source that are asked for, best first."""
        found = [r for r in found if self.by == "year" or r.monthly]
        if self.source:
            found = [r for r in found if r.source == self.source]
        return found

    def note_without_report(self, ask: Ask, trade: tuple[str, str, str], group: str) -> str:
        """Return a sentence that says why there is no report to show, and what there is instead."""
        found = reports(ask, *trade)
        if not found:
            return note_on_reports(ask, *trade)
        sources = [r.source for r in found]
        if self.source and self.source not in sources:
            return f"{group}: not in {self.source}, but in {', '.join(sources)}."
        return f"{group}: we have it only by year: ask with by=year."


def exports(ask: Ask, pairs: list[tuple[str, str]], asked: ExportsQuery) -> Answer:
    """Return the points of each pair, all in the currency of the first."""
    out = ask.answer()
    notes: list[str] = []
    currency = ""
    for exporter, importer in pairs:
        group = f"{exporter}>{importer}"
        trade = asked.flow_of(exporter, importer)
        chosen = asked.choose(reports(ask, *trade))
        if not chosen:
            notes.append(asked.note_without_report(ask, trade, group))
            continue
        report = chosen[0]
        if currency and report.currency != currency:
            notes.append(
                f"we have {group} in {report.currency}, not {currency}: left out; ask for it by "
                "itself."
            )
            continue
        currency = report.currency
        if others := [r.source for r in chosen[1:]]:
            notes.append(f"{group}: also in {', '.join(others)} (source=NAME shows it).")
        if not _add_points(out, report, group, asked):
            notes.append(
                f"{group}: {report.source} covers no whole {asked.by} asked for; it "
                f"holds {_span(report)}."
            )
            continue
        missing = _missing(report, asked.period) if asked.by == "month" else []
        if missing:
            notes.append(f"{group}: no figure is stored for {', '.join(missing)}.")
    out.note = " ".join(notes)
    out.unit = money(currency or "EUR or USD")
    return out


def _add_points(out: Answer, report: Report, group: str, asked: ExportsQuery) -> bool:
    """Add a pair's points with their growth; return whether the report covers any period."""
    start, end = _months_of(asked.period)
    if asked.by == "window":
        covered = periods(report, asked.by, start, end)
        shown = list(covered)
    else:
        # The first period shown is compared with one before it, so all are needed.
        covered = periods(report, asked.by, "", "")
        length = len("2023") if asked.by == "year" else len("2023-01")
        shown = [name for name in covered if _is_within(name, start[:length], end[:length])]
    for name in shown:
        rows, earlier = covered[name]
        value = report.sum(rows)
        base = report.sum(covered[earlier][0]) if earlier in covered else None
        growth = ""
        if value is not None and base:
            growth = f"{(value / base - 1) * 100:+.1f}% on {earlier}"
        out.point(
            name,
            value,
            kind=report.kind(rows),
            group=group,
            rows=report.of(rows),
            note="; ".join(filter(None, (growth, report.note(rows)))),
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
    """Groups: ``DEU>KGZ``, one for each exporter and destination; a point for each period.

    reporter: exporters; blank with a blank partner: both states of the pair, in both directions
    partner: destinations
    """
    pairs = [(r, p) for r in reporter for p in partner if r != p]
    return exports(ask, pairs, ExportsQuery(by, period, source, side))
