# SPDX-License-Identifier: Apache-2.0
"""The workbook of a screening: alerts, all candidates, the lists with their ages, how to read it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from bilat.errors import DataError
from bilat.files.cells import safe_cell
from bilat.parties.lists.effects import gravest_first, meaning
from bilat.parties.run.rows import COLUMNS, MARKED
from bilat.parties.run.sheets import Sheets, flat

#: Rows that one worksheet can hold.
SHEET_ROWS = 1_048_575
#: Columns of the sheet of alerts with their widths.
ALERTS = {
    "query_id": 12, "query": 38, "band": 10, "listed": 9, "probability": 11, "effect": 22,
    "name": 38, "name_matched": 34,
    "matched_by": 22, "list": 24, "programme": 26, "listed_on": 14, "countries": 12, "born": 14, "flags": 60,
    "aliases": 40, "party": 14, "link": 44,
}  # fmt: skip
_SHADES = {"match": "F8CBAD", "likely": "FFE699", "possible": "FFF2CC", "unlikely": "EDEDED"}
_HEAD = PatternFill("solid", start_color="1F3864")


def _cell(sheet: Any, value: Any) -> Any:
    safe = safe_cell(value)
    cell = WriteOnlyCell(sheet, value=safe)
    if isinstance(safe, str):
        cell.data_type = "s"  # a text, whatever it begins with
    return cell


def _header(sheet: Any, names: Iterable[str], widths: Iterable[int]) -> None:
    sheet.freeze_panes = "A2"
    for n, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(n)].width = width
    cells = []
    for name in names:
        cell = _cell(sheet, name.replace("_", " "))
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _HEAD
        cells.append(cell)
    sheet.append(cells)


def write_workbook(rows: Iterable[dict[str, Any]], path: Path, name: str, sheets: Sheets) -> None:
    """Write the workbook.

    Raises
    ------
    DataError
        where there are more rows than a worksheet holds.
    """
    book = Workbook(write_only=True)
    alerts, every = book.create_sheet("alerts"), book.create_sheet("all candidates")
    lists, how = book.create_sheet("lists"), book.create_sheet("how to read it")
    mark = {MARKED: 26} if sheets.marking else {}
    first, whole = {**ALERTS, **mark}, (*COLUMNS, *mark)
    _header(alerts, first, first.values())
    _header(every, whole, (16 for _ in whole))
    count = 0
    for row in rows:
        count += 1
        if count > SHEET_ROWS - 1:
            raise DataError(
                f"{name}: more rows than a worksheet holds ({SHEET_ROWS}); write .csv or .parquet"
            )
        cells = flat(row)
        every.append([_cell(every, cells[c]) for c in whole])
        if row["band"] != "unlikely" or "written_as_listed" in {f["flag"] for f in row["flags"]}:
            alerts.append([_alert(alerts, c, cells, row) for c in first])
    alerts.auto_filter.ref = f"A1:{get_column_letter(len(first))}{max(count, 1) + 1}"
    every.auto_filter.ref = f"A1:{get_column_letter(len(whole))}{max(count, 1) + 1}"
    _lines(lists, (sheets.age, "", *sheets.lists))
    _lines(how, _how(sheets))
    book.save(path)


def _alert(sheet: Any, column: str, cells: dict[str, Any], row: dict[str, Any]) -> Any:
    cell = _cell(sheet, cells[column])
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if column == "band":
        cell.fill = PatternFill("solid", start_color=_SHADES[row["band"]])
        cell.font = Font(bold=True)
    if column in ("listed", "probability"):
        cell.number_format = "0.0%"
    if column == "effect" and "blocked" in row["effect"]:
        cell.font = Font(bold=True, color="C00000")
    return cell


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
    yield "listed: the chance that the name is listed at all; it already counts how few names are."
    yield "probability: the chance that this listed party is the one named; over all parties it adds up to listed."
    yield "Where a field names two parties, or a number is one party's and the name another's: each is judged apart."
    yield "band: of listed for a name's likeliest party, of probability for the others. A whole name written as "
    yield "  listed, or its short form, always comes out, unless a number, a birth or a state speaks against it (flag "
    yield "  written_as_listed)."
    yield "A row without a probability was found by its address alone."
    yield "effect: what the listing means in law, the gravest first:"
    for effect in gravest_first():
        yield f"  {effect}: {meaning(effect)}"
    yield "joined: why entries of several lists are one party; listings: each entry with its edition and number."
    yield "A hit is a reason to look at the publisher's entry (link); nothing here is legal advice."
    yield ""
    yield from sheets.notes
