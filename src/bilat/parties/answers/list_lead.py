# SPDX-License-Identifier: Apache-2.0
"""Two lists side by side: which has a party first, how much of the other it foretells, and whom one has alone.

A party's day on a list is the day that the list states or, for OFAC's, the first dated copy that has it. Only additions
between the first and the last such day of the other list are counted, since before and after it nobody can tell whether
the other had them; a party of which that is not known is not counted. Shares are of additions as groups: parties are
listed in packages, so their intervals are drawn by day of listing and not by party. Entries removed since are not held.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from typing import Annotated, Any, NamedTuple

import numpy as np

from bilat.document import Block, Column, Document, Frame, Question, Say, Section, Table
from bilat.document.blocks import Cell
from bilat.document.fields import Local, Written
from bilat.errors import UsageError, command
from bilat.statistics import wilson

#: A joined party as :func:`bilat.parties.lists.records.record_of` writes it.
Record = Mapping[str, Any]
#: Kinds of parties, in the order in which they are shown, and their schemata; firms are all others.
KINDS = {"vessels": "Vessel", "people": "Person", "firms": ""}
#: Days within which a later list follows, and from which on an entry of the earlier one is old.
QUARTER = 90
YEAR = 365
#: Draws of an interval, its ends, and their seed.
_DRAWS = 1000
_ENDS = (0.05, 0.95)
_SEED = 20261127
_NEVER = dt.date.max.toordinal()
#: Parties that a table of those on one list alone shows, the newest first.
MOST_SHOWN = 25
_ORDER = (
    Column("kind"),
    Column("first"),
    Column("then"),
    Column("already listed"),
    Column("of", ",.0f"),
    Column("median lead, days"),
    Column("in 90 days"),
    Column("in a year"),
    Column("normal in a year"),
)
_ALONE = (Column("party"), Column("kind"), Column("states"), Column("since"))


class Stood(NamedTuple):
    """A party on a list (ordinals; 0 where it is not known)."""

    day: int  # it came
    since: int  # it came, or the day by which it stood there


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
    lead: (
        float | None
    )  # median days by which they had stood there; of the oldest, as many as are known
    lead_least: bool  # whether an unknown older day could make that median longer
    quarter: CountedShare  # of the earlier list's additions not on the later: those that the later had within 90 days
    year: CountedShare  # and within a year
    usual: (
        float | None
    )  # share of what has stood on the earlier for a year that the later adds in a year
    span: tuple[str, str]  # days between which the later list's additions are counted
    followed: tuple[
        str, str
    ]  # first and last day of the earlier list's additions that are followed


def on_list(record: Record, name: str) -> Stood | None:
    """Since when a joined party stands on a list, by the beginning of the list's name; None where it does not."""
    of = [x for x in record["listings"] if x["list"].casefold().startswith(name.casefold())]
    if not of:
        return None
    day, by = (
        min((dt.date.fromisoformat(x[key]).toordinal() for x in of if x[key]), default=0)
        for key in ("listed_on", "listed_by")
    )
    day = 0 if 0 < by < day else day
    return Stood(day, day or by)


def precedences(records: Iterable[Record], one: str, two: str) -> list[Precedence]:
    """For vessels, people and firms, what each of two lists says of the other, by the beginnings of their names."""
    of: dict[str, list[tuple[Stood | None, Stood | None]]] = {k: [] for k in KINDS}
    for record in records:
        pair = on_list(record, one), on_list(record, two)
        if any(pair):
            of[next(k for k, s in KINDS.items() if s in ("", record["schema"]))].append(pair)
    days = [
        [s.day for ps in of.values() for p in ps if (s := p[n]) is not None and s.day]
        for n in (0, 1)
    ]
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
    """Return what the earlier list says of the later.

    Parameters
    ----------
    pairs
        each party's place on the earlier and on the later list.
    known, known_later
        first and last stated day of the earlier and of the later list.
    """
    start, end = known
    first, last = known_later
    arrivals = _arrivals(pairs, start, end)
    leads = [ahead for _, ahead in arrivals if ahead]
    lead = float(np.median([days for days, _ in leads])) if leads else None
    followed = {within: _followed(pairs, within, start, known_later) for within in (QUARTER, YEAR)}
    days = [day for found in followed.values() for day, _ in found] or [start]
    return Precedence(
        kind=kind,
        earlier=earlier,
        later=later,
        stood=_counted([(day, ahead is not None) for day, ahead in arrivals]),
        lead=lead,
        lead_least=lead is not None and any(least and n <= lead for n, least in leads),
        quarter=_counted(followed[QUARTER]),
        year=_counted(followed[YEAR]),
        usual=_usual_additions(pairs, first, last),
        span=(_written(max(start, first)), _written(min(end, last))),
        followed=(_written(min(days)), _written(max(days))),
    )


def _arrivals(
    pairs: Sequence[tuple[Stood | None, Stood | None]], start: int, end: int
) -> list[tuple[int, tuple[int, bool] | None]]:
    """Return the later list's additions within the days of the earlier: the day of each, and its lead.

    The lead is the number of days for which the party had stood on the earlier list, and whether
    that is the least it can be; None where it had not stood there.
    """
    found: list[tuple[int, tuple[int, bool] | None]] = []
    for a, b in pairs:
        if b is None or not start < b.day <= end:
            continue
        if a is None or a.day >= b.day:
            found.append((b.day, None))
        elif 0 < a.since < b.day:
            found.append((b.day, (b.day - a.since, a.since <= start or not a.day)))
    return found


def _stood_alone(
    pairs: Sequence[tuple[Stood | None, Stood | None]],
) -> Iterator[tuple[Stood, int]]:
    """Yield each party that stood on the earlier list first, and the day on which the later had it."""
    for a, b in pairs:
        then = b.day if b is not None else _NEVER
        if a is not None and 0 < a.since < then:
            yield a, then


def _followed(
    pairs: Sequence[tuple[Stood | None, Stood | None]],
    within: int,
    start: int,
    later: tuple[int, int],
) -> list[tuple[int, bool]]:
    """Return the earlier list's additions, and whether the later had each within so many days."""
    first, last = later
    begin = max(start + 1, first)
    return [
        (a.day, then <= a.day + within)
        for a, then in _stood_alone(pairs)
        if begin <= a.day <= last - within
    ]


def _usual_additions(
    pairs: Sequence[tuple[Stood | None, Stood | None]], first: int, last: int
) -> float | None:
    """Return the share of what has stood on the earlier list for a year that the later adds a year."""
    years = 0.0
    added = 0
    for a, then in _stood_alone(pairs):
        old = max(a.since + YEAR, first)
        years += max(min(then, last) - old, 0) / YEAR
        added += old < then <= last
    return added / years if years > 1 else None


def _written(day: int) -> str:
    return dt.date.fromordinal(day).isoformat()


def _counted(found: Sequence[tuple[int, bool]]) -> CountedShare:
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


@dataclass(frozen=True)
class ListsQuestion(Question):
    """Compare two lists: which names a party first, by how long, and whom only one of them names."""

    verb = ("lists", "compare")
    title = "Which list is first"
    examples = (command("lists", "compare", "'OFAC SDN'", "'US EL'"),)
    slow = True
    needs = ("one", "two")
    one: Annotated[
        str,
        Written(first=True, what="LIST"),
        "A list by the beginning of its name: OFAC SDN, EU, UA.",
    ] = ""
    two: Annotated[str, Written(first=True, what="LIST"), "The other list."] = ""
    lists: Annotated[
        tuple[str, ...],
        Local(),
        Written(what="LIST"),
        "Lists on this machine, or files. May be given more than once.",
    ] = ()

    programme: Annotated[
        tuple[str, ...],
        Written(what="GLOB"),
        "Compare only entries under these programmes, e.g. RUSSIA*. May be given more than once.",
    ] = ()

    def answer(self, frame: Frame) -> Document:
        """The document that answers it.

        Raises
        ------
        UsageError
            for a list that no entry held is on, or the same one twice.
        """
        from bilat.parties.screening.list_index import open_screener  # it loads what matches names

        screener = open_screener(list(self.lists) or None, frame.as_of, frame.holdings).screener
        records: Sequence[Record] = [screener.record(n) for n in range(len(screener))]
        _check_lists(self.one, self.two, {x["list"] for r in records for x in r["listings"]})
        records = _under(records, self.programme)
        found = precedences(records, self.one, self.two)
        summary = tuple(
            s for kind in KINDS for s in _sentences([p for p in found if p.kind == kind])
        ) or (f"Not known: no additions to {self.one} and {self.two} are dated in the same time.",)
        alone = {a: _alone(records, a, b) for a, b in ((self.one, self.two), (self.two, self.one))}
        blocks: list[Block] = (
            [Table(_ORDER, tuple(map(_line, found))), Say(_HOW, "note")] if found else []
        )
        for (a, parties), b in zip(alone.items(), (self.two, self.one), strict=True):
            heading = f"On {a}, not on {b}"
            blocks.append(Section(heading, (_alone_table(parties),), detail=True))
        data = {"precedence": [asdict(p) for p in found], "alone": alone}
        title = f"{self.one} and {self.two}"
        return Document(
            "lists", title, summary, tuple(blocks), data=data, question=self, as_of=frame.as_of
        )


def _check_lists(one: str, two: str, names: Collection[str]) -> None:
    """Raise UsageError where one of two lists has no entry, or both have an entry in common."""
    meant = []
    for name in (one, two):
        found = {x for x in names if x.casefold().startswith(name.casefold())}
        if not name or not found:
            known = ", ".join(sorted(names))
            raise UsageError(
                f"{name or 'a list'}: none of our entries is on it. Name one of {known}"
            )
        meant.append(found)
    if meant[0] & meant[1]:
        raise UsageError(f"{one}, {two}: one holds the other. Name two different lists")


def _alone_table(parties: Sequence[Record]) -> Table:
    lines = tuple(
        (r["name"], r["kind"], " ".join(r["states"]), r["since"] or "not stated") for r in parties
    )
    title = "Vessels first, then the newest"
    return Table(_ALONE, lines[:MOST_SHOWN], title, total=len(parties))


_HOW = (
    "already listed: the share of the second list's new entries that the first list already had. "
    "In 90 days, in a year: the share of the first list's new entries, not yet on the second, that "
    "the second added within that time; all its programmes count unless you name some. median "
    "lead: for entries older than the record, the days that are known. normal in a year: the share "
    "of entries more than a year old on the first list that the second adds in a year. Days are "
    "those that a list states or, for the SDN list, the date of the first dated copy that has the "
    "entry (August 2021 to May 2024). Intervals cover 90% of resamples of whole days of listing. "
    "Entries removed since are missing. The share of a group is not the chance of one party."
)


def _under(records: Sequence[Record], globs: Sequence[str]) -> Sequence[Record]:
    """The records with entries under some programmes alone, on the lists that have any of them."""
    if not globs:
        return records

    def asked(x: Mapping[str, str]) -> bool:
        return any(fnmatchcase(x["programme"].upper(), g.upper()) for g in globs)

    having = {x["list"] for r in records for x in r["listings"] if asked(x)}
    if not having:
        raise UsageError(
            f"{', '.join(globs)}: none of our entries is under such a programme. Write RUSSIA*"
        )
    return [
        {**r, "listings": [x for x in r["listings"] if x["list"] not in having or asked(x)]}
        for r in records
    ]


def _sentences(of: list[Precedence]) -> Iterator[str]:
    """What is said of one kind of party: who is first, by how much, and how often the other follows."""
    if not any(p.stood.of for p in of):
        return
    p = max((p for p in of if p.stood.of), key=lambda p: (p.stood.value or 0.0, p.earlier))
    lead = f", by {_lead(p)} days (median)" if p.lead is not None else ""
    yield (
        f"{p.kind.capitalize()}: of {p.stood.of:,} that {p.later} added from {p.span[0]} to "
        f"{p.span[1]}, {_share(p.stood)} were already on {p.earlier}{lead}."
    )
    within = (("90 days", p.quarter), ("a year", p.year))
    if follows := " and ".join(
        f"{_share(s)} of {s.of:,} within {days}" for days, s in within if s.of
    ):
        usual = (
            ""
            if p.usual is None
            else f"; of those listed there for more than a year it adds {p.usual:.1%} a year"
        )
        span = f"from {p.followed[0]} to {p.followed[1]}"
        yield f"Of what {p.earlier} added first {span}, {p.later} followed for {follows}{usual}."


def _share(s: CountedShare) -> str:
    interval = (
        "" if s.low is None or s.high is None else f" [{s.low * 100:.0f}, {s.high * 100:.0f}]"
    )
    return "-" if s.value is None else f"{s.value:.0%}{interval}"


def _lead(p: Precedence) -> str:
    return "" if p.lead is None else f"{'at least ' if p.lead_least else ''}{p.lead:,.0f}"


def _line(p: Precedence) -> tuple[Cell, ...]:
    rates = (
        "" if x is None else f"{x:.{n}%}"
        for x, n in ((p.quarter.value, 0), (p.year.value, 0), (p.usual, 1))
    )
    return p.kind, p.earlier, p.later, _share(p.stood), p.stood.of, _lead(p), *rates


def _alone(records: Sequence[Record], a: str, b: str) -> list[Record]:
    """Parties on one list and not on the other, vessels first, then the newest."""
    out: list[tuple[int, Record]] = []
    for r in records:
        stood = on_list(r, a)
        if stood is not None and on_list(r, b) is None:
            day = _written(stood.since) if stood.since else ""
            since = f"by {day}" if day and not stood.day else day
            out.append(
                (
                    stood.day,
                    {
                        "party": r["id"],
                        "name": r["name"],
                        "kind": r["schema"],
                        "states": r["countries"],
                        "since": since,
                    },
                )
            )
    out.sort(key=lambda x: (x[1]["kind"] != "Vessel", -x[0], x[1]["name"]))
    return [r for _, r in out]
