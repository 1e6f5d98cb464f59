# SPDX-License-Identifier: Apache-2.0
"""Estimative words, and the probability behind them.

Words follow ICD 203 (Analytic Standards, 2015, section D.6.e.2.a). They speak of one thing only: how
probable it is that the true figure lies past the rule's threshold, given its stated interval, or, where
the data give none, given the scatter of the periods it is made of.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist

import numpy as np

#: ICD 203: (upper bound in percent, word)
_WORDS = [
    (5, "almost no chance"),
    (20, "very unlikely"),
    (45, "unlikely"),
    (55, "roughly even chance"),
    (80, "likely"),
    (95, "very likely"),
    (100, "almost certain"),
]
_RANGES = ["1-5", "5-20", "20-45", "45-55", "55-80", "80-95", "95-99"]

#: Draws of the resampling; with a fixed seed, so that a verdict never changes by itself.
DRAWS = 4000
SEED = 20230320


def word(probability: float) -> str:
    """``very likely (80-95%)``. Bounds belong to the more certain word only above the middle."""
    percent = probability * 100
    for (upper, label), span in zip(_WORDS, _RANGES, strict=True):
        if percent < upper or upper == 100:
            return f"{label} ({span}%)"
    raise AssertionError("unreachable")


def passes_given_interval(
    value: float, low: float | None, high: float | None, threshold: float, *, above: bool, level: float
) -> float | None:
    """P(figure passes the threshold), from a two-piece normal with the stated interval.

    ``level`` is the interval's coverage (0.9 for 90%). None where there is no interval at all.
    """
    if low is None and high is None:
        return None
    z = NormalDist().inv_cdf(0.5 + level / 2)
    down = (value - low) / z if low is not None else None
    up = (high - value) / z if high is not None else None
    spread = (up if threshold >= value else down) or down or up
    if not spread or spread <= 0:
        return None
    p_above = 1 - NormalDist().cdf((threshold - value) / spread)
    return p_above if above else 1 - p_above


def passes_given_scatter(
    figure: Callable[..., np.ndarray], windows: list[list[float]], threshold: float, *, above: bool
) -> tuple[float, float, float] | None:
    """(P(passes), 10th, 90th percentile) of a figure when the periods of each window are resampled.

    ``figure`` takes one array a window, shaped (draws, periods), and returns an array of draws.
    None where a window has fewer than three periods: nothing to resample.
    """
    if any(len(w) < 3 for w in windows):
        return None
    rng = np.random.default_rng(SEED)
    picked = [np.asarray(w)[rng.integers(0, len(w), (DRAWS, len(w)))] for w in windows]
    with np.errstate(divide="ignore", invalid="ignore"):
        draws = figure(*picked)
    draws = draws[np.isfinite(draws)]
    if len(draws) < DRAWS / 2:
        return None
    p = float(np.mean(draws >= threshold) if above else np.mean(draws <= threshold))
    return p, float(np.quantile(draws, 0.1)), float(np.quantile(draws, 0.9))
