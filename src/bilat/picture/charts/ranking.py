# SPDX-License-Identifier: Apache-2.0
"""Charts of a single period, or of periods that are no dates: a rung for each figure, with its interval."""

from __future__ import annotations

from typing import Any

from bilat.measures import Measurement, Point
from bilat.picture import words
from bilat.picture.charts import palette
from bilat.picture.charts.axes import domain, rounded, value_axis
from bilat.picture.charts.finding import Series
from bilat.picture.charts.marks import TOOLTIP, Spec


def ranking(
    m: Measurement, drawn: list[Series], width: int, notes: list[str]
) -> tuple[Spec, list[dict[str, Any]]]:
    best = sorted(drawn, key=lambda s: -(s.points[-1].value or 0.0))
    pairs = [(s.label or words.period(s.points[-1].period), s.points[-1], s.group) for s in best]
    return _rungs(m, pairs, width, notes)


def by_label(
    m: Measurement, drawn: list[Series], width: int, notes: list[str]
) -> tuple[Spec, list[dict[str, Any]]]:
    several = len(drawn) > 1
    pairs = [
        (f"{s.label}, {words.period(p.period)}" if several else words.period(p.period), p, s.group)
        for s in drawn
        for p in (*s.points, *s.odd)
    ]
    pairs.sort(key=lambda at: words.at(at[1].period) or 0.0)
    return _rungs(m, pairs, width, notes)


def _rungs(
    m: Measurement, pairs: list[tuple[str, Point, str]], width: int, notes: list[str]
) -> tuple[Spec, list[dict[str, Any]]]:
    most = 20
    if len(pairs) > most:
        notes.append(f"{len(pairs) - most} further figures below the chart")
    if m.interval and any(p.low is not None for _, p, _ in pairs[:most]):
        notes.append(f"Pale bar: {m.interval}")
    rows: list[dict[str, Any]] = []
    cut = 34 if width > 500 else 20
    for i, (label, p, group) in enumerate(pairs[:most]):
        name = palette.of_group(group)
        row: dict[str, Any] = {
            "n": label if len(label) <= cut else label[: cut - 1].rstrip() + "…",
            "i": i,
            "y": rounded(p.value),
            "v": words.bare(p.value, m.unit),
            "p": words.period(p.period),
            "t": words.figure(p.value, m.unit),
            "c": palette.light(name or "one"),
            "k": "hollow" if p.kind in ("estimated", "modelled") else "full",
        }
        if p.low is not None or p.high is not None:
            row |= {
                "lo": rounded(p.low if p.low is not None else p.value),
                "hi": rounded(p.high if p.high is not None else p.value),
            }
            row["t"] += f" ({words.interval(p.low, p.high, m.unit)})"
        rows.append(row)
    low, high = domain(rows, bars=True)
    measured = {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": [low, high], "nice": False},
        "axis": {**value_axis(m.unit, 4), "orient": "bottom"},
    }
    paint = {"field": "c", "type": "nominal", "scale": None}
    spec: Spec = {
        "width": width - (8 * min(cut, max(len(r["n"]) for r in rows)) + 84),
        "padding": {
            "left": 4 + len(max((r["n"] for r in rows), key=len)),
            "right": 30,
            "top": 4,
            "bottom": 4,
        },
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
