# SPDX-License-Identifier: Apache-2.0
"""What a spread of outcomes comes from: rank correlation and first-order share of each input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

#: Bins of an input for its first-order share.
BINS = 20
#: Draws used: more change no digit that is shown.
MOST_DRAWS = 20_000


@dataclass(frozen=True)
class Driver:
    """One input: rank correlation with the outcome, and the share of its variance that the input alone explains.

    Inputs are correlated after calibration: shares need not add to 1.
    """

    name: str
    correlation: float
    share: float


def drivers(inputs: Mapping[str, np.ndarray], outcome: np.ndarray, most: int = 6) -> list[Driver]:
    """The inputs that matter most, by share; inputs that do not vary are left out."""
    y = outcome[:MOST_DRAWS].astype(float)
    whole = y.var()
    if whole == 0:
        return []
    ranks = _ranks(y)
    shares = []
    for name, values in inputs.items():
        x = values[:MOST_DRAWS].astype(float)
        if np.ptp(x) == 0:
            continue
        order = np.argsort(x, kind="stable")
        means = np.array([part.mean() for part in np.array_split(y[order], BINS)])
        sizes = np.array([len(part) for part in np.array_split(y[order], BINS)])
        share = float(np.average((means - y.mean()) ** 2, weights=sizes) / whole)
        # bins of pure noise explain (BINS - 1) / n by chance
        chance = (BINS - 1) / len(y)
        shares.append(
            Driver(
                name, float(np.corrcoef(_ranks(x), ranks)[0, 1]), max(0.0, (share - chance) / (1 - chance))
            )
        )
    return sorted(shares, key=lambda d: -d.share)[:most]


def _ranks(x: np.ndarray) -> np.ndarray:
    ranks = np.empty(len(x))
    ranks[np.argsort(x, kind="stable")] = np.arange(len(x))
    return ranks
