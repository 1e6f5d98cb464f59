# SPDX-License-Identifier: Apache-2.0
"""How much better "an amount D was added to both legs" explains a pair than nothing, and how large
D then is.

Leg one is a1 = B1 + f1 D, leg two a2 = B2 + f2 D: B the flow with no diversion (see
:mod:`bilat.diversion.noise`), f1 what came in for each dollar that went on (part may stay in the
hub), f2 the mark-up and the delay of what left. For given D each leg's likelihood is the
distribution of B convolved with that of f, cell by cell of f in closed form; D is integrated on a
grid of its logarithm against its prior. Both sides are densities of the actual value, given that
the pair trades at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import ndtr

from bilat.diversion.legs import Array
from bilat.diversion.noise import Law
from bilat.diversion.parameters import parameter

#: Edges of the cells of f1 and of f2, and the weight of each cell.
IN_EDGES = np.array([0.95, 1.05, 1.15, 1.35, 1.7, 2.2, 3.2])
IN_WEIGHTS = np.array([0.26, 0.24, 0.20, 0.14, 0.10, 0.06])
OUT_EDGES = np.array([0.80, 0.92, 1.02, 1.12, 1.22, 1.35, 1.55])
OUT_WEIGHTS = np.array([0.07, 0.15, 0.22, 0.21, 0.20, 0.15])
#: ln of the share of the largest possible D at which it is tried: dense near the top, where the
#: likelihood turns.
STEPS = -np.concatenate(
    [np.linspace(0.0, 1.2, 21), 1.2 + 5.6 * np.linspace(0.0, 1.0, 15)[1:] ** 1.3]
)
#: Pairs worked out at a time, few enough for their cells to stay in a fast cache; what is kept of
#: each is its evidence and its quantiles.
CHUNK = 300
#: Quantiles kept of D.
LEVELS = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class LegFlows:
    """One leg of some pairs in one window: USD before and after, the offset, and the law of
    ``y`` without diversion."""

    before: Array
    after: Array
    offset: float
    law: Law

    def take(self, rows: Array) -> LegFlows:
        return LegFlows(self.before[rows], self.after[rows], self.offset, self.law.take(rows))

    @cached_property
    def usual(self) -> Array:
        """USD at the middle of the law, given that the pair trades."""
        return np.maximum(
            (self.before + self.offset) * np.exp(self.law.location) - self.offset, 0.0
        )

    @cached_property
    def expected(self) -> Array:
        """USD at the middle of the law; a pair that most likely would not trade is expected at
        nothing."""
        return np.where(self.law.absent > 0.5, 0.0, self.usual)

    @cached_property
    def y(self) -> Array:
        return np.log((self.after + self.offset) / (self.before + self.offset))

    def surprise(self) -> Array:
        """How many core scales the actual value lies above its counterfactual."""
        return (self.y - self.law.location) / self.law.scale

    def ratio(self, amount: Array, edges: Array, weights: Array) -> Array:
        """Likelihood of the actual value if ``amount`` (pairs x grid, USD) was diverted, over that
        if nothing was.

        A leg below its counterfactual is no evidence: its ratio is at most 1. Both sides are given
        that the pair trades, so that a first sale stands against the usual size of one: a sample
        for 350 USD speaks for nothing.
        """
        c = self.offset
        base = (self.before + self.offset)[:, None, None]
        left = self.after[:, None, None] - amount[:, :, None] * edges
        inside = left >= 0
        y = np.log((np.maximum(left, 0.0) + c) / base)
        below = self.law.cdf(y)
        absent = self.law.absent[:, None, None]
        below = np.where(inside, absent + (1 - absent) * below, 0.0)
        cells = below[:, :, :-1] - below[:, :, 1:]
        density = weights / np.diff(edges)
        with_it = (cells * density).sum(axis=2) / amount
        nothing = self.law.cdf(np.log(c / base[:, :, 0]))[:, 0]
        trades = np.maximum(1.0 - nothing, 1e-9)
        without = self.law.density(self.y) / (self.after + c) / trades
        ratio = with_it / np.maximum(without, 1e-300)[:, None]
        is_above = (self.after > self.usual)[:, None]
        return np.where(is_above, ratio, np.minimum(ratio, 1.0))


@dataclass(frozen=True)
class Prior:
    """ln(D / usual) is normal about ``middle`` with ``spread``."""

    middle: float
    spread: float

    def density(self, log: Array) -> Array:
        z = (log - self.middle) / self.spread
        return np.asarray(np.exp(-0.5 * z * z) / (self.spread * np.sqrt(2 * np.pi)))

    def below(self, log: Array) -> Array:
        """P(ln share <= log)."""
        return np.asarray(ndtr((log - self.middle) / self.spread))


@dataclass(frozen=True)
class PairEvidence:
    """Per pair: ``factor`` (Bayes factor); ``quantiles`` (three columns) and ``mean`` of D in
    USD; NaN where not asked."""

    factor: Array
    quantiles: Array
    mean: Array

    def put(self, rows: Array, found: PairEvidence) -> None:
        """Set some rows in place."""
        self.factor[rows] = found.factor
        self.quantiles[rows] = found.quantiles
        self.mean[rows] = found.mean


def blank(size: int, factor: float = 0.0) -> PairEvidence:
    """The evidence of pairs that are not looked at: ``factor``, and no amount."""
    return PairEvidence(
        factor=np.full(size, factor),
        quantiles=np.full((size, 3), np.nan),
        mean=np.full(size, np.nan),
    )


def evidence(
    first: LegFlows | None, second: LegFlows | None, usual: Array, prior: Prior
) -> PairEvidence:
    """The evidence of pairs by one leg or both, chunk by chunk; ``usual`` is R in USD."""
    size = len(usual)
    out = blank(size)

    for start in range(0, size, CHUNK):
        rows = np.arange(start, min(size, start + CHUNK))
        one = first and first.take(rows)
        two = second and second.take(rows)
        part = _chunk(one, two, usual[rows], prior)
        out.put(rows, part)
    return out


def _chunk(
    first: LegFlows | None, second: LegFlows | None, usual: Array, prior: Prior
) -> PairEvidence:
    legs = []
    if first:
        legs.append((first, IN_EDGES, IN_WEIGHTS))
    if second:
        legs.append((second, OUT_EDGES, OUT_WEIGHTS))
    most = [leg.after / edges[0] for leg, edges, _ in legs]
    top = np.maximum(np.min(most, axis=0), 1.0)
    amount = top[:, None] * np.exp(STEPS)
    likely = np.ones(amount.shape)
    for leg, edges, weights in legs:
        likely = likely * leg.ratio(amount, edges, weights)
    return summary(amount, likely, usual, prior)


def summary(amount: Array, likely: Array, usual: Array, prior: Prior) -> PairEvidence:
    """Return the evidence of pairs from how likely each ``amount`` (pairs x :data:`STEPS`) makes
    what is recorded, against none."""
    log = np.log(amount / usual[:, None])
    width = np.abs(np.gradient(STEPS))
    apart = np.abs(np.diff(STEPS))
    width[[0, -1]] = apart[[0, -1]] / 2
    mass = prior.density(log) * width * likely
    # An amount too small for the grid changes nothing.
    factor = mass.sum(axis=1) + prior.below(log[:, -1])
    whole = mass.sum(axis=1, keepdims=True)
    sure = mass / np.maximum(whole, 1e-300)
    return PairEvidence(
        factor=factor,
        quantiles=_quantiles(amount, sure),
        mean=(sure * amount).sum(axis=1),
    )


def _quantiles(amount: Array, sure: Array) -> Array:
    """10, 50 and 90% of D, between grid points on the log scale; at least the floor of the
    interval apart."""
    rising = np.log(amount[:, ::-1])
    mass = sure[:, ::-1]
    cumulated = np.cumsum(mass, axis=1) - mass / 2
    out = np.empty((len(amount), 3))
    rows = np.arange(len(amount))
    for n, level in enumerate(LEVELS):
        reached = (cumulated < level).sum(axis=1)
        above = np.clip(reached, 1, rising.shape[1] - 1)
        below = above - 1
        a = cumulated[rows, below]
        b = cumulated[rows, above]
        share = (level - a) / np.maximum(b - a, 1e-12)
        t = np.clip(share, 0.0, 1.0)
        log = rising[rows, below] * (1 - t) + rising[rows, above] * t
        out[:, n] = np.exp(log)
    floor = parameter("interval_floor")
    out[:, 0] = np.minimum(out[:, 0], out[:, 1] * (1 - floor))
    out[:, 2] = np.maximum(out[:, 2], out[:, 1] * (1 + floor))
    return out
