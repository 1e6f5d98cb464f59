# SPDX-License-Identifier: Apache-2.0
"""The layers of a chart over time: bars, lines with their bands, the rule at the earlier date, the labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bilat.picture.charts import palette
from bilat.picture.charts.axes import TimeAxis
from bilat.picture.charts.finding import Series

Spec = dict[str, Any]
#: The first two are told apart by colour and label, further ones by dash too.
FREE_DASHES = ([1, 0], [1, 0], *palette.DASHES[1:4])


def bars(s: Series, time: TimeAxis) -> list[Spec]:
    colour = palette.light(palette.of_group(s.group) or "one")
    return [
        {
            "transform": [
                {"filter": CURRENT},
                {"calculate": f"datum.x1 + {time.inset}", "as": "x1"},
                {"calculate": f"datum.x2 - {time.inset}", "as": "x2"},
            ],
            "mark": {"type": "bar", "color": colour, "stroke": colour, "strokeWidth": 1},
            "encoding": {
                "x": {"field": "x1"},
                "x2": {"field": "x2"},
                "y2": {"datum": 0},
                "fillOpacity": {"condition": {"test": "datum.k === 'hollow'", "value": 0.15}, "value": 1},
                "tooltip": TOOLTIP,
            },
        },
        *_odd_marks(colour),
        *_revised_marks(),
    ]


TOOLTIP = [
    {"field": "p", "type": "nominal", "title": "when"},
    {"field": "t", "type": "nominal", "title": "figure"},
]


#: Rows of the course itself: neither as known earlier nor for a period of another length.
CURRENT = "datum.k !== 'then' && datum.k !== 'odd'"


def lines(shown: list[Series], rows: list[dict[str, Any]], focus: Sequence[str] = ()) -> list[Spec]:
    """Lines with their bands and points; where some are in focus the others are thin, without either."""
    layers: list[Spec] = []
    styles = {s.group: style for s, style in zip(shown, _styles(shown), strict=True)}
    for s in reversed(shown):  # the first one is drawn last, above the others
        colour, dash = styles[s.group]
        mine = [r for r in rows if r["g"] == s.group]
        if focus and s.group not in focus and len(s.points) > 1:
            layers.append(_context(palette.light(colour), dash, s.group))
        else:
            layers += marks(colour, dash, mine, chosen=s.group)
    return layers


def _styles(shown: Sequence[Series]) -> list[tuple[str, list[int]]]:
    """Colour and dash of each: a country's own colour, dashed from its second line on."""
    free, taken, made = 0, {}, []  # type: ignore[var-annotated]
    for s in shown:
        name = palette.of_group(s.group)
        if name is None:
            made.append((palette.SEQUENCE[free % 5], FREE_DASHES[free % 5]))
            free += 1
        else:
            made.append((name, palette.DASHES[taken.get(name, 0) % 5]))
            taken[name] = taken.get(name, 0) + 1
    return made


def _context(light: str, dash: list[int], group: str) -> Spec:
    return {
        "transform": [{"filter": {"field": "g", "equal": group}}, {"filter": CURRENT}],
        "mark": {"type": "line", "color": light, "strokeWidth": 1, "opacity": 0.75, "strokeDash": dash},
        "encoding": {"detail": {"field": "s", "type": "nominal"}, "order": {"field": "x"}},
    }


def marks(
    colour: str,
    dash: list[int],
    mine: list[dict[str, Any]],
    chosen: str | None = None,
    dots: int = 60,
) -> list[Spec]:
    light = palette.light(colour)
    only: list[Spec] = [] if chosen is None else [{"filter": {"field": "g", "equal": chosen}}]
    now = [*only, {"filter": CURRENT}]
    layers: list[Spec] = []
    banded = [r for r in mine if r.get("lo") is not None and r["k"] not in ("then", "odd")]
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
    count = sum(r["k"] not in ("then", "odd") for r in mine)
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
    if any(r["k"] == "odd" for r in mine):
        layers += _odd_marks(light, only)
    if any(r["k"] == "then" for r in mine):
        layers += _revised_marks(only)
    return layers


def _odd_marks(light: str, only: Sequence[Spec] = ()) -> list[Spec]:
    """Figures for longer or shorter periods: a flat bar from first day to last."""
    return [
        {
            "transform": [*only, {"filter": "datum.k === 'odd'"}],
            "mark": {"type": "rule", "color": light, "strokeWidth": 3, "opacity": 0.75},
            "encoding": {
                "x": {"field": "x1"},
                "x2": {"field": "x2"},
                "tooltip": TOOLTIP,
            },
        }
    ]


def _revised_marks(only: Sequence[Spec] = ()) -> list[Spec]:
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


def shades(time: TimeAxis, windows: Sequence[tuple[float, float]]) -> list[Spec]:
    """The spans of time that a rule compares, shaded."""
    if not windows:
        return []
    gap = 0.003 * (time.domain[1] - time.domain[0])
    return [
        {
            "data": {"values": [{"a": round(a + gap, 4), "b": round(b - gap, 4)} for a, b in windows]},
            "mark": {"type": "rect", "color": palette.light("hair"), "opacity": 0.42},
            "encoding": {
                "x": time.encoding("a"),
                "x2": {"field": "b"},
                "y": {"value": 0},
                "y2": {"value": "height"},
            },
        }
    ]


def rule_layers(time: TimeAxis, *, label: bool = True) -> list[Spec]:
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


def end_labels(shown: list[Series], labels: list[str], low: float, high: float, height: int) -> list[Spec]:
    if not labels:
        return []
    colours = {s.group: colour for s, (colour, _) in zip(shown, _styles(shown), strict=True)}
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
                "color": palette.light(colours[s.group]),
            },
            "encoding": {"x": {"value": "width"}, "y": {"value": round(top, 1)}},
        }
        for top, text, s in placed
    ]
