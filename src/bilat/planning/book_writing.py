# SPDX-License-Identifier: Apache-2.0
"""Writing a book of assumptions as a workbook, with its sheets, lists and charts, or as TOML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bilat.document import Frame, Table
from bilat.document.native_charts import add_chart
from bilat.document.workbook import printed
from bilat.errors import UsageError
from bilat.files.cells import safe_cell
from bilat.files.write import atomic_write, write_text
from bilat.planning.assumptions import Assumption, Assumptions
from bilat.planning.book_columns import COLUMNS, EDITED, MAIN, WRITTEN, cell_text, page_of
from bilat.planning.plans import Plan, Sum

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

WIDTHS = (16, 34, 12, 12, 12, 26, 50, 50, 40, 14, 18, 14, 12, 40)
#: Widths of the columns of other sheets, in letters: of numbers, and of words.
COUNT_WIDE = 12
TEXT_WIDE = 40
#: Numbers from here on are years.
FIRST_YEAR = 1900
#: The sheet that counts the standings.
STANDINGS = "Standing"
#: Markings offered in a list; a longer one may be typed.
MARKINGS = "TLP:CLEAR,TLP:GREEN,TLP:AMBER,TLP:AMBER+STRICT,TLP:RED"


def write_book(plans: Sequence[Plan], frame: Frame, path: Path) -> None:
    """Write the numbers of some plans as .xlsx or .toml, whole or not at all.

    Raises
    ------
    UsageError
        for another ending, or a file that is there already: it may hold a scenario.
    """
    if path.suffix not in (".toml", ".xlsx"):
        raise UsageError(f"{path}: the name of a book of assumptions must end in .xlsx or .toml")
    if path.exists():
        raise UsageError(
            f"{path}: already exists and may contain numbers of yours. Name another file"
        )
    if path.suffix == ".toml":
        write_text(
            path, "\n".join(_toml(p.book, a) for p in plans for a in p.numbers(frame).values())
        )
        return
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    numbers = {p.book: p.numbers(frame) for p in plans}
    cells = _numbers_sheet(book, numbers)
    for plan in plans:
        if sums := plan.sums(frame):
            _sums_sheet(book, plan.book, sums, cells)
        for table in plan.beside(frame):
            if table.title not in book.sheetnames:
                _beside_sheet(book, table)
    _standings_sheet(book, list(numbers), sum(len(n) for n in numbers.values()))
    _lock(book)
    with atomic_write(path) as temporary:
        book.save(temporary)


def _beside_sheet(book: Workbook, table: Table) -> None:
    """Write what others say on a sheet of its own, with a chart of its numbers if they have one
    unit."""
    heads = [column.name for column in table.columns]
    widths = [COUNT_WIDE if column.number else TEXT_WIDE for column in table.columns]
    _fill(book, table.title, heads, table.rows, widths)
    drawn = [at for at, column in enumerate(table.columns, start=1) if column.number]
    if drawn:
        values = [row[at - 1] for row in table.rows for at in drawn]
        numbers = [value for value in values if isinstance(value, int | float)]
        are_years = bool(numbers) and min(numbers) >= FIRST_YEAR
        least = min(numbers) - 1 if are_years else None
        _chart(book[table.title], drawn[0], len(drawn), least)


def _toml(plan: str, a: Assumption) -> str:
    def text(value: str) -> str:
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'

    return (
        f"[{text(plan)}.{text(a.name)}]\nvalue = {float(a.value)!r}\nlow = {float(a.low)!r}\nhigh "
        f"= {float(a.high)!r}\n"
        f"unit = {text(a.unit)}\nmeaning = {text(a.meaning)}\nsource = {text(a.source)}\npage = "
        f"{text(page_of(a))}\n"
    )


def _numbers_sheet(
    book: Workbook, numbers: Mapping[str, Assumptions]
) -> dict[tuple[str, str], str]:
    """The sheet that is read back; (plan, name) -> what a formula writes for the number at its
    median.
    """
    rows = []
    cells = {}
    for plan, own in numbers.items():
        for a in own.values():
            known = a.known.isoformat() if a.known else ""
            rows.append(
                (
                    plan,
                    a.name,
                    a.value,
                    a.low,
                    a.high,
                    a.unit,
                    a.meaning,
                    a.source,
                    a.page or page_of(a),
                    "",
                    a.standing,
                    a.period,
                    known,
                    a.wanted,
                )
            )
            n = len(rows) + 1
            value = f"Assumptions!$C${n}"
            middle = f"(Assumptions!$D${n}+Assumptions!$E${n})/2"
            if a.shape != "uniform":
                middle = repr(a.of_quantile(0.5))
            cells[plan, a.name] = (
                f"IF({value}<>{a.value!r},{value},{middle})" if a.varies else value
            )
    _fill(book, MAIN, COLUMNS, rows, WIDTHS)
    _validate(book[MAIN], [a for own in numbers.values() for a in own.values()])
    return cells


def _validate(sheet: Worksheet, numbers: Sequence[Assumption]) -> None:
    """Let a spreadsheet itself refuse what the unit does not allow, and offer the markings."""
    from openpyxl.styles import Protection
    from openpyxl.worksheet.datavalidation import DataValidation

    limits: dict[tuple[float, float], DataValidation] = {}
    for n, a in enumerate(numbers, start=2):
        ends = (max(a.least, -1e15), min(a.most, 1e15))
        if ends not in limits:
            limits[ends] = DataValidation(
                type="decimal",
                operator="between",
                formula1=repr(ends[0]),
                formula2=repr(ends[1]),
                showErrorMessage=True,
                errorTitle="Not possible",
                error=f"Write a number from {ends[0]:g} to {ends[1]:g}.",
            )
        limits[ends].add(f"C{n}:E{n}")
    for rule in limits.values():
        sheet.add_data_validation(rule)
    markings = DataValidation(type="list", formula1=f'"{MARKINGS}"', allow_blank=True)
    markings.showErrorMessage = False
    sheet.add_data_validation(markings)
    column = COLUMNS.index("marking") + 1
    letter = sheet.cell(1, column).column_letter
    markings.add(f"{letter}2:{letter}{len(numbers) + 1}")
    for name in EDITED:
        at = COLUMNS.index(name) + 1
        for n in range(2, len(numbers) + 2):
            sheet.cell(n, at).protection = Protection(locked=False)
    sheet.auto_filter.ref = sheet.dimensions


def _standings_sheet(book: Workbook, plans: Sequence[str], rows: int) -> None:
    """Write how many numbers of each plan are published, derived, assumed or set by the question,
    with a chart.
    """
    kinds = ("published", "derived", "assumed", "set by the question")
    _fill(
        book, STANDINGS, ("plan", *kinds), [(p, *[0] * len(kinds)) for p in plans], (22, *[18] * 4)
    )
    sheet = book[STANDINGS]
    place = COLUMNS.index("standing") + 1
    letter = book[MAIN].cell(1, place).column_letter
    for n in range(2, len(plans) + 2):
        for at in range(2, len(kinds) + 2):
            head = sheet.cell(1, at).coordinate
            sheet.cell(n, at).value = (
                f"=COUNTIFS({MAIN}!$A$2:$A${rows + 1},$A{n},"
                f"{MAIN}!${letter}$2:${letter}${rows + 1},{head})"
            )
    _chart(sheet, 2, len(kinds))


def _chart(sheet: Worksheet, first: int, lines: int, least: float | None = None) -> None:
    """Draw some columns of a sheet as bars, named by its first column."""
    add_chart(sheet, sheet.title, "bar", first, lines, sheet.max_row - 1, least)


def _lock(book: Workbook) -> None:
    """Lock what is for reading, and keep it as it was written on a hidden sheet."""
    kept = []
    for sheet in book.worksheets:
        sheet.protection.sheet = True
        sheet.protection.formatColumns = False
        sheet.protection.autoFilter = False
        sheet.protection.sort = False
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value not in (None, "") and cell.protection.locked:
                    kept.append((sheet.title, cell.coordinate, cell_text(cell.value)))
    hidden = book.create_sheet(WRITTEN)
    hidden.append(["sheet", "cell", "value"])
    for line in kept:
        hidden.append([safe_cell(x) for x in line])
    hidden.sheet_state = "veryHidden"


def _fill(
    book: Workbook,
    title: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[object]],
    widths: Sequence[int],
) -> None:
    from openpyxl.styles import Alignment, Font

    sheet = book.create_sheet(title[:31])
    sheet.append([safe_cell(h) for h in heads])
    for row in rows:
        sheet.append([safe_cell(x) for x in row])
    for i, width in enumerate(widths, 1):
        sheet.cell(1, i).font = Font(bold=True)
        sheet.column_dimensions[sheet.cell(1, i).column_letter].width = width
    for row_of_cells in sheet.iter_rows():
        for cell in row_of_cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "C2" if len(widths) > 8 else "A2"
    printed(sheet, widths)


def _sums_sheet(
    book: Workbook, plan: str, sums: Sequence[Sum], cells: Mapping[tuple[str, str], str]
) -> None:
    """The plan's arithmetic as formulas over the first sheet, each number at the middle of its
    range.
    """
    place = {s.key: f"$B${n}" for n, s in enumerate(sums, start=2)}
    rows = [
        (s.label, s.value if isinstance(s.value, float) else 0.0, s.unit, s.source) for s in sums
    ]
    _fill(book, plan, ("what", "value", "unit", "from"), rows, (60, 16, 30, 60))
    for n, s in enumerate(sums, start=2):
        if isinstance(s.value, str):
            named = re.sub(r"\{(\w+)\}", lambda m: cells[plan, m.group(1)], s.value)
            book[plan].cell(n, 2).value = "=" + re.sub(
                r"\[(\w+)\]", lambda m: place[m.group(1)], named
            )
