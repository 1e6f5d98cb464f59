# SPDX-License-Identifier: Apache-2.0
"""Pairs side by side, over time, as pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from bilat.document.palette import SEQUENCE
from bilat.dyad import Dyad
from bilat.forecast.lines import kinds_of, line_rule
from bilat.handling import Marking
from bilat.picture.charts.axes import nice
from bilat.picture.charts.svg import Drawing, Scale, paint, value_axis, year_axis
from bilat.picture.foresight import standalone, write_with_twin
from bilat.verdicts.side_by_side import AXIS, ComparedFigure, to_json
from bilat.when import AsOf

WIDTH, HEIGHT, LEFT, RIGHT, FOOT = 720.0, 240.0, 60.0, 70.0, 34.0
#: The first year that is drawn: both records and states are there from then on.
SINCE = 1992
#: Colours of pairs; a sixth pair and further ones take the first again, and each line carries its name.
_COLOURS = (*SEQUENCE, "RUS", "CHN")


def name(d: Dyad) -> str:
    """``RUS-CHN``."""
    return f"{d.a}-{d.b}"


def drawn(courses: Sequence[tuple[str, dict[int, float]]], alt: str) -> Markup:
    """A line a pair, each named where it ends; blank where no pair has two years."""
    kept = [(i, label, {y: v for y, v in c.items() if y >= SINCE}) for i, (label, c) in enumerate(courses)]
    kept = [(i, label, c) for i, label, c in kept if len(c) > 1]
    if not kept:
        return Markup("")
    years = [y for *_, c in kept for y in c]
    values = [v for *_, c in kept for v in c.values()]
    d = Drawing(WIDTH)
    y = Scale(*nice(min(0.0, *values), max(values) or 1.0), HEIGHT - FOOT, 12)
    x = Scale(min(years), max(years), LEFT, WIDTH - RIGHT)
    value_axis(d, y, LEFT, WIDTH - RIGHT)
    year_axis(d, x, HEIGHT - 4, 11)
    ends = []
    for i, label, c in kept:
        at = sorted(c)
        d.course([x(k) for k in at], [y(c[k]) for k in at], paint(_COLOURS[i % len(_COLOURS)]))
        ends.append((y(c[at[-1]]), x(at[-1]), label, _COLOURS[i % len(_COLOURS)]))
    floor = 0.0
    for place, end, label, colour in sorted(ends):
        floor = max(place + 4, floor + 13)
        d.text(end + 5, floor, (label, True, colour), size=11, halo=True)
    return d.svg(alt, max(HEIGHT, floor + 6))


def compare_page(
    rows: Sequence[ComparedFigure],
    dyads: Sequence[Dyad],
    as_of: AsOf,
    home: str = "",
    marking: Marking | None = None,
) -> str:
    """Pairs side by side and over time, as HTML; ``home`` is the site's first page, seen from it, or blank;
    ``marking`` stands at head and foot."""
    axis = {frozenset(d) for d in dyads} == {frozenset((a, b)) for a in AXIS for b in AXIS if a != b}
    title = "Russia, China, Iran and North Korea, pair by pair" if axis else "Pairs side by side"
    charts = [
        drawn(
            [(name(d), c) for d, c in zip(dyads, r.course, strict=True)],
            f"{r.heading}, by year, {', '.join(map(name, dyads))}",
        )
        for r in rows
    ]
    return standalone(
        "compare.html",
        title=title,
        as_of=as_of,
        names=[name(d) for d in dyads],
        lined=[(name(d), len({k.id for k in kinds_of(d)})) for d in dyads],
        kinds=len(line_rule().kind),
        rows=list(zip(rows, charts, strict=True)),
        home=home,
        marking=marking,
        command="bilat compare --axis" if axis else _command("compare", dyads),
    )


def _command(verb: str, dyads: Sequence[Dyad]) -> str:
    first, *others = dyads
    return " ".join([f"bilat {verb} {first.a} {first.b}", *(f"--with {d.a} {d.b}" for d in others)])


def write_compare_page(
    rows: Sequence[ComparedFigure],
    dyads: Sequence[Dyad],
    as_of: AsOf,
    out: Path,
    marking: Marking | None = None,
) -> None:
    """Write the page and its JSON twin beside it."""
    page = compare_page(rows, dyads, as_of, marking=marking)
    write_with_twin(page, to_json(rows, dyads, as_of), out, marking)
