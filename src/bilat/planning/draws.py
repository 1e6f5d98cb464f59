# SPDX-License-Identifier: Apache-2.0
"""What draws say: the median with its range, and which numbers decide it."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

#: Model runs of a plan, unless the user asks for another number: every page that prints one of its
#: results draws as many, so that all print the same.
RUNS = 10_000
#: The same for a plan whose run takes longer: evenly spread runs (:func:`even_places`), of which
#: two seeds give the median of the backfill within a quarter of a point.
EVEN_RUNS = 1024


def stream(name: str, seed: int) -> np.random.Generator:
    """The draws of one number. They do not depend on which other numbers are drawn, so that two
    runs that differ in one
    number share the draws of all others."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def even_places(names: Sequence[str], runs: int, seed: int) -> dict[str, np.ndarray]:
    """Return where each run lies in the distribution of each number, from 0 to 1.

    The runs are scrambled Sobol points: they fill the space of all numbers more evenly than
    independent runs, so that a result depends less on the seed. Name every number, also one that
    does not vary, so that two books share the runs of what they have in common.
    """
    from scipy.stats import qmc

    points = qmc.Sobol(max(1, len(names)), rng=np.random.default_rng(seed))
    places = points.random_base2(max(0, math.ceil(math.log2(runs))))[:runs]
    return dict(zip(names, np.clip(places.T, EDGE, 1 - EDGE), strict=False))


#: A place is at least so far from the ends, where a normal number is infinite.
EDGE = 1e-9


def two_figures(value: float) -> float:
    """Round a number to two figures: the range of a plan's result bears no more."""
    return float(f"{value:.2g}")


@dataclass(frozen=True)
class Quantiles:
    """A quantity as draws have it: median, 10% and 90%."""

    median: float
    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether the 80% interval holds a value."""
        return self.low <= value <= self.high

    def about(self, form: str = ",.0f", most: str = "no end") -> str:
        """``about 390 (280 to 570)``, in two figures; ``most`` for an infinite draw."""
        low, mid, high = (
            most if math.isinf(x) else f"{x if form.endswith('%') else two_figures(x):{form}}"
            for x in (self.low, self.median, self.high)
        )
        if math.isinf(self.median):
            return mid if math.isinf(self.low) else f"{mid} (at least {low})"
        return mid if low == mid == high else f"about {mid} ({low} to {high})"


def quantiles_of(values: np.ndarray | Sequence[float]) -> Quantiles:
    """Median, 10% and 90% of draws; infinite draws are allowed."""
    low, mid, high = np.quantile(np.asarray(values, dtype=float), (0.1, 0.5, 0.9), method="lower")
    return Quantiles(float(mid), float(low), float(high))


@dataclass(frozen=True)
class Driver:
    """How much of the outcome one number, or a group that moves together, decides.

    ``share`` is the part of the outcome's variance that goes with it alone (Sobol's first order);
    ``rank`` its rank
    correlation with the outcome, for the sign.
    """

    name: str
    share: float
    rank: float


#: The least number of draws in a bin.
DRAWS_PER_BIN = 20
#: The most bins of one input.
MOST_BINS = 20


def drivers(inputs: Mapping[str, np.ndarray], outcome: np.ndarray, most: int = 6) -> list[Driver]:
    """Return the inputs that decide most of an outcome, the strongest first.

    The shares are read off the draws themselves: the variance of the outcome's mean over bins of
    one input, over its
    whole variance, less what chance alone would give. So they hold for inputs that depend on one
    another too.
    An outcome with infinite draws is taken by rank.
    """
    bins = int(np.clip(len(outcome) // DRAWS_PER_BIN, 2, MOST_BINS))
    if _is_constant(outcome) or len(outcome) <= bins:
        return []
    ranks = _ranks(outcome)
    result = outcome if np.isfinite(outcome).all() else ranks
    found = []
    for name, values in inputs.items():
        if _is_constant(values):
            continue
        bin_of_draw = _positions(values) * bins // len(values)
        share = _explained_share(bin_of_draw, result, bins)
        correlation = float(np.corrcoef(_ranks(values), ranks)[0, 1])
        found.append(Driver(name, share, correlation))
    return sorted(found, key=lambda d: (-d.share, -abs(d.rank)))[:most]


def _is_constant(values: np.ndarray) -> bool:
    return bool((values == values[0]).all())


def _positions(values: np.ndarray) -> np.ndarray:
    """Return the position of each value in sorted order, from 0; equal values have different ones."""
    return np.argsort(np.argsort(values, kind="stable"), kind="stable")


def _ranks(values: np.ndarray) -> np.ndarray:
    """Return the rank of each value; equal values share their mean rank."""
    from scipy.stats import rankdata

    return np.asarray(rankdata(values))


def _explained_share(bin_of_draw: np.ndarray, result: np.ndarray, bins: int) -> float:
    """Return the share of the variance that lies between bins.

    Bins of unrelated draws differ too, by (bins - 1) / (draws - 1) of the variance on average: that
    is taken off.
    """
    count = np.bincount(bin_of_draw, minlength=bins)
    mean = np.bincount(bin_of_draw, weights=result, minlength=bins) / np.maximum(count, 1)
    between = float(count @ (mean - result.mean()) ** 2)
    whole = float(((result - result.mean()) ** 2).sum())
    by_chance = (bins - 1) / (len(result) - 1)
    return max(0.0, (between / whole - by_chance) / (1 - by_chance))
