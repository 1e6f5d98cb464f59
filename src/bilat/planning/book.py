# SPDX-License-Identifier: Apache-2.0
"""The book of assumptions: every number of every plan with who says so, on what page, and its range; xlsx or TOML.

A scenario is a copy of the book with some numbers changed. Value, low and high may be changed, and who says so; a
number that a copy leaves out keeps what the shipped book says. A value changed alone fixes the number; a changed low
or high is the range of its draws.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bilat.document import Frame
from bilat.errors import DataError, UsageError, command
from bilat.files.cells import safe_cell
from bilat.files.write import write_text, written
from bilat.formats.workbook import sheet_rows, workbook
from bilat.planning.assumptions import Assumption, Assumptions, with_user
from bilat.planning.plans import Plan, Sum

if TYPE_CHECKING:
    from openpyxl import Workbook

#: The columns of the book; value, low, high, "who says so" and page are read back.
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
    "assumed",
    "public on",
)
WIDTHS = (16, 34, 12, 12, 12, 26, 50, 50, 40, 10, 12)
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


#: Plan -> name -> its line.
Lines = Mapping[str, Mapping[str, BookLine]]


def page_of(a: Assumption) -> str:
    """Where the figures behind a number stand: the rows of the record, each with its figure."""
    return "; ".join(f"{key}: {figure}" for key, figure in a.rows)


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
            f"{path}: is there already and may hold numbers of yours; name another file"
        )
    if path.suffix == ".toml":
        write_text(
            path, "\n".join(_toml(p.book, a) for p in plans for a in p.numbers(frame).values())
        )
        return
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    cells = _numbers_sheet(book, {p.book: p.numbers(frame) for p in plans})
    for plan in plans:
        if sums := plan.sums(frame):
            _sums_sheet(book, plan.book, sums, cells)
        for table in plan.beside(frame):
            _fill(
                book,
                table.title,
                [c.name for c in table.columns],
                table.rows,
                (40,) * len(table.columns),
            )
    with written(path) as temporary:
        book.save(temporary)


def _toml(plan: str, a: Assumption) -> str:
    def text(value: str) -> str:
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'

    return (
        f"[{text(plan)}.{text(a.name)}]\nvalue = {float(a.value)!r}\nlow = {float(a.low)!r}\nhigh = {float(a.high)!r}\n"
        f"unit = {text(a.unit)}\nmeaning = {text(a.meaning)}\nsource = {text(a.source)}\npage = {text(page_of(a))}\n"
    )


def _numbers_sheet(
    book: Workbook, numbers: Mapping[str, Assumptions]
) -> dict[tuple[str, str], str]:
    """The sheet that is read back; (plan, name) -> what a formula writes for the number at its median."""
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
                    page_of(a),
                    "assumed" if a.assumed else "",
                    known,
                )
            )
            n = len(rows) + 1
            value = f"Assumptions!$C${n}"
            middle = f"(Assumptions!$D${n}+Assumptions!$E${n})/2"
            drawn = a.varies and a.shape == "uniform"
            cells[plan, a.name] = f"IF({value}<>{a.value!r},{value},{middle})" if drawn else value
    _fill(book, "Assumptions", COLUMNS, rows, WIDTHS)
    return cells


def _fill(
    book: Workbook,
    title: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[object]],
    widths: Sequence[int],
) -> None:
    from openpyxl.styles import Font

    sheet = book.create_sheet(title[:31])
    sheet.append([safe_cell(h) for h in heads])
    for row in rows:
        sheet.append([safe_cell(x) for x in row])
    for i, width in enumerate(widths, 1):
        sheet.cell(1, i).font = Font(bold=True)
        sheet.column_dimensions[sheet.cell(1, i).column_letter].width = width
    sheet.freeze_panes = "C2" if len(widths) > 8 else "A2"


def _sums_sheet(
    book: Workbook, plan: str, sums: Sequence[Sum], cells: Mapping[tuple[str, str], str]
) -> None:
    """The plan's arithmetic as formulas over the first sheet, each number at the middle of its range."""
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
            f"{path}: there is no such book; write one with: {command('plan', 'book', str(path))}"
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
                f"stands twice, first in {first}", file=path, row=where, value=name, cure="keep one"
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
        own = "Assumptions" if "Assumptions" in book.sheetnames else book.sheetnames[0]
        rows = [row for sheet, _, row in sheet_rows(book, path) if sheet.title == own]
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
                "is no number",
                file=path,
                row=where,
                column=column,
                value=value if value is not None else "",
                cure="write a number, or leave the whole row out",
            )
        made.append(float(value))
    value, low, high = made
    if low > high:
        raise DataError(
            f"is above high {high:g}",
            file=path,
            row=where,
            column="low",
            value=low,
            cure="exchange low and high",
        )
    if not low <= value <= high:
        raise DataError(
            f"is not between low {low:g} and high {high:g}",
            file=path,
            row=where,
            column="value",
            value=value,
            cure="write low <= value <= high",
        )
    source, page = (str(own.get(c) or "").removeprefix("'") for c in ("who says so", "page"))
    return BookLine(where, value, low, high, str(own.get("source") or source), page)


def changes_of(
    path: Path, plan: Plan, frame: Frame, lines: Lines, known: Sequence[str]
) -> tuple[str, ...]:
    """What a book sets otherwise than the shipped numbers of a plan: texts for ``param``, each of them checked.

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
                "is no plan",
                file=path,
                row=where,
                value=name,
                cure=f"write one of: {', '.join(known)}",
            )
    if plan.book not in lines:
        raise UsageError(
            f"{path}: has no number of {plan.book}; it has those of: {', '.join(lines)}"
        )
    shipped = plan.but(param=()).numbers(frame)
    texts = []
    for name, line in lines[plan.book].items():
        text = _text(name, line, shipped.get(name))
        if text:
            try:
                with_user(shipped, [text])
            except UsageError as e:
                said = str(e).removeprefix("`param` ")
                raise DataError(said, file=path, row=line.where) from None
            texts.append(text)
    return tuple(texts)


def _text(name: str, line: BookLine, a: Assumption | None) -> str:
    """``name=value`` or ``name=low:value:high`` of a line that differs; blank where it does not."""
    if a is None:
        return f"{name}={line.value!r}"
    same = [
        math.isclose(x, y, rel_tol=1e-9)
        for x, y in zip((line.value, line.low, line.high), (a.value, a.low, a.high), strict=True)
    ]  # a workbook keeps fifteen digits
    if all(same[1:]):
        return "" if same[0] else f"{name}={line.value!r}"
    if line.low == line.high:
        return f"{name}={line.value!r}"
    return f"{name}={line.low!r}:{line.value!r}:{line.high!r}"
