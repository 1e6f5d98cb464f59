# SPDX-License-Identifier: Apache-2.0
"""What both legs say of a pair, carried to hubs whose sales are not held.

A pair of leg one alone is a route as often as such pairs turn out to be where the second leg is
held too: one logistic line from the log odds of leg one to the probability of both legs, over the
file's hubs whose books are held. The mean of the probability with two legs, given the one with one,
is so the one with one. Amounts are corrected likewise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from bilat.diversion.amount import PairEvidence
from bilat.diversion.estimate import Estimate
from bilat.diversion.legs import Array
from bilat.diversion.parameters import parameter

#: Routes that hubs with both legs must be expected to carry before they teach anything, and pairs.
ROUTES = 2.0
PAIRS = 100
#: Teaching hubs up to which they say nothing of how hubs differ.
FEWEST = 2
#: Bounds of the slope: leg one's log odds may count for less or more than they say.
SLOPES = (0.1, 1.5)


@dataclass(frozen=True)
class Carried:
    """``p`` of pairs of one leg with its low and high (80%: as hubs differ); ``amount``: what
    the amount that leg one alone gives is multiplied with, and ``spread`` of its logarithm;
    ``hubs`` that teach."""

    p: tuple[Array, Array, Array]
    amount: float
    spread: float
    hubs: int

    def scale(self, found: PairEvidence, rows: Array) -> None:
        """Multiply the amounts of ``rows`` in place, their ends further apart by the spread."""
        middle = found.quantiles[rows, 1]
        for column, way in ((0, -1), (2, 1)):
            apart = np.hypot(np.log(found.quantiles[rows, column] / middle), 1.28 * self.spread)
            found.quantiles[rows, column] = middle * np.exp(way * apart) * self.amount
        found.quantiles[rows, 1] *= self.amount
        found.mean[rows] *= self.amount


def carry(e: Estimate, judged: Array, amounts: PairEvidence) -> Carried | None:
    """The probabilities of the silent pairs of ``e``; ``judged``: of pairs of two legs. None
    where nothing teaches."""
    pairs = e.pairs
    silent = ~pairs.held & ~pairs.cleared
    teach = np.flatnonzero(pairs.held | pairs.cleared)
    p = np.where(pairs.held, judged, 0.0)[teach]
    if not silent.any() or len(teach) < PAIRS or p.sum() < ROUTES:
        return None
    score = e.alone()
    hubs = len(np.unique(pairs.hub[teach]))
    a, b = line(score[teach], p)
    # Hubs differ in how much they send on: twice as far as is usual where only one or two of them
    # teach it.
    spread = 1.28 * parameter("hub_spread") * (1.0 if hubs > FEWEST else 2.0)
    middle = a + b * score[silent]
    ends = expit(middle), expit(middle - spread), expit(middle + spread)
    alone = e.amounts(alone=True)
    sure = np.flatnonzero(
        pairs.held & (judged >= 0.3) & np.isfinite(alone.mean) & np.isfinite(amounts.mean)
    )
    if len(sure) < 3:
        return Carried(ends, 1.0, 0.5, hubs)
    logs = np.log(np.maximum(amounts.mean[sure], 1.0) / np.maximum(alone.mean[sure], 1.0))
    ratio = (judged * amounts.mean)[sure].sum() / (judged * alone.mean)[sure].sum()
    return Carried(
        ends, float(np.clip(ratio, 0.2, 5.0)), float(np.clip(np.std(logs), 0.1, 2.0)), hubs
    )


def line(score: Array, p: Array) -> tuple[float, float]:
    """(a, b) of the likeliest p = expit(a + b score), by Newton's steps; weakly drawn to b = 1."""
    s = np.clip(score, -25.0, 25.0)
    x = np.column_stack([np.ones(len(s)), s])
    theta = np.array([0.0, 0.7])
    firm = np.diag([0.01, 1.0])
    for _ in range(50):
        q = expit(x @ theta)
        up = x.T @ (p - q) - firm @ (theta - np.array([0.0, 0.7]))
        step = np.linalg.solve((x * (q * (1 - q))[:, None]).T @ x + firm, up)
        theta = theta + np.clip(step, -1.0, 1.0)
        theta[1] = float(np.clip(theta[1], *SLOPES))
        if np.abs(step).max() < 1e-4:
            break
    return float(theta[0]), float(theta[1])
