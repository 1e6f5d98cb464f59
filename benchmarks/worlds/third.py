# SPDX-License-Identifier: Apache-2.0
"""Real customs records with routes planted towards markets that were not sanctioned.

The noise is the world's own: importers' reports of eighteen products, 2018 to 2024 (UN Comtrade, in the shared
folder). A few origins are said to stop selling part of the products to a market that nobody sanctioned; their
real sales to it are cut, and part of what is lost is planted through hubs that really trade. Nothing of
:mod:`bilat.diversion` is used here.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from bilat.places.coalitions import is_country

RECORDS = "benchmarks/diversion/world_imports_hs6_18codes_2018_2024.parquet"
ORIGINS = (
    "USA",
    "JPN",
    "KOR",
    "GBR",
    "CAN",
    "AUS",
    "DEU",
    "FRA",
    "ITA",
    "NLD",
    "BEL",
    "ESP",
    "AUT",
    "POL",
    "CZE",
    "SWE",
    "FIN",
    "DNK",
    "IRL",
    "HUN",
    "SVK",
)


@dataclass(frozen=True)
class World:
    """``target``: a market that was not sanctioned, or several joined by commas; ``since``: a year; ``share``: of the
    products under the ban; ``routes``: through hubs, per product; ``part``: of the loss that one route carries."""

    name: str
    target: str
    since: int = 2022
    share: float = 0.5
    routes: tuple[int, int] = (2, 5)
    part: tuple[float, float] = (0.02, 0.5)


#: Large markets, and sets of small ones, which together have enough hubs to sell to them.
LARGE = tuple(World(t, t) for t in ("BRA", "IND", "MEX", "THA", "TUR", "ZAF"))
SMALL = tuple(World(t, t) for t in ("CHL,PER,COL", "KEN,EGY,MAR", "LKA,PHL,BGD", "ISR,SAU,JOR"))


#: Markets in which no route is planted until an estimator is settled, and then looked at once; as placebos, without a
#: route, they are looked at before.
KEPT = tuple(World(t, t) for t in ("IDN", "MYS", "ARG", "VNM"))


#: Markets of which nothing is said to have happened: any route found to them is false.
PLACEBOS = (
    "BRA",
    "IND",
    "MEX",
    "THA",
    "TUR",
    "ZAF",
    "IDN",
    "ARG",
    "VNM",
    "EGY",
    "MYS",
    "COL",
    "PHL",
    "SAU",
    "ISR",
)


def records() -> Path:
    """The file of real records; none of it is in the repository."""
    base = Path(os.environ.get("BILAT_SHARED", Path(__file__).parents[2].parent / "shared"))
    return base / RECORDS


def trade() -> dict[str, np.ndarray]:
    """Columns i, j, k, t, v (USD) of the records as importers reported them; areas that are not states are left out."""
    with duckdb.connect() as con:
        table = con.sql(
            "SELECT partnerISO AS i, reporterISO AS j, cmdCode AS k, refYear AS t, sum(primaryValue) AS v "
            f"FROM read_parquet('{records()}') WHERE flowCode = 'M' AND partnerISO <> reporterISO "
            "GROUP BY ALL ORDER BY ALL"
        ).to_arrow_table()
    d = {c: np.array(table.column(c).to_pylist()) for c in table.column_names}
    states = {c for c in {*d["i"].tolist(), *d["j"].tolist()} if is_country(c)}
    keep = np.isin(d["i"], sorted(states)) & np.isin(d["j"], sorted(states))
    return {c: v[keep] for c, v in d.items()}


def simulate(w: World, seed: int) -> tuple[pa.Table, dict[tuple[str, str], float]]:
    """(flows of importers' reports with planted routes, (hub, product) -> USD that reached the target)."""
    rng = np.random.default_rng([seed, *w.target.encode()])
    targets = w.target.split(",")
    d = trade()
    v = d["v"].astype(float).copy()
    years = np.unique(d["t"])
    post = d["t"] >= w.since
    own = np.isin(d["i"], ORIGINS)
    late = [int(y) for y in years if y >= w.since]
    reports = {str(h): set(d["t"][d["j"] == h].tolist()) for h in np.unique(d["j"])}
    extra: list[tuple[str, str, str, int, float]] = []
    truth: dict[tuple[str, str], float] = {}
    for k in np.unique(d["k"]):
        lane = own & np.isin(d["j"], targets) & (d["k"] == k)
        before = v[lane & ~post].sum() / max(1, len(np.unique(d["t"][(d["k"] == k) & ~post])))
        if rng.random() > w.share or before < 50e3:
            continue
        v[lane & post] *= rng.uniform(0.02, 0.4)
        reach = (d["k"] == k) & own & ~np.isin(d["j"], targets) & ~np.isin(d["j"], ORIGINS)
        size: dict[str, float] = {}
        for j, value in zip(d["j"][reach].tolist(), v[reach].tolist(), strict=True):
            size[j] = size.get(j, 0.0) + value
        hubs = sorted(h for h in size if set(late) <= reports[h])
        if not hubs:
            continue
        pull = np.array([np.sqrt(size[h]) for h in hubs])
        some = rng.choice(
            len(hubs),
            min(len(hubs), int(rng.integers(w.routes[0], w.routes[1] + 1))),
            replace=False,
            p=pull / pull.sum(),
        )
        for h in some:
            part = np.exp(rng.uniform(*np.log(w.part)))
            start = rng.integers(0, 2)
            reached = 0.0
            market = str(rng.choice(targets))
            seller = str(rng.choice(ORIGINS[:12]))
            for n, y in enumerate(late):
                if n < start:
                    continue
                amount = before * part * rng.lognormal(0, 0.25) * (0.5 if n == start else 1.0)
                kept = rng.uniform(0.0, 0.35)
                markup = rng.uniform(1.0, 1.4)
                extra.append((seller, hubs[h], str(k), y, amount / (1 - kept)))
                extra.append((hubs[h], market, str(k), y, amount * markup))
                reached += amount
            truth[hubs[h], str(k)] = reached
    rows = {
        c: np.concatenate([d[c], [e[n] for e in extra]]) if extra else d[c]
        for n, c in enumerate("ijkt")
    }
    value = np.concatenate([v, [e[4] for e in extra]]) if extra else v
    return flows({**rows, "v": value}), truth


def flows(columns: dict[str, np.ndarray]) -> pa.Table:
    """The records as flows: importers' reports, one row of each key."""
    table = pa.table({c: pa.array(columns[c].tolist()) for c in "ijktv"})
    with duckdb.connect() as con:
        con.register("planted", table)
        return con.sql(
            "SELECT j AS reporter, i AS partner, k AS product, CAST(t AS VARCHAR) AS period, 'M' AS flow, "
            "sum(v) AS value FROM planted GROUP BY ALL HAVING sum(v) > 0 ORDER BY ALL"
        ).to_arrow_table()
