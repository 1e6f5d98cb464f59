# SPDX-License-Identifier: Apache-2.0
"""Options that several verbs share, and what they mean."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

Pair = Annotated[
    list[str] | None,
    typer.Argument(help="Two states, as codes or names: RUS CHN.", show_default="RUS CHN"),
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help="Use only what was public on this day, YYYY-MM-DD."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
FieldsOption = Annotated[
    str,
    typer.Option(
        "--fields",
        metavar="NAMES",
        help="Print only these fields of the JSON, e.g. title,data.points.value.",
        show_default=False,
    ),
]
HoldingsOption = Annotated[
    Path | None,
    typer.Option(
        "--holdings",
        metavar="DIR",
        help="Use the data in this folder, made by `bilat sources pull`.",
    ),
]

TeamOption = Annotated[
    Path | None,
    typer.Option(
        "--team",
        metavar="DIR",
        help="Use this team's folder.",
        show_default="$BILAT_TEAM, else next to the holdings",
    ),
]
MarkingOption = Annotated[
    str | None,
    typer.Option(
        "--marking", help="Handling marking to print on the output, e.g. TLP:GREEN REL EST POL."
    ),
]


def open_holdings(folder: Path | None):  # type: ignore[no-untyped-def]
    from bilat.holdings import Holdings

    return Holdings(folder, note=lambda line: print(f"bilat: note: {line}", file=sys.stderr))


def team_of_options(team: Path | None, marking: str | None):  # type: ignore[no-untyped-def]
    """The team whose dissents and markings count; None where neither folder nor marking
    is given.
    """
    if team is None and marking is None and not os.environ.get("BILAT_TEAM"):
        return None  # the common case loads no room
    from bilat.sharing.team import team_of

    return team_of(team, use_default=marking is not None)


def with_dissents(found: Any, team: Path | None, marking: str | None) -> Any:
    """Judgements with the team's dissents, as far as a marking lets them leave; untouched where no
    team is asked.
    """
    whose = team_of_options(team, marking)
    if whose is None:
        return found
    from bilat.handling import Marking
    from bilat.sharing.release import release_judgements

    kept = release_judgements(whose, found, Marking.parse(marking) if marking else None)
    if kept.left_out:
        print(f"bilat: note: {kept.left_out}, marked above {kept.marking}", file=sys.stderr)
    return kept.judged


def release_of_claims(  # type: ignore[no-untyped-def]
    team: Path | None, marking: str | None, *, leaves: bool
):
    """The marking of something that speaks of verdicts, and the claims left out of it; None where
    no team is asked.

    What ``leaves``, a page or a feed, begins at TLP:CLEAR.
    """
    whose = team_of_options(team, marking)
    if whose is None:
        return None
    from bilat.handling import PUBLIC, Marking
    from bilat.sharing.release import release_terms

    found = release_terms(whose, Marking.parse(marking) if marking else PUBLIC if leaves else None)
    if found.withheld:
        print(
            f"bilat: note: left out: {len(found.withheld)} claims, marked above {found.marking}",
            file=sys.stderr,
        )
    return found


def marking_of_option(marking: str | None):  # type: ignore[no-untyped-def]
    """The marking that something made of public figures is given; None where none is."""
    from bilat.handling import Marking

    return Marking.parse(marking) if marking else None


def print_json(value: Any) -> None:
    """One JSON text on standard output."""
    from bilat.terminal.output import escape_controls

    sys.stdout.write(
        escape_controls(json.dumps(value, ensure_ascii=False, indent=1, default=str)) + "\n"
    )
