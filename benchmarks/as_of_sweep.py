# SPDX-License-Identifier: Apache-2.0
"""Every claim at every month's end from 2019 to now: a verdict may move only when a row did.

    python benchmarks/as_of_sweep.py [first year] [ids joined by commas]

Prints each move with the rows that came and went, and ends with 1 where one moved without a row.
"""

from __future__ import annotations

import datetime as dt
import sys

from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.measures import ask, default_holdings
from bilat.verdicts import ledger
from bilat.verdicts.judging import judge_one
from bilat.verdicts.ledger import Claim
from bilat.when import AsOf

PAIR = Dyad("RUS", "CHN")


def month_ends(first: int) -> list[dt.date]:
    """The last day of every month from a year to the last month that is over."""
    today = dt.date.today()
    starts = [dt.date(y, m, 1) for y in range(first, today.year + 1) for m in range(1, 13)]
    return [s - dt.timedelta(days=1) for s in starts[1:] if s <= today]


def rows(claim: Claim, as_of: AsOf, held: Holdings) -> frozenset[tuple[str, ...]]:
    """What the claim's measures rest on: source, snapshot, place, period."""
    found: set[tuple[str, ...]] = set()
    for t in claim.tests:
        test = t.named(PAIR.a, PAIR.b)
        pair = Dyad(*test.dyad) if test.dyad else PAIR
        m = ask(test.measure, pair, as_of=as_of, holdings=held, **test.params)
        keys = m.evidence.select(["source", "snapshot", "locator", "period"]).to_pylist()
        found |= {tuple(str(v) for v in r.values()) for r in keys}
    return frozenset(found)


def main() -> int:
    first = int(sys.argv[1]) if len(sys.argv) > 1 else 2019
    wanted = sys.argv[2].split(",") if len(sys.argv) > 2 else [c.id for c in ledger() if c.how == "measured"]
    held = default_holdings()
    wrong = 0
    for claim in (c for c in ledger() if c.id in wanted):
        bare = claim.model_copy(update={"grid": None, "reference": None})
        before: tuple[str, frozenset[tuple[str, ...]]] | None = None
        for day in month_ends(first):
            verdict = judge_one(bare, PAIR, AsOf(day), held).verdict
            behind = rows(bare, AsOf(day), held)
            if before is not None and verdict != before[0]:
                came, went = len(behind - before[1]), len(before[1] - behind)
                wrong += not (came or went)
                print(f"{claim.id} {day}: {before[0]} -> {verdict}; rows +{came} -{went}")
            before = verdict, behind
    print(f"{len(wanted)} claims; {wrong} moved without a row")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
