# SPDX-License-Identifier: Apache-2.0
"""Planted worlds of two simulators: how well `bilat divert` ranks, flags and measures, beside what analysts do.

The second simulator (`worlds/second.py`) was made from customs records by somebody who had seen neither the first nor
the estimator. Every ranking is of the same candidates: pairs of hub and product with trade on both legs since the
break.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from worlds import second_settings, third as third_family
from worlds.first import COALITION, OTHERS, World, simulate
from worlds.second import simulate as simulate_second

from bilat.diversion.search import divert
from bilat.goods.baskets import splices

#: Worlds that differ in what makes the task hard; seeds are offset by --seed.
WORLDS: dict[str, dict[str, Any]] = {
    "years": {},
    "years, another draw": {"seed": 2},
    "many routes": {"seed": 3, "routes": 200, "products": 500},
    "few routes": {"seed": 4, "routes": 20},
    "small routes": {"seed": 5, "route_share": (0.01, 0.15)},
    "late routes": {"seed": 6, "route_delay_months": (10, 28)},
    "noisy trade": {"seed": 7, "flow_noise": 0.35, "growth_noise": 0.25},
    "heavy substitution": {"seed": 8, "substitution": 0.9},
    "holes, code changes": {"seed": 9, "holes": 10, "code_changes": 30},
    "booms, entrepots": {"seed": 10, "booming": 10, "entrepots": 8},
    "other countries": {
        "seed": 11, "target": "IRN", "coalition": (*COALITION[:11], "AUS"),
        "others": (*(c for c in OTHERS if c not in ("KWT", "QAT")), "RUS", "LTU", "TWN", "GRC"),
    },
    "months": {"seed": 12, "frequency": "M", "products": 120, "first": 2019, "last": 2023, "routes": 50},
    "months, short": {"seed": 13, "frequency": "M", "products": 120, "first": 2020, "last": 2022, "routes": 50},
}  # fmt: skip


#: The rivals: an analyst divides, subtracts, or takes the smaller rise of the two legs.
NAIVE = ("growth ratio, leg one", "growth ratio, leg two", "absolute growth", "triangular minimum")
NOMINAL = (0.05, 0.1, 0.2)


@dataclass(frozen=True)
class Planted:
    """A world's table, its question, and its routes: (hub, product) -> USD diverted since the break."""

    table: pa.Table
    origins: str
    target: str
    since: str
    routes: dict[tuple[str, str], float]


def first(settings: dict[str, Any], seed: int) -> Planted:
    """A world of `benchmarks/worlds/first.py`; its made-up code changes are joined as a concordance would say."""
    world = simulate(World(**{**settings, "seed": settings.get("seed", 1) + seed}))
    w, table = world.world, world.baci
    if world.splices:
        cases = " ".join(f"WHEN {int(new)} THEN {int(old)}" for new, old in world.splices.items())
        with duckdb.connect() as con:
            con.register("b", table)
            table = con.sql(
                f"SELECT t, i, j, CAST(CASE k {cases} ELSE k END AS INTEGER) AS k, sum(v) AS v, sum(q) AS q FROM b "
                "GROUP BY ALL"
            ).to_arrow_table()
    rows = zip(*(world.routes[c].to_pylist() for c in ("hub", "product", "diverted")), strict=True)
    return Planted(table, ",".join(w.coalition), w.target, w.since, {(h, p): d for h, p, d in rows})


def second(settings: second_settings.World, seed: int) -> Planted:
    """A world of `worlds.second`; codes that HS 2022 changed are counted under the earlier one, as divert does."""
    table, about = simulate_second(settings, seed)
    asked, routes = about["question"], {}
    held = {f"{k:06d}" for k in table["k"].unique().to_pylist()}
    for r in about["truth"]:
        earlier = splices().get(r["product"], r["product"])
        key = (r["hub"], earlier if earlier in held else r["product"])
        routes[key] = routes.get(key, 0.0) + r["usd"]
    origin = asked["origin"] if isinstance(asked["origin"], str) else ",".join(asked["origin"])
    return Planted(table, origin, asked["target"], asked["since"], routes)


def third(settings: third_family.World, seed: int) -> Planted:
    """Real customs records with routes planted in them."""
    table, routes = third_family.simulate(settings, seed)
    return Planted(table, ",".join(third_family.ORIGINS), settings.target, str(settings.since), routes)


def average_precision(scores: np.ndarray, true: np.ndarray, total: int) -> tuple[float, float]:
    """(average precision, recall among the first 50) of a ranking."""
    hit = true[np.argsort(-scores, kind="stable")]
    found = np.cumsum(hit)[hit] / (np.flatnonzero(hit) + 1)
    return float(found.sum() / total), float(hit[:50].sum() / min(50, total))


def score(world: Planted) -> dict[str, Any]:
    """Every ranking of one world, the flags at three levels, and the intervals."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "baci.parquet"
        pq.write_table(world.table, path)
        got = divert(
            [path], origin=world.origins, target=world.target, since=world.since, limit=None, cases=0
        )
    truth = np.array([world.routes.get((r["hub"], r["product"]), 0.0) for r in got.rows])
    true, total = truth > 0, len(world.routes)
    before1, after1, before2, after2 = (
        np.array([r["legs"][leg][when] for r in got.rows], dtype=float)
        for leg in ("in", "out")
        for when in ("before", "actual")
    )
    rises = np.maximum(after1 - before1, 0), np.maximum(after2 - before2, 0)
    naive = (
        (after1 + 1) / (before1 + 1),
        (after2 + 1) / (before2 + 1),
        after1 - before1,
        np.minimum(*rises),
    )
    rankings = {"divert": np.array([r["score"] for r in got.rows]), **dict(zip(NAIVE, naive, strict=True))}
    q = np.array([r["q_value"] for r in got.rows])
    inside = np.array([r["low"] <= t <= r["high"] for r, t in zip(got.rows, truth, strict=True)])
    flags = {n: q <= n for n in NOMINAL}
    return {
        "routes": total,
        "pairs": len(got.rows),
        "rankings": {n: average_precision(v, true, total) if total else None for n, v in rankings.items()},
        "flags": {str(n): (int(f.sum()), int((f & ~true).sum())) for n, f in flags.items()},
        "covered": (int((inside & true).sum()), int(true.sum())),
    }


def scores(seeds: tuple[int, ...], others: tuple[int, ...]) -> dict[str, dict[str, Any]]:
    """Both simulators, every world, every seed; prints a line per world."""
    out: dict[str, dict[str, Any]] = {}
    for seed in seeds:
        for name, settings in WORLDS.items():
            out[f"first, seeds +{seed}: {name}"] = score(first(settings, seed))
            print(name, seed, out[f"first, seeds +{seed}: {name}"]["rankings"], flush=True)
    for seed in others:
        for w in second_settings.WORLDS:
            out[f"second, seed {seed}: {w.name}"] = score(second(w, seed))
            print(w.name, seed, out[f"second, seed {seed}: {w.name}"]["rankings"], flush=True)
    return out
