# SPDX-License-Identifier: Apache-2.0
"""How strongly the two legs of a pair speak for one diverted amount, and how often chance would say so.

The statistic is the penalised log-likelihood ratio of "one amount D was added to both legs" against
"nothing was added", maximised over D, each leg's log growth being logistic about its counterfactual. It
asks the legs to agree on the amount, which a ranking by growth or by the smaller increase does not. The
penalty is a prior on D: what is diverted is a share of what the target would have bought directly, equally
likely on a log scale between two bounds and less so beyond them. A leg below its counterfactual is no
evidence, however unusual: nothing was added to it.

Chance is measured, not assumed, where the file allows it: the same statistic for *decoys*, importers
that are like the target but to which nothing is diverted, gives the null distribution with all the
dependence between legs that ordinary re-export trade has. Where other suppliers legitimately step in,
leg two grows without any diversion; so leg one must stand on its own as far as such pairs are common
(the composite null of mediation tests: Dai, Stanford & LeBlanc 2022, JASA 117:198-213). q-values are
Benjamini & Hochberg's (1995), within strata of products whose direct trade fell or did not fall.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import repeat

import numpy as np

from bilat.diversion.expected import Leg
from bilat.diversion.legs import Array
from bilat.diversion.odds import LEAST_PLACEBOS, Hits, comparable, prior_odds
from bilat.diversion.parameters import parameter

#: The largest gain that a pair must be able to show before its D is looked for.
WORTH_A_SEARCH = 0.5
#: Halvings of the smaller leg by which an end of the interval is found: to a sixteen-millionth of it.
HALVINGS = 24
#: Where between nothing and its most the margin is tried for the interval: equal parts of it.
PARTS = (0.125, 0.375, 0.625, 0.875)
#: Shares of the smaller leg tried for D: dense near both ends, where the likelihood turns.
SHARES = np.concatenate([np.geomspace(0.02, 0.9, 14), [0.95, 0.98, 0.99, 0.995, 0.999, 1.0]])


def survival(z: Array) -> Array:
    """P(Z > z) of the standard logistic distribution."""
    return 1.0 / (1.0 + np.exp(np.clip(z, -500, 500)))


def log_density(z: Array) -> Array:
    """Log density of the standard logistic distribution."""
    a = np.abs(z)
    return -a - 2.0 * np.log1p(np.exp(-a))


def share_penalty(share: Array) -> Array:
    """Log prior density of D as a share of the target's usual direct purchases, up to a constant: 0 between
    the bounds of parameters.toml, falling by one per e-fold outside, never below ``-share_penalty``."""
    log = np.log(np.maximum(share, 1e-300))
    above, below = np.log(parameter("share_high")), np.log(parameter("share_low"))
    outside = np.maximum(log - above, 0.0) + np.maximum(below - log, 0.0)
    return -np.minimum(outside, parameter("share_penalty"))


def likelihood_ratio(legs: list[Leg], usual: Array | None = None) -> tuple[Array, Array]:
    """(penalised log-likelihood ratio, the D that maximises it in USD) over pairs, for one leg or two.

    ``usual``: USD per pair that its market would have bought of the product from the origins directly; None
    where the file does not say: then there is no penalty. Pairs that no D could make likely keep a ratio
    below ``-share_penalty``.
    """
    least = np.minimum.reduce([leg.after for leg in legs])
    amount = np.zeros(len(least))
    # No D can gain more than moving each leg's residual to its mode: most pairs need no search.
    mode = float(log_density(np.zeros(1))[0])
    bound = np.sum([mode - log_density(np.maximum(leg.z, 0.0)) + leg.surprise for leg in legs], axis=0)
    best = bound - WORTH_A_SEARCH - parameter("share_penalty")
    rows = np.flatnonzero(bound > WORTH_A_SEARCH)
    for start in range(0, len(rows), 200_000):
        part = rows[start : start + 200_000]
        few = [leg.take(part) for leg in legs]
        none = np.sum([log_density(np.maximum(leg.z, 0.0)) for leg in few], axis=0)
        top, at = np.full(len(part), -np.inf), np.zeros(len(part))
        for share in SHARES:
            d = least[part] * share
            ratio = -none
            for leg in few:
                left = np.log(leg.after - d + leg.offset)
                z = (left - np.log(leg.before + leg.offset) - leg.location) / leg.scale
                # A pair that did not trade before most likely would not trade now: no base is left over.
                nothing = (leg.surprise > 0) & (d >= 0.9 * leg.after)
                ratio = ratio + np.where(nothing, mode + leg.surprise, log_density(z))
            if usual is not None:
                ratio = ratio + share_penalty(d / usual[part])
            better = ratio > top
            top = np.where(better, ratio, top)
            at = np.where(better, d, at)
        best[part], amount[part] = top, at
    return best, amount


def upper_tail(null: Array, observed: Array) -> Array:
    """(1 + number of null values at least as large) / (1 + number of null values)."""
    ranked = np.sort(null)
    above = len(ranked) - np.searchsorted(ranked, observed, side="left")
    return (1.0 + above) / (1.0 + len(ranked))


def benjamini_hochberg(p: Array) -> Array:
    """q-values: the smallest false-discovery rate at which each test would be rejected."""
    m = len(p)
    if not m:
        return p
    order = np.argsort(p, kind="stable")
    q = p[order] * m / np.arange(1, m + 1)
    out = np.empty(m)
    out[order] = np.minimum(np.minimum.accumulate(q[::-1])[::-1], 1.0)
    return out


@dataclass(frozen=True)
class Judged:
    """Per pair: ``statistic`` (penalised log-likelihood ratio), ``amount`` (its D), ``p``, ``q``, ``odds`` (log
    prior odds of its stratum and hub, against the likeliest) and how the null was obtained."""

    statistic: Array
    amount: Array
    p: Array
    q: Array
    odds: Array
    null: str

    def take(self, rows: Array) -> Judged:
        return Judged(self.statistic[rows], self.amount[rows], self.p[rows], self.q[rows],
                      self.odds[rows], self.null)  # fmt: skip


@dataclass(frozen=True)
class Tested:
    """What is kept of pairs or placebos once both windows are compared: ``statistic`` and ``amount`` of the better
    one, the largest z of either leg (``second`` is None where leg two is not held), and how many windows."""

    statistic: Array
    amount: Array
    first: Array
    second: Array | None
    hub: Array
    fell: Array
    windows: int


@dataclass(frozen=True)
class Windows:
    """The same pairs over the whole post-break window and over its last part: routes open late.

    ``legs[w][n]`` is leg n (one or two of them) in window w; ``usual[w]`` what the pair's market would have
    bought directly in window w (None: not held); ``fell`` says of each pair whether the direct trade of its
    product collapsed.
    """

    legs: list[list[Leg]]
    fell: Array
    usual: list[Array] | None = None

    def tested(self) -> Tested:
        """Compare the windows; the legs can be let go after this."""
        usual = self.usual if self.usual is not None else repeat(None)
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(likelihood_ratio, self.legs, usual))
        best = np.argmax([ratio for ratio, _ in found], axis=0)
        rows = np.arange(len(best))
        statistic, amount = (np.array([f[n] for f in found])[best, rows] for n in (0, 1))
        return Tested(
            statistic, amount, self._z(0), self._z(1) if len(self.legs[0]) == 2 else None,
            self.legs[0][0].hub, self.fell, len(self.legs),
        )  # fmt: skip

    def _z(self, leg: int) -> Array:
        return np.maximum.reduce([legs[leg].z for legs in self.legs])


def judge(pairs: Tested, placebo: Tested | None, every_first: Array, within: bool = True) -> Judged:
    """Test every pair.

    ``every_first`` is z of leg one where nothing is diverted, the noise of this very file: of goods whose direct
    trade did not fall (``within`` both windows), or about a break within the baseline (one window). The fewer
    they are, the more the usual noise of customs data stands in.
    """
    statistic, amount, fell, z1, z2 = pairs.statistic, pairs.amount, pairs.fell, pairs.first, pairs.second
    n = len(every_first)
    # A made-up break is at another time: it takes more pairs to outweigh the usual noise.
    weight = n / (n + (200.0 if within else 1000.0))
    tries = (
        1 if within else pairs.windows
    )  # the larger of two z's exceeds a bound up to twice as often as one
    own = np.minimum(tries * upper_tail(every_first, z1), 1.0)
    p1 = weight * own + (1 - weight) * np.minimum(pairs.windows * survival(z1), 1.0)
    odds = np.zeros(len(statistic))
    if z2 is None:
        told = "leg one alone, its usual noise"
        if not within and n:
            told = f"leg one alone, against {n} pairs about a made-up break before the true one"
        if (~fell).sum() >= LEAST_PLACEBOS:
            # Goods that still go to the target directly need no route: what they show is no diversion.
            rest = Hits(statistic[~fell], pairs.hub[~fell], np.ones(int((~fell).sum()), dtype=bool))
            odds, _ = prior_odds(Hits(statistic, pairs.hub, fell), rest)
            odds -= odds.max(initial=-np.inf)
        return Judged(statistic, amount, p1, _stratified(p1, fell), odds, told)
    if placebo is None or placebo.second is None or len(placebo.fell) < LEAST_PLACEBOS:
        p = np.maximum(p1, np.minimum(pairs.windows * survival(z2), 1.0))
        return Judged(statistic, amount, p, _stratified(p, fell), odds, "each leg against its usual noise")
    odds, null_odds = prior_odds(
        Hits(statistic, pairs.hub, fell), Hits(placebo.statistic, placebo.hub, placebo.fell)
    )
    score, null_score = statistic + odds, placebo.statistic + null_odds
    p = np.empty(len(statistic))
    for s in (False, True):
        here = fell == s
        there = comparable(placebo.fell, s)
        if not here.any():
            continue
        decoy = upper_tail(null_score[there], score[here])
        # Leg two in excess while leg one is not: how common that is sets how far leg one must stand alone.
        surge = upper_tail(placebo.second[there], z2[here]) < 0.01
        alone = surge & (z1[here] < np.median(z1[here]))
        share = min(1.0, 2.0 * float(alone.sum() + 1) / max(1, here.sum()))
        p[here] = np.maximum(decoy, share * p1[here])
    odds -= odds.max(initial=-np.inf) if len(odds) else 0.0
    null = f"{len(placebo.statistic)} placebo triangles"
    return Judged(statistic, amount, p, _stratified(p, fell), odds, null)


def _stratified(p: Array, stratum: Array) -> Array:
    q = np.ones(len(p))
    for s in (False, True):
        here = stratum == s
        q[here] = benjamini_hochberg(p[here])
    return q


def diverted(legs: list[Leg]) -> tuple[Array, Array, Array]:
    """(point, low, high) of the diverted value in USD: the smaller of the positive excesses.

    The 80% interval takes each leg's base as logistic about its counterfactual, cut off at what was
    actually traded, and the legs' errors as independent: P(D > x) is the product over legs. What leaves the
    hub is worth more than what came in, by a margin (see parameters.toml); where only leg one is held, the lower
    end allows for goods that stayed in the hub.
    """
    excess = np.minimum.reduce([np.maximum(leg.after - leg.expected, 0.0) for leg in legs])
    top = np.minimum.reduce([leg.after for leg in legs])

    margins = [part**2 * parameter("margin") for part in PARTS]

    def exceeds(x: Array) -> Array:
        total = np.zeros(len(top))
        for margin in margins:
            chance = np.ones(len(top))
            for n, leg in enumerate(legs):
                worth = x * (1 + margin) if n else x
                left = np.log(np.maximum(leg.after - worth, 0.0) + leg.offset) - np.log(
                    leg.before + leg.offset
                )
                z = (left - leg.location) / leg.scale
                # Base below what is left: for a pair without earlier trade it is most likely nothing at all.
                trades = np.exp(-leg.surprise)
                below, whole = 1 - trades + trades * survival(-z), 1 - trades + trades * survival(-leg.z)
                chance = chance * np.where(worth > leg.after, 0.0, below) / np.maximum(whole, 1e-300)
            total += np.minimum(chance, 1.0)
        return total / len(margins)

    def quantile(p: float) -> Array:
        low, high = np.zeros(len(top)), top.copy()
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            above = exceeds(middle) > p
            low, high = np.where(above, middle, low), np.where(above, high, middle)
        return low

    with ThreadPoolExecutor(2) as pool:
        least, most = pool.map(quantile, (0.9, 0.1))
    if len(legs) == 1:
        least = least * (1 - parameter("kept"))
    return excess, np.minimum(least, excess), np.maximum(most, excess)
