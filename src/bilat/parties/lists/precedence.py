# SPDX-License-Identifier: Apache-2.0
"""Listed there, not here: of two lists, which has a party first, and how much of the other one it foretells.

A party's day on a list is the day that the list states or, for OFAC's, the first dated copy that has it. Only additions
between the first and the last such day of the other list are counted, since before and after it nobody can tell whether
the other had them; a party that stands there without any day is counted apart. Shares are of additions as groups:
parties are listed in packages, so their intervals are drawn by day of listing and not by party. Entries removed since
are not held.
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


@dataclass(frozen=True, slots=True)
class Stood:
    """A party on a list: the day it came, or the day by which it stood there; '' where that is not known."""

    day: str
    by: str


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
    untold: int  # additions of which that is not known
    lead: float | None  # median days by which they had stood there; of the oldest, as many as are known
    lead_least: bool  # whether an unknown older day could make that median longer
    quarter: CountedShare  # of the earlier list's additions not on the later: those that the later had within 90 days
    year: CountedShare  # and within a year
    usual: (
        float | None
    )  # parties a year that the later adds, of a hundred that have stood on the earlier for a year
    span: tuple[str, str]  # days between which the later list's additions are counted
    followed: tuple[str, str]  # first and last day of the earlier list's additions that are followed


def on_list(record: Record, name: str) -> Stood | None:
    """Since when a joined party stands on a list, by the beginning of the list's name; None where it does not."""
    of = [x for x in record["listings"] if x["list"].casefold().startswith(name.casefold())]
    if not of:
        return None
    days = sorted(x["listed_on"] for x in of if x["listed_on"])
    by = sorted(x["listed_by"] for x in of if x["listed_by"])
    return Stood(days[0] if days and not (by and by[0] < days[0]) else "", by[0] if by else "")


def precedences(records: Iterable[Record], one: str, two: str) -> list[Precedence]:
    """For vessels, people and firms, what each of two lists says of the other, by the beginnings of their names."""
    of: dict[str, list[tuple[Stood | None, Stood | None]]] = {k: [] for k in KINDS}
    for record in records:
        pair = on_list(record, one), on_list(record, two)
        if any(pair):
            of[next(k for k, s in KINDS.items() if s in ("", record["schema"]))].append(pair)
    days = [sorted(p[n].day for ps in of.values() for p in ps if p[n] and p[n].day) for n in (0, 1)]  # type: ignore[union-attr]
    if not all(days):
        return []
    spans = [(d[0], d[-1]) for d in days]
    out = []
    for kind, pairs in of.items():
        turned = [(b, a) for a, b in pairs]
        if any(a for a, _ in pairs) and any(b for _, b in pairs):
            out.append(_precedence(kind, one, two, pairs, spans[0], spans[1]))
            out.append(_precedence(kind, two, one, turned, spans[1], spans[0]))
    return out


def _precedence(
    kind: str,
    earlier: str,
    later: str,
    pairs: Sequence[tuple[Stood | None, Stood | None]],
    known: tuple[str, str],
    known_later: tuple[str, str],
) -> Precedence:
    """``pairs``: each party on the earlier and on the later list; ``known``: first and last stated days."""
    start, end = known
    before: list[tuple[str, bool]] = []
    leads: list[tuple[int, bool]] = []  # days, and whether they are the least
    untold = 0
    for a, b in pairs:
        if b is None or not start < b.day <= end:
            continue
        stood = (
            False if a is None else True if (a.day or a.by or "9999") < b.day else False if a.day else None
        )
        if stood is None:
            untold += 1
            continue
        before.append((b.day, stood))
        if stood and a is not None:
            since = a.day or a.by
            leads.append((_days(since, b.day), since <= start or not a.day))
    followed: dict[int, list[tuple[str, bool]]] = {QUARTER: [], YEAR: []}
    years = later_years = 0.0
    for a, b in pairs:
        if a is None or (b is not None and not b.day):
            continue
        since = a.day or a.by
        if since and not (b is not None and b.day <= since):
            old = max(_plus(since, YEAR), known_later[0])
            last = min(b.day if b is not None else known_later[1], known_later[1])
            years += max(_days(old, last), 0) / YEAR
            later_years += b is not None and old < b.day <= known_later[1]
        if start < a.day and not (b is not None and b.day <= a.day):
            for within, found in followed.items():
                if known_later[0] <= a.day and _plus(a.day, within) <= known_later[1]:
                    found.append((a.day, b is not None and b.day <= _plus(a.day, within)))
    lead = float(np.median([n for n, _ in leads])) if leads else None
    least = lead is not None and any(least and n <= lead for n, least in leads)
    days = [day for found in followed.values() for day, _ in found] or [start]
    return Precedence(
        kind, earlier, later, _share(before), untold, lead, least, _share(followed[QUARTER]), _share(followed[YEAR]),
        later_years / years if years > 1 else None, (max(start, known_later[0]), min(end, known_later[1])),
        (min(days), max(days)),
    )  # fmt: skip


def _days(first: str, last: str) -> int:
    return (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days


def _plus(day: str, days: int) -> str:
    return (dt.date.fromisoformat(day) + dt.timedelta(days)).isoformat()


def _share(found: Sequence[tuple[str, bool]]) -> CountedShare:
    """A share with its interval of nine in ten, whole days of listing drawn again."""
    by: dict[str, list[bool]] = defaultdict(list)
    for day, hit in found:
        by[day].append(hit)
    hits, of = (np.asarray([f(x) for x in by.values()], dtype=float) for f in (sum, len))
    if len(by) < 2:
        return CountedShare(int(hits.sum()), int(of.sum()))
    if hits.sum() in (0, of.sum()):  # none of the draws would differ: each day one trial
        all_or_none = wilson(len(by) if hits.any() else 0, len(by), _ENDS[1] - _ENDS[0])
        return CountedShare(int(hits.sum()), int(of.sum()), all_or_none.low, all_or_none.high)
    drawn = np.random.default_rng(_SEED).integers(0, len(by), (_DRAWS, len(by)))
    low, high = np.quantile(hits[drawn].sum(axis=1) / of[drawn].sum(axis=1), _ENDS)
    return CountedShare(int(hits.sum()), int(of.sum()), float(low), float(high))
