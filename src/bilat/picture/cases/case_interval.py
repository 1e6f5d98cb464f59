# SPDX-License-Identifier: Apache-2.0
"""How sure a case is, drawn: the excess of each leg, and what may have been diverted with its 80% interval."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from bilat.document import palette
from bilat.document import wording as words
from bilat.picture.cases.case_words import worth, worth_name
from bilat.picture.cases.route import Route, Search
from bilat.picture.charts import axes
from bilat.picture.charts.charts import NARROW, WIDE, Chart
from bilat.picture.charts.figures import Figure
from bilat.picture.charts.svg import Drawing, Scale, paint

ROW = 38


@dataclass(frozen=True)
class Rung:
    """A line of the drawing; a value of None is not held."""

    name: str
    value: float | None
    bounds: tuple[float, float] | None = None


def interval_chart(route: Route, search: Search) -> Figure:
    """Dots on one axis of value: excess in, excess out, and the diverted value with a bar from low to high."""
    unit, hub, target = search.currency, route.hub_name, search.target_name
    title = f"{worth_name()}: {worth(route, search)}"
    rungs = [
        Rung(f"Excess into {hub}", route.excess_in),
        Rung(f"Excess from {hub} to {target}", route.excess_out),
        Rung(worth_name(), route.diverted, (route.low, route.high)),
    ]
    told = "; ".join(
        f"{r.name}: " + ("not held" if r.value is None else words.figure(r.value, unit)) for r in rungs
    )
    notes = [
        "Bar: 80% interval of this model, a mark-up of the hub and a part that stays there allowed for; other causes "
        "of a rise are not in it"
    ]
    if route.one_leg:
        notes.append("One leg: how much of it went on is not known, and may be nothing")
    chart = Chart(
        spec={},
        rows=[],
        title=title,
        subtitle=f"Beyond the expected, {search.window}; {unit}",
        foot=search.source,
        alt=f"{title}. {told}. 80% interval {words.interval(route.low, route.high, unit)}.",
        notes=tuple(notes),
    )
    drawn = [_draw(rungs, route, unit, chart.alt, width) for width in (WIDE, NARROW)]
    return Figure("interval", chart, drawn[0], drawn[1])


def _draw(rungs: list[Rung], route: Route, unit: str, alt: str, width: int) -> Markup:
    wide, d = width > 500, Drawing(width)
    left, right = (300, width - 110) if wide else (4, width - 14)
    known = [v for r in rungs for v in (r.value, *(r.bounds or ())) if v is not None]
    px = Scale(*axes.nice(min(0.0, *known), max(*known, 1.0)), left, right)
    step, y = (ROW if wide else ROW + 14), 8.0
    body = y + step * len(rungs)
    for share in (0.0, 0.5, 1.0):
        value = px.low + share * (px.high - px.low)
        anchor = "middle" if wide or share == 0.5 else "start" if share == 0.0 else "end"
        d.line(px(value), px(value), y, body, paint("hair"))
        d.text(px(value), body + 16, (words.number(value), False, "quiet"), size=11, anchor=anchor)
    for r in rungs:
        middle = y + (step / 2 if wide else step - 14)
        d.text(
            0 if wide else left,
            middle + 4 if wide else y + 16,
            (r.name, r.bounds is not None, "ink"),
            size=13,
        )
        _rung(d, r, px, middle, paint(palette.of_group(route.hub)), unit, wide)
        y += step
    return d.svg(alt, body + 24)


def _rung(d: Drawing, r: Rung, px: Scale, y: float, colour: str, unit: str, wide: bool) -> None:
    if r.value is None:
        d.text(px.start + 8, y + 4, ("not held", False, "quiet"))
        return
    if r.bounds is not None:
        low, high = (px(v) for v in r.bounds)
        d.bar(low, high, y, colour, 7, title=f"80% interval: {words.interval(*r.bounds, unit)}")
        for end in (low, high):
            d.line(end, end, y - 7, y + 7, colour, stroke_width=2)
    d.diamond(px(r.value), y, colour, title=f"{r.name}: {words.figure(r.value, unit)}")
    if wide and r.bounds is None:
        d.text(px(r.value) + 12, y + 4, (words.number(r.value), False, "quiet"))
    elif wide:  # at the dot, not at the end of its interval
        d.text(px(r.value), y - 11, (words.number(r.value), False, "quiet"), anchor="middle", halo=True)


def whisker(low: float, value: float, high: float, most: float) -> Markup:
    """A small bar from low to high with the value marked, for a cell of a table, on an axis from 0 to ``most``."""
    d, px = Drawing(150), Scale(0.0, most or 1.0, 2, 146)
    d.bar(px(max(0.0, low)), px(max(0.0, high)), 7, paint("one"), 6)
    d.diamond(px(max(0.0, value)), 7, paint("one"))
    return d.svg(f"{words.number(value)}, 80% interval {words.interval(low, high)}", 14, kind="spark")
