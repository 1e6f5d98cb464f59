# SPDX-License-Identifier: Apache-2.0
"""One chart grammar: a measurement becomes a Vega-Lite specification.

The title is the finding, the subtitle the measure and its unit, the foot the source and the as-of date.
Intervals are bands, estimates hollow marks, conflicting sources separate marks, lines are labelled at their
end, and a vertical rule stands at the earlier date. Time is drawn in fractional years, a year's figure at its
middle, so that what lies left of the rule is what could have been known then.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bilat.document import palette
from bilat.document import wording as words
from bilat.measures import Measurement, Point, measure_named
from bilat.picture.charts import decisive, marks, ranking
from bilat.picture.charts.axes import TimeAxis, domain, moment, powers, rounded, time_axis, value_axis
from bilat.picture.charts.finding import Series, alt, finding, series
from bilat.picture.charts.skeletons import Spec, skeleton
from bilat.verdicts.judgement import Leg

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
WIDE, NARROW = 920, 344
#: More groups than this in one panel are no longer told apart; they get panels of their own.
MOST_LINES = 5
MOST_PANELS = 9
MOST_POINTS = 240


@dataclass(frozen=True)
class Chart:
    """A specification with the words around it. ``rows`` is the data the specification draws."""

    spec: Spec
    rows: list[dict[str, Any]]
    title: str
    subtitle: str
    foot: str
    alt: str
    notes: tuple[str, ...] = field(default=())

    def whole(self) -> Spec:
        """The specification with its data: complete in itself."""
        return {**self.spec, "data": {"values": self.rows}}

    def titled(self) -> Spec:
        """As :meth:`whole`, with title, subtitle and foot inside: for notebooks and downloads."""
        lines = textwrap.wrap(self.foot, 110)
        return {
            **self.whole(),
            "title": {
                "text": textwrap.wrap(self.title, 80),
                "subtitle": [*textwrap.wrap(self.subtitle, 105), *lines],
            },
        }


def config() -> Spec:
    """Type, lines and ground shared by every chart."""
    return skeleton("config", font=FONT)


def chart(
    m: Measurement,
    *,
    rule: dt.date | None = None,
    then: Measurement | None = None,
    width: int = WIDE,
    focus: Sequence[str] = (),
    windows: Sequence[tuple[float, float]] = (),
    decided: Sequence[Leg] = (),
) -> Chart | None:
    """The chart of a measurement, None where it has no figure.

    Parameters
    ----------
    rule
        the earlier date, drawn as a vertical rule.
    then
        the same measure as of that date: figures since revised are drawn beside today's.
    focus
        groups that come first; where there are more groups than lines can show, only these are drawn.
    windows
        spans of time that a rule compares, shaded.
    decided
        the tests that rest on this measurement: their means and thresholds are drawn, their sentences the title.
    """
    drawn = series(m, focus)
    if not drawn:
        return None
    notes: list[str] = []
    chosen = [s for s in drawn if s.group in focus]
    if chosen and (len(drawn) > MOST_LINES or "; " in m.unit):  # two units never share an axis
        if left := len(drawn) - len(chosen):
            notes.append(f"{left} further group{'s' if left > 1 else ''} in the figures below")
        drawn = chosen
    if len({p.period for s in drawn for p in (*s.points, *s.odd)}) == 1:
        spec, rows = ranking.ranking(m, drawn, width, notes, decided)
    elif (
        _single(chosen or drawn)
        or _moments(drawn)
        or any(words.at(p.period) is None for s in drawn for p in s.points)
    ):
        spec, rows = ranking.by_label(m, drawn, width, notes, decided)
    else:
        asked = _Asked(m, width, rule, then, windows, [s.group for s in chosen], decided)
        spec, rows = _over_time(asked, drawn, notes)
    spec = {"$schema": SCHEMA, "config": config(), "background": None, **spec}
    title = decisive.titled(decided) or finding(m, [s for s in drawn if s.group in focus] or drawn)
    return Chart(
        spec=spec,
        rows=rows,
        title=title,
        subtitle=subtitle(m),
        foot=foot(m),
        alt=alt(m, drawn, title),
        notes=tuple(notes),
    )


def subtitle(m: Measurement) -> str:
    """Measure and unit, and what was asked beyond the defaults."""
    spec = measure_named(m.name)
    asked = [
        f"{k.replace('_', ' ')} {words.period(words.group(str(v)))}"
        for k, v in m.params.items()
        if spec is not None and v != spec.params.get(k) and v not in ("", 0)
    ]
    parts = [m.title + (f" ({', '.join(asked)})" if asked else ""), words.unit_name(m.unit)]
    return "; ".join(p for p in parts if p)


def foot(m: Measurement) -> str:
    """Source and as-of."""
    named = words.joined(list(dict.fromkeys(s["producer"] for s in m.sources))) or "none held"
    return f"Source: {named}. As of {words.day(m.as_of.date)}."


def _moments(drawn: Sequence[Series]) -> bool:
    """A few figures of single days: three needles on an axis of years say less than three labelled dots."""
    points = [p for s in drawn for p in s.points]
    return len(drawn) == 1 and len(points) <= 4 and all(len(p.period) == 10 for p in points)


def _single(drawn: Sequence[Series]) -> bool:
    """Most groups are one figure each: several sources of one thing, which no line joins."""
    return len(drawn) > 2 and sum(len(s.points) + len(s.odd) == 1 for s in drawn) > 0.6 * len(drawn)


# -- over time -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Asked:
    """What a chart over time is asked to show."""

    m: Measurement
    width: int
    rule: dt.date | None
    then: Measurement | None
    windows: Sequence[tuple[float, float]]
    focus: Sequence[str]
    decided: Sequence[Leg]

    @property
    def wide(self) -> bool:
        return self.width > 500


def _over_time(asked: _Asked, drawn: list[Series], notes: list[str]) -> tuple[Spec, list[dict[str, Any]]]:
    m = asked.m
    multiples = len(drawn) > MOST_LINES or _crowded(drawn) or ("; " in m.unit and len(drawn) > 1)
    shown = drawn[: MOST_PANELS if multiples else MOST_LINES]
    left = len(drawn) - len(shown)
    if left:
        notes.append(f"{left} further group{'s' if left > 1 else ''} in the figures below")
    notes += _told(asked, shown)
    rows = _rows(m, shown, notes)
    if asked.then is not None:
        revised = _revised(m, shown, asked.then)
        if revised and asked.rule:
            notes.append(f"Diamonds: as known on {words.day(asked.rule)}, since revised")
        rows += revised
    spans = [s for x in shown for p in (*x.points, *x.odd) if (s := words.extent(p.period)) is not None]
    last = max(b for _, b in spans)
    until = decisive.ended(m, last)
    time = time_axis(spans, asked.rule, _panel_width(asked.width) if multiples else asked.width, until)
    if until is not None and time.domain[1] - last > decisive.SHORT * (time.domain[1] - time.domain[0]):
        notes.append(f"Hatched: from the last figure to {words.day(until)}")
    if multiples:
        return _panels(asked, shown, rows, time, last), rows
    return _panel(asked, shown, rows, time, last, notes), rows


def _told(asked: _Asked, shown: Sequence[Series]) -> list[str]:
    """What the marks of a chart over time mean."""
    m = asked.m
    notes = []
    if m.interval.text and any(p.low is not None for s in shown for p in s.points):
        notes.append(f"Band: {m.interval.text}")
    if any(p.kind in ("estimated", "modelled") for s in shown for p in s.points):
        notes.append("Hollow marks: estimated or modelled")
    if any(s.partial for s in shown):
        notes.append("Hollow last mark: period not ended")
    if any(s.odd for s in shown):
        notes.append("Flat bars: figures for longer or shorter periods than the others, not joined")
    if any(s.zero_since for s in shown):
        notes.append("Years of zero before the first figure drawn are left out")
    if asked.windows:
        several = len(asked.windows) > 1
        notes.append("Shaded: the years that the rule compares" if several else "Shaded: the years judged")
    return notes


def _inside(asked: _Asked, time: TimeAxis) -> list[tuple[float, float]]:
    """The windows, cut to the axis."""
    low, high = time.domain
    return [(max(a, low), min(b, high)) for a, b in asked.windows if b > low and a < high]


def _crowded(drawn: Sequence[Series]) -> bool:
    """Three groups or more whose bands would hide one another."""
    banded = [[(p.low, p.high) for p in s.points if p.low is not None and p.high is not None] for s in drawn]
    banded = [b for b in banded if len(b) > 2]
    if len(banded) < 3:
        return False
    values = [v for b in banded for pair in b for v in pair if v is not None]
    reach = (max(values) - min(values)) or 1.0
    widths = [sum((hi or 0) - (lo or 0) for lo, hi in b) / len(b) for b in banded]
    return len(banded) > 3 or sum(widths) > 0.35 * reach


def _panel(
    asked: _Asked,
    shown: list[Series],
    rows: list[dict[str, Any]],
    time: TimeAxis,
    last: float,
    notes: list[str],
) -> Spec:
    m, wide = asked.m, asked.wide
    height = 320 if wide else 230
    bars = _are_bars(shown, m)
    groups = [s.group for s in shown]
    values = [r["y"] for r in rows]
    means = decisive.fitting(decisive.means(asked.decided, m.unit, groups), values)
    wanted = decisive.thresholds(asked.decided, groups)
    gates = decisive.fitting(wanted, values)
    notes += [
        f"Threshold off the chart: {x.label} {words.bare(x.value, m.unit)}" for x in wanted if x not in gates
    ]
    if means and decisive.swallowed(rows):
        for row in rows:
            row.pop("lo", None)
            row.pop("hi", None)
        notes[:] = [n for n in notes if not n.startswith("Band: ")]
        notes.append("Intervals of single periods, wider than the course itself, stand in the figures below")
    if means:
        notes.append("Black lines: what the rule compares")
    if gates:
        notes.append("Dashes: where the verdict turns")
    slopes = decisive.slopes(asked.decided, groups)
    if slopes:
        notes.append("Dashes: Sen's line, whose slope is tested")
    low, high = domain(rows, bars=bars, also=[x.value for x in (*means, *gates)])
    scale = _value_scale(m, rows, low, high)
    labels = ["\n".join(textwrap.wrap(s.label, 22)) for s in shown] if len(shown) > 1 else []
    gutter = max((7.4 * max(map(len, t.split("\n"))) + 14 for t in labels), default=16) if wide else 10
    across = asked.width - gutter - 52
    floor, roof = scale["domain"]
    plot = decisive.Field(time, across, height, floor, roof, log=scale.get("type") == "log")
    words_of_lines, unsaid = decisive.worded(
        plot, means, gates, rows, hatched=decisive.told_ended(time, last)
    )
    notes += [f"No room in the chart for: {x.label}, at {words.bare(x.value, m.unit)}" for x in unsaid]
    layers = marks.bars(shown[0], time) if bars else marks.lines(shown, rows, asked.focus)
    layers = [
        *marks.shades(time, _inside(asked, time)),
        *decisive.hatch(time, last),
        *marks.rule_layers(time),
        *layers,
        *decisive.layers(time, means, gates, slopes),
        *words_of_lines,
        *(marks.end_labels(shown, labels, low, high, height) if wide else marks.keys(shown, labels)),
    ]
    return {
        "width": across,
        "height": height,
        "padding": {"left": 4, "right": gutter, "top": 6, "bottom": 4},
        "autosize": {"type": "pad"},
        "layer": _placed(layers, time, scale, _axis(m, scale, 5)),
    }


def _value_scale(m: Measurement, rows: Sequence[dict[str, Any]], low: float, high: float) -> Spec:
    """The scale of values: ratios that are never nought stand on a log axis."""
    least = min(r[k] for r in rows for k in ("y", "lo") if r.get(k) is not None)
    if words.kind_of(m.unit) == "ratio" and least > 0:
        return {"type": "log", "domain": [min(least / 1.05, 0.9), max(high, 1.1)], "nice": False}
    return {"domain": [low, high], "nice": False, "zero": False}


def _axis(m: Measurement, scale: Spec, count: int) -> Spec:
    """The axis of values, with its ticks where the scale is a log one."""
    axis = value_axis(m.unit, count)
    return axis | {"values": powers(*scale["domain"])} if scale.get("type") == "log" else axis


def _placed(layers: list[Spec], time: TimeAxis, scale: Spec, axis: Spec) -> list[Spec]:
    """Give the layers that draw figures their x and y; those with data of their own keep theirs."""
    shared = {
        "x": time.encoding("x"),
        "y": {
            "field": "y",
            "type": "quantitative",
            "scale": scale,
            "axis": axis,
        },
    }
    made = []
    for layer in layers:
        if "data" not in layer:
            own = layer["encoding"]
            layer = {**layer, "encoding": {**own, **{k: {**shared[k], **own.get(k, {})} for k in shared}}}
        made.append(layer)
    return made


def _panel_width(width: int) -> int:
    if width <= 500:
        return width - 60
    return int((width - 46 - 52 * 2) / 3) - 4


def _panels(
    asked: _Asked, shown: list[Series], rows: list[dict[str, Any]], time: TimeAxis, last: float
) -> Spec:
    m, wide = asked.m, asked.wide
    panels = []
    for s in shown:
        mine = [r for r in rows if r["g"] == s.group]
        values = [r["y"] for r in mine]
        means = decisive.fitting(decisive.means(asked.decided, m.unit, [s.group]), values)
        gates = decisive.fitting(decisive.thresholds(asked.decided, [s.group]), values)
        low, high = domain(mine, bars=False, also=[x.value for x in (*means, *gates)])
        scale = _value_scale(m, mine, low, high)
        colour = palette.of_group(s.group) or "one"
        panels.append(
            {
                "title": {
                    "text": _two_lines(s.label, 28 if wide else 40),
                    "fontSize": 12,
                    "offset": 10,
                    "frame": "group",
                },
                "width": _panel_width(asked.width),
                "height": 120 if wide else 92,
                "transform": [{"filter": {"field": "g", "equal": s.group}}],
                "layer": _placed(
                    [
                        *marks.shades(time, _inside(asked, time)),
                        *decisive.hatch(time, last, label=False),
                        *marks.rule_layers(time, label=False),
                        *marks.marks(colour, [1, 0], mine, dots=26),
                        *decisive.layers(time, means, gates, decisive.slopes(asked.decided, [s.group])),
                    ],
                    time,
                    scale,
                    _axis(m, scale, 3),
                ),
            }
        )
    return {
        "concat": panels,
        "columns": 3 if wide else 1,
        "bounds": "flush",
        "spacing": {"row": 76 if wide else 60, "column": 52},
    }


def _two_lines(label: str, wide: int) -> list[str]:
    lines = textwrap.wrap(label, wide)
    return lines if len(lines) <= 2 else [lines[0], f"{lines[1][: wide - 1].rstrip()}…"]


def _rows(m: Measurement, shown: list[Series], notes: list[str]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for s in shown:
        points = s.points
        if len(points) > MOST_POINTS:
            step = math.ceil(len(points) / MOST_POINTS)
            note = f"Drawn: one figure in {step}"
            if note not in notes:
                notes.append(note)
            points = (*points[:-1:step], points[-1])
        rows += _segments(m, s, points)
        rows += [_row(m, s, p, "odd") for p in s.odd]
    return rows


def _segments(m: Measurement, s: Series, points: Sequence[Point]) -> list[dict[str, Any]]:
    """Rows of one group; ``s`` counts the pieces between gaps, which are left open."""
    places = [words.at(p.period) or 0.0 for p in points]
    steps = sorted(round(b - a, 4) for a, b in itertools.pairwise(places) if b > a)
    usual = steps[len(steps) // 2] if steps else 1.0
    regular = bool(steps) and sum(x <= 1.5 * usual for x in steps) > 0.7 * len(steps)
    rows: list[dict[str, Any]] = []
    piece = 0
    for i, (p, x) in enumerate(zip(points, places, strict=True)):
        if i and regular and x - places[i - 1] > 1.6 * usual:
            piece += 1
        hollow = p.kind in ("estimated", "modelled") or (s.partial and p is s.points[-1])
        row = _row(m, s, p, "hollow" if hollow else "full") | {"s": f"{s.group}{piece}"}
        if len(points) >= 90:
            del row["x1"], row["x2"]
        rows.append(row)
    return rows


def _row(m: Measurement, s: Series, p: Point, kind: str) -> dict[str, Any]:
    span = words.extent(p.period) or (0.0, 0.0)
    row: dict[str, Any] = {
        "g": s.group,
        "x": moment((span[0] + span[1]) / 2),
        "x1": moment(span[0]),
        "x2": moment(span[1]),
        "y": rounded(p.value),
        "p": words.period(p.period),
        "t": words.figure(p.value, m.unit),
        "k": kind,
    }
    if p.low is not None or p.high is not None:
        row |= {"lo": rounded(p.low if p.low is not None else p.value)}
        row |= {"hi": rounded(p.high if p.high is not None else p.value)}
        row["t"] += f" ({words.interval(p.low, p.high, m.unit)})"
    return row | {"d": said(s.label, row)}


def said(label: str, row: dict[str, Any]) -> str:
    """What a mark says: ``Russia to China, 2018: 1,656 million TIV``."""
    return f"{f'{label}, ' if label else ''}{row['p']}: {row['t']}"


def _revised(m: Measurement, shown: list[Series], then: Measurement) -> list[dict[str, Any]]:
    now = {(s.group, p.period): p.value or 0.0 for s in shown for p in s.points}
    reach = max(now.values(), default=0.0) - min(now.values(), default=0.0)
    rows = []
    for p in then.points:
        today = now.get((p.group, p.period))
        x = words.at(p.period)
        if today is None or p.value is None or x is None or abs(p.value - today) <= 0.01 * (reach or 1.0):
            continue
        told = f"{words.figure(p.value, m.unit)} as known on {words.day(then.as_of.date)}"
        rows.append(
            {
                "g": p.group,
                "x": moment(x),
                "y": rounded(p.value),
                "k": "then",
                "p": words.period(p.period),
                "t": told,
                "d": f"{words.period(p.period)}: {told}",
            }
        )
    return rows


def _are_bars(shown: list[Series], m: Measurement) -> bool:
    """Counts of single things over few periods are bars; everything else is a line."""
    if len(shown) != 1 or len(shown[0].points) > 60:
        return False
    points = shown[0].points
    whole = all(p.value == int(p.value or 0) and (p.value or 0) >= 0 for p in points)
    plain = not any(p.low is not None or p.high is not None for p in points)
    return whole and plain and words.kind_of(m.unit) != "percent" and max(p.value or 0 for p in points) < 200
