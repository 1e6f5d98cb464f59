# SPDX-License-Identifier: Apache-2.0
"""What was looked for, read and left out for a claim."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bilat.document.plain import plain
from bilat.document.wording import day, few, few_text
from bilat.files.json_types import JsonObject


@dataclass(frozen=True)
class LeftOut:
    """A document that was read for a claim and does not count."""

    document: str
    title: str
    publisher: str
    reason: str
    side: str = ""  #: the side that its reader gave it, where this claim is the first
    note: str = ""  #: what its reader saw in it
    page: str = ""  #: where it was read
    says: str = ""  #: what it says, where it was taken in
    period: str = ""  #: what it speaks of


@dataclass(frozen=True)
class FoundPage:
    """A page of weight that a query brought, and what was done with it."""

    rank: int
    page: str
    publisher: str
    about: str  #: its title, or what it is about where no title was seen
    outcome: str  #: stored, same report, taken in or left out
    documents: tuple[str, ...] = ()  #: the stored documents that have what it says
    titles: tuple[str, ...] = ()  #: their titles, with their publishers
    reason: str = ""  #: why it was left out
    public: dt.date | None = None  #: when it became public, where that is known
    side: str = ""  #: of one left out: the side that its reader gives it on this claim


@dataclass(frozen=True)
class StoredQuery:
    """A query in words, the day on which it was made, and the pages of weight."""

    id: str
    words: str
    collection: str
    made_on: dt.date
    results: int
    pages: tuple[FoundPage, ...]


@dataclass(frozen=True)
class Search:
    """What was looked for and read for a claim, and what was left out."""

    looked_for: tuple[str, ...]
    cited: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    read_from: dt.date | None = None  #: the first and the last day on which they were read
    read_to: dt.date | None = None
    answer_if_counted: str | None = None  #: where those left out would change the answer
    queries: tuple[StoredQuery, ...] = ()  #: the searches whose words are stored

    @property
    def sentence(self) -> str:
        """How many documents were read and cited, and what the others would change."""
        read = len(self.cited) + len(self.left_out)
        said = f"We read {few_text(read, 'documents')} for this claim{self._days}"
        said += f" and cited {self._cited(read)}." if read else "."
        if not self.has_left_out:
            return said
        others = " and ".join(
            text
            for count, text in (
                (len(self.left_out), self._other_documents),
                (self.pages_with_a_side, self._pages_not_taken_in),
            )
            if count
        )
        each = "each " if len(self.left_out) + self.pages_with_a_side > 1 else ""
        counted = (
            f"If we also counted {others}, {each}as supporting or contradicting the claim in the "
            "view of whoever read it for us, the answer would"
        )
        if self.answer_if_counted is None:
            return f"{said} {counted} not change."
        turned = f"\u201c{self.answer_if_counted}\u201d"
        return f"{said} {counted} change to {turned}."

    def not_weighed(self, year: int) -> list[LeftOut]:
        """Return the documents on a year that bear on the claim and count on neither side."""
        return [p for p in self.left_out if p.says and p.period.startswith(str(year))]

    @property
    def has_left_out(self) -> bool:
        """Whether a document or a page with a side was left out."""
        return bool(self.left_out or self.pages_with_a_side)

    @property
    def pages_with_a_side(self) -> int:
        """How many dated pages were not taken in although they speak for or against the claim."""
        return len({p.page for q in self.queries for p in q.pages if p.side and p.public})

    def _cited(self, read: int) -> str:
        """Return how many of the documents read were cited."""
        if len(self.cited) == read > 1:
            return f"all {few(read)}"
        return few(len(self.cited), none="none") + (" of them" if self.cited and read > 1 else "")

    @property
    def _other_documents(self) -> str:
        if len(self.left_out) == 1:
            return "the other document"
        return f"the other {few_text(len(self.left_out), 'documents')}"

    @property
    def _pages_not_taken_in(self) -> str:
        return f"{few_text(self.pages_with_a_side, 'dated pages')} that we left out"

    @property
    def queries_sentence(self) -> str:
        """What the stored queries brought; blank where there are none."""
        if not self.queries:
            return ""
        pages = [p for q in self.queries for p in q.pages]
        made = " and ".join(dict.fromkeys(day(q.made_on) for q in self.queries))
        found = few_text(sum(q.results for q in self.queries), "pages")
        said = (
            f"We searched again on {made}: {few_text(len(self.queries), 'queries')} to a stored "
            f"collection of public web pages returned {found}."
        )
        return f"{said} {_use_of(pages)}"

    @property
    def _days(self) -> str:
        """The days of reading; blank where nothing was read."""
        if self.read_from is None or self.read_to is None:
            return ""
        if self.read_from == self.read_to:
            return f" on {day(self.read_to)}"
        return f" between {day(self.read_from)} and {day(self.read_to)}"

    def to_json(self) -> JsonObject:
        """Return plain data with the sentence."""
        return {
            "sentence": self.sentence,
            "queries_sentence": self.queries_sentence,
            **plain(self),
        }


def _use_of(pages: Sequence[FoundPage]) -> str:
    """Return how many pages mattered, and what was done with them."""
    if not pages:
        return "None of them bore on the claim."
    done = Counter(p.outcome for p in pages)
    new, out = done["taken in"], done["left out"]
    uses = (
        (done["stored"] + done["same report"], "repeated what we already had"),
        (new, f"led us to {'new documents' if new > 1 else 'a new document'}"),
        (out, f"{'were' if out > 1 else 'was'} left out"),
    )
    told = [f"{few(count)} {use}" for count, use in uses if count]
    bearing = f"Of these, {few(len(pages))} bore on the claim"
    if len(told) == 1:
        return (
            f"{bearing}; {'all of them' if len(pages) > 1 else 'it'} {told[0].partition(' ')[2]}."
        )
    return f"{bearing}: {', '.join(told[:-1])} and {told[-1]}."
