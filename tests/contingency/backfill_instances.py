# SPDX-License-Identifier: Apache-2.0
"""Made-up planning problems: small ones for checks, and a generator that the benchmark shares in spirit."""

from __future__ import annotations

import numpy as np

from bilat.contingency.backfill.problem import Problem, Requires, Tail


def small(seed: int, *, tail: Tail | None = None, nested: bool = False, carry_over: bool = True) -> Problem:
    """6 options, 5 years, 4 capabilities, 6 scenarios; one option takes away, one capability needs another."""
    rng = np.random.default_rng(seed)
    options, years, capabilities, scenarios = 6, 5, 4, 6
    gives = np.zeros((options, capabilities))
    for i in range(options):
        for c in rng.choice(capabilities, 2, replace=False):
            gives[i, c] = rng.integers(1, 4)
    gives[0, 0] = -1.0
    price = rng.lognormal(0, 0.5, options)
    per_year = rng.integers(1, 4, options)
    us = rng.integers(4, 12, capabilities).astype(float)
    level = np.sort(rng.uniform(0, 1, scenarios))
    share = np.tile(level, (capabilities, 1)) if nested else rng.uniform(0, 1, (capabilities, scenarios))
    need = np.repeat((us[:, None] * share)[:, None, :], years, axis=1)
    weight = (rng.uniform(0.5, 1.5, capabilities) / us)[:, None] * 0.97 ** np.arange(years)[None, :]
    return Problem(
        tuple(f"option {i}" for i in range(options)), tuple(f"capability {c}" for c in range(capabilities)),
        tuple(f"scenario {s}" for s in range(scenarios)), price, rng.integers(0, 3, options), per_year,
        per_year * years, gives, np.zeros((capabilities, years)), need, rng.dirichlet(np.ones(scenarios)), weight,
        np.full(years, 2.5 * price.mean()), carry_over,
        requires=() if nested else (Requires(1, 2, 0.7, 1.0),),
        not_before=(0, 3, 0, 0, 0, 0), tail=tail or Tail(), cost_weight=1e-4,
    )  # fmt: skip
