# SPDX-License-Identifier: Apache-2.0
"""What a planner asks of the model beyond one portfolio: money, what no money removes, regret, alternatives."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bilat.contingency.backfill.assemble import Question, assemble, changed, drawn, parts
from bilat.contingency.backfill.inputs import Inputs, Quantity
from bilat.contingency.backfill.plain import tail_weights
from bilat.contingency.backfill.problem import Floats, Problem, Tail, by_scenario, score, spent
from bilat.contingency.backfill.program import Effort, Program, Solution, fold_program, load, run
from bilat.contingency.backfill.search import plan
from bilat.errors import DataError

#: Orders of the first years are what a budget of today decides.
EARLY = 3


@dataclass(frozen=True)
class Relaxed:
    """The linear program: fractional orders (I, Y), value, and what one more $bn brings (points)."""

    orders: Floats
    value: float
    once: float  #: $1bn more, once, in the first year
    every_year: float  #: $1bn more in every year


def relaxed(problem: Problem, pi: Floats | None = None) -> Relaxed:
    """The linear relaxation, a lower bound, with the shadow prices of money."""
    weights = tail_weights(problem) if pi is None else pi
    program = fold_program(problem, weights, lattice=False)
    solver = load(program, Effort(), integer=False)
    run(solver)
    found = solver.getSolution()
    dual = np.asarray(found.row_dual)[program.rows.budget]
    orders = np.asarray(found.col_value)[: program.rows.order_columns]
    years = np.arange(1, problem.years + 1) if problem.carry_over else np.ones(problem.years)
    once = dual.sum() if problem.carry_over else dual[0]
    return Relaxed(
        orders.reshape(len(problem.options), problem.years), float(solver.getInfo().objective_function_value),
        float(once), float((years * dual).sum()),
    )  # fmt: skip


def front(
    inputs: Inputs, question: Question, budgets: Sequence[float], effort: Effort
) -> list[dict[str, float]]:
    """Budget a year against shortfall; each point with its bound. A cheaper portfolio is never lost."""
    points: list[dict[str, float]] = []
    best: Solution | None = None
    for b in sorted(budgets):
        problem = assemble(inputs, replace(question, budget=b))
        found = plan(problem, effort, start=best.orders if best else None)
        if best is not None and best.score < found.score:
            found = replace(found, orders=best.orders, score=best.score)
        best = found
        points.append(
            {
                "budget": b,
                "score": found.score,
                "bound": found.bound,
                "spent": spent(problem, found.orders),
                "nothing": score(problem, np.zeros_like(found.orders)),
            }
        )
    return points


def settled(problem: Problem) -> Problem:
    """The problem with its risk-adjusted scenario weights as probabilities, so that the tail needs no more care."""
    if not problem.tail.share:
        return problem
    return problem.with_(probability=tail_weights(problem), tail=Tail())


def unlimited(problem: Problem) -> Problem:
    """The problem with more money than there is to buy."""
    most = float(problem.price @ np.minimum(problem.total, problem.per_year * problem.years)) + 1.0
    return problem.with_(budget=np.full(problem.years, most))


def floor(problem: Problem) -> dict[str, float]:
    """Points that no money removes, and what is left of them with lead times or line limits gone (LP bounds).

    Keys: nothing, floor, without_lead_times, without_line_limits, without_both.
    """
    rich = unlimited(problem)
    # as many as all the need asks for, at once
    many = np.full(
        len(problem.options), 10 * math.ceil(float(problem.need.max(initial=1.0)) + 1), dtype=np.int64
    )
    now = np.zeros_like(problem.lead)
    free = {"per_year": many, "total": np.maximum(problem.total, many * problem.years), "lines": ()}
    fast = {"lead": now, "not_before": ()}

    def value(changes: dict[str, object]) -> float:
        return relaxed(unlimited(rich.with_(**changes, cost_weight=0.0))).value

    return {
        "nothing": score(problem, np.zeros((len(problem.options), problem.years))),
        "floor": value({}),
        "without_lead_times": value(fast),
        "without_line_limits": value(free),
        "without_both": value({**free, **fast}),
    }


def floor_share(problem: Problem) -> float:
    """The part of doing nothing that money without limit leaves (LP); 0 where nothing is missing."""
    base = score(problem, np.zeros((len(problem.options), problem.years)))
    return relaxed(unlimited(problem).with_(cost_weight=0.0)).value / base if base else 0.0


def problems(
    inputs: Inputs, question: Question, count: int, seed: int
) -> Iterator[tuple[Problem, list[float]]]:
    """Each draw: its problem, and the numbers that vary in the order of ``varying``."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        pick = drawn(rng)
        problem = assemble(inputs, question, pick, rng)
        yield problem, [pick(q) for q in varying(inputs)]


def varying(inputs: Inputs) -> list[Quantity]:
    """The numbers that the draws vary."""
    return [q for q in inputs.quantities() if q.varies]


def floor_shares(inputs: Inputs, question: Question, count: int, seed: int) -> list[float]:
    """``floor_share`` of each draw, the same draws as those of ``draws``: without their plans, so quick."""
    return [floor_share(problem) for problem, _ in problems(inputs, question, count, seed)]


def floor_by_run_off(inputs: Inputs, question: Question) -> dict[str, float]:
    """``floor_share`` by how many years the need counts beyond the last order: fewest, central and most."""
    q = inputs.settings["run_off"]
    return {
        f"{years:g}": floor_share(assemble(changed(inputs, {q.name: years}), question))
        for years in sorted({q.low, q.value, q.high})
    }


def levers(problem: Problem) -> list[dict[str, object]]:
    """For each option: points won by one year less lead, one more a year, and lost where it is forbidden (LP)."""
    base = relaxed(problem).value
    rows: list[dict[str, object]] = []
    for i, name in enumerate(problem.options):
        sooner, more = problem.lead.copy(), problem.per_year.copy()
        sooner[i], more[i] = max(0, sooner[i] - 1), more[i] + 1
        total, none = problem.total.copy(), problem.total.copy()
        total[i], none[i] = total[i] + problem.years, 0
        lines = tuple(replace(x, per_year=x.per_year + 1) if i in x.options else x for x in problem.lines)
        rows.append(
            {
                "option": name,
                "lead_less_one_year": base - relaxed(problem.with_(lead=sooner)).value,
                "one_more_a_year": base
                - relaxed(problem.with_(per_year=more, total=total, lines=lines)).value,
                "forbidden": relaxed(problem.with_(total=none)).value - base,
            }
        )
    return rows


def price_list(problem: Problem) -> list[dict[str, object]]:
    """$bn for one percent of the American part of a capability, cheapest first: what a planner checks by hand."""
    most = problem.need.max(axis=(1, 2))
    rows = [
        {
            "option": problem.options[i],
            "capability": problem.capabilities[c],
            "bn_per_percent": float(problem.price[i] * most[c] / 100 / problem.gives[i, c]),
        }
        for i, c in zip(*np.nonzero(problem.gives > 0), strict=True)
        if most[c] > 0
    ]
    return sorted(rows, key=lambda r: float(r["bn_per_percent"]))


def rule_of_thumb(problem: Problem) -> Floats:
    """Orders (I, Y) of the plain rule: every year the cheapest first by $bn a percent, until the most is filled.

    The rival that the plan must beat: it knows prices and limits, and neither scenarios nor lead times.
    """
    most = problem.need.max(axis=(1, 2))
    index = {k: i for i, k in enumerate(problem.options)}
    at = {k: c for c, k in enumerate(problem.capabilities)}
    orders = np.zeros((len(problem.options), problem.years))
    filled = np.zeros(len(problem.capabilities))
    purse = 0.0
    for t in range(problem.years):
        purse = (purse if problem.carry_over else 0.0) + float(problem.budget[t])
        new = np.zeros(len(problem.options))
        for row in price_list(problem):
            i, c = index[str(row["option"])], at[str(row["capability"])]
            room = [problem.per_year[i] - new[i], problem.total[i] - orders[i].max() - new[i]]
            room += [x.per_year - sum(new[k] for k in x.options) for x in problem.lines if i in x.options]
            lack = math.ceil(max(0.0, most[c] - filled[c]) / problem.gives[i, c] - 1e-9)
            n = max(0, math.floor(min(*room, lack, purse / problem.price[i] + 1e-9)))
            new[i] += n
            purse -= n * float(problem.price[i])
            filled += n * problem.gives[i]
        orders[:, t:] += new[:, None]
    return orders


def scenario_regret(problem: Problem, orders: Floats) -> list[dict[str, object]]:
    """By scenario: points of this portfolio, and of the one ordered by somebody who knew from the first year."""
    here = by_scenario(problem, orders)
    nothing = by_scenario(problem, np.zeros_like(orders))
    rows: list[dict[str, object]] = []
    for s, name in enumerate(problem.scenarios):
        sure = np.zeros(len(problem.scenarios))
        sure[s] = 1.0
        best = relaxed(problem.with_(probability=sure, cost_weight=0.0, tail=Tail())).value
        rows.append(
            {
                "scenario": name,
                "probability": float(problem.probability[s]),
                "nothing": float(nothing[s]),
                "portfolio": float(here[s]),
                "foresight": best,
                "regret": max(0.0, float(here[s]) - best),
            }
        )
    return rows


def _near(problem: Problem, limit: float) -> Program:
    """The folded program with the score held at ``limit``; its own objective is to be replaced."""
    from scipy import sparse

    program = fold_program(problem, lattice=False)
    matrix = sparse.vstack([program.matrix, sparse.csr_matrix(program.cost)]).tocsr()
    return replace(
        program,
        matrix=matrix,
        row_lower=np.append(program.row_lower, -np.inf),
        row_upper=np.append(program.row_upper, limit - program.constant),
        constant=0.0,
    )


def needed(problem: Problem, best: float, slack: float = 0.02) -> list[dict[str, object]]:
    """Least and most orders of each option in portfolios within ``slack`` of the best (LP: outer bounds)."""
    program = _near(problem, best * (1 + slack))
    rows: list[dict[str, object]] = []
    for i, name in enumerate(problem.options):
        ends = []
        for sign in (1.0, -1.0):
            cost = np.zeros_like(program.cost)
            cost[(i + 1) * problem.years - 1] = sign
            solver = load(replace(program, cost=cost), Effort(), integer=False)
            run(solver)
            ends.append(sign * float(solver.getInfo().objective_function_value))
        rows.append({"option": name, "least": max(0.0, ends[0]), "most": ends[1]})
    return rows


def without_the_others(problem: Problem, rows: Sequence[Mapping[str, object]]) -> float:
    """Least gap if everything that ``needed`` says can be left out, one at a time, is left out together (LP bound)."""
    total = problem.total.copy()
    total[[i for i, row in enumerate(rows) if not is_needed(row)]] = 0
    return relaxed(problem.with_(total=total)).value


def is_needed(row: Mapping[str, object]) -> bool:
    """Whether a row of ``needed`` says that every portfolio within the slack orders the option."""
    return float(row["least"]) >= 0.5  # type: ignore[arg-type]


def alternatives(
    problem: Problem, best: Solution, count: int, effort: Effort, slack: float = 0.02
) -> list[dict[str, object]]:
    """Whole portfolios within ``slack`` of the best that move the most early money away from those before.

    Hop, skip and jump (Brill 1979): the money of earlier portfolios' early orders is made dear.
    """
    limit = best.score * (1 + slack)
    program = _near(problem, limit)
    early = min(EARLY, problem.years) - 1
    columns = np.arange(len(problem.options)) * problem.years + early
    seen = [best.orders]
    rows: list[dict[str, object]] = []
    for _ in range(count):
        cost = np.zeros_like(program.cost)
        cost[columns] = problem.price * np.mean([o[:, early] > 0 for o in seen], axis=0)
        solver = load(replace(program, cost=cost), replace(effort, gap=0.05))
        try:
            run(solver)
        except DataError:
            break
        values = np.asarray(solver.getSolution().col_value)
        if not values.size:
            break
        orders = np.rint(values[: program.rows.order_columns]).reshape(best.orders.shape)
        if any(np.array_equal(orders[:, early], o[:, early]) for o in seen):
            break
        value = score(problem, orders)
        moved = float(problem.price @ np.maximum(0.0, best.orders[:, early] - orders[:, early]))
        rows.append(
            {
                "score": value,
                "moved": moved,
                "moved_share": moved / max(float(problem.price @ best.orders[:, early]), 1e-9),
                "early": {k: int(n) for k, n in zip(problem.options, orders[:, early], strict=True) if n},
                "within": value <= limit * (1 + 1e-6),
            }
        )
        seen.append(orders)
    return rows


@dataclass(frozen=True)
class Draws:
    """What the draws say: by option the share that orders it early and the quantiles of the count."""

    count: int
    early: list[dict[str, object]]
    by_capability: list[dict[str, object]]  #: share of draws that order anything for it early
    score: tuple[float, float, float]  #: 10%, 50%, 90%
    floor_share: tuple[float, float, float]  #: the part of doing nothing that no money removes
    worst_gap: float
    drivers: list[dict[str, object]]


def draws(inputs: Inputs, question: Question, count: int, seed: int, effort: Effort) -> Draws:
    """Vary every number that has a range, the probabilities and the weights; plan each draw."""
    taken, scores, left, floors, gaps = [], [], [], [], []
    picked: list[list[float]] = []
    for problem, numbers in problems(inputs, question, count, seed):
        found = plan(problem, effort)
        taken.append(np.rint(found.orders[:, min(EARLY, problem.years) - 1]) + 0.0)
        base = score(problem, np.zeros_like(found.orders))
        scores.append(found.score)
        left.append(found.score / base if base else 0.0)
        floors.append(floor_share(problem))
        gaps.append(found.gap)
        picked.append(numbers)
    orders = np.asarray(taken)
    early = [
        {
            "option": o.key, "label": o.label, "share": float((orders[:, i] > 0).mean()),
            "low": _whole_quantile(orders[:, i], 0.1), "median": _whole_quantile(orders[:, i], 0.5),
            "high": _whole_quantile(orders[:, i], 0.9),
        }
        for i, o in enumerate(inputs.options)
    ]  # fmt: skip
    some = [
        {
            "capability": c.key,
            "label": c.label,
            "share": float(
                (orders[:, [o.gives.get(c.key, 0) > 0 for o in inputs.options]] > 0).any(axis=1).mean()
            ),
        }
        for c in inputs.capabilities
    ]
    names = [q.name for q in varying(inputs)]
    return Draws(
        count, sorted(early, key=lambda r: -_share(r)), sorted(some, key=lambda r: -_share(r)),
        _quantiles(scores), _quantiles(floors),
        max(gaps, default=0.0), _drivers(names, np.asarray(picked), np.asarray(left)),
    )  # fmt: skip


def _quantiles(values: Sequence[float]) -> tuple[float, float, float]:
    low, mid, high = np.quantile(np.asarray(values), [0.1, 0.5, 0.9])
    return float(low), float(mid), float(high)


def _share(row: Mapping[str, object]) -> float:
    return float(row["share"])  # type: ignore[arg-type]


def _whole_quantile(values: Floats, at: float) -> float:
    return float(np.quantile(values, at, method="inverted_cdf"))


def _drivers(names: Sequence[str], picked: Floats, scores: Floats, most: int = 8) -> list[dict[str, object]]:
    """Rank correlation of each drawn number with the share of the gap left, strongest first; and what chance gives."""
    from scipy.stats import rankdata

    if len(scores) < 10:
        return []
    ranks = rankdata(picked, axis=0)
    target = rankdata(scores)
    ranks, target = ranks - ranks.mean(axis=0), target - target.mean()
    below = np.sqrt((ranks**2).sum(axis=0) * (target**2).sum())
    rho = np.where(below > 0, (ranks * target[:, None]).sum(axis=0) / np.where(below > 0, below, 1.0), 0.0)
    noise = 1.96 / math.sqrt(len(scores) - 1)
    order = np.argsort(-np.abs(rho))[:most]
    return [{"number": names[k], "rank_correlation": float(rho[k]), "chance": noise} for k in order]


def horizon_moved(inputs: Inputs, question: Question, more: int = 10) -> float:
    """Share of the early money that moves if orders go on ``more`` years longer (linear programs)."""
    short, long = (
        assemble(inputs, question),
        assemble(inputs, replace(question, years=min(40, question.years + more))),
    )
    early = min(EARLY, short.years) - 1
    a, b = relaxed(short).orders[:, early], relaxed(long).orders[:, early]
    money = float(short.price @ a)
    return float(short.price @ np.abs(a - b)) / 2 / money if money > 1e-9 else 0.0


def by_definition(inputs: Inputs, question: Question, effort: Effort) -> list[dict[str, object]]:
    """Europe's tankers under each definition: the gap that follows, and the tankers that the plan orders."""
    at = next(i for i, c in enumerate(inputs.capabilities) if c.key == "refuelling")
    some = [i for i, o in enumerate(inputs.options) if o.gives.get("refuelling", 0) >= 1]
    rows: list[dict[str, object]] = []
    for key, (label, counted) in inputs.definitions.items():
        asked = replace(question, definition=key)
        problem = assemble(inputs, asked)
        found = plan(problem, effort)
        rows.append(
            {
                "definition": key,
                "label": label,
                "held": counted.value,
                "gap": float(parts(inputs, asked)[at]),
                "early": int(found.orders[some, min(EARLY, problem.years) - 1].sum()),
                "all": int(found.orders[some, -1].sum()),
            }
        )
    return rows
