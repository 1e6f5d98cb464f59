# SPDX-License-Identifier: Apache-2.0
"""The book of assumptions: every number of every plan with who says so, on what page, and its
range; xlsx or TOML.

A scenario is a copy of the book with some numbers changed. Value, low and high may be changed, and
who says so, the page and the marking. A number that a copy leaves out keeps what the shipped book
says, so that a file of a few rows lies over the public ones. A value changed alone fixes the
number; a changed low or high is the range of its draws.

Everything else in the workbook is for reading: those cells are locked, a hidden sheet keeps them as
they were written, and a cell that was changed all the same is refused by its name, with the number
to change instead.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bilat.document import Frame
from bilat.errors import DataError, UsageError, command
from bilat.formats.workbook import sheet_rows, workbook
from bilat.handling import Marking, join
from bilat.planning.assumptions import Assumption, with_user
from bilat.planning.book_columns import COLUMNS, MAIN, WRITTEN, Given, column_letter
from bilat.planning.book_edits import refuse_edits
from bilat.planning.plans import Plan


@dataclass(frozen=True)
class BookLine:
    """One number as a book has it, with its place in the file."""

    where: str
    value: float
    low: float
    high: float
    source: str = ""
    page: str = ""
    marking: str = ""


#: Plan -> name -> its line.
Lines = Mapping[str, Mapping[str, BookLine]]


def read_book(path: Path) -> dict[str, dict[str, BookLine]]:
    """Plan -> name -> line of a book.

    Raises
    ------
    UsageError
        for a file that does not exist or another ending.
    DataError
        naming the row of a number that cannot be read.
    """
    if not path.exists():
        raise UsageError(
            f"{path}: file not found. To create it: {command('plan', 'book', str(path))}"
        )
    if path.suffix == ".toml":
        try:
            raw = tomllib.loads(path.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
            raise DataError(f"is not readable as TOML: {e}", file=path) from None
        rows = [
            (f"[{p}.{n}]", p, n, v) for p, part in raw.items() for n, v in _tables(path, p, part)
        ]
    elif path.suffix == ".xlsx":
        rows = _rows(path)
    else:
        raise UsageError(f"{path}: the name of a book of assumptions must end in .xlsx or .toml")
    found: dict[str, dict[str, BookLine]] = {}
    for where, plan, name, own in rows:
        if name in found.setdefault(plan, {}):
            first = found[plan][name].where
            raise DataError(
                f"appears twice, first in {first}",
                file=path,
                row=where,
                value=name,
                cure="keep one",
            )
        found[plan][name] = _line(path, where, own)
    return found


def _tables(path: Path, plan: str, part: object) -> list[tuple[str, Mapping[str, Given]]]:
    if not isinstance(part, dict) or not all(isinstance(v, dict) for v in part.values()):
        raise DataError(
            "holds no numbers",
            file=path,
            row=f"[{plan}]",
            cure=f"write [{plan}.NAME] with value, low and high",
        )
    return list(part.items())


def _rows(path: Path) -> list[tuple[str, str, str, Mapping[str, Given]]]:
    with workbook(path, path) as book:
        own = MAIN if MAIN in book.sheetnames else book.sheetnames[0]
        rows = [row for sheet, _, row in sheet_rows(book, path) if sheet.title == own]
        names = list(book.sheetnames)
    if WRITTEN in names:
        refuse_edits(path)
    elif others := [name for name in names if name != own]:
        raise DataError(
            f"sheet {others[0]!r} is not read, and the hidden sheet {WRITTEN!r}, which would show "
            "what was changed there, is missing",
            file=path,
            cure=f"put your numbers on the sheet {own}, and delete the other sheets",
        )
    head = [str(c or "").strip() for c in rows[0]] if rows else []
    if missing := [c for c in ("plan", "name", "value", "low", "high") if c not in head]:
        raise DataError(
            f"there is no column {missing[0]!r}",
            file=path,
            row=1,
            cure="keep the columns of the book that was written",
        )
    found: list[tuple[str, str, str, Mapping[str, Given]]] = []
    for n, row in enumerate(rows[1:], start=2):
        cells: dict[str, Given] = dict(zip(head, row, strict=False))
        if cells.get("name") is not None:
            found.append((f"row {n}", str(cells.get("plan")), str(cells["name"]), cells))
        elif any(cells.get(c) is not None for c in ("value", "low", "high")):
            raise DataError(
                "names no number", file=path, row=f"row {n}", column="name", cure="write its name"
            )
    return found


def _line(path: Path, where: str, own: Mapping[str, Given]) -> BookLine:
    made = []
    for column in ("value", "low", "high"):
        value = own.get(column, own.get("value"))
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
        ):
            raise DataError(
                "is not a number",
                file=path,
                row=where,
                column=_column(path, where, column),
                value=value if value is not None else "",
                cure=_cure_of_no_number(path, value),
            )
        made.append(float(value))
    value, low, high = made
    if low > high:
        raise DataError(
            f"is above high {high:g}",
            file=path,
            row=where,
            column=_column(path, where, "low"),
            value=low,
            cure="exchange low and high",
        )
    source, page, marking = (
        str(own.get(c) or "").removeprefix("'") for c in ("who says so", "page", "marking")
    )
    if marking:
        try:
            Marking.parse(marking)
        except UsageError as e:
            raise DataError(
                str(e), file=path, row=where, column=_column(path, where, "marking")
            ) from None
    return BookLine(where, value, low, high, str(own.get("source") or source), page, marking)


def _cure_of_no_number(path: Path, value: Given) -> str:
    """Return what to write instead of a cell that has no number."""
    cure = "write a number, or leave the whole row out"
    if value is None and path.suffix == ".xlsx":
        return f"{cure}; if it is a formula, open and save the file so that its result is stored"
    return cure


def _column(path: Path, where: str, column: str) -> str:
    """Return a column with its cell, where the file is a workbook."""
    if path.suffix != ".xlsx":
        return column
    return f"{column}, cell {column_letter(COLUMNS.index(column))}{where.removeprefix('row ')}"


def marking_of(lines: Lines) -> Marking | None:
    """Return the narrowest marking that a book's own rows bear, None where none bears any."""
    found = [Marking.parse(x.marking) for own in lines.values() for x in own.values() if x.marking]
    return join(found) if found else None


def changes_of(
    path: Path, plan: Plan, frame: Frame, lines: Lines, known: Sequence[str]
) -> tuple[str, ...]:
    """What a book sets otherwise than the shipped numbers of a plan: texts for ``param``, each of
    them checked.

    Raises
    ------
    UsageError
        for a book without the plan.
    DataError
        for a plan or number that is none, or a number outside what its unit allows, with its row.
    """
    for name, own in lines.items():
        if name not in known:
            where = next(iter(own.values())).where if own else f"[{name}]"
            raise DataError(
                "is not a plan",
                file=path,
                row=where,
                value=name,
                cure=f"write one of: {', '.join(known)}",
            )
    parts = [part for part in plan.parts() if part.book in lines]
    if not parts:
        wanted = " or ".join(part.book for part in plan.parts())
        raise UsageError(f"{path}: has no number of {wanted}; it has those of: {', '.join(lines)}")
    texts: list[str] = []
    for part in parts:
        changed = _changes_of_part(path, part, frame, lines[part.book])
        texts += [plan.name_of(part, text) for text in changed]
    return tuple(texts)


def _changes_of_part(
    path: Path, plan: Plan, frame: Frame, lines: Mapping[str, BookLine]
) -> list[str]:
    """Return the texts of one plan's lines that differ from its shipped numbers."""
    shipped = plan.but(param=()).numbers(frame)
    texts = []
    for name, line in lines.items():
        _refuse_value_outside_its_ends(path, line, shipped.get(name))
        text = _text(name, line, shipped.get(name))
        if text:
            try:
                with_user(shipped, [text])
            except UsageError as e:
                said = str(e).removeprefix("`param` ")
                column = _column(path, line.where, "value" if name in shipped else "name")
                raise DataError(said, file=path, row=line.where, column=column) from None
            texts.append(text)
    return texts


def _refuse_value_outside_its_ends(path: Path, line: BookLine, shipped: Assumption | None) -> None:
    """Refuse a value outside low and high if the user wrote one of the two.

    With the shipped ends it fixes the number, as any value does that is changed alone.

    Raises
    ------
    DataError
        naming the cell of the value.
    """
    if line.low <= line.value <= line.high or (shipped and _has_ends_of(line, shipped)):
        return
    raise DataError(
        f"is not between low {line.low:g} and high {line.high:g}",
        file=path,
        row=line.where,
        column=_column(path, line.where, "value"),
        value=line.value,
        cure="write low <= value <= high, or to fix the number the value in all three",
    )


def _has_ends_of(line: BookLine, shipped: Assumption) -> bool:
    """Return whether low and high are those of the shipped number."""
    return _is_same(line.low, shipped.low) and _is_same(line.high, shipped.high)


def _is_same(one: float, other: float) -> bool:
    """Return whether two numbers agree to the fifteen digits that a workbook keeps."""
    return math.isclose(one, other, rel_tol=1e-9)


def _text(name: str, line: BookLine, assumption: Assumption | None) -> str:
    """``name=value`` or ``name=low:value:high`` of a line that differs; blank where it does not."""
    if assumption is None:
        return f"{name}={line.value!r}"
    if _has_ends_of(line, assumption):
        is_unchanged = _is_same(line.value, assumption.value)
        return "" if is_unchanged else f"{name}={line.value!r}"
    if line.low == line.high:
        return f"{name}={line.value!r}"
    return f"{name}={line.low!r}:{line.value!r}:{line.high!r}"
