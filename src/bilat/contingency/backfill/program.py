# SPDX-License-Identifier: Apache-2.0
"""The folded program: cumulative integer orders, one row a capability and year, solved by HiGHS.

Columns are the cumulative orders N[i, t], then one column for each segment of each curve. Convexity
fills the segments in order, so only the orders are integer.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from bilat.contingency.backfill.curve import fold, lattice_step
from bilat.contingency.backfill.problem import Floats, Problem, score
from bilat.contingency.backfill.solver import quiet_solver
from bilat.errors import DataError

#: Below this the relative gap means nothing: the gap to the score of doing nothing is asked for.
TINY = 1e-9
#: Seconds after which a search stops whatever it has: far beyond what its nodes take, so that a slow or busy machine
#: gives the answer of a fast one.
BACKSTOP = 600.0


@dataclass(frozen=True)
class Effort:
    """When a search may stop: proven gap, work (branch-and-bound nodes), and a backstop in seconds."""

    gap: float = 0.01
    absolute_gap: float = 0.0
    nodes: int = 2_000
    seconds: float = BACKSTOP
    seed: int = 0


@dataclass(frozen=True)
class Rows:
    """Where the kinds of rows stand in a program, so that its duals can be read."""

    budget: slice
    arrival: slice
    order_columns: int


@dataclass(frozen=True)
class Program:
    """A linear program with integer marks, ready for a solver."""

    cost: Floats
    lower: Floats
    upper: Floats
    integer: Floats
    matrix: sparse.csr_matrix
    row_lower: Floats
    row_upper: Floats
    constant: float
    rows: Rows


@dataclass(frozen=True)
class Solution:
    """A portfolio, its score by re-evaluation, and the bound that no portfolio can go below."""

    orders: Floats
    score: float
    bound: float
    seconds: float
    nodes: int
    stopped: str  #: "gap", "optimal", "nodes" or "time"

    @property
    def gap(self) -> float:
        """Proven gap relative to the score."""
        return max(0.0, self.score - self.bound) / max(abs(self.score), TINY)


class Builder:
    """Collects rows and columns of a program."""

    def __init__(self, orders: int) -> None:
        self.cost = [np.zeros(orders)]
        self.lower = [np.zeros(orders)]
        self.upper = [np.zeros(orders)]
        self.columns = orders
        self.entries: list[
            tuple[Sequence[int] | Floats, Sequence[int] | Floats, Sequence[float] | Floats]
        ] = []
        self.row_lower: list[float] = []
        self.row_upper: list[float] = []

    def column(self, cost: Floats, lower: Floats, upper: Floats) -> int:
        """Add columns; the index of the first."""
        first = self.columns
        self.cost.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        self.columns += len(cost)
        return first

    def row(self, columns: Sequence[int], values: Sequence[float], low: float, high: float) -> None:
        """Add one row."""
        self.entries.append(([len(self.row_lower)] * len(columns), columns, values))
        self.row_lower.append(low)
        self.row_upper.append(high)

    def program(self, constant: float, rows: Rows, orders: int) -> Program:
        """The finished program; the first ``orders`` columns are integer."""
        at = np.concatenate([np.asarray(e[0], dtype=np.int64) for e in self.entries])
        columns = np.concatenate([np.asarray(e[1], dtype=np.int64) for e in self.entries])
        values = np.concatenate([np.asarray(e[2], dtype=float) for e in self.entries])
        shape = (len(self.row_lower), self.columns)
        integer = np.zeros(self.columns)
        integer[:orders] = 1
        return Program(
            np.concatenate(self.cost), np.concatenate(self.lower), np.concatenate(self.upper), integer,
            sparse.csr_matrix((values, (at, columns)), shape=shape),
            np.asarray(self.row_lower), np.asarray(self.row_upper), constant, rows,
        )  # fmt: skip


def order_rows(problem: Problem, build: Builder) -> slice:
    """Limits on orders and money, which every form of the program shares; where the budget rows stand."""
    years = problem.years
    index = np.arange(len(problem.options) * years).reshape(len(problem.options), years)
    build.upper[0] = (
        np.minimum(problem.total[:, None], problem.per_year[:, None] * np.arange(1, years + 1)[None, :])
        .ravel()
        .astype(float)
    )
    build.cost[0].reshape(index.shape)[:, -1] = problem.cost_weight * problem.price
    for i in range(len(problem.options)):
        for t in range(1, years):
            build.row([index[i, t], index[i, t - 1]], [1.0, -1.0], 0.0, float(problem.per_year[i]))
    for line in problem.lines:
        for t in range(years):
            now = [int(index[i, t]) for i in line.options]
            before = [int(index[i, t - 1]) for i in line.options] if t else []
            build.row(now + before, [1.0] * len(now) + [-1.0] * len(before), -np.inf, float(line.per_year))
    first = len(build.row_lower)
    limit = problem.cumulative_budget() if problem.carry_over else problem.budget
    for t in range(years):
        now = [int(k) for k in index[:, t]]
        prices = [float(p) for p in problem.price]
        if problem.carry_over or t == 0:
            build.row(now, prices, -np.inf, float(limit[t]))
        else:
            before = [int(k) for k in index[:, t - 1]]
            build.row(now + before, prices + [-p for p in prices], -np.inf, float(limit[t]))
    return slice(first, len(build.row_lower))


def arrivals(problem: Problem, capability: int, year: int) -> tuple[list[int], list[float]]:
    """Order columns and units that stand in ``capability`` in ``year``."""
    at = problem.arrived(year)
    some = np.flatnonzero((np.abs(problem.gives[:, capability]) > 1e-12) & (at >= 0))
    columns = [int(i * problem.years + at[i]) for i in some]
    return columns, [float(problem.gives[i, capability]) for i in some]


def fold_program(problem: Problem, pi: Floats | None = None, lattice: bool = True) -> Program:
    """The folded program of a problem, for scenario weights ``pi`` (S), or (C, H, S); default: probabilities."""
    years, horizon = problem.years, problem.need_years
    orders = len(problem.options) * years
    build = Builder(orders)
    budget = order_rows(problem, build)
    first, constant = len(build.row_lower), 0.0
    weights = problem.probability if pi is None else pi
    segments: dict[tuple[int, int], tuple[int, int, float]] = {}
    for c in range(len(problem.capabilities)):
        step = lattice_step(problem.gives[:, c]) if lattice else 0.0
        if any(r.capability == c for r in problem.requires):
            step = 0.0  # what a provider supports lies on another lattice
        for h in range(horizon):
            columns, units = arrivals(problem, c, h)
            reach = np.asarray(units) * build.upper[0][columns] if columns else np.zeros(0)
            held = float(problem.held[c, h])
            low, high = held + float(reach[reach < 0].sum()), held + float(reach[reach > 0].sum())
            for r in problem.requires:
                if r.capability == c:
                    low = min(low, r.free + r.per_unit * _lowest(problem, build, r.provider, h))
            pi_here = weights if weights.ndim == 1 else weights[c, h]
            curve = fold(problem.need[c, h], pi_here, low, high, step, held)
            worth = float(problem.weight[c, h])
            constant += worth * curve.at_start
            count = curve.lengths.size
            y = build.column(worth * curve.slopes, np.zeros(count), curve.lengths)
            segments[c, h] = (y, count, curve.start)
            build.row(
                [*columns, *range(y, y + count)], [*units, *([-1.0] * count)], curve.start - held, np.inf
            )
    arrival = slice(first, len(build.row_lower))
    for r in problem.requires:
        for h in range(horizon):
            y, count, start = segments[r.capability, h]
            columns, units = arrivals(problem, r.provider, h)
            build.row(
                [*columns, *range(y, y + count)],
                [*(r.per_unit * u for u in units), *([-1.0] * count)],
                start - r.free - r.per_unit * float(problem.held[r.provider, h]),
                np.inf,
            )
    return build.program(constant, Rows(budget, arrival, orders), orders)


def _lowest(problem: Problem, build: Builder, capability: int, year: int) -> float:
    columns, units = arrivals(problem, capability, year)
    reach = np.asarray(units) * build.upper[0][columns] if columns else np.zeros(0)
    return float(problem.held[capability, year]) + float(reach[reach < 0].sum())


def load(program: Program, effort: Effort, integer: bool = True) -> highspy.Highs:
    """A quiet HiGHS with the program in it."""
    solver = quiet_solver()
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", effort.seed)
    solver.setOptionValue("mip_rel_gap", effort.gap)
    solver.setOptionValue("mip_abs_gap", max(effort.absolute_gap, 1e-9))
    solver.setOptionValue("mip_max_nodes", effort.nodes)
    solver.setOptionValue("time_limit", effort.seconds)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = program.cost.size, program.row_lower.size
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = program.cost, program.lower, program.upper
    lp.row_lower_, lp.row_upper_ = program.row_lower, program.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = program.matrix.indptr
    lp.a_matrix_.index_ = program.matrix.indices
    lp.a_matrix_.value_ = program.matrix.data
    lp.offset_ = program.constant
    if integer:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(k)] for k in program.integer]
    solver.passModel(lp)
    return solver


def run(solver: highspy.Highs) -> str:
    """Run; why it stopped. Raises :class:`DataError` where no portfolio can exist."""
    solver.run()
    status = solver.getModelStatus()
    known = {
        highspy.HighsModelStatus.kOptimal: "gap",
        highspy.HighsModelStatus.kTimeLimit: "time",
        highspy.HighsModelStatus.kSolutionLimit: "nodes",
        highspy.HighsModelStatus.kIterationLimit: "nodes",
    }
    if status not in known:
        raise DataError(f"the solver stopped with: {solver.modelStatusToString(status)}")
    return known[status]


def solve(
    problem: Problem,
    effort: Effort | None = None,
    *,
    start: Floats | None = None,
    program: Program | None = None,
) -> Solution:
    """The best portfolio found and a proven bound, for the expectation (``tail.share`` 0) or given weights."""
    effort = effort or Effort()
    began = time.perf_counter()
    program = program or fold_program(problem)
    solver = load(program, effort)
    if start is not None:
        solver.setSolution(start.size, np.arange(start.size, dtype=np.int32), start.ravel())
    stopped = run(solver)
    info = solver.getInfo()
    values = np.asarray(solver.getSolution().col_value)
    shape = (len(problem.options), problem.years)
    orders = (
        np.rint(values[: program.rows.order_columns]).reshape(shape) + 0.0 if values.size else np.zeros(shape)
    )
    return Solution(
        orders, score(problem, orders), float(info.mip_dual_bound), time.perf_counter() - began,
        int(info.mip_node_count), stopped,
    )  # fmt: skip
