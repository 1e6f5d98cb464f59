# SPDX-License-Identifier: Apache-2.0
"""Intervals cover what they say, agree with printed tables, and refuse nonsense."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bilat.errors import UsageError
from bilat.statistics import (
    break_date,
    dispersion,
    fisher_greater,
    poisson_interval,
    rate_ratio,
    two_levels,
    wilson,
)

COUNTS = st.integers(0, 400)


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0, 3.689), (1, 0.025, 5.572), (5, 1.623, 11.668), (10, 4.795, 18.390)],
)
def test_poisson_intervals_are_those_of_garwoods_table(count: int, low: float, high: float) -> None:
    found = poisson_interval(count)
    assert found.low == pytest.approx(low, abs=1e-3)
    assert found.high == pytest.approx(high, abs=1e-3)


def test_binomial_intervals_are_those_of_brown_cai_dasgupta() -> None:
    assert (wilson(1, 10).low, wilson(1, 10).high) == pytest.approx((0.0179, 0.4042), abs=1e-4)


@given(COUNTS, st.floats(0.1, 50))
@settings(max_examples=60, deadline=None)
def test_each_end_of_an_exact_poisson_interval_leaves_its_tail(count: int, exposure: float) -> None:
    from scipy.stats import poisson

    found = poisson_interval(count, exposure)
    assert found.low <= found.value <= found.high
    assert poisson.cdf(count, found.high * exposure) == pytest.approx(0.025, rel=1e-6)
    if count:
        assert poisson.sf(count - 1, found.low * exposure) == pytest.approx(0.025, rel=1e-6)


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_share_lies_in_its_interval_and_failures_mirror_successes(data) -> None:
    n = data.draw(st.integers(1, 500))
    k = data.draw(st.integers(0, n))
    here, there = wilson(k, n), wilson(n - k, n)
    assert 0 <= here.low <= here.value <= here.high <= 1
    assert (here.low, here.high) == pytest.approx((1 - there.high, 1 - there.low), abs=1e-9)
    assert wilson(k, n, level=0.5).low >= here.low


@given(st.integers(0, 80), st.integers(0, 80), st.floats(0.5, 20), st.floats(0.5, 20))
@settings(max_examples=80, deadline=None)
def test_a_ratio_excludes_one_exactly_when_the_central_test_rejects(a, b, t1, t2) -> None:
    from scipy.stats import binomtest

    assume(a + b > 0)
    found = rate_ratio(a, t1, b, t2)
    assert found.low <= found.value <= found.high
    share = t2 / (t1 + t2)
    upper = binomtest(b, a + b, share, alternative="greater").pvalue
    lower = binomtest(b, a + b, share, alternative="less").pvalue
    assume(abs(upper - 0.025) > 1e-6 and abs(lower - 0.025) > 1e-6)
    assert (found.low > 1) == (upper < 0.025)
    assert (found.high < 1) == (lower < 0.025)


@given(st.integers(0, 50), st.integers(0, 50), st.floats(0.5, 20), st.floats(0.5, 20))
@settings(max_examples=40, deadline=None)
def test_swapping_the_windows_inverts_the_ratio(a, b, t1, t2) -> None:
    assume(a > 0 and b > 0)
    here, there = rate_ratio(a, t1, b, t2), rate_ratio(b, t2, a, t1)
    assert here.value == pytest.approx(1 / there.value)
    assert here.low == pytest.approx(1 / there.high)
    assert here.p == pytest.approx(there.p)


def test_a_ratio_of_nothing_says_nothing() -> None:
    found = rate_ratio(0, 3, 0, 2)
    assert math.isnan(found.value)
    assert (found.low, found.high, found.p) == (0, math.inf, 1)
    assert (found.before, found.after, found.years_before, found.years_after) == (0, 0, 3, 2)
    assert rate_ratio(0, 3, 4, 2).high == math.inf


@given(st.integers(0, 60), st.integers(0, 60), st.floats(0.5, 20), st.floats(0.5, 20))
@settings(max_examples=60, deadline=None)
def test_the_p_value_of_a_ratio_is_that_of_the_exact_binomial_test(a, b, t1, t2) -> None:
    from scipy.stats import binomtest

    assume(a + b > 0)
    expected = binomtest(b, a + b, t2 / (t1 + t2)).pvalue
    assert rate_ratio(a, t1, b, t2).p == pytest.approx(expected, rel=1e-6, abs=1e-12)


def test_known_ratio() -> None:
    # 3 in 8 years, then 12 in 8: conditional on 15, P(X >= 12 | 15, 1/2) = 576/32768.
    found = rate_ratio(3, 8, 12, 8)
    assert found.value == pytest.approx(4)
    assert found.p == pytest.approx(2 * 576 / 32768)


@pytest.mark.parametrize(
    "call",
    [
        lambda: poisson_interval(-1),
        lambda: poisson_interval(2.5),
        lambda: poisson_interval(1, 0),
        lambda: wilson(3, 2),
        lambda: wilson(0, 0),
        lambda: wilson(1, 2, level=1),
        lambda: rate_ratio(1, 0, 1, 1),
    ],
)
def test_nonsense_is_refused(call) -> None:
    with pytest.raises(UsageError):
        call()


def test_the_index_of_dispersion_is_pearsons() -> None:
    assert dispersion([2, 4], [0, 0, 0]) == pytest.approx(
        (1 + 1) / 3
    )  # a window of noughts says nothing
    assert dispersion([0, 0], [0]) is None and dispersion([5]) is None
    assert dispersion([1, 3, 5], [4, 8]) == pytest.approx((8 / 3 + 8 / 6) / 3)


@pytest.mark.parametrize("after", [1.0, 2.0])
def test_events_in_bunches_widen_the_ratio_of_two_rates_until_it_holds_the_true_one(
    after: float,
) -> None:
    """Counts of a negative binomial, twice and three times as variable as independent events."""
    random, held, plain, tried = np.random.default_rng(3), 0, 0, 0
    for variance in (2.0, 3.0):
        for _ in range(300):
            draw = [
                random.negative_binomial(rate / (variance - 1), 1 / variance, years).tolist()
                for rate, years in ((3.0, 10), (3.0 * after, 8))
            ]
            counts = sum(draw[0]), 10, sum(draw[1]), 8
            if not counts[0] + counts[2]:
                continue
            tried += 1
            wide = rate_ratio(*counts, bunched=max(1.0, dispersion(*draw) or 1.0))
            bare = rate_ratio(*counts)
            held += wide.low <= after <= wide.high
            plain += bare.low <= after <= bare.high
    assert held / tried > 0.92 > 0.88 > plain / tried


def test_one_bunch_an_event_is_the_exact_interval() -> None:
    assert poisson_interval(7, 2.0, bunched=1.0) == poisson_interval(7, 2.0)
    assert rate_ratio(3, 2, 9, 4, bunched=1.0) == rate_ratio(3, 2, 9, 4)
    wide, bare = poisson_interval(8, bunched=2.0), poisson_interval(4)
    assert (wide.value, wide.low, wide.high) == pytest.approx((8, 2 * bare.low, 2 * bare.high))


@given(st.integers(0, 20), st.integers(1, 20), st.integers(0, 20), st.integers(1, 20))
@settings(max_examples=60, deadline=None)
def test_fishers_one_sided_test_is_that_of_scipy(a, more, b, more_there) -> None:
    from scipy.stats import fisher_exact

    table = [[a, more], [b, more_there]]
    expected = fisher_exact(table, alternative="greater").pvalue
    assert fisher_greater(a, a + more, b, b + more_there) == pytest.approx(expected, rel=1e-9)


@given(st.lists(st.integers(-50, 50), min_size=6, max_size=20), st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_no_cut_into_two_levels_fits_better_than_the_one_found(values, least) -> None:
    series = np.array(values, dtype=float)

    def misfit(cut: int) -> float:
        return cut * series[:cut].var() + (len(series) - cut) * series[cut:].var()

    found = two_levels(series, least)
    assert least <= found <= len(series) - least
    for cut in range(least, len(series) - least + 1):
        assert misfit(found) <= misfit(cut) + 1e-6


def test_a_level_is_two_months_long_and_may_be_one_year() -> None:
    months = [f"2022-{n:02}" for n in range(1, 13)]
    last_month_alone = [1.0] * 11 + [9.0]
    assert break_date(months, last_month_alone, 1.0) == "2022-11"
    assert break_date(months[:11], last_month_alone[1:], 1.0) == "2022-11"
    years = ["2018", "2019", "2020", "2021", "2022"]
    assert break_date(years, [1.0, 1.0, 1.0, 1.0, 9.0], 1.0) == "2022"
    assert break_date(years[1:], [1.0, 1.0, 1.0, 9.0], 1.0) is None
    assert break_date(years, [3.0] * 5, 1.0) is None


def test_the_offset_keeps_a_small_rise_from_nothing_out_of_the_way_of_a_large_one() -> None:
    years = [str(2013 + n) for n in range(8)]
    values = [0.0, 0.0, 10.0, 10.0, 10.0, 10.0, 100.0, 100.0]
    assert break_date(years, values, 1e-3) == "2015"
    assert break_date(years, values, 100.0) == "2019"
