# SPDX-License-Identifier: Apache-2.0
"""``bilat watch``: what changed in the public record between two dates."""

from __future__ import annotations

from typing import Annotated

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


def watch(
    pair: Pair = None,
    since: Annotated[
        str,
        typer.Option("--since", metavar="DATE", help="The earlier date; default: a week before."),
    ] = "",
    as_of: AsOfOption = None,
    why: WhyOption = False,
    out: OutOption = None,
    team: TeamOption = None,
    marking: MarkingOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """What happened, what stands out, what fell silent, which answers changed, what is due. Exit code 3: read it."""
    from bilat.document import Frame
    from bilat.forecast.asking import WatchQuestion
    from bilat.when import AsOf

    shared = claims_handled(team, marking, leaves=out is not None)
    mark = shared.marking if shared else None
    question = WatchQuestion.read({"since": since} if since else {})
    found = question.seen(
        Frame(dyad_of(pair), AsOf(as_of), held(holdings)),
        shared.withheld if shared else (),
    )
    show(found, why=why, out=out, marking=str(mark) if mark else None, as_json=as_json)
