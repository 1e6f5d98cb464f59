# SPDX-License-Identifier: Apache-2.0
"""``bilat exposure``: what China's exporters risk under secondary sanctions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bilat.cli.options import AsOfOption, HoldingsOption, JsonOption, held, print_json


def exposure(
    coalition: Annotated[
        str,
        typer.Option(
            "--coalition", metavar="NAMES", help="G7 (with the EU), EU27, COALITION, WIDE, or ISO codes."
        ),
    ] = "G7",
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
        Path | None, typer.Option("--out", metavar="FILE", help=".json (all) or .parquet (the losses).")
    ] = None,
    page: Annotated[
        Path | None, typer.Option("--page", metavar="FILE", help="Write a page with sliders, .html.")
    ] = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """What China's exporters would lose to secondary sanctions, by market and scope, against sales to Russia."""
    from bilat.cli.model_output import write_model, write_page
    from bilat.contingency.exposure import exposure as solve
    from bilat.terminal.exposure import show_exposure
    from bilat.when import AsOf

    answer = solve(
        coalition, as_of=AsOf(as_of), params=param or [], draws=draws, seed=seed, holdings=held(holdings)
    )
    if out is not None:
        write_model(out, answer.to_json, answer.to_arrow)
    if page is not None:
        from bilat.picture.models import exposure_page

        write_page(page, lambda: exposure_page(answer))
    if as_json:
        print_json(answer.to_json())
    else:
        show_exposure(answer, explain=explain)
