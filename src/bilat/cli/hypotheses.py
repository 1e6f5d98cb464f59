# SPDX-License-Identifier: Apache-2.0
"""``bilat hypotheses``: rival readings of each chapter's judgement, and what would have to fall."""

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
    print_json,
    print_marked,
    print_marking,
)


def hypotheses(
    chapter: Annotated[str | None, typer.Argument(help="A chapter, as in: intro, war, forward.")] = None,
    durability: Annotated[
        bool, typer.Option("--durability", help="The tie as a forecast: what would have to fall.")
    ] = False,
    page: Annotated[Path | None, typer.Option("--page", metavar="FILE", help="Write a page (HTML).")] = None,
    as_of: AsOfOption = None,
    team: TeamOption = None,
    marking: MarkingOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """Rival readings against the same evidence, the least inconsistent first."""
    from bilat.forecast.hypotheses import durability as fall
    from bilat.forecast.hypotheses import hypotheses as judged
    from bilat.terminal.hypotheses import show_durability, show_hypotheses
    from bilat.when import AsOf

    when, store = AsOf(as_of), held(holdings)
    shared = claims_handled(team, marking, leaves=page is not None)
    mark, withheld = (shared.marking, shared.withheld) if shared else (None, frozenset())
    lasting = fall(when, store) if durability else None
    found = [] if durability and page is None else judged(when, chapter, store, withheld=withheld)
    if page is not None:
        from bilat.picture.hypotheses_page import write_hypotheses_page

        write_hypotheses_page(found, lasting, page, mark)
    if as_json and lasting:
        print_marked(lasting.to_json(), mark)
        return
    if as_json:  # a list: each chapter bears the marking
        print_json([{"marking": str(mark), **j.to_json()} if mark else j.to_json() for j in found])
        return
    print_marking(mark)
    if lasting:
        show_durability(lasting)
    else:
        show_hypotheses(found)
