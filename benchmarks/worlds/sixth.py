# SPDX-License-Identifier: Apache-2.0
"""A sixth family: yearly reports of importers, kept until an estimator is settled and looked at once.

Every flow has a life of its own (born, growing, dying), sizes have the tail of a Pareto law, entrepots resell a steady
share of all they buy, and the target and two hubs in five publish nothing, so that what a hub sold on is seen only
where it reports its exports. Goods are banned in 2022 and 2023; routes are sold by hubs of every kind. Nothing of
:mod:`bilat.diversion` is used here.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from worlds.fifth import World

ORIGINS = ("DEU", "FRA", "ITA", "GBR", "JPN", "USA")
TARGET = "RUS"
SINCE = "2022"
HUBS = (
    "ARM",
    "KGZ",
    "KAZ",
    "UZB",
    "GEO",
    "TUR",
    "ARE",
    "SRB",
    "MNG",
    "VNM",
    "THA",
    "IND",
    "EGY",
    "MAR",
    "ISR",
    "SAU",
    "MYS",
    "JOR",
    "KWT",
    "ALB",
    "MKD",
    "SGP",
)
MARKETS = ("BRA", "MEX", "ZAF", "IDN", "CHL")
OTHERS = ("CHN", "KOR", "BGD")
YEARS = tuple(range(2016, 2025))


def simulate(seed: int, goods: int = 260, routes: int = 70) -> World:
    """One world; the same seed makes the same bytes."""
    rng = np.random.default_rng([seed, 6])
    n = len(YEARS)
    states = (*ORIGINS, *HUBS, *MARKETS, *OTHERS, TARGET)
    codes = [f"{72 + k % 20}{10 + k // 40:02d}{10 + k // 20 % 2:02d}" for k in range(goods)]
    mass = {c: float((1 - rng.random()) ** -0.7) for c in states}
    mass[TARGET] = 8.0
    worth = (1 - rng.random(goods)) ** -0.8
    world = np.cumsum(rng.normal(0.02, 0.12, (goods, n)), axis=1)
    buyer = {c: np.cumsum(rng.normal(0.02, 0.08, n)) for c in states}
    trade: dict[tuple[str, str, int], np.ndarray] = {}
    for k in range(goods):
        for a in (*ORIGINS, *OTHERS, *HUBS):
            for b in (*HUBS, *MARKETS, TARGET):
                if a == b or rng.random() > (0.6 if a not in HUBS else 0.12):
                    continue
                level = (
                    3e4
                    * mass[a]
                    * mass[b]
                    * worth[k]
                    * rng.lognormal(0, 1.2)
                    * (0.2 if a in HUBS else 1.0)
                )
                own = np.cumsum(rng.standard_t(3, n) * 0.22)
                alive = np.ones(n)
                if rng.random() < 0.35:
                    alive[: int(rng.integers(0, n))] = 0.0
                if rng.random() < 0.25:
                    alive[int(rng.integers(1, n + 1)) :] = 0.0
                trade[a, b, k] = level * np.exp(np.clip(world[k] + buyer[b] + own, -3, 3)) * alive
    for h in rng.choice(HUBS, 4, replace=False).tolist():  # entrepots
        for k in range(goods):
            bought = (
                sum(v for (_, b, g), v in trade.items() if b == h and g == k)
                if rng.random() < 0.3
                else 0.0
            )
            if np.any(bought):
                for b in rng.choice((*MARKETS, TARGET, *HUBS), 4, replace=False).tolist():
                    if b != h:
                        _add(
                            trade,
                            (h, b, k),
                            rng.uniform(0.02, 0.15) * bought * rng.lognormal(0, 0.2, n),
                        )
    at = {
        k: YEARS.index(2022) + int(rng.random() < 0.3) for k in range(goods) if rng.random() < 0.5
    }
    lost: dict[int, float] = {}
    for k, start in at.items():
        keep = rng.uniform(0.02, 0.35)
        sellers = [a for a in ORIGINS if (a, TARGET, k) in trade]
        lost[k] = (1 - keep) * sum(float(trade[a, TARGET, k][3:6].mean()) for a in sellers)
        for a in sellers:
            trade[a, TARGET, k][start:] *= keep
        for a in rng.choice((*OTHERS, *HUBS), 3, replace=False).tolist():  # others make it too
            if (a, TARGET, k) in trade:
                trade[a, TARGET, k][start:] *= rng.uniform(1.2, 3.5)
            elif rng.random() < 0.1:
                _add(
                    trade,
                    (a, TARGET, k),
                    np.arange(n) * 0.1 * lost[k] * rng.random() * (np.arange(n) >= start),
                )
    pull = np.array([mass[h] ** 0.5 for h in HUBS])
    found: dict[tuple[str, str], float] = {}
    for _ in range(routes):
        k = int(rng.choice(sorted(lost)))
        h = str(rng.choice(HUBS, p=pull / pull.sum()))
        if (h, codes[k]) in found or lost[k] < 2e4:
            continue
        moved = lost[k] * np.exp(rng.uniform(np.log(0.02), np.log(0.5))) * rng.lognormal(0, 0.3, n)
        moved *= (np.arange(n) >= at[k]) * np.where(
            np.arange(n) == at[k], rng.uniform(0.3, 0.9), 1.0
        )
        _add(trade, (str(rng.choice(ORIGINS)), h, k), moved / rng.uniform(0.7, 1.0))
        _add(trade, (h, TARGET, k), moved * rng.uniform(1.0, 1.35))
        found[h, codes[k]] = float(moved.sum())
    silent = frozenset(rng.choice(HUBS, len(HUBS) * 2 // 5, replace=False).tolist())
    rows: list[tuple[str, str, str, str, str, float]] = []
    for (a, b, k), values in sorted(trade.items()):
        for t, v in enumerate(values.tolist()):
            if v < 1000:
                continue
            # A flow stands once: as its buyer reports it, and what goes to the target as its seller does.
            if b == TARGET and a not in silent:
                rows.append((a, b, codes[k], str(YEARS[t]), "X", float(round(v))))
            elif b != TARGET and (b not in silent or a in ORIGINS):
                who = (b, a, "M") if b not in silent else (a, b, "X")
                rows.append((who[0], who[1], codes[k], str(YEARS[t]), who[2], float(round(v))))
    names = ("reporter", "partner", "product", "period", "flow", "value")
    return World(
        pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))), found, silent
    )


def _add(
    trade: dict[tuple[str, str, int], np.ndarray], key: tuple[str, str, int], extra: np.ndarray
) -> None:
    trade[key] = trade.get(key, np.zeros(len(YEARS))) + extra
