# SPDX-License-Identifier: Apache-2.0
"""What decides, drawn: the means of the windows compared, the threshold, Sen's line, and where the record ends."""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bilat.document import wording as words
from bilat.measures import Measurement
from bilat.picture.charts import labels, marks
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


@dataclass(frozen=True)
class Field:
    """The field that a chart over time is drawn in: its size in points, and the range of its axis of values."""

    time: TimeAxis
    width: float
    height: float
    low: float
    high: float
    log: bool = False

    def across(self, year: float) -> float:
        """Points from the left of a moment."""
        begin, end = self.time.domain
        return (year - begin) / (end - begin) * self.width

    def down(self, value: float) -> float:
        """Points from the top of a value."""
        of = math.log if self.log else float
        low, high = of(self.low), of(self.high)
        return (1 - (of(value) - low) / ((high - low) or 1.0)) * self.height


def layers(
    time: TimeAxis,
    means_: Sequence[Level],
    thresholds_: Sequence[Level],
    slopes_: Sequence[tuple[Level, float]] = (),
) -> list[Spec]:
    """The layers of the lines; a short window's line is drawn a little longer than the window, to be seen."""
    made = [
        _layer(part, [{"a": moment(a), "b": moment(b), "v": rounded(line.value), "w": line.label}], time)
        for part, lines in (("mean", means_), ("threshold", thresholds_))
        for line in lines
        for a, b in [_drawn(time, line)]
    ]
    for line, last in slopes_:
        rows = [
            {"a": moment(line.begin), "v": rounded(line.value)},
            {"a": moment(line.end), "v": rounded(last)},
        ]
        made.append(_layer("slope", rows, time))
    return made


def _drawn(time: TimeAxis, line: Level) -> tuple[float, float]:
    """From where to where a line is drawn."""
    least = 0.06 * (time.domain[1] - time.domain[0])
    short = max(0.0, least - (line.end - line.begin)) / 2
    return max(time.domain[0], line.begin - short), min(time.domain[1], line.end + short)


def worded(
    plot: Field,
    means_: Sequence[Level],
    thresholds_: Sequence[Level],
    rows: Sequence[Mapping[str, Any]],
    *,
    hatched: bool,
) -> tuple[list[Spec], list[Level]]:
    """The layers of the lines' words, none on another and none cut off; the lines whose words found no place.

    Parameters
    ----------
    rows
        the figures that are drawn, which the words keep clear of where they can.
    hatched
        whether "no data held" stands in the upper right corner.
    """
    lines = [("mean", x) for x in means_] + [("threshold", x) for x in thresholds_]
    wanted = []
    for part, line in lines:
        begin, end = _drawn(plot.time, line)
        late = begin > plot.time.domain[0] + 0.6 * (plot.time.domain[1] - plot.time.domain[0])
        wanted.append(
            labels.Worded(
                plot.across(begin), plot.across(end), plot.down(line.value), line.label,
                below=line.label.endswith("below"),
                heavy=part == "mean",
                at_right=late == (part == "mean"),  # the two kinds keep to the two ends of a window
            )
        )  # fmt: skip
    corner = [labels.Box(plot.width - 52, 0, plot.width, 30)] if hatched else []
    first, last = (moment(x) for x in plot.time.domain)
    drawn = [
        ((r["x"] - first) / (last - first) * plot.width, plot.down(r["y"]))
        for r in rows
        if r.get("y") is not None and not (plot.log and r["y"] <= 0)
    ]
    found = labels.placed(wanted, plot.width, plot.height, taken=corner, marks=drawn)
    made = [_words(part, s) for (part, _), s in zip(lines, found, strict=True) if s is not None]
    return made, [line for (_, line), s in zip(lines, found, strict=True) if s is None]


def _words(part: str, s: labels.Standing) -> Spec:
    left, top = round(s.box.left, 1), round(s.box.top, 1)
    return marks.layer(f"{part}_label", lines=list(s.lines), left=left, top=top)


def _layer(part: str, rows: Sequence[Mapping[str, Any]], time: TimeAxis) -> Spec:
    y = {"field": "v", "type": "quantitative"}
    return marks.layer(part, rows=rows, x=time.encoding("a"), y=y)


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
    if label and told_ended(time, last):
        made.append(marks.layer("hatch_label", rows=rows, x=time.encoding("b")))
    return made


def told_ended(time: TimeAxis, last: float) -> bool:
    """Whether the hatched end of a chart has room for its words."""
    return time.domain[1] - last > 0.05 * (time.domain[1] - time.domain[0])


def titled(legs: Sequence[Leg], *, most: int = 2) -> str:
    """The title of a chart that tests rest on: what they found, in their own sentences."""
    said = list(dict.fromkeys(leg.sentence for leg in legs if leg.decision is not None and leg.sentence))
    return words.sentence(words.prose("; ".join(said[:most]))).rstrip(".") if said else ""


def rungs(
    legs: Sequence[Leg], groups: Sequence[str], reach: Sequence[float], width: float, *, log: bool
) -> tuple[list[Spec], list[Spec]]:
    """The thresholds as rules across a chart of rungs, and the layers of their words above it; ``reach`` is the range
    of the axis, ``width`` its points."""
    low, high = reach
    found: dict[float, str] = {}
    judged = _of(legs, groups)
    for d in judged:
        for value, word in edges(d):
            found.setdefault(value, _whose(d, judged) + word)
    inside = sorted((value, word) for value, word in found.items() if low <= value <= high)
    of = math.log if log else float
    wanted = []
    for value, word in inside:
        x = (of(value) - of(low)) / ((of(high) - of(low)) or 1.0) * width
        wanted.append(labels.Worded(x, x, 0.0, word, at_right=x > width / 2))
    found_places = labels.stacked(wanted, width)
    return [{"v": rounded(value)} for value, _ in inside], [_words("threshold", s) for s in found_places]
