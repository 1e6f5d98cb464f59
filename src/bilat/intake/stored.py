# SPDX-License-Identifier: Apache-2.0
"""Whether an equal piece is stored already."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from bilat.intake.page import Page
from bilat.intake.terms import terms

#: A shorter title may stand over several pages.
LONGEST_COMMON_TITLE = 4
#: Share of the terms of a stored document that one passage has.
ALIKE = 0.6
#: A shorter document is alike by chance.
LEAST_TERMS = 8
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class StoredPiece:
    """A stored document that equals the page, or one of its passages."""

    document: str
    why: str
    place: str = ""  #: where on the page, for a passage
    same_page: bool = False


def stored_pieces(page: Page, rows: Mapping[str, Mapping[str, object]]) -> list[StoredPiece]:
    """Return the stored documents that equal the page, those of the same page first."""
    address = _plain(page.address)
    title = _folded(page.title)
    found = []
    passages = [
        (place, set(terms(p)), _numbers(p))
        for place, p in zip(page.places, page.passages, strict=True)
    ]
    for name, row in rows.items():
        if address and _plain(str(row["url"])) == address:
            found.append(StoredPiece(name, "the same address", same_page=True))
        elif (
            len(title.split()) > LONGEST_COMMON_TITLE and _folded(str(row["title"] or "")) == title
        ):
            found.append(StoredPiece(name, "the same title", same_page=True))
        else:
            found += _alike(name, row, passages)
    return sorted(found, key=lambda piece: not piece.same_page)


def _alike(
    name: str, row: Mapping[str, object], passages: list[tuple[str, set[str], set[str]]]
) -> list[StoredPiece]:
    """The stored document, where a passage has most of its words and all of its numbers."""
    what = str(row["what"])
    wanted = {t for t in terms(what) if " " not in t}
    numbers = _numbers(what)
    if len(wanted) < LEAST_TERMS or not numbers:
        return []
    for place, mine, known in passages:
        if numbers <= known and len(wanted & mine) >= ALIKE * len(wanted):
            return [StoredPiece(name, "the same figures in the same words", place)]
    return []


def _numbers(text: str) -> set[str]:
    return {n.replace(",", "").rstrip(".") for n in _NUMBER.findall(text)}


def _plain(address: str) -> str:
    """The address without scheme, ``www.``, query and final slash."""
    parts = urlsplit(address.strip())
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    return host + parts.path.rstrip("/") if host else ""


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
