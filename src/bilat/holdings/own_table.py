# SPDX-License-Identifier: Apache-2.0
"""A user's table, read from CSV (comma, semicolon or tab) or from the first sheet of a workbook.

A table with a column per year is reshaped into one with a row per year.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bilat.errors import DataError
from bilat.formats.workbook import sheet_rows, workbook

#: Marks between cells, in the order in which they are preferred.
_MARKS = ",;\t"
_WORKBOOKS = (".xlsx", ".xlsm")
#: A year at the head of a column; the World Bank writes it twice.
_YEAR_HEAD = re.compile(r"(?P<y>(?:18|19|20)\d\d)(?: \[YR(?P=y)\])?")
#: The fewest columns headed by a year in a table by years.
_LEAST_YEARS = 2
#: The most other columns in a table by years.
_MOST_OTHERS = 4
#: The column of years in a table that was reshaped.
PERIOD_HEAD = "year"
#: The column of figures in a table that was reshaped.
VALUE_HEAD = "value"


@dataclass(frozen=True)
class OwnTable:
    """A header and the rows below it, each with its number in the file."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    mark: str = ""  #: the character between cells; blank for a workbook
    by_years: bool = False  #: whether it had a column per year and was reshaped

    def column(self, head: str) -> list[tuple[int, str]]:
        """Return (row, cell) of a column."""
        at = self.header.index(head)
        return [(line, cells[at]) for line, cells in self.rows]


def read_table(path: Path) -> OwnTable:
    """Read the table of a file.

    Raises
    ------
    DataError
        for a file that cannot be read, has no rows below the header, or a row with another number
        of cells.
    """
    if path.suffix.lower() in _WORKBOOKS:
        lines = _sheet(path)
        mark = ""
    else:
        lines, mark = _text(path)
    if len(lines) < 2:
        raise DataError(
            "has no row below the header",
            file=path,
            cure="put the names of the columns in the first row",
        )
    header = tuple(lines[0][1])
    for line, cells in lines[1:]:
        if len(cells) != len(header):
            what = f"has not {len(header)} cells as the header has"
            raise DataError(what, file=path, row=line, cure="fill them in")
    repeated = next((head for head in header if header.count(head) > 1), None)
    if repeated is not None:
        what = f"two columns are called {repeated!r}"
        raise DataError(what, file=path, cure="give each column a name of its own")
    rows = tuple((line, tuple(cells)) for line, cells in lines[1:])
    return _with_row_per_year(OwnTable(header, rows, mark))


def _text(path: Path) -> tuple[list[tuple[int, list[str]]], str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            first = handle.readline()
            mark = max(_MARKS, key=first.count)
            handle.seek(0)
            reader = csv.reader(handle, strict=True, delimiter=mark)
            lines = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if row]
    except FileNotFoundError:
        raise DataError("file not found", file=path, cure="name an existing file") from None
    except (OSError, UnicodeDecodeError, csv.Error) as e:
        raise DataError(
            f"cannot be read as CSV ({e})", file=path, cure="save it as CSV in UTF-8, or as xlsx"
        ) from None
    return lines, mark


def _sheet(path: Path) -> list[tuple[int, list[str]]]:
    """Return the table of the first sheet that has a filled cell.

    Titles above the header and empty columns after its last are left out.
    """
    rows = _filled_rows(path)
    # A line with one filled cell above the table is a title, not the header.
    while rows and sum(map(bool, rows[0][1])) < 2:
        rows.pop(0)
    if not rows:
        return []
    width = _filled_width(rows[0][1])
    return [(line, _to_width(cells, width)) for line, cells in rows]


def _filled_rows(path: Path) -> list[tuple[int, list[str]]]:
    """Return the rows with a filled cell, of the first sheet that has one."""
    found = []
    first_title = ""
    with workbook(path, path) as book:
        for sheet, line, values in sheet_rows(book, path):
            cells = [_cell(value) for value in values]
            if not any(cells) or first_title not in ("", sheet.title):
                continue
            first_title = sheet.title
            found.append((line, cells))
    return found


def _filled_width(cells: Sequence[str]) -> int:
    """Return the number of cells up to the last that is filled."""
    return max((place for place, cell in enumerate(cells, start=1) if cell), default=0)


def _to_width(cells: Sequence[str], width: int) -> list[str]:
    """Return a row as wide as the header; a longer one if it is filled further, to be refused."""
    width = max(width, _filled_width(cells))
    padding = [""] * (width - len(cells))
    return [*cells[:width], *padding]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _with_row_per_year(table: OwnTable) -> OwnTable:
    """Reshape a table with a column per year; return any other table as it is."""
    years = {head: m["y"] for head in table.header if (m := _YEAR_HEAD.fullmatch(head))}
    others = [head for head in table.header if head not in years]
    is_by_years = len(years) >= _LEAST_YEARS and len(others) <= _MOST_OTHERS
    if not is_by_years or PERIOD_HEAD in others or VALUE_HEAD in others:
        return table
    header = (*others, PERIOD_HEAD, VALUE_HEAD)
    rows = tuple(_rows_per_year(table, years, others))
    return OwnTable(header, rows, table.mark, by_years=True)


def _rows_per_year(
    table: OwnTable, years: dict[str, str], others: Sequence[str]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    for line, cells in table.rows:
        row = dict(zip(table.header, cells, strict=True))
        shared = [row[head] for head in others]
        for head, year in years.items():
            yield line, (*shared, year, row[head])
