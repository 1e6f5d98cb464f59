# SPDX-License-Identifier: Apache-2.0
"""A seeded world of trade with a known list of planted diversion routes, in the shape of CEPII's BACI.

The scorecard needs a world whose truth is known. Flows follow a gravity-like base with heavy tails,
country and product growth, price shocks, persistent and transitory noise that is larger for small
flows (shipments arrive one by one: a compound Poisson-gamma draw), seasons when monthly, entrepots
that re-export to everybody, countries that boom with all partners, HS codes that split at the
revision, and reporting holes. At the break the coalition's sanctioned exports to the target fall,
other producers legitimately step in, and the coalition pushes some goods elsewhere. Into this, routes
coalition -> hub -> target are planted, of many sizes and delays.

Nothing of :mod:`bilat.diversion.search` is used here: the estimator never sees how the world was made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bilat.errors import UsageError
from bilat.places import numeric

Array = np.ndarray[Any, Any]

COALITION = (
    "DEU",
    "FRA",
    "ITA",
    "NLD",
    "POL",
    "ESP",
    "BEL",
    "AUT",
    "CZE",
    "SWE",
    "FIN",
    "LTU",
    "USA",
    "GBR",
    "JPN",
    "KOR",
    "CAN",
    "CHE",
)
OTHERS = (
    "CHN", "HKG", "TUR", "ARE", "KAZ", "KGZ", "ARM", "GEO", "UZB", "SRB", "IND", "VNM", "THA", "MYS",
    "SGP", "IDN", "BRA", "MEX", "ARG", "CHL", "ZAF", "EGY", "SAU", "ISR", "PAK", "BGD", "LKA", "PHL",
    "MAR", "TUN", "NGA", "KEN", "COL", "PER", "UKR", "MDA", "AZE", "MNG", "QAT", "KWT", "OMN", "JOR",
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """How the world is made. Values in USD; shares and log standard deviations are per year.

    ``frequency`` is ``A`` (years) or ``M`` (months). ``growth_noise`` is the log sd of a pair's
    persistent drift, ``flow_noise`` of its transitory shock (Laplace), ``consignment`` the median
    value of one consignment, which makes small flows lumpy.
    """

    seed: int = 1
    coalition: tuple[str, ...] = COALITION
    target: str = "RUS"
    others: tuple[str, ...] = OTHERS
    products: int = 400
    frequency: str = "A"
    first: int = 2017
    last: int = 2024
    since: str = "2022-03"
    sanctioned: float = 0.25
    routes: int = 80
    route_share: tuple[float, float] = (0.03, 0.6)
    route_delay_months: tuple[int, int] = (0, 14)
    hubs: int = 10
    density: float = 0.45
    growth_noise: float = 0.12
    flow_noise: float = 0.18
    consignment: float = 60e3
    price_shocks: float = 0.08
    booming: int = 3
    entrepots: int = 3
    code_changes: int = 6
    holes: int = 4
    substitution: float = 0.5
    trade_per_product: float = 1e9
    block: int = 64

    def __post_init__(self) -> None:
        if self.frequency not in ("A", "M"):
            raise UsageError(f"frequency {self.frequency!r}: use A (years) or M (months)")
        if set(self.coalition) & set(self.others) or self.target in (*self.coalition, *self.others):
            raise UsageError("a country is at most one of coalition, target and others")


@dataclass(frozen=True)
class Simulated:
    """``baci``: columns t, i, j, k, v (thousand USD), q (tonnes). ``routes``: hub, product, start, diverted
    (USD over the whole period from ``since``, what left the coalition *and* reached the target).
    ``splices``: new code -> old code of the HS revision, as an analyst has them from the concordance."""

    world: World
    baci: pa.Table
    routes: pa.Table
    splices: dict[str, str]
    holes: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Plan:
    """What is drawn once for the whole world, before the flows are drawn block by block."""

    codes: list[str]
    periods: list[str]
    post: Array
    names: list[str]
    size_x: Array
    size_m: Array
    distance: Array
    growth: Array
    hub_index: Array
    entrepot_index: Array
    sanctioned: Array
    route_count: Array
    renamed: dict[int, str]
    split: Array
    kept: Array
    holes: list[tuple[int, int, str]]


def _periods(w: World) -> list[str]:
    years = range(w.first, w.last + 1)
    if w.frequency == "A":
        return [str(y) for y in years]
    return [f"{y}-{m:02d}" for y in years for m in range(1, 13)]


def _post(w: World, periods: list[str]) -> Array:
    """Share of each period that lies after the break."""
    year = int(w.since[:4])
    month = int(w.since[5:7])
    if w.frequency == "M":
        return np.array([p >= w.since for p in periods], dtype=float)
    return np.array(
        [1.0 if int(p) > year else (13 - month) / 12 if int(p) == year else 0.0 for p in periods],
        dtype=float,
    )


def _plan(w: World, rng: np.random.Generator) -> _Plan:
    names = [*w.coalition, *w.others, w.target]
    n = len(names)
    n_c = len(w.coalition)
    periods = _periods(w)
    steps = len(periods)
    per_year = 12 if w.frequency == "M" else 1
    numbers = rng.choice(np.arange(10_000, 980_000, 10), size=w.products, replace=False)
    codes = sorted(f"{c:06d}" for c in numbers)
    size_x = rng.normal(0, 1.3, n) + np.where(np.arange(n) < n_c, 1.0, 0.0)
    size_m = rng.normal(0, 1.0, n)
    size_m[-1] = 1.2
    if "CHN" in names:
        size_x[names.index("CHN")] = max(size_x.max(), 2.5)
    place = rng.normal(0, 1, (n, 2))
    distance = np.sqrt(((place[:, None] - place[None]) ** 2).sum(-1))
    others = np.arange(n_c, n - 1)
    hub_index = rng.choice(others, size=min(w.hubs, len(others)), replace=False)
    booming = rng.choice(others, size=min(w.booming, len(others)), replace=False)
    entrepot = rng.choice(others, size=min(w.entrepots, len(others)), replace=False)
    drift = rng.normal(0.02, 0.04, n) / per_year
    shocks = rng.normal(0, 0.06 / np.sqrt(per_year), (n, steps))
    growth = np.cumsum(drift[:, None] + shocks, axis=1)
    post = _post(w, periods)
    for b in booming:  # grows with everybody after the break: a rival explanation, not diversion
        growth[b] += rng.uniform(0.4, 1.0) * np.minimum(np.cumsum(post) / (2 * per_year), 1)
    sanctioned = rng.random(w.products) < w.sanctioned
    route_count = np.zeros(w.products, dtype=int)
    if sanctioned.any():
        chosen = rng.choice(np.flatnonzero(sanctioned), size=w.routes, replace=True)
        np.add.at(route_count, chosen, 1)
        route_count = np.minimum(route_count, len(hub_index))
    renamed: dict[int, str] = {}
    split = np.zeros(w.products)
    kept = np.ones(w.products)
    for k in rng.choice(w.products, size=min(w.code_changes, w.products), replace=False):
        renamed[int(k)] = f"{int(codes[k]) + int(rng.integers(1, 9)):06d}"
        split[k] = 1.0 if rng.random() < 0.5 else rng.uniform(0.3, 0.8)
        kept[k] = 1 - split[k]
    holes = []
    for c in rng.choice(others, size=min(w.holes, len(others)), replace=False):
        role = "exporter" if rng.random() < 0.6 else "importer"
        years = sorted({p[:4] for p in periods})
        holes.append((int(c), int(rng.choice([int(y) for y in years[1:]])), role))
    return _Plan(
        codes,
        periods,
        post,
        names,
        size_x,
        size_m,
        distance,
        growth,
        hub_index,
        entrepot,
        sanctioned,
        route_count,
        renamed,
        split,
        kept,
        holes,
    )


def _paths(w: World, rng: np.random.Generator, rows: int, steps: int) -> Array:
    """Persistent drift and transitory shock of each pair, as log factors (rows x steps)."""
    per_year = 12 if w.frequency == "M" else 1
    walk = np.cumsum(rng.normal(0, w.growth_noise / np.sqrt(per_year), (rows, steps)), axis=1)
    scale = w.flow_noise / np.sqrt(2) * (1.0 if per_year == 1 else 1.6)
    return walk + rng.laplace(0, scale, (rows, steps))


def _block(
    w: World, plan: _Plan, rng: np.random.Generator, ks: Array, scale: float
) -> tuple[dict[str, Array], list[tuple[int, int, str, float]]]:
    n = len(plan.names)
    n_c = len(w.coalition)
    steps = len(plan.periods)
    per_year = 12 if w.frequency == "M" else 1
    russia = n - 1
    p = len(ks)
    supply = rng.normal(0, 1.6, (p, n))
    demand = rng.normal(0, 0.9, (p, n))
    level = rng.normal(0, 1.2, p)
    base = (
        level[:, None, None]
        + plan.size_x[None, :, None]
        + plan.size_m[None, None, :]
        + supply[:, :, None]
        + demand[:, None, :]
        - 0.7 * plan.distance[None]
        + rng.normal(0, 1.0, (p, n, n))
    )
    base[:, np.arange(n), np.arange(n)] = -np.inf
    cut = np.quantile(base[np.isfinite(base)], 1 - w.density)
    kk, ii, jj = np.nonzero(base > cut)
    worth = np.exp(base[kk, ii, jj]) * scale / per_year
    rows = len(kk)
    ship = w.consignment * rng.lognormal(0, 0.8, p)

    price = np.cumsum(rng.normal(0, w.price_shocks / np.sqrt(per_year), (p, steps)), axis=1)
    jump = rng.random(p) < 0.1
    price += np.where(jump, rng.normal(0, 0.5, p), 0)[:, None] * (plan.post > 0)
    log = (
        np.log(worth)[:, None]
        + plan.growth[ii]
        + plan.growth[jj]
        + price[kk]
        + _paths(w, rng, rows, steps)
    )
    if per_year == 12:
        phase = rng.uniform(0, 2 * np.pi, p)
        month = np.array([int(t[5:7]) for t in plan.periods])
        log += 0.25 * np.cos(2 * np.pi * month[None] / 12 + phase[kk][:, None])

    hit = plan.sanctioned[ks]
    origin = ii < n_c
    target = jj == russia
    fall = rng.uniform(0.05, 0.4, p)
    direct = origin & target & hit[kk]
    log[direct] += np.log(1 - plan.post[None] * (1 - fall[kk[direct]])[:, None])
    step_in = rng.random(rows) < w.substitution  # other producers sell more of their own make
    legit = ~origin & target & hit[kk] & step_in
    log[legit] += plan.post[None] * rng.gamma(1.5, 0.3, (int(legit.sum()), 1))
    pushed = origin & ~target & hit[kk] & (rng.random(rows) < 0.05)
    log[pushed] += plan.post[None] * rng.gamma(1.5, 0.3, (int(pushed.sum()), 1))

    value = np.exp(log)
    for e in (
        plan.entrepot_index
    ):  # re-exports: what it sells follows what it buys, to everybody, always
        bought = np.zeros((p, steps))
        np.add.at(bought, kk[jj == e], value[jj == e])
        sells = ii == e
        before = bought[:, : max(1, int((plan.post == 0).sum()))].mean(axis=1, keepdims=True)
        ratio = np.where(before > 0, bought / np.maximum(before, 1e-9), 1.0)
        value[sells] *= np.clip(ratio[kk[sells]], 0.2, 5)

    count = rng.poisson(np.minimum(value / ship[kk][:, None], 1e9))
    drawn = rng.gamma(np.maximum(count, 1) * 2.0, ship[kk][:, None] / 2.0) * (count > 0)

    routes: list[tuple[int, int, str, float]] = []
    extra: list[tuple[int, int, int, Array]] = []
    pre = plan.post == 0
    for at, k in enumerate(ks):
        if not plan.route_count[k]:
            continue
        lane = direct & (kk == at)
        yearly = value[lane][:, pre].mean(axis=1).sum() * per_year
        if yearly < 20 * w.consignment:
            continue
        sellers = ii[lane]
        weight = value[lane][:, pre].mean(axis=1)
        for h in rng.choice(plan.hub_index, size=plan.route_count[k], replace=False):
            low, high = w.route_share
            wanted = yearly * np.exp(rng.uniform(np.log(low), np.log(high)))
            delay = int(rng.integers(w.route_delay_months[0], w.route_delay_months[1] + 1))
            shape = _route_shape(w, plan, delay, rng)
            few = min(len(sellers), int(rng.integers(1, 4)))
            takers = rng.choice(len(sellers), size=few, replace=False, p=weight / weight.sum())
            flow = wanted / per_year * shape
            passed = rng.uniform(0.85, 1.0)
            lag = int(rng.integers(0, 3)) if per_year == 12 else 0
            out = np.roll(flow, lag)
            out[:lag] = 0
            for s in takers:
                extra.append((at, int(sellers[s]), int(h), flow / few))
            extra.append((at, int(h), russia, out * passed * rng.uniform(1.0, 1.2)))
            reached = float(min(flow.sum(), (out * passed).sum()))
            first = plan.periods[int(np.argmax(shape > 0))] if (shape > 0).any() else ""
            if reached > 0:
                routes.append((int(k), int(h), first, reached))
    if extra:
        kk = np.concatenate([kk, [e[0] for e in extra]])
        ii = np.concatenate([ii, [e[1] for e in extra]])
        jj = np.concatenate([jj, [e[2] for e in extra]])
        drawn = np.vstack([drawn, np.array([e[3] for e in extra])])
    per_kg = np.exp(rng.normal(3, 1.5, p))
    weight_kg = drawn / (
        per_kg[kk][:, None] * np.exp(price[kk]) * rng.lognormal(0, 0.25, drawn.shape)
    )
    return _rows(plan, ks, kk, ii, jj, drawn, weight_kg), routes


def _route_shape(w: World, plan: _Plan, delay: int, rng: np.random.Generator) -> Array:
    """How a route's yearly rate builds up: nothing before the break and its delay, then a ramp."""
    ramp = int(rng.integers(1, 7))
    if w.frequency == "M":
        start = plan.periods.index(w.since) + delay
        age = np.arange(len(plan.periods)) - start
        return np.where(
            age >= 0, np.minimum((age + 1) / ramp, 1.0) * rng.lognormal(0, 0.2, len(age)), 0.0
        )
    year = int(w.since[:4])
    month = int(w.since[5:7])
    start_month = year * 12 + month - 1 + delay
    out = np.zeros(len(plan.periods))
    for at, t in enumerate(plan.periods):
        ages = np.arange(int(t) * 12, int(t) * 12 + 12) - start_month
        out[at] = np.where(ages >= 0, np.minimum((ages + 1) / ramp, 1.0), 0.0).mean()
    return out * np.where(out > 0, rng.lognormal(0, 0.15, len(out)), 0)


def _rows(
    plan: _Plan, ks: Array, kk: Array, ii: Array, jj: Array, drawn: Array, kg: Array
) -> dict[str, Array]:
    """Long rows; codes split at the revision (first period after the break's year began); holes dropped."""
    steps = drawn.shape[1]
    revised = np.array([t[:4] >= "2022" for t in plan.periods])
    keep = plan.kept[ks][kk][:, None] * revised[None] + ~revised[None]
    columns = {
        "k": np.repeat(np.array([int(plan.codes[k]) for k in ks])[kk], steps),
        "i": np.repeat(ii, steps),
        "j": np.repeat(jj, steps),
        "t": np.tile(np.arange(steps), len(kk)),
        "v": (drawn * keep).ravel(),
        "q": (kg * keep).ravel(),
    }
    moved = np.isin(kk, [a for a, k in enumerate(ks) if int(k) in plan.renamed])
    if moved.any():
        new = np.array([int(plan.renamed.get(int(k), plan.codes[k])) for k in ks])
        part = plan.split[ks][kk[moved]][:, None] * revised[None]
        more = {
            "k": np.repeat(new[kk[moved]], steps),
            "i": np.repeat(ii[moved], steps),
            "j": np.repeat(jj[moved], steps),
            "t": np.tile(np.arange(steps), int(moved.sum())),
            "v": (drawn[moved] * part).ravel(),
            "q": (kg[moved] * part).ravel(),
        }
        columns = {c: np.concatenate([columns[c], more[c]]) for c in columns}
    seen = columns["v"] >= 500  # BACI and most customs offices drop what rounds to nothing
    year = np.array([int(t[:4]) for t in plan.periods])
    for c, y, role in plan.holes:
        side = columns["i"] if role == "exporter" else columns["j"]
        seen &= ~((side == c) & (year[columns["t"]] == y))
    return {c: v[seen] for c, v in columns.items()}


def _arrow(plan: _Plan, columns: dict[str, Array]) -> pa.Table:
    codes = np.array([numeric(c) or 0 for c in plan.names], dtype=np.int16)
    monthly = "-" in plan.periods[0]
    stamp = np.array([int(t.replace("-", "")) for t in plan.periods], dtype=np.int32)
    table = pa.table(
        {
            "t": stamp[columns["t"]] if monthly else stamp[columns["t"]].astype(np.int16),
            "i": codes[columns["i"]],
            "j": codes[columns["j"]],
            "k": columns["k"].astype(np.int32),
            "v": np.round(columns["v"] / 1e3, 3),
            "q": np.round(columns["q"] / 1e3, 3),
        }
    )
    # Two lanes of one route and the ordinary trade of the same pair are one customs figure.
    return (
        table.group_by(["t", "i", "j", "k"], use_threads=False)
        .aggregate([("v", "sum"), ("q", "sum")])
        .rename_columns({"v_sum": "v", "q_sum": "q"})
    )


def blocks(w: World) -> Iterator[tuple[_Plan, pa.Table, list[tuple[int, int, str, float]]]]:
    """The world, some products at a time, so that it never has to fit into memory."""
    rng = np.random.default_rng(w.seed)
    plan = _plan(w, rng)
    scale = w.trade_per_product / (len(plan.names) ** 2 * w.density) / np.exp(3.5)
    for start in range(0, w.products, w.block):
        ks = np.arange(start, min(start + w.block, w.products))
        columns, routes = _block(w, plan, rng, ks, scale)
        yield plan, _arrow(plan, columns), routes


def simulate(w: World) -> Simulated:
    """One world in memory. The same settings always give the same rows."""
    made = list(blocks(w))
    plan = made[0][0]
    parts = [table for _, table, _ in made]
    planted = [route for _, _, found in made for route in found]
    return Simulated(
        w, pa.concat_tables(parts), _truth(w, plan, planted), _splices(plan), _named(plan)
    )


def write(w: World, path: Path, row_group: int = 1_000_000) -> Simulated:
    """As :func:`simulate`, straight into a Parquet file; the returned ``baci`` is empty."""
    planted: list[tuple[int, int, str, float]] = []
    writer: pq.ParquetWriter | None = None
    plan = None
    empty = None
    for drawn, table, found in blocks(w):
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=row_group)
        planted += found
        plan = drawn
        empty = table.schema.empty_table()
    if writer is not None:
        writer.close()
    assert plan is not None and empty is not None
    return Simulated(w, empty, _truth(w, plan, planted), _splices(plan), _named(plan))


def _splices(plan: _Plan) -> dict[str, str]:
    return {new: plan.codes[k] for k, new in plan.renamed.items()}


def _named(plan: _Plan) -> list[tuple[str, str, str]]:
    return [(plan.names[c], str(y), role) for c, y, role in plan.holes]


def _truth(w: World, plan: _Plan, planted: list[tuple[int, int, str, float]]) -> pa.Table:
    return pa.table(
        {
            "hub": pa.array([plan.names[h] for _, h, _, _ in planted], pa.string()),
            "product": pa.array([plan.codes[k] for k, _, _, _ in planted], pa.string()),
            "start": pa.array([s for _, _, s, _ in planted], pa.string()),
            "diverted": pa.array([d for _, _, _, d in planted], pa.float64()),
        }
    )
