# SPDX-License-Identifier: Apache-2.0
"""Log-odds that a candidate is the party asked for: a sum of named contributions.

Each feature enters by a piecewise linear curve (knots in ``weights.json``), so every score is a sum of terms
that can be shown one by one, and has no ceiling at which different candidates become equal. The curves are
fitted by ``benchmarks/fit_screening.py`` on aliases of listed parties, names from other lists and names of
people and firms that are not listed; persons and other parties have curves of their own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

import numpy as np

from bilat.parties.match.pairing import NAMES

#: Ends of the straight pieces of a feature's curve; a feature that is not named here enters linearly.
KNOTS: dict[str, tuple[float, ...]] = {
    "query_covered": (0.0, 0.5, 0.7, 0.85, 1.0),
    "shared": (0.0, 1.0, 1.5, 2.0, 2.5, 3.0, 6.0),
    "query_rest": (0.0, 0.1, 0.3, 0.6, 1.0),
    "listed_rest": (0.0, 0.1, 0.3, 0.6, 1.0),
    "spelling": (0.0, 0.5, 0.7, 0.85, 0.95, 1.0),
    "written": (0.0, 0.5, 0.7, 0.85, 0.95, 1.0),
    "clash": (0.0, 1.0, 3.0),
    "clash_unlike": (0.0, 0.4, 0.6, 0.8, 1.0),
}


def expand(features: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """The basis of the curves, shape (pairs, columns), and the feature to which each column belongs."""
    columns, owners = [], []
    for name in NAMES:
        values = features[:, NAMES.index(name)]
        knots = KNOTS.get(name)
        if knots is None:
            columns.append(values)
            owners.append(name)
            continue
        for low, high in pairwise(knots):
            columns.append(np.clip(values, low, high) - low)
            owners.append(name)
    return np.stack(columns, axis=1).astype(np.float32), owners


@dataclass(frozen=True)
class Weights:
    """Fitted weights: per class (person, other) an intercept and one number per column of the basis."""

    intercept: np.ndarray  # shape (2,)
    slope: np.ndarray  # shape (2, columns)
    scale: float = 1.0  # of the sum, and
    shift: float = 0.0  # what is added, so that it is log-odds where half of the names asked are listed

    def log_odds(self, features: np.ndarray, is_person: np.ndarray) -> np.ndarray:
        """Log-odds per pair, at even odds that a name asked is listed."""
        basis, _ = expand(features)
        which = np.where(is_person, 0, 1)
        out = self.intercept[which]
        for k in (0, 1):
            rows = which == k
            if rows.any():
                out = out.copy()
                out[rows] += basis[rows] @ self.slope[k].astype(np.float32)
        return self.scale * out + self.shift


@cache
def weights() -> Weights:
    """The fitted weights shipped with bilat."""
    table = json.loads(resources.files(__package__).joinpath("weights.json").read_text("utf-8"))
    calibration = table["calibration"]
    return Weights(
        np.asarray(table["intercept"]), np.asarray(table["slope"]), calibration["scale"], calibration["shift"]
    )
