# SPDX-License-Identifier: Apache-2.0
"""The probability of every pair, and the range of it where an assumption, not the file, decides.

Four cases: the file's own pairs of two legs; silent hubs of a file in which others show both legs
(carried over); a file of one leg alone, P(surge) times the share of surges that are sent on; and a
file of few pairs, which cannot say how many routes there are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from bilat.diversion.carry import carry
from bilat.diversion.estimate import Estimate
from bilat.diversion.legs import Array
from bilat.diversion.parameters import parameter, parameters
from bilat.diversion.surge import surges

#: Pairs below which a file cannot say how large its share of routes is.
FEW = 50
#: What a probability rests on beside the pair's own records.
OWN = "the file's own pairs"
CARRIED = "hubs whose books are held"
SENT_ON = "the share of surges that is sent on"
SHARE = "the share of routes"
REASONS = (OWN, CARRIED, SENT_ON, SHARE)
STEPS = 41


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
    """Probabilities of log odds, which count for less than they say: errors of one file are of a
    kind."""
    return np.asarray(
        np.minimum(expit(np.minimum(parameter("slope") * odds, odds)), parameter("cap"))
    )


def judge(e: Estimate) -> Judged:
    """The final probability of every pair of ``e``."""
    pairs = e.pairs
    own = own_probability(e)
    # Who can still buy directly has no need of a way round: both legs may rise together by a trade
    # of the hub's own.
    lost = e.lost()[pairs.product]
    own = np.where(pairs.held, own * (lost + (1.0 - lost) * parameter("calm_most")), own)
    surge = surges(e)
    amounts = e.amounts()
    p = own.copy()
    low = own.copy()
    high = own.copy()
    rests_on = np.zeros(len(own), dtype=np.int64)
    ends = ((p, "value"), (low, "low"), (high, "high"))
    silent = ~pairs.held & ~pairs.cleared
    if carried := carry(e, own, amounts):
        for out, of in zip((p, low, high), carried.p, strict=True):
            out[silent] = np.minimum(of, parameter("cap"))
        rests_on[silent] = REASONS.index(CARRIED)
        carried.scale(amounts, silent)
    elif not pairs.held.any():
        rose = surge + parameter("unsurged") * (1 - surge)
        for out, end in ends:
            share = float(parameters()["share_sent_on"][end])
            unknown = 0.0 if end == "low" else np.minimum(own, share)
            out[silent] = np.where(np.isfinite(surge), rose * share, unknown)[silent]
        rests_on[silent] = REASONS.index(SENT_ON)
    elif len(p) - int(pairs.cleared.sum()) < FEW:
        rows = np.flatnonzero(pairs.held)
        p[rows], low[rows], high[rows] = _few(e.odds()[rows], e.purchases(rows))
        rests_on[rows] = REASONS.index(SHARE)
    return Judged(p, low, high, rests_on, surge, amounts.quantiles, amounts.mean)


def _few(start: Array, seen: Array) -> tuple[Array, Array, Array]:
    """(p, low, high) of pairs over shares of routes from the least to the most that files show:
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
    low, high = (
        every[:, min(STEPS - 1, int(np.searchsorted(np.cumsum(weight), x)))] for x in (0.1, 0.9)
    )
    return every @ weight, low, high
