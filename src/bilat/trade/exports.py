# SPDX-License-Identifier: Apache-2.0
"""Exports of a reporter to a partner, by month, year or an explicit window, with growth on the year."""

from __future__ import annotations

import re

from bilat.errors import UsageError
from bilat.measures import Answer, Ask, Point, measure
from bilat.trade.books import Evidence, Report, held, reports, several

_REFERENCE = (
    "United Nations, International Merchandise Trade Statistics: Concepts and Definitions 2010; "
    "exports as the exporter reports them unless the importer's side is asked for"
)
_METHOD = (
    "Sum of the reporter's monthly (or yearly) total exports to the partner, in the currency and "
    "valuation of the source; one source a pair, the one with the newest whole year, then the most "
    "years; others are named and can be asked for by name. Windows and years that the source covers "
    "only in part are left out."
)
_PARAMS = {
    "by": ("year", "month, year or window"),
    "start": ("", "first month (2023-01) or year; with by=window the window's first month"),
    "end": ("", "last month or year; with by=window the window's last month"),
    "source": ("", "name of the source, where several hold the pair"),
}
_BETWEEN = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?$")


def _bounds(ask: Ask) -> tuple[str, str]:
    start, end = str(ask.params["start"]), str(ask.params["end"])
    for name, text in (("start", start), ("end", end)):
        if text and not _BETWEEN.match(text):
            raise UsageError(f"{name}={text!r} is neither a month YYYY-MM nor a year YYYY")
    start = f"{start}-01" if len(start) == 4 else start
    end = f"{end}-12" if len(end) == 4 else end
    if start and end and start > end:
        raise UsageError(f"the window begins ({start}) after it ends ({end})")
    return start, end


def shifted(month: str, by: int) -> str:
    """The month so many months later (or, below zero, earlier)."""
    n = int(month[:4]) * 12 + int(month[5:]) - 1 + by
    return f"{n // 12:04d}-{n % 12 + 1:02d}"


def months(start: str, end: str) -> list[str]:
    """Every month from the first to the last, both included."""
    out = [start]
    while out[-1] < end:
        out.append(shifted(out[-1], 1))
    return out


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
                out[p] = ([i, *out[p][0]] if p in out else [i], shifted(p, -12))
        return dict(sorted(out.items()))
    if by != "window":
        raise UsageError(f"by={by!r} is neither month, year nor window")
    if not (start and end):
        raise UsageError("by=window needs start and end, as start=2023-01 end=2023-10")
    wanted = months(start, end)
    step = 12 * -(-len(wanted) // 12)
    found: dict[str, tuple[list[int], str]] = {}
    first = min(report.covered, default=start)
    while wanted[-1] >= first:
        rows = report.windows(wanted)
        earlier = [shifted(m, -step) for m in wanted]
        if rows is not None:
            found[f"{wanted[0]}..{wanted[-1]}"] = (rows, f"{earlier[0]}..{earlier[-1]}")
        wanted = earlier
    return dict(sorted(found.items()))


def _chosen(ask: Ask, flow: str, who: str, whom: str, by: str) -> tuple[Report | None, list[str]]:
    """The report to show, and the other sources that hold the pair."""
    source = str(ask.params.get("source", ""))
    found = [r for r in reports(ask, flow, who, whom) if by == "year" or r.monthly]
    if source:
        found = [r for r in found if r.source == source]
    return (found[0] if found else None), [r.source for r in found[1:]]


def exports(ask: Ask, pairs: list[tuple[str, str]], *, growth: bool = False) -> Answer:
    """Points of each pair; with ``growth``, percent on the same period a year earlier instead of values."""
    by, (start, end) = str(ask.params["by"]), _bounds(ask)
    side = str(ask.params.get("side", "exporter"))
    if side not in ("exporter", "importer"):
        raise UsageError(f"side={side!r} is neither exporter nor importer")
    points: list[Point] = []
    evidence = Evidence(ask)
    notes: list[str] = []
    currencies: list[str] = []
    for exporter, importer in pairs:
        flow, who, whom = ("X", exporter, importer) if side == "exporter" else ("M", importer, exporter)
        report, others = _chosen(ask, flow, who, whom, by)
        if report is None:
            note = held(ask, flow, who, whom)
            if by != "year" and reports(ask, flow, who, whom):
                note += " Years are held: ask with by=year."
            notes.append(note)
            continue
        if currencies and report.currency not in currencies:
            notes.append(
                f"{exporter}>{importer} is held in {report.currency}, not {currencies[0]}: left out; ask "
                f"for it alone."
            )
            continue
        currencies.append(report.currency)
        if others:
            notes.append(f"{exporter}>{importer}: also held by {', '.join(others)} (source=NAME shows it).")
        group = f"{exporter}>{importer}"
        named = periods(report, by, "" if by != "window" else start, "" if by != "window" else end)
        last = end or "9999-12"
        for label, (rows, before) in named.items():
            if by != "window" and not ((start or "")[: len(label)] <= label <= last[: len(label)]):
                continue
            value = report.sum(rows)
            base = report.sum(named[before][0]) if before in named else None
            change = (value / base - 1) * 100 if value is not None and base else None
            told = report.told(rows)
            if growth:
                if change is not None:
                    points.append(Point(label, change, kind="derived", group=group, note=told))
                    evidence.parts.append(report.part([*rows, *named[before][0]], label, group))
                continue
            grown = f"{change:+.1f}% on {before}" if change is not None else ""
            note = "; ".join(filter(None, [grown, told]))
            points.append(Point(label, value, kind=report.kind(rows), group=group, note=note))
            evidence.parts.append(report.part(rows, label, group))
        if not named:
            notes.append(
                f"{group}: {report.source} covers no whole {by} asked for; it holds {_span(report)}."
            )
    unit = "% on the same period a year earlier" if growth else (currencies or ["EUR or USD"])[0]
    return Answer(points, evidence.table(), note=" ".join(notes), unit=unit)


def _span(report: Report) -> str:
    return f"{min(report.periods)} to {max(report.periods)}"


def _pairs(ask: Ask) -> list[tuple[str, str]]:
    reporter, partner = str(ask.params["reporter"]), str(ask.params["partner"])
    if not reporter and not partner:
        return [(ask.dyad.a, ask.dyad.b), (ask.dyad.b, ask.dyad.a)]
    if not (reporter and partner):
        raise UsageError("name both reporter and partner, or neither (the dyad in both directions)")
    return [(r, p) for r in several(reporter) for p in several(partner) if r != p]


_PAIR = {
    "reporter": ("DEU", "the exporter, or several with commas; blank with a blank partner: the dyad"),
    "partner": ("KGZ", "the destination, or several with commas"),
}
_SIDE = {"side": ("exporter", "whose report: exporter, or importer (its imports by origin)")}


@measure(
    "trade.exports",
    title="Exports of one state to another",
    unit="EUR or USD",
    tables=("flows",),
    reference=_REFERENCE,
    method=_METHOD + " Growth on the same period a year earlier stands in each point's note.",
    params={**_PAIR, **_PARAMS, **_SIDE},
)
def trade_exports(ask: Ask) -> Answer:
    return exports(ask, _pairs(ask))


@measure(
    "trade.exports_growth",
    title="Growth of exports of one state to another",
    unit="% on the same period a year earlier",
    tables=("flows",),
    reference=_REFERENCE,
    method=_METHOD + " Growth is the value over that of the same period a year earlier, less one.",
    params={**_PAIR, **_PARAMS, **_SIDE},
)
def trade_exports_growth(ask: Ask) -> Answer:
    return exports(ask, _pairs(ask), growth=True)


@measure(
    "trade.gacc_total",
    title="China's exports to a partner, by its own customs",
    unit="USD",
    tables=("flows",),
    reference=_REFERENCE,
    method=_METHOD + " January and February come out together each March.",
    params={
        "partner": ("RUS", "the destination"),
        **{**_PARAMS, "source": ("gacc_exports_russia", "name of the source")},
    },
)
def gacc_total(ask: Ask) -> Answer:
    return exports(ask, [("CHN", p) for p in several(str(ask.params["partner"])) if p != "CHN"])


@measure(
    "trade.us_exports",
    title="Exports of the United States to a partner",
    unit="USD",
    tables=("flows",),
    reference=_REFERENCE,
    method=_METHOD + " Valued free alongside ship.",
    params={
        "partner": ("RUS", "the destination, or several with commas; groups as WLD or EU27"),
        **{**_PARAMS, "source": ("us_census_exports", "name of the source")},
    },
)
def us_exports(ask: Ask) -> Answer:
    return exports(ask, [("USA", p) for p in several(str(ask.params["partner"])) if p != "USA"])
