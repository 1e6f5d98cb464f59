# SPDX-License-Identifier: Apache-2.0
"""What else could explain a pair's rise, in figures of the same rows: the good elsewhere, the
hub's other trade, its weight against its value."""

from __future__ import annotations

import numpy as np

from bilat.diversion.controls import growth
from bilat.diversion.legs import WORLD
from bilat.diversion.pairs import Screened
from bilat.diversion.unit_values import TradedWeights
from bilat.units.notation import count_text

#: Calm destinations from which on hubs that surge are no witness of what became of a good
#: elsewhere.
FEW = 3


def compared(
    found: Screened, n: int, weighed: TradedWeights, surging: frozenset[str]
) -> tuple[str, ...]:
    """Sentences without their stops on the n-th pair, each of what the rows can tell."""
    legs = found.legs
    d = found.legs.inward
    c = found.first.offset
    rows = np.flatnonzero((d["product"] == found.product[n]) & (d["hub"] != found.hub[n]))
    names = [legs.hubs[h] for h in d["hub"][rows]]
    calm = np.array([h not in surging and h != WORLD for h in names], dtype=bool)
    rows = rows[calm if calm.sum() >= FEW else np.array([h != WORLD for h in names], dtype=bool)]
    before, after = (d[x][rows] + d[f"rest_{x}"][rows] for x in ("before", "after"))
    elsewhere = growth(before, after, c)[before + after > 0]
    out = ["this hub bought none of it from the same sellers before"]
    if found.first.before[n] > 0:
        out = [
            f"this hub bought {_times(float(found.first.y[n]))} as much of it from the same "
            "sellers as before"
        ]
    if len(elsewhere):
        many = count_text(len(elsewhere), "other destinations")
        out.append(
            f"{many} bought {_times(float(np.median(elsewhere)))} as much as before (median)"
        )
    then, now = (d[f"rest_{x}"][found.row_in[n]] for x in ("before", "after"))
    if max(then, now) > 5 * c:
        out.append(
            f"from other suppliers, the hub bought {_times(float(growth(then, now, c)))} as much "
            "of it "
            "as before"
        )
    elif found.own_growth:
        out.append(
            f"the same sellers sold it {_times(float(found.first.law.location[n]))} as much of "
            "other "
            "goods as before"
        )
    if weighed.value is not None and weighed.weight is not None:
        out.append(
            f"it bought {_times(weighed.weight)} as much as before by weight and "
            f"{_times(weighed.value)} by value"
        )
    return tuple(out)


def _times(log: float) -> str:
    times = float(np.exp(log))
    return f"{times:.1f} times" if times < 100 else f"{times:,.0f} times"
