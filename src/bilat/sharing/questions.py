# SPDX-License-Identifier: Apache-2.0
"""Commands of a team: its dissents, and the markings that say how far a thing may be passed on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

from bilat.document import Column, Document, Frame, Question, Table
from bilat.document.fields import Written
from bilat.errors import command
from bilat.units.notation import count_text

TeamFolder = Annotated[
    Path | None,
    Written(what="DIR", option="team"),
    "The team's folder; by default $BILAT_TEAM, or next to the holdings.",
]
Why = Annotated[str, Written(what="TEXT"), "Your reason; required."]
Who = Annotated[str, Written(what="NAME"), "Your name; required."]


class TeamQuestion(Question):
    """A command on a team's folder on this machine; the server does not offer it."""

    served = False
    options: ClassVar[tuple[str, ...]] = ("as_json",)


@dataclass(frozen=True)
class DissentQuestion(TeamQuestion):
    """Record your own conclusion, to be shown next to ours."""

    verb = ("team", "dissent")
    title = "Dissent"
    examples = (
        command("team", "dissent", "P7", team="our", verdict="yes", who="NAME", why="TEXT"),
    )
    options = ("as_of", "as_json")
    needs = ("claim", "verdict", "who", "why")
    claim: Annotated[str, Written(first=True, what="CLAIM"), "Id of the claim, e.g. P7."] = ""
    verdict: Annotated[
        str, Written(what="ANSWER"), "Your answer: yes, no, in part or not known."
    ] = ""
    why: Why = ""
    who: Who = ""
    marking: Annotated[
        str,
        Written(what="MARKING"),
        "How far it may be passed on: TLP:AMBER, TLP:GREEN REL EST POL.",
    ] = "TLP:AMBER"
    folder: TeamFolder = None

    def answer(self, frame: Frame) -> Document:
        from bilat.sharing.team import Team

        log = Team(self.folder, must_exist=False).dissent_log
        added = log.add(
            self.claim,
            self.verdict,
            self.why,
            self.who,
            as_of=str(frame.as_of),
            marking=self.marking,
        )
        title = (
            f"{added.claim}: {added.verdict}, by {added.who} as of {added.as_of} ({added.marking})"
        )
        data = {**added.to_json(), "hash": added.hash}
        return Document("dissent", title, summary=(), blocks=(), data=data)


@dataclass(frozen=True)
class DissentsQuestion(TeamQuestion):
    """List every dissent, oldest first."""

    verb = ("team", "dissents")
    title = "Dissents"
    examples = (command("team", "dissents", team="our"),)
    folder: TeamFolder = None
    marking: Annotated[
        str, Written(what="MARKING"), "Show only what may be exported under this marking."
    ] = ""

    def answer(self, frame: Frame) -> Document:
        from bilat.handling import Marking
        from bilat.sharing.team import Team

        team = Team(self.folder, must_exist=True)
        listed = list(zip(team.dissents(), team.dissent_hashes(), strict=True))
        if self.marking:
            limit = Marking.parse(self.marking)
            listed = [(d, name) for d, name in listed if d.handling.may_leave_in(limit)]
        columns = tuple(map(Column, ("claim", "verdict", "who", "as of", "marking", "why")))
        rows = tuple((d.claim, d.verdict, d.who, d.as_of, d.marking, d.why) for d, _ in listed)
        blocks = (Table(columns, rows, listing=True),) if rows else ()
        title = count_text(len(rows), "dissents")
        data = [{**d.to_json(), "hash": name} for d, name in listed]
        return Document("dissents", title, summary=(), blocks=blocks, data=data)


@dataclass(frozen=True)
class MarkQuestion(TeamQuestion):
    """Mark how far one of our answers, or one of the team's entries, may be passed on. The latest
    marking counts."""

    verb = ("team", "mark")
    title = "Mark"
    examples = (
        command(
            "team", "mark", "'claim P7'", marking="TLP:AMBER", team="our", who="NAME", why="TEXT"
        ),
    )
    needs = ("subject", "marking", "who", "why")
    subject: Annotated[
        str,
        Written(first=True, what="ABOUT"),
        "'claim P7', 'decision HASH', 'dissent HASH', 'page HASH' or 'row ID'.",
    ] = ""
    marking: Annotated[
        str, Written(what="MARKING"), "TLP:CLEAR to TLP:RED, followed by REL and states if need be."
    ] = ""
    why: Why = ""
    who: Who = ""
    folder: TeamFolder = None

    def answer(self, frame: Frame) -> Document:
        from bilat.sharing.team import Team

        team = Team(self.folder, must_exist=False)
        made = team.mark(self.subject, self.marking, self.why, self.who)
        title = f"{made.about}: {made.marking}"
        return Document("marking", title, summary=(), blocks=(), data=made)
