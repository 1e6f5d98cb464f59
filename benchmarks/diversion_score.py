# SPDX-License-Identifier: Apache-2.0
"""Planted worlds of fourteen families: how well `bilat divert` ranks, flags and measures, beside what analysts do.

The first simulator was at hand when the estimator was made; the second (`worlds/second.py`) was made from customs
records by somebody who had seen neither; the third plants routes in real customs records, so that the noise is the
world's own. Every ranking is of the same candidates: pairs of hub and product with trade on both legs since the break.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from worlds import eighth as eighth_family
from worlds import eleventh as eleventh_family
from worlds import fifth as fifth_family
from worlds import fourth as fourth_family
from worlds import ninth as ninth_family
from worlds import second_settings
from worlds import seventh as seventh_family
from worlds import sixth as sixth_family
from worlds import tenth as tenth_family
from worlds import third as third_family
from worlds.first import COALITION, OTHERS, World, simulate
from worlds.second import simulate as simulate_second

from bilat.diversion.legs import DiversionScope, Legs, gather
from bilat.diversion.likely_amounts import likely_by_hub
from bilat.diversion.pairs import Screened, screen
from bilat.diversion.parameters import parameters
from bilat.diversion.search import divert, targets_of
from bilat.engine import DuckDB
from bilat.formats.trade import read
from bilat.goods.baskets import splices
from bilat.places.coalitions import origins as origins_of

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
        "seed": 11,
        "target": "IRN",
        "coalition": (*COALITION[:11], "AUS"),
        "others": (*(c for c in OTHERS if c not in ("KWT", "QAT")), "RUS", "LTU", "TWN", "GRC"),
    },
    "months": {
        "seed": 12,
        "frequency": "M",
        "products": 120,
        "first": 2019,
        "last": 2023,
        "routes": 50,
    },
    "months, short": {
        "seed": 13,
        "frequency": "M",
        "products": 120,
        "first": 2020,
        "last": 2022,
        "routes": 50,
    },
}


#: The rivals: an analyst divides, subtracts, or takes the smaller rise of the two legs. The mirror gap needs both
#: sides' reports of leg one, which only the worlds of the twelfth family have.
NAIVE = ("growth ratio, leg one", "growth ratio, leg two", "absolute growth", "triangular minimum")
NOMINAL = (0.05, 0.1, 0.2)
#: Rows of a table that an officer reads.
FIRST_ROWS = 20
#: Edges of the classes in which probabilities are held against what came true.
CLASSES = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
#: What is taken out, in turn.
ABLATIONS: dict[str, dict[str, float]] = {
    "as it is": {},
    "without the fall of direct trade in the odds": {"odds_fall": 0.0, "odds_calm": 0.0},
    "without upheavals (slab)": {"slab_most": 0.002},
    "without a prior of the amount": {"amount_spread": 8.0},
    "without effects of hubs": {"hub_spread": 0.01},
    "without producer and exclusive": {"odds_producer": 0.0, "odds_exclusive": 0.0},
}


@dataclass(frozen=True)
class Planted:
    """A world's table, its question, and its routes: (hub, product) -> USD diverted since the break."""

    table: pa.Table
    origins: str
    target: str
    since: str
    routes: dict[tuple[str, str], float]


@contextmanager
def assuming(**values: float) -> Iterator[None]:
    """Within the block, other values of some parameters."""
    before = {name: parameters()[name]["value"] for name in values}
    try:
        for name, value in values.items():
            parameters()[name]["value"] = value
        yield
    finally:
        for name, value in before.items():
            parameters()[name]["value"] = value


def first(settings: dict[str, Any], seed: int) -> Planted:
    """A world of `benchmarks/worlds/first.py`; its made-up code changes are joined as a concordance would say."""
    world = simulate(World(**{**settings, "seed": settings.get("seed", 1) + seed}))
    w = world.world
    table = world.baci
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
    asked = about["question"]
    routes = {}
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
    return Planted(
        table, ",".join(third_family.ORIGINS), settings.target, str(settings.since), routes
    )


def fourth(seed: int) -> Planted:
    """A world of `worlds.fourth`: silent hubs, chains, neighbour codes, bans in stages."""
    w = fourth_family.simulate(seed)
    return Planted(
        w.flows,
        ",".join(fourth_family.ORIGINS),
        fourth_family.TARGET,
        fourth_family.SINCE,
        w.routes,
    )


def fifth(seed: int) -> Planted:
    """A world of `worlds.fifth`; of each third seed the origins alone report."""
    w = fifth_family.simulate(seed, one_leg=seed % 3 == 0)
    return Planted(
        w.flows, ",".join(fifth_family.ORIGINS), fifth_family.TARGET, fifth_family.SINCE, w.routes
    )


def sixth(seed: int) -> Planted:
    """A world of `worlds.sixth`, kept until an estimator is settled."""
    w = sixth_family.simulate(seed)
    return Planted(
        w.flows, ",".join(sixth_family.ORIGINS), sixth_family.TARGET, sixth_family.SINCE, w.routes
    )


def seventh(seed: int) -> Planted:
    """A world of `worlds.seventh`, kept until an estimator is settled."""
    w = seventh_family.simulate(seed)
    return Planted(
        w.flows,
        ",".join(seventh_family.ORIGINS),
        seventh_family.TARGET,
        seventh_family.SINCE,
        w.routes,
    )


def eighth(seed: int) -> Planted:
    """A world of `worlds.eighth`, kept until an estimator is settled."""
    w = eighth_family.simulate(seed)
    return Planted(
        w.flows,
        ",".join(eighth_family.ORIGINS),
        eighth_family.TARGET,
        eighth_family.SINCE,
        w.routes,
    )


def ninth(seed: int) -> Planted:
    """A world of `worlds.ninth`, kept until an estimator is settled."""
    w = ninth_family.simulate(seed)
    return Planted(
        w.flows, ",".join(ninth_family.ORIGINS), ninth_family.TARGET, ninth_family.SINCE, w.routes
    )


def tenth(seed: int) -> Planted:
    """A world of `worlds.tenth`, written by one who had not seen the estimator."""
    w = tenth_family.simulate(seed)
    return Planted(
        w.flows, ",".join(tenth_family.ORIGINS), tenth_family.TARGET, tenth_family.SINCE, w.routes
    )


def eleventh(seed: int) -> Planted:
    """A world of `worlds.eleventh`, written by one who had not seen the estimator."""
    w = eleventh_family.simulate(seed)
    return Planted(
        w.flows,
        ",".join(eleventh_family.ORIGINS),
        eleventh_family.TARGET,
        eleventh_family.SINCE,
        w.routes,
    )


def scores_of_family(family: str, seeds: list[int]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Score the worlds of a module `worlds.FAMILY`: it has ORIGINS, TARGET, SINCE and `simulate(seed)`."""
    module = import_module(f"worlds.{family}")
    for seed in seeds:
        made = module.simulate(seed)
        origins = ",".join(module.ORIGINS)
        world = Planted(made.flows, origins, module.TARGET, module.SINCE, made.routes)
        found = score(legs_of(world), world.routes)
        name = f"{family}: seed {seed}"
        print(name, found["rankings"], flush=True)
        yield name, found


def legs_of(world: Planted, until: str | None = None) -> Legs:
    """The legs as `bilat divert` reads them out of the world's file."""
    run = DuckDB(memory="700MB", threads=2)
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "world.parquet"
            pq.write_table(world.table, path)
            trade = read([path], Path(folder)).trade(run, world.since)
            question = DiversionScope(
                origins_of(world.origins), targets_of(world.target), world.since, until
            )
            return gather(trade, question)
    finally:
        run.close()


def average_precision(scores: np.ndarray, true: np.ndarray, total: int) -> tuple[float, float]:
    """(average precision, recall among the first 50) of a ranking; equal scores in an order drawn by lot, for the rows
    come in the order of `divert`."""
    lot = np.random.default_rng(0).random(len(scores))
    hit = true[np.lexsort((lot, -scores))]
    found = np.cumsum(hit)[hit] / (np.flatnonzero(hit) + 1)
    return float(found.sum() / total), float(hit[:50].sum() / min(50, total))


def score(legs: Legs, routes: dict[tuple[str, str], float]) -> dict[str, Any]:
    """Every ranking of one world, the flags at three levels, the intervals, probabilities by class, and the sum."""
    got = screen(legs)
    both = got.two
    # A pair past the books of a hub that publishes is not at a silent hub.
    silent = ~both & np.array([hub not in legs.books for hub in legs.hubs])[got.hub]
    names = [
        (legs.hubs[h], legs.products[k])
        for h, k in zip(got.hub.tolist(), got.product.tolist(), strict=True)
    ]
    truth = np.array([routes.get(n, 0.0) for n in names])
    true = truth > 0
    total = len(routes)
    one = got.first
    nothing = np.zeros(len(names))
    two = (nothing, nothing) if got.second is None else (got.second.before, got.second.after)
    sold = [np.where(both, x, 0.0) for x in two]
    rises = np.maximum(one.after - one.before, 0), np.maximum(sold[1] - sold[0], 0)
    naive = (
        (one.after + 1) / (one.before + 1),
        (sold[1] + 1) / (sold[0] + 1),
        one.after - one.before,
        np.minimum(*rises),
    )
    rankings = {
        "divert": -np.arange(len(truth), dtype=float),
        **dict(zip(NAIVE, naive, strict=True)),
    }
    flags = {n: got.q <= n for n in NOMINAL}
    place = np.clip(np.digitize(got.judged.p, CLASSES) - 1, 0, len(CLASSES) - 2)
    return {
        "routes": total,
        "pairs": len(truth),
        "rankings": {
            n: average_precision(v, true, total) if total else None for n, v in rankings.items()
        },
        "flags": {str(n): (int(f.sum()), int((f & ~true).sum())) for n, f in flags.items()},
        "covered": _covered(got, truth),
        "classes": [
            (
                int((place == n).sum()),
                float(got.judged.p[place == n].sum()),
                int(true[place == n].sum()),
            )
            for n in range(len(CLASSES) - 1)
        ],
        "sum": (float(truth.sum()), float(np.nansum(got.judged.p * got.judged.mean))),
        "silent": (int(true[silent].sum()), float(got.judged.p[silent].sum())),
        "known": _known(got, true, total),
        "first": _found_first(got, truth, routes),
    }


def _known(got: Screened, true: np.ndarray, total: int) -> dict[str, float]:
    """Average precision if it were known which hubs, or which goods, carry a route at all: the pairs of
    others leave the list. What is left to win lies between these and 1."""
    if not total:
        return {}
    order = -np.arange(len(true), dtype=float)
    out = {}
    for kind, keys in (("hubs", got.hub), ("goods", got.product)):
        left = np.where(np.isin(keys, keys[true]), order, -np.inf)
        out[kind], _ = average_precision(left, true, total)
    return out


def _found_first(
    got: Screened, truth: np.ndarray, routes: dict[tuple[str, str], float]
) -> dict[str, float]:
    """What an officer finds first: shares of the amount diverted in the first rows of the table, which is
    in the order of what is at stake, and at the hubs named; how many hubs are named, and how many
    of them are so by their purchases alone, because their sales are not stored."""
    _, passed_on = likely_by_hub(got)
    by_purchases = passed_on.without_sales if passed_on else ()
    named = (*passed_on.named, *by_purchases) if passed_on else ()
    total = max(sum(routes.values()), 1.0)
    order = np.argsort(-got.worth(np.arange(len(truth))), kind="stable")
    at_named = sum(amount for (hub, _), amount in routes.items() if hub in named)
    return {
        "rows": float(truth[order[:FIRST_ROWS]].sum() / total),
        "hubs": at_named / total,
        "named": len(named),
        "by_purchases": len(by_purchases),
        "false": sum(not any(h == hub for h, _ in routes) for hub in named),
    }


def _covered(got: Screened, truth: np.ndarray) -> tuple[int, int, int]:
    """(routes below the interval, within it, above it)."""
    true = truth > 0
    below = truth < got.judged.quantiles[:, 0]
    above = truth > got.judged.quantiles[:, 2]
    return int((true & below).sum()), int((true & ~below & ~above).sum()), int((true & above).sum())


def worlds(
    seeds: tuple[int, ...],
    others: tuple[int, ...],
    thirds: tuple[int, ...],
    fourths: tuple[int, ...] = (),
    fifths: tuple[int, ...] = (),
    sixths: tuple[int, ...] = (),
    sevenths: tuple[int, ...] = (),
    eighths: tuple[int, ...] = (),
    ninths: tuple[int, ...] = (),
    tenths: tuple[int, ...] = (),
    elevenths: tuple[int, ...] = (),
) -> Iterator[tuple[str, Planted]]:
    """Every world of every family and seed, by name."""
    for seed in seeds:
        for name, settings in WORLDS.items():
            yield f"first, seeds +{seed}: {name}", partial(first, settings, seed)
    for seed in fourths:
        yield f"fourth: seed {seed}", partial(fourth, seed)
    for seed in fifths:
        legs = "one leg" if seed % 3 == 0 else "two legs"
        yield f"fifth, {legs}: seed {seed}", partial(fifth, seed)
    for seed in sixths:
        yield f"sixth: seed {seed}", partial(sixth, seed)
    for seed in sevenths:
        yield f"seventh: seed {seed}", partial(seventh, seed)
    for seed in eighths:
        yield f"eighth: seed {seed}", partial(eighth, seed)
    for seed in ninths:
        yield f"ninth: seed {seed}", partial(ninth, seed)
    for seed in tenths:
        yield f"tenth: seed {seed}", partial(tenth, seed)
    for seed in elevenths:
        yield f"eleventh: seed {seed}", partial(eleventh, seed)
    for seed in others:
        for w in second_settings.WORLDS:
            yield f"second, seed {seed}: {w.name}", partial(second, w, seed)
    if third_family.records().exists():
        for seed in thirds:
            groups = (
                ("large", third_family.LARGE),
                ("small", third_family.SMALL),
                ("kept", third_family.KEPT),
            )
            for size, group in groups:
                for settings in group:
                    yield (
                        f"third, {size} markets, seed {seed}: {settings.name}",
                        partial(third, settings, seed),
                    )


def scores(
    seeds: tuple[int, ...],
    others: tuple[int, ...],
    thirds: tuple[int, ...],
    only: tuple[str, ...] = (),
    fourths: tuple[int, ...] = (),
    fifths: tuple[int, ...] = (),
    sixths: tuple[int, ...] = (),
    sevenths: tuple[int, ...] = (),
    eighths: tuple[int, ...] = (),
    ninths: tuple[int, ...] = (),
    tenths: tuple[int, ...] = (),
    elevenths: tuple[int, ...] = (),
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every world, every seed, one by one; with ``only``, those whose name has one of these words."""
    made = worlds(
        seeds, others, thirds, fourths, fifths, sixths, sevenths, eighths, ninths, tenths, elevenths
    )
    for name, make in made:
        if only and not any(word in name for word in only):
            continue
        world = make()
        found = score(legs_of(world), world.routes)
        print(name, found["rankings"], flush=True)
        yield name, found


def placebos() -> list[dict[str, Any]]:
    """Questions whose answer is not a route: worlds without routes, breaks that were none, and, in the real records,
    markets that nobody sanctioned."""
    made: list[tuple[str, Legs]] = []
    for seed in (401, 402):
        empty = first({"routes": 0, "products": 250, "seed": 1}, seed)
        made.append((f"first simulator, no route, {seed}", legs_of(empty)))
        full = first({"seed": 1}, seed)
        early = Planted(full.table, full.origins, full.target, "2020", {})
        made.append(
            (
                f"first simulator, a break in 2020 that was none, {seed}",
                legs_of(early, until="2021"),
            )
        )
    if third_family.records().exists():
        origins = ",".join(third_family.ORIGINS)
        table = third_family.flows(third_family.trade())
        for target in third_family.PLACEBOS:
            for since, until in (("2022", None), ("2021", "2022")):
                asked = Planted(table, origins, target, since, {})
                made.append((f"real records, {target}, {since}", legs_of(asked, until)))
    out = []
    for name, legs in made:
        got = screen(legs)
        out.append(
            {
                "name": name,
                "pairs": len(got.hub),
                "flags": int((got.q <= 0.1).sum()),
                "expected": float(got.judged.p.sum()),
                "most": float(got.judged.p.max(initial=0.0)),
            }
        )
    return out


def _few(*, quick: bool = False) -> list[tuple[Legs, dict[tuple[str, str], float]]]:
    """A few worlds of all families, for what is run many times; ``quick``: those of the real records alone."""
    named = {w.name: w for w in second_settings.WORLDS}
    some: list[Planted] = []
    if not quick:
        some += [
            first(WORLDS["months, short"], 100),
            first(WORLDS["years"], 100),
            second(named["yearly-many-routes"], 2),
        ]
    if third_family.records().exists():
        some += [third(third_family.LARGE[1], 1), third(third_family.SMALL[3], 1)]
    return [(legs_of(w), w.routes) for w in some]


def _together(found: list[dict[str, Any]]) -> dict[str, Any]:
    flags, false = (sum(f["flags"]["0.1"][n] for f in found) for n in (0, 1))
    inside = sum(f["covered"][1] for f in found) / max(1, sum(sum(f["covered"]) for f in found))
    return {
        "precision": float(np.mean([f["rankings"]["divert"][0] for f in found])),
        "flags": flags,
        "false": false / max(flags, 1),
        "inside": inside,
        "expected": sum(c[1] for f in found for c in f["classes"]),
        "routes": sum(f["routes"] for f in found),
        "sums": sum(f["sum"][1] for f in found) / max(1.0, sum(f["sum"][0] for f in found)),
    }


def ablations() -> dict[str, dict[str, Any]]:
    """What each part is worth: mean average precision, flags at 10% and coverage with the part taken out."""
    few = _few()
    out = {}
    for name, values in ABLATIONS.items():
        with assuming(**values):
            out[name] = _together([score(legs, routes) for legs, routes in few])
    return out


def sensitivity() -> dict[str, dict[str, Any]]:
    """Every parameter at its low and high value, about half and double, in the worlds of real records among them."""
    few = _few(quick=True)
    out = {"as it is": _together([score(legs, routes) for legs, routes in few])}
    for name, p in parameters().items():
        for end in ("low", "high"):
            with assuming(**{name: float(p[end])}):
                out[f"{name} = {p[end]}"] = _together([score(legs, routes) for legs, routes in few])
    return out


#: Assumptions that can move an answer of one leg alone.
ONE_LEG = (
    "offset",
    "fall_low",
    "fall_high",
    "swing_prior",
    "neighbour_prior",
    "share_sent_on",
    "slab_share",
    "odds_base",
)


def one_leg() -> dict[str, dict[str, Any]]:
    """The embedded exports, one leg alone, with each assumption at its low and high value: flagged hubs, the total
    with its ends, and the routes expected."""
    cases: dict[str, dict[str, float]] = {"as it is": {}}
    for name in ONE_LEG:
        for end in ("low", "high"):
            cases[f"{name} = {parameters()[name][end]}"] = {name: float(parameters()[name][end])}
    out = {}
    for name, values in cases.items():
        with assuming(**values):
            found = divert(origin="EU27", limit=None, cases=0)
        out[name] = {
            "hubs": ", ".join(h.hub for h in found.hubs if h.flagged),
            "total": (found.total.low, found.total.middle, found.total.high),
            "lost": found.total.lost,
            "routes": sum(r.probability for r in found.rows),
        }
        print(name, out[name], flush=True)
    return out
