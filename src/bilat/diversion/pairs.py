# SPDX-License-Identifier: Apache-2.0
"""All pairs of hub and product of one question, estimated and ordered, before anything is
explained or shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from bilat.diversion.amount import LegFlows
from bilat.diversion.answer import SENT_ON
from bilat.diversion.candidates import direct_fall
from bilat.diversion.controls import offset_of
from bilat.diversion.estimate import Estimate
from bilat.diversion.judge import REASONS, Judged, judge
from bilat.diversion.legs import Array, Legs
from bilat.diversion.parameters import parameter
from bilat.diversion.window import scaled

#: Rows above this probability are ordered by amount.
SURE = 0.94
#: Probability from which on a pair has a row though the hub's books show no sale: the goods may not
#: have come by its books at all.
WORTH_A_ROW = 0.05


@dataclass(frozen=True)
class Screened:
    """Aligned arrays over the pairs, best first.

    ``two``: whether leg two is held; ``first`` and ``second``: the legs (of ``second`` only rows
    that are held may be read); ``judged``: probabilities and amounts; ``q``: the running mean of 1
    - probability; ``row_in``: places in leg one. By product: ``direct`` (before, after) of origin
    -> target, ``gamma`` its counterfactual's log growth, ``fallen``.
    """

    legs: Legs
    hub: Array
    product: Array
    two: Array
    first: LegFlows
    second: LegFlows | None
    judged: Judged
    q: Array
    row_in: Array
    direct: tuple[Array, Array]
    gamma: Array
    fallen: Array
    maker: Array  #: by hub: how likely it sold its own goods in place of what the targets lost
    own_growth: bool  #: what the origins sold the hubs of other goods is held

    def pair(self, n: int) -> tuple[str, str]:
        """(hub, product) of a row."""
        return self.legs.hubs[int(self.hub[n])], self.legs.products[int(self.product[n])]

    def take(self, rows: Array) -> Screened:
        """Return some of the pairs, in the order of ``rows``."""
        return replace(
            self,
            hub=self.hub[rows],
            product=self.product[rows],
            two=self.two[rows],
            first=self.first.take(rows),
            second=self.second and self.second.take(rows),
            judged=self.judged.take(rows),
            q=self.q[rows],
            row_in=self.row_in[rows],
        )

    def worth(self, rows: Array, surging: Collection[str] = ()) -> Array:
        """Probability times the mean amount of some rows, USD. Of one leg a pair of a hub that
        is ``surging`` has its part of the surge, whether or not its own rise stands out: the
        share sent on of what it bought beyond the usual."""
        leg = self.first.take(rows)
        judged = self.judged
        theirs = np.array([h in surging for h in self.legs.hubs], dtype=bool)[self.hub[rows]]
        part = parameter("share_sent_on") * np.maximum(leg.after - leg.expected, 0.0)
        inherits = theirs & (judged.rests_on[rows] == REASONS.index(SENT_ON))
        return np.where(inherits, part, np.nan_to_num(judged.p[rows] * judged.mean[rows]))


def running_q(p: Array) -> Array:
    """The smallest mean of 1 - p over the first rows of a list that reaches to each row: its
    q-value."""
    if not len(p):
        return p
    mean = np.cumsum(1 - p) / np.arange(1, len(p) + 1)
    return np.minimum.accumulate(mean[::-1])[::-1]


def _order(judged: Judged, hub: Array, product: Array) -> Array:
    """By probability (its four figures of a row), then by amount; surest rows by amount.
    Rounded, then by name: sums differ in their last digits."""
    size = 10.0 ** (np.floor(np.log10(np.maximum(judged.p, 1e-12))) - 3)
    shown = np.where(judged.p > SURE, SURE, np.round(judged.p / size) * size)
    worth = np.round(np.log(np.maximum(np.nan_to_num(judged.quantiles[:, 1]), 1.0)), 6)
    return np.lexsort((product, hub, -worth, -shown))


def screen(
    legs: Legs,
    products: frozenset[str] | None = None,
    others: Mapping[str, Mapping[str, float]] | None = None,
) -> Screened:
    """Estimate every pair of ``legs``, and keep those of ``products`` and of the hubs asked for;
    ``others``: hub -> period -> what the origins sold it of goods that the legs do not have.

    Controls, noise and prior odds are read from all goods and hubs of the file, whatever was asked.
    """
    e = Estimate(legs, _growth(legs, others) if others else None)
    judged = judge(e)
    pairs = e.pairs
    whole = e.fitted.windows[0]
    asked = np.array([products is None or p in products for p in legs.products], dtype=bool)
    hubs = legs.question.hubs
    wanted = np.array([hubs is None or h in hubs for h in legs.hubs], dtype=bool)
    open_ = ~pairs.cleared | (judged.p >= WORTH_A_ROW)
    keep = np.flatnonzero(asked[pairs.product] & wanted[pairs.hub] & open_)
    rows = keep[_order(judged.take(keep), pairs.hub[keep], pairs.product[keep])]
    judged = judged.take(rows)
    return Screened(
        legs=legs,
        hub=pairs.hub[rows],
        product=pairs.product[rows],
        two=pairs.held[rows],
        first=whole.first.take(rows),
        second=whole.second and whole.second.take(rows),
        judged=judged,
        q=running_q(judged.p),
        row_in=pairs.one[pairs.at_one[rows]],
        direct=(pairs.before, pairs.after),
        gamma=e.fitted.gamma,
        fallen=direct_fall(legs, pairs, e.fitted.gamma, late=False)[1],
        maker=e.fitted.maker,
        own_growth=bool(others),
    )


def _growth(legs: Legs, others: Mapping[str, Mapping[str, float]]) -> Array:
    """By hub the log growth of what the origins sold it of other goods, over the same months; 0
    where not held."""
    span = legs.span
    c = offset_of(legs)
    found = np.zeros(len(legs.hubs))
    for n, hub in enumerate(legs.hubs):
        other = others.get(hub, {})
        rows = scaled(span, span.pre, span.post, {*span.pre, *span.post} - other.keys())
        before, after = (sum(other[p] * w[side] for p, *w in rows) for side in (0, 1))
        if before > 0 and after > 0:
            found[n] = np.log((after + c) / (before + c))
    return found
