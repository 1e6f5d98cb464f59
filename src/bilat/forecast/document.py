# SPDX-License-Identifier: Apache-2.0
"""Dated questions as documents: the list, one question, what came, the scores, and what would have to fall."""

from __future__ import annotations

from collections.abc import Sequence

from bilat.document import Block, Column, Document, Facts, Question, Say, Table, wording
from bilat.forecast.asked import NO, UNDECIDED, WAITING, YES, Forecast, Scores
from bilat.forecast.fitting import resolves_as
from bilat.units.notation import count_text
from bilat.when import AsOf

#: Rows behind an outcome that are shown.
MOST_ROWS = 6


def _shown(status: str) -> str:
    """Return a question's status in a reader's word."""
    return "open" if status == WAITING else status


def listed(
    asked: Sequence[Forecast], question: Question | None = None, as_of: AsOf | None = None
) -> Document:
    """Every question with its probability at the opening, and what came."""
    came = [sum(f.outcome.status == status for f in asked) for status in (YES, NO, UNDECIDED)]
    bare = f"{came[2]} cannot be decided, " if came[2] else ""
    many = count_text(len(asked), "questions")
    ahead = len(asked) - sum(came)
    said = (
        f"{many}: in {came[0]} the event happened, in {came[1]} it did not, {bare}{ahead} are open."
    )
    late = sum(f.question.written > f.question.opened for f in asked)
    hindsight = (
        f"{late} of {len(asked)} questions were written after they opened, so they were chosen "
        "with "
        "hindsight. Their base rates were counted without it."
    )
    columns = (
        Column("question"),
        Column("claim"),
        Column("opened"),
        Column("closes"),
        Column("base rate", ".0%"),
        Column("probability", ".0%"),
        Column("outcome"),
    )
    rows = tuple(
        (
            f.question.id,
            f.question.claim,
            str(f.question.opened),
            str(f.question.closes),
            f.rate.probability,
            f.probability,
            _shown(f.outcome.status),
        )
        for f in asked
    )
    blocks: tuple[Block, ...] = (Table(columns, rows), *((Say(hindsight, "note"),) if late else ()))
    return Document(
        "forecasts",
        title="Forecasting questions and our probabilities",
        summary=(said,),
        blocks=blocks,
        data=[f.to_json() for f in asked],
        question=question,
        as_of=as_of,
    )


def shown(f: Forecast, question: Question | None = None, as_of: AsOf | None = None) -> Document:
    """Show one forecasting question: criterion, base rate, evidence, outcome and what would move it."""
    q = f.question
    resolved = f.outcome.status in (YES, NO)
    opened, closes = wording.day(q.opened), wording.day(q.closes)
    said = f"We gave this {f.probability:.0%} on {opened}; it closes on {closes}."
    base = f"The base rate alone gives {f.rate.probability:.0%}."
    came = (
        f"The answer is {f.outcome.status}: {f.outcome.why}."
        if resolved
        else f"Open: {f.outcome.why}."
    )
    facts = (
        ("claim", f"{q.claim}: {q.statement}"),
        ("decided by", resolves_as(q)),
        ("base rate", f"{f.rate.probability:.0%}: {f.rate.words}"),
        *(
            [("versions", "data published after the question opened are used instead")]
            if f.revised
            else []
        ),
        *(("does not count", text) for text in q.near_misses),
    )
    blocks: list[Block] = [Facts(facts)]
    if f.evidence:
        columns = (
            Column("evidence"),
            Column("likelihood ratio", ".2f"),
            Column("data row"),
            Column("public on"),
        )
        rows = tuple((says, ratio, row.where, str(row.known_on)) for says, ratio, row in f.evidence)
        blocks.append(
            Table(
                columns,
                rows,
                "Evidence, and how much likelier it is if the answer is yes than if it is no",
            )
        )
    if movers := f.movers():
        then = (
            Column("if this happens"),
            Column("likelihood ratio", "g"),
            Column("probability then", ".0%"),
        )
        blocks.append(Table(then, tuple(movers), "What would move it (the ratios are judgements)"))
    if f.outcome.rows:
        behind = tuple((s.period, s.where) for s in f.outcome.rows[:MOST_ROWS])
        title = "Data rows that decide"
        blocks.append(
            Table((Column("period"), Column("data row")), behind, title, total=len(f.outcome.rows))
        )
    return Document(
        "forecast",
        title=q.asks,
        summary=(said, base, came),
        blocks=tuple(blocks),
        data=f.to_json(),
        question=question,
        as_of=as_of,
    )


def scored(s: Scores, question: Question | None = None, as_of: AsOf | None = None) -> Document:
    """What the scores are worth, then the scores."""
    yes = sum(f.outcome.yes for f in s.forecasts)
    left = f", {s.undecided} that cannot be decided" if s.undecided else ""
    said = [
        f"{len(s.forecasts)} questions are resolved ({yes} of them yes) and {s.waiting} are "
        f"open{left}."
    ]
    if s.hindsight:
        said.append(
            f"{s.hindsight} of them were written after they opened, by people who knew the "
            "outcome. "
            "A better score than the base rate is therefore no proof of skill."
        )
    misses = sorted(s.forecasts, key=lambda f: -abs(f.probability - f.outcome.yes))
    blocks = (
        Table(
            (
                Column("forecast"),
                Column("mean Brier score", ".3f"),
                Column("mean log score", ".3f"),
            ),
            tuple((who, *of) for who, of in s.rows.items()),
        ),
        Table(
            (Column("question"), Column("probability", ".0%"), Column("outcome")),
            tuple((f.question.id, f.probability, f.outcome.status) for f in misses),
            "Questions, with the largest miss first",
        ),
    )
    return Document(
        "scores",
        title="Scores of our forecasts",
        summary=tuple(said),
        blocks=blocks,
        data=s.to_json(),
        question=question,
        as_of=as_of,
    )
