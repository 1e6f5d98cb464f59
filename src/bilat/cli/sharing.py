# SPDX-License-Identifier: Apache-2.0
"""Commands of a team: ``team dissent``, ``dissents``, ``mark``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from bilat.cli.options import AsOfOption, JsonOption, TeamOption
from bilat.cli.questions import show
from bilat.document import Column, Document, Table
from bilat.units.written import counted

WhyOption = Annotated[str, typer.Option("--why", help="Why; needed.")]
WhoOption = Annotated[str, typer.Option("--who", help="Who says so; needed.")]


def _team(folder: Path | None, *, must_exist: bool = True) -> Any:
    from bilat.sharing import Team

    return Team(folder, must_exist=must_exist)


def dissent(
    claim: Annotated[str, typer.Argument(help="Id of the claim, such as P7.")],
    verdict: Annotated[
        str, typer.Option("--verdict", help="The verdict instead, a word of the ledger's.")
    ],
    why: WhyOption = "",
    who: WhoOption = "",
    marking: Annotated[
        str,
        typer.Option(
            "--marking", help="How far it may be passed on: TLP:AMBER, TLP:GREEN REL EST POL."
        ),
    ] = "TLP:AMBER",
    as_of: AsOfOption = None,
    team: TeamOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what you conclude instead; it stands beside our verdict from then on."""
    added = _team(team, must_exist=False).dissent_log.add(
        claim, verdict, why, who, as_of=as_of, marking=marking
    )
    entered = (
        f"{added.claim}: {added.verdict}, by {added.who} as of {added.as_of} ({added.marking})"
    )
    show(
        Document("dissent", entered, (), (), data={**added.to_json(), "hash": added.hash}),
        as_json=as_json,
    )


def dissents(
    team: TeamOption = None,
    marking: Annotated[
        str | None,
        typer.Option("--marking", help="Only what may leave in an export of this marking."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Every dissent, oldest first."""
    from bilat.handling import Marking

    found = _team(team).dissents()
    if marking is not None:
        limit = Marking.parse(marking)
        found = [d for d in found if d.handling.may_leave_in(limit)]
    rows = tuple((d.claim, d.verdict, d.who, d.as_of, d.marking, d.why) for d in found)
    columns = tuple(map(Column, ("claim", "verdict", "who", "as of", "marking", "why")))
    blocks = (Table(columns, rows, listing=True),) if rows else ()
    data = [{**d.to_json(), "hash": d.hash} for d in found]
    show(
        Document("dissents", counted(len(rows), "dissents"), (), blocks, data=data), as_json=as_json
    )


def mark(
    about: Annotated[
        str, typer.Argument(help="'claim P7', 'decision HASH', 'dissent HASH' or 'row ID'.")
    ],
    marking: Annotated[
        str, typer.Option("--marking", help="TLP:CLEAR to TLP:RED, REL and states after it.")
    ],
    why: WhyOption = "",
    who: WhoOption = "",
    team: TeamOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say how far a verdict of ours, or an entry of the team's, may be passed on; the latest marking counts."""
    made = _team(team, must_exist=False).mark_log.add(about, marking, why, who)
    show(Document("marking", f"{made.about}: {made.marking}", (), (), data=made), as_json=as_json)
