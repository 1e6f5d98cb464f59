# SPDX-License-Identifier: Apache-2.0
"""Screening in the terminal: alerts in lines that never break a word, decisions, changes of lists, owners."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from bilat.terminal.shown import as_options
from bilat.terminal.tables import table

if TYPE_CHECKING:
    from bilat.parties.lists.watchlist import Difference

#: Columns where the terminal's width is not known.
WIDTH = 80


def _width() -> int:
    return max(min(shutil.get_terminal_size((WIDTH, 24)).columns, 110), 40) if sys.stdout.isatty() else WIDTH


def _print(text: str, first: str = "", then: str = "") -> None:
    lines = wrap(
        as_options(text),
        _width(),
        initial_indent=first,
        subsequent_indent=then,
        break_long_words=False,
        break_on_hyphens=False,
    )
    print("\n".join(lines) if lines else first.rstrip())


def show_trail(trail: Sequence[dict[str, Any]]) -> None:
    """The audit trail of verdicts, oldest first."""
    from bilat.parties.decide.known import KNOWN

    table(
        ["when", "who", "query", "known", "party", "verdict", "reason", "snapshot", "hash"],
        (
            [t["when"], t["who"], t["query"], "; ".join(f"{k} {t[k]}" for k in KNOWN if t[k]), t["party"], t["verdict"],
             t["reason"], t["snapshot"][:12], t["hash"][:12]]
            for t in trail
        ),
    )  # fmt: skip


def show_owners(answer: dict[str, Any]) -> None:
    """What each rule says of a firm, then the chains from its listed owners."""
    share = answer["listed_share"]
    low, high = f"{share['low']:g}", f"{share['high']:g}"
    held = f"{low} percent" if low == high else f"{low} to {high} percent"
    _print(f"{answer['firm']} as of {answer['as_of']}: listed parties hold {held}")
    for r in answer["rules"]:
        counted = f"{r['low']:g}" if r["low"] == r["high"] else f"{r['low']:g} to {r['high']:g}"
        _print(f"{r['verdict'].upper()}  {r['rule']}: {r['effect']}", "  ", "      ")
        origin = f", from {', '.join(r['owners'])}" if r["owners"] else ""
        if r["reason"]:
            _print(r["reason"], "      ", "      ")
        _print(f"{counted} percent as the rule counts{origin}", "      ", "      ")
        _print(f"{r['scope']}; {r['cites']}", "      ", "      ")
    for note in answer["notes"]:
        _print(f"note: {note}", then="  ")
    for p in answer["paths"]:
        _print(f"{' > '.join(p['chain'])}: {p['low']:g} to {p['high']:g} percent", then="  ")


#: Changes of each kind that a terminal shows; files and --all have them all.
SHOWN = 20


def show_difference(found: Difference, *, full: bool) -> None:
    """A summary in ten lines, what is to be known, then the changes by kind."""
    from bilat.parties.lists.watchlist import WHATS
    from bilat.parties.lists.watchlist_feed import change_line

    for line in found.summary():
        _print(line, then="  ")
    for line in (*found.editions, *found.notes):
        _print(f"note: {line}", then="  ")
    for what in WHATS:
        these = [c for c in found.changes if c.what == what]
        if not these:
            continue
        print()
        for c in these if full else these[:SHOWN]:
            _print(change_line(c), then="  ")
        if not full and len(these) > SHOWN:
            print(
                f"{len(these) - SHOWN:,} more {what}: narrow by --programme and --country, or --all, --json, --out"
            )
