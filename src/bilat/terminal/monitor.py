# SPDX-License-Identifier: Apache-2.0
"""The circumvention monitor in the terminal: routes, hits, verdicts, changes of the lists."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from textwrap import fill, wrap
from typing import TYPE_CHECKING

from bilat.document.wording import chance, interval
from bilat.terminal.tables import figure, table
from bilat.units.written import counted

if TYPE_CHECKING:
    from bilat.picture.cases.route import Route, Search

#: Columns below which a route is written on two lines, and rows of each list on a terminal.
WIDE, ROWS = 150, 25


def show_diversion(search: Search, out: Path | None) -> None:
    """The ranked list of hub and product, then what was asked and what the answer cannot show.

    On a terminal the goods in front come first, and on a narrow one a route takes two lines, so that no code or word is
    broken; piped, every row is a line of tab-separated words in rank order.
    """
    width = shutil.get_terminal_size().columns
    if not sys.stdout.isatty():
        _table(search.routes)
    else:
        for title, routes in search.lists:
            if title:
                print(f"{title}, {counted(len(routes), 'rows')}")
            if width >= WIDE:
                _table(routes[:ROWS])
            else:
                print("\n".join(line for r in routes[:ROWS] for line in stacked(r, search, width)))
            if len(routes) > ROWS:
                print(f"... and {counted(len(routes) - ROWS, 'more rows')}: --json, or --out DIR")
            print()
    asked = {
        "origin": f"{search.origin_option} ({len(search.origin)} states)",
        "target": search.target,
        "since": f"{search.since}; {search.window} against {search.baseline}",
        "basket": search.basket["title"] if search.basket else "",
        "currency": search.currency,
        "as of": search.as_of,
        "flags": _flags(search),
    }
    if front := search.front:
        asked["in front"] = (
            f"{front.title}: {front.flags:,} of {front.pairs:,} pairs; {figure(front.worth)} "
            f"({interval(front.worth_low, front.worth_high)})"
        )
    told = [f"{key}: {value}" for key, value in asked.items() if value]
    if not all(r.calibrated for r in search.routes):
        told.append(
            "* not calibrated: the file has too few pairs to tell how often such a probability is right"
        )
    for line in [*told, *(f"note: {note}" for note in search.notes)]:
        if sys.stdout.isatty():
            print(fill(line, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False))
        else:
            print(line)
    if out is not None:
        print(f"The cases lie in {out}")


def _table(routes: Sequence[Route]) -> None:
    table(
        [
            "#", "hub", "product", "goods", "tier", "likely amount", "80% interval", "probability", "q", "legs",
            "break", "rivals that stand",
        ],
        (
            [
                str(r.rank), r.hub, r.product, r.short, r.tier or "", figure(r.diverted), interval(r.low, r.high),
                chance(r.probability) + ("" if r.calibrated else "*"), chance(r.q_value), r.known,
                r.break_at or "", ", ".join(r.standing),
            ]
            for r in routes
        ),
        numbers=(0, 5, 6, 7, 8),
    )  # fmt: skip


def stacked(r: Route, search: Search, width: int) -> list[str]:
    """A route on lines of at most ``width`` characters: who and what, then how likely and how much, then its doubts."""
    head = f"{r.rank:>3}  {r.hub} {r.product}  {r.short}" + (f"  [tier {r.tier}]" if r.tier else "")
    amount = f"{figure(r.diverted)} {search.currency}"
    if span := interval(r.low, r.high):
        amount += f" ({span})"
    parts = [
        f"p {chance(r.probability)}{'' if r.calibrated else '*'}",
        f"q {chance(r.q_value)}",
        amount,
        r.known,
    ]
    doubts = [f"break {r.break_at}"] if r.break_at else []
    doubts += [f"rivals that stand: {', '.join(r.standing)}"] if r.standing else []
    lines = [head, "     " + "  ".join(parts)] + (["     " + "; ".join(doubts)] if doubts else [])
    return [
        piece
        for line in lines
        for piece in wrap(
            line, width, subsequent_indent="       ", break_long_words=False, break_on_hyphens=False,
            drop_whitespace=True, replace_whitespace=False,
        )
    ]  # fmt: skip


def _flags(s: Search) -> str:
    """How many pairs stand out, and what they are worth beside the fall of direct trade."""
    told = f"{s.flags:,} of {s.pairs_tested:,} pairs at q up to {s.flag_q:.2f}"
    if s.hubs:
        told += f"; {s.worth_of}: {figure(s.worth)} ({interval(s.worth_low, s.worth_high)})"
        if s.substitution is not None:
            told += f", {s.substitution:.1%} of the {figure(s.direct_loss)} by which direct trade fell"
    return told
