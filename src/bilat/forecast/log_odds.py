# SPDX-License-Identifier: Apache-2.0
"""Log-odds: a probability after evidence, whose pieces may have a common cause."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from bilat.errors import UsageError
from bilat.forecast.base_rates import bounded


def log_odds(p: float) -> float:
    """Return ln(p / (1 - p)).

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
    """Return the probability of log-odds."""
    return 1 / (1 + math.exp(-x))


def cluster_log_ratio(ratios: Sequence[float], dependence: float) -> float:
    """Return the joint log likelihood ratio of pieces of evidence with a common cause.

    The sum is divided by 1 + (n - 1) * dependence, the design effect of cluster samples:
    independent pieces (0) add up, and pieces that all say the same (1) count as their mean.
    """
    n = len(ratios)
    return sum(math.log(r) for r in ratios) / (1 + (n - 1) * dependence)


def posterior(prior: float, clusters: Mapping[str, Sequence[float]], dependence: float) -> float:
    """Return the probability after the evidence of clusters that are independent of one another."""
    evidence = sum(cluster_log_ratio(ratios, dependence) for ratios in clusters.values())
    return bounded(from_log_odds(log_odds(bounded(prior)) + evidence))


def updated_probability(p: float, ratio: float) -> float:
    """Return the probability after an event that is ``ratio`` times as likely if the answer is yes."""
    return bounded(from_log_odds(log_odds(bounded(p)) + math.log(ratio)))
