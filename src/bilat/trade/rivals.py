# SPDX-License-Identifier: Apache-2.0
"""The other explanations of a flag, each tested on the same rows and named beside it.

A test answers ``holds`` (it explains the flag as well), ``in part``, ``rejected`` or ``not testable``,
with the figures it rests on. A rival that holds does not delete a flag: it is printed with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bilat.trade import counterfactual as cf
from bilat.trade.baskets import successors
from bilat.trade.screen import Screened
from bilat.trade.weights import Weights

NAMES = (
    "price", "re-export habit", "hub's own growth", "code change", "partial or late reporting",
    "transit recording",
)  # fmt: skip


@dataclass(frozen=True)
class Rival:
    """One explanation, its verdict, and the figures in words."""

    name: str
    verdict: str
    because: str

    def plain(self) -> dict[str, str]:
        return {"name": self.name, "verdict": self.verdict, "because": self.because}


def _graded(share: float) -> str:
    return "holds" if share >= 0.75 else "in part" if share >= 0.35 else "rejected"


def _times(log: float) -> str:
    return f"{np.exp(log):.1f} times"


def rivals(found: Screened, n: int, mirror: float | None, weights: Weights) -> list[Rival]:
    """Every rival explanation of the n-th pair, in the order of :data:`NAMES`."""
    return [
        _price(found, n, weights),
        _habit(found, n),
        _own_growth(found, n),
        _code_change(found, n),
        _reporting(found, n),
        _transit(mirror),
    ]


def _price(found: Screened, n: int, weights: Weights) -> Rival:
    pair = found.legs.hubs[int(found.hub[n])], found.legs.products[int(found.product[n])]
    shares = []
    words = []
    for leg, told, judged in (("in", "into the hub", found.first), ("out", "out of the hub", found.second)):
        grown = weights.growth(leg, *pair)
        if grown is None or judged is None:
            continue
        value, weight = grown
        above = value - float(judged.location[n])
        if above <= 0.05:
            continue
        shares.append(min(1.0, max(0.0, (value - weight) / above)))
        words.append(f"{told} value grew {_times(value)}, weight {_times(weight)}")
    if not shares:
        return Rival("price", "not testable", "no weights on both sides of the break")
    return Rival("price", _graded(max(shares)), "; ".join(words))


def _habit(found: Screened, n: int) -> Rival:
    if found.second is None:
        return Rival("re-export habit", "not testable", "what the hub sold to the target is not in the file")
    bought = float(found.first.before[n]), float(found.first.after[n])
    sold = float(found.second.before[n]), float(found.second.after[n])
    if sold[0] <= 0:
        return Rival("re-export habit", "rejected", "the hub did not sell this product to the target before")
    if bought[0] <= 0:
        return Rival(
            "re-export habit", "rejected", "the hub did not buy this product from the origins before"
        )
    habit = sold[0] / bought[0]
    expected = min(sold[1], habit * bought[1])
    share = max(0.0, expected - sold[0]) / max(1.0, sold[1] - sold[0])
    told = (
        f"before the break it sold the target {habit:.1%} of what it bought; "
        f"that share explains {share:.0%} of the rise"
    )
    return Rival("re-export habit", _graded(min(share, 1.0)), told)


def _own_growth(found: Screened, n: int) -> Rival:
    legs = found.legs
    c = found.first.offset
    rest = (
        float(legs.inward["rest_before"][found.row_in[n]]),
        float(legs.inward["rest_after"][found.row_in[n]]),
    )
    words, shares = [], []
    rise = float(cf.growth(found.first.before[n], found.first.after[n], c))
    if max(rest) > 5 * c:
        other = float(np.log((rest[1] + c) / (rest[0] + c)))
        words.append(f"bought from other suppliers {_times(other)}, from the origins {_times(rise)} as much")
        shares.append(max(0.0, other) / max(rise, 0.05))
    if found.second is not None and len(legs.decoys):
        before, after = found.elsewhere.get((int(found.hub[n]), int(found.product[n])), (0.0, 0.0))
        if max(before, after) > 5 * c:
            other = float(np.log((after + c) / (before + c)))
            sold = float(cf.growth(found.second.before[n], found.second.after[n], c))
            words.append(
                f"sold to {len(legs.decoys)} other markets {_times(other)}, to the target {_times(sold)}"
            )
            shares.append(max(0.0, other) / max(sold, 0.05))
    if not shares:
        return Rival(
            "hub's own growth", "not testable", "the file holds no other partner of the hub for this product"
        )
    return Rival("hub's own growth", _graded(min(1.0, min(shares))), "; ".join(words))


def _code_change(found: Screened, n: int) -> Rival:
    code = found.legs.products[int(found.product[n])]
    became = successors().get(code[:6])
    total = [float(t[int(found.product[n])]) for t in found.product_totals]
    jump = total[1] / total[0] if total[0] > 0 else float("inf")
    if became:
        return Rival("code change", "rejected",
                     f"{code} became {', '.join(became)} in HS2022; both sides are joined under {code}")  # fmt: skip
    if jump > 4 or jump < 0.25:
        return Rival(
            "code change",
            "in part",
            f"all importers' trade in this code changed {jump:.1f} times: see its history",
        )
    return Rival("code change", "rejected", f"all importers' trade in this code changed {jump:.1f} times")


def _reporting(found: Screened, n: int) -> Rival:
    hub = found.legs.hubs[int(found.hub[n])]
    gaps = [f"{side} {p}" for c, side, p in found.legs.span.gaps if c == hub]
    if gaps:
        return Rival("partial or late reporting", "in part",
                     f"no figures as {', '.join(gaps[:4])}: left out, the rest scaled up")  # fmt: skip
    return Rival("partial or late reporting", "rejected", "the hub's rows are there in every period")


def _transit(mirror: float | None) -> Rival:
    if mirror is None:
        return Rival("transit recording", "not testable", "only one side's reports of the first leg are held")
    told = f"the hub's record against the origins' moved by {mirror:+.2f} (log) from its own earlier years"
    if mirror < -0.35:
        return Rival(
            "transit recording", "holds", f"{told}: goods declared for the hub do not arrive in its books"
        )
    return Rival("transit recording", "rejected", told)
