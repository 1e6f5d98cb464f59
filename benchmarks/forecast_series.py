# SPDX-License-Identifier: Apache-2.0
"""The intervals of the watch's series over their own past: how many figures one step ahead they held.

Run: python benchmarks/forecast_series.py [AS_OF] > benchmarks/forecast_series.json. Two counts on the same editions:

- ``chosen on all``: the method that is best over all figures, without widening; the choice saw what it is scored on.
- ``as the watch does``: each figure is tested by the watch itself on the figures before it, so that method, scale and
  widening are chosen anew each time from what came before; from as many figures on as the watch asks for.

The editions are those of AS_OF: a figure that was revised since is counted as it is written now.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import Any

from bilat.dyad import Dyad
from bilat.forecast.moves import Move, Series, compared, figures, series_of, settings, unbroken
from bilat.forecast.series import COUNTS, Tried, fit_scale, to_scale, trials
from bilat.holdings import Holdings
from bilat.measures import ask
from bilat.when import AsOf


def best_on_all(series: Series, run: dict[str, float]) -> Tried | None:
    """The method with the least mean CRPS over the last run without a hole; None where none can be tried."""
    raw, cadence = list(run.values()), settings().cadence[series.cadence]
    values = to_scale(raw, fit_scale(raw[-cadence.window :], series.scale))
    season = 0 if series.cadence == "year" else 11 if series.merge else 12
    tried = trials(values, cadence.first, cadence.window, season, COUNTS if series.counts else 0.0)
    return tried[0] if tried else None


def walked(series: Series, run: dict[str, float]) -> list[Move]:
    """Every figure that the watch would have tested, each when it was the newest."""
    periods = list(run)
    out: list[Move] = []
    for n in range(1, len(periods)):
        before, after = ({p: run[p] for p in periods[:upto]} for upto in (n, n + 1))
        moves = compared(series, before, after, settings().cadence[series.cadence])
        out += [m for m in moves if m.p is not None]
    return out


def scored(series: Series, known: dict[str, float]) -> dict[str, Any] | None:
    """One series both ways; None where no method can be tried."""
    run = {p: known[p] for p in unbroken(known, series)} if known else {}
    final = dict(list(run.items())[: len(run) - series.provisional])
    best = best_on_all(series, final)
    if best is None:
        return None
    tested = walked(series, run)
    ps = [m.p or 0.0 for m in tested]
    return {
        "method": best.method,
        "widen": round(best.widen, 3),
        "chosen on all": {
            "figures": best.n,
            "held_80": round(best.covered_80 * best.n),
            "held_95": round(best.covered_95 * best.n),
        },
        "as the watch does": {
            "figures": len(ps),
            "held_80": sum(p >= 0.2 for p in ps),
            "held_95": sum(p >= 0.05 for p in ps),
            "widened": sum("widened" in m.method for m in tested),
        },
    }


def run(as_of: str) -> dict[str, Any]:
    """Every series, and the sums."""
    holdings, pair = Holdings(), Dyad("RUS", "CHN")
    by_series: dict[str, Any] = {}
    for series in series_of(pair):
        m = ask(series.measure, pair, as_of=AsOf(as_of), holdings=holdings, **series.params)
        by_series[series.name] = scored(series, figures(m, series))
    done = [s for s in by_series.values() if s]
    sums: dict[str, Any] = {}
    for way in ("chosen on all", "as the watch does"):
        sums[way] = {k: sum(s[way][k] for s in done) for k in done[0][way]}
        for level in ("80", "95"):
            sums[way][f"share_{level}"] = round(sums[way][f"held_{level}"] / sums[way]["figures"], 4)
    return {
        "as_of": as_of,
        "series": len(by_series),
        "best": dict(Counter(s["method"] for s in done).most_common()),
        "widened now": sum(s["widen"] >= 1.005 for s in done),
        **sums,
        "by_series": by_series,
    }


if __name__ == "__main__":
    print(json.dumps(run((sys.argv[1:2] or ["2026-11-24"])[0]), indent=1))
