# SPDX-License-Identifier: Apache-2.0
"""Delimited text, read strictly: the header must be the publisher's, every line complete.

Line numbers count from 1 at the top of the file, header included, as an editor shows them.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from bilat.catalog.sources import Opened
from bilat.errors import DataError
from bilat.files.text import separated


def text_of(path: Path, encoding: str = "utf-8-sig") -> io.TextIOBase:
    """Open a text file, gunzipping ``.gz``."""
    raw = gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # noqa: SIM115 (the caller closes it)
    return io.TextIOWrapper(raw, encoding=encoding, newline="")  # type: ignore[arg-type]


def records(
    opened: Opened,
    header: Sequence[str],
    *,
    skip: int = 0,
    delimiter: str = ",",
    encoding: str = "utf-8-sig",
    exact: bool = True,
    strip_end: str = "",
) -> Iterator[tuple[int, dict[str, str]]]:
    """(line number, record) of each line.

    Parameters
    ----------
    header
        the columns that the file must have, in order; with ``exact=False`` it may have more, anywhere.
    skip
        lines that stand above the header.
    strip_end
        text that ends every line and is no field (SIPRI's ``;``).

    Raises
    ------
    DataError
        for another header, or a line with too few or too many fields.
    """
    path = opened.file.path
    with text_of(opened.path, encoding) as handle:
        lines: Iterator[str] = iter(handle)
        if strip_end:
            lines = (
                line.rstrip("\r\n").removesuffix(strip_end) + "\n"
                if line.rstrip("\r\n").endswith(strip_end)
                else line
                for line in lines
            )
        for n in range(skip):
            if next(lines, None) is None:
                raise DataError(f"{path}: ends at line {n + 1}, above its header; pull the file again")
        reader = separated(lines, delimiter=delimiter, strict=True)
        try:
            found = next(reader, None)
            if found is None:
                raise DataError(f"{path}: is empty; pull the file again")
            missing = [c for c in header if c not in found]
            if missing or (exact and list(header) != found):
                what = f"lacks column {missing[0]!r}" if missing else f"is {found}, not {list(header)}"
                raise DataError(
                    f"{path}: line {skip + 1}: the header {what}: "
                    f"not the file that {opened.source.title} publishes; check the download"
                )
            for record in reader:
                line = skip + reader.line_num
                if not record:
                    continue
                if len(record) != len(found):
                    raise DataError(
                        f"{path}: line {line}: {len(record)} fields where the header has {len(found)} "
                        f"(first field {record[0][:40]!r}): the line is cut or broken; pull the file again; "
                        "nothing was taken in"
                    )
                yield line, dict(zip(found, record, strict=True))
        except csv.Error as e:
            raise DataError(
                f"{path}: line {skip + reader.line_num}: {e}; pull the file again; nothing was taken in"
            ) from None


def number(opened: Opened, line: int, column: str, text: str) -> float | None:
    """A float, or None for an empty cell; anything else is refused."""
    text = text.strip()
    if text == "":
        return None
    try:
        value = float(text)
    except ValueError:
        raise opened.refuse(line, column, text, "is no number") from None
    if value != value or value in (float("inf"), float("-inf")):
        raise opened.refuse(line, column, text, "is no finite number")
    return value


def integer(opened: Opened, line: int, column: str, text: str) -> int | None:
    """An int, or None for an empty cell; anything else is refused."""
    value = number(opened, line, column, text)
    if value is None:
        return None
    if value != int(value):
        raise opened.refuse(line, column, text, "is no whole number")
    return int(value)


def day(opened: Opened, line: int, column: str, text: str):  # type: ignore[no-untyped-def]
    """A date written YYYY-MM-DD, or None for an empty cell; anything else is refused."""
    import datetime as dt

    if text.strip() == "":
        return None
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise opened.refuse(line, column, text, "is no date YYYY-MM-DD") from None
