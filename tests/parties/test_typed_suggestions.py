# SPDX-License-Identifier: Apache-2.0
"""Which listed names an answer to a typed name offers, where none is the name itself."""

from __future__ import annotations

import pytest

from bilat.formats.parties import ListedParty, Listing, Name
from bilat.parties.answers.screen import TYPED_RATE
from bilat.parties.answers.screening_answer import verdict
from bilat.parties.lists.entries import ListEntry
from bilat.parties.match.readings import readings
from bilat.parties.queries.query import Query
from bilat.parties.screening.alerts import Alert
from bilat.parties.screening.rows import Cut, rows_of
from bilat.parties.screening.screener import Screener

LISTED = {
    "ofac-1": ("China Air-to-Air Missile Research Institute", "CN"),
    "ofac-2": ("China Communications Construction Company Ltd.", "CN"),
    "ofac-3": ("Jiangsu Southern Airlines Hengxiang Co., Ltd.", "CN"),
    "ofac-4": ("JSC Ingo Bank", "RU"),
    "ofac-5": ("Asa Jet Airline", ""),
    "ofac-6": ("Rusag", "RU"),
    "ofac-7": ("JSC Baykal Elektroniks", "RU"),
    "ofac-8": ("PJSC NBD-Bank", "RU"),
    "ofac-9": ("DJI", "CN"),
    "ofac-11": ("Megvii Technology Limited", "CN"),
    "ofac-12": ("Mitsubishi Heavy Industries Aero Engines, Ltd.", "JP"),
    "ofac-13": ("Kamaz", "RU"),
    "ofac-14": ("Joint Stock Company Ryazan Radio-Plant", "RU"),
    "ofac-15": ("Gazprombank", "RU"),
    "ofac-16": ("China Cargo Airlines Co., Ltd.", "CN"),
    "ofac-17": ("Shanghai Jiao Tong University", "CN"),
    "ofac-18": ("Nanjing University of Science and Technology", "CN"),
    "ofac-20": ("Kish International Bank", "IR"),
    "ofac-21": ("Limited Liability Company Fortuna", "RU"),
    "ofac-22": ("Pardis Investment Company", "IR"),
    "ofac-23": ("Jing He", ""),
    "ofac-19": ("Harbin Institute of Technology", "CN"),
}


def entry(key: str, name: str, state: str) -> ListEntry:
    party = ListedParty(
        key,
        "Company",
        (Name(name),),
        "line 1",
        countries=(state,) if state else (),
        listings=(Listing("OFAC SDN", "P"),),
    )
    return ListEntry(party, "ofac", "s" * 64, "2024-01-01")


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener([entry(key, name, state) for key, (name, state) in LISTED.items()])


def typed(screener: Screener, name: str) -> list[Alert]:
    cut = Cut(typed=True, base_rate=TYPED_RATE)
    return rows_of(screener, [Query("", name, 0)], cut)[0].rows


@pytest.mark.parametrize(
    "name",
    [
        "Air China",
        "China Construction Bank Corporation",
        "Radio Plant No. 5",  # a trade, where the listed name has a town too
        "ING Bank NV",  # an acronym is right, or it is another one
        "Etihad Airways",
        "Rusal",  # in a short word, another last letter makes another word
        "Baykar",  # so it does where the listed name has more words
        "Emirates NBD Bank PJSC",  # a place of another state before an acronym
    ],
)
def test_a_name_that_shares_frequent_words_or_letters_brings_nobody(
    screener: Screener, name: str
) -> None:
    assert typed(screener, name) == []


@pytest.mark.parametrize(
    ("name", "party"),
    [
        ("Mitsubishi Heavy Industries", "ofac-12"),
        ("Mgevii", "ofac-11"),  # two letters turned
        ("Kamza", "ofac-13"),
        ("Gazprombnak", "ofac-15"),
        ("DJI Company", "ofac-9"),
        ("Ryazan Radio Plant", "ofac-14"),
    ],
)
def test_a_name_that_identifies_or_has_a_slip_of_the_hand_brings_the_party(
    screener: Screener, name: str, party: str
) -> None:
    assert [row.party for row in typed(screener, name)][:1] == [party]


def test_a_name_with_a_word_such_as_company_is_not_the_exact_one(screener: Screener) -> None:
    (row,) = typed(screener, "DJI Company")
    assert row.agreement.kind == "part"


def test_a_place_before_an_acronym_is_no_alert_in_a_file(screener: Screener) -> None:
    answer = rows_of(screener, [Query("1", "Emirates NBD Bank PJSC", 1)], Cut())[0]
    assert answer.rows == []


@pytest.mark.parametrize("name", ["China Cargo Airline", "Cargo Airlines China"])
def test_a_name_of_trade_and_state_in_another_number_or_order_is_found(
    screener: Screener, name: str
) -> None:
    assert [row.party for row in typed(screener, name)][:1] == ["ofac-16"]


def test_other_words_of_trade_in_another_order_name_another_firm(screener: Screener) -> None:
    """Air China Cargo is not China Cargo Airlines."""
    assert all(row.band == "unlikely" for row in typed(screener, "Air China Cargo"))


@pytest.mark.parametrize(
    ("acronym", "body"),
    [
        ("SJTU", "Shanghai Jiao Tong University"),
        ("NJUST", "Nanjing University of Science and Technology"),
        ("HIT", "Harbin Institute of Technology"),
    ],
)
def test_an_acronym_brings_the_body_of_whose_name_it_is_the_initials(
    screener: Screener, acronym: str, body: str
) -> None:
    (row,) = typed(screener, acronym)
    assert (row.name, row.agreement.by_initials, row.band) == (body, True, "unlikely")
    said = str(verdict([row], ""))
    assert said.startswith(f"NOT FOUND AS WRITTEN. These are the initials of {body} (")


@pytest.mark.parametrize("acronym", ["ING", "RRP", "hit", "IT", "CACR", "HITX"])
def test_initials_of_a_firm_or_a_part_of_a_name_bring_nobody(
    screener: Screener, acronym: str
) -> None:
    assert typed(screener, acronym) == []


@pytest.mark.parametrize(
    ("name", "rest", "is_read"),
    [
        ("Tehran University of Medical Sciences", "University of Medical Sciences", False),
        ("Applied Technologies Group", "Applied Technologies", False),
        ("Korea Trading Company", "Trading Company", False),
        ("Moscow Mikron", "Mikron", True),
        ("VTB Group", "VTB", True),
        ("Hamas Movement", "Hamas", True),
        ("University of Medical Sciences, Tehran", "University of Medical Sciences", True),
    ],
)
def test_a_trade_that_is_left_of_a_name_is_no_name(name: str, rest: str, is_read: bool) -> None:
    read = {reading.text for reading in readings(name, None, {})}
    assert (rest in read) == is_read


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("JSC Baykal Elektrnks", "JSC Baykal Elektroniks"),
        ("Kish Intl Bk", "Kish International Bank"),
        ("Ltd Liability Co Fortuna", "Limited Liability Company Fortuna"),
        ("Pardis Inv Co", "Pardis Investment Company"),
    ],
)
def test_a_name_in_short_forms_brings_the_one_it_shortens(
    screener: Screener, name: str, meant: str
) -> None:
    assert meant in [row.name for row in typed(screener, name)]


def test_short_forms_of_some_of_many_words_bring_nobody(screener: Screener) -> None:
    assert "Kish International Bank" not in [row.name for row in typed(screener, "Kish Bk")]
