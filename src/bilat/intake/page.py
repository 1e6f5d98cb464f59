# SPDX-License-Identifier: Apache-2.0
"""A page as text: title, address, passages, and what it says of its own date and maker."""

from __future__ import annotations

import hashlib
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from bilat.errors import DataError
from bilat.files.text import head
from bilat.intake.markup import Markup
from bilat.intake.pdf import pdf_page

#: The most bytes of a page.
LARGEST = 30_000_000
#: The fewest characters of text that a page must have.
LEAST = 120
#: The most characters of a title; a longer first line is a paragraph.
LONGEST_TITLE = 200
_ADDRESS = re.compile(r"https?://\S+")
_BLANK_LINE = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Page:
    """One page that was read.

    Parameters
    ----------
    passages
        its paragraphs in order; ``places`` says where each stands.
    declared
        what the page states about itself: ``published``, ``author``, ``site``.
    """

    title: str
    passages: tuple[str, ...]
    places: tuple[str, ...]
    address: str = ""
    declared: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The title and all passages."""
        return "\n".join([self.title, *self.passages])

    @property
    def digest(self) -> str:
        """sha256 of the words, so that a page saved twice is known again."""
        plain = " ".join(self.text.lower().split())
        return hashlib.sha256(plain.encode()).hexdigest()


def read_page(path: Path, address: str = "") -> Page:
    """Read a page from a file, ``-`` for standard input: text, HTML or PDF.

    Raises
    ------
    DataError
        where the file cannot be read, is none of these, or has no text.
    """
    name = "standard input" if str(path) == "-" else str(path)
    data = sys.stdin.buffer.read(LARGEST + 1) if str(path) == "-" else head(path, LARGEST + 1)
    if len(data) > LARGEST:
        raise DataError(
            f"is larger than {LARGEST // 1_000_000} MB", file=name, cure="save the page alone"
        )
    if not data.strip():
        raise DataError("is empty", file=name, cure="save the page again")
    page = _parsed(data, name)
    if address:
        page = Page(page.title, page.passages, page.places, address, page.declared)
    if sum(map(len, page.passages)) < LEAST:
        raise DataError(
            f"has fewer than {LEAST} characters of text", file=name, cure="save the whole page"
        )
    return page


def _parsed(data: bytes, name: str) -> Page:
    if data.lstrip()[:5] == b"%PDF-":
        title, passages, places, declared = pdf_page(data, name)
        title = title or passages[0][:LONGEST_TITLE]
        return Page(title, passages, places, declared=declared)
    if b"\x00" in data[:4096]:
        raise DataError(
            "is neither text nor HTML nor PDF", file=name, cure="save it as one of them"
        )
    text = _decoded(data)
    start = text.lstrip()[:2000].lower()
    if start.startswith("<") and ("<html" in start or "<!doctype" in start or "<head" in start):
        return _html_page(text)
    return _text_page(text)


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _html_page(text: str) -> Page:
    markup = Markup()
    markup.feed(text)
    markup.close()
    passages = markup.passages()
    return Page(markup.title, passages, _numbered(passages), markup.address, markup.declared)


def _text_page(text: str) -> Page:
    """Parse plain text: the address of the page, if it begins with one, then title and paragraphs."""
    declared, lines = _front_matter(text.strip().splitlines())
    address = ""
    while lines and _ADDRESS.fullmatch(lines[0].strip()):
        address = lines.pop(0).strip()
    blocks = [b for b in _BLANK_LINE.split("\n".join(lines)) if b.strip()]
    if len(blocks) < 3:  # a page without blank lines: a line is a paragraph
        blocks = [line for line in lines if line.strip()]
    passages = tuple(" ".join(b.split()) for b in blocks)
    title = declared.get("title", "")
    if not title and passages:
        title = passages[0][:LONGEST_TITLE]
        if len(passages) > 1 and len(passages[0]) <= LONGEST_TITLE:
            passages = passages[1:]
    return Page(title, passages, _numbered(passages), address, declared)


def _front_matter(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """Return the fields of Markdown's front matter by our names, and the lines after it.

    Front matter is a block of ``key: value`` lines between two lines ``---``.
    """
    if not lines or lines[0].strip() != "---" or "---" not in lines[1:]:
        return {}, lines
    end = lines.index("---", 1)
    names = {"title": "title", "author": "author", "date": "published"}
    declared = {}
    for line in lines[1:end]:
        key, _, text = line.partition(":")
        name = names.get(key.strip().lower())
        value = text.strip().strip("\"'")
        if name and text.strip():
            declared[name] = value
    return declared, lines[end + 1 :]


def _numbered(passages: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"paragraph {n}" for n in range(1, len(passages) + 1))
