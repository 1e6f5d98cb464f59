# SPDX-License-Identifier: Apache-2.0
"""The first bytes of a file, and its text in UTF-8, without trusting either."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bilat.errors import DataError

#: No publisher's row is longer; one that is, is a broken file.
LONGEST_LINE = 1 << 20
CHUNK = 1 << 20


def head(path: Path, size: int = CHUNK, shown: Path | None = None) -> bytes:
    """The first bytes of a file (``shown`` is its name to a person).

    Raises
    ------
    DataError
        if there is no such file, or it is empty.
    """
    if path.is_dir():
        raise DataError(f"{path}: is a folder: name the files in it")
    if not path.is_file():
        raise DataError(f"{path}: no such file")
    try:
        with path.open("rb") as f:
            start = f.read(size)
    except OSError as e:
        raise DataError(f"{path}: cannot be read ({e.strerror})") from None
    if not start.strip():
        raise DataError(f"{shown or path}: the file is empty; download it again")
    return start


def as_utf8(path: Path, work: Path, encoding: str, shown: Path) -> Path:
    """The same text in UTF-8, as a new file in ``work``; ``shown`` is its name to a person.

    Raises
    ------
    DataError
        for damaged UTF-16.
    UnicodeDecodeError
        for bytes that are not of another encoding.
    """
    target = Path(tempfile.mkstemp(suffix=".csv", dir=work)[1])
    try:
        with (
            path.open(encoding=encoding, newline="") as f,
            target.open("w", encoding="utf-8", newline="") as out,
        ):
            while piece := f.read(CHUNK):
                out.write(piece)
    except UnicodeError as e:
        target.unlink()
        if encoding == "utf-16":
            raise DataError(f"{shown}: damaged UTF-16 ({e}); save it as UTF-8") from None
        raise
    return target
