# SPDX-License-Identifier: Apache-2.0
"""Books whose figures are too large or too small throughout: in thousands, or another currency."""

from __future__ import annotations

import numpy as np

from bilat.diversion.legs import WORLD, Array, Legs

#: Times the usual size of sales against purchases from which on a unit is doubted.
ODD_SIZE = 15.0
#: Hubs to tell the usual from.
LEAST_HUBS = 4
#: Spreads beyond the usual from which on a size is odd, and the least spread taken for usual.
_SPREADS = 4
_LEAST_SPREAD = np.log(2)
#: The median absolute deviation of a normal variable, to its standard deviation.
_TO_DEVIATION = 1.4826


def odd_sizes(legs: Legs) -> dict[str, float]:
    """Return how many times larger a hub's sales are than other hubs' against their purchases.

    Only of hubs of which that is so by far both before and since the break: a unit shows as this
    and as nothing else. Since the break routes raise the sales of some hubs, so that a size is told
    from sizes below the usual, or from being many times the purchases.
    """
    before = _ratios(legs, "before")
    after = _ratios(legs, "after")
    both = (before > 0) & (after > 0)
    known = [
        place
        for place, hub in enumerate(legs.hubs)
        if both[place] and hub in legs.books and hub != WORLD
    ]
    if len(known) < LEAST_HUBS:
        return {}
    apart_before = _apart(np.log(before[known]))
    apart_after = _apart(np.log(after[known]))
    odd = _is_odd(apart_before)
    below = odd & (apart_before < 0)
    below &= _is_odd_below(apart_after)
    above = odd & (apart_before > 0)
    above &= _is_far(apart_after)
    above &= _is_odd(apart_after) | (after[known] > ODD_SIZE)
    times = np.exp(apart_before)  # no route disturbs these
    found = {}
    for row in np.flatnonzero(below | above).tolist():
        hub = legs.hubs[known[row]]
        found[hub] = float(times[row])
    return found


def _ratios(legs: Legs, side: str) -> Array:
    """Return each hub's sales over its purchases; 0 where one of them is nothing."""
    size = len(legs.hubs)
    leg = legs.inward
    from_all = leg[side] + leg[f"rest_{side}"]
    bought = np.bincount(leg["hub"], from_all, size)
    to_targets = np.bincount(legs.outward["hub"], legs.outward[side], size)
    to_others = np.bincount(legs.sold["hub"], legs.sold[side], size)
    sold = to_targets + to_others
    ratios = np.zeros(size)
    np.divide(sold, bought, out=ratios, where=bought > 0)
    return ratios


def _apart(logs: Array) -> Array:
    return np.asarray(logs - np.median(logs))


def _is_far(apart: Array) -> Array:
    return np.asarray(np.abs(apart) > np.log(ODD_SIZE))


def _is_odd(apart: Array) -> Array:
    least = _SPREADS * _spread(apart)
    odd = _is_far(apart) & (np.abs(apart) > least)
    return np.asarray(odd)


def _is_odd_below(apart: Array) -> Array:
    """Return which sizes are far below the usual, by the spread of the sizes below it: routes
    spread those above."""
    below = apart[apart <= 0]
    least = _SPREADS * _spread(below)
    odd = _is_far(apart) & (-apart > least)
    odd &= apart < 0
    return np.asarray(odd)


def _spread(apart: Array) -> float:
    middle = float(np.median(np.abs(apart)))
    least = float(_LEAST_SPREAD)
    return max(_TO_DEVIATION * middle, least)
