# SPDX-License-Identifier: Apache-2.0
"""A document as a workbook: what it says on the first sheet, then a sheet for each table, one page wide in print."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from bilat.document.blocks import (
    Block,
    Cell,
    Document,
    Facts,
    Figure,
    Finding,
    Next,
    Rows,
    Say,
    Section,
    Series,
    Table,
)
from bilat.document.text import as_table
from bilat.document.words import cell, figure_text
from bilat.files.cells import safe_cell as safe
from bilat.files.write import atomic_write

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

#: Letters of a sheet's name; Excel takes 31, of which the last tell sheets of one name apart.
LONGEST_NAME = 28

_FORMATS = {"%": "0.0%", "money": "#,##0", "usd": "$#,##0", "": "General"}


def write_workbook(document: Document, path: Path) -> None:
    """Write the document as .xlsx, whole or not at all.

    Raises
    ------
    DataError
        if the file cannot be written; what was there is then as it was.
    """
    from openpyxl import Workbook

    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "Answer"
    for line in ([document.title], *([s] for s in document.summary)):
        first.append([safe(x) for x in line])
    _fill(book, first, document.blocks)
    if document.marking:
        first.append([safe(str(document.marking))])
    for s in document.sources:
        first.append([safe(f"Source: {s.citation} [{s.grade}], {s.licence} {s.url}")])
    first.column_dimensions["A"].width = 110
    printed(first)
    with atomic_write(path) as temporary:
        book.save(temporary)


def _fill(book: Workbook, sheet: Worksheet, blocks: tuple[Block, ...]) -> None:
    """Words go to the first sheet, each table to a sheet of its own."""
    for b in blocks:
        if isinstance(b, Section):
            sheet.append([safe(b.title)])
            _fill(book, sheet, b.blocks)
        elif isinstance(b, Say):
            sheet.append([safe(b.text)])
        elif isinstance(b, Finding):
            figures = " → ".join(figure_text(f) for f in (b.then, b.now) if f)
            sheet.append(
                [safe(" ".join(x for x in (b.topic, b.sentence, figures, b.so_what) if x))]
            )
        elif isinstance(b, Facts):
            for name, value in b.facts:
                sheet.append([safe(f"{name}: {cell(value)}")])
        elif isinstance(b, Next):
            sheet.append([safe(b.words)])
        elif isinstance(b, Table | Rows | Series):
            _sheet(book, b.title or "Table", as_table(b))


def _sheet(book: Workbook, title: str, table: Table) -> None:
    from openpyxl.styles import Alignment, Font

    plain = re.sub(r"[][*?:/\\]", " ", title)
    words = textwrap.shorten(plain, LONGEST_NAME, placeholder="")
    sheet = book.create_sheet(words or plain.strip()[:LONGEST_NAME] or "Table")
    sheet.append([safe(c.name) for c in table.columns])
    for one in sheet[1]:
        one.font = Font(bold=True)
    for row in table.rows:
        sheet.append([_value(v) for v in row])
    widths = []
    for i, column in enumerate(table.columns, 1):
        texts = [len(cell(r[i - 1], column)) for r in table.rows[:200]]
        widths.append(min(60, max([len(column.name), *texts]) + 2))
        letter = sheet.cell(1, i).column_letter
        sheet.column_dimensions[letter].width = widths[-1]
        form = _FORMATS.get(
            column.form, column.form.replace(",.", "#,##0.") if column.form else "General"
        )
        for (one,) in sheet.iter_rows(min_row=2, min_col=i, max_col=i):
            if isinstance(one.value, int | float):
                one.number_format = form if re.fullmatch(r"[#,0.%]+|General", form) else "General"
            else:
                one.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    if table.rows:
        sheet.auto_filter.ref = sheet.dimensions
    printed(sheet)


def printed(sheet: Worksheet) -> None:
    """One page wide, the headings on every page."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"


def _value(value: Cell) -> object:
    if isinstance(value, Figure):
        return (
            value.value if value.value is not None and not value.text else safe(figure_text(value))
        )
    return safe(value) if isinstance(value, str) else value
