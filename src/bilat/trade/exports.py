# SPDX-License-Identifier: Apache-2.0
"""Exports of a reporter to a partner, by month, year or an explicit window, with growth on the
year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from bilat.errors import UsageError
from bilat.measures import Answer, Ask, States, Window, flow, measure
from bilat.trade.books import Report, months, note_on_reports, reports, shift_month
from bilat.units import money

_REFERENCE = (
    "United Nations, International Merchandise Trade Statistics: Concepts and Definitions 2010; "
    "exports as the exporter reports them unless the importer's side is asked for"
)
_METHOD = (
    "Sum of the reporter's monthly (or yearly) total exports to the partner, in the currency and "
    "valuation of the source; one source a pair, the one with the newest whole year, then the most "
    "years; others are named and can be asked for by name. Windows and years that the source "
    "covers only in part are left out."
)
By = Annotated[
    Literal["month", "year", "window"], "a point a month, a year, or a window and each before it"
]
Span = Annotated[
    Window, "months or years shown; with by=window the window itself, as 2023-01..2023-10"
]
OneSource = Annotated[str, "name of the source, where several hold the pair"]
Side = Annotated[
    Literal["exporter", "importer"],
    "whose report: the exporter's, or the importer's imports by origin",
]


def _months_of(period: Window) -> tuple[str, str]:
    """First and last month of a window, "" for no bound."""
    first = period.first[:7]
    last = period.last[:7]
    return f"{first}-01" if len(first) == 4 else first, f"{last}-12" if len(last) == 4 else last


def periods(report: Report, by: str, start: str, end: str) -> dict[str, tuple[list[int], str]]:
    """label -> (rows, label of the same period a year earlier), in order of time."""
    if by == "year":
        whole = report.years
        return {
            y: (rows, str(int(y) - 1))
            for y, rows in whole.items()
            if (not start or y >= start[:4]) and (not end or y <= end[:4])
        }
    if by == "month":
        out: dict[str, tuple[list[int], str]] = {}
        for i, p in enumerate(report.periods):
            if len(p) == 7 and (not start or p >= start) and (not end or p <= end):
                out[p] = ([i, *out[p][0]] if p in out else [i], shift_month(p, -12))
        return dict(sorted(out.items()))
    if not (start and end):
        raise UsageError("by=window needs a period with both ends, as period=2023-01..2023-10")
    wanted = months(start, end)
    step = 12 * -(-len(wanted) // 12)
    found: dict[str, tuple[list[int], str]] = {}
    first = min(report.covered, default=start)
    while wanted[-1] >= first:
        rows = report.windows(wanted)
        earlier = [shift_month(m, -step) for m in wanted]
        if rows is not None:
            found[str(Window(wanted[0], wanted[-1]))] = (rows, str(Window(earlier[0], earlier[-1])))
        wanted = earlier
    return dict(sorted(found.items()))


@dataclass(frozen=True)
class ExportsQuery:
    """What an exports measure is asked, beyond its pairs."""

    by: str
    period: Window
    source: str
    side: str = "exporter"

    def report(self, ask: Ask, who: tuple[str, str, str]) -> tuple[Report | None, list[str]]:
        """The report to show, and the other sources that hold the pair."""
        found = [r for r in reports(ask, *who) if self.by == "year" or r.monthly]
        if self.source:
            found = [r for r in found if r.source == self.source]
        return (found[0] if found else None), [r.source for r in found[1:]]


def exports(ask: Ask, pairs: list[tuple[str, str]], asked: ExportsQuery) -> Answer:
    """Points of each pair, all in the currency of the first."""
    out = ask.answer()
    notes: list[str] = []
    currency = ""
    for exporter, importer in pairs:
        who = ("X", exporter, importer) if asked.side == "exporter" else ("M", importer, exporter)
        report, others = asked.report(ask, who)
        if report is None:
            note = note_on_reports(ask, *who)
            if asked.by != "year" and reports(ask, *who):
                note += " Years are held: ask with by=year."
            notes.append(note)
            continue
        if currency and report.currency != currency:
            notes.append(
                f"{exporter}>{importer} is held in {report.currency}, not {currency}: left out; "
                "ask for it alone."
            )
            continue
        currency = report.currency
        if others:
            notes.append(
                f"{exporter}>{importer}: also held by {', '.join(others)} (source=NAME shows it)."
            )
        if not _shown(out, report, f"{exporter}>{importer}", asked):
            notes.append(
                f"{exporter}>{importer}: {report.source} covers no whole {asked.by} asked for; it "
                f"holds {_span(report)}."
            )
        elif asked.by == "month" and (missing := _missing(report, asked.period)):
            notes.append(f"{exporter}>{importer}: no figure is stored for {', '.join(missing)}.")
    out.note = " ".join(notes)
    out.unit = money(currency or "EUR or USD")
    return out


def _shown(out: Answer, report: Report, group: str, asked: ExportsQuery) -> bool:
    """Add one pair's points; whether the report covers any period at all."""
    start, end = _months_of(asked.period)
    window = asked.by == "window"
    named = periods(report, asked.by, start if window else "", end if window else "")
    for label, (rows, before) in named.items():
        if not window and not (start[: len(label)] <= label <= (end or "9999-12")[: len(label)]):
            continue
        value = report.sum(rows)
        base = report.sum(named[before][0]) if before in named else None
        change = (value / base - 1) * 100 if value is not None and base else None
        grown = f"{change:+.1f}% on {before}" if change is not None else ""
        note = "; ".join(filter(None, [grown, report.note(rows)]))
        out.point(
            label, value, kind=report.kind(rows), group=group, rows=report.of(rows), note=note
        )
    return bool(named)


def _missing(report: Report, period: Window) -> list[str]:
    """Months of the period that the report leaves out between its first and its last."""
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
    method=_METHOD + " Growth on the same period a year earlier stands in each point's note.",
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
