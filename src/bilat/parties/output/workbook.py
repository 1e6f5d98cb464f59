# SPDX-License-Identifier: Apache-2.0
"""The workbook of a screening: what was found in every row of the user's file, with its own columns
behind it, alerts first; then each alert, the lists with their ages, how to read it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Protocol

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from bilat.document.wording import few_text
from bilat.document.workbook import PAGE_WIDE, printed
from bilat.errors import DataError
from bilat.files.cells import safe_cell
from bilat.parties.lists.effects import gravest_first, meaning
from bilat.parties.lists.entries import Used
from bilat.parties.match.chance import BANDS, band_in_words
from bilat.parties.names.segmentation import names_nobody
from bilat.parties.screening.alerts import (
    MARKED,
    Alert,
    alert_of,
    effects_by_list,
    numbers_in_words,
)
from bilat.parties.screening.list_index import list_lines
from bilat.parties.screening.rows import CLEARED


class WorkbookRun(Protocol):
    """What a workbook says of a run as a whole."""

    columns: tuple[str, ...]
    lists: list[Used]
    day: dt.date
    notes: list[str]
    four_eyes: bool  # a party counts as another one only if two people say so

    @property
    def age(self) -> str:
        """The age of the lists, in a line."""

    def summary(self) -> list[str]:
        """The counts of names."""


#: Rows that one worksheet can hold.
SHEET_ROWS = 1_048_575
#: What stands beside the user's own columns, with widths.
ANSWER = {
    "result": 13,
    "listed party": 34,
    "effect, since, list": 46,
    "decision": 13,
    "action": 10,
    "decided by": 12,
    "decided on": 12,
    "decided because": 26,
    "agreement": 11,
    "who else has the name": 18,
    "chance listed": 11,
    "why": 22,
    "states": 10,
    "entry": 14,
}
#: What stands before it where each alert has its row.
ASKED = (("row", 6), ("reference", 14), ("role", 12), ("column", 14), ("name asked", 30))
#: Colours of a result, by its words.
_SHADES = {
    band_in_words(band): colour
    for band, colour in (
        ("match", "F8CBAD"),
        ("likely", "FFE699"),
        ("possible", "FFF2CC"),
        ("unlikely", "EDEDED"),
        (CLEARED, "E2EFDA"),
    )
}
_HEAD = PatternFill("solid", start_color="1F3864")
_ORDER = (*dict(BANDS), CLEARED, "none")
Found = Mapping[str, Any]  # a name of the file with its cells, rows and what was folded


def write_workbook(
    names: Callable[[], Iterator[Found]],
    path: Path,
    run: WorkbookRun,
    marking: str,
    labels: Sequence[str],
) -> None:
    """Write the workbook; ``names`` gives the names of the file in its order, ``labels`` are the user's columns.

    Raises
    ------
    DataError
        where there are more rows than a worksheet holds.
    """
    book = Workbook(write_only=True)
    answer = [*ANSWER.items()]
    marked = [(MARKED, 26)] if marking else []
    own = [(label, 18) for label in labels or ("name",)]
    columns = _Columns(
        references=any(found.get("reference") for found in names()),
        consignments=bool(run.columns),
        own=len(own),
    )
    heads = [*columns.before(), *answer, *columns.behind(), *own, *marked]
    of_file = (row for band in _ORDER for row in _of_file(names(), band, columns, run, marking))
    _sheet(book, "consignments", heads, len(columns.before()), of_file)
    every = (
        (
            row.get("row") or "",
            _reference(row),
            row["role"],
            row["column"],
            row["query"],
            *_answer(row, [row], [], ""),
            marking,
        )
        for found in names()
        for row in found["rows"]
    )
    _sheet(book, "alerts", [*ASKED, *answer, *marked], len(ASKED), every)
    _lines(book, "lists", list_lines(run.lists, run.day))
    _lines(
        book,
        "how to read it",
        [*filter(None, [marking]), *run.summary(), "", *_how(), "", *run.notes],
    )
    book.save(path)


def _reference(row: Found) -> str:
    """Return the user's reference of an alert; '' where it has the number of its row instead."""
    reference = str(row["query_id"])
    return "" if reference == str(row.get("row")) else reference


@dataclass(frozen=True)
class _Columns:
    """The columns beside the answer: whether the file has references and consignments."""

    references: bool
    consignments: bool
    own: int  # columns of the user's file

    def before(self) -> list[tuple[str, int]]:
        """Return the columns that stand first: where the row is, and what was found in it."""
        reference = [("reference", 14)] if self.references else []
        consignment = [("consignment", 46)] if self.consignments else []
        return [("row", 6), *reference, *consignment]

    def behind(self) -> list[tuple[str, int]]:
        """Return the columns between the answer and the user's own."""
        return [("column", 14)] if self.consignments else []


def _of_file(
    names: Iterator[Found], band: str, columns: _Columns, run: WorkbookRun, marking: str
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of the user's file whose surest name is of a band, in the file's order.

    A row has the answer of its surest name; of several as sure, of the one that is listed for the
    gravest effect.
    """
    for _, of in groupby(names, itemgetter("row", "cells")):
        each = sorted(of, key=lambda name: (_ORDER.index(name["band"]), _gravity(name)))
        if each[0]["band"] != band:
            continue
        first = each[0]
        used = sum(bool(one.parties) for one in run.lists)
        reserved = dict.fromkeys(text for name in each for text in name.get("reservations", ()))
        nothing = "; ".join((f"nothing found on {few_text(used, 'lists')}", *reserved))
        if all(names_nobody(name["query"]) for name in each):
            nothing = "not screened: this row has no name"
        more = [f for f in each[1:] if f["band"] != "none"]
        rest = [f"{'cleared' if f['band'] == CLEARED else 'also'} {f['column']}" for f in more]
        before = [first["row"] or ""]
        if columns.references:
            before.append(first.get("reference", ""))
        behind = []
        if columns.consignments:
            before.append(first["consignment"])
            behind.append("; ".join([first["column"], *rest]))
        answer = _answer(first, first["rows"], first["folded"], nothing)
        own = [*first["cells"], *[""] * columns.own][: columns.own]
        yield (*before, *answer, *behind, *own, marking)


def _gravity(name: Found) -> int:
    """Return the place of what a name's first listed party faces, 0 the gravest."""
    places = gravest_first()
    effects = name["rows"][0]["effects"] if name["rows"] else ()
    return min((places[e["effect"]] for e in effects), default=len(places))


def _answer(
    name: Found, rows: Sequence[Found], folded: Sequence[Found], nothing: str
) -> tuple[Any, ...]:
    """Return what stands under :data:`ANSWER` of the surest row of a name.

    If it has none, that is what was cleared, or that nothing was found.
    """
    cells: dict[str, str | float] = dict.fromkeys(ANSWER, "")
    if rows:
        cells |= _alert_cells(rows)
    elif folded:
        cleared = folded[0]
        cells |= {
            "result": band_in_words(CLEARED),
            "agreement": cleared["agreement"],
            "listed party": cleared["name"],
            "decision": "false",
            "decided because": cleared["says"],
            "entry": cleared["party"],
        }
    else:
        cells |= {"result": nothing, **_decision_cells(name.get("released", {})), "decision": ""}
    return tuple(cells.values())


def _alert_cells(rows: Sequence[Found]) -> dict[str, str | float]:
    alert = alert_of(dict(rows[0]))
    decided = next((f for f in alert.flags if f["flag"].startswith("decided")), {})
    more = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
    return {
        "result": band_in_words(alert.band),
        "listed party": alert.name + more,
        "effect, since, list": effects_by_list(alert.effects),
        "agreement": alert.agreement.kind,
        "who else has the name": alert.bearers_says,
        "chance listed": alert.listed,
        "why": _why(alert),
        "states": "; ".join(alert.countries),
        **_decision_cells(decided),
        "entry": alert.party,
    }


def _why(alert: Alert) -> str:
    """Return what agrees: ``IMO number 9238052 matches``, or the words of the name."""
    agreement = alert.agreement
    if agreement.kind == "number" and agreement.numbers:
        verb = "matches" if len(agreement.numbers) == 1 else "match"
        return f"{numbers_in_words(agreement.numbers)} {verb}"
    return ": ".join(filter(None, (agreement.basis, agreement.words_in_text())))


def _decision_cells(decided: Mapping[str, str]) -> dict[str, str]:
    """Return the cells of a decision, from the flag of an alert or of a released row."""
    return {
        "decision": decided.get("verdict", ""),
        "action": decided.get("action", ""),
        "decided by": decided.get("who", ""),
        "decided on": decided.get("on", ""),
        "decided because": decided.get("reason", ""),
    }


def _sheet(
    book: Workbook,
    title: str,
    columns: Sequence[tuple[str, int]],
    answer: int,
    rows: Iterable[tuple[Any, ...]],
) -> None:
    """A sheet of rows under a frozen header, which stands on each page in print.

    ``answer``: the column in which :data:`ANSWER` begins.
    """
    sheet = book.create_sheet(title)
    first = [name for name, _ in columns[:answer] if name in ("row", "reference")]
    sheet.freeze_panes = f"{get_column_letter(len(first) + 1)}2"
    in_print = _columns_in_print([width for _, width in columns])
    printed(sheet, [width for _, width in columns[:in_print]])
    for n, (_, width) in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(n)].width = width
    header = [_cell(sheet, name) for name, _ in columns]
    for cell in header:
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = _HEAD
    sheet.append(header)
    result, effect, chance, decision = (
        answer + [*ANSWER].index(x)
        for x in ("result", "effect, since, list", "chance listed", "decision")
    )
    last = 1
    for last, values in enumerate(rows, 2):
        if last > SHEET_ROWS:
            raise DataError(
                f"more rows than a worksheet holds ({SHEET_ROWS}). Write .csv or .parquet"
            )
        cells = [_cell(sheet, v) for v in values[: len(columns)]]
        if shade := _SHADES.get(values[result]):
            cells[result].font, cells[result].fill = (
                Font(bold=True),
                PatternFill("solid", start_color=shade),
            )
        cells[chance].number_format = "0.0%"
        if "blocked" in values[effect]:
            cells[effect].font = Font(bold=True, color="C00000")
        sheet.append(cells)
    choice = DataValidation(
        type="list", formula1='"true,false,unresolved"', allow_blank=True, showErrorMessage=False
    )
    letter = get_column_letter(decision + 1)
    choice.add(f"{letter}2:{letter}{max(last, 2)}")
    sheet.data_validations.append(choice)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{max(last, 2)}"
    sheet.print_area = f"A1:{get_column_letter(in_print)}{last}"


def _columns_in_print(widths: Sequence[int]) -> int:
    """Return how many columns, from the first, stand on one page: what was found and decided. The
    user's own are in the user's file.
    """
    return sum(total <= PAGE_WIDE for total in accumulate(widths))


def _cell(sheet: Any, value: Any) -> Any:
    safe = safe_cell(value)
    cell = WriteOnlyCell(sheet, value=safe)
    if isinstance(safe, str):
        cell.data_type = "s"  # a text, whatever it begins with
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _lines(book: Workbook, title: str, lines: Iterable[str]) -> None:
    sheet = book.create_sheet(title)
    sheet.column_dimensions["A"].width = 110
    for line in lines:
        sheet.append([_cell(sheet, line)])


def _how() -> Iterable[str]:
    yield "Agreement: which part of the name or number agrees with the list."
    yield "  exact: the whole name, apart from the legal form"
    yield "  short: all its words, in a longer listed name"
    yield "  near: another spelling"
    yield "  part: a listed name within the field"
    yield "  number: an identity number"
    yield "Result: how likely it is that the name is this party's."
    yield "  very probable: a chance of at least 90%; probable: at least 50%; possible: at least 10%"
    yield "  improbable: a smaller chance"
    yield "  An exact name is always at least “possible”, however common it is."
    yield "  cleared: you decided that this is someone else."
    yield "Who else has the name: registered firms, or an estimate of the people, with these words."
    yield "Chance listed: the chance that the name is on any list at all, given how few names are."
    yield "Effect: what the listing means in law, most serious first, each with its date and list."
    yield from (f"  {effect}: {meaning(effect)}" for effect in gravest_first())
    yield "A finding is a reason to check the publisher's entry; nothing here is legal advice."
