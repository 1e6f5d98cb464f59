# SPDX-License-Identifier: Apache-2.0
"""Who says a thing first, on which page it was read, and when that page became public."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

OriginatorKind = Literal[
    "official", "intelligence", "institute", "register", "press", "company", "person"
]
#: What the originator does with the fact: whoever prints it must not turn one into another.
Assertion = Literal["states", "estimates", "alleges", "denies", "plans", "reports"]

#: Reliability, best first.
TRUST = "ABCDEF"
#: A publication day that is known no better than this says nothing about what was public when.
WIDEST = dt.timedelta(days=366)


@dataclass(frozen=True)
class PublicDay:
    """The earliest and the latest day on which a document can have become public."""

    earliest: dt.date
    latest: dt.date
    found: str  #: how the days were found

    def __post_init__(self) -> None:
        if self.earliest > self.latest:
            raise ValueError(f"is public from {self.earliest} and until {self.latest}")

    @property
    def is_exact(self) -> bool:
        """Whether the day itself is known."""
        return self.earliest == self.latest

    @property
    def decides_the_past(self) -> bool:
        """Whether the bounds are close enough to say what was public on a past date."""
        return self.latest - self.earliest <= WIDEST

    def counts_from(self, archive_end: dt.date) -> dt.date:
        """Return the day from which an as-of date sees the document.

        Parameters
        ----------
        archive_end
            When the archive in which the page was read was closed: a document whose day is not
            known to within a year counts from then, so that it decides nothing about the past.
        """
        return self.latest if self.decides_the_past else max(self.latest, archive_end)

    def __str__(self) -> str:
        return f"{self.earliest}" if self.is_exact else f"{self.earliest} to {self.latest}"


@dataclass(frozen=True)
class Originator:
    """Who says it first. Two documents of one originator are one voice."""

    name: str
    kind: OriginatorKind | None = None  #: None where nobody has read the document a second time


@dataclass(frozen=True)
class Copy:
    """The page on which it was read, and what its site is worth."""

    site: str
    page: str
    trust: str  #: a letter of :data:`TRUST`


@dataclass(frozen=True)
class Voice:
    """Originator, copy, and the way from one to the other."""

    originator: Originator
    copy: Copy
    chain: str = ""

    def grade(self, originators: str) -> str:
        """Return the grade of the document: the worse of the originator's and the copy's.

        Parameters
        ----------
        originators
            Admiralty grade of what the originator may know, such as ``B2``.
        """
        return max(originators[0], self.copy.trust, key=TRUST.index) + originators[1:]
