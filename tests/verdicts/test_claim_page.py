# SPDX-License-Identifier: Apache-2.0
"""The page of a claim: order of its parts, titles of charts, tests told one by one."""

import pytest

from bilat.document import Facts, Section, Series, Table
from bilat.verdicts import judge, profile_document
from bilat.verdicts.document import of_claim
from bilat.verdicts.questions import ClaimsQuestion
from bilat.verdicts.topics.topic import TITLES, Facet


@pytest.fixture(scope="module")
def page():
    return of_claim(judge(only="I3")[0], ClaimsQuestion(only="I3"))


def test_a_chart_has_a_finding_of_the_current_answer_as_its_title(page) -> None:
    judged = judge(only="I3")[0]
    said = {e.says.rstrip(".").lower() for e in judged.current.evidence}
    charts = [b for b in page.walk() if isinstance(b, Series)]
    assert charts
    for chart in charts:
        assert chart.title.lower() in said
        assert chart.subtitle.endswith("US dollars")


def test_what_supports_a_claim_comes_before_what_speaks_against_it_and_what_would_change_it(page):
    titles = [b.title for b in page.blocks if isinstance(b, Section)]
    order = ["What supports the claim", "What speaks against it", "What would change the answer"]
    assert [t for t in titles if t in order] == order


@pytest.mark.parametrize("claim", ["F13", "F4"])
def test_a_piece_on_two_parts_of_a_claim_is_listed_once(claim: str) -> None:
    page = of_claim(judge(only=claim)[0], ClaimsQuestion(only=claim))
    tables = [b for b in page.walk() if isinstance(b, Table)]
    assert tables
    for table in tables:
        assert len(set(table.rows)) == len(table.rows)


def test_each_test_is_told_in_lines_of_its_own(page) -> None:
    (section,) = (b for b in page.blocks if getattr(b, "title", "") == "How we tested it")
    tests = [dict(b.facts) for b in section.blocks if isinstance(b, Facts)]
    assert len(tests) == len(judge(only="I3")[0].legs)
    for facts in tests:
        assert "supports the claim" in facts["thresholds"]
        assert "(1)" not in facts["test"]


@pytest.mark.parametrize("name", TITLES)
def test_a_chart_names_its_topic_once(name: str) -> None:
    title = TITLES[name].lower()
    for unit in (f"{title} a year", "things a year"):
        subtitle = profile_document._subtitle(Facet(name, "A sentence.", unit))
        assert subtitle.lower().count(title) == 1 and subtitle.endswith("a year"), subtitle
