# SPDX-License-Identifier: Apache-2.0
"""Missiles and drones launched at Ukraine, as the defender reports them: mixed rows shared among
their models.

Attacks count on the day they began; rows without a number count as nothing. A row of one model
counts whole; a mixed
row goes by its publisher's own split where there is one; any other is shared among its models as
their unmixed launches
near it stand to one another (evenly where there are none). At least: none of a mixed row unless all
its models are
asked for; at most: all of every mixed row that names one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from bilat.measures import Ask

#: Unmixed launches this many days before and after a mixed row say how it is shared out.
AROUND = 180
REFERENCE = (
    "Air Force of Ukraine, as collected in Massive Missile Attacks on Ukraine (piterfm, Kaggle)"
)


@dataclass(frozen=True)
class Launch:
    """One row of the strikes: where it stands, its day, its models and how many of each."""

    row: int
    day: dt.date
    launched: float
    shares: dict[str, float]  #: model -> share of the row; the shares sum to 1

    def among(self, models: frozenset[str]) -> tuple[float, float, float]:
        """(allocated, at least, at most) launched of these models."""
        value = self.launched * sum(s for m, s in self.shares.items() if m in models)
        sure = self.launched if all(m in models for m in self.shares) else 0.0
        most = self.launched if any(m in models for m in self.shares) else 0.0
        return value, sure, most


@dataclass
class Launches:
    """All strikes known as of the date."""

    table: pa.Table
    rows: list[Launch]

    def of(self, rows: Iterable[int]) -> pa.Table:
        """Rows by number."""
        return self.table.take(pa.array(list(rows), pa.int64()))

    def total(
        self, start: dt.date, end: dt.date, models: frozenset[str]
    ) -> tuple[float, float, float, list[int]]:
        """(allocated, low, high, rows) from ``start`` to ``end``, both included."""
        value = low = high = 0.0
        rows = []
        for r in self.rows:
            if start <= r.day <= end and any(m in models for m in r.shares):
                v, sure, most = r.among(models)
                value = value + v
                low = low + sure
                high = high + most
                rows.append(r.row)
        return value, low, high, rows


def launches(ask: Ask) -> Launches:
    """Strikes known as of the date, mixed rows shared among their models; empty unless Russia is
    asked of.
    """
    table = ask.rows(
        "SELECT *, period AS point, '' AS grp FROM strikes WHERE ? IN ('RUS') OR ? IN ('RUS') "
        "ORDER BY starts, locator",
        *ask.dyad,
    )
    raw = [
        (n, day, launched or 0.0, model.split(" and "))
        for n, (day, launched, model) in enumerate(
            zip(
                table["starts"].to_pylist(),
                table["launched"].to_pylist(),
                table["model"].to_pylist(),
                strict=True,
            )
        )
    ]
    alone: dict[str, list[tuple[dt.date, float]]] = {}
    for _, day, launched, models in raw:
        if len(models) == 1:
            alone.setdefault(models[0], []).append((day, launched))

    def near(model: str, day: dt.date) -> float:
        return sum(n for d, n in alone.get(model, ()) if abs((d - day).days) <= AROUND)

    rows = []
    for n, day, launched, models in raw:
        weights = {m: near(m, day) for m in models} if len(models) > 1 else {models[0]: 1.0}
        whole = sum(weights.values())
        shares = {m: (w / whole if whole else 1 / len(weights)) for m, w in weights.items()}
        rows.append(Launch(n, day, launched, shares))
    return Launches(table, rows)


NONE = "we have no strikes by {}: only Russia's on Ukraine"
