# SPDX-License-Identifier: Apache-2.0
"""What sanctions would cost, as a share of the sales they touch, and the break-even against the gain.

loss = sales x scope x cut x (1 - deflected x (1 - price cut)). The cut is what the coalition buys less of the
goods touched; deflected is the part of it that other markets take, cheaper.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bilat.errors import UsageError
from bilat.planning import Assumptions, Quantiles, median_of, stream

#: Scopes of sanctions shown side by side, from a few firms to everything.
SCOPES = (0.01, 0.05, 0.20, 1.0)


@dataclass(frozen=True)
class CutFigure:
    """A published figure that a cut is worked out from: an elasticity, a cut as observed, or what is deflected."""

    metric: str
    item: str
    value: float
    originator: str


@dataclass(frozen=True)
class Boycott:
    """A share of the goods touched that the coalition would no longer buy, and where it comes from."""

    name: str
    share: float
    source: str


@dataclass(frozen=True)
class Loss:
    """One scope with one cut: loss in USD with deflection as published (low) and with none (high); as
    multiples of the gain; ``break_even`` the scope at which the high loss equals the gain (above 1: never)."""

    scope: float
    cut: str
    low: float
    high: float
    low_times: float
    high_times: float
    break_even: float


def cut_by_elasticity(added_cost: float, elasticity: float) -> float:
    """Share no longer sold when a price rises by ``added_cost`` (a share): 1 - (1 + added_cost)^-elasticity."""
    return float(1 - (1 + added_cost) ** -elasticity)


def lost_share(cut: float, deflected: float, price_cut: float) -> float:
    """Share of the goods' value that is lost when part of the cut goes to other markets, cheaper."""
    return cut * (1 - deflected * (1 - price_cut))


def break_even(gain: float, sales: float, margin_ratio: float = 1.0) -> float:
    """Share of ``sales`` whose loss equals ``gain``, both USD; ``margin_ratio`` weighs a dollar of the gain.

    Raises
    ------
    UsageError
        if there are no sales.
    """
    if sales <= 0:
        raise UsageError("the coalition buys nothing of China in the year held: name other states")
    return gain * margin_ratio / sales


def cuts(p: Assumptions, evidence: Mapping[str, CutFigure]) -> list[Boycott]:
    """Every cut with its source: observed, by each elasticity at the user's added cost, and a full stop."""
    out = []
    for key, e in evidence.items():
        if e.metric == "loss_of_targeted":
            out.append(Boycott(f"as observed: {e.item}", e.value / 100, f"{e.originator} ({key})"))
        elif e.metric == "elasticity":
            share = cut_by_elasticity(p("added_cost"), e.value)
            name = f"{100 * p('added_cost'):.0f}% dearer, {e.item} ({e.value:g})"
            out.append(Boycott(name, share, f"{e.originator} ({key}); the added cost is the user's"))
    out.sort(key=lambda c: c.share)
    return [*out, Boycott("shut out", 1.0, "by definition: a blocked firm sells nothing there")]


def deflected(evidence: Mapping[str, CutFigure]) -> float:
    """Part of a cut that other markets take, as published; 0 where no estimate was public."""
    return max((e.value / 100 for e in evidence.values() if e.metric == "deflection"), default=0.0)


def losses(sales: float, gain: float, p: Assumptions, evidence: Mapping[str, CutFigure]) -> list[Loss]:
    """Every scope with every cut."""
    away, cheaper = deflected(evidence), p("price_cut")
    weighed = gain * p("margin_ratio")
    out = []
    for scope in sorted({*SCOPES, p("scope")}):
        for c in cuts(p, evidence):
            low, high = (sales * scope * lost_share(c.share, d, cheaper) for d in (away, 0.0))
            even = weighed / (sales * c.share) if c.share else float("inf")
            out.append(
                Loss(scope, c.name, low, high, low / weighed, high / weighed, even)
                if weighed > 0
                else Loss(scope, c.name, low, high, float("inf"), float("inf"), 0.0)
            )
    return out


def spread(
    sales: float,
    gain: float,
    p: Assumptions,
    evidence: Mapping[str, CutFigure],
    draws: int,
    seed: int,
) -> dict[float, Quantiles]:
    """Per scope, loss over gain with its 80% interval: elasticity among those published, added cost and
    price cut uniform in their ranges, deflection uniform from none to the published share.

    Raises
    ------
    UsageError
        for a number of draws that is too small or too large.
    """
    if not 100 <= draws <= 10_000_000:
        raise UsageError(f"`draws` {draws}: write a number from 100 to 10000000")
    known = [e.value for e in evidence.values() if e.metric == "elasticity"]
    if not known or gain <= 0:
        return {}
    elasticity = stream("elasticity", seed).choice(np.asarray(known), draws)
    cost, cheaper = (p[n].draw(stream(n, seed), draws) for n in ("added_cost", "price_cut"))
    away = stream("deflected", seed).uniform(0.0, deflected(evidence), draws)
    share = (1 - (1 + cost) ** -elasticity) * (1 - away * (1 - cheaper))
    out = {}
    for scope in sorted({*SCOPES, p("scope")}):
        times = sales * scope * share / (gain * p("margin_ratio"))
        out[scope] = median_of(times)
    return out


def swing(sales: float, p: Assumptions, evidence: Mapping[str, CutFigure]) -> list[tuple[str, float]]:
    """Each input moved from its low to its high, the others at their values: how many times the loss grows.

    The elasticity runs over those published, deflection from the published share to none.
    """
    known = sorted(e.value for e in evidence.values() if e.metric == "elasticity")
    if not known:
        return []
    middle, away = known[len(known) // 2], deflected(evidence)

    def loss(scope: float, cost: float, elasticity: float, cheaper: float, gone: float) -> float:
        return sales * scope * lost_share(cut_by_elasticity(cost, elasticity), gone, cheaper)

    at = (p("scope"), p("added_cost"), middle, p("price_cut"), away / 2)
    ends = {
        "scope": (0, p["scope"].low, p["scope"].high),
        "added_cost": (1, p["added_cost"].low, p["added_cost"].high),
        "elasticity": (2, known[0], known[-1]),
        "price_cut": (3, p["price_cut"].low, p["price_cut"].high),
        "deflection": (4, away, 0.0),
    }
    out = []
    for name, (i, low, high) in ends.items():
        a, b = (loss(*(v if j == i else w for j, w in enumerate(at))) for v in (low, high))
        out.append((name, b / a if a > 0 else float("inf")))
    return sorted(out, key=lambda s: -s[1])
