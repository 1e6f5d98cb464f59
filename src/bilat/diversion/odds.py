# SPDX-License-Identifier: Apache-2.0
"""How likely a route is before its own figures are seen: by stratum of products, and by hub.

Routes are not spread evenly. They lie where the direct trade fell, and they run through few countries: a hub
with many pairs that decoys hardly ever match is likelier to have one more. Both are read off the file: the
share of pairs above what only 2% of the placebos reach, less that 2%. A hub's share is set against its own
placebos, so that a hub of erratic trade gains nothing, is shrunk towards its stratum by the number of its
pairs, and leaves out the pair that is judged. (Tests in groups that differ in their share of true nulls: Hu,
Zhao & Zhou 2010; their method and its kin are reviewed in https://arxiv.org/abs/1908.05319.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bilat.diversion.legs import Array
from bilat.diversion.parameters import parameter

#: Placebo triangles below which they give no tail.
LEAST_PLACEBOS = 400
#: The share of placebos that count as hits.
TAIL = 0.02
#: Bounds of the share of routes in a stratum, and of a hub's odds against its stratum's.
SHARES = (1e-4, 0.5)
TIMES = (0.1, 10.0)


@dataclass(frozen=True)
class Hits:
    """Statistic, hub and whether the direct trade of the product fell, over pairs or placebos."""

    statistic: Array
    hub: Array
    fell: Array


def comparable(fell: Array, stratum: bool) -> Array:
    """The placebos that stand for a stratum: its own, or all where it has too few."""
    own = fell == stratum
    return own if own.sum() >= LEAST_PLACEBOS else np.ones(len(fell), dtype=bool)


def prior_odds(pairs: Hits, placebos: Hits) -> tuple[Array, Array]:
    """Log prior odds of every pair and of every placebo (as if it were a pair of that hub and stratum)."""
    odds, null_odds = np.zeros(len(pairs.hub)), np.zeros(len(placebos.hub))
    for stratum in (False, True):
        here, there = pairs.fell == stratum, placebos.fell == stratum
        if not here.any():
            continue
        cut = np.quantile(placebos.statistic[comparable(placebos.fell, stratum)], 1 - TAIL)
        share = float(np.clip((pairs.statistic[here] > cut).mean() - TAIL, *SHARES))
        odds[here] = null_odds[there] = np.log(share)
        if stratum:
            mine, theirs = _by_hub(pairs, placebos, here, there, float(cut), share)
            odds[here] += mine
            null_odds[there] += theirs
    return odds, null_odds


def _by_hub(
    pairs: Hits, placebos: Hits, here: Array, there: Array, cut: float, share: float
) -> tuple[Array, Array]:
    """Log odds of each hub against its stratum: for pairs without the pair itself, and for placebos."""
    hub, decoy = pairs.hub[here], placebos.hub[there]
    size = int(max(hub.max(), decoy.max(initial=0))) + 1
    prior = parameter("hub_prior")
    hit = (pairs.statistic[here] > cut).astype(float)
    chance = (np.bincount(decoy, weights=placebos.statistic[there] > cut, minlength=size) + prior * TAIL) / (
        np.bincount(decoy, minlength=size) + prior
    )
    count = np.bincount(hub, minlength=size).astype(float)
    excess = np.bincount(hub, weights=hit, minlength=size) - count * chance

    def against(above: Array, of: Array) -> Array:
        return np.log(np.clip((above + prior * share) / (share * (of + prior)), *TIMES))

    return against(excess[hub] - (hit - chance[hub]), count[hub] - 1), against(excess, count)[decoy]
