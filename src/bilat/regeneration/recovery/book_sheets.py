# SPDX-License-Identifier: Apache-2.0
"""The sheets of the book of recovery: publishers' figures, and what others say of the answer."""

from __future__ import annotations

from collections.abc import Sequence

from bilat.document import Column, Table
from bilat.document.blocks import Cell
from bilat.regeneration.recovery.beliefs import SETS, Belief, beliefs, public
from bilat.regeneration.recovery.readiness import ReadinessStatement, statements
from bilat.regeneration.recovery.records import RecoveryRecords


def book_tables(klass: str, records: RecoveryRecords) -> tuple[Table, ...]:
    """Sheets of the book: each publisher's figure of what decides, and what others say of the
    answer.
    """
    sheets = []
    own = []
    for belief, pages in public(beliefs(klass), records):
        page = "; ".join(pages)
        own.append(_of_belief(belief, page))
    if own:
        sheets.append(_sheet(f"{klass}, beliefs", BELIEF_HEADS, own))
    said = [_of_statement(statement) for statement in statements(records.known)]
    sheets.append(_sheet("readiness, others", READINESS_HEADS, said))
    return tuple(sheets)


#: Columns of the sheet of what others say of the year in which Russia is ready.
READINESS_HEADS = ("who", "said on", "says", "first year", "last year", "page")


def _of_statement(said: ReadinessStatement) -> tuple[Cell, ...]:
    """Return what somebody says of the year in which Russia is ready, as a row."""
    first, last = _calendar_years(said)
    return (
        said.who,
        said.said_on.isoformat(),
        f"{said.what}: {said.words()}",
        first,
        last,
        said.page,
    )


def _calendar_years(said: ReadinessStatement) -> tuple[float | None, float | None]:
    """Return the years that a statement names; none if it counts from the end of the war."""
    if said.implied is None:
        return None, None
    first, last = said.implied
    return round(first, 1), round(last, 1)


#: Columns of the sheet of publishers' figures.
BELIEF_HEADS = ("who", "says", "low", "high", "unit", "its name on the sheet Assumptions", "page")


def _of_belief(belief: Belief, page: str) -> tuple[Cell, ...]:
    """Return a publisher's figure for the book, with the name under which it can be changed."""
    for name, (own, unit, _, _) in SETS.items():
        ends = getattr(belief, own)
        if ends is None:
            continue
        low, high = ends
        return (
            belief.who,
            belief.says,
            low,
            high,
            unit,
            f"{belief.name}.{name}",
            page,
        )
    return (
        belief.who,
        belief.says,
        None,
        None,
        "",
        "fitted: it sets no number",
        page,
    )


#: Heads of the columns of numbers.
NUMBERS = ("low", "high", "first year", "last year")


def _sheet(title: str, heads: Sequence[str], rows: Sequence[tuple[Cell, ...]]) -> Table:
    columns = [Column(head, number=head in NUMBERS) for head in heads]
    return Table(tuple(columns), tuple(rows), title=title)
