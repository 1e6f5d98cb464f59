# SPDX-License-Identifier: Apache-2.0
"""What oil from Russia overland adds: in days, and in barrels, which is not the same thing."""

from __future__ import annotations

from dataclasses import dataclass

from bilat.contingency.blockade.closed_form import solve
from bilat.contingency.blockade.inputs import Inputs
from bilat.contingency.blockade.monthly import DAYS
from bilat.contingency.parameters import Parameters

RUSSIAN = ("russia_pipe", "russia_via_kazakhstan")


@dataclass(frozen=True)
class Relief:
    """One state of the lines. ``unmet`` is million barrels over the horizon, stock drawn first.

    ``saved`` is unmet without any Russian overland oil less ``unmet``.
    """

    state: str
    overland: float
    short: float
    days: float
    unmet: float
    saved: float


def unmet_over(short: float, stock: float, months: int) -> float:
    """Million barrels that a shortage leaves unmet in so many months, when the stock is drawn first."""
    return max(0.0, short * DAYS * months - stock)


def relief(inputs: Inputs, closed: frozenset[str], p: Parameters, months: int, stock: float) -> list[Relief]:
    """Without Russian overland oil, as it is, with the present lines full, and with a new line.

    ``stock`` is what can be drawn, million barrels.
    """
    now = sum(inputs.flows.get(n, 0.0) for n in RUSSIAN)
    full = max(now, p("overland_ceiling") - inputs.flows.get("kazakhstan", 0.0))
    new = p("new_line") * p("barrels_per_tonne") / 365.25
    rates = {
        "without": 0.0, "as it is": now, "present lines full": full, "as it is and a new line": now + new,
    }  # fmt: skip
    out: list[Relief] = []
    bare = 0.0
    for state, rate in rates.items():
        extra = {n: -inputs.flows.get(n, 0.0) for n in RUSSIAN} if rate < now else {"russia_pipe": rate - now}
        case = solve(inputs, closed, p, extra=extra)
        unmet = unmet_over(case.short, stock, months)
        bare = unmet if state == "without" else bare
        out.append(Relief(state, rate, case.short, case.days(stock), unmet, bare - unmet))
    return out
