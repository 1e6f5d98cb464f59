# SPDX-License-Identifier: Apache-2.0
"""A user's delimited file of trade, prepared for the engine.

Encoding, longest line and header are found in one pass with bounded memory, so that the engine
gets UTF-8 without endless lines. DuckDB reads the rows in its strict mode, since there may be
hundreds of millions. What it refuses is read again by the strict table reader, whose errors name
the row and the cure.
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
    """A delimited file that was prepared."""

    path: Path  #: the file that the person named
    utf8: Path  #: the file for the engine: a copy, unless the first was UTF-8
    header: tuple[str, ...]
    delimiter: str
    extra: int  #: empty fields of the first data row beyond the header (a trailing comma)


def open_text(path: Path, work: Path, shown: Path | None = None) -> Text:
    """Prepare a delimited file for the engine.

    Parameters
    ----------
    path
        the file.
    work
        a folder for a copy in UTF-8.
    shown
        its name to a person, if that is not ``path``.

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
            1,
            None,
            None,
            "has lines that end in CR only",
            "save the file with line feeds (LF or CRLF)",
        )
    delimiter = max(",;\t", key=first.count)
    rows = fields(place, delimiter=delimiter)
    header = next(rows)[1]
    second = next(rows, (2, []))[1]
    beyond = second[len(header) :]
    extra = 0 if any(beyond) else len(beyond)
    return Text(shown, utf8, tuple(h.strip() for h in header), delimiter, extra)


def _place(shown: Path, utf8: Path) -> Place:
    return Place(utf8, str(shown), most=None, after="")


def refuse_broken(text: Text) -> None:
    """Read the whole file with the strict table reader.

    Raises
    ------
    DataError
        for the first row with another number of fields than the header.
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
    """Yield (line, row by column) of a sound file, to tell a person where a row is."""
    rows = fields(_place(text.path, text.utf8), delimiter=text.delimiter)
    next(rows, None)
    for line, row in rows:
        yield line, dict(zip(text.header, row, strict=False))


def _is_utf8(path: Path, shown: Path) -> bool:
    """Return whether a file is UTF-8, in one pass over its bytes.

    Raises
    ------
    DataError
        for a line that is too long, or NUL bytes.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    unfinished = 0  # bytes of the line that the chunk before ended in
    is_valid = True
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            last = chunk.rfind(b"\n")
            # A chunk is no longer than the longest line, so only its first line can be too long.
            first = len(chunk) if last < 0 else chunk.find(b"\n")
            if unfinished + first > LONGEST_LINE:
                raise DataError(
                    f"{shown}: line {line} is longer than {LONGEST_LINE // 1024} KB; no publisher "
                    "writes such a row: the file is damaged, download it again"
                )
            if (nul := chunk.find(b"\x00")) >= 0:
                faulty = line + chunk.count(b"\n", 0, nul)
                raise DataError(
                    f"{shown}: line {faulty} holds NUL bytes; this is not a text file: download it "
                    "again"
                )
            line += chunk.count(b"\n")
            unfinished = unfinished + len(chunk) if last < 0 else len(chunk) - last - 1
            if is_valid:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    is_valid = False
    return is_valid


def _transcoded(path: Path, work: Path, shown: Path) -> Path:
    """Write the text in UTF-8 and return the copy.

    It is read as GB18030 (a superset of GBK) if its header looks Chinese, else as Windows-1252.
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
    """Return whether the header, read as GB18030, has Han characters."""
    line = head(path).split(b"\n", 1)[0]
    try:
        text = line.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return any("\u4e00" <= c <= "\u9fff" for c in text)
