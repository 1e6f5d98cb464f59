# SPDX-License-Identifier: Apache-2.0
"""When a page seems to have become public, and how that was found."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bilat.catalog.page_dates import page_date
from bilat.intake.page import Page
from bilat.when import MONTHS

#: A page's date stands in its first characters; further down stand the dates of what it tells.
HEAD = 600
_MONTH = "|".join(f"{month}|{month[:3]}" for month in MONTHS)
_PATTERNS = (
    re.compile(rf"\b(?P<w>{_MONTH})\.? (?P<d>\d{{1,2}}),? (?P<y>(?:19|20)\d\d)\b", re.IGNORECASE),
    re.compile(rf"\b(?P<d>\d{{1,2}}) (?P<w>{_MONTH})\.?,? (?P<y>(?:19|20)\d\d)\b", re.IGNORECASE),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)[-/](?P<m>\d{1,2})[-/](?P<d>\d{1,2})(?!\d)"),
)
_SHORT = [month[:3].lower() for month in MONTHS]


@dataclass(frozen=True)
class PageDay:
    """The day on which a page seems to have become public; None where it gives none."""

    day: dt.date | None
    found: str


def dated(page: Page, today: dt.date) -> PageDay:
    """Return the day that the page declares, that its address has, or that its first lines name.

    A day later than ``today``, the date asked, is named and not taken.
    """
    declared = next(_days(page.declared.get("published", "")), None)
    address = page_date(page.address) if page.address else None
    head = next(_days(page.text[:HEAD]), None)
    made = next(_days(page.declared.get("made", "")), None)
    candidates = (
        (declared, "declared by the page"),
        (address, "in its address"),
        (head, "in its first lines"),
        (made, "the day on which the file was made"),
    )
    for day, found in candidates:
        if day is not None:
            late = f"{found}: {day}, which is after {today}"
            return PageDay(None, late) if day > today else PageDay(day, found)
    return PageDay(None, "the page gives no day")


def _days(text: str) -> Iterator[dt.date]:
    """Yield the full days that a text names, in the order of the text."""
    found = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            month = _SHORT.index(parts["w"][:3].lower()) + 1 if parts.get("w") else int(parts["m"])
            try:
                day = dt.date(int(parts["y"]), month, int(parts["d"]))
            except ValueError:  # 2021-02-30: an identifier, not a date
                continue
            found.append((match.start(), day))
    for _, day in sorted(found):
        yield day
