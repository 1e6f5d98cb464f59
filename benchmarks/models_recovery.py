# SPDX-License-Identifier: Apache-2.0
"""How long the outlook of `bilat plan recovery` takes and how much memory, beside the same model written plainly.

100,000 draws x 120 months x 8 classes, with five quantiles of every month and the month of first passage. The plain
version is the model in whole-array float64 NumPy with np.quantile, and its answers must be the same. Each runs in
a process of its own, in turn; the machine may be shared: read the ratio.
"""

from __future__ import annotations

import json
import subprocess
import sys

_SETUP = """
import json, resource, sys, time
import numpy as np
from bilat.regeneration.recovery.outlook import StartOfOutlook, first_passage, peace_course
DRAWS, MONTHS, CLASSES, RUN = int(sys.argv[1]), 120, 8, 6
LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9)
RANGES = {
    "accessible": (.03, .12), "cost_medium": (1.5, 4), "cost_poor": (4, 15), "yield_good": (.85, .97),
    "yield_medium": (.5, .85), "yield_poor": (.1, .35), "wear": (.001, .012), "peace_wear": (.2, 1),
    "dependence_new": (.2, .7), "dependence_repair": (.05, .3), "replaced": (.2, .6), "growth": (0, .3),
    "systems": (2, 20), "repair_capacity": (1, 1), "new_capacity": (1, 1),
}
def start(k):
    rng = np.random.default_rng(k)
    def draw(a, b):
        return rng.uniform(a, b, DRAWS).astype(np.float32)
    rates = {name: draw(*ends) for name, ends in RANGES.items()}
    return StartOfOutlook(draw(800, 1500), draw(50, 300), draw(500, 1200), draw(1000, 2000), draw(20, 60),
                          draw(80, 180), draw(7, 25), rates)
starts = [start(k) for k in range(CLASSES)]
goal = np.full(DRAWS, 2700, np.float32)
began = time.process_time()
"""

_OURS = """
answers = []
for s in starts:
    active = peace_course(s, "systems", MONTHS)
    passed = first_passage(active, goal, RUN)
    active.sort(axis=-1)
    answers.append((active[:, [int(q * (DRAWS - 1)) for q in LEVELS]].T, passed))
"""

_PLAIN = """
def plain(s):
    r = {k: v.astype(float) for k, v in s.rates.items()}
    a, g, m, p = (x.astype(float) for x in (s.active, s.good, s.medium, s.poor))
    keep, out = 1 - r["peace_wear"] * r["wear"], [a]
    for i in range(1, MONTHS + 1):
        wg = np.minimum(r["accessible"] * g, s.effort)
        wm = np.minimum(r["accessible"] * m, (s.effort - wg) / r["cost_medium"])
        left = np.maximum(s.effort - wg - wm * r["cost_medium"], 0)
        wp = np.minimum(r["accessible"] * p, left / r["cost_poor"])
        back = r["yield_good"] * wg + r["yield_medium"] * wm + r["yield_poor"] * wp
        new = s.new * (1 + r["growth"] * min(1, i / 24)) + r["systems"] * np.clip((i - 6) / 6, 0, 1)
        a, g, m, p = a * keep + back + new, (g - wg) * keep, (m - wm) * keep, (p - wp) * keep
        out.append(a)
    active = np.array(out)
    reached = active >= goal
    runs = np.lib.stride_tricks.sliding_window_view(reached, RUN, axis=0).all(axis=-1)
    passed = np.where(runs.any(axis=0), runs.argmax(axis=0), np.inf)
    return np.quantile(active, LEVELS, axis=1), passed
answers = [plain(s) for s in starts]
"""

_END = """
took = time.process_time() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
some = [[float(x) for x in q[:, -1]] + [float(np.isinf(t).mean())] for q, t in answers]
print(json.dumps({"seconds": took, "peak_gb": peak, "answers": some}))
"""


def run(body: str, draws: int) -> dict:
    """Seconds, peak memory in GB, and a few answers of one version in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-c", _SETUP + body + _END, str(draws)],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def section(draws: int = 100_000) -> dict:
    """Both versions in turn, their ratio, and the largest relative difference of their answers."""
    ours = run(_OURS, draws)
    plain = run(_PLAIN, draws)
    pairs = [
        (a, b)
        for x, y in zip(ours["answers"], plain["answers"], strict=True)
        for a, b in zip(x, y, strict=True)
    ]
    return {
        "what": f"{draws:,} draws x 120 months x 8 classes, quantiles and first passage",
        "seconds": ours["seconds"],
        "peak_gb": ours["peak_gb"],
        "plain_seconds": plain["seconds"],
        "plain_peak_gb": plain["peak_gb"],
        "times_faster": plain["seconds"] / ours["seconds"],
        "largest_difference": max(
            abs(a - b) / max(abs(b), 1e-9) if b else abs(a) for a, b in pairs
        ),
    }


if __name__ == "__main__":
    print(json.dumps(section(), indent=1))
