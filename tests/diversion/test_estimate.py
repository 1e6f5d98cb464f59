# SPDX-License-Identifier: Apache-2.0
"""The parts of the diversion estimate, against other libraries and against their own definitions."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats
from scipy.special import expit

from bilat.diversion.amount import (
    IN_EDGES,
    IN_WEIGHTS,
    OUT_EDGES,
    OUT_WEIGHTS,
    LegFlows,
    Prior,
    evidence,
)
from bilat.diversion.controls import grouped_median
from bilat.diversion.estimate import TERMS, Estimate, LegWindow, fitted_odds
from bilat.diversion.noise import T4_MAD, Law, absolute_regression, t4_cdf, t4_density
from bilat.diversion.pairs import running_q
from bilat.diversion.parameters import parameter, parameters
from bilat.statistics import break_date

PRIOR = Prior(float(np.log(0.06)), 1.6)


def side(
    before: float, after: float, scale: float = 0.3, location: float = 0.0, absent: float = 0.02
) -> LegFlows:
    def one(x: float) -> np.ndarray:  # type: ignore[type-arg]
        return np.array([x])

    law = Law(one(location), one(scale), one(0.03), one(location), one(1.6), one(absent))
    return LegFlows(one(before), one(after), 12_000.0, law)


def factor(first: LegFlows, second: LegFlows | None, usual: float = 2e7) -> float:
    return float(evidence(first, second, np.array([usual]), PRIOR).factor[0])


@given(st.lists(st.tuples(st.integers(0, 9), st.floats(-30, 30)), min_size=1, max_size=80))
def test_grouped_median_is_the_median_of_each_group(pairs: list[tuple[int, float]]) -> None:
    keys, y = np.array([k for k, _ in pairs]), np.array([v for _, v in pairs])
    got, total = grouped_median(keys, y, np.ones(len(y)), 12)
    for k in range(12):
        here = keys == k
        assert total[k] == here.sum()
        assert got[k] == pytest.approx(np.median(y[here]) if here.any() else 0.0, abs=1e-6)


def test_a_row_without_weight_moves_no_median() -> None:
    keys, y = np.zeros(4, dtype=int), np.array([1.0, 2.0, 3.0, 99.0])
    assert grouped_median(keys, y, np.array([1.0, 1.0, 1.0, 0.0]), 1)[0][0] == 2.0


def test_the_core_is_student_s_law_with_four_degrees_of_freedom() -> None:
    z = np.linspace(-30, 30, 61)
    assert t4_cdf(z) == pytest.approx(stats.t.cdf(z, 4), abs=1e-12)
    assert t4_density(z) == pytest.approx(stats.t.pdf(z, 4), rel=1e-9)
    assert stats.t.cdf(T4_MAD, 4) == pytest.approx(0.75)


def test_the_absolute_regression_finds_a_line_among_wild_points() -> None:
    rng = np.random.default_rng(1)
    x = np.column_stack([np.ones(400), rng.normal(size=400)])
    y = x @ np.array([1.0, -2.0]) + rng.normal(0, 0.1, 400)
    y[:60] += 50
    got = absolute_regression(x, y, np.ones(400), np.zeros(2), 1e-6 * np.eye(2))
    assert got == pytest.approx([1.0, -2.0], abs=0.05)


@pytest.mark.parametrize("before", [0.0, 2e4, 3e6])
@pytest.mark.parametrize("edges", [(IN_EDGES, IN_WEIGHTS), (OUT_EDGES, OUT_WEIGHTS)])
def test_the_likelihood_of_an_amount_is_a_density_of_the_actual_value(
    before: float, edges: tuple
) -> None:  # type: ignore[type-arg]
    # Summed over every actual value it is 1: for a given amount the ratio times the density without it.
    amount = 1e6 + 30 * before

    def density(after: float) -> float:
        s = side(before, after)
        ratio = s.ratio(np.array([[amount]]), *edges)[0, 0]
        trades = 1 - s.law.cdf(np.log(np.array([[s.offset / (before + s.offset)]])))[0, 0]
        return float(ratio * s.law.density(s.y)[0] / (after + s.offset) / trades)

    # Above the counterfactual, where the ratio is not held at 1.
    low = float(side(before, 1.0).expected[0]) * 1.001 + 1
    grid = np.concatenate(
        [np.linspace(low, 8 * amount, 40_001), np.geomspace(8 * amount, 1e12, 4_001)[1:]]
    )
    total = integrate.trapezoid([density(a) for a in grid[::4]], grid[::4])
    assert total == pytest.approx(1.0, abs=0.02)


def test_weights_of_the_cells_are_shares() -> None:
    assert IN_WEIGHTS.sum() == pytest.approx(1) and OUT_WEIGHTS.sum() == pytest.approx(1)
    assert (np.diff(IN_EDGES) > 0).all() and (np.diff(OUT_EDGES) > 0).all()


def test_a_leg_below_its_counterfactual_is_no_evidence_however_odd() -> None:
    usual = factor(side(1e6, 1e6), side(1e6, 1e6))
    assert factor(side(1e6, 1e6), side(1e6, 1e4)) <= max(usual, 1.0) + 1e-9
    assert factor(side(1e6, 1e4), side(1e6, 1e4)) <= 1.0 + 1e-9


def test_legs_that_cannot_share_one_amount_speak_less_than_legs_that_can() -> None:
    agreeing = factor(side(1e6, 6e6), side(1e6, 6e6))
    assert agreeing > 20 * factor(side(1e6, 6e6), side(1e9, 1.05e9))
    assert agreeing > 20 * factor(side(1e6, 6e6), side(1e6, 0.4e6))
    assert agreeing > 3 * factor(side(1e6, 6e6), side(1e6, 60e6))


def test_purchases_below_expectation_count_by_what_an_amount_is_of_them() -> None:
    sold = side(0.0, 5e7, scale=0.9, location=2.6, absent=0.9)
    part_of_a_large_flow = factor(side(6.9e8, 6.7e8), sold, usual=4e8)
    nearly_all_of_a_steady_one = factor(side(6e7, 5.8e7, scale=0.1), sold, usual=4e8)
    assert part_of_a_large_flow > 1
    assert nearly_all_of_a_steady_one < part_of_a_large_flow / 20


def test_a_small_jump_does_not_lead_a_large_one() -> None:
    assert factor(side(1e6, 9e6), side(1e6, 9e6)) > 5 * factor(side(1e3, 9e3), side(1e3, 9e3))


def test_an_amount_far_above_what_the_target_ever_bought_is_less_likely() -> None:
    legs = side(1e6, 9e6), side(1e6, 9e6)
    assert factor(*legs, usual=2e7) > 3 * factor(*legs, usual=2e4)


@settings(max_examples=50, deadline=None)
@given(st.floats(0, 1e8), st.floats(1e3, 1e9), st.floats(0, 1e8), st.floats(1e3, 1e9))
def test_the_amount_is_ordered_and_within_what_was_traded(
    b1: float, a1: float, b2: float, a2: float
) -> None:
    got = evidence(side(b1, a1), side(b2, a2), np.array([1e7]), PRIOR)
    low, middle, high = got.quantiles[0]
    assert 0 < low < middle < high
    assert middle <= min(a1 / IN_EDGES[0], a2 / OUT_EDGES[0]) * 1.01
    assert np.isfinite(got.factor[0]) and got.factor[0] >= 0


def test_the_interval_holds_an_amount_added_to_both_legs() -> None:
    rng = np.random.default_rng(7)
    inside = 0
    for _ in range(200):
        amount = float(np.exp(rng.normal(np.log(1e6), 1.0)))
        base = np.exp(rng.normal(np.log(3e5), 1.0, 2))
        kept, dearer = rng.choice([1.0, 1.1, 1.25, 1.5], 1)[0], rng.uniform(0.95, 1.4)
        after = base * np.exp(0.3 * rng.standard_t(4, 2)) + amount * np.array([kept, dearer])
        got = evidence(
            side(base[0], after[0]), side(base[1], after[1]), np.array([2e7]), PRIOR
        ).quantiles[0]
        inside += got[0] <= amount <= got[2]
    assert 0.7 <= inside / 200 <= 0.93


@settings(max_examples=30)
@given(st.lists(st.floats(0.001, 0.999), min_size=1, max_size=60))
def test_q_is_the_least_mean_of_doubt_that_reaches_a_row(p: list[float]) -> None:
    ranked = np.sort(np.array(p))[::-1]
    q = running_q(ranked)
    assert (np.diff(q) >= -1e-12).all()
    assert q[-1] == pytest.approx(float(np.mean(1 - ranked)))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_a_hub_of_many_routes_is_likelier_than_its_neighbours(seed: int) -> None:
    """The neighbours have up to four routes of 100. Were their routes drawn with a chance of one in
    100 each, one world in 600 would have a neighbour of six or seven, which is rightly likely too.
    """
    rng = np.random.default_rng(seed)
    hub = np.repeat(np.arange(10), 100)
    seen = np.full((10, 100), -1.0)
    for of_hub, routes in zip(seen, rng.integers(0, 4, 10, endpoint=True), strict=True):
        of_hub[rng.permutation(100)[:routes]] = 7.0
    seen[3] = [8.0] * 20 + [-1.0] * 80
    x = np.zeros((1000, len(TERMS)))
    x[:, 0] = 1.0
    odds = fitted_odds(x, hub, seen.ravel())[::100]
    assert odds[3] > np.delete(odds, 3).max() + 0.8
    assert abs(odds - np.median(odds)).max() < 6


def odds_of_hubs(evidence: list[list[float]]) -> np.ndarray:  # type: ignore[type-arg]
    """Return by hub the log prior odds of its last pair; ``evidence``: of all its pairs."""
    hub = np.repeat(np.arange(len(evidence)), [len(seen) for seen in evidence])
    x = np.zeros((len(hub), len(TERMS)))
    x[:, 0] = 1.0
    odds = fitted_odds(x, hub, np.concatenate(evidence))
    last = np.flatnonzero(np.diff(hub, append=len(evidence)))
    return np.asarray(odds[last])


def test_the_same_evidence_says_less_at_a_hub_that_carries_no_other_route() -> None:
    quiet = [-1.2] * 299 + [3.0]
    busy = [-1.2] * 95 + [5.0] * 4 + [3.0]  # four likely routes are enough
    odds = odds_of_hubs([quiet] * 8 + [busy] * 2)
    assert odds[8:].min() > odds[:8].max() + 1.0


def test_one_pair_however_sure_makes_no_hub_suspect() -> None:
    usual = [-1.2] * 100
    odds = odds_of_hubs([usual] * 9 + [[60.0, *usual]])
    assert odds[9] - odds[0] == pytest.approx(0.0, abs=0.8)
    several = odds_of_hubs([usual] * 9 + [[60.0] * 10 + usual])
    assert several[9] - several[0] > 1.0


def test_no_hub_runs_away_however_many_of_its_goods_leap() -> None:
    usual = [-1.2] * 100
    odds = odds_of_hubs([usual] * 9 + [[60.0] * 100 + usual])
    assert 1.0 < odds[9] - odds[0] < 3.5


@given(st.lists(st.floats(-3, 6), min_size=6, max_size=30), st.randoms())
def test_odds_do_not_turn_on_the_order_of_pairs(values: list[float], random: Random) -> None:
    seen = np.array(values)
    hub = np.arange(len(seen)) % 3
    x = np.zeros((len(seen), len(TERMS)))
    x[:, 0] = 1.0
    order = np.array(random.sample(range(len(seen)), len(seen)))
    straight = fitted_odds(x, hub, seen)
    shuffled = fitted_odds(x[order], hub[order], seen[order])
    assert shuffled == pytest.approx(straight[order], abs=1e-6)


@pytest.mark.parametrize("share", [0.0, 0.3])
def test_the_share_of_routes_is_the_file_s_own_among_goods_whose_direct_trade_fell(
    share: float,
) -> None:
    rng = np.random.default_rng(5)
    size = 400
    calm = np.arange(size) >= size // 2
    route = (rng.random(size) < share) & ~calm
    seen = rng.normal(np.where(route, 4.0, -4.0), 8**0.5)  # log Bayes factors of two normal laws
    x = np.zeros((size, len(TERMS)))
    x[:, 0], x[:, TERMS.index("calm")], x[:, TERMS.index("own")] = 1.0, calm, ~calm
    odds = fitted_odds(x, np.arange(size) % 20, seen)
    p = expit(odds + seen)
    assert p[~calm].sum() == pytest.approx(route.sum(), abs=0.2 * size / 2 * share + 1.0)
    base = parameter("odds_base")
    assert odds[~calm].mean() > base + 2.5 if share else odds[~calm].mean() < base
    assert odds[calm].mean() == pytest.approx(base + parameter("odds_calm"), abs=0.5)


@pytest.mark.parametrize("routes", [0, 150])
def test_sales_that_leap_are_routes_where_purchases_say_so(routes: int) -> None:
    # Leg two leaps everywhere: only what the purchases add tells routes from a hub's own goods.
    rng = np.random.default_rng(8)
    seen = np.concatenate([rng.normal(2.0, 2.0, routes), rng.normal(-2.0, 2.0, 300 - routes)])
    x = np.zeros((300, len(TERMS)))
    x[:, 0] = 1.0
    x[:, [TERMS.index("own"), TERMS.index("leap")]] = 1.0
    p = expit(fitted_odds(x, np.arange(300) % 20, seen) + seen)
    assert p.sum() == pytest.approx(routes, abs=25)


def test_sales_that_leap_beyond_anything_that_was_bought_are_no_route() -> None:
    e, leapt = Estimate.__new__(Estimate), side(2.6e4, 1.5e6)
    e.prior = PRIOR

    def says(first: LegFlows) -> float:
        return float(e._gain(LegWindow(first, leapt, np.array([2e7]), 0.03), np.arange(1))[0])

    # 480 dollars of purchases feed no sale of a million and a half; what is bought beyond the usual may.
    assert (
        says(side(700.0, 480.0)) < -2 and says(side(3e5, 3e5)) < -2 and says(side(3e5, 1.8e6)) > 1
    )


def test_a_first_sale_that_is_smaller_than_usual_is_no_evidence() -> None:
    # Nothing was sold before; where hubs begin to sell they sell about e to the 2.6 offsets, 160,000 USD a year.
    usual = side(0.0, 2.4e5, scale=0.9, location=2.6, absent=0.9)
    sample = side(0.0, 350.0, scale=0.9, location=2.6, absent=0.9)
    calm = side(1e6, 3e6)
    assert (
        factor(calm, sample, usual=5e3) <= max(factor(calm, side(1e6, 1e6), usual=5e3), 1.0) + 1e-9
    )
    assert factor(calm, usual) > factor(calm, sample)


def test_the_break_is_the_month_in_which_the_level_changed() -> None:
    months = [f"{y}-{m:02d}" for y in (2020, 2021, 2022) for m in range(1, 13)]
    values = [1e6 if m < "2022-05" else 4e6 for m in months]
    assert break_date(months, values, 1e3) == "2022-05"
    assert break_date(months, [5.0] * 36, 1e3) is None
    assert (
        break_date(["2019", "2020", "2021", "2022", "2023"], [1e6, 1.1e6, 0.9e6, 5e6, 6e6], 1e3)
        == "2022"
    )


def test_every_parameter_has_unit_range_meaning_and_source() -> None:
    for name, p in parameters().items():
        assert {"unit", "value", "low", "high", "meaning", "source"} <= set(p), name
        assert p["low"] <= p["value"] <= p["high"], name
    assert parameter("offset") == parameters()["offset"]["value"]
