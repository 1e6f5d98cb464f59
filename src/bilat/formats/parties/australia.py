# SPDX-License-Identifier: Apache-2.0
"""Australia's consolidated list (DFAT), the workbook of 2026: a row for each name of a party."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

from bilat.formats.json_text import Cells
from bilat.formats.parties.identifiers import canonical
from bilat.formats.parties.record import (
    Address,
    Identifier,
    ListedParty,
    Listing,
    name_tuple,
    refuse,
)
from bilat.formats.workbook import sheet_rows, workbook

HEADER = (
    "Reference",
    "Name of Individual or Entity",
    "Type",
    "Name Type",
    "Alias Strength",
    "Listing Information",
    "IMO Number",
    "Committees",
    "Control Date",
)
_SCHEMAS = {"individual": "Person", "entity": "LegalEntity", "vessel": "Vessel"}
_REFERENCE = re.compile(r"(\d+)[a-z]*")
_LISTED = re.compile(r"Listed on (\d{1,2}) ([A-Z][a-z]{2})[a-z]*\.? (\d{4})")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def parties(path: Path) -> Iterator[ListedParty]:
    """Parse the list; a party's rows are one number with a letter for each further name.

    A party is dated by the day in its listing information, else by its control date, which is that
    of the latest act.
    """
    groups: dict[str, list[tuple[int, Cells]]] = {}
    header: list[str] = []
    with workbook(path, path.name) as book:
        for _, number, row in sheet_rows(book, path.name):
            if not header:
                header = [str(c).strip() for c in row]
                if missing := [c for c in HEADER if c not in header]:
                    raise refuse(path.name, number, f"no column {missing[0]!r}", "get it again")
                continue
            cells = dict(zip(header, row, strict=False))
            if not any(c is not None for c in row):
                continue
            match = _REFERENCE.fullmatch(str(cells["Reference"]).strip())
            if match is None:
                what = f"reference {cells['Reference']!r} is not a number with a letter"
                raise refuse(path.name, number, what, "get the file again")
            groups.setdefault(match[1], []).append((number, cells))
    seen: set[tuple[object, object]] = set()
    for reference, rows in groups.items():
        for number, cells in rows:
            key = (cells["Reference"], cells["Name of Individual or Entity"])
            if key in seen:
                raise refuse(path.name, number, f"repeats {key[0]}: {key[1]}", "get it again")
            seen.add(key)
        yield _party(path, reference, rows)


def _party(path: Path, reference: str, rows: list[tuple[int, Cells]]) -> ListedParty:
    rows = sorted(rows, key=lambda r: _text(r[1], "Name Type") != "Primary Name")
    line, first = rows[0]
    schema = _SCHEMAS.get(_text(first, "Type").lower())
    if schema is None:
        raise refuse(path.name, line, f"type {first['Type']!r} is unknown", "get the file again")
    names = []
    for _, cells in rows:
        kind = "weak" if _text(cells, "Alias Strength") == "Weak" else "alias"
        primary = _text(cells, "Name Type") == "Primary Name"
        names.append((_text(cells, "Name of Individual or Entity"), "primary" if primary else kind))
    imo = _text(first, "IMO Number")
    address = _text(first, "Address")
    citizenship = _text(first, "Citizenship")
    return ListedParty(
        id=f"au-{reference}",
        schema=schema,
        names=name_tuple(*names),
        locator=f"line {line}",
        addresses=(Address(address),) if address else (),
        identifiers=(Identifier(*canonical("imo", imo)),) if imo else (),
        countries=tuple(filter(None, (c.strip() for c in re.split("[;,]", citizenship)))),
        born=_births(_text(first, "Date of Birth")),
        listings=(
            Listing(
                "Australia Consolidated List",
                _text(first, "Committees"),
                _listed(path, line, first),
            ),
        ),
    )


def _text(cells: Cells, column: str) -> str:
    value = cells.get(column)
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return "" if value is None else " ".join(str(value).split())


#: What parts dates of birth in one cell; a broken line is written as its character's number.
_BETWEEN_BIRTHS = re.compile(r"[,;]|_x000D_| (?=[0-9]{1,2}/[0-9]{1,2}/[0-9]{4})")


def _births(text: str) -> str:
    """Return the dates of birth of a cell, each by itself."""
    return "; ".join(filter(None, (part.strip() for part in _BETWEEN_BIRTHS.split(text))))


def _listed(path: Path, line: int, cells: Cells) -> str:
    match = _LISTED.search(_text(cells, "Listing Information"))
    if match and match[2] in _MONTHS:
        month = _MONTHS.index(match[2]) + 1
        return f"{match[3]}-{month:02}-{int(match[1]):02}"
    day = cells["Control Date"]
    if not isinstance(day, dt.datetime):
        raise refuse(path.name, line, f"control date {day!r} is not a date", "get the file again")
    return day.date().isoformat()
