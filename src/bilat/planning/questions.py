# SPDX-License-Identifier: Apache-2.0
"""Commands on the book of assumptions: write it, and compare two of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from bilat.document import Document, Frame, Question
from bilat.document.fields import Written
from bilat.errors import UsageError, command


@dataclass(frozen=True)
class BookQuestion(Question):
    """Write a book of assumptions: each number in the plans, with its source, page and range."""

    verb = ("plan", "book")
    title = "Book of assumptions"
    examples = (command("plan", "book", "assumptions.xlsx"),)
    served = False
    options = ("as_of", "holdings")
    needs = ("path",)
    path: Annotated[
        Path | None, Written(first=True, what="FILE"), "File to write: .xlsx or .toml."
    ] = None

    def answer(self, frame: Frame) -> Document:
        from bilat.planning.book_writing import write_book
        from bilat.planning.plans import plans_in_book

        if self.path is None:
            raise UsageError("name the file of the book: .xlsx or .toml")
        write_book(plans_in_book(), frame, self.path)
        return Document("book", f"written: {self.path}", (), (), data={"file": str(self.path)})


@dataclass(frozen=True)
class CompareBooksQuestion(Question):
    """Compare two workbooks: which parameters differ, who says so, and how each moves results."""

    verb = ("plan", "compare")
    title = "Two workbooks of assumptions"
    examples = (command("plan", "compare", "mine.xlsx", "assumptions.xlsx"),)
    served = False
    options = ("as_of", "why", "out", "as_json", "holdings")
    needs = ("first",)
    first: Annotated[Path | None, Written(first=True, what="BOOK"), "A book of assumptions."] = None
    second: Annotated[
        Path | None,
        Written(first=True, what="BOOK"),
        "Another book; by default the one that comes with bilat.",
    ] = None

    def answer(self, frame: Frame) -> Document:
        from bilat.planning.comparison import compare_books, document
        from bilat.planning.plans import every_plan

        if self.first is None:
            raise UsageError("name a book of assumptions")
        return document(compare_books(every_plan(), self.first, self.second, frame), frame)
