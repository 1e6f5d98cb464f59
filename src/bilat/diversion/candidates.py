# SPDX-License-Identifier: Apache-2.0
"""The pairs of hub and product that can be a route, with what does not change about them from
round to round."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bilat.diversion.controls import growth, offset_of
from bilat.diversion.legs import WORLD, Array, Legs
from bilat.diversion.parameters import parameter
from bilat.places.coalitions import is_country

#: USD added to both sides of the ratio that tells a producer.
PRODUCER_OFFSET = 20_000.0
#: Goods that tell two kinds of falls apart, and the fall in logs beyond which more is no further
#: evidence.
FEW_GOODS = 20
MOST_FALL = 3.0
#: The least standard deviation of either kind: a third of a year's noise in the sum of a good's
#: trade.
LEAST_SPREAD = 0.1
EM_STEPS = 60
#: Steps to the cut between goods that were lost and goods that were not.
CUT_STEPS = 20


def lookup(keys: Array, wanted: Array) -> tuple[Array, Array]:
    """(row of each wanted key, whether it is there); ``keys`` are distinct."""
    if not len(keys):
        return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=bool)
    order = np.argsort(keys, kind="stable")
    at = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)
    rows = order[at]
    return rows, keys[rows] == wanted


@dataclass(frozen=True)
class CandidatePairs:
    """Arrays over pairs, and the rows of the legs they stand in.

    ``one``: rows of ``legs.inward`` that traded (countries only); ``two``: rows of ``legs.outward``
    that traded; ``at_one``, ``at_two``: for each pair its place in them (``at_two`` -1 where the
    hub's sales are not held). ``producer``, ``exclusive``: see parameters.toml, 0 where not known.
    """

    one: Array
    two: Array
    hub: Array
    product: Array
    at_one: Array
    at_two: Array
    producer: Array
    exclusive: Array
    #: the hub's books are held and show no sale to the target: no route, and it teaches how often
    #: a hub begins to sell by itself, and how often a surge goes on
    cleared: Array
    before: Array  #: USD the origins sold the targets directly, by product
    after: Array

    @property
    def held(self) -> Array:
        """Whether leg two is held, per pair."""
        return self.at_two >= 0


def candidates(legs: Legs) -> CandidatePairs:
    """Every hub that bought from the origins since the break and, where its sales are held, sold
    to the target."""
    size = len(legs.products)
    bought = legs.inward
    sold = legs.outward
    country = np.array([hub != WORLD for hub in legs.hubs], dtype=bool)
    one = np.flatnonzero(country[bought["hub"]] & (bought["before"] + bought["after"] > 0))
    two = np.flatnonzero(sold["before"] + sold["after"] > 0)
    barred = {*legs.question.origins, *legs.question.targets, *legs.barred}
    allowed = np.array([hub not in barred and is_country(hub) for hub in legs.hubs], dtype=bool)
    usable = (bought["after"] > 0) & allowed[bought["hub"]] & ~new_codes(legs)[bought["product"]]
    at_one = np.flatnonzero(usable[one])
    hub = bought["hub"][one[at_one]]
    product = bought["product"][one[at_one]]
    # Where a hub's books are held and show no sale to the target, the pair is cleared.
    books = np.array([name in legs.books for name in legs.hubs], dtype=bool)[hub]
    rows, there = lookup((sold["hub"] * size + sold["product"])[two], hub * size + product)
    sells = there & books
    if len(two):
        sells &= sold["after"][two[rows]] > 0
    at_two = np.where(sells, rows, -1)
    row_two = np.full(len(hub), -1)
    row_two[sells] = two[rows[sells]]
    producer, exclusive = _covariates(legs, hub, product, one[at_one], row_two)
    direct = legs.direct
    return CandidatePairs(
        one=one,
        two=two,
        hub=hub,
        product=product,
        at_one=at_one,
        at_two=at_two,
        producer=producer,
        exclusive=exclusive,
        cleared=books & ~sells,
        before=np.bincount(direct["product"], weights=direct["before"], minlength=size),
        after=np.bincount(direct["product"], weights=direct["after"], minlength=size),
    )


def new_codes(legs: Legs) -> Array:
    """By product: nobody bought it from the origins before the break, and three states and more
    do since; of a file of one hub, the hub and the target do. A code that began then (the
    Harmonized System changed in 2022) has no usual that a purchase could be beyond."""
    size = len(legs.products)
    before = np.zeros(size)
    buyers = np.zeros(size)
    states = 0
    for leg in (legs.inward, legs.direct):
        before += np.bincount(leg["product"], leg["before"], size)
        buyers += np.bincount(leg["product"], leg["after"] > 0, size)
        states += len(np.unique(leg["hub"][leg["after"] > 0]))
    return (before <= 0) & (buyers >= max(2, min(3, states)))


def _covariates(
    legs: Legs, hub: Array, product: Array, row_one: Array, row_two: Array
) -> tuple[Array, Array]:
    """Does the hub make the good; does it sell it to nobody else. Neither is known where its
    sales are not held."""
    size = len(legs.products)
    elsewhere = legs.sold
    held = row_two >= 0
    unknown = np.zeros(len(hub))
    if not len(elsewhere["hub"]) or not held.any():
        return unknown, unknown
    keys = elsewhere["hub"] * size + elsewhere["product"]
    rows, there = lookup(keys, hub * size + product)
    elsewhere_before = np.where(there, elsewhere["before"][rows], 0.0)
    elsewhere_after = np.where(there, elsewhere["after"][rows], 0.0)
    to_target = np.where(held, legs.outward["after"][row_two], 0.0)
    bought = legs.inward["before"][row_one] + legs.inward["rest_before"][row_one]
    offset = PRODUCER_OFFSET * len(legs.span.post)
    producer = np.clip(np.log((elsewhere_before + offset) / (bought + offset)), -4.0, 4.0)
    exclusive = to_target / np.maximum(elsewhere_after + to_target, 1.0)
    return np.where(held, producer, 0.0), np.where(held, exclusive - 0.5, 0.0)


def direct_fall(
    legs: Legs, pairs: CandidatePairs, gamma: Array, *, late: bool = True
) -> tuple[Array, Array]:
    """(fall of direct trade against its goods' growth, in logs, by product; whether it fell): over
    the whole window, or with ``late`` in its last part, where a ban that came late shows.

    The cut between fallen and calm goods is where two means part, within bounds. Where direct trade
    is not held the fall is not known: 0, and every product may have fallen.
    """
    if not legs.direct_held:
        return np.zeros(len(legs.products)), np.ones(len(legs.products), dtype=bool)
    c = offset_of(legs)
    d = legs.direct
    grown = growth(pairs.before, pairs.after, c)
    if late:
        before, after = (
            np.bincount(d["product"], d[f"late_{x}"], len(grown)) for x in ("before", "after")
        )
        grown = np.minimum(grown, growth(before, after, offset_of(legs, late=True)))
    fall = gamma - grown
    return fall, fall > _cut(fall[pairs.before > 5 * c])


def _cut(falls: Array) -> float:
    """Return where falls part in two about their means, within bounds."""
    low = parameter("fall_low")
    high = parameter("fall_high")
    if not len(falls):
        return low
    bounded = np.clip(falls, -MOST_FALL, MOST_FALL)
    cut = float(np.clip(np.median(falls), low, high))
    for _ in range(CUT_STEPS):
        above = bounded[falls > cut]
        below = bounded[falls <= cut]
        if not len(above) or not len(below):
            break
        cut = float(np.clip((float(above.mean()) + float(below.mean())) / 2, low, high))
    return cut


def lost_probability(fall: Array, fallen: Array, traded: Array) -> Array:
    """By product the probability that its direct trade was lost, from its ``fall``.

    Goods that were lost and goods that were not are two normal distributions of the fall, fitted by
    expectation and maximisation over the ``traded`` goods. With fewer than :data:`FEW_GOODS` of
    them, or where all of them fell or none did, there is nothing to tell two apart by: ``fallen``
    decides. A fall of ``fall_high`` and more is a loss however widely the falls are spread: one of
    two normal distributions may stand for the deepest falls alone.
    """
    sample = np.clip(fall[traded], -MOST_FALL, MOST_FALL)
    high = fallen[traded].astype(float)
    if len(sample) < FEW_GOODS or not 0 < high.sum() < len(high):
        return fallen.astype(float)
    kept = calm = (0.0, 1.0, 0.5)
    for _ in range(EM_STEPS):
        calm = _normal(sample, 1.0 - high)
        kept = _normal(sample, high)
        high = _posterior(sample, calm, kept)
    found = _posterior(np.clip(fall, -MOST_FALL, MOST_FALL), calm, kept)
    found = np.where(fall <= calm[0], 0.0, np.where(fall >= kept[0], 1.0, found))
    order = np.argsort(fall, kind="stable")
    rising = np.empty(len(fall))
    rising[order] = np.maximum.accumulate(found[order])  # a deeper fall is never less of a loss
    return np.where(fall >= parameter("fall_high"), 1.0, rising)


def _normal(values: Array, weight: Array) -> tuple[float, float, float]:
    """(mean, standard deviation, share) of weighted values."""
    total = max(float(weight.sum()), 1e-9)
    mean = float((weight * values).sum()) / total
    spread = float(np.sqrt((weight * (values - mean) ** 2).sum() / total))
    return mean, max(spread, LEAST_SPREAD), total / len(values)


def _posterior(
    values: Array, calm: tuple[float, float, float], lost: tuple[float, float, float]
) -> Array:
    """The probability of the second of two normal distributions."""
    heights = [
        np.log(max(share, 1e-9) / spread) - 0.5 * ((values - mean) / spread) ** 2
        for mean, spread, share in (calm, lost)
    ]
    return np.asarray(1.0 / (1.0 + np.exp(np.clip(heights[0] - heights[1], -50.0, 50.0))))
