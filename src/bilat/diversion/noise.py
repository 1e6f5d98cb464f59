# SPDX-License-Identifier: Apache-2.0
"""How far a flow strays from its counterfactual by itself: a Student core whose scale depends on
its size, and a slab for flows with an upheaval of their own; first sales apart.

All densities are of ``y = ln((after + c) / (before + c))``; for a first sale ``y = ln((after + c) /
c)``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bilat.diversion.controls import median
from bilat.diversion.legs import Array
from bilat.diversion.parameters import parameter

#: The median absolute value of Student's t with four degrees of freedom, which has a closed
#: distribution function.
T4_MAD = 0.7406970841
ROUNDS = 12


def t4_cdf(z: Array) -> Array:
    """P(T <= z) of Student's t with four degrees of freedom."""
    u = z / np.sqrt(4.0 + z * z)
    return 0.5 + u * (0.75 - 0.25 * u * u)


def t4_density(z: Array) -> Array:
    """Density of Student's t with four degrees of freedom."""
    return 0.375 * (1.0 + 0.25 * z * z) ** -2.5


def absolute_regression(x: Array, y: Array, weight: Array, prior: Array, strength: Array) -> Array:
    """Coefficients of the weighted least-absolute-deviation regression of ``y`` on ``x``;
    ``strength`` is the precision matrix of a normal prior about ``prior``."""
    beta = prior.copy()
    for n in range(ROUNDS):
        off = np.abs(y - x @ beta) if n else np.ones(len(y))
        weighed = x * (weight / np.maximum(off, 0.05))[:, None]
        beta = np.linalg.solve(weighed.T @ x + strength, weighed.T @ y + strength @ prior)
    return beta


def fitted_scale(before: Array, offset: float, residual: Array, weight: Array, of: Array) -> Array:
    """The scale of the Student core of flows of the size ``of``: a line through ln |residual| on
    ln size, drawn to the usual noise of customs records as by :data:`prior_pairs` further pairs
    of the same make."""
    small = parameter("noise_small")
    large = parameter("noise_large")
    pairs = parameter("prior_pairs")
    x, there = (_size(b, offset) for b in (before, of))
    ridge = pairs * (x.T @ x / max(len(x), 1)) + 2.0 * np.eye(2)
    usual = np.array([np.log(small), np.log(large / small) / 8.0])
    line = absolute_regression(x, np.log(np.maximum(np.abs(residual), 0.01)), weight, usual, ridge)
    return np.maximum(np.exp(np.clip(there @ line, -4.0, 0.5)) / T4_MAD, parameter("least_scale"))


def _size(before: Array, offset: float) -> Array:
    return np.column_stack([np.ones(len(before)), np.clip(np.log1p(before / offset), 0.0, 14.0)])


def share_of(core: Array, slab: Array, weight: Array) -> float:
    """The weight of the slab in a mixture of two densities, by EM, drawn towards its usual
    value."""
    usual = parameter("slab_share")
    pairs = parameter("prior_pairs")
    share = usual
    for _ in range(ROUNDS):
        odds = share * slab / np.maximum((1 - share) * core + share * slab, 1e-300)
        share = (float((weight * odds).sum()) + usual * pairs) / (float(weight.sum()) + pairs)
    return float(np.clip(share, 0.002, parameter("slab_most")))


@dataclass(frozen=True)
class Law:
    """The distribution of ``y`` of each pair with no diversion, as arrays over pairs.

    A Student core about ``location`` with ``scale``, a slab of weight ``share`` about
    ``slab_location`` with ``slab_scale``; ``absent``: how often a pair like it does not trade at
    all.
    """

    location: Array
    scale: Array
    share: Array
    slab_location: Array
    slab_scale: Array
    absent: Array

    def take(self, rows: Array) -> Law:
        return Law(*(getattr(self, n)[rows] for n in self.__dataclass_fields__))

    def cdf(self, y: Array) -> Array:
        """P(Y <= y); ``y`` has the pairs along its first axis."""
        lift = (slice(None), *(None,) * (y.ndim - 1))
        core = t4_cdf((y - self.location[lift]) / self.scale[lift])
        slab = t4_cdf((y - self.slab_location[lift]) / self.slab_scale[lift])
        return core + self.share[lift] * (slab - core)

    def densities(self, y: Array) -> tuple[Array, Array]:
        """(of the core, of the slab)."""
        core = t4_density((y - self.location) / self.scale) / self.scale
        return core, t4_density((y - self.slab_location) / self.slab_scale) / self.slab_scale

    def density(self, y: Array) -> Array:
        core, slab = self.densities(y)
        return (1 - self.share) * core + self.share * slab


@dataclass(frozen=True)
class Sample:
    """Rows of a leg as the noise is read from them: arrays over rows. ``weight`` is 1 - p;
    ``control`` the log growth expected; ``fallen``: the direct trade of the product fell."""

    before: Array
    after: Array
    fallen: Array
    control: Array
    weight: Array
    possible: float  #: pairs of the hubs and products of the leg, traded or not


def fit(s: Sample, offset: float, route_size: float) -> tuple[Law, float]:
    """(the law of each row of a leg, the share of upheavals among flows that traded before);
    ``route_size``: USD of a usual route."""
    new = s.before <= 0
    there = s.after > 0
    y = np.log((s.after + offset) / (s.before + offset))
    known = ~new & there
    core = fitted_scale(s.before[known], offset, (y - s.control)[known], s.weight[known], s.before)
    level, spread = _first(y[new & there], s.weight[new & there])
    location = np.where(new, level, s.control)
    scale = np.where(new, spread, core)
    wide = parameter("slab_scale")
    old = float((~new).sum())
    stops = (float((~new & ~there).sum()) + 1.0) / (old + 4.0)
    fresh = float((new & there).sum())
    never = 1.0 - (fresh + 1.0) / (max(s.possible - old, fresh) + 2.0)
    law = Law(
        location,
        scale,
        np.zeros(len(y)),
        np.where(new, max(level, float(np.log1p(route_size / offset))), location),
        np.where(new, wide, np.hypot(scale, wide)),
        np.where(new, np.clip(never, 0.05, 0.995), stops),
    )
    usual, slab = law.densities(y)
    share = np.zeros(len(y))
    upheavals = []
    for kind in (new, ~new):
        for group in (kind & s.fallen, kind & ~s.fallen):
            here = group & there
            upheavals.append(share_of(usual[here], slab[here], s.weight[here]))
            share[group] = upheavals[-1]
    return replace(law, share=share), max(upheavals[2:])


def _first(y: Array, weight: Array) -> tuple[float, float]:
    """(level, scale) of first sales: their median and its usual distance, drawn to usual values
    where there are few."""
    usual = parameter("first_scale")
    pairs = parameter("prior_pairs")
    n = float(weight.sum())
    if n <= 0:
        return 1.0, usual
    level = (median(y, weight) * n + 2.0) / (n + 2.0)
    off = median(np.abs(y - level), weight) / T4_MAD
    return level, max((off * n + usual * pairs) / (n + pairs), 0.3)
