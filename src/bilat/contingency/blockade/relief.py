# SPDX-License-Identifier: Apache-2.0
"""What oil from Russia overland adds: in barrels and in days, the same draws with it and
without.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bilat.contingency.blockade.draws import RUSSIAN, drawn
from bilat.contingency.blockade.inputs import Inputs
from bilat.planning import Assumptions, Quantiles, quantiles_of
from bilat.planning.draws import RUNS


@dataclass(frozen=True)
class Relief:
    """One state of the lines: what they carry, what is short with it, and the days gained over
    none (draws).
    """

    state: str
    overland: float  #: million barrels a day, central
    short: Quantiles
    days: Quantiles
    gained: Quantiles
    replaced: Quantiles  #: share of the shortage without Russian oil that it makes good
    added: Quantiles  #: share of the shortage with today's flow that more than it makes good


def relief(
    inputs: Inputs,
    closed: frozenset[str],
    assumptions: Assumptions,
    draws: int = RUNS,
    seed: int = 1,
) -> list[Relief]:
    """Without Russian overland oil, as it is, with the present lines full, and with a new line."""
    now = sum(inputs.flows.get(n, 0.0) for n in RUSSIAN)
    full = max(now, assumptions("overland_ceiling") - inputs.flows.get("kazakhstan", 0.0))
    new = assumptions("new_line") * assumptions("barrels_per_tonne") / 365.25
    _, (bare,) = drawn(inputs, [closed], assumptions, draws, seed, minus=RUSSIAN)
    numbers, (held,) = drawn(inputs, [closed], assumptions, draws, seed)
    with np.errstate(invalid="ignore"):
        stock = np.where(np.isfinite(bare.days), bare.days * bare.short, np.inf)
    out = []
    for state, more in (
        ("without", None),
        ("as it is", 0.0),
        ("today's pipelines, running full", full - now),
        ("today's flow and a new pipeline", new),
    ):
        short = (
            bare.short
            if more is None
            else np.maximum(0.0, held.short - (1 - numbers["rationing"]) * more)
        )
        days = np.where(short > 1e-9, stock / np.maximum(short, 1e-9), np.inf)
        with np.errstate(invalid="ignore"):
            gained = np.where(np.isfinite(bare.days), days - bare.days, 0.0)
            replaced = np.where(bare.short > 1e-9, 1 - short / np.maximum(bare.short, 1e-9), 0.0)
        eased = np.maximum(held.short - short, 0.0)
        added = eased / np.maximum(held.short, 1e-9)
        rate = 0.0 if more is None else now + more
        out.append(
            Relief(
                state,
                rate,
                quantiles_of(short),
                quantiles_of(days),
                quantiles_of(gained),
                quantiles_of(replaced),
                quantiles_of(added),
            )
        )
    return out
