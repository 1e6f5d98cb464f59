# SPDX-License-Identifier: Apache-2.0
"""The window: three plans on one chart, and what would narrow it."""

import json
from dataclasses import replace
from itertools import pairwise

import pytest

from bilat.contingency.questions import BackfillQuestion, WindowQuestion
from bilat.contingency.window.answer import headlines, window
from bilat.contingency.window.document import document
from bilat.document import Document, Frame, Next, Section, Table
from bilat.document.plain import envelope
from bilat.errors import DataError, UsageError
from bilat.holdings import Holdings, embedded_folder
from bilat.regeneration.questions import RecoveryQuestion
from bilat.when import AsOf

FRAME = Frame(as_of=AsOf("2026-11-30"), holdings=Holdings(embedded_folder()))


def tables_in(found: Document, title: str) -> list[Table]:
    """The tables of a section."""
    (section,) = [b for b in found.blocks if isinstance(b, Section) and b.title == title]
    return [b for b in section.blocks if isinstance(b, Table)]


@pytest.fixture(scope="module")
def answered():
    return WindowQuestion().answer(FRAME)


def test_a_year_is_open_only_where_russia_is_back_and_europe_lacks(answered) -> None:
    for y in answered.data.years:
        assert y.open <= min(y.back, y.lacking)
        assert y.open >= max(0.0, y.back + y.lacking - 1) - 1e-9
        assert y.open_with_oil <= y.open


def test_russia_comes_back_and_europe_replaces_as_years_pass(answered) -> None:
    years = answered.data.years
    assert all(a.back <= b.back for a, b in pairwise(years))
    assert years[-1].lacking < years[0].lacking


def test_more_to_replace_keeps_it_open_longer(answered) -> None:
    strict = WindowQuestion(enough=0.8).answer(FRAME).data
    for y, s in zip(answered.data.years, strict.years, strict=True):
        assert s.open >= y.open
        assert s.back == y.back


@pytest.mark.parametrize(
    ("chances", "sentence"),
    [
        ((0.2, 0.6, 0.7, 0.4), "From 2029 to 2030, it is more likely open than not."),
        ((0.2, 0.6, 0.4, 0.4), "Only in 2029 is it more likely open than not."),
        ((0.2, 0.5, 0.4, 0.4), "In no year is it more likely open than not."),
        ((0.6, 0.4, 0.7, 0.4), "It is more likely open than not in 2028 and 2030."),
        (
            (0.2, 0.6, 0.7, 0.9),
            "From 2029 to 2031, the last year that we look at, it is more likely open than not.",
        ),
    ],
)
def test_the_years_in_which_it_is_likely_open_are_named(answered, chances, sentence) -> None:
    """The window shuts again as Europe replaces: no sentence runs past the last such year."""
    years = tuple(replace(y, open=p) for y, p in zip(answered.data.years, chances, strict=False))
    found = document(replace(answered.data, years=years), WindowQuestion())
    assert sentence in found.summary


def test_its_data_is_plain_json(answered) -> None:
    data = json.loads(json.dumps(envelope(answered), allow_nan=False))["data"]
    assert len(data["courses"]) == len(answered.data.courses)
    assert all(share >= 0 for course in data["courses"] for share in course["share"])


def test_before_the_american_part_was_public_it_answers_nothing() -> None:
    early = Frame(as_of=AsOf("2023-03-20"), holdings=FRAME.holdings)
    found = WindowQuestion().answer(early)
    assert found.summary[0].startswith("Not known as of 20 March 2023: none of 14 capabilities")
    with pytest.raises(DataError, match="none of 14 capabilities"):
        window(as_of=early.as_of, holdings=early.holdings)


def test_its_chance_is_told_apart_from_that_of_an_attack_and_of_what_it_supposes(answered) -> None:
    said = " ".join(answered.summary)
    assert answered.summary[0].startswith("If the war ends in ")
    assert "not the chance of an attack" in said
    assert "We assume, but do not forecast," in said
    assert any(
        isinstance(b, Next) and b.ask and b.ask.verb == ("watch", "list") for b in answered.blocks
    )


def test_a_ceasefire_in_a_month_of_war_is_refused_as_by_the_plan_for_recovery() -> None:
    refused = []
    for asked in (WindowQuestion(ceasefire="2026-01"), RecoveryQuestion(ceasefire="2026-01")):
        with pytest.raises(UsageError, match="we have losses to") as error:
            asked.answer(FRAME)
        refused.append(str(error.value))
    assert refused[0] == refused[1]


def test_a_book_is_compared_by_the_chances_that_the_page_prints(answered) -> None:
    printed = {row[0]: row[4] for row in tables_in(answered, "The risk, year by year")[0].rows}
    said = {h.name: h.at.median for h in headlines(answered.data)}
    for year, open_ in printed.items():
        assert said[f"window open in {year}"] == open_


def test_numbers_of_the_user_reach_it_through_each_plan(answered) -> None:
    usual = answered.data
    for text, moves in (
        ("backfill.gone=0.2", "lacking"),
        ("recovery.new_plateau=40", "back"),
        ("blockade.stock=900", "open_with_oil"),
    ):
        found = WindowQuestion(param=(text,)).answer(FRAME)
        before = [getattr(y, moves) for y in usual.years]
        after = [getattr(y, moves) for y in found.data.years]
        assert before != after, text
        (said,) = [line for line in found.summary if line.startswith("Set by you: ")]
        assert f"({text.split('=')[0]})" in said


def test_a_wrong_name_is_refused_with_the_name_of_its_plan() -> None:
    frame = Frame(holdings=Holdings(embedded_folder()), as_of=AsOf("2026-11-30"))
    asked = WindowQuestion(param=("blockade.fleet=0.1",))
    with pytest.raises(UsageError, match=r"called “blockade.fleet”; choose from fleet_spare=0.1"):
        asked.numbers(frame)


def test_each_plan_alone_and_the_window_agree_on_a_number_of_the_user() -> None:
    found = WindowQuestion(param=("gone=0.2",)).answer(FRAME).data
    alone = BackfillQuestion(param=("gone=0.2",)).answer(FRAME).data
    assert [(y.year, y.replaced) for y in found.years] == list(alone.by_crisis)


def test_a_publishers_figure_moves_that_publishers_line_only(answered) -> None:
    found = WindowQuestion(param=("recovery.defence24.new_plateau=400",)).answer(FRAME)
    year = answered.data.years[-1].year

    def lines(data):
        return {c.belief.name: p for p, c in data.back_by_publisher(year)}

    before, after = lines(answered.data), lines(found.data)
    assert after.pop("defence24") > before.pop("defence24")
    assert after == before and found.data.years == answered.data.years
    assert any("moves that publisher's line" in line for line in found.summary)


def test_two_seeds_give_one_plan_and_shares_within_a_point(answered) -> None:
    other = WindowQuestion(seed=5).answer(FRAME).data
    for a, b in zip(answered.data.years, other.years, strict=True):
        assert a.replaced.median == pytest.approx(b.replaced.median, abs=0.01)
        assert a.lacking == pytest.approx(b.lacking, abs=0.025)
    shares = [BackfillQuestion(seed=seed).headlines(FRAME)[0].at.median for seed in (2, 3)]
    assert shares[0] == pytest.approx(shares[1], abs=0.005)
