# SPDX-License-Identifier: Apache-2.0
"""Militarised disputes that a state started, and those of each pair, from directed dyad-years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.table import TableRow, records
from bilat.places.cow import state


@dataclass(frozen=True, order=True)
class _Onset:
    """The first row of a dispute: its year, its line, and whether a death is recorded in it."""

    year: int
    line: int
    is_deadly: bool = False


#: Entity, year and variable -> the lines that are counted.
_Counted = dict[tuple[str, int, str], list[int]]


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """Yield the disputes that a state started in a year, and those of a pair.

    A state started a dispute that began in the year with it on side A from the first day. Of a
    pair, written as two codes in the order of the alphabet, the disputes are counted that began
    with the two on opposite sides.

    Side A is the side that made the first militarised move; states that joined later are not
    counted. A dispute that spreads to a second opponent in a later year counts in its first year
    only. The option ``onset`` is the column that marks a dispute's first year; ``header`` the
    columns.
    """
    column = opened.file.options["onset"]
    started: dict[tuple[int, int], _Onset] = {}
    between: dict[tuple[int, int, int], _Onset] = {}
    for row in records(opened.place(), opened.file.options["header"].split()):
        dispute, code, year = _dispute_state_and_year(row)
        is_starter = all([_flag(row, flag) for flag in (column, "sidea1", "orig1")])
        if is_starter:
            onset = _Onset(year, row.line)
            started[code, dispute] = min(started.get((code, dispute), onset), onset)
        other = row.integer_or_none("ccode2")
        if other is None:
            raise row.refuse("ccode2", "has no state")
        if code < other and all(row[flag] == _YES for flag in (column, "orig1", "orig2")):
            onset = _Onset(year, row.line, _is_deadly(row))
            pair = (code, other, dispute)
            between[pair] = min(between.get(pair, onset), onset)
    rows = [*_rows(opened, _by_state(started)), *_rows(opened, _by_pair(between))]
    yield "series", table("series").arrow(rows)


_NO = "0.0"
_YES = "1.0"


def _flag(row: TableRow, column: str) -> bool:
    if row[column] not in (_NO, _YES):
        raise row.refuse(column, "is neither 0 nor 1")
    return row[column] == _YES


def _dispute_state_and_year(row: TableRow) -> tuple[int, int, int]:
    dispute = row.integer_or_none("dispnum")
    code = row.integer_or_none("ccode1")
    year = row.integer_or_none("year")
    if dispute is None or code is None or year is None:
        raise row.refuse("dispnum", "has no dispute, state or year")
    return dispute, code, year


def _is_deadly(row: TableRow) -> bool:
    """Return whether a death on either side is recorded; -9, deaths that nobody counted, is none."""
    return any((row.number_or_none(c) or 0) > 0 for c in ("fatality1", "fatality2"))


def _by_state(started: dict[tuple[int, int], _Onset]) -> _Counted:
    """Return the disputes that each state started, in the order of the publisher's codes."""
    counted: _Counted = defaultdict(list)
    for (code, _), onset in sorted(started.items(), key=lambda s: (s[0][0], s[1].year)):
        counted[state(code), onset.year, "disputes_initiated"].append(onset.line)
    return counted


def _by_pair(between: dict[tuple[int, int, int], _Onset]) -> _Counted:
    counted: _Counted = defaultdict(list)
    for (one, two, _), onset in between.items():
        pair = "-".join(sorted((state(one), state(two))))
        counted[pair, onset.year, "disputes_between"].append(onset.line)
        if onset.is_deadly:
            counted[pair, onset.year, "deadly_disputes_between"].append(onset.line)
    return dict(sorted(counted.items()))


def _rows(opened: Opened, counted: _Counted) -> Iterator[dict[str, object]]:
    """Yield a row for each number of disputes, with the lines that it counts."""
    for (entity, year, variable), lines in counted.items():
        known_on, basis = opened.known(str(year))
        yield {
            "entity": entity,
            "variable": variable,
            "value": float(len(lines)),
            "unit": "disputes",
            "period": str(year),
            "kind": "derived",
            "locator": "; ".join(f"line {n}" for n in sorted(lines)),
            "known_on": known_on,
            "known_basis": basis,
        }
