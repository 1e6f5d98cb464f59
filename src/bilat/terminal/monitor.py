# SPDX-License-Identifier: Apache-2.0
"""The circumvention monitor in the terminal: routes, hits, verdicts, changes of the lists."""

from __future__ import annotations

from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

from bilat.picture.words import chance, interval
from bilat.terminal.tables import figure, table

if TYPE_CHECKING:
    from bilat.picture.cases.route import Search


def show_diversion(search: Search, out: Path | None) -> None:
    """The ranked list of hub and product, then what was asked and what the answer cannot show."""
    table(
        [
            "#", "hub", "product", "label", "tier", "diverted", "80% interval", "probability", "q", "legs", "break",
            "rivals that stand",
        ],
        (
            [
                str(r.rank), r.hub, r.product, shorten(r.label, 44, placeholder=" …"), r.tier or "",
                figure(r.diverted), interval(r.low, r.high),
                chance(r.probability) + ("" if r.calibrated else "*"), chance(r.q_value), r.known,
                r.break_at or "", ", ".join(r.standing),
            ]
            for r in search.routes
        ),
        numbers=(0, 5, 6, 7, 8),
    )  # fmt: skip
    asked = {
        "origin": f"{search.origin_option} ({len(search.origin)} states)",
        "target": search.target,
        "since": f"{search.since}; {search.window} against {search.baseline}",
        "basket": search.basket["title"] if search.basket else "",
        "currency": search.currency,
        "as of": search.as_of,
        "flags": _flags(search),
    }
    for key, value in asked.items():
        if value:
            print(f"{key}: {value}")
    if not all(r.calibrated for r in search.routes):
        print("* not calibrated: the file has too few pairs to tell how often such a probability is right")
    for note in search.notes:
        print(f"note: {note}")
    if out is not None:
        print(f"The cases lie in {out}")


def _flags(s: Search) -> str:
    """How many pairs stand out, and what they are worth beside the fall of direct trade."""
    told = f"{s.flags:,} of {s.pairs_tested:,} pairs at q up to {s.flag_q:.2f}"
    if s.hubs:
        told += f"; {s.worth_of}: {figure(s.worth)} ({interval(s.worth_low, s.worth_high)})"
        if s.substitution is not None:
            told += f", {s.substitution:.1%} of the {figure(s.direct_loss)} by which direct trade fell"
    return told
