# SPDX-License-Identifier: Apache-2.0
"""``bilat hypotheses``: the tie as a forecast, what would have to fall."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bilat.cli.options import (
    AsOfOption,
    HoldingsOption,
    JsonOption,
    MarkingOption,
    TeamOption,
    claims_handled,
    held,
    print_marked,
    print_marking,
)


def hypotheses(
    page: Annotated[Path | None, typer.Option("--page", metavar="FILE", help="Write a page (HTML).")] = None,
    as_of: AsOfOption = None,
    team: TeamOption = None,
    marking: MarkingOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """Does the tie last? What would have to fall, each with its chance."""
    from bilat.forecast.hypotheses import durability
    from bilat.terminal.hypotheses import show_durability
    from bilat.when import AsOf

    shared = claims_handled(team, marking, leaves=page is not None)
    mark = shared.marking if shared else None
    lasting = durability(AsOf(as_of), held(holdings))
    if page is not None:
        from bilat.picture.hypotheses_page import write_hypotheses_page

        write_hypotheses_page(lasting, page, mark)
    if as_json:
        print_marked(lasting.to_json(), mark)
        return
    print_marking(mark)
    show_durability(lasting)
