# SPDX-License-Identifier: Apache-2.0
"""External questions with resolutions as a yardstick: base rates as known on each day beside the crowd.

The file is ForecastBench's (Forecasting Research Institute, CC BY-SA 4.0); it is read from a folder beside the
checkout and nothing of it is kept here. Each question is scored once: at its first forecast date, against its last
resolution. Our method is the one of ``bilat.forecast``: the share of like questions that had come true among those
resolved before that day, (k + 1/2) / (n + 1); a price against its own value is a random walk, an even chance.

Run: python benchmarks/forecast.py FILE.csv. Prints JSON.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bilat.forecast.resolution import brier, log_score

MARKETS = {"polymarket", "manifold", "metaculus", "infer"}
#: What a question is like, from its words; the first that fits counts.
KINDS = (
    ("a price above its own", "have increased by"),
    ("ten times the usual", "more than ten times"),
    ("more than the usual", "compared to the 30-day average"),
)
#: Too few resolved before the day to count a rate from.
LEAST = 5


@dataclass(frozen=True)
class External:
    """One question of the file."""

    id: str
    source: str
    kind: str
    asked: str
    resolved: str
    yes: bool
    crowd: float | None  #: the market's probability when the question was frozen


def advantage(a: Sequence[float], b: Sequence[float]) -> tuple[float, float, float]:
    """Mean of b - a, question by question, with its 90% interval from resampling the questions.

    Above zero: ``a`` scores better. Fixed seed. Questions that share a cause make the interval too narrow.
    """
    gaps = np.asarray(b) - np.asarray(a)
    rng = np.random.default_rng(20230320)
    means = gaps[rng.integers(0, len(gaps), (4000, len(gaps)))].mean(axis=1)
    return float(gaps.mean()), float(np.quantile(means, 0.05)), float(np.quantile(means, 0.95))


def load(path: Path) -> list[External]:
    """Each resolved yes-or-no question once: first forecast date, last resolution."""
    rows: dict[tuple[str, str], list[dict[str, str]]] = {}
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            if row["resolved"] == "True" and row["resolved_to"] in ("0.0", "1.0"):
                rows.setdefault((row["source"], row["id"]), []).append(row)
    out = []
    for (source, id), group in rows.items():
        first = min(group, key=lambda r: r["forecast_due"])
        last = max(group, key=lambda r: r["resolution_date"])
        market = source in MARKETS
        kind = (
            "market"
            if market
            else next((k for k, text in KINDS if text in first["question"]), "other")
        )
        crowd = float(first["freeze_value"]) if market else None
        out.append(
            External(
                id,
                source,
                kind,
                first["forecast_due"],
                last["resolution_date"],
                last["resolved_to"] == "1.0",
                crowd,
            )
        )
    return sorted(out, key=lambda q: (q.asked, q.source, q.id))


def known_then(question: External, asked: list[External]) -> float | None:
    """The base rate of like questions that were resolved before this one was asked; None for too few."""
    if question.kind == "a price above its own":
        return 0.5
    past = [q for q in asked if q.kind == question.kind and q.resolved < question.asked]
    if len(past) < LEAST:
        return None
    return (sum(q.yes for q in past) + 0.5) / (len(past) + 1)


def scored(asked: list[External]) -> dict[str, Any]:
    """Scores by kind of question, on those for which a rate was known."""
    out: dict[str, Any] = {}
    for kind in dict.fromkeys(q.kind for q in asked):
        mine = [(q, p) for q in asked if q.kind == kind and (p := known_then(q, asked)) is not None]
        if not mine:
            out[kind] = {"n": 0, "of": sum(q.kind == kind for q in asked)}
            continue
        who = {
            "base rate known then": [p for _, p in mine],
            "always no": [0.0 for _ in mine],
            "an even chance": [0.5 for _ in mine],
        }
        if all(q.crowd is not None for q, _ in mine):
            who["crowd at freeze"] = [q.crowd or 0.0 for q, _ in mine]
        ys = [q.yes for q, _ in mine]
        result: dict[str, Any] = {
            "n": len(mine),
            "of": sum(q.kind == kind for q in asked),
            "yes": sum(ys),
            "brier": {w: sum(map(brier, ps, ys)) / len(ys) for w, ps in who.items()},
            "log": {w: sum(map(log_score, ps, ys)) / len(ys) for w, ps in who.items()},
        }
        if "crowd at freeze" in who:
            crowd = who["crowd at freeze"]
            result["crowd better than base rate"] = advantage(
                list(map(brier, crowd, ys)), list(map(brier, who["base rate known then"], ys))
            )
        out[kind] = result
    return out


#: The one question of the file that bilat's own records answer: a meeting of the two presidents in China.
VISIT = """[[question]]
id = "PUTIN-CHINA"
claim = "F8"
statement = "a visit"
asks = "Do the two presidents meet in person in China from 11 to 31 May 2026?"
opened = 2026-05-10
closes = 2026-05-31
written = 2026-11-25
[question.record]
source = "leader_meetings"
table = "events"
key = "event"
day = "starts"
equals = { class = ["in_person"], country = ["CHN"] }
[question.criterion]
form = "count"
at_least = 1
[question.base]
since = 2013
why = "meetings since 2013"
"""


def visit(asked: list[External], as_of: str) -> dict[str, Any]:
    """Our base rate from the list of meetings beside the crowd's probability, for the question on a visit."""
    from bilat.forecast import forecast
    from bilat.forecast.questions import read_questions
    from bilat.when import AsOf

    (question,) = read_questions(VISIT, "visit")
    ours = forecast(question, as_of=AsOf(as_of))
    crowd = next(
        q.crowd for q in asked if q.asked == "2026-05-10" and q.resolved == "2026-05-20" and q.crowd
    )
    return {"base rate": ours.probability, "crowd at freeze": crowd, "outcome": ours.outcome.status}


if __name__ == "__main__":
    external = load(Path(sys.argv[1]))
    print(json.dumps({**scored(external), "visit": visit(external, "2026-11-24")}, indent=1))
