# SPDX-License-Identifier: Apache-2.0
"""The probability of every pair, and the range of it where an assumption, not the file, decides.

Four cases: the file's own pairs of two legs; silent hubs of a file in which others show both legs (carried over); a
file of one leg alone, P(surge) times the share of surges that are sent on; and a file of few pairs, which cannot say
how many routes there are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bilat.diversion import prior_odds
from bilat.diversion.amount import Evidence
from bilat.diversion.calibrate import calibrate
from bilat.diversion.carry import carry
from bilat.diversion.estimate import Estimate
from bilat.diversion.legs import Array
from bilat.diversion.parameters import parameter, parameters
from bilat.diversion.prior_odds import expit
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
    """Per pair: ``p`` with ``low`` and ``high`` over what it rests on (index into ``reasons``), P(``surge``) of leg
    one (NaN unknown), the ``amounts`` given a route, and whether the file could calibrate it; ``told``: how, in
    words."""

    p: Array
    low: Array
    high: Array
    rests_on: Array
    surge: Array
    amounts: Evidence
    calibrated: Array
    told: str


def judge(e: Estimate) -> Judged:
    """The final probability of every pair of ``e``."""
    pairs, first = e.pairs, calibrate(e)
    amounts = e.amounts()
    p, low, high = first.p.copy(), first.p.copy(), first.p.copy()
    why = np.zeros(len(p), dtype=np.int64)
    surge = surges(e)
    silent = ~pairs.held & ~pairs.cleared
    told = first.told
    carried = carry(e, first.p, amounts) if pairs.held.any() else None
    if carried is not None:
        cap = parameter("cap_uncalibrated")
        p[silent], low[silent], high[silent] = (
            np.minimum(x, cap) for x in (carried.p, carried.low, carried.high)
        )
        why[silent] = 1
        amounts = _scaled(amounts, silent, carried.amount, carried.spread)
        told += f"; hubs whose sales are not held: as leg one turned out at {carried.hubs} hubs whose are"
    elif silent.any() and not pairs.held.any():
        share = parameters()["share_sent_on"]
        known = np.isfinite(surge)
        for out, end in ((p, "value"), (low, "low"), (high, "high")):
            of = parameter("share_sent_on") if end == "value" else float(share[end])
            out[silent] = np.where(known, surge * of, 0.0 if end == "low" else np.minimum(first.p, of))[
                silent
            ]
        why[silent] = 2
    if 0 < len(p) - int(pairs.cleared.sum()) < FEW and pairs.held.any():
        rows = np.flatnonzero(pairs.held)
        f = e.fitted
        x = e.terms(f.fall, f.fallen)[rows]
        odds = prior_odds.start(len(e.legs.hubs)).of(x, pairs.hub[rows])
        p[rows], low[rows], high[rows] = _few(odds, np.log(np.maximum(f.factor[rows], 1e-300)))
        why[rows] = 3
    return Judged(p, low, high, why, surge, amounts, first.done, told)


def _few(start: Array, seen: Array) -> tuple[Array, Array, Array]:
    """(p, low, high) of pairs over shares of routes from the least to the most that files show: each e-fold as
    likely, then weighed by how likely it makes the pairs. ``start``: log prior odds at :data:`odds_base`; ``seen``:
    log Bayes factors; low and high: at the 80% of the share."""
    own = parameters()["routes_share"]
    base, slope = parameter("odds_base"), parameter("uncalibrated_slope")
    least, most = (float(np.log(own[k] / (1 - own[k]))) for k in ("low", "high"))
    odds = np.linspace(least, most, STEPS)
    prior = start[:, None] + odds - base
    raw = prior + seen[:, None]
    likely = (np.logaddexp(0.0, raw) - np.logaddexp(0.0, prior)).sum(axis=0)
    weight = np.exp(likely - likely.max())
    weight /= weight.sum()
    every = np.minimum(expit(np.minimum(slope * raw, raw)), parameter("cap_uncalibrated"))
    low, high = (every[:, min(STEPS - 1, int(np.searchsorted(np.cumsum(weight), x)))] for x in (0.1, 0.9))
    return every @ weight, low, high


def _scaled(found: Evidence, rows: Array, by: float, spread: float) -> Evidence:
    """The amounts of ``rows`` times ``by``, their ends further apart by ``spread`` of the logarithm."""
    quantiles, mean, square = found.quantiles.copy(), found.mean.copy(), found.mean_square.copy()
    middle = quantiles[:, 1]
    for column in (0, 2):
        apart = np.hypot(np.log(quantiles[:, column] / middle), 1.28 * spread)
        wide = middle * np.exp(apart if column else -apart)
        quantiles[rows, column] = (wide * by)[rows]
    quantiles[rows, 1] *= by
    mean[rows] *= by
    square[rows] *= by**2
    return Evidence(found.factor, found.share, found.square, quantiles, mean, square)
