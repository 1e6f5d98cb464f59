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

from bilat.measures import Measurement, Point, measures
from bilat.picture import words
from bilat.picture.charts import marks, palette, ranking
from bilat.picture.charts.axes import TimeAxis, domain, rounded, time_axis, value_axis
from bilat.picture.charts.finding import Series, alt, finding, series
from bilat.picture.charts.skeletons import Spec, skeleton

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
    """
    drawn = series(m, focus)
    if not drawn:
        return None
    notes: list[str] = []
    chosen = [s for s in drawn if s.group in focus]
    if chosen and len(drawn) > MOST_LINES:
        if left := len(drawn) - len(chosen):
            notes.append(f"{left} further group{'s' if left > 1 else ''} in the figures below")
        drawn = chosen
    if len({p.period for s in drawn for p in (*s.points, *s.odd)}) == 1:
        spec, rows = ranking.ranking(m, drawn, width, notes)
    elif _single(chosen or drawn) or any(words.at(p.period) is None for s in drawn for p in s.points):
        spec, rows = ranking.by_label(m, drawn, width, notes)
    else:
        spec, rows = _over_time(m, drawn, width, rule, then, windows, [s.group for s in chosen], notes)
    spec = {"$schema": SCHEMA, "config": config(), "background": None, **spec}
    return Chart(
        spec=spec,
        rows=rows,
        title=finding(m, [s for s in drawn if s.group in focus] or drawn),
        subtitle=subtitle(m),
        foot=foot(m),
        alt=alt(m, drawn),
        notes=tuple(notes),
    )


def subtitle(m: Measurement) -> str:
    """Measure and unit, and what was asked beyond the defaults."""
    spec = measures().get(m.name)
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


def _single(drawn: Sequence[Series]) -> bool:
    """Most groups are one figure each: several sources of one thing, which no line joins."""
    return len(drawn) > 2 and sum(len(s.points) + len(s.odd) == 1 for s in drawn) > 0.6 * len(drawn)


# -- over time -----------------------------------------------------------------------------------


def _over_time(
    m: Measurement,
    drawn: list[Series],
    width: int,
    rule: dt.date | None,
    then: Measurement | None,
    windows: Sequence[tuple[float, float]],
    focus: Sequence[str],
    notes: list[str],
) -> tuple[Spec, list[dict[str, Any]]]:
    multiples = len(drawn) > MOST_LINES or _crowded(drawn)
    shown = drawn[: MOST_PANELS if multiples else MOST_LINES]
    left = len(drawn) - len(shown)
    if left:
        notes.append(f"{left} further group{'s' if left > 1 else ''} in the figures below")
    if m.interval and any(p.low is not None for s in shown for p in s.points):
        notes.append(f"Band: {m.interval}")
    if any(p.kind in ("estimated", "modelled") for s in shown for p in s.points):
        notes.append("Hollow marks: estimated or modelled")
    if any(s.partial for s in shown):
        notes.append("Hollow last mark: period not ended")
    if any(s.odd for s in shown):
        notes.append("Flat bars: figures for longer or shorter periods than the others, not joined")
    if any(s.zero_since for s in shown):
        notes.append("Years of zero before the first figure drawn are left out")
    if windows:
        notes.append(
            "Shaded: the years that the rule compares" if len(windows) > 1 else "Shaded: the years judged"
        )
    rows = _rows(m, shown, notes)
    if then is not None:
        revised = _revised(m, shown, then)
        if revised and rule:
            notes.append(f"Diamonds: as known on {words.day(rule)}, since revised")
        rows += revised
    spans = [words.extent(p.period) for s in shown for p in (*s.points, *s.odd)]
    time = time_axis([s for s in spans if s], rule, width if not multiples else _panel_width(width))
    inside = [
        (max(a, time.domain[0]), min(b, time.domain[1]))
        for a, b in windows
        if b > time.domain[0] and a < time.domain[1]
    ]
    if multiples:
        return _panels(m, shown, rows, time, inside, width), rows
    return _panel(m, shown, rows, time, inside, focus, width), rows


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
    m: Measurement,
    shown: list[Series],
    rows: list[dict[str, Any]],
    time: TimeAxis,
    windows: Sequence[tuple[float, float]],
    focus: Sequence[str],
    width: int,
) -> Spec:
    height = 320 if width > 500 else 230
    low, high = domain(rows, bars=_are_bars(shown, m))
    wrap = 22 if width > 500 else 14
    labels = ["\n".join(textwrap.wrap(s.label, wrap)) for s in shown] if len(shown) > 1 else []
    gutter = max((7.4 * max(map(len, t.split("\n"))) + 14 for t in labels), default=16)
    layers = marks.bars(shown[0], time) if _are_bars(shown, m) else marks.lines(shown, rows, focus)
    layers = [
        *marks.shades(time, windows),
        *marks.rule_layers(time),
        *layers,
        *marks.end_labels(shown, labels, low, high, height),
    ]
    return {
        "width": width - gutter - 56,
        "height": height,
        "padding": {"left": 4, "right": gutter, "top": 6, "bottom": 4},
        "autosize": {"type": "pad"},
        "layer": _placed(layers, time, low, high, value_axis(m.unit, 5)),
    }


def _placed(layers: list[Spec], time: TimeAxis, low: float, high: float, axis: Spec) -> list[Spec]:
    """Give the layers that draw figures their x and y; those with data of their own keep theirs."""
    shared = {
        "x": time.encoding("x"),
        "y": {
            "field": "y",
            "type": "quantitative",
            "scale": {"domain": [low, high], "nice": False, "zero": False},
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
    columns = 3 if width > 500 else 2
    return int((width - 46 - 52 * (columns - 1)) / columns) - 4


def _panels(
    m: Measurement,
    shown: list[Series],
    rows: list[dict[str, Any]],
    time: TimeAxis,
    windows: Sequence[tuple[float, float]],
    width: int,
) -> Spec:
    panels = []
    for s in shown:
        mine = [r for r in rows if r["g"] == s.group]
        low, high = domain(mine, bars=False)
        colour = palette.of_group(s.group) or "one"
        panels.append(
            {
                "title": {
                    "text": _two_lines(s.label, 28 if width > 500 else 19),
                    "fontSize": 12,
                    "offset": 10,
                    "frame": "group",
                },
                "width": _panel_width(width),
                "height": 120,
                "transform": [{"filter": {"field": "g", "equal": s.group}}],
                "layer": _placed(
                    [
                        *marks.shades(time, windows),
                        *marks.rule_layers(time, label=False),
                        *marks.marks(colour, [1, 0], mine, dots=26),
                    ],
                    time,
                    low,
                    high,
                    value_axis(m.unit, 3),
                ),
            }
        )
    return {
        "concat": panels,
        "columns": 3 if width > 500 else 2,
        "bounds": "flush",
        "spacing": {"row": 76, "column": 52},
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
        "x": round((span[0] + span[1]) / 2, 4),
        "x1": round(span[0], 4),
        "x2": round(span[1], 4),
        "y": rounded(p.value),
        "p": words.period(p.period),
        "t": words.figure(p.value, m.unit),
        "k": kind,
    }
    if p.low is not None or p.high is not None:
        row |= {"lo": rounded(p.low if p.low is not None else p.value)}
        row |= {"hi": rounded(p.high if p.high is not None else p.value)}
        row["t"] += f" ({words.interval(p.low, p.high, m.unit)})"
    return row


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
                "x": round(x, 4),
                "y": rounded(p.value),
                "k": "then",
                "p": words.period(p.period),
                "t": told,
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
