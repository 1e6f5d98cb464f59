# SPDX-License-Identifier: Apache-2.0
"""Random draws of a plan's numbers, and results of the draws: the median, its range, its drivers."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

#: Model runs of a plan, unless the user asks for another number. Every page that prints one of its
#: results uses as many, so that all print the same.
RUNS = 10_000
#: The same for the backfill, each run of which takes longer. Its runs are spread evenly
#: (:func:`even_places`): its medians under two seeds differ by less than a quarter of a point.
EVEN_RUNS = 1024
#: The least distance of a place from 0 and 1, at which a normal number is infinite.
EDGE = 1e-9


def stream(name: str, seed: int) -> np.random.Generator:
    """Return the random generator of one number.

    Its draws do not depend on which other numbers are drawn: two plans that differ in one number
    share the draws of all others.
    """
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def even_places(names: Sequence[str], runs: int, seed: int) -> dict[str, np.ndarray]:
    """Return where each run lies in the distribution of each number, from 0 to 1.

    The runs are scrambled Sobol points: they fill the space of all numbers more evenly than
    independent runs, so that a result depends less on the seed. Name every number, also one that
    does not vary, so that two books share the runs of what they have in common.
    """
    from scipy.stats import qmc

    if not names:
        return {}
    points = qmc.Sobol(len(names), rng=np.random.default_rng(seed))
    places = points.random_base2(max(0, math.ceil(math.log2(runs))))[:runs]
    return dict(zip(names, np.clip(places.T, EDGE, 1 - EDGE), strict=True))


def two_figures(value: float) -> float:
    """Round a number to two figures: the range of a plan's result bears no more."""
    return float(f"{value:.2g}")


@dataclass(frozen=True)
class Quantiles:
    """The median of draws and their 80% interval."""

    median: float
    low: float  #: the 10% quantile
    high: float  #: the 90% quantile

    def holds(self, value: float) -> bool:
        """Return whether the 80% interval contains a value."""
        return self.low <= value <= self.high

    def about(self, form: str = ",.0f", most: str = "no end") -> str:
        """Return ``about 390 (280 to 570)``: in two figures, except for percentages.

        Parameters
        ----------
        form
            the format of a number.
        most
            what is printed for an infinite number.
        """
        low = _written(self.low, form, most)
        middle = _written(self.median, form, most)
        high = _written(self.high, form, most)
        if math.isinf(self.low):
            return middle
        if math.isinf(self.median):
            return f"{middle} (at least {low})"
        if low == middle == high:
            return middle
        return f"about {middle} ({low} to {high})"


def _written(value: float, form: str, infinite: str) -> str:
    if math.isinf(value):
        return infinite
    return format(value if form.endswith("%") else two_figures(value), form)


def quantiles_of(values: np.ndarray | Sequence[float]) -> Quantiles:
    """Return the median and the 80% interval of draws, of which some may be infinite."""
    draws = np.asarray(values, dtype=float)
    low, median, high = np.quantile(draws, (0.1, 0.5, 0.9), method="lower")
    return Quantiles(float(median), float(low), float(high))


@dataclass(frozen=True)
class Driver:
    """How much one number, or a group that moves together, decides of an outcome."""

    name: str
    share: float  #: of the outcome's variance: the first-order index of Sobol
    rank: float  #: rank correlation with the outcome, -1 to 1


#: The least number of draws in a bin.
DRAWS_PER_BIN = 20
#: The most bins of one input.
MOST_BINS = 20


def drivers(inputs: Mapping[str, np.ndarray], outcome: np.ndarray, most: int = 6) -> list[Driver]:
    """Return the inputs that decide most of an outcome, the strongest first.

    The draws are put into bins of one input, and the variance between the bins' means is divided by
    the whole variance. This holds for inputs that depend on one another too. An outcome with
    infinite draws is replaced by its ranks. Nothing decides an outcome that never varies, and with
    as many bins as draws nothing can be said.
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
    """Return the rank of each value, from 1; equal values share their mean rank.

    Equal to ``scipy.stats.rankdata``, whose import costs half a second.
    """
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    mean_ranks = np.cumsum(count) - (count - 1) / 2
    return np.asarray(mean_ranks[place])


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
