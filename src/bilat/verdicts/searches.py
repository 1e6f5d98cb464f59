# SPDX-License-Identifier: Apache-2.0
"""What was looked for, read and left out for a claim."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bilat.document.plain import plain
from bilat.document.wording import day
from bilat.files.json_types import JsonObject
from bilat.units.notation import count_text


@dataclass(frozen=True)
class LeftOut:
    """A document that was read for a claim and does not count."""

    document: str
    title: str
    publisher: str
    reason: str
    side: str = ""  #: the side that its reader gave it, where this claim is the first
    note: str = ""  #: what its reader saw in it
    page: str = ""  #: where it was read


@dataclass(frozen=True)
class Search:
    """What was looked for and read for a claim, and what was left out."""

    looked_for: tuple[str, ...]
    cited: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    read_from: dt.date | None = None  #: the first and the last day on which they were read
    read_to: dt.date | None = None
    answer_if_counted: str | None = None  #: where those left out would change the answer

    @property
    def sentence(self) -> str:
        """How many documents were read and cited, and what the others would change."""
        read = len(self.cited) + len(self.left_out)
        said = f"{count_text(read, 'documents')} read for this claim{self._days}"
        said = f"{said}, {len(self.cited)} cited."
        if not self.left_out:
            return said
        others = f"the {len(self.left_out)} left out"
        if self.answer_if_counted is None:
            return f"{said} Counted on their reader's side, {others} would not change the answer."
        turned = f"\u201c{self.answer_if_counted}\u201d"
        return f"{said} Counted on their reader's side, {others} would make the answer {turned}."

    @property
    def _days(self) -> str:
        """The days of reading; blank where nothing was read."""
        if self.read_from is None or self.read_to is None:
            return ""
        if self.read_from == self.read_to:
            return f" on {day(self.read_to)}"
        return f" between {day(self.read_from)} and {day(self.read_to)}"

    def to_json(self) -> JsonObject:
        """Return plain data with the sentence."""
        return {"sentence": self.sentence, **plain(self)}
