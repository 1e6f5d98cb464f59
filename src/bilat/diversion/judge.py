# SPDX-License-Identifier: Apache-2.0
"""The probability of every pair, and the range of it where an assumption, not the file, decides.

Four cases: the file's own pairs of two legs; silent hubs of a file in which others show both legs (carried over); a
file of one leg alone, P(surge) times the share of surges that are sent on; and a file of few pairs, which cannot say
how many routes there are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit, logit

from bilat.diversion.amount import PairEvidence
from bilat.diversion.carry import carry
from bilat.diversion.estimate import Estimate
from bilat.diversion.legs import Array
from bilat.diversion.parameters import parameter, parameters
from bilat.diversion.surge import surges

#: Pairs below which a file cannot say how large its share of routes is.
FEW = 50
#: What a probability rests on beside the pair's own records.
OWN, CARRIED, SENT_ON, SHARE = (
    "the file's own pairs", "hubs whose books are held", "the share of surges that is sent on", "the share of routes"
)  # fmt: skip
REASONS = (OWN, CARRIED, SENT_ON, SHARE)
STEPS = 41


@dataclass(frozen=True)
class Judged:
    """Per pair: ``p`` with ``low`` and ``high`` over what it rests on (index into :data:`REASONS`), P(``surge``) of leg
    one (NaN unknown) and the ``amounts`` given a route; ``teachers``: hubs from which silent ones learn."""

    p: Array
    low: Array
    high: Array
    rests_on: Array
    surge: Array
    amounts: PairEvidence
    teachers: int


def own_probability(e: Estimate) -> Array:
    """P(route) of every pair as its own file gives it: log odds count for less than they say, as errors of one file
    are of a kind."""
    raw = logit(np.clip(e.fitted.p, 1e-12, 1 - 1e-12))
    return np.asarray(np.minimum(expit(np.minimum(parameter("slope") * raw, raw)), parameter("cap")))


def judge(e: Estimate) -> Judged:
    """The final probability of every pair of ``e``."""
    pairs, own = e.pairs, own_probability(e)
    amounts = e.amounts()
    p, low, high = own.copy(), own.copy(), own.copy()
    why = np.zeros(len(p), dtype=np.int64)
    surge = surges(e)
    silent = ~pairs.held & ~pairs.cleared
    carried = carry(e, own, amounts) if pairs.held.any() else None
    if carried is not None:
        cap = parameter("cap")
        p[silent], low[silent], high[silent] = (
            np.minimum(x, cap) for x in (carried.p, carried.low, carried.high)
        )
        why[silent] = 1
        amounts = _scaled(amounts, silent, carried.amount, carried.spread)
    elif silent.any() and not pairs.held.any():
        share = parameters()["share_sent_on"]
        known = np.isfinite(surge)
        for out, end in ((p, "value"), (low, "low"), (high, "high")):
            of = parameter("share_sent_on") if end == "value" else float(share[end])
            rose = surge + parameter("unsurged") * (1 - surge)
            out[silent] = np.where(known, rose * of, 0.0 if end == "low" else np.minimum(own, of))[silent]
        why[silent] = 2
    if 0 < len(p) - int(pairs.cleared.sum()) < FEW and pairs.held.any():
        rows = np.flatnonzero(pairs.held)
        p[rows], low[rows], high[rows] = _few(e.odds()[rows], e.purchases(rows))
        why[rows] = 3
    return Judged(p, low, high, why, surge, amounts, carried.hubs if carried else 0)


def _few(start: Array, seen: Array) -> tuple[Array, Array, Array]:
    """(p, low, high) of pairs over shares of routes from the least to the most that files show: each e-fold as
    likely, then weighed by how likely it makes the pairs. ``start``: log prior odds, of which only the differences
    count; ``seen``: log Bayes factors; low and high: at the 80% of the share."""
    own = parameters()["routes_share"]
    slope = parameter("slope")
    least, most = (float(np.log(own[k] / (1 - own[k]))) for k in ("low", "high"))
    odds = np.linspace(least, most, STEPS)
    prior = (start - start.mean())[:, None] + odds
    raw = prior + seen[:, None]
    likely = (np.logaddexp(0.0, raw) - np.logaddexp(0.0, prior)).sum(axis=0)
    weight = np.exp(likely - likely.max())
    weight /= weight.sum()
    every = np.minimum(expit(np.minimum(slope * raw, raw)), parameter("cap"))
    low, high = (every[:, min(STEPS - 1, int(np.searchsorted(np.cumsum(weight), x)))] for x in (0.1, 0.9))
    return every @ weight, low, high


def _scaled(found: PairEvidence, rows: Array, by: float, spread: float) -> PairEvidence:
    """The amounts of ``rows`` times ``by``, their ends further apart by ``spread`` of the logarithm."""
    quantiles, mean = found.quantiles.copy(), found.mean.copy()
    middle = quantiles[:, 1]
    for column in (0, 2):
        apart = np.hypot(np.log(quantiles[:, column] / middle), 1.28 * spread)
        wide = middle * np.exp(apart if column else -apart)
        quantiles[rows, column] = (wide * by)[rows]
    quantiles[rows, 1] *= by
    mean[rows] *= by
    return replace(found, quantiles=quantiles, mean=mean)
