# SPDX-License-Identifier: Apache-2.0
"""How a flow would have grown with no diversion: the growth of its goods, and of its hub, from clean rows.

Every control is a median weighted by 1 - p of the round before, so that suspected routes do not make their own
counterfactual, and is shrunk by the weight behind it.
"""

from __future__ import annotations

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
    # Rounded: engines add in another order, and a tie must not turn on it, nor on the order in which ties are sorted.
    y = np.clip(np.round(y, 9), -63.0, 63.0)
    ranked = np.argsort(keys + (y + 64.0) / 128.0)
    held, w = keys[ranked], weight[ranked]
    below = np.cumsum(w) - (np.cumsum(total) - total)[held]
    middle = np.zeros(size)
    for share in (0.5 - 1e-9, 0.5 + 1e-9):  # both middle values, so that an even count is their mean
        reach = below >= share * total[held]
        rows = np.flatnonzero(reach)
        head = rows[np.diff(held[rows], prepend=-1) > 0]  # of each key the first
        middle[held[head]] += y[ranked[head]] / 2
    return np.where(total > 0, middle, 0.0), total


def shrunk(middle: Array, total: Array, prior: float, weight: float) -> Array:
    """``middle`` drawn towards ``prior`` as if ``weight`` further rows sat there."""
    return (middle * total + prior * weight) / (total + weight)


@dataclass(frozen=True)
class Control:
    """Log growth per row of a leg, and of what it was read (for the output)."""

    location: Array
    basis: str


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


def product_growth(rows: Inward, alpha: Array, weight: Array, world: Array | None) -> tuple[Array, str]:
    """(log growth by product, what it rests on): the destinations that bought from the origins, where ten did."""
    least = parameter("least_controls")
    y = rows.y - alpha[rows.hub]
    middle, total = grouped_median(rows.product, y, weight, rows.products)
    count = np.bincount(rows.product, minlength=rows.products)
    there = len(np.unique(rows.hub))
    if there < least:
        if world is not None:
            return world, "the origins' exports of the product to the rest of the world"
        return np.zeros(rows.products), ""
    common, _ = grouped_median(np.zeros(len(y), np.int64), y, weight, 1)
    found = shrunk(middle, total, float(common[0]), parameter("product_prior"))
    return np.where(count >= least, found, common[0]), f"the same product at {there} destinations"


def hub_growth(rows: Inward, gamma: Array, weight: Array, calm: Array) -> tuple[Array, str]:
    """(log growth by hub beyond its goods', what it rests on), from trade in which no route can be."""
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
    middle, total = grouped_median(keys, y, w, rows.hubs)
    prior = hub_weight(keys, y, middle)
    growth_of = _own_where_none(middle, total, rows.hub, rows.y - gamma[rows.product], weight, prior)
    return growth_of, _hub_basis(rows, bool(clean.any()), bool(still.any()))


def _hub_basis(rows: Inward, others: bool, still: bool) -> str:
    """What a hub's growth rests on, in words."""
    if len(np.unique(rows.hub)) == 1:
        return "the hub's own level before the break, the file having no other destination to compare with"
    if others:
        return "the hub's purchases from other suppliers"
    return (
        "goods that still go to the target directly" if still else "the hub's own other goods, within bounds"
    )


def hub_weight(keys: Array, y: Array, middle: Array) -> float:
    """Rows at no growth that a hub's own median is drawn to: as many as make a median as unsure as hubs differ.

    The steadier the trade of a file, the fewer: where flows stray by a tenth, twenty goods that all doubled are a boom.
    """
    if not len(y):
        return parameter("hub_control_prior")
    stray = 1.4826 * float(np.median(np.abs(y - middle[keys])))
    return float(
        np.clip(
            np.pi / 2 * (stray / parameter("hub_growth_spread")) ** 2, 0.5, parameter("hub_control_prior")
        )
    )


def _own_where_none(
    middle: Array, total: Array, hub: Array, residual: Array, weight: Array, prior: float
) -> Array:
    """The clean growth of each hub; where none is known its own median, suspects left out, within bounds."""
    bound = parameter("own_growth_bound")
    own, own_total = grouped_median(hub, residual, weight, len(middle))
    bounded = np.clip(shrunk(own, own_total, 0.0, prior), -bound, bound)
    return np.where(total > 0, shrunk(middle, total, 0.0, prior), bounded)


def inward(legs: Legs, rows: Inward, when: str, offset: float, weight: Array, calm: Array,
           own_growth: dict[tuple[str, str], float] | None) -> tuple[Control, Array]:  # fmt: skip
    """(the counterfactual of leg one per row, the growth by product)."""
    world = world_growth(legs, when, offset)
    alpha = np.zeros(rows.hubs)
    gamma, first = product_growth(rows, alpha, weight, world)
    if own_growth is not None:
        starts = [legs.span_of(p).post[0] for p in legs.products]
        own = {s: np.array([own_growth.get((h, s), 0.0) for h in legs.hubs]) for s in set(starts)}
        by_row = np.zeros(len(rows.hub))
        for start, of_hub in own.items():
            here = np.array([s == start for s in starts], dtype=bool)[rows.product]
            by_row[here] = of_hub[rows.hub[here]]
        told = "; ".join(b for b in (first, "the origins' exports of other goods to the same hub") if b)
        return Control(gamma[rows.product] + by_row, told), gamma
    alpha, basis = hub_growth(rows, gamma, weight, calm)
    gamma, first = product_growth(rows, alpha, weight, world)
    told = "; ".join(b for b in (first, basis) if b)
    return Control(gamma[rows.product] + alpha[rows.hub], told), gamma


def outward(hub: Array, product: Array, target: Array, y: Array, sizes: tuple[int, int], weight: Array,
            calm: Array) -> Control:  # fmt: skip
    """The counterfactual of leg two per row of what hubs sold to the target (0) and to the placebo markets."""
    hubs, products = sizes
    markets = int(target.max(initial=0)) + 1
    lane = product * markets + target
    middle, total = grouped_median(lane, y, weight, products * markets)
    count = np.bincount(lane, minlength=products * markets)
    common, held = grouped_median(target, y, weight, markets)
    common = shrunk(common, held, 0.0, parameter("hub_control_prior"))
    many = len(np.unique(hub[target == 0])) >= parameter("least_controls")
    if not many:
        common = np.where(np.arange(markets) == 0, 0.0, common)
    at = common[target]
    enough = (count >= parameter("least_controls"))[lane]
    prior = parameter("product_prior")
    gamma = np.where(enough, (middle[lane] * total[lane] + at * prior) / (total[lane] + prior), at)
    residual = y - gamma
    clean = (target > 0) | calm[product]
    found, weight_of = grouped_median(hub[clean], residual[clean], weight[clean], hubs)
    steady = hub_weight(hub[clean], residual[clean], found)
    alpha = _own_where_none(found, weight_of, hub, residual, weight, steady)
    basis = ["the same product from all suppliers"] if many else []
    basis.append(
        "the hub's sales to similar markets"
        if (target > 0).any()
        else "the hub's own other goods, within bounds"
    )
    return Control(gamma + alpha[hub], "; ".join(basis))
