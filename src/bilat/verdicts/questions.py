# SPDX-License-Identifier: Apache-2.0
"""What may be asked of the ledger: every claim of two states, or one of them with all that it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Self

from bilat.document import Document, Frame, Question
from bilat.document.blocks import Tool
from bilat.document.commands import pair_of
from bilat.document.fields import Local, Written
from bilat.dyad import PAPER_PAIR, Dyad
from bilat.errors import UnknownName, UsageError, command


@dataclass(frozen=True)
class ClaimsQuestion(Question):
    """Check the claims of the 2023 paper, then and now; or one of them in full (bilat claims P7)."""

    verb = ("claims",)
    title = "Claims"
    examples = (
        command("claims", as_of="2023-03-20"),
        command("claims", "P7", why=True),
        command("claims", paper=True, out="paper.pdf"),
    )
    slow = True
    tools = (Tool("claim"),)
    pair = True
    team = True
    only: Annotated[str, Written(what="ID"), "Show one claim, with its evidence and its test."] = ""
    paper: Annotated[bool, "Show the claims in the paper's order, with what has changed since."] = (
        False
    )

    def take_words(self, words: Sequence[str]) -> tuple[Self, list[str]]:
        """``P7`` among the states names one claim."""
        ids = [w for w in words if w[:1].isalpha() and w[1:].isdigit()]
        if self.only or len(ids) != 1:
            return self, [*words]
        return self.but(only=ids[0].upper()), [w for w in words if w not in ids]

    def answer(self, frame: Frame) -> Document:
        """Return the answers to the claims, or the page of one claim."""
        from bilat.verdicts.assessment import judge
        from bilat.verdicts.document import of_claim, of_claims
        from bilat.verdicts.paper import of_paper

        judged = judge(frame.dyad, frame.as_of, frame.holdings, self.only or None)
        if frame.add_team is not None:
            judged = frame.add_team(judged)
            if self.only and not judged:
                raise UnknownName(f"no claim {self.only!r} at this marking")
        if self.only:
            return of_claim(judged[0], self)
        return of_paper(judged, self, frame) if self.paper else of_claims(judged, self, frame)


@dataclass(frozen=True)
class ProfileQuestion(Question):
    """Show what is public about two states: arms, trade, troops, treaties, votes and more."""

    verb = ("ask", "profile")
    title = "Profile of two states"
    examples = (command("ask", "profile", "RUS", "PRK"),)
    tools = (Tool("profile"),)
    pair = True
    # local: no team's marking is applied to the claims of a profile
    claims: Annotated[bool, Local(), "Add the claims of the 2023 paper that apply to the two."] = (
        False
    )

    def answer(self, frame: Frame) -> Document:
        """Return what is on record of the two states."""
        from bilat.verdicts.profile import profile
        from bilat.verdicts.profile_document import of_profile

        return of_profile(
            profile(frame.dyad, frame.as_of, frame.holdings, claims=self.claims), self
        )


@dataclass(frozen=True)
class PairsQuestion(Question):
    """Compare several pairs of states on the same topics, as of the same date."""

    verb = ("ask", "compare")
    title = "Several pairs side by side"
    examples = (
        command("ask", "compare", "RUS", "CHN", with_=[("RUS", "IRN"), ("USA", "JPN")]),
        command("ask", "compare", axis=True),
    )
    slow = True
    pairs: Annotated[
        tuple[str, ...],
        Written(first=True, what="A B"),
        "A pair, as two states; or several pairs written RUS-CHN.",
    ] = ()
    others: Annotated[
        tuple[str, ...],
        Written(option="with", words=2, what="A B"),
        "Another pair, as two states. May be given more than once.",
    ] = ()
    axis: Annotated[bool, "Compare the six pairs of Russia, China, Iran and North Korea."] = False

    def answer(self, frame: Frame) -> Document:
        """Return pairs of states next to one another."""
        from bilat.verdicts.side_by_side import axis, compare, of_pairs

        if self.axis and (self.pairs or self.others):
            raise UsageError("`axis` names its pairs itself. Leave out the others")
        dyads = axis() if self.axis else self._dyads()
        return of_pairs(compare(dyads, frame.as_of, frame.holdings))

    def _dyads(self) -> list[Dyad]:
        others = [Dyad.read(text) for text in self.others]
        if self.pairs and all("-" in word for word in self.pairs):
            return [*map(Dyad.read, self.pairs), *others]
        return [pair_of(self.pairs) or PAPER_PAIR, *others]
