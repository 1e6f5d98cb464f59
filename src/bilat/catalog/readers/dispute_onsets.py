# SPDX-License-Identifier: Apache-2.0
"""Militarized interstate disputes that a state started, and those of each pair, counted from directed dyad-years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.table import TableRow, records
from bilat.places.cow import state


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """Per state and year: disputes that began in it with the state on side A from the first day; per pair and
    year, written as codes in the order of the alphabet: disputes that began with the two on opposite sides.

    Side A is the side that made the first militarized move; states that joined later are not counted. A
    dispute that spreads to a second opponent in a later year counts in its first year only.
    The option ``onset`` is the column that marks a dispute's first year; ``header`` the columns.
    """
    onset = opened.file.options["onset"]
    first: dict[tuple[int, int], tuple[int, int]] = {}
    between: dict[tuple[int, int, int], tuple[int, int, bool]] = {}
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
        other = r.integer_or_none("ccode2")
        if other is None:
            raise r.refuse("ccode2", "has no state")
        if code < other and all(r[c] == "1.0" for c in (onset, "orig1", "orig2")):
            found = (year, r.line, _deadly(r))
            between[code, other, dispute] = min(between.get((code, other, dispute), found), found)
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
    yield "series", table("series").arrow(rows + _pairs(opened, between))


def _deadly(r: TableRow) -> bool:
    """Whether a death on either side is recorded; -9, deaths that nobody counted, is none."""
    return any((r.number_or_none(c) or 0) > 0 for c in ("fatality1", "fatality2"))


def _pairs(
    opened: Opened, between: dict[tuple[int, int, int], tuple[int, int, bool]]
) -> list[dict[str, object]]:
    lines: dict[tuple[str, int, str], list[int]] = defaultdict(list)
    for (one, two, _), (year, line, deadly) in between.items():
        pair = "-".join(sorted((state(one), state(two))))
        lines[pair, year, "disputes_between"].append(line)
        if deadly:
            lines[pair, year, "deadly_disputes_between"].append(line)
    rows: list[dict[str, object]] = []
    for (pair, year, variable), at in sorted(lines.items()):
        known_on, basis = opened.known(str(year))
        rows.append(
            {
                "entity": pair,
                "variable": variable,
                "value": float(len(at)),
                "unit": "disputes",
                "period": str(year),
                "kind": "derived",
                "locator": "; ".join(f"line {n}" for n in sorted(at)),
                "known_on": known_on,
                "known_basis": basis,
            }
        )
    return rows
