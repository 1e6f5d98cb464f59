# SPDX-License-Identifier: Apache-2.0
"""Scores of the numbers in a log of forecasts: the user's own next to ours, said before the outcome.

A number counts from the moment at which it was written into the log, whatever date it was given
for, and only if the outcome was not public by then.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import NamedTuple

from bilat.forecast.kept_forecasts import OURS, YOURS, KeptForecast, terms
from bilat.forecast.resolution import NO, YES, Forecast, brier, log_score


@dataclass(frozen=True)
class LoggedNumbers:
    """The last numbers of one question that were written before its outcome was public."""

    question: str
    yours: float
    ours: float
    base_rate: float | None  #: None where none was counted
    written_on: str  #: the day on which yours was written
    outcome: bool


@dataclass(frozen=True)
class LogScores:
    """The user's numbers of questions that are resolved, each next to ours of the same time."""

    numbers: tuple[LoggedNumbers, ...]
    open: int  #: questions with a number of the user's that are not resolved
    late: int  #: questions of which the user's numbers all came after the outcome

    @property
    def rows(self) -> dict[str, MeanScores]:
        """The mean scores by whose numbers they are, over the same questions."""
        if not self.numbers:
            return {}
        outcomes = [n.outcome for n in self.numbers]
        yours = [n.yours for n in self.numbers]
        ours = [n.ours for n in self.numbers]
        return {
            "you": mean_scores(yours, outcomes),
            "bilat at the same time": mean_scores(ours, outcomes),
        }


class MeanScores(NamedTuple):
    """Mean scores of the numbers of one forecaster."""

    brier: float
    log: float


def mean_scores(probabilities: Sequence[float], outcomes: Sequence[bool]) -> MeanScores:
    """Score probabilities against outcomes."""
    pairs = list(zip(probabilities, outcomes, strict=True))
    squares = [brier(p, yes) for p, yes in pairs]
    logs = [log_score(p, yes) for p, yes in pairs]
    return MeanScores(
        brier=fmean(squares),
        log=fmean(logs),
    )


def score_log(
    entries: Sequence[KeptForecast],
    forecasts: Sequence[Forecast],
) -> LogScores:
    """Score the user's numbers in a log against the outcomes of the questions."""
    found = []
    waiting = 0
    late = 0
    for forecast in forecasts:
        own = _of_question(entries, forecast)
        if not any(entry.who == YOURS for entry in own):
            continue
        if forecast.outcome.status not in (YES, NO):
            waiting += 1
            continue
        numbers = _numbers(forecast, own)
        if numbers is None:
            late += 1
        else:
            found.append(numbers)
    return LogScores(tuple(found), open=waiting, late=late)


def _of_question(
    entries: Sequence[KeptForecast],
    forecast: Forecast,
) -> list[KeptForecast]:
    """The entries of a question; one of another text is another question."""
    question = forecast.question
    wanted = (question.id, terms(question))
    return [e for e in entries if (e.question, e.terms) == wanted]


def _numbers(
    forecast: Forecast,
    entries: Sequence[KeptForecast],
) -> LoggedNumbers | None:
    """The user's last number in time, with ours as it stood when that was written."""
    day = decided_on(forecast).isoformat()
    last = None
    ours = None
    now = None
    for entry in entries:
        if entry.said_on >= day or entry.when[:10] >= day:
            continue
        if entry.who == OURS:
            now = entry
        elif now is not None:
            last = entry
            ours = now
    if last is None or ours is None:
        return None
    return LoggedNumbers(
        forecast.question.id,
        yours=float(last.probability),
        ours=float(ours.probability),
        base_rate=float(ours.base_rate) if ours.base_rate else None,
        written_on=last.when[:10],
        outcome=forecast.outcome.yes,
    )


def decided_on(forecast: Forecast) -> dt.date:
    """Return the day from which the outcome of a resolved question was public."""
    question = forecast.question
    if question.closing is not None:
        return min(question.closing.on, question.closes)
    public = sorted(row.known_on for row in forecast.outcome.rows)
    if not public:
        return question.closes
    last = public[-1]
    criterion = question.criterion
    counts = criterion is not None and criterion.form == "count"
    if criterion is not None and counts and forecast.outcome.yes:
        needed = max(1, math.ceil(criterion.at_least))
        last = public[needed - 1]
    return min(last, question.closes)
