# SPDX-License-Identifier: Apache-2.0
"""Files of lists, opened strictly: comma-separated text with the publisher's header, XML without entities."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree

from bilat.errors import DataError
from bilat.files.text import separated


def open_text(path: Path, encoding: str = "utf-8-sig") -> io.TextIOWrapper:
    """Open a text file, gunzipping ``.gz``."""
    raw = gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # noqa: SIM115
    return io.TextIOWrapper(raw, encoding=encoding, newline="")  # type: ignore[arg-type]


def rows(path: Path, header: Sequence[str], *, delimiter: str = ",") -> Iterator[tuple[int, dict[str, str]]]:
    """(line, record) of a file whose header has at least these columns.

    Raises
    ------
    DataError
        for a missing column, a line of another width, or bytes that are no UTF-8.
    """
    try:
        with open_text(path) as handle:
            reader = separated(handle, delimiter=delimiter)
            found = [c.strip() for c in next(reader, [])]
            missing = [c for c in header if c not in found]
            if missing:
                raise DataError(
                    f"{path.name}: row 1: no column {missing[0]!r} in the header {found[:6]}; "
                    "this is not the file that the list's publisher offers, or its delimiter is another"
                )
            for record in reader:
                if not record:
                    continue
                if len(record) != len(found):
                    raise DataError(
                        f"{path.name}: row {reader.line_num}: {len(record)} fields where the header has "
                        f"{len(found)} (first field {record[0][:40]!r}); pull the file again"
                    )
                yield reader.line_num, dict(zip(found, record, strict=True))
    except UnicodeDecodeError as e:
        raise DataError(
            f"{path.name}: byte {e.start} is not UTF-8; save the file as UTF-8, or pull it again"
        ) from None
    except (csv.Error, EOFError, OSError) as e:
        raise DataError(f"{path.name}: cannot be read whole ({e}); pull the file again") from None


def local(tag: str) -> str:
    """An element's name without its namespace."""
    return tag.rsplit("}", 1)[-1]


def elements(path: Path, wanted: set[str]) -> Iterator[ElementTree.Element]:
    """The elements of these names, one after another, each freed after use.

    Raises
    ------
    DataError
        for XML that is not well formed, or that declares a document type (no list does; entities are a trap).
    """
    try:
        with path.open("rb") as handle:
            head = handle.read(4096)
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise DataError(
                    f"{path.name}: declares a document type, which no list of sanctions does; refused"
                )
            handle.seek(0)
            stack: list[ElementTree.Element] = []
            for event, element in ElementTree.iterparse(handle, events=("start", "end")):
                if event == "start":
                    stack.append(element)
                    continue
                stack.pop()
                if local(element.tag) in wanted and not any(local(e.tag) in wanted for e in stack):
                    yield element
                    element.clear()
                    if stack:
                        stack[-1].remove(element)
    except ElementTree.ParseError as e:
        raise DataError(f"{path.name}: is no well-formed XML ({e}); pull the file again") from None


def texts(element: ElementTree.Element, *names: str) -> list[str]:
    """The stripped, non-empty texts of all descendants of these names."""
    return [e.text.strip() for e in element.iter() if local(e.tag) in names and e.text and e.text.strip()]


def child(element: ElementTree.Element, name: str) -> ElementTree.Element | None:
    """The first child of that name."""
    return next((e for e in element if local(e.tag) == name), None)


def text_of(element: ElementTree.Element, name: str) -> str:
    """The text of the first child of that name; '' where there is none."""
    found = child(element, name)
    return (found.text or "").strip() if found is not None else ""
