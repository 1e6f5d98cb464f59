# SPDX-License-Identifier: Apache-2.0
"""Score how sure bilat says it is against an outside reading of its answers.

Each row of ``confidence_readings.csv`` is one answer as somebody who did not build bilat judged it:
*sound* (would sign it), *weak* (nearly right) or *wrong*. ``sure`` is what bilat printed when it was
read. The rule of today is scored on the answers whose word is still the one that was read.

    python benchmarks/confidence.py            prints the table
    python benchmarks/confidence.py --write    writes confidence.md
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bilat.verdicts import judge

HERE = Path(__file__).parent
LEVELS = ("firm", "fair", "thin")
MARKS = ("sound", "weak", "wrong")


@dataclass(frozen=True)
class Reading:
    """One answer as an outsider marked it."""

    reading: str
    read_on: str
    as_of: str
    claim: str
    half: str
    answer: str
    sure: str
    mark: str


def readings() -> list[Reading]:
    """Return every reading on record."""
    with (HERE / "confidence_readings.csv").open(encoding="utf-8", newline="") as file:
        return [Reading(**row) for row in csv.DictReader(file)]


def today(found: list[Reading]) -> list[Reading]:
    """Return the readings with what bilat says today, where its answer is the same word."""
    now = []
    for as_of in sorted({r.as_of for r in found}):
        judged = {j.id: j for j in judge(("RUS", "CHN"), as_of)}
        for r in found:
            if r.as_of != as_of or r.claim not in judged:
                continue
            answered = getattr(judged[r.claim], r.half)
            if answered.answer == r.answer:
                now.append(Reading(**{**vars(r), "sure": answered.sure}))
    return now


def table(title: str, found: list[Reading]) -> list[str]:
    """Return a Markdown table: how many answers of each level an outsider would sign."""
    counts = Counter((r.sure, r.mark) for r in found)
    lines = [f"## {title}", "", "| sure | sound | weak | wrong | would be signed |"]
    lines.append("|---|--:|--:|--:|--:|")
    for level in LEVELS:
        row = [counts[level, mark] for mark in MARKS]
        total = sum(row)
        share = f"{row[0] / total:.0%} of {total}" if total else "-"
        lines.append(f"| {level} | {row[0]} | {row[1]} | {row[2]} | {share} |")
    return [*lines, ""]


def report() -> str:
    """Return the scorecard."""
    found = readings()
    lines = [
        "# How sure an answer is, against an outside reading",
        "",
        "Written by `python benchmarks/confidence.py --write`. An answer counts under *as read* with",
        "the word that bilat printed when it was read, and under *by the rule of today* with what it",
        "says now, where the answer itself is still the same word. The reading *referee* was known",
        "when the rule was made; *by lot* are 30 answers that were drawn and read afterwards. On these",
        "the levels do not separate, as the tables show, so no page prints them: pages print what an",
        "answer rests on and to when its evidence speaks.",
        "",
    ]
    for name in dict.fromkeys(r.reading for r in found):
        mine = [r for r in found if r.reading == name]
        lines += table(f"Reading “{name}” of {mine[0].read_on}: as read", mine)
        lines += table(f"Reading “{name}”: by the rule of today", today(mine))
    return "\n".join(lines)


if __name__ == "__main__":
    text = report()
    if "--write" in sys.argv[1:]:
        (HERE / "confidence.md").write_text(text, encoding="utf-8")
    else:
        print(text)
