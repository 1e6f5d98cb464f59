# SPDX-License-Identifier: Apache-2.0
"""The three legs of a case over time: direct, into the hub, out of the hub, each with what was expected.

Drawn as SVG by hand, as the flow of the whole is. The legs stand one above the other on one time axis, each
with a scale of its own; the dashed line is the expected value of the window, spread evenly over its periods.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from markupsafe import Markup

from bilat.picture import words
from bilat.picture.cases import case_words
from bilat.picture.charts import axes, palette
from bilat.picture.charts.charts import NARROW, WIDE, Chart
from bilat.picture.charts.figures import Figure
from bilat.places import country_name


@dataclass(frozen=True)
class Leg:
    """One panel: values by period and the totals over the window."""

    name: str
    colour: str  #: variable of the palette
    values: Sequence[float] | None  #: None: not held
    totals: Mapping[str, float | None] | None


def legs_of(row: Mapping[str, Any], series: Mapping[str, Any], summary: Mapping[str, Any]) -> list[Leg]:
    """Direct, into the hub, out of the hub."""
    origin = case_words.origin_name(summary["origin"])
    origin = origin[:1].upper() + origin[1:]
    hub, target = row["hub_name"], country_name(summary["target"])
    own = palette.of_group(row["hub"]) or "one"
    there = palette.of_group(summary["target"]) or "two"
    return [
        Leg(f"{origin} to {target}, direct", there, series["direct"], row["legs"]["direct"]),
        Leg(f"{origin} to {hub}", own, series["in"], row["legs"]["in"]),
        Leg(f"{hub} to {target}", own, series["out"], row["legs"]["out"]),
    ]


def legs_chart(row: Mapping[str, Any], series: Mapping[str, Any], summary: Mapping[str, Any]) -> Figure:
    """The chart of a case."""
    unit, legs = str(summary["currency"]), legs_of(row, series, summary)
    into = row["legs"]["in"]
    title = f"{legs[1].name}: {_against(into, unit)}"
    each = "month" if len(series["periods"][0]) == 7 else "year"
    ranges = [
        f"{leg.name}: "
        + (
            f"{words.figure(min(leg.values), unit)} to {words.figure(max(leg.values), unit)} a {each}"
            if leg.values
            else "not held"
        )
        for leg in legs
    ]
    alt = (
        f"Chart of three legs by {each}, {words.period(series['periods'][0])} to "
        f"{words.period(series['periods'][-1])}. {words.sentence(title)} Range: {'; '.join(ranges)}."
    )
    notes = [
        f"Shaded: {case_words.window(summary)}",
        f"Dashed: expected, spread evenly over the {each}s",
        "Each leg has a scale of its own",
    ]
    if row["break"]:
        notes.append(f"Triangle: the level changed in {words.period(row['break'])}")
    if row["legs"]["out"] is None:
        title += "; what went on is not held"
        notes.append("A rise in leg one alone is not proof of diversion")
    chart = Chart(
        spec={},
        rows=[],
        title=title,
        subtitle=f"Value of {case_words.named(row)} by {each}; {unit}",
        foot=case_words.source(summary),
        alt=alt,
        notes=tuple(notes),
    )
    drawn = [_draw(legs, row, series, summary, alt, w) for w in (WIDE, NARROW)]
    return Figure("legs", chart, drawn[0], drawn[1], Markup())


def _against(totals: Mapping[str, float | None] | None, unit: str) -> str:
    if totals is None:
        return "no trade"
    return f"{words.figure(totals['actual'], unit)}, {words.bare(totals['expected'])} expected"


def _draw(
    legs: Sequence[Leg],
    row: Mapping[str, Any],
    series: Mapping[str, Any],
    summary: Mapping[str, Any],
    alt: str,
    width: int,
) -> Markup:
    wide, size = width > 500, 12
    periods = list(series["periods"])
    spans = [words.extent(p) or (float(i), i + 1.0) for i, p in enumerate(periods)]
    low, high = spans[0][0], spans[-1][1]
    gutter, edge = 62, 10
    plot = width - gutter - edge

    def px(x: float) -> float:
        return gutter + (x - low) / (high - low) * plot

    after = [i for i, p in enumerate(periods) if summary["after"][0] <= p <= summary["after"][1]]
    tall = 112 if wide else 92
    head = 40 if wide else 56
    parts: list[str] = []
    y = 0.0
    for leg in legs:
        y += head if y else head - 12
        parts.append(_heading(leg, y, size, wide, summary))
        if leg.values is None:
            parts.append(
                f'<text x="{gutter}" y="{y + 16:.1f}" font-size="{size}" fill="var(--quiet)">'
                "Not in these records.</text>"
            )
            y += 26
            continue
        if after:
            a, b = px(spans[after[0]][0]), px(spans[after[-1]][1])
            parts.append(
                f'<rect x="{a:.1f}" y="{y:.1f}" width="{b - a:.1f}" height="{tall}" '
                'fill="var(--hair)" fill-opacity="0.42"/>'
            )
        parts.append(
            _panel(leg, periods, spans, after, px, y, tall, gutter, width - edge, str(summary["currency"]))
        )
        if row["break"] in periods and leg is legs[1]:
            at = px(spans[periods.index(row["break"])][0])
            parts.append(
                f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{y:.1f}" y2="{y + tall:.1f}" '
                'stroke="var(--ink)" stroke-width="1"/>'
                f'<path d="M{at - 5:.1f} {y - 1:.1f}h10l-5 8z" fill="var(--ink)"><title>Level changed: '
                f"{words.period(row['break'])}</title></path>"
            )
        y += tall + 8
    parts.append(_time(low, high, px, y + 10, size, plot))
    y += 18
    return Markup(
        f'<svg class="drawn" role="img" aria-label="{escape(alt, quote=True)}" viewBox="0 0 {width} {y:.0f}" '
        f'style="max-width:{width}px" width="{width}" height="{y:.0f}">{"".join(parts)}</svg>'
    )


def _heading(leg: Leg, y: float, size: int, wide: bool, summary: Mapping[str, Any]) -> str:
    unit = str(summary["currency"])
    said = escape(_against(leg.totals, unit)) if leg.values is not None else ""
    name = f'<tspan font-weight="600" fill="var(--{leg.colour})">{escape(leg.name)}</tspan>'
    if wide or not said:
        both = f'{name} <tspan fill="var(--quiet)">{said}</tspan>'
        return f'<text x="0" y="{y - 13:.1f}" font-size="{size + 1}">{both}</text>'
    return (
        f'<text x="0" y="{y - 28:.1f}" font-size="{size}">{name}</text>'
        f'<text x="0" y="{y - 13:.1f}" font-size="{size}" fill="var(--quiet)">{said}</text>'
    )


def _panel(
    leg: Leg, periods: Sequence[str], spans: Sequence[tuple[float, float]], after: Sequence[int], px: Any,
    y: float, tall: int, left: float, right: float, unit: str,
) -> str:  # fmt: skip
    values = list(leg.values or [])
    expected = leg.totals["expected"] if leg.totals is not None else None
    level = expected / len(after) if expected is not None and after else None
    _, top = axes.nice(0.0, max([*values, level or 0.0, 0.0]))

    def py(v: float) -> float:
        return y + tall - v / top * tall

    parts = []
    for share in (0.0, 0.5, 1.0):
        at = py(share * top)
        parts.append(
            f'<line x1="{left}" x2="{right}" y1="{at:.1f}" y2="{at:.1f}" '
            f'stroke="var(--{"quiet" if share == 0 else "hair"})"/>'
            f'<text x="{left - 6}" y="{at + 4:.1f}" text-anchor="end" font-size="11" '
            f'fill="var(--quiet)">{_short(share * top)}</text>'
        )
    colour = f"var(--{leg.colour})"
    middles = [px((a + b) / 2) for a, b in spans]
    points = " ".join(f"{x:.1f},{py(v):.1f}" for x, v in zip(middles, values, strict=True))
    parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
    if level is not None:
        begin, end, at = px(spans[after[0]][0]), px(spans[after[-1]][1]), py(level)
        parts.append(
            f'<line x1="{begin:.1f}" x2="{end:.1f}" y1="{at:.1f}" y2="{at:.1f}" '
            'stroke="var(--ink)" stroke-width="1.5" stroke-dasharray="5 4">'
            f"<title>Expected: {escape(words.figure(level, unit))} on average</title></line>"
        )
    radius = 2.6 if len(values) <= 60 else 1.6
    parts += [
        f'<circle cx="{x:.1f}" cy="{py(v):.1f}" r="{radius}" fill="{colour}">'
        f"<title>{escape(words.period(p))}: {escape(words.figure(v, unit))}</title></circle>"
        for x, v, p in zip(middles, values, periods, strict=True)
    ]
    return "".join(parts)


def _short(value: float) -> str:
    for limit, word in ((1e9, "bn"), (1e6, "m")):
        if value >= limit:
            return f"{value / limit:g} {word}"
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:g}"


def _time(low: float, high: float, px: Any, y: float, size: int, plot: float) -> str:
    """Years below the panels: a tick where each begins, as many names as there is room for."""
    first, last = math.ceil(low - 1e-6), math.floor(high + 1e-6)
    step = next((k for k in (1, 2, 5, 10) if plot / max(1.0, (high - low) / k) >= 40), 20)
    parts = []
    for year in range(first, last + 1, step):
        if year >= high - 0.04:
            break
        x = px(float(year))
        parts.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y - 18:.1f}" y2="{y - 12:.1f}" stroke="var(--quiet)"/>'
            f'<text x="{x:.1f}" y="{y + 2:.1f}" font-size="{size - 1}" fill="var(--quiet)">{year}</text>'
        )
    return "".join(parts)
