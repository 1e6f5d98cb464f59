# SPDX-License-Identifier: Apache-2.0
"""The probability of every pair, and the range of it where an assumption, not the file, decides.

Four cases: the file's own pairs of two legs; silent hubs of a file in which others show both legs
(carried over); a file of one leg alone, P(surge) times the share of surges that are sent on; and a
file of few pairs, which cannot say how many routes there are. In each, goods that were declared for
a hub and are not in its own books may have gone on without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from scipy.special import expit, logit

from bilat.diversion.answer import SENT_ON, UNBOOKED
from bilat.diversion.carry import carry
from bilat.diversion.estimate import Estimate
from bilat.diversion.legs import Array
from bilat.diversion.parameters import parameter, parameters
from bilat.diversion.surge import surges
from bilat.diversion.unbooked import Unbooked, unbooked

#: Pairs below which a file cannot say how large its share of routes is.
FEW = 50
#: What a probability rests on beside the pair's own records.
OWN = "the file's own pairs"
CARRIED = "hubs whose records we have"
SHARE = "the share of routes"
REASONS = (OWN, CARRIED, SENT_ON, SHARE, UNBOOKED)
STEPS = 41


#: (low, middle, high) of the probability of some pairs.
Range: TypeAlias = tuple[Array, Array, Array]


@dataclass(frozen=True)
class Judged:
    """Per pair: ``p`` with ``low`` and ``high`` over what it rests on (index into
    :data:`REASONS`), P(``surge``) of leg one (NaN unknown), and ``quantiles`` (10, 50, 90%) and
    ``mean`` of the amount given a route (USD)."""

    p: Array
    low: Array
    high: Array
    rests_on: Array
    surge: Array
    quantiles: Array
    mean: Array

    def take(self, rows: Array) -> Judged:
        return Judged(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def own_probability(e: Estimate) -> Array:
    """P(route) of every pair as its own file gives it."""
    return _capped(logit(np.clip(e.fitted.p, 1e-12, 1 - 1e-12)))


def _capped(odds: Array) -> Array:
    """Return the probabilities of log odds, none above what any evidence may say."""
    return np.asarray(np.minimum(expit(odds), parameter("cap")))


def judge(e: Estimate) -> Judged:
    """The final probability of every pair of ``e``."""
    pairs = e.pairs
    own = own_probability(e)
    # Who can still buy directly has no need of a way round: both legs may rise together by a trade
    # of the hub's own.
    lost = e.lost()[pairs.product]
    need = lost + (1.0 - lost) * parameter("calm_most")
    own = np.where(pairs.held, own * need, own)
    surge = surges(e)
    amounts = e.amounts()
    rows = ~pairs.held & ~pairs.cleared
    reason = OWN
    given: Range = (own[rows], own[rows], own[rows])
    if carried := carry(e, own, amounts):
        reason = CARRIED
        low, middle, high = (np.minimum(p, parameter("cap")) for p in carried.p)
        given = (low, middle, high)
        carried.scale(amounts, rows)
    elif not pairs.held.any():
        reason = SENT_ON
        given = _sent_on(own[rows], surge[rows])
    elif len(own) - int(pairs.cleared.sum()) < FEW:
        reason = SHARE
        rows = pairs.held
        given = _few(e.odds()[rows], e.purchases(np.flatnonzero(rows)))
    ends = []
    for part in given:
        whole = np.where(pairs.cleared, 0.0, own)
        whole[rows] = part
        ends.append(whole)
    low, middle, high = ends
    judged = Judged(
        p=middle,
        low=low,
        high=high,
        rests_on=np.where(rows, REASONS.index(reason), REASONS.index(OWN)),
        surge=surge,
        quantiles=amounts.quantiles,
        mean=amounts.mean,
    )
    missing = unbooked(e)
    return judged if missing is None else _with_unbooked(judged, missing, need)


def _with_unbooked(judged: Judged, missing: Unbooked, need: Array) -> Judged:
    """Return the pairs as a route of either kind: through the hub's books, or past them.

    The amount is that of the likelier kind, and its mean that of both.
    """
    past = _capped(logit(np.clip(missing.p, 1e-12, 1 - 1e-12))) * need
    past[missing.p <= 0] = 0.0

    def either(p: Array) -> Array:
        return np.asarray(np.minimum(1.0 - (1.0 - p) * (1.0 - past), parameter("cap")))

    mostly = past > judged.p
    total = np.maximum(judged.p + past, 1e-12)
    means = judged.p * np.nan_to_num(judged.mean) + past * np.nan_to_num(missing.amounts.mean)
    return Judged(
        p=either(judged.p),
        low=either(judged.low),
        high=either(judged.high),
        rests_on=np.where(mostly, REASONS.index(UNBOOKED), judged.rests_on),
        surge=judged.surge,
        quantiles=np.where(mostly[:, None], missing.amounts.quantiles, judged.quantiles),
        mean=np.where(past > 0, means / total, judged.mean),
    )


def _sent_on(own: Array, surge: Array) -> Range:
    """Return probabilities in a file of one leg: P(surge) times the share of surges that is sent
    on; where no surge can be read, the file's own, at most that share."""
    share = parameters()["share_sent_on"]
    rose = surge + parameter("unsurged") * (1 - surge)
    known = np.isfinite(surge)

    def at(value: float, unknown: Array) -> Array:
        return np.where(known, rose * value, unknown)

    least, usual, most = (float(share[end]) for end in ("low", "value", "high"))
    return (
        at(least, np.zeros(len(own))),
        at(usual, np.minimum(own, usual)),
        at(most, np.minimum(own, most)),
    )


def _few(start: Array, seen: Array) -> Range:
    """Return probabilities of pairs over shares of routes from the least to the most of files:
    each e-fold as likely, then weighed by how likely it makes the pairs. ``start``: log prior
    odds, of which only the differences count; ``seen``: log Bayes factors; low and high: at the
    80% of the share."""
    own = parameters()["routes_share"]
    least, most = (float(logit(own[k])) for k in ("low", "high"))
    prior = (start - start.mean())[:, None] + np.linspace(least, most, STEPS)
    raw = prior + seen[:, None]
    likely = (np.logaddexp(0.0, raw) - np.logaddexp(0.0, prior)).sum(axis=0)
    weight = np.exp(likely - likely.max())
    weight /= weight.sum()
    every = _capped(raw)
    below = np.cumsum(weight)
    low, high = (min(STEPS - 1, int(np.searchsorted(below, end))) for end in (0.1, 0.9))
    return every[:, low], every @ weight, every[:, high]
