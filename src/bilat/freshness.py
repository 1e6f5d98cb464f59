# SPDX-License-Identifier: Apache-2.0
"""How fresh stored data or a document is: five dates that are never filled from one another.

One date cannot do four jobs. When the content ends, which date the edition bears, when the public
could know it and when the publisher was asked are separate facts, and the day on which somebody
read or typed a thing is none of them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

#: Answers of a publisher by which an edition is the newest there is.
CONFIRMING = ("new", "unchanged")
#: Who may state the date of an edition; "" if nobody does.
WITNESSES = ("file", "header", "name", "catalog", "")


@dataclass(frozen=True)
class Freshness:
    """How fresh a table, a list or a document is. Days are ISO texts; "" stands for unknown.

    Parameters
    ----------
    content_to
        the last day or period that the content covers, from its rows.
    stated, stated_by
        the edition's own date, and who states it: one of :data:`WITNESSES`. Never the day of
        the pull.
    public_from, public_to
        the earliest and the latest day on which it can have been published; equal if the day is
        known.
    asked, answer
        the last day on which the publisher was asked, and what it answered: ``new``, ``unchanged``,
        ``older``, ``quarantined`` or ``refused``.
    read
        the day on which it was read or typed; printed, and never used to decide anything.
    """

    content_to: str = ""
    stated: str = ""
    stated_by: str = ""
    public_from: str = ""
    public_to: str = ""
    asked: str = ""
    answer: str = ""
    read: str = ""

    def __post_init__(self) -> None:
        if self.stated_by not in WITNESSES:
            raise ValueError(f"{self.stated_by!r} states no date of an edition")
        if self.stated and not self.stated_by:
            raise ValueError(f"nobody states the date {self.stated}")

    @property
    def is_confirmed(self) -> bool:
        """Whether the publisher's last answer was that this is its newest edition."""
        return self.answer in CONFIRMING

    @property
    def current_on(self) -> str:
        """The last day on which the content is known to have been the newest; "" if none is."""
        days = [self.content_to, self.stated, self.asked if self.is_confirmed else ""]
        return max((d for d in days if d), key=_last_day, default="")

    def age(self, day: dt.date) -> int | None:
        """Return the days from :attr:`current_on` to ``day``, at least 0; None if it is unknown."""
        if not self.current_on:
            return None
        return max((day - _last_day(self.current_on)).days, 0)

    def __str__(self) -> str:
        """Return what every surface prints: ``data to D; version of D; checked D: unchanged``."""
        parts = [f"data to {self.content_to}" if self.content_to else ""]
        if self.stated:
            parts.append(f"version of {self.stated}")
        elif not self.content_to:
            parts.append("undated")
        if self.public_to and self.public_from == self.public_to != self.stated:
            parts.append(f"public {self.public_to}")
        elif self.public_to and self.public_from != self.public_to:
            parts.append(
                f"public between {self.public_from or 'an unknown day'} and {self.public_to}"
            )
        parts.append(f"checked {self.asked}: {self.answer}" if self.asked else "")
        return "; ".join(filter(None, parts))


def _last_day(text: str) -> dt.date:
    """Return the last day of a year, a month or a day."""
    if len(text) == 4:
        return dt.date(int(text), 12, 31)
    if len(text) == 7:
        year = int(text[:4])
        month = int(text[5:])
        return dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)
    return dt.date.fromisoformat(text)
