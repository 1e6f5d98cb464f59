# SPDX-License-Identifier: Apache-2.0
"""Signed pages: what a person says that a page means for a claim, next to our answer.

An entry says which page, which claim, which side, and who signs. The log is append-only
(:mod:`bilat.files.hash_log`). An entry never changes our answer; it stands next to it under the name
of the person who signed, with the answer that it would make if it counted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bilat.catalog.compiled.sites import trust_of
from bilat.files.hash_log import GENESIS, HashLog
from bilat.files.json_types import JsonObject
from bilat.handling import UNMARKED, is_marking
from bilat.listing import ShownList
from bilat.verdicts.evidence import WEIGHT
from bilat.verdicts.judgement import Evidence, Judgement, Signature, Word
from bilat.verdicts.ledger import Claim, Half, ledger
from bilat.verdicts.marked_entry import MarkedEntry
from bilat.verdicts.weights import decide

#: The sides that a person may give a page.
SIDES = ("for", "against", "neither")


@dataclass(frozen=True, slots=True)
class SignedPage(MarkedEntry):
    """One entry of the log."""

    claim: str  # id of the claim
    side: str  # for, against or neither
    says: str  # what the page says, in the words of the person who signs
    place: str  # where on the page
    title: str
    address: str
    originator: str
    published: str  # the day on which the page became public, YYYY-MM-DD
    page: str  # sha256 of the page's words
    why: str
    who: str
    when: str  # ISO date and time at which it was signed, UTC
    marking: str = str(UNMARKED)
    previous: str = GENESIS

    def to_json(self) -> JsonObject:
        """Return plain data."""
        return {
            "claim": self.claim,
            "side": self.side,
            "says": self.says,
            "place": self.place,
            "title": self.title,
            "address": self.address,
            "originator": self.originator,
            "published": self.published,
            "why": self.why,
            "who": self.who,
            "when": self.when,
            "marking": self.marking,
        }


class SignedPageLog(HashLog[SignedPage]):
    """The log in a file; made when the first page is signed."""

    kind = SignedPage
    noun = "a signed page"

    def is_valid(self, record: SignedPage) -> bool:
        """Whether side, day and marking are such."""
        dt.date.fromisoformat(record.published)
        return record.side in SIDES and is_marking(record.marking) and bool(record.claim)

    def of_page(self, page: str) -> list[SignedPage]:
        """Return the entries on one page, by the sha256 of its words."""
        return [entry for entry in self.entries() if entry.page == page]


def with_signed_pages(
    judged: Sequence[Judgement], entries: Iterable[SignedPage]
) -> list[Judgement]:
    """Return the judgements, each with the signed pages on its claim that were public by then."""
    by_claim: dict[str, list[SignedPage]] = {}
    for entry in entries:
        by_claim.setdefault(entry.claim, []).append(entry)
    claims = {c.id: c for c in ledger()}
    found = [
        replace(j, signatures=tuple(_signatures(j, by_claim.get(j.id, ()), claims))) for j in judged
    ]
    return (
        ShownList(found, judged.columns, judged.title) if isinstance(judged, ShownList) else found
    )


def _signatures(
    judged: Judgement, entries: Iterable[SignedPage], claims: dict[str, Claim]
) -> Iterator[Signature]:
    for entry in entries:
        day = dt.date.fromisoformat(entry.published)
        if day <= judged.as_of.date:
            turned = _answer_with(judged, entry, claims[entry.claim], day)
            yield Signature(entry, turned)


def _answer_with(judged: Judgement, entry: SignedPage, claim: Claim, day: dt.date) -> Word:
    """The current answer, if the page counted by the reliability of its site."""
    half: Half = "since" if judged.current is judged.since else "when_written"
    grade = trust_of(entry.address)
    piece = Evidence(
        kind="document",
        id=entry.hash,
        part=next(iter(claim.parts(half)), ""),
        side=entry.side,  # type: ignore[arg-type]
        weight=WEIGHT.get(grade, 0.0) if entry.side != "neither" else 0.0,
        says=entry.says,
        why=entry.why,
        publishers=(entry.originator,),
        originators=(entry.originator,),
        grade=grade,
        reaches=day,
        content_to=day,
        known_on=day,
    )
    return decide(claim, half, [*judged.current.evidence, piece], judged.as_of).word
