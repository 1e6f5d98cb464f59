# SPDX-License-Identifier: Apache-2.0
"""What is proposed of a page, and a signed row, as documents."""

from __future__ import annotations

from dataclasses import asdict

from bilat.document import Block, Column, Document, Facts, Frame, Next, Question, Say, Table
from bilat.document import wording as words
from bilat.intake.proposal import Proposal
from bilat.intake.stored import StoredPiece
from bilat.verdicts.document import spoken_claim
from bilat.verdicts.signed_pages import SignedPage

#: How many equal pieces are named.
MOST_STORED = 5


def of_proposal(found: Proposal, question: Question, frame: Frame) -> Document:
    """Return the claims that a page seems to bear on, and what a person needs for signing."""
    page = found.page
    first = found.bearings[0]
    rows = tuple(
        (n, b.claim.id, spoken_claim(b.claim), b.place, b.words)
        for n, b in enumerate(found.bearings, start=1)
    )
    columns = tuple(Column(c) for c in ("rank", "claim", "what it says", "where", "words there"))
    day = words.day(found.dated.day) if found.dated.day else "not known"
    facts = (
        ("page", page.title or "no title"),
        ("address", page.address or "not given"),
        ("published", f"{day} ({found.dated.found})"),
        ("originator", f"{found.speaker.name or 'not known'} ({found.speaker.found})"),
        ("stored already", _stored(found.stored)),
        ("supports or contradicts", "for you to decide"),
    )
    signed = question.but(claim=first.claim.id, side="SIDE", who="NAME", why="TEXT")
    blocks: tuple[Block, ...] = (
        Facts(facts),
        Table(columns, rows, listing=True),
        Say(
            "Claims come first if the page's wording is close to documents already filed under "
            "them. This is only a proposal: a page that bears on no claim gets some all the same.",
            "note",
        ),
        Next("To sign it, with the claim and the side that you choose", signed),
    )
    others = " or ".join(b.claim.id for b in found.bearings[1:])
    summary = f"The page seems to bear on {first.claim.id} ({first.place}), or else on {others}."
    return Document(
        kind="reading",
        title=page.title or "A page",
        summary=(summary,),
        blocks=blocks,
        data=_data(found),
        question=question,
        as_of=frame.as_of,
    )


def _stored(pieces: tuple[StoredPiece, ...]) -> str:
    if not pieces:
        return "nothing with the same text"
    named = [
        f"{p.document} ({p.why}{', ' + p.place if p.place else ''})" for p in pieces[:MOST_STORED]
    ]
    return "; ".join(named)


def _data(found: Proposal) -> dict[str, object]:
    day = found.dated.day
    return {
        "title": found.page.title,
        "address": found.page.address,
        "page": found.page.digest,
        "claims": [
            {"claim": b.claim.id, "place": b.place, "words": b.words} for b in found.bearings
        ],
        "stored": [asdict(p) for p in found.stored],
        "published": day.isoformat() if day else None,
        "published_found": found.dated.found,
        "originator": found.speaker.name,
        "originator_found": found.speaker.found,
        "site": found.speaker.site,
        "states": [*found.states],
        "side": None,
    }


def of_signed(row: SignedPage) -> Document:
    """Return what was signed."""
    page = f"{row.originator or 'originator not known'}, published {row.published}"
    entered = f"{row.claim}: {row.side}, signed by {row.who} ({row.marking}): {page}"
    return Document("signed page", entered, (), (), data={**row.to_json(), "hash": row.hash})
