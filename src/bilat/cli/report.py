# SPDX-License-Identifier: Apache-2.0
"""``bilat write report`` and ``bilat write letter``: the picture and a case on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bilat.cli.options import (
    AsOfOption,
    HoldingsOption,
    MarkingOption,
    Pair,
    TeamOption,
    asked_team,
    dyad_of,
    held,
)
from bilat.cli.questions import show


def report(
    pair: Pair = None,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the PDF goes.")] = Path(
        "report.pdf"
    ),
    annex: Annotated[bool, typer.Option("--annex", help="With the claims, one by one.")] = False,
    as_of: AsOfOption = None,
    team: TeamOption = None,
    marking: MarkingOption = None,
    holdings: HoldingsOption = None,
) -> None:
    """The picture as a few pages for an adviser, the first page first (extra report)."""
    from bilat.handling import Marking
    from bilat.picture import brief
    from bilat.when import AsOf

    whose = asked_team(team, marking)
    limit = Marking.parse(marking or "TLP:CLEAR") if whose else None
    picture = brief(dyad_of(pair), AsOf(as_of), holdings=held(holdings), team=whose, marking=limit)
    show(picture.document, out=out, why=annex)


def letter(
    case: Annotated[
        Path,
        typer.Argument(
            help="An answer of `bilat divert --out` (.json), or alerts of `bilat screen` (.jsonl)."
        ),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help=".pdf or .docx.")] = Path(
        "letter.pdf"
    ),
    row: Annotated[
        int, typer.Option("--row", metavar="N", min=1, help="Which route or alert of the file.")
    ] = 1,
    marking: MarkingOption = None,
) -> None:
    """A diversion case or a screening alert as a letter, PDF or docx (extra report)."""
    from bilat.handling import Marking
    from bilat.report.letter import letter_of

    show(letter_of(case, row, Marking.parse(marking) if marking else None), out=out)
