# SPDX-License-Identifier: Apache-2.0
"""The model on a grid of what a reader may change, computed beforehand: for a page that works offline."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from bilat.contingency.backfill.assemble import Question, assemble, changed
from bilat.contingency.backfill.inputs import shipped, withdrawals
from bilat.contingency.backfill.problem import score, spent
from bilat.contingency.backfill.program import Effort
from bilat.contingency.backfill.questions import EARLY, relaxed, unlimited
from bilat.contingency.backfill.search import plan

#: The axes, in the order of the cells: withdrawal ("" the shipped scenarios), definition, power, $bn a year.
WITHDRAWALS = ("", "0.25", "0.5", "0.75", "1")
DEFINITIONS = ("dedicated", "tankers", "capable")
POWERS = (0.0, 0.5, 1.0)
BUDGETS = (0.0, 1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 40.0)


@dataclass(frozen=True)
class Cell:
    """One setting of the sliders: gap in points, and orders of the first three years by option."""

    withdrawal: str
    definition: str
    power: float
    budget: float
    nothing: float
    left: float
    bound: float
    floor: float
    spent: float
    early: tuple[int, ...]


@dataclass(frozen=True)
class Grid:
    """All cells, the last axis fastest; ``options`` names the entries of ``early``."""

    withdrawals: tuple[str, ...]
    definitions: tuple[str, ...]
    powers: tuple[float, ...]
    budgets: tuple[float, ...]
    options: tuple[str, ...]
    labels: tuple[str, ...]
    cells: tuple[Cell, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain data; numbers rounded to what a page shows."""
        plain = asdict(self)
        for cell in plain["cells"]:
            for key in ("nothing", "left", "bound", "floor", "spent"):
                cell[key] = round(cell[key], 3)
        return plain


def grid(
    effort: Effort | None = None,
    withdrawals_: Sequence[str] = WITHDRAWALS,
    definitions: Sequence[str] = DEFINITIONS,
    powers: Sequence[float] = POWERS,
    budgets: Sequence[float] = BUDGETS,
    progress: Callable[[int, int], None] | None = None,
) -> Grid:
    """Plan every cell. A larger budget starts from the smaller one's portfolio, so no curve turns back."""
    effort = effort or Effort(0.02, 0.03, 200, 5.0)
    inputs = shipped()
    cells: list[Cell] = []
    total = len(withdrawals_) * len(definitions) * len(powers) * len(budgets)
    for w in withdrawals_:
        for definition in definitions:
            for power in powers:
                given = changed(withdrawals(inputs, w or None), {"settings.size_exponent": power})
                cells += _curve(given, w, definition, power, sorted(budgets), effort)
                if progress:
                    progress(len(cells), total)
    return Grid(
        tuple(withdrawals_), tuple(definitions), tuple(powers), tuple(sorted(budgets)),
        tuple(o.key for o in inputs.options), tuple(o.label for o in inputs.options), tuple(cells),
    )  # fmt: skip


def _curve(
    inputs: Any, withdrawal: str, definition: str, power: float, budgets: Sequence[float], effort: Effort
) -> list[Cell]:
    cells: list[Cell] = []
    best = None
    least: float | None = None
    for b in budgets:
        problem = assemble(inputs, Question(budget=b, definition=definition))
        planned = plan(problem, effort, start=best.orders if best else None)
        if best is not None and best.score < planned.score:
            planned = replace(planned, orders=best.orders, score=best.score)
        best = planned
        if least is None:
            least = relaxed(unlimited(problem).with_(cost_weight=0.0)).value
        early = np.rint(planned.orders[:, EARLY - 1]).astype(int)
        nothing = score(problem, np.zeros_like(planned.orders))
        money = spent(problem, planned.orders)
        cells.append(
            Cell(
                withdrawal,
                definition,
                power,
                b,
                nothing,
                planned.score - problem.cost_weight * money,
                planned.bound,
                least,
                money,
                tuple(int(n) for n in early),
            )
        )
    return cells
