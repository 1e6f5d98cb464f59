# SPDX-License-Identifier: Apache-2.0
"""A question asked: its probability as of the opening, its outcome as of a later date, the scores of a set."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bilat.document.wording import period
from bilat.errors import DataError
from bilat.files.json_types import JsonObject
from bilat.forecast.base_rates import (
    BaseRate,
    base_rate,
    bounded,
    decided,
    derived_movers,
    passes,
    probability_now,
    statistic,
)
from bilat.forecast.criteria import criterion_in_words
from bilat.forecast.log_odds import posterior, updated_probability
from bilat.forecast.questions import Criterion, ForecastQuestion, questions
from bilat.forecast.record import History, Observation, behind, history
from bilat.holdings import Holdings
from bilat.measures import default_holdings
from bilat.units.likelihood import in_words
from bilat.when import AsOf

YES = "yes"
NO = "no"
WAITING = "not yet observable"
#: The figures are there, and their intervals do not let it be told.
UNDECIDED = "not decidable"


@dataclass(frozen=True)
class Resolution:
    """What the record says of a question as of a date."""

    status: str  #: yes, no, not decidable or not yet observable
    why: str
    rows: tuple[Observation, ...] = ()  #: the rows that decide it

    @property
    def yes(self) -> bool:
        return self.status == YES


@dataclass(frozen=True)
class Forecast:
    """A question with its probability, and how that came about."""

    question: ForecastQuestion
    rate: BaseRate
    probability: float  #: base rate with the evidence
    evidence: tuple[tuple[str, float, Observation], ...]  #: (what it says, ratio, row)
    revised: bool  #: the base rate rests on an edition later than the opening
    outcome: Resolution
    now: float = 0.0  #: the probability on the as-of date, with what has come in since the opening
    derived: tuple[tuple[str, float], ...] = ()  #: (what would come, the probability then)

    def movers(self) -> list[tuple[str, float, float]]:
        """(event, ratio, the probability it would lead to)."""
        return [
            (m.event, m.ratio, updated_probability(self.probability, m.ratio))
            for m in self.question.movers
        ]

    def to_json(self) -> JsonObject:
        """The forecast as plain data, a row a question."""
        q = self.question
        return {
            "id": q.id,
            "claim": q.claim,
            "statement": q.statement,
            "asks": q.asks,
            "opened": str(q.opened),
            "closes": str(q.closes),
            "written": str(q.written),
            "with_hindsight": q.written > q.opened,
            "base_rate": self.rate.probability if q.record else None,
            "judged": q.judged,
            "base_rate_from": self.rate.words,
            "probability": self.probability,
            "now": self.now,
            "word": in_words(self.now),
            "persistence": self.rate.persistence,
            "revised": self.revised,
            "evidence": [
                {"says": s, "ratio": r, "row": row.where, "known_on": str(row.known_on)}
                for s, r, row in self.evidence
            ],
            "movers": [{"event": e, "ratio": r, "probability": p} for e, r, p in self.movers()],
            "derived_movers": [{"if": e, "probability": p} for e, p in self.derived],
            "near_misses": q.near_misses,
            "outcome": self.outcome.status,
            "outcome_why": self.outcome.why,
            "outcome_rows": [s.where for s in self.outcome.rows],
            "criterion": criterion_in_words(q),
        }


def forecast(
    question: ForecastQuestion, *, as_of: AsOf | None = None, holdings: Holdings | None = None
) -> Forecast:
    """A question's probability with what was known at its opening, and its outcome as of a date.

    Raises
    ------
    DataError
        for evidence that was not known at the opening, or a record without a window to count.
    """
    records = holdings or default_holdings()
    then = AsOf(question.opened)
    past = history(question.record, then, records) if question.record else History((), "")
    late = [s for s in past.seen if s.known_on > question.opened]
    if late:
        raise DataError(
            f"question {question.id}: {late[0].where} was known on {late[0].known_on} only"
        )
    rate = base_rate(question, past)
    evidence = []
    clusters: dict[str, list[float]] = {}
    for piece in question.evidence:
        row = behind(piece.row, then, records)
        if row.known_on > question.opened:
            raise DataError(f"question {question.id}: {row.where} was known on {row.known_on} only")
        evidence.append((piece.says, piece.ratio, row))
        clusters.setdefault(piece.cluster, []).append(piece.ratio)
    when = as_of or AsOf()
    outcome = resolve(question, when, records)
    now = rate.probability
    derived: list[tuple[str, float]] = []
    if outcome.status == WAITING and question.record:
        day = min(max(when.date, question.opened), question.closes)
        later = past if day == question.opened else history(question.record, when, records)
        inside = len(outcome.rows)
        now = probability_now(question, later, inside, day)
        derived = derived_movers(question, later, inside, day)
    return Forecast(
        question=question,
        rate=rate,
        probability=posterior(rate.probability, clusters, question.dependence),
        evidence=tuple(evidence),
        revised=any(s.revised for s in past.seen) or any(row.revised for _, _, row in evidence),
        outcome=outcome,
        now=posterior(now, clusters, question.dependence),
        derived=tuple(derived),
    )


def forecasts(
    as_of: AsOf | str | None = None,
    holdings: Holdings | None = None,
    *,
    asked: Sequence[ForecastQuestion] | None = None,
) -> list[Forecast]:
    """Every question that is asked by a date with its probability.

    Parameters
    ----------
    asked
        the questions; None: those that come with bilat. One that opens later than the date is not asked yet on it.

    Raises
    ------
    DataError
        as :func:`forecast`.
    """
    when = AsOf(as_of)
    held = holdings or default_holdings()
    public = [q for q in (questions() if asked is None else asked) if q.opened <= when.date]
    return [forecast(q, as_of=when, holdings=held) for q in public]


def resolve(question: ForecastQuestion, as_of: AsOf, holdings: Holdings) -> Resolution:
    """What the record says of a question as of a date.

    Yes as soon as the criterion is met. No only when the record speaks past the window. Not decidable where the
    criterion wants an interval on one side and it is not. Otherwise it is not yet observable, and the reason says what
    is missing. What became known after ``known_by`` of the criterion does not enter.
    """
    closing = question.closing
    if closing is not None and as_of.date >= closing.on:
        return Resolution(closing.status, closing.why)
    if question.record is None or question.criterion is None:
        return Resolution(WAITING, f"none of our data can resolve it. Needed: {question.needs}")
    if as_of.date < question.opened:
        return Resolution(WAITING, f"it opens on {question.opened}")
    last = min(as_of.date, question.criterion.known_by or as_of.date)
    params = {**question.record.params, **question.criterion.params}
    now = history(question.record.model_copy(update={"params": params}), AsOf(last), holdings)
    if question.criterion.form == "count":
        return _count(question, now)
    if question.criterion.form == "month":
        return _of_month(question, now)
    return _figures(question, now)


def _of_month(question: ForecastQuestion, now: History) -> Resolution:
    criterion = question.criterion
    assert criterion is not None and criterion.window is not None
    month = criterion.window[0]
    found = next((s for s in now.seen if s.period == month), None)
    if found is None:
        return Resolution(WAITING, f"{_reach(now)}, and the question is of {period(month)}")
    said = f"{found.value:.4g} in {period(month)}, {_how(criterion)} {criterion.at_least:g} needed"
    return Resolution(YES if passes(found.value, criterion) else NO, said, (found,))


def _reach(now: History) -> str:
    """To when the record goes, as part of a sentence."""
    return f"the record goes to {period(now.reach)}" if now.reach else "the record has no figure"


def _how(criterion: Criterion) -> str:
    return "more than" if criterion.strict else "at least"


def _count(question: ForecastQuestion, now: History) -> Resolution:
    criterion = question.criterion
    assert criterion is not None
    if criterion.window is None:
        first = str(question.opened + dt.timedelta(days=1))
        last = str(question.closes)
    else:
        first, last = criterion.window
    inside = tuple(
        s
        for s in now.seen
        if first[: len(s.period)] <= s.period[: len(first)]
        and s.period[: len(last)] <= last[: len(s.period)]
    )
    if len(inside) >= criterion.at_least:
        return Resolution(
            YES, f"{len(inside)} in {first} to {last}, {criterion.at_least:g} needed", inside
        )
    if now.reach[: len(last)] < last[: len(now.reach)] or not now.reach:
        return Resolution(
            WAITING,
            f"{_reach(now)}, and the question is of the time to {period(last)}",
            inside,
        )
    return Resolution(
        NO, f"{len(inside)} in {first} to {last}, {criterion.at_least:g} needed", inside
    )


def _figures(question: ForecastQuestion, now: History) -> Resolution:
    criterion = question.criterion
    assert criterion is not None and criterion.window is not None
    years = [str(y) for y in range(int(criterion.window[0][:4]), int(criterion.window[1][:4]) + 1)]
    inside = tuple(s for s in now.seen if s.period in years)
    missing = sorted(set(years) - {s.period for s in inside})
    against = None
    if criterion.form == "rise":
        against = next((s for s in now.seen if s.period == criterion.against), None)
        if against is None:
            return Resolution(WAITING, f"the record has no figure for {criterion.against}")
    if not inside:
        return Resolution(
            WAITING, f"the record has no figure for {', '.join(missing)}; it ends {now.reach}"
        )
    met = decided(inside, criterion, against)
    said = _said(inside, criterion, against)
    # a maximum or a sum of what cannot be negative can only grow, so a yes may come early; no other may
    early = criterion.statistic == "max" or (
        criterion.statistic == "sum" and min(s.ends[0] for s in inside) >= 0
    )
    if missing and not (met and early):
        return Resolution(
            WAITING, f"{said}; the record has no figure for {', '.join(missing)}", inside
        )
    if met is None:
        return Resolution(UNDECIDED, f"{said}: the intervals do not let it be told", inside)
    return Resolution(YES if met else NO, said, inside)


def _said(inside: Sequence[Observation], criterion: Criterion, against: Observation | None) -> str:
    """The figure of the window with its interval, and what it is held against with its own."""

    def told(value: float, ends: tuple[float, float]) -> str:
        low, high = ends
        wide = criterion.interval == "clear" and low < high
        return f"{value:.4g}" + (f" ({low:.4g} to {high:.4g})" if wide else "")

    three = [(s.ends[0], s.value, s.ends[1]) for s in inside]
    low, value, high = (statistic([x[at] for x in three], criterion.statistic) for at in range(3))
    first = inside[0].period
    last = inside[-1].period
    said = f"{told(value, (low, high))} in {first}" + (f" to {last}" if last != first else "")
    how = _how(criterion)
    if against is None:
        return f"{said}, {how} {criterion.at_least:.4g} needed"
    times = "" if criterion.at_least == 1 else f"{criterion.at_least:.4g} times "
    return (
        f"{said}, {how} {times}the {told(against.value, against.ends)} of {against.period} needed"
    )


@dataclass(frozen=True)
class Scores:
    """Scores of the questions of a set that are resolved."""

    forecasts: tuple[Forecast, ...]  #: the resolved ones
    waiting: int
    undecided: int  #: their intervals do not let it be told
    rows: Mapping[str, tuple[float, float]]  #: who -> (mean Brier, mean log score)
    hindsight: int  #: resolved questions that were written after they opened

    def to_json(self) -> JsonObject:
        """The scores as plain data."""
        return {
            "resolved": len(self.forecasts),
            "yes": sum(f.outcome.yes for f in self.forecasts),
            "not_yet_observable": self.waiting,
            "not_decidable": self.undecided,
            "written_with_hindsight": self.hindsight,
            "scores": {k: {"brier": b, "log": s} for k, (b, s) in self.rows.items()},
            "questions": [f.to_json() for f in self.forecasts],
        }


def brier(p: float, yes: bool) -> float:
    """(p - outcome) squared: 0 is perfect, .25 what an even chance always gets."""
    return (p - yes) ** 2


def log_score(p: float, yes: bool) -> float:
    """-ln of the probability that was given to what came; 0 is perfect, .693 an even chance."""
    p = bounded(p)
    return -math.log(p if yes else 1 - p)


def score(forecasts: Sequence[Forecast]) -> Scores:
    """Score the forecasts that are resolved.

    Raises
    ------
    DataError
        if none is.
    """
    done = tuple(f for f in forecasts if f.outcome.status in (YES, NO))
    if not done:
        raise DataError(
            "no question has been resolved, so there is nothing to score",
            cure="ask as of a later date",
        )
    undecided = sum(f.outcome.status == UNDECIDED for f in forecasts)
    outcomes = [f.outcome.yes for f in done]
    who = {
        "base rate with evidence": [f.probability for f in done],
        "base rate": [f.rate.probability for f in done],
        "persistence": [f.rate.persistence for f in done],
        "always an even chance": [0.5 for _ in done],
    }

    def mean(rule: Callable[[float, bool], float], given: Sequence[float]) -> float:
        return sum(rule(p, y) for p, y in zip(given, outcomes, strict=True)) / len(done)

    return Scores(
        done,
        waiting=len(forecasts) - len(done) - undecided,
        undecided=undecided,
        rows={k: (mean(brier, v), mean(log_score, v)) for k, v in who.items()},
        hindsight=sum(f.question.written > f.question.opened for f in done),
    )
