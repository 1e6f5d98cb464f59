# SPDX-License-Identifier: Apache-2.0
"""Leaders, militaries, parts: small lists, each said to be what it is."""

import datetime as dt

import pytest

from bilat.channels.contacts import EACH, MET, PUBLISHED, visits
from bilat.measures import ask

PAPER = "2023-03-20"


@pytest.mark.parametrize(
    ("day", "published"),
    [("2018-06-08", 24), ("2021-12-15", 37), ("2022-02-04", 38), ("2023-10-18", 42)],
)
def test_the_leaders_own_counts_lie_within_ours(full, day, published) -> None:
    found = ask("meetings.leaders", holdings=full)
    assert found.value(day, PUBLISHED) == published
    ours = next(p for p in found.points if p.period == day and p.group == MET)
    assert ours.low <= published + 1 and published <= ours.high
    assert abs(ours.value - published) <= 3


def test_a_visit_of_days_is_one_meeting(full) -> None:
    merged = ask("meetings.leaders", holdings=full)
    rows = ask("meetings.leaders", holdings=full, merge=False)
    assert rows.value("2018", EACH) == 9  # Vladivostok has three rows, Beijing and Qingdao two
    assert merged.value("2018", EACH) == 6
    assert merged.value("2020", EACH) == 5
    assert sum(p.value for p in rows.points if p.group == EACH) == 80


def test_visits_join_days_in_one_country_only() -> None:
    def row(day, country, precision="day"):
        return {"starts": dt.date(2019, 6, day), "country": country, "precision": precision}

    rows = [
        row(5, "RUS"),
        row(6, "RUS"),
        row(7, "KGZ"),
        row(8, "RUS"),
        row(28, "RUS"),
        row(29, None),
    ]
    assert visits(rows) == [[0, 1], [2], [3], [4], [5]]


def test_components_count_once_however_often_the_file_repeats_them(full) -> None:
    found = ask("components.by_country", holdings=full)
    at = {p.group: p for p in found.points}
    assert at["USA"].note == "3950 of 5642"
    assert at["CHN"].value == pytest.approx(419 / 5642)
    assert at["TWN"].note == "164 of 5642"  # 479 lines of the file
    assert sum(p.value for p in found.points) == pytest.approx(1)
    assert all(p.low < p.value < p.high for p in found.points)


def test_the_listing_of_2026_was_not_known_in_2023(full) -> None:
    found = ask("components.by_country", holdings=full, as_of=PAPER)
    assert found.points == () and found.evidence.num_rows == 0 and PAPER in found.note
