# SPDX-License-Identifier: Apache-2.0
"""How likely a route is before the amounts of a pair are seen: a ridge logistic regression with an effect a hub.

It is fitted to the pairs' evidence by expectation and maximisation, so that a file with many routes says so itself.
What tells one pair from another is held by a strong ridge: a weak one drifts to routes too small to be seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bilat.diversion.legs import Array
from bilat.diversion.parameters import parameter

#: The terms, in order: a constant, fall of direct trade, direct trade did not fall, the hub makes the good, it sells it
#: to nobody else; and, held loosely, the file's own share of routes: both legs are held and direct trade fell. One leg
#: cannot tell how many of its jumps are routes, and where direct trade did not fall there is little that a route would
#: carry.
TERMS = ("base", "fall", "calm", "producer", "exclusive", "own")

#: Steps of a fit at most, and the move in log odds below which nothing moves.
STEPS, STILL = 40, 0.003


def expit(x: Array) -> Array:
    return 1.0 / (1.0 + np.exp(-np.clip(x, -500, 500)))


def prior_means() -> tuple[Array, Array]:
    """(mean, precision) of each term's coefficient, from parameters.toml."""
    return (
        np.array([parameter(f"odds_{t}") for t in TERMS]),
        np.array([parameter("odds_own_precision" if t == "own" else "odds_precision") for t in TERMS]),
    )


@dataclass(frozen=True)
class Odds:
    """``coefficients`` of the terms and ``hub`` effects (log odds)."""

    coefficients: Array
    hub: Array

    def of(self, x: Array, hub: Array) -> Array:
        """Log prior odds per row."""
        return x @ self.coefficients + self.hub[hub]


def start(hubs: int) -> Odds:
    """Before anything is seen."""
    return Odds(prior_means()[0], np.zeros(hubs))


def fit(x: Array, hub: Array, evidence: Array, alone: Array, odds: Odds) -> Odds:
    """The odds under which the pairs' ``evidence``, log Bayes factors, is likeliest.

    Expectation and maximisation from ``odds`` on, one Newton step of either kind a time, until nothing moves. Pairs of
    one leg (``alone``) keep the label they came with: one leg's jumps are as well upheavals, and to the end it would
    drift to none.
    """
    mean, precision = prior_means()
    beta, effect = odds.coefficients, odds.hub
    spread = parameter("hub_spread") ** -2
    came = expit(odds.of(x, hub) + evidence)

    def labels() -> tuple[Array, Array]:
        at = x @ beta + effect[hub]
        return expit(at), np.where(alone, came, expit(at + evidence))

    for _ in range(STEPS):
        q, p = labels()
        up = x.T @ (p - q) - precision * (beta - mean)
        move = np.clip(
            np.linalg.solve((x * (q * (1 - q))[:, None]).T @ x + np.diag(precision), up), -1.0, 1.0
        )
        beta = beta + move
        q, p = labels()
        up = np.bincount(hub, weights=p - q, minlength=len(effect)) - spread * effect
        curve = np.bincount(hub, weights=q * (1 - q), minlength=len(effect)) + spread
        nudge = np.clip(up / curve, -1.0, 1.0)
        effect = effect + nudge
        if max(float(np.abs(move).max()), float(np.abs(nudge).max(initial=0.0))) < STILL:
            break
    return Odds(beta, effect)
