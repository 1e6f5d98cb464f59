# SPDX-License-Identifier: Apache-2.0
"""How good and how fast ``bilat divert`` is, beside what analysts do today. Two parts:

    python benchmarks/diversion.py score            planted worlds: precision, recall, false discoveries, coverage
    python benchmarks/diversion.py speed [ROWS]     a BACI-shaped file: against a bare group-by, and against pandas
                                                    making the legs for the same estimates

Every figure is printed beside its rival from the same run; on a busy machine read the ratios, not the seconds.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from bilat.trade.diversion import divert
from bilat.trade.simulator import COALITION, OTHERS, World, simulate, write

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


def average_precision(scores: np.ndarray, true: np.ndarray, total: int) -> tuple[float, float]:
    """(average precision, recall among the first 50) of a ranking."""
    hit = true[np.argsort(-scores, kind="stable")]
    found = np.cumsum(hit)[hit] / (np.flatnonzero(hit) + 1)
    return float(found.sum() / total), float(hit[:50].sum() / min(50, total))


def score_world(settings: dict[str, Any], seed: int) -> dict[str, Any]:
    """All rankings of one planted world, on the same candidate pairs."""
    world = simulate(World(**{**settings, "seed": settings.get("seed", 1) + seed}))
    w = world.world
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "baci.parquet"
        table = world.baci
        if world.splices:  # the analyst knows the revision: codes are joined as the concordance says
            import duckdb

            cases = " ".join(f"WHEN {int(new)} THEN {int(old)}" for new, old in world.splices.items())
            con = duckdb.connect()
            con.register("b", table)
            con.execute(
                f"COPY (SELECT t, i, j, CAST(CASE k {cases} ELSE k END AS INTEGER) AS k, sum(v) AS v, sum(q) AS q "
                f"FROM b GROUP BY ALL) TO '{path}' (FORMAT parquet)"
            ).fetchall()
        else:
            pq.write_table(table, path)
        got = divert(
            [path], origin=",".join(w.coalition), target=w.target, since=w.since, limit=None, cases=0
        )
    planted = {
        (h, p): d
        for h, p, d in zip(
            *(world.routes[c].to_pylist() for c in ("hub", "product", "diverted")), strict=True
        )
    }
    truth = np.array([planted.get((r["hub"], r["product"]), 0.0) for r in got.rows])
    true, total = truth > 0, len(planted)
    before1, after1, before2, after2 = (
        np.array([r["legs"][leg][when] for r in got.rows], dtype=float)
        for leg in ("in", "out")
        for when in ("before", "actual")
    )
    rankings = {
        "divert": np.array([r["score"] for r in got.rows]),
        "growth ratio, leg one": (after1 + 1) / (before1 + 1),
        "growth ratio, leg two": (after2 + 1) / (before2 + 1),
        "absolute growth": after1 - before1,
        "triangular minimum": np.minimum(np.maximum(after1 - before1, 0), np.maximum(after2 - before2, 0)),
    }
    out: dict[str, Any] = {"routes": total, "pairs": len(got.rows)}
    for name, values in rankings.items():
        out[name] = average_precision(values, true, total)
    q = np.array([r["q_value"] for r in got.rows])
    inside = np.array([r["low"] <= t <= r["high"] for r, t in zip(got.rows, truth, strict=True)])
    for nominal in (0.05, 0.1, 0.2):
        flags = q <= nominal
        out[f"flags at {nominal}"] = (int(flags.sum()), int((flags & ~true).sum()))
    out["covered"] = (int((inside & true).sum()), int(true.sum()))
    return out


def score(seed: int) -> None:
    """Print the scorecard."""
    rivals = (
        "divert",
        "growth ratio, leg one",
        "growth ratio, leg two",
        "absolute growth",
        "triangular minimum",
    )
    print(f"average precision (recall at 50); seed offset {seed}")
    print(
        f"{'world':22s}"
        + "".join(f"{r:>24s}" for r in rivals)
        + f"{'flags q<=0.1 (false)':>22s}{'80% interval':>14s}"
    )
    sums: dict[float, list[int]] = {0.05: [0, 0], 0.1: [0, 0], 0.2: [0, 0]}
    covered, lifts = [0, 0], []
    for name, settings in WORLDS.items():
        got = score_world(settings, seed)
        cells = "".join(f"{got[r][0]:>16.2f} ({got[r][1]:.2f})" + " " for r in rivals)
        flags, false = got["flags at 0.1"]
        hit, of = got["covered"]
        print(f"{name:22s}{cells}{flags:>14d} ({false:d}){hit / max(of, 1):>16.0%}", flush=True)
        for nominal, at in sums.items():
            at[0] += got[f"flags at {nominal}"][0]
            at[1] += got[f"flags at {nominal}"][1]
        covered = [covered[0] + hit, covered[1] + of]
        lifts.append(got["divert"][0] / max(got[r][0] for r in rivals[1:]))
    for nominal, (flags, false) in sums.items():
        print(
            f"false-discovery rate at nominal {nominal:.2f}: {false / max(flags, 1):.3f} ({false} of {flags} flags)"
        )
    print(f"80% intervals hold the truth for {covered[0] / covered[1]:.0%} of {covered[1]} planted routes")
    print(
        f"average precision over the best naive ranking: least {min(lifts):.2f}, median {np.median(lifts):.2f} times"
    )


_BARE = """
import duckdb, sys, time, resource, json
con = duckdb.connect(config={"threads": 2, "memory_limit": sys.argv[2]})
con.execute("SET preserve_insertion_order = false")
start = time.perf_counter()
con.execute("SET enable_progress_bar = false")
con.execute(
    "SELECT count(*), sum(v) FROM (SELECT i, j, k, t, sum(v) AS v "
    f"FROM read_parquet('{sys.argv[1]}') GROUP BY i, j, k, t)"
).fetchall()
print(json.dumps([time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6]))
"""

_DIVERT = """
import sys, time, resource, json
import numpy, pyarrow.parquet
from bilat.trade.diversion import divert
start = time.perf_counter()
got = divert([sys.argv[1]], threads=2, memory=sys.argv[2])
print(json.dumps([time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6]))
"""

_PANDAS = """
import sys, time, resource, json
import numpy as np, pandas as pd
from bilat.trade.legs import Legs, Question, Span
from bilat.trade.screen import screen
from bilat.trade.simulator import COALITION, OTHERS
from bilat.dyad import numeric
code = {numeric(c): c for c in (*COALITION, *OTHERS, "RUS")}
start = time.perf_counter()
b = pd.read_parquet(sys.argv[1])
b = b[b.t >= 2019].assign(v=lambda x: x.v * 1000)
own = b.i.isin([n for n, c in code.items() if c in COALITION])
post, late = b.t >= 2022, b.t >= 2024
w = {"before": ~post * 1.0, "after": post * 1.0, "late_before": ~post / 3.0, "late_after": late * 1.0}
bought = b[~own & ~post].groupby("j").v.sum()
near = np.log(bought / bought[643]).abs().drop(643)
near = near[[n for n in near.index if code[n] not in COALITION]].sort_values().index[:10]
into = b[~b.j.isin([n for n, c in code.items() if c in COALITION])].copy()
for name, weight in w.items():
    into[name] = into.v * weight[into.index] * own[into.index]
    into["rest_" + name] = into.v * weight[into.index] * ~own[into.index]
one = into.groupby(["j", "k"])[[*w, *("rest_" + n for n in w)]].sum().reset_index()
out = b[~own & b.j.isin([643, *near])].copy()
for name, weight in w.items():
    out[name] = out.v * weight[out.index]
two = out.groupby(["i", "j", "k"])[[*w]].sum().reset_index()
hubs, products = sorted(set(code.values())), sorted({*one.k, *two.k})
at, place = {c: n for n, c in enumerate(hubs)}, {k: n for n, k in enumerate(products)}
def leg(f, who):
    found = {c: f[c].to_numpy(dtype=float) for c in f.columns if c not in ("i", "j", "k")}
    found["hub"] = f[who].map(code).map(at).to_numpy()
    found["product"] = f.k.map(place).to_numpy()
    return found
inward, outward = leg(one, "j"), leg(two, "i")
order = {n: r for r, n in enumerate([643, *near])}
outward["target"] = two.j.map(order).to_numpy()
russia = inward["hub"] == at["RUS"]
span = Span(("2019", "2020", "2021"), ("2022", "2023", "2024"))
question = Question(frozenset(COALITION), "RUS", "2022-03")
legs = Legs(question, span, hubs, [f"{k:06d}" for k in products], {c: v[~russia] for c, v in inward.items()},
            outward, {c: v[russia] for c, v in inward.items()}, tuple(code[n] for n in near))
found = screen(legs)
print(json.dumps([time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6]))
"""


def timed(code: str, *arguments: str) -> tuple[float, float]:
    """(seconds, peak GB) of a script in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    seconds, memory = json.loads(done.stdout[done.stdout.rindex("[") :])
    return seconds, memory


def speed(rows: int, repeats: int, pandas: bool, folder: Path | None) -> None:
    """Print the times of divert, the bare group-by and pandas on one file."""
    with tempfile.TemporaryDirectory(dir=folder) as work:
        path = Path(work) / "baci.parquet"
        products = max(20, round(rows / 8900))
        write(World(seed=7, products=products, routes=products // 6), path)
        held = pq.read_metadata(path).num_rows
        print(f"{held:,} BACI-shaped rows, {path.stat().st_size / 1e6:,.0f} MB, two threads")
        memory = "700MB" if rows < 100_000_000 else "2GB"
        bare, mine = [], []
        for _ in range(repeats):
            bare.append(timed(_BARE, str(path), "4GB" if rows < 100_000_000 else "3GB"))
            mine.append(timed(_DIVERT, str(path), memory))
        b, m = min(bare), min(mine)
        print(f"bare group-by of DuckDB   {b[0]:8.2f} s   {b[1]:5.2f} GB")
        print(
            f"bilat divert, everything  {m[0]:8.2f} s   {m[1]:5.2f} GB   {m[0] / b[0]:.2f} times the bare group-by"
        )
        if pandas:
            p = timed(_PANDAS, str(path))
            print(
                f"the estimates in pandas   {p[0]:8.2f} s   {p[1]:5.2f} GB   {p[0] / m[0]:.2f} times divert"
            )


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = ask.add_subparsers(dest="part", required=True)
    card = parts.add_parser("score")
    card.add_argument("--seed", type=int, default=0, help="added to every world's seed")
    clock = parts.add_parser("speed")
    clock.add_argument("rows", type=float, nargs="?", default=30e6)
    clock.add_argument("--repeats", type=int, default=3)
    clock.add_argument("--no-pandas", action="store_true")
    clock.add_argument("--folder", type=Path, help="where the file is made (300 million rows need 3 GB)")
    given = ask.parse_args()
    if given.part == "score":
        score(given.seed)
    else:
        speed(int(given.rows), given.repeats, not given.no_pandas, given.folder)
    print(f"peak memory of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


if __name__ == "__main__":
    main()
