# SPDX-License-Identifier: Apache-2.0
"""Votes on the war and on what comes back every session, against a recount of the publisher's own file."""

import csv
import datetime as dt
import gzip
import re
from collections import defaultdict
from pathlib import Path

import pytest

from bilat.alignment.recurring import sessions_over
from bilat.dyad import Dyad
from bilat.measures import Measurement, ask, default_holdings

HELD = default_holdings()


def asked(name: str, pair: str = "RUS-CHN", as_of: str | None = None, **params: object) -> Measurement:
    return ask(name, Dyad(*pair.split("-")), as_of=as_of, holdings=HELD, **params)


def test_china_cast_russias_vote_in_six_of_the_thirteen_roll_calls_on_the_war() -> None:
    m = asked("votes.ukraine", by="all", period="2022-02-24..")
    by = {p.group: p for p in m.points}
    assert by["equal"].note == "6 of 13" and by["opposed"].note == "0 of 13"
    assert "79/184" in m.note and "ES-11/5" in m.note


def test_a_resolution_in_three_records_counts_once() -> None:
    symbols = re.findall(r"[\w-]+/\d+", asked("votes.ukraine", by="all", period="2014-01-01..").note)
    assert len(symbols) == len(set(symbols)) and "74/17" in symbols and "ES-11/1" in symbols


def test_what_was_voted_later_is_not_known_earlier() -> None:
    then = asked("votes.ukraine", as_of="2023-03-20", by="all", period="2022-02-24..")
    assert {p.group: p.note for p in then.points}["equal"] == "3 of 7"
    assert max(p.period for p in asked("votes.outside", as_of="2023-03-20").points) == "2023-02-23"


def test_a_session_counts_once_its_main_part_is_over() -> None:
    assert list(sessions_over(dt.date(2023, 1, 31))) == [74, 75, 76]
    assert list(sessions_over(dt.date(2023, 2, 1))) == [74, 75, 76, 77]
    assert asked("votes.recurring", as_of="2020-06-01").points == ()


@pytest.mark.shared
def test_the_fixed_set_is_that_of_a_recount(mirror: Path) -> None:
    titles: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    with (mirror / "un/unga_rollcalls_2019_2026.csv").open(encoding="utf-8", newline="") as handle:
        for r in csv.DictReader(handle):
            title = re.sub("[^a-z0-9]+", " ", r["title"].lower()).strip()
            titles[title][r["session"]].add(r["resolution"])
    sessions = [str(s) for s in range(74, 81)]
    fixed = {t: by for t, by in titles.items() if all(len(by[s]) == 1 for s in sessions)}
    votes: dict[tuple[str, str], str] = {}
    with gzip.open(mirror / "un/unga_votes_2019_2026.csv.gz", "rt", encoding="utf-8", newline="") as handle:
        for r in csv.DictReader(handle):
            if r["iso3"] in ("RUS", "CHN"):
                votes[r["resolution"], r["iso3"]] = r["vote"]
    calls = {t: [next(iter(by[s])) for s in sessions] for t, by in fixed.items()}
    both = [c for c in calls.values() if all((x, s) in votes for x in c for s in ("RUS", "CHN"))]
    shares = [100 * sum(votes[c[n], "RUS"] == votes[c[n], "CHN"] for c in both) / len(both) for n in range(7)]
    m = asked("votes.recurring")
    assert [p.value for p in m.points] == pytest.approx(shares)
    assert {p.period for p in m.points} == {str(y) for y in range(2019, 2026)}
    assert f"{len(fixed)} titles" in m.note and len(both) >= 35


def test_the_states_outside_sum_to_a_hundred_and_hold_none_of_the_coalition() -> None:
    m = asked("votes.outside")
    days: dict[str, float] = defaultdict(float)
    for p in m.points:
        days[p.period] += p.value or 0.0
    assert len(days) == 12 and all(total == pytest.approx(100) for total in days.values())
    assert not {"RUS", "UKR", "DEU", "USA", "JPN"} & set(m.evidence["country"].to_pylist())
    assert "IND" in m.evidence["country"].to_pylist()


def test_disputes_of_a_pair_are_counted_whichever_way_it_is_asked() -> None:
    one, two = (asked("disputes.between", p, years="1992-") for p in ("RUS-CHN", "CHN-RUS"))
    assert one.points == two.points
    assert sum(p.value or 0 for p in one.points if p.group == "all") == 4
    assert {p.period for p in one.points} == {str(y) for y in range(1992, 2015)}
    then = asked(
        "disputes.between", as_of="2015-01-01"
    ).points  # eight years after their period rows are public
    assert max(p.period for p in then) == "2006"
