# SPDX-License-Identifier: Apache-2.0
"""A user's table as it lies in a file: CSV with any mark between cells, or a sheet of a workbook.

A table with a column for each year is turned into one with a row for each.
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
#: So many columns headed by years, and no more than so many others, make a table by years.
_LEAST_YEARS = 2
_MOST_OTHERS = 4
#: What the columns of such a table become.
PERIOD_HEAD = "year"
VALUE_HEAD = "value"


@dataclass(frozen=True)
class OwnTable:
    """A header and the rows below it, each with its number in the file."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    mark: str = ""  #: between cells; blank in a workbook
    by_years: bool = False  #: turned from a column for each year

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
    is_workbook = path.suffix.lower() in _WORKBOOKS
    lines, mark = (_sheet(path), "") if is_workbook else _text(path)
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
    twice = next((head for head in header if header.count(head) > 1), None)
    if twice is not None:
        what = f"two columns are called {twice!r}"
        raise DataError(what, file=path, cure="give each column a name of its own")
    table = OwnTable(header, tuple((line, tuple(cells)) for line, cells in lines[1:]), mark)
    return _turned(table)


def _text(path: Path) -> tuple[list[tuple[int, list[str]]], str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            first = handle.readline()
            mark = max(_MARKS, key=first.count)
            handle.seek(0)
            reader = csv.reader(handle, strict=True, delimiter=mark)
            lines = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if row]
    except (OSError, UnicodeDecodeError, csv.Error) as e:
        raise DataError(
            f"cannot be read as CSV ({e})", file=path, cure="save it as CSV in UTF-8, or as xlsx"
        ) from None
    return lines, mark


def _sheet(path: Path) -> list[tuple[int, list[str]]]:
    """Return the rows of the first sheet that has any, below the titles that stand above the
    header, without the empty columns at its end.
    """
    with workbook(path, path) as book:
        first = ""
        found = []
        for sheet, line, values in sheet_rows(book, path):
            cells = [_cell(value) for value in values]
            if not any(cells) or first not in ("", sheet.title):
                continue
            first = sheet.title
            found.append((line, cells))
    while found and sum(map(bool, found[0][1])) < 2:
        found.pop(0)
    wide = max((n for _, cells in found[:1] for n, cell in enumerate(cells, 1) if cell), default=0)
    return [(line, _as_wide(cells, wide)) for line, cells in found]


def _as_wide(cells: Sequence[str], wide: int) -> list[str]:
    """Return a row as wide as the header; what is filled beyond it stays, and is refused."""
    beyond = cells[wide:]
    return [*cells[:wide], *[""] * (wide - len(cells)), *(beyond if any(beyond) else [])]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _turned(table: OwnTable) -> OwnTable:
    """Return a table with a row for each year where it has a column for each."""
    years = {head: m["y"] for head in table.header if (m := _YEAR_HEAD.fullmatch(head))}
    others = [head for head in table.header if head not in years]
    taken = {PERIOD_HEAD, VALUE_HEAD}.intersection(others)
    if len(years) < _LEAST_YEARS or len(others) > _MOST_OTHERS or taken:
        return table
    header = (*others, PERIOD_HEAD, VALUE_HEAD)
    return OwnTable(header, tuple(_by_year(table, years, others)), table.mark, by_years=True)


def _by_year(
    table: OwnTable, years: dict[str, str], others: Sequence[str]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    for line, cells in table.rows:
        row = dict(zip(table.header, cells, strict=True))
        told = [row[head] for head in others]
        for head, year in years.items():
            yield line, (*told, year, row[head])
