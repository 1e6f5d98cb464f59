# SPDX-License-Identifier: Apache-2.0
"""Other explanations of a pair's rise, each tested on the same rows.

A test answers ``holds`` (it explains at least three quarters of the rise, in logs), ``in part`` (at least a third),
``rejected`` or ``not testable``, with the figures it rests on. One that holds does not delete a flag: it stands beside
it.
"""

from __future__ import annotations

import numpy as np

from bilat.diversion.answer import Explanation
from bilat.diversion.controls import growth
from bilat.diversion.legs import WORLD
from bilat.diversion.pairs import Screened
from bilat.diversion.unit_values import TradedWeights
from bilat.units.written import counted

#: Shares of a rise that a rival must explain.
HOLDS, IN_PART = 0.75, 0.35
#: Growth elsewhere below which it explains nothing, and destinations below which a median is one country's trade.
CHANGED, FEW = float(np.log(1.5)), 3


def rivals(found: Screened, n: int, weighed: TradedWeights, surging: frozenset[str]) -> list[Explanation]:
    """Every other explanation of the n-th pair; hubs that are ``surging`` are no witness of what became of a good
    elsewhere, where three others are left."""
    d, c, rise = found.legs.inward, found.first.offset, float(found.first.y[n])

    def judged(name: str, grown: float, because: str, most: str = "holds") -> Explanation:
        share = grown / max(rise, 0.05)
        verdict = "holds" if share >= HOLDS else "in part" if share >= IN_PART else "rejected"
        return Explanation(name, most if verdict == "holds" else verdict, because)

    others, common = _elsewhere(found, n, surging)
    everywhere = Explanation(
        "the same elsewhere", "not testable", "the file holds no other destination of this code"
    )
    if others:
        because = f"{counted(others, 'other destinations')} bought {_times(common)} as much (median)"
        most = "holds" if others >= FEW else "in part"
        everywhere = judged(everywhere.name, common if common >= CHANGED else 0.0, because, most)

    price = Explanation("price", "not testable", "no weights on both sides of the break")
    if found.first.before[n] <= 0:
        price = judged("price", 0.0, "the hub bought none before, and a price makes no trade out of none")
    elif weighed.value is not None and weighed.weight is not None:
        value, weight = weighed.value, weighed.weight
        because = f"into the hub value grew {_times(value)}, weight {_times(weight)}"
        price = judged("price", value - weight, because)

    own = Explanation("hub's own growth", "not testable", "the file holds no other supplier of the hub")
    rest = [float(d[f"rest_{x}"][found.row_in[n]]) for x in ("before", "after")]
    if max(rest) > 5 * c:
        theirs = float(growth(np.array(rest[0]), np.array(rest[1]), c))
        because = (
            f"the hub bought {_times(theirs)} as much from other suppliers, {_times(rise)} from the origins"
        )
        own = judged(own.name, theirs - (max(0.0, common) if others >= FEW else 0.0), because)
    elif found.own_growth:
        goods = float(found.first.law.location[n])
        because = (
            f"the origins sold the hub {_times(goods)} as much of other goods, {_times(rise)} as much of this"
        )
        own = judged(own.name, goods, because)
    return [price, own, everywhere]


def _elsewhere(found: Screened, n: int, surging: frozenset[str]) -> tuple[int, float]:
    """(destinations but the hub and the target that bought the product, the median log growth of their purchases)."""
    legs, d = found.legs, found.legs.inward
    rows = np.flatnonzero((d["product"] == found.product[n]) & (d["hub"] != found.hub[n]))
    names = [legs.hubs[h] for h in d["hub"][rows]]
    calm = np.array([h not in surging and h != WORLD for h in names], dtype=bool)
    rows = rows[calm if calm.sum() >= FEW else np.array([h != WORLD for h in names], dtype=bool)]
    before, after = (d[x][rows] + d[f"rest_{x}"][rows] for x in ("before", "after"))
    grown = growth(before, after, found.first.offset)[before + after > 0]
    return len(grown), float(np.median(grown)) if len(grown) else 0.0


def _times(log: float) -> str:
    times = float(np.exp(log))
    return f"{times:.1f} times" if times < 100 else f"{times:,.0f} times"
