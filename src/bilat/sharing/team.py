# SPDX-License-Identifier: Apache-2.0
"""A team's folder: its decisions, dissents, signed pages and markings, and its own rows.

::

    decisions.jsonl   decisions on matches (bilat screen decide), append-only
    dissents.jsonl    dissents from verdicts (bilat team dissent), append-only
    pages.jsonl       pages that a person read and signed (bilat read), append-only
    markings.jsonl    markings of claims and of entries made before (bilat team mark), append-only
    rows.csv          figures of its own
    manifest.json …   holdings, if it pulled some into the folder (bilat sources pull)
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
from bilat.parties.decisions.log import Decision, DecisionLog
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

    about: str  # "claim P7", "decision <hash>", "dissent <hash>", "page <hash>", "row <id>"
    marking: str
    why: str
    who: str
    when: str  # ISO date and time, UTC
    previous: str = GENESIS


class MarkLog(HashLog[Mark]):
    """The log of markings. The latest one about a thing replaces the marking that the thing was
    entered with."""

    kind = Mark
    noun = "a marking"

    def is_valid(self, record: Mark) -> bool:
        """Return whether the thing is of a known sort and the marking can be read."""
        return record.about.split(" ", 1)[0] in THINGS and is_marking(record.marking)

    def add(
        self, about: str, marking: str, why: str, who: str, *, when: dt.datetime | None = None
    ) -> Mark:
        """Append one marking, durably.

        Raises
        ------
        UsageError
            for a thing of an unknown sort, a claim that the ledger does not have, an unknown
            marking, or a missing reason or name.
        DataError
            if the log is damaged or cannot be written.
        """
        sort, _, name = about.partition(" ")
        if sort not in THINGS or not name.strip():
            things = ", ".join(f"'{thing}' and {how}" for thing, how in THINGS.items())
            raise UsageError(f"{about!r} cannot be marked. Write {things}")
        claims = [claim.id for claim in ledger()]
        if sort == "claim" and name not in claims:
            raise UnknownName(f"no claim {name!r}: choose from {', '.join(claims)}")
        if not why.strip() or not who.strip():
            # Names in backquotes are printed as the caller writes them: `--why` in a command.
            raise UsageError("a marking needs a reason and who gives it: `why` TEXT `who` NAME")
        canonical = str(Marking.parse(marking))
        moment = (when or dt.datetime.now(dt.UTC)).isoformat(timespec="seconds")

        def mark_after(previous: str) -> Mark:
            return Mark(
                about=about, marking=canonical, why=why, who=who, when=moment, previous=previous
            )

        (added,) = self.write(mark_after)
        return added


def team_folder() -> Path:
    """Return the folder of a team that is not named: $BILAT_TEAM, else next to the holdings."""
    given = os.environ.get("BILAT_TEAM")
    return Path(given) if given else default_folder().parent / "team"


def team_of(folder: Path | None, *, use_default: bool = False) -> Team | None:
    """Return the team whose dissents and markings count, or None if no team was meant.

    Parameters
    ----------
    folder
        the folder that was named, if any. $BILAT_TEAM may name one, too.
    use_default
        whether to use the default folder if none was named; a command with a marking does.
    """
    if folder is None and not use_default and not os.environ.get("BILAT_TEAM"):
        return None
    return Team(folder)


class Team:
    """A team's folder. Each part is read when it is asked for; a damaged one raises DataError."""

    def __init__(self, folder: Path | str | None = None, *, must_exist: bool = True) -> None:
        self.folder = Path(folder) if folder is not None else team_folder()
        if folder is not None and must_exist and not self.folder.is_dir():
            raise DataError(
                "is not a folder",
                file=self.folder,
                cure=f"name a team's folder, or begin one with: mkdir {self.folder}",
            )

    @property
    def decision_log(self) -> DecisionLog:
        """The log of decisions on matches."""
        return DecisionLog(self.folder / DECISIONS)

    @property
    def dissent_log(self) -> DissentLog:
        """The log of dissents from our verdicts."""
        return DissentLog(self.folder / DISSENTS)

    @property
    def page_log(self) -> SignedPageLog:
        """The log of pages that a person read and signed."""
        return SignedPageLog(self.folder / PAGES)

    @property
    def mark_log(self) -> MarkLog:
        """The log of markings."""
        return MarkLog(self.folder / MARKINGS)

    @cached_property
    def marks(self) -> dict[str, Marking]:
        """The latest marking of each thing, by what it is about."""
        return {m.about: marked(m.marking) for m in self.mark_log.entries()}

    def claim_marking(self, claim: str) -> Marking:
        """Return how far our verdict on a claim may be passed on; public if nobody marked it."""
        return self.marks.get(f"claim {claim}", PUBLIC)

    def mark(self, about: str, marking: str, why: str, who: str) -> Mark:
        """Mark a claim, or an entry that the folder has.

        Raises
        ------
        UsageError
            for an entry that the folder does not have, and as :meth:`MarkLog.add` does.
        DataError
            if a log is damaged or cannot be written.
        """
        sort, _, name = about.partition(" ")
        names: set[str] | None = None
        if sort == "decision":
            names = {decision.digest() for decision in self.decision_log.entries()}
        elif sort == "dissent":
            names = set(self.dissent_hashes())
        elif sort == "page":
            names = {page.hash for page in self.page_log.entries()}
        elif sort == "row":
            names = {row.id for row in read_rows(self.folder / ROWS)}
        if names is not None and name not in names:
            raise UnknownName(
                f"no {sort} {name!r} in {self.folder}: write {THINGS[sort]} as the folder has it"
            )
        added = self.mark_log.add(about, marking, why=why, who=who)
        self.__dict__.pop("marks", None)  # they are read again when they are next needed
        return added

    def _marking(self, about: str, own: Marking) -> str:
        """Return the marking that counts: the latest about a thing, else its own."""
        return str(self.marks.get(about, own))

    def decisions(self) -> list[Decision]:
        """Return every decision, oldest first, with the marking that counts."""
        found = []
        for decision in self.decision_log.entries():
            marking = self._marking(f"decision {decision.digest()}", marked(decision.marking))
            found.append(replace(decision, marking=marking))
        columns = _columns("query", "party", "verdict", "reason", "who", "when", "marking")
        return ShownList(found, columns, "Decisions")

    def dissents(self) -> list[Dissent]:
        """Return every dissent, oldest first, with the marking that counts.

        A dissent with another marking than it was entered with has another ``hash`` too:
        :meth:`dissent_hashes` has those of the log.
        """
        found = [
            replace(dissent, marking=self._marking(f"dissent {dissent.hash}", dissent.handling))
            for dissent in self.dissent_log.entries()
        ]
        columns = _columns("claim", "verdict", "why", "who", "as_of", "marking")
        return ShownList(found, columns, "Dissents")

    def dissent_hashes(self) -> list[str]:
        """Return the hash of every dissent in the log, oldest first: the name to mark it by."""
        return [dissent.hash for dissent in self.dissent_log.entries()]

    def pages(self) -> list[SignedPage]:
        """Return every signed page, oldest first, with the marking that counts."""
        found = [
            replace(page, marking=self._marking(f"page {page.hash}", page.handling))
            for page in self.page_log.entries()
        ]
        columns = _columns("claim", "side", "says", "who", "published", "marking")
        return ShownList(found, columns, "Signed pages")

    def rows(self) -> list[OwnRow]:
        """Return every row of the team's own, with the marking that counts."""
        found = [
            replace(row, marking=self._marking(f"row {row.id}", row.handling))
            for row in read_rows(self.folder / ROWS)
        ]
        return ShownList(found, _columns(*COLUMNS), "Rows")


def _columns(*names: str) -> Columns:
    """Return the columns of a table by the attributes that fill them."""
    return {name: attrgetter(name) for name in names}
