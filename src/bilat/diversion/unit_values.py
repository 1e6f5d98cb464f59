# SPDX-License-Identifier: Apache-2.0
"""Weights of the flagged goods: did the quantity move, or only the price; is the unit value odd.

Read in a second, narrow scan: weights are not part of the ranking, and reading them for every pair
would double the first one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bilat.diversion.queries import sql
from bilat.formats.trade.files import Trade

#: Destinations with a weight that a product needs before one of them can be called odd.
LEAST = 5


@dataclass(frozen=True)
class TradedWeights:
    """Of a pair's leg one, what was weighed: log growth of ``value`` and of ``weight``, None
    where one side of the break was not; ``z``: robust z of ln(value/kg) since the break among
    all destinations, None where these are few."""

    value: float | None = None
    weight: float | None = None
    z: float | None = None


def weigh(trade: Trade, products: str) -> dict[tuple[str, str], TradedWeights]:
    """(hub, product) -> the weights of ``products``, codes as SQL has them."""
    goods: dict[str, list[dict[str, float | str]]] = {}
    for row in trade.engine.table(sql("weights").substitute(products=products)).to_pylist():
        goods.setdefault(row["product"], []).append(row)
    out = {}
    for product, rows in goods.items():
        value, then, kilos, kilos_then = (
            np.array([float(r[c] or 0) for r in rows])
            for c in ("value_before", "value_after", "kg_before", "kg_after")
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            grown = np.log(then / value)
            heavier = np.log(kilos_then / kilos)
            unit = np.log(then / kilos_then)
        known = np.isfinite(unit)
        both = np.isfinite(grown) & np.isfinite(heavier)
        middle = float(np.median(unit[known])) if known.any() else 0.0
        spread = (
            1.4826 * float(np.median(np.abs(unit[known] - middle))) if known.sum() >= LEAST else 0.0
        )
        for n, r in enumerate(rows):
            out[str(r["hub"]), product] = TradedWeights(
                float(grown[n]) if both[n] else None,
                float(heavier[n]) if both[n] else None,
                float((unit[n] - middle) / spread) if spread > 0 and known[n] else None,
            )
    return out
