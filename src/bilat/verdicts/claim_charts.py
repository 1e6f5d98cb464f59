# SPDX-License-Identifier: Apache-2.0
"""The charts of a claim: the series behind its tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bilat.catalog import short_producer
from bilat.document import Block, Series
from bilat.document import wording as words
from bilat.verdicts.decision import DecidedTest
from bilat.verdicts.judgement import Judgement
from bilat.verdicts.pairs import THESE
from bilat.verdicts.sentences import capital
from bilat.verdicts.subjects import names_for

#: Charts of one claim's document.
MOST_CHARTS = 3


def charts_of(judgement: Judgement) -> list[Block]:
    """The series behind the tests, each with the groups that its tests name first.

    The title is what a test found, as the evidence says it; the line below says what is drawn.
    """
    by: dict[tuple[str, str], list[DecidedTest]] = {}
    for d in (leg.decision for leg in judgement.legs if leg.decision):
        by.setdefault((d.measurement.name, str(sorted(d.measurement.params.items()))), []).append(d)
    made: list[Series] = []
    counted: list[str] = []
    for decided in list(by.values())[:MOST_CHARTS]:
        m = decided[0].measurement
        groups = tuple(
            dict.fromkeys(
                g for d in decided for g in (d.test.group, d.test.minus) if g not in ("", "*")
            )
        )
        points = tuple(dict.fromkeys(p for d in decided for p in d.measurement.points))
        shown = tuple(p for p in points if not groups or p.group in groups) or points
        makers = "; ".join(
            dict.fromkeys(
                short_producer(s["producer"]) for d in decided for s in d.measurement.sources
            )
        )
        of_one = len({d.measurement.subject for d in decided}) == 1
        drawn = m.title if of_one else f"{m.title}, by pair"
        found = _found(judgement, decided)
        made.append(Series(found, m.unit, shown, subtitle=drawn, focus=groups, source=makers))
        test = decided[0].test
        counted.append(capital(names_for(test, judgement.dyad or THESE).said(test.what)))
    return list(_with_own_titles(made, counted))


def _found(judgement: Judgement, decided: Sequence[DecidedTest]) -> str:
    """Return what the tests of a chart found, as the evidence says it; blank where it says nothing.

    What leads comes last: the answer above the chart has said it already. What was found when the
    paper was written is said only where nothing has been found since.
    """
    m = decided[0].measurement
    leads = judgement.current.leads
    for a in (judgement.current, judgement.when_written):
        found = [
            e
            for e in sorted(a.evidence, key=lambda e: e in leads)
            if e.kind == "indicator" and e.leads and (e.id, e.params) == (m.name, m.params)
        ]
        if found:
            return capital(found[0].says.rstrip("."))
    return ""


def _with_own_titles(charts: list[Series], counted: list[str]) -> Iterator[Block]:
    """Yield the charts with a line on what is drawn; those of one measure say what tests count.

    A unit is left out where the line has named the things that are counted.
    """
    names = Counter(chart.subtitle for chart in charts)
    for chart, what in zip(charts, counted, strict=True):
        drawn = what if what and names[chart.subtitle] > 1 else chart.subtitle
        unit = words.unit_name(chart.unit)
        counts = unit == "items" or unit.split()[0] in drawn.lower()
        subtitle = drawn if counts else f"{drawn}: {unit}"
        yield replace(chart, title=chart.title or drawn, subtitle=subtitle)
