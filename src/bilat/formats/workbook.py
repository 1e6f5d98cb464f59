# SPDX-License-Identifier: Apache-2.0
"""Excel workbooks of strangers, read within bounds of bytes, rows and cells.

The library fills what a sheet leaves out: a row that says it is the thousand millionth is preceded
by as many empty ones, and a cell that says it is in the last column by sixteen thousand. Both are
bounded here, as is what the parts of the archive unpack to.

Reference: ECMA-376, Office Open XML, part 1, 18.3.1.73 row; Excel's own bounds are 1,048,576 rows
and 16,384 columns.
"""

from __future__ import annotations

import contextlib
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bilat.errors import BilatError, DataError

#: Rows of a sheet, as Excel has them.
MOST_ROWS = 1_048_576
#: Cells of a workbook, with the empty ones before a filled one: a million rows of twenty columns,
#: or 20 s of reading.
MOST_CELLS = 20_000_000
#: Bytes that the parts of a workbook may unpack to.
MOST_BYTES = 256 << 20
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,  # of XML: as the standard library says it, and as lxml does
    KeyError,
    EOFError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    OSError,
    RuntimeError,
    OverflowError,
)


@contextlib.contextmanager
def workbook(path: Path, title: str | Path, *, formulas: bool = False) -> Iterator[Any]:
    """An openpyxl workbook, read only, its cells as values, or with ``formulas`` as they are
    written.

    Raises
    ------
    DataError
        naming ``title``: for what is not a sound workbook, inside the block too, or unpacks to more
        than it may.
    """
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with path.open("rb") as packed, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _refuse_large(packed, title)
            book = openpyxl.load_workbook(packed, read_only=True, data_only=not formulas)
            try:
                yield book
            finally:
                book.close()
    except BilatError:
        raise
    except (*_DAMAGE, InvalidFileException) as e:
        raise DataError(
            f"is a damaged workbook ({type(e).__name__}: {e})",
            file=title,
            cure="get the file again, or save the file as .xlsx again",
        ) from None


def _refuse_large(packed: Any, title: str | Path) -> None:
    with zipfile.ZipFile(packed) as archive:
        size = sum(m.file_size for m in archive.infolist())
    if size > MOST_BYTES:
        raise DataError(
            f"unpacks to {size >> 20:,} MB, more than the {MOST_BYTES >> 20} MB that are read of a "
            "workbook",
            file=title,
            cure="save its table as CSV",
        )
    packed.seek(0)


def sheet_rows(book: Any, title: str | Path) -> Iterator[tuple[Any, int, tuple[Any, ...]]]:
    """(sheet, row number, values) of every row of every sheet.

    Raises
    ------
    DataError
        for a row beyond the last that a sheet can have, or more cells than are read.
    """
    cells = 0
    for sheet in book.worksheets:
        if hasattr(sheet, "reset_dimensions"):
            sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            cells += len(row)
            if number > MOST_ROWS or cells > MOST_CELLS:
                what = f"sheet {sheet.title!r} "
                if number > MOST_ROWS:
                    what += f"has a row beyond {MOST_ROWS:,}, which no sheet has"
                else:
                    what += f"is filled so thinly that it has more than {MOST_CELLS:,} cells"
                raise DataError(
                    what, file=title, cure="save its table as CSV, or download it again"
                )
            yield sheet, number, row
