# SPDX-License-Identifier: Apache-2.0
"""The printed probability: is the name listed at all, and if so, which party is it.

Two models, fitted apart by ``benchmarks/fit_chance.py`` on labelled names and on names that are not listed,
for persons, for other parties, and for names in Han (``chance.json``):

* ``listed``: the log-odds that the name is listed, at even prior odds, from the best candidate's score, its
  distance to the second and what they agree in; shifted to the base rate, which is stated and may be set;
* ``shares``: how that chance divides among the candidates and "listed, but none of these".

A row's probability is the product. What is known beside the name (numbers, birth, state) multiplies a
candidate's odds (:mod:`bilat.parties.evidence`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

import numpy as np

from bilat.parties.pairing import NAMES

PERSON_NAME, OTHER_NAME, HAN_NAME = range(3)
CLASSES = ("person", "other", "han")
#: Candidates of a name among which its chance is divided.
CANDIDATES = 10
#: Ends of the straight pieces in which the best score enters.
KNOTS = (-8.0, -5.0, -3.0, -1.5, 0.0, 1.5, 3.0, 4.5, 6.0, 9.0)
#: Greatest distance to the second candidate that says something.
FURTHEST = 6.0
#: Features of the best pair that enter beside its score.
BESIDE = (
    "one_word", "shared", "query_covered", "listed_covered", "identical_written", "short", "legal_same",
    "spelling", "query_rest", "listed_rest", "part", "initials", "respelled", "class_other", "identical",
)  # fmt: skip
#: Bands of a probability, the surest first: (name, least probability).
BANDS = (("match", 0.9), ("likely", 0.5), ("possible", 0.1), ("unlikely", 0.0))
DEFAULT_BAND = "possible"


def band_of(probability: float | None) -> str:
    """The band of a probability; of none (found by its address alone): possible."""
    if probability is None:
        return DEFAULT_BAND
    return next(name for name, least in BANDS if probability >= least)


def basis(best: np.ndarray, second: np.ndarray, like: np.ndarray, features: np.ndarray) -> np.ndarray:
    """Columns from the best and second scores and the likeness of the words to listed ones, shape (n,), and the best
    pair's features, shape (n, features).
    """
    columns = [np.clip(best, low, high) - low for low, high in pairwise(KNOTS)]
    columns.append(np.clip(best - second, 0, FURTHEST))
    columns.append(like)
    columns.append(like * features[:, NAMES.index("query_covered")] ** 4)
    columns += [features[:, NAMES.index(name)] for name in BESIDE]
    return np.stack(columns, axis=1)


@dataclass(frozen=True)
class Chance:
    """The fitted models, per class of name."""

    intercept: np.ndarray  # shape (classes,)
    slope: np.ndarray  # shape (classes, columns of the basis)
    sharpness: np.ndarray  # of the division among candidates, per class
    none_of_these: np.ndarray  # score at which "none of these" takes part in it
    cost: dict[str, list[list[float]]]  # per class: [log-odds, share of clean names above, share found]

    def listed(
        self, kind: np.ndarray, best: np.ndarray, second: np.ndarray, like: np.ndarray, features: np.ndarray
    ) -> np.ndarray:
        """Log-odds that each name is listed, at even prior odds."""
        return self.intercept[kind] + np.sum(basis(best, second, like, features) * self.slope[kind], axis=1)

    def shares(self, kind: int, scores: np.ndarray) -> np.ndarray:
        """How the chance of a listed name divides among its candidates; what is missing to 1 is none of these."""
        t = self.sharpness[kind]
        top = max(float(scores.max(initial=-np.inf)), float(self.none_of_these[kind]))
        e = np.exp(t * (scores - top))
        return e / (e.sum() + np.exp(t * (self.none_of_these[kind] - top)))

    def costs(self, probability: float, base_rate: float) -> dict[str, tuple[float, float]]:
        """Per class: (alerts a thousand clean names, share of listed names found) at a least probability.

        Measured on names that were not fitted on; of a name's chance of being listed.
        """
        p = min(max(probability, 1e-9), 1 - 1e-9)
        wanted = np.log(p / (1 - p)) - np.log(base_rate / (1 - base_rate))
        out = {}
        for name, points in self.cost.items():
            table = np.asarray(points)
            at = min(int(np.searchsorted(table[:, 0], wanted)), len(table) - 1)
            out[name] = (float(table[at, 1]) * 1000, float(table[at, 2]))
        return out


@cache
def chance() -> Chance:
    """The fitted models shipped with bilat."""
    table = json.loads(resources.files(__package__).joinpath("chance.json").read_text("utf-8"))
    return Chance(
        np.asarray(table["intercept"]),
        np.asarray(table["slope"]),
        np.asarray(table["sharpness"]),
        np.asarray(table["none_of_these"]),
        table["cost"],
    )
