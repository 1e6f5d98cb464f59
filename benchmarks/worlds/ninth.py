# SPDX-License-Identifier: Apache-2.0
"""A ninth family: written last and looked at once, after the estimator was settled.

Monthly reports of exporters. Flows are sums of orders whose number follows the buyer's demand; demand of each state
drifts from year to year. A third of the goods is banned at once, another tenth loses half. Traders of a hub take up
some headings: they buy what is banned, keep a part, and sell the rest on from one to five months later, with a mark-up;
a third of the routes stops again. Next to them stand a hub that books a part of its sales only, hubs that build a trade
of their own in goods that are still sold directly, a hub that grows with everything, and third suppliers whose goods
the hubs pass on. A quarter of the hubs publishes no sale. Nothing of :mod:`bilat.diversion` is used here.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pyarrow as pa

from worlds.fifth import World

ORIGINS = ("DEU", "ITA", "NLD", "USA", "JPN")
TARGET = "RUS"
SINCE = "2022-03"
HUBS = (
    "KGZ",
    "KAZ",
    "ARM",
    "GEO",
    "UZB",
    "TUR",
    "ARE",
    "SRB",
    "AZE",
    "THA",
    "VNM",
    "MAR",
    "EGY",
    "PER",
    "COL",
    "JOR",
)
MARKETS = ("BRA", "MEX", "ZAF", "IDN", "CHL")
OTHERS = ("CHN", "KOR", "IND")
MONTHS = tuple(f"{y}-{m:02d}" for y in range(2019, 2024) for m in range(1, 13))
BREAK = MONTHS.index(SINCE)
LENGTH = len(MONTHS)

Trade = dict[tuple[str, str, str], np.ndarray]


def simulate(seed: int, *, goods: int = 100, routes: int = 45) -> World:
    """One world; ``routes``: how many are planted, 0 for a world without diversion."""
    rng = np.random.default_rng(9000 + seed)
    codes = [f"{8401 + n // 4}{10 * (1 + n % 4):02d}" for n in range(goods)]
    banned = set(rng.choice(codes, size=goods // 3, replace=False).tolist())
    rest = [c for c in codes if c not in banned]
    halved = set(rng.choice(rest, size=goods // 10, replace=False).tolist())
    trade: Trade = defaultdict(lambda: np.zeros(LENGTH))
    size = {h: float(rng.lognormal(0, 0.9)) for h in (*HUBS, *MARKETS)} | {TARGET: 12.0}
    drift = {state: _drift(rng, 0.12) for state in size}
    booming = HUBS[int(rng.integers(len(HUBS)))]
    drift[booming] = drift[booming] * np.where(np.arange(LENGTH) >= BREAK, 2.2, 1.0)
    for code in codes:
        level = float(rng.lognormal(12.5, 1.1))
        growth = _drift(rng, 0.1)
        for seller in (*ORIGINS, *OTHERS):
            part = float(rng.lognormal(-1.5, 0.8))
            for buyer in size:
                if rng.random() < 0.75:
                    mean = level * part * size[buyer] * growth * drift[buyer]
                    trade[seller, buyer, code] = _orders(rng, mean)
        for hub in HUBS:
            for buyer in (TARGET, *MARKETS[:2]):
                if rng.random() < 0.5:
                    mean = 0.05 * level * size[hub] * growth * drift[hub]
                    trade[hub, buyer, code] = _orders(rng, mean)
    _ban(rng, trade, banned, 0.06)
    _ban(rng, trade, halved, 0.5)
    planted = _plant(rng, trade, sorted(banned), routes)
    _own_trades(rng, trade, sorted(set(codes) - banned - halved), 15)
    _third_suppliers(rng, trade, sorted(banned), 12)
    hubs = rng.permutation(HUBS).tolist()
    silent = set(hubs[: len(HUBS) // 4])
    underbooks = hubs[-1]
    for key in list(trade):
        if key[0] in silent:
            del trade[key]
        elif key[0] == underbooks and key[1] == TARGET:
            trade[key] = trade[key] * 0.4
    return World(_table(trade), planted, frozenset(silent))


def _drift(rng: np.random.Generator, spread: float) -> np.ndarray:
    """A level that moves from year to year, with a season."""
    years = np.exp(np.cumsum(rng.normal(0.02, spread, LENGTH // 12)))
    season = 1 + 0.15 * np.sin(2 * np.pi * (np.arange(12) + rng.integers(12)) / 12)
    return np.repeat(years, 12) * np.tile(season, LENGTH // 12)


def _orders(rng: np.random.Generator, mean: np.ndarray) -> np.ndarray:
    """Orders of uneven size, so many that they come to ``mean``."""
    order = float(rng.lognormal(9.5, 0.5))
    count = rng.poisson(np.maximum(mean, 0.0) / order)
    return np.array([rng.gamma(0.8 * n, order / 0.8) if n else 0.0 for n in count])


def _ban(rng: np.random.Generator, trade: Trade, codes: set[str], left: float) -> None:
    for seller, buyer, code in list(trade):
        if seller in ORIGINS and buyer == TARGET and code in codes:
            part = left * float(rng.lognormal(0, 0.3))
            trade[seller, buyer, code][BREAK:] *= min(part, 1.0)


def _plant(
    rng: np.random.Generator, trade: Trade, banned: list[str], routes: int
) -> dict[tuple[str, str], float]:
    """Routes by heading of a hub's traders; (hub, code) -> USD that reached the target."""
    planted: dict[tuple[str, str], float] = {}
    traders = rng.choice(HUBS, size=7, replace=False).tolist()
    while len(planted) < routes:
        hub = str(rng.choice(traders))
        code = str(rng.choice(banned))
        lost = sum(trade[s, TARGET, code][:BREAK].mean() for s in ORIGINS)
        amount = lost * float(np.exp(rng.normal(-2.6, 0.9)))
        if (hub, code) in planted or amount < 2e3:
            continue
        start = BREAK + int(rng.integers(0, 8))
        end = LENGTH if rng.random() < 0.67 else int(rng.integers(start + 6, LENGTH + 1))
        bought = np.zeros(LENGTH)
        bought[start:end] = amount * rng.lognormal(0, 0.4, end - start)
        delay = int(rng.integers(1, 6))
        sold = np.concatenate([np.zeros(delay), bought[:-delay]])
        seller = ORIGINS[int(rng.integers(len(ORIGINS)))]
        trade[seller, hub, code] += bought * float(rng.uniform(1.0, 1.8))
        trade[hub, TARGET, code] += sold * float(rng.uniform(1.05, 1.35))
        planted[hub, code] = float(sold.sum())
    return planted


def _own_trades(rng: np.random.Generator, trade: Trade, codes: list[str], number: int) -> None:
    """Hubs that build a trade of their own in goods that are still sold directly: both legs rise."""
    for _ in range(number):
        hub = HUBS[int(rng.integers(len(HUBS)))]
        code = str(rng.choice(codes))
        start = BREAK + int(rng.integers(0, 12))
        amount = 0.1 * sum(trade[s, TARGET, code][:BREAK].mean() for s in ORIGINS)
        rise = np.zeros(LENGTH)
        rise[start:] = amount * rng.lognormal(0, 0.3, LENGTH - start)
        trade[ORIGINS[0], hub, code] += 1.2 * rise
        trade[hub, TARGET, code] += rise


def _third_suppliers(rng: np.random.Generator, trade: Trade, codes: list[str], number: int) -> None:
    """Goods of third suppliers that hubs pass on in place of the banned ones."""
    for _ in range(number):
        hub = HUBS[int(rng.integers(len(HUBS)))]
        code = str(rng.choice(codes))
        rise = np.zeros(LENGTH)
        rise[BREAK + 2 :] = 3e4 * rng.lognormal(0, 0.5, LENGTH - BREAK - 2)
        trade[OTHERS[int(rng.integers(len(OTHERS)))], hub, code] += 1.1 * rise
        trade[hub, TARGET, code] += rise


def _table(trade: Trade) -> pa.Table:
    """The flows as their sellers report them."""
    rows = [
        (seller, buyer, code, month, "X", float(value))
        for (seller, buyer, code), values in sorted(trade.items())
        for month, value in zip(MONTHS, values.tolist(), strict=True)
        if value > 0
    ]
    names = ("reporter", "partner", "product", "period", "flow", "value")
    return pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))
