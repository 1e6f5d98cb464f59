# SPDX-License-Identifier: Apache-2.0
"""Commands of paper: the picture as a report, and a case as a letter."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from bilat.document import Document, Frame, Question
from bilat.document.fields import Range, Written
from bilat.errors import UsageError, command
from bilat.when import AsOf


@dataclass(frozen=True)
class ReportQuestion(Question):
    """Write the briefing as a few pages for an adviser (needs the `report` extra)."""

    verb = ("write", "report")
    title = "Report"
    examples = (
        command("write", "report", out="brief.pdf"),
        command("write", "report", why=True, out="with-claims.pdf"),
    )
    pair = True
    served = False
    options = ("as_of", "why", "out", "holdings")
    writes = "report.pdf"
    folder: Annotated[
        Path | None,
        Written(what="DIR", option="team"),
        "The team's folder; by default $BILAT_TEAM, or next to the holdings.",
    ] = None
    marking: Annotated[
        str,
        Written(what="MARKING"),
        "Handling marking to print on the output, e.g. TLP:GREEN REL EST POL.",
    ] = ""

    def answer(self, frame: Frame) -> Document:
        from bilat.handling import Marking
        from bilat.picture import brief
        from bilat.sharing.team import team_of

        whose = team_of(self.folder, use_default=bool(self.marking))
        limit = Marking.parse(self.marking or "TLP:CLEAR") if whose else None
        picture = brief(frame.dyad, frame.as_of, holdings=frame.holdings, team=whose, marking=limit)
        document = picture.document
        return document.within(Marking.parse(self.marking)) if self.marking else document


@dataclass(frozen=True)
class LetterQuestion(Question):
    """Write a letter about a diversion case or a screening alert, as PDF or docx (needs the `report` extra)."""

    verb = ("write", "letter")
    title = "Letter"
    examples = (command("write", "letter", "cases.json", row=1, out="case.docx"),)
    served = False
    options = ("out",)
    writes = "letter.pdf"
    needs = ("case",)
    case: Annotated[
        Path | None,
        Written(first=True, what="CASE"),
        "Results of `bilat divert` as .json, or alerts of `bilat screen` as .jsonl.",
    ] = None
    row: Annotated[
        int,
        Range(1, 1_000_000_000),
        Written(what="N"),
        "Which route or alert in the file, by number.",
    ] = 1
    marking: Annotated[
        str,
        Written(what="MARKING"),
        "Handling marking to print on the output, e.g. TLP:GREEN REL EST POL.",
    ] = ""
    sender: Annotated[str, Written(what="TEXT"), "Sender: office and address."] = ""
    addressee: Annotated[str, Written(what="TEXT"), "Addressee."] = ""
    date: Annotated[str, Written(what="DATE"), "The letter's date; by default today."] = ""
    reference: Annotated[str, Written(what="TEXT"), "Your reference."] = ""
    request: Annotated[str, Written(what="TEXT"), "What you ask the addressee to do."] = ""
    signatory: Annotated[str, Written(what="TEXT"), "Who signs: name and office."] = ""

    def answer(self, frame: Frame) -> Document:
        from bilat.handling import Marking
        from bilat.report.letter import LetterHead, letter_of

        if self.case is None:
            raise UsageError("name the file of the case")
        head = LetterHead(
            sender=self.sender,
            addressee=self.addressee,
            date=AsOf(self.date or None).date,
            reference=self.reference,
            request=self.request,
            signatory=self.signatory,
        )
        marking = Marking.parse(self.marking) if self.marking else None
        return letter_of(self.case, self.row, marking, head=head)
