# SPDX-License-Identifier: Apache-2.0
"""A delimited text file, opened without trusting it: encoding, longest line and header are found in one
bounded pass, so that neither a 2 GB line nor a file in GBK reaches the engine unprepared."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bilat.dyad import DataError

#: No publisher's row is longer; one that is, is a broken file.
LONGEST_LINE = 1 << 20
CHUNK = 1 << 20


@dataclass(frozen=True)
class Text:
    """``path`` is what the person named; ``utf8`` what the engine reads (the same file if it was UTF-8)."""

    path: Path
    utf8: Path
    header: tuple[str, ...]
    delimiter: str
    extra: int  #: fields by which the first data row is longer than the header (a trailing comma)


def head(path: Path, size: int = CHUNK) -> bytes:
    """The first bytes of a file.

    Raises
    ------
    DataError
        if there is no such file, or it is empty.
    """
    if not path.is_file():
        raise DataError(f"{path}: no such file")
    with path.open("rb") as f:
        start = f.read(size)
    if not start.strip():
        raise DataError(f"{path}: the file is empty; download it again")
    return start


def open_text(path: Path, work: Path) -> Text:
    """Prepare a delimited file for the engine.

    Raises
    ------
    DataError
        for an empty file, a line longer than a megabyte, or bytes that are no text.
    """
    start = head(path)
    utf8 = path
    if not _is_utf8(path):
        utf8 = _transcoded(path, work)
        start = head(utf8)
    first = start.split(b"\n", 1)[0].decode("utf-8", "replace").lstrip("\ufeff").rstrip("\r")
    delimiter = max(",;\t", key=first.count)
    header = tuple(h.strip() for h in next(csv.reader([first], delimiter=delimiter)))
    rows = csv.reader(io.StringIO(start.decode("utf-8", "replace").lstrip("\ufeff")), delimiter=delimiter)
    next(rows)
    second = next(rows, None)
    extra = max(0, len(second) - len(header)) if second and not any(second[len(header) :]) else 0
    return Text(path, utf8, header, delimiter, extra)


def _is_utf8(path: Path) -> bool:
    """One pass over the bytes: is it UTF-8, and is every line of bearable length?"""
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")()
    line, since_newline, valid = 1, 0, True
    with path.open("rb") as f:
        while chunk := f.read(CHUNK):
            last = chunk.rfind(b"\n")
            longest = since_newline + (len(chunk) if last < 0 else chunk.find(b"\n"))
            if longest > LONGEST_LINE:
                raise DataError(
                    f"{path}: line {line} is longer than {LONGEST_LINE // 1024} KB; no publisher writes such "
                    "a row: the file is damaged, download it again"
                )
            line += chunk.count(b"\n")
            since_newline = since_newline + len(chunk) if last < 0 else len(chunk) - last - 1
            if b"\x00" in chunk:
                raise DataError(f"{path}: line {line} holds NUL bytes; this is no text file")
            if valid:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    valid = False
    return valid


def _transcoded(path: Path, work: Path) -> Path:
    """The same text in UTF-8: from GB18030 (a superset of GBK) where its bytes allow, else Windows-1252."""
    for encoding in ("gb18030", "cp1252", "latin-1"):
        if encoding == "gb18030" and not _looks_chinese(path):
            continue
        target = Path(tempfile.mkstemp(suffix=".csv", dir=work)[1])
        try:
            with path.open(encoding=encoding, newline="") as f, target.open("w", encoding="utf-8") as out:
                while piece := f.read(CHUNK):
                    out.write(piece)
            return target
        except UnicodeDecodeError:
            target.unlink()
    raise DataError(f"{path}: neither UTF-8, GBK nor Windows-1252; save it as UTF-8")


def _looks_chinese(path: Path) -> bool:
    """Are the header's high bytes Han characters in GB18030?"""
    line = head(path).split(b"\n", 1)[0]
    try:
        text = line.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return any("\u4e00" <= c <= "\u9fff" for c in text)


def numbered(text: Text) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, row by column) of a file already found to be sound: for telling a person where a row is."""
    with text.utf8.open(encoding="utf-8-sig", newline="") as f:
        reader = csv.reader(f, delimiter=text.delimiter)
        next(reader, None)
        line = reader.line_num + 1
        for row in reader:
            yield line, dict(zip(text.header, row, strict=False))
            line = reader.line_num + 1
