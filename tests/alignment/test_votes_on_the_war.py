# SPDX-License-Identifier: Apache-2.0
"""Votes on the war, of the two and of the states outside the coalition, and the disputes of a pair."""

import re
from collections import defaultdict

import pytest

from bilat.dyad import Dyad
from bilat.measures import Measurement, ask_for, default_holdings

HELD = default_holdings()


def asked(
    name: str, pair: str = "RUS-CHN", as_of: str | None = None, **params: object
) -> Measurement:
    return ask_for(name, Dyad(*pair.split("-")), as_of=as_of, holdings=HELD, **params)


def test_china_cast_russias_vote_in_six_of_the_thirteen_roll_calls_on_the_war() -> None:
    m = asked("votes.ukraine", by="all", period="2022-02-24..")
    by = {p.group: p for p in m.points}
    assert by["equal"].note == "6 of 13" and by["opposed"].note == "0 of 13"
    assert "79/184" in m.note and "ES-11/5" in m.note


def test_a_resolution_in_three_records_counts_once() -> None:
    symbols = re.findall(
        r"[\w-]+/\d+", asked("votes.ukraine", by="all", period="2014-01-01..").note
    )
    assert len(symbols) == len(set(symbols)) and "74/17" in symbols and "ES-11/1" in symbols


def test_what_was_voted_later_is_not_known_earlier() -> None:
    then = asked("votes.ukraine", as_of="2023-03-20", by="all", period="2022-02-24..")
    assert {p.group: p.note for p in then.points}["equal"] == "3 of 7"
    assert max(p.period for p in asked("votes.outside", as_of="2023-03-20").points) == "2023-02-23"


def test_the_states_outside_sum_to_a_hundred_and_hold_none_of_the_coalition() -> None:
    m = asked("votes.outside")
    days: dict[str, float] = defaultdict(float)
    for p in m.points:
        days[p.period] += p.value or 0.0
    assert len(days) == 12 and all(total == pytest.approx(100) for total in days.values())
    assert not {"RUS", "UKR", "DEU", "USA", "JPN"} & set(m.evidence["country"].to_pylist())
    assert "IND" in m.evidence["country"].to_pylist()


def test_one_vote_has_as_many_members_early_in_its_year_as_later() -> None:
    """A state that has not voted yet in a new year is a member that stayed away."""
    found = []
    for as_of in ("2023-03-20", "2023-12-31", None):
        points = asked("votes.outside", as_of=as_of).points
        found.append([p.note for p in points if (p.period, p.group) == ("2023-02-23", "yes")])
    assert found == [["102 of 152"]] * 3


def test_the_yearly_text_is_told_apart_from_the_rest() -> None:
    """One vote each December, of the resolutions whose title speaks of human rights."""
    yearly = asked("votes.outside", yearly=True)
    days = {p.period for p in yearly.points}
    assert days == {"2022-12-15", "2023-12-19", "2024-12-17", "2025-12-18"}
    assert {title[:24] for title in yearly.evidence["title"].to_pylist()} == {
        "Situation of human right"
    }
    every = {(p.period, p.group): p.value for p in asked("votes.outside").points}
    assert all(every[p.period, p.group] == p.value for p in yearly.points)


def test_disputes_of_a_pair_are_counted_whichever_way_it_is_asked() -> None:
    one, two = (asked("disputes.between", p, years="1992-") for p in ("RUS-CHN", "CHN-RUS"))
    assert one.points == two.points
    assert sum(p.value or 0 for p in one.points if p.group == "all") == 4
    assert {p.period for p in one.points} == {str(y) for y in range(1992, 2015)}
    then = asked(
        "disputes.between", as_of="2015-01-01"
    ).points  # eight years after their period rows are public
    assert max(p.period for p in then) == "2006"
