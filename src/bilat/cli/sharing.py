# SPDX-License-Identifier: Apache-2.0
"""Commands of a team: ``team dissent``, ``dissents``, ``mark``, ``merge``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from bilat.cli.options import AsOfOption, JsonOption, TeamOption, print_json

#: The exit code that says: there is something to read.
CONFLICTS = 3
WhyOption = Annotated[str, typer.Option("--why", help="Why; needed.")]
WhoOption = Annotated[str, typer.Option("--who", help="Who says so; needed.")]


def _team(folder: Path | None, *, must_exist: bool = True) -> Any:
    from bilat.sharing import Team

    return Team(folder, must_exist=must_exist)


def dissent(
    claim: Annotated[str, typer.Argument(help="Id of the claim, such as P7.")],
    verdict: Annotated[str, typer.Option("--verdict", help="The verdict instead, a word of the ledger's.")],
    why: WhyOption = "",
    who: WhoOption = "",
    marking: Annotated[
        str, typer.Option("--marking", help="How far it may be passed on: TLP:AMBER, TLP:GREEN REL EST POL.")
    ] = "TLP:AMBER",
    as_of: AsOfOption = None,
    team: TeamOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what you conclude instead; it stands beside our verdict from then on."""
    added = _team(team, must_exist=False).dissent_log.add(
        claim, verdict, why, who, as_of=as_of, marking=marking
    )
    if as_json:
        print_json({**added.to_json(), "hash": added.hash})
    else:
        typer.echo(f"{added.claim}: {added.verdict}, by {added.who} as of {added.as_of} ({added.marking})")


def dissents(
    team: TeamOption = None,
    marking: Annotated[
        str | None, typer.Option("--marking", help="Only what may leave in an export of this marking.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Every dissent, oldest first."""
    from bilat.handling import Marking
    from bilat.terminal.sharing import show_dissents

    found = _team(team).dissents()
    if marking is not None:
        limit = Marking.parse(marking)
        found = [d for d in found if d.handling.may_leave_in(limit)]
    if as_json:
        print_json([{**d.to_json(), "hash": d.hash} for d in found])
    else:
        show_dissents(found)


def mark(
    about: Annotated[str, typer.Argument(help="'claim P7', 'decision HASH', 'dissent HASH' or 'row ID'.")],
    marking: Annotated[str, typer.Option("--marking", help="TLP:CLEAR to TLP:RED, REL and states after it.")],
    why: WhyOption = "",
    who: WhoOption = "",
    team: TeamOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say how far a verdict of ours, or an entry of the team's, may be passed on; the latest marking counts."""
    from dataclasses import asdict

    made = _team(team, must_exist=False).mark_log.add(about, marking, why, who)
    if as_json:
        print_json(asdict(made))
    else:
        typer.echo(f"{made.about}: {made.marking}")


def merge(
    folders: Annotated[list[Path], typer.Argument(help="Teams' folders, two or more.", metavar="FOLDER...")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="A new folder.")],
    as_json: JsonOption = False,
) -> None:
    """Two teams' holdings, decisions and dissents as one folder; exit code 3 where they contradict one another."""
    from bilat.sharing import merge as run
    from bilat.terminal.sharing import show_merged

    made = run(folders, out)
    if as_json:
        print_json(made.to_json())
    else:
        show_merged(made)
    raise typer.Exit(CONFLICTS if made.conflicts else 0)
