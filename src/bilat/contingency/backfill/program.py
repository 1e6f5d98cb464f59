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


class _Rows:
    """Rows of a sparse matrix, one at a time."""

    def __init__(self) -> None:
        self.parts: list[tuple[np.ndarray, np.ndarray]] = []
        self.low: list[float] = []
        self.high: list[float] = []

    def add(self, columns: list[int], values: list[float], low: float, high: float) -> None:
        self.parts.append((np.asarray(columns), np.asarray(values, dtype=float)))
        self.low.append(low)
        self.high.append(high)

    def constraint(self, width: int) -> LinearConstraint:
        row = np.repeat(np.arange(len(self.parts)), [len(c) for c, _ in self.parts])
        column = np.concatenate([c for c, _ in self.parts]) if self.parts else np.zeros(0, int)
        value = np.concatenate([v for _, v in self.parts]) if self.parts else np.zeros(0)
        matrix = sparse.csr_matrix((value, (row, column)), shape=(len(self.parts), width))
        return LinearConstraint(matrix, np.asarray(self.low), np.asarray(self.high))


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
    pairs = sorted({(int(c), int(h)) for c, h, _ in counted})
    used = {pair: orders * years + n for n, pair in enumerate(pairs)}
    first = orders * years + len(pairs)
    width = first + len(counted)
    cost = np.zeros(width)
    cost[: orders * years] = np.repeat(p.cost_weight * p.price, years)
    rows = _Rows()
    _limits(p, rows)
    for (c, h), column in used.items():
        _stock(p, rows, column, c, h, 1.0, 0.0)
        for r in p.requires:
            if r.capability == c:
                _stock(p, rows, column, r.provider, h, r.per_unit, r.free)
    for k, (c, h, s) in enumerate(counted):
        cost[first + k] = p.weight[c, h, s] * p.probability[s]
        rows.add([used[int(c), int(h)], first + k], [1.0, 1.0], float(p.need[c, h, s]), np.inf)
    lower, upper = np.zeros(width), np.full(width, np.inf)
    lower[orders * years : first] = -np.inf
    upper[: orders * years] = np.repeat(p.per_year, years)
    integer = np.zeros(width)
    integer[: orders * years] = 1 if whole else 0
    found = milp(
        cost, integrality=integer, bounds=Bounds(lower, upper), constraints=rows.constraint(width),
        options={"mip_rel_gap": gap, "time_limit": seconds},
    )  # fmt: skip
    if found.x is None:
        raise DataError(
            f"no portfolio keeps the limits ({found.message.strip()}); check the limits of options.toml"
        )
    new = found.x[: orders * years].reshape(orders, years)
    total = np.cumsum(np.rint(new) if whole else new, axis=1)
    bound = found.mip_dual_bound if whole and found.mip_dual_bound is not None else found.fun
    return Solution(total, score(p, total), float(bound))


def _limits(p: Problem, rows: _Rows) -> None:
    """Orders in all, shared lines, money."""
    years = p.years
    for i in range(len(p.options)):
        rows.add(list(range(i * years, (i + 1) * years)), [1.0] * years, -np.inf, float(p.total[i]))
    for line in p.lines:
        for t in range(years):
            rows.add(
                [i * years + t for i in line.options],
                [1.0] * len(line.options),
                -np.inf,
                float(line.per_year),
            )
    limit = p.money()
    for t in range(years):
        since = range(t + 1) if p.carry_over else (t,)
        columns = [i * years + u for i in range(len(p.options)) for u in since]
        rows.add(
            columns,
            [float(p.price[i]) for i in range(len(p.options)) for _ in since],
            -np.inf,
            float(limit[t]),
        )


def _stock(p: Problem, rows: _Rows, column: int, c: int, h: int, times: float, free: float) -> None:
    """used <= free + times x (held + arrived)."""
    at = p.arrived(h)
    columns, values = [column], [1.0]
    for i in np.flatnonzero(p.gives[:, c]):
        columns += [int(i) * p.years + t for t in range(int(at[i]) + 1)]
        values += [-times * float(p.gives[i, c])] * (int(at[i]) + 1)
    rows.add(columns, values, -np.inf, free + times * float(p.held[c, h]))
