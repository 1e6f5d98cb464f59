# SPDX-License-Identifier: Apache-2.0
"""A series drawn as SVG: lines labelled at their ends, columns for counts, rows with ranges for things.

One colour a state on every chart; the last point is drawn and named; uncertainty is a shade; events of the record are
vertical lines with their word. The drawing is plain SVG with CSS variables as colours, so that one file serves light
and dark pages; :func:`standalone` puts colours, title and source into it for a slide or a paper.
"""

from __future__ import annotations

import re
from html import escape

from bilat.document import typeface
from bilat.document.blocks import Series
from bilat.document.palette import THEME
from bilat.document.row_chart import row_chart
from bilat.document.strokes import Size
from bilat.document.time_chart import MOST_NAMED, TimePlot, groups_of
from bilat.document.typography import typeset
from bilat.document.wording import group, middle, period
from bilat.errors import DataError
from bilat.units.notation import amount_text, unit_name

WIDE = Size(720, 330)
NARROW = Size(340, 260)
#: A chart of its own on a page: drawn so, it fills the width and keeps letters that can be read.
FULL = Size(960, 340)
#: The chart of the lead, as wide as a page.
LEAD = Size(1140, 360)
#: What may be asked for by name: a slide of 16:9, a square, a column of a page.
SIZES = {"slide": Size(1280, 720), "square": Size(1080, 1080), "column": Size(720, 405)}


def svg(series: Series, size: Size = WIDE) -> str:
    """The drawing; blank where no point can be drawn.

    Its text is escaped; colours are CSS variables of the page's palette.
    """
    drawn = [p for p in series.points if p.value is not None or p.endless]
    if not drawn:
        return ""
    timed = [p for p in drawn if middle(p.period) is not None]
    if series.shape == "interval" or len(timed) < 2 or len({p.period for p in timed}) < 2:
        body, used = row_chart(series, drawn, size)
        return _whole(series, used, body)
    return _whole(series, size, TimePlot(series, timed, size).drawing())


def description(series: Series) -> str:
    """What the chart shows, in words: each named group's first and last figure."""
    said = []
    for name, points in groups_of(series, [p for p in series.points if p.value is not None])[
        :MOST_NAMED
    ]:
        first = points[0]
        last = points[-1]
        label = f"{group(name)}: " if name else ""
        span = f"{amount_text(first.value, series.unit)} in {period(first.period)}"
        if last is not first:
            span += f" to {amount_text(last.value, series.unit)} in {period(last.period)}"
        said.append(label + span)
    return (f"{series.title}. " if series.title else "") + "; ".join(said) + "."


def standalone(
    series: Series,
    size: Size = SIZES["slide"],
    *,
    cite: str = "",
    carries_typeface: bool = False,
) -> str:
    """Return the chart alone, on white: title, unit, drawing, source, in real colours.

    Parameters
    ----------
    series
        what is drawn
    size
        of the picture, in pixels
    cite
        how it is cited, after its publishers
    carries_typeface
        whether it has the letters within it, so that a browser elsewhere draws the same

    Raises
    ------
    DataError
        for a chart that names no source.
    """
    if not series.source:
        raise DataError(
            f"the chart {series.title!r} names no source", cure="give the series its source"
        )
    source = f"{series.notes} · {cite}".strip(" ·")
    whole = 768 * size.height / size.width  # the drawing is 768 wide, with a margin on each side
    lines = typeface.lines(series.title, 720, 20, bold=True)[:2]
    title = "".join(
        f'<text x="0" y="{22 + 24 * i}" font-size="20" font-weight="600" fill="var(--ink)">{escape(t)}</text>'
        for i, t in enumerate(lines)
    )
    below = 22 + 24 * len(lines)
    subtitle = escape(typeset(_subtitle(series)))
    title += f'<text x="0" y="{below}" font-size="13" fill="var(--quiet)">{subtitle}</text>'
    cited = typeface.lines(source, 720, 10.5)[:3]
    foot = whole - 14 - 14 * len(cited)
    shown = "".join(
        f'<text x="0" y="{foot + 14 * i:.0f}" font-size="10.5" fill="var(--quiet)">{escape(t)}</text>'
        for i, t in enumerate(cited)
    )
    body = svg(series, Size(720, round(foot - below - 36)))
    faces = f"<style>{typeface.embedded_faces()}</style>" if carries_typeface else ""
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size.width}" height="{size.height}" '
        f'viewBox="-24 -14 768 {whole:g}" font-family="{typeface.FAMILY}">{faces}'
        f'<rect x="-24" y="-14" width="768" height="{whole:g}" fill="var(--paper)"/>{title}'
        f'<g transform="translate(0 {below + 16})">{body}</g>{shown}</svg>'
    )
    # what a pointer reads, on a page alone, and the places that it finds
    return coloured(re.sub(r'<circle class="spot"[^>]*/>| data-t="[^"]*"', "", text))


def coloured(drawing: str) -> str:
    """A drawing with the colours of light ground in the place of the page's variables."""
    for name, (light, _) in THEME.items():
        drawing = drawing.replace(f"var(--{name})", light)
    return drawing


def _subtitle(series: Series) -> str:
    return series.subtitle or unit_name(series.unit)


def _whole(series: Series, size: Size, body: str) -> str:
    box = f'viewBox="0 0 {size.width} {size.height}" width="{size.width}" height="{size.height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} font-family="{typeface.FAMILY}" '
        f'role="img" aria-label="{escape(description(series))}">{body}</svg>'
    )
