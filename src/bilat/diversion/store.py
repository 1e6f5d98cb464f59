# SPDX-License-Identifier: Apache-2.0
"""One store of legs: the trade that bilat itself holds, as a file to be read beside a user's, leg
by leg.

The EU's exports of listed goods to Russia and its neighbours, by month: Eurostat DS-045409, HS6,
EUR, 2020-01 to 2022-11, EU27 to Armenia, Belarus, Georgia, Kazakhstan, Kyrgyzstan, Russia and
Uzbekistan. Its HS4 rows overlap and are never added. There is no control destination and no report
of the hubs: leg two is unknown, and the control is what the EU sold the same hub of *other* goods
(Eurostat's monthly totals less the listed ones).

Hubs' own reports have both legs: Armenia's trade in cars (HS 8703), whole years, as derived from UN
Comtrade. They are asked with other origins than the EU, for one list has one reporter's figures of
a trade.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from bilat.diversion.legs import DiversionScope
from bilat.diversion.queries import literals
from bilat.errors import DataError, UsageError
from bilat.formats.trade.files import Trade
from bilat.holdings import Holdings
from bilat.places.coalitions import coalitions
from bilat.when import AsOf

LISTED = "eurostat_cn8_sanctioned"
#: Source of a hub's own reports -> what they are of.
OWN_BOOKS = {
    "comtrade_armenia_cars": "Armenia's trade in cars (HS 8703), yearly sums of UN Comtrade, USD"
}
TOTALS = "eurostat_total_monthly"
#: Rows of it by product: a pull has members and CN8, the embedded holdings the EU27 and HS6; never
#: both of a file.
LISTED_ROWS = f"source = '{LISTED}' AND flow = 'X' AND nomenclature IN ('CN8', 'HS6')"
_EU = f"""SELECT 'EU27' AS reporter, partner, substr(product, 1, 6) AS product, period, 'X' AS flow, 'EUR' AS currency,
    sum(value) AS value FROM flows WHERE {LISTED_ROWS} GROUP BY ALL ORDER BY ALL"""
_OTHER_GOODS = f"""SELECT partner, period, sum(CASE WHEN source = '{TOTALS}' THEN value ELSE -value END) FROM flows
    WHERE ({LISTED_ROWS}) OR (source = '{TOTALS}' AND reporter = 'EU27' AND flow = 'X')
    GROUP BY ALL HAVING bool_or(source = '{TOTALS}') ORDER BY ALL"""
#: In whole years: the same from embedded and full holdings.
_OWN = f"""WITH own AS (SELECT *, substr(period, 1, 4) AS year FROM flows
              WHERE source IN ({literals(OWN_BOOKS)}) AND length(partner) = 3),
    whole AS (SELECT source, year FROM own GROUP BY ALL
              HAVING max(length(period)) = 4 OR count(DISTINCT period) = 12)
    SELECT reporter, partner, product, year AS period, flow, 'USD' AS currency, sum(value) AS value
    FROM own JOIN whole USING (source, year) GROUP BY ALL ORDER BY ALL"""


@dataclass(frozen=True)
class HeldTrade:
    """A file of trade with its ``notes`` and ``sources``; ``until``: its last period;
    ``others``: hub -> month -> what the origins sold it of goods that the file does not have."""

    path: Path
    notes: tuple[str, ...]
    sources: tuple[str, ...]
    until: str
    others: dict[str, dict[str, float]]


def lacks_origins(trade: Trade, ask: DiversionScope) -> bool:
    """Whether a user's file is read beside the EU's exports: it holds no sale of the origins,
    among them the EU, and is of reports by month. A user's report always stands for itself."""
    if not ask.origins >= coalitions()["EU27"] or trade.reporters is None:
        return False
    sellers, periods = (
        set(trade.engine.table(f"SELECT DISTINCT {c} FROM trade")[c].to_pylist())
        for c in ("exporter", "period")
    )
    return not sellers & (ask.origins | {"EU27"}) and any(len(p) == 7 for p in periods)


def _between(ask: DiversionScope) -> str:
    """Return ``from DEU,JPN to RUS``; without origins, anyone may sell."""
    sellers = ",".join(sorted(ask.origins)) or "anyone else"
    return f"from {sellers} to {ask.target}"


def held_trade(work: Path, holdings: Holdings, as_of: AsOf, ask: DiversionScope) -> HeldTrade:
    """The EU's exports as known on a date, or for other origins hubs' own reports, as a file in
    ``work``.

    Raises
    ------
    UsageError
        for origins whose trade by product the holdings do not have, and for a month where they have
        years.
    DataError
        if nothing of it was known on the as-of date.
    """
    of_eu = ask.origins >= coalitions()["EU27"]
    query = _EU if of_eu else _OWN
    with closing(holdings.connect(as_of, f"{query} {_OTHER_GOODS}").connection.cursor()) as con:
        rows = con.sql(query).to_arrow_table()
        others = con.sql(_OTHER_GOODS).fetchall() if of_eu else []
    if not rows.num_rows:
        what = "the EU's exports" if of_eu else "the hubs' own trade"
        raise DataError(f"nothing of {what} by product was known on {as_of}: ask for a later date")
    if not of_eu:
        recent = rows.filter(pc.field("period") >= ask.since[:4])
        bought, sold = (
            set(recent.filter(pc.field("flow") == flow)["partner"].to_pylist())
            for flow in ("M", "X")
        )
        if not ask.origins & bought or not set(ask.targets) & sold:
            raise UsageError(
                "without a FILE we have the EU's exports of listed goods (`origin` EU27) and "
                f"{'; '.join(OWN_BOOKS.values())} (`origin` USA,JPN,DEU `since` 2022); nothing "
                f"{_between(ask)}: give a file"
            )
        if len(ask.since) != 4:
            raise UsageError(
                f"of {','.join(sorted(ask.origins))} alone we have what a hub reports by "
                f"year ({'; '.join(OWN_BOOKS.values())}): write `since` {ask.since[:4]}, or "
                "`origin` EU27, or give a file"
            )
    path = work / ("eu27-exports.parquet" if of_eu else "own-books.parquet")
    pq.write_table(rows, path)
    months: dict[str, dict[str, float]] = {}
    for hub, period, value in others:
        months.setdefault(hub, {})[period] = float(value)
    goods = "EU27 exports of goods listed in January 2023, Eurostat DS-045409, EUR, HS6, to seven destinations"
    notes = (goods,) if of_eu else tuple(OWN_BOOKS.values())
    sources = (LISTED, TOTALS) if of_eu else tuple(OWN_BOOKS)
    return HeldTrade(path, notes, sources, str(pc.max(rows["period"])), months)
