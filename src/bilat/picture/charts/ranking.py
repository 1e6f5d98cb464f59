# SPDX-License-Identifier: Apache-2.0
"""Charts of a single period, or of periods that are no dates: a rung for each figure, with its interval."""

from __future__ import annotations

from typing import Any

from bilat.measures import Measurement, Point
from bilat.picture import words
from bilat.picture.charts import palette
from bilat.picture.charts.axes import domain, rounded, value_axis
from bilat.picture.charts.finding import Series
from bilat.picture.charts.marks import TOOLTIP
from bilat.picture.charts.skeletons import Spec, skeleton


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
    stem, scale, axis = _scale(m, rows)
    spec = skeleton(
        "rungs",
        width=width - (8 * min(cut, max(len(r["n"]) for r in rows)) + 56),
        left=4 + len(max((r["n"] for r in rows), key=len)),
        stem=stem,
        scale=scale,
        axis={**value_axis(m.unit, 4), **axis, "orient": "bottom"},
        tooltip=TOOLTIP,
    )
    return spec, rows


def _scale(m: Measurement, rows: list[dict[str, Any]]) -> tuple[float, Spec, Spec]:
    """Where the stems begin, the scale, and what the axis is told: ratios stand on a log axis about 1."""
    ends = [v for r in rows for v in (r["y"], r.get("lo"), r.get("hi")) if v is not None]
    if words.kind_of(m.unit) == "ratio" and min(ends) > 0:
        low, high = min(*ends, 0.9), max(*ends, 1.1)
        ticks = [k * 10.0**e for e in range(-4, 6) for k in (1, 2, 5) if low <= k * 10.0**e <= high]
        shown = ticks if len(ticks) <= 7 else [t for t in ticks if f"{t:g}".lstrip("0.").startswith("1")]
        return 1, {"type": "log", "domain": [low / 1.05, high * 1.05], "nice": False}, {"values": shown}
    low, high = domain(rows, bars=True)
    return 0, {"domain": [low, high], "nice": False}, {}
