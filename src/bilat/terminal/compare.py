# SPDX-License-Identifier: Apache-2.0
"""Pairs of states side by side in the terminal, within 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from bilat.dyad import Dyad
from bilat.forecast.composite import DRAWS, LEVEL, Composite
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


#: Years of the index that are printed; the JSON and the page have all of them.
MOST_YEARS = 12
_BAR = 30


def show_index(c: Composite) -> None:
    """The index of each pair by year with its band, and what the band is made of."""
    print(
        f"Index of cooperation, 0 to 1, as of {c.as_of}\n"
        f"{100 * LEVEL:.0f}% band over {2 * DRAWS:,} draws of its choices"
    )
    for i in c.indices:
        print(f"\n{i.dyad.a}-{i.dyad.b}")
        print(f"  year  {f'{100 * LEVEL:.0f}% band':12}  middle  {'0 to 1, ● the middle':{_BAR + 3}} parts")
        for y in i.years[-MOST_YEARS:]:
            left, right = (round(x * _BAR) for x in (y.low, y.high))
            bar = " " * left + "─" * max(1, right - left)
            mid = min(_BAR - 1, round(y.middle * _BAR))
            bar = f"{bar[:mid]:{mid}}●{bar[mid + 1 :]}"
            print(
                f"  {y.year}  {y.low:.2f} to {y.high:.2f}  {y.middle:6.2f}  |{bar:{_BAR + 1}}| {len(y.parts)}"
            )
        told = ", ".join(f"{s.choice} {s.first:.0%} alone, {s.total:.0%} in all" for s in i.shares)
        print(textwrap.fill(f"Made by: {told}", WIDTH, initial_indent="  ", subsequent_indent="  "))
    for a, b, year, share in c.above:
        over, under = (a, b) if share >= 0.5 else (b, a)
        apart = ": not told apart" if 0.1 < share < 0.9 else ""
        print(f"\n{over} stands above {under} in {max(share, 1 - share):.0%} of the draws, {year}{apart}")
    parts = "; ".join(f"{p.says} ({p.set_after})" if p.set_after else p.says for p in c.parts)
    text = (
        f"Parts: {parts}. Years differ in their parts: a step where a record begins or ends is not an event. "
        "The index orders what it is made of; it says nothing of causes."
    )
    print("\n" + textwrap.fill(text, WIDTH))
    for line in c.missing:
        print(textwrap.fill(f"not told: {line}", WIDTH))
