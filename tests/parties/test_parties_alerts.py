# SPDX-License-Identifier: Apache-2.0
"""What an officer reads: one alert a party, blocked never as less, bands and costs, files as they come."""

import codecs
import csv
import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import indexes
import numpy as np
import pytest
from alert_cells import rows_of
from openpyxl import Workbook, load_workbook

from bilat.catalog import source
from bilat.cli import main
from bilat.document.wording import day
from bilat.errors import DataError, UsageError
from bilat.formats.parties import Address, Identifier, ListedParty, Listing, Name
from bilat.parties.answers.run import Run
from bilat.parties.answers.screen import screen
from bilat.parties.answers.screening_answer import verdict
from bilat.parties.lists.effects import effect_of, gravest_first, in_order, link_of, meaning
from bilat.parties.lists.entity_resolution import resolve_parties
from bilat.parties.lists.entries import ListEntry, Used, list_sources
from bilat.parties.lists.list_names import title_of
from bilat.parties.match import index_file
from bilat.parties.match.chance import BANDS, band_of, chance
from bilat.parties.match.enrichment import enrich
from bilat.parties.match.evidence import births, weigh
from bilat.parties.match.parameters import parameters
from bilat.parties.names.segmentation import segment_field
from bilat.parties.names.states import state_of
from bilat.parties.queries.encodings import code_page
from bilat.parties.queries.headers import columns_of, parse_map
from bilat.parties.queries.query import Query, identifiers
from bilat.parties.queries.query_files import FileTraits, read_queries
from bilat.parties.screening import faults
from bilat.parties.screening.list_index import list_lines, open_screener, refuse_old
from bilat.parties.screening.rows import Cut
from bilat.parties.screening.screener import Screener
from bilat.when import AsOf


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return indexes.share(tmp_path_factory.mktemp("holdings"))


@pytest.fixture(autouse=True)
def _holdings(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILAT_HOLDINGS", str(folder))


def ask(*names: str | Query, **options) -> list[dict]:  # type: ignore[no-untyped-def]
    queries = [n if isinstance(n, Query) else Query(str(k), n, k) for k, n in enumerate(names)]
    out: list[dict] = []
    screen(queries, emit=out.append, **options)
    return out


def holds(row: dict, party: str) -> bool:  # type: ignore[type-arg]
    """Whether a row is the party of an entry: under its own id, or under one it is joined to."""
    return bool(row["party"] == party or f"publisher's id {party}" in row["joined"])


def entry(
    key: str, name: str, *listings: Listing, country: str = "", numbers: tuple = ()
) -> ListEntry:
    party = ListedParty(
        key,
        "Company",
        (Name(name),),
        "line 1",
        addresses=(Address("x", "", country),) if country else (),
        identifiers=tuple(Identifier(*n) for n in numbers),
        listings=listings,
    )
    return ListEntry(party, key.split("-")[0], "s" * 64, "2024-01-01")


# -- effect and joins --------------------------------------------------------------------------------------


def test_two_parties_that_are_as_likely_are_banded_the_same() -> None:
    twins = Screener([entry("xx-1", "Zorbik Quandle Works"), entry("xx-2", "Zorbik Quandle Works")])
    found = rows_of(twins, [Query("1", "Zorbik Quandle Works", 1)], Cut())[0].rows
    assert [r["rank"] for r in found] == [1, 2]
    assert found[0]["probability"] == pytest.approx(found[1]["probability"], abs=1e-6)
    assert found[0]["band"] == found[1]["band"]


@pytest.mark.parametrize(
    ("name", "party"),
    [
        ("VTB BANK PUBLIC JOINT STOCK COMPANY", "ofac-17013"),
        ("PUBLIC JOINT STOCK COMPANY SBERBANK OF RUSSIA", None),
        ("Rosneft", "ofac-17022"),
        ("LUKOIL OIL COMPANY", "ofac-17248"),
        ("SURGUTNEFTEGAS", "ofac-17145"),
    ],
)
def test_parties_on_both_of_ofacs_lists_print_as_blocked_and_once(
    name: str, party: str | None
) -> None:
    of_all = ask(name)
    blocked = [r for r in of_all if r["effect"].startswith("blocked") and "OFAC SDN" in r["list"]]
    assert of_all[0]["effect"].startswith("blocked") and blocked
    assert len({r["party"] for r in of_all}) == len(of_all)
    if party:
        assert [r for r in blocked if holds(r, party) and "sectoral" in r["effect"]]
    found = ask(name, lists=["OFAC"])
    assert found[0]["effect"].startswith("blocked") and "OFAC SDN" in found[0]["list"]
    assert found[0]["link"].startswith("https://sanctionssearch.ofac.treas.gov/Details.aspx?id=")
    assert len({r["party"] for r in found}) == len(found)
    if party:
        # A single short word is the name of firms that are not listed too: what it is worth is measured.
        bands = (
            ("match", "likely")
            if " " in name or len(name) > 10
            else ("match", "likely", "possible")
        )
        assert found[0]["party"] == party and found[0]["band"] in bands
        assert "sectoral" in found[0]["effect"] and "publisher's id" in found[0]["joined"][0]


#: Names as a list writes them: bare aliases beside a longer name of the same tokens, acronyms, one ordinary word,
#: and names that hold a street, a number or a web address.
AS_LISTED = [
    "LUKOIL", "lukoil", "ROSNEFT", "VTB BANK", "PJSC SBERBANK", "Huawei Device Co., Ltd.", "KALASHNIKOV CONCERN",
    "PJSC ALROSA", "Public Joint Stock Company Gazprom Neft", "State Corporation Rostec", "GAZ PAO", "LLC Synesis",
    "SOFIA", "ELA", "AUC", "Main Street 1095", "MILITARY UNIT NUMBER 52688", "WWW.CUBA-SHOP.NET",
    "33rd Light Infantry Division of the Burmese Army",
]  # fmt: skip


def test_a_name_written_as_listed_always_comes_out_and_is_never_unlikely() -> None:
    found = ask(*AS_LISTED)
    for n, name in enumerate(AS_LISTED):
        mine = [r for r in found if r["query_id"] == str(n)]
        said = {
            r["band"]
            for r in mine
            if name.casefold()
            in {x.casefold() for x in (r["name"], r["name_matched"], *r["aliases"])}
        }
        assert said, name
        assert "unlikely" not in {r["band"] for r in mine if r["agreement"] == "exact"}, name


@pytest.mark.parametrize(
    "field",
    [
        '=HYPERLINK("http://x","VTB Bank")',
        "<b>VTB&nbsp;Bank</b>",
        "<script>alert(1)</script> VTB Bank",
        "<VTB Bank>",
    ],
)
def test_a_name_inside_a_link_or_marks_is_found(field: str) -> None:
    found = ask(field)
    assert found and holds(found[0], "ofac-17013") and found[0]["band"] in ("match", "likely")


def test_ordinary_names_give_hardly_a_row() -> None:
    """A hundred and eighty invented people and firms, none written as a listed one."""
    given = [
        "Anna",
        "Karel",
        "Ingrid",
        "Mateusz",
        "Giulia",
        "Pierre",
        "Hanneke",
        "Tomas",
        "Eszter",
        "Nils",
    ]
    family = [
        "Novakova",
        "Lindqvist",
        "Kowalczyk",
        "Rossetti",
        "Dubois",
        "Vandenberg",
        "Horvath",
        "Nyman",
        "Steiner",
        "Okafor",
    ]
    places = [
        "Brno",
        "Malmo",
        "Gdansk",
        "Torino",
        "Nantes",
        "Utrecht",
        "Szeged",
        "Turku",
        "Graz",
        "Coventry",
    ]
    trades = [
        "Bakery",
        "Garden Furniture",
        "Dental Supplies",
        "Bicycle Repair",
        "Wine Merchants",
        "Printing House",
        "Carpentry",
        "Flower Shop",
        "Toy Workshop",
        "Dairy",
    ]
    names = [f"{g} {f}" for g in given for f in family] + [
        f"{p} {t} Ltd" for p in places for t in trades
    ]
    found = ask(*names)
    assert len({r["query_id"] for r in found}) <= 2
    assert not [r for r in found if r["band"] in ("match", "likely")]


def test_every_listing_held_has_an_effect_and_every_effect_a_meaning() -> None:
    opened = open_screener(None, None, None)
    told = {e for n in range(len(opened.screener)) for e in opened.screener.record(n)["effects"]}
    assert (
        told <= set(gravest_first())
        and {"blocked", "sectoral", "export licence", "investment ban"} <= told
    )
    assert all(meaning(e) for e in gravest_first())
    assert effect_of("EU 32014R0833", "EU-RUS IV") == "export licence"
    assert (
        effect_of("EU 32014R0269", "EU-UKR I") == "blocked"
        and effect_of("nothing known", "") == "listed"
    )
    assert in_order(["sectoral", "blocked"]) == ["blocked", "sectoral"]
    assert link_of("EU 32014R0833", "EU-RUS IV", "eu-1").endswith("CELEX:32014R0833")


def test_entries_are_joined_by_number_and_by_name_and_kept_apart_where_they_contradict() -> None:
    one = entry(
        "ofac-1",
        "Alfa Machine Works",
        Listing("OFAC SDN"),
        country="Russia",
        numbers=(("inn", "7707083893"),),
    )
    same = entry(
        "eu-1",
        "Alfa Mashzavod",
        Listing("EU 32014R0833", "EU-RUS IV"),
        numbers=(("inn", "7707083893"),),
    )
    named = entry("csl-1", "ALFA MACHINE WORKS", Listing("US EL"), country="RU")
    other = entry("ua-1", "Alfa Machine Works", country="RU", numbers=(("inn", "7702070139"),))
    twin = entry("ofac-2", "Alfa Machine Works", Listing("OFAC SDN"), country="Russia")
    found = resolve_parties([one, same, named, other, twin])
    assert [[m.party.id for m in j.members] for j in found] == [
        ["ofac-1", "csl-1", "eu-1"],
        ["ua-1"],
        ["ofac-2"],
    ]
    assert found[0].reasons == ("same inn 7707083893", "same name and country (RUS)")


# -- probability, bands ------------------------------------------------------------------------------------


def test_clean_names_give_no_row_and_the_summary_counts_the_bands() -> None:
    out: list[dict] = []
    names = ["Patricia Hoffmann", "Green Valley Bakery Ltd", "Oskar Lindqvist", "上海小蜜蜂餐饮"]
    names.append("VTB BANK PUBLIC JOINT STOCK COMPANY")
    run = screen([Query(str(n), x, n) for n, x in enumerate(names)], emit=out.append)
    assert {r["query_id"] for r in out} == {"4"}
    assert run.names["none"] == 4 and sum(run.names.values()) == 5
    assert "4 not found" in run.summary()[0] and any(
        "Of 10,000 unlisted names" in x for x in run.summary()
    )


def test_bands_are_ordered_and_their_cost_falls_with_the_probability() -> None:
    least = [p for _, p in BANDS]
    assert (
        least == sorted(least, reverse=True)
        and band_of(1.0) == "match"
        and band_of(0.0) == "unlikely"
    )
    for name in ("person", "other", "han", "word"):
        costs = [chance().costs(p, 0.01)[name] for p in (0.9, 0.5, 0.1)]
        assert [c[0] for c in costs] == sorted(c[0] for c in costs)
        assert [c[1] for c in costs] == sorted(c[1] for c in costs)
    assert chance().costs(0.5, 0.5)["other"][1] > chance().costs(0.5, 0.01)["other"][1]
    for name, (alerts, found) in chance().costs(1.0, 0.01).items():
        assert alerts <= chance().costs(0.9, 0.01)[name][0]
        assert found <= chance().costs(0.9, 0.01)[name][1]
    for name, (alerts, found) in chance().costs(0.0, 0.01).items():
        assert alerts >= chance().costs(0.1, 0.01)[name][0]
        assert found >= chance().costs(0.1, 0.01)[name][1]


def test_the_base_rate_moves_the_probability_and_rows_never_exceed_the_name() -> None:
    low, high = (ask("Angstrem", base_rate=r, threshold=0)[0] for r in (0.001, 0.2))
    assert low["probability"] < high["probability"] and low["party"] == high["party"]
    rows = ask("Huawei", "VTB Bank", threshold=0)
    for query in {r["query_id"] for r in rows}:
        own = [r for r in rows if r["query_id"] == query]
        assert sum(r["probability"] for r in own) <= own[0]["listed"] + 1e-5
    with pytest.raises(UsageError, match="base rate"):
        ask("x", base_rate=1.0)


# -- names as they come ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "piece", "numbers"),
    [
        ("АО Микрон ИНН 7735007358", "АО Микрон", [("inn", "7735007358")]),
        ("ROSTEC CORP TEL +7 (495) 287-25-25", "ROSTEC CORP", []),
        ("GLOBAL TRANSIT FZE C/O ALMAZ ANTEY", "ALMAZ ANTEY", []),
        ("Mercator Supply t/a Tactical Missiles Corporation", "Tactical Missiles Corporation", []),
        (
            "Kalashnikov Concern, 3 Deryabina proezd, Izhevsk 426006, Russia",
            "Kalashnikov Concern",
            [],
        ),
        ("ATTN: MR. PETROV, MILANDR JSC, PURCHASING", "MILANDR JSC", []),
        ("M/V SPARTA IV IMO 9301615", "SPARTA IV", [("imo", "9301615")]),
        ("ПАО Сбербанк (филиал в г. Казань)", "ПАО Сбербанк", []),
        ("VTB BANK SWIFT VTBRRUMM", "VTB BANK", [("swift", "VTBRRUMM")]),
        ("Mikron JSC Zelenograd", "Mikron JSC", []),
        ("Mr John Smith passport 4509 123456", "John Smith", [("passport", "4509 123456")]),
        (
            "Иван Петров P/P 75 8026070 issued by MVD 770-001",
            "Иван Петров",
            [("passport", "75 8026070")],
        ),
        ("1/MIKRON JSC\n2/LENINA STREET 6\n3/RU/MOSCOW", "MIKRON JSC", []),
        ("A/C 40702810900000012345 MIKRON JSC", "MIKRON JSC", []),
        ("HS 8542.31 MIKRON JSC", "MIKRON JSC", []),
        ("MIKRON JSC 12/03/2024 14:33", "MIKRON JSC", []),
        ("MIKRON JSC DAP ALMATY", "MIKRON JSC", []),
        ("[CUST-10023] MIKRON JSC *** CREDIT HOLD ***", "MIKRON JSC", []),
        ("ULTIMATE CONSIGNEE: MIKRON JSC", "MIKRON JSC", []),
        ("BILL TO MIKRON JSC", "MIKRON JSC", []),
        ("8) MIKRON JSC", "MIKRON JSC", []),
        ("MIKRON JSC MIKRON JSC", "MIKRON JSC", []),
        ("ORIENT LOGISTICS LLP AS AGENT FOR MIKRON JSC", "MIKRON JSC", []),
        ("Firma MIKRON JSC z.Hd. Herrn Schmidt", "MIKRON JSC", []),
        ("MIKRON JSC Kunden-Nr. 5817", "MIKRON JSC", []),
        ("MIKRON JSC_RU_130", "MIKRON JSC", []),
        ("MIKRON JSC EUR 50.125,00", "MIKRON JSC", []),
        ("2 CTNS MIKRON JSC", "MIKRON JSC", []),
        ("MIKRON JSC\tLOT B\tRUSSIA", "MIKRON JSC", []),
        ("CN|712041|Sergey Anatolyevich LUKIN|RU", "Sergey Anatolyevich LUKIN", []),
        ("MIKRON JSC P/A ALFA SHIPPING", "MIKRON JSC", []),
        ("SKYLINE CARGO LTD obo MIKRON JSC", "MIKRON JSC", []),
        ("4222 MIKRON JSC FCA 3004.90 35 PCS 2025-01-10", "MIKRON JSC", []),
        ("EXPRESS LOGISTICS FZE for acct of Sorokin Dmitrii", "Sorokin Dmitrii", []),
        ("Sorokin Dmitrii via GLOBAL FREIGHT LLC", "Sorokin Dmitrii", []),
        ("Sorokin Dmitrii (a member of Delta Group)", "Sorokin Dmitrii", []),
        ("Sorokin Sorokin Dmitrii Dmitrii", "Sorokin Dmitrii", []),
        ("12 Karl Marx Street, Minsk, ROMASHKA GROUP", "ROMASHKA GROUP", []),
        ("Sorokin Dmitrii Reg. No. HRB 12345", "Sorokin Dmitrii", []),
    ],
)
def test_a_name_field_is_taken_apart(field: str, piece: str, numbers: list) -> None:
    found = segment_field(field)
    assert piece in [p.text for p in found.pieces] and list(found.numbers) == numbers


def test_a_plain_name_stays_as_written_and_hostile_ones_end() -> None:
    for name in (
        "Huawei Technologies Co., Ltd.",
        "Al-Qaida",
        "JSC Mikron",
        "3M Company",
        "Societe des Petroles",
        "VIA Technologies Inc.",
    ):
        assert segment_field(name).pieces[0].text == name
    for name in ("", " ", ",,,;;", "(" * 300, "C/O " * 100, "12" * 400, "Тел" * 200):
        assert len(segment_field(name).pieces) <= 6


def test_a_listed_name_before_a_colon_is_still_compared() -> None:
    pieces = segment_field("VTB Bank: payment of May").pieces
    assert "VTB Bank" in [p.text for p in pieces]


def test_what_the_field_carries_is_used() -> None:
    query = enrich(Query("1", "Vladimir Putin DOB 07.10.1952, INN 7707083893", 1))
    assert query.born == "07.10.1952" and query.identifiers[0].value == "7707083893"
    field = "Some Forwarder C/O VTB BANK PUBLIC JOINT STOCK COMPANY TEL +7 495 7777777"
    assert holds(ask(field)[0], "ofac-17013")
    assert (
        identifiers("ИНН 7736185530")[0].kind == "inn"
        and identifiers("swift:VTBRRUMM")[0].value == "VTBRRUMM"
    )


def test_joined_and_split_words_are_found() -> None:
    assert ask("MAHANAIR", lists=["ofac_sdn"])[0]["name"] == "MAHAN AIR"
    assert "bank" in ask("Gazprom Bank")[0]["name"].lower()
    for name in ("VTBBANK", "CASPIANAIRLINES"):
        assert ask(name)[0]["agreement"] == "exact", name


def test_words_run_together_are_found_however_many_lists_name_the_party() -> None:
    assert ask("MAHANAIR")[0]["name"].upper() == "MAHAN AIR"
    assert not ask("MAHALAIR")


@pytest.mark.parametrize(
    "field",
    [
        "VTB Bank; Huawei Technologies Co Ltd",
        "VTB Bank / Huawei Technologies Co Ltd",
        "VTB Bank\nHuawei Technologies Co Ltd",
    ],
)
def test_two_listed_parties_in_one_field_both_come_out(field: str) -> None:
    found = ask(field, top=10)
    parts = {r["matched_by"] for r in found}
    assert (
        "part of the field: VTB Bank" in parts
        and "part of the field: Huawei Technologies Co Ltd" in parts
    )
    by_part = {part: [r for r in found if r["matched_by"] == part] for part in parts}
    for rows in (
        by_part.values()
    ):  # each piece has its own chance, and its likeliest party the band of that
        assert rows[0]["band"] in ("match", "likely") and sum(r["probability"] for r in rows) <= 1
    assert found[0]["listed"] >= max(r["probability"] for r in found)


def test_a_word_that_is_a_listed_name_but_for_its_legal_form_always_comes_out() -> None:
    found = ask("Sberbank")
    assert found and found[0]["effect"].startswith("blocked")
    own = [r for r in found if "SBERBANK" in r["name"].upper()]
    other = {r["list"] for r in own if not r["effect"].startswith("blocked")}
    # What names no state and no number is joined to nobody; its own list does not block.
    assert other <= {"EU 32014R0833"}
    assert found[0]["agreement"] == "exact"


@pytest.mark.parametrize(
    ("name", "party"),
    [
        *((n, "Rostec") for n in ("Ростех", "Госкорпорация Ростех", "ROSTEC STATE CORP.")),
        *((n, "ROSNEFT") for n in ("NK Rosneft", "НК Роснефть", "ПАО НК Роснефть")),
        *((n, "VTB BANK") for n in ("PJSC VTB", "VTB PJSC")),
    ],
)
def test_a_listed_word_with_a_legal_form_or_in_its_own_script_comes_out_as_the_bare_word(
    name: str, party: str
) -> None:
    found = [r for r in ask(name) if party.casefold() in r["name"].casefold()]
    assert found and found[0]["effect"].startswith("blocked")


def test_a_legal_form_that_contradicts_the_listed_one_and_initials_before_another_name_bring_nothing() -> (
    None
):
    assert ask("JSC Mikron") and not ask("Mikron GmbH")
    assert not ask("NK Maribor") and not ask("Грантех")
    # Lists of 2026 write the bare word Rostec as a name: no form contradicts it, and it is no match.
    bare = ask("Rostec GmbH")
    assert bare[0]["name_matched"] == "Rostec" and "match" not in {r["band"] for r in bare}


def test_a_listed_word_beside_a_listed_party_comes_out_and_alone_it_is_weighed_as_measured() -> (
    None
):
    found = ask("VTB Bank; Sberbank", top=10)
    assert any("SBERBANK" in r["name"].upper() and r["effect"].startswith("blocked") for r in found)
    first = ask("VTB")[0]
    assert holds(first, "ofac-17013") and first["effect"].startswith("blocked")
    assert first["agreement"] in ("exact", "short") and first["band"] != "unlikely"


def test_a_bill_to_order_is_asked_by_its_name() -> None:
    assert segment_field("To the order of VTB Bank").pieces[0].text == "VTB Bank"
    assert holds(ask("To order of VTB Bank")[0], "ofac-17013")
    assert (
        segment_field("Order of Saint George Foundation").pieces[0].text
        == "Order of Saint George Foundation"
    )


# -- birth, state, place -----------------------------------------------------------------------------------


def test_a_birth_and_a_state_speak_for_or_against() -> None:
    bare, same, other = (
        ask(Query("1", "Vladimir Putin", 1, born=b), threshold=0, lists=["ofac_sdn"])[0]
        for b in ("", "1952-10-07", "1999-01-01")
    )
    assert other["probability"] < bare["probability"] < same["probability"]
    assert "birth_differs" in [f["flag"] for f in other["flags"]]
    brazilian = Query("1", "Vladimir Putin", 1, nationality="BR")
    far = ask(brazilian, threshold=0, lists=["ofac_sdn"])[0]
    assert far["probability"] < bare["probability"] and "country_differs" in [
        f["flag"] for f in far["flags"]
    ]


@pytest.mark.parametrize(
    ("born", "capped"),
    [
        ("1950-01-01", True),
        ("1906-09-07", False),  # the listed 07 Sep 1960 with two digits turned round
        ("1960-09-08", False),
        ("1950", False),  # a year alone is no full date
        ("1960-09-07", False),
    ],
)
def test_a_full_birth_that_contradicts_the_listed_one_is_at_most_unlikely(
    born: str, capped: bool
) -> None:
    query = Query("1", "Sechin Igor Ivanovich", 1, born=born)
    row = ask(query, threshold=0, lists=["ofac_sdn"])
    row = [r for r in row if r["born"] == ["07 Sep 1960"]]
    assert row
    if capped:
        assert row[0]["band"] == "unlikely"
        assert row[0]["probability"] < 0.1 and row[0]["listed"] < 0.1
        assert "birth_differs" in {f["flag"] for f in row[0]["flags"]}
    else:
        assert row[0]["band"] != "unlikely"  # what does not contradict is weighed and caps nothing


def test_of_all_lists_an_entry_whose_birth_is_contradicted_is_at_most_possible() -> None:
    query = Query("1", "Sechin Igor Ivanovich", 1, born="1950-01-01")
    rows = [r for r in ask(query, threshold=0) if r["born"]]
    assert rows and not [r for r in rows if r["band"] in ("match", "likely")]


def test_of_all_lists_none_accuses_whom_his_birth_clears() -> None:
    query = Query("1", "Sechin Igor Ivanovich", 1, born="1950-01-01")
    rows = ask(query, threshold=0)
    assert not [r for r in rows if r["band"] in ("match", "likely")]


def test_dates_are_read_as_lists_write_them() -> None:
    assert births("07 Oct 1952")[0].whole and births("1952-10-07") == births(
        "07 Oct 1952"
    ) == births("7.10.1952")
    assert (
        births("circa 1965")[0].first == 1963
        and births("1962 to 1964")[0].last == 1964
        and births("x") == ()
    )
    record = {
        "born": ["07 Oct 1952"],
        "countries": ["RUS"],
        "addresses": [["Moscow, Russia", False]],
        "identifiers": ["inn:1"],
    }
    query = Query(
        "1",
        "x",
        1,
        born="10.07.1952",
        country="Russia",
        place="Moscow",
        identifiers=(Identifier("inn", "2"),),
    )
    assert {w.what: w.factor > 1 for w in weigh(query, record)} == {
        "birth": True,
        "state": True,
        "place": True,
        "number": False,
    }


def test_a_date_run_together_is_read_and_one_that_could_be_two_is_not() -> None:
    assert births("19650103") == births("1965-01-03")
    assert [
        births(t) for t in ("3 Jan 65", "unknown", "23745", "03011965", "20101965", "19651301")
    ] == [()] * 6


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("643", "RUS"),
        ("004", "AFG"),
        ("4", None),
        ("842", None),
        ("251", None),
        ("XX", None),
        ("Zangaro", None),
        ("Российская Федерация", "RUS"),
        ("Russische Föderation", "RUS"),
        ("ایران", "IRN"),
        ("Hong Kong SAR", "HKG"),
        ("EU", None),
        ("USSR", None),
        ("SUN", None),
        ("World", None),
        ("Корея", None),
        ("کره", None),
        ("XKX", "XKX"),
        ("Россия", "RUS"),
        ("Russland", "RUS"),
        ("КНР", "CHN"),
    ],
)
def test_states_are_read_as_files_write_them(text: str, code: str | None) -> None:
    assert state_of(text) == code


@pytest.mark.parametrize("text", ["EU", "USSR", "World", "XX"])
def test_what_is_no_state_of_today_neither_agrees_nor_contradicts(text: str) -> None:
    countries = ["RUS", "SUN", "EU27"]
    record = {"born": [], "countries": countries, "addresses": [], "identifiers": [], "names": []}
    assert weigh(Query("1", "x", 1, country=text), record) == []
    gone = {**record, "countries": ["SUN"]}
    assert weigh(Query("1", "x", 1, country="RU"), gone) == []


def test_values_that_cannot_be_read_are_counted_and_named_with_their_rows() -> None:
    seen = Run()
    values = ["RU", "Zangaro", "XX", "XX", "EU; DE", "a", "b", "c"]
    queries = [
        Query(str(n), "x", n, country=v, born="unknown" if n == 3 else "")
        for n, v in enumerate(values, 1)
    ]
    seen.add(queries, [])
    assert [*seen.left_out()] == [
        "in 7 rows, we could not read the country and did not use it: Zangaro (row 2), XX (row 3), "
        "EU (row 5), a (row 6), b (row 7) ...",
        "in 1 row, we could not read the date of birth and did not use it: unknown (row 3)",
    ]


def test_only_a_field_that_names_nobody_is_searched_for_another_role(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The search reads a whole table of headers: for each name of a file it took most of a run."""
    searched: list[str] = []
    monkeypatch.setattr(faults, "role_meant", searched.append)
    columns = columns_of("rows.csv", ["Consignee", "Notify party"])
    names = ["Elite Global Limited", "same as consignee"]
    queries = [Query(str(n), name, n, columns=columns) for n, name in enumerate(names, 1)]
    seen = Run()
    seen.add(queries, [])
    assert searched == ["same as consignee"]
    assert seen.faults.rows == {faults.NO_NAME: 1}


def test_every_parameter_says_its_range_unit_and_origin() -> None:
    for name, p in parameters().items():
        assert p["low"] <= p["value"] <= p["high"] and p["unit"] and p["origin"], name


# -- files as officers have them ---------------------------------------------------------------------------


def test_likely_headers_are_guessed_and_told_and_others_named() -> None:
    found = columns_of("f", ["Invoice No", "Consignee", "Ctry", "Weight"])
    assert found.fields == ("query_id", "name", "country", "") and "Weight" in found.notes()[1]
    assert columns_of("f", ["A", "B"], [("name", "B")]).fields == ("", "name")
    assert columns_of("f", ["name", "Gender"]).notes() == ["columns that we do not use: Gender"]
    odd = ["Firmenname", "Steuernr. (INN)", "SWIFT/BIC", "E-Mail"]
    assert columns_of("f", odd).parties == (
        ("name", "identifiers", "", ""),
        ("", "", "identifiers", ""),  # a bank's code is no customer's
    )
    assert columns_of("f", ["Ref", "Company / vendor", "Country"]).fields == (
        "query_id",
        "name",
        "country",
    )
    with pytest.raises(DataError, match="no column 'X'"):
        columns_of("f", ["name"], [("name", "X")])
    assert parse_map("name=Consignee, country=Ctry") == [("name", "Consignee"), ("country", "Ctry")]
    for bad in ("country=Ctry,country=Land", "name", "colour=x", "name="):
        with pytest.raises(UsageError):
            parse_map(bad)


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp1251", "Акционерное общество Калашников, Ижевск, завод"),
        ("cp866", "Акционерное общество Калашников завод"),
        ("gb18030", "北京航空航天科技有限公司 中国电子技术"),
        ("utf-16", "АО Микрон"),
        ("utf-8", "АО Микрон"),
        ("cp1252", "Société Générale électricité à façade"),
    ],
)
def test_code_pages_are_told_by_their_bytes(tmp_path: Path, encoding: str, name: str) -> None:
    path = tmp_path / "q.csv"
    path.write_bytes(f"name;country\n{name};RU\n".encode(encoding))
    seen = FileTraits()
    (query,) = read_queries(path, seen=seen)
    assert query.name == name
    assert codecs.lookup(code_page(path).removesuffix("-sig")).name == codecs.lookup(encoding).name
    assert bool(seen.notes("q.csv")) == (encoding != "utf-8")


def test_a_workbook_goes_in_and_a_formatted_one_comes_out(tmp_path: Path) -> None:
    book, path, out = Workbook(), tmp_path / "in.xlsx", tmp_path / "out.xlsx"
    book.active.append(["Ref", "Consignee", "DOB", "INN"])
    book.active.append([7, "Vladimir Putin", dt.datetime(1952, 10, 7), None])
    book.active.append([8, "Green Valley Bakery Ltd", None, 7702070139])
    book.save(path)
    run = screen(path, out=out)
    assert run.names["match"] >= 1 and any("Consignee → consignee’s name" in n for n in run.notes)
    read = load_workbook(out)
    names = [[c.value for c in r] for r in read["consignments"].iter_rows()]
    assert names[0][:3] == ["row", "reference", "result"] and names[1][:2] == [2, "7"]
    assert names[0][-4:] == ["Ref", "Consignee", "DOB", "INN"]
    assert (
        names[2][1] == "8"
        and read["consignments"].freeze_panes == "C2"
        and "days old" in read["lists"]["A1"].value
    )
    assert any("blocked" in str(r[0].value) for r in read["how to read it"].iter_rows())


# -- lists: age, index, cores ------------------------------------------------------------------------------


def test_the_age_of_the_lists_comes_first_and_old_ones_can_be_refused() -> None:
    used = [
        Used("ofac_sdn", "2025-11-30", "2025-10-21", 5, "including 2 more"),
        Used("bis_dpl", "2019-06-05", "2019-06-05", 1),
    ]
    first, *rest = list_lines(used, dt.date(2025, 10, 31))
    assert first == (
        "We used two lists. The latest is “Specially Designated Nationals and Blocked Persons”, as "
        "of 21 October 2025 (10 days old). The oldest is “Denied persons”, as of 5 June 2019 "
        "(2,340 days old)"
    )
    assert "data to 2025-10-21; including 2 more" in rest[0]
    refuse_old(used[:1], dt.date(2025, 10, 31), 10)
    with pytest.raises(DataError, match=r"bis_dpl: is .*, where `max_age` is 10"):
        refuse_old(used, dt.date(2025, 10, 31), 10)


def test_a_name_that_is_not_found_says_to_which_day_each_list_is_known() -> None:
    """The newest list alone would say that the oldest is known as far."""
    run = screen(["Qwxzy Vorplunk"])
    said = str(verdict([], run.blind))
    assert said.startswith("NOT FOUND") and len(run.lists) > 3
    for used in (u for u in run.lists if u.content):
        assert f"{title_of(used.source)}, {day(used.freshness.current_on)}" in said
    sdn = next(u for u in run.lists if u.source == "ofac_sdn")
    assert f"{day(sdn.content)} ({sdn.more})" in said
    unseen = set(list_sources()) - {u.source for u in run.lists if u.parties}
    assert unseen, "some lists are not with the package"
    for name in unseen:  # whatever other list of its publisher was looked at
        by_hand = said.index("To see how to download")
        assert (said.index(title_of(name)) < by_hand) == bool(source(name).current), name


def test_the_embedded_sdn_list_is_dated_by_its_content() -> None:
    run = screen([Query("1", "x", 1)], lists=["OFAC"], emit=lambda r: None)
    sdn = next(u for u in run.lists if u.source == "ofac_sdn")
    assert (sdn.edition, sdn.content) == ("2026-07-31", "2026-07-31") and "including" in sdn.more
    with pytest.raises(DataError, match="max_age"):
        screen([Query("1", "x", 1)], max_age=1, emit=lambda r: None)


def test_names_known_from_later_editions_are_marked_as_of_a_date() -> None:
    rows = ask(
        "KASHMIR RESISTANCE FRONT", lists=["ofac_sdn"], as_of=AsOf("2023-03-15"), threshold=0.01
    )
    assert "later_edition" in [f["flag"] for f in rows[0]["flags"]]
    assert not ask(
        "Rosneft Oil Company OJSC", lists=["ofac_sdn"], as_of=AsOf("2025-12-01"), threshold="match"
    )


def test_no_name_begins_with_the_and_of_a_list() -> None:
    opened = open_screener(["us_csl"], None, None)
    assert not [n for n in opened.screener.index.names if n.startswith("and ")]


def test_the_kept_index_gives_the_same_rows_and_a_damaged_one_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BILAT_HOLDINGS", str(tmp_path))
    names = ("Huawei", "Tencent Holdings", "Hesai Technology")

    def answers() -> list[dict]:  # type: ignore[type-arg]
        return ask(*names, threshold=0, lists=["us_1260h"])

    before = answers()
    assert len({row["query"] for row in before}) == len(names)
    (path,) = (tmp_path / "index").iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert index_file.read(path) is None
    assert answers() == before
    altered = bytearray(whole)
    altered[len(whole) // 3] ^= 1
    path.write_bytes(bytes(altered))
    assert index_file.read(path) is None and answers() == before
    assert answers() == before


def test_kept_arrays_come_back(tmp_path: Path) -> None:
    values = {"a": np.arange(5), "t": ["x", "", "я"], "none": []}
    index_file.write(tmp_path / "x.index", values)
    found = index_file.read(tmp_path / "x.index")
    assert (
        found is not None
        and found["t"] == ["x", "", "я"]
        and found["a"].tolist() == [0, 1, 2, 3, 4]
    )
    assert found["none"] == [] and index_file.read(tmp_path / "y.index") is None


def test_any_number_of_processes_gives_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(["name"])
        writer.writerows(
            [[("VTB Bank", "Jane Roe", "Huawei", "Сбербанк")[n % 4]] for n in range(1500)]
        )
    outs = []
    for threads in (1, 2, 3):
        out = tmp_path / f"{threads}.jsonl"
        run = screen(path, out=out, threads=threads)
        outs.append((out.read_bytes(), run.names))
    assert outs[0] == outs[1] == outs[2] and outs[0][0]


# -- the command line --------------------------------------------------------------------------------------


def bilat(*args: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "bilat", *args], input=stdin, capture_output=True, check=False
    )


def told(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str]:
    """The exit code of a command and what it prints, without a process of its own."""
    with pytest.raises(SystemExit) as ended:
        main(list(args))
    return int(ended.value.code or 0), capsys.readouterr().out


def test_a_name_a_pipe_and_a_file_are_asked_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, shown = told(capsys, "screen", "VTB BANK PUBLIC JOINT STOCK COMPANY", "Jane Roe")
    lines = shown.splitlines()
    assert (
        code == 0 and any(x.startswith("We used ") for x in lines) and "days old" in " ".join(lines)
    )
    assert max(map(len, lines)) <= 80 and any("frozen" in x for x in lines)
    piped = bilat("screen", "-", "--json", stdin=b"VTB BANK PUBLIC JOINT STOCK COMPANY\nJane Roe\n")
    document = json.loads(piped.stdout)
    assert document["schema"] == "bilat/document/1" and "days old" in document["data"]["lists"]
    assert holds(document["data"]["rows"][0], "ofac-17013") and not piped.stderr
    path = tmp_path / "many.csv"
    path.write_text("name\n" + "VTB Bank\nJane Roe\n" * 60, "utf-8")
    _, shown = told(capsys, "screen", str(path), "--json")
    every = json.loads(shown)["data"]["rows"]
    assert len({row["query_id"] for row in every}) == 60
    path = tmp_path / "c.csv"
    path.write_bytes("Nr;Empfaenger\n1;ПАО Сбербанк\n".encode("cp1251"))
    code, mapped = told(capsys, "screen", str(path), "--map", "name=Empfaenger")
    assert code == 0 and "frozen" in mapped
    assert told(capsys, "screen", "missing.csv")[0] == 2


def test_decide_refuses_parties_that_do_not_exist(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = str(tmp_path / "log.jsonl")
    base = (
        "screen",
        "decide",
        log,
        "--query",
        "VTB",
        "--verdict",
        "false",
        "--why",
        "other bank",
        "--who",
        "Ann",
    )
    assert told(capsys, *base, "--party", "ofac-0")[0] == 1
    assert told(capsys, *base, "--party", "ofac-17013")[0] == 0
    logged = json.loads((tmp_path / "log.jsonl").read_text("utf-8"))
    assert len(logged["snapshot"]) == 64 and len(logged["entry"]) == 64
