# SPDX-License-Identifier: Apache-2.0
"""Joins by name and address, names made from listed ones, two parties in one field, changes of lists, GLEIF."""

import datetime as dt
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from alert_cells import rows_of
from sample_files import FOLDER

from bilat.document.feed import atom
from bilat.errors import UsageError
from bilat.formats.parties import Address, Identifier, Link, ListedParty, Listing, Name
from bilat.parties.answers.owner_file import owners
from bilat.parties.answers.run import Run
from bilat.parties.answers.screen import screen
from bilat.parties.lists.entity_resolution import resolve_parties
from bilat.parties.lists.entries import ListEntry
from bilat.parties.lists.records import record_of
from bilat.parties.lists.watchlist import Difference, compare, difference, document, only
from bilat.parties.match.index import NameIndex, Party
from bilat.parties.match.matcher import Matcher, NameQuery
from bilat.parties.names.segmentation import segment_field
from bilat.parties.ownership.share_rules import Ownership, Share
from bilat.parties.queries.query import Query
from bilat.parties.screening.rows import Cut
from bilat.parties.screening.screener import Screener
from bilat.when import AsOf


def held(
    key: str,
    *names: str,
    lists: tuple = (Listing("OFAC SDN", "P"),),
    place: str = "",
    state: str = "RU",
    numbers: tuple = (),
    links: tuple = (),
    schema: str = "Company",
) -> ListEntry:
    party = ListedParty(
        key,
        schema,
        tuple(Name(n) for n in names),
        "line 1",
        addresses=(Address(place, "", state),) if place else (),
        countries=(state,),
        identifiers=tuple(Identifier(*n) for n in numbers),
        listings=lists,
        links=links,
    )
    return ListEntry(party, key.split("-")[0], "s" * 64, "2024-01-01")


def groups(*entries: ListEntry) -> list[list[str]]:
    return [sorted(m.party.id for m in j.members) for j in resolve_parties(entries)]


# -- joins -------------------------------------------------------------------------------------------------


def test_a_name_but_for_its_legal_form_joins_at_one_address_only() -> None:
    one = held("ofac-1", "State Corporation Rostec", place="24 Usacheva Str., Moscow 119048")
    same = held(
        "csl-1",
        "Rostec (Russian Technologies State Corporation)",
        place="24 Usacheva Street, Moscow, 119048",
    )
    elsewhere = held("csl-1", "Rostec", place="3 Lenina Street, Omsk, 644000")
    assert groups(one, same) == [["csl-1", "ofac-1"]]
    assert groups(one, elsewhere) == [["ofac-1"], ["csl-1"]]
    assert resolve_parties([one, same])[0].reasons == (
        "same name but for its legal form, and same address (RUS)",
    )


def test_lists_joined_by_a_rare_name_are_one_party_for_an_address_too() -> None:
    """The first of them has no address; another list has its alias, and the second one's address."""
    here = "8 St. Kalinovskogo, Minsk, Belarus"
    there = "st. Kalinovskogo, 8, Minsk 220103, Belarus"
    name = "Belspetsvneshtechnika"
    listed = [
        held("ca-1", name, "Foreign Trade House Minsk LLC", state="BY"),
        held("uk-1", name, place=here, state="BY"),
        held(
            "ofac-1",
            "Kalinovskogo Exports",
            "Foreign Trade House Minsk JSC",
            place=there,
            state="BY",
        ),
    ]
    assert groups(*listed) == [["ca-1", "ofac-1", "uk-1"]]


def test_a_number_that_a_list_gives_to_two_entries_joins_the_one_whose_name_others_have() -> None:
    shared = (("inn", "7808035536"),)
    wrong = held("eu-61", "Baikal Electronics", numbers=shared)
    right = held("eu-99", "AO Kronshtadt", numbers=shared)
    other = held("ofac-1", "Joint Stock Company Kronshtadt", numbers=shared)
    own = held("ofac-2", "Baikal Electronics JSC", numbers=(("inn", "7707767484"),))
    assert sorted(groups(wrong, right, other, own))[1:] == [["eu-99", "ofac-1"], ["ofac-2"]]
    renamed = held("ofac-3", "Volga Machine Works", numbers=shared)
    assert groups(wrong, renamed) == [["eu-61", "ofac-3"]]  # no list has the number twice


def test_no_false_joins_by_core() -> None:
    """A core that three parties bear, one publisher's two, another state, another number: all stay apart."""
    place = "1 Zavodskaya Street, Tula 300000"
    one = held("ofac-1", "JSC Radiozavod Alfa", place=place)
    two = held("csl-1", "Radiozavod Alfa LLC", place=place)
    assert groups(one, two) == [["csl-1", "ofac-1"]]
    assert (
        len(groups(one, two, held("eu-1", "OOO Radiozavod Alfa", place="9 Mira, Perm 614000"))) == 3
    )
    assert len(groups(one, held("ofac-2", "Radiozavod Alfa LLC", place=place))) == 2
    assert len(groups(one, held("csl-1", "Radiozavod Alfa LLC", place=place, state="BY"))) == 2
    numbered = [
        held(key, name, place=place, numbers=(("inn", inn),))
        for key, name, inn in (
            ("ofac-1", "JSC Radiozavod Alfa", "7707083893"),
            ("csl-1", "Radiozavod Alfa LLC", "7702070139"),
        )
    ]
    assert len(groups(*numbered)) == 2
    town = [
        held("ofac-1", "JSC Radiozavod Alfa", place="Moscow"),
        held("csl-1", "Radiozavod Alfa LLC", place="Moscow"),
    ]
    assert len(groups(*town)) == 2


def test_the_han_name_of_one_entry_finds_the_other_lists_entry_too() -> None:
    both = held(
        "cn-1",
        "Alfa Precision Instruments",
        "阿尔法精密仪器",
        lists=(Listing("CN Ministry"),),
        state="US",
    )
    plain = held("csl-1", "Alfa Precision Instruments", lists=(Listing("US EL"),), state="US")
    (row,) = rows_of(Screener([both, plain]), [Query("1", "阿尔法精密仪器", 1)], Cut(5, 0.0))[
        0
    ].rows
    assert {x["party"] for x in row["listings"]} == {"cn-1", "csl-1"}


# -- persons of several lists ------------------------------------------------------------------------------


def person(
    key: str, *names: str, born: str = "", state: str = "", numbers: tuple = ()
) -> ListEntry:
    party = ListedParty(
        key,
        "Person",
        tuple(Name(n) for n in names),
        "line 1",
        countries=(state,) if state else (),
        born=born,
        identifiers=tuple(Identifier(*n) for n in numbers),
        listings=(Listing("OFAC SDN", "P"),),
    )
    return ListEntry(party, key.split("-")[0], "s" * 64, "2024-01-01")


ONE = person("ofac-1", "ZAVYALOV, Fedor Lvovich", born="07 Oct 1952", state="Russia")


@pytest.mark.parametrize(
    ("name", "born", "why"),
    [
        ("Fyodor Lvovich ZAVYALOV", "7.10.1952", "same name and date of birth"),
        ("ЗАВЬЯЛОВ Федор Львович", "1952-10-07", "same name and date of birth"),
        ("Fedor Zavyalov", "1952-10-07", "same name but for a patronymic, and same date of birth"),
        ("Fedor Lvovich Zavyalov", "7.10.1952 or 7.10.1953", "same name and date of birth"),
    ],
)
def test_a_person_of_two_lists_is_one_alert(name: str, born: str, why: str) -> None:
    (party,) = resolve_parties([ONE, person("eu-9", name, born=born)])
    assert party.reasons == (why,)


def test_an_entry_without_a_birth_is_the_one_person_of_its_full_name_and_state() -> None:
    unborn = person("uk-9", "Fedor Lvovich ZAVYALOV", state="RU")
    (party,) = resolve_parties([ONE, unborn])
    assert party.reasons == (UNDATED,)
    namesake = person("eu-7", "Fedor Lvovich Zavyalov", born="3 May 1971", state="RU")
    assert len(groups(ONE, namesake, unborn)) == 3  # nobody knows which of the two it is
    for other in (
        person("uk-9", "Fedor ZAVYALOV", state="RU"),  # no patronymic
        person("uk-9", "Fedor Lvovich ZAVYALOV", state="Iran"),
        person("ofac-9", "Fedor Lvovich ZAVYALOV", state="RU"),  # one publisher numbers them apart
    ):
        assert len(groups(ONE, other)) == 2


@pytest.mark.parametrize(
    ("name", "born", "state"),
    [
        ("Fedor Lvovich Zavyalov", "8.10.1952", ""),  # another day
        ("Fedor Lvovich Zavyalov", "1953", ""),  # another year
        ("Fedor Lvovich Zavyalov", "circa 1952", ""),  # a year in doubt
        ("Fedor Lvovich Zavyalov", "March 1952", ""),  # another month
        ("Fedor Lvovich Zavyalov", "1952", "Iran"),  # another state
        ("Fedor Zavyalov", "1952", "Russia"),  # no patronymic, a year alone
        ("Fedor Petrovich Zavyalov", "7.10.1952", ""),  # another patronymic
        ("Zavyalov", "7.10.1952", ""),  # one word
        ("F. L. Zavyalov", "7.10.1952", ""),  # initials
    ],
)
def test_another_person_stays_apart(name: str, born: str, state: str) -> None:
    assert len(groups(ONE, person("eu-9", name, born=born, state=state))) == 2


UNDATED = "same full name with patronymic, one entry without a day of birth"


@pytest.mark.parametrize("born", ["", "1952", "1952-01-01", "October 1952"])
def test_a_rare_full_name_with_a_patronymic_joins_without_state_and_day(born: str) -> None:
    (party,) = resolve_parties([ONE, person("eu-9", "Fedor Lvovich Zavyalov", born=born)])
    assert party.reasons == (UNDATED,)
    common = person("ofac-1", "IVANOV, Aleksandr Vladimirovich", born="07 Oct 1952", state="RU")
    other = person("eu-9", "Aleksandr Vladimirovich Ivanov", born=born)
    assert len(groups(common, other)) == 2  # hundreds have the name
    there = person("eu-9", "Aleksandr Vladimirovich Ivanov", born=born, state="RU")
    assert len(groups(common, there)) == 1


def test_the_lists_of_one_publisher_join_and_the_entries_of_one_list_do_not() -> None:
    def entry(key: str, name: str) -> ListEntry:
        made = person(key, "Fedor Lvovich Zavyalov", born="7.10.1952")
        listings = (Listing(name, "UKR"),)
        return replace(made, party=replace(made.party, listings=listings))

    file = entry("eu-fsf-1", "EU FSF")
    annex = entry("eu-32014R0269-2", "EU 32014R0269")
    assert groups(file, annex) == [["eu-32014R0269-2", "eu-fsf-1"]]
    assert len(groups(file, entry("eu-fsf-2", "EU FSF"))) == 2


def test_an_alias_joins_no_head_with_its_plant_where_a_list_has_both() -> None:
    head = held("csl-1", "Quark Semiconductor Corporation (QSC)", "Quark Shanghai", state="CN")
    plant = held("csl-2", "QSC Semiconductor Works (Shanghai) Co., Ltd.", state="CN")
    again = held("1260h-1", "Quark Semiconductor Corporation", state="CN")
    below = held(
        "1260h-2", "QSC Semiconductor Works (Shanghai) Co., Ltd", "Quark Shanghai", state="CN"
    )
    assert groups(head, plant, again, below) == [["1260h-1", "csl-1"], ["1260h-2", "csl-2"]]
    assert groups(head, below) == [["1260h-2", "csl-1"]]  # no list has both


def test_a_tie_leads_to_the_party_that_has_the_name_on_the_same_list() -> None:
    listed = held("ca-1", "Beta Gyroscope Plant", state="")
    meant = held("ofac-2", "Gyroscope Beta", "Beta Gyro", state="RU")
    namesake = held("ofac-9", "Beta Gyroscope Plant", state="IR")
    a = held("ofac-1", "Alfa Crucible Works", links=(Link("linked", "Beta Gyroscope Plant"),))
    screener = Screener([listed, meant, namesake, a])
    assert screener.by_id("ofac-9")["tied_count"] == 1
    assert screener.by_id("ca-1")["tied_count"] == 0


def test_what_contradicts_keeps_persons_apart() -> None:
    """One publisher's two, another tax number, a second full date in the group."""
    same = {"born": "7.10.1952"}
    name = "Fedor Lvovich Zavyalov"
    assert len(groups(person("eu-1", name, **same), person("eu-2", name, **same))) == 2
    assert groups(ONE, person("eu-1", name, **same), person("eu-2", name, **same)) == [
        ["eu-1", "ofac-1"],
        ["eu-2"],
    ]
    numbered = [
        person(key, name, **same, numbers=(("inn", inn),))
        for key, inn in (("un-1", "500100732259"), ("eu-1", "773378811204"))
    ]
    assert len(groups(*numbered)) == 2
    both = person("eu-1", name, born="7.10.1952; 7.10.1953")
    assert groups(ONE, both, person("ua-1", name, born="1953-10-07")) == [
        ["eu-1", "ofac-1"],
        ["ua-1"],
    ]


def test_a_person_of_three_lists_keeps_the_chance_of_one() -> None:
    more = [
        person("eu-9", "Fedor Lvovich ZAVYALOV", born="7.10.1952"),
        person("ua-9", "ЗАВЬЯЛОВ Федор Львович", born="1952-10-07"),
    ]
    query = [Query("1", "Fedor Lvovich Zavyalov", 1)]
    (alone,) = rows_of(Screener([ONE]), query, Cut(5, 0.0))[0].rows
    (row,) = rows_of(Screener([ONE, *more]), query, Cut(5, 0.0))[0].rows
    assert row["probability"] == pytest.approx(alone["probability"], abs=0.02)
    assert {x["party"] for x in row["listings"]} == {"ofac-1", "eu-9", "ua-9"}


# -- firms without a state, Hong Kong ----------------------------------------------------------------------


def test_a_full_name_joins_an_entry_without_a_state() -> None:
    one = held("csl-1", "Hangzhou Alfatron Digital Co., Ltd.", state="CN")
    two = held("ofac-1", "HANGZHOU ALFATRON DIGITAL CO., LTD.", state="")
    why = "same full name with its legal form, one entry without a state"
    assert [j.reasons for j in resolve_parties([one, two])] == [(why,)]
    short = held("csl-1", "Hangzhou Alfatron Digital Co., Ltd. (Alfatron)", state="CN")
    assert groups(short, two) == [["csl-1", "ofac-1"]]
    other = held("csl-1", "Hangzhou Alfatron Digital Co., Ltd. (Betatron)", state="CN")
    assert len(groups(other, two)) == 2
    third = held("eu-1", "Hangzhou Alfatron Digital Co., Ltd.", state="VN")
    assert len(groups(one, two, third)) == 3
    for name in ("Alfatron Digital Works", "Alfatron Ltd."):  # no legal form; two words
        assert len(groups(held("csl-1", name, state="CN"), held("ofac-1", name, state=""))) == 2
    assert len(groups(one, held("csl-2", "Hangzhou Alfatron Digital Co., Ltd.", state=""))) == 2


def in_china(key: str, text: str, city: str = "", state: str = "China") -> ListEntry:
    party = ListedParty(
        key,
        "Company",
        (Name("Sinoquark Electronics Co., Limited"),),
        "line 1",
        addresses=(Address(text, city, state),) if text else (),
        countries=() if text else ("CN",),
        listings=(Listing("OFAC SDN", "P"),),
    )
    return ListEntry(party, key.split("-")[0], "s" * 64, "2024-01-01")


@pytest.mark.parametrize(
    ("text", "city", "state", "codes"),
    [
        (
            "Room 3, 45 Chatham Road South, Kowloon, Hong Kong, China",
            "Kowloon, Hong Kong",
            "China",
            "CHN HKG",
        ),
        ("Unit D, 33 Lockhart Road, Hong Kong 999077, CN", "", "CN", "CHN HKG"),
        ("Avenida da Praia, Macau, China", "Macau", "China", "CHN MAC"),
        ("Unit D, 33 Lockhart Road Wan Chai, Hong Kong", "", "", "HKG"),
        ("12 Hong Kong Middle Road, Qingdao, China", "Qingdao", "China", "CHN"),
        ("9 Hong Kong Street, Singapore", "Singapore", "Singapore", "SGP"),
        ("5 Zhongshan Road, Taipei, Taiwan", "Taipei", "Taiwan", "TWN"),
    ],
)
def test_an_address_in_hong_kong_is_a_state_beside_china(
    text: str, city: str, state: str, codes: str
) -> None:
    assert (
        record_of(resolve_parties([in_china("ofac-1", text, city, state)])[0])["countries"]
        == codes.split()
    )


def test_hong_kong_agrees_with_an_address_there_and_china_alone_says_nothing() -> None:
    def row(entry: ListEntry, country: str) -> dict:
        query = Query("1", "Sinoquark Electronics", 1, country=country)
        return rows_of(Screener([entry]), [query], Cut(5, 0.0))[0].rows[0]

    def differs(found: dict) -> bool:
        return any(f["flag"] == "country_differs" for f in found["flags"])

    there = in_china("ofac-1", "Room 3, Kowloon, Hong Kong, China", "Hong Kong")
    assert not differs(row(there, "HK"))
    assert row(there, "HK")["probability"] == pytest.approx(
        row(there, "CN")["probability"], abs=1e-3
    )
    for bare in (in_china("ofac-1", ""), in_china("ofac-1", "China")):
        assert not differs(row(bare, "HK")) and not differs(row(bare, "MO"))
        bare_hk, nothing, china = (row(bare, state)["probability"] for state in ("HK", "", "CN"))
        assert bare_hk == pytest.approx(nothing, abs=1e-3) and nothing < china
        assert differs(row(bare, "TW"))
    elsewhere = in_china("ofac-1", "5 Jianguo Road, Beijing, China", "Beijing")
    assert differs(row(elsewhere, "HK")) and differs(row(there, "MO"))


# -- what stands in the field --------------------------------------------------------------------------------


def test_a_number_of_one_party_beside_the_name_of_another_brings_both() -> None:
    screener = Screener(
        [
            held("ofac-1", "Wolframite Crucible Works", numbers=(("inn", "7707083893"),)),
            held("ofac-2", "Meridian Gyroscope Plant", numbers=(("inn", "7702070139"),)),
        ]
    )
    rows = rows_of(
        screener, [Query("1", "Meridian Gyroscope Plant INN 7707083893", 1)], Cut(5, 0.5)
    )[0].rows
    assert {r["party"] for r in rows} == {"ofac-1", "ofac-2"}
    named = next(r for r in rows if r["party"] == "ofac-2")
    assert [f["flag"] for f in named["flags"]] == ["number_elsewhere"]
    assert "Wolframite Crucible Works" in named["flags"][0]["says"]
    own = rows_of(
        screener, [Query("1", "Meridian Gyroscope Plant INN 7702070139", 1)], Cut(5, 0.5)
    )[0].rows
    assert [r["party"] for r in own] == ["ofac-2"] and own[0]["probability"] > named["probability"]


def test_a_contradicting_number_lowers_a_row_and_does_not_hide_it() -> None:
    screener = Screener(
        [held("ofac-1", "Wolframite Crucible Works", numbers=(("inn", "7707083893"),))]
    )
    bare, other = (
        rows_of(screener, [Query("1", x, 1)], Cut(5, 0.1))[0].rows
        for x in ("Wolframite Crucible Works", "Wolframite Crucible Works INN 5001007322")
    )
    assert other[0]["probability"] < bare[0]["probability"]
    assert [f["flag"] for f in other[0]["flags"]] == ["identifier_conflict"]


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("KMT LLC / PO 1234567", "KMT LLC"),
        ("Mikron JSC, Invoice No. INV-20231", "Mikron JSC"),
        ("Контракт 643/2021 АО Завод", "АО Завод"),
        ("Order of Lenin Plant 5", "Order of Lenin Plant 5"),
    ],
)
def test_references_of_papers_are_no_name(field: str, name: str) -> None:
    assert name in [p.text for p in segment_field(field).pieces]


def test_a_list_of_one_finds_a_misspelt_name() -> None:
    matcher = Matcher(NameIndex([Party("1", "Company", ("Gasprom JSC",))]))
    assert len(matcher.pairs([NameQuery("OAO Gazprom", "Company")]).query)


def test_one_name_is_counted_as_one() -> None:
    assert (
        Run(queries=1, rows=1, names=Counter(match=1)).summary()[0]
        == "1 name: 1 very probable (1 alert)"
    )
    assert (
        Run(queries=2000, names=Counter(none=2000)).summary()[0]
        == "2,000 names: 2,000 not found (0 alerts)"
    )


# -- the lists ---------------------------------------------------------------------------------------------

LISTS = [
    "ofac_sdn/sdn_2024-05-03.csv", "ofac_consolidated/cons_prim.csv", "us_csl/us_csl_2022-04.csv.gz",
    "bis_dpl/bis_dpl.txt", "eu_sanctions/32001R2580.csv", "un_sc/UN_consolidated.xml",
    "ua_war_sanctions/war_sanctions_targets_2026-03.csv", "cn_countermeasures/cn_sanctions.csv",
    "jp_export_bans/mofa_russia_2025-09.txt", "us_1260h/dod_1260h.csv", "us_1286/section_1286.csv",
    "us_mieu/bis_mieu.csv", "../parties/samples/UK-Sanctions-List.csv", "../parties/samples/seco.xml",
    "../parties/samples/sdn_advanced.xml", "../parties/samples/eu_financial.xml",
]  # fmt: skip


@pytest.mark.parametrize("file", LISTS)
def test_each_publishers_answer_is_screened_against(file: str) -> None:
    """The sample of every list is told by its content, and the parties on it are found by their own names."""
    from bilat.formats.parties.formats import load
    from bilat.parties.lists.entries import held_parties

    path = FOLDER / file
    entries, used = held_parties(
        [str(path)], AsOf("2026-01-01") if "bis_dpl" in file else None, None
    )
    assert used[0].parties == len(entries) <= len(list(load(path)))
    named = [h for h in entries if h.party.name.strip() and h.party.names[0].kind != "none"][:5]
    screener = Screener(entries)
    for h in named:
        (found,), _ = screener.find([Query("1", h.party.name, 1)])
        ids = {i for c in found.candidates[:5] for i in screener.record(c.party)["ids"]}
        assert h.party.id in ids, h.party.name


# -- ownership ---------------------------------------------------------------------------------------------


def lei(stem: str) -> str:
    n = int("".join(str(int(c, 36)) for c in stem + "00"))
    return stem + f"{98 - n % 97:02}"


def test_an_owner_is_found_by_its_lei_and_a_tie_of_the_list_is_no_share(tmp_path: Path) -> None:
    owner = lei("5299000000CCCCCCCC")
    (tmp_path / "links.csv").write_text(f"owner,owned,low,high\n{owner},Firm,60,60\n")
    party = held("ofac-9", "Owner", numbers=(("lei", owner),), links=(Link("linked", "Somebody"),))
    answer = owners(tmp_path / "links.csv", "Firm", Screener([party]), AsOf("2024-01-01"))
    ofac = next(r for r in answer["rules"] if r["rule"] == "OFAC 50 percent rule")
    text = " ".join(answer["notes"])
    assert (
        ofac["verdict"] == "covered" and "by its LEI" in text and "not ownership; no share" in text
    )


def verdicts(
    day: str, listings: dict[str, list[str]], *shares: tuple[str, str, float]
) -> dict[str, str]:
    graph = Ownership([Share(a, b, s, s) for a, b, s in shares], dt.date.fromisoformat(day))
    return {v.rule: v.verdict for v in graph.verdicts("C", listings)}


def test_regulators_examples() -> None:
    """FAQ 401, examples 1 and 2; EU Best Practices of July 2024, 25 and 25; the EU's
    answer of April 2022, 30 and 25; FAQ 398, control without ownership.
    """
    sdn, eu = {"X": ["OFAC SDN"]}, {k: ["EU 32014R0269"] for k in "XY"}
    rule, now, then = "OFAC 50 percent rule", "EU, half or more", "EU, more than half"
    assert verdicts("2024-01-01", sdn, ("X", "A", 50), ("A", "C", 50))[rule] == "covered"
    two = (("X", "A", 50), ("X", "B", 50), ("A", "C", 25), ("B", "C", 25))
    assert verdicts("2024-01-01", sdn, *two)[rule] == "covered"
    assert verdicts("2024-01-01", sdn, ("X", "C", 49))[rule] == "not covered"
    assert verdicts("2024-07-03", eu, ("X", "C", 25), ("Y", "C", 25))[now] == "covered"
    assert verdicts("2022-04-08", eu, ("X", "C", 30), ("Y", "C", 25))[then] == "covered"
    minor = Ownership([Share("X", "C", 10, 10)], dt.date(2024, 1, 1))
    control = next(v for v in minor.verdicts("C", sdn) if v.rule == rule)
    assert control.verdict == "not covered" and "control does not block" in control.control


def test_the_un_names_no_share() -> None:
    un, rule = {"X": ["UN SC"]}, "UN, owned or controlled"
    found = [verdicts("2024-01-01", un, ("X", "C", s))[rule] for s in (60, 20)]
    assert found == ["covered", "not known"]
    assert verdicts("2024-01-01", {"X": ["OFAC SDN"]}, ("X", "C", 60))[rule] == "not covered"


def test_ties_are_told_from_both_ends_and_are_no_ownership() -> None:
    a = held("ofac-1", "Alfa Crucible Works", links=(Link("linked", "BETA GYROSCOPE PLANT"),))
    screener = Screener([a, held("ofac-2", "Beta Gyroscope Plant")])
    asked = [Query("1", "Alfa Crucible Works", 1), Query("2", "Beta Gyroscope Plant", 2)]
    said = {
        f["flag"]: f["says"]
        for a in rows_of(screener, asked, Cut())
        for r in a.rows
        for f in r["flags"]
    }
    assert (
        "(ofac-2, blocked)" in said["tied_to"]
        and "Alfa Crucible Works (ofac-1)" in said["tied_from"]
    )
    assert all("not a share of ownership" in x for x in said.values())


# -- changes of the lists ------------------------------------------------------------------------------------


def own(path: Path, *parties: dict) -> str:
    path.write_text(
        "\n".join(json.dumps({"schema": "Company", "list": "MINE", **p}) for p in parties), "utf-8"
    )
    return str(path)


def test_punctuation_and_order_are_no_change_and_an_end_by_date_is_no_removal() -> None:
    order = (Listing("US DPL", "", "2014-01-01", "2022-01-01"),)
    before = [
        held("ofac-1", "Alfa, Works (Tula)", "Beta"),
        held("dpl-2", "Gamma", lists=order),
        held("ofac-3", "Delta"),
    ]
    after = [held("ofac-1", "ALFA WORKS TULA", "beta"), held("ofac-4", "Epsilon")]
    found = {(c.what, c.party) for c in difference(before, after, "2023-01-01")}
    assert found == {("ended", "dpl-2"), ("removed", "ofac-3"), ("added", "ofac-4")}
    (changed,) = difference(
        [held("ofac-1", "Alfa")], [held("ofac-1", "Alfa", links=(Link("linked", "Beta"),))]
    )
    assert (changed.field, changed.after) == ("links", ("linked: Beta",))


def test_what_a_publisher_writes_another_way_is_one_line(tmp_path: Path) -> None:
    many = [{"id": f"p{n}", "names": [f"Firm {n}"]} for n in range(40)]
    a = own(tmp_path / "a.jsonl", *many)
    later = [{**p, "names": [*p["names"], f"Firma {p['id']}"]} for p in many[1:]]
    b = own(tmp_path / "b.jsonl", *later, {"id": "new", "names": ["New"]})
    found = compare(a, b)
    assert {(c.what, c.party) for c in found.changes} == {("removed", "p0"), ("added", "new")}
    assert "names differ in 39 of 39" in found.notes[0]
    assert len(compare(a, b, form=True).changes) == 41
    assert len(found.summary()) <= 10 and found.summary()[0] == "1 party added; 1 removed"


def test_filters_and_the_feed_of_changes() -> None:
    after = [
        held("ofac-1", "Alfa <Works>", lists=(Listing("OFAC SDN", "RUSSIA-EO14024"),), state="CN"),
        held("ofac-2", "Beta", lists=(Listing("OFAC SDN", "SDGT"),), state="IR"),
    ]
    changes = difference([], after)
    assert [c.party for c in only(changes, programme="russia*", state="China", what="added")] == [
        "ofac-1"
    ]
    for wrong in ({"what": "gone"}, {"state": "Atlantis"}):
        with pytest.raises(UsageError):
            only(changes, **wrong)
    made = document(Difference(changes), "2024-01-01", "2024-02-01")
    text = atom(made)
    feed = ElementTree.fromstring(text)
    titles = [e.findtext("{*}title") for e in feed.findall("{*}entry")]
    assert [t and t.partition(" (")[0] for t in titles] == ["added: Alfa <Works>", "added: Beta"]
    assert text == atom(made) and feed.findtext("{*}updated") == "2024-02-01T00:00:00Z"


def test_rescreening_gives_the_rows_of_what_changed_alone(tmp_path: Path) -> None:
    kept = {"id": "p1", "names": ["Alfa Crucible Works"]}
    beta, gamma = (
        {"id": "p2", "names": ["Beta Gyroscope Plant"]},
        {"id": "p3", "names": ["Gamma Lathe Trust"]},
    )
    more = {**beta, "names": [*beta["names"], "Beta Giroskop"]}
    old = own(tmp_path / "old.jsonl", kept, beta, gamma)
    new = own(tmp_path / "new.jsonl", kept, more, {"id": "p4", "names": ["Delta Optics Bureau"]})
    names = [
        "Alfa Crucible Works",
        "Beta Gyroscope Plant",
        "Gamma Lathe Trust",
        "Delta Optics Bureau",
        "Green Bakery",
    ]
    queries = [Query(str(n), x, n) for n, x in enumerate(names)]
    rows: list[dict] = []
    run = screen(queries, since=old, lists=[new], emit=rows.append)
    said = {r["party"]: r["flags"][0]["says"].partition(": ")[2].split(" ")[0] for r in rows}
    assert said == {"p2": "changed", "p3": "removed", "p4": "added"}
    assert run.rows == 3 and run.names["none"] == 2
    plain: list[dict] = []
    screen(queries, lists=[new], emit=plain.append)
    both = {r["party"]: r["probability"] for r in plain}
    assert {r["party"]: r["probability"] for r in rows if r["party"] == "p4"} == {
        "p4": pytest.approx(both["p4"], abs=0.05)
    }
    with pytest.raises(UsageError, match="before"):
        screen(queries, since="2999-01-01")
    with pytest.raises(UsageError, match="today's file"):
        screen(queries, since=old)
