# SPDX-License-Identifier: Apache-2.0
"""A file whose figures are larger than all trade between two states, as it is stored: another
currency, another unit, or rows that stand several times."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing

import numpy as np

from bilat.diversion.queries import literals
from bilat.diversion.reports import Totals
from bilat.holdings import Holdings
from bilat.places import country_name
from bilat.when import AsOf

#: Times all stored trade from which on a figure is doubted; euros and dollars, and reports of
#: either side, differ by less.
TIMES = 3.0
#: Pairs of states and years that are compared at least.
LEAST = 3
_STORED = """SELECT exporter, importer, year, max(value) AS value FROM (
  SELECT CASE flow WHEN 'X' THEN reporter ELSE partner END AS exporter,
    CASE flow WHEN 'X' THEN partner ELSE reporter END AS importer,
    substr(period, 1, 4) AS year, sum(value) AS value
  FROM flows WHERE product = 'TOTAL' AND value > 0 AND currency IN ('USD', 'EUR')
  GROUP BY source, reporter, partner, flow, length(period), substr(period, 1, 4)
  HAVING min(length(period)) = 4 OR count(DISTINCT period) = 12)
  WHERE exporter IN ({states}) AND importer IN ({states}) AND year IN ({years})
  GROUP BY exporter, importer, year"""

Key = tuple[str, str, str]


def larger_than_all(totals: Totals, holdings: Holdings, as_of: AsOf) -> str:
    """One line where the figures are larger than all trade throughout, with how many times, an
    example and the cure; else blank."""
    mine = _by_year(totals)
    stored = _stored(mine, holdings, as_of)
    times = {key: mine[key] / stored[key] for key in mine if key in stored}
    if len(times) < LEAST:
        return ""
    usual = float(np.median(list(times.values())))
    if usual < TIMES:
        return ""
    exporter, importer, year = max(times, key=lambda key: stored[key])
    return (
        f"The figures are {_rounded(usual)} times all trade that is stored between the same states "
        f"(the middle of {len(times)} pairs and years, such as {country_name(exporter)} to "
        f"{country_name(importer)} in {year}). Are "
        "they in another currency, in thousands, or are there several rows of a key? Shares and "
        "ranks stand, amounts do not: write dollars or euros."
    )


def _rounded(times: float) -> str:
    """``15``, ``4,000``: two figures of a number above one."""
    return f"{float(f'{times:.2g}'):,.0f}" if times >= 10 else f"{times:.1f}"


def _by_year(totals: Totals) -> dict[Key, float]:
    sums: dict[Key, float] = {}
    rows = zip(totals.exporter, totals.importer, totals.period, totals.value, strict=True)
    for exporter, importer, period, value in rows:
        key = (str(exporter), str(importer), str(period)[:4])
        sums[key] = sums.get(key, 0.0) + float(value)
    return sums


def _stored(mine: Mapping[Key, float], holdings: Holdings, as_of: AsOf) -> dict[Key, float]:
    states = {state for exporter, importer, _ in mine for state in (exporter, importer)}
    years = {year for _, _, year in mine}
    query = _STORED.format(states=literals(sorted(states)), years=literals(sorted(years)))
    with closing(holdings.connect(as_of, query).connection.cursor()) as con:
        rows = con.execute(query).fetchall()
    return {(exporter, importer, year): value for exporter, importer, year, value in rows}
