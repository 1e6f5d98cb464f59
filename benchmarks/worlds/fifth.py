# SPDX-License-Identifier: Apache-2.0
"""A fifth family: monthly consignments of seasonal goods, banned in four stages, that go round through few hubs.

Trade is a count of consignments of uneven size, so that small flows come and go. Some hubs grow with everything, at the
break or before it; neighbours of the target carry most routes, the others one or two. A third of the hubs publish
nothing; with ``one_leg`` nobody but the origins does. Beside the routes stand stocks that a hub buys once, goods that
its own industry uses, and third suppliers that step in. Nothing of :mod:`bilat.diversion` is used here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

ORIGINS = ("DEU", "FRA", "NLD", "SWE", "USA")
TARGET = "RUS"
SINCE = "2022-03"
HUBS = (
    "ARM",
    "KGZ",
    "KAZ",
    "UZB",
    "GEO",
    "AZE",
    "TUR",
    "ARE",
    "SRB",
    "MNG",
    "VNM",
    "THA",
    "IND",
    "EGY",
    "MAR",
    "SAU",
    "MYS",
    "JOR",
)
MARKETS = ("BRA", "MEX", "ZAF", "IDN", "PER", "COL")
OTHERS = ("CHN", "KOR")
MONTHS = tuple(f"{y}-{m:02d}" for y in range(2019, 2024) for m in range(1, 13))
BREAK = MONTHS.index(SINCE)
STAGES = (0, 1, 4, 9)


@dataclass(frozen=True)
class World:
    """``flows``: reporter, partner, product, period, flow, value; ``routes``: (hub, product) -> USD that reached the
    target; ``silent`` hubs publish nothing."""

    flows: pa.Table
    routes: dict[tuple[str, str], float]
    silent: frozenset[str]


def simulate(seed: int, *, one_leg: bool = False, goods: int = 130, routes: int = 55) -> World:
    """One world; the same seed makes the same bytes."""
    rng = np.random.default_rng([seed, 5])
    n = len(MONTHS)
    codes = [
        f"{(84, 85, 87, 90)[k % 4]}{11 + k // 8:02d}{10 * (k // 4 % 2) + k % 4 + 1:02d}"
        for k in range(goods)
    ]
    size = {c: float(rng.lognormal(0, 0.9)) for c in (*ORIGINS, *HUBS, *MARKETS, *OTHERS)}
    size[TARGET] = 9.0
    worth = rng.lognormal(0, 1.3, goods)
    parcel = rng.lognormal(10.2, 0.8, goods)  # USD of a usual consignment
    phase = rng.uniform(0, 12, goods)
    swing = np.where(rng.random(goods) < 0.35, 0.8, 0.15)
    season = np.exp(
        swing[:, None] * np.sin(2 * np.pi * (np.arange(n)[None, :] + phase[:, None]) / 12)
    )
    drift = np.cumsum(rng.normal(0.001, 0.015, (goods, n)), axis=1)
    hub_drift = {
        h: np.cumsum(rng.normal(0.0, 0.012, n)) for h in (*HUBS, *MARKETS, *OTHERS, TARGET)
    }
    for h in rng.choice(HUBS, 3, replace=False).tolist():  # growth of the whole hub
        at = int(rng.choice([BREAK - 14, BREAK + 1, BREAK + 3]))
        hub_drift[h][at:] += rng.uniform(0.4, 1.0)
    silent = frozenset(rng.choice(HUBS, len(HUBS) // 3, replace=False).tolist())

    def flow(a: str, b: str, k: int, scale: float) -> np.ndarray:
        level = 6e4 * scale * size[a] * size[b] * worth[k] * rng.lognormal(0, 0.8)
        own = np.zeros(n)
        for t in range(1, n):
            own[t] = 0.93 * own[t - 1] + rng.normal(0, 0.12)
        mean = level * season[k] * np.exp(drift[k] + hub_drift[b] + own)
        return _parcels(rng, mean, parcel[k])

    trade: dict[tuple[str, str, int], np.ndarray] = {}
    for k in range(goods):
        for b in (*HUBS, *MARKETS, TARGET):
            for a in ORIGINS:
                if rng.random() < 0.7:
                    trade[a, b, k] = flow(a, b, k, 1.0)
            for a in OTHERS:
                trade[a, b, k] = flow(a, b, k, 0.8)
            for a in HUBS:
                if a != b and rng.random() < 0.15:
                    trade[a, b, k] = flow(a, b, k, 0.15)
    stage = {k: BREAK + int(rng.choice(STAGES)) for k in range(goods) if rng.random() < 0.6}
    lost: dict[int, float] = {}
    for k, at in stage.items():
        keep = rng.uniform(0.01, 0.3)
        sellers = [a for a in ORIGINS if (a, TARGET, k) in trade]
        lost[k] = (1 - keep) * sum(
            float(trade[a, TARGET, k][BREAK - 12 : BREAK].mean()) for a in sellers
        )
        for a in sellers:
            trade[a, TARGET, k][at:] *= keep
        a = str(rng.choice((*OTHERS, *HUBS)))
        if (a, TARGET, k) in trade:  # a supplier of its own goods steps in
            trade[a, TARGET, k][at + 3 :] *= rng.uniform(1.5, 4.0)
    for _ in range(60):  # stocks bought once, and industries that open: purchases that stay
        k = int(rng.integers(goods))
        h = str(rng.choice(HUBS))
        a = str(rng.choice(ORIGINS))
        at = int(rng.integers(14, n - 4))
        long = int(rng.choice([2, 4, 20]))
        if (a, h, k) in trade:
            trade[a, h, k][at : at + long] *= rng.uniform(3.0, 9.0)
    near = rng.choice(HUBS, 4, replace=False).tolist()
    found: dict[tuple[str, str], float] = {}
    for _ in range(routes):
        k = int(rng.choice(sorted(lost)))
        h = str(rng.choice(near if rng.random() < 0.7 else HUBS))
        if (h, codes[k]) in found or lost[k] < 4e3:
            continue
        start = stage[k] + int(rng.integers(0, 6))
        mean = np.zeros(n)
        mean[start:] = lost[k] * np.exp(rng.uniform(np.log(0.03), np.log(0.5)))
        mean[start : start + 3] *= (0.2, 0.5, 0.8)[: n - start]
        if rng.random() < 0.2:
            mean[start + 8 :] = 0.0  # closed again
        moved = _parcels(rng, mean, parcel[k])
        if moved.sum() <= 0:
            continue
        seller = str(rng.choice(ORIGINS))
        for key, extra in (
            ((seller, h, k), moved / rng.uniform(0.75, 1.0)),
            ((h, TARGET, k), np.concatenate([[0.0], moved[:-1]]) * rng.uniform(1.02, 1.3)),
        ):
            trade[key] = trade.get(key, np.zeros(n)) + extra
        found[h, codes[k]] = float(moved.sum())
    rows = [
        (a, b, codes[k], MONTHS[t], float(round(v)))
        for (a, b, k), values in sorted(trade.items())
        if a in ORIGINS or not (one_leg or a in silent)
        for t, v in enumerate(values.tolist())
        if v >= 500
    ]
    names = ("reporter", "partner", "product", "period", "value")
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    return World(pa.table({**columns, "flow": ["X"] * len(rows)}), found, silent)


def _parcels(rng: np.random.Generator, mean: np.ndarray, parcel: float) -> np.ndarray:
    """Sums of Poisson counts of consignments of gamma-distributed worth, with ``mean`` USD a month."""
    count = rng.poisson(mean / parcel)
    return np.where(count > 0, rng.gamma(np.maximum(count, 1) * 1.5, parcel / 1.5), 0.0)
