# SPDX-License-Identifier: Apache-2.0
"""The backfill: an integer program of one's own, laws that must hold, and what a planner reads."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilat.contingency.backfill.answer import (
    backfill,
    backfill_runs,
    carried_out,
    draw,
    drives,
    front,
    limits,
    unlimited,
)
from bilat.contingency.backfill.crisis import Order, assemble, money, weights
from bilat.contingency.backfill.document import _ordered, document
from bilat.contingency.backfill.inputs import BackfillInputs, tables_of
from bilat.contingency.backfill.problem import (
    Floats,
    Line,
    Problem,
    Requires,
    points_missing,
    score,
)
from bilat.contingency.backfill.program import solve
from bilat.contingency.questions import BackfillQuestion
from bilat.document import Frame, Table
from bilat.document.plain import envelope
from bilat.document.text import text
from bilat.errors import DataError, UsageError
from bilat.holdings import Holdings, embedded_folder
from bilat.planning import with_user
from bilat.planning.assumptions import resolve
from bilat.planning.figures import figures
from bilat.when import AsOf


def shipped(day: str = "2026-11-25") -> BackfillInputs:
    """The shipped tables as a date knows them."""
    return tables_of(figures(Holdings(embedded_folder()), AsOf(day)))


def breaches(problem: Problem, orders: Floats, slack: float = 1e-6) -> list[str]:
    """The limits that cumulative ``orders`` break, in words; empty if it can be bought."""
    new = np.diff(orders, axis=1, prepend=0.0)
    found = []
    if np.any(new < -slack):
        found.append("an order is taken back")
    if np.any(new > problem.per_year[:, None] + slack):
        found.append("more orders a year than the option allows")
    if np.any(orders[:, -1] > problem.total + slack):
        found.append("more orders in all than the option allows")
    for line in problem.lines:
        if np.any(new[list(line.options)].sum(axis=0) > line.per_year + slack):
            found.append("more orders a year than the shared line makes")
    money = problem.price @ new
    limit = problem.money()
    if np.any((np.cumsum(money) if problem.carry_over else money) > limit + slack * (1 + limit)):
        found.append("more money than the budget")
    return found


def small(seed: int, *, carry_over: bool = True) -> Problem:
    """3 options, 3 order years, 3 effects, 3 scenarios; one option takes away, one effect needs another."""
    rng = np.random.default_rng(seed)
    gives = rng.integers(0, 3, (3, 3)).astype(float)
    gives[0, 0], gives[1] = -1.0, [1, 1, 0]
    per_year = rng.integers(1, 3, 3)
    need = rng.uniform(0, 5, (3, 4, 3)) * (rng.random((3, 4, 3)) < 0.7)
    price = rng.uniform(0.5, 2, 3)
    return Problem(
        ("a", "b", "c"),
        ("x", "y", "z"),
        ("s", "t", "u"),
        price,
        rng.integers(0, 3, 3),
        per_year,
        per_year * 3 - np.array([1, 0, 0]),
        gives,
        np.zeros((3, 4)),
        need,
        rng.dirichlet(np.ones(3)),
        rng.uniform(0.5, 1.5, (3, 4, 3)),
        np.full(3, 2 * price.mean()),
        carry_over,
        (Line((0, 1), 2),),
        (Requires(1, 2, 0.7, 1.0),),
        (0, 2, 0),
        cost_weight=1e-3,
    )


def brute(problem: Problem) -> float:
    """The best score over every portfolio that keeps the limits, one by one."""
    best = np.inf
    for flat in product(*(range(int(n) + 1) for n in np.repeat(problem.per_year, problem.years))):
        orders = np.cumsum(np.reshape(flat, (len(problem.options), problem.years)), axis=1).astype(
            float
        )
        if not breaches(problem, orders):
            best = min(best, score(problem, orders))
    return float(best)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("carry_over", [True, False])
def test_the_program_finds_what_trying_every_portfolio_finds(seed: int, carry_over: bool) -> None:
    problem = small(seed, carry_over=carry_over)
    found = solve(problem, gap=1e-9)
    assert found.score == pytest.approx(brute(problem), abs=1e-6)
    assert found.bound <= found.score + 1e-9 and breaches(problem, found.orders) == []
    assert solve(problem, whole=False).score <= found.score + 1e-9


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    limit=st.sampled_from(["per_year", "total", "lines", "budget", "lead", "requires"]),
)
def test_removing_a_limit_never_worsens_the_score(seed: int, limit: str) -> None:
    problem = small(seed)
    freed = {
        "per_year": {"per_year": problem.per_year + 5, "total": problem.total + 15},
        "total": {"total": problem.total + 9},
        "lines": {"lines": ()},
        "budget": {"budget": problem.budget + 5},
        "lead": {"lead": problem.lead * 0, "not_before": ()},
        "requires": {"requires": ()},
    }[limit]
    assert solve(problem.with_(**freed), gap=1e-9).score <= solve(problem, gap=1e-9).score + 1e-7


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_an_option_that_is_not_bought_changes_nothing(seed: int) -> None:
    problem = small(seed)
    found = solve(problem, gap=1e-9)
    idle = np.flatnonzero(found.orders[:, -1] == 0)
    if len(idle):
        dear, gone = problem.price.copy(), problem.total.copy()
        dear[idle], gone[idle] = dear[idle] * 100, 0
        for changed in ({"price": dear}, {"total": gone}):
            assert solve(problem.with_(**changed), gap=1e-9).score == pytest.approx(
                found.score, abs=1e-7
            )


def test_the_price_of_an_option_that_is_not_sold_moves_no_order_of_the_shipped_tables() -> None:
    """An option forbidden and the same option at any price above what anybody pays are one and the same."""
    inputs = shipped()
    forbidden = assemble(
        inputs.with_numbers(with_user(inputs.numbers, ["kc46.per_year=0"])), Order()
    )
    for price in ("0.16", "0.2", "0.22"):
        numbers = with_user(inputs.numbers, ["kc46.per_year=0", f"kc46.price={price}"])
        again = assemble(inputs.with_numbers(numbers), Order())
        assert (again.weight == forbidden.weight).all() and (again.need == forbidden.need).all()
        assert solve(again).score == pytest.approx(solve(forbidden).score, rel=1e-9)


def test_nothing_ordered_covers_nothing_and_everything_at_once_all() -> None:
    problem = assemble(shipped(), Order())
    none = np.zeros((len(problem.options), problem.years))
    assert points_missing(problem, none) == pytest.approx(100)
    free = unlimited(problem).with_(
        lead=problem.lead * 0,
        not_before=(),
        per_year=problem.per_year + 500,
        total=problem.total + 9999,
        lines=(),
    )
    assert points_missing(free, solve(free, whole=False).orders) == pytest.approx(0, abs=1e-6)


def test_more_money_never_covers_less() -> None:
    runs = backfill_runs(shipped(), Order(), draws=1)
    central = replace(runs, drawn=[assemble(shipped(), Order())])
    covered = [c for _, c in front(central, Order())]
    assert covered == sorted(covered) and covered[0] == pytest.approx(0, abs=1e-9)
    found = limits(assemble(shipped(), Order()))
    assert found["as it is"] >= covered[-1] - 1e-6
    assert min(found["without lead times"], found["without limits of lines"]) >= found["as it is"]


def test_a_longer_crisis_is_covered_more_and_a_later_one_too() -> None:
    inputs = shipped()

    def covered(*given: str) -> float:
        problem = assemble(inputs.with_numbers(with_user(inputs.numbers, given)), Order())
        return 100 - points_missing(problem, solve(problem, whole=False).orders)

    assert covered("crisis_from=2034") > covered("crisis_to=2030")
    assert covered("months=24") > covered("months=6")


def test_what_decides_is_the_same_for_every_seed() -> None:
    plan = solve(assemble(shipped(), Order()), whole=False)
    orders = [[d.name for d in drives(shipped(), Order(), plan, seed=s)] for s in (0, 1, 2)]
    assert all(set(o[:2]) == set(orders[0][:2]) for o in orders)


@pytest.fixture(scope="module")
def answer():  # type: ignore[no-untyped-def]
    return backfill(draws=40, holdings=Holdings(embedded_folder()), as_of=AsOf("2026-11-25"))


def test_the_headline_lies_in_its_own_interval_and_the_plan_keeps_its_limits(answer) -> None:  # type: ignore[no-untyped-def]
    for q in (answer.covered, answer.ceiling, *(e.covered for e in answer.effects)):
        assert 0 <= q.low <= q.median <= q.high <= 1
    assert answer.plan.gap <= 0.01 and breaches(answer.problem, answer.plan.orders) == []
    assert answer.covered.median <= answer.ceiling.median
    assert all(0 <= m <= 1 for e in answer.effects for m in e.by_month)


def test_no_effect_is_replaced_more_by_the_plan_than_at_any_budget() -> None:
    found = backfill(draws=256, holdings=Holdings(embedded_folder()), as_of=AsOf("2026-11-25"))
    for e in found.effects:
        assert (
            e.covered.low <= e.most.low
            and e.covered.median <= e.most.median
            and e.covered.high <= e.most.high
        ), e.key


def test_a_mean_over_years_is_told_apart_from_the_share_of_one_year(answer) -> None:  # type: ignore[no-untyped-def]
    said = " ".join(document(answer, BackfillQuestion()).summary)
    (first, soon), (last, late) = answer.by_crisis[0], answer.by_crisis[-1]
    assert f"average for crises beginning between {first} and {last}" in said
    assert f"{soon.median:.0%} would be replaced in {first}" in said
    assert f"{late.median:.0%} in {last}" in said
    mean = np.mean([q.median for _, q in answer.by_crisis])
    assert answer.covered.median == pytest.approx(mean, abs=0.02)


def test_the_sentence_on_first_orders_names_what_the_table_prints_at_nine_of_ten(answer) -> None:  # type: ignore[no-untyped-def]
    first = replace(answer.orders[0], early=1, best=0.87)
    found = document(replace(answer, orders=(first,)), BackfillQuestion())
    assert f"it is best to order these first: {first.plural}." in " ".join(found.summary)


def test_the_hardest_gaps_of_a_plan_that_buys_nothing_are_those_that_money_helps_least() -> None:
    none = backfill(
        Order(0.0), draws=10, holdings=Holdings(embedded_folder()), as_of=AsOf("2026-11-25")
    )
    hardest = min(none.effects, key=lambda e: e.most.median)
    said = next(
        x for x in document(none, BackfillQuestion()).summary if x.startswith("The hardest")
    )
    assert said.startswith(f"The hardest gaps to fill are {hardest.label.lower()}")


def test_unlimited_money_replaces_the_same_on_the_page_that_asks_for_it(answer) -> None:  # type: ignore[no-untyped-def]
    asked = backfill(
        Order(float("inf")),
        draws=40,
        holdings=Holdings(embedded_folder()),
        as_of=AsOf("2026-11-25"),
    )
    assert answer.ceiling == asked.covered
    by_effect = {e.key: e.covered for e in asked.effects}
    assert {e.key: e.most for e in answer.effects} == by_effect


def test_a_plan_is_cut_to_what_can_be_made_and_paid_for() -> None:
    """Over the draws a plan costs what the draw says and is made as fast as the draw says: never more."""
    problem = assemble(shipped(), Order())
    plan = solve(problem, whole=False).orders
    as_planned = carried_out(problem, plan)[-1]
    assert as_planned == pytest.approx(1 - points_missing(problem, plan) / 100, abs=1e-6)
    for dearer in (
        {"price": problem.price * 3},
        {"per_year": problem.per_year // 2},
        {"budget": problem.budget / 3},
    ):
        assert carried_out(problem.with_(**dearer), plan)[-1] < as_planned
    assert carried_out(problem.with_(budget=problem.budget * 0), plan)[-1] == pytest.approx(
        0, abs=1e-9
    )
    assert len(draw(shipped(), Order(), 3, 1)[1]) == 3


def test_unspent_money_and_what_comes_late_are_explained(answer) -> None:  # type: ignore[no-untyped-def]
    d = document(answer, BackfillQuestion())
    assert f"Europe can use about ${float(f'{answer.spent:.2g}'):,.0f}bn: later orders" in " ".join(
        d.summary
    )
    last = answer.inputs.numbers("crisis_to")
    late = [o.label for o in answer.orders if o.in_use and o.in_use > last]
    assert all(label in text(d) for label in late)
    rich = backfill(
        Order(float("inf")),
        draws=10,
        holdings=Holdings(embedded_folder()),
        as_of=AsOf("2026-11-25"),
    )
    assert "can use about" not in " ".join(document(rich, BackfillQuestion()).summary)


def test_every_figure_that_the_tables_name_is_the_one_that_is_held(answer) -> None:  # type: ignore[no-untyped-def]
    said = {(a.meaning, figure) for a in shipped().numbers.values() for _, figure in a.rows}
    assert {(r.input, r.value) for r in answer.rows} == said


def test_it_is_told_by_capability_within_80_columns(answer) -> None:  # type: ignore[no-untyped-def]
    d = document(answer, BackfillQuestion())
    assert max(map(len, text(d, why=True).splitlines())) <= 80
    said = json.dumps(envelope(d), allow_nan=False)
    for capability in ("Air-to-air refuelling", "deep strike", "electronic warfare", "not known"):
        assert capability in said


def test_weights_that_a_planner_gives_move_the_orders() -> None:
    plain = solve(assemble(shipped(), Order()), whole=False)
    much = solve(assemble(shipped(), Order(weights={"refuelling": 20})), whole=False)
    tankers = [i for i, o in enumerate(shipped().options) if o.gives.get("refuelling", 0) >= 1]
    assert much.orders[tankers, -1].sum() > plain.orders[tankers, -1].sum()


def test_a_crisis_in_which_no_weighted_effect_is_missing_costs_no_points() -> None:
    """Europe's own early-warning aircraft cover two American ones in 2028, and not in 2035."""
    inputs = shipped()
    few = inputs.with_numbers(with_user(inputs.numbers, ["warning.us_part=2"]))
    only_warning = {effect.key: float(effect.key == "warning") for effect in inputs.effects}
    problem = assemble(few, Order(weights=only_warning))
    points = problem.weight * problem.need
    assert points[..., 0].sum() == 0.0
    assert points[..., -1].sum() == pytest.approx(100.0)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"budget": "2000"}, "Write 10 for ten billion"),
        ({"budget": "many"}, "write dollars a year"),
        ({"definition": "all"}, "use one of dedicated"),
        ({"weight": ("ships=2",)}, "is not a capability.*Choose from refuelling, "),
        ({"weight": ("refuelling=x",)}, "refuelling=2"),
        ({"param": ("p8.prize=1",)}, "did you mean p8.price"),
        ({"param": ("p8.lead=3.5",)}, "is counted"),
        ({"param": ("p8.price=1e9",)}, "Write a number from"),
        ({"param": ("crisis_from=2026",)}, "put them in order"),
    ],
)
def test_what_cannot_be_is_refused_with_the_cure(asked: dict, said: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(UsageError, match=said):
        BackfillQuestion(**{"draws": 10, **asked}).answer(
            Frame(holdings=Holdings(embedded_folder()))
        )


def test_a_number_without_a_row_or_a_reason_is_refused() -> None:
    known = shipped().known
    with pytest.raises(DataError, match="give readings, or say what is assumed"):
        resolve("p8.price", {"unit": "bn USD"}, known)
    with pytest.raises(DataError, match="say why it is assumed"):
        resolve("p8.price", {"assumed": {"value": 1}}, known)
    with pytest.raises(DataError, match="does not hold"):
        resolve("p8.price", {"assumed": {"value": 1, "low": 2, "why": "x"}}, known)
    with pytest.raises(DataError, match="names its rows"):
        resolve("p8.price", {"readings": [{"value": 1}]}, known)
    with pytest.raises(DataError, match="value_ is not known"):
        resolve("p8.price", {"value_": 1}, known)
    with pytest.raises(DataError, match=r"shape \(2,\)"):
        replace(small(0), price=np.ones(2))


DAYS = ("2023-03-20", "2024-06-30", "2025-03-31", "2025-10-31", "2026-06-30", "2026-11-25")


@pytest.mark.parametrize("day", DAYS)
def test_no_number_of_a_date_rests_on_a_page_of_a_later_day(day: str) -> None:
    then = AsOf(day)
    inputs = shipped(day)
    for a in inputs.numbers.values():
        assert a.known is None or a.known <= then.date, a.name
        assert a.standing in ("published", "derived", "assumed", "set by the question")
        assert a.standing != "assumed" or a.wanted, a.name
    answered = BackfillQuestion(draws=10).answer(
        Frame(as_of=then, holdings=Holdings(embedded_folder()))
    )
    said = text(answered, why=True)
    for year in range(then.date.year + 1, 2027):
        assert f"public by {year}" not in said


def test_what_was_not_public_is_not_known_and_says_what_is_missing() -> None:
    frame = Frame(as_of=AsOf("2023-03-20"), holdings=Holdings(embedded_folder()))
    assert BackfillQuestion(draws=10).headlines(frame) == ()
    d = BackfillQuestion(draws=10).answer(frame)
    assert d.summary[0].startswith("Not known as of 20 March 2023: none of 14 capabilities")
    assert "at least seven of them" in d.summary[1]
    missing = next(t for t in d.walk() if isinstance(t, Table))
    told = {str(row[0]): str(row[1]).split("; ") for row in missing.rows}
    assert sum(map(len, told.values())) == 14
    # The tankers had a figure by then and no price: the first line must not deny it.
    assert told["Nobody had published what a replacement costs"] == ["Air-to-air refuelling"]
    assert "IISS" not in text(d, why=True) and "June 2026" not in text(d, why=True)
    later = BackfillQuestion(draws=10).headlines(
        Frame(as_of=AsOf("2026-11-25"), holdings=Holdings(embedded_folder()))
    )
    assert len(later) == 2


def test_orders_by_year_add_up_to_the_plan_and_the_crisis_that_comes_later_is_met_better(
    answer,
) -> None:  # type: ignore[no-untyped-def]
    assert sum(cash for _, _, cash in answer.by_year) == pytest.approx(answer.spent)
    medians = [q.median for _, q in answer.by_crisis]
    assert medians == sorted(medians)


def test_money_is_read_in_billions_a_year() -> None:
    assert (
        money("800m") == 0.8
        and money("10bn") == money("10") == 10
        and money("unlimited") == float("inf")
    )
    assert weights(["a=2", "b=0"]) == {"a": 2, "b": 0}


def test_orders_of_a_hundred_are_told_as_the_number_of_things() -> None:
    assert _ordered(4, "100 tanks") == "400 tanks"
    assert _ordered(10, "100 PAC-3 MSE missiles") == "1,000 PAC-3 MSE missiles"
    assert _ordered(2, "A400M") == "2 × A400M"
