# SPDX-License-Identifier: Apache-2.0
"""An HTML page: its title, paragraphs and address, and the date, author and site it declares."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any, TypeAlias

from bilat.formats.json_text import Cells

Attributes: TypeAlias = list[tuple[str, str | None]]

#: Elements whose content is not text of the page.
_SKIPPED_NAMES = "script style noscript template svg nav footer form button aside select iframe"
_SKIPPED = frozenset(_SKIPPED_NAMES.split())
#: Elements that begin or end a paragraph.
_BLOCK_NAMES = (
    "p div section article main header li ul ol table tr td th blockquote pre br hr dl dt dd "
    "figure figcaption h1 h2 h3 h4 h5 h6 body title"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_VOID_NAMES = "br hr img meta link input source wbr area base col embed track"
_VOID = frozenset(_VOID_NAMES.split())
#: Names of meta tags and fields that declare each thing, the most reliable first.
DECLARED = {
    "published": (
        "article:published_time",
        "datepublished",
        "citation_publication_date",
        "dc.date.issued",
        "dc.date",
        "dcterms.date",
        "pubdate",
        "publish-date",
        "parsely-pub-date",
        "date",
        "time",
    ),
    "author": ("author", "article:author", "citation_author", "dc.creator", "parsely-author"),
    "site": ("og:site_name", "publisher", "dc.publisher", "application-name"),
    "title": ("og:title", "citation_title", "dc.title", "headline"),
    "address": ("canonical", "og:url"),
}
#: A paragraph with fewer words is taken for a link or a label.
LEAST_WORDS = 6
#: JSON-LD items of a page that are read.
MOST_ITEMS = 20
_BLANKS = re.compile(r"\s+")


class Markup(HTMLParser):
    """One HTML page; feed it, close it, and ask."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._found: dict[str, str] = {}
        self._paragraphs: list[str] = []
        self._text: list[str] = []
        self._heading: list[str] = []
        self._title: list[str] = []
        self._skipping = 0
        self._inside: list[str] = []
        self._json: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        values = {k: v or "" for k, v in attrs}
        if tag == "meta":
            self._declare(
                values.get("property") or values.get("name", ""), values.get("content", "")
            )
            self._declare(values.get("itemprop", ""), values.get("content", ""))
        elif tag == "link" and values.get("rel", "").lower() == "canonical":
            self._declare("canonical", values.get("href", ""))
        elif tag == "time":
            self._declare("time", values.get("datetime", ""))
        elif tag == "script" and "ld+json" in values.get("type", ""):
            self._json = []
        if tag in _SKIPPED:
            self._skipping += 1
        if tag in _BLOCKS:
            self._end_paragraph()
        if tag not in _VOID:
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._json is not None:
            self._declare_json("".join(self._json))
            self._json = None
        if tag in _SKIPPED and self._skipping:
            self._skipping -= 1
        if tag in _BLOCKS:
            self._end_paragraph()
        if tag in self._inside:
            self._close_element(tag)

    def _close_element(self, tag: str) -> None:
        """Close the innermost open element of this name, and those inside it that have no end."""
        closed = ""
        while closed != tag:
            closed = self._inside.pop()

    def handle_data(self, data: str) -> None:
        if self._json is not None:
            self._json.append(data)
        elif self._inside and self._inside[-1] == "title":
            self._title.append(data)
        elif not self._skipping:
            self._text.append(data)
            if "h1" in self._inside:
                self._heading.append(data)

    def close(self) -> None:
        """End the page."""
        super().close()
        self._end_paragraph()

    @property
    def title(self) -> str:
        """The title that the page declares, its first heading, or the title of its window."""
        candidates = (self._first("title"), "".join(self._heading), "".join(self._title))
        return next((_one_line(t) for t in candidates if t.strip()), "")

    @property
    def address(self) -> str:
        """The address that the page gives itself."""
        found = self._first("address")
        return found if found.startswith(("http://", "https://")) else ""

    @property
    def declared(self) -> dict[str, str]:
        """What the page says of its date, author and site."""
        named = {name: self._first(name) for name in ("published", "author", "site")}
        return {name: value for name, value in named.items() if value}

    def passages(self) -> tuple[str, ...]:
        """The paragraphs, each once, without labels and links."""
        return tuple(dict.fromkeys(p for p in self._paragraphs if len(p.split()) >= LEAST_WORDS))

    def _first(self, name: str) -> str:
        return next((self._found[key] for key in DECLARED[name] if self._found.get(key)), "")

    def _declare(self, key: str, value: str) -> None:
        if value.strip():
            self._found.setdefault(key.strip().lower(), _one_line(value))

    def _declare_json(self, text: str) -> None:
        try:
            content: Any = json.loads(text)
        except (ValueError, RecursionError):
            return
        items = content if isinstance(content, list) else [content]
        for item in items[:MOST_ITEMS]:
            for thing in _objects(item):
                self._declare_object(thing)

    def _declare_object(self, thing: Cells) -> None:
        for key in ("datePublished", "headline"):
            self._declare(key, str(thing.get(key) or ""))
        for key in ("publisher", "author"):
            self._declare(key, _name_of(thing.get(key)))

    def _end_paragraph(self) -> None:
        text = _one_line("".join(self._text))
        self._text.clear()
        if text:
            self._paragraphs.append(text)


def _objects(item: Any) -> list[Cells]:
    """Return the objects of a JSON-LD item: those of its ``@graph``, or the item itself."""
    graph = item.get("@graph", item) if isinstance(item, dict) else None
    several = graph if isinstance(graph, list) else [graph]
    return [thing for thing in several if isinstance(thing, dict)]


def _name_of(value: Any) -> str:
    first = value[0] if isinstance(value, list) and value else value
    named = first.get("name", "") if isinstance(first, dict) else first
    return named if isinstance(named, str) else ""


def _one_line(text: str) -> str:
    return _BLANKS.sub(" ", text).strip()
