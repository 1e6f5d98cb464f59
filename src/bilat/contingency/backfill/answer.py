# SPDX-License-Identifier: Apache-2.0
"""What Europe covers in a crisis in the Pacific, by effect and month; what to order; and what decides it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from bilat.contingency.backfill.crisis import Order, assemble
from bilat.contingency.backfill.inputs import BackfillInputs, shipped
from bilat.contingency.backfill.lineage import Traced, trace
from bilat.contingency.backfill.problem import (
    Floats,
    Problem,
    arrivals,
    missing,
    points_missing,
    spent,
    usable,
)
from bilat.contingency.backfill.program import Solution, solve
from bilat.holdings import Holdings
from bilat.planning import Assumption, Quantiles, median_of, morris, stream, with_user
from bilat.planning.draws import Drive
from bilat.when import AsOf

#: Orders of the first years are what a budget of today decides.
EARLY = 3
#: Budgets of the front, $bn a year.
BUDGETS = (0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 40.0)
#: Groups of numbers that move together when it is asked what decides: ends of their names.
GROUPS = {
    "what leaves": (".gone",), "the American part": (".us_part",), "lead times": (".lead",),
    "orders a year": (".per_year", ".total"), "prices": (".price",), "how long it lasts": ("months",),
    "the month in which it leaves": (".leaves",), "what bought units need": (".per_unit", ".free"),
}  # fmt: skip


@dataclass(frozen=True)
class EffectCover:
    """One effect: what leaves, in its own unit, and the share of it that the orders replace over all crises."""

    key: str
    label: str
    effect: str
    leaves: Quantiles  #: effect units a month
    covered: Quantiles  #: share replaced under the plan, over the draws
    most: float  #: share replaced if money were without limit
    by_month: tuple[
        float, ...
    ]  #: share of the American part that is there, by month of a crisis in the middle year


@dataclass(frozen=True)
class Ordered:
    """One option: orders of the first years and in all, and the share of draws in which it is ordered early."""

    key: str
    label: str
    early: int
    all: int
    billions: float
    in_use: int | None  #: first year in which one is in use
    drawn: float


@dataclass(frozen=True)
class Lever:
    """Points of coverage won by one year less lead and by one more a year, and lost where the option is forbidden."""

    key: str
    label: str
    sooner: float
    more: float
    forbidden: float


@dataclass(frozen=True)
class Backfill:
    """The answer. Coverage is a share of what leaves, over all effects, months and crises alike."""

    order: Order
    inputs: BackfillInputs
    traced: tuple[Traced, ...]
    problem: Problem = field(metadata={"plain": False})
    plan: Solution = field(metadata={"plain": False})
    covered: Quantiles  #: the headline: the best that the budget buys, over the draws
    plan_covered: Quantiles  #: what this one plan covers, over the draws
    ceiling: Quantiles  #: with money without limit
    limits: Mapping[
        str, float
    ]  #: share covered at any budget: as it is, without lead times, without limits of lines
    effects: tuple[EffectCover, ...]
    orders: tuple[Ordered, ...]
    levers: tuple[Lever, ...]
    drives: tuple[Drive, ...]
    front: tuple[tuple[float, float], ...]  #: ($bn a year, share covered)
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
    draws: int = 200,
    seed: int = 0,
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
        a book of one's own; by default the shipped one.
    draws, seed
        draws of every number that has a range, and the seed that makes them again.
    progress
        is told of each step.

    Raises
    ------
    UsageError
        for a budget, weight, definition or number that cannot be.
    """
    order, when = order or Order(), as_of or AsOf(None)
    tables = inputs or shipped()
    tables = tables.with_numbers(with_user(tables.numbers, params))
    middle = tables.with_numbers(tables.numbers.medians())
    problem = assemble(middle, order)
    progress("the plan")
    plan = solve(problem)
    progress(f"{draws} draws")
    best, own, most, early, leaves, effects = [], [], [], [], [], []
    for drawn in _drawn(tables, order, draws, seed):
        found = solve(drawn, whole=False)
        best.append(_covered(drawn, found.orders))
        early.append(found.orders[:, min(EARLY, drawn.years) - 1] >= 0.5)
        most.append(_ceiling(drawn))
        fitted = _fitted(plan.orders, drawn.years)
        own.append(_covered(drawn, fitted))
        effects.append(_by_effect(drawn, fitted))
        leaves.append(drawn.need.max(axis=(1, 2)))
    progress("what decides")
    crisis = len(problem.scenarios) // 2
    start = round(middle.numbers("crisis_from"))
    return Backfill(
        order, tables, tuple(trace(tables.numbers.values(), holdings or Holdings(None), when)), problem, plan,
        median_of(best), median_of(own), median_of(most), limits(problem),
        _effects(tables, middle, problem, plan, np.array(effects), np.array(leaves), crisis),
        _orders(tables, problem, plan, np.mean(early, axis=0), round(middle.numbers("first_year"))),
        levers(tables, problem), tuple(drives(tables, order, seed=seed)), front(middle, order),
        spent(problem, plan.orders), start + crisis, draws, seed, when,
    )  # fmt: skip


def _drawn(inputs: BackfillInputs, order: Order, draws: int, seed: int) -> Iterator[Problem]:
    drawn = {n: a.draw(stream(n, seed), draws) for n, a in inputs.numbers.items() if a.varies}
    for i in range(draws):
        at = {n: float(values[i]) for n, values in drawn.items()}
        yield assemble(inputs, order, lambda a, at=at: at.get(a.name, a.value))  # type: ignore[misc]


def _covered(problem: Problem, orders: Floats) -> float:
    """Share of what leaves that is replaced, 0 to 1."""
    return 1 - points_missing(problem, orders) / 100


def _fitted(orders: Floats, years: int) -> Floats:
    """The same orders over another number of order years."""
    have = orders.shape[1]
    return orders[:, :years] if years <= have else np.pad(orders, ((0, 0), (0, years - have)), mode="edge")


def shares(inputs: BackfillInputs, order: Order, draws: int, seed: int) -> tuple[Quantiles, Quantiles]:
    """(covered by the budget, covered at any budget) over the draws."""
    found = [
        (_covered(p, solve(p, whole=False).orders), _ceiling(p)) for p in _drawn(inputs, order, draws, seed)
    ]
    return median_of([a for a, _ in found]), median_of([b for _, b in found])


def unlimited(problem: Problem) -> Problem:
    """The problem with more money than there is to buy, each dollar free."""
    most = float(problem.price @ np.minimum(problem.total, problem.per_year * problem.years)) + 1.0
    return problem.with_(budget=np.full(problem.years, most), cost_weight=0.0)


def _ceiling(problem: Problem) -> float:
    """The share that any budget could cover. An option that takes nothing away and shares no line is then ordered as
    early and as often as it can be; a program is left of the others alone."""
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
            options=tuple(p.options[i] for i in left), held=arrivals(p, orders),
            lines=tuple(replace(x, options=tuple(place[i] for i in x.options)) for x in p.lines),
            not_before=tuple(p.not_before[i] for i in left) if p.not_before else (),
            **{name: getattr(p, name)[left] for name in ("price", "lead", "per_year", "total", "gives")},
        )  # fmt: skip
        orders[left] = solve(rest, whole=False).orders
    return _covered(p, orders)


def limits(problem: Problem) -> dict[str, float]:
    """Share covered whatever is spent: as it is, with every lead time gone, with every limit of a line gone."""
    rich = unlimited(problem)
    many = np.full(len(problem.options), 10 * math.ceil(float(problem.need.max(initial=1.0)) + 1))
    free = {"per_year": many, "total": np.maximum(problem.total, many * problem.years), "lines": ()}
    return {
        "as it is": _ceiling(problem),
        "without lead times": _ceiling(rich.with_(lead=np.zeros_like(problem.lead), not_before=())),
        "without limits of lines": _ceiling(rich.with_(**free)),
    }


def _by_effect(problem: Problem, orders: Floats) -> Floats:
    """Share replaced of each effect (C); 1 where nothing of it leaves."""
    weight = problem.weight * problem.probability
    lost = (weight * missing(problem, orders)).sum(axis=(1, 2))
    whole = (weight * problem.need).sum(axis=(1, 2))
    return np.asarray(1 - np.where(whole > 0, lost / np.where(whole > 0, whole, 1.0), 0.0))


def _effects(
    tables: BackfillInputs, middle: BackfillInputs, problem: Problem, plan: Solution, covered: Floats, leaves: Floats,
    crisis: int,
) -> tuple[EffectCover, ...]:  # fmt: skip
    most = _by_effect(problem, solve(unlimited(problem), whole=False).orders)
    have, n = usable(problem, plan.orders), middle.numbers
    found = []
    for c, e in enumerate(tables.effects):
        per = n(f"{e.key}.per")
        found.append(
            EffectCover(
                e.key, e.label, e.effect, median_of(leaves[:, c] * per), median_of(covered[:, c]), float(most[c]),
                _months(n(f"{e.key}.leaves"), n("months"), n(f"{e.key}.gone"), problem.need[c, :, crisis], have[c]),
            )
        )  # fmt: skip
    return tuple(found)


def _months(leaves: float, months: float, gone: float, need: Floats, have: Floats) -> tuple[float, ...]:
    """Share of the American part that is there in each month of a crisis: what stays, and what replaces the rest."""
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
    tables: BackfillInputs, problem: Problem, plan: Solution, drawn: Floats, first: int
) -> tuple[Ordered, ...]:
    early = min(EARLY, problem.years) - 1
    found = []
    for i, o in enumerate(tables.options):
        of = plan.orders[i]
        begun = np.flatnonzero(of > 0)
        use = first + int(begun[0]) + int(problem.lead[i]) if len(begun) else None
        found.append(
            Ordered(
                o.key,
                o.label,
                int(of[early]),
                int(of[-1]),
                float(of[-1] * problem.price[i]),
                use,
                float(drawn[i]),
            )
        )
    return tuple(sorted(found, key=lambda x: (-x.early, -x.all, -x.drawn)))


def levers(tables: BackfillInputs, problem: Problem) -> tuple[Lever, ...]:
    """What industry and law could move, option by option (linear programs, points of coverage)."""
    base = _covered(problem, solve(problem, whole=False).orders)

    def points(**changes: object) -> float:
        changed = problem.with_(**changes)
        return round(100 * (_covered(changed, solve(changed, whole=False).orders) - base), 9) + 0.0

    found = []
    for i, o in enumerate(tables.options):
        lead, rate, total, none = (
            x.copy() for x in (problem.lead, problem.per_year, problem.total, problem.total)
        )
        lead[i], rate[i] = max(0, lead[i] - 1), rate[i] + 1
        total[i], none[i] = total[i] + problem.years, 0
        lines = tuple(replace(x, per_year=x.per_year + 1) if i in x.options else x for x in problem.lines)
        found.append(
            Lever(
                o.key,
                o.label,
                points(lead=lead),
                points(per_year=rate, total=total, lines=lines),
                -points(total=none),
            )
        )
    return tuple(sorted(found, key=lambda x: -max(x.sooner, x.more)))


def drives(inputs: BackfillInputs, order: Order, *, places: int = 16, seed: int = 0) -> list[Drive]:
    """Which group of numbers moves the coverage most (Morris, points of coverage for half of the range)."""
    group = {
        name: g
        for g, ends in GROUPS.items()
        for name, a in inputs.numbers.items()
        if a.varies and name.endswith(ends)
    }
    names = [g for g in GROUPS if g in group.values()]

    def outcome(quantiles: np.ndarray) -> float:
        at = dict(zip(names, quantiles, strict=True))

        def pick(a: Assumption) -> float:
            return a.of_quantile(0.1 + 0.8 * at[group[a.name]]) if a.name in group else a.value

        drawn = assemble(inputs, order, pick)
        return 100 * _covered(drawn, solve(drawn, whole=False).orders)

    return morris(names, outcome, places=places, seed=seed)


def front(
    inputs: BackfillInputs, order: Order, budgets: Sequence[float] = BUDGETS
) -> tuple[tuple[float, float], ...]:
    """($bn a year, share covered), linear programs."""
    found = []
    for b in budgets:
        problem = assemble(inputs, replace(order, budget=b))
        found.append((b, _covered(problem, solve(problem, whole=False).orders)))
    return tuple(found)
