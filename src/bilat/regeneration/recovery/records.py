# SPDX-License-Identifier: Apache-2.0
"""What the recovery model reads: published figures and monthly losses, as of a date, with the rows of each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypedDict

import numpy as np
import pyarrow as pa

from bilat.errors import DataError
from bilat.holdings import Holdings
from bilat.when import AsOf

#: (item, period as published, first words of the originator)
Selector = tuple[str, str, str]
#: The month before the first one of the model; month 1 is March 2022 with the last days of February.
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
    """Losses of one class that Oryx lists, month by month, and what the General Staff claims.

    ``monthly[i]`` belongs to month ``i + 1``; the last month is the last one that the record covers whole.
    """

    monthly: np.ndarray
    claimed: float | None  #: claimed to the last day of the listed record, where the class is the same
    first: dt.date
    last: dt.date
    total: float
    rows: int  #: how many rows of the record were read

    @property
    def months(self) -> int:
        """How many months the record covers whole."""
        return len(self.monthly)


class TakenRow(TypedDict):
    """A row that the model has read, and what for."""

    source: str
    snapshot: str
    locator: str
    known_on: str
    known_basis: str
    item: str | None
    period: str
    figure: str | None
    unit: str | None
    originator: str | None
    url: str | None
    uses: list[str]


@dataclass
class RecoveryRecords:
    """As-of views of the tables that the model reads; keeps what each part took, for the lineage."""

    holdings: Holdings
    as_of: AsOf
    taken: dict[tuple[str, str, str], TakenRow] = field(default_factory=dict)
    _read: dict[tuple[tuple[str, ...], str, str], Listed] = field(default_factory=dict)

    def query(self, sql: str, *values: Any) -> pa.Table:
        """Rows of the as-of views, as Arrow."""
        cursor = self.holdings.connect(self.as_of).connection.cursor()
        try:
            return cursor.sql(sql, params=list(values)).to_arrow_table()
        finally:
            cursor.close()

    @cached_property
    def estimates(self) -> dict[tuple[str, str], list[dict[str, Any]]]:
        """Published figures about Russia, by (item, period as published)."""
        found: dict[tuple[str, str], list[dict[str, Any]]] = {}
        table = self.query("SELECT * FROM estimates WHERE entity = 'RUS' ORDER BY source, vintage, locator")
        for row in table.to_pylist():
            found.setdefault((row["item"], row["when_text"]), []).append(row)
        return found

    def figures(self, selectors: list[Selector], use: str) -> list[dict[str, Any]]:
        """The rows that these selectors name and that were public by the as-of date.

        Each is kept for the lineage under ``use``. A selector that names several rows gives all of them.
        """
        chosen = []
        for item, when, maker in selectors:
            for row in self.estimates.get((item, when), []):
                if str(row["originator"] or "").startswith(maker):
                    chosen.append(row)
                    self.note(row, use)
        return chosen

    def note(self, row: dict[str, Any], use: str) -> None:
        """Keep a row for the lineage; a row with several uses keeps them all."""
        key = (row["source"], row["snapshot"], row["locator"])
        kept = self.taken.setdefault(
            key,
            {
                "source": row["source"], "snapshot": row["snapshot"], "locator": row["locator"],
                "known_on": row["known_on"].isoformat(), "known_basis": row["known_basis"],
                "item": row.get("item"), "period": row.get("when_text") or row["period"],
                "figure": row.get("figure"), "unit": row.get("unit"), "originator": row.get("originator"),
                "url": row.get("url"), "uses": [],
            },
        )  # fmt: skip
        if use not in kept["uses"]:
            kept["uses"].append(use)

    def listed(self, classes: tuple[str, ...], claimed: str = "", use: str = "losses by month") -> Listed:
        """Monthly losses of Russia in these classes together, read for ``use``.

        Raises
        ------
        DataError
            if no count of them is held by the as-of date, or it covers no whole month.
        """
        if (classes, claimed, use) in self._read:
            return self._read[classes, claimed, use]
        marks = ", ".join(["?"] * len(classes))
        table = self.query(
            "SELECT CAST(period AS DATE) AS day, sum(cumulative) AS n, count(*) AS rows, source, snapshot, "
            "min(locator) AS first_row, max(locator) AS last_row FROM losses WHERE side = 'RUS' AND "
            f"claimant = 'oryx' AND status = 'total' AND class IN ({marks}) GROUP BY ALL ORDER BY day",
            *classes,
        ).to_pylist()
        # an edition laid over another can give a day twice: the later edition's row stands
        by_day = {r["day"]: r for r in table}
        days = sorted(by_day)
        if not days or month_index(days[-1].isoformat()) < 3:
            raise DataError(
                f"no listed losses of {', '.join(classes)} over two months are held as of {self.as_of}; "
                "choose a later `as_of`, or pull oryx_totals"
            )
        counts = lower_envelope(np.array([by_day[d]["n"] for d in days], float))
        self._note_losses(table, classes, use)
        ends = [d for i in range(1, 600) if (d := month_end(i)) <= days[-1]]
        invasion = dt.date(2022, 2, 24)
        ordinals = np.array([invasion.toordinal(), *(d.toordinal() for d in days)], float)
        at_end = np.interp([d.toordinal() for d in ends], ordinals, np.concatenate([[0.0], counts]))
        found = self._read[classes, claimed, use] = Listed(
            monthly=np.diff(at_end, prepend=0.0),
            claimed=self._claimed(claimed, days[-1]) if claimed else None,
            first=days[0],
            last=days[-1],
            total=float(counts[-1]),
            rows=int(sum(r["rows"] for r in table)),
        )
        return found

    def _note_losses(self, table: list[dict[str, Any]], classes: tuple[str, ...], use: str) -> None:
        """One line of lineage per snapshot: first and last row, and how many."""
        by: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for r in table:
            by.setdefault((r["source"], r["snapshot"]), []).append(r)
        for (source, snapshot), rows in by.items():
            key = (source, snapshot, "+".join(classes))
            uses = self.taken[key]["uses"] if key in self.taken else []
            self.taken[key] = {
                "source": source, "snapshot": snapshot,
                "locator": f"{sum(r['rows'] for r in rows):,} rows, {rows[0]['first_row']} to {rows[-1]['last_row']}",
                "known_on": rows[-1]["day"].isoformat(), "known_basis": "published",
                "item": f"listed losses: {', '.join(classes)}",
                "period": f"{rows[0]['day']}..{rows[-1]['day']}", "figure": None, "unit": "items",
                "originator": "Oryx", "url": None,
                "uses": [*uses, use] if use not in uses else uses,
            }  # fmt: skip

    def _claimed(self, name: str, day: dt.date) -> float | None:
        rows = self.query(
            "SELECT * FROM losses WHERE side = 'RUS' AND claimant = 'general_staff' AND status = 'total' "
            "AND class = ? AND CAST(period AS DATE) <= ? ORDER BY period DESC LIMIT 1",
            name,
            day,
        ).to_pylist()
        if not rows:
            return None
        self.note({**rows[0], "item": f"claimed losses: {name}", "unit": "items",
                   "figure": f"{rows[0]['cumulative']:.0f}", "originator": "General Staff of Ukraine"},
                  "upper band of losses")  # fmt: skip
        return float(rows[0]["cumulative"])

    def lineage(self) -> list[TakenRow]:
        """Every row taken so far, by source and place."""
        return [self.taken[k] for k in sorted(self.taken)]


def lower_envelope(counts: np.ndarray) -> np.ndarray:
    """Cumulative counts with every fall carried back: a recount takes entries out of earlier counts too."""
    return np.minimum.accumulate(counts[::-1])[::-1]


def smooth(monthly: np.ndarray) -> np.ndarray:
    """A mean over three months that keeps the sum: images of a loss surface over some weeks."""
    if len(monthly) < 3:
        return monthly.astype(float)
    padded = np.concatenate([monthly[:1], monthly, monthly[-1:]])
    return (padded[:-2] + padded[1:-1] + padded[2:]) / 3
