# SPDX-License-Identifier: Apache-2.0
"""The blockade on one page: a single file that opens from disk, with sliders on a grid worked out beforehand.

Without JavaScript it shows the same figures at the first stops of the sliders.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from importlib import resources
from typing import Any

from bilat.contingency.blockade import Blockade
from bilat.contingency.blockade.grid import Grid, grid_of
from bilat.contingency.blockade.monthly import TIERS
from bilat.contingency.blockade.words import lasting, spread_text
from bilat.document.palette import THEME
from bilat.picture.pages import templates

NAMES = {
    "none": "nothing",
    "malacca": "Malacca",
    "malacca,lombok,sunda": "Malacca, Lombok, Sunda",
    "malacca,lombok,sunda,australia": "and the way south of Australia",
    "malacca,lombok,sunda,australia,pacific": "and the way south of America",
    "hormuz": "Hormuz",
    "sea": "all that comes by sea",
}
LABELS = {
    "stock": "Stock that can be drawn",
    "fleet_spare": "Spare tankers",
    "rationing": "Demand rationed at once",
    "overland": "Russian oil by pipe",
}
#: The panels: width and height of the plot, and the greatest shortage drawn.
WIDE, HIGH, MOST = 180.0, 84.0, 10.0


@dataclass(frozen=True)
class Panel:
    """One small multiple: a closure, its line over rationing, and the figures at the sliders' first stops."""

    closure: str
    name: str
    path: str
    x: float
    y: float
    imports: float
    short: float
    days: float | None


def at(grid: Grid, closure: int, stops: dict[str, int]) -> int:
    """Place in the grid's lists of a closure at the stops of the sliders."""
    place = closure
    for name, axis in grid.axes.items():
        place = place * len(axis["stops"]) + stops[name]
    return place


def panels(grid: Grid, stops: dict[str, int]) -> list[Panel]:
    """One panel a closure, as the page's script draws them."""
    saved = grid.axes["rationing"]["stops"]
    out = []
    for i, closure in enumerate(grid.closures):
        line = [
            (
                WIDE * k / (len(saved) - 1),
                HIGH * (1 - grid.short[at(grid, i, {**stops, "rationing": k})] / MOST),
            )
            for k in range(len(saved))
        ]
        path = "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in line)
        here = at(grid, i, stops)
        x, y = line[stops["rationing"]]
        out.append(
            Panel(closure, NAMES[closure], path, x, y, grid.imports[here], grid.short[here], grid.days[here])
        )
    return out


def shown(value: float, unit: str) -> str:
    """A slider's stop in words: shares in per cent, stocks in whole million barrels."""
    if unit.startswith("share"):
        return f"{100 * value:.3g}%"
    return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"


def test_chart(answer: Blockade) -> list[dict[str, Any]]:
    """The months of 2026 as bars: observed, the rule, the year before; heights as shares of 14 mb/d."""
    t = answer.backtest
    if t is None:
        return []
    return [
        {"month": m, "observed": t.observed[m], "rule": t.rules[0].months[m], "naive": t.rules[1].months[m]}
        for m in t.observed
    ]


def blockade_page(answer: Blockade, *, home: str = "") -> str:
    """The page as one HTML text.

    Parameters
    ----------
    answer
        what ``blockade`` returned; the grid is worked out here with its parameters.
    home
        link back to the site that the page stands in; blank where it stands alone.
    """
    grid = grid_of(answer)
    first = {name: axis["first"] for name, axis in grid.axes.items()}
    env = templates()
    here = resources.files("bilat.picture").joinpath("templates")
    script = here.joinpath("blockade.js").read_text("utf-8")
    data = json.dumps(grid.to_json(), separators=(",", ":")).replace("<", "\\u003c")
    return env.get_template("blockade.html").render(
        answer=answer,
        home=home,
        case=answer.case,
        drawn=spread_text(answer),
        endless=math.inf,
        lasts=lasting(answer.case.days(answer.stock)),
        lost=1 - answer.case.imports / answer.inputs.imports,
        style=env.get_template("style.css").render(theme=THEME),
        script=script,
        data=data,
        panels=panels(grid, first),
        wide=WIDE,
        high=HIGH,
        most=MOST,
        sliders=[
            {
                "axis": axis,
                "label": LABELS[axis],
                "last": len(a["stops"]) - 1,
                "first": a["first"],
                "text": shown(a["stops"][a["first"]], a["unit"]),
                "words": [shown(v, a["unit"]) for v in a["stops"]],
            }
            for axis, a in grid.axes.items()
        ],
        parameters=answer.parameters.plain(),
        tiers=[(t, answer.monthly.mean(t), max(answer.monthly.unmet[t])) for t in TIERS],
        months=test_chart(answer),
    )
