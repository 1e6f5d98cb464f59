# SPDX-License-Identifier: Apache-2.0
"""What Europe covers in a crisis in the Pacific, by effect and month; what to order; and what
decides it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from bilat.contingency.backfill.crisis import Order, assemble
from bilat.contingency.backfill.inputs import (
    BackfillInputs,
    number_or,
    rows_behind,
    tables_of,
)
from bilat.contingency.backfill.problem import Floats, Problem, arrivals, missing, spent, usable
from bilat.contingency.backfill.program import Solution, solve
from bilat.errors import DataError
from bilat.holdings import Holdings
from bilat.measures import default_holdings
from bilat.planning import Assumption, Driver, Quantiles, drivers, quantiles_of, stream, with_user
from bilat.planning.draws import EVEN_RUNS, even_places
from bilat.planning.figures import figures
from bilat.planning.lineage import InputRow
from bilat.when import AsOf

#: Orders of the first years are what a budget of today decides.
EARLY = 3
#: Budgets of the front, $bn a year.
BUDGETS = (0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 40.0)
#: Runs for which the best orders are looked up, to see which do not depend on the numbers.
BEST = 128
#: Runs in which the plans of other budgets are tried. Like :data:`BEST` a power of two: the first
#: runs are then spread as evenly as all.
OF_FRONT = 256
#: How far the plan's score may lie above the best possible, as a share of it.
GAP = 0.005
#: Groups of numbers that move together when it is asked what decides: ends of their names.
GROUPS = {
    "what leaves": ("gone",),
    "the American part": (".us_part",),
    "lead times": ("lead",),
    "orders a year": (".per_year", "line_share"),
    "prices": (".price",),
    "how long it lasts": ("months",),
    "the month in which it leaves": ("leaves_air", "leaves_sea"),
    "what bought units need": (".per_unit", ".free"),
}
#: Runs in which each group is moved as a whole.
MOVED = 500


@dataclass(frozen=True)
class EffectCover:
    """One capability: what leaves, in its unit, and the share of it that the orders replace over
    all crises.
    """

    key: str
    label: str
    unit: str
    part: float  #: the American part, in units
    leaves: Quantiles  #: units
    covered: Quantiles  #: share that the plan replaces, over the draws
    most: Quantiles  #: share that the plan for money without limit replaces, over the same draws
    by_month: tuple[
        float, ...
    ]  #: share of the American part that is there, by month of a crisis in the middle year


@dataclass(frozen=True)
class Ordered:
    """One option: orders of the first years and in all, and the share of draws whose best orders
    have it early.
    """

    key: str
    label: str
    plural: str
    early: int
    all: int
    billions: float
    in_use: int | None  #: first year in which one is in use
    best: float


@dataclass(frozen=True)
class Backfill:
    """The answer. Coverage is a share of what leaves, over all effects, months and crises alike."""

    order: Order
    inputs: BackfillInputs
    rows: tuple[InputRow, ...]
    problem: Problem = field(metadata={"plain": False})
    plan: Solution = field(metadata={"plain": False})
    covered: Quantiles  #: the headline: what the plan covers, over the draws
    ceiling: Quantiles  #: what the plan for money without limit covers, over the same draws
    limits: Mapping[
        str, float
    ]  #: share covered at any budget: as it is, without lead times, without limits of lines
    effects: tuple[EffectCover, ...]
    orders: tuple[Ordered, ...]
    drives: tuple[Driver, ...]  #: groups of numbers that move together
    decides: tuple[Driver, ...]  #: single numbers, over the draws
    by_crisis: tuple[
        tuple[int, Quantiles], ...
    ]  #: share replaced by the year in which the crisis comes
    by_year: tuple[
        tuple[int, tuple[tuple[str, int], ...], float], ...
    ]  #: orders and $bn of each year
    front: tuple[tuple[float, float], ...]  #: ($bn a year, share covered, median of the draws)
    spent: float
    crisis: int  #: the year of ``by_month``
    draws: int
    seed: int
    as_of: AsOf


def backfill(
    order: Order | None = None,
    *,
    params: Mapping[str, str] | Sequence[str] = (),
    inputs: BackfillInputs | None = None,
    draws: int = EVEN_RUNS,
    seed: int = 1,
    holdings: Holdings | None = None,
    as_of: AsOf | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Backfill:
    """What Europe would order against a crisis in the Pacific, and what it covers.

    Parameters
    ----------
    params
        numbers to set by name (``p8.price=0.4``, ``p8.lead=3:6``).
    inputs
        tables of one's own; by default the shipped ones as the date knows them.
    draws, seed
        draws of every number that has a range, and the seed that makes them again.
    progress
        is told of each step.

    Raises
    ------
    UsageError
        for a budget, weight, definition or number that cannot be.
    """
    order = order or Order()
    when = as_of or AsOf(None)
    tables = inputs or tables_of(figures(holdings or default_holdings(), when))
    tables = tables.with_numbers(with_user(tables.numbers, params))
    if not tables.effects:
        raise DataError(f"no figure of what America would take away was public by {when}")
    progress(f"the plan, and {draws} draws")
    runs = backfill_runs(tables, order, draws, seed)
    middle = runs.middle
    problem = runs.problem
    plan = runs.plan
    drawn = runs.drawn
    own = runs.covered
    most = without_limit(runs, order)
    progress("what decides")
    crisis = len(problem.scenarios) // 2
    first = round(middle.numbers("first_year"))
    leaves = np.array([p.need.max(axis=(1, 2)) for p in drawn])
    return Backfill(
        order,
        tables,
        tuple(rows_behind(tables)),
        problem,
        plan,
        quantiles_of(own[:, -1]),
        quantiles_of(most[:, -1]),
        limits(problem),
        _effects(tables, middle, problem, plan, (own, most, leaves), crisis),
        _orders(tables, problem, plan, early_in(drawn[:BEST]), first),
        tuple(drives(tables, order, plan, seed=seed)),
        tuple(drivers(runs.numbers, own[:, -1], most=20)),
        runs.by_crisis,
        _by_year(tables, problem, plan, first),
        front(runs, order),
        spent(problem, plan.orders),
        runs.first_crisis + crisis,
        draws,
        seed,
        when,
    )


@dataclass(frozen=True)
class BackfillRuns:
    """The plan made at the middle of every number, and what it replaces in each model run."""

    middle: BackfillInputs
    problem: Problem
    plan: Solution
    numbers: dict[str, Floats]  #: every number that varies, by run
    drawn: list[Problem]  #: the planning problem of each run

    @property
    def first_crisis(self) -> int:
        """The first year in which the crisis may come."""
        return round(self.middle.numbers("crisis_from"))

    @cached_property
    def carried(self) -> list[Floats]:
        """The plan's orders as far as industry and money of each run allow them."""
        return [carried_orders(p, self.plan.orders) for p in self.drawn]

    @cached_property
    def covered(self) -> Floats:
        """Share replaced over all crises, by run: of each effect, then of all."""
        both = zip(self.drawn, self.carried, strict=True)
        return np.array([covered(p, orders) for p, orders in both])

    @cached_property
    def replaced(self) -> Floats:
        """Share replaced, by run and by the year in which the crisis comes."""
        both = zip(self.drawn, self.carried, strict=True)
        return np.array([covered_by_crisis(p, orders) for p, orders in both])

    @property
    def by_crisis(self) -> tuple[tuple[int, Quantiles], ...]:
        """Share replaced, by the year in which the crisis comes."""
        years = enumerate(self.replaced.T, start=self.first_crisis)
        return tuple((year, quantiles_of(by_run)) for year, by_run in years)


def backfill_runs(
    inputs: BackfillInputs, order: Order, draws: int = EVEN_RUNS, seed: int = 1
) -> BackfillRuns:
    """Make the plan, and draw the model runs that every page reads what it replaces from."""
    middle = inputs.with_numbers(inputs.numbers.medians())
    problem = assemble(middle, order)
    plan = solve(problem, gap=GAP)
    numbers, drawn = draw(inputs, order, draws, seed)
    return BackfillRuns(middle, problem, plan, numbers, drawn)


def draw(
    inputs: BackfillInputs, order: Order, draws: int, seed: int
) -> tuple[dict[str, Floats], list[Problem]]:
    """Return the numbers drawn, and the planning problem at each draw of them."""
    places = even_places(list(inputs.numbers), draws, seed)
    drawn = {n: a.of_quantiles(places[n]) for n, a in inputs.numbers.items() if a.varies}

    def at(i: int) -> Problem:
        return assemble(
            inputs, order, lambda a: float(drawn[a.name][i]) if a.name in drawn else a.value
        )

    return drawn, [at(i) for i in range(draws)]


def covered_by_crisis(problem: Problem, orders: Floats) -> Floats:
    """Return the share of what leaves that is replaced, by the year in which the crisis comes."""
    lost = (problem.weight * missing(problem, orders)).sum(axis=(0, 1))
    whole = (problem.weight * problem.need).sum(axis=(0, 1))
    return np.asarray(1 - lost / np.maximum(whole, 1e-12))


def covered(problem: Problem, orders: Floats) -> Floats:
    """Share of what leaves that is replaced, 0 to 1: of each effect (1 where nothing of it
    leaves), then of all.
    """
    weight = problem.weight * problem.probability
    lost = (weight * missing(problem, orders)).sum(axis=(1, 2))
    whole = (weight * problem.need).sum(axis=(1, 2))
    lost, whole = (np.append(x, x.sum()) for x in (lost, whole))
    return np.asarray(1 - np.where(whole > 0, lost / np.where(whole > 0, whole, 1.0), 0.0))


def carried_out(problem: Problem, orders: Floats, money: float | None = None) -> Floats:
    """What a plan made beforehand covers, as far as industry and the problem's budget, or
    ``money`` a year, allow.
    """
    return covered(problem, carried_orders(problem, orders, money))


def carried_orders(problem: Problem, orders: Floats, money: float | None = None) -> Floats:
    """Return the orders of a plan made beforehand, as far as industry and money allow them."""
    year = np.minimum(np.arange(problem.years), orders.shape[1] - 1)
    placed = orders[:, year]
    placed[:, 1:] -= orders[:, year[:-1]]
    new = np.minimum(placed, problem.per_year[:, None])
    for line in problem.lines:
        made = new[list(line.options)].sum(axis=0)
        new[list(line.options)] *= np.minimum(1.0, line.per_year / np.maximum(made, 1e-9))
    left = 0.0
    for t, cost in enumerate(problem.price @ new):
        left = (problem.budget[t] if money is None else money) + (
            left if problem.carry_over else 0.0
        )
        new[:, t] *= min(1.0, left / max(cost, 1e-9))
        left -= min(cost, left)
    return np.minimum(np.cumsum(new, axis=1), problem.total[:, None])


def headline(
    inputs: BackfillInputs, order: Order, draws: int, seed: int
) -> tuple[Quantiles, Quantiles]:
    """(covered by the plan, covered by that for money without limit) over the draws."""
    runs = backfill_runs(inputs, order, draws, seed)
    return (
        quantiles_of(runs.covered[:, -1]),
        quantiles_of(without_limit(runs, order)[:, -1]),
    )


def without_limit(runs: BackfillRuns, order: Order) -> Floats:
    """Share that the plan for money without limit replaces, by run: of each effect, then of all.

    It is a plan made beforehand like any other, so that one asked for without a limit has the same.
    """
    if math.isinf(order.budget):
        return runs.covered
    plan = solve(assemble(runs.middle, replace(order, budget=math.inf)), gap=GAP)
    return np.array([carried_out(p, plan.orders, math.inf) for p in runs.drawn])


def unlimited(problem: Problem) -> Problem:
    """The problem with more money than there is to buy, each dollar free."""
    most = float(problem.price @ np.minimum(problem.total, problem.per_year * problem.years)) + 1.0
    return problem.with_(budget=np.full(problem.years, most), cost_weight=0.0)


def at_any_budget(problem: Problem) -> Floats:
    """What any budget could cover, of each effect and of all. An option that takes nothing away and
    shares no line is
    then ordered as early and as often as it can be; a program is left of the others alone."""
    p = unlimited(problem)
    shared = [i for line in p.lines for i in line.options]
    free = np.asarray((p.gives >= 0).all(axis=1))
    free[shared] = False
    most = np.minimum(p.total[:, None], p.per_year[:, None] * np.arange(1, p.years + 1.0))
    orders = np.zeros(most.shape)
    orders[free] = most[free]
    left = np.flatnonzero(~free)
    if len(left):
        place = {int(i): n for n, i in enumerate(left)}
        rest = p.with_(
            options=tuple(p.options[i] for i in left),
            held=arrivals(p, orders),
            lines=tuple(replace(x, options=tuple(place[i] for i in x.options)) for x in p.lines),
            not_before=tuple(p.not_before[i] for i in left) if p.not_before else (),
            **{
                name: getattr(p, name)[left]
                for name in ("price", "lead", "per_year", "total", "gives")
            },
        )
        orders[left] = solve(rest, whole=False).orders
    return covered(p, orders)


def limits(problem: Problem) -> dict[str, float]:
    """Share covered whatever is spent: as it is, with every lead time gone, with every limit of a
    line gone.
    """
    many = np.full(len(problem.options), 10 * math.ceil(float(problem.need.max(initial=1.0)) + 1))
    free = {"per_year": many, "total": np.maximum(problem.total, many * problem.years), "lines": ()}
    found = {
        "as it is": problem,
        "without lead times": problem.with_(lead=np.zeros_like(problem.lead), not_before=()),
        "without limits of lines": problem.with_(**free),
    }
    return {name: float(at_any_budget(p)[-1]) for name, p in found.items()}


def _effects(
    tables: BackfillInputs,
    middle: BackfillInputs,
    problem: Problem,
    plan: Solution,
    drawn: tuple[Floats, Floats, Floats],
    crisis: int,
) -> tuple[EffectCover, ...]:
    own, most, leaves = drawn
    have = usable(problem, plan.orders)
    n = middle.numbers
    found = []
    for c, e in enumerate(tables.effects):
        found.append(
            EffectCover(
                e.key,
                e.label,
                e.unit,
                n(f"{e.key}.us_part"),
                quantiles_of(leaves[:, c]),
                quantiles_of(own[:, c]),
                quantiles_of(most[:, c]),
                _months(
                    n(f"leaves_{e.by}"),
                    n("months"),
                    number_or(middle, f"{e.key}.gone", "gone").value,
                    problem.need[c, :, crisis],
                    have[c],
                ),
            )
        )
    return tuple(found)


def _months(
    leaves: float, months: float, gone: float, need: Floats, have: Floats
) -> tuple[float, ...]:
    """Share of the American part that is there in each month of a crisis: what stays, and what
    replaces the rest.
    """
    years = np.flatnonzero(need > 0)
    made = []
    for m in range(1, round(months) + 1):
        if m < round(leaves) or not len(years):
            made.append(1.0)
            continue
        h = years[0] if m <= 6 else years[min((m + 5) // 12, len(years) - 1)]
        made.append(float(1 - gone * (1 - min(1.0, max(0.0, have[h]) / need[h]))))
    return tuple(made)


def _orders(
    tables: BackfillInputs, problem: Problem, plan: Solution, early: Floats, first: int
) -> tuple[Ordered, ...]:
    found = []
    for i, o in enumerate(tables.options):
        of = plan.orders[i]
        begun = np.flatnonzero(of > 0)
        use = first + int(begun[0]) + int(problem.lead[i]) if len(begun) else None
        found.append(
            Ordered(
                o.key,
                o.label,
                o.plural,
                int(of[min(EARLY, problem.years) - 1]),
                int(of[-1]),
                float(of[-1] * problem.price[i]),
                use,
                float(early[i]),
            )
        )
    return tuple(sorted(found, key=lambda x: (-x.early, -x.all, -x.best)))


def _by_year(
    tables: BackfillInputs, problem: Problem, plan: Solution, first: int
) -> tuple[tuple[int, tuple[tuple[str, int], ...], float], ...]:
    """Return the orders of each year with what they cost."""
    new = np.diff(plan.orders, axis=1, prepend=0.0)
    found = []
    for t in range(problem.years):
        placed = [
            (o.label, round(float(new[i, t])))
            for i, o in enumerate(tables.options)
            if new[i, t] >= 0.5
        ]
        found.append((first + t, tuple(placed), float(problem.price @ new[:, t])))
    return tuple(found)


def drives(
    inputs: BackfillInputs, order: Order, plan: Solution, *, runs: int = MOVED, seed: int = 0
) -> list[Driver]:
    """Return which group of numbers decides what the plan covers, each group moved as a whole."""
    group = {
        name: g
        for g, ends in GROUPS.items()
        for name, a in inputs.numbers.items()
        if a.varies and name.endswith(ends)
    }
    names = [g for g in GROUPS if g in group.values()]
    strata = (np.arange(runs) + 0.5) / runs
    places = {g: stream(g, seed).permutation(strata) for g in names}
    moved = {name: inputs.numbers[name].of_quantiles(places[g]) for name, g in group.items()}
    outcome = np.empty(runs)
    for i in range(runs):

        def pick(assumption: Assumption, i: int = i) -> float:
            return (
                float(moved[assumption.name][i]) if assumption.name in moved else assumption.value
            )

        outcome[i] = carried_out(assemble(inputs, order, pick), plan.orders)[-1]
    return drivers(places, outcome, most=len(names))


def early_in(drawn: Sequence[Problem]) -> Floats:
    """Share of the problems in which the best orders of each have an option in the first years."""
    best = (solve(p, whole=False).orders[:, min(EARLY, p.years) - 1] for p in drawn)
    return np.asarray(np.mean([orders >= 0.5 for orders in best], axis=0))


def front(runs: BackfillRuns, order: Order) -> tuple[tuple[float, float], ...]:
    """Return the share that a plan replaces by its budget in $bn a year, the median of the runs.

    At the budget asked for, it is the plan itself, so that its share is that of the headline.
    """
    found = []
    for budget in BUDGETS:
        if budget == order.budget:
            shares = runs.covered[:, -1]
        else:
            plan = solve(assemble(runs.middle, replace(order, budget=budget)), whole=False)
            few = runs.drawn[:OF_FRONT]
            shares = np.array([carried_out(p, plan.orders, budget)[-1] for p in few])
        found.append((budget, quantiles_of(shares).median))
    return tuple(found)
