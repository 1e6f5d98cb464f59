# SPDX-License-Identifier: Apache-2.0
"""The plain form, one shortfall for each capability, year and scenario: for checks, and for the joint tail.

CVaR of the total couples the capabilities, so it cannot be folded. Its linear program gives the weights of
the scenarios in the tail: the duals of the tail rows over the tail's share (Rockafellar and Uryasev 2000).
"""

from __future__ import annotations

import numpy as np

from bilat.contingency.backfill.problem import Floats, Ints, Problem
from bilat.contingency.backfill.program import Builder, Effort, Program, Rows, arrivals, load, order_rows, run


def plain_program(problem: Problem) -> tuple[Program, slice]:
    """The plain program with the tail of the problem, and where its tail rows stand (empty without one)."""
    orders = len(problem.options) * problem.years
    build = Builder(orders)
    budget = order_rows(problem, build)
    c, h, s = problem.need.shape
    share = problem.tail.share
    cost = (1 - share) * problem.weight[:, :, None] * problem.probability[None, None, :]
    first = build.column(cost.ravel(), np.zeros(cost.size), np.full(cost.size, np.inf))
    missing = np.arange(first, first + cost.size).reshape(c, h, s)
    at = len(build.row_lower)
    for k in range(c):
        for year in range(h):
            columns, units = arrivals(problem, k, year)
            for z in range(s):
                lack = float(problem.need[k, year, z] - problem.held[k, year])
                build.row([*columns, int(missing[k, year, z])], [*units, 1.0], lack, np.inf)
    arrival = slice(at, len(build.row_lower))
    for r in problem.requires:
        for year in range(h):
            columns, units = arrivals(problem, r.provider, year)
            for z in range(s):
                supported = r.free + r.per_unit * float(problem.held[r.provider, year])
                build.row(
                    [*columns, int(missing[r.capability, year, z])], [*(r.per_unit * u for u in units), 1.0],
                    float(problem.need[r.capability, year, z]) - supported, np.inf,
                )  # fmt: skip
    tail = _tail_rows(problem, build, missing) if share else slice(0, 0)
    return build.program(0.0, Rows(budget, arrival, orders), orders), tail


def _tail_rows(problem: Problem, build: Builder, missing: Ints) -> slice:
    """v_s >= Z_s - eta, with eta + sum q v / (1 - level) in the objective."""
    share, level = problem.tail.share, problem.tail.level
    s = len(problem.scenarios)
    eta = build.column(np.array([share]), np.array([0.0]), np.array([np.inf]))
    v = build.column(share * problem.probability / (1 - level), np.zeros(s), np.full(s, np.inf))
    first = len(build.row_lower)
    worth = problem.weight.ravel()
    for z in range(s):
        columns = [int(k) for k in missing[:, :, z].ravel()]
        build.row([*columns, eta, v + z], [*(-worth), 1.0, 1.0], 0.0, np.inf)
    return slice(first, len(build.row_lower))


def tail_weights(problem: Problem, effort: Effort | None = None) -> Floats:
    """Scenario weights (S) under which the expectation is the risk-adjusted objective; they sum to 1."""
    share = problem.tail.share
    if not share or len(problem.scenarios) == 1:
        return problem.probability
    program, rows = plain_program(problem)
    solver = load(program, effort or Effort(), integer=False)
    run(solver)
    duals = np.maximum(0.0, np.asarray(solver.getSolution().row_dual)[rows]) / share
    if duals.sum() <= 0:
        return problem.probability
    return np.asarray((1 - share) * problem.probability + share * duals / duals.sum())


def plain_score(
    problem: Problem, effort: Effort | None = None, integer: bool = True
) -> tuple[Floats, float, float]:
    """Orders (I, Y), objective and bound of the plain form."""
    program, _ = plain_program(problem)
    solver = load(program, effort or Effort(), integer)
    run(solver)
    info = solver.getInfo()
    found = np.asarray(solver.getSolution().col_value)[: program.rows.order_columns]
    orders = found.reshape(len(problem.options), problem.years)
    value = float(info.objective_function_value)
    return orders, value, float(info.mip_dual_bound) if integer else value
