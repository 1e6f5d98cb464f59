# SPDX-License-Identifier: Apache-2.0
"""Other explanations of a pair's rise, each tested on the same rows.

A test answers ``holds`` (it explains at least three quarters of the rise), ``in part`` (at least a third), ``rejected``
or ``not testable``, with the figures it rests on. One that holds does not delete a flag: it is printed with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bilat.diversion.answer import Explanation
from bilat.diversion.candidates import lookup
from bilat.diversion.controls import growth
from bilat.diversion.legs import WORLD
from bilat.diversion.pairs import Screened
from bilat.diversion.unit_values import TradedWeights
from bilat.units.written import counted

#: Shares of a rise (of its logarithm, or of the excess where that is said) that a rival must explain.
HOLDS, IN_PART = 0.75, 0.35
#: Growth elsewhere below which it explains nothing, whatever the hub did.
CHANGED = float(np.log(1.5))
#: Destinations below which a median is one country's trade.
FEW = 3


@dataclass(frozen=True)
class RouteRecords:
    """What the rivals are tested against beside the legs."""

    weights: TradedWeights
    surging: frozenset[str] = frozenset()  #: hubs that surge: no witness of what became of a code


def rivals(found: Screened, n: int, records: RouteRecords) -> list[Explanation]:
    """Every other explanation of the n-th pair."""
    destinations, grown = _elsewhere(found, n, records.surging)
    return [
        _price(found, n, records.weights),
        _own_growth(found, n, max(0.0, grown) if destinations >= FEW else 0.0),
        _everywhere(found, n, destinations, grown),
    ]


def _graded(name: str, share: float, because: str) -> Explanation:
    return Explanation(
        name, "holds" if share >= HOLDS else "in part" if share >= IN_PART else "rejected", because
    )


def _times(log: float) -> str:
    times = float(np.exp(log))
    return f"{times:.1f} times" if times < 100 else f"{times:,.0f} times"


def _grew(before: float, after: float) -> str:
    """Growth as a reader would work it out from the two values; the tests themselves add the offset to both."""
    if before <= 0:
        return "from none" if after > 0 else "none before or since"
    return f"{_times(float(np.log(max(after, 1e-9) / before)))} as much"


def _price(found: Screened, n: int, weights: TradedWeights) -> Explanation:
    """Did the value grow and the weight not. One leg that the price explains is enough: both must exceed."""
    shares: list[float] = []
    words: list[str] = []
    for leg, verb, side in (
        ("in", "bought none", found.first),
        ("out", "sold the target none", found.second),
    ):
        if side is None or (leg == "out" and not found.two[n]):
            continue
        if side.before[n] <= 0:
            words.append(f"the hub {verb} before, and a price makes no trade out of none")
            shares.append(0.0)
        elif (grown := weights.growth(leg, *found.pair(n))) is not None:
            value, weight = grown
            above = value - float(side.law.location[n])
            words.append(f"{leg} of the hub" if leg == "out" else "into the hub")
            words[-1] += f" value grew {_times(value)}, weight {_times(weight)}"
            shares.append(min(1.0, max(0.0, (value - weight) / above)) if above > 0.05 else 0.0)
    if not shares:
        return Explanation("price", "not testable", "no weights on both sides of the break")
    return _graded("price", max(shares), "; ".join(words))


def _own_growth(found: Screened, n: int, common: float) -> Explanation:
    """Did the hub trade more of the product with everybody, beyond what it grew (``common``) at other destinations.

    Of two legs both must have grown with others: a route needs both, so one that did not grow rejects a boom.
    """
    legs, c = found.legs, found.first.offset
    sold, key = legs.sold, int(found.hub[n]) * len(legs.products) + int(found.product[n])
    rows, there = lookup(sold["hub"] * len(legs.products) + sold["product"], np.array([key]))
    compared = [("bought", "from other suppliers", "from the origins", found.first,
                 [float(legs.inward[f"rest_{x}"][found.row_in[n]]) for x in ("before", "after")])]  # fmt: skip
    if found.second is not None and found.two[n] and there[0]:
        other = [float(sold[x][rows[0]]) for x in ("before", "after")]
        compared.append(("sold", "to other markets", "to the target", found.second, other))
    words, shares = [], []
    for verb, others, mine, side, (before, after) in compared:
        if max(before, after) > 5 * c:
            rise = float(side.y[n])
            words.append(
                f"{verb} {others} {_grew(before, after)}, {mine} {_grew(side.before[n], side.after[n])}"
            )
            beyond = float(np.log((after + c) / (before + c))) - common
            shares.append(max(0.0, beyond) / rise if rise > 0.05 else 0.0)
    if not shares and found.own_growth:
        rise, other_goods = float(found.first.y[n]), float(found.first.law.location[n])
        words.append(
            f"the origins sold the hub {_times(other_goods)} as much of other goods, {_times(rise)} as much of this"
        )
        shares.append(max(0.0, other_goods) / max(rise, 0.05))
    if not shares:
        return Explanation(
            "hub's own growth", "not testable", "the file holds no other partner of the hub for this product"
        )
    if common >= CHANGED:
        words.append(f"at other destinations the product grew {_times(common)} too")
    return _graded("hub's own growth", min(1.0, min(shares)), "; ".join(words))


def _elsewhere(found: Screened, n: int, surging: frozenset[str]) -> tuple[int, float]:
    """(destinations but the hub and the target that bought the product, the median log growth of their purchases from
    everybody). Hubs that surge are no witness where three others are left."""
    legs, d, c = found.legs, found.legs.inward, found.first.offset
    rows = np.flatnonzero((d["product"] == found.product[n]) & (d["hub"] != found.hub[n]))
    names = [legs.hubs[h] for h in d["hub"][rows]]
    calm = np.array([h not in surging and h != WORLD for h in names], dtype=bool)
    rows = rows[calm if calm.sum() >= FEW else np.array([h != WORLD for h in names], dtype=bool)]
    before, after = (d[x][rows] + d[f"rest_{x}"][rows] for x in ("before", "after"))
    kept = before + after > 0
    return int(kept.sum()), float(np.median(growth(before[kept], after[kept], c))) if kept.any() else 0.0


def _everywhere(found: Screened, n: int, destinations: int, grown: float) -> Explanation:
    """Did other destinations buy as much more: a code that changed, a price, a boom of the good. The hub itself says
    nothing."""
    name = "the same elsewhere"
    if not destinations:
        return Explanation(name, "not testable", "the file holds no other destination of this code")
    share = grown / max(float(found.first.y[n]), 0.05) if grown >= CHANGED else 0.0
    share = share if destinations >= FEW else min(share, HOLDS - 0.01)
    return _graded(
        name, share, f"{counted(destinations, 'other destinations')} bought {_times(grown)} as much (median)"
    )
