# SPDX-License-Identifier: Apache-2.0
"""Every claim at every month's end from 2019 to now: a verdict may move only when a row did.

    python benchmarks/as_of_sweep.py [first month, 2019-01] [ids joined by commas]

The verdict is the printed one, after the grid of choices and the reference pairs. Each move is set against the rows
that the tests read, by what they say and not by their file or line, so that an edition which repeats its figures is
no new row:

``deciding``  a row behind the deciding figures is new to the record, or one of before is gone from it;
``measure``   none of those, but another row of the same measures (a record that reaches a year without an event);
``table``     none of those, but a row of a table that they read;
``calendar``  nothing: the day alone moved it. This is what must not be.

Moves of the deciding figure alone are told apart in the same way. Prints JSON; ends with 1 where the calendar moved a
verdict or a figure.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import numpy as np
import pyarrow as pa

from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.measures import Measurement, measures
from bilat.verdicts import grid, judging, ledger, reference
from bilat.verdicts.judging import judge_one
from bilat.verdicts.ledger import Claim
from bilat.verdicts.outcome import Outcome
from bilat.when import AsOf

PAIR = Dyad("RUS", "CHN")
#: Columns of a row that say where it stands and which point it is behind, not what it tells.
WHERE = frozenset(
    ["point", "grp", "locator", "snapshot", "vintage", "known_on", "known_basis", "revised_later"]
)
NOTHING = np.empty(0, dtype=np.uint64)


@dataclass
class Behind:
    """What one judgement read."""

    outcomes: list[Outcome] = field(default_factory=list)

    def rows(self, engine: Any) -> tuple[np.ndarray, np.ndarray]:
        """(rows behind the deciding figures, all rows of the measures), each as sorted hashes of what they tell."""
        used: list[np.ndarray] = []
        every: list[np.ndarray] = []
        kept: dict[int, tuple[pa.Table, np.ndarray]] = {}
        for o in self.outcomes:
            m = o.measurement
            if m is None or not m.evidence.num_rows:
                continue
            if id(m) not in kept:
                kept[id(m)] = hashed(m, engine)
                every.append(kept[id(m)][1])
            keys, hashes = kept[id(m)]
            wanted = {f"{p.period}\x1f{p.group}" for p in [*o.used, *o.shown]}
            mine = np.fromiter((k in wanted for k in keys.to_pylist()), dtype=bool, count=len(keys))
            used.append(hashes[mine])
        return _union(used), _union(every)

    def tables(self) -> set[str]:
        """The tables that the measures read."""
        return {t for o in self.outcomes if o.measurement for t in measures()[o.measurement.name].tables}


def _union(parts: list[np.ndarray]) -> np.ndarray:
    return np.unique(np.concatenate(parts)) if parts else NOTHING


def hashed(m: Measurement, engine: Any) -> tuple[pa.Array, np.ndarray]:
    """(period and group of each row's point, hash of what the row tells)."""
    columns = [f'"{c}"' for c in m.evidence.column_names if c not in WHERE]
    cursor = engine.cursor()
    try:
        cursor.register("evidence", m.evidence)
        found = cursor.sql(
            f"SELECT concat(CAST(point AS VARCHAR), chr(31), coalesce(grp, '')) AS k, "
            f"hash('{m.name}', {', '.join(columns)}) AS h FROM evidence"
        ).to_arrow_table()
    finally:
        cursor.close()
    return found["k"].combine_chunks(), found["h"].to_numpy().astype(np.uint64)


@contextmanager
def watched() -> Iterator[Behind]:
    """Keeps the outcome of every test that is run within: those of a claim, its grid and its reference pairs."""
    behind = Behind()
    plain = judging.run

    def run(*given: Any, **options: Any) -> Outcome:
        o = plain(*given, **options)
        behind.outcomes.append(o)
        return o

    with (
        patch.object(judging, "run", run),
        patch.object(grid, "run", run),
        patch.object(reference, "run", run),
    ):
        yield behind


@dataclass(frozen=True)
class Standing:
    """A claim at a date: its verdict, its figure, and what they rest on."""

    day: dt.date
    verdict: str
    value: float | None
    used: np.ndarray
    every: np.ndarray
    tables: dict[str, tuple[Any, ...]]


class View:
    """The record as of one date."""

    def __init__(self, day: dt.date, folder: str | None = None) -> None:
        self.day, self.as_of, self.held = day, AsOf(day), Holdings(folder)
        self._stamps: dict[str, tuple[Any, ...]] = {}

    def standing(self, claim: Claim) -> Standing:
        """The claim judged, and what it rests on.

        Rival readings move no verdict and are left out, and so are other pairs where the claim is not of these two
        in particular.
        """
        kept = claim.reference if claim.reference and claim.reference.special else None
        bare = claim.model_copy(update={"rivals": [], "reference": kept})
        with watched() as behind:
            j = judge_one(bare, PAIR, self.as_of, self.held)
        used, every = behind.rows(self.held.connect(self.as_of).connection)
        stamps = {t: self._stamp(t) for t in sorted(behind.tables())}
        return Standing(self.day, j.verdict, j.value, used, every, stamps)

    def _stamp(self, table: str) -> tuple[Any, ...]:
        """Rows and snapshots of a table, by source."""
        if table not in self._stamps:
            cursor = self.held.connect(self.as_of).connection.cursor()
            sql = f'SELECT source, snapshot, count(*) FROM "{table}" GROUP BY ALL ORDER BY ALL'
            self._stamps[table] = tuple(cursor.sql(sql).fetchall())
            cursor.close()
        return self._stamps[table]

    def close(self) -> None:
        self.held.close()


def moved_by(before: Standing, now: Standing) -> str:
    """Which rows came or went between two dates: deciding, measure, table, or none: the calendar."""
    came, gone = np.setdiff1d(now.used, before.every), np.setdiff1d(before.used, now.every)
    if len(came) or len(gone):
        return "deciding"
    if not np.array_equal(before.every, now.every):
        return "measure"
    return "table" if before.tables != now.tables else "calendar"


def month_ends(first: int, last: dt.date | None = None) -> list[dt.date]:
    """The last day of every month from a year to the last month that is over."""
    until = last or dt.date.today()
    starts = [dt.date(y, m, 1) for y in range(first, until.year + 1) for m in range(1, 13)]
    days = [s - dt.timedelta(days=1) for s in [*starts[1:], dt.date(until.year + 1, 1, 1)]]
    return [d for d in days if d <= until]


def _same(a: float | None, b: float | None) -> bool:
    if a is None or b is None:
        return a is b
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)  # sums run in any order


@dataclass(frozen=True)
class Move:
    """A verdict or a figure that differs from that of the date before."""

    claim: str
    what: str  #: verdict or figure
    since: str
    until: str
    before: str
    now: str
    by: str


def moves(claims: list[Claim], days: list[dt.date], folder: str | None = None) -> Iterator[Move]:
    """Every move, date by date."""
    last: dict[str, Standing] = {}
    for day in days:
        view = View(day, folder)
        for claim in claims:
            now = view.standing(claim)
            if (before := last.get(claim.id)) is not None:
                yield from compared(claim.id, before, now)
            last[claim.id] = now
        view.close()


def compared(claim: str, before: Standing, now: Standing) -> Iterator[Move]:
    """The moves of one claim between two dates."""
    span = before.day.isoformat(), now.day.isoformat()
    if before.verdict != now.verdict:
        yield Move(claim, "verdict", *span, before.verdict, now.verdict, moved_by(before, now))
    elif not _same(before.value, now.value):
        yield Move(claim, "figure", *span, f"{before.value}", f"{now.value}", moved_by(before, now))


def main() -> int:
    first = sys.argv[1] if len(sys.argv) > 1 else "2019-01"
    wanted = sys.argv[2].split(",") if len(sys.argv) > 2 else [c.id for c in ledger() if c.tests]
    claims = [c for c in ledger() if c.id in wanted]
    days = [d for d in month_ends(int(first[:4])) if d.isoformat() >= first]
    found: list[Move] = []
    for move in moves(claims, days):
        found.append(move)
        if move.what == "verdict" or move.by == "calendar":
            print(json.dumps(vars(move)), file=sys.stderr, flush=True)
    verdicts = [m for m in found if m.what == "verdict"]
    said = {
        "months": len(days),
        "from": days[0].isoformat(),
        "to": days[-1].isoformat(),
        "claims": len(claims),
        "moves of a verdict": len(verdicts),
        "moved by": dict(sorted(Counter(m.by for m in verdicts).items())),
        "moves of a figure alone": len(found) - len(verdicts),
        "figures moved by": dict(sorted(Counter(m.by for m in found if m.what == "figure").items())),
        "verdicts": [vars(m) for m in verdicts],
        "figures moved by the calendar": [
            vars(m) for m in found if m.what == "figure" and m.by == "calendar"
        ],
    }
    print(json.dumps(said, indent=1, ensure_ascii=False))
    return 1 if any(m.by == "calendar" for m in found) else 0


if __name__ == "__main__":
    sys.exit(main())
