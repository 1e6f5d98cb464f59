# SPDX-License-Identifier: Apache-2.0
"""The watch as an Atom feed (RFC 4287): one entry a warning, a verdict, a line crossed."""

from __future__ import annotations

from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from bilat.forecast.moves import Move
from bilat.forecast.watch import Changed, Line, Watch

_ATOM = "http://www.w3.org/2005/Atom"


def move_line(m: Move) -> str:
    """One sentence about a figure that stands out."""
    expected = f"{m.low:.4g} to {m.high:.4g} expected" if m.low is not None and m.high is not None else ""
    return f"{m.series} {m.period}: {m.value:.4g} {m.unit}; {expected} at 95% ({m.method}; p {m.p:.2g})"


def change_line(c: Changed) -> str:
    """One sentence about a verdict that changed."""
    return f"{c.claim} {c.before} -> {c.after}: {'; '.join(c.reasons)}"


def cross_line(x: Line) -> str:
    """One sentence about a line that is crossed."""
    was = "not measured" if x.before is None else f"{x.before:.4g}"
    return f"{x.says}: {x.after:.4g}, line {x.line:g}, before {was}"


def atom(w: Watch) -> str:
    """The feed as a text. The same watch gives the same bytes, and an entry keeps its id from run to run."""
    pair = f"{w.dyad.a}-{w.dyad.b}"
    feed = Element("feed", xmlns=_ATOM)
    _text(feed, "title", f"bilat watch: {w.dyad.name}")
    _text(feed, "id", f"urn:bilat:watch:{pair}")
    _text(feed, "updated", f"{w.last}T00:00:00Z")
    SubElement(SubElement(feed, "author"), "name").text = "bilat"
    entries = [(f"move:{m.series}:{m.period}", f"Unusual: {m.series} {m.period}", move_line(m), m.rows)
               for m in w.warnings]  # fmt: skip
    entries += [(f"verdict:{c.claim}:{c.after}:{w.last}", f"{c.claim}: {c.after}", change_line(c), c.rows)
                for c in w.verdicts]  # fmt: skip
    entries += [(f"line:{x.id}:{w.last}", f"Line crossed: {x.says}", cross_line(x), x.rows)
                for x in w.lines if x.crossed]  # fmt: skip
    for key, title, text, rows in entries:
        entry = SubElement(feed, "entry")
        _text(entry, "title", title)
        _text(entry, "id", f"urn:bilat:watch:{pair}:{quote(key)}")
        _text(entry, "updated", f"{w.last}T00:00:00Z")
        _text(entry, "content", text + (f"\nRows: {'; '.join(rows)}" if rows else ""), type="text")
    indent(feed)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed, encoding="unicode") + "\n"


def _text(parent: Element, tag: str, text: str, **attributes: str) -> None:
    SubElement(parent, tag, attributes).text = text
