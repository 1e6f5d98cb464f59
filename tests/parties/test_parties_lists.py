# SPDX-License-Identifier: Apache-2.0
"""Each list's true format is read whole; broken and hostile files are refused in one line."""

import gzip
import json
import re
import zipfile
from pathlib import Path

import pytest

from bilat.catalog.readers.party_list import first_held
from bilat.errors import DataError, UsageError
from bilat.formats.parties.formats import FORMATS, detect, load
from bilat.formats.parties.identifiers import (
    canonical,
    identifier_kind,
    is_imo,
    is_inn,
    is_lei,
    is_ogrn,
    is_uscc,
)
from bilat.formats.parties.json_lines import share
from bilat.formats.parties.labelled_numbers import labelled_numbers
from bilat.formats.parties.ofac import identifiers, parties, programmes
from bilat.formats.parties.record import Identifier, Listing, Name, iso_date, separate_names
from bilat.holdings import Holdings
from bilat.parties.lists.effects import effect_of

#: Small files written to the documented formats, with made-up parties.
SAMPLES = Path(__file__).parent / "samples"
REAL = [
    ("parties/ofac/sdn_2024-05-03.csv", "ofac-csv", 14965),
    ("parties/ofac/cons_prim.csv", "ofac-csv", 442),
    ("parties/ofac/us_csl_2022-04.csv.gz", "us-csl", 13958),
    ("parties/ofac/bis_dpl.txt", "bis-dpl", 543),
    ("parties/us/dod_1260h.csv", "us-1260h", 397),
    ("parties/us/section_1286.csv", "us-1286", 443),
    ("parties/us/bis_mieu.csv", "us-mieu", 13),
    ("parties/cn/cn_sanctions.csv", "cn-csv", 610),
    ("parties/un/UN_consolidated.xml", "un-xml", 1003),
    ("parties/jp/mofa_russia_2025-09.txt", "jp-txt", 561),
    ("parties/jp/mofa_third_2025-09.txt", "jp-txt", 56),
    ("parties/eu/consolidated/32014R0269.csv", "eu-csv", 2802),
    ("parties/ua/war_sanctions_targets_2026-03.csv", "ua-targets", 5600),
]


@pytest.mark.parametrize(("path", "form", "count"), REAL)
def test_the_list_is_told_by_its_content_and_read_whole(
    mirror: Path, path: str, form: str, count: int
) -> None:
    assert detect(mirror / path).name == form
    found = load(mirror / path)
    assert len(found) == count
    assert len({p.id for p in found}) == count
    assert all(p.names and p.names[0].text and p.locator and p.listings for p in found)


def test_ofac_aliases_addresses_and_numbers_join(mirror: Path) -> None:
    folder = mirror / "parties/ofac"
    found = {
        p.id: p
        for p in parties(
            folder / "sdn_2024-05-03.csv",
            "OFAC SDN",
            folder / "sdn_alt_2025-12.csv",
            folder / "sdn_add_2025-12.csv",
        )
    }
    bank = found["ofac-306"]
    assert {"BANCO NACIONAL DE CUBA", "BNC", "NATIONAL BANK OF CUBA"} <= {
        n.text for n in bank.names
    }
    assert any(a.country == "Switzerland" for a in bank.addresses)
    kinds = {i.kind for p in found.values() for i in p.identifiers}
    assert {"inn", "ogrn", "imo", "passport", "uscc"} <= kinds


def test_remarks_yield_numbers_with_their_kind() -> None:
    remarks = (
        "Tax ID No. 7707083893 (Russia); Passport 720135 (Russia) expires 2030; "
        "Vessel Registration Identification IMO 9187629; "
        "Unified Social Credit Code (USCC) 91110000802100433B (China)."
    )
    assert {(i.kind, i.value) for i in identifiers(remarks)} == {
        ("inn", "7707083893"),
        ("passport", "720135"),
        ("imo", "9187629"),
        ("uscc", "91110000802100433B"),
    }
    assert programmes("SDGT] [IRGC") == ["SDGT", "IRGC"]


def test_check_digits() -> None:
    assert is_inn("7707083893") and not is_inn("7707083894")
    assert is_inn("910308060518") and not is_inn("910308060519")
    assert is_ogrn("1027700132195") and not is_ogrn("1027700132196")
    assert is_imo("9187629") and not is_imo("9187628")
    assert is_uscc("91110000802100433B") and not is_uscc("91110000802100433C")
    assert is_lei("5493001KJTIIGC8Y1R12") and not is_lei("5493001KJTIIGC8Y1R13")
    assert canonical("other", "7707 083893") == ("inn", "7707083893")
    assert canonical("imo", "IMO 9187629") == ("imo", "9187629")
    assert identifier_kind("Tax ID No.") == "inn" and identifier_kind("Passport") == "passport"


def test_dates_of_lists() -> None:
    assert iso_date("17.3.2014") == "2014-03-17"
    assert iso_date("10/16/2017", month_first=True) == "2017-10-16"
    assert iso_date("2024") == "" and iso_date("31.2.2020") == ""


def test_first_held_edition_of_an_ofac_number() -> None:
    assert str(first_held(36)) == "2022-02-17"
    assert str(first_held(17013)) == "2023-03-15"  # a low number that came onto the list later
    assert first_held(999_999) is None


def test_shares_are_intervals() -> None:
    assert share("51%") == (51, 51) and share("50-75") == (50, 75)
    assert share("more than 50") == (50, 100) and share("up to 25") == (0, 25)
    assert share("") == (None, None) and share("majority") == (None, None)


def write(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("INN: 7719265496 OGRN: 1037719005873", (("inn", "7719265496"), ("ogrn", "1037719005873"))),
        ("OGRN - 1037719005873INN7719265496", (("ogrn", "1037719005873"), ("inn", "7719265496"))),
        ("INN7802830545", (("inn", "7802830545"),)),
        ("TIN: 7708696860", (("inn", "7708696860"),)),
        ("7708696860 (INN)", (("inn", "7708696860"),)),
        (
            "Taxpayer Identification Number 7708696860, SRN 1037719005873",
            (
                ("inn", "7708696860"),
                ("ogrn", "1037719005873"),
            ),
        ),
        ("TIN: 7708696861", (("registration", "TIN:7708696861"),)),  # its check digit is wrong
        ("HE 131171", (("registration", "HE131171"),)),
        ("7708696860", (("inn", "7708696860"),)),
        ("SWIFT/BIC – ABSLRUMM Russia License No. - 2306", (("swift", "ABSLRUMM"),)),
        ("USCC: 91440300555437169C", (("uscc", "91440300555437169C"),)),
        ("TIN:  91440300555437169C ", (("uscc", "91440300555437169C"),)),
        ("USCC: 91440300555437169D", (("registration", "USCC:91440300555437169D"),)),
        ("Printing House No. 7708696860", (("registration", "PRINTINGHOUSENO7708696860"),)),
    ],
)
def test_labelled_numbers_of_a_field(text: str, numbers: tuple[tuple[str, str], ...]) -> None:
    assert labelled_numbers("registration", text) == numbers


def test_uk_rows_of_one_unique_id_are_one_party() -> None:
    person, plant, ship = load(SAMPLES / "UK-Sanctions-List.csv")
    assert [n.text for n in person.names] == [
        "Ivan Ivanovich PETROV",
        "Иван Иванович ПЕТРОВ",
        "Ivan PETROFF",
    ]
    assert person.schema == "Person" and person.identifiers[0].value == "712345678"
    assert person.listings == (
        Listing(
            "UK Sanctions List", "The Russia (Sanctions) (EU Exit) Regulations 2019", "2022-02-24"
        ),
    )
    assert (
        plant.schema == "LegalEntity"
        and plant.listings[0].list == "UK Sanctions List, no asset freeze"
    )
    assert ship.schema == "Vessel" and ship.identifiers == (Identifier("imo", "9074729"),)
    assert [effect_of(p.listings[0].list, "") for p in (person, plant)] == ["blocked", "sectoral"]


def test_the_commissions_file_names_persons_first_in_english_and_dates_them_by_their_oldest_act() -> (
    None
):
    person, plant = load(SAMPLES / "eu_financial.xml")
    assert [(n.text, n.kind) for n in person.names] == [
        ("Ivan PETROV", "primary"),
        ("Иван ПЕТРОВ", "alias"),
        ("Vanya", "weak"),
    ]
    assert person.schema == "Person" and person.born == "1960-02-01" and person.countries == ("RU",)
    assert person.identifiers == (Identifier("passport", "712345678", "RU"),)
    assert person.addresses[0].text == "1 Lenin St, 101000, Moscow, RUSSIAN FEDERATION"
    assert person.listings == (Listing("EU FSF", "UKR", "2022-04-08"),)
    assert plant.listings == (Listing("EU FSF", "BLR", "2025-07-18"),)
    assert effect_of("EU FSF", "UKR") == "blocked"


@pytest.mark.parametrize("of", ["wholeName", "programme", "subjectType"])
def test_a_renamed_part_of_the_commissions_file_is_refused(tmp_path: Path, of: str) -> None:
    text = (SAMPLES / "eu_financial.xml").read_text("utf-8").replace(of, of.title() + "s")
    with pytest.raises(DataError, match=r"entity 9001: has no"):
        load(write(tmp_path, "eu.xml", text))


def test_swiss_targets_with_names_in_both_scripts_and_no_delisted_one() -> None:
    (party,) = load(SAMPLES / "seco.xml")
    assert [n.text for n in party.names] == ["Petrov Ivan", "Петров Иван"]
    assert party.listings[0].programme == "Ukraine" and party.listings[0].listed_on == "2022-03-04"
    assert (
        party.addresses[0].text == "1 Lenin St, Moscow, RU"
        and party.identifiers[0].kind == "passport"
    )


def test_advanced_xml_refers_by_number() -> None:
    plant, person = load(SAMPLES / "sdn_advanced.xml")
    assert [n.text for n in plant.names] == ["ALFA PLANT JSC", "АО Завод Альфа"]
    assert plant.identifiers[0].kind == "inn" and plant.addresses[0].text == "Moscow, Russia"
    assert (
        plant.listings[0].programme == "RUSSIA-EO14024"
        and plant.listings[0].listed_on == "2022-03-24"
    )
    assert plant.links[0].kind == "owner" and plant.links[0].other == "ofac-9002"
    assert person.name == "PETROV Ivan" and person.schema == "Person"


def _elements(text: str) -> list[str]:
    return sorted(set(re.findall(r"<([A-Za-z][A-Za-z-]*)[ >/]", text)))


ADVANCED = (SAMPLES / "sdn_advanced.xml").read_text("utf-8")
SWISS = (SAMPLES / "seco.xml").read_text("utf-8")
#: What a small list may lack: renamed, it cannot be told from a part that is not there.
OPTIONAL = {
    "address",
    "nationality",
    "identification-document",
    "number",
    "spelling-variant",
    "modification",
    "issuer",
    "location",
    "country",
    "address-details",
}


@pytest.mark.parametrize("element", [e for e in _elements(ADVANCED) if not e.endswith("Values")])
def test_a_renamed_element_of_the_advanced_file_is_refused(tmp_path: Path, element: str) -> None:
    renamed = re.sub(rf"<(/?){element}(?=[ >/])", rf"<\1{element}2", ADVANCED)
    with pytest.raises(DataError, match=r"[Pp]ull it again|none of the formats known") as caught:
        load(write(tmp_path, "sdn_advanced.xml", renamed))
    assert "sdn_advanced.xml" in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("element", [e for e in _elements(SWISS) if e not in OPTIONAL])
def test_a_renamed_element_of_the_swiss_list_is_refused(tmp_path: Path, element: str) -> None:
    with pytest.raises(DataError, match=r"[Pp]ull it again|none of the formats known"):
        load(
            write(
                tmp_path, "seco.xml", re.sub(rf"<(/?){element}(?=[ >/])", rf"<\1{element}2", SWISS)
            )
        )


@pytest.mark.parametrize(
    "element",
    [
        "address",
        "nationality",
        "identification-document",
        "number",
        "spelling-variant",
        "modification",
    ],
)
def test_a_part_that_none_of_many_swiss_targets_has_was_renamed(
    tmp_path: Path, element: str
) -> None:
    start, _, rest = SWISS.partition(' <target ssid="100"')
    target = ' <target ssid="100"' + rest.partition("</target>")[0] + "</target>\n"
    many = (
        start
        + "".join(target.replace("100", str(n)) for n in range(100, 200))
        + "</swiss-sanctions-list>"
    )
    assert len(load(write(tmp_path, "seco.xml", many))) == 100
    with pytest.raises(DataError, match="none of its 100 parties has"):
        load(
            write(
                tmp_path, "seco.xml", re.sub(rf"<(/?){element}(?=[ >/])", rf"<\1{element}2", many)
            )
        )


def test_follow_the_money_joins_sanctions_and_owners(tmp_path: Path) -> None:
    lines = [
        '{"id":"a","schema":"Company","properties":{"name":["Alfa"],"innCode":["7707083893"],"alias":["Альфа"]},"datasets":["x"]}',
        '{"id":"s","schema":"Sanction","properties":{"entity":["a"],"authority":["OFAC"],"program":["RUS"],"listingDate":["2022-03-24"]}}',
        '{"id":"o","schema":"Ownership","properties":{"owner":["b"],"asset":["a"],"percentage":["51"]}}',
    ]
    (party,) = load(write(tmp_path, "entities.ftm.json", "\n".join(lines)))
    assert party.listings[0].listed_on == "2022-03-24" and party.links[0].low == 51.0
    assert party.identifiers[0].kind == "inn"


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        (
            "bomb.xml",
            '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><CONSOLIDATED_LIST>&a;</CONSOLIDATED_LIST>',
            "document type",
        ),
        ("cut.xml", "<CONSOLIDATED_LIST><INDIVIDUALS><INDIVIDUAL>", "well-formed"),
        ("other.csv", "a,b,c\n1,2,3\n", "none of the formats"),
        ("twice.jsonl", '{"id":"a","names":["x"]}\n{"id":"a","names":["y"]}\n', "already in row 1"),
        ("noid.jsonl", '{"names":["x"]}\n', "has no id"),
        ("bad.jsonl", '{"id":"a","names":["x"]}\nnot json\n', "row 2"),
        ("names.jsonl", '{"id":"a","names":7}\n', "list of texts"),
        (
            "short.csv",
            '36,"A",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \n37,"B"\n',
            "row 2: 2 fields",
        ),
    ],
)
def test_a_broken_or_hostile_list_is_refused_in_one_line(
    tmp_path: Path, name: str, text: str, says: str
) -> None:
    with pytest.raises(DataError, match=says) as caught:
        load(write(tmp_path, name, text))
    assert "\n" not in str(caught.value) and name in str(caught.value)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"\xff\xfe\x00\x01" * 10)
    with pytest.raises(DataError, match="UTF-8"):
        load(path)
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(gzip.compress(b"_id,source\n" * 100)[:-20])
    with pytest.raises(DataError):
        load(cut)


@pytest.mark.parametrize(
    ("source", "form", "name"),
    [
        ("au_dfat", "au-dfat", "EXAMPLE ORION LLC"),
        ("jp_mof", "jp-mof", "EXAMPLE ORION LLC"),
    ],
)
def test_a_list_that_its_publisher_offers_as_a_workbook_is_read_as_it_is(
    source: str, form: str, name: str
) -> None:
    (path,) = (Path(__file__).parents[1] / "samples" / source).glob("*.xlsx")
    assert detect(path).name == form
    assert load(path)[0].names[0].text == name


def test_a_workbook_that_is_no_publishers_list_says_how_to_hand_it_in(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["customer", "town"])
    book.save(tmp_path / "customers.xlsx")
    with pytest.raises(DataError, match="workbook") as caught:
        load(tmp_path / "customers.xlsx")
    assert "save its table as CSV" in str(caught.value)


def test_an_archive_that_is_no_workbook_is_no_text(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "list.zip", "w") as archive:
        archive.writestr("list.csv", "name\nOrion\n")
    with pytest.raises(DataError, match="UTF-8"):
        load(tmp_path / "list.zip")


def test_a_file_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        load(tmp_path / "nothing.csv")


def test_every_format_says_what_it_is() -> None:
    assert all(f.about and f.read for f in FORMATS.values())


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("Gulf Bank Arabic: بنك الخليج", ["Gulf Bank", "بنك الخليج"]),
        ("Guard (Russian: Гвардия)", ["Guard", "Гвардия"]),
        ("Abu (Previously listed as. In Arabic: أبو )", ["Abu", "أبو"]),
        ("Russian : Андрей Сергеевич", ["Андрей Сергеевич"]),
        ("Chinese: AEE", ["AEE"]),
        ("Korean:", []),
        ("Chinese Academy: Institute 5", ["Chinese Academy: Institute 5"]),
        ("Bank (Cyprus)", ["Bank (Cyprus)"]),
        ("Prussian: Works", ["Prussian: Works"]),
    ],
)
def test_a_language_before_a_name_is_no_part_of_it(field: str, names: list[str]) -> None:
    assert [name.text for name in separate_names([Name(field)])] == names


def test_no_stored_party_has_a_language_for_a_name() -> None:
    """China is not the name of a maker whose Chinese name its list left blank."""
    from bilat.parties.lists.entries import held_parties
    from bilat.when import AsOf

    found, _ = held_parties(["eu_russia", "ca_sema"], AsOf(), Holdings())
    names = {name.text for entry in found for name in entry.party.names}
    assert len(names) > 5_000
    assert not {name for name in names if name.endswith(":")}
    assert "Росгвардия" in names


def test_a_programme_that_ends_in_a_separator_is_one_programme(tmp_path: Path) -> None:
    from bilat.formats.parties.us import csl_from_json

    path = tmp_path / "csl.json"
    tables = {"sources": ["Entity List (EL) - Bureau"], "programmes": ["EAR; MEU; "]}
    entry = {"n": "Alpha Works", "s": 0, "pg": 0}
    keys = {"n": "name", "e": "entity_number"}
    path.write_text(json.dumps({"tables": tables, "fieldKey": keys, "entries": [entry]}), "utf-8")
    (party,) = csl_from_json(path)
    assert [listing.programme for listing in party.listings] == ["EAR", "MEU"]
