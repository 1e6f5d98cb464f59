# SPDX-License-Identifier: Apache-2.0
"""``bilat brief``: the picture in the terminal and as a site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bilat.cli.answers import WhyOption, show
from bilat.cli.options import (
    AsOfOption,
    HoldingsOption,
    JsonOption,
    MarkingOption,
    Pair,
    TeamOption,
    open_holdings,
    team_of_options,
)
from bilat.document.commands import pair_of
from bilat.dyad import PAPER_PAIR


def brief(
    pair: Pair = None,
    as_of: AsOfOption = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder for the site; default picture."),
    ] = None,
    why: WhyOption = False,
    team: TeamOption = None,
    marking: MarkingOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """Get a briefing on two states: main findings first, in the terminal and as a site.

    For example: bilat brief RUS CHN --as-of 2023-03-20
    """
    from bilat.handling import Marking
    from bilat.picture import brief as make
    from bilat.terminal.progress import progress
    from bilat.when import AsOf

    place = out or (None if as_json else Path("picture"))
    limit = marking or ("TLP:CLEAR" if place is not None else None)
    whose = team_of_options(team, marking)
    with progress(quiet=as_json) as tell:
        picture = make(
            pair_of(pair or ()) or PAPER_PAIR,
            AsOf(as_of),
            out=place,
            holdings=open_holdings(holdings),
            progress=tell,
            team=whose,
            marking=Marking.parse(limit) if whose and limit else None,
        )
    show(picture.document, why=why, as_json=as_json)
    if place is not None and not as_json:
        print(f"\nThe site is at {place / 'index.html'}")
