# SPDX-License-Identifier: Apache-2.0
"""The paper as a page: its own order, each claim once, both answers, not one sentence of its own."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bilat.document import Frame, Section, Table
from bilat.document.text import text
from bilat.dyad import Dyad
from bilat.measures import default_holdings
from bilat.verdicts import judge
from bilat.verdicts.ledger import ledger
from bilat.verdicts.paper import SECTIONS, of_paper, section_of
from bilat.verdicts.questions import ClaimsQuestion
from bilat.when import AsOf

PAIR = Dyad("RUS", "CHN")


def page(as_of: str = "2026-11-27"):  # type: ignore[no-untyped-def]
    frame = Frame(PAIR, AsOf(as_of), default_holdings())
    return ClaimsQuestion(paper=True).answer(frame)


def test_every_claim_stands_once_in_the_papers_order() -> None:
    found = page()
    sections = [b for b in found.blocks if isinstance(b, Section)]
    by_prefix = {s.title: s.title.split(":")[0] for s in sections}
    titles = [s.title if s.title in SECTIONS else by_prefix[s.title] for s in sections]
    assert titles == [n for n in SECTIONS if n in titles]
    tables = [b for s in sections for b in s.blocks if isinstance(b, Table)]
    ids = [str(row[0]).split(":")[0] for t in tables for row in t.rows]
    assert sorted(ids) == sorted(c.id for c in ledger())


def test_both_answers_stand_beside_a_claim_and_nothing_since_on_the_papers_day() -> None:
    now = {row["id"]: row for row in page().data}
    for j in judge(PAIR, "2026-11-27"):
        row = now[j.id]
        assert (row["when_written"], row["since"]) == (j.when_written.answer, j.since.answer)
        assert row["moved"] == (j.when_written.answer != j.since.answer)
    then = page("2023-03-20")
    tables = [b for s in then.blocks for b in s.blocks if isinstance(b, Table)]  # type: ignore[union-attr]
    assert all(row[2] == "" for t in tables for row in t.rows)
    assert "2024" not in text(then)


def test_a_claim_of_no_section_of_the_paper_is_refused_by_name() -> None:
    (j,) = judge(PAIR, "2026-11-27", only="I1")
    with pytest.raises(KeyError, match="I1: the paper has no section 'Elsewhere'"):
        section_of(replace(j, section="Elsewhere"))
    with pytest.raises(KeyError):
        of_paper([replace(j, section="")], ClaimsQuestion(), Frame(PAIR, AsOf("2026-11-27")))


@pytest.mark.shared
def test_no_sentence_of_the_paper_is_copied(shared: Path) -> None:
    """No eight words in a row of the page stand in the paper."""
    (paper,) = (shared / "paper").glob("*.md")
    theirs = re.findall(r"[a-z0-9]+", paper.read_text("utf-8").lower())
    runs = {tuple(theirs[n : n + 8]) for n in range(len(theirs) - 7)}
    ours = re.findall(r"[a-z0-9]+", text(page()).lower())
    copied = [ours[n : n + 8] for n in range(len(ours) - 7) if tuple(ours[n : n + 8]) in runs]
    assert not copied
