# SPDX-License-Identifier: Apache-2.0
"""A delimited text file, opened without trusting it: encoding, longest line and header are found in one
bounded pass, so that neither a 2 GB line nor a file in GBK reaches the engine unprepared."""

from __future__ import annotations

import codecs
import csv
import io
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bilat.errors import DataError

#: No publisher's row is longer; one that is, is a broken file.
LONGEST_LINE = 1 << 20
#: Nor is any field; a longer one is a broken quote or a hostile file.
LONGEST_FIELD = 2 * LONGEST_LINE
CHUNK = 1 << 20


@dataclass(frozen=True)
class Text:
    """``path`` is what the person named; ``utf8`` what the engine reads (the same file if it was UTF-8)."""

    path: Path
    utf8: Path
    header: tuple[str, ...]
    delimiter: str
    extra: int  #: fields by which the first data row is longer than the header (a trailing comma)


class Records(Protocol):
    """What csv.reader gives: records, and the number of the last line read."""

    line_num: int

    def __iter__(self) -> Records: ...
    def __next__(self) -> list[str]: ...


def separated(lines: Iterable[str], *, delimiter: str = ",", strict: bool = False) -> Records:
    """The records of delimited text, with fields of up to :data:`LONGEST_FIELD` characters.

    csv's own limit holds for the whole process, so it is raised here and nowhere else, and never lowered.
    """
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_FIELD))
    return csv.reader(lines, delimiter=delimiter, strict=strict)


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


def open_text(path: Path, work: Path, shown: Path | None = None) -> Text:
    """Prepare a delimited file for the engine; ``shown`` is its name to a person, where that is another.

    Raises
    ------
    DataError
        for an empty file, a line longer than a megabyte, or bytes that are no text.
    """
    shown = shown or path
    start = head(path, shown=shown)
    utf8 = path
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        utf8 = as_utf8(path, work, "utf-16", shown)
    if not _is_utf8(utf8, shown):
        utf8 = _transcoded(path, work, shown)
    start = head(utf8, shown=shown)
    if b"\r" in start.split(b"\n", 1)[0].rstrip(b"\r"):
        raise DataError(f"{shown}: line 1: lines end in CR alone; save the file with line feeds (LF or CRLF)")
    first = start.split(b"\n", 1)[0].decode("utf-8", "replace").lstrip("\ufeff").rstrip("\r")
    delimiter = max(",;\t", key=first.count)
    try:
        header = tuple(h.strip() for h in next(separated([first], delimiter=delimiter)))
        rows = separated(io.StringIO(start.decode("utf-8", "replace").lstrip("\ufeff")), delimiter=delimiter)
        next(rows)
        second = next(rows, None)
    except csv.Error as e:
        raise DataError(f"{shown}: line 1: {e}; this is no delimited text") from None
    extra = max(0, len(second) - len(header)) if second and not any(second[len(header) :]) else 0
    return Text(shown, utf8, header, delimiter, extra)


def _is_utf8(path: Path, shown: Path) -> bool:
    """One pass over the bytes: is it UTF-8, and is every line of bearable length?"""
    decoder = codecs.getincrementaldecoder("utf-8")()
    line, since_newline, valid = 1, 0, True
    with path.open("rb") as f:
        while chunk := f.read(CHUNK):
            last = chunk.rfind(b"\n")
            longest = since_newline + (len(chunk) if last < 0 else chunk.find(b"\n"))
            if longest > LONGEST_LINE:
                raise DataError(
                    f"{shown}: line {line} is longer than {LONGEST_LINE // 1024} KB; no publisher writes such "
                    "a row: the file is damaged, download it again"
                )
            if (nul := chunk.find(b"\x00")) >= 0:
                at = line + chunk.count(b"\n", 0, nul)
                raise DataError(
                    f"{shown}: line {at} holds NUL bytes; this is not a text file: download it again"
                )
            line += chunk.count(b"\n")
            since_newline = since_newline + len(chunk) if last < 0 else len(chunk) - last - 1
            if valid:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    valid = False
    return valid


def _transcoded(path: Path, work: Path, shown: Path) -> Path:
    """The same text in UTF-8: from GB18030 (a superset of GBK) where its bytes allow, else Windows-1252."""
    for encoding in ("gb18030", "cp1252", "latin-1"):
        if encoding == "gb18030" and not _looks_chinese(path):
            continue
        try:
            return as_utf8(path, work, encoding, shown)
        except UnicodeDecodeError:
            continue
    raise DataError(f"{shown}: neither UTF-8, GBK nor Windows-1252; save it as UTF-8")


def as_utf8(path: Path, work: Path, encoding: str, shown: Path) -> Path:
    """The same text in UTF-8, in the folder ``work``; ``shown`` is its name to a person.

    Raises
    ------
    DataError
        for damaged UTF-16.
    UnicodeError
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
        reader = separated(f, delimiter=text.delimiter)
        next(reader, None)
        line = reader.line_num + 1
        for row in reader:
            yield line, dict(zip(text.header, row, strict=False))
            line = reader.line_num + 1
