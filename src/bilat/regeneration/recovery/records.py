# SPDX-License-Identifier: Apache-2.0
"""What the recovery model reads: published figures and monthly losses, as of a date, with the rows
of each.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa

from bilat.engine import DuckDB
from bilat.errors import DataError
from bilat.holdings import Holdings
from bilat.measures.query_cache import result_of
from bilat.planning.figures import Figures, figures
from bilat.planning.lineage import InputRow, record
from bilat.when import AsOf

#: (item, period as published, first words of the originator)
Selector = tuple[str, str, str]
#: What the lineage calls the record of losses.
LOSSES = "losses listed by Oryx"
#: The classes of the record whose codes are not words, in words.
CLASS_NAMES = {
    "ifv": "infantry fighting vehicles",
    "apc": "armoured personnel carriers",
    "afv": "armoured fighting vehicles",
    "imv": "infantry mobility vehicles",
    "artillery_self_propelled": "self-propelled artillery",
    "artillery_towed": "towed artillery",
}
#: The month before the first one of the model; month 1 is March 2022 with the last days of
#: February.
START = (2022, 2)


def month_index(text: str) -> int:
    """Months from February 2022 (0) to ``YYYY-MM``."""
    return (int(text[:4]) - START[0]) * 12 + int(text[5:7]) - START[1]


def month_text(index: int) -> str:
    """``YYYY-MM`` of a month index; the inverse of :func:`month_index`."""
    months = START[0] * 12 + START[1] - 1 + index
    return f"{months // 12}-{months % 12 + 1:02d}"


def month_end(index: int) -> dt.date:
    """The last day of a month."""
    months = START[0] * 12 + START[1] + index
    return dt.date(months // 12, months % 12 + 1, 1) - dt.timedelta(days=1)


@dataclass(frozen=True)
class Listed:
    """Losses of one class that Oryx lists, month by month.

    ``monthly[i]`` belongs to month ``i + 1``; the last month is the last one that the record covers
    whole.
    """

    monthly: np.ndarray
    last: dt.date

    @property
    def months(self) -> int:
        """How many months the record covers whole."""
        return len(self.monthly)


#: A row of the table of estimates.
PublishedRow: TypeAlias = dict[str, Any]
#: Rows by item and period as published.
ByItem: TypeAlias = dict[tuple[str, str], list[PublishedRow]]

_ESTIMATES = "SELECT * FROM estimates WHERE entity = 'RUS' ORDER BY source, vintage, locator"


def _by_item(table: pa.Table) -> ByItem:
    """Return rows by item and period as published."""
    found: ByItem = {}
    for row in table.to_pylist():
        found.setdefault((row["item"], row["when_text"]), []).append(row)
    return found


@cache
def _engine() -> DuckDB:
    """The engine that reads single tables as of a date."""
    return DuckDB()


@dataclass
class RecoveryRecords:
    """As-of views of the tables that the model reads; keeps what each part took, for the
    lineage.
    """

    holdings: Holdings
    as_of: AsOf
    taken: dict[tuple[str, str, str], InputRow] = field(default_factory=dict)
    _read: dict[tuple[str, ...], Listed] = field(default_factory=dict)

    def query(self, table: str, sql: str, *values: Any) -> pa.Table:
        """Rows of the as-of view of one table, as Arrow.

        Forecasts from earlier dates ask for two tables as of each: making a view of every table for
        them took longer than the fits.
        """
        view = self.holdings.sql(table, self.as_of)
        cursor = _engine().connection.cursor()
        try:
            asked = f'WITH "{table}" AS ({view}) {sql}'
            return cursor.sql(asked, params=list(values)).to_arrow_table()
        finally:
            cursor.close()

    @property
    def known(self) -> Figures:
        """The compiled figures that were public."""
        return figures(self.holdings, self.as_of)

    @cached_property
    def estimates(self) -> ByItem:
        """Published figures about Russia, by (item, period as published)."""
        found: ByItem = result_of(
            _by_item,
            lambda: self.query("estimates", _ESTIMATES),
            self.holdings,
            self.as_of,
            (_ESTIMATES, ()),
        )
        return found

    def figures(self, selectors: list[Selector], use: str) -> list[PublishedRow]:
        """The rows that these selectors name and that were public by the as-of date.

        Each is kept for the lineage under ``use``. A selector that names several rows gives all of
        them.
        """
        chosen = []
        for item, when, maker in selectors:
            for row in self.estimates.get((item, when), []):
                if str(row["originator"] or "").startswith(maker):
                    chosen.append(row)
                    self.note(row, f"{item} ({use})", str(row["figure"]), row["unit"])
        return chosen

    def note(self, row: PublishedRow, use: str, figure: str, unit: str) -> None:
        """Keep a row for the lineage; a row with several uses stands under the first of them."""
        key = (row["source"], row["snapshot"], row["locator"])
        if key not in self.taken:
            self.taken[key] = record(use, figure, unit, row)

    def listed(self, classes: tuple[str, ...]) -> Listed:
        """Monthly losses of Russia in these classes together.

        Raises
        ------
        DataError
            if no count of them is held by the as-of date, or it covers no whole month.
        """
        if classes in self._read:
            return self._read[classes]
        marks = ", ".join(["?"] * len(classes))
        table = self.query(
            "losses",
            "SELECT CAST(period AS DATE) AS day, sum(cumulative) AS n, count(*) AS rows, source, "
            "snapshot, "
            "min(locator) AS first_row, max(locator) AS last_row FROM losses WHERE side = 'RUS' "
            "AND "
            f"claimant = 'oryx' AND status = 'total' AND class IN ({marks}) GROUP BY ALL ORDER BY "
            "day",
            *classes,
        ).to_pylist()
        # an edition laid over another can give a day twice: the later edition's row stands
        by_day = {r["day"]: r for r in table}
        days = sorted(by_day)
        if not days or month_index(days[-1].isoformat()) < 3:
            raise DataError(
                f"we have no listed losses of {', '.join(classes)} over two months as of "
                f"{self.as_of}; choose a later `as_of`, or pull oryx_totals"
            )
        counts = lower_envelope(np.array([by_day[d]["n"] for d in days], float))
        self._note_losses(table, classes)
        ends = [d for i in range(1, 600) if (d := month_end(i)) <= days[-1]]
        invasion = dt.date(2022, 2, 24)
        ordinals = np.array([invasion.toordinal(), *(d.toordinal() for d in days)], float)
        at_end = np.interp([d.toordinal() for d in ends], ordinals, np.concatenate([[0.0], counts]))
        found = self._read[classes] = Listed(np.diff(at_end, prepend=0.0), days[-1])
        return found

    def _note_losses(self, table: list[PublishedRow], classes: tuple[str, ...]) -> None:
        """One line of lineage per snapshot: first and last row, and how many."""
        by: ByItem = {}
        for r in table:
            by.setdefault((r["source"], r["snapshot"]), []).append(r)
        for rows in by.values():
            places = f"{sum(r['rows'] for r in rows):,} rows, {rows[0]['first_row']} to {rows[-1]['last_row']}"
            whole = {
                **rows[-1],
                "locator": places,
                "known_on": rows[-1]["day"],
                "period": f"to {rows[-1]['day']}",
                "originator": "Oryx",
            }
            named = ", ".join(CLASS_NAMES.get(code, code) for code in classes)
            self.note(whole, f"{LOSSES} ({named})", f"{rows[-1]['n']:,.0f}", "vehicles")

    def lineage(self) -> list[InputRow]:
        """Every row taken so far, by source and place."""
        return [self.taken[k] for k in sorted(self.taken)]


def lower_envelope(counts: np.ndarray) -> np.ndarray:
    """Cumulative counts with every fall carried back: a recount takes entries out of earlier
    counts too.
    """
    return np.minimum.accumulate(counts[::-1])[::-1]


def smooth(monthly: np.ndarray) -> np.ndarray:
    """A mean over three months that keeps the sum: images of a loss surface over some weeks."""
    if len(monthly) < 3:
        return monthly.astype(float)
    padded = np.concatenate([monthly[:1], monthly, monthly[-1:]])
    return (padded[:-2] + padded[1:-1] + padded[2:]) / 3
