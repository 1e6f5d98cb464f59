# SPDX-License-Identifier: Apache-2.0
"""What hubs bought of the goods asked about, period by period, and which hubs can be tested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from bilat.diversion.legs import WORLD, Array, Legs
from bilat.diversion.levels import Cells, Growth, base_weights, growth_of
from bilat.places.coalitions import is_country

#: States under the same ban as a target from the same weeks, so that they are no free neighbour of
#: a hub: Belarus, Council Regulation (EU) 2022/355 of 2 March 2022 (OJ L 67).
ALSO_BANNED = {"RUS": ("BLR",), "BLR": ("RUS",)}
#: Purchases, as a multiple of the offset, below which a hub or a group is not tested.
LEAST_SIZE = 10.0


class BeforeAfter(NamedTuple):
    """The same thing in the year before a break and since it."""

    before: Array
    after: Array


@dataclass(frozen=True)
class Purchases:
    """Purchases of one question by hub and period, with the hubs that can be tested."""

    cells: Cells
    legs: Legs
    goods: Array  #: by product: asked for, and its direct sales to the targets fell
    basket: Array  #: (hubs, periods): of those goods; NaN where a hub does not report
    other: Array | None  #: (hubs, periods): of the origins' other goods, where held
    tested: Array  #: rows of the hubs that can be tested

    @property
    def season(self) -> int:
        """Periods of a year."""
        return self.cells.season

    @property
    def at(self) -> int:
        """The first period since the break."""
        return self.cells.breaks

    @property
    def end(self) -> int:
        """The number of periods."""
        return len(self.cells.periods)

    @cached_property
    def since_break(self) -> Array:
        """By hub: the sum since the break."""
        return np.asarray(np.nansum(self.basket[:, self.at :], axis=1))

    @cached_property
    def weights(self) -> BeforeAfter:
        """The weights that sum the periods since the break and those of the year before."""
        return BeforeAfter(*base_weights(self.at, self.end, self.season, self.cells.missing))

    def growth(self, series: Array) -> Growth:
        """Return how far the tested hubs' growth lies beyond their past."""
        return growth_of(series[self.tested], self.at, self.end, self.season, self.legs.span.offset)

    def banned(self) -> set[str]:
        """Return the states under the same ban as a target."""
        return {state for t in self.legs.question.targets for state in ALSO_BANNED.get(t, ())}

    def of_other_goods(self, weights: BeforeAfter) -> BeforeAfter:
        """Return the origins' other goods to each hub; NaN where they are not held."""
        if self.other is None:
            unknown = np.full(len(weights.before), np.nan)
            return BeforeAfter(unknown, unknown)
        held = np.nan_to_num(self.other)
        used = (weights.before > 0) | (weights.after > 0)
        lacks = (np.isnan(self.other) & used).any(axis=1)
        before = (held * weights.before).sum(axis=1)
        after = (held * weights.after).sum(axis=1)
        known = ~lacks & (before > 0) & (after > 0)
        return BeforeAfter(np.where(known, before, np.nan), np.where(known, after, np.nan))

    def beyond_other_goods(self) -> Array:
        """Return whether each tested hub bought more than if these goods had grown as the others.

        True where the other goods are not held.
        """
        weights = self.weights
        others = self.of_other_goods(weights)
        held = np.nan_to_num(self.basket)
        before = (held * weights.before).sum(axis=1)
        after = (held * weights.after).sum(axis=1)
        beyond = after > before * (others.after / others.before)
        return np.asarray((np.isnan(others.before) | beyond)[self.tested])


def purchases(
    cells: Cells,
    legs: Legs,
    goods: Array,
    others: Mapping[str, Mapping[str, float]] | None,
) -> Purchases:
    """Return the purchases of a question.

    Parameters
    ----------
    goods
        by product: asked for, and its direct sales to the targets fell.
    others
        hub -> period -> what the origins sold it of goods outside the file; None: the goods of the
        file that were not asked for or did not fall.
    """
    basket = cells.series(cells.lost_asked)
    other = cells.series(cells.calm) if cells.calm.any() else None
    if others:
        rows = [[others.get(h, {}).get(p, np.nan) for p in cells.periods] for h in cells.hubs]
        other = np.array(rows)
    barred = {*legs.question.origins, *legs.question.targets, *legs.barred, WORLD}
    ours = np.array([h not in barred and is_country(h) for h in cells.hubs], dtype=bool)
    traded = np.nansum(basket, axis=1) > LEAST_SIZE * legs.span.offset
    reported = ~cells.missing[:, cells.breaks :].all(axis=1)
    tested = np.flatnonzero(ours & traded & reported)
    return Purchases(cells, legs, goods=goods, basket=basket, other=other, tested=tested)
