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
from bilat.files.write import atomic_write, write_text

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
) -> None:
    """Ask, and put the document where it is wanted; its exit code ends the command."""
    from bilat.terminal.progress import progress
    from bilat.when import AsOf

    question, pair = question.naming(pair or ())
    if out is None and question.writes:
        out = Path(question.writes)
    shared = release_of_claims(team, marking, leaves=out is not None) if question.team else None
    with progress(quiet=as_json or bool(fields)) as tell:
        frame = Frame(pair_of(pair), AsOf(as_of), open_holdings(holdings), tell)
        if shared is not None:
            beside = partial(with_dissents, team=team, marking=marking)
            frame = replace(frame, beside=beside, limit=shared.marking, withheld=shared.withheld)
        document = question.answer(frame)
    whole = why or question.whole()
    show(document, why=whole, out=out, marking=marking, as_json=as_json, fields=fields)


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
        write(document, out, why=why)
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


def write(document: Document, path: Path, *, why: bool = False) -> None:
    """Write a document by the ending of its file, whole or not at all.

    Raises
    ------
    UsageError
        for another ending, or a table where the answer has none.
    DataError
        if the file cannot be written.
    """
    ending = path.suffix.lower()
    if ending not in (".html", ".pdf", ".docx", ".xlsx", ".json", ".xml", ".parquet", ".csv"):
        raise UsageError(
            f"{path}: ends in {ending or 'nothing'}; write .html, .pdf, .docx, .xlsx, .json, .xml, "
            ".parquet or .csv"
        )
    if ending == ".html":
        from bilat.document.page import document_page

        write_text(path, document_page(document, command=writer(document)))
    elif ending in (".pdf", ".docx"):
        from bilat.report.press import write_document

        write_document(document, path, annex=why)
    elif ending == ".xlsx":
        from bilat.document.workbook import write_workbook

        write_workbook(document, path)
    elif ending == ".xml":
        from bilat.document.feed import atom

        write_text(path, atom(document))
    elif ending == ".json":
        import json

        from bilat.document.plain import envelope

        write_text(
            path,
            json.dumps(envelope(document), ensure_ascii=False, indent=1, allow_nan=False) + "\n",
        )
    elif document.table is None:
        raise UsageError(f"{path}: this answer has no table of its own. Write .xlsx or .json")
    else:
        import pyarrow
        import pyarrow.csv
        import pyarrow.parquet

        with atomic_write(path) as temporary:
            writes = pyarrow.parquet.write_table if ending == ".parquet" else pyarrow.csv.write_csv
            table = document.table()
            if document.marking:
                marks = pyarrow.array([str(document.marking)] * table.num_rows)
                table = table.append_column("marking", marks)
            writes(table, temporary)
