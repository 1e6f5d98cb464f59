# SPDX-License-Identifier: Apache-2.0
"""What armies and services say of when Russia is ready, as blocks and lines of the answer."""

from __future__ import annotations

from bilat.document import Block, Column, Say, Section, Table
from bilat.document.blocks import Cell
from bilat.document.wording import few, few_text, joined
from bilat.planning.blocks import chance
from bilat.regeneration.recovery.answer import Recovery
from bilat.regeneration.recovery.readiness import WarViews, scores, views_of_war
from bilat.when import Period


def attack_lines(recovery: Recovery) -> list[str]:
    """Return what is said now of the smallest war and of the one of which most speak."""
    views = [v for v in _views(recovery) if len(v.newest) > 1]
    if not views:
        return []
    most = max(views, key=lambda v: len(v.newest))
    said = [
        f"{few(len(v.newest))} speakers named {_from_to(v)} for {_an(v.what)}"
        for v in dict.fromkeys((views[0], most))
    ]
    return [
        "This does not say when Russia might attack. In statements of the last two years, "
        f"{joined(said)}."
    ]


def _views(recovery: Recovery) -> list[WarViews]:
    said = [o.statement for o in recovery.said]
    return views_of_war(said, recovery.as_of.date, Period(recovery.ceasefire).start)


def _an(what: str) -> str:
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"


def _from_to(views: WarViews) -> str:
    return str(views.last) if views.first == views.last else f"{views.first} to {views.last}"


def _by_war(recovery: Recovery) -> list[Table]:
    """Return what is said now of each kind of war."""
    rows = tuple(
        (
            v.what,
            len(v.newest),
            _from_to(v),
            f"{v.newest[0].who}: {v.newest[0].words()}",
            v.newest[0].said_on.isoformat(),
        )
        for v in _views(recovery)
    )
    heads = (
        Column("kind of war"),
        Column("speakers", "d", True),
        Column("years named"),
        Column("latest statement"),
        Column("published"),
    )
    title = "What they said in the last two years, by kind of war"
    return [Table(heads, rows, title=title)] if rows else []


def statement_blocks(a: Recovery) -> tuple[Block, ...]:
    """Return what services say of when Russia is ready, replayed, with a score by service."""
    if not a.said:
        return ()
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            o.statement.who,
            o.statement.what,
            o.statement.words(),
            o.statement.said_on.isoformat(),
            o.due.isoformat() if o.due else "after the war",
            "" if o.came is None else "right" if o.came else "wrong",
            None if o.ours is None else chance(o.ours),
        )
        for o in reversed(a.said)
    )
    heads = (
        Column("who"),
        Column("what will happen"),
        Column("forecast"),
        Column("published"),
        Column("due"),
        Column("outcome"),
        Column("our probability", ".0%", True),
    )
    table = scores(a.said, a.as_of.date)
    scored: tuple[tuple[Cell, ...], ...] = tuple(
        (s.service, s.statements, s.due, f"{s.right} of {s.decided}" if s.decided else "", s.moved)
        for s in table
        if s.statements > 1 or s.due
    )
    columns = (
        Column("service"),
        Column("statements", "d", True),
        Column("due", "d", True),
        Column("right", number=True),
        Column("how far the date moves in a year, in years", "+.1f", True),
    )
    decided = sum(s.decided for s in table)
    line = (
        f"We have {few_text(len(a.said), 'statements')} by {few_text(len(table), 'speakers')}. "
        "They do not answer quite the same question as our model. "
        f"{_checked(sum(s.due for s in table), decided)}"
    )
    has_moves = any(s.moved is not None for s in table)
    moves = "A date that moves by a year each year never comes. " if has_moves else ""
    note = (
        f"{moves}For statements about rebuilt forces, we also give the chance that Russia has as "
        "many tanks as in February 2022 by the last year named. Years after the war count from "
        "the ceasefire you chose."
    )
    return (
        Section(
            "When Russia is ready to fight: what intelligence services and armies say",
            (
                Say(line),
                *_by_war(a),
                *([Table(columns, scored, title="Score by service")] if scored else []),
                Say(note, "note"),
                Table(heads, rows, title="All statements, latest first", detail=True),
            ),
        ),
    )


def _checked(due: int, decided: int) -> str:
    """Return how many statements are due, and how many of these could be checked."""
    if not due:
        return "None is due yet."
    return (
        f"So far {few(due)} {'is' if due == 1 else 'are'} due. We could check only {few(decided)}, "
        "because nobody can see whether a force is able to attack."
    )
