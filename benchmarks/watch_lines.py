# SPDX-License-Identifier: Apache-2.0
"""The lines of the watch over the past, year by year and pair by pair: how many were crossed, against chance.

Run: python benchmarks/watch_lines.py [FIRST_YEAR] [LAST_YEAR] [PAIRS]. Prints JSON. Each 1 January the rule sets lines
from the record as of that day; a line is crossed by what is known by the next 1 January. Russia and China come first;
the other pairs are drawn by seed from the states below. The rule was written after a look at Russia and China, the
United States and Japan, and Russia and Iran from 2023 on; the pairs drawn leave the last two out. A line whose year
brought no new figure is counted apart: it could not be crossed.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import sys
from collections import defaultdict
from itertools import combinations
from typing import Any

from bilat.dyad import Dyad
from bilat.forecast.lines import WAYS, Setting, figures_of, kinds_of, passing
from bilat.holdings import Holdings
from bilat.when import AsOf

STATES = [
    "USA",
    "RUS",
    "CHN",
    "IND",
    "PAK",
    "IRN",
    "JPN",
    "KOR",
    "DEU",
    "FRA",
    "GBR",
    "TUR",
    "SAU",
    "EGY",
    "DZA",
    "VNM",
    "BRA",
    "ZAF",
    "KAZ",
    "BLR",
]
SEED = 20261127
SEEN = ({"RUS", "CHN"}, {"USA", "JPN"}, {"RUS", "IRN"})


def drawn(n: int) -> list[Dyad]:
    """Russia and China, and so many other pairs."""
    others = [p for p in combinations(STATES, 2) if set(p) not in SEEN]
    return [Dyad("RUS", "CHN"), *(Dyad(*p) for p in random.Random(SEED).sample(others, n))]


def of_pair(pair: Dyad, years: range, held: Holdings) -> list[tuple[str, float, bool, bool]]:
    """(kind, chance, whether a new figure came, whether it crossed) of every line of every year."""
    out = []
    for kind in kinds_of(pair):
        views = {y: figures_of(kind, AsOf(dt.date(y, 1, 1)), held, pair) for y in [*years, years[-1] + 1]}
        for toward in WAYS:
            for year in years if getattr(kind, toward) else []:
                line = kind.line(views[year].whole, toward)
                if isinstance(line, Setting):
                    after = views[year + 1]
                    came = max(after.whole, default=0) > line.year
                    out.append((kind.id, line.chance, came, passing(line, toward, after) is not None))
    return out


def summed(rows: list[tuple[str, float, bool, bool]]) -> dict[str, Any]:
    """Lines set, lines for which a figure came, what chance gives of those, and what was crossed."""
    with_figure = [r for r in rows if r[2]]
    return {
        "set": len(rows),
        "a figure came": len(with_figure),
        "at most by chance": round(sum(r[1] for r in with_figure), 1),
        "crossed": sum(r[3] for r in with_figure),
    }


def run(first: int, last: int, n: int) -> dict[str, Any]:
    """Every pair, and the sums."""
    held, years = Holdings(), range(first, last + 1)
    by_pair = {f"{p.a}-{p.b}": of_pair(p, years, held) for p in drawn(n)}
    others = [r for name, rows in by_pair.items() if name != "RUS-CHN" for r in rows]
    by_kind: dict[str, list[tuple[str, float, bool, bool]]] = defaultdict(list)
    for r in others:
        by_kind[r[0]].append(r)
    return {
        "years": [first, last],
        "Russia and China": summed(by_pair["RUS-CHN"]),
        "other pairs": summed(others),
        "other pairs by kind": {k: summed(rows) for k, rows in sorted(by_kind.items())},
        "by pair": {name: summed(rows) for name, rows in by_pair.items()},
    }


if __name__ == "__main__":
    asked = [int(x) for x in sys.argv[1:]]
    print(json.dumps(run(*(asked + [2005, 2025, 12][len(asked) :])), indent=1))
