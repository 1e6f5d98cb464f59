# SPDX-License-Identifier: Apache-2.0
"""A proposal for a page: the claims it bears on, documents like it, its date and its speaker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bilat.errors import DataError
from bilat.holdings import Holdings
from bilat.intake import dating
from bilat.intake.dating import PageDay
from bilat.intake.page import Page
from bilat.intake.relevance import ClaimModel, labelled
from bilat.intake.speaker import Speaker
from bilat.intake.speaker import speaker as speaker_of
from bilat.intake.states import is_english, states_in
from bilat.intake.stored import StoredPiece, stored_pieces
from bilat.verdicts.evidence import documents
from bilat.verdicts.ledger import Claim, ledger
from bilat.when import AsOf

#: The most claims that are proposed.
MOST_CLAIMS = 3
#: The fewest words of a passage that is scored; shorter paragraphs are joined.
PASSAGE = 80
#: The most passages of a page that are scored.
MOST_PASSAGES = 400
#: Words at the beginning of a page that are scored as its subject.
LEAD = 150
#: Words of a passage that are printed for a claim.
QUOTED = 25


@dataclass(frozen=True)
class Bearing:
    """A claim that the page seems to bear on, and where."""

    claim: Claim
    place: str
    words: str  #: the first words of the passage


@dataclass(frozen=True)
class Proposal:
    """A proposal for a page. Whether it supports a claim or not is for a person to say."""

    page: Page
    bearings: tuple[Bearing, ...]
    stored: tuple[StoredPiece, ...]
    dated: PageDay
    speaker: Speaker
    states: tuple[str, ...]


def propose(page: Page, as_of: AsOf, holdings: Holdings) -> Proposal:
    """Compare a page with the documents that were public at the as-of date.

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
        page=page,
        bearings=bearings(page, rows),
        stored=tuple(stored_pieces(page, rows)),
        dated=dating.dated(page, as_of.date),
        speaker=speaker_of(page, dict.fromkeys(known)),
        states=tuple(states),
    )


def bearings(page: Page, rows: Mapping[str, Mapping[str, object]]) -> tuple[Bearing, ...]:
    """Return the claims that a page bears on, the likeliest first, each with its best passage.

    A claim is chosen by the whole page: its mean score over the passages, each read with the
    title, plus the score of the page's lead. Its passage is chosen without the title, which would
    make all passages alike.
    """
    claims = ledger()
    model = ClaimModel(claims, labelled(rows, claims))
    passages = _joined_paragraphs(page.passages, page.places)[:MOST_PASSAGES]
    titled_scores = model.scores([f"{page.title} {words}" for _, words in passages])
    page_scores = titled_scores.mean(axis=0) + model.scores([_lead(page)])[0]
    passage_scores = model.scores([words for _, words in passages])
    by_id = {claim.id: claim for claim in claims}
    found = []
    for column in np.argsort(-page_scores, kind="stable")[:MOST_CLAIMS]:
        place, words = passages[int(np.argmax(passage_scores[:, column]))]
        found.append(Bearing(by_id[model.claims[column]], place, _first_words(words)))
    return tuple(found)


def bearing_on(claim: str, found: Proposal) -> Bearing:
    """Return the proposed bearing on a claim; the first passage for a claim not proposed."""
    proposed = {b.claim.id: b for b in found.bearings}
    if claim in proposed:
        return proposed[claim]
    named = next(c for c in ledger() if c.id == claim)
    return Bearing(named, found.page.places[0], _first_words(found.page.passages[0]))


def _joined_paragraphs(passages: Sequence[str], places: Sequence[str]) -> list[tuple[str, str]]:
    """Join short paragraphs to passages of similar length; return (first place, text) of each."""
    joined: list[tuple[str, str]] = []
    current: list[str] = []
    start = ""
    for place, text in zip(places, passages, strict=True):
        if not current:
            start = place
        current.append(text)
        if sum(len(t.split()) for t in current) >= PASSAGE:
            joined.append((start, " ".join(current)))
            current = []
    if current:
        joined.append((start, " ".join(current)))
    return joined


def _lead(page: Page) -> str:
    words = " ".join(page.passages).split()
    return " ".join([page.title, *words[:LEAD]])


def _first_words(text: str) -> str:
    words = text.split()
    return " ".join(words[:QUOTED]) + (" …" if len(words) > QUOTED else "")
