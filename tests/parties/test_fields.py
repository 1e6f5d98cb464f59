# SPDX-License-Identifier: Apache-2.0
"""A place beside a name says where the party is; a listed name with a place in it stays whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alert_cells import rows_of
from hypothesis import example, given
from hypothesis import strategies as st

from bilat import screen
from bilat.errors import UsageError
from bilat.parties.match.exceptions import RULES, ExceptionLog
from bilat.parties.match.readings import field_segments
from bilat.parties.names.places import place_matches, places_of
from bilat.parties.names.segmentation import names_nobody, segment_field
from bilat.parties.names.tagging import tag
from bilat.parties.queries.query import Query
from bilat.parties.screening.list_index import open_screener
from bilat.parties.screening.rows import Cut
from bilat.parties.screening.screener import Screener


def first_piece(text: str) -> str:
    return segment_field(text).pieces[0].text


def rows(names: list[str], *, typed: bool = False) -> list[list[dict[str, Any]]]:
    screener = open_screener(None, None, None).screener
    asked = [Query(str(n), name, n) for n, name in enumerate(names)]
    return [a.rows for a in rows_of(screener, asked, Cut(typed=typed))]


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("VTB, Moscow", "VTB"),
        ("Rostec, Moscow, Russia", "Rostec"),
        ("DJI China", "DJI"),
        ("Uralvagonzavod Nizhny Tagil", "Uralvagonzavod"),
        ("Toyota, Yangon", "Toyota"),
        ("Siemens AG, Russia", "Siemens AG"),
        ("OOO Siemens, Москва, Россия", "OOO Siemens"),
        ("Газпром Москва", "Газпром"),
        ("Belavia (Minsk)", "Belavia"),
        ("Notify: Hikvision", "Hikvision"),
        ("Bank of Moscow", "Bank of Moscow"),
        ("Kursk Machine Building Plant", "Kursk Machine Building Plant"),
        ("Air China", "Air China"),
        ("Lauren Martinez", "Lauren Martinez"),
        ("JSC Armour Repair Plant No. 560", "JSC Armour Repair Plant No. 560"),
        ("144 ARMOURED VEHICLE REPAIR PLANT", "144 ARMOURED VEHICLE REPAIR PLANT"),
        ("Factory 222, Moscow", "Factory 222"),
        ("VTB, 12 Lenina St, Moscow", "VTB"),
        ("12 Karl Marx Street, Minsk, ROMASHKA GROUP", "ROMASHKA GROUP"),
        ("Island Gas Limited (Petropavlovsk) c/o DB Schenker", "Island Gas Limited"),
        ("Canal Digital Danmark A/S Tehran", "Canal Digital Danmark A/S"),
    ],
)
def test_a_place_is_told_from_the_name_beside_it(field: str, name: str) -> None:
    assert first_piece(field) == name


@pytest.mark.parametrize(
    ("field", "pieces"),
    [
        ("ING Bank", ["ING Bank"]),
        ("ENG Ltd, Moscow", ["ENG Ltd", "ENG Ltd, Moscow"]),
        ("Mr. Ivan Petrov", ["Ivan Petrov"]),
        ("MR Ivan Petrov", ["Ivan Petrov", "MR Ivan Petrov"]),
        ("Zelax\n1B, Zavodskaya st.,\nMoscow 124681\nRU", ["Zelax"]),
        ("Telkom SA Ltd\nLynnwood Road 12\nPretoria 0182\nZA", ["Telkom SA Ltd", "Telkom SA"]),
        ("SysTRONIK GmbH\nGewerbestrasse 57\nIllmensee 88636\nDE", ["SysTRONIK GmbH"]),
    ],
)
def test_a_postal_address_is_no_name_and_a_title_no_part_of_a_firm(
    field: str, pieces: list[str]
) -> None:
    assert [p.text for p in segment_field(field).pieces] == pieces


@pytest.mark.parametrize(
    "field", ["WANG, LI", "Novabase SGPS, SA", "Mikron Moscow SA", "Kursk AG", "ABN AMRO 12"]
)
def test_letters_that_may_be_a_name_are_no_state(field: str) -> None:
    words = {w for p in segment_field(field).pieces for w in p.text.replace(",", "").split()}
    assert words == {*field.replace(",", "").split()}


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("Make the Road New York 92-10 Roosevelt Avenue", "Make the Road New York"),
        ("Black Alliance for Just Immigration 660 Nostrand Ave, Brooklyn", "Immigration"),
    ],
)
def test_a_name_that_no_mark_parts_from_its_address_is_not_cut(field: str, name: str) -> None:
    assert any(p.text.endswith(name) for p in segment_field(field).pieces)


@pytest.mark.parametrize(
    ("field", "is_alert"),
    [
        ("Xlnt Designs Inc., San Diego CA 92128, US", False),
        ("Jiangsu Cynray IOT Co. Ltd, Nanjing Jiangsu 210000, CN", False),
        ("Jiangsu Houge Corp, Weihai city Shandong 264200, CN", False),
        ("Zorgblatt Ltd, 908 Audelia Road, Suite 200, PMB 245, Richardson TX 75081", True),
    ],
)
def test_a_town_and_its_postcode_are_no_address(field: str, is_alert: bool) -> None:
    (found,) = rows([field])
    assert any(r["agreement"] == "address" for r in found) == is_alert


def test_a_place_before_the_name_may_be_a_place() -> None:
    assert "Hikvision" in [p.text for p in segment_field("Shenzhen, Hikvision").pieces if p.sole]


@pytest.mark.parametrize("field", ["Ivanov, S.B.", "Ivanov S.B.", "S. B. Ivanov"])
def test_a_town_beside_initials_is_a_family_name(field: str) -> None:
    apart = field_segments(field)
    assert not apart.town and "Ivanov" in apart.pieces[0].text


def test_a_number_alone_is_no_address() -> None:
    assert not field_segments("MV Adrian Darya 1").address
    assert field_segments("Almaty Trade House, 12 Abay Ave").address


@pytest.mark.parametrize("field", ["Ivanov, Ivan", "Omsk, Ivan", "Martinez, Richard"])
def test_a_family_name_that_is_a_town_is_not_lost(field: str) -> None:
    pieces = segment_field(field).pieces
    assert any(p.text.replace(",", "").split() == field.replace(",", "").split() for p in pieces)


@given(st.text(alphabet="abcdeoMKRт Москв, -/()", min_size=3, max_size=40))
@example("Moscow")
@example("Moscow, Russia")
@example("c/o")
def test_every_field_that_names_somebody_has_a_piece(text: str) -> None:
    if not names_nobody(text.strip()):
        assert segment_field(text).pieces


def test_words_are_places_only_if_the_gazetteer_has_them() -> None:
    found = tag("Zorgblatt Industries, Qwertyville")
    assert {"T", "S"}.isdisjoint(found.tags)
    assert {p.state for p in places_of("Izhevsk")} == {"RU"}
    assert places_of("Ижевск") and places_of("喀山") and places_of("Islamic Republic of Iran")
    long = place_matches(["nizhny", "tagil", "plant"], [False] * 3)
    assert [(m.first, m.after) for m in long] == [(0, 2)]
    assert not place_matches(["nizhny", "tagil"], [False, True])


def test_famous_names_are_told_with_their_places() -> None:
    asked = {
        "VTB, Moscow": "VTB",
        "Rostec, Moscow, Russia": "ROSTEC",
        "DJI China": "DJI",
        "Belavia, Minsk": "BELAVIA",
        "Hikvision, Hangzhou": "HIKVISION",
        "Uralvagonzavod Nizhny Tagil": "URALVAGONZAVOD",
    }
    for typed in (True, False):
        for (field, wanted), found in zip(asked.items(), rows([*asked], typed=typed), strict=True):
            assert found, field
            first = found[0]
            names = " ".join((first["name"], first["name_matched"], *first["aliases"])).upper()
            assert wanted in names and first["agreement"] in ("exact", "short"), field


def test_clean_firms_with_places_alert_on_nobody() -> None:
    places = ("Russia", "Moscow, Russia", "Yangon", "Omsk", "Россия", "Islamic Republic of Iran")
    firms = ("Siemens AG", "Toyota Motor", "Kaffeehaus Lindner GmbH", "Blue Harbour Foods Ltd")
    fields = [f"{firm}, {place}" for firm in firms for place in places]
    assert not [f for f, found in zip(fields, rows(fields), strict=True) if found]


def test_a_listed_name_with_a_town_stays_exact() -> None:
    for found in rows(["Bank of Moscow", "Moscow Institute of Physics and Technology"]):
        assert found[0]["agreement"] == "exact"


def test_exact_is_the_whole_listed_name() -> None:
    asked = ["KGHM", "Bank of Russia", "M6 Investment Group", "Ericsson"]
    for name, found in zip(asked, rows(asked), strict=True):
        exact = [r["name_matched"].casefold() for r in found if r["agreement"] == "exact"]
        assert all(name.casefold() in matched for matched in exact), name
    (kept,) = rows(["ROSOBORONEXPORT"])
    assert kept[0]["agreement"] == "exact"


@pytest.mark.parametrize(
    "name",
    [
        "Inspur (Shandong) Electronic Information Co. Ltd",
        "Pole/Zero Corporation",
        "CRP/CSH HARBOR LAKEWAY OWNER, L.P.",
    ],
)
def test_a_branch_elsewhere_or_one_of_two_joined_words_is_not_exact(name: str) -> None:
    (found,) = rows([name])
    assert not [r["name_matched"] for r in found if r["agreement"] == "exact"]


@pytest.fixture
def log() -> Iterator[ExceptionLog]:
    before = Screener.exceptions
    Screener.exceptions = ExceptionLog()
    yield Screener.exceptions
    Screener.exceptions = before


def test_each_named_rule_is_counted_and_can_be_switched_off(log: ExceptionLog) -> None:
    rows(["KGHM"])
    assert log.counts["other_letters"]
    Screener.exceptions = ExceptionLog(off=frozenset(("other_letters",)))
    rows(["KGHM"])
    assert not Screener.exceptions.counts["other_letters"]
    assert len({r.name for r in RULES}) == len(RULES) and all(r.why for r in RULES)


def test_a_text_that_is_the_name_of_a_file_is_read_as_one(tmp_path: Path) -> None:
    file = tmp_path / "names.csv"
    file.write_text("Consignee\nRosoboronexport\n", "utf-8")
    assert [r["role"] for r in screen(str(file))][:1] == ["consignee"]
    with pytest.raises(UsageError, match="file not found"):
        screen("consignments.xlsx")


def test_python_screens_one_name_and_tables_by_role() -> None:
    one = screen("VTB")
    assert one.queries == 1 and one.alerts and "VTB" in str(one.alerts[0]["name_matched"]).upper()
    table = [
        {"Consignee": "Blue Harbour Foods Ltd", "Vessel": "Grace 1", "IMO": "9116412"},
        {"Consignee": "Rosoboronexport", "Vessel": ""},
    ]
    run = screen(table)
    assert next((r["role"], r["query_id"]) for r in run) == ("vessel", "1")
    assert {r["role"] for r in run if r["query_id"] == "2"} == {"consignee"}
    pandas = pytest.importorskip("pandas")
    framed = screen(pandas.DataFrame(table))
    assert [r["party"] for r in framed] == [r["party"] for r in run]
    assert len(framed.to_pandas()) == len(framed) and framed


def test_a_run_in_memory_becomes_a_workbook(tmp_path: Any) -> None:
    import openpyxl

    run = screen(
        [{"Consignee": "Rosoboronexport", "Value": 5}, {"Consignee": "Blue Harbour Foods"}]
    )
    path = run.to_excel(tmp_path / "out.xlsx")
    names = [*openpyxl.load_workbook(path)["consignments"].iter_rows(values_only=True)]
    assert names[0][-2:] == ("Consignee", "Value") and len(names) == 3


@pytest.mark.parametrize("typed", [False, True])
@pytest.mark.parametrize(
    "field",
    [
        "DR TRADE S.R.L. Krasnoyarsk, Russia",
        "RAVEN INVESTMENT HOLDINGS LIMITED - 上海",
        "Canal Digital Danmark A/S Tehran",
        "E-Laborate Engineering GmbH",
        "X Trading attn: CMA CGM",
    ],
)
def test_a_town_a_half_of_a_word_and_a_carrier_find_nobody(field: str, typed: bool) -> None:
    """Names of trades share a town, a part of a word, or the words before a ship's own name."""
    (found,) = rows([field], typed=typed)
    assert all(row["band"] == "unlikely" for row in found)


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("Tehran Univ", "Tehran University"),
        ("Bank Moscow", "BANK OF MOSCOW"),
        ("Adrian Darya", "ADRIAN DARYA 1"),
        ("LTD. RAHAT", "RAHAT LTD."),
        ("KASBINTERNATIONALLLC", "KASB INTERNATIONAL LLC"),
    ],
)
def test_a_name_of_kind_and_town_or_run_together_is_found(field: str, name: str) -> None:
    (found,) = rows([field])
    assert found[0]["name_matched"] == name


@pytest.mark.parametrize(
    ("field", "name", "born"),
    [
        ("Oleg Deripaska (1968-01-02)", "Oleg Deripaska", "1968-01-02"),
        ("Игорь Сечин (07.09.1960)", "Игорь Сечин", "07.09.1960"),
        ("Siemens AG (1847)", "Siemens AG (1847)", ""),
    ],
)
def test_a_whole_date_in_brackets_behind_a_name_is_a_birth(
    field: str, name: str, born: str
) -> None:
    found = segment_field(field)
    assert (found.pieces[0].text, found.born) == (name, born)
