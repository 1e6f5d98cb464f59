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
    distance = np.ones(len(y))
    pull = strength @ prior
    for _ in range(ROUNDS):
        counts = weight / np.maximum(distance, 0.05)
        weighed = x * counts[:, None]
        precision = weighed.T @ x + strength
        beta = np.linalg.solve(precision, weighed.T @ y + pull)
        distance = np.abs(y - x @ beta)
    return beta


def fitted_scale(before: Array, offset: float, residual: Array, weight: Array, of: Array) -> Array:
    """The scale of the Student core of flows of the size ``of``: a line through ln |residual| on
    ln size, drawn to the usual noise of customs records as by :data:`prior_pairs` further pairs
    of the same make."""
    small = parameter("noise_small")
    large = parameter("noise_large")
    pairs = parameter("prior_pairs")
    sizes = _size_columns(before, offset)
    of_one = sizes.T @ sizes / max(len(sizes), 1)
    ridge = pairs * of_one + 2.0 * np.eye(2)
    usual = np.array([np.log(small), np.log(large / small) / 8.0])
    distance = np.log(np.maximum(np.abs(residual), 0.01))
    line = absolute_regression(sizes, distance, weight, usual, ridge)
    log = _size_columns(of, offset) @ line
    middle = np.exp(np.clip(log, -4.0, 0.5))
    return np.maximum(middle / T4_MAD, parameter("least_scale"))


def _size_columns(before: Array, offset: float) -> Array:
    """Return the columns of a line on size: 1, and the logarithm of the size."""
    logs = np.clip(np.log1p(before / offset), 0.0, 14.0)
    return np.column_stack([np.ones(len(before)), logs])


def share_of(core: Array, slab: Array, weight: Array) -> float:
    """The weight of the slab in a mixture of two densities, by EM, drawn towards its usual
    value."""
    usual = parameter("slab_share")
    pairs = parameter("prior_pairs")
    total = float(weight.sum())
    share = usual
    for _ in range(ROUNDS):
        both = (1 - share) * core + share * slab
        of_slab = share * slab / np.maximum(both, 1e-300)
        found = float((weight * of_slab).sum())
        share = (found + usual * pairs) / (total + pairs)
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
        return Law(
            location=self.location[rows],
            scale=self.scale[rows],
            share=self.share[rows],
            slab_location=self.slab_location[rows],
            slab_scale=self.slab_scale[rows],
            absent=self.absent[rows],
        )

    def cdf(self, y: Array) -> Array:
        """P(Y <= y); ``y`` has the pairs along its first axis."""
        lift = (slice(None), *(None,) * (y.ndim - 1))
        core = t4_cdf((y - self.location[lift]) / self.scale[lift])
        slab = t4_cdf((y - self.slab_location[lift]) / self.slab_scale[lift])
        return core + self.share[lift] * (slab - core)

    def densities(self, y: Array) -> tuple[Array, Array]:
        """(of the core, of the slab); ``y`` has the pairs along its first axis."""
        lift = (slice(None), *(None,) * (y.ndim - 1))
        scale = self.scale[lift]
        slab_scale = self.slab_scale[lift]
        core = t4_density((y - self.location[lift]) / scale)
        slab = t4_density((y - self.slab_location[lift]) / slab_scale)
        return core / scale, slab / slab_scale

    def density(self, y: Array) -> Array:
        core, slab = self.densities(y)
        share = self.share[(slice(None), *(None,) * (y.ndim - 1))]
        return (1 - share) * core + share * slab


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
    residual = y - s.control
    core = fitted_scale(
        before=s.before[known],
        offset=offset,
        residual=residual[known],
        weight=s.weight[known],
        of=s.before,
    )
    begun = new & there
    level, spread = _first_sales(y[begun], s.weight[begun])
    location = np.where(new, level, s.control)
    scale = np.where(new, spread, core)
    wide = parameter("slab_scale")
    route = float(np.log1p(route_size / offset))
    never, stops = _without_trade(new, there, s.possible)
    law = Law(
        location=location,
        scale=scale,
        share=np.zeros(len(y)),
        slab_location=np.where(new, max(level, route), location),
        slab_scale=np.where(new, wide, np.hypot(scale, wide)),
        absent=np.where(new, never, stops),
    )
    core_density, slab_density = law.densities(y)

    def upheavals(group: Array) -> float:
        here = group & there
        return share_of(core_density[here], slab_density[here], s.weight[here])

    new_fallen = upheavals(new & s.fallen)
    new_calm = upheavals(new & ~s.fallen)
    of_new = np.where(s.fallen, new_fallen, new_calm)
    fallen = upheavals(~new & s.fallen)
    calm = upheavals(~new & ~s.fallen)
    of_old = np.where(s.fallen, fallen, calm)
    share = np.where(new, of_new, of_old)
    return replace(law, share=share), max(fallen, calm)


def _without_trade(new: Array, there: Array, possible: float) -> tuple[float, float]:
    """Return how often a pair that did not trade before does not begin, and how often one that did
    stops."""
    old = float((~new).sum())
    stopped = float((~new & ~there).sum())
    stops = (stopped + 1.0) / (old + 4.0)
    began = float((new & there).sum())
    never = 1.0 - (began + 1.0) / (max(possible - old, began) + 2.0)
    return float(np.clip(never, 0.05, 0.995)), stops


def _first_sales(y: Array, weight: Array) -> tuple[float, float]:
    """(level, scale) of first sales: their median and its usual distance, drawn to usual values
    where there are few."""
    usual = parameter("first_scale")
    pairs = parameter("prior_pairs")
    total = float(weight.sum())
    if total <= 0:
        return 1.0, usual
    level = (median(y, weight) * total + 2.0) / (total + 2.0)
    distance = median(np.abs(y - level), weight) / T4_MAD
    scale = (distance * total + usual * pairs) / (total + pairs)
    return level, max(scale, 0.3)
