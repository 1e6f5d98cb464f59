# SPDX-License-Identifier: Apache-2.0
"""The Ukrainian General Staff's daily claims of Russian losses, and its later revisions of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.errors import DataError
from bilat.formats.json_text import parse_json
from bilat.when import INVASION

#: Column as published -> class it is compared under. Names changed on 2022-05-01.
CLASSES = {
    "aircraft": "aircraft",
    "helicopter": "helicopters",
    "tank": "tanks",
    "APC": "armoured",  # armoured fighting vehicles of all kinds but tanks
    "field artillery": "artillery",
    "MRL": "mlrs",
    "military auto": "vehicles",  # until 2022-04-30
    "fuel tank": "vehicles",  # until 2022-04-30
    "vehicles and fuel tanks": "vehicles",  # since 2022-05-01
    "drone": "uav",
    "naval ship": "naval",
    "submarines": "naval",
    "anti-aircraft warfare": "air_defence",
    "special equipment": "special",
    "mobile SRBM system": "other",
    "cruise missiles": "missiles",  # shot down, no equipment of the ground forces
    "ground robotic systems": "ugv",
    "personnel": "personnel",
    "POW": "none",
}
#: Every day has these.
DAILY = {
    "equipment": {
        "tank",
        "APC",
        "aircraft",
        "helicopter",
        "field artillery",
        "MRL",
        "drone",
        "naval ship",
    },
    "personnel": {"personnel"},
    "revisions": set(),
}
#: Words beside the counts.
WORDS = {"date", "day", "greatest losses direction", "personnel*"}


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """Cumulative claims by day (``losses``); revisions, which may be negative, as ``series``."""
    part = opened.file.options["part"]
    path = opened.file.path
    try:
        days = parse_json(opened.text())
    except ValueError as e:
        raise DataError(
            f"is cut, or is not JSON ({e})", file=path, cure="get it again; nothing was taken in"
        ) from None
    if not isinstance(days, list) or not all(isinstance(d, dict) for d in days):
        raise DataError(
            f"{path}: is not a list of days: not the publisher's file. Check the download"
        )
    rows: list[dict[str, object]] = []
    before: dt.date | None = None
    for n, d in enumerate(days, 1):
        on = _date(opened, n, d)
        if before is not None and on <= before:
            raise opened.refuse(n, "date", d["date"], f"does not come after {before}")
        before = on
        if part != "revisions" and d.get("day") != (on - INVASION).days + 1:
            raise opened.refuse(n, "day", d.get("day"), f"is not the day of the war on {on}")
        lacking = DAILY[part] - set(d)
        if lacking:
            raise opened.refuse(n, sorted(lacking)[0], None, "is missing")
        for column, count in d.items():
            if column in WORDS:
                continue
            if column not in CLASSES:
                raise opened.refuse(
                    n, column, count, "stands in a column not known: the columns changed"
                )
            if not isinstance(count, int) or isinstance(count, bool):
                raise opened.refuse(n, column, count, "is not a whole number")
            shared = {
                "period": on.isoformat(),
                "kind": "reported",
                "locator": f"item {n}, {column}",
                "known_on": on,
                "known_basis": "published",
            }
            if part != "revisions":
                rows.append(
                    shared
                    | {
                        "side": "RUS",
                        "claimant": "general_staff",
                        "equipment": column,
                        "class": CLASSES[column],
                        "status": "total",
                        "cumulative": float(count),
                    }
                )
            elif count:
                rows.append(
                    shared
                    | {
                        "entity": "RUS",
                        "variable": f"general_staff revision: {CLASSES[column]}",
                        "value": float(count),
                        "unit": "persons" if column == "personnel" else "items",
                    }
                )
    name = "series" if part == "revisions" else "losses"
    yield name, table(name).arrow(rows)


def _date(opened: Opened, n: int, d: Any) -> dt.date:
    try:
        return dt.date.fromisoformat(d["date"])
    except (KeyError, TypeError, ValueError):
        raise opened.refuse(n, "date", d.get("date"), "is not a date YYYY-MM-DD") from None
