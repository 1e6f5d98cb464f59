# SPDX-License-Identifier: Apache-2.0
"""``bilat add``: a file of the user's own; who published it and its unit are asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bilat.cli.answers import show
from bilat.cli.options import JsonOption
from bilat.document import Document, Next
from bilat.measures.questions import MeasureQuestion
from bilat.units.notation import count_text


def add(
    file: Annotated[
        Path,
        typer.Argument(
            help="A CSV or Excel table with a header: a period, a value and, if you like, a group. "
            "With --remove: the name of a table that you added."
        ),
    ],
    publisher: Annotated[
        str, typer.Option("--publisher", help="Who published it; bilat asks if you leave it out.")
    ] = "",
    unit: Annotated[
        str,
        typer.Option(
            "--unit",
            help="Unit of the value, e.g. % or million USD; bilat asks if you leave it out.",
        ),
    ] = "",
    name: Annotated[
        str, typer.Option("--name", help="Name of the new measure; default: the file's name.")
    ] = "",
    public: Annotated[
        str,
        typer.Option(
            "--public", metavar="DATE", help="Date from which it has been public; default: today."
        ),
    ] = "",
    period: Annotated[
        str, typer.Option("--period", metavar="COLUMN", help="Column with the period.")
    ] = "",
    value: Annotated[
        str, typer.Option("--value", metavar="COLUMN", help="Column with the value.")
    ] = "",
    group: Annotated[
        str, typer.Option("--group", metavar="COLUMN", help="Column with the group.")
    ] = "",
    undo: Annotated[
        bool,
        typer.Option("--remove", help="Remove a table that you added, with all its versions."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Add a table of your own. bilat guesses its columns, and `ask` then answers from it.

    `bilat add mine --remove` takes it out again.

    For example: bilat add mine.csv --publisher "Our count" --unit aircraft
    """
    from bilat.holdings.own import add as take
    from bilat.holdings.own import guess, remove
    from bilat.when import AsOf

    if undo:
        gone = remove(str(file))
        title = f"{gone.name}: removed, with {count_text(gone.versions, 'versions')}"
        show(Document("removed", title, (), (), data=gone), as_json=as_json)
        return
    found = guess(file, period=period, value=value, group=group)
    by = f", one line for each {found.group}" if found.group else ""
    read = f"{found.rows:,} rows: {found.value} by {found.period} ({found.kind}){by}."
    read += "".join(f" {told}." for told in found.said)
    if found.absent:
        read += f" {count_text(found.absent, 'rows')} without a value left out."
    publisher = publisher or typer.prompt(f"{read}\nWho published it")
    unit = unit or typer.prompt("What is its unit")
    done = take(
        file,
        found,
        publisher=publisher,
        unit=unit,
        name=name,
        public=AsOf(public).date if public else None,
    )
    following = Next("Next", MeasureQuestion(done.source))
    show(
        Document(
            "added",
            f"{done.source}: {count_text(done.rows, 'rows')} taken in",
            (read,),
            (following,),
            data=done,
        ),
        as_json=as_json,
    )
