# SPDX-License-Identifier: Apache-2.0
"""Samples of lists of parties: invented names in each publisher's format."""

from __future__ import annotations

import csv
import json
from random import Random
from typing import Any

from sample_writing import CRLF, sample, table

NAMES = [
    f"EXAMPLE {w} {form}"
    for w in ("ORION", "VEGA", "LYRA", "DRACO", "CETUS", "ARA")
    for form in ("LLC", "JSC")
]
NOTHING = "-0- "


def _ofac(rows: list[list[Any]]) -> bytes:
    """Numbers bare, texts in quotes, nothing as ``-0- ``, and a Ctrl-Z at the end."""
    cells = [[c if isinstance(c, int) or c == NOTHING else f'"{c}"' for c in row] for row in rows]
    return ("".join(",".join(map(str, r)) + CRLF for r in cells) + "\x1a").encode()


def _parties(first: int, programme: str) -> list[list[Any]]:
    """Companies, and at the end a person and a ship."""
    rows: list[list[Any]] = []
    for n, name in enumerate(NAMES):
        remark = (
            f"a.k.a. '{name[8:]}'; Tax ID No. 77{n:08} (Russia); Linked To: {NAMES[0]}."
            if n % 2
            else NOTHING
        )
        rows.append([first + n, name, NOTHING, programme, *[NOTHING] * 7, remark])
    rows.append(
        [
            first + 50,
            "EXAMPLOV, Ivan",
            "individual",
            programme,
            "Director",
            *[NOTHING] * 6,
            "DOB 10 Dec 1970; POB Exampleville; nationality Russia; Passport 4117921 (Russia).",
        ]
    )
    rows.append(
        [
            first + 51,
            "EXAMPLE STAR",
            "vessel",
            programme,
            NOTHING,
            "CL0000",
            "Tug",
            NOTHING,
            "212",
            "Russia",
            NOTHING,
            "Vessel Registration Identification IMO 7406784.",
        ]
    )
    return rows


def _sdn(source: str, name: str, first: int, programme: str) -> None:
    @sample(source, name)
    def sdn(rng: Random) -> bytes:
        return _ofac(_parties(first, programme))


for _day, _at in (("2022-02-17", 36), ("2023-03-15", 36), ("2024-04-26", 36), ("2024-05-03", 36)):
    _sdn("ofac_sdn", f"sdn_{_day}.csv", _at, "RUSSIA-EO14024] [UKRAINE-EO13661")
_sdn("ofac_consolidated", "cons_prim.csv", 9639, "NS-PLC")


@sample("ofac_sdn", "ofac_added_2026-09-04_08_names.txt")
def names_alone(rng: Random) -> bytes:
    return ("\n".join(["name", *NAMES]) + "\n").encode()


@sample("ofac_sdn", "sdn_entities_2025-11.jsonl")
def sdn_parsed(rng: Random) -> bytes:
    out = []
    for n, name in enumerate(NAMES):
        names = [
            {"full_name": name[8:], "is_primary": False, "type_id": "1400"},
            {"full_name": name, "is_primary": True, "type_id": "1403"},
        ]
        out.append(json.dumps({"entity_id": 36 + n, "names": names}))
    return ("\n".join(out) + "\n").encode()


@sample("ofac_sdn", "sdn_alt_2025-12.csv")
def sdn_alt(rng: Random) -> bytes:
    kinds = ("aka", "fka", "nka")
    return _ofac(
        [[36 + n, 12 + n, kinds[n % 3], name[8:], NOTHING] for n, name in enumerate(NAMES)]
    )


@sample("ofac_sdn", "sdn_add_2025-12.csv")
def sdn_add(rng: Random) -> bytes:
    return _ofac(
        [
            [
                36 + n,
                25 + n,
                f"{n} Example House, Main Street" if n % 2 else NOTHING,
                "Exampleville",
                "Russia",
                NOTHING,
            ]
            for n in range(len(NAMES))
        ]
    )


@sample("bis_dpl", "bis_dpl.txt")
def dpl(rng: Random) -> bytes:
    rows = [
        {
            "Name": f" {name}",
            "Street_Address": f"{n} MAIN STREET, UNIT: {n}",
            "City": "EXAMPLEVILLE",
            "State": "TX",
            "Country": ("", "US")[n % 2],
            "Postal_Code": "00000",
            "Effective_Date": f"10/{10 + n}/2017",
            "Expiration_Date": "10/13/2027",
            "Standard_Order": "Y",
            "Last_Update": "2017-10-23",
            "Action": "FR NOTICE ADDED",
            "FR_Citation": "00 F.R. 00000 10/20/2017",
        }
        for n, name in enumerate(NAMES)
    ]
    return table("bis_dpl/bis_dpl.txt", rows, delimiter="\t", quoting=csv.QUOTE_ALL).removesuffix(
        b"\n"
    )


@sample("cn_countermeasures", "cn_sanctions.csv")
def china(rng: Random) -> bytes:
    rows = [
        {
            "Type": "Organization",
            "Name": name,
            "Alias": name[8:] if n % 2 else "",
            "Chinese name": "例公司",
            "Country": "US",
            "Topics": "sanction.counter",
            "Body": "Ministry of Commerce",
            "List": "Unreliable entities",
            "Date": f"{10 + n}.12.2019",
            "Source URL": f"https://example.org/{n}",
        }
        for n, name in enumerate(NAMES)
    ]
    return table("cn_countermeasures/cn_sanctions.csv", rows)


@sample("eu_sanctions", "32001R2580.csv")
def eu(rng: Random) -> bytes:
    rows = [
        {
            "celex": "32001R2580",
            "recordId": n,
            "programKey": "EU-TERR",
            "annex": "II.A",
            "measure": "Asset freeze",
            "startDate": f"{10 + n}.7.2014" if n % 2 else "",
            "reason": "made up",
            "schema": "LegalEntity",
            "name": name,
            "alias": f"{name[8:]}; Пример {n}",
            "country": "Russia",
            "innCode": f"77{n:08} (INN)" if n % 2 else "",
            "address": '"a house", Main Street',
        }
        for n, name in enumerate(NAMES, 1)
    ]
    return table("eu_sanctions/32001R2580.csv", rows, end=CRLF)


def _annex(name: str, day: str, regulation: dict[str, str]) -> None:
    """Annex IV by day and country of address; another annex is not counted."""

    @sample("eu_export_controlled", name)
    def annex(rng: Random) -> bytes:
        places = (
            "Moscow, Russia",
            "Shenzhen, People’s Republic of China",
            "Hong Kong",
            "Ankara, Türkiye",
            "Yerevan",
            "Dubai, United Arab Emirates",
            "Almaty, Kazakhstan",
            "New Delhi",
            "",
        )
        rows = [
            {
                **regulation,
                "recordId": n,
                "programKey": "EU-RUS",
                "annex": "IV" if n > 1 else "XIV",
                "measure": "Export control",
                "startDate": day,
                "schema": "LegalEntity",
                "name": f"{NAMES[0]} {n}",
                "address": place,
            }
            for n, place in enumerate((places[0], *places), 1)
        ]
        return table(f"eu_export_controlled/{name}", rows, end=CRLF)


_annex("32014R0833.csv", "23.6.2023", {"celex": "32014R0833"})
_annex(
    "32026R1848.csv", "24.7.2026", {"amendedCelex": "32014R0833", "amendmentCelex": "32026R1848"}
)


def _japan(name: str, wide: bool) -> None:
    """The text of a PDF: entries in Japanese and English, the tenth glued to the line before it."""

    @sample("jp_export_bans", name)
    def japan(rng: Random) -> bytes:
        out = [
            "○ 輸出等に係る禁止措置の対象となる団体（令和四年外務省告示第零号）",
            "指定日：2022 年03月01 日",
            "最終更新日：2025 年09 月12 日",
        ]
        for n, party in enumerate(NAMES, 1):
            number = chr(0xFF10 + n) if wide and n < 10 else str(n)
            head = f"{number} 株式会社例{'アイウエオカキクケコサシ'[n - 1]}"
            if n == 10:
                out[-1] += head
            else:
                out.append(head)
            if n % 4 == 0:
                out += [f"{party}, a.k.a. the following one alias:", f"-{party[8:]}."]
            else:
                out.append(party)
            out.append(f"所在地：{n}0, Example Emb., 190121, Exampleville, Russia.")
        return ("\n".join(out) + "\n").encode()


_japan("mofa_russia_2025-09.txt", True)
_japan("mofa_third_2025-09.txt", False)


@sample("ua_war_sanctions", "war_sanctions_targets_2026-03.csv")
def ukraine(rng: Random) -> bytes:
    rows = [
        {
            "id": f"NK-example{n}",
            "schema": ("Company", "Vessel")[n % 2],
            "name": name,
            "aliases": f"{name[8:]};Приклад",
            "countries": "ru;hk",
            "identifiers": f"IMO640000{n % 10}",
            "sanctions": '""',
            "program_ids": ("", "UA-WS-MARE")[n % 2],
            "dataset": "Ukraine War and Sanctions",
            "first_seen": "2025-10-06T14:15:21",
            "last_seen": "2026-03-13T05:41:01",
        }
        for n, name in enumerate(NAMES)
    ]
    key = "ua_war_sanctions/war_sanctions_targets_2026-03.csv"
    return table(key, rows, quoting=csv.QUOTE_ALL)


@sample("un_sc", "UN_consolidated.xml")
def united_nations(rng: Random) -> bytes:
    head = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<CONSOLIDATED_LIST xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' dateGenerated="2026-02-27T00:00:09.554Z">\n'
    )
    common = (
        "      <UN_LIST_TYPE>DRC</UN_LIST_TYPE>\n      <LISTED_ON>2012-12-31</LISTED_ON>\n"
        "      <COMMENTS1>Made up.</COMMENTS1>\n      <LAST_DAY_UPDATED>\n        <VALUE>2016-10-13</VALUE>\n"
        "      </LAST_DAY_UPDATED>\n"
    )
    persons = "".join(
        f"    <INDIVIDUAL>\n      <DATAID>{100 + n}</DATAID>\n      <FIRST_NAME>EXAMPLE</FIRST_NAME>\n"
        f"      <SECOND_NAME>PERSON {n}</SECOND_NAME>\n{common}"
        "      <NATIONALITY>\n        <VALUE>Examplia</VALUE>\n      </NATIONALITY>\n"
        f"      <INDIVIDUAL_ALIAS>\n        <QUALITY>Low</QUALITY>\n        <ALIAS_NAME>Alias {n}</ALIAS_NAME>\n"
        "      </INDIVIDUAL_ALIAS>\n      <INDIVIDUAL_DATE_OF_BIRTH>\n        <YEAR>1971</YEAR>\n"
        "      </INDIVIDUAL_DATE_OF_BIRTH>\n      <INDIVIDUAL_DOCUMENT/>\n    </INDIVIDUAL>\n"
        for n in range(8)
    )
    entities = "".join(
        f"    <ENTITY>\n      <DATAID>{200 + n}</DATAID>\n      <FIRST_NAME>{name}</FIRST_NAME>\n{common}"
        "      <ENTITY_ADDRESS>\n        <CITY>Exampleville</CITY>\n        <COUNTRY>Examplia</COUNTRY>\n"
        "      </ENTITY_ADDRESS>\n    </ENTITY>\n"
        for n, name in enumerate(NAMES)
    )
    return (
        f"{head}  <INDIVIDUALS>\n{persons}  </INDIVIDUALS>\n  <ENTITIES>\n{entities}  </ENTITIES>\n"
        "</CONSOLIDATED_LIST>\n"
    ).encode()


@sample("us_1260h", "dod_1260h.csv")
def section_1260h(rng: Random) -> bytes:
    rows = [
        {
            "Name": f"{name} ({name[8:]})*",
            "Clean Name": name,
            "Alias": name[8:],
            "Previous Name": "",
            "Parent Name": NAMES[0] if n % 3 == 0 else "",
            "Start date": "2022-10-05",
            "End date": "",
        }
        for n, name in enumerate(NAMES)
    ]
    return table("us_1260h/dod_1260h.csv", rows)


@sample("us_1286", "section_1286.csv")
def section_1286(rng: Random) -> bytes:
    rows = [
        {
            "schema": "Company",
            "name": f"{name}, Institute {n}",
            "aliases": name[8:],
            "topics": "debarment",
            "program": f"Section {('1286', '353')[n % 2]} of a made-up act",
            "report-date": "2022",
            "start-date": "" if n % 2 else "2023-06-29",
            "country": "CN" if n % 2 else "",
        }
        for n, name in enumerate(NAMES)
    ]
    return table("us_1286/section_1286.csv", rows)


@sample("us_mieu", "bis_mieu.csv")
def mieu(rng: Random) -> bytes:
    rows = [
        {
            "Type": "Organization",
            "Name": f"Directorate {n}",
            "Alias": f"D{n}",
            "Country": "CU",
            "Topics": "export.control",
            "Program": "US-BIS-MIEU",
            "Date": "2021-03-16",
        }
        for n in range(12)
    ]
    return table("us_mieu/bis_mieu.csv", rows)


@sample("us_csl", "us_csl_2022-04.csv.gz")
def csl(rng: Random) -> bytes:
    lists = [
        "Entity List (EL) - Bureau of Industry and Security",
        "Denied Persons List (DPL) - Bureau of Industry and Security",
        "Specially Designated Nationals (SDN) - Treasury Department",
    ]
    rows = [
        {
            "_id": f"{n:040x}",
            "source": lists[n % 3],
            "entity_number": 36 + n if n % 3 == 2 else "",
            "type": "Entity" if n % 3 == 2 else "",
            "programs": "SYRIA" if n % 3 == 2 else "",
            "name": name,
            "addresses": f"{n} Main St., Exampleville, 222512, BY; 1 Side St., MN",
            "start_date": "2022-04-07",
            "federal_register_notice": "87 FR 00000",
            "alt_names": f"{name[8:]}; and Example {n}",
            "license_policy": "Policy of denial. ",
            "ids": f"BY, 19022{n:04}, Tax ID No." if n % 2 else "",
        }
        for n, name in enumerate(NAMES * 2)
    ]
    return table("us_csl/us_csl_2022-04.csv.gz", rows)


def _registry(source: str, name: str, list_id: str, country: str) -> None:
    """A ministry's list as an array of parties, one a line; the state is the address in Japan's."""

    @sample(source, name)
    def registry(rng: Random) -> bytes:
        rows = [
            {
                "addresses": ["Islamic Republic of Iran"]
                if country == "jp"
                else [f"{n} Example Street"],
                "aliases": [party[8:]],
                "country": country,
                "date_added": f"2026-02-{n:02}" if country == "cn" else None,
                "entity_name": party,
                "entity_type": "organization",
                "id": f"{country}-{n}",
                "last_verified": "2026-07-19",
                "list_id": list_id,
                "reason": "made up",
                "source_list_name": "例",
                "source_url": "https://example.org/",
            }
            for n, party in enumerate(NAMES, 1)
        ]
        return (
            "[\n" + ",\n".join(json.dumps(r, ensure_ascii=False) for r in rows) + "\n]\n"
        ).encode()


_registry("cn_announcements", "cn_mofcom_lists_2026-07-19.json", "cn-unreliable-entity-list", "cn")
_registry("jp_end_users", "jp_meti_end_user_list_2026-07-20.json", "jp-end-user-list", "jp")


def _jsonl(rows: list[dict[str, Any]]) -> bytes:
    return ("\n".join(json.dumps(r, ensure_ascii=False) for r in rows) + "\n").encode()


@sample("uk_sanctions", "ammitto_uk_2026-08-22.jsonl.gz")
def uk(rng: Random) -> bytes:
    """An index, firms with an address, a person, and a ship whose number stands in a text."""
    rows: list[dict[str, Any]] = [
        {"_file": "processed/_index.yaml", "source": "uk", "count": 14, "fetched_at": "2026-08-22"}
    ]
    kinds = ["Entity"] * len(NAMES) + ["Individual", "Ship"]
    for n, (name, kind) in enumerate(zip([*NAMES, "Examplov", "EXAMPLE STAR"], kinds, strict=True)):
        rows.append(
            {
                "_file": f"processed/rus{n:04}.yaml",
                "last_updated": "2026-08-06",
                "date_designated": f"2024-02-{10 + n}",
                "unique_id": f"RUS{n:04}",
                "names": {
                    "names": [
                        {"name6": name[8:], "name_type": "Alias"},
                        {"name1": "Ivan", "name6": name, "name_type": "Primary Name"}
                        if kind == "Individual"
                        else {"name6": name, "name_type": "Primary name"},
                    ]
                },
                "non_latin_names": {"names": [{"name_non_latin_script": f"Пример {n}"}]},
                "regime_name": "The Russia (Sanctions) (EU Exit) Regulations 2019",
                "individual_entity_ship": kind,
                "designation_source": "UK",
                "sanctions_imposed": "Shipping" if kind == "Ship" else "Asset freeze|Travel Ban",
                "uk_statement_of_reasons": "\nIMO 7406784 (“EXAMPLE STAR”) is made up.\n",
                "addresses": {
                    "addresses": [{"address_line1": f"{n} Side St", "address_country": "Russia"}]
                },
            }
        )
    return _jsonl(rows)


@sample("uk_sanctions", "subject_identifiers.csv")
def uk_numbers(rng: Random) -> bytes:
    rows = [
        {
            "id": n,
            "unique_id": f"RUS{n:04}",
            "raw_value": f"77{n:08}",
            "identifier_type": ("business_registration_numbers", "passport")[n % 2],
        }
        for n in range(len(NAMES))
    ]
    return table("uk_sanctions/subject_identifiers.csv", rows)


@sample("uk_sanctions", "subject_dobs.csv")
def uk_births(rng: Random) -> bytes:
    rows = [
        {
            "dob_id": n,
            "unique_id": f"RUS{n:04}",
            "year": 1960 + n,
            "month": "01",
            "day": "02",
            "precision": ("exact", "year")[n % 2],
        }
        for n in range(len(NAMES))
    ]
    return table("uk_sanctions/subject_dobs.csv", rows)


@sample("uk_sanctions", "subject_countries.csv")
def uk_nationalities(rng: Random) -> bytes:
    rows = [
        {
            "id": n,
            "unique_id": f"RUS{n:04}",
            "raw_value": "Russia",
            "country_type": ("nationality", "birth")[n % 4 == 3],
            "iso": "RU",
        }
        for n in range(2 * len(NAMES))
    ]
    return table("uk_sanctions/subject_countries.csv", rows)


@sample("eu_financial", "ammitto_eu_fsf_2026-03-15.jsonl.gz")
def eu_subjects(rng: Random) -> bytes:
    act = {"publication_date": "2022-04-08", "number_title": "2022/581 (OJ L110)"}
    rows: list[dict[str, Any]] = [
        {
            "eu_reference_number": f"EU.{n}.1",
            "logical_id": str(100 + n),
            "regulations": [{**act, "publication_date": "2023-02-25", "programme": "UKR"}],
            "subject_type": {"code": "enterprise", "classification_code": "E"},
            "name_aliases": [
                {"whole_name": f"Пример {n}", "name_language": "RU", "strong": True},
                {
                    "whole_name": name,
                    "name_language": "EN",
                    "strong": True,
                    "regulation_summaries": [act],
                },
                {"whole_name": name[8:], "strong": False},
            ],
            "addresses": [
                {
                    "street": f"{n} Side St",
                    "city": "Exampleville",
                    "country_iso2_code": "RU",
                    "country_description": "RUSSIAN FEDERATION",
                }
            ],
            "identifications": [
                {
                    "identification_type_code": "fiscalcode",
                    "number": f"77{n:08}",
                    "country_iso2_code": "00",
                }
            ],
        }
        for n, name in enumerate(NAMES)
    ]
    rows.append(
        {
            "vessel_name": "Example Star",
            "imo_number": "7406784",
            "date_of_application": "2024-06-25",
        }
    )
    return _jsonl(rows)


def _screening(source: str) -> None:
    """The Consolidated Screening List as one object, in each of the three lists that take a part."""

    @sample(source, "csl_2026-07-31.json")
    def screening(rng: Random) -> bytes:
        lists = [
            "Entity List (EL) - Bureau of Industry and Security",
            "Specially Designated Nationals (SDN) - Treasury Department",
            "Non-SDN Menu-Based Sanctions List (NS-MBS List) - Treasury Department",
        ]
        entries = [
            {"n": f"{name} {n}", "a": [name[8:]], "s": n % 3, "c": ["RU"]}
            | ({"e": str(36 + n), "pg": 0, "t": "Entity"} if n % 3 else {"fr": "89 FR 14388"})
            for n, name in enumerate(NAMES * 3)
        ]
        found = {
            "$comment": "made up",
            "sourceGeneratedAt": "2026-07-31T13:15:00+00:00",
            "fieldKey": {"n": "name", "e": "entity_number"},
            "tables": {"sources": lists, "programmes": ["RUSSIA-EO14024; UKRAINE-EO13662"]},
            "entries": entries,
        }
        return json.dumps(found, separators=(",", ":")).encode()


for _list in ("us_csl", "ofac_sdn", "ofac_consolidated"):
    _screening(_list)


@sample("ofac_sdn", "ofac_alt_2026-08.csv")
def sdn_alt_of_2026(rng: Random) -> bytes:
    return sdn_alt(rng)


@sample("ofac_sdn", "ofac_add_2026-08.csv")
def sdn_add_of_2026(rng: Random) -> bytes:
    return sdn_add(rng)


@sample("ofac_sdn", "ofac_sdn_comments_2026-08.csv")
def sdn_comments(rng: Random) -> bytes:
    return _ofac([[36 + n, f"ted; Tax ID No. 77{n:08} (Russia)."] for n in range(len(NAMES))])


@sample("ofac_sdn", "ofac_sdn_vessels_2026-03-22.json")
def sdn_ships(rng: Random) -> bytes:
    ships = [
        {"imo": 7406784, "name": f"EXAMPLE STAR {n}", "programs": ["CUBA"], "list_name": "OFAC SDN"}
        for n in range(len(NAMES))
    ]
    found = {"generated_at": "2026-03-22T10:49:19+00:00", "count": len(ships), "vessels": ships}
    return json.dumps(found, indent=2).encode()


def _russia(name: str) -> None:
    @sample("eu_russia", name)
    def annexes(rng: Random) -> bytes:
        amendment = name.startswith("32026")
        celex = {"amendedCelex": "32014R0833", "amendmentCelex": name[:-4]}
        rows = [
            (celex if amendment else {"celex": name[:-4]})
            | {
                "recordId": n,
                "programKey": "EU-RUS",
                "annex": ("IV", "XLII")[n % 2],
                "startDate": f"{10 + n}.7.2024",
                "schema": ("LegalEntity", "Vessel")[n % 2],
                "name": party,
                "alias": f"{party[8:]}; Пример {n}",
                "imoNumber": "7406784" if n % 2 else "",
                "address": "a house, Main Street, Russia",
            }
            for n, party in enumerate(NAMES, 1)
        ]
        return table(f"eu_russia/{name}", rows, end=CRLF)


for _file in ("32014R0269", "32014R0833", "32026R1843", "32026R1848", "32026R1940"):
    _russia(f"{_file}.csv")


def _workbook(sheets: dict[str, list[list[Any]]]) -> bytes:
    """A workbook whose bytes do not depend on the day: its parts are packed again without one."""
    import datetime as dt
    import io
    import zipfile

    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    book.properties.created = book.properties.modified = dt.datetime(2026, 1, 1)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    plain = io.BytesIO()
    book.save(plain)
    out = io.BytesIO()
    with zipfile.ZipFile(plain) as whole, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as fixed:
        for name in sorted(whole.namelist()):
            part = whole.read(name)
            if name == "docProps/core.xml":
                part = b"".join(part.partition(b"<dcterms:modified")[:1]) + b"</cp:coreProperties>"
            fixed.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), part)
    return out.getvalue()


@sample("au_dfat", "dfat_consolidated_2026-08.xlsx")
def australia(rng: Random) -> bytes:
    """Firms with an alias, a person and a ship; two ways of telling the day."""
    import datetime as dt

    header = [
        "Reference",
        "Name of Individual or Entity",
        "Type",
        "Name Type",
        "Alias Strength",
        "Date of Birth",
        "Citizenship",
        "Address",
        "Listing Information",
        "IMO Number",
        "Committees",
        "Control Date",
    ]
    rows: list[list[Any]] = [header]
    day = dt.datetime(2024, 2, 24)
    for n, name in enumerate(NAMES, 1):
        told = ("Instrument 2024", "Listed on 19 Jun. 2014 (relisted on 16 Jun. 2017)")[n % 2]
        rest = [None, None, "1 Side St, Russia", told, None, "Autonomous (Russia)", day]
        rows.append([n, name, "Entity", "Primary Name", None, *rest])
        rows.append([f"{n}a", name[8:], "Entity", "Alias", ("Strong", "Weak")[n % 2], *rest])
    rest = [dt.datetime(1970, 12, 10), "Russia", None, "x", None, "Autonomous (Russia)", day]
    rows.append([90, "Ivan EXAMPLOV", "Individual", "Primary Name", None, *rest])
    rest = [None, None, None, "x", 7406784, "Autonomous (Vessels)", day]
    rows.append([91, "EXAMPLE STAR", "Vessel", "Primary Name", None, *rest])
    return _workbook({"Consolidated List": rows})


@sample("jp_mof", "mof_shisantouketsu20260305.xlsx")
def japan_freezes(rng: Random) -> bytes:
    header = ["告示日付", "告示番号", "日本語表記", "英語表記", "別称・旧称", "所在地"]
    person = ["告示日付", "告示番号", "日本語表記", "英語表記", "別名", "生年月日"]
    firms = [
        ["2022.3.1", str(n), f"例{n}", name, f"別称{name[8:]}、例の別名{n}", "1 Side St, Russia"]
        for n, name in enumerate(NAMES, 1)
    ]
    people = [["2022.3.1", "1", "例", "Ivan Examplov", None, "1970.12.10"]]
    note = [["資産凍結等の措置の対象となるロシア連邦の団体及び個人"]]
    return _workbook(
        {
            "一覧": [["例"]],
            "28.ロシア連邦(団体(特定銀行を除く))": [*note, header, *firms],
            "29.ロシア連邦(個人)": [*note, person, *people],
        }
    )


@sample("ca_sema", "sema_2025-03-20.xml")
def canada(rng: Random) -> bytes:
    out = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>', "<data-set>"]
    for n, name in enumerate([*NAMES, "Examplov", "Example Star"], 1):
        who = f"<EntityOrShip>{name}</EntityOrShip>"
        if name == "Examplov":
            who = f"<LastName>{name}</LastName><GivenName>Ivan</GivenName>"
        number = "<ShipIMONumber>7406784</ShipIMONumber>" if name == "Example Star" else ""
        out += [
            "<record>",
            f"<Country>Russia / Russie</Country>{who}<Aliases>{name[4:]}; Пример {n}</Aliases>",
            f"{number}<Schedule>1, Part 2</Schedule><Item>{n}</Item>",
            f"<DateOfListing>2024-02-{10 + n}</DateOfListing>",
            "</record>",
        ]
    return ("\n".join([*out, "</data-set>"]) + "\n").encode()


@sample("ua_ships", "gur_vessels_2026-06.csv")
def ukrainian_ships(rng: Random) -> bytes:
    rows = [
        {
            "gur_id": n,
            "name": f"EXAMPLE STAR {n}",
            "imo": "7406784",
            "flag": "Panama",
            "vessel_type": "Crude Oil Tanker",
            "former_names": f"Star {n} / Moon {n}",
            "status": ("listed", "delisted_from_gur")[n % 5 == 4],
        }
        for n in range(12)
    ]
    return table("ua_ships/gur_vessels_2026-06.csv", rows)


@sample("ofac_monthly", "ofac_monthly_panel_2022_2026-03.csv")
def ofac_by_month(rng: Random) -> bytes:
    rows = [
        {
            "Country": ("Russia", "China")[n % 2],
            "Date": f"2024-{n // 2 + 1:02}-28",
            "yrqtr": "2024Q1",
            "yrmon": f"2024-{n // 2 + 1:02}",
            "levels": 100 + n,
            "additions": n % 7,
            "removals": 0,
            "change": n % 7,
        }
        for n in range(20)
    ]
    return table("ofac_monthly/ofac_monthly_panel_2022_2026-03.csv", rows)
