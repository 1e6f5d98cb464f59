# SPDX-License-Identifier: Apache-2.0
"""Evidence and opinions in log-odds: likelihood ratios by cluster, movers, and pooled forecasters."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from bilat.errors import UsageError
from bilat.forecast.base_rates import bounded


def log_odds(p: float) -> float:
    """ln(p / (1 - p)).

    Raises
    ------
    UsageError
        for a probability that is not between 0 and 1.
    """
    if not 0 < p < 1:
        raise UsageError(f"{p:g} is not a probability; write a number above 0 and below 1, such as 0.35")
    return math.log(p / (1 - p))


def from_log_odds(x: float) -> float:
    """The probability of log-odds."""
    return 1 / (1 + math.exp(-x))


def cluster_log_ratio(ratios: Sequence[float], dependence: float) -> float:
    """The joint log likelihood ratio of pieces with a common cause.

    ``n`` pieces that depend on one another by ``rho`` are worth n / (1 + (n - 1) rho) independent ones: at 0
    they add up, at 1 they are worth their mean.
    """
    n = len(ratios)
    return sum(math.log(r) for r in ratios) / (1 + (n - 1) * dependence)


def weighed(prior: float, clusters: Mapping[str, Sequence[float]], dependence: float) -> float:
    """A prior with the evidence of independent clusters."""
    x = log_odds(bounded(prior)) + sum(cluster_log_ratio(r, dependence) for r in clusters.values())
    return bounded(from_log_odds(x))


def moved(p: float, ratio: float) -> float:
    """Where a probability goes if a thing is seen that is ``ratio`` times as likely under yes as under no."""
    return bounded(from_log_odds(log_odds(bounded(p)) + math.log(ratio)))


def pooled(forecasts: Sequence[float], weights: Sequence[float] | None = None) -> float:
    """Forecasts pooled by their weighted mean in log-odds (equal weights where none are given).

    Raises
    ------
    UsageError
        for no forecast at all, or weights that do not fit.
    """
    if not forecasts:
        raise UsageError("nothing to pool: give at least one forecast")
    w = list(weights) if weights is not None else [1.0] * len(forecasts)
    if len(w) != len(forecasts) or min(w) < 0 or sum(w) <= 0:
        raise UsageError("weights do not fit: one for each forecast, none below zero")
    return from_log_odds(sum(a * log_odds(p) for a, p in zip(w, forecasts, strict=True)) / sum(w))
