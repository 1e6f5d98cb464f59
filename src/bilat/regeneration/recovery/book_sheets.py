# SPDX-License-Identifier: Apache-2.0
"""The sheets of the book of recovery: publishers' figures, and what others say of the answer."""

from __future__ import annotations

from bilat.document import Column, Table
from bilat.document.blocks import Cell
from bilat.regeneration.recovery.beliefs import SETS, Belief, beliefs, public
from bilat.regeneration.recovery.readiness import ReadinessStatement, statements
from bilat.regeneration.recovery.records import RecoveryRecords


def book_tables(klass: str, records: RecoveryRecords) -> tuple[Table, ...]:
    """Sheets of the book: each publisher's figure of what decides, and what others say of the
    answer.
    """
    own = tuple(_of_belief(b, "; ".join(pages)) for b, pages in public(beliefs(klass), records))
    said = tuple(
        (o.who, o.said_on.isoformat(), f"{o.what}: {o.words()}", *_calendar_years(o), o.page)
        for o in statements(records.known)
    )
    return (
        *([_sheet(f"{klass}, beliefs", BELIEF_HEADS, own)] if own else []),
        _sheet("readiness, others", READINESS_HEADS, said),
    )


#: Columns of the sheet of what others say of the year in which Russia is ready.
READINESS_HEADS = ("who", "said on", "says", "first year", "last year", "page")


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
        if ends is not None:
            return (belief.who, belief.says, *ends, unit, f"{belief.name}.{name}", page)
    return (belief.who, belief.says, None, None, "", "fitted: it sets no number", page)


def _sheet(title: str, heads: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...]) -> Table:
    numbers = ("low", "high", "first year", "last year")
    return Table(tuple(Column(h, number=h in numbers) for h in heads), rows, title=title)
