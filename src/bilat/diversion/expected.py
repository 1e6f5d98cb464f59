# SPDX-License-Identifier: Apache-2.0
"""What trade would have been without the break, and how far off such a guess usually is.

For one leg, ``y = ln((after + c) / (before + c))`` is the log growth of a pair of country and product
(both scaled to the post-break window; ``c`` keeps small flows from leading the table). The expected
growth is that of the product at all other destinations plus the country's own with other partners,
each a median shrunk towards its parent by the number of pairs behind it. The residual's scale is the
median absolute deviation of pairs of the same size, shrunk towards a prior, so that a file with a
handful of pairs is judged by the usual noise of customs data, and one with many by its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bilat.diversion.legs import WORLD, Array, Legs
from bilat.diversion.parameters import parameter

#: A logistic distribution with scale 1 has this median absolute deviation.
LOGISTIC_MAD = float(np.log(3.0))
#: Classes of how much a pair's baseline swung (standard deviation of logs): a pair that swung before, swings now.
SWINGS = (0.15, 0.35, 0.7, 1.2)


@dataclass(frozen=True)
class Leg:
    """Arrays over pairs. ``location`` and ``scale`` are those of a logistic distribution of ``y`` under
    no diversion; ``z = (y - location) / scale``; ``surprise`` is minus the log of how often a pair that
    did not trade before trades at all now (0 for pairs that did); ``expected`` is the counterfactual in
    USD."""

    hub: Array
    product: Array
    before: Array
    after: Array
    location: Array
    scale: Array
    z: Array
    surprise: Array
    offset: float
    basis: str

    @cached_property
    def expected(self) -> Array:
        usual = np.maximum((self.before + self.offset) * np.exp(self.location) - self.offset, 0.0)
        # A pair that did not trade before would most likely not trade now: its median is nothing.
        return np.where(self.surprise > np.log(2.0), 0.0, usual)

    def take(self, rows: Array) -> Leg:
        return Leg(
            self.hub[rows], self.product[rows], self.before[rows], self.after[rows],
            self.location[rows], self.scale[rows], self.z[rows], self.surprise[rows], self.offset, self.basis,
        )  # fmt: skip


def grouped_median(keys: Array, y: Array, prior: Array | float = 0.0, weight: float = 0.0) -> Array:
    """The median of ``y`` within each key, per row, as if ``weight`` further rows sat at ``prior``.

    ``y`` are logs within +-64; key and value are sorted as one number, which is several times faster
    than sorting by two.
    """
    if not len(y):
        return np.zeros(0)
    count = np.bincount(keys)
    ranked = np.sort(keys + (np.clip(y, -63.0, 63.0) + 64.0) / 128.0)
    starts = np.concatenate([[0], np.cumsum(count)[:-1]])
    held = np.flatnonzero(count)
    first, size = starts[held], count[held]
    middle = np.zeros(len(count))
    pair = ranked[first + (size - 1) // 2] + ranked[first + size // 2]
    middle[held] = (pair / 2 - held) * 128.0 - 64.0
    shrink = count / (count + weight) if weight else np.ones(len(count))
    return (middle * shrink)[keys] + prior * (1 - shrink)[keys]


def size_class(before: Array, offset: float) -> Array:
    """0 for a pair with no earlier trade, then one class per e-fold of size."""
    classes = 1 + np.clip(np.floor(np.log1p(before / offset)), 0, 14).astype(np.int64)
    return np.where(before <= 0, 0, classes)


def prior_mad(before: Array, offset: float) -> Array:
    """The usual median absolute deviation of log growth for a flow of this size (see parameters.toml)."""
    large, small = parameter("noise_large"), parameter("noise_small")
    return large + (small - large) * np.sqrt(offset / (before + offset))


def spread(
    residual: Array, before: Array, offset: float, product: Array, swing: Array, strata: Array | None = None
) -> tuple[Array, Array]:
    """Median and logistic scale of the residuals of pairs of the same size, swing of the baseline, and stratum.

    From coarse classes to fine, each shrunk towards the one above it. Some goods move in few large
    consignments: the scale is then stretched by the product's own typical deviation, shrunk towards 1.
    """
    strata = np.zeros(len(residual), dtype=np.int64) if strata is None else strata
    weight = parameter("prior_pairs")
    coarse = size_class(before, offset) + 100 * strata
    fine = coarse * (len(SWINGS) + 1) + np.digitize(swing, SWINGS)
    centre = grouped_median(fine, residual, grouped_median(coarse, residual, 0.0, weight), weight)
    off = np.abs(residual - centre)
    mad = grouped_median(fine, off, grouped_median(coarse, off, prior_mad(before, offset), weight), weight)
    mad = mad * grouped_median(product, off / mad, 1.0, weight)
    return centre, mad / LOGISTIC_MAD


def new_flow(hub: Array, product: Array, before: Array, after: Array) -> Array:
    """Minus the log share of pairs without earlier trade that trade now; 0 for pairs with earlier trade."""
    new = before <= 0
    possible = len(np.unique(hub)) * len(np.unique(product)) - int((~new).sum())
    share = (int((new & (after > 0)).sum()) + 1.0) / (possible + 2.0)
    return np.where(new, -np.log(min(share, 1.0)), 0.0)


def _lookup(keys: Array, values: Array, wanted: Array, default: float = 0.0) -> Array:
    """``values`` by ``keys`` (one value per key) for each of ``wanted``."""
    size = int(max(keys.max(initial=-1), wanted.max(initial=-1))) + 1
    table = np.full(size, default)
    table[keys] = values
    return table[wanted]


def growth(before: Array, after: Array, offset: float) -> Array:
    return np.log((after + offset) / (before + offset))


def offset_of(legs: Legs, late: bool = False) -> float:
    """The USD added to both sides of every log ratio: the parameter is per year of the window."""
    return legs.span.offset * len(legs.span.late if late else legs.span.post)


def inward(legs: Legs, own_growth: dict[str, float] | None = None, late: bool = False) -> Leg:
    """Leg one: what the hub bought from the origins, against what it would have bought.

    ``own_growth`` gives the log growth of goods outside the question (total less basket) per hub, for
    files that hold neither control destinations nor other suppliers.
    """
    d = legs.inward
    c = offset_of(legs, late)
    when = "late_" if late else ""
    world = np.array([h == WORLD for h in legs.hubs], dtype=bool)
    real = ~world[d["hub"]] if len(legs.hubs) else np.zeros(0, bool)
    hub, product = d["hub"][real], d["product"][real]
    before, after = d[f"{when}before"][real], d[f"{when}after"][real]
    destinations = len(np.unique(hub))
    active = before + after > 0
    rest_before, rest_after = d[f"rest_{when}before"][real][active], d[f"rest_{when}after"][real][active]
    hub, product, before, after = hub[active], product[active], before[active], after[active]
    swing = d["swing"][real][active]
    y = growth(before, after, c)
    supplied = rest_before + rest_after > 0

    alpha = np.zeros(len(y))
    basis = []
    if destinations >= parameter("least_controls"):
        rest = growth(rest_before, rest_after, c)[supplied]
        if len(rest) >= 200:  # the hub's own growth, from what it buys elsewhere: diversion is not in it
            at_product = grouped_median(product[supplied], rest, float(np.median(rest)), 5)
            own = grouped_median(hub[supplied], rest - at_product, 0.0, 20)
            alpha = _lookup(hub[supplied], own, hub)
            basis.append("the hub's purchases from other suppliers")
        common = float(np.median(y - alpha))
        gamma = grouped_median(product, y - alpha, common, parameter("product_prior"))
        basis.insert(0, f"the same product at {destinations} destinations")
    else:
        gamma, told = _world_growth(legs, product, c, when)
        if told:
            basis.append("the origins' exports of the product to the rest of the world")
        if own_growth:
            alpha = np.array([own_growth.get(legs.hubs[h], 0.0) for h in hub]) - gamma * told
            basis.append("the origins' exports of other goods to the same hub")
        if not basis:
            basis.append("the pre-break level (no control destination or product is in the file)")
    location = gamma + alpha
    if destinations >= parameter("least_controls"):
        centre, scale = spread(y - location, before, c, product, swing)
        location = location + centre
    else:
        scale = prior_mad(before, c) / LOGISTIC_MAD
    surprise = new_flow(hub, product, before, after)
    z = (y - location) / scale
    leg = Leg(hub, product, before, after, location, scale, z, surprise, c, "; ".join(basis))
    return _restored(leg, active, d["hub"][real], d["product"][real])


def earlier(legs: Legs) -> Array:
    """z of leg one about a break within the baseline, where nothing was diverted yet, of pairs that trade after it.

    For files with too few destinations to show their noise: the same goods and hubs show it at another time. The
    hub's own growth is the median of its goods. Empty where the baseline is too short.
    """
    d, span = legs.inward, legs.span
    real = np.array([h != WORLD for h in legs.hubs], dtype=bool)[d["hub"]]
    rows = np.flatnonzero(real & (d["then_before"] + d["then_after"] > 0))
    if not span.then or not len(rows):
        return np.zeros(0)
    c = span.offset * len(span.then)
    before, after = d["then_before"][rows], d["then_after"][rows]
    y = growth(before, after, c)
    z = (y - grouped_median(d["hub"][rows], y)) / (prior_mad(before, c) / LOGISTIC_MAD)
    return z[after > 0]


def _restored(leg: Leg, active: Array, hub: Array, product: Array) -> Leg:
    """The leg over all its pairs again: one without trade on either side of the break says nothing."""
    if active.all():
        return leg
    if not active.any():
        none = np.zeros(len(active))
        return replace(
            leg, hub=hub, product=product, before=none, after=none, location=none, scale=none + 1.0, z=none,
            surprise=none,
        )  # fmt: skip
    rows = np.maximum(np.cumsum(active) - 1, 0)
    full = leg.take(rows)
    for column in (full.before, full.after, full.location, full.z, full.surprise):
        column[~active] = 0.0
    return replace(full, hub=hub, product=product)


def _world_growth(legs: Legs, product: Array, c: float, when: str = "") -> tuple[Array, bool]:
    """Growth of each product from the origins to the world less the destinations in the file."""
    d = legs.inward
    if WORLD not in legs.hubs:
        return np.zeros(len(product)), False
    is_world = d["hub"] == legs.hubs.index(WORLD)
    size = len(legs.products)
    before, after = (
        np.bincount(d["product"][is_world], weights=d[x][is_world], minlength=size)
        - np.bincount(d["product"][~is_world], weights=d[x][~is_world], minlength=size)
        - np.bincount(legs.direct["product"], weights=legs.direct[x], minlength=size)
        for x in (f"{when}before", f"{when}after")
    )
    held = (before > 20 * c) & (after > 0)
    rate = np.where(held, growth(np.maximum(before, 0), np.maximum(after, 0), c), 0.0)
    return rate[product], bool(held.any())


def outward(legs: Legs, fell: Array, late: bool = False) -> Leg:
    """Leg two: what the hub sold to the target (and, as placebo, to the decoys).

    Where the direct trade of a product ``fell``, others step in with goods of their own: such sales scatter
    more, and are judged by their own scatter.
    """
    d = legs.outward
    c = offset_of(legs, late)
    when = "late_" if late else ""
    hub, product, target = d["hub"], d["product"], d["target"].astype(np.int64)
    before, after = d[f"{when}before"], d[f"{when}after"]
    active = before + after > 0
    hub, product, target = hub[active], product[active], target[active]
    before, after = before[active], after[active]
    swing = d["swing"][active]
    y = growth(before, after, c)
    many = len(np.unique(hub)) >= parameter("least_controls")
    if many:
        lane = product * (len(legs.decoys) + 1) + target
        common = grouped_median(target, y)
        gamma = grouped_median(lane, y, common, parameter("product_prior"))
        alpha = np.zeros(len(y))
        placebo = target > 0
        if placebo.any():  # the hub's own growth, from what it sells to the decoys
            own = grouped_median(hub[placebo], (y - gamma)[placebo], 0.0, 20)
            alpha = _lookup(hub[placebo], own, hub)
            gamma = grouped_median(lane, y - alpha, common, parameter("product_prior"))
        location = gamma + alpha
        centre, scale = spread(y - location, before, c, product, swing, 2 * target + fell[product])
        location = location + centre
        basis = "the same product from all suppliers; the hub's sales to similar markets"
    else:
        location = np.zeros(len(y))
        scale = prior_mad(before, c) / LOGISTIC_MAD
        basis = "the pre-break level (too few suppliers in the file for a control)"
    surprise = np.zeros(len(y))
    for t in np.unique(target):
        at = target == t
        surprise[at] = new_flow(hub[at], product[at], before[at], after[at])
    z = (y - location) / scale
    leg = Leg(hub, product, before, after, location, scale, z, surprise, c, basis)
    return _restored(leg, active, d["hub"], d["product"])


def direct_growth(legs: Legs) -> tuple[Array, Array, Array]:
    """(log growth of origin -> target, before, after) per product; NaN where the file holds none."""
    size = len(legs.products)
    c = offset_of(legs)
    before = np.bincount(legs.direct["product"], weights=legs.direct["before"], minlength=size)
    after = np.bincount(legs.direct["product"], weights=legs.direct["after"], minlength=size)
    held = (before + after) > 0
    return np.where(held, growth(before, after, c), np.nan), before, after


def product_growth(legs: Legs) -> Array:
    """Typical log growth of each product at the control destinations: the direct leg's counterfactual."""
    d, c, size = legs.inward, offset_of(legs), len(legs.products)
    real = np.array([h != WORLD for h in legs.hubs], dtype=bool)[d["hub"]] & (d["before"] + d["after"] > 0)
    if not real.any():
        return np.zeros(size)
    if len(np.unique(d["hub"][real])) < parameter("least_controls"):
        return _world_growth(legs, np.arange(size), c)[0]
    y = growth(d["before"][real], d["after"][real], c)
    table = np.zeros(size)
    table[d["product"][real]] = grouped_median(
        d["product"][real], y, float(np.median(y)), parameter("product_prior")
    )
    return table
