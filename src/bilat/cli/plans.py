# SPDX-License-Identifier: Apache-2.0
"""``bilat plan``: a plan asked with a book of assumptions of one's own, or written as one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from bilat.cli.answers import answer
from bilat.cli.options import open_holdings
from bilat.document import Frame
from bilat.planning.plans import Plan, plans_in_book

#: The options that every plan has besides its own fields: annotation and default.
OPTIONS: dict[str, tuple[Any, Any]] = {
    "book": (
        Annotated[
            Path | None,
            typer.Option(
                "--book", metavar="FILE", help="Use your own book of assumptions, .xlsx or .toml."
            ),
        ],
        None,
    ),
    "write_book": (
        Annotated[
            Path | None,
            typer.Option(
                "--write-book",
                metavar="FILE",
                help="Write this plan's numbers to a book instead of running the model.",
            ),
        ],
        None,
    ),
}


def answer_plan(
    plan: Plan,
    *,
    book: Path | None = None,
    write_book: Path | None = None,
    as_of: str | None = None,
    holdings: Path | None = None,
    **frame: Any,
) -> None:
    """Answer a plan with the numbers of a book, or write its numbers as one."""
    from bilat.when import AsOf

    asked = Frame(as_of=AsOf(as_of), holdings=open_holdings(holdings))
    marking = None
    if book is not None:
        from bilat.planning.book import changes_of, marking_of, read_book

        lines = read_book(book)
        own = [part.book for part in plan.parts()]
        known = [*dict.fromkeys([*(p.book for p in plans_in_book()), *own])]
        plan = plan.given(changes_of(book, plan, asked, lines, known))
        marking = marking_of(lines)
    if write_book is not None:
        from bilat.planning.book_writing import write_book as write

        write(plan.parts_with_param(asked), asked, write_book)
        print(f"written: {write_book}")
        return
    answer(plan, as_of=as_of, holdings=holdings, rows_marked=marking, **frame)
