# SPDX-License-Identifier: Apache-2.0
"""IMF PortWatch: ships through straits and canals a month, by type, and their capacity."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.table import records
from bilat.when import Period

TYPES = ["container", "dry_bulk", "general_cargo", "roro", "tanker", "cargo", "total"]
CAPACITIES = [f"capacity_{t}" for t in TYPES[:-1]] + ["capacity"]
HEADER = (
    ["period_dt", "chokepoint_slug", "portid", "portname"]
    + [f"n_{t}" for t in TYPES]
    + CAPACITIES
    + ["n_days"]
)


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """Transits and capacity by strait, month and ship type; a month that is not whole says so.

    Known a stated lag after the month, but never before the platform existed (option ``since``).
    """
    since = dt.date.fromisoformat(opened.file.options["since"])
    rows: list[dict[str, object]] = []
    for r in records(opened.place(), HEADER):
        on = r.day("period_dt")
        if on is None or on.day != 1:
            raise r.refuse("period_dt", "is not the first day of a month")
        month = r["period_dt"][:7]
        days = r.integer_or_none("n_days")
        whole = Period(month).end.day
        if days is None or not 1 <= days <= whole:
            raise r.refuse("n_days", f"is not the number of days in {month}")
        counts = {t: r.integer_or_none(f"n_{t}") for t in TYPES}
        if None in counts.values() or counts["cargo"] != sum(counts[t] or 0 for t in TYPES[:4]):
            raise r.refuse("n_cargo", "is not the sum of its ship types")
        known_on, basis = opened.known(month)
        part = "" if days == whole else f", {days} days"
        measured: dict[str, float | None] = {
            f"transits, {t.replace('_', ' ')}{part}": counts[t] for t in TYPES
        }
        for t in ("tanker", "total"):
            column = "capacity" if t == "total" else f"capacity_{t}"
            measured[f"capacity, {t}{part}"] = r.integer_or_none(column)
        for variable, value in measured.items():
            rows.append(
                {
                    "period": month,
                    "entity": r["portname"],
                    "variable": variable,
                    "value": value,
                    "unit": "ships" if variable.startswith("transits") else "t deadweight",
                    "kind": "estimated",
                    "locator": r.locator,
                    "known_on": max(known_on, since),
                    "known_basis": basis,
                }
            )
    yield "series", table("series").arrow(rows)
