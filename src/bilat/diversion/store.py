# SPDX-License-Identifier: Apache-2.0
"""One store of legs: the trade that bilat itself holds (the EU's exports of listed goods to Russia and its
neighbours, by month, and what hubs themselves report, by year), joined to a user's files leg by leg.

Eurostat DS-045409, HS6, EUR, 2020-01 to 2022-11, EU27 to Armenia, Belarus, Georgia, Kazakhstan, Kyrgyzstan,
Russia and Uzbekistan. Its HS4 rows overlap and are never added. There is no control destination and no
report of the hubs: leg two is unknown, and the control is what the EU sold the same hub of *other* goods
(Eurostat's monthly totals less the listed ones).

Hubs' own reports have both legs: Armenia's trade in cars (HS 8703), whole years, as derived from UN Comtrade. They are
asked with other origins than the EU, for one list has one reporter's figures of a trade.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bilat.diversion.legs import DiversionScope
from bilat.engine import DuckDB
from bilat.errors import DataError, UsageError
from bilat.formats.trade.files import Trade
from bilat.holdings import Holdings
from bilat.places.coalitions import coalitions
from bilat.when import AsOf

LISTED = "eurostat_cn8_sanctioned"
#: Source of a hub's own reports -> (the hub, what they are of).
OWN_BOOKS = {
    "comtrade_armenia_cars": ("ARM", "Armenia's trade in cars (HS 8703), yearly sums of UN Comtrade, USD")
}
TOTALS = "eurostat_total_monthly"
#: Rows of it by product: a pull has members and CN8, the embedded holdings the EU27 and HS6; never both of a file.
LISTED_ROWS = f"source = '{LISTED}' AND flow = 'X' AND nomenclature IN ('CN8', 'HS6')"


@dataclass(frozen=True)
class Embedded:
    """The view ``trade`` over the holdings, and the totals of the same months and destinations."""

    trade: Trade
    currency: str
    totals: dict[str, dict[str, float]]
    listed: dict[str, dict[str, float]]
    sources: tuple[str, ...] = (LISTED, TOTALS)

    @property
    def until(self) -> str:
        """The last month of the EU's exports by product."""
        return max(max(months) for months in self.listed.values())

    def others(self) -> dict[str, dict[str, float]]:
        """Hub -> month -> what the EU sold it of goods that the file does not have."""
        return {
            hub: {p: v - self.listed.get(hub, {}).get(p, 0.0) for p, v in months.items()}
            for hub, months in self.totals.items()
        }


def beside(
    trade: Trade, work: Path, holdings: Holdings, as_of: AsOf, ask: DiversionScope
) -> tuple[Path, Embedded] | None:
    """The EU's exports as a file to be read beside a user's, and what is held of its other exports; None where the file
    holds sales of the origins itself, is by year or reconciled, or where other origins are asked. A user's report
    always stands for itself."""
    if not ask.origins >= coalitions()["EU27"] or trade.reporters is None:
        return None
    held = {
        c: set(trade.engine.table(f"SELECT DISTINCT {c} FROM trade")[c].to_pylist())
        for c in ("exporter", "period")
    }
    if held["exporter"] & (ask.origins | {"EU27"}) or not any(len(p) == 7 for p in held["period"]):
        return None
    rows, totals, listed = _eu(holdings, as_of)
    if not rows.num_rows:
        return None
    path = work / "eu27-exports.parquet"
    pq.write_table(
        rows.rename_columns(["reporter", "partner", "product", "period", "value", "quantity"])
        .drop_columns(["quantity"])
        .append_column("flow", pa.array(["X"] * rows.num_rows))
        .append_column("currency", pa.array(["EUR"] * rows.num_rows)),
        path,
    )
    return path, Embedded(trade, "", _nested(totals), _nested(listed))


def _eu(holdings: Holdings, as_of: AsOf) -> tuple[pa.Table, list[Any], list[Any]]:
    """(the EU's exports by product, of all goods, of the listed ones): rows known on a date."""
    con = holdings.connect(as_of).connection.cursor()
    try:
        return (
            con.sql(
                "SELECT 'EU27' AS exporter, partner AS importer, substr(product, 1, 6) AS product, period, "
                f"sum(value) AS value, CAST(NULL AS DOUBLE) AS quantity FROM flows WHERE {LISTED_ROWS} GROUP BY ALL"
            ).to_arrow_table(),
            con.sql(
                f"SELECT partner, period, sum(value) FROM flows WHERE source = '{TOTALS}' AND reporter = 'EU27' "
                "AND flow = 'X' GROUP BY ALL"
            ).fetchall(),
            con.sql(
                f"SELECT partner, period, sum(value) FROM flows WHERE {LISTED_ROWS} GROUP BY ALL"
            ).fetchall(),
        )
    finally:
        con.close()


def held_trade(engine: DuckDB, holdings: Holdings, as_of: AsOf, ask: DiversionScope) -> Embedded:
    """The embedded trade as a view ``trade`` on ``engine``: the EU's exports, or for other origins hubs' own reports.

    Raises
    ------
    UsageError
        for origins whose trade by product the holdings do not have, and for a month where they have years.
    DataError
        if nothing of it was known on the as-of date.
    """
    if not ask.origins >= coalitions()["EU27"]:
        return _own_books(engine, holdings, as_of, ask)
    rows, totals, listed = _eu(holdings, as_of)
    if not rows.num_rows:
        raise DataError(f"nothing of the EU's exports by product was known on {as_of}: ask for a later date")
    engine.register("trade", rows)
    notes = (
        "EU27 exports of goods listed in January 2023, Eurostat DS-045409, EUR, HS6, to seven destinations",
        "what the hubs sold on is not held: one leg",
    )
    return Embedded(
        Trade(engine, notes=notes, reporters=frozenset({("X", "EU27")})),
        "EUR",
        _nested(totals),
        _nested(listed),
    )


def _own_books(engine: DuckDB, holdings: Holdings, as_of: AsOf, ask: DiversionScope) -> Embedded:
    """What hubs report of their purchases and sales, in whole years: the same from embedded and full holdings."""
    con = holdings.connect(as_of).connection.cursor()
    try:
        rows = con.sql(
            """WITH own AS (SELECT *, substr(period, 1, 4) AS year FROM flows WHERE source IN (SELECT unnest(?))),
            whole AS (SELECT source, year FROM own GROUP BY ALL
                      HAVING max(length(period)) = 4 OR count(DISTINCT period) = 12)
            SELECT CASE WHEN flow = 'M' THEN partner ELSE reporter END AS exporter,
                   CASE WHEN flow = 'M' THEN reporter ELSE partner END AS importer, product, year AS period,
                   sum(value) AS value, CAST(NULL AS DOUBLE) AS quantity
            FROM own JOIN whole USING (source, year) GROUP BY ALL""",
            params=[list(OWN_BOOKS)],
        ).to_arrow_table()
    finally:
        con.close()
    if not rows.num_rows:
        raise DataError(
            f"nothing of the hubs' own trade by product was known on {as_of}: ask for a later date"
        )
    sellers = set(rows["exporter"].to_pylist())
    if not ask.origins & sellers:
        raise UsageError(
            f"without a FILE bilat holds the EU's exports of listed goods (`origin` EU27) and "
            f"{'; '.join(what for _, what in OWN_BOOKS.values())} (`origin` USA,JPN,DEU `since` 2022); "
            f"nothing that {','.join(sorted(ask.origins))} sold: give a file"
        )
    if len(ask.since) != 4:
        raise UsageError(
            f"`since` {ask.since}: what hubs report is held by year; write `since` {ask.since[:4]}"
        )
    engine.register("trade", rows)
    hubs = {hub for hub, _ in OWN_BOOKS.values()}
    return Embedded(
        Trade(
            engine,
            notes=tuple(what for _, what in OWN_BOOKS.values()),
            reporters=frozenset((flow, hub) for hub in hubs for flow in ("M", "X")),
        ),
        "USD",
        {},
        {},
        tuple(OWN_BOOKS),
    )


def _nested(rows: list[tuple[str, str, float]]) -> dict[str, dict[str, float]]:
    out: dict[str, dict[str, float]] = {}
    for partner, period, value in rows:
        out.setdefault(partner, {})[period] = float(value)
    return out
