# SPDX-License-Identifier: Apache-2.0
"""What else could explain a pair's rise, in figures of the same rows: the good elsewhere, the
hub's other trade, its weight against its value."""

from __future__ import annotations

import numpy as np

from bilat.diversion.controls import growth
from bilat.diversion.legs import WORLD
from bilat.diversion.pairs import Screened
from bilat.diversion.unit_values import TradedWeights
from bilat.document.wording import capital, few_text

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
        bought = _times(float(found.first.y[n]))
        out = [f"The hub bought {bought} of this product from the same sellers as before."]
    if len(elsewhere):
        many = capital(few_text(len(elsewhere), "other destinations"))
        bought = _times(float(np.median(elsewhere)))
        out.append(f"{many} bought {bought} of it as before (median).")
    row = found.row_in[n]
    then = d["rest_before"][row]
    now = d["rest_after"][row]
    if max(then, now) > 5 * c:
        bought = _times(float(growth(then, now, c)))
        out.append(f"The hub bought {bought} of it from other suppliers as before.")
    elif found.own_growth:
        sold = _times(float(found.first.law.location[n]))
        out.append(f"Of their other goods, the same sellers sold the hub {sold} as before.")
    if weighed.value is not None and weighed.weight is not None:
        weight = _times(weighed.weight)
        value = _times(weighed.value)
        out.append(f"The hub bought {weight} of it as before by weight, and {value} by value.")
    return tuple(out)


def _times(log: float) -> str:
    """Return ``about as much``, ``40% as much`` or ``6.6 times as much`` for a log of growth."""
    times = float(np.exp(log))
    if abs(times - 1) < NEAR_ONE:
        return "about as much"
    if times < 1:
        return f"{times:.0%} as much"
    return f"{times:.1f} times as much" if times < 100 else f"{times:,.0f} times as much"
