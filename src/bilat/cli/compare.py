# SPDX-License-Identifier: Apache-2.0
"""``bilat compare``: several pairs of states side by side."""

from __future__ import annotations

from typing import Annotated

import typer
from typer.core import TyperCommand

from bilat.cli.options import AsOfOption, HoldingsOption, JsonOption, Pair, dyad_of, held, print_json
from bilat.errors import UsageError


class TakesPairs(TyperCommand):
    """A command whose ``--with`` takes two words, each time that it stands."""

    def parse_args(self, ctx, args):  # type: ignore[no-untyped-def]
        out, rest = [], list(args)
        while rest:
            word = rest.pop(0)
            if word == "--with" and len(rest) >= 2:
                word = f"--with={rest.pop(0)},{rest.pop(0)}"
            out.append(word)
        return super().parse_args(ctx, out)


def compare(
    pair: Pair = None,
    others: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="A B", help="Another pair, as two states; may stand several times."),
    ] = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """Several pairs side by side: the same figures as of the same date."""
    from bilat.dyad import Dyad
    from bilat.verdicts.side_by_side import compare as figures
    from bilat.verdicts.side_by_side import to_json
    from bilat.when import AsOf

    dyads = [dyad_of(pair)]
    for text in others or []:
        a, comma, b = text.partition(",")
        if not comma:
            raise UsageError(f"--with {text} is one state; write two: --with RUS IRN")
        dyads.append(Dyad(a, b))
    when = AsOf(as_of)
    rows = figures(dyads, when, held(holdings))
    if as_json:
        print_json(to_json(rows, dyads, when))
    else:
        from bilat.terminal.compare import show_comparison

        show_comparison(rows, dyads, when)
