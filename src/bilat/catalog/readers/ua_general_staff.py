# SPDX-License-Identifier: Apache-2.0
"""The Ukrainian General Staff's daily claims of Russian losses, and its later revisions of them.

The option ``part`` of a file says which it is: ``equipment``, ``personnel`` or ``revisions``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.errors import DataError
from bilat.formats.json_text import Cells, parse_json
from bilat.when import INVASION

#: The class of each published column, for comparison with other claimants. Names changed on
#: 2022-05-01.
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
#: The columns that each day of a part must have.
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
#: Columns that are not counts.
NOT_COUNTS = {"date", "day", "greatest losses direction", "personnel*"}


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """Yield cumulative claims by day as ``losses``; revisions, which may be negative, as ``series``."""
    part = opened.file.options["part"]
    rows: list[dict[str, object]] = []
    before: dt.date | None = None
    for item, cells in enumerate(_days(opened), start=1):
        day = _checked_day(opened, part, item, cells, before)
        before = day
        for column, count in _counts(opened, item, cells):
            if part != "revisions":
                rows.append(_lineage(item, column, day) | _loss(column, count))
            elif count:
                rows.append(_lineage(item, column, day) | _revision(column, count))
    name = "series" if part == "revisions" else "losses"
    yield name, table(name).arrow(rows)


def _days(opened: Opened) -> list[Cells]:
    """Return the days of the file, each as its columns."""
    path = opened.file.path
    try:
        days = parse_json(opened.text())
    except ValueError as e:
        raise DataError(
            f"is cut, or is not JSON ({e})", file=path, cure="get it again; nothing was taken in"
        ) from None
    if not isinstance(days, list) or not all(isinstance(day, dict) for day in days):
        raise DataError(
            f"{path}: is not a list of days: not the publisher's file. Check the download"
        )
    return days


def _checked_day(
    opened: Opened, part: str, item: int, cells: Cells, before: dt.date | None
) -> dt.date:
    """Return the date of an item, which has its columns and comes after the item before."""
    day = _date(opened, item, cells)
    if before is not None and day <= before:
        raise opened.refuse(item, "date", cells["date"], f"does not come after {before}")
    if part != "revisions" and cells.get("day") != (day - INVASION).days + 1:
        raise opened.refuse(item, "day", cells.get("day"), f"is not the day of the war on {day}")
    missing = DAILY[part] - set(cells)
    if missing:
        raise opened.refuse(item, min(missing), None, "is missing")
    return day


def _counts(opened: Opened, item: int, cells: Cells) -> Iterator[tuple[str, int]]:
    """Yield the counts of a day by column."""
    for column, count in cells.items():
        if column in NOT_COUNTS:
            continue
        if column not in CLASSES:
            raise opened.refuse(
                item, column, count, "is in an unknown column: the columns have changed"
            )
        if not isinstance(count, int) or isinstance(count, bool):
            raise opened.refuse(item, column, count, "is not a whole number")
        yield column, count


def _lineage(item: int, column: str, day: dt.date) -> dict[str, object]:
    return {
        "period": day.isoformat(),
        "kind": "reported",
        "locator": f"item {item}, {column}",
        "known_on": day,
        "known_basis": "published",
    }


def _loss(column: str, count: int) -> dict[str, object]:
    return {
        "side": "RUS",
        "claimant": "general_staff",
        "equipment": column,
        "class": CLASSES[column],
        "status": "total",
        "cumulative": float(count),
    }


def _revision(column: str, count: int) -> dict[str, object]:
    return {
        "entity": "RUS",
        "variable": f"general_staff revision: {CLASSES[column]}",
        "value": float(count),
        "unit": "persons" if column == "personnel" else "items",
    }


def _date(opened: Opened, item: int, cells: Cells) -> dt.date:
    try:
        return dt.date.fromisoformat(cells["date"])
    except (KeyError, TypeError, ValueError):
        raise opened.refuse(item, "date", cells.get("date"), "is not a date YYYY-MM-DD") from None
