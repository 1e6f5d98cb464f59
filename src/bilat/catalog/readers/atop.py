# SPDX-License-Identifier: Apache-2.0
"""Alliance treaties and their obligations, one line per alliance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.table import records
from bilat.places.cow import state

MEMBERS = [f"mem{n}" for n in range(1, 60)]
OBLIGATIONS = {
    "defense": "defence",
    "offense": "offence",
    "neutral": "neutrality",
    "nonagg": "nonaggression",
    "consul": "consultation",
}
#: The columns read; the file has others between them.
NEEDED = ["atopid", "begyr", "begmo", "begday", "endyr", "endmo", "endday", *OBLIGATIONS, *MEMBERS, "version"]


def _date(year: int | None, month: int | None, day: int | None, *, last: bool) -> dt.date | None:
    if not year:
        return None
    if not month:
        return dt.date(year, 12, 31) if last else dt.date(year, 1, 1)
    try:
        return dt.date(year, month, day or (28 if last else 1))
    except ValueError:
        return dt.date(year, month, 28 if last else 1)


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One event per alliance: its members over its whole life, its obligations as its class.

    An alliance in force when the data set ends (2018) has no end; members may have joined late or left
    early, which the member-level file of the data set says and this one does not.
    """
    rows: list[dict[str, object]] = []
    for r in records(opened.place(), NEEDED, exact=False):
        begin = [r.integer_or_none(c) for c in ("begyr", "begmo", "begday")]
        end = [r.integer_or_none(c) for c in ("endyr", "endmo", "endday")]
        starts, ends = _date(*begin, last=False), _date(*end, last=True)
        if starts is None:
            raise r.refuse("begyr", "is not a year")
        duties = []
        for column, word in OBLIGATIONS.items():
            if r[column] not in ("0", "1"):
                raise r.refuse(column, "is neither 0 nor 1")
            if r[column] == "1":
                duties.append(word)
        members = [r.integer_or_none(c) for c in MEMBERS]
        states = list(dict.fromkeys(state(m) for m in members if m is not None))
        if len(states) < 2:
            raise r.refuse("mem1", "an alliance has two members or more")
        known_on, basis = opened.known(str(starts.year))
        rows.append(
            {
                "event": f"ATOP {r['atopid']}",
                "event_type": "alliance",
                "name": f"alliance treaty of {starts.year}",
                "starts": starts,
                "ends": ends,
                "precision": "day" if begin[1] and begin[2] else "month" if begin[1] else "year",
                "participants": ";".join(states),
                "class": ";".join(duties) or "none",
                "url": opened.source.url,
                "period": str(starts.year),
                "kind": "reported",
                "locator": r.locator,
                "known_on": known_on,
                "known_basis": basis,
            }
        )
    yield "events", table("events").arrow(rows)
