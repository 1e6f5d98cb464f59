# SPDX-License-Identifier: Apache-2.0
"""The integer program of a planning problem, solved by HiGHS in SciPy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from bilat.contingency.backfill.problem import Floats, Problem, score
from bilat.errors import DataError


@dataclass(frozen=True)
class Solution:
    """Cumulative orders (I, Y), their score, and a bound that no portfolio beats."""

    orders: Floats
    score: float
    bound: float

    @property
    def gap(self) -> float:
        """How far the score may lie above the best possible, as a share of it."""
        return max(0.0, self.score - self.bound) / max(abs(self.score), 1e-12)


def solve(
    problem: Problem, *, gap: float = 0.01, seconds: float = 60.0, whole: bool = True
) -> Solution:
    """Return the best portfolio found within ``gap`` of the bound.

    The columns are new orders n[i, t], and m[k], the units missing of each need of an effect in a
    year: crises with the same need miss the same. What can be used is the least of the stocks that
    it rests on, so each stock has a row.

    Parameters
    ----------
    problem
        options, needs and limits.
    gap
        how far the score may lie above the bound, as a share of it.
    seconds
        how long the solver may run.
    whole
        whether orders are whole numbers; otherwise the linear relaxation is solved.

    Raises
    ------
    DataError
        where no portfolio keeps the limits, or the solver fails.
    """
    needs, weights = _distinct_needs(problem)
    stocks = _stocks(problem, needs)
    # A need on which no order bears is missed whatever is bought.
    can_be_met = np.zeros(len(needs), bool)
    can_be_met[stocks.need[stocks.rows.any(axis=1)]] = True
    missed_anyway = float(weights[~can_be_met] @ _least_missing(needs, stocks)[~can_be_met])
    program = _program(problem, needs, stocks.of_needs(can_be_met), can_be_met, weights)
    found = milp(
        program.cost,
        integrality=program.is_order * int(whole),
        bounds=Bounds(0.0, program.most),
        constraints=program.constraint,
        options={"mip_rel_gap": gap, "time_limit": seconds, "presolve": whole},
    )
    if found.x is None:
        raise DataError(
            f"no portfolio keeps the limits ({found.message.strip()}). Check the limits of "
            "options.toml"
        )
    total = _cumulative(problem, program, found.x, whole=whole)
    has_bound = whole and found.mip_dual_bound is not None
    bound = found.mip_dual_bound if has_bound else found.fun
    best = score(problem, total) if whole else float(found.fun) + missed_anyway
    return Solution(total, best, float(bound) + missed_anyway)


@dataclass(frozen=True)
class _Stocks:
    """What orders add to each stock that a need rests on.

    Parameters
    ----------
    rows
        units that a new order adds (rows, I x Y).
    need
        which need each row belongs to.
    without_orders
        units that are there without any order.
    """

    rows: Floats
    need: np.ndarray
    without_orders: Floats

    def of_needs(self, chosen: np.ndarray) -> _Stocks:
        """Return the rows of the needs that are chosen (a flag a need)."""
        kept = chosen[self.need]
        return _Stocks(self.rows[kept], self.need[kept], self.without_orders[kept])


@dataclass(frozen=True)
class _Program:
    """The columns and rows that HiGHS is given.

    Parameters
    ----------
    cost
        of each column: first the new orders that are used, then the units missing of each need.
    is_order
        1 for a column of new orders, 0 for one of missing units.
    most
        the greatest value of each column.
    constraint
        the limits, and a row for each stock.
    used
        which of the I x Y new orders have a column: one after the last need is not placed.
    """

    cost: Floats
    is_order: Floats
    most: Floats
    constraint: LinearConstraint
    used: np.ndarray


def _distinct_needs(problem: Problem) -> tuple[Floats, Floats]:
    """Return the needs (effect, year, units), each once, and the weight of all crises that have it."""
    weight = problem.weight * problem.probability
    at = np.argwhere((problem.need > 0) & (weight > 0))
    each = np.column_stack([at[:, :2], problem.need[tuple(at.T)]])
    needs, number = np.unique(each, axis=0, return_inverse=True)
    weights = np.zeros(len(needs))
    np.add.at(weights, number.ravel(), weight[tuple(at.T)])
    return needs, weights


def _least_missing(needs: Floats, stocks: _Stocks) -> Floats:
    """Return the units that each need misses without any order: by the stock that lacks most."""
    missing = np.zeros(len(needs))
    np.maximum.at(missing, stocks.need, needs[stocks.need, 2] - stocks.without_orders)
    return missing


def _program(
    problem: Problem, needs: Floats, stocks: _Stocks, can_be_met: np.ndarray, weights: Floats
) -> _Program:
    limits, most_of_limit = _limits(problem)
    used = np.flatnonzero(stocks.rows.any(axis=0))
    orders = len(used)
    columns = orders + int(can_be_met.sum())
    column_of_need = orders + np.cumsum(can_be_met) - 1
    matrix = np.zeros((len(limits) + len(stocks.rows), columns))
    matrix[: len(limits), :orders] = limits[:, used]
    matrix[len(limits) :, :orders] = stocks.rows[:, used]
    row_of_stock = len(limits) + np.arange(len(stocks.rows))
    matrix[row_of_stock, column_of_need[stocks.need]] = 1.0
    cost = np.zeros(columns)
    cost[:orders] = np.repeat(problem.cost_weight * problem.price, problem.years)[used]
    cost[orders:] = weights[can_be_met]
    most = np.full(columns, np.inf)
    most[:orders] = np.repeat(problem.per_year, problem.years)[used]
    is_order = np.zeros(columns)
    is_order[:orders] = 1
    lacking = needs[stocks.need, 2] - stocks.without_orders
    low = np.concatenate([np.full(len(limits), -np.inf), lacking])
    high = np.concatenate([most_of_limit, np.full(len(stocks.rows), np.inf)])
    constraint = LinearConstraint(sparse.csr_matrix(matrix), low, high)
    return _Program(cost, is_order, most, constraint, used)


def _cumulative(problem: Problem, program: _Program, found: Floats, *, whole: bool) -> Floats:
    """Return the orders placed up to each year (I, Y)."""
    placed = found[: len(program.used)]
    new = np.zeros(len(problem.options) * problem.years)
    new[program.used] = np.rint(placed) if whole else placed
    return np.cumsum(new.reshape(len(problem.options), problem.years), axis=1)


def _limits(problem: Problem) -> tuple[Floats, Floats]:
    """Rows over new orders (rows, I x Y) and the most of each: orders in all, shared lines,
    money.
    """
    orders = len(problem.options)
    years = problem.years
    one = np.eye(years)
    whole = np.repeat(np.eye(orders), years, axis=1)
    lines = [
        np.concatenate([one * (i in line.options) for i in range(orders)], axis=1)
        for line in problem.lines
    ]
    until = np.tri(years) if problem.carry_over else one
    money = np.concatenate([price * until for price in problem.price], axis=1)
    most = [
        problem.total,
        *(np.full(years, line.per_year) for line in problem.lines),
        problem.money(),
    ]
    return np.concatenate([whole, *lines, money]), np.concatenate(most).astype(float)


def _stocks(problem: Problem, needs: Floats) -> _Stocks:
    """Return the stocks of each need: that of the effect itself, and of what it requires."""
    rows = []
    for n, (effect, year) in enumerate(needs[:, :2].astype(int).tolist()):
        rows.append((n, effect, year, 1.0, 0.0))
        required = (r for r in problem.requires if r.capability == effect)
        rows += [(n, r.provider, year, r.per_unit, r.free) for r in required]
    if not rows:
        return _Stocks(
            np.zeros((0, len(problem.options) * problem.years)), np.zeros(0, int), np.zeros(0)
        )
    need, provider, year, per_unit, free = (np.array(x) for x in zip(*rows, strict=True))
    has_arrived = np.arange(problem.years) <= problem.arrived[:, :, None]
    added = per_unit[:, None, None] * problem.gives.T[provider][:, :, None] * has_arrived[year]
    without_orders = free + per_unit * problem.held[provider, year]
    return _Stocks(added.reshape(len(rows), -1), need, without_orders)
