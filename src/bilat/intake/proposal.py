# SPDX-License-Identifier: Apache-2.0
"""What is proposed of a page: claims with their places, what is stored, its day and originator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bilat.errors import DataError
from bilat.holdings import Holdings
from bilat.intake.dating import PageDay, dated
from bilat.intake.page import Page
from bilat.intake.relevance import ClaimModel, labelled
from bilat.intake.speaker import Speaker, speaker
from bilat.intake.states import is_english, states_in
from bilat.intake.stored import StoredPiece, stored_pieces
from bilat.verdicts.evidence import documents
from bilat.verdicts.ledger import Claim, ledger
from bilat.when import AsOf

#: How many claims are proposed.
MOST_CLAIMS = 3
#: A passage that is scored has about so many words, and a page at most so many of them.
PASSAGE = 80
MOST_PASSAGES = 400
#: The first words of a page say what it is about.
LEAD = 150
#: Words of the page that are shown for a claim.
QUOTED = 25


@dataclass(frozen=True)
class Bearing:
    """A claim that the page seems to bear on, and where."""

    claim: Claim
    place: str
    words: str  #: the first words of the passage


@dataclass(frozen=True)
class Proposal:
    """What is proposed of a page. The side is for a person to say."""

    page: Page
    bearings: tuple[Bearing, ...]
    stored: tuple[StoredPiece, ...]
    dated: PageDay
    speaker: Speaker
    states: tuple[str, ...]


def propose(page: Page, as_of: AsOf, holdings: Holdings) -> Proposal:
    """Return what is proposed of a page, by the documents that were public on the date asked.

    Raises
    ------
    DataError
        for a page in another language than English, and one that names no state.
    """
    if not is_english(page.text):
        raise DataError("the page is not in English: translate it first")
    states = states_in(page.text)
    if not states:
        raise DataError("the page names no state, so no claim is about it")
    rows = documents(as_of, holdings)
    known = [str(row["originator"]) for row in rows.values()]
    return Proposal(
        page,
        bearings(page, rows),
        tuple(stored_pieces(page, rows)),
        dated(page, as_of.date),
        speaker(page, dict.fromkeys(known)),
        tuple(states),
    )


def bearings(page: Page, rows: Mapping[str, Mapping[str, object]]) -> tuple[Bearing, ...]:
    """Return the claims that a page bears on, the likeliest first, each with its best passage."""
    claims = ledger()
    model = ClaimModel(claims, labelled(rows, claims))
    passages = _windows(page.passages, page.places)[:MOST_PASSAGES]
    titled = [f"{page.title} {words}" for _, words in passages]
    by_passage = model.scores(titled)
    whole = by_passage.mean(axis=0) + model.scores([_lead(page)])[0]
    order = np.argsort(-whole, kind="stable")[:MOST_CLAIMS]
    alone = model.scores([words for _, words in passages])
    by_id = {c.id: c for c in claims}
    found = []
    for column in order:
        place, words = passages[int(np.argmax(alone[:, column]))]
        found.append(Bearing(by_id[model.claims[column]], place, _first_words(words)))
    return tuple(found)


def bearing_on(claim: str, found: Proposal) -> Bearing:
    """Return where a page bears on a claim: as proposed, or from its beginning."""
    proposed = {b.claim.id: b for b in found.bearings}
    if claim in proposed:
        return proposed[claim]
    named = next(c for c in ledger() if c.id == claim)
    return Bearing(named, found.page.places[0], _first_words(found.page.passages[0]))


def _windows(passages: Sequence[str], places: Sequence[str]) -> list[tuple[str, str]]:
    """Paragraphs joined to passages of about the same length, each with where it begins."""
    made: list[tuple[str, str]] = []
    current: list[str] = []
    start = ""
    for place, text in zip(places, passages, strict=True):
        start = start if current else place
        current.append(text)
        if sum(len(t.split()) for t in current) >= PASSAGE:
            made.append((start, " ".join(current)))
            current = []
    if current:
        made.append((start, " ".join(current)))
    return made


def _lead(page: Page) -> str:
    words = " ".join(page.passages).split()
    return " ".join([page.title, *words[:LEAD]])


def _first_words(text: str) -> str:
    words = text.split()
    return " ".join(words[:QUOTED]) + (" …" if len(words) > QUOTED else "")
