# SPDX-License-Identifier: Apache-2.0
"""Weights of the flagged products: did the quantity move, or only the price; is the unit value odd.

Read in a second, narrow scan: weights are not part of the ranking, and reading them for every pair would
double the first one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bilat.diversion.queries import codes_of, literals, sql
from bilat.formats.trade.files import Trade

#: Destinations with a weight that a product needs before one of them can be called odd.
LEAST = 5


@dataclass(frozen=True)
class TradedWeights:
    """(leg, hub, product) -> (value before, after; kg before, after) of what was weighed."""

    held: dict[tuple[str, str, str], tuple[float, float, float, float]]
    scores: dict[tuple[str, str], float]

    def growth(self, leg: str, hub: str, product: str) -> tuple[float, float] | None:
        """(log growth of value, of weight) of one leg; None where it was not weighed on both sides."""
        found = self.held.get((leg, hub, product))
        if found is None or min(found) <= 0:
            return None
        return float(np.log(found[1] / found[0])), float(np.log(found[3] / found[2]))

    def z(self, hub: str, product: str) -> float | None:
        """Robust z of ln(value/kg) of the hub's purchases after the break, among all destinations."""
        return self.scores.get((hub, product))


def weigh(trade: Trade, products: set[str]) -> TradedWeights:
    """Read the weights of some products (HS codes as the legs have them)."""
    if not products:
        return TradedWeights({}, {})
    rows = trade.engine.table(
        sql("weights").substitute(products=literals(codes_of(trade, products)))
    ).to_pylist()
    held = {}
    for r in rows:
        value, then, kilos, kilos_then = (
            float(r[c] or 0) for c in ("weighed_before", "weighed_after", "kg_before", "kg_after")
        )
        held[r["leg"], trade.country(r["hub"]), trade.product(r["product"])] = value, then, kilos, kilos_then
    return TradedWeights(held, _scores(held))


def _scores(
    held: dict[tuple[str, str, str], tuple[float, float, float, float]],
) -> dict[tuple[str, str], float]:
    by: dict[str, list[tuple[str, float]]] = {}
    for (leg, hub, product), (_, value, _, kilos) in held.items():
        if leg == "in" and value > 0 and kilos > 0:
            by.setdefault(product, []).append((hub, float(np.log(value / kilos))))
    scores = {}
    for product, units in by.items():
        if len(units) < LEAST:
            continue
        values = np.array([u for _, u in units])
        mad = float(np.median(np.abs(values - np.median(values))))
        if mad > 0:
            for (hub, _), z in zip(units, (values - np.median(values)) / (1.4826 * mad), strict=True):
                scores[hub, product] = float(z)
    return scores
