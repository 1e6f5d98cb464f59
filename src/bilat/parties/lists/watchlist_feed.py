# SPDX-License-Identifier: Apache-2.0
"""Changes of the lists as an Atom feed (RFC 4287): one entry a party, with what changed."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from bilat.parties.lists.watchlist import Change

_ATOM = "http://www.w3.org/2005/Atom"


def change_line(c: Change) -> str:
    """One sentence about a change."""
    where = ", ".join(
        filter(None, ("; ".join(c.programmes or c.lists), ", ".join(c.countries), "; ".join(c.effects)))
    )
    if c.what != "changed":
        ended = f" on {c.until}" if c.what == "ended" else ""
        return f"{c.what}{ended}: {c.name} ({c.party}; {where})"
    gone = f"less {'; '.join(c.before)}" if c.before else ""
    come = f"more {'; '.join(c.after)}" if c.after else ""
    return f"changed: {c.name} ({c.party}; {where}): {c.field}: {', '.join(filter(None, (come, gone)))}"


def atom(changes: Sequence[Change], first: str, last: str) -> str:
    """The feed as a text. The same changes give the same bytes, and an entry keeps its id from run to run.

    ``first`` and ``last`` are the dates compared, or the names of the files; the feed is as old as the later date.
    """
    day = (
        last
        if last[:4].isdigit() and len(last) == 10
        else max((c.listed_on for c in changes), default="") or "1970-01-01"
    )
    feed = Element("feed", xmlns=_ATOM)
    _text(feed, "title", f"bilat lists: {first} to {last}")
    _text(feed, "id", f"urn:bilat:watchlist:{quote(first)}:{quote(last)}")
    _text(feed, "updated", f"{day}T00:00:00Z")
    SubElement(SubElement(feed, "author"), "name").text = "bilat"
    for (what, source, party), these in _by_party(changes).items():
        entry = SubElement(feed, "entry")
        _text(entry, "title", f"{what}: {these[0].name}")
        _text(entry, "id", f"urn:bilat:watchlist:{quote(f'{source}:{party}:{what}:{first}:{last}')}")
        _text(entry, "updated", f"{day}T00:00:00Z")
        _text(entry, "content", "\n".join(map(change_line, these)), type="text")
    indent(feed)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed, encoding="unicode") + "\n"


def _by_party(changes: Sequence[Change]) -> dict[tuple[str, str, str], list[Change]]:
    out: dict[tuple[str, str, str], list[Change]] = {}
    for c in changes:
        out.setdefault((c.what, c.source, c.party), []).append(c)
    return out


def _text(parent: Element, tag: str, text: str, **attributes: str) -> None:
    SubElement(parent, tag, attributes).text = "".join(c for c in text if c >= " " or c in "\n\t")
