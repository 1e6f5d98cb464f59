# SPDX-License-Identifier: Apache-2.0
"""The workbook of a screening: every name of the user's file with its columns and what was found, alerts first; then
all candidates, the lists with their ages, how to read it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from bilat.errors import DataError
from bilat.files.cells import safe_cell
from bilat.parties.lists.effects import gravest_first, meaning
from bilat.parties.match.chance import BANDS
from bilat.parties.run.rows import COLUMNS, MARKED
from bilat.parties.run.sheets import Sheets, effect_line, flat

#: Rows that one worksheet can hold.
SHEET_ROWS = 1_048_575
#: What stands beside the user's own columns, with widths.
ANSWER = {
    "result": 13, "agreement": 11, "who else has the name": 18, "listed party": 34, "effect, since, list": 46,
    "chance listed": 11, "why": 22, "states": 10, "decision": 13, "decided because": 26, "entry": 14,
}  # fmt: skip
_SHADES = {"match": "F8CBAD", "likely": "FFE699", "possible": "FFF2CC", "unlikely": "EDEDED"}
_HEAD = PatternFill("solid", start_color="1F3864")
_ORDER = (*(band for band, _ in BANDS), "")
_DECIDED = "decided"


def _cell(sheet: Any, value: Any) -> Any:
    safe = safe_cell(value)
    cell = WriteOnlyCell(sheet, value=safe)
    if isinstance(safe, str):
        cell.data_type = "s"  # a text, whatever it begins with
    return cell


def _header(sheet: Any, names: Iterable[str], widths: Iterable[int]) -> None:
    """A frozen header; in print it stands on each page, and all columns on one page's width."""
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    for n, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(n)].width = width
    cells = []
    for name in names:
        cell = _cell(sheet, name.replace("_", " "))
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cells.append(cell)
    sheet.append(cells)


def write_workbook(
    names: Callable[[], Iterator[dict[str, Any]]], path: Path, name: str, sheets: Sheets
) -> None:
    """Write the workbook; ``names`` gives each name of the file with its ``cells``, ``rows`` and what was ``folded``.

    Raises
    ------
    DataError
        where there are more rows than a worksheet holds.
    """
    book = Workbook(write_only=True)
    first, every = book.create_sheet("names"), book.create_sheet("all candidates")
    lists, how = book.create_sheet("lists"), book.create_sheet("how to read it")
    mark = {MARKED: 26} if sheets.marking else {}
    own = sheets.columns or ("name",)
    _header(first, (*own, *ANSWER, *mark), (*(18 for _ in own), *ANSWER.values(), *mark.values()))
    total = 0
    for band in _ORDER:  # alerts first, each band in the order of the file
        for found in names():
            best = found["rows"][0]["band"] if found["rows"] else ""
            if best == band:
                total += 1
                _limit(total, name)
                first.append(_name(first, found, len(own), sheets))
    column = get_column_letter(len(own) + [*ANSWER].index("decision") + 1)
    choice = DataValidation(
        type="list", formula1='"true,false,unresolved"', allow_blank=True, showErrorMessage=False
    )
    choice.add(f"{column}2:{column}{max(total, 1) + 1}")
    first.data_validations.append(choice)
    first.auto_filter.ref = f"A1:{get_column_letter(len(own) + len(ANSWER) + len(mark))}{max(total, 1) + 1}"
    whole = (*COLUMNS, *mark)
    _header(every, whole, (16 for _ in whole))
    count = 0
    for row in (row for found in names() for row in found["rows"]):
        count += 1
        _limit(count, name)
        cells = flat(row)
        every.append([_cell(every, cells[c]) for c in whole])
    every.auto_filter.ref = f"A1:{get_column_letter(len(whole))}{max(count, 1) + 1}"
    _lines(lists, (sheets.age, "", *sheets.lists))
    _lines(how, _how(sheets))
    book.save(path)


def _limit(rows: int, name: str) -> None:
    if rows > SHEET_ROWS - 1:
        raise DataError(f"{name}: more rows than a worksheet holds ({SHEET_ROWS}); write .csv or .parquet")


def _name(sheet: Any, found: dict[str, Any], own: int, sheets: Sheets) -> list[Any]:
    """One name of the file: its own cells, then what was found of its surest party."""
    rows, folded = found["rows"], found["folded"]
    cells = [_cell(sheet, c) for c in [*found["cells"], *[""] * own][:own]]
    if rows:
        row = rows[0]
        decided = next((f["says"] for f in row["flags"] if f["flag"].startswith(_DECIDED)), "")
        more = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
        values = [
            row["band"], row["agreement"], row["bearers_says"], row["name"] + more,
            "; ".join(map(effect_line, row["effects"])), row["listed"], row["matched_by"],
            "; ".join(row["countries"]), decided.split(" ")[0], decided, row["party"],
        ]  # fmt: skip
    elif folded:
        values = ["cleared", "", "", folded[0]["name"], "", None, "", "", "false", folded[0]["says"],
                  folded[0]["party"]]  # fmt: skip
    else:
        named = any(c.isalnum() for c in found["query"])
        said = (
            f"nothing found; {sheets.age.partition(',')[0]}" if named else "not screened: no name in this row"
        )
        values = [said, *[""] * (len(ANSWER) - 1)]
    answer = [_cell(sheet, v) for v in values]
    answer[0].font = Font(bold=bool(rows))
    if rows:
        answer[0].fill = PatternFill("solid", start_color=_SHADES[rows[0]["band"]])
        answer[5].number_format = "0.0%"
        if "blocked" in rows[0]["effect"]:
            answer[4].font = Font(bold=True, color="C00000")
    for cell in (*cells, *answer):
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return [*cells, *answer, *([_cell(sheet, sheets.marking)] if sheets.marking else [])]


def _lines(sheet: Any, lines: Iterable[str]) -> None:
    sheet.column_dimensions["A"].width = 110
    for line in lines:
        cell = _cell(sheet, line)
        cell.alignment = Alignment(wrap_text=True)
        sheet.append([cell])


def _how(sheets: Sheets) -> Iterable[str]:
    if sheets.marking:
        yield sheets.marking
    yield from sheets.summary
    yield ""
    yield "agreement: exact (the whole name but for its legal form), short (all words in a longer listed name), near"
    yield "  (another spelling), part (a listed name within the field), number (an identity number)."
    yield "who else has the name: registered firms counted, or people by counts of names, that have the same words."
    yield "chance listed (listed): that the name is listed at all; it already counts how few names are."
    yield "probability: that this listed party is the one named; a group shares its chance among its members."
    yield "result: match, likely or possible by the chance that the name is this party's; an exact listed name is never"
    yield "  less than possible, however many others have it."
    yield "A row without a probability was found by its address alone."
    yield "effect: what the listing means in law, the gravest first, each with its own date and list:"
    for effect in gravest_first():
        yield f"  {effect}: {meaning(effect)}"
    yield "joined: why entries of several lists are one party; listings: each entry with its edition and number."
    yield "A hit is a reason to look at the publisher's entry (link); nothing here is legal advice."
    yield ""
    yield from sheets.notes
