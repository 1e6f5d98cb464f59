# SPDX-License-Identifier: Apache-2.0
"""How often a hub's own goods, not the origins', take the place of what the target lost.

A maker sells the target more of the goods that it lost, as a conduit does, but buys no more of
them. A pair therefore has three explanations: nothing happened (likelihood 1), a route (the factor
of both legs), or own goods (the factor of leg two alone: any amount was sold, whatever was bought).
One purchase is too noisy to tell the last two apart. Over all goods of a hub together they part: a
maker's purchases rise in none of the goods whose sales did.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bilat.diversion.legs import Array
from bilat.diversion.parameters import parameter

#: Shares of a hub's lost goods without a route in which its own goods are sold: none for most hubs,
#: and any other share as likely where the hub is a maker.
SHARES = np.array([0.0, 0.1, 0.3, 0.5, 0.7, 0.9])
#: The most that one pair says of its hub in logs: its sales, and its purchases beside them.
MOST_OF_ONE = 4.0
#: The most that sales count for, in logs, so that they stay finite.
MOST_OF_SALES = 300.0


class LostGoods(NamedTuple):
    """Pairs of two legs in goods that the target lost.

    ``hub``: number of each pair's hub; ``both`` and ``sales``: evidence of a common amount (log
    Bayes factors), of both legs and of leg two alone.
    """

    hub: Array
    both: Array
    sales: Array


def own_shares(lost: LostGoods, routes: Array, prior: Array, hubs: int) -> Array:
    """Return (shares, hubs): how likely each of :data:`SHARES` is of each hub.

    Parameters
    ----------
    routes
        (effects, pairs): the probability of a route beforehand, under each effect of a hub.
    prior
        log weight of each effect.
    """
    sold = np.minimum(lost.sales, MOST_OF_ONE)
    bought = np.clip(lost.both - lost.sales, -MOST_OF_ONE, MOST_OF_ONE)
    route = np.exp(sold + bought)
    own = np.exp(sold)
    logs = np.empty((len(SHARES), len(prior), hubs))
    for place, share in enumerate(SHARES):
        other = 1.0 - share + share * own
        for effect, p in enumerate(routes):
            likely = np.log((1.0 - p) * other + p * route)
            logs[place, effect] = prior[effect] + np.bincount(lost.hub, likely, hubs)
    weight = np.exp(logs - logs.max(axis=(0, 1))).sum(axis=1)
    weight *= _usual_weights()[:, None]
    return np.asarray(weight / weight.sum(axis=0))


def _usual_weights() -> Array:
    """Return how likely each of :data:`SHARES` is of a hub beforehand."""
    makers = parameter("makers")
    weights = np.full(len(SHARES), makers / (len(SHARES) - 1))
    weights[0] = 1.0 - makers
    return weights


def without_own_goods(lost: LostGoods, weight: Array) -> Array:
    """Return the evidence of a route against nothing or own goods, whichever a hub's shares make
    likely: the mean over shares of its logarithm.

    Parameters
    ----------
    weight
        (shares, hubs): as from :func:`own_shares`.
    """
    sales = np.exp(np.minimum(lost.sales, MOST_OF_SALES))
    found = lost.both.copy()
    for share, of_hubs in zip(SHARES, weight, strict=True):
        found -= of_hubs[lost.hub] * np.log1p(share * (sales - 1.0))
    return found
