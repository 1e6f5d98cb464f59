# SPDX-License-Identifier: Apache-2.0
"""The verb ``backfill``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bilat.cli.options import AsOfOption, HoldingsOption, JsonOption, held, print_json
from bilat.errors import UsageError
from bilat.when import AsOf


def numbers_of(given: list[str] | None) -> dict[str, float]:
    """``name=value`` texts as numbers by name."""
    made: dict[str, float] = {}
    for text in given or []:
        name, sign, value = text.partition("=")
        try:
            if not sign:
                raise ValueError
            made[name.strip()] = float(value)
        except ValueError:
            raise UsageError(f"--param {text!r}: write name=number, p8.price=0.4") from None
    return made


def backfill(
    budget: Annotated[
        str, typer.Option("--budget", metavar="MONEY", help="Dollars a year: 10bn, 800m, unlimited.")
    ] = "10bn",
    withdraw: Annotated[
        str | None,
        typer.Option(
            "--withdraw",
            metavar="SHARE|FILE",
            help="A share from 0 to 1 of all, at once; or a TOML of scenarios.",
            show_default="eleven scenarios, all assumed",
        ),
    ] = None,
    years: Annotated[
        int, typer.Option("--years", metavar="N", help="Years in which orders are placed.")
    ] = 15,
    definition: Annotated[
        str,
        typer.Option(
            "--definition", metavar="NAME", help="Tankers counted: dedicated, a330, tankers, capable, fleet."
        ),
    ] = "tankers",
    basis: Annotated[
        str,
        typer.Option(
            "--basis", metavar="NAME", help="wartime (its part in a war) or stationed (in Europe now)."
        ),
    ] = "wartime",
    tail: Annotated[
        float,
        typer.Option("--tail", metavar="SHARE", help="How much the worst tenth of outcomes counts, 0 to 1."),
    ] = 0.0,
    annual: Annotated[bool, typer.Option("--annual", help="Money not spent in its year is lost.")] = False,
    draws: Annotated[
        int, typer.Option("--draws", metavar="N", min=2, max=5000, help="Draws of what is uncertain.")
    ] = 40,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Makes the same draws again.")] = 0,
    param: Annotated[
        list[str] | None,
        typer.Option(
            "--param", "-p", metavar="K=V", help="A number set by name (see --explain); repeatable."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write the answer as JSON and Parquet to this folder."),
    ] = None,
    page: Annotated[
        bool, typer.Option("--page", help="With --out: a page with sliders over 405 plans (a minute or two).")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Every number with its row, or why it is assumed.")
    ] = False,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """What Europe would order to replace what the United States takes away, and what no money removes.

    For example: bilat backfill --budget 10bn --withdraw 0.5 --explain
    """
    from bilat.contingency.backfill.answer import backfill as plan
    from bilat.contingency.backfill.assemble import Question, money
    from bilat.contingency.backfill.files import write
    from bilat.contingency.backfill.problem import Tail
    from bilat.terminal.backfill import show_backfill

    if page and out is None:
        raise UsageError("--page needs --out DIR, the folder that the page goes to")
    question = Question(money(budget), years, definition, basis, not annual, Tail(tail))
    answer = plan(
        question, withdraw=withdraw, params=numbers_of(param), count=draws, seed=seed, holdings=held(holdings),
        as_of=AsOf(as_of),
    )  # fmt: skip
    if out is not None:
        write(answer, out)
    if page and out is not None:
        from bilat.contingency.backfill.grid import grid
        from bilat.picture.backfill_page import write_page
        from bilat.terminal.progress import counting

        with counting("plans", quiet=as_json) as watch:
            cells = grid(progress=watch, question=question, withdraw=withdraw, params=numbers_of(param))
            write_page(answer.to_json(), cells.to_json(), out)
    if as_json:
        print_json(answer.to_json())
    else:
        show_backfill(answer.to_json(), explain=explain, out=out)
