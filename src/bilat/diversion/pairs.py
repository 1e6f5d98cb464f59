# SPDX-License-Identifier: Apache-2.0
"""All pairs of hub and product of one question, estimated and ordered, before anything is explained or shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from bilat.diversion.amount import LegFlows
from bilat.diversion.candidates import direct_fall
from bilat.diversion.controls import offset_of
from bilat.diversion.estimate import Estimate
from bilat.diversion.judge import REASONS, SENT_ON, judge
from bilat.diversion.legs import Array, Legs
from bilat.diversion.parameters import parameter
from bilat.diversion.window import scaled

#: Rows above this probability are ordered by amount.
SURE = 0.94


@dataclass(frozen=True)
class Screened:
    """Aligned arrays over the pairs, best first.

    ``two``: whether leg two is held; ``first`` and ``second``: the legs (of ``second`` only rows that are held may be
    read); ``probability`` of a route with ``p_low`` and ``p_high``; ``q``: the running mean of 1 - probability;
    ``low, diverted, high``: 10, 50 and 90% of the amount, given that there is one (USD); ``mean`` of it. By product:
    ``direct`` (before, after) of origin -> target, ``gamma`` its counterfactual's log growth, ``fallen``.
    """

    legs: Legs
    hub: Array
    product: Array
    two: Array
    first: LegFlows
    second: LegFlows | None
    probability: Array
    p_low: Array
    p_high: Array
    q: Array
    low: Array
    diverted: Array
    high: Array
    mean: Array
    surge: Array
    rests_on: Array
    row_in: Array
    direct: tuple[Array, Array]
    gamma: Array
    fallen: Array
    teachers: int
    own_growth: bool  #: what the origins sold the hubs of other goods is held

    def pair(self, n: int) -> tuple[str, str]:
        """(hub, product) of a row."""
        return self.legs.hubs[int(self.hub[n])], self.legs.products[int(self.product[n])]

    def worth(self, rows: Array, surging: Collection[str] = ()) -> Array:
        """Probability times the mean amount of some rows, USD. Of one leg a pair of a hub that is ``surging`` has its
        part of the surge, whether or not its own rise stands out: the share sent on of what it bought beyond the
        usual."""
        leg = self.first.take(rows)
        theirs = np.array([h in surging for h in self.legs.hubs], dtype=bool)[self.hub[rows]]
        part = parameter("share_sent_on") * np.maximum(leg.after - leg.expected, 0.0)
        inherits = theirs & (self.rests_on[rows] == REASONS.index(SENT_ON))
        return np.where(inherits, part, np.nan_to_num(self.probability[rows] * self.mean[rows]))


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
    others: Mapping[str, Mapping[str, float]] | None = None,
) -> Screened:
    """Estimate every pair of ``legs``, and keep those of ``products`` and of the hubs asked for; ``others``: hub ->
    period -> what the origins sold it of goods that the legs do not have.

    Controls, noise and prior odds are read from all goods and hubs of the file, whatever was asked.
    """
    e = Estimate(legs, _growth(legs, others) if others else None)
    judged, pairs, f = judge(e), e.pairs, e.fitted
    asked = np.array([products is None or p in products for p in legs.products], dtype=bool)
    hubs = legs.question.hubs
    wanted = np.array([hubs is None or h in hubs for h in legs.hubs], dtype=bool)
    keep = np.flatnonzero(asked[pairs.product] & wanted[pairs.hub] & ~pairs.cleared)
    amount, mean = judged.amounts.quantiles, judged.amounts.mean
    rows = keep[_order(judged.p[keep], amount[keep, 1], pairs.hub[keep], pairs.product[keep])]
    whole, p = f.windows[0], judged.p[rows]
    return Screened(
        legs, pairs.hub[rows], pairs.product[rows], pairs.held[rows], whole.first.take(rows),
        whole.second and whole.second.take(rows), p, judged.low[rows], judged.high[rows],
        running_q(p), amount[rows, 0], amount[rows, 1], amount[rows, 2], mean[rows], judged.surge[rows],
        judged.rests_on[rows], pairs.one[pairs.at_one[rows]], (pairs.before, pairs.after), f.gamma,
        direct_fall(legs, pairs, f.gamma, late=False)[1], judged.teachers,
        bool(others),
    )  # fmt: skip


def _growth(legs: Legs, others: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Hub -> log growth of what the origins sold it of other goods, over the same months."""
    found, span, c = {}, legs.span, offset_of(legs)
    for hub, other in others.items():
        rows = scaled(span, span.pre, span.post, {*span.pre, *span.post} - other.keys())
        before, after = (sum(other[p] * w[side] for p, *w in rows) for side in (0, 1))
        if before > 0 and after > 0:
            found[hub] = float(np.log((after + c) / (before + c)))
    return found
