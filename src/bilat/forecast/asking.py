# SPDX-License-Identifier: Apache-2.0
"""What may be asked of the watch, and of its dated questions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from bilat.document import Document, Frame, Question
from bilat.document.fields import Day, Local, Written
from bilat.errors import command

if TYPE_CHECKING:
    from bilat.forecast.asked import Forecast

#: Days that the watch looks back over where no earlier date is given.
WEEK = 7


@dataclass(frozen=True)
class WatchQuestion(Question):
    """What happened, what stands out, what fell silent, which answers changed, and what is due."""

    verb = ("watch",)
    title = "The watch"
    examples = (command("watch", since="2023-03-20", as_of="2024-03-31"),)
    slow = True
    pair = True
    team = True
    since: Annotated[Day, "The earlier date; a week before the as-of date where blank."] = ""

    def answer(self, frame: Frame) -> Document:
        from bilat.forecast.board import document
        from bilat.forecast.watch import watch

        since = self.since or str(frame.as_of.date - dt.timedelta(days=WEEK))
        found = watch(since, frame.as_of, frame.dyad, holdings=frame.holdings)
        return replace(document(found.without(frame.withheld), self), marking=frame.limit)


File = Annotated[
    str, Local(), Written(what="FILE"), "Your own question file (TOML); bilat's where blank."
]


@dataclass(frozen=True)
class ForecastListQuestion(Question):
    """Every question with its probability at the opening and what came."""

    verb = ("watch", "list")
    title = "Dated questions"
    examples = (command("watch", "list"),)
    slow = True
    questions: File = ""
    open: Annotated[bool, "Only what is not yet observable."] = False

    def answer(self, frame: Frame) -> Document:
        from bilat.forecast.asked import WAITING
        from bilat.forecast.document import listed

        found = _forecasts(self.questions, frame)
        asked = [f for f in found if not self.open or f.outcome.status == WAITING]
        return listed(asked, self, frame.as_of)


@dataclass(frozen=True)
class OneForecastQuestion(Question):
    """One question: criterion, base rate, evidence with its rows, outcome, and what would move it."""

    verb = ("watch", "show")
    title = "A dated question"
    examples = (command("watch", "show", "P7-PRK-2027"),)
    slow = True
    needs = ("id",)
    id: Annotated[str, Written(first=True, what="ID"), "Id of a question, as the list has it."] = ""
    questions: File = ""

    def answer(self, frame: Frame) -> Document:
        from bilat.forecast.document import shown

        return shown(_forecasts(self.questions, frame, [self.id])[0], self, frame.as_of)


@dataclass(frozen=True)
class ScoresQuestion(Question):
    """Brier and log scores against base rate and persistence."""

    verb = ("watch", "score")
    title = "Scores of the dated questions"
    examples = (command("watch", "score"),)
    slow = True
    questions: File = ""

    def answer(self, frame: Frame) -> Document:
        from bilat.forecast.asked import score
        from bilat.forecast.document import scored

        return scored(score(_forecasts(self.questions, frame)), self, frame.as_of)


def _forecasts(file: str, frame: Frame, ids: Sequence[str] | None = None) -> list[Forecast]:
    """The questions of a file that are asked by the date, or those named, whatever their opening."""
    from bilat.forecast.asked import forecast, forecasts
    from bilat.forecast.questions import one, questions

    asked = tuple(
        q for q in questions(Path(file) if file else None) if q.claim not in frame.withheld
    )
    if ids is not None:
        return [forecast(one(asked, i), as_of=frame.as_of, holdings=frame.holdings) for i in ids]
    return forecasts(frame.as_of, frame.holdings, asked=asked)
