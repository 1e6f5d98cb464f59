# SPDX-License-Identifier: Apache-2.0
"""The layers of a chart over time: bars, lines with their bands, the rule at the earlier date, the labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bilat.document import palette
from bilat.picture.charts.axes import YEAR, TimeAxis, moment
from bilat.picture.charts.finding import Series
from bilat.picture.charts.skeletons import Spec, skeleton

#: The first two are told apart by colour and label, further ones by dash too.
FREE_DASHES = ([1, 0], [1, 0], *palette.DASHES[1:4])
TOOLTIP = [
    {"field": "p", "type": "nominal", "title": "when"},
    {"field": "t", "type": "nominal", "title": "figure"},
]
#: Rows of the course itself: neither as known earlier nor for a period of another length.
CURRENT = "datum.k !== 'then' && datum.k !== 'odd'"
ODD, REVISED = ({"filter": f"datum.k === '{kind}'"} for kind in ("odd", "then"))


def layer(part: str, **given: Any) -> Spec:
    """A layer of ``specs/layers.json``."""
    return skeleton("layers", part, tooltip=TOOLTIP, **given)


def bars(s: Series, time: TimeAxis) -> list[Spec]:
    colour = palette.light(palette.of_group(s.group) or "one")
    inset = round(time.inset * YEAR)
    ends = {"begin": f"datum.x1 + {inset}", "end": f"datum.x2 - {inset}"}
    return [
        layer("bar", current=CURRENT, colour=colour, **ends),
        layer("odd", only=[ODD], colour=colour),
        layer("revised", only=[REVISED]),
    ]


def lines(shown: list[Series], rows: list[dict[str, Any]], focus: Sequence[str] = ()) -> list[Spec]:
    """Lines with their bands and points; where some are in focus the others are thin, without either."""
    layers: list[Spec] = []
    styles = {s.group: style for s, style in zip(shown, _styles(shown), strict=True)}
    for s in reversed(shown):  # the first one is drawn last, above the others
        colour, dash = styles[s.group]
        mine = [r for r in rows if r["g"] == s.group]
        if focus and s.group not in focus and len(s.points) > 1:
            mine_now = [{"filter": {"field": "g", "equal": s.group}}, {"filter": CURRENT}]
            layers.append(layer("context", only=mine_now, colour=palette.light(colour), dash=dash))
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


def marks(
    colour: str,
    dash: list[int],
    mine: list[dict[str, Any]],
    chosen: str | None = None,
    dots: int = 60,
) -> list[Spec]:
    """Band, line and points of one group, its figures for other periods, and those since revised."""
    light = palette.light(colour)
    only: list[Spec] = [] if chosen is None else [{"filter": {"field": "g", "equal": chosen}}]
    now = [*only, {"filter": CURRENT}]
    course = [r for r in mine if r["k"] not in ("then", "odd")]
    layers: list[Spec] = []
    if banded := [r for r in course if r.get("lo") is not None]:
        part = "band" if len(banded) > 2 and len(banded) > 0.6 * len(mine) else "range"
        layers.append(layer(part, only=[*now, {"filter": "isValid(datum.lo)"}], colour=light))
    if len(mine) > 1:
        layers.append(layer("line", only=now, colour=light, dash=dash))
    few = len(course) <= dots
    drawn = now if few else [*now, {"filter": "datum.k === 'hollow'"}]
    layers.append(layer("dots", only=drawn, colour=light, size=34 if few else 14))
    if not few:
        layers.append(layer("hover", only=now))
    if any(r["k"] == "odd" for r in mine):
        layers.append(layer("odd", only=[*only, ODD], colour=light))
    if any(r["k"] == "then" for r in mine):
        layers.append(layer("revised", only=[*only, REVISED]))
    return layers


def shades(time: TimeAxis, windows: Sequence[tuple[float, float]]) -> list[Spec]:
    """The spans of time that a rule compares, shaded."""
    gap = 0.003 * (time.domain[1] - time.domain[0])
    rows = [{"a": moment(a + gap), "b": moment(b - gap)} for a, b in windows]
    return [layer("shade", rows=rows, x=time.encoding("a"))] if rows else []


def rule_layers(time: TimeAxis, *, label: bool = True) -> list[Spec]:
    """The earlier date as a vertical rule, with its name."""
    if time.rule is None:
        return []
    where = {k: v for k, v in time.encoding("").items() if k != "field"} | {"datum": moment(time.rule[0])}
    right = time.rule[0] > time.domain[0] + 0.75 * (time.domain[1] - time.domain[0])
    named = {"align": "right", "dx": 3} if right else {"align": "left", "dx": -3}
    layers = [layer("rule", x=where)]
    return [*layers, layer("rule_label", x=where, text=time.rule[1], **named)] if label else layers


def keys(shown: list[Series], labels: list[str]) -> list[Spec]:
    """The names of the lines over the plot, each in its colour: where there is no room beside it."""
    if not labels:
        return []
    colours = [colour for colour, _ in _styles(shown)]
    return [
        layer(
            "key",
            text=text.replace("\n", " "),
            colour=palette.light(name),
            top=-20 - 15 * (len(labels) - 1 - i),
        )
        for i, (text, name) in enumerate(zip(labels, colours, strict=True))
    ]


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
        layer("end_label", lines=text.split("\n"), colour=palette.light(colours[s.group]), top=round(top, 1))
        for top, text, s in placed
    ]
