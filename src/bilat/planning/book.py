# SPDX-License-Identifier: Apache-2.0
"""The book of assumptions: every number of every plan with who says so, on what page, and its
range; xlsx or TOML.

A scenario is a copy of the book with some numbers changed. Value, low and high may be changed, and
who says so, the
page and the marking; a number that a copy leaves out keeps what the shipped book says, so that a
file of a few rows
lies over the public ones. A value changed alone fixes the number; a changed low or high is the
range of its draws.

Everything else in the workbook is for reading: those cells are locked, a hidden sheet keeps them as
they were written,
and a cell that was changed all the same is refused by its name, with the number to change instead.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bilat.document import Frame, Table
from bilat.document.native_charts import add_chart
from bilat.document.workbook import printed
from bilat.errors import DataError, UsageError, command
from bilat.files.cells import safe_cell
from bilat.files.write import atomic_write, write_text
from bilat.formats.workbook import sheet_rows, workbook
from bilat.handling import Marking, join
from bilat.planning.assumptions import Assumption, Assumptions, with_user
from bilat.planning.plans import Plan, Sum

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

#: The columns of the book; those of ``EDITED`` are read back.
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
WIDTHS = (16, 34, 12, 12, 12, 26, 50, 50, 40, 14, 18, 14, 12, 40)
#: Widths of the columns of other sheets, in letters: of numbers, and of words.
COUNT_WIDE = 12
TEXT_WIDE = 40
#: Numbers from here on are years.
FIRST_YEAR = 1900
EDITED = ("value", "low", "high", "who says so", "page", "marking")
#: The sheet that is read back, the hidden one that keeps what was written, and the count of
#: standings.
MAIN = "Assumptions"
WRITTEN = "As written"
STANDINGS = "Standing"
#: Markings offered in a list; a longer one may be typed.
MARKINGS = "TLP:CLEAR,TLP:GREEN,TLP:AMBER,TLP:AMBER+STRICT,TLP:RED"
#: What a cell or a TOML key may hold.
Given = str | float | int | bool | None


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


def page_of(assumption: Assumption) -> str:
    """Where the figures behind a number stand: the rows of the record, each with its figure, or the
    page of a number that has none.
    """
    return "; ".join(f"{key}: {figure}" for key, figure in assumption.rows) or assumption.page


def write_book(plans: Sequence[Plan], frame: Frame, path: Path) -> None:
    """Write the numbers of some plans as .xlsx or .toml, whole or not at all.

    Raises
    ------
    UsageError
        for another ending, or a file that is there already: it may hold a scenario.
    """
    if path.suffix not in (".toml", ".xlsx"):
        raise UsageError(f"{path}: a book of assumptions ends in .xlsx or .toml")
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
                    kept.append((sheet.title, cell.coordinate, _as_text(cell.value)))
    hidden = book.create_sheet(WRITTEN)
    hidden.append(["sheet", "cell", "value"])
    for line in kept:
        hidden.append([safe_cell(x) for x in line])
    hidden.sheet_state = "veryHidden"


def _as_text(value: object) -> str:
    """Return a cell as text, a number by fifteen digits, as spreadsheets keep it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{float(value):.15g}"


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
        raise UsageError(f"{path}: a book of assumptions ends in .xlsx or .toml")
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
        _refuse_edits(path)
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


def _refuse_edits(path: Path) -> None:
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
            f"{_letter(at)}{n}": _as_text(value).removeprefix("'")
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
            place = f"{_letter(at)}{number}"
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
            place = f"{_letter(at)}{number}"
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
    return _as_text(cell).removeprefix("'")


def _instead(title: str) -> str:
    if title.endswith("beliefs"):
        return "the name of a publisher's number there stands in the row of this cell"
    if title.endswith("others"):
        return "what others published is shown for comparison, and no plan reads it"
    return "formulas follow it"


def _letter(at: int) -> str:
    """Return the letters of a column, counted from 0."""
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(at + 1))


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
    return f"{column}, cell {_letter(COLUMNS.index(column))}{where.removeprefix('row ')}"


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
