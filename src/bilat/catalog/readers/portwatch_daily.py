# SPDX-License-Identifier: Apache-2.0
"""IMF PortWatch: ships through straits and canals a day, by type, and their capacity, as one JSON snapshot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.json_text import parse_json

#: What is kept: its field in the snapshot, in the publisher's own table, and what it is called here.
FIELDS = (
    ("tanker", "n_tanker", "daily transits, tanker"),
    ("total", "n_total", "daily transits, total"),
    ("capTanker", "capacity_tanker", "daily capacity, tanker"),
)
#: Ship types that add up to ``total`` in the snapshot.
TYPES = ("container", "dryBulk", "generalCargo", "roro", "tanker")


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """Transits by strait and day: known a stated lag after the day, but never before the platform existed.

    Of one snapshot, or (option ``format = "arcgis"``) of the publisher's answers, a line each.
    """
    since = dt.date.fromisoformat(opened.file.options["since"])
    rows: list[dict[str, object]] = []
    made = _table if opened.file.options.get("format") == "arcgis" else _snapshot
    for where, strait, day, figures in made(opened):
        known_on, basis = opened.known(day)
        rows += [
            {
                "period": day,
                "entity": strait,
                "variable": variable,
                "value": float(value),
                "unit": "t deadweight" if "capacity" in variable else "ships",
                "kind": "estimated",
                "locator": where,
                "known_on": max(known_on, since),
                "known_basis": basis,
            }
            for variable, value in figures.items()
        ]
    yield "series", table("series").arrow(rows)


#: (where it stands, strait, day, variable -> figure)
_Day = tuple[str, str, str, dict[str, float]]


def _snapshot(opened: Opened) -> Iterator[_Day]:
    for slug, strait in parse_json(opened.text())["chokepoints"].items():
        for n, day in enumerate(strait["history"], 1):
            where = f"{slug}, day {n}"
            if sum(day[t] for t in TYPES) + day.get("other", 0) != day["total"]:
                raise opened.refuse(
                    where, "total", day["total"], "is not the sum of its ship types"
                )
            yield (
                where,
                strait["portwatchName"],
                day["date"],
                {v: day[f] for f, _, v in FIELDS if f in day},
            )


def _table(opened: Opened) -> Iterator[_Day]:
    for answer, line in enumerate(filter(str.strip, opened.text().splitlines()), 1):
        for n, found in enumerate(parse_json(line)["features"], 1):
            day = found["attributes"]
            where = f"answer {answer}, feature {n}"
            on = day["date"]
            if isinstance(on, int):  # milliseconds since 1970, or a date as text
                on = dt.datetime.fromtimestamp(on / 1000, dt.UTC).date().isoformat()
            if not 0 <= day["n_tanker"] <= day["n_total"]:
                raise opened.refuse(where, "n_tanker", day["n_tanker"], "is not a part of n_total")
            yield where, day["portname"], str(on)[:10], {v: day[f] for _, f, v in FIELDS}
