# SPDX-License-Identifier: Apache-2.0
"""The list of ministers' meetings and its searches: what the reader takes, and refuses by row."""

import csv
import datetime as dt
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.catalog import source
from bilat.catalog.compiled.sites import refused
from bilat.catalog.readers.meetings import HEADER, OFFICES, SEARCHES, level_of, read
from bilat.catalog.sources import Opened
from bilat.errors import DataError
from bilat.when import Period

ENTRY = source("minister_meetings")
MEETINGS, SEARCHED = ENTRY.files
ROW = {
    "id": "MM-1",
    "first_day": "2024-03-05",
    "last_day": "",
    "place": "Montevideo",
    "country": "URY",
    "state_a": "PRT",
    "name_a": "A. Example",
    "office_a": "foreign minister",
    "state_b": "URY",
    "name_b": "B. Example",
    "office_b": "foreign minister",
    "others": "",
    "format": "visit",
    "occasion": "",
    "url": "https://example.org/a",
    "published": "2024-03-06",
    "read": "whole",
    "note": "",
}
QUERY = {
    "state_a": "PRT",
    "state_b": "URY",
    "years": "2023;2024",
    "query": "words",
    "made_on": "2026-12-01",
}


def taken(folder: Path, *rows: dict[str, str]) -> list[dict[str, object]]:
    header = SEARCHES if "query" in rows[0] else HEADER
    path = folder / "list.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    entry = SEARCHED if header is SEARCHES else MEETINGS
    ((_, table),) = read(Opened(ENTRY, entry, path))
    found: list[dict[str, object]] = table.to_pylist()
    return found


def listed(name: str) -> list[dict[str, str]]:
    text = resources.files("bilat.catalog.compiled").joinpath(name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_a_meeting_counts_from_the_day_of_its_page(tmp_path: Path) -> None:
    (row,) = taken(tmp_path, ROW)
    assert row["known_on"] == dt.date(2024, 3, 6) and row["known_basis"] == "published"
    assert row["first_day"] == row["last_day"] == dt.date(2024, 3, 5)
    assert (row["level"], row["precision"], row["grade"]) == ("foreign ministers", "day", "C2")


def test_of_a_month_its_end_counts(tmp_path: Path) -> None:
    (row,) = taken(tmp_path, {**ROW, "first_day": "2024-03", "published": "2024-03"})
    assert (row["first_day"], row["last_day"]) == (dt.date(2024, 3, 1), dt.date(2024, 3, 31))
    assert row["known_on"] == dt.date(2024, 3, 31) and row["known_basis"] == "inferred"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"first_day": "2024"}, ["first_day", "'2024'", "neither a day nor a month"]),
        ({"published": "2024-03-04"}, ["published", "2024-03-04", "before the meeting"]),
        ({"published": ""}, ["published"]),
        ({"published": "2024"}, ["published", "'2024'"]),
        ({"office_a": "ambassador"}, ["office_a", "'ambassador'", "defence minister"]),
        ({"name_a": "A;B"}, ["office_a", "1 offices for 2 names"]),
        ({"name_b": ""}, ["name_b", "is empty"]),
        ({"state_b": "Uruguay"}, ["state_b", "'Uruguay'", "code of a state"]),
        ({"others": "ESP;XX"}, ["others", "XX"]),
        ({"country": "ZZZ"}, ["country", "ZZZ"]),
        ({"url": "https://news-pravda.com/a"}, ["url", "news-pravda.com", "refused site"]),
        ({"url": ""}, ["url", "is empty"]),
    ],
)
def test_a_broken_row_is_refused_with_row_and_value(
    changes: dict[str, str], says: list[str], tmp_path: Path
) -> None:
    with pytest.raises(DataError) as error:
        taken(tmp_path, ROW, {**ROW, "id": "MM-2", **changes})
    assert all(word in str(error.value) for word in (*says, "row 3")), str(error.value)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"format": "dinner"}, "'dinner'"),
        ({"read": "half"}, "'half'"),
        ({"state_a": "USA"}, "state_a < state_b"),
    ],
)
def test_a_value_outside_the_columns_words_is_refused_at_the_build(
    changes: dict[str, str], word: str, tmp_path: Path
) -> None:
    from bilat.catalog import read as read_source

    path = tmp_path / "list.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, HEADER, lineterminator="\n")
        writer.writeheader()
        writer.writerow({**ROW, **changes})
    file_entry = MEETINGS.model_copy(update={"min_rows": 1})
    with pytest.raises(DataError, match=word):
        read_source(ENTRY, file_entry, path)


def test_a_search_has_a_row_for_each_year_and_shows_from_its_first_day(tmp_path: Path) -> None:
    rows = taken(tmp_path, QUERY)
    assert [(r["period"], r["known_on"]) for r in rows] == [
        ("2023", dt.date(2023, 1, 1)),
        ("2024", dt.date(2024, 1, 1)),
    ]
    (last,) = taken(tmp_path, {**QUERY, "years": "2026"})
    assert last["reaches_to"] == dt.date.fromisoformat(SEARCHED.options["archive_end"])
    for years in ("2023,2024", "1900", "2027", ""):
        with pytest.raises(DataError, match="years"):
            taken(tmp_path, {**QUERY, "years": years})


@pytest.mark.parametrize(
    ("one", "two", "level"),
    [
        ("foreign minister", "foreign minister", "foreign ministers"),
        ("party foreign affairs chief", "foreign minister", "foreign ministers"),
        ("foreign minister", "security council secretary", "security councils"),
        ("security council secretary", "chief of staff", "security councils"),
        ("chief of staff", "chief of staff", "chiefs of staff"),
        ("chief of staff", "defence minister", "defence ministers"),
        ("military commission vice-chair", "defence minister", "defence ministers"),
        ("head of government", "head of government", "heads of government"),
        ("head of government", "foreign minister", "minister and leader"),
        ("leader", "head of government", "minister and leader"),
        ("leader", "leader", "leaders"),
        ("leader;foreign minister", "leader;defence minister", "leaders"),
        (
            "foreign minister;defence minister",
            "defence minister;foreign minister",
            "foreign and defence ministers",
        ),
        ("foreign minister;defence minister", "defence minister", "defence ministers"),
    ],
)
def test_the_level_is_found_from_the_offices(one: str, two: str, level: str) -> None:
    assert level_of(one.split(";"), two.split(";")) == level


@given(
    st.lists(st.sampled_from(sorted(OFFICES)), min_size=1, max_size=3),
    st.lists(st.sampled_from(sorted(OFFICES)), min_size=1, max_size=3),
)
def test_the_order_of_the_two_sides_changes_no_level(one: list[str], two: list[str]) -> None:
    assert level_of(one, two) == level_of(two, one) == level_of(one[::-1], two)


def test_no_row_of_the_list_is_a_plan_a_copy_of_another_or_of_a_refused_site() -> None:
    rows = listed("minister_meetings.csv")
    keys = [(r["first_day"], r["name_a"], r["name_b"], r["format"]) for r in rows]
    assert len(set(keys)) == len(keys) == len({r["id"] for r in rows}) >= MEETINGS.min_rows
    for r in rows:
        assert Period(r["published"]).end >= Period(r["first_day"]).start, r["id"]
        assert Period(r["published"]).start <= MEETINGS.vintage, r["id"]
        assert r["state_a"] < r["state_b"] and not refused(r["url"]), r["id"]
        both_lead = {r["office_a"], r["office_b"]} <= {"leader"}
        assert both_lead == ("-L" in r["id"]), r["id"]
        assert bool(r["place"] or r["country"]) == (r["format"] not in ("call", "video")), r["id"]


def test_each_pair_of_the_list_was_searched() -> None:
    searched = {(r["state_a"], r["state_b"]) for r in listed("meeting_searches.csv")}
    assert {(r["state_a"], r["state_b"]) for r in listed("minister_meetings.csv")} <= searched
