# SPDX-License-Identifier: Apache-2.0
"""What sanctions would cost, as a share of the sales they touch, and the break-even against the
gain.

loss = sales x scope x cut x (1 - deflected x (1 - price cut)). The cut is what the coalition buys
less of the
goods touched; deflected is the part of it that other markets take, cheaper.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bilat.errors import UsageError
from bilat.planning import Assumptions, Quantiles, quantiles_of, stream

#: Scopes of sanctions shown side by side, from a few firms to everything.
SCOPES = (0.01, 0.05, 0.20, 1.0)


@dataclass(frozen=True)
class CutFigure:
    """A published figure that a cut is worked out from: an elasticity, a cut as observed, or what
    is deflected.
    """

    metric: str
    item: str
    value: float
    originator: str


def break_even(gain: float, sales: float, margin_ratio: float = 1.0) -> float:
    """Share of ``sales`` whose loss equals ``gain``, both USD; ``margin_ratio`` weighs a dollar of
    the gain.

    Raises
    ------
    UsageError
        if there are no sales.
    """
    if sales <= 0:
        raise UsageError("the coalition buys nothing of China in the year held: name other states")
    return gain * margin_ratio / sales


def deflected(evidence: Mapping[str, CutFigure]) -> float:
    """Part of a cut that other markets take, as published; 0 where no estimate was public."""
    return max((e.value / 100 for e in evidence.values() if e.metric == "deflection"), default=0.0)


def spread(
    sales: float,
    gain: float,
    assumptions: Assumptions,
    evidence: Mapping[str, CutFigure],
    draws: int,
    seed: int,
) -> dict[float, Quantiles]:
    """Per scope, loss over gain with its 80% interval: elasticity among those published, added cost
    and
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
    cost, cheaper = (
        assumptions[n].draw(stream(n, seed), draws) for n in ("added_cost", "price_cut")
    )
    away = stream("deflected", seed).uniform(0.0, deflected(evidence), draws)
    share = (1 - (1 + cost) ** -elasticity) * (1 - away * (1 - cheaper))
    out = {}
    for scope in sorted({*SCOPES, assumptions("scope")}):
        times = sales * scope * share / (gain * assumptions("margin_ratio"))
        out[scope] = quantiles_of(times)
    return out
