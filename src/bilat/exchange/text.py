# SPDX-License-Identifier: Apache-2.0
"""Texts of an export: JSON and CSV in one fixed form."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bilat.errors import DataError
from bilat.files.archives import MOST, open_unpacked
from bilat.files.cells import safe_cell
from bilat.formats.json_text import parse_json

#: Bytes that a file of an import may have; an export of every list held takes 60 MB.
LARGEST = 8 * MOST


def is_address(text: str) -> bool:
    """Whether a source's address is one of the web; some say in words where their rows
    come from.
    """
    return text.startswith(("https://", "http://")) and " " not in text


def json_text(value: Any) -> str:
    """JSON as every export writes it: keys as given, one blank of indent, a line end."""
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A CSV (RFC 4180) with CRLF line ends; None is an empty cell, True and False are ``true`` and
    ``false``.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(v) for v in row])
    return out.getvalue()


def cell(value: Any) -> Any:
    """A value as a cell of :func:`csv_text` has it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    return add_guard(value) if isinstance(value, str) else value


def _is_run(text: str) -> bool:
    """Whether a spreadsheet would run the text, whatever apostrophes stand before it."""
    bare = text.lstrip("'")
    return bool(bare) and str(safe_cell(bare)).startswith("'")


def add_guard(text: str) -> str:
    """Return the text with one more apostrophe if a spreadsheet would run it as a formula.

    :func:`remove_guard` undoes it.
    """
    return f"'{text}" if _is_run(text) else text


def remove_guard(text: str) -> str:
    """Return the text that :func:`add_guard` was given."""
    return text[1:] if text.startswith("'") and _is_run(text) else text


def read_text(path: Path) -> str:
    """A file of an import, whole, as UTF-8.

    Raises
    ------
    DataError
        for a file that is not there, is not UTF-8, or is larger than an export can be.
    """
    if not path.is_file():
        raise DataError(
            "file not found", file=path, cure="name the file or folder that was exported"
        )
    with open_unpacked(path, path, LARGEST) as handle:
        data = handle.read(LARGEST + 1)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        raise DataError(
            "is not UTF-8 text", file=path, row=f"byte {e.start}", cure="get the file again"
        ) from None


def read_json(path: Path) -> Any:
    """A JSON file of an import.

    Raises
    ------
    DataError
        for a file that is not JSON, or as :func:`read_text`.
    """
    try:
        return parse_json(read_text(path))
    except ValueError as e:
        raise DataError(f"is not JSON ({e})", file=path, cure="get the file again") from None
