# SPDX-License-Identifier: Apache-2.0
"""A row of a file is a consignment: numbers belong to roles, and no party answers for another's number."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.parties.answers.screen import screen
from bilat.parties.decisions.log import DecisionLog
from bilat.parties.ownership.row_owners import Owner, ownership_sentence
from bilat.parties.queries.headers import UNKNOWN_OWNER, columns_of, meaning_of, owned_role
from bilat.parties.screening.consignments import _merged

#: Adrian Darya 1's number on the ship, Sberbank's code: OFAC's lists have both.
SHIP = "9116412"
BANK = "SABRRUMM"


def screened(path: Path, text: str, **asked: Any) -> tuple[list[dict[str, Any]], Any]:
    path.write_text(text, "utf-8")
    rows: list[dict[str, Any]] = []
    return rows, screen(path, emit=rows.append, **asked)


def test_the_number_of_a_ship_or_a_bank_accuses_no_consignee(tmp_path: Path) -> None:
    rows, _ = screened(
        tmp_path / "in.csv",
        "Ref,Consignee,Vessel,IMO No.,Bank BIC\n"
        f"1,Almaty Trade House LLP,Grace 1,{SHIP},\n"
        f"2,OOO Tekhnosoyuz,,,{BANK}\n"
        f"3,Almaty Trade House LLP,,{SHIP},{BANK}\n",
    )
    assert {r["role"] for r in rows} == {"vessel", "bank"}
    assert {(r["query_id"], r["role"]) for r in rows} == {
        ("1", "vessel"),
        ("2", "bank"),
        ("3", "vessel"),
        ("3", "bank"),
    }
    first = next(r for r in rows if r["query_id"] == "1")
    assert first["consignment"] == (
        "The ship (ADRIAN DARYA 1, listed as GRACE 1) is under an asset freeze; "
        "the consignee is not on any list that we checked."
    )
    third = next(r for r in rows if r["query_id"] == "3")["consignment"]
    assert (
        third.endswith("the consignee is not on any list that we checked.") and "The ship" in third
    )


def test_a_persons_name_alone_is_never_said_outright(tmp_path: Path) -> None:
    text = (
        "Ref,Consignee,Consignee country,Consignee born\n"
        "1,Igor Sechin,RU,\n2,Igor Ivanovich Sechin,RU,1960-09-07\n"
    )
    rows, _ = screened(tmp_path / "in.csv", text)
    said = {r["query_id"]: r["consignment"] for r in rows}
    assert (
        "very probably Igor Ivanovich SECHIN" in said["1"]
        and "who is under an asset freeze" in said["1"]
    )
    assert said["2"].startswith("The consignee (Igor Ivanovich SECHIN")


def test_a_party_that_is_the_same_as_another_is_said_to_be_it(tmp_path: Path) -> None:
    text = "Shipper,Consignee,Notify party\nSberbank,Almaty Trade House LLP,SAME AS CONSIGNEE\n"
    rows, run = screened(tmp_path / "in.csv", text)
    assert "the notify party is the consignee" in rows[0]["consignment"]
    assert not run.faults.rows


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("Eigentümer des Empfängers", "consignee"),
        ("Owner of the consignee", "consignee"),
        ("Собственник получателя", "consignee"),
        ("End user's shareholder", "end_user"),
        ("Shareholder", ""),
        ("Shipowner", ""),
    ],
)
def test_a_header_says_whose_owner_it_names(header: str, role: str) -> None:
    assert owned_role(header) == role


def test_the_owner_of_a_named_role_owns_that_party(tmp_path: Path) -> None:
    text = "Shipper,Consignee,Owner of consignee\nNordic AB,Eesti Puit,Rosneft 60%\n"
    rows, run = screened(tmp_path / "in.csv", text)
    assert "the consignee" in rows[0]["consignment"].partition("owner")[2].lower()
    assert "does not say of which party" not in " ".join(run.notes)


def test_firms_of_several_towns_have_no_one_name(tmp_path: Path) -> None:
    rows, _ = screened(tmp_path / "in.csv", "Ref,Consignee\n1,Huawei Device Co Ltd\n")
    assert "(Shenzhen)" not in rows[0]["consignment"]


def test_a_number_whose_owner_the_header_does_not_name_is_asked_and_counts_for_nobody(
    tmp_path: Path,
) -> None:
    text = "Shipper,Consignee,INN\nAlmaty Trade House LLP,Siemens AG,7839395419\n"
    rows, run = screened(tmp_path / "in.csv", text)
    assert {r["role"] for r in rows} == {UNKNOWN_OWNER}
    assert "the header does not say whose number it is" in rows[0]["consignment"]
    assert any(
        note.startswith("the header does not say whether 'INN' is of ") for note in run.notes
    )
    rows, run = screened(tmp_path / "in.csv", text, map="shipper.inn=INN")
    assert {r["role"] for r in rows} == {"shipper"}
    assert "though the name differs" in rows[0]["consignment"]


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("Notify Party", "notify"),
        ("Shipper/Exporter (Complete name and address)", "shipper"),
        ("Importer / Consignee", "consignee"),
        ("수하인", "consignee"),
        ("Mottagare", "consignee"),
        ("Konečný příjemce", "end_user"),
        ("Отримувач", "consignee"),
        ("Ihbar edilecek taraf", "notify"),
        ("Ultimate Consignee", "consignee"),
        ("Freight Forwarder", "forwarder"),
        ("Importer of Record", "consignee"),
        ("Absender", "shipper"),
        ("Importateur", "consignee"),
        ("Armador", "owner"),
        ("Spedizioniere", "forwarder"),
        ("Przewoźnik", "carrier"),
        ("Alıcı", "consignee"),
        ("Производитель", "manufacturer"),
        ("Кінцевий користувач", "end_user"),
        ("发货单位", "shipper"),
        ("通知人", "notify"),
        ("荷受人", "consignee"),
        ("Fornecedor", "seller"),
        ("Vervoerder", "carrier"),
        ("Consignee's bank", "bank"),
        ("Vessel owner", "owner"),
        ("Жөнелтуші", "shipper"),
        ("Жүк алушы", "consignee"),
        ("Сатып алушы", "buyer"),
        ("İhbar tarafı", "notify"),
        ("الطرف المخطر", "notify"),
        ("المرسل", "shipper"),
        ("المرسل إليه", "consignee"),
    ],
)
def test_headers_in_thirteen_languages_name_a_role(header: str, role: str) -> None:
    assert (meaning_of(header).role, meaning_of(header).field) == (role, "name")


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("IMO编号", ("", "identifiers", "imo")),
        ("SWIFT代码", ("", "identifiers", "swift")),
        ("收货人IMO编号", ("consignee", "identifiers", "imo")),
        ("رقم IMO", ("", "identifiers", "imo")),
        ("سويفت", ("", "identifiers", "swift")),
        ("БИН получателя", ("consignee", "identifiers", "tax")),
        ("Geburtsdatum Empfänger", ("consignee", "birth_date", "")),
        ("Дата рождения получателя", ("consignee", "birth_date", "")),
        ("customer birth date", ("party", "birth_date", "")),
        ("Geburtsort", ("", "", "")),
    ],
)
def test_a_header_names_the_party_of_a_number_or_a_birth_in_each_script(
    header: str, meaning: tuple[str, str, str]
) -> None:
    found = meaning_of(header)
    assert (found.role, found.field, found.kind) == meaning


@pytest.mark.parametrize(
    "header", ["IMO class", "BIC code of container", "Swift Transportation Ref", "危险品IMO类别"]
)
def test_a_header_that_only_looks_like_a_number_of_a_party_is_not_read(header: str) -> None:
    assert not meaning_of(header).field


def test_the_same_header_behind_each_party_speaks_of_that_party() -> None:
    found = columns_of("f", ["Shipper", "INN", "Consignee", "INN"])
    assert found.parties == (
        ("name", "identifiers", "", ""),
        ("", "", "name", "identifiers"),
    )
    assert not found.questions


def test_two_columns_of_one_role_are_two_parties_and_are_named() -> None:
    found = columns_of("f", ["Consignee", "Consignee", "Consignee address"])
    assert found.roles == ("consignee", "consignee")
    assert "each is screened as a party of its own" in found.questions[0]


@given(st.permutations(["Consignee", "Vessel", "IMO No.", "Bank BIC", "Consignee INN"]))
def test_whose_a_number_is_does_not_depend_on_the_order_of_columns(header: list[str]) -> None:
    found = columns_of("f", header)
    owner = {
        label: role
        for role, fields in zip(found.roles, found.parties, strict=True)
        for label, field in zip(found.labels, fields, strict=True)
        if field == "identifiers"
    }
    assert owner == {"IMO No.": "vessel", "Bank BIC": "bank", "Consignee INN": "consignee"}


def test_merged_header_cells_name_the_party_of_the_columns_below(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Consignments of November", None, None, None])
    sheet.append(["Shipper", None, "Vessel", None])
    sheet.append(["Name", "Country", "Name", "IMO"])
    sheet.append(["Almaty Trade House LLP", "KZ", "Grace 1", SHIP])
    sheet.merge_cells("A1:D1")
    sheet.merge_cells("A2:B2")
    sheet.merge_cells("C2:D2")
    book.save(tmp_path / "in.xlsx")
    rows: list[dict[str, Any]] = []
    screen(tmp_path / "in.xlsx", emit=rows.append)
    assert {(r["role"], r["name"]) for r in rows} == {("vessel", "ADRIAN DARYA 1")}
    assert rows[0]["consignment"].endswith("the shipper is not on any list that we checked.")


def test_a_merged_cell_that_names_no_role_hides_no_party_below_it(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Taraflar", None, "Gemi", None])
    sheet.append(["Gönderici", "Alıcı", "Gemi adı", "IMO No"])
    sheet.append(["Bursa Çelik Döküm Ltd. Şti.", "Rosoboronexport, Moscow", "Grace 1", SHIP])
    sheet.merge_cells("A1:B1")
    sheet.merge_cells("C1:D1")
    book.save(tmp_path / "in.xlsx")
    rows: list[dict[str, Any]] = []
    screen(tmp_path / "in.xlsx", emit=rows.append)
    assert {r["role"] for r in rows} == {"consignee", "vessel"}


def test_a_header_of_two_rows_keeps_the_columns_that_only_its_first_row_names(
    tmp_path: Path,
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Consignee", "Vessel", None, "Bank", None, "Owner of consignee"])
    sheet.append([None, None, "IMO No.", None, "BIC", None])
    sheet.append(["Almaty Trade House LLP", "Grace 1", "", "", "", "Rosoboronexport 60%"])
    book.save(tmp_path / "in.xlsx")
    rows: list[dict[str, Any]] = []
    run = screen(tmp_path / "in.xlsx", emit=rows.append)
    assert "owner" in {r["role"] for r in rows}
    assert "Owner of consignee → owner’s name" in " ".join(run.notes)


@pytest.mark.parametrize(
    "header",
    ["БИК (SWIFT)", "Bankleitzahl (BIC)", "BIC / Bankcode", "SWIFT adresi", "收款行SWIFT"],
)
def test_the_code_of_a_bank_is_read_beside_other_words_for_it(header: str) -> None:
    assert meaning_of(header).kind == "swift"


def test_a_party_that_one_list_blocks_and_another_only_limits_is_called_blocked(
    tmp_path: Path,
) -> None:
    rows, _ = screened(tmp_path / "in.csv", "Shipper,Carrier\nSiemens AG,Sovcomflot\n")
    assert {r["effects"][0]["effect"] for r in rows} > {"blocked"}
    assert "The carrier (JSC SOVCOMFLOT) is under an asset freeze" in rows[0]["consignment"]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            "Sinoquark Bearings,Rosoboronexport,60",
            "The consignee is covered by the OFAC 50 percent rule (blocked)",
        ),
        (
            "Sinoquark Bearings,Rosoboronexport,49.9 %",
            "bring the consignee under no ownership rule",
        ),
        ("Sinoquark Bearings,Rosoboronexport,", "depends on the share of Rosoboronexport"),
        (
            'Sinoquark Bearings,"Rosoboronexport 30%; VTB Bank (25%); Jane Roe 45%",',
            "as its owners are Rosoboronexport (30%) and VTB Bank (25%).",
        ),
        ("Sinoquark Bearings,Siemens AG,100", "The consignee and the owner are not on any list"),
    ],
)
def test_the_shares_of_listed_owners_are_read_from_their_columns(
    cells: str, said: str, tmp_path: Path
) -> None:
    rows, run = screened(tmp_path / "in.csv", f"Consignee,Owner,Share %\n{cells}\n")
    if "Siemens" in cells:
        assert not rows
        return
    assert {row["role"] for row in rows} == {"owner"}
    assert said in rows[0]["consignment"]
    assert not [note for note in run.notes if "header does not say" in note]


def test_a_share_that_cannot_be_read_is_reported_and_an_owner_of_nobody_accuses_nobody(
    tmp_path: Path,
) -> None:
    text = "Consignee,Owner,Share\nSinoquark Bearings,Rosoboronexport,most\n"
    rows, run = screened(tmp_path / "in.csv", text)
    assert any("share in per cent" in note and "most" in note for note in run.notes)
    assert "depends on the share of Rosoboronexport" in rows[0]["consignment"]
    text = "Shipper,Consignee,Owner,Share\nSinoquark Bearings,Acme Bakery,Rosoboronexport,60\n"
    rows, run = screened(tmp_path / "two.csv", text)
    assert "rule" not in rows[0]["consignment"]
    assert any("of which party 'Owner' is the owner" in note for note in run.notes)
    assert "covered" not in rows[0]["consignment"]


def test_ownership_rules_are_those_of_the_day() -> None:
    owners = [Owner("A", "30", ("OFAC SDN P",)), Owner("B", "30", ("OFAC SDN P",))]
    now = ownership_sentence("the buyer", owners, dt.date(2026, 1, 1))
    assert now.startswith("The buyer is covered by the OFAC 50 percent rule")
    then = ownership_sentence("the buyer", owners, dt.date(2014, 1, 1))  # before shares were added
    assert then == "The shares of listed owners bring the buyer under no ownership rule."
    over = [Owner("A", "80", ("OFAC SDN P",)), Owner("B", "30")]
    assert "more than 100%" in ownership_sentence("the buyer", over, dt.date(2026, 1, 1))


def test_several_roles_of_one_finding_leave_the_name_of_the_party_as_it_is() -> None:
    finding = "is under an asset freeze (Paris is Trading)"
    (clause,) = _merged([("the buyer", finding), ("the bank", finding)])
    assert clause == "the buyer and the bank are under an asset freeze (Paris is Trading)"
    (clause,) = _merged(
        [("the buyer", "has the address of X"), ("the bank", "has the address of X")]
    )
    assert clause == "the buyer and the bank have the address of X"


def test_a_number_that_fails_its_check_digit_is_reported_by_cell(tmp_path: Path) -> None:
    _, run = screened(
        tmp_path / "in.csv",
        "Consignee,Consignee INN,Vessel IMO\nSiemens AG,7839395418,9116413\n",
    )
    notes = " ".join(run.notes)
    assert "INN with a wrong check digit" in notes and "7839395418 (row 2)" in notes
    assert "IMO with a wrong check digit" in notes and "9116413 (row 2)" in notes


def test_one_decision_covers_every_alert_of_a_name(tmp_path: Path) -> None:
    from bilat.parties.screening.decision_entry import Ruling, decide_all
    from bilat.parties.screening.list_index import open_screener

    screener = open_screener(None, None, None).screener
    log = DecisionLog(tmp_path / "log.jsonl")
    ruling = Ruling("Tactical Missiles", "false", "another firm", "me")
    made = decide_all(log, screener, ruling)
    rows, run = screened(
        tmp_path / "in.csv",
        "Consignee\nTactical Missiles\nTactical Missiles\n",
        decisions=log.path,
    )
    assert len(made) > 1
    assert not [r for r in rows if r["agreement"] in ("exact", "short")] and run.folded


@pytest.mark.parametrize("role", ["Consignee", "Shipper", "Bank", "End user", "Buyer", "Owner"])
def test_who_buys_sells_or_pays_is_no_ship(role: str, tmp_path: Path) -> None:
    """A consignee called Kaspiy was "probably" the tanker that once had that name."""
    text = f"{role},Vessel\nKaspiy,Neva Star\nSanar 7,Sanar 7\n"
    rows, _ = screened(tmp_path / "in.csv", text)
    assert [(row["query_id"], row["role"]) for row in rows] == [("3", "vessel")]
    assert "the ship (sanar 7) is under an asset freeze" in rows[0]["consignment"].casefold()


def test_a_carrier_or_a_name_without_a_role_may_be_a_ship(tmp_path: Path) -> None:
    rows, _ = screened(tmp_path / "in.csv", "Carrier,Consignee\nSanar 7,Almaty Trade House LLP\n")
    assert {row["role"] for row in rows} == {"carrier"}
    rows, _ = screened(tmp_path / "one.csv", "Name\nSanar 7\n")
    assert [row["name_matched"] for row in rows] == ["SANAR 7"]


def test_a_firm_is_not_said_to_be_listed_outright_where_it_is_another_in_part_or_by_state(
    tmp_path: Path,
) -> None:
    """Only a whole name or a number says "is", and only where nothing in the row contradicts."""
    from bilat.holdings import Holdings
    from bilat.parties.lists.entries import held_parties
    from bilat.when import AsOf

    found, _ = held_parties(["ofac_sdn"], AsOf(), Holdings())
    shown = {name.text for entry in found for name in entry.party.names}
    assert "MAHAN TRAVEL AND TOURISM SDN BHD" in shown
    rows, _ = screened(
        tmp_path / "in.csv",
        "Shipper,Shipper country,Consignee,Consignee country\n"
        "Acme Sarl,FR,Mahan Travel GmbH,DE\n"
        "Acme Sarl,FR,Sberbank,RU\n"
        "Acme Sarl,FR,Kaspersky Labs GmbH,DE\n",
    )
    said = {r["query_id"]: r["consignment"] for r in rows}
    assert "The consignee (Sberbank) is under an asset freeze" in said["3"]
    for id in ("2", "4"):
        assert "The consignee is very probably" in said[id], said[id]
    assert "though the state differs" in said["4"]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Our ref", "query_id"),
        ("Unser Zeichen", "query_id"),
        ("编号", "query_id"),
        ("File Our ref", "query_id"),
        ("Goods HS code", "hs"),
        ("Код ТН ВЭД", "hs"),
        ("海关编码", "hs"),
        ("Goods Value EUR", "value"),
        ("Warenwert", "value"),
        ("金额(美元)", "value"),
        ("Description of goods", "goods"),
        ("货物名称", "goods"),
        ("Consignee ref", ""),
        ("Product code", ""),
        ("Country of origin", ""),
        ("Gross weight", ""),
    ],
)
def test_columns_of_the_consignment_are_read_by_their_headers(header: str, field: str) -> None:
    assert meaning_of(header).field == field


def test_a_reference_goes_before_a_running_number_and_a_value_has_its_currency() -> None:
    found = columns_of("f.csv", ["No", "Our ref", "Consignee", "HS code", "Value EUR", "Remark"])
    assert found.parties[0].index("query_id") == 1
    cells = ["1", "A-7", "Mill", "8542.31", "15000", "late"]
    assert found.row_fields(cells) == {"hs": "8542.31", "value": "EUR 15000"}


def test_rows_have_the_numbers_that_a_spreadsheet_shows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for cells in (
        ["Week 49"],
        [],
        ["Our ref", "Consignee"],
        ["A-1", "ROSNEFT"],
        [],
        ["", "VTB Bank"],
    ):
        sheet.append(cells)
    book.save(tmp_path / "week.xlsx")
    found: list[Any] = []
    screen(tmp_path / "week.xlsx", lists=("us_1260h",), each=lambda asked, _: found.extend(asked))
    assert [(q.row, q.reference) for q in found] == [(4, "A-1"), (6, "")]
    (tmp_path / "names.csv").write_text(
        'name,note\n"ROSNEFT","two\nlines"\n\nVTB Bank,one\n', "utf-8"
    )
    found.clear()
    screen(tmp_path / "names.csv", lists=("us_1260h",), each=lambda asked, _: found.extend(asked))
    assert [q.row for q in found] == [2, 4]


def test_an_effect_says_what_is_forbidden() -> None:
    from bilat.parties.lists.effects import effect_of, in_words, phrase
    from bilat.parties.screening.alerts import effect_since, effects_in_words, since_in_words

    ship = effect_of("EU 32014R0833", "EU-RUS XLII")
    assert "ports" in in_words(ship) and "ports" in phrase(ship)
    assert effect_of("EU 32017R1509", "EU-PRK XIV.B") != "blocked"
    bank = effect_of("EU 32014R0833", "EU-RUS III")
    assert "debt" in in_words(bank) and "sectoral" not in phrase(bank)
    both = [{"effect": "blocked"}, {"effect": "listed"}, {"effect": "blocked"}]
    assert effects_in_words(both) == "assets frozen"
    assert since_in_words({"since": "", "by": "2021-08-18"}) == "since 2021-08-18 or earlier"
    assert since_in_words({"since": "", "by": ""}) == "date not stated"
    undated = {"effect": "blocked", "since": "", "by": ""}
    assert effect_since(undated) == "assets frozen, date not stated"
    assert effect_since({**undated, "since": "2022-04-06"}) == "assets frozen since 2022-04-06"


def test_a_spelling_that_only_adds_brackets_is_not_printed_beside_the_name() -> None:
    from bilat.parties.screening.alerts import name_with_spelling

    name = "Harbin Institute of Technology"
    assert name_with_spelling(name, f"{name} (HIT) (哈爾浜工業大学)") == name
    assert name_with_spelling(name, "HIT") == f"{name}, listed as HIT"
    group = "Micro (Group) Co., Ltd."
    assert name_with_spelling(group, "MICRO (GROUP) CO LTD") == group


def test_of_which_party_an_owner_is_the_file_is_asked_once(tmp_path: Path) -> None:
    rows, run = screened(
        tmp_path / "in.csv", "Shipper,Consignee,Owner\nAcme Sarl,Mill AS,Suleyman Kerimov\n"
    )
    assert rows and not any("Of which party" in row["consignment"] for row in rows)
    assert "of which party 'Owner' is the owner" in " ".join(run.notes)


@pytest.mark.parametrize(
    ("header", "owner"),
    [
        (["Consignee", "Country", "Owner", "Date of birth"], 3),
        (["Consignee", "Owner", "Country", "Date of birth"], 3),
        (["Consignee", "Date of birth", "Owner"], -1),  # it may be the consignee's
    ],
)
def test_a_date_of_birth_behind_an_owner_is_the_owners(header: list[str], owner: int) -> None:
    found = columns_of("f", header)
    at = found.roles.index("owner")
    fields = found.parties[at]
    assert [n for n, name in enumerate(fields) if name == "birth_date"] == [owner][: owner > 0]
    asks = [note for note in found.questions if "Date of birth" in note]
    assert bool(asks) == (owner < 0)


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("Consignee Number", ("consignee", "identifiers", "")),
        ("Customer no.", ("party", "identifiers", "")),
        ("收货人编号", ("consignee", "identifiers", "")),
        ("Номер получателя", ("consignee", "identifiers", "")),
        ("Owner Name (born)", ("owner", "name", "")),
        ("Consignee Name (Latin letters)", ("consignee", "name", "")),
        ("Country (ISO)", ("", "country", "")),
        ("Consignee (INN)", ("consignee", "identifiers", "inn")),
        ("Notify no 1", ("notify", "name", "")),
    ],
)
def test_a_number_without_its_kind_and_a_remark_in_brackets_are_read(
    header: str, meaning: tuple[str, str, str]
) -> None:
    found = meaning_of(header)
    assert (found.role, found.field, found.kind) == meaning


def test_under_merged_headers_the_number_and_the_owner_with_his_birth_are_read(
    tmp_path: Path,
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Consignee", None, "Owner", None])
    sheet.append(["Name", "Number", "Name (born)", "Share"])
    sheet.append(["Almaty Trade House LLP", "7704274402", "Igor Sechin (1960-09-07)", "60%"])
    sheet.merge_cells("A1:B1")
    sheet.merge_cells("C1:D1")
    book.save(tmp_path / "in.xlsx")
    rows: list[dict[str, Any]] = []
    run = screen(tmp_path / "in.xlsx", emit=rows.append)
    by_role = {row["role"]: row for row in rows}
    assert by_role["consignee"]["identifiers"] == ["inn:7704274402"]
    assert "SECHIN" in by_role["owner"]["name"].upper()
    assert not any("do not use" in note for note in run.notes)


def test_the_number_of_a_ship_under_a_firms_header_is_reported_and_accuses_nobody(
    tmp_path: Path,
) -> None:
    rows, run = screened(
        tmp_path / "in.csv", f"Consignee,Consignee INN\nAlmaty Trade House LLP,{SHIP}\n"
    )
    assert rows == []
    assert [*run.left_out()] == [
        f"INN in another format in 1 row, compared as written: {SHIP} (row 2)"
    ]


def test_a_code_under_a_header_of_another_kind_is_reported(tmp_path: Path) -> None:
    _, run = screened(
        tmp_path / "in.csv",
        f"Shipper,Consignee INN,Bank BIC\nGrenzmark Wollhandel,{BANK},7707083893\n",
    )
    assert {*run.left_out()} == {
        f"in 1 row, we could not read the INN without a digit and did not use it: {BANK} (row 2)",
        "SWIFT in another format in 1 row, compared as written: 7707083893 (row 2)",
        "1 row without a name was not screened by name, which clears nobody (row 2)",
    }


def test_a_column_of_amounts_under_a_role_clears_nobody(tmp_path: Path) -> None:
    _, run = screened(
        tmp_path / "in.csv",
        "Shipper,Consignee,Vessel\n4810.22,Almaty Trade House LLP,Grace 1\n9912,VTB Bank,Grace 1\n",
    )
    assert "Shipper of digits alone in 2 rows, compared as written: 4810.22 (row 2), " in (
        " ".join(run.left_out())
    )
    (sentence,) = {row.consignment for row in run.found if row.row == 3}
    assert "the shipper has only a number in place of a name" in sentence


def test_a_field_that_is_cut_is_reported_with_its_row(tmp_path: Path) -> None:
    long = f"{'Grenzmark ' * 199} VTB Bank"
    _, run = screened(tmp_path / "in.csv", f"Consignee\nAlmaty Trade House LLP\n{long}\n")
    (said,) = run.left_out()
    first = "name of more than 600 characters in 1 row, of which only the first 600 are compared: "
    assert said.startswith(first + "Grenzmark ") and said.endswith("… (row 3)")


@pytest.mark.parametrize(
    ("header", "cells", "reserved"),
    [
        ("Consignee", f"{'Grenzmark ' * 199} VTB Bank", "of which only the first 600 are compared"),
        ("Consignee,Consignee INN", "Almaty Trade House LLP,7707083894", "wrong check digit"),
        ("Consignee,Consignee INN", f"Almaty Trade House LLP,{BANK}", f"({BANK}), not used"),
        ("Consignee,Shipper", "Almaty Trade House LLP,4810.22", "(4810.22), compared as written"),
    ],
)
def test_a_workbook_row_that_was_not_wholly_compared_says_so_beside_nothing_found(
    header: str, cells: str, reserved: str, tmp_path: Path
) -> None:
    path = tmp_path / "in.csv"
    other = ",".join(["Quiet Bakery of Nowhere", *[""] * header.count(",")])
    path.write_text(f"{header}\n{cells}\n{other}\n", "utf-8")
    screen(path, out=tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["consignments"]
    head, first, second = sheet.iter_rows(values_only=True)
    at = head.index("result")
    nothing, _, more = str(first[at]).partition("; ")
    assert nothing.startswith("nothing found on ") and reserved in more
    assert second[at] == nothing


def test_a_workbook_row_leads_with_the_gravest_of_names_that_are_as_sure(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("Consignee,Vessel,IMO\nSichuan University,TRIUMPH,9344033\n", "utf-8")
    screen(path, out=tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["consignments"]
    head, row = sheet.iter_rows(values_only=True)
    said = dict(zip(head, row, strict=True))
    assert said["listed party"] == "TRIUMPH" and said["column"] == "Vessel; also Consignee"
    assert str(said["effect, since, list"]).startswith("Assets frozen: OFAC SDN")


def test_a_ship_of_which_only_the_flag_is_given_is_not_named(tmp_path: Path) -> None:
    rows, run = screened(
        tmp_path / "in.csv",
        "Consignee,Vessel,IMO,Flag\nVTB Bank,,,PA\nAlmaty Trade House LLP,,,\n",
    )
    assert {row["consignment"] for row in rows} == {
        "The consignee (VTB Bank) is under an asset freeze; the ship is not named."
    }
    assert [*run.left_out()] == [
        "1 row without a name was not screened by name, which clears nobody (row 2)"
    ]


def test_columns_of_one_header_are_told_apart_where_they_are_named() -> None:
    notes = " ".join(columns_of("f", ["Consignee", "Consignee"]).notes())
    assert "('Consignee', 'Consignee (2)')" in notes


def test_two_columns_of_one_header_are_two_parties_with_their_own_numbers() -> None:
    found = columns_of("f", ["Consignee", "Consignee", "Consignee INN"])
    assert found.names == ("Consignee", "Consignee (2)")
    assert found.of_party("Consignee (2)", ["A", "B", "7704274402"]) == {"INN": "7704274402"}
