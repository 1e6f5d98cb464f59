# SPDX-License-Identifier: Apache-2.0
"""A made-up file of monthly trade with weights, in which one pair is a route, one a rise in price, and one has legs
that disagree; and sums taken straight from its lines, with which every sentence of a page is compared."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np

ORIGINS, OTHER = ("DEU", "ITA"), "CHN"
HUBS = ("KGZ", "ARM", "GEO", "TUR", "SRB", "VNM", "THA", "MAR", "EGY", "PER", "COL", "UZB")
MARKETS = ("UKR", "MDA", "AZE", "SAU", "JOR")
GOODS = ("848210", "854231", "853690", "870323", "841391", "300490")
PERIODS = tuple(f"{y}-{m:02d}" for y in range(2019, 2024) for m in range(1, 13))
SINCE, FIRST = "2022-03", "2019-03"
ROUTE, PRICE, DISAGREE = ("KGZ", "848210"), ("ARM", "870323"), ("GEO", "841391")


def write(path: Path, seed: int = 1, reporters: tuple[str, ...] | None = None) -> Path:
    """The file; ``reporters``: the states whose reports it holds, by default every seller's."""
    rng = np.random.default_rng(seed)
    lines = ["reporter,partner,product,period,flow,value,quantity"]

    def put(seller: str, buyer: str, goods: str, period: str, value: float, kg: float) -> None:
        flow = (seller, buyer, "X") if reporters is None or seller in reporters else (buyer, seller, "M")
        if reporters is None or flow[0] in reporters:
            lines.append(f"{flow[0]},{flow[1]},{goods},{period},{flow[2]},{value:.0f},{kg:.0f}")

    for goods in GOODS:
        price = float(np.exp(rng.normal(2.5, 0.5)))
        level = {
            (a, b): float(np.exp(rng.normal(12.0, 0.5)))
            for a in (*ORIGINS, OTHER, *HUBS)
            for b in (*HUBS, *MARKETS, "RUS")
        }
        for n, period in enumerate(PERIODS):
            war = period >= SINCE
            for (seller, buyer), size in level.items():
                if seller == buyer or (seller in HUBS and buyer in HUBS):
                    continue
                value = size * float(rng.lognormal(0, 0.2))
                pair = (buyer if seller in ORIGINS else seller, goods)
                dear = 9.0 if war and pair == PRICE and (seller in ORIGINS or buyer == "RUS") else 1.0
                kg = value / price
                if seller in ORIGINS and buyer == "RUS" and war and goods != "300490":
                    value, kg = value * 0.05, kg * 0.05
                if n >= 40 and pair == ROUTE and (seller == "DEU" or (seller == "KGZ" and buyer == "RUS")):
                    extra = 2e6 * (1.0 if seller == "DEU" else 1.1)
                    value, kg = value + extra, kg + extra / price
                if war and pair == DISAGREE:
                    factor = 3.0 if seller in ORIGINS else 0.3 if buyer == "RUS" else 1.0
                    value, kg = value * factor, kg * factor
                put(seller, buyer, goods, period, value * dear, kg)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


class Book:
    """The lines of the file, summed as asked."""

    def __init__(self, path: Path) -> None:
        self.value: dict[tuple[str, str, str], dict[str, float]] = defaultdict(dict)
        self.kilos: dict[tuple[str, str, str], dict[str, float]] = defaultdict(dict)
        with path.open(encoding="utf-8") as f:
            for r in csv.DictReader(f):
                a, b = (r["reporter"], r["partner"]) if r["flow"] == "X" else (r["partner"], r["reporter"])
                self.value[a, b, r["product"]][r["period"]] = float(r["value"])
                self.kilos[a, b, r["product"]][r["period"]] = float(r["quantity"])

    def flow(
        self, sellers: tuple[str, ...], buyers: tuple[str, ...], goods: str, *, kilos: bool = False
    ) -> tuple[float, float]:
        """(before, scaled month by month to the window; since)."""
        table, before, since = (self.kilos if kilos else self.value), 0.0, 0.0
        after = [p for p in PERIODS if p >= SINCE]
        base = [p for p in PERIODS if FIRST <= p < SINCE]
        for a in sellers:
            for b in buyers:
                held = table.get((a, b, goods), {})
                since += sum(held.get(p, 0.0) for p in after)
                for p in after:
                    same = [q for q in base if q[5:] == p[5:]]
                    before += sum(held.get(q, 0.0) for q in same) / len(same)
        return before, since
