# SPDX-License-Identifier: Apache-2.0
"""A user's delimited file of trade, prepared for the engine: encoding, longest line and header are
found in one bounded pass, so that neither a 2 GB line nor a file in GBK reaches the engine
unprepared.

The rows themselves are read by DuckDB in its strict mode: such files hold hundreds of millions.
What it refuses is read again by the strict reader, which says why in its own words.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bilat.errors import DataError
from bilat.files.text import CHUNK, LONGEST_LINE, as_utf8, head
from bilat.formats.table import Place, fields, lines


@dataclass(frozen=True)
class Text:
    """``path`` is what the person named; ``utf8`` what the engine reads (the same file if it was
    UTF-8).
    """

    path: Path
    utf8: Path
    header: tuple[str, ...]
    delimiter: str
    extra: int  #: fields by which the first data row is longer than the header (a trailing comma)


def open_text(path: Path, work: Path, shown: Path | None = None) -> Text:
    """Prepare a delimited file for the engine; ``shown`` is its name to a person, where that is
    another.

    Raises
    ------
    DataError
        for an empty file, a line longer than a megabyte, an open quote in the first rows, or bytes
        that are not text.
    """
    shown = shown or path
    start = head(path, shown=shown)
    utf8 = path
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        utf8 = as_utf8(path, work, "utf-16", shown)
    if not _is_utf8(utf8, shown):
        utf8 = _transcoded(path, work, shown)
    place = _place(shown, utf8)
    _, first = next(lines(place))
    if "\r" in first.removesuffix("\n").removesuffix("\r"):
        raise place.refuse(
            1, None, None, "has line ends of CR alone", "save the file with line feeds (LF or CRLF)"
        )
    delimiter = max(",;\t", key=first.count)
    rows = fields(place, delimiter=delimiter)
    header = next(rows)[1]
    second = next(rows, (2, []))[1]
    extra = max(0, len(second) - len(header)) if not any(second[len(header) :]) else 0
    return Text(shown, utf8, tuple(h.strip() for h in header), delimiter, extra)


def _place(shown: Path, utf8: Path) -> Place:
    return Place(utf8, str(shown), most=None, after="")


def refuse_broken(text: Text) -> None:
    """Read the whole file by the strict reader.

    Raises
    ------
    DataError
        for the first row that is not one of this header.
    """
    place = _place(text.path, text.utf8)
    width = len(text.header) + text.extra
    for line, row in fields(place, delimiter=text.delimiter):
        if len(row) != width and line > 1:
            raise place.refuse(
                line,
                None,
                row[0][:40],
                f"begins a row of {len(row)} fields where the header has {width}",
                "fix or download the file again: nothing of it was used",
            )


def numbered_rows(text: Text) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, row by column) of a file already found to be sound: for telling a person where a row
    is.
    """
    rows = fields(_place(text.path, text.utf8), delimiter=text.delimiter)
    next(rows, None)
    for line, row in rows:
        yield line, dict(zip(text.header, row, strict=False))


def _is_utf8(path: Path, shown: Path) -> bool:
    """One pass over the bytes: is it UTF-8, and is every line of bearable length?"""
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    since_newline = 0
    valid = True
    with path.open("rb") as f:
        while chunk := f.read(CHUNK):
            last = chunk.rfind(b"\n")
            longest = since_newline + (len(chunk) if last < 0 else chunk.find(b"\n"))
            if longest > LONGEST_LINE:
                raise DataError(
                    f"{shown}: line {line} is longer than {LONGEST_LINE // 1024} KB; no publisher "
                    "writes such a row: the file is damaged, download it again"
                )
            if (nul := chunk.find(b"\x00")) >= 0:
                at = line + chunk.count(b"\n", 0, nul)
                raise DataError(
                    f"{shown}: line {at} holds NUL bytes; this is not a text file: download it "
                    "again"
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
    """The same text in UTF-8: from GB18030 (a superset of GBK) where its bytes allow, else
    Windows-1252.
    """
    for encoding in ("gb18030", "cp1252", "latin-1"):
        if encoding == "gb18030" and not _looks_chinese(path):
            continue
        try:
            return as_utf8(path, work, encoding, shown)
        except UnicodeDecodeError:
            continue
    raise DataError(f"{shown}: neither UTF-8, GBK nor Windows-1252. Save it as UTF-8")


def _looks_chinese(path: Path) -> bool:
    """Are the header's high bytes Han characters in GB18030?"""
    line = head(path).split(b"\n", 1)[0]
    try:
        text = line.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return any("\u4e00" <= c <= "\u9fff" for c in text)
