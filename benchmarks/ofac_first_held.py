# SPDX-License-Identifier: Apache-2.0
"""Writes ``catalog/readers/ofac_first_held.toml``: which party numbers stand on which held SDN edition.

Run: ``python benchmarks/ofac_first_held.py --mirror DIR/sources``. OFAC's numbers rise, but not strictly:
numbers below an edition's highest may come onto the list later. Those are written out, for all numbers that
any held file names.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from bilat.formats.parties.ofac import _records

EDITIONS = ("2022-02-17", "2023-03-15", "2024-04-26", "2024-05-03")


def ranges(numbers: list[int]) -> list[tuple[int, int]]:
    """Consecutive numbers as (first, last)."""
    out: list[tuple[int, int]] = []
    for n in numbers:
        if out and n == out[-1][1] + 1:
            out[-1] = (out[-1][0], n)
        else:
            out.append((n, n))
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mirror", type=Path, required=True)
    args = parser.parse_args()
    folder = args.mirror / "parties/ofac"
    held = {d: {int(r[0]) for _, r in _records(folder / f"sdn_{d}.csv", 12)} for d in EDITIONS}
    named = set().union(*held.values())
    named |= {int(r[0]) for _, r in _records(folder / "sdn_alt_2025-12.csv", 5)}
    named |= {int(r[0]) for _, r in _records(folder / "sdn_add_2025-12.csv", 6)}
    lines = ["# Made by benchmarks/ofac_first_held.py from the held SDN editions; do not edit.", ""]
    for d in EDITIONS:
        highest = max(held[d])
        absent = ranges(sorted(n for n in named if n <= highest and n not in held[d]))
        lines += ["[[editions]]", f"date = {d}", f"highest = {highest}", "absent = ["]
        for at in range(0, len(absent), 8):
            lines.append("  " + ", ".join(f"[{a}, {b}]" for a, b in absent[at : at + 8]) + ",")
        lines += ["]", ""]
    out = Path(__file__).parents[1] / "src/bilat/catalog/readers/ofac_first_held.toml"
    out.write_text("\n".join(lines), "utf-8")
    print(out.name, out.stat().st_size)


if __name__ == "__main__":
    main()
