# SPDX-License-Identifier: Apache-2.0
"""Dated questions as documents: the list, one question, what came, the scores, and what would have to fall."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from bilat.document import Block, Column, Document, Facts, Question, Say, Table, wording
from bilat.document.blocks import Cell
from bilat.files.json_types import JsonObject
from bilat.forecast.criteria import criterion_in_words
from bilat.forecast.kept_forecasts import KeptForecast, change
from bilat.forecast.log_scores import LogScores
from bilat.forecast.resolution import NO, UNDECIDED, WAITING, YES, Forecast, Scores
from bilat.units.likelihood import in_words
from bilat.units.notation import count_text
from bilat.when import AsOf

#: Rows behind an outcome that are shown.
MOST_ROWS = 6


@dataclass(frozen=True)
class Beside:
    """What stands beside the forecasts of a list."""

    before: tuple[KeptForecast, ...] = ()  #: the log as it was
    yours: Mapping[str, float] = field(default_factory=dict)
    kept: int | None = None  #: entries that were added; None: none was asked for
    seal: str = ""  #: hash of the last entry


def listed(
    asked: Sequence[Forecast],
    question: Question | None = None,
    as_of: AsOf | None = None,
    beside: Beside | None = None,
) -> Document:
    """Every question: the open ones with number, word, base rate, change and what moves it, the
    soonest to close first; then what came of the others."""
    with_it = beside or Beside()
    came = [sum(f.outcome.status == status for f in asked) for status in (YES, NO, UNDECIDED)]
    bare = f"{came[2]} cannot be decided, " if came[2] else ""
    many = count_text(len(asked), "questions")
    open_ones = sorted(
        (f for f in asked if f.outcome.status == WAITING), key=lambda f: f.question.closes
    )
    said = (
        f"{many}: in {came[0]} the event happened, in {came[1]} it did not, {bare}"
        f"{len(open_ones)} are open."
    )
    blocks: list[Block] = []
    if open_ones:
        blocks += _open(open_ones, as_of or AsOf(), with_it)
    done = [f for f in asked if f.outcome.status != WAITING]
    if done:
        blocks.append(_done(done))
    blocks += [Say(line, "note") for line in _notes(asked, with_it)]
    data = [_told(f, as_of or AsOf(), with_it) for f in asked]
    return Document(
        "forecasts",
        title="Forecasting questions and our probabilities",
        summary=(said, *_soon(open_ones, as_of or AsOf())),
        blocks=tuple(blocks),
        data=data,
        question=question,
        as_of=as_of,
    )


def _soon(open_ones: Sequence[Forecast], as_of: AsOf) -> list[str]:
    """How many close within a year, and the nearest with its number and word."""
    year = [f for f in open_ones if (f.question.closes - as_of.date).days <= 366]
    if not year:
        return []
    first = year[0]
    word = in_words(first.now)
    closing = "closes" if len(year) == 1 else "close"
    return [
        f"{count_text(len(year), 'questions')} {closing} within twelve months, the first on "
        f"{wording.day(first.question.closes)}: {first.question.asks} We say {first.now:.0%} "
        f"({word})."
    ]


def _open(open_ones: Sequence[Forecast], as_of: AsOf, beside: Beside) -> list[Block]:
    columns = [
        Column("question"),
        Column("closes"),
        Column("now", ".0%"),
        Column("in words"),
        Column("base rate", ".0%"),
        Column("since last time"),
        *([Column("yours", ".0%")] if beside.yours else []),
    ]
    rows = []
    for f in open_ones:
        q = f.question
        row: list[Cell] = [
            q.id,
            q.closes,
            f.now,
            in_words(f.now),
            f.rate.probability if q.record else "judged",
            change(f, beside.before, as_of.date),
        ]
        if beside.yours:
            row.append(beside.yours.get(q.id))
        rows.append(tuple(row))
    asks = tuple((f.question.id, f.question.asks, _moves(f)) for f in open_ones)
    heads = (Column("question"), Column("what it asks"), Column("what would change our number"))
    return [
        Table(tuple(columns), tuple(rows), "Open questions, soonest to close first"),
        Table(heads, asks, "What each question asks, and what would change our number"),
    ]


def _either(events: Iterable[str]) -> str:
    """Events as alternatives; what they begin with in common stands once."""
    every = [event.split() for event in events]
    alike = [len(set(words)) == 1 for words in zip(*every, strict=False)]
    same = alike.index(False) if False in alike else 0
    first = " ".join(every[0][:same])
    rest = " or ".join(" ".join(words[same:]) for words in every)
    return f"{first} {rest}".strip()


def _moves(f: Forecast) -> str:
    """What would move it furthest up and furthest down: counted, or else as a judgement."""
    ways = [(event, p) for event, p in f.derived] or [(e, p) for e, _, p in f.movers()]
    up = max(ways, key=lambda w: w[1], default=None)
    down = min(ways, key=lambda w: w[1], default=None)
    said = []
    if up and up[1] > f.now:
        said.append(f"{up[1]:.0%} if {up[0]}")
    if down and down[1] < f.now:
        said.append(f"{down[1]:.0%} if {down[0]}")
    if not said and ways:
        said = [f"still {f.now:.0%} if {_either(event for event, _ in ways)}"]
    return "; ".join(said) or "nothing was counted"


def _done(done: Sequence[Forecast]) -> Table:
    columns = (
        Column("question"),
        Column("closed"),
        Column("probability", ".0%"),
        Column("base rate", ".0%"),
        Column("outcome"),
    )
    rows = tuple(
        (
            f.question.id,
            f.question.closes,
            f.probability,
            f.rate.probability if f.question.record else "judged",
            f.outcome.status,
        )
        for f in done
    )
    return Table(columns, rows, "Closed questions")


def _notes(asked: Sequence[Forecast], beside: Beside) -> list[str]:
    notes = []
    late = sum(f.question.written > f.question.opened for f in asked)
    if late:
        notes.append(
            f"{late} of {len(asked)} questions were written after they opened, so they were "
            "chosen with hindsight. Their base rates were counted without it."
        )
    day = max((e.said_on for e in beside.before), default="")
    notes.append(
        f"“Since last time” means since {wording.day(day)}, the last day of the log, or since the "
        "question opened."
        if day
        else "“Since last time” means since the question opened."
    )
    notes.append(
        "We count a base rate from the record that also decides the question. Where there is no "
        "such record, the number is our judgement (“judged”)."
    )
    if beside.kept is not None:
        notes.append(f"{count_text(beside.kept, 'forecasts')} added to the log.")
    if beside.seal:
        notes.append(
            f"Last hash of the log: {beside.seal}. If you note it with the date, nobody can later "
            "insert a forecast before that date."
        )
    return notes


def _told(f: Forecast, as_of: AsOf, beside: Beside) -> JsonObject:
    return {
        **f.to_json(),
        "since_last_time": change(f, beside.before, as_of.date),
        "yours": beside.yours.get(f.question.id),
    }


def shown(f: Forecast, question: Question | None = None, as_of: AsOf | None = None) -> Document:
    """Show one forecasting question: criterion, base rate, evidence, outcome and what would move it."""
    q = f.question
    resolved = f.outcome.status in (YES, NO)
    opened, closes = wording.day(q.opened), wording.day(q.closes)
    word = in_words(f.probability)
    said = f"We gave this {f.probability:.0%} ({word}) on {opened}; it closes on {closes}."
    base = (
        f"The base rate alone gives {f.rate.probability:.0%}."
        if q.record
        else "The number is a judgement; we counted no base rate."
    )
    if round(f.now, 2) != round(f.probability, 2):
        base += f" It is {f.now:.0%} now."
    ended = "Closed, not decidable" if f.outcome.status == UNDECIDED else "Open"
    came = (
        f"The answer is {f.outcome.status}: {f.outcome.why}."
        if resolved
        else f"{ended}: {f.outcome.why}."
    )
    facts = (
        ("claim", f"{q.claim}: {q.statement}"),
        ("decided by", criterion_in_words(q)),
        ("base rate", f"{f.rate.probability:.0%}: {f.rate.words}"),
        *(
            [("versions", "we use data published after the question opened instead")]
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
                "Evidence, and how much more likely it is if the answer is yes than if it is no",
            )
        )
    if movers := f.movers():
        then = (
            Column("if this happens"),
            Column("likelihood ratio", "g"),
            Column("probability then", ".0%"),
        )
        blocks.append(Table(then, tuple(movers), "What would move it (the ratios are judgements)"))
    if f.derived:
        counted_so = (Column("if"), Column("base rate then", ".0%"))
        title = "What would move it, counted from the record"
        blocks.append(Table(counted_so, f.derived, title))
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


def scored(
    s: Scores,
    question: Question | None = None,
    as_of: AsOf | None = None,
    log: LogScores | None = None,
) -> Document:
    """What the scores are worth, then the scores; those of the user's log first."""
    yes = sum(f.outcome.yes for f in s.forecasts)
    left = f"; {wording.few(s.undecided)} cannot be decided" if s.undecided else ""
    said = [
        f"{len(s.forecasts)} questions are resolved ({yes} of them yes) and {s.waiting} are "
        f"open{left}."
    ]
    if s.hindsight:
        said.append(
            f"{s.hindsight} of them were written after they opened, by people who knew the "
            "outcome. A better score than the base rate is therefore no proof of skill."
        )
    misses = sorted(s.forecasts, key=lambda f: -abs(f.probability - f.outcome.yes))
    said = [*_own_scores(log), *said]
    blocks = (
        *(_own_tables(log) if log and log.numbers else ()),
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
        data={**s.to_json(), "log": asdict(log) if log else None},
        question=question,
        as_of=as_of,
    )


def _own_scores(log: LogScores | None) -> list[str]:
    """What the user's numbers were worth, in sentences; none without a log."""
    if log is None:
        return []
    lines = []
    if log.numbers:
        yours, ours = (brier for brier, _ in log.rows.values())
        lines.append(
            f"Over {count_text(len(log.numbers), 'questions')} resolved since you wrote your "
            f"numbers, your mean Brier score is {yours:.3f} and ours at the same time is "
            f"{ours:.3f} (lower is better)."
        )
    else:
        lines.append("None of your numbers in the log can be scored yet.")
    if log.open:
        verb = "is" if log.open == 1 else "are"
        lines.append(f"{count_text(log.open, 'questions')} with a number of yours {verb} open.")
    if log.late:
        lines.append(
            f"Your numbers of {count_text(log.late, 'questions')} were written after the outcome "
            "was public and do not count."
        )
    return lines


def _own_tables(log: LogScores) -> tuple[Table, Table]:
    means = (
        Column("whose numbers"),
        Column("mean Brier score", ".3f"),
        Column("mean log score", ".3f"),
    )
    columns = (
        Column("question"),
        Column("written"),
        Column("yours", ".0%"),
        Column("ours", ".0%"),
        Column("base rate", ".0%"),
        Column("outcome"),
    )
    rows = tuple(
        (n.question, n.written_on, n.yours, n.ours, n.base_rate, YES if n.outcome else NO)
        for n in log.numbers
    )
    return (
        Table(means, tuple((who, *of) for who, of in log.rows.items()), "Your numbers and ours"),
        Table(columns, rows, "Your numbers, question by question"),
    )
