# SPDX-License-Identifier: Apache-2.0
"""What else could explain a pair's rise, in figures of the same rows: the good elsewhere, the
hub's other trade, its weight against its value."""

from __future__ import annotations

import numpy as np

from bilat.diversion.controls import growth
from bilat.diversion.legs import WORLD
from bilat.diversion.pairs import Screened
from bilat.diversion.unit_values import TradedWeights
from bilat.document.wording import few_text

#: Calm destinations from which on hubs that surge are no witness of what became of a good
#: elsewhere.
FEW = 3
#: A multiple that is nearer to 1 is "about as much".
NEAR_ONE = 0.05


def compared(
    found: Screened, n: int, weighed: TradedWeights, surging: frozenset[str]
) -> tuple[str, ...]:
    """Return sentences on the n-th pair, each of what the rows can tell."""
    legs = found.legs
    d = found.legs.inward
    c = found.first.offset
    is_good = d["product"] == found.product[n]
    is_other = d["hub"] != found.hub[n]
    rows = np.flatnonzero(is_good & is_other)
    names = [legs.hubs[h] for h in d["hub"][rows]]
    states = np.array([h != WORLD for h in names], dtype=bool)
    calm = states & np.array([h not in surging for h in names], dtype=bool)
    rows = rows[calm if calm.sum() >= FEW else states]
    before = d["before"][rows] + d["rest_before"][rows]
    after = d["after"][rows] + d["rest_after"][rows]
    traded = before + after > 0
    elsewhere = growth(before, after, c)[traded]
    out = ["The hub had bought none of this product from the same sellers before."]
    if found.first.before[n] > 0:
        moved = _moved(float(found.first.y[n]))
        out = [f"The hub's purchases of this product from the same sellers {moved}."]
    if len(elsewhere):
        out.append(_elsewhere(len(elsewhere), float(np.median(elsewhere))))
    row = found.row_in[n]
    then = d["rest_before"][row]
    now = d["rest_after"][row]
    if max(then, now) > 5 * c:
        moved = _moved(float(growth(then, now, c)))
        out.append(f"The hub's purchases of it from other suppliers {moved}.")
    elif found.own_growth:
        moved = _moved(float(found.first.law.location[n]))
        out.append(f"The same sellers' sales of other goods to the hub {moved}.")
    if weighed.value is not None and weighed.weight is not None:
        weight, value = _moved(weighed.weight), _moved(weighed.value)
        out.append(f"By weight, the hub's purchases of it {weight}; by value, they {value}.")
    return tuple(out)


def _elsewhere(destinations: int, median: float) -> str:
    """Return how purchases by other destinations changed, for the median of the logs of growth."""
    if destinations == 1:
        return f"One other destination's purchases of it {_moved(median)}."
    who = few_text(destinations, "other destinations")
    times = float(np.exp(median))
    if abs(times - 1) < NEAR_ONE:
        return f"For {who}, the median purchases of it barely changed."
    way = "rise" if times > 1 else "fall"
    return f"For {who}, the median change was a {way} to {_level(times)} the earlier level."


def _moved(log: float) -> str:
    """Return ``rose to 6.6 times their earlier level`` or the like, for a log of growth."""
    times = float(np.exp(log))
    if abs(times - 1) < NEAR_ONE:
        return "stayed at about their earlier level"
    return f"{'rose' if times > 1 else 'fell'} to {_level(times)} their earlier level"


def _level(times: float) -> str:
    """Return ``40% of``, ``6.6 times`` or ``120 times``."""
    if times < 1:
        return f"{times:.0%} of"
    return f"{times:.1f} times" if times < 100 else f"{times:,.0f} times"
