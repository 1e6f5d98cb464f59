# SPDX-License-Identifier: Apache-2.0
"""Trade in goods between the two states of a dyad, both directions, by year."""

from __future__ import annotations

from bilat.dyad import Dyad
from bilat.measures import Answer, Ask, Point, measure
from bilat.trade.books import Evidence, Report, held, reports


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
    unit="USD or EUR",
    tables=("flows",),
    reference="United Nations, International Merchandise Trade Statistics: Concepts and Definitions 2010",
    method=(
        "By year and direction, as the way the goods go. One source for both directions where one holds both "
        "(one side's books: its exports free on board, its imports with freight); 'both ways' is their sum. "
        "Where no source holds both, each direction comes from the best report held, and no sum is given."
    ),
)
def totals(ask: Ask) -> Answer:
    """Groups ``A>B``, ``B>A``, ``both ways``; a point per whole year."""
    a, b = ask.dyad
    pair = _of_one_source(ask, ask.dyad)
    points: list[Point] = []
    evidence = Evidence(ask)
    notes: list[str] = []
    found: list[tuple[str, Report]] = []
    if pair is not None:
        found = [(f"{a}>{b}", pair[0]), (f"{b}>{a}", pair[1])]
        notes.append(f"Source: {pair[0].source}.")
    else:
        for exporter, importer in ((a, b), (b, a)):
            way = [r for r in _either(ask, exporter, importer) if r.years]
            if not way:
                notes.append(held(ask, "X", exporter, importer))
            elif found and way[0].currency != found[0][1].currency:
                notes.append(f"{exporter}>{importer} is held in {way[0].currency}: ask trade.exports for it.")
            else:
                found.append((f"{exporter}>{importer}", way[0]))
                notes.append(f"{exporter}>{importer}: {way[0].source}.")
    for group, report in found:
        for year, rows in report.years.items():
            value = report.sum(rows)
            if value is not None:
                points.append(Point(year, value, None, None, report.kind(rows), group, report.told(rows)))
                evidence.parts.append(report.part(rows, year, group))
    if pair is not None:
        for year in sorted(set(pair[0].years) & set(pair[1].years)):
            one, two = (r.sum(r.years[year]) for r in pair)
            if one is None or two is None:
                continue
            kinds = {r.kind(r.years[year]) for r in pair}
            told = max(r.told(r.years[year]) for r in pair)
            kind = "estimated" if "estimated" in kinds else "derived"
            points.append(Point(year, one + two, None, None, kind, "both ways", told))
            evidence.parts += [r.part(r.years[year], year, "both ways") for r in pair]
    unit = found[0][1].currency if found else ""
    return Answer(points, evidence.table(), note=" ".join(notes), unit=unit)
