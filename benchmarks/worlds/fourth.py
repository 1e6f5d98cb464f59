# SPDX-License-Identifier: Apache-2.0
"""A fourth family: monthly reports of exporters in which the records themselves are in the way.

Two hubs in five publish nothing, chains pass two hubs, some hubs re-declare goods under the next code of the heading,
some report every other month, goods are banned in stages, routes open late and close again. Beside the routes stand
what looks like them: a hub that booms with everything, purchases that stay in the hub, hubs' own products that take the
place of the banned ones, suppliers that step in. Nothing of :mod:`bilat.diversion` is used here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

ORIGINS = ("DEU", "ITA", "POL", "LTU")
TARGET = "RUS"
SINCE = "2021-03"
HUBS = (
    "KGZ",
    "KAZ",
    "ARM",
    "GEO",
    "UZB",
    "TUR",
    "SRB",
    "ARE",
    "AZE",
    "TJK",
    "MNG",
    "VNM",
    "THA",
    "MYS",
    "IND",
    "EGY",
    "MAR",
    "ISR",
    "SAU",
    "JOR",
    "KWT",
    "MDA",
    "ALB",
    "MKD",
)
MARKETS = ("BRA", "MEX", "ZAF", "IDN", "PHL", "CHL", "PER", "COL")
OTHERS = ("CHN", "KOR", "BGD")
MONTHS = tuple(f"{y}-{m:02d}" for y in range(2018, 2023) for m in range(1, 13))
BREAK = MONTHS.index(SINCE)
KINDS = ("plain", "opens and closes", "partly reported", "neighbour code", "chain")
Trade = dict[tuple[str, str, int], np.ndarray]


@dataclass(frozen=True)
class World:
    """``flows``: reporter, partner, product, period, flow, value; ``routes``: (hub, product as the hub bought it) ->
    USD that reached the target by it; ``kinds`` of them; ``silent`` hubs publish nothing."""

    flows: pa.Table
    routes: dict[tuple[str, str], float]
    kinds: dict[tuple[str, str], str] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()


def simulate(seed: int, headings: int = 30, routes: int = 60) -> World:
    """One world; the same seed makes the same bytes."""
    rng = np.random.default_rng([seed, 4])
    codes = [f"{84 + n % 2}{10 + n:02d}{d}0" for n in range(headings) for d in range(1, 5)]
    n = len(MONTHS)
    size = {c: float(rng.lognormal(0, 1.0)) for c in (*ORIGINS, *HUBS, *MARKETS, *OTHERS, TARGET)}
    size[TARGET] *= 12
    taste = dict(zip(codes, rng.lognormal(0, 1.2, len(codes)).tolist(), strict=True))
    season = 1 + 0.15 * np.sin(
        2 * np.pi * (np.arange(n)[None, :] + rng.uniform(0, 12, (len(codes), 1))) / 12
    )
    trend = np.exp(rng.normal(0.002, 0.006, (len(codes), 1)) * np.arange(n)) * season

    def flow(a: str, b: str, k: int, scale: float = 1.0) -> np.ndarray:
        level = 5e4 * scale * size[a] * size[b] * taste[codes[k]] * rng.lognormal(0, 0.9)
        walk = np.cumsum(rng.standard_t(4, n) * 0.06)
        noise = walk + rng.standard_t(4, n) * rng.uniform(0.15, 0.5)
        out = level * trend[k] * np.exp(np.clip(noise, -2.5, 2.5))
        return out * (rng.random(n) > np.clip(0.9 - np.log10(level + 1) / 4.5, 0.0, 0.85))

    silent = sorted(rng.choice(HUBS, 10, replace=False).tolist())
    alternate = sorted(rng.choice([h for h in HUBS if h not in silent], 2, replace=False).tolist())
    boom = str(rng.choice([h for h in HUBS if h not in silent]))
    trade: Trade = {}
    for k in range(len(codes)):
        for a in ORIGINS:
            for b in (*HUBS, *MARKETS, TARGET):
                if rng.random() < 0.75:
                    trade[a, b, k] = flow(a, b, k)
        for a in (*HUBS, *OTHERS):
            for b in (*HUBS, *MARKETS, TARGET):
                if a != b and rng.random() < (0.22 if a in HUBS else 0.8):
                    trade[a, b, k] = flow(a, b, k, 0.3 if a in HUBS else 1.0)
    # Bans in stages; goods that are not banned lose a little. What is lost is the room for routes.
    stage = {
        k: BREAK + int(rng.choice([0, 0, 0, 2, 5]))
        for k in range(len(codes))
        if rng.random() < 0.55
    }
    lost = {}
    for k in range(len(codes)):
        at, left = (
            (stage[k], rng.uniform(0.02, 0.25)) if k in stage else (BREAK, rng.uniform(0.6, 1.05))
        )
        before = sum(
            float(trade[a, TARGET, k][BREAK - 12 : BREAK].mean())
            for a in ORIGINS
            if (a, TARGET, k) in trade
        )
        for a in ORIGINS:
            if (a, TARGET, k) in trade:
                trade[a, TARGET, k][at:] *= left
        if k in stage:
            lost[k] = before * (1 - left)
            for a in rng.choice(OTHERS, 2, replace=False).tolist():
                if (a, TARGET, k) in trade:
                    trade[a, TARGET, k][at + 2 :] *= rng.uniform(1.0, 3.0)
    for key in [k for k in trade if boom in k[:2]]:
        trade[key][BREAK + 1 :] *= 2.2
    _distract(rng, trade, codes, lost)
    found: dict[tuple[str, str], float] = {}
    kinds: dict[tuple[str, str], str] = {}
    partly: dict[tuple[str, int], float] = {}
    for _ in range(routes):
        k = int(rng.choice(list(lost)))
        h = str(rng.choice(silent if rng.random() < 0.4 else [x for x in HUBS if x not in silent]))
        if (h, codes[k]) in found or lost[k] < 2e3:
            continue
        kind = (
            "silent hub" if h in silent else str(rng.choice(KINDS, p=[0.5, 0.16, 0.12, 0.12, 0.1]))
        )
        start = stage[k] + int(rng.choice([0, 1, 2, 4, 7]))
        end = min(n, start + 7) if kind == "opens and closes" else n
        months = np.zeros(n)
        months[start:end] = (
            lost[k]
            * np.exp(rng.uniform(np.log(0.02), np.log(0.4)))
            * rng.lognormal(0, 0.3, end - start)
        )
        months[start : start + 2] *= (0.3, 0.7)
        seller = str(rng.choice(ORIGINS))
        bought = months / (1 - rng.uniform(0.0, 0.3))
        _add(trade, (seller, h, k), bought)
        late = np.concatenate([[0.0], months[:-1]]) * rng.uniform(1.0, 1.35)
        sold = k
        if kind == "neighbour code":
            sold = k // 4 * 4 + (k + 1) % 4
        if kind == "chain":
            second = str(rng.choice([x for x in HUBS if x != h]))
            _add(trade, (h, second, k), late)
            _add(trade, (second, TARGET, k), np.concatenate([[0.0], late[:-1]]) * 1.1)
        else:
            _add(trade, (h, TARGET, sold), late)
            if kind == "partly reported":
                partly[h, k] = float(rng.uniform(0.3, 0.7))
        found[h, codes[k]] = float(months.sum())
        kinds[h, codes[k]] = kind
    for (h, k), share in partly.items():
        trade[h, TARGET, k][BREAK:] *= share
    return World(_table(trade, codes, silent, alternate), found, kinds, frozenset(silent))


def _add(trade: Trade, key: tuple[str, str, int], extra: np.ndarray) -> None:
    trade[key] = trade.get(key, np.zeros(len(MONTHS))) + extra


def _distract(
    rng: np.random.Generator, trade: Trade, codes: list[str], lost: dict[int, float]
) -> None:
    """Purchases that stay, and hubs' own goods that take the place of the banned ones: each on one leg alone."""
    n = len(MONTHS)
    for _ in range(70):
        k = int(rng.integers(len(codes)))
        h = str(rng.choice(HUBS))
        a = str(rng.choice(ORIGINS))
        at = int(rng.integers(BREAK - 20, n - 6))
        if (a, h, k) in trade:
            trade[a, h, k][at : at + int(rng.integers(5, 24))] *= rng.uniform(3.0, 12.0)
    for _ in range(40):
        k = int(rng.choice(list(lost)))
        h = str(rng.choice(HUBS))
        if (h, TARGET, k) in trade:
            trade[h, TARGET, k][BREAK + int(rng.integers(0, 8)) :] *= rng.uniform(2.0, 8.0)


def _table(trade: Trade, codes: list[str], silent: list[str], alternate: list[str]) -> pa.Table:
    rows: dict[str, list[object]] = {
        c: [] for c in ("reporter", "partner", "product", "period", "value")
    }
    for (a, b, k), values in sorted(trade.items()):
        if a in silent:
            continue
        for t, v in enumerate(values.tolist()):
            if v >= 300 and not (a in alternate and t % 2):
                for c, x in zip(rows, (a, b, codes[k], MONTHS[t], round(v)), strict=True):
                    rows[c].append(x)
    table = pa.table({**rows, "flow": ["X"] * len(rows["value"])})
    return table.set_column(
        table.column_names.index("value"), "value", table["value"].cast(pa.float64())
    )
