# SPDX-License-Identifier: Apache-2.0
"""``bilat watch``: what changed in the public record between two dates."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bilat.cli.options import (
    AsOfOption,
    HoldingsOption,
    JsonOption,
    MarkingOption,
    Pair,
    TeamOption,
    claims_handled,
    dyad_of,
    held,
)
from bilat.cli.questions import OutOption, WhyOption, show
from bilat.units.written import counted

if TYPE_CHECKING:
    from bilat.forecast.signals import Deal
    from bilat.handling import Marking


def watch(
    pair: Pair = None,
    since: Annotated[
        str,
        typer.Option("--since", metavar="DATE", help="The earlier date; default: a week before."),
    ] = "",
    deals: Annotated[
        Path | None,
        typer.Option("--deals", metavar="FILE", help="Deals of your own (CSV) to look up in the register."),
    ] = None,
    as_of: AsOfOption = None,
    why: WhyOption = False,
    out: OutOption = None,
    team: TeamOption = None,
    marking: MarkingOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """What came in, what stands out, what fell silent, which answers changed, what is due. Exit code 3: read it."""
    from bilat.document import Frame
    from bilat.forecast.asking import WatchQuestion
    from bilat.when import AsOf

    shared = claims_handled(team, marking, leaves=out is not None)
    mark = shared.marking if shared else None
    question = WatchQuestion.read({"since": since} if since else {})
    found = question.seen(
        Frame(dyad_of(pair), AsOf(as_of), held(holdings)),
        _own(deals, mark),
        shared.withheld if shared else (),
    )
    show(found, why=why, out=out, marking=str(mark) if mark else None, as_json=as_json)


def _own(deals: Path | None, mark: Marking | None) -> list[Deal]:
    """The deals of a user's file; they bear no marking and count as marked TLP:AMBER."""
    if deals is None:
        return []
    from bilat.forecast.signals import read_deals
    from bilat.handling import UNMARKED

    found = read_deals(deals)
    if mark is not None and not UNMARKED.may_leave_in(mark):
        print(
            f"bilat: note: left out: {counted(len(found), 'deals')} of {deals}, {UNMARKED}", file=sys.stderr
        )
        return []
    return found
