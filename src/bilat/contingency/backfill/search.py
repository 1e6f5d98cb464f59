# SPDX-License-Identifier: Apache-2.0
"""Finding a portfolio with a proven gap: the folded program, and where units are lumpy a neighbourhood search.

The search is in three parts: branch and bound with few nodes; where the gap is still open, parts of the
portfolio (a window of years, or a third of the options) are set free and solved again with the rest held
(large neighbourhood search, Shaw 1998); then branch and bound from the best portfolio with what work is left.
The bound is always that of the whole program.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bilat.contingency.backfill.plain import tail_weights
from bilat.contingency.backfill.problem import Floats, Problem, score
from bilat.contingency.backfill.program import Effort, Program, Solution, fold_program, load, run, solve

#: Nodes of the first part and of each neighbourhood.
FIRST_NODES, NEAR_NODES = 3, 5
#: Neighbourhoods in a row that may bring nothing before the search goes on.
PATIENCE = 8
#: Neighbourhoods in all.
MOST_TRIES = 6


def closed(value: float, bound: float, effort: Effort) -> bool:
    """Whether the gap asked for is proven."""
    return value - bound <= max(effort.gap * abs(value), effort.absolute_gap) + 1e-9


def plan(problem: Problem, effort: Effort | None = None, start: Floats | None = None) -> Solution:
    """The best portfolio found, re-evaluated, with a bound that holds for the objective asked (tail included).

    Each part ends by its own work, so that a busy machine finds what an idle one finds; the seconds are a backstop
    for the whole, and ``stopped`` says "time" where it was reached.
    """
    effort = effort or Effort()
    began = time.perf_counter()
    until = began + effort.seconds
    program = fold_program(problem, tail_weights(problem))
    first = solve(
        problem,
        replace(effort, nodes=min(FIRST_NODES, effort.nodes), seconds=_left(until)),
        start=start,
        program=program,
    )
    best = _at_least_nothing(problem, first)
    if first.stopped == "gap" or closed(best.score, best.bound, effort):
        return replace(best, seconds=time.perf_counter() - began)
    best = _neighbours(problem, program, best, effort, until)
    nodes = effort.nodes - best.nodes
    if not closed(best.score, best.bound, effort) and nodes > 0 and time.perf_counter() < until:
        more = solve(
            problem, replace(effort, nodes=nodes, seconds=_left(until)), start=best.orders, program=program
        )
        bound = max(best.bound, more.bound)
        better = more if more.score < best.score else best
        best = replace(better, bound=bound, nodes=best.nodes + more.nodes, stopped=more.stopped)
    stopped = "gap" if closed(best.score, best.bound, effort) else best.stopped
    return replace(best, seconds=time.perf_counter() - began, stopped=stopped)


def _left(until: float) -> float:
    return max(0.05, until - time.perf_counter())


def _at_least_nothing(problem: Problem, found: Solution) -> Solution:
    """Doing nothing, where the search found no better."""
    nothing = np.zeros_like(found.orders)
    value = score(problem, nothing)
    return replace(found, orders=nothing, score=value) if value < found.score else found


def _neighbours(problem: Problem, program: Program, best: Solution, effort: Effort, until: float) -> Solution:
    rng = np.random.default_rng(effort.seed)
    options, years = best.orders.shape
    idle, tries = 0, 0
    while (
        idle < PATIENCE
        and tries < MOST_TRIES
        and time.perf_counter() < until
        and not closed(best.score, best.bound, effort)
    ):
        free = np.zeros((options, years), dtype=bool)
        if tries % 2 == 0:
            width = min(5, years)
            at = int(rng.integers(0, years - width + 1))
            free[:, at : at + width] = True
        else:
            free[rng.choice(options, max(1, round(0.3 * options)), replace=False)] = True
        tries += 1
        orders = _near(problem, program, best.orders, free, effort, until)
        value = score(problem, orders)
        idle = 0 if value < best.score - 1e-6 * abs(best.score) else idle + 1
        if value < best.score:
            best = replace(best, orders=orders, score=value)
    return best


def _near(
    problem: Problem, program: Program, orders: Floats, free: NDArray[np.bool_], effort: Effort, until: float
) -> Floats:
    """The best orders that differ only where ``free``."""
    n = orders.size
    lower, upper = program.lower.copy(), program.upper.copy()
    fixed = ~free.ravel()
    lower[:n][fixed] = upper[:n][fixed] = orders.ravel()[fixed]
    near = replace(effort, gap=1e-3, absolute_gap=0.0, nodes=NEAR_NODES, seconds=_left(until))
    solver = load(replace(program, lower=lower, upper=upper), near)
    solver.setSolution(n, np.arange(n, dtype=np.int32), orders.ravel())
    run(solver)
    values = np.asarray(solver.getSolution().col_value)
    return np.rint(values[:n]).reshape(orders.shape) if values.size else orders
