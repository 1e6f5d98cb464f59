# SPDX-License-Identifier: Apache-2.0
"""Workbooks that say more than they hold are refused within bounds, wherever a person gives one."""

import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from bilat.errors import DataError
from bilat.formats import workbook as bounds
from bilat.formats.trade.wide import databrowser
from bilat.parties.queries.query_files import read_queries

READERS: list[Callable[[Path], object]] = [
    lambda p: list(read_queries(p)),
    lambda p: list(databrowser(p, p)),
]


def book(path: Path, sheet: str) -> Path:
    """A workbook whose only sheet has this XML in its sheetData."""
    plain = Workbook()
    plain.active.append(["query_id", "name"])
    plain.save(path.with_suffix(".plain"))
    with (
        zipfile.ZipFile(path.with_suffix(".plain")) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for m in old.infolist():
            raw = old.read(m)
            if m.filename == "xl/worksheets/sheet1.xml":
                head, _, rest = raw.decode().partition("<sheetData>")
                raw = (
                    head
                    + "<sheetData>"
                    + sheet
                    + "</sheetData>"
                    + rest.partition("</sheetData>")[2]
                ).encode()
            new.writestr(m.filename, raw)
    return path


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


HEADER = f'<row r="1">{cell("A1", "query_id")}{cell("B1", "name")}</row>'


@pytest.mark.parametrize("read", READERS, ids=["names", "trade"])
@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        (
            HEADER + f'<row r="1000000000">{cell("B1000000000", "VTB")}</row>',
            "a row beyond 1,048,576",
        ),
        (
            HEADER + "".join(f'<row r="{n}">{cell(f"XFD{n}", "x")}</row>' for n in range(2, 1500)),
            "so thinly",
        ),
        (HEADER + f'<row r="x">{cell("B2", "VTB")}</row>', "damaged workbook"),
        (HEADER + '<row r="2"><c r="B2" t="s"><v>99999</v></c></row>', "damaged workbook"),
    ],
)
def test_a_sheet_that_is_hardly_filled_is_refused_within_its_bounds(
    tmp_path: Path, read: Callable[[Path], object], sheet: str, said: str
) -> None:
    path = book(tmp_path / "q.xlsx", sheet)
    start = time.process_time()
    with pytest.raises(DataError, match=said) as caught:
        read(path)
    assert "\n" not in str(caught.value) and "q.xlsx" in str(caught.value)
    assert time.process_time() - start < 20


def test_a_workbook_that_unpacks_to_too_much_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = book(tmp_path / "q.xlsx", HEADER + f'<row r="2">{cell("B2", "V" * 200_000)}</row>')
    monkeypatch.setattr(bounds, "MOST_BYTES", 100_000)
    with pytest.raises(DataError, match=r"unpacks to .* save its table as CSV"):
        list(read_queries(path))
