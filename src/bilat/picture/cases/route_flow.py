# SPDX-License-Identifier: Apache-2.0
"""The whole in one drawing: from the origins through the hubs to the target, each band as wide as its value."""

from __future__ import annotations

from markupsafe import Markup

from bilat.document import palette
from bilat.document import wording as words
from bilat.picture.cases.route import Hub, Search
from bilat.picture.charts.charts import Chart
from bilat.picture.charts.figures import Figure
from bilat.picture.charts.svg import Drawing, paint
from bilat.units import SHARE

MOST_HUBS = 9
BAR = 14


def flow(search: Search) -> Figure | None:
    """The routes by hub; None where nothing is flagged."""
    hubs = [h for h in search.hubs if h.diverted > 0]
    if not hubs:
        return None
    unit, origin, target = search.currency, search.origin_name, search.target_name
    shown = hubs[:MOST_HUBS]
    if left := hubs[MOST_HUBS:]:
        pairs, diverted, low, high = (
            sum(getattr(h, k) for h in left) for k in ("pairs", "diverted", "low", "high")
        )
        shown.append(Hub("", f"{len(left)} further hubs", pairs, None, diverted, low, high, ""))
    title = (
        f"{shown[0].name} leads with {words.figure(shown[0].diverted, unit)}, "
        f"{words.bare(shown[0].diverted / search.worth, SHARE)} of the whole"
    )
    told = "; ".join(f"{h.name} {words.figure(h.diverted, unit)} {_more(h, unit)}" for h in shown)
    chart = Chart(
        spec={},
        rows=[],
        title=title,
        subtitle=f"Likely amount, {search.worth_of}, {search.window}; {unit}",
        foot=search.source,
        alt=f"Flow from {origin} through hubs to {target}. {title}. By hub: {told}.",
        notes=(
            f"Second step dashed: what the hubs sold on to {target} is not held, and a rise in leg one alone is not "
            "proof of diversion"
            if search.one_leg
            else "Each band is the sum of probability times amount over the pairs of its hub",
        ),
    )  # fmt: skip
    drawn = [_draw(shown, search, chart.alt, *size) for size in ((1060, 13), (344, 12))]
    return Figure("flow", chart, drawn[0], drawn[1])


def _more(h: Hub, unit: str) -> str:
    bounds, pairs = words.interval(h.low, h.high, unit), f"{h.pairs:,} pair{'s' if h.pairs != 1 else ''}"
    return f"[{bounds}], {pairs}" if bounds else pairs


def _draw(shown: list[Hub], search: Search, alt: str, width: int, size: int) -> Markup:
    wide, d = width > 500, Drawing(width)
    total = sum(h.diverted for h in shown)
    label = size + 8 if wide else 2 * (size + 4)
    heights = [max(2.0, h.diverted * (260 if wide else 200) / total) for h in shown]
    head, body = 2 * size + 12, sum(heights)
    tall = head + body + len(shown) * (label + 12)
    left, middle, right = 2.0, width * (0.42 if wide else 0.36), width - BAR - 2.0
    top = head + (tall - head - body) / 2
    lie: list[tuple[Hub, float, float, float]] = []  # hub, its height, its place at the hub, at both ends
    y, at = float(head), top
    for h, height in zip(shown, heights, strict=True):
        y += label
        lie.append((h, height, y, at))
        y, at = y + height + 12, at + height
    for h, height, y, at in lie:
        colour = paint(palette.of_group(h.code))
        tip = f"{h.name}: {words.figure(h.diverted, search.currency)} {_more(h, search.currency)}"
        _band(d, (left + BAR, at), (middle, y), height, colour, tip)
        _band(d, (middle + BAR, y), (right, at), height, colour, tip, hollow=search.one_leg)
        d.put("rect", title=tip, x=middle, y=y, width=BAR, height=height, fill=colour)
    _end(d, left, top, body, palette.of_group(search.origin_option) or "one", hollow=False)
    _end(d, right, top, body, palette.of_group(search.target) or "two", hollow=search.one_leg)
    for h, _, y, _ in lie:  # above every band
        value = words.figure(h.diverted, search.currency)
        if wide:
            runs = (
                (h.name, True, "ink"),
                (f" {value} ", False, "ink"),
                (_more(h, search.currency), False, "quiet"),
            )
            _plate(d, middle, y - 6, "".join(text for text, _, _ in runs), size)
            d.text(middle, y - 6, *runs, size=size, halo=True)
        else:
            _plate(d, middle, y - size - 8, h.name, size)
            _plate(d, middle, y - 5, value, size)
            d.text(middle, y - size - 8, (h.name, True, "ink"), size=size, halo=True)
            d.text(middle, y - 5, (value, False, "ink"), size=size, halo=True)
    whole = words.figure(total, search.currency)
    origin = search.origin_name[:1].upper() + search.origin_name[1:]
    d.text(left, top - size - 9, (origin, True, "ink"), size=size)
    d.text(left, top - 6, (whole, False, "ink"), size=size)
    d.text(width - 2, top - size - 9, (search.target_name, True, "ink"), size=size, anchor="end")
    d.text(
        width - 2, top - 6, ("not held" if search.one_leg else whole, False, "ink"), size=size, anchor="end"
    )
    return d.svg(alt, tall)


def _plate(d: Drawing, x: float, y: float, text: str, size: int) -> None:
    """Page-coloured ground for a label, so that no band's rim strikes through it."""
    width = 0.56 * size * len(text) + 4
    d.put("rect", x=x - 2, y=y - size, width=width, height=size + 4, fill=paint("paper"), fill_opacity="0.88")


def _band(
    d: Drawing, begin: tuple[float, float], end: tuple[float, float], height: float, colour: str, title: str,
    *, hollow: bool = False,
) -> None:  # fmt: skip
    (x1, y1), (x2, y2) = begin, end
    bend = (x1 + x2) / 2
    there: list[str | float] = ["M", x1, y1, "C", bend, y1, bend, y2, x2, y2]
    back: list[str | float] = [
        "V",
        y2 + height,
        "C",
        bend,
        y2 + height,
        bend,
        y1 + height,
        x1,
        y1 + height,
        "Z",
    ]
    if hollow:
        d.path([*there, *back], "none", title=title, stroke=colour, stroke_width=1, stroke_dasharray="4 3")
    else:
        d.path([*there, *back], colour, title=title, fill_opacity="0.32")


def _end(d: Drawing, x: float, y: float, height: float, colour: str, *, hollow: bool) -> None:
    if hollow:
        d.put(
            "rect",
            x=x,
            y=y,
            width=BAR,
            height=height,
            fill="none",
            stroke=paint(colour),
            stroke_dasharray="4 3",
        )
    else:
        d.put("rect", x=x, y=y, width=BAR, height=height, fill=paint(colour))
