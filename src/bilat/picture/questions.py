# SPDX-License-Identifier: Apache-2.0
"""The question for a briefing. Its modules are imported when it is answered."""

from __future__ import annotations

from dataclasses import dataclass

from bilat.document import Document, Frame, Question
from bilat.errors import command


@dataclass(frozen=True)
class BriefQuestion(Question):
    """Get a briefing on two states: what matters most, what changed, what to watch and what is missing."""

    verb = ("brief",)
    title = "Briefing"
    examples = (command("brief", "RUS", "CHN", as_of="2023-03-20"),)
    pair = True
    team = True
    slow = True

    def answer(self, frame: Frame) -> Document:
        """Return the first page on the two states."""
        from bilat.picture.picture import Picture
        from bilat.verdicts import judge

        judged = list(judge(frame.dyad, frame.as_of, frame.holdings))
        if frame.add_team is not None:  # a team's dissents go next to our answers
            judged = frame.add_team(judged)
        return Picture(frame.dyad, frame.as_of, tuple(judged), frame.holdings).document
