# SPDX-License-Identifier: Apache-2.0
"""Militarized interstate disputes that a state started, counted from directed dyad-years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.table import records
from bilat.places.cow import state


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """Per state and year: disputes that began in it with the state on side A from the first day.

    Side A is the side that made the first militarized move; states that joined later are not counted. A
    dispute that spreads to a second opponent in a later year counts in its first year only.
    The option ``onset`` is the column that marks a dispute's first year; ``header`` the columns.
    """
    onset = opened.file.options["onset"]
    first: dict[tuple[int, int], tuple[int, int]] = {}
    for r in records(opened.place(), opened.file.options["header"].split()):
        flags = []
        for column in (onset, "sidea1", "orig1"):
            if r[column] not in ("0.0", "1.0"):
                raise r.refuse(column, "is neither 0 nor 1")
            flags.append(r[column] == "1.0")
        dispute, code, year = (r.integer_or_none(c) for c in ("dispnum", "ccode1", "year"))
        if dispute is None or code is None or year is None:
            raise r.refuse("dispnum", "has no dispute, state or year")
        if all(flags):
            first[code, dispute] = min(first.get((code, dispute), (year, r.line)), (year, r.line))
    started: dict[tuple[int, int], list[int]] = defaultdict(list)
    for (code, _), (year, line) in first.items():
        started[code, year].append(line)
    rows: list[dict[str, object]] = []
    for (code, year), lines in sorted(started.items()):
        known_on, basis = opened.known(str(year))
        rows.append(
            {
                "entity": state(code),
                "variable": "disputes_initiated",
                "value": float(len(lines)),
                "unit": "disputes",
                "period": str(year),
                "kind": "derived",
                "locator": "; ".join(f"line {n}" for n in sorted(lines)),
                "known_on": known_on,
                "known_basis": basis,
            }
        )
    yield "series", table("series").arrow(rows)
