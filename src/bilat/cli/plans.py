# SPDX-License-Identifier: Apache-2.0
"""``bilat plan``: the four plans, their book of assumptions, and two books side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, cast

import typer

from bilat.cli.options import AsOfOption, HoldingsOption, JsonOption, held
from bilat.cli.questions import OutOption, WhyOption, add, answer, show
from bilat.contingency.questions import BackfillQuestion, BlockadeQuestion, ExposureQuestion
from bilat.document import Frame, Question
from bilat.planning.plans import Plan
from bilat.regeneration.questions import RecoveryQuestion

#: Every plan with a part of its own in the book.
PLANS: tuple[Plan, ...] = (
    RecoveryQuestion(),
    RecoveryQuestion("ifv_apc"),
    BackfillQuestion(),
    BlockadeQuestion(),
    ExposureQuestion(),
)

plan_app = typer.Typer(
    help="What must be planned for, from published numbers.", no_args_is_help=True
)
Book = Annotated[
    Path | None,
    typer.Option(
        "--book", metavar="FILE", help="A book of assumptions of your own, .xlsx or .toml."
    ),
]
WriteBook = Annotated[
    Path | None,
    typer.Option(
        "--write-book", metavar="FILE", help="Write the numbers of this plan as a book instead."
    ),
]


def _frame(as_of: str | None, holdings: Path | None, **more: Any) -> Frame:
    from bilat.when import AsOf

    return Frame(as_of=AsOf(as_of), holdings=held(holdings), **more)


def _answer(
    question: Question,
    *,
    book: Path | None = None,
    write_book: Path | None = None,
    as_of: str | None = None,
    holdings: Path | None = None,
    **frame: Any,
) -> None:
    plan = cast("Plan", question)
    if book is not None:
        from bilat.planning.book import changes_of, read_book

        known = [*dict.fromkeys([*(p.book for p in PLANS), plan.book])]
        plan = plan.given(changes_of(book, plan, _frame(as_of, holdings), read_book(book), known))
    if write_book is not None:
        _write([plan], as_of, holdings, write_book)
        return
    answer(plan, as_of=as_of, holdings=holdings, **frame)


def _write(plans: list[Plan], as_of: str | None, holdings: Path | None, path: Path) -> None:
    from bilat.planning.book import write_book as write

    write(plans, _frame(as_of, holdings), path)
    print(f"written: {path}")


for _plan in PLANS:
    if _plan == type(_plan)():
        add(
            plan_app,
            type(_plan),
            answered=_answer,
            more={"book": (Book, None), "write_book": (WriteBook, None)},
        )


@plan_app.command()
def book(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where it goes: .xlsx or .toml.")],
    as_of: AsOfOption = None,
    holdings: HoldingsOption = None,
) -> None:
    """Write the book of assumptions: every number of the plans, who says so, on what page, its range."""
    _write(list(PLANS), as_of, holdings, file)


@plan_app.command()
def compare(
    first: Annotated[Path, typer.Argument(metavar="BOOK", help="A book of assumptions.")],
    second: Annotated[
        Path | None, typer.Argument(metavar="BOOK", help="Another.", show_default="the shipped one")
    ] = None,
    as_of: AsOfOption = None,
    why: WhyOption = False,
    out: OutOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """Two books side by side: which numbers differ, who says so, how the headlines move, and which number does it."""
    from bilat.planning.compare import compared, document
    from bilat.terminal.progress import progress

    with progress(quiet=as_json) as tell:
        frame = _frame(as_of, holdings, progress=tell)
        found = compared(PLANS, first, second, frame)
    show(document(found, frame), why=why, out=out, as_json=as_json)
