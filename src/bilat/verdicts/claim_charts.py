# SPDX-License-Identifier: Apache-2.0
"""The charts of a claim: the series behind its tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bilat.catalog import short_producer
from bilat.document import Block, Point, Series
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
    made: list[Series] = []
    counted: list[str] = []
    for decided in _by_measurement(judgement)[:MOST_CHARTS]:
        made.append(_chart(judgement, decided))
        test = decided[0].test
        names = names_for(test, judgement.dyad or THESE)
        counted.append(capital(names.said(test.what)))
    return list(_with_own_titles(made, counted))


def _by_measurement(judgement: Judgement) -> list[list[DecidedTest]]:
    """The decided tests, those of one measure with one set of parameters together."""
    groups: dict[tuple[str, str], list[DecidedTest]] = {}
    for leg in judgement.legs:
        if not leg.decision:
            continue
        m = leg.decision.measurement
        params = str(sorted(m.params.items()))
        groups.setdefault((m.name, params), []).append(leg.decision)
    return [*groups.values()]


def _chart(judgement: Judgement, decided: Sequence[DecidedTest]) -> Series:
    """The series that some tests of one measure count, with what they found as its title."""
    groups: dict[str, None] = {}
    points: dict[Point, None] = {}
    producers: dict[str, None] = {}
    subjects = set()
    for test, m in ((d.test, d.measurement) for d in decided):
        groups.update(dict.fromkeys((test.group, test.minus)))
        points.update(dict.fromkeys(m.points))
        producers.update(dict.fromkeys(short_producer(s["producer"]) for s in m.sources))
        subjects.add(m.subject)
    named = tuple(group for group in groups if group not in ("", "*"))
    of_named = tuple(point for point in points if not named or point.group in named)
    first = decided[0].measurement
    return Series(
        _found(judgement, decided),
        first.unit,
        of_named or tuple(points),
        subtitle=first.title if len(subjects) == 1 else f"{first.title}, by pair",
        focus=named,
        source="; ".join(producers),
    )


def _found(judgement: Judgement, decided: Sequence[DecidedTest]) -> str:
    """Return what the tests of a chart found, as the evidence says it; blank where it says nothing.

    What leads comes last: the answer above the chart has said it already. What was found when the
    paper was written is said only where nothing has been found since.
    """
    m = decided[0].measurement
    leads = judgement.current.leads
    for assessment in (judgement.current, judgement.when_written):
        evidence = sorted(assessment.evidence, key=lambda e: e in leads)
        for e in evidence:
            is_of_chart = (e.id, e.params) == (m.name, m.params)
            if e.kind == "indicator" and e.leads and is_of_chart:
                return capital(e.says.rstrip("."))
    return ""


def _with_own_titles(charts: list[Series], counted: list[str]) -> Iterator[Block]:
    """Yield the charts with a line on what is drawn; those of one measure say what tests count.

    A unit is left out where the line has named the things that are counted.
    """
    names = Counter(chart.subtitle for chart in charts)
    for chart, what in zip(charts, counted, strict=True):
        drawn = chart.subtitle
        if what and names[drawn] > 1:
            drawn = what
        title = chart.title or drawn
        unit = words.unit_name(chart.unit)
        names_unit = unit == "items" or unit.split()[0] in drawn.lower()
        if not names_unit:
            drawn = f"{drawn}: {unit}"
        yield replace(chart, title=title, subtitle=drawn)
