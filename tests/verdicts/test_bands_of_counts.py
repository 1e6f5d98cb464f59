# SPDX-License-Identifier: Apache-2.0
"""Counts of events add up before they get an interval; it holds the rate as often as it says."""

import numpy as np
import pytest
from scipy.stats import chi2

from bilat.measures import Point
from bilat.statistics import poisson_interval, rate_ratio
from bilat.verdicts.asked import Test as Rule
from bilat.verdicts.bands import band_of
from bilat.verdicts.outcome import Band
from bilat.verdicts.periods import Picked

SAID = "95% exact Poisson interval of the yearly rate"


def window(*counts: int) -> Picked:
    points = []
    for n, c in enumerate(counts):
        own = poisson_interval(c)
        points.append(Point(period=str(2000 + n), group="g", value=float(c), low=own.low, high=own.high))
    return Picked("w", None, points, [], 1.0, 1.0)


def rule(**fields: object) -> Rule:
    given = {"what": "events", "measure": "m", "form": "level", "supported": 0, "say": "{value}", **fields}
    if given["form"] == "change":
        given |= {"before": ["2000", "2001"], "after": ["2002", "2003"]}
    return Rule.model_validate(given)


def band(test: Rule, *windows: Picked) -> Band:
    def figure(*arrays: np.ndarray) -> np.ndarray:
        rates = [
            np.asarray(a).sum(axis=-1) if test.statistic == "sum" else np.asarray(a).mean(axis=-1)
            for a in arrays
        ]
        if len(rates) == 1:
            return rates[0]
        return rates[1] - rates[0] if test.compare == "difference" else rates[1] / rates[0]

    found, *_ = band_of(test, windows, figure, SAID)
    assert found is not None
    return found


def test_a_total_has_the_exact_interval_of_a_count() -> None:
    found = band(rule(statistic="sum"), window(0, 3, 1, 0, 4))
    assert found.low == pytest.approx(chi2.ppf(0.025, 16) / 2) and found.high == pytest.approx(
        chi2.ppf(0.975, 18) / 2
    )
    mean = band(rule(statistic="mean"), window(0, 3, 1, 0, 4))
    assert (mean.low, mean.high) == pytest.approx((found.low / 5, found.high / 5))


def test_a_ratio_of_two_rates_is_that_of_the_exact_test() -> None:
    found = band(rule(form="change", compare="ratio"), window(2, 1, 4), window(3, 5))
    exact = rate_ratio(7, 3, 8, 2)
    assert (found.low, found.high, found.level) == (exact.low, exact.high, 0.95)


def test_what_is_no_count_keeps_its_own_bounds() -> None:
    points = [
        Point(period="2000", group="g", value=0.5, low=0.1, high=0.9),
        Point(period="2001", group="g", value=1.5, low=1.1, high=1.9),
    ]
    halves = Picked("w", None, points, [], 1.0, 1.0)
    assert "quadrature" in band(rule(statistic="mean"), halves).name


@pytest.mark.parametrize("rates", [(0.1, 1.0), (0.5, 0.5), (3.0, 1.0)])
def test_the_interval_of_a_difference_holds_it_at_least_about_as_often_as_it_says(
    rates: tuple[float, float],
) -> None:
    random = np.random.default_rng(5)
    held = 0
    for _ in range(400):
        found = band(rule(form="change", compare="difference"),
                     *(window(*random.poisson(r, years)) for r, years in zip(rates, (16, 7), strict=True)))  # fmt: skip
        held += found.low <= rates[1] - rates[0] <= found.high
    assert held / 400 > 0.93
