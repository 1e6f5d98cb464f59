# SPDX-License-Identifier: Apache-2.0
"""The scenarios folded away: for one capability and year the weighted shortfall is a convex curve of the stock.

``phi(K) = sum_s pi_s max(0, d_s - K)`` is piecewise linear with a kink at each need. Where the stock can only
take values on a lattice (all options add multiples of one step), the curve through the lattice points next
to each kink is the same at every reachable stock and tighter between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import gcd, lcm

import numpy as np

from bilat.contingency.backfill.problem import Floats


@dataclass(frozen=True)
class Curve:
    """``value(start)`` and the segments that follow: lengths in units, slopes in score a unit (all <= 0)."""

    start: float
    at_start: float
    lengths: Floats
    slopes: Floats


def shortfall(stock: Floats, need: Floats, pi: Floats) -> Floats:
    """phi at each stock (n), for needs (S) and weights pi (S)."""
    return np.maximum(0.0, need[None, :] - stock[:, None]) @ pi


def fold(need: Floats, pi: Floats, low: float, high: float, step: float = 0.0, base: float = 0.0) -> Curve:
    """The curve on [low, high].

    Parameters
    ----------
    need, pi
        units needed in each scenario (S) and its weight (S).
    step, base
        the stock takes only values ``base + n x step``; step 0: any value.
    """
    inside = need[(need > low) & (need < high) & (pi > 0)]
    points = np.concatenate(([low], inside, [high]))
    if step > 0:
        n = (points - base) / step
        points = np.concatenate((base + step * np.floor(n + 1e-9), base + step * np.ceil(n - 1e-9)))
    points = np.unique(np.clip(points, low, high))
    points = points[np.concatenate(([True], np.diff(points) > 1e-9))]
    values = shortfall(points, need, pi)
    lengths = np.diff(points)
    slopes = np.diff(values) / lengths if lengths.size else lengths
    keep_until = int(np.searchsorted(slopes, -1e-12)) if slopes.size else 0
    return Curve(float(points[0]), float(values[0]), lengths[:keep_until], slopes[:keep_until])


def lattice_step(amounts: Floats) -> float:
    """The greatest step of which every amount is a multiple; 0 if there is none worth having."""
    parts = [Fraction(float(a)).limit_denominator(10_000) for a in np.abs(amounts) if abs(a) > 1e-12]
    if not parts or any(abs(float(p) - a) > 1e-9 for p, a in zip(parts, _nonzero(amounts), strict=True)):
        return 0.0
    below = reduce(lcm, (p.denominator for p in parts))
    step = reduce(gcd, (int(p * below) for p in parts))
    return step / below


def _nonzero(amounts: Floats) -> list[float]:
    return [float(abs(a)) for a in amounts if abs(a) > 1e-12]
