# SPDX-License-Identifier: Apache-2.0
"""How fast the blockade's draws are, beside their plain form, and that both give the same answer.

    python benchmarks/models_blockade.py [--draws 10000]

Prints JSON: seconds of each form for six closures, their ratio from this one run, the largest difference of an
import. The plain form is the same rule as a loop over draws and
sources.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import numpy as np

from bilat.contingency.blockade import SIX
from bilat.contingency.blockade import draws as drawing
from bilat.contingency.blockade.answer import PACKAGE, ask_for
from bilat.contingency.blockade.draws import draw
from bilat.contingency.blockade.inputs import read_inputs
from bilat.contingency.blockade.routes import closures
from bilat.planning.assumptions import load
from bilat.when import AsOf

AIM = 0.1  #: seconds for 10,000 draws of six closures


def timed(work: Callable[[], Any], runs: int) -> tuple[float, Any]:
    """(best seconds of some runs, the last answer)."""
    best = float("inf")
    answer = None
    for _ in range(runs):
        start = time.process_time()
        answer = work()
        best = min(best, time.process_time() - start)
    return best, answer


def one_by_one(
    days: list[float], can: np.ndarray, fleet: np.ndarray, wanted: np.ndarray
) -> np.ndarray:
    """The plain form of ``many``: a loop over draws and sources."""
    order = sorted((i for i in range(len(days)) if np.isfinite(days[i])), key=lambda i: days[i])
    out = np.zeros(len(fleet))
    for d in range(len(fleet)):
        left = float(fleet[d])
        need = float(wanted[d])
        for i in order:
            flow = min(float(can[d, i]), need)
            if days[i] > 0:
                flow = min(flow, left / days[i])
                left -= flow * days[i]
            need -= flow
        out[d] = wanted[d] - need
    return out


def run(draws: int = 10_000) -> dict[str, Any]:
    """Everything that is printed."""
    p = load(PACKAGE)
    inputs = read_inputs(ask_for(AsOf("2026-11-25"), None), p)
    sets = [closures(c) for c in SIX]
    fast, quick = timed(lambda: draw(inputs, sets, p, draws, 1), 5)
    with patch.object(drawing, "many", one_by_one):
        plain, slow = timed(lambda: draw(inputs, sets, p, draws, 1), 2)
    apart = max(
        abs(a - b)
        for f, s in zip(quick, slow, strict=True)
        for a, b in (
            (f.lost.low, s.lost.low),
            (f.lost.median, s.lost.median),
            (f.lost.high, s.lost.high),
        )
    )
    assert apart < 1e-9, apart
    return {
        "draws": draws,
        "closures": len(sets),
        "vectorised_s": round(fast, 4),
        "plain_s": round(plain, 4),
        "plain_over_vectorised": round(plain / fast, 1),
        "largest_difference_mbd": apart,
        "aim_s": AIM,
        "aim_met": fast <= AIM * draws / 10_000,
    }


def section() -> dict[str, Any]:
    """This section of benchmarks/models.py."""
    return run()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--draws", type=int, default=10_000)
    print(json.dumps(run(parser.parse_args().draws), indent=1))
