# SPDX-License-Identifier: Apache-2.0
"""Refusing edits of a workbook's cells that are for reading, by the sheet as it was written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from bilat.errors import DataError
from bilat.formats.workbook import sheet_rows, workbook
from bilat.planning.book_columns import (
    COLUMNS,
    EDITED,
    MAIN,
    WRITTEN,
    Given,
    cell_text,
    column_letter,
)


def refuse_edits(path: Path) -> None:
    """Refuse a cell that was changed where nothing is read back.

    Raises
    ------
    DataError
        naming sheet and cell, and what to change instead.
    """
    with workbook(path, path, formulas=True) as book:
        sheets: dict[str, list[tuple[Given, ...]]] = {sheet.title: [] for sheet in book.worksheets}
        for sheet, _, row in sheet_rows(book, path):
            sheets[sheet.title].append(row)
    before: dict[str, dict[str, str]] = {}
    for line in sheets.pop(WRITTEN)[1:]:
        title, cell, text = (str(x or "") for x in (*line, "", "")[:3])
        before.setdefault(title, {})[cell] = text.removeprefix("'")
    for title, rows in sheets.items():
        if title not in before:
            raise DataError(
                f"sheet {title!r} is not read",
                file=path,
                cure=f"put its numbers on the sheet {MAIN}, and delete it",
            )
        if title == MAIN:
            _refuse_edits_of_numbers(path, rows, before[title])
            continue
        said = {
            f"{column_letter(at)}{n}": cell_text(value).removeprefix("'")
            for n, row in enumerate(rows, start=1)
            for at, value in enumerate(row)
            if value not in (None, "")
        }
        for place in sorted({*said, *before[title]}):
            now = _as_saved(said.get(place, ""))
            if now != _as_saved(before[title].get(place, "")):
                raise DataError(
                    f"sheet {title!r}, cell {place}: this sheet is for reading, and the cell was "
                    "changed",
                    file=path,
                    value=said.get(place, ""),
                    cure=f"change the number on the sheet {MAIN}; {_instead(title)}",
                )


#: A number in a formula, not part of a cell's address or a name.
_LITERAL = re.compile(r"(?<![\w$.])\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


def _as_saved(text: str) -> str:
    """Return a formula with its numbers to twelve digits, and any other text as it is.

    Spreadsheets write the numbers of formulas anew when they save: ``1300`` for ``1300.0``.
    """
    if not text.startswith("="):
        return text
    return _LITERAL.sub(lambda found: f"{float(found[0]):.12g}", text).replace(" ", "")


def _refuse_edits_of_numbers(
    path: Path,
    rows: Sequence[Sequence[Given]],
    before: Mapping[str, str],
) -> None:
    """Refuse a cell of the sheet of numbers that was changed in a column that is not read back.

    Rows may be left out or moved: each is found by its plan and name.
    """
    written = _written_rows(before)
    head = [str(c or "").strip() for c in rows[0]]
    seen: set[tuple[str, str]] = set()
    for number, cells in enumerate(rows[1:], start=2):
        texts = [_plain_text(c) for c in cells]
        now = dict(zip(head, texts, strict=False))
        key = (
            now.get("plan", ""),
            now.get("name", ""),
        )
        was = written.get(key)
        if was is None or key in seen:  # an unknown name, or one twice: refused as that
            continue
        seen.add(key)
        for at, column in enumerate(head):
            if column in EDITED or column not in COLUMNS:
                continue
            given = now.get(column, "")
            if given == was[column]:
                continue
            place = f"{column_letter(at)}{number}"
            raise DataError(
                f"cell {place}, column {column!r}: this column is for reading, and the cell was "
                "changed",
                file=path,
                value=given,
                cure=f"change {', '.join(EDITED[:-1])} or {EDITED[-1]}",
            )


def _written_rows(before: Mapping[str, str]) -> dict[tuple[str, str], dict[str, str]]:
    """Return the rows of the sheet of numbers as they were written, by plan and name."""
    found = {}
    number = 2
    while f"A{number}" in before:
        line = {}
        for at, column in enumerate(COLUMNS):
            place = f"{column_letter(at)}{number}"
            line[column] = before.get(place, "")
        key = (
            line["plan"],
            line["name"],
        )
        found[key] = line
        number += 1
    return found


def _plain_text(cell: Given) -> str:
    """Return a cell as text, without the mark that keeps a text from being a formula."""
    if cell is None:
        return ""
    return cell_text(cell).removeprefix("'")


def _instead(title: str) -> str:
    if title.endswith("beliefs"):
        return "the name of a publisher's number there stands in the row of this cell"
    if title.endswith("others"):
        return "what others published is shown for comparison, and no plan reads it"
    return "formulas follow it"
