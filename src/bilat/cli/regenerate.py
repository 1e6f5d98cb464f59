# SPDX-License-Identifier: Apache-2.0
"""``bilat regenerate``: recovery of forces, and missiles fired against produced."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bilat.cli.options import AsOfOption, HoldingsOption, JsonOption, held, print_json
from bilat.errors import UsageError

if TYPE_CHECKING:
    from bilat.regeneration.recovery.ask import Answered


def add_regenerate(app: typer.Typer) -> None:
    """Hang the verb on the command line."""
    app.command()(regenerate)


def regenerate(
    classes: Annotated[
        list[str] | None,
        typer.Option(
            "--class",
            metavar="NAME",
            help="tank, ifv_apc, mlrs, tube_artillery or missiles; repeatable.",
            show_default="all of them",
        ),
    ] = None,
    ceasefire: Annotated[
        str | None,
        typer.Option(
            "--ceasefire",
            metavar="MONTH",
            help="The first month of peace.",
            show_default="the month after --as-of",
        ),
    ] = None,
    china: Annotated[
        str | None,
        typer.Option(
            "--china", metavar="HELP", help="none, components or systems.", show_default="all three"
        ),
    ] = None,
    draws: Annotated[int, typer.Option("--draws", metavar="N", help="Draws of the outlook.")] = 10_000,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Seed of the draws.")] = 1,
    param: Annotated[
        list[str] | None,
        typer.Option(
            "--param",
            "-p",
            metavar="K=V",
            help="A parameter: one value, or low:high; see --explain. Repeatable.",
        ),
    ] = None,
    until: Annotated[
        str,
        typer.Option(
            "--until",
            metavar="DAY",
            help="Missiles: the last day of the windows.",
            show_default="the last held",
        ),
    ] = "",
    explain: Annotated[
        bool,
        typer.Option("--explain", help="List the parameters with range, unit and the rows they rest on."),
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Without the checks: points left out, readings, backtest.")
    ] = False,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write .json or .parquet.")
    ] = None,
    page: Annotated[
        Path | None,
        typer.Option(
            "--page", metavar="FILE", help="One class as a page with sliders: .html, with its JSON."
        ),
    ] = None,
    holdings: HoldingsOption = None,
) -> None:
    """How long Russia's forces need to recover, by class and China's help; missiles fired against produced.

    For example: bilat regenerate --class tank --ceasefire 2027-01 --china components --param detection=0.7:0.9

    The fit comes first: residuals, points left out, figures that contradict each other.
    """
    from bilat.regeneration.recovery.ask import answer
    from bilat.terminal.recovery import show_explained, show_recovery

    if out is not None and out.suffix not in (".json", ".parquet"):
        raise UsageError(f"--out {out}: name a file that ends in .json or .parquet")
    if page is not None and (page.suffix != ".html" or not classes or len(classes) > 1 or "," in classes[0]):
        raise UsageError(
            f"--page {page}: takes one class that can be estimated (--class tank) and a name in .html"
        )
    changes = {}
    for text in param or []:
        key, equals, value = text.partition("=")
        if not equals or not key or not value:
            raise UsageError(f"--param {text!r}: write name=value or name=low:high")
        changes[key.strip()] = value.strip()
    found = answer(
        classes, ceasefire=ceasefire, china=china, draws=draws, seed=seed, changes=changes, until=until,
        as_of=as_of, holdings=held(holdings), checks=not (quick or explain),
    )  # fmt: skip
    if out is not None:
        found.write(out)
    if page is not None:
        _write_page(page, found, draws, seed, changes, as_of, holdings)
    if as_json:
        print_json(found.to_json())
    elif explain:
        show_explained(found)
    else:
        show_recovery(found, out)


def _write_page(
    page: Path,
    found: Answered,
    draws: int,
    seed: int,
    changes: dict[str, str],
    as_of: str | None,
    holdings: Path | None,
) -> None:
    """The page of the one class asked for, with its sliders computed beforehand."""
    from bilat.picture.recovery_page import write_recovery_page
    from bilat.regeneration.recovery.grid import grid
    from bilat.when import AsOf

    estimated = [c for c in found.recovery.classes if c.scenarios] if found.recovery else []
    if len(estimated) != 1 or page.suffix != ".html":
        raise UsageError(
            f"--page {page}: takes one class that can be estimated (--class tank) and a name in .html"
        )
    if {s.china for s in estimated[0].scenarios} != {"none", "components", "systems"}:
        raise UsageError("--page shows all three kinds of help side by side: leave out --china")
    name = estimated[0].klass.name
    cells = grid(
        name, draws=min(draws, 20_000), seed=seed, as_of=AsOf(as_of), holdings=held(holdings), changes=changes
    )
    write_recovery_page(cells, estimated[0], page)
