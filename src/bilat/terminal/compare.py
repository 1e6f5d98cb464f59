# SPDX-License-Identifier: Apache-2.0
"""Pairs of states side by side in the terminal, within 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from bilat.dyad import Dyad
from bilat.verdicts.side_by_side import ComparedFigure
from bilat.when import AsOf

WIDTH = 80


def show_comparison(rows: Sequence[ComparedFigure], dyads: Sequence[Dyad], as_of: AsOf) -> None:
    """One block a figure, one line a pair: a table of many pairs would not fit a terminal."""
    print(f"As of {as_of}")
    for row in rows:
        print()
        print(f"{row.heading} ({row.unit})"[:WIDTH])
        for d, cell in zip(dyads, row.cells, strict=True):
            name = f"{d.a}-{d.b}"
            if cell.value is None:
                said = f"  {name:8} not measurable: {cell.missing}"
                print(textwrap.fill(said, WIDTH, subsequent_indent=" " * 11))
            else:
                print(f"  {name:8} {cell.value:12,.2f}  {cell.period}")
                if cell.note:
                    print(
                        textwrap.fill(cell.note, WIDTH, initial_indent=" " * 13, subsequent_indent=" " * 13)
                    )
        if (last := row.ended(as_of)) is not None:
            print(f"  The record ends with {last}: what came since is unknown, not absent.")
    print()
    text = "The same figure for each pair, from the same record; a difference says nothing of its cause."
    print(textwrap.fill(text, WIDTH))
