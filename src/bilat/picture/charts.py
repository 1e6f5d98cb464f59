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

from bilat.measures import Measurement, Point
from bilat.picture import marks, palette, ranking, words
from bilat.picture.axes import TimeAxis, domain, rounded, time_axis, value_axis
from bilat.picture.finding import Series, alt, finding, series
from bilat.picture.marks import Spec

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
WIDE, NARROW = 920, 344
#: More groups than this in one panel are no longer told apart; they get panels of their own.
MOST_LINES = 5
MOST_PANELS = 9
MOST_POINTS = 400


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
    quiet, ink, hair = palette.light("quiet"), palette.light("ink"), palette.light("hair")
    return {
        "aria": False,
        "font": FONT,
        "view": {"stroke": None},
        "axis": {
            "labelColor": quiet,
            "titleColor": quiet,
            "gridColor": hair,
            "domainColor": quiet,
            "tickColor": quiet,
            "labelFontSize": 12,
            "labelFont": FONT,
        },
        "text": {"font": FONT, "fontSize": 12, "color": ink, "lineBreak": "\n"},
        "title": {
            "anchor": "start",
            "color": ink,
            "subtitleColor": quiet,
            "font": FONT,
            "subtitleFont": FONT,
            "fontSize": 14,
            "subtitleFontSize": 12,
            "fontWeight": 600,
        },
    }


def chart(
    m: Measurement,
    *,
    rule: dt.date | None = None,
    then: Measurement | None = None,
    width: int = WIDE,
    focus: Sequence[str] | None = None,
) -> Chart | None:
    """The chart of a measurement, None where it has no figure.

    Parameters
    ----------
    rule
        the earlier date, drawn as a vertical rule.
    then
        the same measure as of that date: figures since revised are drawn beside today's.
    focus
        groups to draw; None: all of them, as far as one picture bears.
    """
    drawn = [s for s in series(m) if focus is None or s.group in focus]
    if not drawn:
        return None
    notes: list[str] = []
    if len({p.period for s in drawn for p in s.points}) == 1:
        spec, rows = ranking.ranking(m, drawn, width, notes)
    elif any(words.at(p.period) is None for s in drawn for p in s.points):
        spec, rows = ranking.by_label(m, drawn, width, notes)
    else:
        spec, rows = _over_time(m, drawn, width, rule, then, notes)
    spec = {"$schema": SCHEMA, "config": config(), "background": None, **spec}
    return Chart(
        spec=spec,
        rows=rows,
        title=finding(m, drawn),
        subtitle=subtitle(m),
        foot=foot(m),
        alt=alt(m, drawn),
        notes=tuple(notes),
    )


def subtitle(m: Measurement) -> str:
    """Measure and unit."""
    return f"{m.title}; {words.unit_name(m.unit)}" if m.unit else m.title


def foot(m: Measurement) -> str:
    """Source and as-of."""
    named = words.joined(list(dict.fromkeys(s["producer"] for s in m.sources))) or "none held"
    return f"Source: {named}. As of {words.day(m.as_of.date)}."


# -- over time -----------------------------------------------------------------------------------


def _over_time(
    m: Measurement,
    drawn: list[Series],
    width: int,
    rule: dt.date | None,
    then: Measurement | None,
    notes: list[str],
) -> tuple[Spec, list[dict[str, Any]]]:
    countries = sum(palette.of_group(s.group) is not None for s in drawn)
    multiples = len(drawn) > MOST_LINES and countries < len(drawn) - 1
    shown = drawn[: MOST_PANELS if multiples else MOST_LINES]
    left = len(drawn) - len(shown)
    if left:
        notes.append(f"{left} further group{'s' if left > 1 else ''} in the figures below the chart")
    if m.interval and any(p.low is not None for s in shown for p in s.points):
        notes.append(f"Band: {m.interval}")
    if any(p.kind in ("estimated", "modelled") for s in shown for p in s.points):
        notes.append("Hollow marks: estimated or modelled")
    if any(s.partial for s in shown):
        notes.append("Hollow last mark: period not ended")
    rows = _rows(m, shown, notes)
    if then is not None:
        revised = _revised(m, shown, then)
        if revised and rule:
            notes.append(f"Diamonds: as known on {words.day(rule)}, since revised")
        rows += revised
    spans = [words.extent(p.period) for s in shown for p in s.points]
    time = time_axis([s for s in spans if s], rule, width if not multiples else _panel_width(width))
    if multiples:
        return _panels(m, shown, rows, time, width), rows
    return _panel(m, shown, rows, time, width), rows


def _panel(
    m: Measurement, shown: list[Series], rows: list[dict[str, Any]], time: TimeAxis, width: int
) -> Spec:
    height = 320 if width > 500 else 230
    low, high = domain(rows, bars=_are_bars(shown, m))
    wrap = 22 if width > 500 else 14
    labels = ["\n".join(textwrap.wrap(s.label, wrap)) for s in shown] if len(shown) > 1 else []
    gutter = max((6.4 * max(map(len, t.split("\n"))) + 14 for t in labels), default=16)
    layers = marks.bars(shown[0], time) if _are_bars(shown, m) else marks.lines(shown, rows)
    layers = [*marks.rule_layers(time), *layers, *marks.end_labels(shown, labels, low, high, height)]
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
            y = {**shared["y"], **own["y"]} if "y" in own else shared["y"]
            layer = {**layer, "encoding": {**shared, **own, "y": y}}
        made.append(layer)
    return made


def _panel_width(width: int) -> int:
    columns = 3 if width > 500 else 2
    return int((width - 46 - 52 * (columns - 1)) / columns) - 4


def _panels(
    m: Measurement, shown: list[Series], rows: list[dict[str, Any]], time: TimeAxis, width: int
) -> Spec:
    panels = []
    for s in shown:
        mine = [r for r in rows if r["g"] == s.group]
        low, high = domain(mine, bars=False)
        colour = palette.of_group(s.group) or "one"
        panels.append(
            {
                "title": {
                    "text": textwrap.wrap(s.label, 26 if width > 500 else 20),
                    "fontSize": 12,
                    "offset": 10,
                    "frame": "group",
                },
                "width": _panel_width(width),
                "height": 120,
                "transform": [{"filter": {"field": "g", "equal": s.group}}],
                "layer": _placed(
                    [*marks.rule_layers(time, label=False), *marks.marks(colour, [1, 0], mine, dots=26)],
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
        "spacing": {"row": 62, "column": 52},
    }


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
        span = words.extent(p.period) or (x, x)
        hollow = p.kind in ("estimated", "modelled") or (s.partial and p is s.points[-1])
        row: dict[str, Any] = {
            "g": s.group,
            "x": round(x, 4),
            "y": rounded(p.value),
            "s": f"{s.group}{piece}",
            "p": words.period(p.period),
            "t": words.figure(p.value, m.unit),
            "k": "hollow" if hollow else "full",
        }
        if len(points) < 90:
            row |= {"x1": round(span[0], 4), "x2": round(span[1], 4)}
        if p.low is not None or p.high is not None:
            row |= {"lo": rounded(p.low if p.low is not None else p.value)}
            row |= {"hi": rounded(p.high if p.high is not None else p.value)}
            row["t"] += f" ({words.interval(p.low, p.high, m.unit)})"
        rows.append(row)
    return rows


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
    return whole and plain and not words.is_percent(m.unit) and max(p.value or 0 for p in points) < 200
