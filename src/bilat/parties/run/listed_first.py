# SPDX-License-Identifier: Apache-2.0
"""Two lists side by side: which has a party first, how much of the other it foretells, and whom one has alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from typing import Annotated

from bilat.document import Block, Column, Document, Frame, Question, Say, Section, Table
from bilat.document.blocks import Cell
from bilat.document.fields import Written
from bilat.errors import UsageError
from bilat.parties.lists.precedence import KINDS, CountedShare, Precedence, Record, on_list, precedences

#: Parties that a table of those on one list alone shows, the newest first.
MOST_SHOWN = 25
_ORDER = (Column("kind"), Column("first"), Column("then"), Column("stood before"), Column("of", ",.0f"),
          Column("lead, days"), Column("in 90 days"), Column("in a year"), Column("usual"))  # fmt: skip
_ALONE = (Column("party"), Column("kind"), Column("states"), Column("since"))


@dataclass(frozen=True)
class ListsQuestion(Question):
    """Which of two lists has a party first: shares of additions and their lead, vessels first; whom one has alone."""

    verb = ("lists", "compare")
    one: Annotated[
        str, Written(first=True, what="LIST"), "A list by the beginning of its name: OFAC SDN, EU, UA."
    ] = ""
    two: Annotated[str, Written(first=True, what="LIST"), "The other list."] = ""
    lists: Annotated[tuple[str, ...], Written(what="LIST"), "Lists held, or files, to read; repeatable."] = ()

    programme: Annotated[
        tuple[str, ...],
        Written(what="GLOB"),
        "Only entries under these programmes, RUSSIA*, on a list that has them; repeatable.",
    ] = ()

    def answer(self, frame: Frame) -> Document:
        """The document that answers it.

        Raises
        ------
        UsageError
            for a list that no entry held is on, or the same one twice.
        """
        from bilat.parties.run.opened import open_screener  # it loads what matches names

        screener = open_screener(list(self.lists) or None, frame.as_of, frame.holdings).screener
        records: Sequence[Record] = [screener.record(n) for n in range(len(screener))]
        names = {x["list"] for r in records for x in r["listings"]}
        meant = [{x for x in names if x.casefold().startswith(n.casefold())} for n in (self.one, self.two)]
        for name, of in zip((self.one, self.two), meant, strict=True):
            if not name or not of:
                raise UsageError(
                    f"{name or 'a list'}: no entry held is on it; name one of {', '.join(sorted(names))}"
                )
        if meant[0] & meant[1]:
            raise UsageError(f"{self.one}, {self.two}: one holds the other; name two different lists")
        records = _under(records, self.programme)
        found = precedences(records, self.one, self.two)
        summary = tuple(s for kind in KINDS for s in _sentences([p for p in found if p.kind == kind])) or (
            f"Not known: no additions to {self.one} and {self.two} are dated in the same time.",
        )
        alone = {a: _alone(records, a, b) for a, b in ((self.one, self.two), (self.two, self.one))}
        blocks: list[Block] = [Table(_ORDER, tuple(map(_line, found))), Say(_HOW, "note")] if found else []
        for (a, parties), b in zip(alone.items(), (self.two, self.one), strict=True):
            lines = tuple(
                (r["name"], r["kind"], " ".join(r["states"]), r["since"] or "not stated") for r in parties
            )
            table = Table(_ALONE, lines[:MOST_SHOWN], "Vessels first, then the newest", total=len(parties))
            blocks.append(Section(f"On {a}, not on {b}", (table,), detail=True))
        data = {"precedence": [asdict(p) for p in found], "alone": alone}
        title = f"{self.one} and {self.two}"
        return Document("lists", title, summary, tuple(blocks), data=data, question=self, as_of=frame.as_of)


_HOW = (
    "stood before: of what the second list added, what the first one had by then. In 90 days, in a year: of what the "
    "first list added and the second had not, under all its programmes unless some are asked for, what the second "
    "added so soon. lead: of entries older than the record, what is known. usual: of what has stood on the first for "
    "more than a year, what the second adds in a year. Days are those that a list states or, for the SDN list, of the "
    "first dated copy that has the entry (August 2021 to May 2024). Intervals hold nine in ten draws of whole days of "
    "listing. Entries removed since are missing. A share of a group is no chance for one party."
)


def _under(records: Sequence[Record], globs: Sequence[str]) -> Sequence[Record]:
    """The records with entries under some programmes alone, on the lists that have any of them."""
    if not globs:
        return records

    def asked(x: Mapping[str, str]) -> bool:
        return any(fnmatchcase(x["programme"].upper(), g.upper()) for g in globs)

    having = {x["list"] for r in records for x in r["listings"] if asked(x)}
    if not having:
        raise UsageError(f"{', '.join(globs)}: no entry held is under such a programme; write RUSSIA*")
    return [
        {**r, "listings": [x for x in r["listings"] if x["list"] not in having or asked(x)]} for r in records
    ]


def _sentences(of: list[Precedence]) -> Iterator[str]:
    """What is said of one kind of party: who is first, by how much, and how often the other follows."""
    if not any(p.stood.of for p in of):
        return
    p = max((p for p in of if p.stood.of), key=lambda p: (p.stood.value or 0.0, p.earlier))
    lead = f", by {_lead(p)} days in the median" if p.lead is not None else ""
    yield (
        f"{p.kind.capitalize()}: of {p.stood.of:,} that {p.later} added from {p.span[0]} to {p.span[1]}, "
        f"{_share(p.stood)} stood on {p.earlier} before{lead}."
    )
    within = (("90 days", p.quarter), ("a year", p.year))
    if follows := " and ".join(f"{_share(s)} of {s.of:,} within {days}" for days, s in within if s.of):
        usual = (
            ""
            if p.usual is None
            else f"; of those that had stood there for long it adds {p.usual:.1%} a year"
        )
        span = f"from {p.followed[0]} to {p.followed[1]}"
        yield f"Of what {p.earlier} added first {span}, {p.later} followed for {follows}{usual}."


def _share(s: CountedShare) -> str:
    interval = "" if s.low is None or s.high is None else f" [{s.low * 100:.0f}, {s.high * 100:.0f}]"
    return "-" if s.value is None else f"{s.value:.0%}{interval}"


def _lead(p: Precedence) -> str:
    return "" if p.lead is None else f"{'at least ' if p.lead_least else ''}{p.lead:,.0f}"


def _line(p: Precedence) -> tuple[Cell, ...]:
    rates = (
        "" if x is None else f"{x:.{n}%}" for x, n in ((p.quarter.value, 0), (p.year.value, 0), (p.usual, 1))
    )
    return p.kind, p.earlier, p.later, _share(p.stood), p.stood.of, _lead(p), *rates


def _alone(records: Sequence[Record], a: str, b: str) -> list[Record]:
    """Parties on one list and not on the other, vessels first, then the newest."""
    out: list[tuple[int, Record]] = []
    for r in records:
        stood = on_list(r, a)
        if stood is not None and on_list(r, b) is None:
            day = dt.date.fromordinal(stood.since).isoformat() if stood.since else ""
            since = f"by {day}" if day and not stood.day else day
            out.append((stood.day, {"party": r["id"], "name": r["name"], "kind": r["schema"],
                                    "states": r["countries"], "since": since}))  # fmt: skip
    out.sort(key=lambda x: (x[1]["kind"] != "Vessel", -x[0], x[1]["name"]))
    return [r for _, r in out]
