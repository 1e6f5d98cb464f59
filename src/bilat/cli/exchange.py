# SPDX-License-Identifier: Apache-2.0
"""``bilat write export`` and ``bilat team import``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bilat.cli.options import (
    AsOfOption,
    HoldingsOption,
    JsonOption,
    Pair,
    TeamOption,
    asked_team,
    dyad_of,
    held,
)
from bilat.cli.questions import show
from bilat.document import Column, Document, Say, Table
from bilat.units.written import counted

FormatOption = Annotated[str, typer.Option("--to", help="frictionless, ftm or stix.")]


def export(
    pair: Pair = None,
    to: FormatOption = "frictionless",
    marking: Annotated[
        str,
        typer.Option(
            "--marking", help="What is marked above it does not leave: TLP:GREEN REL EST POL."
        ),
    ] = "TLP:CLEAR",
    out: Annotated[Path, typer.Option("--out", metavar="PLACE", help="A folder.")] = Path("export"),
    lists: Annotated[
        list[str] | None,
        typer.Option(
            "--lists",
            help="Lists whose parties go with it; repeatable.",
            show_default="all with ftm, else none",
        ),
    ] = None,
    measures: Annotated[
        list[str] | None,
        typer.Option(
            "--measure",
            help="Measures whose figures go with it; repeatable.",
            show_default="those of the claims",
        ),
    ] = None,
    as_of: AsOfOption = None,
    team: TeamOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """Claims, figures, listed parties, dissents for others' tools; nothing marked above --marking leaves."""
    from bilat.exchange import FORMATS, gather, write_export
    from bilat.exchange.shipping import checked
    from bilat.handling import Marking
    from bilat.when import AsOf

    carried = FORMATS[checked(to)]
    parts = [
        p
        for p in ("claims", "figures", "parties")
        if p in carried and (p != "parties" or lists or to == "ftm")
    ]
    parcel = gather(
        dyad_of(pair),
        AsOf(as_of),
        held(holdings),
        Marking.parse(marking),
        team=asked_team(team, None),
        parts=parts,
        lists=lists,
        names=measures or (),
    )
    files = write_export(parcel, to, out)
    count = {part: len(getattr(parcel, part)) for part in carried if getattr(parcel, part)}
    title = f"{parcel.marking}: {_parts(count)}"
    rows = tuple((f.stat().st_size, str(f)) for f in files)
    table = Table((Column("bytes", ",.0f"), Column("file")), rows)
    data = {"marking": marking, "files": [str(f) for f in files], **count}
    show(Document("export", title, (), (table,), data=data), as_json=as_json)


def _parts(count: dict[str, int]) -> str:
    return ", ".join(counted(n, part) for part, n in count.items()) or "nothing"


def take_in(
    place: Annotated[Path, typer.Argument(help="A folder that was exported.")],
    team: Annotated[
        Path | None,
        typer.Option(
            "--into", metavar="DIR", help="A team's folder: what it lacks is added to it."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """What an export of another team holds; with --into, its dissents, decisions and rows are added to one's own."""
    from bilat.exchange import FORMATS, read_export

    parcel = read_export(place)
    lines: list[str] = []
    if team is not None:
        from bilat.exchange.taking_in import take

        lines = take(parcel, team)
    count = {
        part: len(getattr(parcel, part))
        for part in FORMATS["frictionless"]
        if getattr(parcel, part)
    }
    title = f"{place}: {_parts(count)}; as of {parcel.as_of}, {parcel.marking}"
    blocks = tuple(Say(x, "warning" if x.startswith("kept out") else "plain") for x in lines)
    show(Document("import", title, (), blocks, data=parcel), as_json=as_json)
