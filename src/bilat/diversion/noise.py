# SPDX-License-Identifier: Apache-2.0
"""How far a flow strays from its counterfactual by itself: a Student core whose scale depends on size, swing and
the fall of direct trade, and a slab for flows with an upheaval of their own; first sales apart.

All densities are of ``y = ln((after + c) / (before + c))``; for a first sale ``y = ln((after + c) / c)``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bilat.diversion.legs import Array
from bilat.diversion.parameters import parameter

#: The median absolute value of Student's t with four degrees of freedom, which has a closed distribution function.
T4_MAD = 0.7406970841
ROUNDS = 12
#: What the scale is linear in, beside a constant: ln size, swing of the baseline, fall of direct trade.
TERMS = 4


def t4_cdf(z: Array) -> Array:
    """P(T <= z) of Student's t with four degrees of freedom."""
    u = z / np.sqrt(4.0 + z * z)
    return 0.5 + u * (0.75 - 0.25 * u * u)


def t4_density(z: Array) -> Array:
    """Density of Student's t with four degrees of freedom."""
    return 0.375 * (1.0 + 0.25 * z * z) ** -2.5


def absolute_regression(x: Array, y: Array, weight: Array, prior: Array, strength: Array) -> Array:
    """Coefficients of the weighted least-absolute-deviation regression of ``y`` on ``x``; ``strength`` is the
    precision matrix of a normal prior about ``prior``."""
    beta = prior.copy()
    size = x.shape[1]
    # Each round weighs the same products of columns, and of columns with y.
    products = np.column_stack([x[:, [n]] * x[:, n:] for n in range(size)] + [x * y[:, None]])
    upper = np.triu_indices(size)
    square = np.empty((size, size))
    for n in range(ROUNDS):
        off = np.abs(y - x @ beta) if n else np.ones(len(y))
        sums = (weight / np.maximum(off, 0.05)) @ products
        square[upper] = sums[:-size]
        square.T[upper] = sums[:-size]
        beta = np.linalg.solve(square + strength, sums[-size:] + strength @ prior)
    return beta


def features(before: Array, offset: float, swing: Array, fall: Array) -> Array:
    """The terms of the scale, one row a pair."""
    size = np.clip(np.log1p(before / offset), 0.0, 14.0)
    return np.column_stack([np.ones(len(before)), size, np.minimum(swing, 3.0), np.clip(fall, -1.0, 3.0)])


def scale_of(coefficients: Array, x: Array) -> Array:
    """The scale of the Student core per row; ``coefficients`` are of ln median |residual|."""
    return np.maximum(np.exp(np.clip(x @ coefficients, -4.0, 0.5)) / T4_MAD, parameter("least_scale"))


def usual_scale() -> Array:
    """Coefficients for a file that shows no noise of its own: the usual noise of customs records."""
    small, large = parameter("noise_small"), parameter("noise_large")
    return np.array([np.log(small), np.log(large / small) / 8.0, 0.0, 0.0])


def fit_scale(x: Array, residual: Array, weight: Array, prior: Array) -> Array:
    """The coefficients of residuals, drawn to ``prior`` as by :data:`prior_pairs` further pairs of the same make."""
    pairs = parameter("prior_pairs")
    ridge = pairs * (x.T @ x / len(x)) + 2.0 * np.eye(TERMS) if len(x) else pairs * np.eye(TERMS)
    return absolute_regression(x, np.log(np.maximum(np.abs(residual), 0.01)), weight, prior, ridge)


def share_of(core: Array, slab: Array, weight: Array) -> float:
    """The weight of the slab in a mixture of two densities, by EM, drawn towards its usual value."""
    usual, pairs = parameter("slab_share"), parameter("prior_pairs")
    share = usual
    for _ in range(ROUNDS):
        odds = share * slab / np.maximum((1 - share) * core + share * slab, 1e-300)
        share = (float((weight * odds).sum()) + usual * pairs) / (float(weight.sum()) + pairs)
    return float(np.clip(share, 0.002, parameter("slab_most")))


@dataclass(frozen=True)
class Law:
    """The distribution of ``y`` of each pair with no diversion, as arrays over pairs.

    A Student core about ``location`` with ``scale``, a slab of weight ``share`` about ``slab_location`` with
    ``slab_scale``; ``absent``: how often a pair like it does not trade at all.
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

    def density(self, y: Array) -> Array:
        core = t4_density((y - self.location) / self.scale) / self.scale
        slab = t4_density((y - self.slab_location) / self.slab_scale) / self.slab_scale
        return (1 - self.share) * core + self.share * slab

    def surprise(self, y: Array) -> Array:
        """How many core scales ``y`` lies above its counterfactual."""
        return (y - self.location) / self.scale


@dataclass(frozen=True)
class Sample:
    """Rows of a leg as the noise is read from them: arrays over rows.

    ``weight`` is 1 - p; ``control`` the log growth expected; ``ln_hub`` and ``ln_product`` the size of the hub and
    of the product in this leg, which a first sale depends on; ``fallen``: the direct trade of the product fell.
    """

    before: Array
    after: Array
    swing: Array
    fall: Array
    fallen: Array
    control: Array
    ln_hub: Array
    ln_product: Array
    weight: Array
    possible: float  #: pairs of the hubs and products of the leg, traded or not


def fit(s: Sample, offset: float, prior: Array, route_size: float) -> tuple[Law, float]:
    """(the law of each row of a leg, the share of upheavals among flows that traded before); ``prior``: coefficients of
    the scale about a made-up break; ``route_size``: USD of a usual route."""
    new = s.before <= 0
    y = np.log((s.after + offset) / (s.before + offset))
    x = features(s.before, offset, s.swing, s.fall)
    known = ~new & (s.after > 0)
    core = scale_of(fit_scale(x[known], (y - s.control)[known], s.weight[known], prior), x)
    first = np.column_stack([np.ones(len(y)), s.ln_hub, s.ln_product, np.clip(s.fall, -1.0, 3.0)])
    level, spread = _first(first, y, new & (s.after > 0), s.weight)
    location = np.where(new, first @ level, s.control)
    scale, wide = np.where(new, spread, core), parameter("slab_scale")
    route = float(np.log1p(route_size / offset))
    old = float((~new).sum())
    stops = (float((~new & (s.after <= 0)).sum()) + 1.0) / (old + 4.0)
    fresh = float((new & (s.after > 0)).sum())
    never = 1.0 - (fresh + 1.0) / (max(s.possible - old, fresh) + 2.0)
    law = Law(
        location, scale, np.zeros(len(y)), np.where(new, np.maximum(location, route), location),
        np.where(new, wide, np.hypot(scale, wide)), np.where(new, np.clip(never, 0.05, 0.995), stops),
    )  # fmt: skip
    usual = t4_density((y - law.location) / law.scale) / law.scale
    slab = t4_density((y - law.slab_location) / law.slab_scale) / law.slab_scale
    share, upheavals = np.zeros(len(y)), []
    for kind in (new, ~new):
        for group in (kind & s.fallen, kind & ~s.fallen):
            here = group & (s.after > 0)
            upheavals.append(share_of(usual[here], slab[here], s.weight[here]))
            share[group] = upheavals[-1]
    return replace(law, share=share), max(upheavals[2:])


def _first(x: Array, y: Array, here: Array, weight: Array) -> tuple[Array, float]:
    """(coefficients, scale) of the level of first sales; usual values where there are few."""
    x, y, weight = x[here], y[here], weight[here]
    usual, pairs = parameter("first_scale"), parameter("prior_pairs")
    beta = absolute_regression(x, y, weight, np.array([1.0, 0.0, 0.0, 0.0]), np.diag([2.0, 20.0, 20.0, 20.0]))
    if not len(y):
        return beta, usual
    off = np.abs(y - x @ beta)
    ranked = np.argsort(off)
    cumulated = np.cumsum(weight[ranked])
    middle = float(off[ranked[np.searchsorted(cumulated, cumulated[-1] / 2)]]) if cumulated[-1] > 0 else 0.0
    n = float(weight.sum())
    return beta, max((middle / T4_MAD * n + usual * pairs) / (n + pairs), 0.3)
