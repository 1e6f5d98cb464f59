# SPDX-License-Identifier: Apache-2.0
"""Charts of a single period, or of periods that are not dates: a rung for each figure, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bilat.document import palette
from bilat.document import wording as words
from bilat.measures import Measurement, Point
from bilat.picture.charts import decisive
from bilat.picture.charts.axes import domain, powers, rounded, value_axis
from bilat.picture.charts.finding import Series
from bilat.picture.charts.marks import TOOLTIP
from bilat.picture.charts.skeletons import Spec, skeleton
from bilat.verdicts.judgement import Leg


def ranking(
    m: Measurement, drawn: list[Series], width: int, notes: list[str], decided: Sequence[Leg] = ()
) -> tuple[Spec, list[dict[str, Any]]]:
    best = sorted(drawn, key=lambda s: -(s.points[-1].value or 0.0))
    pairs = [(s.label or words.period(s.points[-1].period), s.points[-1], s.group) for s in best]
    return _rungs(m, pairs, width, notes, decided)


def by_label(
    m: Measurement, drawn: list[Series], width: int, notes: list[str], decided: Sequence[Leg] = ()
) -> tuple[Spec, list[dict[str, Any]]]:
    several = len(drawn) > 1
    pairs = [
        (f"{s.label}, {words.period(p.period)}" if several else words.period(p.period), p, s.group)
        for s in drawn
        for p in (*s.points, *s.odd)
    ]
    pairs.sort(key=lambda at: words.at(at[1].period) or 0.0)
    return _rungs(m, pairs, width, notes, decided)


def _rungs(
    m: Measurement,
    pairs: list[tuple[str, Point, str]],
    width: int,
    notes: list[str],
    decided: Sequence[Leg],
) -> tuple[Spec, list[dict[str, Any]]]:
    most = 20
    if len(pairs) > most:
        notes.append(f"{len(pairs) - most} further figures below the chart")
    if m.interval.text and any(p.low is not None for _, p, _ in pairs[:most]):
        notes.append(f"Pale bar: {m.interval.text}")
    rows: list[dict[str, Any]] = []
    cut = 34 if width > 500 else 44
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
        row["d"] = f"{label}: {row['t']}" if row["p"] in label else f"{label}, {row['p']}: {row['t']}"
        rows.append(row)
    stem, scale, axis = _scale(m, rows, [at for leg in decided for at in _edges(leg)])
    wide = width > 500
    longest = max(len(r["n"]) for r in rows)
    across = width - (8 * min(cut, longest) + 56) if wide else width - 40
    shown = [g for _, _, g in pairs[:most]]
    gates, worded = decisive.rungs(decided, shown, scale["domain"], across, log=scale.get("type") == "log")
    spec = skeleton(
        "rungs" if wide else "rungs_narrow",
        width=across,
        left=4 + longest if wide else 4,
        top=4 - min((w["encoding"]["y"]["value"] for w in worded), default=0),
        gates=gates,
        stem=stem,
        scale=scale,
        axis={**value_axis(m.unit, 4), **axis, "orient": "bottom"},
        tooltip=TOOLTIP,
    )
    spec["layer"][1:1] = worded
    return spec, rows


def _edges(leg: Leg) -> list[float]:
    return [at for at, _ in decisive.edges(leg.decision)] if leg.decision and leg.decision.sides else []


def _scale(m: Measurement, rows: list[dict[str, Any]], edges: Sequence[float]) -> tuple[float, Spec, Spec]:
    """Where the stems begin, the scale, and what the axis is told: ratios stand on a log axis about 1."""
    ends = [v for r in rows for v in (r["y"], r.get("lo"), r.get("hi")) if v is not None]
    low, high = min(ends), max(ends)
    reach = high - min(low, 0.0)
    ends += [at for at in edges if low - reach <= at <= high + reach]  # one farther off would press them flat
    if words.kind_of(m.unit) == "ratio" and min(ends) > 0:
        low, high = min(*ends, 0.9), max(*ends, 1.1)
        return (
            1,
            {"type": "log", "domain": [low / 1.05, high * 1.05], "nice": False},
            {"values": powers(low, high)},
        )
    low, high = domain(rows, bars=True, also=ends)
    return 0, {"domain": [low, high], "nice": False}, {}
