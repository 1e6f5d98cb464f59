# SPDX-License-Identifier: Apache-2.0
"""The plain integer program of a planning problem: new orders, what is missing, limits; solved by
HiGHS in SciPy.
"""

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
    """The best portfolio found within ``gap`` of the bound; with ``whole`` false the linear
    relaxation.

    Columns: new orders n[i, t]; m[k], units missing of each need of an (effect, year): crises that
    need alike miss
    alike. What can be used is the least of the stocks that it rests on, so that each of them is a
    row of its own.

    Raises
    ------
    DataError
        where no portfolio keeps the limits, or the solver fails.
    """
    p = problem
    orders = len(p.options)
    years = p.years
    weight = p.weight * p.probability
    at = np.argwhere((p.need > 0) & (weight > 0))
    needs, alike = np.unique(
        np.column_stack([at[:, :2], p.need[tuple(at.T)]]), axis=0, return_inverse=True
    )
    limits, most = _limits(p)
    stocks, of, there = _stocks(p, needs)
    lacking = np.zeros(len(needs))
    np.add.at(lacking, alike.ravel(), weight[tuple(at.T)])
    # a need on which no order bears is missed whatever is bought, and an order after the last need
    # is not placed
    open_to = np.zeros(len(needs), bool)
    open_to[of[stocks.any(axis=1)]] = True
    least = np.zeros(len(needs))
    np.maximum.at(least, of, needs[of, 2] - there)
    beyond = float(lacking[~open_to] @ least[~open_to])
    stocks, there, of = (x[open_to[of]] for x in (stocks, there, of))
    place = np.cumsum(open_to) - 1
    used = np.flatnonzero(stocks.any(axis=0))
    bought = len(used)
    width = len(used) + int(open_to.sum())
    matrix = np.zeros((len(limits) + len(stocks), width))
    matrix[: len(limits), :bought] = limits[:, used]
    matrix[len(limits) :, :bought] = stocks[:, used]
    matrix[len(limits) + np.arange(len(stocks)), bought + place[of]] = 1.0
    cost = np.zeros(width)
    cost[:bought] = np.repeat(p.cost_weight * p.price, years)[used]
    cost[bought:] = lacking[open_to]
    low = np.concatenate([np.full(len(limits), -np.inf), needs[of, 2] - there])
    high = np.concatenate([most, np.full(len(stocks), np.inf)])
    upper = np.full(width, np.inf)
    upper[:bought] = np.repeat(p.per_year, years)[used]
    integer = np.zeros(width)
    integer[:bought] = 1 if whole else 0
    found = milp(
        cost,
        integrality=integer,
        bounds=Bounds(0.0, upper),
        constraints=LinearConstraint(sparse.csr_matrix(matrix), low, high),
        options={"mip_rel_gap": gap, "time_limit": seconds, "presolve": whole},
    )
    if found.x is None:
        raise DataError(
            f"no portfolio keeps the limits ({found.message.strip()}). Check the limits of "
            "options.toml"
        )
    new = np.zeros(orders * years)
    new[used] = np.rint(found.x[:bought]) if whole else found.x[:bought]
    total = np.cumsum(new.reshape(orders, years), axis=1)
    bound = found.mip_dual_bound if whole and found.mip_dual_bound is not None else found.fun
    return Solution(
        total, score(p, total) if whole else float(found.fun) + beyond, float(bound) + beyond
    )


def _limits(p: Problem) -> tuple[Floats, Floats]:
    """Rows over new orders (rows, I x Y) and the most of each: orders in all, shared lines,
    money.
    """
    orders = len(p.options)
    years = p.years
    one = np.eye(years)
    whole = np.repeat(np.eye(orders), years, axis=1)
    lines = [
        np.concatenate([one * (i in line.options) for i in range(orders)], axis=1)
        for line in p.lines
    ]
    until = np.tri(years) if p.carry_over else one
    money = np.concatenate([price * until for price in p.price], axis=1)
    most = [p.total, *(np.full(years, line.per_year) for line in p.lines), p.money()]
    return np.concatenate([whole, *lines, money]), np.concatenate(most).astype(float)


def _stocks(p: Problem, needs: Floats) -> tuple[Floats, np.ndarray, Floats]:
    """Rows over new orders (rows, I x Y) of what they add to each stock that a need (effect, year,
    units) rests on:
    that of the effect itself, and of what it requires; which need each row is of, and what is there
    without orders."""
    rows = []  # need, whose stock, year, times, free
    for n, (c, h) in enumerate(needs[:, :2].astype(int).tolist()):
        rows.append((n, c, h, 1.0, 0.0))
        rows += [(n, r.provider, h, r.per_unit, r.free) for r in p.requires if r.capability == c]
    if not rows:
        return np.zeros((0, len(p.options) * p.years)), np.zeros(0, int), np.zeros(0)
    need, of, year, times, free = (np.array(x) for x in zip(*rows, strict=True))
    there = np.arange(p.years) <= p.arrived[:, :, None]
    given = times[:, None, None] * p.gives.T[of][:, :, None] * there[year]
    return given.reshape(len(rows), -1), need, free + times * p.held[of, year]
