# SPDX-License-Identifier: Apache-2.0
"""An eighth family: consignments, a customs union that grows together, and routes that follow a hub's traders.

Written before the odds of leg one got effects of hubs, looked at once when the estimator was settled. Every flow is
a number of consignments a month of uneven size. Hubs have traders in some headings alone: there they take up what is
banned, send part of it on after some weeks, and keep some; elsewhere they carry nothing. Three hubs of one customs
union grow together in all goods, with routes or without. Makers elsewhere step in for the banned sellers. Half of the
hubs publish no sale. Nothing of :mod:`bilat.diversion` is used here.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from worlds.fifth import World

ORIGINS = ("DEU", "ITA", "POL", "NLD", "CZE", "JPN")
TARGET = "RUS"
SINCE = "2022-03"
HUBS = (
    "KAZ",
    "KGZ",
    "ARM",
    "GEO",
    "AZE",
    "UZB",
    "TJK",
    "TUR",
    "ARE",
    "SRB",
    "MNG",
    "MDA",
    "IND",
    "THA",
    "VNM",
    "MYS",
    "EGY",
    "MAR",
    "ISR",
    "SAU",
    "JOR",
    "QAT",
)
UNION = ("KAZ", "KGZ", "ARM")
MARKETS = ("BRA", "MEX", "ZAF", "IDN", "CHL", "PER")
MAKERS = ("CHN", "KOR", "TWN")
MONTHS = tuple(f"{y}-{m:02d}" for y in range(2019, 2024) for m in range(1, 13))
BREAK = MONTHS.index(SINCE)


def simulate(seed: int, headings: int = 32) -> World:
    """One world; the same seed makes the same bytes. A route is a pair that sends on 5,000 USD and more."""
    rng = np.random.default_rng([seed, 8])
    n = len(MONTHS)
    chapters = (84, 85, 87, 90, 73)
    codes = [f"{chapters[k % 5]}{11 + k:02d}{d}0" for k in range(headings) for d in (1, 4, 9)]
    size = {c: float(rng.lognormal(0, 0.8)) for c in (*ORIGINS, *HUBS, *MARKETS, *MAKERS)} | {
        TARGET: 9.0
    }
    worth = rng.lognormal(0, 1.0, len(codes))
    tide = np.exp(np.cumsum(rng.normal(0.004, 0.03, n)))  # all trade rises and falls together
    union = np.where(np.arange(n) >= BREAK, rng.uniform(1.0, 1.8), 1.0)

    def consignments(mean: np.ndarray) -> np.ndarray:
        typical = 2e4 * rng.lognormal(0, 0.5)
        number = rng.poisson(np.maximum(mean, 0.0) / typical)
        return np.array([typical * rng.lognormal(-0.4, 0.9, k).sum() for k in number])

    trade: dict[tuple[str, str, int], np.ndarray] = {}
    for k in range(len(codes)):
        for b in (*HUBS, *MARKETS, TARGET):
            for who, often, scale in ((ORIGINS, 0.6, 1.0), (MAKERS, 0.8, 0.9), (HUBS, 0.12, 0.25)):
                for a in who:
                    if a != b and rng.random() < often:
                        level = 4e4 * scale * size[a] * size[b] * worth[k] * rng.lognormal(0, 0.8)
                        trade[a, b, k] = consignments(level * tide * (union if b in UNION else 1.0))
    banned = {
        k: BREAK + int(rng.choice([0, 0, 2, 7])) for k in range(len(codes)) if rng.random() < 0.55
    }
    lost = {}
    for k, at in banned.items():
        sellers = [a for a in ORIGINS if (a, TARGET, k) in trade]
        keep = rng.uniform(0.0, 0.25)
        lost[k] = (1 - keep) * sum(
            float(trade[a, TARGET, k][BREAK - 12 : BREAK].mean()) for a in sellers
        )
        for a in sellers:
            trade[a, TARGET, k][at:] *= keep
        for a in (
            str(rng.choice(MAKERS)),
            str(rng.choice(HUBS)),
        ):  # others' own goods take their place
            new = (np.arange(n) >= at + 1) * lost[k] * rng.uniform(0.05, 0.4)
            _add(trade, (a, TARGET, k), consignments(new))
    found: dict[tuple[str, str], float] = {}
    traders = rng.choice(HUBS, 8, replace=False).tolist()
    for h in traders:
        goes_on = float(rng.beta(2, 2))
        lines = rng.choice(headings, headings // 4, replace=False)
        for k in [k for k in lost if k // 3 in lines and rng.random() < 0.6]:
            start = banned[k] + int(rng.integers(0, 6))
            share = lost[k] * np.exp(rng.uniform(np.log(0.03), np.log(0.35)))
            bought = consignments((np.arange(n) >= start) * share)
            _add(trade, (str(rng.choice(ORIGINS)), h, k), bought)
            sent = np.zeros(n)
            for t in np.flatnonzero(bought):
                later = t + int(rng.geometric(0.6)) - 1
                if later < n and rng.random() < 0.3 + 0.7 * goes_on:
                    sent[later] += goes_on * bought[t]
            if sent.sum() >= 5e3:
                under = (
                    k // 3 * 3 + int(rng.integers(3)) if rng.random() < 0.15 else k
                )  # declared under a code near it
                _add(trade, (h, TARGET, under), sent * rng.uniform(1.0, 1.4))
                found[h, codes[k]] = float(sent.sum())
    for _ in range(60):  # purchases that stay where they are
        k = int(rng.integers(len(codes)))
        h = str(rng.choice(HUBS))
        at = int(rng.integers(12, n - 6))
        _add(
            trade,
            (str(rng.choice(ORIGINS)), h, k),
            consignments((np.arange(n) >= at) * 6e4 * size[h] * worth[k]),
        )
    silent = frozenset(rng.choice(HUBS, len(HUBS) // 2, replace=False).tolist())
    rows = [
        (a, b, codes[k], MONTHS[t], float(round(v)))
        for (a, b, k), values in sorted(trade.items())
        if a not in silent
        for t, v in enumerate(values.tolist())
        if v >= 500
    ]
    names = ("reporter", "partner", "product", "period", "value")
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    return World(pa.table({**columns, "flow": ["X"] * len(rows)}), found, silent)


def _add(
    trade: dict[tuple[str, str, int], np.ndarray], key: tuple[str, str, int], extra: np.ndarray
) -> None:
    trade[key] = trade.get(key, np.zeros(len(MONTHS))) + extra
