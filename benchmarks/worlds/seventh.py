# SPDX-License-Identifier: Apache-2.0
"""A seventh family: whole hubs surge, each sends its own share on; kept until an estimator is settled, looked at once.

Monthly reports of exporters. A few hubs buy more of nearly all that is banned at once; some of them send most of it on,
some a little, one keeps all for itself. What they sell on goes in bursts, months after the purchase; others' goods take
the place of banned ones at hubs that buy nothing. Two hubs in five publish nothing, one leaves the target out from the
ban on. Nothing of :mod:`bilat.diversion` is used here.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from worlds.fifth import World

ORIGINS = ("DEU", "ITA", "FRA", "JPN", "USA")
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
    "MYS",
    "ISR",
    "JOR",
    "KWT",
    "MDA",
)
MARKETS = ("BRA", "MEX", "ZAF", "IDN", "CHL")
OTHERS = ("CHN", "KOR")
MONTHS = tuple(f"{y}-{m:02d}" for y in range(2019, 2024) for m in range(1, 13))
BREAK = MONTHS.index(SINCE)
#: Surging hubs: share of what they buy beyond the usual that they send on.
SHARES = (0.9, 0.7, 0.5, 0.2, 0.0)


def simulate(seed: int, goods: int = 110) -> World:
    """One world; the same seed makes the same bytes. A route is a pair that sends on 5,000 USD and more."""
    rng = np.random.default_rng([seed, 7])
    n = len(MONTHS)
    codes = [
        f"{(84, 85, 87, 90)[k % 4]}{11 + k // 8:02d}{10 * (k // 4 % 2) + k % 4 + 1:02d}"
        for k in range(goods)
    ]
    size = {c: float(rng.gamma(1.2, 1.0) + 0.05) for c in (*ORIGINS, *HUBS, *MARKETS, *OTHERS)} | {
        TARGET: 8.0
    }
    worth = rng.lognormal(0, 1.2, goods)
    shock = np.cumsum(rng.normal(0, 0.03, (goods, n)), axis=1)
    states = {c: np.cumsum(rng.normal(0, 0.02, n)) for c in (*HUBS, *MARKETS, TARGET)}

    def flow(a: str, b: str, k: int, scale: float) -> np.ndarray:
        level = 5e4 * scale * size[a] * size[b] * worth[k] * rng.lognormal(0, 0.9)
        mean = level * np.exp(shock[k] + states[b])
        shape = rng.uniform(0.4, 3.0)  # the smaller, the more uneven
        return rng.gamma(shape, mean / shape)

    trade: dict[tuple[str, str, int], np.ndarray] = {}
    for k in range(goods):
        for b in (*HUBS, *MARKETS, TARGET):
            kinds = ((ORIGINS, 0.7, 1.0), (OTHERS, 0.9, 0.8), (HUBS, 0.14, 0.2))
            for a, often, scale in ((a, often, scale) for who, often, scale in kinds for a in who):
                if a != b and rng.random() < often:
                    trade[a, b, k] = flow(a, b, k, scale)
    banned = {k: BREAK + int(rng.choice([0, 1, 3, 8])) for k in range(goods) if rng.random() < 0.6}
    lost = {}
    for k, at in banned.items():
        sellers = [a for a in ORIGINS if (a, TARGET, k) in trade]
        keep = rng.uniform(0.0, 0.3)
        lost[k] = (1 - keep) * sum(
            float(trade[a, TARGET, k][BREAK - 12 : BREAK].mean()) for a in sellers
        )
        for a in sellers:
            trade[a, TARGET, k][at:] *= keep
        for a in rng.choice(
            (*OTHERS, *HUBS), 2, replace=False
        ).tolist():  # others' goods take their place
            new = (
                (np.arange(n) >= at + 2) * lost[k] * rng.uniform(0.02, 0.3) * rng.gamma(1.0, 1.0, n)
            )
            _add(trade, (a, TARGET, k), new)
    chosen = rng.choice(HUBS, len(SHARES), replace=False).tolist()
    found: dict[tuple[str, str], float] = {}
    for h, share in zip(chosen, SHARES, strict=True):
        for k in sorted(lost):
            if rng.random() > 0.35:
                continue
            start = banned[k] + int(rng.integers(0, 5))
            more = (
                (np.arange(n) >= start) * lost[k] * np.exp(rng.uniform(np.log(0.02), np.log(0.4)))
            )
            bought = more * rng.gamma(1.5, 1 / 1.5, n)
            _add(trade, (str(rng.choice(ORIGINS)), h, k), bought)
            part = share * rng.uniform(0.6, 1.1) * (rng.random() < 0.3 + 0.7 * share)
            sent = np.zeros(n)
            for t in np.flatnonzero(bought):  # in bursts, one to four months later
                later = t + int(rng.integers(1, 5))
                if later < n:
                    sent[later] += part * bought[t]
            if sent.sum() >= 5e3:
                _add(trade, (h, TARGET, k), sent * rng.uniform(1.0, 1.3))
                found[h, codes[k]] = float(part * bought.sum())
    silent = frozenset(rng.choice(HUBS, len(HUBS) * 2 // 5, replace=False).tolist())
    left_out = next(h for h in [*chosen, *HUBS] if h not in silent)
    rows = [
        (a, b, codes[k], MONTHS[t], float(round(v)))
        for (a, b, k), values in sorted(trade.items())
        if a not in silent
        for t, v in enumerate(values.tolist())
        if v >= 500 and not (a == left_out and b == TARGET and t >= BREAK)
    ]
    names = ("reporter", "partner", "product", "period", "value")
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    return World(pa.table({**columns, "flow": ["X"] * len(rows)}), found, silent | {left_out})


def _add(
    trade: dict[tuple[str, str, int], np.ndarray], key: tuple[str, str, int], extra: np.ndarray
) -> None:
    trade[key] = trade.get(key, np.zeros(len(MONTHS))) + extra
