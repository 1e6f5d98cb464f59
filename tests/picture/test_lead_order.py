# SPDX-License-Identifier: Apache-2.0
"""What leads the first page of two states: what is on record, and never what nobody searched for."""

from __future__ import annotations

import pytest

from bilat.document import Finding
from bilat.dyad import Dyad
from bilat.measures import default_holdings
from bilat.picture.front import _claims_line
from bilat.picture.lead import Lead, headline
from bilat.picture.picture import Picture
from bilat.when import AsOf

TODAY = "2026-11-27"
UNSEARCHED = "We did not search for meetings of ministers"


@pytest.mark.parametrize("pair", ["SDN-ARE", "AFG-PAK", "ETH-ERI"])
def test_what_nobody_searched_for_is_no_finding_and_stands_last(pair: str) -> None:
    dyad = Dyad.read(pair)
    picture = Picture(dyad=dyad, as_of=AsOf(TODAY), judged=(), holdings=default_holdings())
    page = picture.document
    assert any(lead.absent for lead in picture.leads)
    assert "not searched" not in f"{page.title} {' '.join(page.summary)}"
    titles = {section.title: section for section in page.blocks if hasattr(section, "title")}
    assert UNSEARCHED not in titles
    assert "We did not search for" in str(titles["Also"])


def lead(heading: str, *, absent: bool = False) -> Lead:
    finding = Finding(sentence=heading, topic="Arms", sure="fair")
    made = Lead("arms", heading, finding, None, None, 1.0, absent=absent)
    return made


def test_a_headline_skips_a_topic_without_a_record() -> None:
    dyad = Dyad("SDN", "ARE")
    found = [lead("Nothing was found", absent=True), lead("They traded"), lead("They met")]
    assert headline(found, dyad) == "They traded; they met"
    assert "no public data" in headline(found[:1], dyad)


@pytest.mark.parametrize(
    ("counts", "line"),
    [
        ({"yes": 0, "no": 1}, "The one claim of the 2023 paper on these two does not hold"),
        ({"yes": 1, "no": 0}, "The one claim of the 2023 paper on these two holds"),
        ({"yes": 0, "no": 3}, "Of 3 claims in the 2023 paper, 3 do not hold"),
        ({"yes": 2, "no": 1}, "Of 3 claims in the 2023 paper, 2 hold and 1 does not"),
    ],
)
def test_the_line_on_the_claims_says_what_does_not_hold(counts: dict[str, int], line: str) -> None:
    assert _claims_line(counts) == line
