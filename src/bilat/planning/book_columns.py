# SPDX-License-Identifier: Apache-2.0
"""The columns and sheets of a book of assumptions, and how its cells are told as text."""

from __future__ import annotations

from bilat.planning.assumptions import Assumption

#: The columns of the book; those of :data:`EDITED` are read back.
COLUMNS = (
    "plan",
    "name",
    "value",
    "low",
    "high",
    "unit",
    "meaning",
    "who says so",
    "page",
    "marking",
    "standing",
    "of",
    "public on",
    "to know it",
)
EDITED = ("value", "low", "high", "who says so", "page", "marking")
#: The sheet that is read back, and the hidden one that keeps what was written.
MAIN = "Assumptions"
WRITTEN = "As written"
#: What a cell or a TOML key may hold.
Given = str | float | int | bool | None


def page_of(assumption: Assumption) -> str:
    """Where the figures behind a number stand: the rows of the record, each with its figure, or the
    page of a number that has none.
    """
    return "; ".join(f"{key}: {figure}" for key, figure in assumption.rows) or assumption.page


def cell_text(value: object) -> str:
    """Return a cell as text, a number by fifteen digits, as spreadsheets keep it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{float(value):.15g}"


def column_letter(at: int) -> str:
    """Return the letters of a column, counted from 0."""
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(at + 1))
