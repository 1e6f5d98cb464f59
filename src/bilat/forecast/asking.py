# SPDX-License-Identifier: Apache-2.0
"""What may be asked of the watch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from bilat.document import Document, Frame, Question
from bilat.document.fields import Day

if TYPE_CHECKING:
    from bilat.forecast.signals import Deal

#: Days that the watch looks back over where no earlier date is given.
WEEK = 7


@dataclass(frozen=True)
class WatchQuestion(Question):
    """What came in, what stands out, what fell silent, which answers changed, and what is due."""

    verb = ("watch",)
    pair = True
    since: Annotated[Day, "The earlier date; a week before the as-of date where blank."] = ""

    def answer(self, frame: Frame) -> Document:
        return self.seen(frame)

    def seen(self, frame: Frame, own: Sequence[Deal] = (), withheld: Collection[str] = ()) -> Document:
        """The document with deals of one's own looked up, and without what it says of some claims."""
        from bilat.forecast.board import document
        from bilat.forecast.watch import watch

        since = self.since or str(frame.as_of.date - dt.timedelta(days=WEEK))
        found = watch(since, frame.as_of, frame.dyad, holdings=frame.holdings, own=own)
        return document(found.without(withheld), self)
