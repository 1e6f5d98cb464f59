# SPDX-License-Identifier: Apache-2.0
"""The folded program is the plain one; its limits, laws and bounds hold on random small problems."""

from __future__ import annotations

import numpy as np
import pytest
from backfill_instances import small
from hypothesis import given, settings
from hypothesis import strategies as st

from bilat.contingency.backfill.curve import fold, lattice_step, shortfall
from bilat.contingency.backfill.plain import plain_score, tail_weights
from bilat.contingency.backfill.problem import Tail, breaches, by_scenario, conditional_tail, score
from bilat.contingency.backfill.program import Effort, fold_program, load, run, solve
from bilat.contingency.backfill.questions import floor, needed, relaxed, unlimited
from bilat.contingency.backfill.search import plan
from bilat.errors import DataError

EXACT = Effort(gap=1e-9, seconds=20)
few = settings(max_examples=15, deadline=None)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("carry_over", [True, False])
def test_the_folded_form_equals_the_plain_one(seed: int, carry_over: bool) -> None:
    problem = small(seed, carry_over=carry_over)
    found = plan(problem, EXACT)
    _, plain, _ = plain_score(problem, EXACT)
    assert found.score == pytest.approx(plain, abs=1e-6)
    assert found.bound == pytest.approx(plain, abs=1e-6)
    assert breaches(problem, found.orders) == []


@pytest.mark.parametrize("seed", range(4))
def test_the_lattice_changes_no_integer_optimum_and_never_loosens_the_bound(seed: int) -> None:
    problem = small(seed)
    with_it, without = fold_program(problem), fold_program(problem, lattice=False)
    assert solve(problem, EXACT, program=with_it).score == pytest.approx(
        solve(problem, EXACT, program=without).score, abs=1e-6
    )

    def lp(program: object) -> float:
        solver = load(program, EXACT, integer=False)  # type: ignore[arg-type]
        run(solver)
        return float(solver.getInfo().objective_function_value)

    assert lp(with_it) >= lp(without) - 1e-9


@pytest.mark.parametrize("seed", range(6))
def test_risk_adjusted_weights_give_a_bound_and_a_portfolio_of_the_joint_tail(seed: int) -> None:
    problem = small(seed, tail=Tail(0.3, 0.8))
    pi = tail_weights(problem)
    assert pi.sum() == pytest.approx(1.0)
    assert np.all(pi <= 0.7 * problem.probability + 0.3 * problem.probability / 0.2 + 1e-9)
    found = plan(problem, EXACT)
    _, plain, _ = plain_score(problem, EXACT)
    assert found.bound <= plain + 1e-6 <= found.score + 2e-6
    assert found.score <= 1.02 * plain


def test_the_folded_linear_program_with_those_weights_is_the_joint_one() -> None:
    problem = small(3, tail=Tail(0.3, 0.8))
    _, joint, _ = plain_score(problem, EXACT, integer=False)
    assert relaxed(problem).value == pytest.approx(joint, abs=1e-6)


def test_where_scenarios_are_levels_of_severity_the_tail_is_the_worst_levels() -> None:
    problem = small(1, tail=Tail(1.0, 0.8), nested=True)
    values = by_scenario(problem, np.zeros((6, 5)))
    assert np.all(np.diff(values) >= -1e-12)
    left, expected = 0.2, 0.0
    for s in reversed(range(6)):
        take = min(left, problem.probability[s])
        expected, left = expected + take * values[s] / 0.2, left - take
    assert conditional_tail(values, problem.probability, 0.8) == pytest.approx(expected)
    assert plan(problem, EXACT).score == pytest.approx(plain_score(problem, EXACT)[1], abs=1e-6)


@given(st.integers(0, 50), st.floats(0, 3), st.floats(0, 3))
@few
def test_more_money_never_leaves_a_larger_gap(seed: int, a: float, b: float) -> None:
    problem = small(seed)
    less, more = (plan(problem.with_(budget=problem.budget * x), EXACT).score for x in sorted((a, b)))
    assert more <= less + 1e-6


@given(st.integers(0, 50))
@few
def test_shorter_lead_times_and_more_places_on_the_line_never_leave_a_larger_gap(seed: int) -> None:
    problem = small(seed)
    base = plan(problem, EXACT).score
    assert plan(problem.with_(lead=np.maximum(0, problem.lead - 1)), EXACT).score <= base + 1e-6
    wider = problem.with_(per_year=problem.per_year + 1, total=problem.total + problem.years)
    assert plan(wider, EXACT).score <= base + 1e-6


@given(st.integers(0, 50))
@few
def test_money_carried_over_is_never_worse_than_money_lost(seed: int) -> None:
    free, strict = plan(small(seed), EXACT).score, plan(small(seed, carry_over=False), EXACT).score
    assert free <= strict + 1e-6


@given(st.integers(0, 50), st.floats(0, 1), st.floats(0, 1))
@few
def test_a_larger_withdrawal_never_leaves_a_smaller_gap(seed: int, a: float, b: float) -> None:
    problem = small(seed)
    small_one, large = (plan(problem.with_(need=problem.need * x), EXACT).score for x in sorted((a, b)))
    assert small_one <= large + 1e-6


@given(st.integers(0, 50))
@few
def test_the_front_of_the_linear_program_is_convex_and_its_dual_is_the_slope(seed: int) -> None:
    problem = small(seed)
    values = [relaxed(problem.with_(budget=problem.budget * x)).value for x in (0.5, 1.0, 1.5)]
    assert values[0] >= values[1] - 1e-7 >= values[2] - 2e-7
    assert values[1] <= (values[0] + values[2]) / 2 + 1e-7
    step = 1e-4
    here, up, down = (relaxed(problem.with_(budget=problem.budget + x)) for x in (0, step, -step))
    # between the slopes to the left and the right: at a kink any price between them is a dual
    assert (here.value - down.value) / step - 1e-4 <= here.every_year <= (up.value - here.value) / step + 1e-4


def test_no_money_is_doing_nothing_and_no_withdrawal_is_no_gap() -> None:
    problem = small(2)
    none = plan(problem.with_(budget=np.zeros(5)), EXACT)
    assert none.orders.sum() == 0
    assert none.score == pytest.approx(none.bound) == pytest.approx(score(problem, np.zeros((6, 5))))
    nothing_leaves = plan(problem.with_(need=np.zeros_like(problem.need)), EXACT)
    assert nothing_leaves.score == 0
    assert nothing_leaves.orders.sum() == 0


def test_with_money_without_limit_only_lines_and_lead_times_leave_a_gap() -> None:
    problem = small(2).with_(not_before=(), requires=(), gives=np.abs(small(2).gives))
    left = floor(problem)
    assert left["nothing"] >= left["floor"] >= left["without_line_limits"] >= left["without_both"] - 1e-9
    assert left["without_both"] == pytest.approx(0, abs=1e-6)
    assert plan(unlimited(problem), EXACT).score >= left["floor"] - 1e-6


def test_every_option_lies_within_its_bounds_in_portfolios_near_the_best() -> None:
    problem = small(4)
    best = plan(problem, EXACT)
    for row, n in zip(needed(problem, best.score), best.orders[:, -1], strict=True):
        assert row["least"] - 1e-6 <= n <= row["most"] + 1e-6  # type: ignore[operator]


@given(st.lists(st.integers(0, 30), min_size=1, max_size=12), st.integers(1, 4))
@few
def test_the_folded_curve_is_the_expected_shortfall_at_every_reachable_stock(
    needs: list[int], step: int
) -> None:
    need, pi = np.asarray(needs, dtype=float), np.full(len(needs), 1 / len(needs))
    curve = fold(need, pi, 0.0, 6.0 * step, float(step), 0.0)
    at = curve.start + np.concatenate(([0.0], np.cumsum(curve.lengths)))
    value = curve.at_start + np.concatenate(([0.0], np.cumsum(curve.lengths * curve.slopes)))
    stocks = np.arange(0, 6 * step + 1, step, dtype=float)
    assert np.interp(stocks, at, value) == pytest.approx(shortfall(stocks, need, pi), abs=1e-9)


def test_the_step_of_a_lattice() -> None:
    assert lattice_step(np.array([1.0, -0.25, 0.0])) == 0.25
    assert lattice_step(np.array([4.0, 6.0])) == 2.0
    assert lattice_step(np.array([2**0.5])) == 0.0


def test_a_search_cut_short_still_returns_a_portfolio_and_its_bound() -> None:
    found = plan(small(5), Effort(gap=0.0, nodes=1, seconds=0.3))
    assert breaches(small(5), found.orders) == []
    assert found.bound <= found.score + 1e-9


def test_probabilities_that_do_not_sum_to_one_are_refused() -> None:
    with pytest.raises(DataError, match="must sum to 1"):
        small(0).with_(probability=np.full(6, 0.5))
