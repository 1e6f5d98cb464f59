# SPDX-License-Identifier: Apache-2.0
"""The question of a screening, and its document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bilat.document import Document, Frame, Question
from bilat.errors import UsageError, command
from bilat.parties.queries.query import Query
from bilat.parties.screening.request import Screening

if TYPE_CHECKING:
    from bilat.parties.answers.receivers import Receiver
    from bilat.parties.answers.run import Run


@dataclass(frozen=True)
class ScreenQuestion(Screening, Question):
    """Check whether names are listed: type them, or give a file of names."""

    verb = ("screen",)
    title = "Screen names"
    examples = (
        command("screen", "'VTB Bank'"),
        command("screen", "consignments.xlsx", out="alerts.xlsx"),
        command("screen", "names.csv", since="2024-05-03"),
    )
    file = (
        ".csv",
        ".tsv",
        ".txt",
        ".jsonl",
        ".ndjson",
        ".json",
        ".parquet",
        ".pq",
        ".xlsx",
        ".xlsm",
    )
    needs = ("name",)
    private = True

    def answer(self, frame: Frame) -> Document:
        """The document that answers it; of a file the counts and the surest alerts."""
        return self.document(frame)[0]

    def receivers(self, frame: Frame) -> tuple[list[Receiver], list[str]]:
        """The consignees and end users of the file that is named, and notes on how it was read."""
        from bilat.parties.answers.receivers import receivers

        asked = self.asked()
        if not isinstance(asked, Path):
            raise UsageError("name a file of consignees")
        return receivers(asked, frame)

    def document(
        self, frame: Frame, asked: Path | Sequence[Query] | None = None, **more: Any
    ) -> tuple[Document, Run]:
        """The document, and the run behind it. ``more``: where rows go (``out``, ``emit``, ``progress``, ...)."""
        from bilat.parties.answers.screen import screen
        from bilat.parties.answers.screening_answer import file_document, typed_document

        asked = self.asked() if asked is None else asked
        typed = not isinstance(asked, Path)
        run = screen(
            asked, typed=typed, as_of=frame.as_of, holdings=frame.holdings, question=self, **more
        )
        if isinstance(asked, Path):
            return file_document(self, run, str(more.get("out") or "")), run
        return typed_document(self, run, [q.name for q in asked]), run
