# SPDX-License-Identifier: Apache-2.0
"""A question is asked, and its answer printed or written."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bilat.cli.options import (
    marking_of_option,
    open_holdings,
    print_json,
    release_of_claims,
    with_dissents,
)
from bilat.document import Document, Frame, Question
from bilat.document.commands import pair_of, writer
from bilat.errors import UsageError
from bilat.handling import Marking

OutOption = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FILE",
        help="Write the answer as .html, .pdf, .docx, .xlsx, .json or .xml (Atom), or its main "
        "table as .parquet or .csv.",
    ),
]
WhyOption = Annotated[
    bool,
    typer.Option("--why", help="Show the details behind the answer: parameters, rules, data rows."),
]


def answer(
    question: Question,
    *,
    pair: list[str] | None = None,
    as_of: str | None = None,
    why: bool = False,
    out: Path | None = None,
    team: Path | None = None,
    marking: str | None = None,
    as_json: bool = False,
    fields: str = "",
    holdings: Path | None = None,
    rows_marked: Marking | None = None,
) -> None:
    """Ask, and put the document where it is wanted; its exit code ends the command.

    ``rows_marked`` is the marking of the user's own rows in the answer: it is not shown below that.
    """
    from bilat.terminal.progress import progress
    from bilat.when import AsOf

    question, pair = question.take_words(pair or ())
    if out is None and question.writes:
        out = Path(question.writes)
    shared = release_of_claims(team, marking, leaves=out is not None) if question.team else None
    with progress(quiet=as_json or bool(fields)) as tell:
        frame = Frame(pair_of(pair), AsOf(as_of), open_holdings(holdings), tell)
        if shared is not None:
            beside = partial(with_dissents, team=team, marking=marking)
            frame = replace(frame, add_team=beside, limit=shared.marking, withheld=shared.withheld)
        document = question.answer(frame)
    if rows_marked is not None:
        document = replace(document, marking=_not_below(rows_marked, marking))
        marking = None
    whole = why or question.whole()
    show(document, why=whole, out=out, marking=marking, as_json=as_json, fields=fields)


def _not_below(rows: Marking, marking: str | None) -> Marking:
    """Return the marking of an answer from marked rows: theirs, or a narrower one asked for.

    Raises
    ------
    UsageError
        for a marking that would let more readers see the answer than its rows allow.
    """
    limit = marking_of_option(marking)
    if limit is None:
        return rows
    if not rows.may_leave_in(limit):
        raise UsageError(
            f"`marking` {limit}: rows of your book are marked {rows}. Write {rows} or narrower"
        )
    return limit


def show(
    document: Document,
    *,
    why: bool = False,
    out: Path | None = None,
    marking: str | None = None,
    as_json: bool = False,
    fields: str = "",
) -> None:
    """Print a document or write it to a file by its ending; its exit code ends the command."""
    from bilat.document.json_fields import chosen
    from bilat.document.plain import envelope
    from bilat.document.text import text
    from bilat.terminal.output import as_options

    limit = marking_of_option(marking)
    if limit is not None:
        document = document.within(limit)
    if out is not None:
        from bilat.report.handout import write_answer

        write_answer(document, out, annex=why)
    if as_json or fields:
        print_json(chosen(envelope(document), fields))
    elif out is None:
        piped = not sys.stdout.isatty()
        said = text(
            document, why=why, piped=piped, command=writer(document), more="More with --why"
        )
        sys.stdout.write(as_options(said))
    else:
        print(f"written: {out}")
    if document.exit:
        raise typer.Exit(document.exit)
