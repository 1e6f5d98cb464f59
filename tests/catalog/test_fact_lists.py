# SPDX-License-Identifier: Apache-2.0
"""Lists compiled fact by fact, and the list of components: whole, dated, refused where broken."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.catalog import read, source
from bilat.catalog.page_dates import address, dates_in, if_timely, publication, written_later
from bilat.catalog.readers.exercises import event_type, participants
from bilat.catalog.readers.tech_dependence import replaced_year
from bilat.errors import DataError
from bilat.holdings.pull import in_mirror

LISTS = {
    "exercises": 124,
    "leader_meetings": 69,
    "military_contacts": 18,
    "tech_dependence": 32,
    "published_figures": 33,
    "russian_exercises": 99,
    "gur_components": 5806,
}


def rows_of(mirror: Path, name: str) -> list[dict]:
    file, *_ = source(name).files
    return read(source(name), file, in_mirror(mirror, file))[0][1].to_pylist()


@pytest.mark.parametrize(("name", "n"), LISTS.items())
def test_each_list_reads_whole_and_dates_its_rows(mirror: Path, name, n) -> None:
    rows = rows_of(mirror, name)
    assert len(rows) == n
    vintage = source(name).files[0].vintage
    assert all(r["known_on"] <= vintage for r in rows)
    assert all(r["locator"].startswith("line") for r in rows)


BREAKS = [
    ("exercises", "id,name,start_date", "id,title,start_date", "header"),
    (
        "exercises",
        "2003-08-06,2003-08-12",
        "2003-08-32,2003-08-12",
        "row 2: column start_date: value '2003-08-32'",
    ),
    ("exercises", "2003-08-06,2003-08-12", "2003-08-06,2003-08-01", "is before the start"),
    ("exercises", "\nEX002,", "\nEX001,", "row 3: column id: value 'EX001'"),
    ("exercises", ",46.17,80.94,", ",146.17,80.94,", "latitude"),
    ("exercises", ",1300,700,", ",many,700,", "column troops_total: value 'many' is not a number"),
    (
        "exercises",
        "Russia;Tajikistan,Kazakhstan;Kyrgyzstan;",
        "Russia;Tajikistan,Kyrgyzstan;",
        "third_countries",
    ),
    ("exercises", ",day,China;", ",week,China;", "is not one of announced"),
    ("leader_meetings", "2013-03-22,day", "2013-03-22,month", "does not fit the date"),
    ("leader_meetings", ",RUS,in_person,", ",RUS,in person,", "column format: value 'in person'"),
    ("leader_meetings", ",RUS,in_person,", ",ZZZ,in_person,", "is not a country code"),
    ("military_contacts", "2013-03-24,day", "24.03.2013,day", "is not a period"),
    ("military_contacts", ",defence ministers,", ",,", "column level"),
    (
        "tech_dependence",
        "chinese_platform",
        "platform",
        "header lacks the column 'chinese_platform'",
    ),
    ("tech_dependence", "J-10 (A/B/early C),AL", ",AL", "column chinese_platform"),
    (
        "published_figures",
        "PF02,",
        "PF01,",
        "line 3: column figure_id: value 'PF01' is already at line 2",
    ),
    ("published_figures", "PF01,trade.exports", "PF01,", "column measure"),
    ("russian_exercises", ",2018,India", ",18,India", "row 2: column yr: value '18' is not a year"),
    ("gur_components", "component_id,", "id,", "header"),
    ("gur_components", '[""geran-4-uav""]', '[""geran-4-uav""', "is not a JSON list"),
    (
        "gur_components",
        'Co., Limited",CN,',
        'Co., Limited",XX,',
        "manufacturer_country: value 'XX'",
    ),
    ("gur_components", ",2026-06-13,", ",13 June,", "column last_verified"),
]


@pytest.mark.parametrize(("name", "old", "new", "says"), BREAKS)
def test_a_broken_list_is_refused_with_place_and_value(
    mirror: Path, tmp_path: Path, name, old, new, says
) -> None:
    file, *_ = source(name).files
    text = in_mirror(mirror, file).read_bytes().decode("utf-8")
    assert old in text
    path = tmp_path / "list.csv"
    path.write_bytes(text.replace(old, new, 1).encode("utf-8"))
    with pytest.raises(DataError, match=says.replace("(", r"\(").replace("[", r"\[")) as e:
        read(source(name), file, path)
    assert "\n" not in str(e.value) and file.path in str(e.value)


@pytest.mark.parametrize("name", [n for n in LISTS if n != "russian_exercises"])
def test_a_list_cut_mid_line_or_between_lines_is_refused(
    mirror: Path, tmp_path: Path, name
) -> None:
    file, *_ = source(name).files
    lines = in_mirror(mirror, file).read_bytes().decode("utf-8").rstrip("\n").split("\n")
    path = tmp_path / "list.csv"
    path.write_text("\n".join([*lines[:-1], lines[-1][: len(lines[-1]) // 3]]), "utf-8")
    with pytest.raises(DataError):
        read(source(name), file, path)
    path.write_text("\n".join(lines[: len(lines) // 2]) + "\n", "utf-8")
    with pytest.raises(DataError, match="truncated"):
        read(source(name), file, path)


def test_repeated_components_are_one_and_contradictions_are_refused(
    mirror: Path, tmp_path: Path
) -> None:
    rows = {r["component"]: r for r in rows_of(mirror, "gur_components")}
    assert rows["gur-5"]["locator"].count(";") > 100
    assert rows["gur-5"]["weapons"] == "uav-shahed-131"
    (file,) = source("gur_components").files
    text = (mirror / file.path).read_text("utf-8")
    at = text.rindex("\ngur-5,")
    changed = text[:at] + text[at:].replace(",US,", ",CN,", 1)
    assert changed != text
    path = tmp_path / "list.csv"
    path.write_text(changed, "utf-8")
    with pytest.raises(DataError, match="maker_country: value 'CHN' differs from 'USA'"):
        read(source("gur_components"), file, path)


def test_the_leaders_counts_are_read_from_the_notes(mirror: Path) -> None:
    file, *_ = source("leader_meetings").files
    made = dict(read(source("leader_meetings"), file, in_mirror(mirror, file)))
    counts = [(r["period"], r["value"]) for r in made["estimates"].to_pylist()]
    assert counts == [
        ("2018-06-08", 24),
        ("2021-12-15", 37),
        ("2022-02-04", 38),
        ("2023-10-18", 42),
    ]


def test_the_registers_sums_are_not_taken_from_the_list_of_parts(mirror: Path) -> None:
    for r in rows_of(mirror, "tech_dependence"):
        assert r["units"] is None and r["tiv"] is None and r["import_years"] is None


def test_who_watches_takes_no_part() -> None:
    assert participants("China;Russia;others") == (["CHN", "RUS"], ["others"])
    assert event_type("SCO border operation", "") == "operation"
    assert (
        event_type("SCO counter-terror", "Announcement only; holding not confirmed")
        == "announcement"
    )


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("https://x.org/2018-09/12/content_9280064.htm", dt.date(2018, 9, 12)),
        ("https://x.org/20230901/a", dt.date(2023, 9, 1)),
        ("https://x.org/2023/03/a", dt.date(2023, 3, 31)),
        ("seen March 2023", dt.date(2023, 3, 31)),
        ("added 24 Nov 2026", dt.date(2026, 11, 24)),
        ("Xinhua copy, 09.05.2015", dt.date(2015, 5, 9)),
        ("in 2022", dt.date(2022, 12, 31)),
        ("https://x.org/2021-02-30/a", dt.date(2021, 12, 31)),
    ],
)
def test_dates_in_addresses_and_notes(text, day) -> None:
    assert dates_in(text) == [day]


@pytest.mark.parametrize(
    "text", ["content_57052971_3.htm", "id=12031526@egNews", "world/20667/node20669", "17,000"]
)
def test_identifiers_are_no_dates(text) -> None:
    assert dates_in(text) == []


def test_a_fact_told_by_a_later_page_only_is_known_from_that_page() -> None:
    happened = dt.date(2012, 4, 27)
    late = publication(happened, "https://a/2018-09/12/x", "https://b/2015-08/19/y")
    assert (late.known_on, late.url, late.url_2) == (
        dt.date(2015, 8, 19),
        "https://b/2015-08/19/y",
        None,
    )
    timely = publication(happened, "https://a/2018-09/12/x", "https://b/2012/04/28/y")
    assert (timely.known_on, timely.url, timely.url_2) == (
        dt.date(2012, 4, 28),
        "https://b/2012/04/28/y",
        None,
    )


def test_the_day_of_the_event_stands_in_for_a_page_without_one_and_says_so() -> None:
    happened = dt.date(2012, 4, 27)
    assert (
        publication(happened, "https://a/x", "").known_on,
        publication(happened, "https://a/x", "").basis,
    ) == (
        happened,
        "inferred",
    )
    dated = publication(happened, "https://a/x", "https://b/2012/05/02/y")
    assert (dated.known_on, dated.basis, dated.url) == (
        dt.date(2012, 5, 2),
        "published",
        "https://a/x",
    )
    announced = publication(
        happened, "https://a/2012/04/20/x", ""
    )  # a page of before tells of a plan
    assert (announced.known_on, announced.basis) == (happened, "inferred")
    month = publication(happened, "https://a/2015/08/x", "")
    assert (month.known_on, month.basis) == (dt.date(2015, 8, 31), "inferred")
    undated = publication(happened, "https://a/x", "https://b/y")
    assert undated == type(undated)(happened, "https://a/x", "https://b/y", "inferred")


@given(
    st.dates(dt.date(2001, 1, 1), dt.date(2030, 12, 31)),
    st.dates(dt.date(2001, 1, 1), dt.date(2030, 12, 31)),
)
def test_what_is_kept_never_names_a_later_day(happened, written) -> None:
    page = publication(happened, f"https://a/{written:%Y/%m/%d}/x", "")
    assert page.known_on >= happened
    assert not written_later(page.url, page.known_on + dt.timedelta(days=7))
    assert if_timely(f"as on {written}", happened) is None or written <= happened


def test_an_address_is_a_link_and_what_stands_beside_it_a_note(mirror: Path) -> None:
    assert address("https://a/b (China Daily copy)") == ("https://a/b", "China Daily copy")
    assert address("same dataset, id 67") == ("same dataset, id 67", "")
    first = rows_of(mirror, "leader_meetings")[0]
    assert (
        first["url"]
        == "http://www.chinavitae.com/vip/index.php?mode=events&type=cv&id=303&filter_year=2013"
    )
    assert "leaderdf.rds" in first["note"]
    for name in ("leader_meetings", "exercises", "military_contacts"):
        assert not [
            r["url"]
            for r in rows_of(mirror, name)
            if r["url"].startswith("http") and " " in r["url"]
        ]


def test_the_year_of_a_replacement_is_the_first_named() -> None:
    assert replaced_year("J-10C with WS-10B reported 2020; re-engined from Nov 2022") == 2020
    assert replaced_year("") is None


@pytest.mark.parametrize(("name", "rows"), [("exercises", 8), ("leader_meetings", 11)])
def test_what_was_added_later_stands_beside_the_list_and_dates_itself(name: str, rows: int) -> None:
    """Another file and no newer edition: the rows of the list stay, and no event is told twice."""
    from bilat.measures import default_holdings
    from bilat.when import AsOf

    listed = (
        default_holdings()
        .connect(AsOf())
        .connection.execute(
            "SELECT event, starts, known_on, url, vintage FROM events WHERE source = ?", [name]
        )
        .fetchall()
    )
    assert len({e[0] for e in listed}) == len(listed)
    later = [e for e in listed if e[4] == source(name).files[1].vintage]
    assert len(later) == rows and all(e[2] >= e[1] and e[3].startswith("http") for e in later)
    if name == "leader_meetings":
        assert (
            len({e[1] for e in listed}) >= len(listed) - 4
        )  # months without a day may share their first
