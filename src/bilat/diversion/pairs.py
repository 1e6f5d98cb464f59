# SPDX-License-Identifier: Apache-2.0
"""All pairs of hub and product of one question, estimated and ordered, before anything is explained or shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bilat.diversion.amount import Side
from bilat.diversion.estimate import Estimate, logit
from bilat.diversion.judge import REASONS, judge
from bilat.diversion.legs import Array, Legs

#: Rows above this probability are ordered by amount.
SURE = 0.94


@dataclass(frozen=True)
class Leg:
    """One leg of the ordered pairs: USD ``before``, ``after`` and ``expected``, ``location`` (log growth expected),
    the ``offset`` in USD and what the counterfactual rests on. NaN where the leg is not held."""

    before: Array
    after: Array
    expected: Array
    location: Array
    offset: float
    basis: str


@dataclass(frozen=True)
class Screened:
    """Aligned arrays over the pairs, best first.

    ``two``: whether leg two is held; ``probability`` of a route; ``q``: the running mean of 1 - probability;
    ``low, diverted, high``: 10, 50 and 90% of the amount, given that there is one (USD); ``mean`` and
    ``mean_square`` of it. ``direct``: (log growth, before, after) of origin -> target by product; ``gamma`` its
    counterfactual's log growth; ``fallen``: by product; ``loss``: what the counterfactual has above the actual.
    """

    legs: Legs
    hub: Array
    product: Array
    two: Array
    first: Leg
    second: Leg
    probability: Array
    q: Array
    low: Array
    diverted: Array
    high: Array
    mean: Array
    mean_square: Array
    score: Array
    row_in: Array
    direct: tuple[Array, Array]
    gamma: Array
    fall: Array
    fallen: Array
    loss: Array
    calibrated: Array
    told: str
    p_low: Array
    p_high: Array
    surge: Array
    rests_on: Array

    def reason(self, n: int) -> str:
        """What the probability of a row rests on beside its own records."""
        return REASONS[int(self.rests_on[n])]

    @cached_property
    def elsewhere(self) -> dict[tuple[int, int], tuple[float, float]]:
        """(hub, product) -> what the hub sold to the decoys before and after, for the first rows."""
        out, size = self.legs.outward, len(self.legs.products)
        key = out["hub"] * size + out["product"]
        rows = np.flatnonzero((out["target"] > 0) & np.isin(key, (self.hub * size + self.product)[:1000]))
        found: dict[tuple[int, int], tuple[float, float]] = {}
        for r in rows.tolist():
            pair = int(out["hub"][r]), int(out["product"][r])
            before, after = found.get(pair, (0.0, 0.0))
            found[pair] = before + float(out["before"][r]), after + float(out["after"][r])
        return found

    def worth(self, rows: Array) -> Array:
        """Probability times the mean amount of some rows, USD."""
        return np.asarray(self.probability[rows] * self.mean[rows])


def running_q(p: Array) -> Array:
    """The smallest mean of 1 - p over the first rows of a list that reaches to each row: its q-value."""
    if not len(p):
        return p
    mean = np.cumsum(1 - p) / np.arange(1, len(p) + 1)
    return np.minimum.accumulate(mean[::-1])[::-1]


def _order(p: Array, amount: Array, hub: Array, product: Array) -> Array:
    """By probability (its four figures of a row), then by amount; surest rows by amount. Rounded, then by name: two
    engines add in another order."""
    size = 10.0 ** (np.floor(np.log10(np.maximum(p, 1e-12))) - 3)
    shown = np.where(p > SURE, SURE, np.round(p / size) * size)
    worth = np.round(np.log(np.maximum(np.nan_to_num(amount), 1.0)), 6)
    return np.lexsort((product, hub, -worth, -shown))


def screen(
    legs: Legs,
    products: frozenset[str] | None = None,
    own_growth: dict[tuple[str, str], float] | None = None,
) -> Screened:
    """Estimate every pair of ``legs``, and keep those of ``products`` and of the hubs asked for.

    Controls, noise and prior odds are read from all goods and hubs of the file, whatever was asked.
    """
    e = Estimate(legs, own_growth)
    judged = judge(e)
    amounts = judged.amounts
    pairs, f = e.pairs, e.fitted
    asked = np.array([products is None or p in products for p in legs.products], dtype=bool)
    hubs = legs.question.hubs
    wanted = np.array([hubs is None or h in hubs for h in legs.hubs], dtype=bool)
    keep = (
        np.flatnonzero(asked[pairs.product] & wanted[pairs.hub] & ~pairs.cleared)
        if len(pairs.hub)
        else np.zeros(0, np.int64)
    )
    amount = amounts.quantiles
    rows = keep[_order(judged.p[keep], amount[keep, 1], pairs.hub[keep], pairs.product[keep])]
    p = judged.p[rows]
    whole = f.windows[0]
    held = pairs.held[rows]
    second = (
        _leg(whole.second.take(rows), whole.basis[1], held) if whole.second is not None
        else _unheld(len(rows), whole.first.offset)
    )  # fmt: skip
    expected = pairs.before * np.exp(f.gamma)
    return Screened(
        legs, pairs.hub[rows], pairs.product[rows], held, _leg(whole.first.take(rows), whole.basis[0], None), second,
        p, running_q(p), amount[rows, 0], amount[rows, 1], amount[rows, 2], amounts.mean[rows],
        amounts.mean_square[rows], logit(p), pairs.one[pairs.at_one[rows]], (pairs.before, pairs.after), f.gamma,
        f.fall, f.fallen, np.maximum(expected - pairs.after, 0.0), judged.calibrated[rows],
        judged.told, judged.low[rows], judged.high[rows], judged.surge[rows], judged.rests_on[rows],
    )  # fmt: skip


def _unheld(size: int, offset: float) -> Leg:
    nothing = np.full(size, np.nan)
    return Leg(nothing, nothing, nothing, nothing, offset, "")


def _leg(side: Side, basis: str, held: Array | None) -> Leg:
    def known(values: Array) -> Array:
        return values if held is None else np.where(held, values, np.nan)

    return Leg(
        known(side.before),
        known(side.after),
        known(side.expected),
        known(side.law.location),
        side.offset,
        basis,
    )
