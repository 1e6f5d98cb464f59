# SPDX-License-Identifier: Apache-2.0
"""The book of assumptions: every number of a plan with who says so, as xlsx or TOML; read back, and compared.

A scenario is a copy of the book with some numbers changed. The columns that may be changed are value, low and high;
the others are there to be read, and a number that a copy leaves out keeps what the shipped book says.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bilat.errors import DataError, UsageError, command
from bilat.files.cells import safe_cell
from bilat.files.write import write_text, written
from bilat.planning.assumptions import Assumption, Assumptions, with_user

#: The columns of the book.
COLUMNS = ("plan", "name", "value", "low", "high", "unit", "meaning", "who says so", "assumed", "public on")
#: Plan -> its numbers.
Book = Mapping[str, Assumptions]


@dataclass(frozen=True)
class BookChange:
    """One number that two books have differently: (value, low, high) of each."""

    plan: str
    name: str
    unit: str
    first: tuple[float, float, float]
    second: tuple[float, float, float]


def write_book(book: Book, path: Path) -> None:
    """Write a book as .xlsx or .toml, whole or not at all.

    Raises
    ------
    UsageError
        for another ending.
    """
    if path.suffix == ".toml":
        write_text(
            path, "\n".join(_toml(plan, a) for plan, numbers in book.items() for a in numbers.values())
        )
    elif path.suffix == ".xlsx":
        _sheet(book, path)
    else:
        raise UsageError(f"{path}: a book of assumptions ends in .xlsx or .toml")


def _row(plan: str, a: Assumption) -> tuple[Any, ...]:
    known = a.known.isoformat() if a.known else ""
    return (
        plan,
        a.name,
        a.value,
        a.low,
        a.high,
        a.unit,
        a.meaning,
        a.source,
        "assumed" if a.assumed else "",
        known,
    )


def _toml(plan: str, a: Assumption) -> str:
    def text(value: str) -> str:
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'

    return (
        f"[{text(plan)}.{text(a.name)}]\nvalue = {float(a.value)!r}\nlow = {float(a.low)!r}\nhigh = {float(a.high)!r}\n"
        f"unit = {text(a.unit)}\nsource = {text(a.source)}\n"
    )


def _sheet(book: Book, path: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Font

    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "Assumptions"
    sheet.append(list(COLUMNS))
    for plan, numbers in book.items():
        for a in numbers.values():
            sheet.append([safe_cell(x) if isinstance(x, str) else x for x in _row(plan, a)])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "C2"
    for letter, width in zip("ABCDEFGHIJ", (10, 34, 12, 12, 12, 26, 50, 60, 10, 12), strict=True):
        sheet.column_dimensions[letter].width = width
    with written(path) as temporary:
        made.save(temporary)


def read_book(path: Path) -> dict[str, dict[str, tuple[float, float, float]]]:
    """Plan -> name -> (value, low, high) of a book.

    Raises
    ------
    UsageError
        for a file that does not exist or another ending.
    DataError
        naming the row of a number that cannot be read.
    """
    if not path.exists():
        raise UsageError(
            f"{path}: there is no such book; write one with: {command('plan', 'book', out=path)}"
        )
    if path.suffix == ".toml":
        try:
            raw = tomllib.loads(path.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
            raise DataError(f"{path}: is not readable as TOML: {e}") from None
        rows = [(f"[{p}.{n}]", p, n, v) for p, part in raw.items() for n, v in _tables(path, p, part)]
    elif path.suffix == ".xlsx":
        rows = list(_rows(path))
    else:
        raise UsageError(f"{path}: a book of assumptions ends in .xlsx or .toml")
    found: dict[str, dict[str, tuple[float, float, float]]] = {}
    for where, plan, name, own in rows:
        found.setdefault(plan, {})[name] = _numbers(path, where, own)
    return found


def _tables(path: Path, plan: str, part: Any) -> list[tuple[str, Mapping[str, Any]]]:
    if not isinstance(part, dict) or not all(isinstance(v, dict) for v in part.values()):
        raise DataError(f"{path}: [{plan}] holds no numbers; write [{plan}.NAME] with value, low and high")
    return list(part.items())


def _rows(path: Path) -> list[tuple[str, str, str, Mapping[str, Any]]]:
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        sheet = load_workbook(path, read_only=True, data_only=True).worksheets[0]
        rows = list(sheet.iter_rows(values_only=True))
    except (BadZipFile, InvalidFileException, KeyError, OSError) as e:
        raise DataError(
            f"{path}: is not readable as a workbook ({e}); write it again with bilat plan book"
        ) from None
    head = [str(c or "").strip() for c in rows[0]] if rows else []
    if missing := [c for c in ("plan", "name", "value", "low", "high") if c not in head]:
        raise DataError(
            f"{path}: row 1 has no column {missing[0]!r}; keep the columns that bilat plan book writes"
        )
    out: list[tuple[str, str, str, Mapping[str, Any]]] = []
    for n, row in enumerate(rows[1:], start=2):
        own = dict(zip(head, row, strict=False))
        if own["name"] is not None:
            out.append((f"row {n}", str(own["plan"]), str(own["name"]), own))
    return out


def _numbers(path: Path, where: str, own: Mapping[str, Any]) -> tuple[float, float, float]:
    made = []
    for column in ("value", "low", "high"):
        value = own.get(column, own.get("value"))
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise DataError(f"{path}: {where}: {column} is {value!r}; write a number")
        made.append(float(value))
    value, low, high = made
    if not low <= value <= high:
        raise DataError(f"{path}: {where}: value {value:g} is not between low {low:g} and high {high:g}")
    return value, low, high


def applied(numbers: Assumptions, own: Mapping[str, tuple[float, float, float]]) -> Assumptions:
    """The numbers with those of a book in their place.

    Raises
    ------
    UsageError
        for a name that is none, or a number outside what its unit allows.
    """
    out = Assumptions(numbers)
    for name, (value, low, high) in own.items():
        a = numbers.get(name)
        if a is None:
            with_user(numbers, {name: repr(value)})  # says which name is meant
        elif (value, low, high) != (a.value, a.low, a.high):
            out[name] = a.at(value) if low == high else replace(a.between(low, high), value=value)
    return out


def compared(first: Book, second: Book) -> list[BookChange]:
    """The numbers in which two books differ."""
    found = []
    for plan, numbers in first.items():
        for name, a in numbers.items():
            b = second.get(plan, Assumptions()).get(name)
            if b is not None and (a.value, a.low, a.high) != (b.value, b.low, b.high):
                found.append(
                    BookChange(plan, name, a.unit, (a.value, a.low, a.high), (b.value, b.low, b.high))
                )
    return found
