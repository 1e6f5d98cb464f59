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
#: A code whose trade elsewhere grew less than this is not changed, whatever the hub did.
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
    seen = _at_others(found, n, records)
    return [
        _price(found, n, records.weights),
        _own_growth(found, n, max(0.0, seen.value) if seen and seen.destinations >= FEW else 0.0),
        _code_change(found, n, seen),
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


@dataclass(frozen=True)
class Elsewhere:
    """A product at the destinations but the hub and the target: how many traded it, the median log growth of the value
    of their purchases from everybody, and their ``change`` (of weights where most are weighed), how many bought it
    first after the break, and only before."""

    destinations: int
    value: float
    change: float
    born: int
    ended: int
    weighed: bool
    surging: bool  #: hubs that surge are among them


def _at_others(found: Screened, n: int, records: RouteRecords) -> Elsewhere | None:
    """None where no other destination holds the code. Hubs that surge are no witness where three others are left."""
    legs, d, c = found.legs, found.legs.inward, found.first.offset
    rows = np.flatnonzero((d["product"] == found.product[n]) & (d["hub"] != found.hub[n]))
    rows = rows[np.array([legs.hubs[h] != WORLD for h in d["hub"][rows]], dtype=bool)]
    calm = np.array([legs.hubs[h] not in records.surging for h in d["hub"][rows]], dtype=bool)
    calm = calm | (calm.sum() < FEW)
    surging = not all(legs.hubs[h] not in records.surging for h in d["hub"][rows[calm]])
    rows = rows[calm]
    before, after = (d[x][rows] + d[f"rest_{x}"][rows] for x in ("before", "after"))
    kept = np.maximum(before, after) > c
    if not kept.any():  # consignments below the offset say nothing of a code, unless there is nothing else
        kept = before + after > 0
    if not kept.any():
        return None
    before, after, who = before[kept], after[kept], d["hub"][rows][kept]
    logs = growth(before, after, c)
    value = float(np.median(logs))
    born, ended = int(((before <= 0) & (after > 0)).sum()), int((after <= 0).sum())
    grown = [records.weights.growth("in", legs.hubs[h], found.pair(n)[1]) for h in who.tolist()]
    weighed = 2 * sum(g is not None for g in grown) >= len(grown)
    if weighed:  # a price that rose everywhere is no change of code
        logs = np.array([log if g is None else g[1] for log, g in zip(logs.tolist(), grown, strict=True)])
    return Elsewhere(len(before), value, float(np.median(logs)), born, ended, weighed, surging)


def _code_change(found: Screened, n: int, seen: Elsewhere | None) -> Explanation:
    """Did the code move at the other destinations too. The hub itself says nothing."""
    name = "code change"
    if seen is None:
        return Explanation(name, "not testable", "the file holds no other destination of this code")
    d = seen.destinations
    what = "weight" if seen.weighed else "value"
    words = f"at {counted(d, 'other destinations')} its {what} changed {_times(seen.change)} (median)"
    words += f"; {seen.born} of {d} bought it for the first time after the break" if seen.born else ""
    words += f"; {seen.ended} of {d} gave it up" if seen.ended else ""
    share = seen.change / max(float(found.first.y[n]), 0.05) if seen.change >= CHANGED else 0.0
    if seen.born * 2 >= d and not seen.weighed and share > 0:
        share = 1.0  # a code that most had never used is new, by whatever factor the hub's trade rose
    return _graded(
        name,
        share if d >= FEW and (seen.born * 2 >= d or not seen.surging) else min(share, HOLDS - 0.01),
        words,
    )
