# SPDX-License-Identifier: Apache-2.0
"""How a flow would have grown with no diversion: the growth of its goods, and of its hub, from
clean rows.

Every control is a median weighted by 1 - p of the round before, so that suspected routes do not
make their own counterfactual, and is shrunk by the weight behind it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bilat.diversion.legs import Array, Legs
from bilat.diversion.parameters import parameter


def growth(before: Array, after: Array, offset: float) -> Array:
    """ln((after + offset) / (before + offset))."""
    return np.log((after + offset) / (before + offset))


def offset_of(legs: Legs, late: bool = False) -> float:
    """The USD added to both sides of every log ratio: the parameter is per year of the window."""
    return legs.span.offset * len(legs.span.late if late else legs.span.post)


def grouped_median(keys: Array, y: Array, weight: Array, size: int) -> tuple[Array, Array]:
    """(weighted median of ``y``, total weight) of each key from 0 to ``size`` - 1; 0 where a key
    has no weight.

    ``y`` are logs within +-64: key and value are sorted as one number.
    """
    total = np.bincount(keys, weights=weight, minlength=size)
    if not len(y):
        return np.zeros(size), total
    # Rounded: engines add in another order, and a tie must not turn on it, nor on how ties are
    # sorted.
    y = np.clip(np.round(y, 9), -63.0, 63.0)
    ranked = np.argsort(keys + (y + 64.0) / 128.0)
    held = keys[ranked]
    w = weight[ranked]
    below = np.cumsum(w) - (np.cumsum(total) - total)[held]
    middle = np.zeros(size)
    for share in (
        0.5 - 1e-9,
        0.5 + 1e-9,
    ):  # both middle values, so that an even count is their mean
        rows = np.flatnonzero(below >= share * total[held])
        head = rows[np.diff(held[rows], prepend=-1) > 0]  # of each key the first
        middle[held[head]] += y[ranked[head]] / 2
    return np.where(total > 0, middle, 0.0), total


def shrunk(middle: Array, total: Array, prior: float, weight: float) -> Array:
    """``middle`` drawn towards ``prior`` as if ``weight`` further rows sat there."""
    return (middle * total + prior * weight) / (total + weight)


def median(y: Array, weight: Array) -> float:
    """The weighted median."""
    return float(grouped_median(np.zeros(len(y), np.int64), y, weight, 1)[0][0])


@dataclass(frozen=True)
class ClosedTrade:
    """Trade of hubs in which no route can be: hub, product and log growth ``y`` of what they
    bought from others than the origins, or sold to others than the targets."""

    hub: Array
    product: Array
    y: Array


@dataclass(frozen=True)
class TradedRows:
    """Rows of one leg that traded: hub, product, log growth ``y`` and ``weight`` (1 - p), and
    the hubs' ``closed`` trade; number of ``hubs`` and ``products``."""

    hub: Array
    product: Array
    y: Array
    weight: Array
    closed: ClosedTrade
    hubs: int
    products: int

    def of_goods(self, y: Array) -> Array:
        """Log growth by product: the median of the hubs that trade it, drawn to that of all
        goods, where ten do; else that of all goods. With fewer hubs than ten a few could be most
        of it: none."""
        least = parameter("least_controls")
        if len(np.unique(self.hub)) < least:
            return np.zeros(self.products)
        found, common = _of_goods(self.product, y, self.weight, self.products)
        return np.where(np.bincount(self.product, minlength=self.products) >= least, found, common)

    def of_hubs(self, gamma: Array, calm: Array) -> Array:
        """Log growth by hub beyond its goods', from its closed trade and goods that still go to
        the target directly; where neither is known its own median, suspects left out, within
        bounds."""
        closed = self.closed
        plain = np.ones(len(self.closed.y))
        theirs, _ = _of_goods(closed.product, closed.y, plain, self.products)
        left = closed.y - theirs[closed.product]
        own = self.y - gamma[self.product]
        still = calm[self.product]
        keys, y, weight = (
            np.concatenate(pair)
            for pair in (
                (closed.hub, self.hub[still]),
                (left, own[still]),
                (plain, self.weight[still]),
            )
        )
        middle, total = grouped_median(keys, y, weight, self.hubs)
        prior = parameter("hub_control_prior")
        bound = parameter("own_growth_bound")
        mine = shrunk(*grouped_median(self.hub, own, self.weight, self.hubs), 0.0, prior)
        return np.where(total > 0, shrunk(middle, total, 0.0, prior), np.clip(mine, -bound, bound))

    def counterfactual(self, calm: Array, others: Array | None = None) -> tuple[Array, Array]:
        """(log growth of each row with no diversion, that of its goods by product); ``calm`` by
        product: its direct trade did not fall; ``others``: log growth by hub where it is known
        from goods outside the rows."""
        gamma = self.of_goods(self.y)
        if others is not None:
            return gamma[self.product] + others[self.hub], gamma
        alpha = self.of_hubs(gamma, calm)
        gamma = self.of_goods(self.y - alpha[self.hub])
        return gamma[self.product] + alpha[self.hub], gamma


def _of_goods(product: Array, y: Array, weight: Array, products: int) -> tuple[Array, float]:
    """(log growth by product, drawn to that of all goods, which is the other)."""
    middle, total = grouped_median(product, y, weight, products)
    common = median(y, weight)
    return shrunk(middle, total, common, parameter("product_prior")), common
