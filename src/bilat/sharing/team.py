# SPDX-License-Identifier: Apache-2.0
"""A team's folder: what it decided, dissents from, marked, and holds of its own.

::

    decisions.jsonl   decisions on matches (bilat screen decide), append-only
    dissents.jsonl    dissents from verdicts (bilat team dissent), append-only
    pages.jsonl       pages that a person read and signed (bilat read), append-only
    markings.jsonl    markings of claims and of entries made before (bilat team mark), append-only
    rows.csv          rows of its own
    manifest.json …   holdings, where it pulled some into the folder (bilat sources pull)
"""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass, replace
from functools import cached_property
from operator import attrgetter
from pathlib import Path

from bilat.errors import DataError, UnknownName, UsageError
from bilat.files.hash_log import GENESIS, HashLog
from bilat.handling import PUBLIC, Marking, is_marking, marked
from bilat.holdings import default_folder
from bilat.listing import Columns, ShownList
from bilat.parties.decide.decisions import Decision, DecisionLog
from bilat.sharing.own_rows import COLUMNS, OwnRow, read_rows
from bilat.verdicts.dissents import Dissent, DissentLog
from bilat.verdicts.ledger import ledger
from bilat.verdicts.signed_pages import SignedPage, SignedPageLog

DECISIONS = "decisions.jsonl"
DISSENTS = "dissents.jsonl"
PAGES = "pages.jsonl"
MARKINGS = "markings.jsonl"
ROWS = "rows.csv"
#: What a marking may be about, each with the word that names one.
THINGS = {
    "claim": "its id",
    "decision": "its hash",
    "dissent": "its hash",
    "page": "its hash",
    "row": "its id",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One entry of the log of markings."""

    about: str  # "claim P7", "decision <hash>", "dissent <hash>", "row <id>"
    marking: str
    why: str
    who: str
    when: str  # ISO date and time, UTC
    previous: str = GENESIS


class MarkLog(HashLog[Mark]):
    """The log of markings; the latest one about a thing counts, in place of the one it bears
    itself.
    """

    kind = Mark
    noun = "a marking"

    def sound(self, record: Mark) -> bool:
        """Whether the thing is of a known sort and the marking can be read."""
        return record.about.split(" ", 1)[0] in THINGS and is_marking(record.marking)

    def add(
        self, about: str, marking: str, why: str, who: str, *, when: dt.datetime | None = None
    ) -> Mark:
        """Append one marking, durably.

        Raises
        ------
        UsageError
            for a thing of no known sort, a claim that the ledger does not hold, an unknown marking,
            or without reason or name.
        DataError
            if the log is damaged or cannot be written.
        """
        sort, _, name = about.partition(" ")
        if sort not in THINGS or not name.strip():
            raise UsageError(
                f"{about!r} cannot be marked. Write "
                + ", ".join(f"'{thing}' and {how}" for thing, how in THINGS.items())
            )
        if sort == "claim" and name not in (ids := [c.id for c in ledger()]):
            raise UnknownName(f"no claim {name!r}: choose from {', '.join(ids)}")
        if not why.strip() or not who.strip():
            raise UsageError("a marking needs a reason and who gives it: `why` TEXT `who` NAME")
        mark = str(Marking.parse(marking))
        moment = (when or dt.datetime.now(dt.UTC)).isoformat(timespec="seconds")
        return self.write(lambda previous: Mark(about, mark, why, who, moment, previous))[0]


def team_folder() -> Path:
    """Where a team's folder is when none is named: $BILAT_TEAM, else next to the holdings."""
    given = os.environ.get("BILAT_TEAM")
    return Path(given) if given else default_folder().parent / "team"


def team_of(folder: Path | None, *, asked: bool = False) -> Team | None:
    """Return the team whose dissents and markings count: of a folder that is named, or of the usual
    one where $BILAT_TEAM names it or a team is ``asked`` for, as by a marking; else None."""
    if folder is None and not asked and not os.environ.get("BILAT_TEAM"):
        return None
    return Team(folder)


class Team:
    """A team's folder, read as it stands.

    Raises
    ------
    DataError
        when a part is read that is damaged.
    """

    def __init__(self, folder: Path | str | None = None, *, must_exist: bool = True) -> None:
        self.folder = Path(folder) if folder is not None else team_folder()
        if folder is not None and must_exist and not self.folder.is_dir():
            raise DataError(
                "is not a folder of a team",
                file=self.folder,
                cure="name one, or begin it with: bilat team dissent",
            )

    @property
    def decision_log(self) -> DecisionLog:
        return DecisionLog(self.folder / DECISIONS)

    @property
    def dissent_log(self) -> DissentLog:
        return DissentLog(self.folder / DISSENTS)

    @property
    def page_log(self) -> SignedPageLog:
        return SignedPageLog(self.folder / PAGES)

    @property
    def mark_log(self) -> MarkLog:
        return MarkLog(self.folder / MARKINGS)

    @cached_property
    def marks(self) -> dict[str, Marking]:
        """Thing -> the latest marking about it."""
        return {m.about: marked(m.marking) for m in self.mark_log.entries()}

    def claim_marking(self, claim: str) -> Marking:
        """How far our verdict on a claim may be passed on: public, unless the team marked it."""
        return self.marks.get(f"claim {claim}", PUBLIC)

    def decisions(self) -> list[Decision]:
        """Every decision, oldest first, with the marking that counts."""
        found = (
            replace(d, marking=str(self.marks.get(f"decision {d.digest()}", marked(d.marking))))
            for d in self.decision_log.entries()
        )
        return ShownList(
            found,
            _columns("query", "party", "verdict", "reason", "who", "when", "marking"),
            "Decisions",
        )

    def dissents(self) -> list[Dissent]:
        """Every dissent, oldest first, with the marking that counts."""
        found = (
            replace(d, marking=str(self.marks.get(f"dissent {d.hash}", d.handling)))
            for d in self.dissent_log.entries()
        )
        return ShownList(
            found, _columns("claim", "verdict", "why", "who", "as_of", "marking"), "Dissents"
        )

    def pages(self) -> list[SignedPage]:
        """Every signed page, oldest first, with the marking that counts."""
        found = (
            replace(p, marking=str(self.marks.get(f"page {p.hash}", p.handling)))
            for p in self.page_log.entries()
        )
        return ShownList(
            found, _columns("claim", "side", "says", "who", "published", "marking"), "Signed pages"
        )

    def rows(self) -> list[OwnRow]:
        """Every row of the team's own, with the marking that counts."""
        found = (
            replace(r, marking=str(self.marks.get(f"row {r.id}", r.handling)))
            for r in read_rows(self.folder / ROWS)
        )
        return ShownList(found, _columns(*COLUMNS), "Rows")


def _columns(*names: str) -> Columns:
    return {name: attrgetter(name) for name in names}
