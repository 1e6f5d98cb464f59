# SPDX-License-Identifier: Apache-2.0
"""A grid of answers worked out beforehand, so that a page with sliders needs no server."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from bilat.contingency.blockade.answer import STANDARD, Blockade, finite
from bilat.contingency.blockade.closed_form import solve
from bilat.contingency.blockade.relief import RUSSIAN
from bilat.contingency.blockade.routes import closures

#: Name of a slider -> (unit, its stops). ``stock`` is what can be drawn; ``overland`` Russian oil by pipe.
AXES: dict[str, tuple[str, tuple[float, ...]]] = {
    "stock": ("million barrels", (600.0, 900.0, 1200.0, 1400.0)),
    "fleet_spare": ("share of tanker-days", (0.0, 0.1, 0.2, 0.3, 0.4)),
    "rationing": ("share of refinery intake", (0.0, 0.05, 0.1, 0.15, 0.2)),
    "overland": ("million barrels a day", (0.0, 0.8, 1.08, 1.4)),
}


@dataclass(frozen=True)
class Grid:
    """``imports``, ``short`` (million barrels a day) and ``days`` (None: no shortage), in row-major order of
    closures, then the axes in their order."""

    closures: tuple[str, ...]
    axes: dict[str, dict[str, Any]]
    imports: list[float]
    short: list[float]
    days: list[float | None]
    as_of: str

    def to_json(self) -> dict[str, Any]:
        """The grid as plain data."""
        return {
            "order": ["closure", *self.axes],
            "closures": list(self.closures),
            "axes": self.axes,
            "imports": self.imports,
            "short": self.short,
            "days": self.days,
            "as_of": self.as_of,
            "units": {"imports": "mb/d", "short": "mb/d", "days": "days"},
        }


def own(answer: Blockade) -> dict[str, float]:
    """Where the answer itself stands on each axis."""
    p = answer.parameters
    return {
        "stock": answer.stock,
        "fleet_spare": p("fleet_spare"),
        "rationing": p("rationing"),
        "overland": sum(answer.inputs.flows.get(n, 0.0) for n in RUSSIAN),
    }


def axes_of(answer: Blockade) -> dict[str, dict[str, Any]]:
    """The axes with the answer's own values among their stops, so that the page and the answer give one number.

    A stop within 1% of the axis of the answer's own value gives way to it. ``first`` is the place of that value.
    """
    axes: dict[str, dict[str, Any]] = {}
    for name, (unit, values) in AXES.items():
        here = own(answer)[name]
        stops = sorted([v for v in values if abs(v - here) > 0.01 * (values[-1] - values[0])] + [here])
        axes[name] = {"unit": unit, "stops": stops, "first": stops.index(here)}
    return axes


def grid_of(answer: Blockade) -> Grid:
    """Every closure of STANDARD at every stop of every slider, with the answer's other parameters."""
    p, inputs = answer.parameters, answer.inputs
    axes = axes_of(answer)
    now = sum(inputs.flows.get(n, 0.0) for n in RUSSIAN)
    imports: list[float] = []
    short: list[float] = []
    days: list[float | None] = []
    stops = [axis["stops"] for axis in axes.values()]
    for name, (stock, spare, saved, overland) in product(STANDARD, product(*stops)):
        q = type(p)(p)
        q["fleet_spare"] = replace(p["fleet_spare"], value=spare)
        q["rationing"] = replace(p["rationing"], value=saved)
        change = overland - now
        scale = {n: inputs.flows.get(n, 0.0) / now if now else 0.0 for n in RUSSIAN}
        extra = {n: change * scale[n] for n in RUSSIAN} if change < 0 else {"russia_pipe": change}
        case = solve(inputs, closures(name), q, extra=extra)
        imports.append(round(case.imports, 4))
        short.append(round(case.short, 4))
        days.append(finite(round(case.days(stock), 2)) if case.short > 1e-9 else None)
    return Grid(STANDARD, axes, imports, short, days, str(answer.as_of))
