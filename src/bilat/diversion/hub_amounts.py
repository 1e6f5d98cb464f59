# SPDX-License-Identifier: Apache-2.0
"""How much more hubs bought than they would have anyway, by four counterfactuals.

Own level: as much as in the year before. Other goods: as these goods of the origins grew at the
hub. Neighbours: as the goods grew, chapter by chapter, at hubs that do not surge. Triple
difference: as the neighbours', times how the hub's other goods grew against theirs. The range is
that of resampled headings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np

from bilat.diversion.answer import COUNTERFACTUALS, Excess
from bilat.diversion.hub_purchases import BeforeAfter, Purchases
from bilat.diversion.legs import Array
from bilat.diversion.levels import base_weights
from bilat.diversion.parameters import parameter

#: How often headings are resampled.
DRAWS = 200
#: A day: the seed of the draws, so that the same records give the same range.
_SEED = 20220224
#: Purchases of all neighbours together below which nothing is told from their growth.
_NOTHING = 1e-6

#: counterfactual -> the excess, then its draws
ByCounterfactual: TypeAlias = dict[str, Array]
#: row of a hub -> counterfactual -> the excess, then its draws
Amounts: TypeAlias = dict[int, ByCounterfactual]


class HubAmounts:
    """Works out amounts of the hubs of one question."""

    def __init__(self, bought: Purchases) -> None:
        self.bought = bought
        self.headings, self.heading = np.unique(bought.cells.heading, return_inverse=True)
        chapters = [heading[:2] for heading in self.headings]
        #: The place of the first heading of each chapter.
        self.chapters = np.unique(chapters, return_index=True)[1]

    def amounts(self, among: Array, surging: Array, hubs: Array, *, at: int, end: int) -> Amounts:
        """Return the excess of hubs in the cells ``among`` from period ``at`` to before ``end``.

        Parameters
        ----------
        among
            by cell: whether it counts.
        surging
            rows of hubs that surge for sure, which like those under the same ban are nobody's
            neighbours.
        hubs
            rows of the hubs that are asked for.
        """
        purchases = self.bought
        weights = BeforeAfter(*base_weights(at, end, purchases.season, purchases.cells.missing))
        others = purchases.of_other_goods(weights)
        draws = self.draws(among)
        before = self.by_heading(among, weights.before)
        after = self.by_heading(among, weights.after)
        neighbours = self._neighbours(surging)
        pool = BeforeAfter(
            self._by_chapter(draws, before[neighbours].sum(axis=0)),
            self._by_chapter(draws, after[neighbours].sum(axis=0)),
        )
        found: Amounts = {}
        for hub in hubs.tolist():
            own = BeforeAfter(
                self._by_chapter(draws, before[hub]), self._by_chapter(draws, after[hub])
            )
            left = [other for other in neighbours if other != hub]
            values = _by_own_goods(own, others, hub)
            if left:
                inside = hub in neighbours
                rest = BeforeAfter(
                    pool.before - own.before * inside, pool.after - own.after * inside
                )
                values |= _by_neighbours(own, rest, others, hub, left)
            found[hub] = values
        return found

    def draws(self, among: Array) -> Array:
        """Return how often each heading of some cells counts: first once, then resampled.

        Shape (1 + :data:`DRAWS`, headings).
        """
        used = np.unique(self.heading[among])
        counts = np.zeros((DRAWS + 1, len(self.headings)))
        counts[0, used] = 1
        if len(used):
            random = np.random.default_rng(_SEED)
            even = np.full(len(used), 1 / len(used))
            counts[1:, used] = random.multinomial(len(used), even, DRAWS)
        return counts

    def by_heading(self, among: Array, weights: Array) -> Array:
        """Return sums of some cells under weights of (hubs, periods), by hub and heading."""
        return self.bought.cells.by(self.heading, len(self.headings), among, weights)

    def _by_chapter(self, draws: Array, by_heading: Array) -> Array:
        """Return sums by draw and chapter."""
        return np.asarray(np.add.reduceat(draws * by_heading, self.chapters, axis=1))

    def _neighbours(self, surging: Array) -> list[int]:
        """Return the rows of tested hubs that neither surge nor stand under the same ban."""
        hubs = self.bought.cells.hubs
        banned = self.bought.banned()
        surge = set(surging.tolist())
        return [
            row
            for row in self.bought.tested.tolist()
            if row not in surge and hubs[row] not in banned
        ]


def _by_own_goods(own: BeforeAfter, others: BeforeAfter, hub: int) -> ByCounterfactual:
    before = own.before.sum(axis=1)
    after = own.after.sum(axis=1)
    found = {"own level": after - before}
    grown = others.after[hub] / others.before[hub]
    if np.isfinite(grown):
        found["other goods"] = after - before * grown
    return found


def _by_neighbours(
    own: BeforeAfter, rest: BeforeAfter, others: BeforeAfter, hub: int, left: list[int]
) -> ByCounterfactual:
    """Return the counterfactuals that rest on the other hubs ``left``, which bought ``rest``."""
    total_before = rest.before.sum(axis=1)
    if not (total_before > _NOTHING).all():
        return {}
    common = rest.after.sum(axis=1) / total_before
    # A chapter of which they bought little grew as all their goods did.
    firm = parameter("neighbour_prior") * total_before[:, None]
    by_chapter = (rest.after + firm * common[:, None]) / (rest.before + firm)
    before = own.before.sum(axis=1)
    after = own.after.sum(axis=1)
    found = {"neighbours": after - (own.before * by_chapter).sum(axis=1)}
    grown = others.after[hub] / others.before[hub]
    theirs = np.nansum(others.after[left]) / max(np.nansum(others.before[left]), 1e-9)
    if np.isfinite(grown) and theirs > 0:
        found["triple difference"] = after - before * grown * common / theirs
    return found


def range_of(draws: Mapping[str, Array]) -> tuple[float, float, float]:
    """Return 10, 50 and 90% over the draws of all counterfactuals, each as likely as the others."""
    together = np.concatenate([values[1:] for values in draws.values()])
    low, middle, high = np.quantile(together, (0.1, 0.5, 0.9))
    return float(low), float(middle), float(high)


def excess_of(found: Mapping[str, Array], a_year_earlier: Mapping[str, Array]) -> dict[str, Excess]:
    """Return the excess under each counterfactual with 80% of its draws, and its placebo.

    Parameters
    ----------
    a_year_earlier
        the same about a break made up a year earlier.
    """
    out = {}
    for name in COUNTERFACTUALS:
        if name not in found:
            continue
        value, *draws = found[name].tolist()
        low, high = np.quantile(draws, (0.1, 0.9))
        placebo = float(a_year_earlier[name][0]) if name in a_year_earlier else None
        out[name] = Excess(value, float(low), float(high), placebo)
    return out
