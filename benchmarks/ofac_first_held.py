# SPDX-License-Identifier: Apache-2.0
"""Writes ``catalog/readers/ofac_first_held.toml``: which party numbers stand on which held SDN edition; and
``parties/lists/sdn_first_seen.txt``: the first of 308 dated copies on which each stands.

Run: ``python benchmarks/ofac_first_held.py --mirror DIR/sources``. OFAC's numbers rise, but not strictly:
numbers below an edition's highest may come onto the list later. Those are written out, for all numbers that
any held file names.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pyarrow.parquet as pq

from bilat.formats.parties.json_lines import objects
from bilat.formats.parties.ofac import _records
from bilat.formats.parties.us import csl_from_json

EDITIONS = ("2022-02-17", "2023-03-15", "2024-04-26", "2024-05-03")
#: Editions with names and numbers only, and the day from which each is public.
NAMES_ONLY = ("2025-11-30", "ofac/sdn_entities_2025-11.jsonl")
SCREENING = ("2026-07-31", "us/csl_2026-07-31.json")


def ranges(numbers: list[int]) -> list[tuple[int, int]]:
    """Consecutive numbers as (first, last)."""
    out: list[tuple[int, int]] = []
    for n in numbers:
        if out and n == out[-1][1] + 1:
            out[-1] = (out[-1][0], n)
        else:
            out.append((n, n))
    return out


def first_seen(path: Path) -> str:
    """A line a day: the numbers that stand on the copy of that day first; those of the first copy are older."""
    table = pq.read_table(path, columns=["id", "day"]).to_pydict()
    of: dict[str, list[int]] = {}
    for number, day in zip(table["id"], table["day"], strict=True):
        of.setdefault(day, []).append(int(number))
    lines = [
        "# OFAC SDN: first day on which an entry stands in one of 308 copies of sdn.csv, 18 Aug 2021 to 3 May 2024, by",
        "# OFAC's number; entries of the first copy are left out. US Government work. Copies: github.com/jackdwyer/",
        "# specially-designated-nationals-list, history of sdn.csv. Between two copies a day may pass.",
    ]
    for day in sorted(of)[1:]:
        spans = (f"{a}-{b}" if b > a else str(a) for a, b in ranges(sorted(of[day])))
        lines.append(f"{day} {' '.join(spans)}")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mirror", type=Path, required=True)
    args = parser.parse_args()
    folder = args.mirror / "parties/ofac"
    held = {d: {int(r[0]) for _, r in _records(folder / f"sdn_{d}.csv", 12)} for d in EDITIONS}
    held[NAMES_ONLY[0]] = {
        entry["entity_id"] for _, entry in objects(folder.parent / NAMES_ONLY[1])
    }
    held[SCREENING[0]] = {
        int(p.id.removeprefix("ofac-"))
        for p in csl_from_json(folder.parent / SCREENING[1])
        if any(e.list == "OFAC SDN" for e in p.listings)
    }
    named = set().union(*held.values())
    for name, width in (("ofac/sdn_alt_2025-12", 5), ("ofac/sdn_add_2025-12", 6)):
        named |= {int(r[0]) for _, r in _records(folder.parent / f"{name}.csv", width)}
    for name, width in (("us/ofac_alt_2026-08", 5), ("us/ofac_add_2026-08", 6)):
        named |= {int(r[0]) for _, r in _records(folder.parent / f"{name}.csv", width)}
    lines = ["# Made by benchmarks/ofac_first_held.py from the held SDN editions; do not edit.", ""]
    for d in held:
        highest = max(held[d])
        absent = ranges(sorted(n for n in named if n <= highest and n not in held[d]))
        lines += ["[[editions]]", f"date = {d}", f"highest = {highest}", "absent = ["]
        for at in range(0, len(absent), 8):
            lines.append("  " + ", ".join(f"[{a}, {b}]" for a, b in absent[at : at + 8]) + ",")
        lines += ["]", ""]
    out = Path(__file__).parents[1] / "src/bilat/catalog/readers/ofac_first_held.toml"
    out.write_text("\n".join(lines), "utf-8")
    print(out.name, out.stat().st_size)
    seen = first_seen(args.mirror / "parties/ofac_sdn_first_seen_2021-08-18_2024-05-03.parquet")
    (Path(__file__).parents[1] / "src/bilat/parties/lists/sdn_first_seen.txt").write_text(
        seen, "utf-8"
    )


if __name__ == "__main__":
    main()
