# SPDX-License-Identifier: Apache-2.0
"""The watch as an Atom feed (RFC 4287): one entry a thing that a reader may have to act on."""

from __future__ import annotations

from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from bilat.forecast.told import items
from bilat.forecast.watch import Watch
from bilat.handling import Marking

_ATOM = "http://www.w3.org/2005/Atom"
#: Rows that an entry names; a verdict may rest on hundreds, and the JSON has them all.
MOST_ROWS = 12


def atom(w: Watch, marking: Marking | None = None) -> str:
    """The feed as a text. The same watch gives the same bytes, and an entry keeps its id from run to run.

    ``marking`` stands in ``rights``, which is there for what a reader may do with a feed (RFC 4287, 4.2.10).
    """
    pair = f"{w.dyad.a}-{w.dyad.b}"
    feed = Element("feed", xmlns=_ATOM)
    _text(feed, "title", f"bilat watch: {w.dyad.name}")
    _text(feed, "id", f"urn:bilat:watch:{pair}")
    _text(feed, "updated", f"{w.last}T00:00:00Z")
    SubElement(SubElement(feed, "author"), "name").text = "bilat"
    if marking:
        _text(feed, "rights", str(marking))
    for i in items(w):
        entry = SubElement(feed, "entry")
        _text(entry, "title", i.title)
        _text(entry, "id", f"urn:bilat:watch:{pair}:{quote(i.key)}")
        _text(entry, "updated", f"{w.last}T00:00:00Z")
        SubElement(entry, "category", term=i.kind)
        _text(entry, "content", "\n".join([i.text, *_named(i.rows)]), type="text")
    indent(feed)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed, encoding="unicode") + "\n"


def _named(rows: tuple[str, ...]) -> list[str]:
    more = f" and {len(rows) - MOST_ROWS} more" if len(rows) > MOST_ROWS else ""
    return [f"Rows: {'; '.join(rows[:MOST_ROWS])}{more}"] if rows else []


def _text(parent: Element, tag: str, text: str, **attributes: str) -> None:
    SubElement(parent, tag, attributes).text = text
