# SPDX-License-Identifier: Apache-2.0
"""London's firms of its Russia regime, screened with the lists that come with bilat, by state.

Run: python benchmarks/london_firms.py MIRROR [SEED ...]

The names are the primary ones of the UK Sanctions List of 28 April 2026, in the form of another
program (parties/uk/uk_primary.csv of the mirror), as a file of names and states. A seed holds out a
quarter of the firms: its part is printed alone, so that no rule can have been tuned to it. A firm is
found if a party is reported as likely or a match; "same entry" means that one of these is London's
own entry of that number. The second table leaves London's own list out: who of its firms is known
to another list.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from collections import Counter
from pathlib import Path

from bilat import screen
from bilat.catalog import sources
from bilat.parties.match.chance import BANDS

#: States with so many firms have a line of their own.
LEAST = 9
SEEDS = ("1", "2", "3")
Firm = dict[str, str]


def firms(mirror: Path) -> list[Firm]:
    """Return London's firms under its Russia regime."""
    path = mirror / "parties/uk/uk_primary.csv"
    with path.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    return [r for r in rows if (r["type"], r["regime"]) == ("entity", "RUS")]


def is_held_out(firm: Firm, seed: str) -> bool:
    """Return whether a seed holds this firm out: a quarter of all."""
    return int(hashlib.sha256(f"{seed} {firm['id']}".encode()).hexdigest(), 16) % 4 == 0


def found(asked: list[Firm], lists: tuple[str, ...] = ()) -> tuple[set[str], set[str]]:
    """Return (numbers of the firms that are found, of those found as London's own entry)."""
    table = [{"name": f["name"], "country": f["countries"].split("|")[0]} for f in asked]
    by: set[str] = set()
    same: set[str] = set()
    likely = {name for name, least in BANDS if least >= dict(BANDS)["likely"]}

    def take(row: object) -> None:
        assert isinstance(row, dict)
        if row["band"] in likely:
            firm = asked[int(row["query_id"]) - 1]
            by.add(firm["id"])
            entries = {listing["party"] for listing in row["listings"]} | {row["party"]}
            if any(e.endswith(firm["id"]) for e in entries):
                same.add(firm["id"])

    screen(table, lists=lists or None, typed=False, emit=take)
    return by, same


def table(asked: list[Firm], by: set[str], same: set[str]) -> list[str]:
    """Return the lines of a table by state."""
    states = Counter(f["countries"].split("|")[0] or "not stated" for f in asked)
    shown = [s for s, n in states.most_common() if n >= LEAST]
    lines = ["| state | firms | found | same entry |", "|---|---|---|---|"]
    for state in [*shown, "other", "all"]:
        part = [f for f in asked if _is_of(f, state, shown)]
        if part:
            here = {f["id"] for f in part}
            counts = (len(here), len(here & by), len(here & same))
            share = [f"{n} ({n / counts[0]:.1%})" for n in counts[1:]]
            lines.append(f"| {state} | {counts[0]} | {share[0]} | {share[1]} |")
    return lines


def _is_of(firm: Firm, state: str, shown: list[str]) -> bool:
    own = firm["countries"].split("|")[0] or "not stated"
    return state == "all" or own == state or (state == "other" and own not in shown)


def main() -> None:
    """Print the tables."""
    mirror = Path(sys.argv[1])
    every = firms(mirror)
    by, same = found(every)
    print(f"## All {len(every)} firms\n", *table(every, by, same), sep="\n")
    for seed in sys.argv[2:] or SEEDS:
        part = [f for f in every if is_held_out(f, seed)]
        print(f"\n## A quarter held out, seed {seed}\n", *table(part, by, same), sep="\n")
    others = tuple(
        s.name
        for s in sources().values()
        if "parties" in s.tables and s.embed != "none" and s.name != "uk_sanctions"
    )
    by, same = found(every, others)
    print("\n## Without London's own list\n", *table(every, by, same), sep="\n")


if __name__ == "__main__":
    main()
