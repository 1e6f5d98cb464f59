# SPDX-License-Identifier: Apache-2.0
"""What leads the first page of two states: what is on record, and never what nobody searched for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bilat.document import Finding
from bilat.dyad import Dyad
from bilat.measures import default_holdings
from bilat.picture.front import _claims_line, topic
from bilat.picture.lead import Lead, headline, of_profile, summary_of
from bilat.picture.picture import Picture
from bilat.verdicts.profile import profile
from bilat.when import AsOf

TODAY = "2026-11-27"
UNSEARCHED = "We have not searched for meetings between ministers"


@pytest.mark.parametrize("pair", ["SDN-ARE", "AFG-PAK", "ETH-ERI"])
def test_what_nobody_searched_for_is_no_finding_and_stands_last(pair: str) -> None:
    dyad = Dyad.read(pair)
    picture = Picture(dyad=dyad, as_of=AsOf(TODAY), judged=(), holdings=default_holdings())
    page = picture.document
    assert any(lead.absent for lead in picture.leads)
    assert "not searched" not in f"{page.title} {' '.join(page.summary)}"
    titles = {section.title: section for section in page.blocks if hasattr(section, "title")}
    assert UNSEARCHED not in titles
    assert "We have not searched for" in str(titles["Also"])


def lead(heading: str, *, absent: bool = False, score: float = 1.0) -> Lead:
    finding = Finding(sentence=heading, topic="Arms", sure="fair")
    return Lead("arms", heading, finding, None, None, score, heading, absent=absent)


def test_a_sentence_that_is_its_heading_is_not_printed_twice() -> None:
    whole = lead("A treaty binds them")
    also = replace(
        whole.finding, sentence="A treaty binds them.", so_what="Also on record: a visit."
    )
    (shown,) = topic(replace(whole, finding=also), ())
    assert shown.sentence == "Also on record: a visit." and not shown.so_what
    dated = replace(also, sentence="A treaty of 2025 binds them.")
    (longer,) = topic(replace(whole, finding=dated), ())
    assert longer.sentence == "A treaty of 2025 binds them."


def test_a_headline_skips_a_topic_without_a_record() -> None:
    dyad = Dyad("SDN", "ARE")
    found = [lead("Nothing was found", absent=True), lead("They traded"), lead("They met")]
    assert headline(found, dyad) == "They traded; they met"
    assert "no public data" in headline(found[:1], dyad)


def test_a_topic_far_weaker_than_the_first_shares_no_headline_with_it() -> None:
    dyad = Dyad("IND", "FRA")
    assert headline([lead("They traded"), lead("They met", score=0.1)], dyad) == "They traded"
    assert headline([lead("They traded", score=0.1), lead("They met")], dyad).endswith("they met")


def test_what_a_document_adds_comes_before_a_weak_topic() -> None:
    strong = replace(lead("They traded in 2021."), documents=("They signed in 2026.",))
    again = replace(lead("They signed in 2026."), documents=("They met in 2026.",))
    weak = lead("They voted in 2025.", score=0.1)
    assert summary_of([strong, weak]) == (strong.says, "They signed in 2026.", weak.says)
    assert summary_of([again, weak]) == (again.says, weak.says)


def test_a_contract_stands_beside_the_count_of_deliveries() -> None:
    found = of_profile(profile("IND-FRA", TODAY, default_holdings(), claims=False))
    assert found[0].id == "arms" and "SIPRI" in found[0].finding.so_what
    assert "Also on record: " in found[0].finding.so_what and "Rafale" in found[0].finding.so_what


@pytest.mark.parametrize(
    ("counts", "line"),
    [
        ({"yes": 0, "no": 1}, "The one claim of the 2023 paper on these two does not hold"),
        ({"yes": 1, "no": 0}, "The one claim of the 2023 paper on these two holds"),
        ({"yes": 0, "no": 3}, "Of three claims in the 2023 paper, three do not hold"),
        ({"yes": 2, "no": 1}, "Of three claims in the 2023 paper, two hold and one does not"),
    ],
)
def test_the_line_on_the_claims_says_what_does_not_hold(counts: dict[str, int], line: str) -> None:
    assert _claims_line(counts) == line
