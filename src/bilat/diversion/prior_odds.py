# SPDX-License-Identifier: Apache-2.0
"""How likely a route is before the amounts of a pair are seen: a ridge logistic regression with an effect a hub.

The probabilities of the round before are its labels. The ridge is strong on purpose: a weak one drifts to routes too
small to be seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bilat.diversion.legs import Array
from bilat.diversion.parameters import parameter

#: The terms, in order: a constant, fall of direct trade, no earlier purchases, no earlier sales, direct trade did not
#: fall, the hub makes the good, it sells it to nobody else, what it sells is not held.
TERMS = ("base", "fall", "new_in", "new_out", "calm", "producer", "exclusive", "one_leg")


def prior_means() -> tuple[Array, Array]:
    """(mean, precision) of each term's coefficient, from parameters.toml."""
    return (
        np.array([parameter(f"odds_{t}") for t in TERMS]),
        np.array([parameter("odds_precision")] * len(TERMS)),
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


def fit(x: Array, hub: Array, p: Array, hubs: int) -> Odds:
    """Coefficients and hub effects from soft labels ``p``, by Newton's steps in turn."""
    mean, precision = prior_means()
    beta, effect = mean.copy(), np.zeros(hubs)
    spread = parameter("hub_spread") ** -2
    for _ in range(12):
        at = x @ beta + effect[hub]
        q = 1.0 / (1.0 + np.exp(-np.clip(at, -30, 30)))
        w = q * (1 - q)
        step = x.T @ (p - q) - precision * (beta - mean)
        beta = beta + np.clip(np.linalg.solve((x * w[:, None]).T @ x + np.diag(precision), step), -1.0, 1.0)
        q = 1.0 / (1.0 + np.exp(-np.clip(x @ beta + effect[hub], -30, 30)))
        up = np.bincount(hub, weights=p - q, minlength=hubs) - spread * effect
        curve = np.bincount(hub, weights=q * (1 - q), minlength=hubs) + spread
        effect = effect + np.clip(up / curve, -1.0, 1.0)
    return Odds(beta, effect)
