# SPDX-License-Identifier: Apache-2.0
"""The 2023 paper as a page: its claims in its own order, with both answers beside each."""

from __future__ import annotations

from collections.abc import Sequence

from bilat.document import Block, Column, Document, Frame, Question, Say, Section, Table
from bilat.document.wording import day
from bilat.verdicts.judgement import Judgement
from bilat.verdicts.ledger import CHAPTERS
from bilat.when import PAPER_DATE

#: Sections of the paper in its order, under headings of our own; each with the chapter whose
#: question it answers.
SECTIONS = {
    "Introduction": "intro",
    "Factors": "factors",
    "Driver 1": "factors",
    "Driver 2": "factors",
    "Driver 3": "factors",
    "Constraint 1": "constraints",
    "Constraint 2": "constraints",
    "Factors: the synthesis": "factors",
    "Protracting the war": "war",
    "Eroding advantages in the Pacific": "pacific",
    "Signalling": "signal",
    "Regeneration": "regeneration",
    "A conflict in the Indo-Pacific": "indopacific",
    "The way forward": "forward",
}


def section_of(j: Judgement) -> str:
    """Return the section of the paper that a claim belongs to.

    Raises
    ------
    KeyError
        for a claim whose section the paper does not have.
    """
    if j.section in SECTIONS:
        return j.section
    found = [name for name in SECTIONS if j.section.startswith(f"{name}: ")]
    if not found:
        raise KeyError(
            f"claim {j.id}: the paper has no section {j.section!r}; it has: {', '.join(SECTIONS)}"
        )
    return found[0]


def of_paper(judged: Sequence[Judgement], question: Question, frame: Frame) -> Document:
    """Return the paper's claims in its order, with what moved since."""
    by_section: dict[str, list[Judgement]] = {name: [] for name in SECTIONS}
    for j in judged:
        by_section[section_of(j)].append(j)
    blocks: list[Block] = []
    for name, claims in by_section.items():
        if claims:
            blocks.append(_section(name, claims))
    moved = sum(_has_moved(j) for j in judged)
    return Document(
        kind="paper",
        title=f"The 2023 paper, claim by claim, as of {day(frame.as_of.date)}",
        summary=(
            f"{len(judged)} claims in the paper's order; {moved} have a different answer today "
            "from when it was written.",
        ),
        blocks=tuple(blocks),
        data=[_plain(j) for j in judged],
        question=question,
        dyad=frame.dyad,
        as_of=frame.as_of,
        known_to=max((j.record_to for j in judged if j.record_to), default=None),
    )


def _section(name: str, claims: Sequence[Judgement]) -> Section:
    full = claims[0].section if claims[0].section.startswith(f"{name}: ") else name
    _, asks = CHAPTERS[SECTIONS[name]]
    rows = tuple(
        (
            f"{j.id}: {j.claim}",
            j.when_written.answer,
            j.since.answer if j.as_of.date > PAPER_DATE else "",
            _moved(j),
        )
        for j in claims
    )
    columns = tuple(Column(c) for c in ("claim", "when written", "since", "what moved"))
    return Section(full, (Say(asks), Table(columns, rows, f"{full}: claims and answers")))


def _has_moved(j: Judgement) -> bool:
    later = j.as_of.date > PAPER_DATE
    return later and j.when_written.answer != j.since.answer


def _moved(j: Judgement) -> str:
    """Return what is new since the paper: the sentence of today, or that nothing newer leads."""
    if j.as_of.date <= PAPER_DATE:
        return j.when_written.below
    newest = max(j.since.evidence_to, default=None)
    if newest is None or newest <= PAPER_DATE:
        return f"Nothing newer is decisive. {j.since.below}"
    return f"{j.since.below} Evidence to {day(newest)}."


def _plain(j: Judgement) -> dict[str, object]:
    return {
        "id": j.id,
        "section": section_of(j),
        "claim": j.claim,
        "when_written": j.when_written.answer,
        "since": j.since.answer,
        "moved": _has_moved(j),
        "sentence": j.current.sentence,
        "evidence_to": [day.isoformat() for day in j.current.evidence_to],
    }
