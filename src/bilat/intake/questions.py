# SPDX-License-Identifier: Apache-2.0
"""Read a page, and sign what it means for a claim."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from bilat.document import Document, Frame, Question
from bilat.document.fields import Day, Written
from bilat.errors import DataError, UsageError, command

if TYPE_CHECKING:
    from bilat.intake.proposal import Proposal
    from bilat.sharing.team import Team


@dataclass(frozen=True)
class ReadQuestion(Question):
    """Find which claims a page bears on and where, whether we already have it, and who seems to
    have said it first, and when.

    A person chooses the side. With claim, side, who and why, the row is signed: it is stored in
    the team's folder and shown next to the answer under that name.
    """

    verb = ("read",)
    title = "Read a page"
    examples = (
        command("read", "page.html"),
        command("read", "page.html", claim="P2", side="for", who="NAME", why="TEXT", team="our"),
    )
    served = False
    options = ("as_of", "as_json", "holdings")
    needs = ("saved_page",)
    saved_page: Annotated[
        Path | None, Written(first=True, what="FILE|-"), "Text, HTML or PDF; - for standard input."
    ] = None
    address: Annotated[
        str, Written(what="URL"), "Address of the page, if the page does not give it."
    ] = ""
    claim: Annotated[
        str, Written(what="CLAIM"), "Sign the row: the claim that the page bears on."
    ] = ""
    side: Annotated[str, Written(what="SIDE"), "Sign the row: for, against or neither."] = ""
    who: Annotated[str, Written(what="NAME"), "Sign the row: your name."] = ""
    why: Annotated[
        str, Written(what="TEXT"), "Sign the row: why the page supports or contradicts the claim."
    ] = ""
    says: Annotated[
        str, Written(what="TEXT"), "What the page says, in your words; by default its first words."
    ] = ""
    published: Annotated[Day, "Date on which it became public, if the proposal is wrong."] = ""
    originator: Annotated[
        str, Written(what="NAME"), "Name who first said it, if the proposal is wrong."
    ] = ""
    marking: Annotated[str, Written(what="MARKING"), "How far the signed row may be passed on."] = (
        "TLP:AMBER"
    )
    folder: Annotated[
        Path | None,
        Written(what="DIR", option="team"),
        "The team's folder; by default $BILAT_TEAM, otherwise next to the holdings.",
    ] = None

    def answer(self, frame: Frame) -> Document:
        from bilat.intake.document import of_proposal, of_signed
        from bilat.intake.page import read_page
        from bilat.intake.proposal import propose
        from bilat.intake.signing import refuse_read_before
        from bilat.sharing.team import Team

        if self.saved_page is None:
            raise UsageError("name a file with the page, or - for standard input")
        signs = self._signs()
        team = Team(self.folder, must_exist=False)
        page = read_page(self.saved_page, self.address)
        refuse_read_before(page, team)
        found = propose(page, frame.as_of, frame.holdings)
        if signs:
            return of_signed(self._sign(found, team))
        return of_proposal(found, self, frame)

    def _signs(self) -> bool:
        """Whether the row is to be signed; all that a signature needs is given, or nothing."""
        needed = {"claim": self.claim, "side": self.side, "who": self.who, "why": self.why}
        lacking = [name for name, value in needed.items() if not value.strip()]
        if lacking and len(lacking) < len(needed):
            raise UsageError(
                f"a signed row needs claim, side, who and why; missing: {', '.join(lacking)}"
            )
        return not lacking

    def _sign(self, found: Proposal, team: Team):  # type: ignore[no-untyped-def]
        from bilat.intake.signing import sign

        if found.stored and found.stored[0].same_page:
            raise DataError(
                "the page is stored already",
                value=found.stored[0].document,
                cure="dissent from the answer instead: bilat team dissent",
            )
        return sign(
            found,
            team,
            claim=self.claim.upper(),
            side=self.side,
            who=self.who,
            why=self.why,
            says=self.says,
            published=self.published,
            originator=self.originator,
            marking=self.marking,
        )
