# SPDX-License-Identifier: Apache-2.0
"""Forecasts of series: by hand, against a numerical integral, and on series whose making is known."""

import numpy as np
import pytest
from scipy.stats import t

from bilat.forecast.series import COUNTS, Predicted, fit_scale, from_scale, predict, to_scale, trials


def test_a_random_walk_and_a_drift_by_hand() -> None:
    y = [0.0, 1.0, 3.0, 4.0, 7.0, 8.0]  # steps 1 2 1 3 1
    walk, drift = predict(y, "random walk", 4), predict(y, "drift", 2)
    assert walk is not None and drift is not None
    assert (walk.at, walk.df) == (8.0, 5)
    assert walk.scale == pytest.approx(np.sqrt(16 / 5) * 2)
    assert drift.at == pytest.approx(8 + 2 * 1.6)
    squares = sum((s - 1.6) ** 2 for s in (1, 2, 1, 3, 1))
    assert drift.scale == pytest.approx(np.sqrt(squares / 4) * np.sqrt(2 + 4 / 5))


def test_a_seasonal_walk_repeats_last_years_change() -> None:
    y = [float(m == 11) + 0.01 * i**2 for i in range(30) for m in [i % 12]]
    made = predict(y, "seasonal walk", 5)
    assert made is not None
    assert made.at == pytest.approx(y[-1] + y[-13 + 5] - y[-13])


@pytest.mark.parametrize("y,df", [(0.3, 5), (-2.0, 12), (4.0, 30)])
def test_the_crps_of_a_t_is_its_integral(y: float, df: int) -> None:
    made = Predicted(0.5, 1.7, df)
    x = np.linspace(-600, 600, 2_000_001)
    f = t.cdf(x, df, 0.5, 1.7)
    integral = np.trapezoid((f - (x >= y)) ** 2, x)
    assert made.crps(y) == pytest.approx(integral, rel=1e-3)
    assert made.p_value(y) == pytest.approx(2 * t.sf(abs(y - 0.5) / 1.7, df))
    assert made.interval(0.95) == pytest.approx(t.interval(0.95, df, 0.5, 1.7))


def test_the_method_that_made_the_series_wins_and_covers() -> None:
    rng = np.random.default_rng(7)
    walk = np.cumsum(rng.normal(size=300))
    noise = rng.normal(size=300)
    climb = np.cumsum(1.0 + 0.3 * rng.normal(size=300))
    year = np.tile(rng.normal(size=12) * 4, 25) + np.cumsum(rng.normal(size=300)) * 0.1
    assert trials(list(noise), 24, 48)[0].method == "local level"
    assert trials(list(climb), 24, 48)[0].method == "drift"
    assert trials(list(year), 24, 48, 12)[0].method == "seasonal walk"
    best = trials(list(walk), 24, 48)[0]
    assert best.n == 276
    assert best.covered_95 == pytest.approx(0.95, abs=0.035)
    assert best.covered_80 == pytest.approx(0.80, abs=0.06)


def test_what_cannot_be_fitted_says_so() -> None:
    assert predict([1.0, 2.0], "random walk") is None
    assert predict([1.0] * 20, "drift") is None  # no error at all: no scale
    assert predict([1.0, 2.0] * 6, "seasonal walk") is None
    assert trials([1.0, 2.0, 3.0], 10, 25) == []


def test_scales() -> None:
    assert fit_scale([1, 100, 100], "log") == "root"  # the least is under 5% of the median
    assert fit_scale([10, 100, 100], "log") == "log"
    assert fit_scale([0, 1], "raw") == "raw"
    for scale in ("log", "root", "raw"):
        assert from_scale(to_scale([7.0], scale)[0], scale) == pytest.approx(7.0)
    assert from_scale(-1.0, "root") == 0.0


def test_years_without_an_event_do_not_make_a_count_certain() -> None:
    quiet = [0.0] * 20
    assert predict(quiet, "local level") is None
    made = predict(quiet, "local level", least=COUNTS)
    assert made is not None and made.scale == COUNTS
    assert made.p_value(1.0) > 0.05 > made.p_value(2.0)  # one event is not a surprise, four are
