# SPDX-License-Identifier: Apache-2.0
"""Unpack a file that a publisher sends inside JSON or in an archive.

The catalog declares both in the ``options`` of a file:

``wrapped``
    the field of JSON that contains the file, as base64.
``columns``
    the columns that are kept of the one CSV in a zip archive, separated by blanks. The archive of
    V-Dem has 4,600 columns and unpacks to 388 MB; bilat reads seventeen of them.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from bilat.catalog import File
from bilat.errors import DataError

#: Bytes that the CSV of an archive may unpack to: V-Dem's takes 388 MB.
LARGEST_MEMBER = 1 << 30
_BY_HAND = "the publisher's service has changed: save the file by hand and use `mirror`"
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,  # a method of packing that zipfile does not know
    RuntimeError,  # a password
    UnicodeDecodeError,
    csv.Error,
)


def take_out(file: File, path: Path) -> None:
    """Replace an answer by the file that it contains; leave other answers as they are.

    Parameters
    ----------
    file
        the file's entry in the catalog.
    path
        the answer; it is overwritten.

    Raises
    ------
    DataError
        for an answer of another shape.
    """
    if field := file.options.get("wrapped", ""):
        _unwrap(file, path, field)
    if columns := file.options.get("columns", "").split():
        _cut_to_columns(file, path, columns)


def _unwrap(file: File, path: Path, field: str) -> None:
    try:
        content = base64.b64decode(json.loads(path.read_text("utf-8"))[field], validate=True)
    except (ValueError, KeyError, TypeError, RecursionError) as e:
        raise DataError(
            f"has no file in its field {field!r} ({type(e).__name__})",
            file=file.path,
            cure=_BY_HAND,
        ) from None
    path.write_bytes(content)


def _cut_to_columns(file: File, path: Path, columns: list[str]) -> None:
    """Write the columns that are read, row by row: the table is never whole in memory."""
    cut = path.with_name(f"{path.name}.cut")
    try:
        with zipfile.ZipFile(path) as archive, cut.open("w", encoding="utf-8", newline="") as out:
            member = _only_table(file, archive)
            with archive.open(member) as packed:
                text = io.TextIOWrapper(packed, encoding="utf-8-sig", newline="")
                rows = csv.reader(text, strict=True)
                csv.writer(out, lineterminator="\n").writerows(_only_columns(file, rows, columns))
        cut.replace(path)
    except _DAMAGE as e:
        raise DataError(
            f"is not a complete zip archive of a CSV ({e})", file=file.path, cure="get it again"
        ) from None
    finally:
        cut.unlink(missing_ok=True)


def _only_table(file: File, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    tables = [m for m in archive.infolist() if m.filename.lower().endswith(".csv")]
    if len(tables) != 1:
        raise DataError(
            f"has {len(tables)} CSV files where one is expected", file=file.path, cure=_BY_HAND
        )
    (member,) = tables
    if member.file_size > LARGEST_MEMBER:
        raise DataError(
            f"unpacks to more than {LARGEST_MEMBER >> 20} MB, which no edition of it does",
            file=file.path,
            cure="check the download",
        )
    return member


def _only_columns(file: File, rows: Iterator[list[str]], columns: list[str]) -> Iterator[list[str]]:
    """Yield the header and each row, cut to the columns.

    Raises
    ------
    DataError
        for a column that is not there, or a row of another length.
    """
    header = next(rows, [])
    missing = [c for c in columns if header.count(c) != 1]
    if missing:
        raise DataError(
            f"does not have the column {missing[0]!r} once", file=file.path, cure=_BY_HAND
        )
    places = [header.index(c) for c in columns]
    yield columns
    for n, row in enumerate(rows, 2):
        if len(row) != len(header):
            raise DataError(
                f"has {len(row):,} fields where the header has {len(header):,}",
                file=file.path,
                row=n,
                cure="get it again; nothing was taken in",
            )
        yield [row[place] for place in places]
