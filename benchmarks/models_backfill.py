# SPDX-License-Identifier: Apache-2.0
"""The backfill program, folded against plain, in one run on one thread: time and proven gap, as ratios.

    python benchmarks/models_backfill.py [--nodes 3] [--seconds 10] [--seeds 1 2 3 4] [--only lumpy] [--out FILE]

40 options x 15 years x 20 capabilities, 50 scenarios (and 500), made-up numbers. "units" is about how many orders
the budget allows: the fewer, the lumpier. The folded form stops by its work (nodes), so that its gap is the same on any
machine; the plain form stops by the clock. Seconds of the processor stand beside those of the clock.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
from bilat.contingency.backfill.plain import plain_program
from bilat.contingency.backfill.search import plan

from bilat.contingency.backfill.problem import Problem, score
from bilat.contingency.backfill.program import Effort, load, run
from bilat.errors import DataError

#: name, units, capabilities an option serves, scenarios, money carried over
CASES = (
    ("300 units, 4 capabilities", 300, 4, 50, True),
    ("60 units, 4 capabilities (lumpy)", 60, 4, 50, True),
    ("60 units, 1 capability (lumpy)", 60, 1, 50, True),
    ("300 units, money lost at the end of the year", 300, 4, 50, False),
    ("300 units, 500 scenarios", 300, 4, 500, True),
)


def made_up(seed: int, units: int, each: int, scenarios: int, carry_over: bool) -> Problem:
    """A problem of the size that must be solved; the same for the same seed."""
    rng = np.random.default_rng(seed)
    options, years, capabilities = 40, 15, 20
    price, lead = rng.lognormal(0, 0.6, options), rng.integers(1, 8, options)
    per_year = rng.integers(1, 6, options)
    gives = np.zeros((options, capabilities))
    for i in range(options):
        for c in rng.choice(capabilities, each, replace=False) if each > 1 else [i % capabilities]:
            gives[i, c] = rng.integers(1, 5)
    us = rng.integers(10, 40, capabilities).astype(float)
    share = np.clip(rng.uniform(0, 1, (scenarios, 1)) + rng.normal(0, 0.3, (scenarios, capabilities)), 0, 1)
    year = np.arange(years)
    begun = year[None, :] - rng.integers(0, 6, scenarios)[:, None] + 1
    ramp = np.clip(begun / rng.integers(1, 6, (scenarios, 1)), 0, 1)
    need = np.round(us[:, None, None] * share.T[:, None, :] * ramp.T[None, :, :], 3)
    weight = (rng.uniform(0.5, 1.5, capabilities) / us)[:, None] * 0.97 ** year[None, :]
    return Problem(
        tuple(map(str, range(options))), tuple(map(str, range(capabilities))), tuple(map(str, range(scenarios))),
        price, lead, per_year, per_year * years, gives, np.zeros((capabilities, years)), need,
        rng.dirichlet(np.full(scenarios, 2.0)), weight, np.full(years, units * price.mean() / years), carry_over,
    )  # fmt: skip


def plain(problem: Problem, seconds: float) -> dict[str, float | None]:
    """Time and gap of the plain form; the gap is None where it has no portfolio."""
    began = time.perf_counter()
    program, _ = plain_program(problem)
    solver = load(program, Effort(gap=0.01, seconds=seconds))
    try:
        run(solver)
    except DataError:
        return {"seconds": time.perf_counter() - began, "gap": None}
    info, values = solver.getInfo(), np.asarray(solver.getSolution().col_value)
    took = time.perf_counter() - began
    if not values.size or not np.isfinite(info.objective_function_value):
        return {"seconds": took, "gap": None}
    gap = (info.objective_function_value - info.mip_dual_bound) / info.objective_function_value
    return {"seconds": took, "gap": float(gap), "score": float(info.objective_function_value)}


def main() -> None:
    """Run the cases and print a table; write JSON with ``--out``."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--nodes", type=int, default=3)
    asked.add_argument("--only", default="", help="cases whose name holds this, without the plain form")
    asked.add_argument("--seconds", type=float, default=10.0)
    asked.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    asked.add_argument("--out", type=Path)
    given = asked.parse_args()
    rows = []
    print(
        f"{'case':46}{'seed':>5}{'folded s':>10}{'cpu':>6}{'gap %':>7}{'plain s':>9}{'gap %':>7}{'times':>7}"
    )
    for name, units, each, scenarios, carry_over in (c for c in CASES if given.only in c[0]):
        for seed in given.seeds if scenarios == 50 else given.seeds[:2]:
            problem = made_up(seed, units, each, scenarios, carry_over)
            began = time.process_time()
            found = plan(problem, Effort(gap=0.01, nodes=given.nodes))
            processor = time.process_time() - began
            other = {"seconds": None, "gap": None} if given.only else plain(problem, given.seconds)
            nothing = score(problem, np.zeros_like(found.orders))
            rows.append(
                {
                    "case": name,
                    "seed": seed,
                    "folded_seconds": found.seconds,
                    "folded_processor_seconds": processor,
                    "folded_gap": found.gap,
                    "gap_of_nothing": (found.score - found.bound) / nothing,
                    "reached": found.gap <= 0.01 + 1e-9,
                    "plain_seconds": other["seconds"],
                    "plain_gap": other["gap"],
                    "ratio": float(other["seconds"] or 0) / found.seconds,
                    "orders": int(found.orders[:, -1].sum()),
                }
            )
            theirs = "none" if other["gap"] is None else f"{100 * other['gap']:.2f}"
            print(
                f"{name:46}{seed:5}{found.seconds:10.1f}{processor:6.1f}"
                f"{100 * found.gap:7.2f}{other['seconds'] or 0:9.1f}{theirs:>7}{rows[-1]['ratio']:7.1f}", flush=True
            )  # fmt: skip
    reached = sum(bool(r["reached"]) for r in rows)
    print(f"{reached} of {len(rows)} proven to 1% with {given.nodes} nodes by the folded form")
    if given.out:
        given.out.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
