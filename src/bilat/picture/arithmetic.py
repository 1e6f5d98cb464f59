# SPDX-License-Identifier: Apache-2.0
"""The arithmetic of a test as one line: operands, the figures of the windows, the figure, the threshold."""

from __future__ import annotations

from dataclasses import dataclass

from bilat.document import wording as words
from bilat.measures import Point
from bilat.verdicts.decision import Decision
from bilat.verdicts.judgement import Leg

#: Operands written out; of a longer window the first and the last.
MOST_OPERANDS = 6


@dataclass(frozen=True)
class Operand:
    """A point that a figure rests on, with the place of its rows on the page."""

    text: str
    period: str
    anchor: str  #: id of its first row on the page


@dataclass(frozen=True)
class Term:
    """One window: ``the mean of 331, 375 and 224 million (2022–2024) = 310 million``."""

    what: str  #: the statistic, blank for a single figure
    group: str
    operands: tuple[Operand, ...]
    left_out: int  #: operands not written out, from the middle
    figure: str
    span: str


@dataclass(frozen=True)
class Sum:
    """The arithmetic of one test."""

    terms: tuple[Term, ...]  #: the later window, or the group judged, first
    sign: str  #: between two terms: ÷ or −
    result: str  #: blank where the only term is the figure
    interval: str
    verdict: str
    figures: str  #: name of the measurement


def line(leg: Leg, name: str) -> Sum | None:
    """The arithmetic of a leg; None where it is not measured."""
    d = leg.decision
    if d is None or not d.sides:
        return None
    terms = tuple(_term(d, i, name) for i in reversed(range(len(d.sides))))
    single = d.test.form == "level"
    return Sum(
        terms=terms,
        sign="−" if d.test.compare == "difference" else "÷",
        result="" if single else d.written(d.value),
        interval=words.interval(leg.low, leg.high, d.test.unit_of(d.measurement.unit)),
        verdict=leg.verdict,
        figures=name,
    )


_STATISTICS = {
    "mean": "the mean of", "median": "the median of", "sum": "the sum of", "max": "the greatest of",
    "min": "the least of",
}  # fmt: skip


def _term(d: Decision, place: int, name: str) -> Term:
    side, measured = d.sides[place], d.measurement.unit
    # a window's figure is in the measure's unit; of a level it is the test's figure, and so are its operands
    unit = d.test.unit_of(measured) if d.test.form == "level" else measured
    points = list(side.points)
    shown = points if len(points) <= MOST_OPERANDS else [*points[:3], *points[-2:]]
    trend = d.test.form == "trend"
    what = (
        "Sen's slope through" if trend else _STATISTICS.get(d.test.statistic, "") if len(points) > 1 else ""
    )
    return Term(
        what=what,
        group=words.group(side.group) if side.group not in ("", "*") else "",
        operands=tuple(
            Operand(words.bare(p.value, unit), words.period(p.period), anchor(name, p)) for p in shown
        ),
        left_out=len(points) - len(shown),
        figure=words.bare(side.figure, "" if trend else unit),
        span=words.period(side.span),
    )


def anchor(name: str, p: Point) -> str:
    """The id of the first row behind a point."""
    return f"r-{words.slug(f'{name}-{p.period}-{p.group}')}".replace(".", "-")


def operands(legs: list[Leg]) -> list[Point]:
    """The points that decide, in the order of the tests, those of the later window first."""
    found: dict[tuple[str, str], Point] = {}
    for leg in legs:
        if leg.decision is not None:
            for side in reversed(leg.decision.sides):
                for p in reversed(side.points):
                    found.setdefault((p.period, p.group), p)
    return list(found.values())
