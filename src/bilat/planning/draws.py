# SPDX-License-Identifier: Apache-2.0
"""What draws say: the median with its range, and which numbers drive it.

Drivers are Morris's elementary effects (Morris 1991; Campolongo, Cariboni and Saltelli 2007 for the mean of absolute
effects): each number is moved alone, over half of its range, from many places; with enough places the order does
not change with the seed, and the standard error says whether it might.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

#: Levels of Morris's grid; each step goes over half of them.
LEVELS = 4


def stream(name: str, seed: int) -> np.random.Generator:
    """The draws of one number. They do not depend on which other numbers are drawn, so that two runs that differ in one
    number share the draws of all others."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


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
        """``about 390 (280 to 570)``: two figures, as the range bears no more; ``most`` for an infinite draw."""
        low, mid, high = (
            most if math.isinf(x) else f"{x if form.endswith('%') else float(f'{x:.2g}'):{form}}"
            for x in (self.low, self.median, self.high)
        )
        if math.isinf(self.median):
            return mid if math.isinf(self.low) else f"{mid} ({low} at the least)"
        return mid if low == mid == high else f"about {mid} ({low} to {high})"


def median_of(values: np.ndarray | Sequence[float]) -> Quantiles:
    """Median, 10% and 90% of draws; infinite draws are allowed."""
    low, mid, high = np.quantile(np.asarray(values, dtype=float), (0.1, 0.5, 0.9), method="lower")
    return Quantiles(float(mid), float(low), float(high))


@dataclass(frozen=True)
class Correlation:
    """How far a number and the outcome move together over the draws: Spearman's rank correlation."""

    name: str
    rank: float


def correlations(
    inputs: Mapping[str, np.ndarray], outcome: np.ndarray, most: int = 6
) -> list[Correlation]:
    """The inputs that move with the outcome most, the strongest first; what does not vary is left out."""
    varying = [n for n, x in inputs.items() if np.ptp(x) > 0] if np.ptp(outcome) > 0 else []
    ranks = [
        np.argsort(np.argsort(x, kind="stable")) for x in (outcome, *(inputs[n] for n in varying))
    ]
    found = [
        Correlation(n, float(r))
        for n, r in zip(varying, np.atleast_2d(np.corrcoef(ranks))[0, 1:], strict=True)
    ]
    return sorted(found, key=lambda c: -abs(c.rank))[:most]


@dataclass(frozen=True)
class Drive:
    """How much one number, or a group that moves together, moves the outcome: mean absolute effect of half its
    range, the standard error of that, and the mean with its sign."""

    name: str
    effect: float
    error: float
    signed: float


def morris(
    names: Sequence[str], outcome: Callable[[np.ndarray], float], *, places: int = 20, seed: int = 0
) -> list[Drive]:
    """Drives of an outcome, strongest first.

    Parameters
    ----------
    names
        of the numbers, or of groups of them.
    outcome
        of quantiles from 0 to 1, (names,).
    places
        trajectories: ``places * (len(names) + 1)`` runs.
    """
    rng = np.random.default_rng(seed)
    k = len(names)
    step = 0.5 * LEVELS / (LEVELS - 1)
    effects = np.zeros((places, k))
    for r in range(places):
        at = rng.integers(0, LEVELS // 2, k) / (LEVELS - 1)
        up = rng.random(k) < 0.5
        at = np.where(up, at, at + step)
        before = outcome(at)
        for j in rng.permutation(k):
            at = at.copy()
            at[j] += step if up[j] else -step
            after = outcome(at)
            effects[r, j] = (after - before) * (1 if up[j] else -1)
            before = after
    found = [
        Drive(n, float(np.abs(e).mean()), float(np.abs(e).std() / np.sqrt(places)), float(e.mean()))
        for n, e in zip(names, effects.T, strict=True)
    ]
    return sorted(found, key=lambda d: -d.effect)
