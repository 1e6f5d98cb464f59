# SPDX-License-Identifier: Apache-2.0
"""What may be asked of the watch, and of its dated questions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from bilat.document import Document, Frame, Question
from bilat.document.fields import Local, PastDay, Written
from bilat.errors import DataError, command

if TYPE_CHECKING:
    from bilat.forecast.kept_forecasts import ForecastLog
    from bilat.forecast.resolution import Forecast

#: Days that the watch looks back over where no earlier date is given.
WEEK = 7


@dataclass(frozen=True)
class WatchQuestion(Question):
    """Show what has changed: new figures, unusual ones, series that stopped, answers that moved."""

    verb = ("watch",)
    title = "Watch"
    examples = (command("watch", since="2023-03-20", as_of="2024-03-31"),)
    slow = True
    pair = True
    team = True
    since: Annotated[PastDay, "The earlier date; by default a week before the as-of date."] = ""

    def answer(self, frame: Frame) -> Document:
        from bilat.forecast.board import document
        from bilat.forecast.watch import watch

        since = self.since or str(frame.as_of.date - dt.timedelta(days=WEEK))
        found = watch(since, frame.as_of, frame.dyad, holdings=frame.holdings)
        return replace(document(found.without(frame.withheld), self), marking=frame.limit)


File = Annotated[
    str, Local(), Written(what="FILE"), "Your own question file (TOML); by default bilat's."
]


@dataclass(frozen=True)
class ForecastListQuestion(Question):
    """List every question with its probability, what changed and what moves it."""

    verb = ("watch", "list")
    title = "Forecasting questions"
    examples = (
        command("watch", "list"),
        command("watch", "list", mine="numbers.csv", keep="forecasts.jsonl"),
    )
    slow = True
    questions: File = ""
    open: Annotated[bool, "Show only questions that are still open."] = False
    mine: Annotated[
        str, Local(), Written(what="FILE"), "Your own numbers (CSV: question, probability)."
    ] = ""
    keep: Annotated[
        str,
        Local(),
        Written(what="LOG"),
        "Append what changed to this log, in which each entry carries the hash of the one before.",
    ] = ""

    def answer(self, frame: Frame) -> Document:
        from bilat.forecast.document import Beside, listed
        from bilat.forecast.kept_forecasts import ForecastLog, published, read_yours
        from bilat.forecast.resolution import WAITING

        found = _forecasts(self.questions, frame)
        asked = [f for f in found if not self.open or f.outcome.status == WAITING]
        yours = read_yours(Path(self.mine), [f.question for f in found]) if self.mine else {}
        log = ForecastLog(Path(self.keep)) if self.keep else None
        before = list(log.entries()) if log else list(published())
        kept = log.keep(found, yours, frame.as_of.date) if log else None
        entries = list(log.entries()) if log else before
        beside = Beside(
            before=tuple(before), yours=yours, kept=kept, seal=entries[-1].hash if entries else ""
        )
        return listed(asked, self, frame.as_of, beside)


@dataclass(frozen=True)
class OneForecastQuestion(Question):
    """Show one forecasting question: criterion, base rate, evidence, outcome and what would move it."""

    verb = ("watch", "show")
    title = "A forecasting question"
    examples = (command("watch", "show", "P7-PRK-2027"),)
    slow = True
    needs = ("id",)
    id: Annotated[str, Written(first=True, what="ID"), "Id of the question, as in the list."] = ""
    questions: File = ""

    def answer(self, frame: Frame) -> Document:
        from bilat.forecast.document import shown

        return shown(_forecasts(self.questions, frame, [self.id])[0], self, frame.as_of)


@dataclass(frozen=True)
class ScoresQuestion(Question):
    """Score our forecasts, and your own numbers next to them."""

    verb = ("watch", "score")
    title = "Scores of our forecasts"
    examples = (
        command("watch", "score"),
        command("watch", "score", log="forecasts.jsonl"),
    )
    slow = True
    questions: File = ""
    log: Annotated[
        str,
        Local(),
        Written(what="LOG"),
        "Score your own numbers in this log, which `watch list` keeps.",
    ] = ""

    def answer(self, frame: Frame) -> Document:
        from bilat.forecast.document import scored
        from bilat.forecast.log_scores import score_log
        from bilat.forecast.resolution import score

        asked = _forecasts(self.questions, frame)
        log = score_log(list(_existing(self.log).entries()), asked) if self.log else None
        return scored(score(asked), self, frame.as_of, log)


def _existing(log: str) -> ForecastLog:
    """The log in a file that must be there."""
    from bilat.forecast.kept_forecasts import ForecastLog

    path = Path(log)
    if not path.is_file():
        cure = f"write one with: {command('watch', 'list', mine='numbers.csv', keep=path.name)}"
        raise DataError("no such log of forecasts", file=path, cure=cure)
    return ForecastLog(path)


def _forecasts(file: str, frame: Frame, ids: Sequence[str] | None = None) -> list[Forecast]:
    """The questions of a file that are asked by the date, or those named, whatever their opening."""
    from bilat.forecast.questions import one, questions
    from bilat.forecast.resolution import forecast, forecasts

    asked = tuple(
        q for q in questions(Path(file) if file else None) if q.claim not in frame.withheld
    )
    if ids is not None:
        return [forecast(one(asked, i), as_of=frame.as_of, holdings=frame.holdings) for i in ids]
    return forecasts(frame.as_of, frame.holdings, asked=asked)
