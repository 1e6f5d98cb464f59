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
#: Probability from which on a pair of two legs shows how the amount of one leg is off, and how many
#: of them must.
LIKELY = 0.3
FEWEST_LIKELY = 3
#: Bounds of the slope: leg one's log odds may count for less or more than they say.
SLOPES = (0.1, 1.5)


@dataclass(frozen=True)
class Carried:
    """``p`` of pairs of one leg: low, middle, high (80%: as hubs differ); ``amount``: what
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
    level, slope = line(score[teach], p)
    # Hubs differ in how much they send on: twice as far as is usual where only one or two of them
    # teach it.
    spread = 1.28 * parameter("hub_spread") * (1.0 if hubs > FEWEST else 2.0)
    middle = level + slope * score[silent]
    ends = expit(middle - spread), expit(middle), expit(middle + spread)
    amount, spread_of_amount = _correction(e, judged, amounts)
    return Carried(ends, amount, spread_of_amount, hubs)


def _correction(e: Estimate, judged: Array, amounts: PairEvidence) -> tuple[float, float]:
    """Return what the amount of leg one alone is multiplied with, and the spread of its logarithm,
    as likely pairs of two legs show."""
    alone = e.amounts(alone=True)
    known = np.isfinite(alone.mean) & np.isfinite(amounts.mean)
    likely = np.flatnonzero(e.pairs.held & (judged >= LIKELY) & known)
    if len(likely) < FEWEST_LIKELY:
        return 1.0, 0.5
    both = amounts.mean[likely]
    one = alone.mean[likely]
    ratio = (judged[likely] * both).sum() / (judged[likely] * one).sum()
    logs = np.log(np.maximum(both, 1.0) / np.maximum(one, 1.0))
    return float(np.clip(ratio, 0.2, 5.0)), float(np.clip(np.std(logs), 0.1, 2.0))


def line(score: Array, p: Array) -> tuple[float, float]:
    """(level, slope) of the likeliest p = expit(level + slope * score), by Newton's steps; drawn
    to a slope of .7."""
    columns = np.column_stack([np.ones(len(score)), np.clip(score, -25.0, 25.0)])
    start = np.array([0.0, 0.7])
    precision = np.diag([0.01, 1.0])
    found = start.copy()
    for _ in range(50):
        fitted = expit(columns @ found)
        gradient = columns.T @ (p - fitted) - precision @ (found - start)
        weighed = columns * (fitted * (1 - fitted))[:, None]
        step = np.linalg.solve(weighed.T @ columns + precision, gradient)
        found = found + np.clip(step, -1.0, 1.0)
        found[1] = float(np.clip(found[1], *SLOPES))
        if np.abs(step).max() < 1e-4:
            break
    return float(found[0]), float(found[1])
