# SPDX-License-Identifier: Apache-2.0
"""Questions as commands: options from a question's fields, the frame declared once, and where the answer goes."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from bilat.cli.options import (
    AsOfOption,
    HoldingsOption,
    JsonOption,
    MarkingOption,
    Pair,
    TeamOption,
    asked_marking,
    beside_dissents,
    claims_handled,
    held,
    named_pair,
    print_json,
)
from bilat.document import Document, Frame, Parameter, Question
from bilat.document.commands import writer
from bilat.errors import UsageError
from bilat.files.write import write_text, written

OutOption = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FILE",
        help="Write it as .html, .pdf, .docx, .xlsx, .json or .xml (Atom), or its main table as .parquet or .csv.",
    ),
]
WhyOption = Annotated[
    bool, typer.Option("--why", help="Show what lies behind: parameters, rules, rows.")
]


def add(
    app: typer.Typer,
    question: type[Question],
    name: str = "",
    answered: Callable[..., None] | None = None,
    more: Mapping[str, tuple[Any, Any]] | None = None,
) -> None:
    """Add the command that asks a question to an application; ``answered`` puts the answer where it is wanted, and is
    given the options ``more`` (name -> annotation, default) too, or in place of those of all answers."""
    own = more or {}
    command = _command(question, answered or answer, {**own, **_FRAME, **own})
    about = f"{inspect.getdoc(question)}\n\nFor example: {'; '.join(question.examples)}"
    app.command(name or question.verb[-1], help=about)(command)


def _command(
    question: type[Question], answered: Callable[..., None], options: Mapping[str, tuple[Any, Any]]
) -> Callable[..., None]:
    parameters = question.parameters()

    def run(**given: Any) -> None:
        frame = {k: given.pop(k) for k in options if k in given}
        asked = {
            p.name: given[_name(p)] for p in parameters if given[_name(p)] not in (None, [], ())
        }
        answered(question.read(asked), **frame)

    fields = [_option(p) for p in parameters if p.first] + [
        _option(p) for p in parameters if not p.first
    ]
    wanted = {"pair": question.pair, "team": question.team}
    frame = {k: v for k, v in options.items() if wanted.get(k, True)}
    signature = [
        *fields,
        *(inspect.Parameter(k, _KEY, default=d, annotation=a) for k, (a, d) in frame.items()),
    ]
    run.__signature__ = inspect.Signature(signature)  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in signature}
    return run


_KEY = inspect.Parameter.KEYWORD_ONLY
_FRAME: dict[str, tuple[Any, Any]] = {
    "pair": (Pair, None),
    "as_of": (AsOfOption, None),
    "why": (WhyOption, False),
    "out": (OutOption, None),
    "team": (TeamOption, None),
    "marking": (MarkingOption, None),
    "as_json": (JsonOption, False),
    "holdings": (HoldingsOption, None),
}


def _name(p: Parameter) -> str:
    return p.name.replace("-", "_")


def _option(p: Parameter) -> inspect.Parameter:
    """A field as Typer has it: a text that the question itself reads, so that no door checks a value."""
    kind: Any = bool if p.kind is bool else list[str] if p.many else str
    shown = None if p.default in ("", (), None) else str(p.default)
    if p.first:
        option: Any = typer.Argument(
            help=p.about, metavar=p.what or None, show_default=shown or False
        )
    else:
        flags = [f"--{p.name}", *([f"-{p.short}"] if p.short else [])]
        option = typer.Option(
            *flags, help=p.about, metavar=p.what or None, show_default=shown or False
        )
    return inspect.Parameter(
        _name(p), _KEY, default=None, annotation=Annotated[kind | None, option]
    )


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
    holdings: Path | None = None,
) -> None:
    """Ask, and put the document where it is wanted; its exit code ends the command."""
    from bilat.terminal.progress import progress
    from bilat.when import AsOf

    question, pair = question.naming(pair or ())
    shared = claims_handled(team, marking, leaves=out is not None) if question.team else None
    with progress(quiet=as_json) as tell:
        frame = Frame(named_pair(pair), AsOf(as_of), held(holdings), tell)
        if shared is not None:
            beside = partial(beside_dissents, team=team, marking=marking)
            frame = replace(frame, beside=beside, limit=shared.marking, withheld=shared.withheld)
        document = question.answer(frame)
    show(document, why=why, out=out, marking=marking, as_json=as_json)


def show(
    document: Document,
    *,
    why: bool = False,
    out: Path | None = None,
    marking: str | None = None,
    as_json: bool = False,
) -> None:
    """Print a document or write it to a file by its ending; its exit code ends the command."""
    from bilat.document.plain import envelope
    from bilat.document.text import text
    from bilat.terminal.shown import as_options

    limit = asked_marking(marking)
    if limit is not None:
        document = document.within(limit)
    if out is not None:
        write(document, out, why=why)
    if as_json:
        print_json(envelope(document))
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
            f"{path}: ends in {ending or 'nothing'}; write .html, .pdf, .docx, .xlsx, .json, .xml, .parquet or .csv"
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
        raise UsageError(f"{path}: this answer has no table of its own; write .xlsx or .json")
    else:
        import pyarrow
        import pyarrow.csv
        import pyarrow.parquet

        with written(path) as temporary:
            writes = pyarrow.parquet.write_table if ending == ".parquet" else pyarrow.csv.write_csv
            table = document.table()
            if document.marking:
                marks = pyarrow.array([str(document.marking)] * table.num_rows)
                table = table.append_column("marking", marks)
            writes(table, temporary)
