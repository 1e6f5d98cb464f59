# SPDX-License-Identifier: Apache-2.0
"""How often `bilat read` finds the claim of a document that it has not seen.

    python benchmarks/page_reading.py [--from 2024-01-01] [--half first|second|both]

Forward in time: the documents that became public in a month are ranked by a model that was fitted on
those public before that month. Right is any claim that the ledger cites the document for, or that
its first reader labelled it with. The halves are drawn by the hash of a document's id; settings of
the model were chosen on the first half alone.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
from collections import defaultdict
from dataclasses import dataclass

from bilat.intake.relevance import ClaimModel, labelled
from bilat.measures import default_holdings
from bilat.verdicts.evidence import documents
from bilat.verdicts.ledger import ledger
from bilat.when import AsOf


@dataclass(frozen=True)
class Score:
    """Shares of documents whose claim came first, and among the first three."""

    documents: int
    first: float
    in_three: float
    guess_in_three: float  #: by the three claims that have the most documents


def half_of(document: str) -> str:
    """Return the half that a document was drawn into."""
    digest = hashlib.sha256(document.encode()).hexdigest()
    return "second" if int(digest, 16) % 2 else "first"


def forward(start: dt.date, halves: tuple[str, ...]) -> Score:
    """Return the score on the documents that became public from a day on."""
    claims = ledger()
    rows = documents(AsOf(None), default_holdings())
    every = {d.id: d for d in labelled(rows, claims) if d.claims}
    by_month: dict[dt.date, list[str]] = defaultdict(list)
    for name in every:
        if rows[name]["public_to"] >= start and half_of(name) in halves:
            by_month[rows[name]["public_to"].replace(day=1)].append(name)
    first = in_three = guessed = asked = 0
    for month, names in sorted(by_month.items()):
        known = [d for d in every.values() if rows[d.id]["public_to"] < month]
        model = ClaimModel(claims, known)
        counts = {c.id: sum(c.id in d.claims for d in known) for c in claims}
        common = sorted(counts, key=lambda c: -counts[c])[:3]
        for name in names:
            right = set(every[name].claims)
            ranked = model.ranked(every[name].text)
            asked += 1
            first += ranked[0] in right
            in_three += bool(right & set(ranked[:3]))
            guessed += bool(right & set(common))
    return Score(asked, first / asked, in_three / asked, guessed / asked)


def main() -> None:
    """Print the score of each half."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="start", default="2024-01-01")
    parser.add_argument("--half", choices=("first", "second", "both"), default="first")
    asked = parser.parse_args()
    halves = ("first", "second") if asked.half == "both" else (asked.half,)
    score = forward(dt.date.fromisoformat(asked.start), halves)
    print(
        f"{asked.half} half, public from {asked.start}: {score.documents} documents, "
        f"first {score.first:.2f}, in three {score.in_three:.2f} "
        f"(the three commonest claims: {score.guess_in_three:.2f})"
    )


if __name__ == "__main__":
    main()
