# SPDX-License-Identifier: Apache-2.0
"""The score of a listed name: log-odds that it is the one asked for, and the probability that is printed.

Each feature of a pair of names (:mod:`bilat.parties.match.pair_features`) enters by a piecewise
linear curve, so that a score has no ceiling at which different names become equal. The curves are
monotone; they are fitted by ``benchmarks/fit_chance.py`` for people, for firms and ships, and for
names in Han (``chance.json``), at once on which listed name is the right one and on whether a name
is listed at all. A score is at even odds beforehand and is shifted to the base rate. What is known
beside the name multiplies the odds (:mod:`bilat.parties.match.evidence`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from bilat.package_files import read_package_text
from bilat.parties.match.pair_features import NAMES

PERSON_NAME, OTHER_NAME, HAN_NAME = range(3)
CLASSES = ("person", "other", "han")
#: Listed parties of a name that are judged.
CANDIDATES = 10
#: Ends of the straight pieces of a feature's curve; a feature that is not named here enters linearly.
KNOTS: dict[str, tuple[float, ...]] = {
    "found": (0.0, 6.0, 12.0, 20.0, 30.0, 60.0),
    "same": (0.0, 3.0, 6.0, 9.0, 12.0, 16.0, 22.0, 30.0, 60.0),
    "near": (0.0, 6.0, 12.0, 24.0),
    "cut": (0.0, 6.0, 12.0, 24.0),
    "contracted": (0.0, 6.0, 12.0, 24.0),
    "left": (0.0, 2.0, 5.0, 10.0, 20.0),
    "listed_left": (0.0, 2.0, 5.0, 10.0, 20.0, 40.0),
    "spelling": (0.0, 0.5, 0.7, 0.85, 0.95, 1.0),
    "written": (0.0, 0.5, 0.7, 0.85, 0.95, 1.0),
    "edits": (0.0, 1.0, 2.0, 4.0),
    "clash": (0.0, 1.0, 3.0),
}
#: Pairs whose curves are in memory at a time.
_PAIRS = 4096
#: Bands of a probability, the surest first: (name, least probability).
BANDS = (("match", 0.9), ("likely", 0.5), ("possible", 0.1), ("unlikely", 0.0))
DEFAULT_BAND = "possible"
#: The words for them; the band of a row that programs read is the key.
_BAND_WORDS = {"match": "very probable", "likely": "probable", "unlikely": "improbable"}
#: How a name agrees, the surest first: by an identity number, then as :mod:`bilat.parties.match.pair_features` has it.
AGREEMENTS = ("number", "exact", "short", "near", "part")


def band_in_words(band: str) -> str:
    """Return the words for a band, the same on each page, in text, workbook and letter."""
    return _BAND_WORDS.get(band, band)


def band_of(probability: float) -> str:
    """The band of a probability."""
    return next(name for name, least in BANDS if probability >= least)


def expand(features: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """The basis of the curves, shape (pairs, columns), and the feature to which each column belongs."""
    columns = []
    owners = []
    for n, name in enumerate(NAMES):
        values = features[:, n]
        knots = KNOTS.get(name)
        pieces = [np.clip(values, a, b) - a for a, b in pairwise(knots)] if knots else [values]
        columns += pieces
        owners += [name] * len(pieces)
    return np.stack(columns, axis=1).astype(np.float32), owners


@dataclass(frozen=True)
class Chance:
    """The fitted model, per class of name."""

    intercept: np.ndarray  # shape (classes,)
    slope: np.ndarray  # shape (classes, columns)
    #: Per class or state: [log-odds, share of clean names above, share found].
    cost: dict[str, list[list[float]]]

    def log_odds(self, features: np.ndarray, of: np.ndarray) -> np.ndarray:
        """Return the log-odds of each pair, at even odds that a name asked is listed.

        ``of``: the class of each name. The curves take much memory, so pairs are taken in turn.
        """
        odds = self.intercept[of]
        for first in range(0, len(of), _PAIRS):
            some = slice(first, first + _PAIRS)
            odds[some] += np.sum(expand(features[some])[0] * self.slope[of[some]], axis=1)
        return odds

    def costs(self, probability: float, base_rate: float) -> dict[str, tuple[float, float]]:
        """Per class, and per state of firms: (alerts a thousand clean names, share of listed names found) at a least
        probability. Measured on names that were not fitted on; of a name's chance of being listed.
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
    """The fitted model shipped with bilat."""
    table = json.loads(read_package_text(__package__, "chance.json"))
    return Chance(np.asarray(table["intercept"]), np.asarray(table["slope"]), table["cost"])
