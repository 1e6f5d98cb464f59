# SPDX-License-Identifier: Apache-2.0
"""Evidence in log-odds: likelihood ratios by cluster, and movers."""

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
        raise UsageError(
            f"{p:g} is not a probability. Write a number above 0 and below 1, such as 0.35"
        )
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


def posterior(prior: float, clusters: Mapping[str, Sequence[float]], dependence: float) -> float:
    """A prior with the evidence of independent clusters."""
    x = log_odds(bounded(prior)) + sum(cluster_log_ratio(r, dependence) for r in clusters.values())
    return bounded(from_log_odds(x))


def updated_probability(p: float, ratio: float) -> float:
    """Where a probability goes if a thing is seen that is ``ratio`` times as likely under yes as under no."""
    return bounded(from_log_odds(log_odds(bounded(p)) + math.log(ratio)))
