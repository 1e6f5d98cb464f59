# SPDX-License-Identifier: Apache-2.0
"""The 2023 paper as a page: its claims in its order, with our answers then and since."""

from __future__ import annotations

from collections.abc import Sequence

from bilat.document import Block, Column, Document, Frame, Question, Say, Section, Table
from bilat.document.wording import day, few
from bilat.units.notation import count_text
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


def section_of(judgement: Judgement) -> str:
    """Return the section of the paper that a claim belongs to, without its subtitle.

    Raises
    ------
    KeyError
        for a claim whose section the paper does not have.
    """
    section = judgement.section
    if section in SECTIONS:
        return section
    for name in SECTIONS:
        if section.startswith(f"{name}: "):
            return name
    raise KeyError(
        f"claim {judgement.id}: the paper has no section {section!r}; it has: {', '.join(SECTIONS)}"
    )


def of_paper(judged: Sequence[Judgement], question: Question, frame: Frame) -> Document:
    """Return the paper's claims in its order, with what is new since it was written."""
    by_section: dict[str, list[Judgement]] = {name: [] for name in SECTIONS}
    for judgement in judged:
        by_section[section_of(judgement)].append(judgement)
    blocks: list[Block] = []
    for name, claims in by_section.items():
        if claims:
            blocks.append(_section(name, claims))
    changed = sum(_has_other_answer(judgement) for judgement in judged)
    return Document(
        kind="paper",
        title=f"The 2023 paper, claim by claim, as of {day(frame.as_of.date)}",
        summary=(
            f"{count_text(len(judged), 'claims')} in the paper's order. {_changed(changed)} since "
            "it was written.",
        ),
        blocks=tuple(blocks),
        data=[_plain(judgement) for judgement in judged],
        question=question,
        dyad=frame.dyad,
        as_of=frame.as_of,
        known_to=max((j.record_to for j in judged if j.record_to), default=None),
    )


def _changed(answers: int) -> str:
    """Return how many answers have changed: ``The answers to 13 have changed``."""
    if not answers:
        return "No answer has changed"
    if answers == 1:
        return "The answer to one has changed"
    return f"The answers to {few(answers)} have changed"


def _section(name: str, claims: Sequence[Judgement]) -> Section:
    # Claims of one section have its title with one subtitle, as in "Driver 1: ...".
    title = claims[0].section if claims[0].section.startswith(f"{name}: ") else name
    _, chapter_question = CHAPTERS[SECTIONS[name]]
    rows = tuple(
        (
            f"{judgement.id}: {judgement.claim}",
            judgement.when_written.answer,
            judgement.since.answer if _is_after_paper(judgement) else "",
            _news(judgement),
        )
        for judgement in claims
    )
    columns = tuple(Column(head) for head in ("claim", "when written", "now", "what has changed"))
    table = Table(columns, rows, f"{title}: claims and answers")
    return Section(title, (Say(chapter_question), table))


def _is_after_paper(judgement: Judgement) -> bool:
    return judgement.as_of.date > PAPER_DATE


def _has_other_answer(judgement: Judgement) -> bool:
    """Return whether the answer differs from that of the paper's date."""
    return _is_after_paper(judgement) and judgement.when_written.answer != judgement.since.answer


def _news(judgement: Judgement) -> str:
    """Return today's sentence, with the date of its evidence or that nothing newer is decisive."""
    if not _is_after_paper(judgement):
        return judgement.when_written.below
    since = judgement.since
    newest = max(since.evidence_to, default=None)
    if newest is None or newest <= PAPER_DATE:
        return f"Nothing newer is decisive. {since.below}"
    return f"{since.below} Latest evidence: {day(newest)}."


def _plain(judgement: Judgement) -> dict[str, object]:
    return {
        "id": judgement.id,
        "section": section_of(judgement),
        "claim": judgement.claim,
        "when_written": judgement.when_written.answer,
        "since": judgement.since.answer,
        "moved": _has_other_answer(judgement),
        "sentence": judgement.current.sentence,
        "evidence_to": [date.isoformat() for date in judgement.current.evidence_to],
    }
