# SPDX-License-Identifier: Apache-2.0
"""``bilat blockade``: China's oil and gas with sea routes closed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bilat.cli.options import AsOfOption, HoldingsOption, JsonOption, held, print_json


def blockade(
    close: Annotated[
        str,
        typer.Option(
            "--close",
            metavar="NAMES",
            help="malacca, lombok, sunda, hormuz, australia, pacific, myanmar, sea; joined by commas; or none.",
        ),
    ] = "malacca,lombok,sunda",
    months: Annotated[int, typer.Option("--months", metavar="N", help="How long it lasts, 1 to 120.")] = 12,
    param: Annotated[
        list[str] | None,
        typer.Option("--param", "-p", metavar="K=V", help="A parameter: one value, or low:high; repeatable."),
    ] = None,
    draws: Annotated[
        int, typer.Option("--draws", metavar="N", help="Draws over what is uncertain.")
    ] = 10_000,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the draws.")] = 1,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show how it comes about, parameters and rows.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help=".json (all) or .parquet (the closures).")
    ] = None,
    grid: Annotated[
        Path | None, typer.Option("--grid", metavar="FILE", help="Write the grid for sliders as JSON.")
    ] = None,
    page: Annotated[
        Path | None, typer.Option("--page", metavar="FILE", help="Write a page with sliders, .html.")
    ] = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """What stops if straits are closed to China, how long stocks last, what Russian oil and gas overland add."""
    from bilat.cli.model_output import write_model, write_page
    from bilat.contingency.blockade import blockade as solve
    from bilat.contingency.blockade.grid import grid_of
    from bilat.terminal.blockade import show_blockade
    from bilat.when import AsOf

    answer = solve(
        close, months, as_of=AsOf(as_of), params=param or [], draws=draws, seed=seed, holdings=held(holdings)
    )
    if out is not None:
        write_model(out, answer.to_json, answer.to_arrow)
    if grid is not None:
        write_model(grid, grid_of(answer).to_json, None)
    if page is not None:
        from bilat.picture.models import blockade_page

        write_page(page, lambda: blockade_page(answer))
    if as_json:
        print_json(answer.to_json())
    else:
        show_blockade(answer, explain=explain)
