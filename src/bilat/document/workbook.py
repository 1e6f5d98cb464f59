# SPDX-License-Identifier: Apache-2.0
"""A document as a workbook: what it says on the first sheet, then a sheet for each table, as wide as can be read."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bilat.document.blocks import (
    Block,
    Cell,
    Column,
    Document,
    Facts,
    Figure,
    Finding,
    Next,
    RangedFigure,
    Rows,
    Say,
    Section,
    Series,
    Table,
)
from bilat.document.native_charts import add_chart, chart_table, keeps_all
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
#: Letters of a column of numbers, whose heading folds.
NUMBER_WIDE = 16
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
    from openpyxl.styles import Font

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
    first["A1"].font = Font(bold=True)
    _wrap_words(first)
    printed(first)
    with atomic_write(path) as temporary:
        book.save(temporary)


def _fill(
    book: Workbook, sheet: Worksheet, blocks: tuple[Block, ...], heading: str = "Table"
) -> None:
    """Words go to the first sheet, each table to a sheet of its own, which has the table's title or
    the heading above it. A line of the first sheet leads to it."""
    from openpyxl.styles import Font

    for b in blocks:
        if isinstance(b, Section):
            sheet.append([safe(b.title)])
            sheet.cell(sheet.max_row, 1).font = Font(bold=True)
            _fill(book, sheet, b.blocks, b.title or heading)
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
            line = safe(_line_of(b, heading))
            if sheet.cell(sheet.max_row, 1).value != line:  # a heading may name its only table
                sheet.append([line])
            _link(sheet, _sheets(book, b.title or heading, b))


def _line_of(block: Table | Rows | Series, heading: str) -> str:
    """Return the line of the first sheet that stands for a table."""
    if isinstance(block, Series) and block.title:
        return f"{block.title}: {block.caption}"
    return block.title or heading


def _link(sheet: Worksheet, target: Worksheet) -> None:
    """Write a link to another sheet beside the last line of a sheet."""
    from openpyxl.worksheet.hyperlink import Hyperlink

    name = target.title
    quoted = name.replace("'", "''")
    link = sheet.cell(sheet.max_row, 2)
    link.value = name
    link.hyperlink = Hyperlink(
        ref=link.coordinate,
        location=f"'{quoted}'!A1",
    )
    link.style = "Hyperlink"


def _sheets(book: Workbook, title: str, block: Table | Rows | Series) -> Worksheet:
    """Write a table on a sheet of its own, and return the sheet.

    Of a series it holds the numbers of its chart with the chart. All that is known of its points,
    if that is more, has a second sheet.
    """
    numbers = chart_table(block) if isinstance(block, Series) else None
    if isinstance(block, Series) and numbers is not None:
        sheet = _sheet(book, title, numbers, NUMBER_WIDE)
        kind = "bar" if block.shape == "interval" else block.shape
        add_chart(sheet, title, kind, 2, len(numbers.columns) - 1, len(numbers.rows))
        if not keeps_all(block):
            _sheet(book, title, as_table(block))
        return sheet
    return _sheet(book, title, as_table(block))


def _sheet(book: Workbook, title: str, block: Table, widest: int = 60) -> Worksheet:
    """Write a table on a sheet of its own, with columns of at most so many letters."""
    from openpyxl.styles import Alignment, Font

    table = with_ends(block)
    plain = re.sub(r"[][*?:/\\]", " ", title)
    words = textwrap.shorten(plain, LONGEST_NAME, placeholder="")
    sheet = book.create_sheet(words or plain.strip()[:LONGEST_NAME] or "Table")
    sheet.append([safe(c.name) for c in table.columns])
    for one in sheet[1]:
        one.font = Font(bold=True)
        one.alignment = Alignment(wrap_text=True, vertical="bottom")
    for row in table.rows:
        sheet.append([_value(v) for v in row])
    widths = []
    for i, column in enumerate(table.columns, 1):
        texts = [len(_text(r[i - 1], column)) for r in table.rows[:200]]
        widths.append(_width(column, texts, widest))
        letter = sheet.cell(1, i).column_letter
        sheet.column_dimensions[letter].width = widths[-1]
        form = number_format(column.form)
        for (one,) in sheet.iter_rows(min_row=2, min_col=i, max_col=i):
            if isinstance(one.value, int | float):
                one.number_format = form
            else:
                one.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    if table.rows:
        sheet.auto_filter.ref = sheet.dimensions
    printed(sheet, widths)
    return sheet


def number_format(form: str) -> str:
    """Return a spreadsheet's format for a column's: ``#,##0.0`` for ``,.1f``, ``0%`` for ``.0%``.

    A form that a spreadsheet does not have, such as significant figures, is ``General``.
    """
    if form in _FORMATS:
        return _FORMATS[form]
    parts = re.fullmatch(r"(,?)\.(\d)([f%])", form)
    if parts is None:
        return "General"
    thousands, places, kind = parts.groups()
    number = "#,##0" if thousands else "0"
    if places != "0":
        number += "." + "0" * int(places)
    return number + ("%" if kind == "%" else "")


def _width(column: Column, texts: Sequence[int], widest: int) -> int:
    """Return the width of a column in letters: a heading over numbers folds."""
    heading = len(column.name)
    if column.number:
        heading = min(heading, NUMBER_WIDE)
    return min(widest, max([heading, *texts]) + 2)


def _text(value: Cell, column: Column) -> str:
    """Return a cell as the sheet shows it, to measure the width of its column."""
    if isinstance(value, RangedFigure):
        return value.text.partition(" [")[0]
    return cell(value, column)


def with_ends(table: Table) -> Table:
    """Return a table in which each column of figures with a range has the ends in columns of
    their own."""
    ranged = {
        at for row in table.rows for at, value in enumerate(row) if isinstance(value, RangedFigure)
    }
    if not ranged:
        return table
    columns: list[Column] = []
    for at, column in enumerate(table.columns):
        columns.append(column)
        if at in ranged:
            columns += [replace(column, name=f"{column.name}, {end}") for end in ("low", "high")]
    rows = tuple(
        tuple(cell for at, value in enumerate(row) for cell in _cells(value, at in ranged))
        for row in table.rows
    )
    return replace(table, columns=tuple(columns), rows=rows)


def _cells(value: Cell, has_ends: bool) -> tuple[Cell, ...]:
    """Return a cell, and for a column with ranges the two ends after it."""
    if not has_ends:
        return (value,)
    if not isinstance(value, RangedFigure):
        return value, None, None
    middle, low, high = (
        value.endless if end is None else end for end in (value.value, value.low, value.high)
    )
    return middle, low, high


def _wrap_words(sheet: Worksheet) -> None:
    """Fold the paragraphs of a sheet of words to the width of a page."""
    from openpyxl.styles import Alignment

    sheet.column_dimensions["A"].width = WORDS_WIDE
    sheet.column_dimensions["B"].width = LONGEST_NAME + 2
    for row in sheet.iter_rows():
        for one in row:
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
