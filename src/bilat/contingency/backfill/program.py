# SPDX-License-Identifier: Apache-2.0
"""The plain integer program of a planning problem: new orders, what is missing, limits; solved by HiGHS in SciPy."""

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


def solve(problem: Problem, *, gap: float = 0.01, seconds: float = 60.0, whole: bool = True) -> Solution:
    """The best portfolio found within ``gap`` of the bound; with ``whole`` false the linear relaxation.

    Columns: new orders n[i, t]; u[c, h], units that can be used, where something is missing; m[k], units missing in
    each (effect, year, scenario) that counts.

    Raises
    ------
    DataError
        where no portfolio keeps the limits, or the solver fails.
    """
    p = problem
    orders, years = len(p.options), p.years
    counted = np.argwhere((p.need > 0) & (p.weight * p.probability > 0))
    pairs, place = np.unique(counted[:, :2], axis=0, return_inverse=True)
    of_orders, first = orders * years, orders * years + len(pairs)
    width = first + len(counted)
    cost = np.zeros(width)
    cost[:of_orders] = np.repeat(p.cost_weight * p.price, years)
    cost[first:] = p.weight[tuple(counted.T)] * p.probability[counted[:, 2]]
    limits, most = _limits(p)
    stocks, pair, free = _stocks(p, pairs)
    short = np.arange(len(counted))
    matrix = np.zeros((len(limits) + len(stocks) + len(counted), width))
    matrix[: len(limits), :of_orders] = limits
    matrix[len(limits) : -len(counted) or None, :of_orders] = stocks
    matrix[len(limits) + np.arange(len(stocks)), of_orders + pair] = 1.0
    matrix[len(limits) + len(stocks) + short, of_orders + place.ravel()] = 1.0
    matrix[len(limits) + len(stocks) + short, first + short] = 1.0
    low = np.concatenate([np.full(len(limits) + len(stocks), -np.inf), p.need[tuple(counted.T)]])
    high = np.concatenate([most, free, np.full(len(counted), np.inf)])
    lower, upper = np.zeros(width), np.full(width, np.inf)
    lower[of_orders:first] = -np.inf
    upper[:of_orders] = np.repeat(p.per_year, years)
    integer = np.zeros(width)
    integer[:of_orders] = 1 if whole else 0
    found = milp(
        cost, integrality=integer, bounds=Bounds(lower, upper),
        constraints=LinearConstraint(sparse.csr_matrix(matrix), low, high),
        options={"mip_rel_gap": gap, "time_limit": seconds},
    )  # fmt: skip
    if found.x is None:
        raise DataError(
            f"no portfolio keeps the limits ({found.message.strip()}); check the limits of options.toml"
        )
    new = found.x[:of_orders].reshape(orders, years)
    total = np.cumsum(np.rint(new) if whole else new, axis=1)
    bound = found.mip_dual_bound if whole and found.mip_dual_bound is not None else found.fun
    return Solution(total, score(p, total), float(bound))


def _limits(p: Problem) -> tuple[Floats, Floats]:
    """Rows over new orders (rows, I x Y) and the most of each: orders in all, shared lines, money."""
    orders, years = len(p.options), p.years
    one = np.eye(years)
    whole = np.repeat(np.eye(orders), years, axis=1)
    lines = [np.concatenate([one * (i in line.options) for i in range(orders)], axis=1) for line in p.lines]
    until = np.tri(years) if p.carry_over else one
    money = np.concatenate([price * until for price in p.price], axis=1)
    most = [p.total, *(np.full(years, line.per_year) for line in p.lines), p.money()]
    return np.concatenate([whole, *lines, money]), np.concatenate(most).astype(float)


def _stocks(p: Problem, pairs: np.ndarray) -> tuple[Floats, np.ndarray, Floats]:
    """Rows over new orders (rows, I x Y) of what can be used of each (effect, year) that counts, which pair each row is
    of, and the most of each: used <= free + times x (held + arrived), of the effect itself and of what it requires."""
    rows = []  # pair, whose stock, year, times, free
    for n, (c, h) in enumerate(pairs.tolist()):
        rows.append((n, c, h, 1.0, 0.0))
        rows += [(n, r.provider, h, r.per_unit, r.free) for r in p.requires if r.capability == c]
    if not rows:
        return np.zeros((0, len(p.options) * p.years)), np.zeros(0, int), np.zeros(0)
    pair, of, year, times, free = (np.array(x) for x in zip(*rows, strict=True))
    arrived = np.stack([p.arrived(h) for h in range(p.need_years)])
    there = np.arange(p.years) <= arrived[:, :, None]
    given = times[:, None, None] * p.gives.T[of][:, :, None] * there[year]
    return -given.reshape(len(rows), -1), pair, free + times * p.held[of, year]
