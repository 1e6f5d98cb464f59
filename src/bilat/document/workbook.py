# SPDX-License-Identifier: Apache-2.0
"""A document as a workbook: what it says on the first sheet, then a sheet for each table, as wide as can be read."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Sequence
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
#: Excel's number of the paper, its margins in inches, and the letters that one page can hold: about
#: seven tenths of the size on the screen.
A4 = 9
MARGIN = 0.4
PAGE_WIDE = 210
#: Letters of a line of a sheet of words.
WORDS_WIDE = 110

_FORMATS = {"%": "0.0%", "eur": '"€"#,##0', "usd": '"$"#,##0', "": "General"}


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
    _wrap_words(first)
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
        form = _FORMATS.get(column.form) or column.form.replace(",.", "#,##0.")
        known = column.form in _FORMATS or re.fullmatch(r"[#,0.%]+", form)
        for (one,) in sheet.iter_rows(min_row=2, min_col=i, max_col=i):
            if isinstance(one.value, int | float):
                one.number_format = form if known else "General"
            else:
                one.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    if table.rows:
        sheet.auto_filter.ref = sheet.dimensions
    printed(sheet, widths)


def _wrap_words(sheet: Worksheet) -> None:
    """Fold the paragraphs of a sheet of words to the width of a page."""
    from openpyxl.styles import Alignment

    sheet.column_dimensions["A"].width = WORDS_WIDE
    for (one,) in sheet.iter_rows(max_col=1):
        one.alignment = Alignment(wrap_text=True, vertical="top")


def printed(sheet: Worksheet, widths: Sequence[float] = ()) -> None:
    """Set a sheet up for A4, so that its smallest print can be read.

    Parameters
    ----------
    widths
        of the columns, in letters. Columns that would be too small on one page go to further
        pages; each page repeats the headings and the first column.
    """
    pages = max(1, math.ceil(sum(widths) / PAGE_WIDE))
    setup = sheet.page_setup
    setup.orientation = "landscape"
    setup.paperSize = A4
    setup.fitToWidth = pages
    setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = MARGIN
    sheet.page_margins.top = MARGIN
    sheet.page_margins.bottom = 2 * MARGIN
    sheet.oddFooter.center.text = "&A, page &P of &N"
    sheet.print_title_rows = "1:1"
    if pages > 1:
        sheet.print_title_cols = "A:A"


def _value(value: Cell) -> object:
    if isinstance(value, Figure):
        return (
            value.value if value.value is not None and not value.text else safe(figure_text(value))
        )
    return safe(value) if isinstance(value, str) else value
