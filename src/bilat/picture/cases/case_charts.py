# SPDX-License-Identifier: Apache-2.0
"""The three legs of a case over time: direct, into the hub, out of the hub, each with what was expected.

The legs stand one above the other on one time axis, each with a scale of its own; the dashed line is the expected
value of the window, spread evenly over its periods.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bilat.document import palette
from bilat.document import wording as words
from bilat.picture.cases.route import Leg, Months, Route, Search
from bilat.picture.charts import axes
from bilat.picture.charts.charts import NARROW, WIDE, Chart
from bilat.picture.charts.figures import Figure
from bilat.picture.charts.svg import Drawing, Scale, paint, value_axis, year_axis

GUTTER, EDGE = 62, 10


@dataclass(frozen=True)
class Panel:
    """One panel: values by period and the totals over the window."""

    name: str
    colour: str  #: variable of the palette
    values: Sequence[float] | None  #: None: not held
    totals: Leg | None


def panels_of(route: Route, months: Months, search: Search) -> list[Panel]:
    """Direct, into the hub, out of the hub."""
    origin = search.origin_name[:1].upper() + search.origin_name[1:]
    hub, target = route.hub_name, search.target_name
    own = palette.of_group(route.hub) or "one"
    there = palette.of_group(search.target) or "two"
    return [
        Panel(f"{origin} to {target}, direct", there, months.direct, route.direct),
        Panel(f"{origin} to {hub}", own, months.into, route.into),
        Panel(f"{hub} to {target}", own, months.out, route.out),
    ]


def legs_chart(route: Route, months: Months, search: Search) -> Figure:
    """The chart of a case."""
    unit, panels = search.currency, panels_of(route, months, search)
    title = f"{panels[1].name}: {_against(route.into, unit)}"
    each = "month" if search.monthly else "year"
    ranges = [
        f"{p.name}: "
        + (
            f"{words.figure(min(p.values), unit)} to {words.figure(max(p.values), unit)} a {each}"
            if p.values
            else "not held"
        )
        for p in panels
    ]
    alt = (
        f"Chart of three legs by {each}, {words.period(months.periods[0])} to "
        f"{words.period(months.periods[-1])}. {words.sentence(title)} Range: {'; '.join(ranges)}."
    )
    notes = [
        f"Shaded: {search.window}",
        f"Dashed: expected, spread evenly over the {each}s",
        *_controls(route, panels),
        "Each leg has a scale of its own",
    ]
    if route.break_at:
        notes.append(f"Triangle: the level changed in {words.period(route.break_at)}")
    if route.one_leg:
        title += "; what went on is not held"
        notes.append("A rise in leg one alone is not proof of diversion")
    chart = Chart(
        spec={},
        rows=[],
        title=title,
        subtitle=f"Value of {route.named} by {each}; {unit}",
        foot=search.source,
        alt=alt,
        notes=tuple(notes),
    )
    drawn = [_draw(panels, route, months, search, alt, w) for w in (WIDE, NARROW)]
    return Figure("legs", chart, drawn[0], drawn[1])


def _controls(route: Route, panels: Sequence[Panel]) -> list[str]:
    """On what the dashed line of each leg rests."""
    told = []
    for panel, leg in zip(panels, ("direct", "in", "out"), strict=True):
        rests = route.aside.controls.get(leg)
        if rests and panel.totals is not None and panel.totals.expected is not None:
            told.append(f"{panel.name}: expected from {words.prose(rests)}")
    return told


def _against(totals: Leg | None, unit: str) -> str:
    if totals is None:
        return "no trade"
    return f"{words.figure(totals.actual, unit)}, {words.bare(totals.expected)} expected"


def _draw(
    panels: Sequence[Panel], route: Route, months: Months, search: Search, alt: str, width: int
) -> Markup:
    wide, periods, d = width > 500, months.periods, Drawing(width)
    spans = [words.extent(p) or (float(i), i + 1.0) for i, p in enumerate(periods)]
    px = Scale(spans[0][0], spans[-1][1], GUTTER, width - EDGE)
    after = [s for p, s in zip(periods, spans, strict=True) if search.after[0] <= p <= search.after[1]]
    tall, head = (112, 40) if wide else (92, 56)
    y = float(head - 12)
    for n, panel in enumerate(panels):
        y += head if n else 0
        _heading(d, panel, y, wide, search.currency)
        if panel.values is None:
            d.text(GUTTER, y + 16, ("Not in these records.", False, "quiet"))
            y += 26
            continue
        if after:
            a, b = px(after[0][0]), px(after[-1][1])
            d.put("rect", x=a, y=y, width=b - a, height=tall, fill=paint("hair"), fill_opacity="0.42")
        _panel(d, panel, periods, spans, after, px, y, tall, search.currency)
        if route.break_at in periods and n == 1:
            at = px(spans[periods.index(route.break_at)][0])
            d.line(at, at, y, y + tall, paint("ink"), stroke_width=1)
            said = f"Level changed: {words.period(route.break_at)}"
            d.path(["M", at - 5, y - 1, "h", 10, "l", -5, 8, "z"], paint("ink"), title=said)
        y += tall + 8
    year_axis(d, px, y + 10, 11)
    return d.svg(alt, y + 18)


def _heading(d: Drawing, panel: Panel, y: float, wide: bool, unit: str) -> None:
    said = _against(panel.totals, unit) if panel.values is not None and panel.totals else ""
    name = (panel.name, True, panel.colour)
    if wide or not said:
        d.text(0, y - 13, name, *([(f" {said}", False, "quiet")] if said else []), size=13)
    else:
        d.text(0, y - 28, name)
        d.text(0, y - 13, (said, False, "quiet"))


def _panel(
    d: Drawing, panel: Panel, periods: Sequence[str], spans: Sequence[tuple[float, float]],
    after: Sequence[tuple[float, float]], px: Scale, y: float, tall: float, unit: str,
) -> None:  # fmt: skip
    values, expected = list(panel.values or []), panel.totals.expected if panel.totals else None
    level = expected / len(after) if expected is not None and after else None
    py = Scale(0.0, axes.nice(0.0, max([*values, level or 0.0, 0.0]))[1], y + tall, y)
    value_axis(d, py, GUTTER, d.width - EDGE)
    colour, xs = paint(panel.colour), [px((a + b) / 2) for a, b in spans]
    d.course(xs, [py(v) for v in values], colour)
    if level is not None:
        said = f"Expected: {words.figure(level, unit)} on average"
        d.line(px(after[0][0]), px(after[-1][1]), py(level), py(level), paint("ink"), title=said,
               stroke_width=1.5, stroke_dasharray="5 4")  # fmt: skip
    radius = 2.6 if len(values) <= 60 else 1.6
    for x, v, p in zip(xs, values, periods, strict=True):
        said = f"{words.period(p)}: {words.figure(v, unit)}"
        d.put("circle", title=said, cx=x, cy=py(v), r=radius, fill=colour)
