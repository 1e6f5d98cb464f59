# SPDX-License-Identifier: Apache-2.0
"""The first bytes of a file, and its text in UTF-8, without trusting either."""

from __future__ import annotations

import re
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
        raise DataError(f"{path}: file not found")
    try:
        with path.open("rb") as f:
            start = f.read(size)
    except OSError as e:
        raise DataError(f"{path}: cannot be read ({e.strerror})") from None
    if not start.strip():
        raise DataError(f"{shown or path}: the file is empty. Download it again")
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
            raise DataError(f"{shown}: damaged UTF-16 ({e}). Save it as UTF-8") from None
        raise
    return target


#: A first byte of UTF-8 and the one that follows, as Western code pages show them; and a run of the
#: first
#: bytes of Cyrillic, if what followed them was no character there and was dropped.
_PAIR = re.compile("[Â-ô][\x80-¿€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
_RUN = re.compile(r"(?:[ÐÑ]\S?){3,}")


def is_mojibake(text: str) -> bool:
    """Return whether a text is UTF-8 that somebody read as a Western code page."""
    if text.isascii():
        return False
    if len(_PAIR.findall(text)) > 1 or _RUN.search(text):
        return True
    for encoding in ("cp1252", "latin-1"):
        try:
            return len(text.encode(encoding).decode("utf-8")) < len(text)
        except UnicodeError:
            continue
    return False
