# SPDX-License-Identifier: Apache-2.0
"""What decides, drawn: the means of the windows compared, the threshold, Sen's line, and where the record ends."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bilat.measures import Measurement
from bilat.picture import words
from bilat.picture.charts import marks
from bilat.picture.charts.axes import TimeAxis, moment, rounded
from bilat.picture.charts.skeletons import Spec
from bilat.verdicts.decision import Decision
from bilat.verdicts.judgement import Leg
from bilat.verdicts.outcome import Side

#: A threshold that would stretch the axis beyond this many times the range of the figures is told, not drawn.
STRETCH = 1.0
#: The record is called ended where it stops this share of the axis short of the as-of date.
SHORT = 0.015


@dataclass(frozen=True)
class Level:
    """A level line over a stretch of time: a mean of a window, or a threshold."""

    begin: float
    end: float
    value: float
    label: str


def means(legs: Sequence[Leg], unit: str, groups: Sequence[str]) -> list[Level]:
    """The statistic of each window of several periods, over the window."""
    found: dict[tuple[str, float], Level] = {}
    for d in _of(legs, groups):
        if d.test.form == "trend" or d.test.statistic not in ("mean", "median"):
            continue
        for side in d.sides:
            stretch = _stretch(side)
            if stretch and len(side.points) > 1:
                label = f"{d.test.statistic} {words.bare(side.figure, unit)}"
                found.setdefault((side.span, side.figure), Level(*stretch, side.figure, label))
    return list(found.values())


def thresholds(legs: Sequence[Leg], groups: Sequence[str]) -> list[Level]:
    """The threshold of supported, and the one at which the verdict would turn, over the window compared."""
    found: dict[float, Level] = {}
    judged = _of(legs, groups)
    for d in judged:
        stretch = _stretch(d.sides[-1])
        if stretch is not None:
            for value, word in edges(d):
                found.setdefault(value, Level(*stretch, value, _whose(d, judged) + word))
    return list(found.values())


def _whose(d: Decision, judged: Sequence[Decision]) -> str:
    """Whose threshold it is, where those of several groups stand in one chart: ``stored: ``."""
    several = len({x.sides[-1].group for x in judged}) > 1
    return f"{words.group(d.sides[-1].group)}: " if several else ""


def edges(d: Decision) -> list[tuple[float, str]]:
    """Where supported begins and where the present verdict ends, on the axis of the measure, with their words."""
    drawn = d.drawn_thresholds
    if not drawn:
        return []
    here = d.sides[-1].figure
    nearest = min(drawn, key=lambda t: abs(t[0] - here))
    up = d.test.direction == "up"
    band = d.test.upper is not None
    made = []
    for value, word in dict.fromkeys([*(t for t in drawn if t[1] == "supported"), nearest]):
        toward = up if word != "contradicted" else not up
        whole = d.test.decide == "interval" and word != "partly supported"
        where = f"{'whole interval ' if whole else ''}{'above' if toward else 'below'}"
        made.append((value, word if band else f"{word}{', ' if whole else ' '}{where}"))
    return made


def slopes(legs: Sequence[Leg], groups: Sequence[str]) -> list[tuple[Level, float]]:
    """Sen's line of each trend: its first place and value, its last place, and the value there."""
    made = []
    for d in _of(legs, groups):
        if d.test.form != "trend" or len(d.sides[0].points) < 2:
            continue
        side = d.sides[0]
        places = [words.at(p.period) for p in side.points]
        if any(x is None for x in places):
            continue
        at = statistics.median((p.value or 0.0) - side.figure * i for i, p in enumerate(side.points))
        last = at + side.figure * (len(side.points) - 1)
        label = f"{words.bare(side.figure)} a period"
        made.append((Level(places[0] or 0.0, places[-1] or 0.0, at, label), last))
    return made


def _of(legs: Sequence[Leg], groups: Sequence[str]) -> list[Decision]:
    """The decisions of legs whose group is drawn."""
    shown = set(groups)
    return [
        leg.decision
        for leg in legs
        if leg.decision is not None
        and leg.decision.sides
        and {s.group for s in leg.decision.sides} & (shown | {"*" if len(shown) == 1 else ""})
    ]


def _stretch(side: Side) -> tuple[float, float] | None:
    spans = [words.extent(p.period) for p in side.points]
    known = [s for s in spans if s is not None]
    return (min(a for a, _ in known), max(b for _, b in known)) if known else None


def fitting(lines: Sequence[Level], values: Sequence[float]) -> list[Level]:
    """The lines that can be drawn without pressing the figures flat."""
    low, high = min(*values, 0.0), max(values)
    reach = (high - low) or 1.0
    return [line for line in lines if low - STRETCH * reach <= line.value <= high + STRETCH * reach]


def swallowed(rows: Sequence[dict[str, Any]]) -> bool:
    """Whether bands of single periods are as wide as the whole course, and would hide the means compared."""
    widths = [r["hi"] - r["lo"] for r in rows if r.get("lo") is not None]
    values = [r["y"] for r in rows]
    return len(widths) > 2 and statistics.median(widths) >= max(values) - min(values)


def layers(
    time: TimeAxis,
    means_: Sequence[Level],
    thresholds_: Sequence[Level],
    slopes_: Sequence[tuple[Level, float]] = (),
    *,
    reach: tuple[float, float],
    label: bool = True,
) -> list[Spec]:
    """The layers of the lines; a short window's line is drawn a little longer than the window, to be seen.

    ``reach`` is the range of the axis of values.
    """
    low, high = reach
    least = 0.06 * (time.domain[1] - time.domain[0])
    made = []
    beside = 0.2 * (time.domain[1] - time.domain[0])  # as wide as a label
    said: list[tuple[float, float]] = []  # where a label stands
    for part, lines in (("mean", means_), ("threshold", thresholds_)):
        for line in lines:
            short = max(0.0, least - (line.end - line.begin)) / 2
            begin, end = max(time.domain[0], line.begin - short), min(time.domain[1], line.end + short)
            rows = [{"a": moment(begin), "b": moment(end), "v": rounded(line.value), "w": line.label}]
            made.append(_layer(part, rows, time))
            if label:
                late = begin > time.domain[0] + 0.6 * (time.domain[1] - time.domain[0])
                right = late == (part == "mean")  # the two kinds of label keep to the two ends of a window
                place = end if right else begin
                if any(
                    abs(y - line.value) < 0.06 * abs(high - low) and abs(x - place) < beside for x, y in said
                ):
                    continue  # two labels would lie on one another: the note below says what the dashes are
                said.append((place, line.value))
                made.append(
                    _layer(
                        f"{part}_label", rows, time, at="b" if right else "a",
                        align="right" if right else "left", dy=10 if line.label.endswith("below") else -6,
                    )
                )  # fmt: skip
    for line, last in slopes_:
        rows = [
            {"a": moment(line.begin), "v": rounded(line.value)},
            {"a": moment(line.end), "v": rounded(last)},
        ]
        made.append(_layer("slope", rows, time))
    return made


def _layer(part: str, rows: Sequence[Mapping[str, Any]], time: TimeAxis, **given: str | int) -> Spec:
    at = str(given.pop("at", "a"))
    y = {"field": "v", "type": "quantitative"}
    return marks.layer(part, rows=rows, x=time.encoding(at), y=y, **given)


def ended(m: Measurement, last: float) -> dt.date | None:
    """The as-of date, where the figures end before it; None where they reach it."""
    return m.as_of.date if words.fraction(m.as_of.date) > last else None


def hatch(time: TimeAxis, last: float, *, label: bool = True) -> list[Spec]:
    """From the last figure to the end of the axis: what is not known yet."""
    width = time.domain[1] - time.domain[0]
    if time.domain[1] - last < SHORT * width:
        return []
    rows = [{"a": moment(last), "b": moment(time.domain[1])}]
    made = [marks.layer("hatch", rows=rows, x=time.encoding("a"))]
    if label and time.domain[1] - last > 0.05 * width:
        made.append(marks.layer("hatch_label", rows=rows, x=time.encoding("b")))
    return made


def titled(legs: Sequence[Leg], *, most: int = 2) -> str:
    """The title of a chart that tests rest on: what they found, in their own sentences."""
    said = list(dict.fromkeys(leg.sentence for leg in legs if leg.decision is not None and leg.sentence))
    return words.sentence(words.prose("; ".join(said[:most]))).rstrip(".") if said else ""


def rungs(legs: Sequence[Leg], groups: Sequence[str], low: float, high: float) -> list[Spec]:
    """The thresholds as rules across a chart of rungs, with their words."""
    found: dict[float, str] = {}
    judged = _of(legs, groups)
    for d in judged:
        for value, word in edges(d):
            found.setdefault(value, _whose(d, judged) + word)
    middle = (low + high) / 2
    return [
        {"v": rounded(value), "w": word, "align": "right" if value > middle else "left"}
        for value, word in found.items()
        if low <= value <= high
    ]
