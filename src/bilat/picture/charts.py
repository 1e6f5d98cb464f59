# SPDX-License-Identifier: Apache-2.0
"""One chart grammar: a measurement becomes a Vega-Lite specification.

The title is the finding, the subtitle the measure and its unit, the foot the source and the as-of date.
Intervals are bands, estimates hollow marks, conflicting sources separate marks, lines are labelled at their
end, and a vertical rule stands at the earlier date. Time is drawn in fractional years, a year's figure at its
middle, so that what lies left of the rule is what could have been known then.
"""

from __future__ import annotations

import datetime as dt
import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bilat.measures import Measurement, Point
from bilat.picture import palette, words
from bilat.picture.axes import TimeAxis, nice, time_axis, value_axis
from bilat.picture.finding import Series, alt, finding, series

Spec = dict[str, Any]
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
        spec, rows = _ranking(m, drawn, width, notes)
    elif any(words.at(p.period) is None for s in drawn for p in s.points):
        spec, rows = _by_label(m, drawn, width, notes)
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
    low, high = _domain(rows, bars=_are_bars(shown, m))
    wrap = 22 if width > 500 else 14
    labels = ["\n".join(textwrap.wrap(s.label, wrap)) for s in shown] if len(shown) > 1 else []
    gutter = max((6.4 * max(map(len, t.split("\n"))) + 14 for t in labels), default=16)
    layers = _bars(shown[0], time) if _are_bars(shown, m) else _lines(shown, rows)
    layers = [*_rule_layers(time), *layers, *_end_labels(shown, labels, low, high, height)]
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
        low, high = _domain(mine, bars=False)
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
                    [*_rule_layers(time, label=False), *_marks(colour, [1, 0], mine, dots=26)],
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
    steps = sorted(round(b - a, 4) for a, b in zip(places, places[1:], strict=False) if b > a)
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
            "y": _short(p.value),
            "s": f"{s.group}{piece}",
            "p": words.period(p.period),
            "t": words.figure(p.value, m.unit),
            "k": "hollow" if hollow else "full",
        }
        if len(points) < 90:
            row |= {"x1": round(span[0], 4), "x2": round(span[1], 4)}
        if p.low is not None or p.high is not None:
            row |= {"lo": _short(p.low if p.low is not None else p.value)}
            row |= {"hi": _short(p.high if p.high is not None else p.value)}
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
                "y": _short(p.value),
                "k": "then",
                "p": words.period(p.period),
                "t": told,
            }
        )
    return rows


def _domain(rows: list[dict[str, Any]], *, bars: bool) -> tuple[float, float]:
    values = [r[k] for r in rows for k in ("y", "lo", "hi") if r.get(k) is not None]
    low, high = min(values), max(values)
    if bars or (low >= 0 and low < 0.6 * high):
        low = 0.0
    return nice(low, high)


def _are_bars(shown: list[Series], m: Measurement) -> bool:
    """Counts of single things over few periods are bars; everything else is a line."""
    if len(shown) != 1 or len(shown[0].points) > 60:
        return False
    points = shown[0].points
    whole = all(p.value == int(p.value or 0) and (p.value or 0) >= 0 for p in points)
    plain = not any(p.low is not None or p.high is not None for p in points)
    return whole and plain and not words.is_percent(m.unit) and max(p.value or 0 for p in points) < 200


def _bars(s: Series, time: TimeAxis) -> list[Spec]:
    colour = palette.light(palette.of_group(s.group) or "one")
    return [
        {
            "transform": [
                {"filter": "datum.k !== 'then'"},
                {"calculate": f"datum.x1 + {time.inset}", "as": "x1"},
                {"calculate": f"datum.x2 - {time.inset}", "as": "x2"},
            ],
            "mark": {"type": "bar", "color": colour, "stroke": colour, "strokeWidth": 1},
            "encoding": {
                "x": time.encoding("x1"),
                "x2": {"field": "x2"},
                "y2": {"datum": 0},
                "fillOpacity": {"condition": {"test": "datum.k === 'hollow'", "value": 0.15}, "value": 1},
                "tooltip": TOOLTIP,
            },
        },
        *_then_marks(),
    ]


TOOLTIP = [
    {"field": "p", "type": "nominal", "title": "when"},
    {"field": "t", "type": "nominal", "title": "figure"},
]


def _lines(shown: list[Series], rows: list[dict[str, Any]]) -> list[Spec]:
    layers: list[Spec] = []
    free = iter(zip(palette.SEQUENCE, DASHES_FREE, strict=True))
    taken: dict[str, int] = {}
    for s in reversed(shown):
        name = palette.of_group(s.group)
        if name is None or taken.get(name):
            colour, dash = next(free) if name is None else (name, palette.DASHES[taken[name] % 5])
        else:
            colour, dash = name, [1, 0]
        if name:
            taken[name] = taken.get(name, 0) + 1
        mine = [r for r in rows if r["g"] == s.group]
        layers += _marks(colour, dash, mine, chosen=s.group)
    return layers


DASHES_FREE = palette.DASHES


def _marks(
    colour: str,
    dash: list[int],
    mine: list[dict[str, Any]],
    chosen: str | None = None,
    dots: int = 60,
) -> list[Spec]:
    light = palette.light(colour)
    only: list[Spec] = [] if chosen is None else [{"filter": {"field": "g", "equal": chosen}}]
    now = [*only, {"filter": "datum.k !== 'then'"}]
    layers: list[Spec] = []
    banded = [r for r in mine if r.get("lo") is not None]
    if banded:
        ranged = {"y": {"field": "lo", "type": "quantitative"}, "y2": {"field": "hi"}}
        held = [*now, {"filter": "isValid(datum.lo)"}]
        if len(banded) > 2 and len(banded) > 0.6 * len(mine):
            layers.append(
                {
                    "transform": held,
                    "mark": {"type": "area", "color": light, "opacity": 0.18},
                    "encoding": {**ranged, "detail": {"field": "s", "type": "nominal"}},
                }
            )
        else:
            layers.append(
                {
                    "transform": held,
                    "mark": {"type": "rule", "color": light, "strokeWidth": 5, "opacity": 0.35},
                    "encoding": ranged,
                }
            )
    if len(mine) > 1:
        layers.append(
            {
                "transform": now,
                "mark": {"type": "line", "color": light, "strokeWidth": 2, "strokeDash": dash},
                "encoding": {"detail": {"field": "s", "type": "nominal"}, "order": {"field": "x"}},
            }
        )
    count = sum(r["k"] != "then" for r in mine)
    layers.append(
        {
            "transform": now if count <= dots else [*now, {"filter": "datum.k === 'hollow'"}],
            "mark": {"type": "point", "stroke": light, "size": 34 if count <= dots else 14, "filled": False},
            "encoding": {
                "fill": {
                    "condition": {"test": "datum.k === 'hollow'", "value": palette.light("paper")},
                    "value": light,
                },
                "fillOpacity": {"value": 1},
                "tooltip": TOOLTIP,
            },
        }
    )
    if count > dots:
        layers.append(
            {
                "transform": now,
                "mark": {"type": "point", "size": 60, "opacity": 0},
                "encoding": {"tooltip": TOOLTIP},
            }
        )
    if any(r["k"] == "then" for r in mine):
        layers += _then_marks(only)
    return layers


def _then_marks(only: Sequence[Spec] = ()) -> list[Spec]:
    return [
        {
            "transform": [*only, {"filter": "datum.k === 'then'"}],
            "mark": {
                "type": "point",
                "shape": "diamond",
                "size": 60,
                "filled": False,
                "stroke": palette.light("ink"),
                "strokeWidth": 1.3,
            },
            "encoding": {"tooltip": TOOLTIP},
        }
    ]


def _rule_layers(time: TimeAxis, *, label: bool = True) -> list[Spec]:
    if time.rule is None:
        return []
    where = {k: v for k, v in time.encoding("").items() if k != "field"} | {"datum": time.rule[0]}
    grey = palette.light("rule")
    layers: list[Spec] = [
        {
            "data": {"values": [{}]},
            "mark": {"type": "rule", "color": grey, "strokeDash": [3, 3], "strokeWidth": 1.2},
            "encoding": {
                "x": where,
                "y": {"value": 0},
                "y2": {"value": "height"},
            },
        }
    ]
    if label:
        right = time.rule[0] > time.domain[0] + 0.75 * (time.domain[1] - time.domain[0])
        layers.append(
            {
                "data": {"values": [{}]},
                "mark": {
                    "type": "text",
                    "align": "right" if right else "left",
                    "dx": 3 if right else -3,
                    "dy": -9,
                    "fontSize": 11,
                    "color": palette.light("quiet"),
                    "text": time.rule[1],
                },
                "encoding": {"x": where, "y": {"value": 0}},
            }
        )
    return layers


def _end_labels(shown: list[Series], labels: list[str], low: float, high: float, height: int) -> list[Spec]:
    if not labels:
        return []
    wanted = []
    for s, text in zip(shown, labels, strict=True):
        value = s.points[-1].value or 0.0
        wanted.append((height * (1 - (value - low) / ((high - low) or 1)), text, s))
    wanted.sort(key=lambda w: w[0])
    placed: list[tuple[float, str, Series]] = []
    floor = -6.0
    for y, text, s in wanted:
        tall = 14.0 * (text.count("\n") + 1)
        top = max(y - tall / 2, floor)
        placed.append((top, text, s))
        floor = top + tall + 2
    over = floor - (height + 12)
    if over > 0:  # the last ones would fall off: push the pile up as far as it must go
        bound = float(height + 12)
        for i in range(len(placed) - 1, -1, -1):
            top, text, s = placed[i]
            tall = 14.0 * (text.count("\n") + 1)
            top = min(top, bound - tall)
            placed[i] = (top, text, s)
            bound = top - 2
    return [
        {
            "data": {"values": [{}]},
            "mark": {
                "type": "text",
                "align": "left",
                "baseline": "top",
                "dx": 8,
                "text": text.split("\n"),
                "lineHeight": 14,
                "fontWeight": 600,
                "color": palette.light(palette.of_group(s.group) or _free_colour(shown, s)),
            },
            "encoding": {"x": {"value": "width"}, "y": {"value": round(top, 1)}},
        }
        for top, text, s in placed
    ]


def _free_colour(shown: list[Series], s: Series) -> str:
    free = [x for x in reversed(shown) if palette.of_group(x.group) is None]
    return palette.SEQUENCE[free.index(s) % len(palette.SEQUENCE)]


# -- one period, or periods that are no dates ------------------------------------------------------


def _ranking(
    m: Measurement, drawn: list[Series], width: int, notes: list[str]
) -> tuple[Spec, list[dict[str, Any]]]:
    best = sorted(drawn, key=lambda s: -(s.points[-1].value or 0.0))
    pairs = [(s.label or words.period(s.points[-1].period), s.points[-1], s.group) for s in best]
    return _rungs(m, pairs, width, notes)


def _by_label(
    m: Measurement, drawn: list[Series], width: int, notes: list[str]
) -> tuple[Spec, list[dict[str, Any]]]:
    several = len(drawn) > 1
    pairs = [
        (f"{s.label}, {words.period(p.period)}" if several else words.period(p.period), p, s.group)
        for s in drawn
        for p in s.points
    ]
    return _rungs(m, pairs, width, notes)


def _rungs(
    m: Measurement, pairs: list[tuple[str, Point, str]], width: int, notes: list[str]
) -> tuple[Spec, list[dict[str, Any]]]:
    most = 20
    if len(pairs) > most:
        notes.append(f"{len(pairs) - most} further figures below the chart")
    if m.interval and any(p.low is not None for _, p, _ in pairs[:most]):
        notes.append(f"Pale bar: {m.interval}")
    rows = []
    cut = 34 if width > 500 else 20
    for i, (label, p, group) in enumerate(pairs[:most]):
        name = palette.of_group(group)
        row = {
            "n": label if len(label) <= cut else label[: cut - 1].rstrip() + "…",
            "i": i,
            "y": _short(p.value),
            "v": words.bare(p.value, m.unit),
            "p": words.period(p.period),
            "t": words.figure(p.value, m.unit),
            "c": palette.light(name or "one"),
            "k": "hollow" if p.kind in ("estimated", "modelled") else "full",
        }
        if p.low is not None or p.high is not None:
            row |= {
                "lo": _short(p.low if p.low is not None else p.value),
                "hi": _short(p.high if p.high is not None else p.value),
            }
            row["t"] += f" ({words.interval(p.low, p.high, m.unit)})"
        rows.append(row)
    low, high = _domain(rows, bars=True)
    measured = {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": [min(low, 0), high], "nice": False},
        "axis": {**value_axis(m.unit, 4), "orient": "bottom"},
    }
    paint = {"field": "c", "type": "nominal", "scale": None}
    spec: Spec = {
        "width": width - (7 * min(cut, max(len(r["n"]) for r in rows)) + 80),
        "height": {"step": 26},
        "encoding": {
            "y": {
                "field": "n",
                "type": "nominal",
                "sort": {"field": "i"},
                "axis": {
                    "title": None,
                    "labelLimit": 320,
                    "ticks": False,
                    "domain": False,
                    "grid": False,
                    "labelColor": palette.light("ink"),
                    "labelPadding": 8,
                },
            },
            "x": measured,
        },
        "layer": [
            {
                "transform": [{"filter": "isValid(datum.lo)"}],
                "mark": {"type": "rule", "strokeWidth": 9, "opacity": 0.28},
                "encoding": {"x": {**measured, "field": "lo"}, "x2": {"field": "hi"}, "color": paint},
            },
            {
                "mark": {"type": "rule", "strokeWidth": 2},
                "encoding": {"x": {"datum": 0}, "x2": {"field": "y"}, "color": paint},
            },
            {
                "mark": {"type": "point", "size": 70, "filled": True, "opacity": 1},
                "encoding": {"color": paint, "tooltip": TOOLTIP},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 9, "fontWeight": 600},
                "encoding": {
                    "text": {"field": "v"},
                    "x": {**measured, "field": "edge"},
                },
                "transform": [
                    {"calculate": "max(datum.y, isValid(datum.hi) ? datum.hi : datum.y)", "as": "edge"}
                ],
            },
        ],
    }
    return spec, rows


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.5g}")
