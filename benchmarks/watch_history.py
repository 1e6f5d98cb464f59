# SPDX-License-Identifier: Apache-2.0
"""The watch month by month over the past, each month as of its own date: how often it warned, and of what.

Run: python benchmarks/watch_history.py [FIRST_YEAR] [LAST_MONTH]. Prints JSON: checks, figures outside their 95%
interval, warnings by the false-discovery rule, and how the chosen methods covered.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import Any

from bilat.dyad import Dyad
from bilat.forecast.moves import Move, compared, figures, settings, warned
from bilat.holdings import Holdings
from bilat.measures import ask, measures
from bilat.when import AsOf


def months(first: int, last: str) -> list[dt.date]:
    """The first day of each month."""
    end = dt.date.fromisoformat(f"{last}-01")
    days = [dt.date(y, m, 1) for y in range(first, end.year + 1) for m in range(1, 13)]
    return [d for d in days if d <= end]


class Views:
    """Figures of a series as of a date; asked anew only when its tables hold other rows or the year changed."""

    def __init__(self) -> None:
        self.holdings, self.pair = Holdings(), Dyad("RUS", "CHN")
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
        series = settings().series[n]
        tables = measures()[series.measure].tables
        key = (n, day.year, *(self._stamp(t, day) for t in tables))
        if key not in self._seen:
            m = ask(series.measure, self.pair, as_of=AsOf(day), holdings=self.holdings, **series.params)
            self._seen[key] = figures(m, series)
        return self._seen[key]


def run(first: int, last: str) -> dict[str, Any]:
    """The history as plain data."""
    views, days = Views(), months(first, last)
    tested, beyond, shown = Counter[str](), Counter[str](), []
    naive = 0
    revisions: Counter[str] = Counter()
    for a, b in pairwise(days):
        moves: list[Move] = []
        for n, series in enumerate(settings().series):
            before, after = views.figures(n, a), views.figures(n, b)
            moves += [
                replace(m, series=series.name)
                for m in compared(series, before, after, settings().cadence[series.cadence])
            ]
        for m in warned(moves):
            if m.kind == "revision":
                revisions[m.series] += 1
            if m.p is None or m.low is None or m.high is None:
                continue
            tested[m.series] += 1
            outside = not m.low <= m.value <= m.high
            beyond[m.series] += outside
            naive += outside
            if m.warns:
                shown.append({"seen": str(b), "series": m.series, "period": m.period, "value": m.value,
                              "low": m.low, "high": m.high, "p": m.p, "method": m.method})  # fmt: skip
    return {
        "from": str(days[0]), "to": str(days[-1]), "months": len(days) - 1,
        "tested": sum(tested.values()), "outside_95": naive,
        "covered_95": 1 - naive / max(1, sum(tested.values())),
        "warnings": shown, "tested_by_series": dict(tested), "outside_by_series": dict(+beyond),
        "revisions_by_series": dict(revisions),
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(run(int((sys.argv[1:2] or ["2015"])[0]), (sys.argv[2:3] or ["2026-11"])[0]), indent=1))
