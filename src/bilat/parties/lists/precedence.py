# SPDX-License-Identifier: Apache-2.0
"""Listed there, not here: of two lists, which has a party first, and how much of the other one it foretells.

A party's day on a list is the day that the list states or, for OFAC's, the first dated copy that has it. Only additions
between the first and the last such day of the other list are counted, since before and after it nobody can tell whether
the other had them; a party of which that is not known is not counted. Shares are of additions as groups: parties are
listed in packages, so their intervals are drawn by day of listing and not by party. Entries removed since are not held.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bilat.statistics import wilson

#: A joined party as :func:`bilat.parties.lists.records.record_of` writes it.
Record = Mapping[str, Any]
#: Kinds of parties, in the order in which they are shown, and their schemata; firms are all others.
KINDS = {"vessels": "Vessel", "people": "Person", "firms": ""}
#: Days within which a later list follows, and from which on an entry of the earlier one is old.
QUARTER, YEAR = 90, 365
#: Draws of an interval, its ends, and their seed.
_DRAWS, _ENDS, _SEED = 1000, (0.05, 0.95), 20261127
_NEVER = dt.date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Stood:
    """A party on a list: the day it came, or the day by which it stood there (ordinals; 0 where that is not known)."""

    day: int
    by: int

    @property
    def since(self) -> int:
        """The earlier of what is known."""
        return self.day or self.by


@dataclass(frozen=True)
class CountedShare:
    """A share of things counted, with an interval; None of nothing."""

    hits: int
    of: int
    low: float | None = None
    high: float | None = None

    @property
    def value(self) -> float | None:
        """The share, 0 to 1."""
        return self.hits / self.of if self.of else None


@dataclass(frozen=True)
class Precedence:
    """What an earlier list says of a later one, for one kind of party."""

    kind: str
    earlier: str
    later: str
    stood: CountedShare  # of the later list's additions: those that stood on the earlier one before
    lead: float | None  # median days by which they had stood there; of the oldest, as many as are known
    lead_least: bool  # whether an unknown older day could make that median longer
    quarter: CountedShare  # of the earlier list's additions not on the later: those that the later had within 90 days
    year: CountedShare  # and within a year
    usual: float | None  # share of what has stood on the earlier for a year that the later adds in a year
    span: tuple[str, str]  # days between which the later list's additions are counted
    followed: tuple[str, str]  # first and last day of the earlier list's additions that are followed


def on_list(record: Record, name: str) -> Stood | None:
    """Since when a joined party stands on a list, by the beginning of the list's name; None where it does not."""
    of = [x for x in record["listings"] if x["list"].casefold().startswith(name.casefold())]
    if not of:
        return None
    day, by = (
        min((dt.date.fromisoformat(x[key]).toordinal() for x in of if x[key]), default=0)
        for key in ("listed_on", "listed_by")
    )
    return Stood(0 if 0 < by < day else day, by)


def precedences(records: Iterable[Record], one: str, two: str) -> list[Precedence]:
    """For vessels, people and firms, what each of two lists says of the other, by the beginnings of their names."""
    of: dict[str, list[tuple[Stood | None, Stood | None]]] = {k: [] for k in KINDS}
    for record in records:
        pair = on_list(record, one), on_list(record, two)
        if any(pair):
            of[next(k for k, s in KINDS.items() if s in ("", record["schema"]))].append(pair)
    days = [[s.day for ps in of.values() for p in ps if (s := p[n]) is not None and s.day] for n in (0, 1)]
    if not all(days):
        return []
    first, second = ((min(d), max(d)) for d in days)
    out = []
    for kind, pairs in of.items():
        turned = [(b, a) for a, b in pairs]
        if any(a for a, _ in pairs) and any(b for _, b in pairs):
            out.append(_precedence(kind, one, two, pairs, first, second))
            out.append(_precedence(kind, two, one, turned, second, first))
    return out


def _precedence(
    kind: str,
    earlier: str,
    later: str,
    pairs: Sequence[tuple[Stood | None, Stood | None]],
    known: tuple[int, int],
    known_later: tuple[int, int],
) -> Precedence:
    """``pairs``: each party on the earlier and on the later list; ``known``: first and last stated days."""
    (start, end), (first, last) = known, known_later
    before: list[tuple[int, bool]] = []
    leads: list[tuple[int, bool]] = []  # days, and whether they are the least
    followed: dict[int, list[tuple[int, bool]]] = {QUARTER: [], YEAR: []}
    years = added = 0.0
    for a, b in pairs:
        if b is not None and start < b.day <= end:
            if a is None or a.day >= b.day:
                before.append((b.day, False))
            elif 0 < a.since < b.day:
                before.append((b.day, True))
                leads.append((b.day - a.since, a.since <= start or not a.day))
        then = b.day if b is not None else _NEVER
        if a is None or not 0 < a.since < then:
            continue
        old = max(a.since + YEAR, first)
        years += max(min(then, last) - old, 0) / YEAR
        added += old < then <= last
        for within, found in followed.items():
            if max(start + 1, first) <= a.day <= last - within:
                found.append((a.day, then <= a.day + within))
    lead = float(np.median([n for n, _ in leads])) if leads else None
    days = [day for found in followed.values() for day, _ in found] or [start]
    return Precedence(
        kind, earlier, later, _share(before), lead, lead is not None and any(x and n <= lead for n, x in leads),
        _share(followed[QUARTER]), _share(followed[YEAR]), added / years if years > 1 else None,
        (_written(max(start, first)), _written(min(end, last))), (_written(min(days)), _written(max(days))),
    )  # fmt: skip


def _written(day: int) -> str:
    return dt.date.fromordinal(day).isoformat()


def _share(found: Sequence[tuple[int, bool]]) -> CountedShare:
    """A share with its interval of nine in ten, whole days of listing drawn again."""
    by: dict[int, list[bool]] = defaultdict(list)
    for day, hit in found:
        by[day].append(hit)
    hits, of = (np.asarray([f(x) for x in by.values()], dtype=float) for f in (sum, len))
    counted = int(hits.sum()), int(of.sum())
    if len(by) < 2:
        return CountedShare(*counted)
    if counted[0] in (0, counted[1]):  # none of the draws would differ: each day one trial
        all_or_none = wilson(len(by) if counted[0] else 0, len(by), _ENDS[1] - _ENDS[0])
        return CountedShare(*counted, all_or_none.low, all_or_none.high)
    drawn = np.random.default_rng(_SEED).integers(0, len(by), (_DRAWS, len(by)))
    low, high = np.quantile(hits[drawn].sum(axis=1) / of[drawn].sum(axis=1), _ENDS)
    return CountedShare(*counted, float(low), float(high))
