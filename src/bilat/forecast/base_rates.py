# SPDX-License-Identifier: Apache-2.0
"""Base rates: how often the like has happened, counted from the record as it was known.

Events come at a rate: a gamma prior of ``prior`` events, discounted exposure, and the negative binomial that
follows. Yes-or-no windows are counted as (k + prior) / (n + 2 prior), older ones discounted; windows that
overlap count as one over their length, for they share their years. What has never been seen so keeps a chance.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bilat.document.wording import day as in_words
from bilat.document.wording import period
from bilat.errors import DataError
from bilat.forecast.questions import Criterion, ForecastQuestion
from bilat.forecast.record import History, Observation
from bilat.forecast.streams import specs
from bilat.units.notation import count_text, number
from bilat.when import Period

#: No forecast is nearer to certainty than this: the record itself may be wrong.
FLOOR = 0.01


@dataclass(frozen=True)
class BaseRate:
    """A base rate and what it was counted from."""

    probability: float
    successes: float  #: discounted
    trials: float  #: discounted; years of exposure for events
    words: str
    persistence: float  #: 1 or 0: what the last window before the opening was


def bounded(p: float) -> float:
    """A probability kept off certainty."""
    return min(1 - FLOOR, max(FLOOR, p))


def base_rate(question: ForecastQuestion, past: History) -> BaseRate:
    """The base rate of a question from its record as of the opening.

    Raises
    ------
    DataError
        if the record holds no window to count.
    """
    criterion = question.criterion
    base = question.base
    if (
        criterion is None
        or base is None
        or (question.judged is not None and question.record is None)
    ):
        p = question.judged or 0.5
        return BaseRate(
            bounded(p),
            successes=0,
            trials=0,
            words=f"judged, not counted: {question.judged_why}",
            persistence=0.0,
        )
    if criterion.form == "count":
        return _events(question, criterion, past)
    if criterion.form == "month":
        return _month(question, criterion, past)
    return _windows(question, criterion, past)


def _month(
    question: ForecastQuestion, criterion: Criterion, past: History, scale: float = 1.0
) -> BaseRate:
    """How often a stream has grown as far, over as many months, as it would have to now.

    ``scale``: the newest figure is taken so many times as large.
    """
    assert question.base is not None and criterion.window is not None
    base = question.base
    target = criterion.window[0]
    seen = {s.period: s.value for s in past.seen if s.period >= str(base.since)}
    newest = max(seen, default="")
    if not newest or seen[newest] <= 0 or newest >= target:
        raise DataError(
            f"question {question.id}: the stream has no figure before {target} to start from",
            cure="ask of a month after the latest figure",
        )
    ahead = _steps(newest, target)
    needed = criterion.at_least / (seen[newest] * scale)
    weights = []
    yes = []
    for month, value in seen.items():
        start = _earlier(month, ahead)
        if seen.get(start, 0.0) > 0:
            grown = value / seen[start]
            yes.append(grown > needed if criterion.strict else grown >= needed)
            weights.append(base.discount ** (_steps(month, newest) / 12) / ahead)
    if not yes:
        raise DataError(
            f"question {question.id}: the stream has no {count_text(ahead, 'months')} behind it",
            cure="ask of a nearer month, or of a stream that reaches further back",
        )
    n = sum(weights)
    k = sum(w for w, met in zip(weights, yes, strict=True) if met)
    words = (
        f"{seen[newest]:.4g} in {period(newest)} must become {criterion.at_least:g} within "
        f"{count_text(ahead, 'months')}, {needed:.2f} times as much. It did so in {sum(yes)} of "
        f"{len(yes)} spans of that length; with more weight for newer spans that is {k:.2f} of "
        f"{n:.2f}"
    )
    return BaseRate(
        bounded((k + base.prior) / (n + 2 * base.prior)),
        successes=k,
        trials=n,
        words=words,
        persistence=float(passes(seen[newest] * scale, criterion)),
    )


def _steps(first: str, last: str) -> int:
    """Months from one to another."""
    return 12 * (int(last[:4]) - int(first[:4])) + int(last[5:]) - int(first[5:])


def _earlier(month: str, steps: int) -> str:
    number = 12 * int(month[:4]) + int(month[5:]) - 1 - steps
    return f"{number // 12}-{number % 12 + 1:02d}"


def _unit(question: ForecastQuestion) -> str:
    """Return the unit of the stream that a question asks."""
    family = question.record.stream.partition(": ")[0] if question.record else ""
    return next((spec.unit for spec in specs() if spec.name == family), "")


#: How much larger and smaller the latest figure is taken to show what moves a probability.
MOVE = 0.25


def derived_movers(
    question: ForecastQuestion, past: History, inside: int, day: dt.date
) -> list[tuple[str, float]]:
    """(what would come after a day, the base rate then), counted from the same record."""
    criterion = question.criterion
    if criterion is None or question.base is None or not past.seen:
        return []
    if criterion.form == "month":
        newest = past.seen[-1].value
        moves = []
        for scale in (1 + MOVE, 1 - MOVE):
            then = _month(question, criterion, past, scale).probability
            said = f"{number(newest * scale)} {_unit(question)}".strip()
            moves.append((f"the latest figure were {said}", then))
        return moves
    if criterion.form == "count" and criterion.window is None and day < question.closes:
        middle = day + (question.closes - day) / 2
        none = probability_now(question, past, inside, middle)
        moves = [(f"none has taken place by {in_words(middle)}", none)]
        if inside + 1 < criterion.at_least:
            moves.append(
                ("one takes place at once", probability_now(question, past, inside + 1, day))
            )
        return moves
    return []


def probability_now(question: ForecastQuestion, past: History, inside: int, day: dt.date) -> float:
    """The base rate of an open question on a later day, with what has come in since it opened.

    Parameters
    ----------
    inside
        events of the window that were seen by then.
    """
    criterion = question.criterion
    if criterion is None or question.base is None:
        return base_rate(question, past).probability
    if criterion.form == "month":
        return _month(question, criterion, past).probability
    if criterion.form == "count" and criterion.window is None:
        left = criterion.model_copy(update={"at_least": criterion.at_least - inside})
        moved_on = question.model_copy(update={"opened": min(day, question.closes)})
        return _events(moved_on, left, past).probability
    return base_rate(question, past).probability


def at_least(n: int, events: float, exposure: float, ahead: float) -> float:
    """P(at least n events in ``ahead`` years), after ``events`` (with the prior's) in ``exposure`` years.

    The rate is gamma distributed, so the count ahead is negative binomial.
    """
    stay = exposure / (exposure + ahead)
    term = stay**events
    below = 0.0
    for k in range(n):
        below += term
        term *= (events + k) / (k + 1) * (1 - stay)
    return 1 - below


def _events(question: ForecastQuestion, criterion: Criterion, past: History) -> BaseRate:
    assert question.base is not None
    base = question.base
    opened = _speaks_to(question, past)
    begins = dt.date(base.since, 1, 1)
    ages = [
        (opened - min(Period(s.period).end, opened)).days / 365.25
        for s in past.seen
        if Period(s.period).start >= begins
    ]
    span = (opened - begins).days / 365.25
    d = base.discount
    events = sum(d**a for a in ages)
    exposure = span if d == 1 else (1 - d**span) / -math.log(d)
    ahead = _ahead(question, criterion, opened)
    p = at_least(
        math.ceil(criterion.at_least), events=events + base.prior, exposure=exposure, ahead=ahead
    )
    recent = sum(1 for a in ages if a <= ahead)
    words = (
        f"{len(ages)} since {base.since}; weighted {events:.1f} in {exposure:.1f} years, "
        f"{ahead:.1f} years ahead"
    )
    return BaseRate(
        bounded(p),
        successes=events,
        trials=exposure,
        words=words,
        persistence=float(recent >= criterion.at_least),
    )


def _speaks_to(question: ForecastQuestion, past: History) -> dt.date:
    """The day up to which the record was counted: a yearly register lags behind the opening."""
    if len(past.reach) == 4:
        return min(question.opened, Period(past.reach).end)
    return question.opened


def _ahead(question: ForecastQuestion, criterion: Criterion, since: dt.date) -> float:
    if criterion.window is None:
        return (question.closes - question.opened).days / 365.25
    first = max(Period(criterion.window[0]).start, since + dt.timedelta(days=1))
    return ((Period(criterion.window[1]).end - first).days + 1) / 365.25


def statistic(values: list[float], which: str) -> float:
    """Sum, max or mean of figures."""
    return (
        sum(values)
        if which == "sum"
        else max(values)
        if which == "max"
        else sum(values) / len(values)
    )


def passes(value: float, criterion: Criterion, against: float = 1.0) -> bool:
    """Whether a figure meets the criterion; for a rise, ``against`` is the figure compared with."""
    line = criterion.at_least * (against if criterion.form == "rise" else 1.0)
    return value > line if criterion.strict else value >= line


def decided(
    inside: Sequence[Observation], criterion: Criterion, against: Observation | None = None
) -> bool | None:
    """Whether figures meet the criterion; None where their interval does not let it be told.

    ``against`` is the figure that a rise is compared with.
    """
    line = 1.0 if against is None else against.value
    if criterion.interval != "clear":
        return passes(statistic([s.value for s in inside], criterion.statistic), criterion, line)
    low, high = (statistic([s.ends[i] for s in inside], criterion.statistic) for i in (0, 1))
    line_low, line_high = (1.0, 1.0) if against is None else against.ends
    if passes(low, criterion, line_high):
        return True
    return None if passes(high, criterion, line_low) else False


def _windows(question: ForecastQuestion, criterion: Criterion, past: History) -> BaseRate:
    assert question.base is not None and criterion.window is not None
    base = question.base
    first, last = (int(p[:4]) for p in criterion.window)
    length = last - (int(criterion.against[:4]) if criterion.form == "rise" else first - 1)
    figures = {
        int(s.period): s for s in past.seen if len(s.period) == 4 and int(s.period) >= base.since
    }
    found = _outcomes(figures, length, criterion)
    if not found:
        raise DataError(
            f"question {question.id}: the record has no window of {count_text(length, 'years')} "
            f"before {question.opened}",
            cure="give it a record that reaches further back",
        )
    outcomes = {end: yes for end, yes in found.items() if yes is not None}
    oldest, newest = min(found), max(found)
    weights = {end: base.discount ** (newest - end) / length for end in outcomes}
    n = sum(weights.values())
    k = sum(weights[end] for end, yes in outcomes.items() if yes)
    words = (
        f"{sum(outcomes.values())} of {count_text(len(outcomes), 'windows')} of "
        f"{count_text(length, 'years')} ending {oldest}-{newest}; weighted {k:.2f} of {n:.2f}"
    )
    if left := len(found) - len(outcomes):
        words += f"; {left} more cannot be decided and {'is' if left == 1 else 'are'} left out"
    return BaseRate(
        bounded((k + base.prior) / (n + 2 * base.prior)),
        successes=k,
        trials=n,
        words=words,
        persistence=float(outcomes[max(outcomes)]) if outcomes else 0.0,
    )


def _outcomes(
    figures: Mapping[int, Observation], length: int, criterion: Criterion
) -> dict[int, bool | None]:
    """Return whether each window of so many years met the criterion, by its last year.

    A rise compares the last year of a window with the year before its first.
    """
    out = {}
    for end in sorted(figures):
        if criterion.form == "rise":
            if end - length in figures:
                out[end] = decided([figures[end]], criterion, figures[end - length])
            continue
        years = range(end - length + 1, end + 1)
        if all(y in figures for y in years):
            out[end] = decided([figures[y] for y in years], criterion)
    return out
