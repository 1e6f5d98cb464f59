# SPDX-License-Identifier: Apache-2.0
"""How a flow would have grown with no diversion: the growth of its goods, and of its hub, from clean rows.

Every control is a median weighted by 1 - p of the round before, so that suspected routes do not make their own
counterfactual, and is shrunk by the weight behind it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bilat.diversion.legs import WORLD, Array, Legs
from bilat.diversion.parameters import parameter


def growth(before: Array, after: Array, offset: float) -> Array:
    """ln((after + offset) / (before + offset))."""
    return np.log((after + offset) / (before + offset))


def offset_of(legs: Legs, late: bool = False) -> float:
    """The USD added to both sides of every log ratio: the parameter is per year of the window."""
    return legs.span.offset * len(legs.span.late if late else legs.span.post)


def grouped_median(keys: Array, y: Array, weight: Array, size: int) -> tuple[Array, Array]:
    """(weighted median of ``y``, total weight) of each key from 0 to ``size`` - 1; 0 where a key has no weight.

    ``y`` are logs within +-64: key and value are sorted as one number.
    """
    total = np.bincount(keys, weights=weight, minlength=size)
    if not len(y):
        return np.zeros(size), total
    # Rounded: engines add in another order, and a tie must not turn on it, nor on how ties are sorted.
    y = np.clip(np.round(y, 9), -63.0, 63.0)
    ranked = np.argsort(keys + (y + 64.0) / 128.0)
    held, w = keys[ranked], weight[ranked]
    below = np.cumsum(w) - (np.cumsum(total) - total)[held]
    middle = np.zeros(size)
    for share in (0.5 - 1e-9, 0.5 + 1e-9):  # both middle values, so that an even count is their mean
        rows = np.flatnonzero(below >= share * total[held])
        head = rows[np.diff(held[rows], prepend=-1) > 0]  # of each key the first
        middle[held[head]] += y[ranked[head]] / 2
    return np.where(total > 0, middle, 0.0), total


def shrunk(middle: Array, total: Array, prior: float, weight: float) -> Array:
    """``middle`` drawn towards ``prior`` as if ``weight`` further rows sat there."""
    return (middle * total + prior * weight) / (total + weight)


@dataclass(frozen=True)
class Inward:
    """Rows of leg one that traded: their hub, product and log growth ``y``."""

    hub: Array
    product: Array
    y: Array
    rest: Array  #: log growth of what the hub bought from others; NaN where it bought none
    hubs: int
    products: int


def world_growth(legs: Legs, when: str, offset: float) -> Array | None:
    """Log growth by product of the origins' sales to the world less the destinations in the file; None where the
    file has no row for the world."""
    d, size = legs.inward, len(legs.products)
    if WORLD not in legs.hubs:
        return None
    world = d["hub"] == legs.hubs.index(WORLD)
    before, after = (
        np.bincount(d["product"][world], weights=d[x][world], minlength=size)
        - np.bincount(d["product"][~world], weights=d[x][~world], minlength=size)
        - np.bincount(legs.direct["product"], weights=legs.direct[x], minlength=size)
        for x in (f"{when}before", f"{when}after")
    )
    held = (before > 20 * offset) & (after > 0)
    if not held.any():
        return None
    return np.where(held, growth(np.maximum(before, 0), np.maximum(after, 0), offset), 0.0)


def product_growth(rows: Inward, alpha: Array, weight: Array, world: Array | None) -> Array:
    """Log growth by product: of the destinations that bought from the origins where ten did, else of the world's."""
    least = parameter("least_controls")
    y = rows.y - alpha[rows.hub]
    middle, total = grouped_median(rows.product, y, weight, rows.products)
    if len(np.unique(rows.hub)) < least:
        return np.zeros(rows.products) if world is None else world
    common = float(grouped_median(np.zeros(len(y), np.int64), y, weight, 1)[0][0])
    found = shrunk(middle, total, common, parameter("product_prior"))
    return np.where(np.bincount(rows.product, minlength=rows.products) >= least, found, common)


def hub_growth(rows: Inward, gamma: Array, weight: Array, calm: Array) -> Array:
    """Log growth by hub beyond its goods', from trade in which no route can be: purchases from other suppliers, and
    goods that still go to the target directly."""
    clean = ~np.isnan(rows.rest)
    rest_by, rest_total = grouped_median(
        rows.product[clean], rows.rest[clean], np.ones(int(clean.sum())), rows.products
    )
    rest_common = float(np.median(rows.rest[clean])) if clean.any() else 0.0
    rest_gamma = shrunk(rest_by, rest_total, rest_common, parameter("product_prior"))
    still = calm[rows.product]
    keys = np.concatenate([rows.hub[clean], rows.hub[still]])
    y = np.concatenate(
        [rows.rest[clean] - rest_gamma[rows.product[clean]], rows.y[still] - gamma[rows.product[still]]]
    )
    w = np.concatenate([np.ones(int(clean.sum())), weight[still]])
    return _by_hub(keys, y, w, rows.hub, rows.y - gamma[rows.product], weight, rows.hubs)


def _by_hub(keys: Array, y: Array, w: Array, hub: Array, residual: Array, weight: Array, hubs: int) -> Array:
    """The clean growth of each hub, read from ``y`` by ``keys``; where none is known its own median, suspects left out,
    within bounds."""
    middle, total = grouped_median(keys, y, w, hubs)
    prior, bound = parameter("hub_control_prior"), parameter("own_growth_bound")
    own, own_total = grouped_median(hub, residual, weight, hubs)
    bounded = np.clip(shrunk(own, own_total, 0.0, prior), -bound, bound)
    return np.where(total > 0, shrunk(middle, total, 0.0, prior), bounded)


def inward(legs: Legs, rows: Inward, when: str, offset: float, weight: Array, calm: Array,
           own_growth: Mapping[str, float] | None) -> tuple[Array, Array]:  # fmt: skip
    """(log growth of leg one's counterfactual per row, the growth by product)."""
    world = world_growth(legs, when, offset)
    gamma = product_growth(rows, np.zeros(rows.hubs), weight, world)
    if own_growth is not None:
        other = np.array([own_growth.get(h, 0.0) for h in legs.hubs])
        return gamma[rows.product] + other[rows.hub], gamma
    alpha = hub_growth(rows, gamma, weight, calm)
    gamma = product_growth(rows, alpha, weight, world)
    return gamma[rows.product] + alpha[rows.hub], gamma


def outward(
    hub: Array, product: Array, y: Array, sizes: tuple[int, int], weight: Array, calm: Array,
    others: tuple[Array, Array, Array],
) -> Array:  # fmt: skip
    """Log growth of leg two's counterfactual per row of what hubs sold to the target; ``others``: (hub, product, log
    growth) of what they sold to everybody else."""
    hubs, products = sizes
    least, prior = parameter("least_controls"), parameter("product_prior")

    def of_goods(who: Array, what: Array, growth: Array, w: Array) -> Array:
        middle, total = grouped_median(what, growth, w, products)
        common, held = grouped_median(np.zeros(len(growth), np.int64), growth, w, 1)
        level = float(shrunk(common, held, 0.0, parameter("hub_control_prior"))[0])
        level = level if len(np.unique(who)) >= least else 0.0
        enough = np.bincount(what, minlength=products) >= least
        return np.where(enough, shrunk(middle, total, level, prior), level)

    gamma = of_goods(hub, product, y, weight)[product]
    their_hub, what, theirs = others
    left = theirs - of_goods(their_hub, what, theirs, np.ones(len(theirs)))[what]
    clean = calm[product]
    keys, w = np.concatenate([their_hub, hub[clean]]), np.concatenate([np.ones(len(left)), weight[clean]])
    alpha = _by_hub(keys, np.concatenate([left, (y - gamma)[clean]]), w, hub, y - gamma, weight, hubs)
    return gamma + alpha[hub]
