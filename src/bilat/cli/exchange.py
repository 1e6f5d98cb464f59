# SPDX-License-Identifier: Apache-2.0
"""``bilat write export`` and ``bilat import``."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

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
    print_json,
)
from bilat.units.written import counted

FormatOption = Annotated[str, typer.Option("--to", help="ftm, stix, sdmx, frictionless or jsonld.")]


def export(
    pair: Pair = None,
    to: FormatOption = "frictionless",
    marking: Annotated[
        str, typer.Option("--marking", help="What is marked above it does not leave: TLP:GREEN REL EST POL.")
    ] = "TLP:CLEAR",
    out: Annotated[
        Path, typer.Option("--out", metavar="PLACE", help="A file for stix and jsonld, else a folder.")
    ] = Path("export"),
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
        dyad_of(pair), AsOf(as_of), held(holdings), Marking.parse(marking), team=asked_team(team, None),
        parts=parts, lists=lists, names=measures or (),
    )  # fmt: skip
    files = write_export(parcel, to, out)
    told = {part: len(getattr(parcel, part)) for part in carried if getattr(parcel, part)}
    if as_json:
        print_json({"marking": marking, "files": [str(f) for f in files], **told})
        return
    for f in files:
        typer.echo(f"{f.stat().st_size:>12,} bytes  {f}")
    typer.echo(f"{parcel.marking}: " + (", ".join(counted(n, part) for part, n in told.items()) or "nothing"))


def take_in(
    place: Annotated[Path, typer.Argument(help="A file or folder that was exported.")],
    to: Annotated[str, typer.Option("--from", help="ftm, stix, sdmx, frictionless or jsonld.")],
    team: Annotated[
        Path | None,
        typer.Option("--into", metavar="DIR", help="A team's folder: its dissents and rows are added to it."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """What an export of another team holds; with --into, its dissents and rows are kept beside one's own."""
    from bilat.exchange import FORMATS, read_export
    from bilat.exchange.shipping import checked

    parcel = read_export(place, checked(to))
    told: dict[str, Any] = {part: len(getattr(parcel, part)) for part in FORMATS[to] if getattr(parcel, part)}
    if team is not None:
        from bilat.exchange.taking_in import take

        added = take(parcel, team)
        told["added"] = added
    if as_json:
        print_json({**asdict(parcel), "marking": str(parcel.marking)})
        return
    parts = ", ".join(counted(n, part) for part, n in told.items() if part != "added") or "nothing"
    typer.echo(f"{place}: {parts}; as of {parcel.as_of}, {parcel.marking}")
    for line in told.get("added", ()):
        print(line, file=sys.stderr if line.startswith("kept out") else sys.stdout)
