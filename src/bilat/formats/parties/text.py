# SPDX-License-Identifier: Apache-2.0
"""Files of lists, opened strictly: comma-separated text with the publisher's header, XML without
entities.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from bilat.errors import DataError
from bilat.files.archives import open_unpacked
from bilat.formats.json_text import parse_json
from bilat.formats.table import Place, lines, records

#: Bytes that a list may unpack to: the largest published is OFAC's advanced file of some 120 MB.
MOST = 512 << 20
#: Parties from which on a part that none of them has is one that was renamed.
MANY = 100


def list_file(path: Path) -> Place:
    """A list file as the strict reader takes it."""
    return Place(path, path.name, most=MOST, after="")


def rows(
    path: Path, header: Sequence[str], *, delimiter: str = ",", once: bool = False
) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, record) of a file whose header has at least these columns; ``once`` where no two may
    be alike.

    Raises
    ------
    DataError
        for a missing column, and for whatever :mod:`bilat.formats.table` refuses.
    """
    for r in records(list_file(path), header, delimiter=delimiter, exact=False, once=once):
        yield r.line, r.cells


def whole(path: Path) -> str:
    """The text of a file.

    Raises
    ------
    DataError
        as :func:`bilat.formats.table.lines`.
    """
    return "".join(text for _, text in lines(list_file(path)))


def load_json(path: Path) -> Any:
    """Return what a JSON file holds; unlike :func:`whole` it may be one long line.

    Raises
    ------
    DataError
        for a file that is not JSON in UTF-8.
    """
    with open_unpacked(path, path.name, MOST) as handle:
        raw = handle.read()
    try:
        return parse_json(raw.decode("utf-8-sig"))
    except ValueError as wrong:
        raise DataError(f"is not JSON ({wrong})", file=path.name, cure="get it again") from None


def refuse_renamed(
    path: Path, element: ElementTree.Element, known: Mapping[str, frozenset[str]], row: str
) -> None:
    """Refuse an element with a part that the publisher's schema does not have: a renamed one would
    be passed over.

    Raises
    ------
    DataError
        naming the part.
    """
    for e in element.iter():
        allowed = known.get(local(e.tag), frozenset())
        for part in e:
            if local(part.tag) not in allowed:
                raise DataError(
                    f"{local(e.tag)} has a part {local(part.tag)!r}, which the publisher's schema "
                    "does not know",
                    file=path.name,
                    row=row,
                    cure="the schema has changed, or the file was altered: pull it again",
                )


def local(tag: str) -> str:
    """An element's name without its namespace."""
    return tag.rsplit("}", 1)[-1]


def refuse_absent(path: Path, many: int, wanted: Mapping[str, int]) -> None:
    """Refuse a list of a hundred parties and more in which a part that they share is never there:
    it was renamed.

    ``wanted``: part -> how often it was seen.

    Raises
    ------
    DataError
        naming the part.
    """
    for part, seen in wanted.items():
        if many >= MANY and not seen:
            raise DataError(
                f"none of its {many} parties has a {part}, as some in every edition do",
                file=path.name,
                cure="the schema has changed, or the file was altered: pull it again",
            )


def elements(
    path: Path, wanted: set[str], around: Mapping[str, frozenset[str]] | None = None
) -> Iterator[ElementTree.Element]:
    """The elements of these names, one after another, each freed after use.

    ``around``: elements that stand around them ("" for the document) -> the parts that the
    publisher's schema knows of those.

    Raises
    ------
    DataError
        for XML that is not well formed, that declares a document type (no list does; entities are a
        trap), or that has another part in one of ``around``.
    """
    try:
        with open_unpacked(path, path.name, MOST) as handle:
            head = handle.peek(4096)[:4096]
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise DataError(
                    "declares a document type, which no list of sanctions does",
                    file=path.name,
                    cure="get the list from its publisher again",
                )
            stack: list[ElementTree.Element] = []
            for event, element in ElementTree.iterparse(handle, events=("start", "end")):
                if event == "start":
                    parent = local(stack[-1].tag) if stack else ""
                    if local(element.tag) not in (around or {}).get(parent, (local(element.tag),)):
                        raise DataError(
                            f"{parent or 'the document'} has a part {local(element.tag)!r}, which "
                            "the publisher's schema does not know",
                            file=path.name,
                            cure="the schema has changed, or the file was altered: pull it again",
                        )
                    stack.append(element)
                    continue
                stack.pop()
                if local(element.tag) in wanted and not any(local(e.tag) in wanted for e in stack):
                    yield element
                    element.clear()
                    if stack:
                        stack[-1].remove(element)
    except (
        ElementTree.ParseError,
        ValueError,
        LookupError,
    ) as e:  # the last two for an encoding unknown here
        raise DataError(
            f"is not well-formed XML ({e})", file=path.name, cure="pull the file again"
        ) from None


def texts(element: ElementTree.Element, *names: str) -> list[str]:
    """The stripped, non-empty texts of all descendants of these names."""
    return [
        e.text.strip()
        for e in element.iter()
        if local(e.tag) in names and e.text and e.text.strip()
    ]


def first_child(element: ElementTree.Element, name: str) -> ElementTree.Element | None:
    """The first child of that name."""
    return next((e for e in element if local(e.tag) == name), None)


def child_text(element: ElementTree.Element, name: str) -> str:
    """The text of the first child of that name; '' where there is none."""
    found = first_child(element, name)
    return (found.text or "").strip() if found is not None else ""
