# SPDX-License-Identifier: Apache-2.0
"""The statistics of the diversion estimate, against other libraries and against their own definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from bilat.diversion.chance import (
    benjamini_hochberg,
    diverted,
    likelihood_ratio,
    share_penalty,
    survival,
    upper_tail,
)
from bilat.diversion.expected import Leg, grouped_median
from bilat.diversion.net_excess import net_by_hub
from bilat.diversion.odds import Hits, prior_odds
from bilat.diversion.parameters import assuming, parameter, parameters
from bilat.statistics import break_date


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=60))
def test_q_values_are_benjamini_and_hochberg_s(p: list[float]) -> None:
    assert benjamini_hochberg(np.array(p)) == pytest.approx(stats.false_discovery_control(p, method="bh"))


@given(st.lists(st.tuples(st.integers(0, 9), st.floats(-30, 30)), min_size=1, max_size=80))
def test_grouped_median_is_the_median_of_each_group(pairs: list[tuple[int, float]]) -> None:
    keys, y = np.array([k for k, _ in pairs]), np.array([v for _, v in pairs])
    got = grouped_median(keys, y)
    for k in set(keys.tolist()):
        assert got[keys == k] == pytest.approx(np.median(y[keys == k]), abs=1e-6)


def test_survival_is_the_logistic_distribution_s() -> None:
    z = np.linspace(-30, 30, 41)
    assert survival(z) == pytest.approx(stats.logistic.sf(z))


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=50), st.floats(-6, 6))
def test_upper_tail_never_says_zero_and_falls_with_the_statistic(null: list[float], x: float) -> None:
    p, further = upper_tail(np.array(null), np.array([x, x + 1]))
    assert 0 < further <= p <= 1


def leg(before: float, after: float, scale: float = 0.3, offset: float = 1e4) -> Leg:
    b, a = np.array([before]), np.array([after])
    y = np.log((a + offset) / (b + offset))
    zero = np.zeros(1)
    return Leg(
        zero.astype(int), zero.astype(int), b, a, zero, np.full(1, scale), y / scale, zero, offset, "test"
    )


@settings(max_examples=50)
@given(st.floats(0, 1e8), st.floats(1e3, 1e9), st.floats(0, 1e8), st.floats(1e3, 1e9))
def test_the_diverted_value_is_the_smaller_excess_inside_its_interval(
    b1: float, a1: float, b2: float, a2: float
) -> None:
    point, low, high = diverted([leg(b1, a1), leg(b2, a2)])
    assert point[0] == pytest.approx(min(max(a1 - b1, 0), max(a2 - b2, 0)), rel=1e-6, abs=1e-3)
    assert 0 <= low[0] <= point[0] + 1e-6 and point[0] <= high[0] + 1e-6
    assert high[0] <= min(a1, a2) + 1e-6


def test_a_small_jump_does_not_lead_a_large_one() -> None:
    small, _ = likelihood_ratio([leg(1e3, 9e3), leg(1e3, 9e3)])
    large, amount = likelihood_ratio([leg(1e6, 9e6), leg(1e6, 9e6)])
    assert large[0] > 5 * small[0]
    assert amount[0] == pytest.approx(8e6, rel=0.15)


def test_a_leg_below_its_counterfactual_is_no_evidence_however_odd() -> None:
    # A first sale of a few thousand is smaller than first sales usually are: that is not a route.
    tiny, _ = likelihood_ratio([leg(1e6, 1e6), leg(1e6, 1e5)])
    usual, _ = likelihood_ratio([leg(1e6, 1e6), leg(1e6, 1e6)])
    assert tiny[0] <= usual[0] + 1e-9


@given(st.floats(1e-9, 1e9))
def test_the_prior_of_an_amount_is_flat_inside_its_bounds_and_bounded_outside(share: float) -> None:
    (penalty,) = share_penalty(np.array([share]))
    low, high, most = (parameter(f"share_{p}") for p in ("low", "high", "penalty"))
    e_folds = np.log(low / share) if share < low else np.log(share / high) if share > high else 0.0
    assert penalty == pytest.approx(-min(e_folds, most), abs=1e-9)


@pytest.mark.parametrize("e_folds", [0.5, 1.0, 2.0, 50.0])
def test_an_amount_outside_the_bounds_loses_one_for_each_e_fold_up_to_the_most(e_folds: float) -> None:
    low, high, most = (parameter(f"share_{p}") for p in ("low", "high", "penalty"))
    both = share_penalty(np.array([low * np.exp(-e_folds), high * np.exp(e_folds)]))
    assert both == pytest.approx(-min(e_folds, most)) and both.max() < 0
    assert share_penalty(np.array([low, (low + high) / 2, high])) == pytest.approx(0.0, abs=1e-12)


def test_an_amount_far_above_what_the_target_ever_bought_is_less_likely() -> None:
    legs = [leg(1e6, 9e6), leg(1e6, 9e6)]
    within, _ = likelihood_ratio(legs, np.array([2e7]))
    beyond, _ = likelihood_ratio(legs, np.array([2e5]))
    free, _ = likelihood_ratio(legs)
    assert within[0] == pytest.approx(free[0]) and beyond[0] < within[0] - 1


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_a_hub_of_many_hits_is_likelier_and_an_erratic_one_is_not(seed: int) -> None:
    rng = np.random.default_rng(seed)
    hub = np.repeat(np.arange(10), 100)
    fell = np.ones(1000, dtype=bool)
    decoy_hub, decoy_fell = np.tile(hub, 2), np.ones(2000, dtype=bool)
    real, null = rng.normal(size=1000), rng.normal(size=2000)
    real[rng.choice(np.flatnonzero(hub == 3), 30, replace=False)] += 8  # a hub with routes
    # A hub whose trade jumps with everybody: its decoys jump as often.
    # They are 1% of all decoys, so that what 2% of the decoys reach is ordinary noise.
    real[rng.choice(np.flatnonzero(hub == 7), 10, replace=False)] += 8
    null[rng.choice(np.flatnonzero(decoy_hub == 7), 20, replace=False)] += 8
    odds, null_odds = prior_odds(Hits(real, hub, fell), Hits(null, decoy_hub, decoy_fell))
    assert odds[hub == 3].min() > np.median(odds) + 1
    assert np.median(odds[hub == 7]) < np.median(odds[hub == 3]) - 0.5
    assert len(null_odds) == 2000 and np.isfinite(null_odds).all()


def test_a_pair_s_own_figure_does_not_raise_its_hub_s_odds() -> None:
    rng = np.random.default_rng(1)
    hub, fell = np.repeat(np.arange(5), 100), np.ones(500, dtype=bool)
    null = Hits(rng.normal(size=1000), np.tile(hub, 2), np.ones(1000, dtype=bool))
    plain = rng.normal(size=500)
    loud = plain.copy()
    loud[0] = 50.0
    before, _ = prior_odds(Hits(plain, hub, fell), null)
    after, _ = prior_odds(Hits(loud, hub, fell), null)
    rest = np.flatnonzero(hub == 0)[1:]
    # What the stratum gains, every pair gains; the hub's own gain goes to its other pairs only.
    assert (after - before)[rest].min() > (after - before)[0]


def test_what_may_have_stayed_in_the_hub_widens_a_one_leg_interval_downwards_only() -> None:
    one = [leg(1e5, 9e6)]
    _, low, high = diverted(one)
    with assuming(kept=0.0):
        point, all_low, all_high = diverted(one)
    assert low[0] < all_low[0] <= point[0] <= high[0] and high[0] == pytest.approx(all_high[0])


def test_legs_that_cannot_share_one_amount_speak_less_than_legs_that_can() -> None:
    agreeing, _ = likelihood_ratio([leg(1e6, 6e6), leg(1e6, 6e6)])
    apart, _ = likelihood_ratio([leg(1e6, 6e6), leg(1e9, 1.05e9)])
    only_in, _ = likelihood_ratio([leg(1e6, 6e6), leg(1e6, 0.4e6)])
    assert agreeing[0] > apart[0] and agreeing[0] > only_in[0]


def test_the_break_is_the_month_in_which_the_level_changed() -> None:
    months = [f"{y}-{m:02d}" for y in (2020, 2021, 2022) for m in range(1, 13)]
    values = [1e6 if m < "2022-05" else 4e6 for m in months]
    assert break_date(months, values, 1e3) == "2022-05"
    assert break_date(months, [5.0] * 36, 1e3) is None
    assert break_date(["2019", "2020", "2021", "2022", "2023"], [1e6, 1.1e6, 0.9e6, 5e6, 6e6], 1e3) == "2022"


def test_every_parameter_has_unit_range_meaning_and_source() -> None:
    for name, p in parameters().items():
        assert {"unit", "value", "low", "high", "meaning", "source"} <= set(p), name
        assert p["low"] <= p["value"] <= p["high"], name
    with assuming(offset=5.0):
        assert parameter("offset") == 5.0
    assert parameter("offset") == parameters()["offset"]["value"]


@settings(max_examples=40)
@given(st.integers(0, 5000))
def test_the_net_of_a_hub_is_its_sum_and_chance_alone_is_within_its_interval(seed: int) -> None:
    rng = np.random.default_rng(seed)
    hub, excess = np.repeat(np.arange(4), 200), rng.normal(0, 1e5, 800)
    excess[hub == 2] += 5e4  # a hub that took more of everything
    found = net_by_hub(hub, excess, ["AAA", "BBB", "CCC", "DDD"])
    assert (
        found["CCC"]["diverted"] == pytest.approx(excess[hub == 2].sum(), abs=1) and found["CCC"]["low"] > 0
    )
    for name, of in found.items():
        assert 0 <= of["low"] <= of["diverted"] <= of["high"] and of["pairs"] == 200, name
    assert set(found) == {n for k, n in enumerate(("AAA", "BBB", "CCC", "DDD")) if excess[hub == k].sum() > 0}
