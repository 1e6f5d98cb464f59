# SPDX-License-Identifier: Apache-2.0
"""The watch month by month over the past, each month as of its own date: how often it warned, and what stood.

Run: python benchmarks/watch_history.py [FIRST_YEAR] [LAST_MONTH]. Prints JSON: figures tested, outside their 95%
interval, warnings of the rule in force (each month's series together), how many of them a single rule over all months
and series would have given, and how many stood: a warning stands if the newest edition still has its figure outside
the interval (it was not revised away), and lasts if most of the next figures (three months, or one year) lie outside
on the same side.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections import Counter
from itertools import pairwise
from typing import Any

from bilat.dyad import Dyad
from bilat.forecast.moves import (
    FALSE_DISCOVERIES,
    Move,
    Series,
    compared,
    figures,
    series_of,
    settings,
    steps,
    warned,
)
from bilat.holdings import Holdings
from bilat.measures import ask, measures
from bilat.when import AsOf

PAIR = Dyad("RUS", "CHN")
SERIES = series_of(PAIR)
#: Figures after a warning that say whether it lasted.
AFTER = {"month": 3, "year": 1}


def months(first: int, last: str) -> list[dt.date]:
    """The first day of each month."""
    end = dt.date.fromisoformat(f"{last}-01")
    days = [dt.date(y, m, 1) for y in range(first, end.year + 1) for m in range(1, 13)]
    return [d for d in days if d <= end]


class Views:
    """Figures of a series as of a date; asked again only when its tables hold other rows or the year changed."""

    def __init__(self) -> None:
        self.holdings, self.pair = Holdings(), PAIR
        self._rows: dict[tuple[str, dt.date], tuple[Any, ...]] = {}
        self._seen: dict[tuple[Any, ...], dict[str, float]] = {}

    def _stamp(self, table: str, day: dt.date) -> tuple[Any, ...]:
        if (table, day) not in self._rows:
            cursor = self.holdings.connect(AsOf(day)).connection.cursor()
            sql = f'SELECT count(*), max(known_on), count(DISTINCT snapshot) FROM "{table}"'
            self._rows[table, day] = cursor.sql(sql).fetchall()[0]
            cursor.close()
        return self._rows[table, day]

    def figures(self, n: int, day: dt.date) -> dict[str, float]:
        series = SERIES[n]
        tables = measures()[series.measure].tables
        key = (n, day.year, *(self._stamp(t, day) for t in tables))
        if key not in self._seen:
            m = ask(series.measure, self.pair, as_of=AsOf(day), holdings=self.holdings, **series.params)
            self._seen[key] = figures(m, series)
        return self._seen[key]


def side(value: float, m: Move) -> int:
    """1 above the interval of a move, -1 below, 0 within."""
    assert m.low is not None and m.high is not None
    return (value > m.high) - (value < m.low)


def what_became(m: Move, series: Series, newest: dict[str, float]) -> dict[str, Any]:
    """Whether the newest edition leaves a warning standing, and whether it lasted; None where nothing can say."""
    where = side(m.value, m)
    then = newest.get(m.period)
    after = [v for p, v in sorted(newest.items()) if 0 < steps(m.period, p, series) <= AFTER[series.cadence]]
    lasted = None
    if len(after) == AFTER[series.cadence]:
        lasted = 2 * sum(side(v, m) == where for v in after) > len(after)
    return {"stood": None if then is None else side(then, m) == where, "lasted": lasted}


def month(views: Views, a: dt.date, b: dt.date) -> list[Move]:
    """The moves of one month over all series, warnings marked."""
    moves: list[Move] = []
    for n, series in enumerate(SERIES):
        before, after = views.figures(n, a), views.figures(n, b)
        moves += compared(series, before, after, settings().cadence[series.cadence])
    return warned(moves)


def over_all(ps: list[float]) -> float:
    """The greatest p that passes where all months and series are judged together (Benjamini-Hochberg)."""
    ordered = sorted(ps)
    passing = [p for i, p in enumerate(ordered, 1) if p <= FALSE_DISCOVERIES * i / len(ordered)]
    return passing[-1] if passing else 0.0


def run(first: int, last: str) -> dict[str, Any]:
    """The history as plain data."""
    views, days = Views(), months(first, last)
    by_name = {s.name: (n, s) for n, s in enumerate(SERIES)}
    tested, beyond, revisions = Counter[str](), Counter[str](), Counter[str]()
    warnings: list[tuple[dt.date, Move]] = []
    ps: list[float] = []
    for a, b in pairwise(days):
        for m in month(views, a, b):
            revisions[m.series] += m.kind == "revision"
            if m.p is None or m.low is None or m.high is None:
                continue
            ps.append(m.p)
            tested[m.series] += 1
            beyond[m.series] += side(m.value, m) != 0
            if m.warns:
                warnings.append((b, m))
    limit = over_all(ps)
    shown = []
    for seen, m in warnings:
        n, series = by_name[m.series]
        fate = what_became(m, series, views.figures(n, days[-1]))
        shown.append({
            "seen": str(seen), "series": m.series, "period": m.period, "value": m.value, "low": m.low, "high": m.high,
            "p": m.p, "method": m.method, "over_all": (m.p or 0) <= limit, **fate,
        })  # fmt: skip
    return {
        "from": str(days[0]), "to": str(days[-1]), "months": len(days) - 1,
        "tested": len(ps), "outside_95": sum(beyond.values()), "covered_95": 1 - sum(beyond.values()) / max(1, len(ps)),
        "warned": len(shown), "over_all": sum(x["over_all"] for x in shown),
        "stood": [sum(x["stood"] is True for x in shown), sum(x["stood"] is not None for x in shown)],
        "lasted": [sum(x["lasted"] is True for x in shown), sum(x["lasted"] is not None for x in shown)],
        "warned_by_series": dict(Counter(x["series"] for x in shown)),
        "warnings": shown, "tested_by_series": dict(tested), "outside_by_series": dict(+beyond),
        "revisions_by_series": dict(+revisions),
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(run(int((sys.argv[1:2] or ["2015"])[0]), (sys.argv[2:3] or ["2026-11"])[0]), indent=1))
