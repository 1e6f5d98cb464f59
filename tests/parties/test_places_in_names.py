# SPDX-License-Identifier: Apache-2.0
"""Places in names: bodies of one kind in two places, a place that may be a word of the name."""

from __future__ import annotations

import pytest

from bilat.formats.parties import ListedParty, Listing, Name
from bilat.parties.answers.screening_answer import verdict
from bilat.parties.lists.entries import ListEntry
from bilat.parties.names.places import are_one_place
from bilat.parties.queries.query import Query
from bilat.parties.screening.alerts import Alert
from bilat.parties.screening.rows import Cut, rows_of
from bilat.parties.screening.screener import Screener


def entry(
    key: str, *names: str, state: str = "", schema: str = "Company", born: str = ""
) -> ListEntry:
    party = ListedParty(
        key,
        schema,
        tuple(map(Name, names)),
        "line 1",
        countries=(state,) if state else (),
        born=born,
        listings=(Listing("OFAC SDN", "P"),),
    )
    return ListEntry(party, "ofac", "s" * 64, "2024-01-01")


XIAN, SHANGHAI, NORTHWEST, KURGAN, PHYSICS, CHONGQING, BEIJING = (f"ofac-{n}" for n in range(1, 8))


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener(
        [
            entry(XIAN, "Xi'an Jiaotong University", state="CN"),
            entry(SHANGHAI, "Shanghai Jiao Tong University", state="CN"),
            entry(NORTHWEST, "Northwestern Polytechnical University", state="CN"),
            entry(KURGAN, "PJSC Kurgansky Mashinostroitelny Zavod", state="RU"),
            entry(PHYSICS, "Moscow Institute of Physics and Technology", state="RU"),
            entry(CHONGQING, "Chongqing University", state="CN"),
            entry(BEIJING, "Beijing Institute of Technology （北京理工大学）", state="CN"),
            entry("ofac-8", "Moscow Plant Vperyod Machine Building", state="RU"),
            entry("ofac-9", "PJSC NBD-Bank", state="RU"),
            entry("ofac-10", "SPARTA", schema="Vessel"),
            entry("ofac-11", "IRAN AIR", state="IR"),
            entry("ofac-12", "VTB", state="RU"),
            entry(
                "ofac-13", "Qasimov Farhad Tahirovich", schema="Person", born="09 Sep 1953; 1953"
            ),
            entry("ofac-15", "Jiangnan Institute", state="RU"),
            entry("ofac-16", "Национальная система платежных карт (НСПК)", state="RU"),
            entry("ofac-17", "University of Science and Technology of China", state="CN"),
            entry("ofac-14", "University of Peking Microwaves", state="CN"),
            entry("ofac-18", "Bank Melli Iran", "Bank Melli", state="IR"),
        ]
    )


def alerts(screener: Screener, name: str, *, typed: bool = False, **row: str) -> list[Alert]:
    (answer,) = rows_of(screener, [Query("1", name, 1, **row)], Cut(typed=typed))
    return answer.rows


@pytest.mark.parametrize("typed", [True, False])
@pytest.mark.parametrize(
    "name",
    [
        "西南交通大学",
        "Southwest Jiaotong University",
        "Dalian Jiao Tong University",
        "Southwest Polytechnical University",
        "Курский машиностроительный завод",
        "Kazan Institute of Physics and Technology",
        "South China University of Technology",
        "华南理工大学",
    ],
)
def test_a_body_of_another_place_is_nobody_listed(
    screener: Screener, name: str, typed: bool
) -> None:
    assert not [row for row in alerts(screener, name, typed=typed) if row.band != "unlikely"]


@pytest.mark.parametrize(
    ("name", "party"),
    [
        ("上海交通大学", SHANGHAI),
        ("Shanghai Jiaotong University", SHANGHAI),
        ("Shanghai Jiao Tong University", SHANGHAI),
        ("西安交通大学", XIAN),
        ("Xian Jiao Tong University", XIAN),
        ("Курганский машиностроительный завод", KURGAN),
        ("北京理工大学", BEIJING),
    ],
)
def test_a_body_of_the_same_place_is_found(screener: Screener, name: str, party: str) -> None:
    first = alerts(screener, name)[0]
    assert first.party == party and first.band == "match"


@pytest.mark.parametrize(
    "name", ["重庆交通大学", "Chongqing Technical University", "北京工业大学", "北京交通大学"]
)
def test_another_university_of_the_same_town_is_at_most_possible(
    screener: Screener, name: str
) -> None:
    for row in alerts(screener, name):
        assert row.agreement.kind != "exact" and row.band in ("possible", "unlikely")


def test_a_name_in_japanese_characters_is_the_same_name() -> None:
    listed = "Harbin Institute of Technology (哈爾浜工業大学)"  # as Japan's list writes it
    one = Screener([entry("ofac-1", listed, state="CN")])
    (row,) = rows_of(one, [Query("1", "哈尔滨工业大学", 1)], Cut())[0].rows
    assert row.agreement.kind == "exact"


def test_a_plant_of_one_name_in_another_town_is_at_most_possible(screener: Screener) -> None:
    rows = alerts(screener, "Volzhsk Plant Vperyod Machine Building", typed=True)
    assert all(row.agreement.kind == "part" and row.probability < 0.5 for row in rows)


def test_a_town_with_two_names_is_one_place(screener: Screener) -> None:
    assert are_one_place("peking", "beijing") and not are_one_place("kursk", "kurgan")
    first = alerts(screener, "University of Beijing Microwaves")[0]
    assert first.party == "ofac-14" and first.band == "likely"


@pytest.mark.parametrize(
    ("name", "left"),
    [("Iran Air Tours", "Tours"), ("VTB Dubai", "Dubai"), ("VTB Almaty", "Almaty")],
)
def test_a_place_that_no_mark_parts_from_a_name_is_said(
    screener: Screener, name: str, left: str
) -> None:
    for typed in (True, False):
        first = alerts(screener, name, typed=typed)[0]
        assert first.agreement.kind == "part" and first.band in ("likely", "possible")
        assert first.agreement.asked_left == (left,)
    said = str(verdict(alerts(screener, name, typed=True), ""))
    assert said.endswith(f"“{left}” is not in that name.")


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("VTB, Dubai", {}),
        ("VTB (Dubai)", {}),
        ("VTB\nDubai", {}),
        ("VTB Moscow", {}),  # the state of the listing
        ("Russia VTB", {}),
        ("VTB Dubai", {"country": "AE"}),
        ("VTB Dubai", {"place": "Dubai"}),
    ],
)
def test_a_place_behind_a_mark_or_known_otherwise_is_no_word_of_the_name(
    screener: Screener, name: str, row: dict[str, str]
) -> None:
    first = alerts(screener, name, typed=True, **row)[0]
    assert first.agreement.kind == "exact" and not first.agreement.asked_left


@pytest.mark.parametrize("name", ["Kursk Jiangnan Institute", "Jiangnan Institute of Tomsk"])
def test_a_town_at_the_head_of_a_name_or_behind_of_is_a_word_of_it(
    screener: Screener, name: str
) -> None:
    kinds = {row.agreement.kind for row in alerts(screener, name, typed=True)}
    assert kinds and not kinds & {"exact", "short"}


@pytest.mark.parametrize("field", ["Bank Melli Farsabad", "Bank Melli Tabriz"])
def test_a_listed_name_of_words_of_trade_is_found_beside_a_town(
    screener: Screener, field: str
) -> None:
    row = alerts(screener, field, typed=True)[0]
    assert (row.party, row.agreement.kind) == ("ofac-18", "exact")


def test_initials_are_compared_letter_by_letter(screener: Screener) -> None:
    assert not alerts(screener, "NSPCC", typed=True)
    assert alerts(screener, "НСПК", typed=True)[0].agreement.kind == "exact"


def test_a_branch_of_a_listed_university_contains_its_name(screener: Screener) -> None:
    first = alerts(screener, "北京理工大学珠海学院")[0]
    assert first.party == BEIJING and first.agreement.kind == "part"


@pytest.mark.parametrize("name", ["Emirates NBD", "Sparta Prague"])
def test_a_name_with_a_place_in_it_is_no_bank_or_ship_of_the_rest(
    screener: Screener, name: str
) -> None:
    assert not alerts(screener, name) and not alerts(screener, name, typed=True)


@pytest.mark.parametrize(
    ("born", "bands"),
    [
        ("1953-09-09", {"match"}),
        ("1999-02-02", {"unlikely"}),
        ("1963-09-09", {"possible", "unlikely"}),  # one figure is another
        ("1954", {"match", "likely"}),
        ("1999", {"possible", "unlikely"}),
    ],
)
def test_a_birth_that_contradicts_is_said_and_clears(
    screener: Screener, born: str, bands: set[str]
) -> None:
    query = Query("1", "Qasimov Farhad Tahirovich", 1, born=born, role="consignee")
    (answer,) = rows_of(screener, [query], Cut())
    first = answer.rows[0]
    assert first.party == "ofac-13" and first.band in bands
    assert ("birth_differs" in {flag["flag"] for flag in first.flags}) == ("match" not in bands)


@pytest.mark.parametrize(
    ("name", "agreement"),
    [
        ("Inspur (Shandong) Cloud Co Ltd", "exact"),
        ("INSPUR (SHANDONG) CLOUD", "exact"),
        ("Inspur Cloud Co Ltd", "exact"),
        ("Inspur (Hong Kong) Cloud Co Ltd", "near"),
    ],
)
def test_only_a_branch_in_another_town_is_near(name: str, agreement: str) -> None:
    """A rule that speaks of two places leaves a name with the same place as exact as it was."""
    listed = Screener([entry("bis-1", "Inspur (Shandong) Cloud Co., Ltd.", state="CN")])
    found = alerts(listed, name)
    assert [row.agreement.kind for row in found] == [agreement]
