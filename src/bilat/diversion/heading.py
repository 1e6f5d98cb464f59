# SPDX-License-Identifier: Apache-2.0
"""Headings of answers on diversion: a finding, what limits it, and to when the records go."""

from __future__ import annotations

from dataclasses import dataclass

#: The most words of a heading.
MOST_WORDS = 25


@dataclass(frozen=True)
class Heading:
    """The typed parts of a heading.

    Attributes
    ----------
    finding
        who did what: the heading at its shortest.
    to
        to when the records go, and how long ago that was, in brackets.
    origin
        whose goods they are; left out first if the heading is too long.
    change
        how the trade of the finding changed, said after the origin.
    others
        hubs besides those of the finding; left out next.
    doubt
        what the records do not show; never left out.
    """

    finding: str
    to: str
    origin: str = ""
    change: str = ""
    others: str = ""
    doubt: str = ""

    def text(self) -> str:
        """Return the longest form of the heading that has at most :data:`MOST_WORDS` words."""
        short = f"{self.finding}{self.change}"
        end = f"{self.doubt}{self.to}"
        forms = (
            f"{self.finding}{self.origin}{self.change}{self.others}{end}",
            f"{short}{self.others}{end}",
            f"{short}{end}",
        )
        fitting = (form for form in forms if count_words(form) <= MOST_WORDS)
        return next(fitting, forms[-1])


def count_words(heading: str) -> int:
    """Return the words of a heading."""
    return len(heading.split())
