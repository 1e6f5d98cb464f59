# SPDX-License-Identifier: Apache-2.0
"""Dated questions as documents: the list, one question, what came, the scores, and what would have to fall."""

from __future__ import annotations

from collections.abc import Sequence

from bilat.document import Block, Column, Document, Facts, Question, Say, Table
from bilat.forecast.asked import NO, UNDECIDED, YES, Forecast, Scores
from bilat.forecast.fitting import resolves_as
from bilat.units.written import counted
from bilat.when import AsOf

#: Rows behind an outcome that are shown.
MOST_ROWS = 6


def listed(
    asked: Sequence[Forecast], question: Question | None = None, as_of: AsOf | None = None
) -> Document:
    """Every question with its probability at the opening, and what came."""
    came = [sum(f.outcome.status == status for f in asked) for status in (YES, NO, UNDECIDED)]
    bare = f"{came[2]} not decidable, " if came[2] else ""
    many = counted(len(asked), "questions")
    ahead = len(asked) - sum(came)
    said = f"{many}: {came[0]} came, {came[1]} did not, {bare}{ahead} open."
    late = sum(f.question.written > f.question.opened for f in asked)
    hindsight = (
        f"{late} of {len(asked)} were written after they opened: their choice is made with hindsight, their base "
        "rates are counted without it."
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
            f.outcome.status,
        )
        for f in asked
    )
    blocks: tuple[Block, ...] = (Table(columns, rows), *((Say(hindsight, "note"),) if late else ()))
    return Document(
        "forecasts",
        title="Dated questions and their probabilities",
        summary=(said,),
        blocks=blocks,
        data=[f.to_json() for f in asked],
        question=question,
        as_of=as_of,
    )


def shown(f: Forecast, question: Question | None = None, as_of: AsOf | None = None) -> Document:
    """One question: criterion, base rate, evidence with its rows, outcome, and what would move it."""
    q = f.question
    resolved = f.outcome.status in (YES, NO)
    said = f"{f.probability:.0%} as of {q.opened}, by {q.closes}; the base rate alone gives {f.rate.probability:.0%}."
    came = (
        f"It came out {f.outcome.status}: {f.outcome.why}."
        if resolved
        else f"Open: {f.outcome.why}."
    )
    facts = (
        ("claim", f"{q.claim}: {q.statement}"),
        ("decided by", resolves_as(q)),
        ("base rate", f"{f.rate.probability:.0%}: {f.rate.words}"),
        *(
            [("editions", "rows of an edition later than the opening stand in")]
            if f.revised
            else []
        ),
        *(("does not count", text) for text in q.near_misses),
    )
    blocks: list[Block] = [Facts(facts)]
    if f.evidence:
        columns = (Column("evidence"), Column("times", ".2f"), Column("row"), Column("known on"))
        rows = tuple((says, ratio, row.where, str(row.known_on)) for says, ratio, row in f.evidence)
        blocks.append(
            Table(
                columns, rows, "Evidence, and how many times it is as likely under yes as under no"
            )
        )
    if movers := f.movers():
        then = (Column("if"), Column("times", "g"), Column("probability then", ".0%"))
        blocks.append(Table(then, tuple(movers), "What would move it (ratios are judgements)"))
    if f.outcome.rows:
        behind = tuple((s.period, s.where) for s in f.outcome.rows[:MOST_ROWS])
        title = "Rows that decide"
        blocks.append(
            Table((Column("period"), Column("row")), behind, title, total=len(f.outcome.rows))
        )
    return Document(
        "forecast",
        title=q.asks,
        summary=(said, came),
        blocks=tuple(blocks),
        data=f.to_json(),
        question=question,
        as_of=as_of,
    )


def scored(s: Scores, question: Question | None = None, as_of: AsOf | None = None) -> Document:
    """What the scores are worth, then the scores."""
    yes = sum(f.outcome.yes for f in s.forecasts)
    left = f", {s.undecided} not decidable" if s.undecided else ""
    said = [f"{len(s.forecasts)} resolved ({yes} yes), {s.waiting} not yet observable{left}."]
    if s.hindsight:
        said.append(
            f"{s.hindsight} of them were written after they opened, by people who knew what came: a gain of the "
            "evidence over the base rate is no proof of skill."
        )
    misses = sorted(s.forecasts, key=lambda f: -abs(f.probability - f.outcome.yes))
    blocks = (
        Table(
            (Column("who"), Column("mean Brier score", ".3f"), Column("mean log score", ".3f")),
            tuple((who, *of) for who, of in s.rows.items()),
        ),
        Table(
            (Column("question"), Column("probability", ".0%"), Column("outcome")),
            tuple((f.question.id, f.probability, f.outcome.status) for f in misses),
            "Largest miss first",
        ),
    )
    return Document(
        "scores",
        title="Scores of the dated questions",
        summary=tuple(said),
        blocks=blocks,
        data=s.to_json(),
        question=question,
        as_of=as_of,
    )
