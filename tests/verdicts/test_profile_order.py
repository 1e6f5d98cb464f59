# SPDX-License-Identifier: Apache-2.0
"""Which of its topics leads the page of two states: what two did of late, before old records."""

from __future__ import annotations

import datetime as dt

import pytest

from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.measures import default_holdings
from bilat.picture.lead import headline, of_profile
from bilat.verdicts.profile import _with_documents, findings, profile, telling
from bilat.verdicts.topics import TOPICS, Between
from bilat.when import AsOf

TODAY = "2026-11-27"


@pytest.fixture(scope="module")
def held() -> Holdings:
    return default_holdings()


def event(day: str, **fields: object) -> dict[str, object]:
    made = {
        "document": "it", "period": day, "known_on": dt.date.fromisoformat(day),
        "actors": "RUS;ARM", "topic": "treaties", "form": "event", "grade": "B1",
        "what": "Armenia froze its part in an alliance.", "figure": None, "unit": None,
        "headline": "Armenia froze its part in an alliance", "publisher": "A Paper",
        "url": "https://example.org", "force": None, "asserts": "states",
        "originator": "Armenia", "originator_kind": "official", "actor": None,
    }  # fmt: skip
    return {**made, **fields}


@pytest.mark.parametrize(
    ("day", "form", "leads"),
    [
        ("2024-02-22", "event", True),
        ("2024-02-22", "statement", False),
        ("2016-02-22", "event", False),
    ],
)
def test_what_two_did_after_the_list_of_treaties_ends_leads_the_topic(
    day: str, form: str, leads: bool, held: Holdings
) -> None:
    """Of Armenia and Russia the list has a treaty of 1997."""
    asked = Between(Dyad("ARM", "RUS"), AsOf(TODAY), held, {"it": event(day, form=form)})
    record = TOPICS["treaties"](asked)
    assert record is not None
    found = _with_documents(asked, "treaties", record)
    assert found is not None and found.by_document == leads
    assert any("1997" in text for text in (found.sentence, *found.more))


def test_a_share_of_earlier_years_by_the_same_house_is_not_told_beside_the_newest() -> None:
    share = {"unit": "% of Chad's arms imports", "originator": "A house"}
    rows = [
        event(f"{year}-12-31", document=year, what=f"A house counts {n}% to {year}.", **share)
        for year, n in (("2025", 80), ("2024", 81))
    ]
    other = event("2024-12-31", document="other", what="B sold it.", originator="B")
    told = telling([*rows, other], [], dt.date(2026, 11, 27))
    assert [paper["document"] for paper in told] == ["2025", "other"]


def test_a_page_lists_every_document_of_a_topic(held: Holdings) -> None:
    days = [f"2026-{month:02}-01" for month in range(1, 11)]
    public = {day: event(day, document=day, what=f"B did {day}.") for day in days}
    asked = Between(Dyad("ARM", "RUS"), AsOf(TODAY), held, public)
    found = _with_documents(asked, "treaties", None)
    assert found is not None
    assert [paper["document"] for paper in found.documents] == days[::-1]


def test_common_votes_come_after_trade(held: Holdings) -> None:
    """Italy's share of Russia's trade fell from 4% to 1%."""
    names = [t.name for t in findings(profile(("ITA", "RUS"), TODAY, held, claims=False))]
    assert names.index("trade") < names.index("votes")


def test_exercises_of_a_list_of_others_share_no_headline_with_a_large_topic(
    held: Holdings,
) -> None:
    pair = Dyad("CHN", "PAK")
    leads = of_profile(profile(pair, TODAY, held, claims=False))
    assert "trained" not in headline(leads, pair)


def test_the_heading_of_old_agreements_says_who_signed_them(held: Holdings) -> None:
    found = profile(("CHN", "SVK"), TODAY, held, claims=False)
    topic = next(t for t in found.topics if t.name == "agreements")
    signed = "China and Slovakia signed one defence cooperation agreement in 2000"
    assert topic.headline == signed


def test_an_old_exercise_is_the_last_on_a_list_that_ended(held: Holdings) -> None:
    found = profile(("MEX", "RUS"), TODAY, held, claims=False)
    topic = next(t for t in found.topics if t.name == "exercises")
    assert (
        topic.headline
        == "Mexico and Russia last trained together in 2012, on a list that ends in 2018"
    )
