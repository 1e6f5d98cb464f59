# SPDX-License-Identifier: Apache-2.0
"""IMF PortWatch: ships through straits and canals a day, by type, and their capacity, as one JSON snapshot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.json_text import bounded

#: The snapshot's fields that are kept, and what they are called here.
FIELDS = {
    "tanker": "daily transits, tanker",
    "total": "daily transits, total",
    "capTanker": "daily capacity, tanker",
}
#: Ship types that add up to ``total``.
TYPES = ("container", "dryBulk", "generalCargo", "roro", "tanker")


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """Transits by strait and day: known a stated lag after the day, but never before the platform existed."""
    since = dt.date.fromisoformat(opened.file.options["since"])
    rows: list[dict[str, object]] = []
    for slug, strait in bounded(opened.text())["chokepoints"].items():
        for n, day in enumerate(strait["history"], 1):
            where = f"{slug}, day {n}"
            if sum(day[t] for t in TYPES) + day.get("other", 0) != day["total"]:
                raise opened.refuse(where, "total", day["total"], "is not the sum of its ship types")
            known_on, basis = opened.known(day["date"])
            rows += [
                {
                    "period": day["date"],
                    "entity": strait["portwatchName"],
                    "variable": variable,
                    "value": float(day[field]),
                    "unit": "t deadweight" if field.startswith("cap") else "ships",
                    "kind": "estimated",
                    "locator": where,
                    "known_on": max(known_on, since),
                    "known_basis": basis,
                }
                for field, variable in FIELDS.items()
                if field in day
            ]
    yield "series", table("series").arrow(rows)
