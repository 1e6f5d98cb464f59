# SPDX-License-Identifier: Apache-2.0
"""PDF to title and paragraphs, page by page."""

from __future__ import annotations

import io
import re

from bilat.errors import DataError, UsageError

#: A longer document is a book: its first pages say what it is about.
MOST_PAGES = 200
#: Fewer characters a page are a scan, whose text nobody has read out.
LEAST_A_PAGE = 40
_DAY = re.compile(r"D:(\d{4})(\d\d)(\d\d)")
_HYPHEN = re.compile(r"(\w)-\n(\w)")
#: A paragraph of a PDF: so many words or more, ending with a sentence.
PARAGRAPH = 60


def pdf_page(
    data: bytes, name: str
) -> tuple[str, tuple[str, ...], tuple[str, ...], dict[str, str]]:
    """Return title, paragraphs, where each stands, and what the file declares.

    Raises
    ------
    UsageError
        where the extra that reads PDF is not installed.
    DataError
        for a file that cannot be read, is locked, or is a scan without text.
    """
    try:
        from pypdf import PdfReader
        from pypdf.errors import DependencyError, PyPdfError
    except ImportError:
        raise UsageError(
            "reading a PDF needs the extra `read`: pip install 'bilat[read]'"
        ) from None
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise DataError("is locked by a password", file=name, cure="save it without one")
        texts = [page.extract_text() for page in reader.pages[:MOST_PAGES]]
        told = {str(k): str(v) for k, v in (reader.metadata or {}).items()}
    except DependencyError:
        raise DataError("is locked by a password", file=name, cure="save it without one") from None
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as e:
        raise DataError(
            f"cannot be read as PDF ({type(e).__name__})", file=name, cure="save it again"
        ) from None
    if sum(len(t.strip()) for t in texts) < LEAST_A_PAGE * max(len(texts), 1):
        raise DataError(
            "is a scan without text", file=name, cure="read the text out with a tool for that"
        )
    passages: list[str] = []
    places: list[str] = []
    for number, text in enumerate(texts, start=1):
        for paragraph in _paragraphs(text):
            passages.append(paragraph)
            places.append(f"page {number}")
    return told.get("/Title", "").strip(), tuple(passages), tuple(places), _declared(told)


def _paragraphs(text: str) -> list[str]:
    """Lines joined until a sentence ends beyond the length of a paragraph."""
    made: list[str] = []
    current: list[str] = []
    for line in _HYPHEN.sub(r"\1\2", text).splitlines():
        current += line.split()
        ends = line.rstrip().endswith((".", "!", "?", ".”", '."'))
        if ends and len(current) >= PARAGRAPH:
            made.append(" ".join(current))
            current = []
    return [*made, " ".join(current)] if current else made


def _declared(told: dict[str, str]) -> dict[str, str]:
    """The day on which the file was made, no earlier than which it was public, and its author."""
    found = {}
    day = _DAY.match(told.get("/CreationDate", ""))
    if day:
        found["made"] = "-".join(day.groups())
    if told.get("/Author", "").strip():
        found["author"] = told["/Author"].strip()
    return found
