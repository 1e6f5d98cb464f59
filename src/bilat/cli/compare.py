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
    dyad_of,
    held,
)
from bilat.cli.questions import OutOption, show
from bilat.errors import UsageError


class TakesPairs(TyperCommand):
    """A command whose ``--with`` takes two words, each time that it stands."""

    def parse_args(self, ctx, args):  # type: ignore[no-untyped-def]
        out = []
        rest = list(args)
        while rest:
            word = rest.pop(0)
            if word == "--with" and len(rest) >= 2:
                word = f"--with={rest.pop(0)},{rest.pop(0)}"
            out.append(word)
        return super().parse_args(ctx, out)


Others = Annotated[
    list[str] | None,
    typer.Option(
        "--with", metavar="A B", help="Another pair, as two states; may stand several times."
    ),
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
    out: OutOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """Several pairs side by side: the same topics as of the same date."""
    from bilat.verdicts.side_by_side import axis as four
    from bilat.verdicts.side_by_side import compare as profiles
    from bilat.verdicts.side_by_side import of_pairs

    if axis and (pair or others):
        raise UsageError("--axis names its pairs itself; leave out the others")
    dyads = four() if axis else _dyads(pair, others)
    made = of_pairs(profiles(dyads, as_of, held(holdings)))
    show(made, marking=marking, out=out, as_json=as_json)
