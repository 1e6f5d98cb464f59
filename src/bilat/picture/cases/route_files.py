# SPDX-License-Identifier: Apache-2.0
"""The list of a diversion search as files: CSV, JSON and Excel, with the question and the notes beside the rows."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bilat.document import wording as words
from bilat.handling import Marking
from bilat.picture.cases import case_words
from bilat.picture.cases.route import Search

COLUMNS = (
    "rank", "hub", "hub_name", "product", "name", "label", "tier", "diverted", "low", "high", "currency", "excess_in",
    "excess_out", "in_expected", "in_actual", "out_expected", "out_actual", "direct_expected",
    "direct_actual", "legs", "probability", "q_value", "substitution", "mirror_gap_change", "unit_value_z",
    "break", "rivals_standing", "rivals", "score",
)  # fmt: skip
#: What the columns hold, for a reader who has the file alone.
MEANING = (
    ("name", "a short name of the goods, by bilat; label: that of the basket, or of the Harmonized System"),
    ("diverted", "likely amount over the whole window since the break, if it is a route; low and high: 80% interval"),
    ("in_, out_, direct_", "origins to hub, hub to target, origins to target: expected without the break, and actual"),
    ("legs", "two legs: both were looked at; one leg: what the hub sold on is not held, onward sale is inferred"),
    ("probability", "that an amount went through; it ranks the list"),
    ("q_value", "mean of one less the probability, from the first row down to this one"),
    ("substitution", "diverted as a share of the direct loss of the product"),
    (
        "rivals",
        "other explanations, each with its outcome (holds, does not hold, cannot tell) and figures; rivals_standing: "
        "those that hold, or account for a part",
    ),
)  # fmt: skip
#: Excel's own limit, less the heading.
SHEET_ROWS = 1_048_575
#: The same answer makes the same file: no clock in it.
EPOCH = (1980, 1, 1, 0, 0, 0)


def write_files(
    search: Search,
    root: Path,
    asked: Sequence[tuple[str, str]],
    command: str,
    marking: Marking | None = None,
) -> None:
    """``routes.csv``, ``routes.json``, ``routes.xlsx`` and ``routes-about.txt`` in ``root``.

    Parameters
    ----------
    asked
        the question, a line each (term, words).
    command
        the command that makes the answer again.
    marking
        how far the list may be passed on: a column of the rows, and the first line of what is told about them.
    """
    summary, finding = search.plain["summary"], case_words.finding(search)
    notes = [("Records", n) for n in case_words.notes(search.notes)]
    mark = [("Handling", str(marking))] if marking else []
    about = [*mark, ("Finding", finding), *asked, *notes, ("Made by", command)]
    (root / "routes.csv").write_text(list_csv(search, marking), "utf-8", newline="")
    told = {
        **({"marking": str(marking)} if marking else {}),
        "question": {
            **{k: summary[k] for k in ("origin", "target", "since", "before", "after", "basket", "currency")},
            "command": command,
        },
        "finding": finding,
        "notes": list(search.notes),
        "rows": [r.plain for r in search.routes],
    }
    text = json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False)
    (root / "routes.json").write_text(text + "\n", "utf-8")
    caveat = (
        f"A statistical sign from aggregate trade records to {search.target_name}: it names no firm and proves no "
        "offence."
    )
    lines = [f"{term}: {said}" for term, said in about]
    lines += ["", "Columns", *(f"{c}: {m}" for c, m in MEANING), "", caveat]
    (root / "routes-about.txt").write_text("\n".join(lines) + "\n", "utf-8")
    sheet = [*about, ("", ""), *MEANING, ("", ""), ("", caveat)]
    (root / "routes.xlsx").write_bytes(workbook(search, sheet, marking))


def cells_of(search: Search) -> list[list[Any]]:
    """Every row of the list under :data:`COLUMNS`; no cell is taken for a formula by a spreadsheet."""
    from bilat.files.cells import safe_cell

    made = []
    for r in search.routes:
        cells: dict[str, Any] = {c: getattr(r, c, None) for c in COLUMNS}
        for name, leg in (("in", r.into), ("out", r.out), ("direct", r.direct)):
            cells |= {f"{name}_expected": leg and leg.expected, f"{name}_actual": leg and leg.actual}
        cells |= {
            "name": r.short,
            "currency": search.currency,
            "legs": r.known,
            "break": r.break_at,
            "score": r.plain.get("score"),
            "rivals_standing": "; ".join(r.standing),
            "rivals": "; ".join(f"{v.name}: {v.outcome} ({v.because})" for v in r.rivals),
        }
        made.append([safe_cell(cells[c]) for c in COLUMNS])
    return made


def list_csv(search: Search, marking: Marking | None = None) -> str:
    """The list as CSV, lines ended as RFC 4180 says; where it is marked, each row bears the marking."""
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\r\n")
    mark = [str(marking)] if marking else []
    out.writerow([*COLUMNS, *(["marking"] if marking else [])])
    out.writerows([*cells, *mark] for cells in cells_of(search))
    return text.getvalue()


def workbook(search: Search, about: Sequence[tuple[str, str]], marking: Marking | None = None) -> bytes:
    """An Excel file: the sheet ``routes``, and the sheet ``question`` with the question, notes and columns; where
    it is marked, each row bears the marking."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "routes"
    names = [*COLUMNS, *(["marking"] if marking else [])]
    mark = [str(marking)] if marking else []
    sheet.append(names)
    for row in cells_of(search)[:SHEET_ROWS]:
        sheet.append([*(None if v == "" else v for v in row), *mark])
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # a text, whatever it begins with: product codes keep their zeros
            elif isinstance(cell.value, (int, float)) and abs(cell.value) >= 1000:
                cell.number_format = "#,##0"
    widths = {"name": 34, "label": 42, "hub_name": 18, "rivals_standing": 30, "rivals": 60, "legs": 10}
    for n, name in enumerate(names, 1):
        sheet.column_dimensions[get_column_letter(n)].width = widths.get(name, 13)
        sheet.cell(row=1, column=n).font = Font(bold=True)
    sheet.freeze_panes = "F2"
    sheet.auto_filter.ref = sheet.dimensions
    told = book.create_sheet("question")
    for term, said in about:
        told.append([words.sentence(term).rstrip(".") if term else None, said or None])
        if said:
            told.cell(row=told.max_row, column=2).data_type = "s"
            told.cell(row=told.max_row, column=2).alignment = Alignment(wrap_text=True, vertical="top")
    told.column_dimensions["A"].width, told.column_dimensions["B"].width = 24, 100
    raw = io.BytesIO()
    book.save(raw)
    return _without_clock(raw.getvalue())


def _without_clock(raw: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"1980-01-01T00:00:00Z", data)
            new.writestr(zipfile.ZipInfo(name, EPOCH), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
