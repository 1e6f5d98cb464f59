# SPDX-License-Identifier: Apache-2.0
"""A document as an Atom feed (RFC 4287): one entry a finding."""

from __future__ import annotations

from hashlib import sha256
from textwrap import shorten
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from bilat.document.blocks import Document, Finding


def atom(document: Document) -> str:
    """The feed as a text. The same document gives the same bytes, and an entry keeps its id from run to run.

    The marking stands in ``rights``, which is there for what a reader may do with a feed (RFC 4287, 4.2.10).
    """
    whose = f"-{document.dyad.a}-{document.dyad.b}" if document.dyad else ""
    name = f"urn:bilat:{document.kind}{whose}"
    updated = f"{document.as_of}T00:00:00Z"
    feed = Element("feed", xmlns="http://www.w3.org/2005/Atom")
    _text(
        feed,
        "title",
        f"bilat {document.kind}: {document.dyad.name if document.dyad else document.title}",
    )
    _text(feed, "id", name)
    _text(feed, "updated", updated)
    SubElement(SubElement(feed, "author"), "name").text = "bilat"
    if document.marking:
        _text(feed, "rights", str(document.marking))
    for f in (b for b in document.walk() if isinstance(b, Finding)):
        entry = SubElement(feed, "entry")
        title = f"{f.topic}: {f.sentence}" if f.topic else f.sentence
        _text(entry, "title", shorten(title, 160, placeholder=" …"))
        _text(entry, "id", f"{name}:{sha256(f.sentence.encode()).hexdigest()[:16]}")
        _text(entry, "updated", f"{f.data_to}T00:00:00Z" if f.data_to else updated)
        _text(
            entry,
            "content",
            " ".join(x for x in (f.sentence, f.so_what, f.would_change) if x),
            type="text",
        )
    indent(feed)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed, encoding="unicode") + "\n"


def _text(parent: Element, tag: str, text: str, **attributes: str) -> None:
    SubElement(parent, tag, attributes).text = text
