# SPDX-License-Identifier: Apache-2.0
"""How long `bilat divert` takes and how much memory, beside a bare DuckDB group-by and the same in pandas.

Each runs in a process of its own on the same file, two threads each, in turn. Read the ratios: the machine may be
shared.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from worlds.first import World, write

_BARE = """
import duckdb, sys, time, resource, json
con = duckdb.connect(config={"threads": 2, "memory_limit": sys.argv[2]})
con.execute("SET preserve_insertion_order = false")
start = time.process_time()
con.execute("SET enable_progress_bar = false")
con.execute(
    "SELECT count(*), sum(v) FROM (SELECT i, j, k, t, sum(v) AS v "
    f"FROM read_parquet('{sys.argv[1]}') GROUP BY i, j, k, t)"
).fetchall()
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([time.process_time() - start, used.ru_maxrss / 1e6]))
"""

_DIVERT = """
import sys, time, resource, json
import numpy, pyarrow.parquet
from bilat.diversion.search import divert
start = time.process_time()
got = divert([sys.argv[1]], threads=2)
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([time.process_time() - start, used.ru_maxrss / 1e6]))
"""

_PANDAS = """
import sys, time, resource, json
import numpy as np, pandas as pd
from bilat.diversion.legs import DiversionScope, Legs
from bilat.diversion.window import Span
from bilat.diversion.pairs import screen
from worlds.first import COALITION, OTHERS
from bilat.places import numeric
code = {numeric(c): c for c in (*COALITION, *OTHERS, "RUS")}
start = time.process_time()
b = pd.read_parquet(sys.argv[1])
b = b[b.t >= 2019].assign(v=lambda x: x.v * 1000)
own = b.i.isin([n for n, c in code.items() if c in COALITION])
post, late = b.t >= 2022, b.t >= 2024
w = {"before": ~post * 1.0, "after": post * 1.0, "late_before": ~post / 3.0, "late_after": late * 1.0,
     "then_before": (b.t < 2021) / 2.0, "then_after": (b.t == 2021) * 1.0}
into = b[~b.j.isin([n for n, c in code.items() if c in COALITION])].copy()
for name, weight in w.items():
    into[name] = into.v * weight[into.index] * own[into.index]
    into["rest_" + name] = into.v * weight[into.index] * ~own[into.index]
def swings(frame, keys, value):
    # the standard deviation of ln(1 + value / offset) over the three years before, absent ones as zero
    logs = np.log1p(value / 12_000)
    sums = frame.assign(a=logs, b=logs**2).groupby(keys)[["a", "b"]].sum()
    return np.sqrt(np.maximum(sums.b / 3 - (sums.a / 3) ** 2, 0.0)).rename("swing")
yearly = into.assign(v=into.v * own[into.index])[~post[into.index]].groupby(["j", "k", "t"]).v.sum().reset_index()
one = into.groupby(["j", "k"])[[*w, *("rest_" + n for n in w)]].sum()
one = one.join(swings(yearly, ["j", "k"], yearly.v)).fillna(0.0).reset_index()
out = b[~own & (b.i != 643) & (b.j == 643)].copy()
for name, weight in w.items():
    out[name] = out.v * weight[out.index]
earlier = out[~post[out.index]]
two = out.groupby(["i", "j", "k"])[[*w]].sum()
two = two.join(swings(earlier, ["i", "j", "k"], earlier.v)).fillna(0.0).reset_index()
sales = b[~own & (b.i != 643) & (b.j != 643)].copy()
for name in ("before", "after", "late_before", "late_after"):
    sales[name] = sales.v * w[name][sales.index]
sales = sales.groupby(["i", "k"])[["before", "after", "late_before", "late_after"]].sum().reset_index()
sales = sales[sales.k.isin({*one.k, *two.k})]
hubs, products = sorted(set(code.values())), sorted({*one.k, *two.k})
at, place = {c: n for n, c in enumerate(hubs)}, {k: n for n, k in enumerate(products)}
def leg(f, who):
    found = {c: f[c].to_numpy(dtype=float) for c in f.columns if c not in ("i", "j", "k")}
    found["hub"] = f[who].map(code).map(at).to_numpy()
    found["product"] = f.k.map(place).to_numpy()
    return found
inward, outward = leg(one, "j"), leg(two, "i")
russia = inward["hub"] == at["RUS"]
span = Span(("2019", "2020", "2021"), ("2022", "2023", "2024"))
question = DiversionScope(frozenset(COALITION), ("RUS",), "2022-03")
legs = Legs(question, span, None, hubs, [f"{k:06d}" for k in products], {c: v[~russia] for c, v in inward.items()},
            outward, {c: v[russia] for c, v in inward.items()}, leg(sales, "i"),
            frozenset(code.values()), True)
found = screen(legs)
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([time.process_time() - start, used.ru_maxrss / 1e6]))
"""


def timed(code: str, *arguments: str) -> tuple[float, float]:
    """(seconds of processor time on all threads, peak GB) of a script in a process of its own."""
    here = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": here},
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    seconds, memory = json.loads(done.stdout[done.stdout.rindex("[") :])
    return seconds, memory


def measure(
    rows: int, years: int, repeats: int, pandas: bool, folder: Path | None
) -> dict[str, Any]:
    """Processor seconds and peak GB of the bare group-by, divert, and (``pandas``) pandas; the least of ``repeats``.

    A file of thirty years grows as BACI does; one of eight has as many product codes as its rows take, several
    times those of the Harmonized System where the rows are many.
    """
    many = rows > 50_000_000
    with tempfile.TemporaryDirectory(dir=folder) as work:
        path = Path(work) / "baci.parquet"
        products = max(20, round(rows / (8_900 * (years / 8) ** 1.02)))
        world = World(seed=7, products=products, routes=products // 6, first=2025 - years)
        write(world, path)
        bare = []
        mine = []
        for _ in range(repeats):
            bare.append(timed(_BARE, str(path), "3GB" if many else "4GB"))
            mine.append(timed(_DIVERT, str(path)))
        found = {
            "rows": pq.read_metadata(path).num_rows,
            "products": products,
            "years": years,
            "megabytes": round(path.stat().st_size / 1e6),
            "bare": min(bare),
            "divert": min(mine),
            "pandas": timed(_PANDAS, str(path)) if pandas else None,
        }
    return found
