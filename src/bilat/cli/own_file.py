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
from bilat.units.written import counted


def add(
    file: Annotated[
        Path,
        typer.Argument(
            help="A table in CSV or Excel with a header: a period, a value, perhaps a group."
        ),
    ],
    publisher: Annotated[
        str, typer.Option("--publisher", help="Who published it; asked where it is not given.")
    ] = "",
    unit: Annotated[
        str, typer.Option("--unit", help="Of the value: %, million USD; asked likewise.")
    ] = "",
    name: Annotated[
        str, typer.Option("--name", help="What it is asked by; default: the file's name.")
    ] = "",
    public: Annotated[
        str,
        typer.Option("--public", metavar="DATE", help="Since when it is public; default: today."),
    ] = "",
    period: Annotated[
        str, typer.Option("--period", metavar="COLUMN", help="Instead of the guess.")
    ] = "",
    value: Annotated[
        str, typer.Option("--value", metavar="COLUMN", help="Instead of the guess.")
    ] = "",
    group: Annotated[
        str, typer.Option("--group", metavar="COLUMN", help="Instead of the guess.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Take in a file of your own: its columns are guessed, and `ask` answers from it.

    For example: bilat add drones.csv --publisher "Our count" --unit drones
    """
    from bilat.holdings.own import add as take
    from bilat.holdings.own import guess
    from bilat.when import AsOf

    found = guess(file, period=period, value=value, group=group)
    by = f", one line for each {found.group}" if found.group else ""
    read = f"{found.rows:,} rows: {found.value} by {found.period} ({found.kind}){by}."
    read += "".join(f" {told}." for told in found.said)
    if found.absent:
        read += f" {counted(found.absent, 'rows')} without a value left out."
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
            f"{done.source}: {counted(done.rows, 'rows')} taken in",
            (read,),
            (following,),
            data=done,
        ),
        as_json=as_json,
    )
