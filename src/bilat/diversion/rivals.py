# SPDX-License-Identifier: Apache-2.0
"""The other explanations of a flag, each tested on the same rows and named beside it.

A test answers ``holds`` (it explains at least three quarters of the rise), ``in part`` (at least a third),
``rejected`` or ``not testable``, with the figures it rests on. A rival that holds does not delete a flag: it
is printed with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bilat.diversion.answer import Rival
from bilat.diversion.controls import growth
from bilat.diversion.legs import WORLD
from bilat.diversion.pairs import Leg, Screened
from bilat.diversion.silence import Missing, Presence
from bilat.diversion.unit_values import Weights
from bilat.goods.baskets import splices, successors

NAMES = (
    "price", "re-export habit", "hub's own growth", "code change", "partial or late reporting",
    "transit recording",
)  # fmt: skip

#: Shares of a rise (of its logarithm, or of the excess where that is said) that a rival must explain.
HOLDS, IN_PART = 0.75, 0.35
#: A code whose trade elsewhere grew less than this is not changed, whatever the hub did.
CHANGED = float(np.log(1.5))
#: Destinations below which a median is one country's trade: then a change of code is told, never sure.
FEW = 3
#: A missing part of either side of the break that leaves too little to compare.
MUCH_MISSING = 0.25


@dataclass(frozen=True)
class RouteRecords:
    """What the rivals are tested against beside the legs; ``mirror``: (hub, product) -> change of the gap."""

    weights: Weights
    mirror: dict[tuple[str, str], float] = field(default_factory=dict)
    joined: dict[str, str] = field(default_factory=dict)  #: later code -> earlier code, as joined in the file
    surging: frozenset[str] = frozenset()  #: hubs that surge: no witness of what became of a code
    presence: Presence = field(default_factory=Presence)


def _graded(share: float) -> str:
    return "holds" if share >= HOLDS else "in part" if share >= IN_PART else "rejected"


def _times(log: float) -> str:
    times = float(np.exp(log))
    return f"{times:.1f} times" if times < 100 else f"{times:,.0f} times"


def _grew(flow: tuple[float, float]) -> str:
    """Growth as a reader would work it out from the two values; the tests themselves add the offset to both."""
    before, after = flow
    if before <= 0:
        return "from none" if after > 0 else "none before or since"
    return _times(float(np.log(max(after, 1e-9) / before)))


def rivals(found: Screened, n: int, records: RouteRecords) -> list[Rival]:
    """Every rival explanation of the n-th pair, in the order of :data:`NAMES`."""
    return [
        _price(found, n, records.weights),
        _habit(found, n),
        _own_growth(found, n),
        _code_change(found, n, records),
        _reporting(found, n, records.presence),
        _transit(found, n, records.mirror.get(_pair(found, n))),
    ]


def _pair(found: Screened, n: int) -> tuple[str, str]:
    return found.legs.hubs[int(found.hub[n])], found.legs.products[int(found.product[n])]


def _price(found: Screened, n: int, weights: Weights) -> Rival:
    """Did the value grow and the weight not. One leg that the price explains is enough: both must exceed."""
    hub, product = _pair(found, n)
    shares: list[float] = []
    words: list[str] = []
    for leg, told, judged in (("in", "into the hub", found.first), ("out", "out of the hub", found.second)):
        if leg == "out" and not found.two[n]:
            continue
        if judged.before[n] <= 0:
            verb = "bought none" if leg == "in" else "sold the target none"
            words.append(f"the hub {verb} before, and a price makes no trade out of none")
            shares.append(0.0)
            continue
        grown = weights.growth(leg, hub, product)
        if grown is None:
            continue
        value, weight = grown
        above = value - float(judged.location[n])
        words.append(f"{told} value grew {_times(value)}, weight {_times(weight)}")
        shares.append(min(1.0, max(0.0, (value - weight) / above)) if above > 0.05 else 0.0)
    if not shares:
        return Rival("price", "not testable", "no weights on both sides of the break")
    return Rival("price", _graded(max(shares)), "; ".join(words))


def _bought(found: Screened, n: int) -> tuple[float, float]:
    """What the hub bought of the product from everybody, before and after."""
    at = found.row_in[n]
    rest = (float(found.legs.inward[c][at]) for c in ("rest_before", "rest_after"))
    before, after = rest
    return float(found.first.before[n]) + before, float(found.first.after[n]) + after


def _elsewhere(found: Screened, n: int) -> tuple[float, float] | None:
    """What the hub sold of the product to the decoys, before and after; None where too little to compare."""
    sold = found.elsewhere.get((int(found.hub[n]), int(found.product[n])))
    return sold if sold is not None and max(sold) > 5 * found.first.offset else None


def _markets(found: Screened, n: int) -> int:
    """How many of the placebo markets the hub can sell to: all but itself."""
    return sum(d != _pair(found, n)[0] for d in found.legs.decoys)


def _habit(screened: Screened, n: int) -> Rival:
    """Did the hub sell on the share that it always sold on. A habit shows at its other markets as well."""
    name = "re-export habit"
    if not screened.two[n]:
        return Rival(name, "not testable", "what the hub sold to the target is not in the file")
    bought = _bought(screened, n)
    sold = float(screened.second.before[n]), float(screened.second.after[n])
    if sold[0] <= 0:
        return Rival(name, "rejected", "the hub did not sell this product to the target before")
    if bought[0] <= 0:
        return Rival(name, "rejected", "the hub did not buy this product before")
    if sold[1] <= sold[0]:
        return Rival(name, "rejected", "what the hub sold to the target did not rise")
    habit = sold[0] / bought[0]
    expected = min(sold[1], habit * bought[1])
    share = max(0.0, expected - sold[0]) / (sold[1] - sold[0])
    told = (
        f"before the break it sold the target {habit:.1%} of what it bought from everybody; "
        f"that share explains {share:.0%} of the rise"
    )
    c = screened.first.offset
    other = _elsewhere(screened, n)
    if share >= IN_PART and other is not None:
        more = float(np.log((bought[1] + c) / (bought[0] + c)))
        grown = float(np.log((other[1] + c) / (other[0] + c)))
        share = min(share, max(0.0, grown) / max(more, 0.05))
        markets = _markets(screened, n)
        told += f"; its purchases grew {_grew(bought)}, its sales to {markets} other markets {_grew(other)}"
    return Rival(name, _graded(share), told)


def _own_growth(screened: Screened, n: int) -> Rival:
    """Did the hub trade more of the product with everybody, beyond what the product grew at other destinations.

    Of two legs both must have grown with others: a route needs both, so one that did not grow rejects a boom.
    """
    legs, name = screened.legs, "hub's own growth"
    c, at = screened.first.offset, screened.row_in[n]
    rest = float(legs.inward["rest_before"][at]), float(legs.inward["rest_after"][at])
    words, shares = [], []
    rise = float(growth(screened.first.before[n], screened.first.after[n], c))
    seen = _at_others(screened, n)
    common = max(0.0, seen.change) if seen is not None and seen.destinations >= FEW else 0.0
    if max(rest) > 5 * c:
        other = float(np.log((rest[1] + c) / (rest[0] + c)))
        bought = float(screened.first.before[n]), float(screened.first.after[n])
        words.append(f"bought from other suppliers {_grew(rest)}, from the origins {_grew(bought)} as much")
        shares.append(max(0.0, other - common) / max(rise, 0.05))
    if screened.two[n] and _markets(screened, n) and (sales := _elsewhere(screened, n)) is not None:
        other = float(np.log((sales[1] + c) / (sales[0] + c)))
        sold = float(growth(screened.second.before[n], screened.second.after[n], c))
        to_it = float(screened.second.before[n]), float(screened.second.after[n])
        words.append(
            f"sold to {_markets(screened, n)} other markets {_grew(sales)}, to the target {_grew(to_it)}"
        )
        shares.append(max(0.0, other - common) / max(sold, 0.05))
    if shares and common >= CHANGED:
        words.append(f"at other destinations the product grew {_times(common)} too")
    if not shares and "other goods to the same hub" in screened.first.basis:
        other = float(screened.first.location[n])
        words.append(
            f"the origins sold the hub {_times(other)} as much of other goods, {_times(rise)} as much of this"
        )
        shares.append(max(0.0, other) / max(rise, 0.05))
    if not shares:
        return Rival(name, "not testable", "the file holds no other partner of the hub for this product")
    return Rival(name, _graded(min(1.0, min(shares))), "; ".join(words))


@dataclass(frozen=True)
class Elsewhere:
    """A product at the destinations but the hub and the target: how many traded it, the median log growth of their
    purchases from everybody, how many bought it first after the break, and only before."""

    destinations: int
    change: float
    born: int
    ended: int
    weighed: bool = False


def _at_others(found: Screened, n: int, records: RouteRecords | None = None) -> Elsewhere | None:
    """None where no other destination holds the code. With at least half of them weighed, weights are compared, so
    that a price that rose everywhere is no change of code."""
    d, c = found.legs.inward, found.first.offset
    rows = np.flatnonzero((d["product"] == found.product[n]) & (d["hub"] != found.hub[n]))
    rows = rows[np.array([found.legs.hubs[h] != WORLD for h in d["hub"][rows]], dtype=bool)]
    if records:
        calm = np.array([found.legs.hubs[h] not in records.surging for h in d["hub"][rows]], dtype=bool)
        rows = rows[calm] if calm.sum() >= FEW else rows
    before, after = (d[x][rows] + d[f"rest_{x}"][rows] for x in ("before", "after"))
    counted = np.maximum(before, after) > c
    if not counted.any():  # consignments below the offset say nothing of a code, unless there is nothing else
        counted = before + after > 0
    if not counted.any():
        return None
    before, after, who = before[counted], after[counted], d["hub"][rows][counted]
    logs = np.log((after + c) / (before + c))
    born, ended = int(((before <= 0) & (after > 0)).sum()), int((after <= 0).sum())
    product = _pair(found, n)[1]
    held = records.weights if records else Weights({}, {})
    grown = [held.growth("in", found.legs.hubs[h], product) for h in who.tolist()]
    weighed = 2 * sum(g is not None for g in grown) >= len(grown)
    if weighed:
        logs = np.array([log if g is None else g[1] for log, g in zip(logs.tolist(), grown, strict=True)])
    return Elsewhere(len(before), float(np.median(logs)), born, ended, weighed)


def _code_change(screened: Screened, n: int, records: RouteRecords) -> Rival:
    """Did the code move at the other destinations too. The hub itself says nothing."""
    name = "code change"
    spliced = _splice(_pair(screened, n)[1], records.joined)
    seen = _at_others(screened, n, records)
    if seen is None:
        return Rival(
            name, "not testable", _joined("the file holds no other destination of this code", spliced)
        )
    d = seen.destinations
    some = f"{d} other destination{'s' if d != 1 else ''}"
    words = f"at {some} its {'weight' if seen.weighed else 'value'} changed {_times(seen.change)} (median)"
    if seen.born:
        words += f"; {seen.born} of {d} bought it for the first time after the break"
    if seen.ended:
        words += f"; {seen.ended} of {d} gave it up"
    rise = float(growth(screened.first.before[n], screened.first.after[n], screened.first.offset))
    share = seen.change / max(rise, 0.05) if seen.change >= CHANGED else 0.0
    if seen.born * 2 >= d and not seen.weighed and share > 0:
        share = 1.0  # a code that most had never used is new, by whatever factor the hub's trade rose
    verdict = _graded(share)
    if verdict == "holds" and d < FEW:
        verdict = "in part"
    return Rival(name, verdict, _joined(words, spliced))


def _splice(product: str, joined: dict[str, str]) -> str:
    """What the revision of 2022 did with the code, and whether both sides are joined in this file."""
    code = product[:6]
    became, came = successors().get(code, ()), splices().get(code)
    there = [later for later in became if joined.get(later) == code]
    if there:
        rest = ", ".join(x for x in became if x not in there)
        return f"{code} became {', '.join(became)} in HS2022; both sides are joined under {code}" + (
            f"; {rest} not in this file" if rest else ""
        )
    if became:
        return f"{code} became {', '.join(became)} in HS2022, not in this file: not joined"
    return f"{code} came out of {came} in HS2022, which is not in this file: not joined" if came else ""


def _joined(told: str, spliced: str) -> str:
    return f"{told}; {spliced}" if spliced else told


def _few(periods: Sequence[str], most: int = 4) -> str:
    more = len(periods) - most
    return ", ".join(periods[:most]) + (f" and {more} more" if more > 0 else "")


def _reporting(found: Screened, n: int, presence: Presence) -> Rival:
    """Would the periods in which the hub stands nowhere, read as no trade, make the rise."""
    name = "partial or late reporting"
    hub, _ = _pair(found, n)
    words, shares, doubt = [], [0.0], False
    sides: list[tuple[str, str, Leg]] = [("importer", "buyer", found.first)]
    if found.two[n]:
        sides.append(("exporter", "seller", found.second))
    for side, role, leg in sides:
        missing = presence.of(side, hub)
        if not (missing.before or missing.after):
            continue
        rise = float(growth(leg.before[n], leg.after[n], leg.offset))
        words.append(f"as {role} it has no rows in {_told(missing)}")
        doubt |= missing.share > MUCH_MISSING
        if not missing.none_before:
            shares.append(missing.explains() / max(rise, 0.05))
    if not words:
        return Rival(name, "rejected", "the hub's rows are there in every period")
    verdict = _graded(max(shares))
    if verdict == "rejected" and doubt:
        verdict = "in part"
    return Rival(name, verdict, "; ".join(words))


def _told(missing: Missing) -> str:
    periods = (*missing.before, *missing.after)
    counted = f"{len(missing.before)} of {missing.pre} before, {len(missing.after)} of {missing.post} since"
    told = f"{_few(periods)} ({counted})"
    return told + (": left out, the rest scaled up" if missing.scaled else ": read as no trade")


def _transit(found: Screened, n: int, mirror: float | None) -> Rival:
    """How much of the excess into the hub never arrives in the hub's own books."""
    name = "transit recording"
    if mirror is None:
        return Rival(name, "not testable", "only one side's reports of the first leg are held")
    after, expected = float(found.first.after[n]), float(found.first.expected[n])
    excess = after - expected
    told = f"the hub's record against the origins' moved by {mirror:+.2f} (log) from its own earlier years"
    if excess <= 0:
        return Rival(name, "rejected", f"{told}; there is no excess to explain")
    share = min(1.0, max(0.0, after * (1 - float(np.exp(min(mirror, 0.0)))) / excess))
    if share >= IN_PART:
        told += f": {share:.0%} of the excess declared for the hub does not arrive in its books"
    return Rival(name, _graded(share), told)
