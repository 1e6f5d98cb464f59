# SPDX-License-Identifier: Apache-2.0
"""Classes of equipment, and cumulative counts of losses in them by date."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import pyarrow as pa

from bilat.measures import Ask
from bilat.package_files import read_package_toml

#: States whose losses are counted.
SIDES = ("RUS", "UKR")


@dataclass(frozen=True)
class Class:
    """One class of equipment: its parts with each claimant, and the estimates of its pre-war
    stock.
    """

    label: str
    oryx: tuple[str, ...]
    claimed: str = ""
    stock: tuple[str, ...] = ()
    apart: bool = False
    claimed_over_stock: bool = False


@cache
def classes() -> tuple[Class, ...]:
    """Every class, as ``equipment.toml`` has them."""
    raw = read_package_toml("bilat.regeneration", "equipment.toml")
    return tuple(
        Class(
            e["label"],
            tuple(e["oryx"]),
            e.get("claimed", ""),
            tuple(e.get("stock", ())),
            e.get("apart", False),
            e.get("claimed_over_stock", False),
        )
        for e in raw["class"]
    )


#: The General Staff's classes under plain words, in the order of its reports.
CLAIMED = {c.claimed: c.label for c in classes() if c.claimed} | {
    "uav": "drones of all kinds",
    "special": "special equipment",
    "missiles": "cruise missiles shot down",
    "ugv": "ground robots",
    "personnel": "personnel",
}

#: Oryx's classes under plain words.
LISTED = {part: c.label for c in classes() for part in c.oryx if len(c.oryx) == 1} | {
    "all": "equipment of all kinds",
    "other": "other equipment",
    "ugv": "ground robots",
}


def sides(ask: Ask) -> list[str]:
    """The dyad's states whose losses are held."""
    return [s for s in ask.dyad if s in SIDES]


@dataclass
class CumulativeCounts:
    """Cumulative counts of one class by date, each with the rows it sums."""

    days: list[dt.date]
    counts: list[float]
    rows: list[list[int]]

    def at(self, day: dt.date) -> int | None:
        """Place of the last date on or before ``day``; None before the first."""
        place = bisect_right(self.days, day) - 1
        return place if place >= 0 else None


@dataclass
class Losses:
    """All rows of one claimant about one side, and the series of each class in them."""

    table: pa.Table
    series: dict[str, CumulativeCounts]

    def of(self, rows: Iterable[int]) -> pa.Table:
        """Rows by number."""
        return self.table.take(pa.array(list(rows), pa.int64()))


def losses(ask: Ask, claimant: str, side: str) -> Losses:
    """Cumulative losses of a side by class label, as one claimant has them."""
    pairs = (
        [(part, c.label) for c in classes() for part in c.oryx]
        if claimant == "oryx"
        else list(CLAIMED.items())
    )
    values = ", ".join(["(?, ?)"] * len(pairs))
    return ask.result(
        _losses_of,
        f"SELECT l.*, l.period AS point, m.label AS grp FROM losses AS l "
        f"JOIN (VALUES {values}) AS m(part, label) ON l.class = m.part "
        "WHERE l.claimant = ? AND l.side = ? AND l.status = 'total' ORDER BY m.label, l.period, "
        "l.locator",
        *(text for pair in pairs for text in pair),
        claimant,
        side,
    )


def _losses_of(table: pa.Table) -> Losses:
    """Return rows with the series of each class in them; they are in the order of their dates."""
    series: dict[str, CumulativeCounts] = {}
    for n, (label, period, count) in enumerate(
        zip(
            table["grp"].to_pylist(),
            table["period"].to_pylist(),
            table["cumulative"].to_pylist(),
            strict=True,
        )
    ):
        found = series.setdefault(label, CumulativeCounts([], [], []))
        day = dt.date.fromisoformat(period)
        if found.days and found.days[-1] == day:
            found.counts[-1] += count
            found.rows[-1].append(n)
        else:
            found.days.append(day)
            found.counts.append(count)
            found.rows.append([n])
    return Losses(table, series)
