# SPDX-License-Identifier: Apache-2.0
"""What stands beside answers and how far they may be passed on: a team's folder, the marking of the server, and the log
of decisions. Workers and application are given the same three."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bilat.document import Document
from bilat.errors import UnknownName
from bilat.handling import Marking, marked
from bilat.parties.decisions.log import Decided, DecisionLog
from bilat.sharing import Team
from bilat.sharing.release import release_terms
from bilat.verdicts.ledger import ledger
from bilat.when import AsOf


@dataclass(frozen=True)
class Handling:
    """The three; ``limit`` is the marking above which nothing leaves."""

    folder: Path | None = None
    limit: Marking | None = None
    log: Path | None = None  #: of decisions

    @property
    def team(self) -> Team | None:
        return Team(self.folder, must_exist=False) if self.folder else None

    @property
    def withheld(self) -> frozenset[str]:
        """The claims that are marked above the limit.

        Raises
        ------
        DataError
            for a damaged log of markings.
        """
        team = self.team
        return release_terms(team, self.limit).withheld if team and self.limit else frozenset()

    def claim(self, id: str) -> None:
        """Refuse a claim that may not be shown as one that does not exist.

        Raises
        ------
        UnknownName
            for any but those that may be shown.
        """
        hidden = self.withheld
        there = [c.id for c in ledger() if c.id not in hidden]
        if id not in there:
            raise UnknownName(f"no claim {id[:20]!r}. Choose from: {' '.join(there)}")

    def within(self, document: Document) -> Document:
        """A document as far as it may leave."""
        return document if self.limit is None else document.within(self.limit)

    def stands(self, as_of: AsOf) -> str:
        """A digest of what the team's folder and the marking put into pages of a date; blank where there is neither.

        A dissent counts from the date it speaks of on: one of today renews no page of an earlier date.
        """
        team = self.team
        if team is None:
            return str(self.limit or "")
        shown = [d["hash"] for d in self.dissents() if d["as_of"] <= str(as_of)]
        marks = sorted((k, str(m)) for k, m in team.marks.items() if not k.startswith("decision "))
        pages = [p.hash for p in team.page_log.entries() if p.published <= str(as_of)]
        return hashlib.sha256(
            json.dumps([str(self.limit or ""), shown, marks, pages]).encode()
        ).hexdigest()

    def dissents(self) -> list[dict[str, str]]:
        """The dissents as they may be shown, oldest first, each with its hash and the marking that counts.

        A dissent leaves only where its claim does.
        """
        hidden = self.withheld
        trail = self.team.dissent_log.trail() if self.team else []
        return self._shown([d for d in trail if d["claim"] not in hidden], "dissent")

    def trail(self) -> list[dict[str, str]]:
        """The decisions as they may be shown, oldest first, each with its hash and the marking that counts."""
        return self._shown(DecisionLog(self.log).trail(), "decision") if self.log else []

    def _shown(self, trail: list[dict[str, str]], sort: str) -> list[dict[str, str]]:
        marks = self.team.marks if self.team else {}
        limit = self.limit
        found = [(e, marks.get(f"{sort} {e['hash']}", marked(e["marking"]))) for e in trail]
        shown = [
            {**e, "marking": str(m)} for e, m in found if limit is None or m.may_leave_in(limit)
        ]
        # the hash of the entry before tells of an entry that is not shown, and lets a guess at it be tried
        return [{k: v for k, v in e.items() if k != "previous"} for e in shown] if limit else shown

    def screening(self) -> Mapping[str, Any]:
        """How far alerts may be passed on, and the markings that decisions were given later."""
        marks = self.team.marks if self.team else {}
        of_decisions = {
            k.partition(" ")[2]: m for k, m in marks.items() if k.startswith("decision ")
        }
        return {"marking": self.limit, "marks": of_decisions}

    @property
    def decided(self) -> Path | None:
        """The log to screen with; None before the first decision, which makes the file."""
        return self.log if self.log and self.log.exists() else None

    def latest(self) -> dict[tuple[str, str], Decided]:
        """The decision that counts on each name and party, as far as it may be shown."""
        log = self.decided
        of = self.screening()
        return DecisionLog(log).latest(of["marking"], of["marks"]) if log else {}
