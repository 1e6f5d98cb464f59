# SPDX-License-Identifier: Apache-2.0
"""The model on a grid of what a reader may change, computed beforehand: for a page that works offline."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from bilat.contingency.backfill.assemble import Question, assemble, changed
from bilat.contingency.backfill.inputs import Inputs, shipped, withdrawals
from bilat.contingency.backfill.problem import score, spent
from bilat.contingency.backfill.program import Effort
from bilat.contingency.backfill.questions import EARLY, relaxed, unlimited
from bilat.contingency.backfill.search import plan

#: The axes, in the order of the cells: withdrawal ("" the shipped scenarios), definition, power, $bn a year.
WITHDRAWALS = ("", "0.25", "0.5", "0.75", "1")
DEFINITIONS = ("dedicated", "tankers", "capable")
POWERS = (0.0, 0.5, 1.0)
BUDGETS = (0.0, 1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 40.0)
#: Work on one cell: 2% of the gap, or .03 points.
CELL_EFFORT = Effort(0.02, 0.03, 200)


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
    *,
    question: Question | None = None,
    withdraw: str | None = None,
    params: Mapping[str, float] | None = None,
) -> Grid:
    """Plan every cell. A larger budget starts from the smaller one's portfolio, so no curve turns back.

    Years, basis, tail and numbers that were asked for hold in every cell; a withdrawal, definition, budget or power
    of gap size that was asked for is one more place on its axis.
    """
    effort, given_params = effort or CELL_EFFORT, dict(params or {})
    if "settings.size_exponent" in given_params:
        powers = sorted({*powers, given_params.pop("settings.size_exponent")})
    withdrawals_ = tuple(dict.fromkeys([*([withdraw] if withdraw else []), *withdrawals_]))
    if question is not None:
        definitions = tuple(dict.fromkeys([*definitions, question.definition]))
        if not math.isinf(question.budget):
            budgets = sorted({*budgets, question.budget})
    question = question or Question()
    cells: list[Cell] = []
    total = len(withdrawals_) * len(definitions) * len(powers) * len(budgets)
    for w in withdrawals_:
        inputs = withdrawals(shipped(), w or None)
        for definition in definitions:
            for power in powers:
                given = changed(inputs, {**given_params, "settings.size_exponent": power})
                asked = replace(question, definition=definition)
                cells += _curve(given, w, asked, power, sorted(budgets), effort)
                if progress:
                    progress(len(cells), total)
    return Grid(
        tuple(withdrawals_), tuple(definitions), tuple(powers), tuple(sorted(budgets)),
        tuple(o.key for o in shipped().options), tuple(o.label for o in shipped().options), tuple(cells),
    )  # fmt: skip


def _curve(
    inputs: Inputs,
    withdrawal: str,
    question: Question,
    power: float,
    budgets: Sequence[float],
    effort: Effort,
) -> list[Cell]:
    cells: list[Cell] = []
    best = None
    least: float | None = None
    for b in budgets:
        problem = assemble(inputs, replace(question, budget=b))
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
                question.definition,
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
