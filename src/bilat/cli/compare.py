# SPDX-License-Identifier: Apache-2.0
"""``bilat ask compare``: several pairs of states side by side."""

from __future__ import annotations

from typing import Annotated

import typer
from typer.core import TyperCommand

from bilat.cli.options import (
    AsOfOption,
    HoldingsOption,
    JsonOption,
    MarkingOption,
    Pair,
    asked_marking,
    dyad_of,
    held,
    print_marked,
    print_marking,
)
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


Others = Annotated[
    list[str] | None,
    typer.Option("--with", metavar="A B", help="Another pair, as two states; may stand several times."),
]


def _dyads(pair: list[str] | None, others: list[str] | None):  # type: ignore[no-untyped-def]
    from bilat.dyad import Dyad

    if pair and all("-" in word for word in pair):
        return [Dyad.read(text) for text in (*pair, *(others or []))]
    return [dyad_of(pair), *(Dyad.read(text) for text in others or [])]


def compare(
    pair: Pair = None,
    others: Others = None,
    axis: Annotated[
        bool, typer.Option("--axis", help="The six pairs of Russia, China, Iran and North Korea.")
    ] = False,
    marking: MarkingOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """Several pairs side by side: the same figures as of the same date."""
    from bilat.verdicts.side_by_side import axis as four
    from bilat.verdicts.side_by_side import compare as figures
    from bilat.verdicts.side_by_side import to_json
    from bilat.when import AsOf

    if axis and (pair or others):
        raise UsageError("--axis names its pairs itself; leave out the others")
    dyads = four() if axis else _dyads(pair, others)
    when, mark = AsOf(as_of), asked_marking(marking)
    rows = figures(dyads, when, held(holdings))
    if as_json:
        print_marked(to_json(rows, dyads, when), mark)
    else:
        from bilat.terminal.compare import show_comparison

        print_marking(mark)
        show_comparison(rows, dyads, when)
