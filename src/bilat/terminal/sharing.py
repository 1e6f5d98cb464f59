# SPDX-License-Identifier: Apache-2.0
"""A team's folder in a terminal: dissents, what a merge found."""

from __future__ import annotations

from collections.abc import Sequence

from bilat.sharing import Merged
from bilat.terminal.tables import table
from bilat.units.written import counted
from bilat.verdicts.dissents import Dissent


def show_dissents(found: Sequence[Dissent]) -> None:
    """Every dissent: claim, verdict, who, as of, marking, why."""
    if not found:
        print("no dissents")
        return
    table(
        ["claim", "verdict", "who", "as of", "marking", "why"],
        ([d.claim, d.verdict, d.who, d.as_of, d.marking, d.why] for d in found),
    )


def show_merged(made: Merged) -> None:
    """How much was merged, and every contradiction with what each side says."""
    if made.conflicts:
        table(
            ["conflict", "about", "team", "says", "kept"],
            (
                [c.what if not n else "", c.about if not n else "", team, says, c.kept if not n else ""]
                for c in made.conflicts
                for n, (team, says) in enumerate(c.sides)
            ),
        )
    print(
        f"{', '.join(made.teams)}: {counted(made.decisions, 'decisions')}, {counted(made.dissents, 'dissents')}, "
        f"{counted(made.markings, 'markings')}, {counted(made.rows, 'rows')}, {counted(made.snapshots, 'snapshots')}; "
        f"{counted(len(made.conflicts), 'conflicts')}"
    )
    print(f"merged: {made.out}")
