# SPDX-License-Identifier: Apache-2.0
"""The window: three plans on one chart, and what would narrow it."""

import json
from dataclasses import replace
from itertools import pairwise

import pytest

from bilat.contingency.questions import WindowQuestion
from bilat.contingency.window.answer import window
from bilat.contingency.window.document import document
from bilat.document import Frame
from bilat.document.plain import envelope
from bilat.errors import DataError
from bilat.holdings import Holdings, embedded_folder
from bilat.when import AsOf

FRAME = Frame(as_of=AsOf("2026-11-30"), holdings=Holdings(embedded_folder()))


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
            "From 2029 to 2031, the last year looked at, it is more likely open than not.",
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
