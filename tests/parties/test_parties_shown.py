# SPDX-License-Identifier: Apache-2.0
"""What a typed name and a file are answered: agreement, who else bears the name, dates of their own."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from alert_cells import rows_of

from bilat.cli import main
from bilat.document import Frame, Section, Table
from bilat.errors import DataError, UsageError
from bilat.parties.answers.screen import screen, share_listed
from bilat.parties.answers.screening_answer import verdict as verdict_of
from bilat.parties.answers.screening_question import ScreenQuestion
from bilat.parties.lists.effects import gravest_first, publisher
from bilat.parties.lists.list_names import title_of
from bilat.parties.match.background import firms, informations, people
from bilat.parties.match.bearers import bearers
from bilat.parties.match.chance import AGREEMENTS
from bilat.parties.match.index import PERSON, NameIndex, Party
from bilat.parties.match.matcher import Matcher, NameQuery
from bilat.parties.match.prefilter import reach
from bilat.parties.match.spelling import CUT, EDIT, NONE, SAME, SOUND, spelled
from bilat.parties.names.forms import forms
from bilat.parties.names.legal import only_form
from bilat.parties.queries.headers import columns_of
from bilat.parties.queries.query import Query, bare_numbers
from bilat.parties.queries.query_files import read_queries
from bilat.parties.screening import rows as rows_room
from bilat.parties.screening.alerts import alert_of, since
from bilat.parties.screening.faults import NO_NAME
from bilat.parties.screening.list_index import open_screener
from bilat.parties.screening.loose_matches import abbreviates
from bilat.parties.screening.rows import Cut, dated_effects
from bilat.parties.screening.screener import Screener


def typed(*names: str) -> list[dict]:
    rows: list[dict] = []
    screen(list(names), emit=rows.append)
    return rows


def verdict(rows: list[dict[str, Any]], blind: str) -> str:
    return str(verdict_of([alert_of(row) for row in rows], blind))


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Sberbank", "SBERBANK"),
        ("VTB", "VTB"),
        ("Rosneft", "ROSNEFT"),
        ("DJI", "DJI"),
        ("Rostec", "ROSTEC"),
        ("Hamas", "HAMAS"),
        ("Putin", "PUTIN"),
        ("Сбербанк", "SBERBANK"),
        ("华为", "HUAWEI"),
        ("Huawei", "HUAWEI"),
    ],
)
def test_a_famous_listed_name_heads_the_answer_and_is_never_unlikely(name: str, part: str) -> None:
    first = typed(name)[0]
    assert part in " ".join((first["name"], first["name_matched"], *first["aliases"])).upper()
    assert first["agreement"] in ("exact", "short") and first["band"] != "unlikely"


@pytest.mark.parametrize("body", ["Ministry of Defence", "Ministry of Interior", "National Bank"])
@pytest.mark.parametrize("state", ["Norway", "Canada", "Latvia", "Ghana"])
def test_a_body_of_one_state_is_not_the_listed_body_of_another(body: str, state: str) -> None:
    rows = typed(f"{body} of {state}")
    assert not [r["name"] for r in rows if r["band"] in ("match", "likely")]
    assert not [r["name"] for r in rows if r["agreement"] == "exact"]


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("National Bank of Iran", "MELLI"),
        ("Ministry of Defence of Belarus", "BELARUS"),
        ("Central Bank of Russia", "RUSSIA"),
        ("Kalashnikov Concern, Turkey", "KALASHNIKOV"),
    ],
)
def test_a_body_of_the_listed_state_and_a_name_of_its_own_stay_listed(name: str, part: str) -> None:
    first = typed(name)[0]
    assert part in first["name"].upper() and first["band"] in ("match", "likely")


def test_who_is_a_thousand_times_likelier_leads_whoever_bears_the_exact_name() -> None:
    """A list of 2019 has one entry more of the shipping line, by a name of one letter less."""
    rows = typed("کشتیرانی جمهوری اسلامی ایران")
    assert rows[0]["probability"] == max(row["probability"] for row in rows) > 0.99
    assert "exact" in {row["agreement"] for row in rows[1:]}
    said = verdict(rows, "")
    assert "assets frozen" in said and "European Union" in said and "export denied" not in said


@pytest.mark.parametrize("name", ["شرکت ملی نفت ایران", "National Iranian Oil Company", "DJI"])
def test_of_those_who_are_as_likely_who_bears_the_exact_name_leads(name: str) -> None:
    first = typed(name)[0]
    assert first["agreement"] == "exact"
    path = [Query("1", name, 1)]
    screener = open_screener(None, None, None).screener
    (answer,) = rows_of(screener, path, Cut())
    assert [alert["agreement"] for alert in answer.rows][:1] == ["exact"]


@pytest.mark.parametrize(
    "name",
    [
        "Huawei",
        "华为",
        "Norinco",
        "Wagner",
        "Inspur",
        "Kalashnikov",
        "Роснефть",
        "IRISL",
        "شركة قاطرجي",
    ],
)
def test_a_famous_exact_name_comes_out_of_a_file(name: str, tmp_path: Path) -> None:
    path, rows = tmp_path / "names.csv", []
    path.write_text(f"name\n{name}\nGrenzmark Wollhandel\n", "utf-8")
    screen(path, emit=rows.append)
    assert rows and rows[0]["query"] == name and rows[0]["band"] != "unlikely"
    assert {r["query"] for r in rows} == {name}


@pytest.mark.parametrize(
    "name",
    [
        "Bank of China",
        "Orlen",
        "Petrobras",
        "Samsung",
        "Nokia",
        "Maersk",
        "Siemens",
        "Deutsche Bank",
    ],
)
def test_a_famous_firm_that_is_not_listed_is_not_found_and_nothing_else_is_offered(
    name: str,
) -> None:
    assert typed(name) == []


@pytest.mark.parametrize(
    "name",
    [
        "Toyota Motor",
        "Samsung Electronics",
        "LG Electronics",
        "BAE Systems",
        "国家开发银行",
    ],
)
def test_a_name_that_shares_a_common_word_or_a_meaning_with_a_listed_one_is_no_slip_in_it(
    name: str,
) -> None:
    assert typed(name) == []


def test_a_name_equal_in_meaning_alone_is_near_and_says_so() -> None:
    rows = typed("Bank Melli")
    assert rows[0]["agreement"] == "exact" and "MELLI" in rows[0]["name"].upper()
    assert not [r for r in rows if "Nacional" in r["name_matched"]]
    assert not [r for r in typed("Zvezda shipyard") if "North Star" in r["name_matched"]]
    (first, *_) = rows = typed("Izhevsk Mechanical Plant")
    assert first["agreement"] == "exact" and first["name_matched"].endswith("Mechanical Plant”")
    for exact in (
        "Адмиралтейские верфи",
        "Far Eastern Plant Zvezda",
        "中芯国际",
        "Kazan Helicopter Plant",
    ):
        assert typed(exact)[0]["agreement"] == "exact", exact
    assert typed("Национальный банк")[0]["name_matched"].upper() == "NATIONAL BANK"


def test_beside_an_exact_name_no_other_spelling_is_shown() -> None:
    for name in ("KOMID", "Kim Jong Un", "Shahed Aviation", "Nord Stream 2", "Moscow Exchange"):
        rows = typed(name)
        assert rows and {r["agreement"] for r in rows} <= {"exact", "short"}, name
        assert not [r for r in rows if r["matched_by"].startswith("part of the field")], name


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("Timchenko", "Gennady"),
        ("Kadyrov", "Ramzan"),
        ("Prigozhin", "Yevgeny"),
    ],
)
def test_the_head_of_a_family_or_group_comes_before_its_members(name: str, head: str) -> None:
    assert head in typed(name)[0]["name"]


def test_the_first_line_says_who_lists_the_party() -> None:
    said = {
        name: verdict(typed(name), "")
        for name in ("Boeing", "Lockheed Martin", "Sberbank", "Uralvagonzavod")
    }
    assert said["Lockheed Martin"].startswith(
        "ON THE LISTS of China. The name is exactly that of Lockheed Martin Corporation"
    )
    assert (
        said["Boeing"].startswith("PART OF A LONGER NAME ON THE LISTS of China.")
        and "China's Ministry of Commerce" in said["Boeing"]
    )
    allies = {
        "Australia",
        "Canada",
        "Japan",
        "the European Union",
        "the United Kingdom",
        "the United States",
    }
    for name in ("Sberbank", "Uralvagonzavod"):
        first, _, exact = said[name].partition(". The name is exactly that of ")
        who = first.removeprefix("ON THE LISTS of ").replace(" and ", ", ").split(", ")
        assert sorted(who) == sorted(allies), name
        assert exact.startswith(f"{name} (assets frozen: "), name


def test_a_bare_entry_of_the_exact_name_does_not_hide_a_party_that_more_lists_have() -> None:
    said = verdict(typed("Wagner"), "")
    head, _, rest = said.partition(". The name is exactly that of ")
    assert "the United States" in head
    assert "the United Kingdom" in head
    assert "among them Private Military Company" in rest
    # Nothing is added where the party of the exact name weighs most.
    assert "LONGER NAME" not in verdict(typed("Kalashnikov"), "")
    # Kim Song Chol is another man than Kim Chol.
    assert "LONGER NAME" not in verdict(typed("Kim Chol"), "")


def test_one_of_two_firms_whose_joint_venture_is_listed_is_not_listed_by_its_name() -> None:
    assert {r["agreement"] for r in typed("Raytheon")} == {"short"}


def test_abbreviated_words_are_letters_of_the_listed_ones_in_order() -> None:
    assert abbreviates("beta trdg co", "beta trading company") and abbreviates(
        "eng univ", "harbin eng university"
    )
    assert not abbreviates("toyota motor", "t motor") and not abbreviates(
        "lg electronics", "ll electronic"
    )
    assert "Beta Trading Company" in {r["name"] for r in typed("Beta Trdg Co")}


def test_the_strongest_agreement_over_a_partys_names_answers() -> None:
    """Beside `Ališer Usmanov` the lists have `USMONOV, Alisher` and names with the father's."""
    (row, *_) = typed("Alisher Usmanov")
    assert row["agreement"] == "exact" and row["name_matched"].endswith("Usmanov")
    assert row["band"] == "match"
    assert typed("Usmanov")[0]["agreement"] == "short"


def test_a_group_has_the_words_as_they_are_written_and_letters_that_sound_alike_are_no_exact_name() -> (
    None
):
    exact = [r for r in typed("DJI") if r["agreement"] == "exact"]
    assert {r["name_matched"] for r in exact} == {"DJI"} and exact[0]["group"] == len(exact)
    assert typed("DJI")[0] == exact[0]
    for name, other in (("VKC", "WKCC"), ("Zvezda shipyard", "ZVEZDOCHKA")):
        assert not [
            r
            for r in typed(name)
            if r["agreement"] == "exact" and other in r["name_matched"].upper()
        ]


def test_a_bic_of_eleven_characters_finds_the_listing_of_eight() -> None:
    for text in ("SABRRUMMXXX", "SWIFT SABRRUMM012"):
        (row, *_) = typed(text)
        assert row["agreement"] == "number" and "SBERBANK" in row["name"].upper(), text


def test_a_number_that_is_not_found_says_how_many_listed_parties_have_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["screen", "7712345671"])
    assert "an INN or OGRN. So a number that is not found clears nobody." in " ".join(
        capsys.readouterr().out.split()
    )


def test_a_longer_word_is_no_listed_name_cut_short() -> None:
    (row, *_) = typed("Gazprombcnk")
    assert "GAZPROMBANK" in row["name"].upper() and row["agreement"] == "near"
    kinds, _ = spelled(
        [("gazprombknk", "gazprombcnk"), ("tehnologi", "technology")],
        [("gazprom", "gazprom"), ("teh", "tech")],
    )
    assert kinds.tolist() == [NONE, CUT]


def test_a_slip_in_a_famous_name_is_offered_as_another_spelling() -> None:
    rows = typed("Igor Secihn")
    assert "SECHIN" in rows[0]["name"].upper() and rows[0]["agreement"] == "near"
    assert verdict(rows, "2025-12-31").startswith("NEAR A LISTED NAME")


def test_nothing_found_says_until_when_the_lists_are_known() -> None:
    assert typed("Zqxwv Kplmn Holdings of Nowhere") == []
    assert "2025-12-31" in verdict([], "2025-12-31")


def test_a_group_is_counted_and_a_name_of_many_is_said_to_be_one() -> None:
    assert typed("Sberbank")[0]["group"] > 10
    wang = typed("Wang Wei")[0]
    assert wang["bearers"] == "many" and wang["bearers_count"] > 100_000
    assert "THE NAME IS COMMON" in verdict([wang], "")


def test_a_number_alone_is_certain_however_it_is_written() -> None:
    for text in ("IMO 9187629", "9187629", "imo9187629", "IMO: 918 7629"):
        rows = typed(text)
        assert rows and rows[0]["agreement"] == "number" and rows[0]["probability"] > 0.99, text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("7707083893", "inn"),
        ("ИНН 7707 083 893", "inn"),
        ("OGRN 1027700132195", "ogrn"),
        ("SABRRUMM", "swift"),
        ("SWIFT: VTBRRUMM", "swift"),
        ("9187629", "imo"),
        ("253400V1H6ART1UQ0N98", "lei"),
    ],
)
def test_bare_numbers_are_known_by_their_check_digits(text: str, kind: str) -> None:
    assert kind in {i.kind for i in bare_numbers(text)}


@pytest.mark.parametrize("text", ["7707083894", "Rosneft", "Company 12", "Sberbank of Russia"])
def test_names_and_wrong_check_digits_are_no_numbers(text: str) -> None:
    assert not {i.kind for i in bare_numbers(text)} - {"swift"}


def test_letters_that_spell_no_state_are_no_bic() -> None:
    assert not bare_numbers("Bank of China") and bare_numbers("BKCHCNBJ")


def test_a_legal_form_is_never_a_name() -> None:
    assert forms("J & E S. DE R.L. DE C.V.", False)[0].tokens == ("i", "and", "e")
    for name in (
        "ABC Korlátolt Felelősségű Társaság",
        "ABC Sabiedrība ar ierobežotu atbildību",
        "ABC Designated Activity Company",
        "ABC S. de R.L. de C.V.",
    ):
        assert all(f.tokens == ("abk",) for f in forms(name, False)), name
    assert only_form("S. de R.L. de C.V.")


def test_a_letter_that_may_link_words_is_a_slip_where_a_listed_name_has_the_word() -> None:
    """Without `y`, Spanish for and, the name is within the ship's, and no ship is meant."""
    first = typed("TIAN Y 8")[0]
    assert (first["name"], first["agreement"]) == ("TIAN YU 8", "near")


def test_two_letters_before_a_name_that_ends_with_its_form_are_initials_and_no_other_form() -> None:
    """Of GP, CA, JP and AH each is a legal form or a link word somewhere: left out, one firm becomes another's name."""
    for one, other in (
        ("GP Shipping Limited", "DP Shipping Limited"),
        ("C.A. Energy S.R.L.", "AA Energy FZCO"),
        ("AH Trade GmbH", "JT Trading Limited"),
    ):
        assert forms(one, False)[0].tokens != forms(other, False)[0].tokens, one
    for name in ("AO Mikron", "Mikron AO", "Mikron JSC", "OOO Mikron"):
        assert forms(name, False)[0].tokens == ("mikron",), name


def test_words_are_rare_by_the_world_and_not_by_the_lists() -> None:
    rare, common = (
        informations([["huavei"]], [False], [""])[0],
        informations([["properti", "investment", "ortakligi"]], [False], [""])[0],
    )
    assert rare[0] > common.max()
    there, anywhere = informations([["savetovan"]] * 2, [False] * 2, ["HRV", ""])[:, 0]
    assert there < anywhere
    assert people().bearers(("vang", "vei")) > 1e5
    assert (
        bearers(("vang", "vei"), PERSON).who == "many"
        and bearers(("rosneft",), -1).who == "nobody known"
    )
    assert {"registered names", "legal forms"} <= firms().sources.keys()


def test_words_without_vowels_among_more_words_than_were_once_remembered() -> None:
    """``محمد`` may be so many words that a memory of words met was emptied while it was filled."""
    names = [(f"w{n}", f"x{n}") for n in range(24_999)] + [("محمد",)]
    said = informations(names, [None] * len(names), [""] * len(names))
    assert said.shape == (25_000, 2) and said[-1, 0] < said[0, 0]


def test_spellings_are_edits_or_cut_words_and_a_number_has_none() -> None:
    asked = [
        ("sekihn", "secihn"),
        ("univ", "univ"),
        ("tehnlgi", ""),
        ("9187629", ""),
        ("rosneft", ""),
        ("vtb", "vtb"),
        ("~hua.wei", ""),
        ("i", "i"),
    ]
    listed = [
        ("seqin", "sechin"),
        ("universitet", ""),
        ("tehnologi", ""),
        ("9187628", ""),
        ("huavei", ""),
        ("vtb", ""),
        ("huavei", ""),
        ("igor", "igor"),
    ]
    kinds, edits = spelled(asked, listed)
    assert kinds.tolist() == [EDIT, CUT, EDIT, NONE, NONE, SAME, SOUND, CUT]
    assert edits[:2].tolist() == [1, 0] and edits[-1] == 2


def test_agreement_is_exact_short_near_or_part() -> None:
    def of(asked: str, listed: str) -> str:
        matcher = Matcher(NameIndex([Party("0", "Company", (listed,))]))
        (found,) = set(matcher.pairs([NameQuery(asked, "Company")]).agreement.tolist())
        return AGREEMENTS[1 + found]

    assert of("Alfa Bank", "ALFA BANK") == "exact"
    assert of("Sberbank", "Sberbank Leasing") == "short"
    assert of("Rosatopm Servis", "Rosatom Servis") == "near"
    assert of("Far Away Sberbank", "Sberbank") == "part"
    assert of("VTB", "VTB Bank") == "exact" and of("Delta", "Delta Group") == "short"
    # One in meaning alone, where neither writes the other nor the English word; of another script it is the name.
    assert (
        of("Bank Melli", "Banco Nacional") == "near"
        and of("Bank Melli", "Melli Bank PLC") == "exact"
    )
    assert (
        of("Национальный банк", "National Bank") == "exact"
        and of("Национальный банк", "Bank Melli") == "near"
    )


def listing(effect: str, day: str, name: str, by: str = "") -> dict[str, str]:
    return {
        "effect": effect,
        "listed_on": day,
        "listed_by": by,
        "list": name,
        "programme": "",
        "link": "",
    }


def test_each_effect_has_its_own_date_and_list() -> None:
    listings = [
        listing("export licence", "2014-09-17", "US EL"),
        listing("blocked", "2025-10-22", "OFAC SDN"),
        listing("blocked", "", "Other", "2025-11-01"),
        listing("blocked", "2025-10-23", "US other"),
    ]
    dated = dated_effects(["export licence", "blocked"], listings)
    assert [(e["effect"], since(e), e["list"]) for e in dated] == [
        ("blocked", "2025-10-22", "OFAC SDN"),
        ("blocked", "by 2025-11-01", "Other"),
        ("export licence", "2014-09-17", "US EL"),
    ]


def strictest_by_publisher(listings: list[dict[str, str]]) -> dict[str, str]:
    """Of each publisher the gravest effect, found one listing at a time."""
    place = gravest_first()
    out: dict[str, str] = {}
    for x in listings:
        who = publisher(x["list"])
        if who not in out or place[x["effect"]] < place[out[who]]:
            out[who] = x["effect"]
    return out


def test_no_alert_drops_the_strictest_effect_that_a_publisher_has_on_its_party() -> None:
    opened = open_screener(None, None, None)
    several = 0
    for n in range(0, len(opened.screener), 7):
        record = opened.screener.record(n)
        strictest = strictest_by_publisher(record["listings"])
        several += len(strictest) > 1
        dated = dated_effects(record["effects"], record["listings"])
        told = {(publisher(e["list"]), e["effect"]) for e in dated}
        assert set(strictest.items()) <= told, record["id"]
        assert len(told) == len(dated), record["id"]
        if dated:
            assert dated[0]["effect"] == record["effects"][0], record["id"]
    assert several > 300


@pytest.mark.parametrize(
    "name", ["Rosneft", "Lukoil", "ВТБ", "Sberbank", "Gazprombank", "Alfa-Bank"]
)
def test_a_blocked_firm_of_several_lists_has_a_row_for_each_state(name: str) -> None:
    rows = typed(name)
    told = {(publisher(e["list"]), e["effect"]) for row in rows for e in row["effects"]}
    assert ("the United States", "blocked") in told
    assert ("the United Kingdom", "blocked") in told
    answer = ScreenQuestion(name=(name,)).answer(Frame())
    table = next(block for block in answer.blocks if isinstance(block, Table))
    lines = {
        (publisher(str(line[4]).replace("'s ", " ")), str(line[2]).partition(" and ")[0])
        for line in table.rows
    }
    assert ("the United States", "assets frozen") in lines
    alike = [row for row in rows if row["agreement"] == rows[0]["agreement"]]
    named = {publisher(x["list"]) for row in alike for x in row["listings"]}
    assert named <= {who for who, _ in lines}


def test_a_file_of_one_name_a_line_is_read_whatever_commas_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_text("Sberbank\nTELMEX SERVICIOS, S. DE R.L.\n", "utf-8")
    assert [q.name for q in read_queries(path)] == ["Sberbank", "TELMEX SERVICIOS, S. DE R.L."]
    path = tmp_path / "names.csv"
    path.write_text("name\nX, S.A.\n", "utf-8")
    assert [q.name for q in read_queries(path)] == ["X, S.A."]


def test_the_share_of_a_file_is_found_out_of_its_probabilities() -> None:
    import numpy as np

    rng = np.random.default_rng(1)
    listed = rng.random(4000) < 0.05
    odds = np.exp(np.where(listed, rng.normal(2, 2, 4000), rng.normal(-2, 2, 4000))) * (0.01 / 0.99)
    assert share_listed(odds / (1 + odds), 0.01) == pytest.approx(0.05, rel=0.25)


def test_the_workbook_gives_back_every_row_and_column_with_alerts_first(tmp_path: Path) -> None:
    import openpyxl

    path, out = tmp_path / "in.csv", tmp_path / "out.xlsx"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerows(
            [
                ["Ref", "name", "Value"],
                ["A1", "A bakery in Tartu", "12"],
                ["A2", "VTB Bank", "99"],
                ["A3", "-", "5"],
            ]
        )
    screen(path, out=out)
    sheet = openpyxl.load_workbook(out)["consignments"]
    rows = [[c.value for c in r] for r in sheet.iter_rows()]
    assert rows[0][:4] == ["row", "reference", "result", "listed party"]
    assert rows[0][-3:] == ["Ref", "name", "Value"] and "decision" in rows[0]
    assert sheet.freeze_panes == "C2"
    assert [r[:2] for r in rows[1:]] == [[3, "A2"], [2, "A1"], [4, "A3"]]
    assert rows[1][2] == "very probable" and rows[2][2].startswith("nothing found on ")
    assert rows[3][2] == "not screened: this row has no name"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight in (0, "0")
    # In print, the finding and the decision stand on one page; the user's columns are left out.
    heads = rows[0]
    in_print = sheet[sheet.print_area.split("!")[1].replace("$", "")]
    printed = [cell.value for cell in in_print[0]]
    assert printed == heads[: len(printed)] and len(in_print) == len(rows)
    assert {"listed party", "decision", "decided by"} <= {*printed}
    assert not {"Ref", "name", "Value"} & {*printed}
    assert sheet.page_setup.fitToWidth == 1 and sheet.print_title_rows == "$1:$1"


def test_rows_keep_the_fields_that_programs_read(tmp_path: Path) -> None:
    out = tmp_path / "rows.jsonl"
    screen([Query("1", "VTB Bank", 1)], out=out)
    row = json.loads(out.read_text("utf-8").splitlines()[0])
    wanted = {
        "query_id",
        "party",
        "name",
        "name_matched",
        "band",
        "probability",
        "rank",
        "listings",
    }
    assert (
        wanted <= row.keys() and {"agreement", "bearers", "bearers_count", "effects"} <= row.keys()
    )


def test_a_name_of_many_people_is_no_more_likely_listed_than_its_bearers_allow() -> None:
    """560,000 people are called Wang Wei; one listed entry, whose kind the list leaves out, is."""
    (row, *_) = typed("Wang Wei")
    assert row["agreement"] == "exact" and row["bearers"] == "many" and row["probability"] < 0.3
    (row, *_) = typed("Igor Sechin")
    assert row["listed"] > 0.9 and row["band"] == "match"


def test_a_word_that_could_be_a_bic_contradicts_no_listed_number() -> None:
    """Its fifth and sixth letters are a state's, as a BIC's are."""
    (row, *_) = typed("Sberbank")
    assert "identifier_conflict" not in {f["flag"] for f in row["flags"]}
    (row, *_) = typed("SABRRUMM")
    assert row["agreement"] == "number" and "SBERBANK" in row["name"].upper()


def test_a_word_is_its_firms_name_but_for_bank_or_group() -> None:
    """Exact is the whole listed name; one with a word such as bank more is a longer name, and likely."""
    rows = typed("VTB")
    exact = {r["name_matched"] for r in rows if r["agreement"] == "exact"}
    longer = [r for r in rows if r["name_matched"].upper() == "VTB BANK"]
    assert exact == {"VTB"} and longer
    assert {r["agreement"] for r in longer} == {"short"}
    assert "unlikely" not in {r["band"] for r in longer}


#: Firms and people that are on no list.
CLEAN = [
    *(
        "Blue Lagoon Bakery Ltd",
        "Kwik Fit Tyres GmbH",
        "Nordlicht Reisen AG",
        "Grenzmark Wollhandel",
        "Hassan Ali",
    ),
    *(
        "Porto Industrial Services S.L.",
        "Maria Lopez Fernandez",
        "Erste Kaffee Handels GmbH, Wien",
        "Tokyo Rice Co.",
    ),
    *(
        "Science Park Fund 2 G",
        "Строительная компания Берёзка",
        "杭州小猫咖啡有限公司",
        "J & E S. de R.L. de C.V.",
    ),
]


def slipped(name: str, rng: random.Random) -> str:
    """A name with two letters of a long word turned, or one of them left out."""
    words = name.split()
    long = [n for n, w in enumerate(words) if len(w) > 4]
    if long:
        n = rng.choice(long)
        w, at = words[n], rng.randrange(1, len(words[n]) - 1)
        words[n] = rng.choice((w[:at] + w[at + 1 :], w[:at] + w[at + 1] + w[at] + w[at + 2 :]))
    return " ".join(words)


def test_a_file_gives_the_rows_that_a_look_at_every_name_gives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The prefilter loses few alerts and changes none, wherever the names stand and how often; no row is new."""
    screener, rng = open_screener(None, None, None).screener, random.Random(7)
    listed = [n for k in range(3, len(screener), 150) for n, *_ in screener.record(k)["names"][:1]]
    names = [*listed, *(slipped(n, rng) for n in listed), *CLEAN, *CLEAN]
    rng.shuffle(names)
    asked = [Query(str(n), name, n) for n, name in enumerate(names)]

    def rows() -> dict[tuple[str, str], dict]:
        return {
            (r["query_id"], r["party"]): r for a in rows_of(screener, asked, Cut()) for r in a.rows
        }

    near, looked_at = rows(), len(screener.near(asked, Cut().least))
    screener.tops_of(asked[::7])
    assert rows() == near, "names of a sample are far for good that are not"
    monkeypatch.setattr(Screener, "near", lambda _, queries, least: list(range(len(queries))))
    every, find = rows(), Screener.find
    monkeypatch.setattr(
        Screener, "find", lambda self, queries, least, **more: find(self, queries, **more)
    )
    assert rows() == every, "a line that gives rows is left out"
    monkeypatch.setattr(Screener, "find", find)
    assert all(every[key] == row for key, row in near.items())
    assert len(every) > len(listed) and len(near) >= 0.99 * len(every)
    assert looked_at <= len(asked) - len(CLEAN)
    exact = {key for key, row in every.items() if row["agreement"] in ("exact", "number")}
    assert exact <= near.keys()


def test_nearly_all_rows_come_without_the_names_that_are_far(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screener = open_screener(None, None, None).screener
    names = [screener.record(n)["name"] for n in range(0, len(screener), 400)]
    asked = [
        Query(str(n), name, n) for n, name in enumerate([*names, *(n[::2] for n in names), *CLEAN])
    ]
    near = [
        (r["query_id"], r["party"], r["band"])
        for a in rows_of(screener, asked, Cut(1))
        for r in a.rows
    ]
    monkeypatch.setattr(rows_room, "ALL_BELOW", 1.0)
    every = [
        (r["query_id"], r["party"], r["band"])
        for a in rows_of(screener, asked, Cut(1))
        for r in a.rows
    ]
    assert set(near) <= set(every) and len(near) > 40 and len(every) <= len(near) + 3


@pytest.mark.parametrize("names", [(), ("Acme",), ("محمد الحوراني",), ("华为技术",), ("…",)])
def test_what_cannot_be_judged_by_a_cheap_look_is_read_whole(names: tuple[str, ...]) -> None:
    """Whatever is listed: numbers and Han; a name of no letters is far from all."""
    matcher = Matcher(NameIndex([Party("1", "Company", names)]))
    found = reach(matcher, ["7707083893", "华为", "", "…", "x" * 700], [False] * 5, 0.0)
    assert found[:2].min() == np.inf and found[2:4].max() == -np.inf


def test_a_name_that_shares_one_word_with_a_listed_one_in_arabic_letters_is_not_read_whole() -> (
    None
):
    matcher = Matcher(NameIndex([Party("1", "Person", ("محمود الخطيب",))]))
    asked = ["Mahmoud al-Khatib", "Mahmoed al Khattob", "Mahmoud Delgado Pinto"]
    found = reach(matcher, asked, [True, True, False], -6.0)
    assert found[:2].min() >= -6.0
    assert found[2] < -6.0


def test_a_listed_name_in_a_field_of_a_file_comes_out_and_a_town_does_not() -> None:
    fields = {
        "Rosoboronexport c/o Aeroflot cargo": "Rosoboron",
        "MAHAN AIRLINES, Tehran": "MAHAN",
        "Severstal, Moscow": "Severstal",
        "Sberbank on behalf of Example Motor Europe NV": "Sberbank",
        "Hamas, Gaza": "HAMAS",
        "Nabokov Yuri Alexandrovich 46 Example St Hong Kong": "NABOKOV",
        "Example Logistics SRL, Bishkek": "",
        "Example Engineering, Yerevan": "",
        "EXAMPL1 SHIPPING COMPANY LIM1TED": "",
        "Example Engineering, Moscow": "",
        "Example Engineering, Kazan": "",
    }
    asked = [Query(str(n), name, n) for n, name in enumerate(fields)]
    for answer, listed in zip(
        rows_of(open_screener(None, None, None).screener, asked, Cut(5)),
        fields.values(),
        strict=True,
    ):
        said = [r["name"].upper() for r in answer.rows]
        assert listed.upper() in said[0] if listed else not said


def test_words_that_ran_together_are_looked_at() -> None:
    names = ["Russian SpaceSystems", "LLCUnimatic", "ALABUGA MACHINERYLLC", "Volkswagen"]
    asked = [Query(str(n), name, n) for n, name in enumerate(names)]
    assert open_screener(None, None, None).screener.near(asked, Cut().least) == [0, 1, 2]


def test_a_person_without_vowels_is_found_among_many_of_the_same_consonants() -> None:
    (row, *_) = typed("SRKN DMTR SRGVCH")
    assert "SOROKIN" in row["name"] and row["agreement"] == "near"


@pytest.mark.parametrize("acronym", ["NATO", "DHL", "Midea", "BYD", "Haier"])
def test_a_word_is_not_every_word_of_its_consonants(acronym: str) -> None:
    """Lists spell their Arabic names in Latin letters too: Nejat is not NATO."""
    assert not [row for row in typed(acronym) if not row["name_matched"].isascii()]


def test_an_acronym_in_cyrillic_is_no_english_word() -> None:
    (row, *_) = typed("ОАК")
    assert row["name"] == "United Aircraft Corporation" and row["agreement"] == "exact"
    assert not [row for row in typed("OAK") if row["agreement"] == "exact"]


@pytest.mark.parametrize(
    "firm",
    [
        "AVP ELECTRONICS LIMITED",  # no AW-TRONICS: a word of industry is not split
        "THE COMMERCIAL BANK (P.S.Q.C.)",  # no 貿易銀行, a trade bank
        "LANGA SOLAR PRODUCTION 4, Moscow, Russia",  # a number of the name is no house in Moscow
        "Horizon NV - CSOB Smart Start 1 (Islamic Republic of Iran)",
    ],
)
def test_a_clean_firm_alerts_on_nobody(firm: str) -> None:
    screener = open_screener(None, None, None).screener
    assert not rows_of(screener, [Query("1", firm, 1)], Cut())[0].rows


def test_a_listed_name_stays_whole_beside_its_town() -> None:
    (row, *_) = typed("Air Koryo, Pyongyang")
    assert row["name"] == "AIR KORYO" and row["agreement"] == "exact"
    (row, *_) = typed("Wagner, Saint Petersburg")
    assert row["name"] == "Wagner"


@pytest.mark.parametrize(
    ("field", "place"),
    [("Emirates NBD", "Emirates"), ("Sparta Prague", "Prague"), ("Iran Air Tours", "Tours")],
)
def test_a_place_that_no_mark_parts_from_a_name_is_a_word_of_it(field: str, place: str) -> None:
    rows = typed(field)
    assert all(r["agreement"] not in ("exact", "short") for r in rows)
    assert all(place in r["words_left"]["asked"] for r in rows)


@pytest.mark.parametrize(
    "field",
    [
        "VTB Moscow",  # the state of the listing
        "Sberbank, Almaty",  # a mark parts it
        "Rostec, Moscow, Russia",
        "Bank Melli Iran Hamburg",  # an address of the listing
        "Air Koryo, Pyongyang",
        "大疆 Ust-Kamenogorsk",  # another script parts it too
    ],
)
def test_a_place_of_the_listing_or_behind_a_mark_is_no_word_of_the_name(field: str) -> None:
    first = typed(field)[0]
    assert first["agreement"] == "exact" and not first["words_left"]["asked"]


def test_a_place_behind_a_name_may_be_that_of_the_row_and_one_before_it_may_not() -> None:
    screener = open_screener(None, None, None).screener
    given = {"country": "KZ", "place": "Almaty"}
    fields = ["Sberbank Almaty", "Almaty Sberbank"]
    asked = [Query(str(n), field, n, **given) for n, field in enumerate(fields)]
    asked.append(Query("2", "Sberbank Almaty", 2))
    behind, before, unknown = (a.rows[0] for a in rows_of(screener, asked, Cut()))
    assert behind["agreement"] == "exact"
    assert before["agreement"] == unknown["agreement"] == "part"


def test_one_of_two_names_that_a_comma_parts_is_a_part_of_the_field() -> None:
    screener = open_screener(None, None, None).screener
    fields = ["MINISTERIO DE ENERGÍA, TURISMO Y AGENDA DIGITAL", "Rosoboronexport c/o Aeroflot"]
    found = rows_of(screener, [Query(str(n), f, n) for n, f in enumerate(fields)], Cut())
    assert {row["agreement"] for row in found[0].rows} == {"part"}
    assert found[1].rows[0]["agreement"] == "exact"


def test_words_without_vowels_come_out_of_a_file_and_are_near() -> None:
    names = ["DZHBRV VLDMR MKHLVCH", "YCHM GEN TRDG FZE", "Volkswagen"]
    asked = [Query(str(n), name, n) for n, name in enumerate(names)]
    found = {
        r["query_id"]: r
        for a in rows_of(open_screener(None, None, None).screener, asked, Cut(1))
        for r in a.rows
    }
    assert [*found] == ["0", "1"] and {r["agreement"] for r in found.values()} == {"near"}
    assert "dzhabarov" in found["0"]["name_matched"].casefold()
    assert "youchem" in found["1"]["name_matched"].casefold()


def test_a_firm_spelled_otherwise_in_the_same_letters_is_near() -> None:
    """Alpha Bank is a bank of Athens; Sovkomflot is another romanisation of a listed Russian name."""
    (row, *_) = typed("Alpha Bank S.A.")
    assert row["agreement"] == "near"
    for row in typed("Sovkomflot"):
        latin = row["name_matched"].isascii()
        assert row["agreement"] == ("near" if latin else "exact"), row["name_matched"]
    for name in ("Sovcomflot", "АЛЬФА-БАНК", "Alfa-Bank"):
        (row, *_) = typed(name)
        assert row["agreement"] == "exact", name


def test_a_common_name_of_people_is_one_in_each_of_its_spellings() -> None:
    """Counts have a name in one spelling: of Aleksandr Ivanovs there are thousands, and Alexander is one of them."""
    for name in ("Alexander Ivanov", "Aleksandr Ivanov", "Александр Иванов"):
        (row, *_) = typed(name)
        assert (
            row["bearers"] == "many" and row["bearers_count"] > 10_000 and row["band"] != "match"
        ), name
    (row, *_) = typed("Yevgeny Prigozhin")
    assert (
        row["bearers_count"] == 0
        and row["bearers_says"] == "we do not know how many people have it"
    )


def test_every_column_of_names_is_screened_and_each_alert_names_its_own(tmp_path: Path) -> None:
    import openpyxl

    path, out, rows = tmp_path / "in.csv", tmp_path / "out.xlsx", list[dict[str, Any]]()
    path.write_text(
        "Ref,Shipper,Shipper country,Consignee,Weight\n"
        "A1,Rosoboronexport,RU,Volkswagen AG,7\nA2,,,VTB Bank,8\nA3,Green Valley "
        "Bakery,DE,Huawei Technologies,9\n",
        "utf-8",
    )
    run = screen(path, emit=rows.append, out=out)
    assert run.queries == 5 and run.summary()[0].startswith("5 names under Shipper and Consignee: ")
    assert {(r["query_id"], r["column"]) for r in rows} == {
        ("A1", "Shipper"),
        ("A2", "Consignee"),
        ("A3", "Consignee"),
    }
    first = rows[0]
    assert first["asked"] == {"country": "RUS", "Consignee": "Volkswagen AG", "Weight": "7"}
    head, *lines = openpyxl.load_workbook(out)["consignments"].iter_rows(values_only=True)
    assert head[:4] == ("row", "reference", "consignment", "result")
    assert head[-6:] == ("column", "Ref", "Shipper", "Shipper country", "Consignee", "Weight")
    assert sorted((r[1], r[-6]) for r in lines) == [
        ("A1", "Shipper"),
        ("A2", "Consignee"),
        ("A3", "Consignee"),
    ]
    one = screen(path, map="name=Consignee")
    assert (
        one.queries == 3
        and not one.columns
        and "columns that we do not use: Shipper" in " ".join(one.notes)
    )
    assert screen(path, map="name=Shipper,name=Consignee").queries == 5
    path.write_text("Shipper,Consignee\nRosoboronexport,VTB Bank\n", "utf-8")
    screen(path, out=out)
    _, line = openpyxl.load_workbook(out)["consignments"].iter_rows(values_only=True)
    assert sorted(line[-3].split("; also ")) == [
        "Consignee",
        "Shipper",
    ]  # the surest, and where the other is


def test_a_column_speaks_of_the_party_that_its_header_names() -> None:
    found = columns_of(
        "f", ["Consignee", "Shipper", "Shipper address", "Consignee country", "Country", "INN"]
    )
    assert found.parties == (
        ("name", "", "", "country", "", ""),
        ("", "name", "address", "", "", ""),
        ("", "", "", "", "", "identifiers"),  # whose it is, the header does not say
    )
    assert columns_of("f", ["Shipper", "Consignee", "Country"], [("name", "Shipper")]).fields == (
        "name",
        "",
        "country",
    )


def test_a_row_of_a_file_brings_along_what_else_the_file_says(tmp_path: Path) -> None:
    path, rows = tmp_path / "in.csv", list[dict[str, Any]]()
    path.write_text(
        "Booth,Consignee,Value\n77,Rosoboronexport,1200\n78,A bakery in Tartu,5\n", "utf-8"
    )
    screen(path, emit=rows.append)
    assert (
        rows
        and {r["asked"]["Value"] for r in rows} == {"1200"}
        and rows[0]["asked"]["Booth"] == "77"
    )


#: Typed, and the party that heads the answer.
HEADS = {
    "hizb allah": "Hizballah", "Hezbollah": "Hizballah", "VTB": "VTB Bank",
    "Huawei": "Huawei Technologies Co., Ltd. (Huawei)", "Sberbank": "Sberbank",
    "Gazprom": "Gazprom", "NORINCO": "China North Industries Group Corporation Limited",
    "Bank Saderat": "Bank Saderat",
}  # fmt: skip


def test_the_group_heads_and_rows_stand_by_their_chance() -> None:
    run = screen(list(HEADS), top=4)
    for name, head in HEADS.items():
        rows = [r for r in run.alerts if r["query"] == name]
        assert rows[0]["name"].startswith(head) and rows[0]["band"] != "unlikely"
        chances = [(r["agreement"] != "exact", -(r["probability"] or 0)) for r in rows]
        assert rows[0]["probability"] == max(r["probability"] for r in rows) and chances == sorted(
            chances
        )


@pytest.mark.parametrize(
    "name", ["Bank of Georgia", "National Bank of Egypt", "Bank of Syria", "University of Georgia"]
)
def test_words_of_kind_and_place_alone_are_no_match(name: str) -> None:
    assert not [r["name"] for r in screen([name]).alerts if r["agreement"] != "exact"]


def test_a_legal_form_names_no_person_and_a_cut_word_is_no_other() -> None:
    run = screen(["Orion Oyj", "Polyus Medical", "Zvezda shipyard"])
    assert "GARCIA ARBOLEDA Edward" not in {r["name"] for r in run.alerts}
    assert not [
        r["name"]
        for r in run.alerts
        if "ZVEZDOCHKA" in r["name"].upper() or r["name_matched"] == "MC POLYUS LLC"
    ]


def test_an_answer_says_whose_lists_were_not_looked_at_and_which_are_old() -> None:
    line = screen(["Sberbank"]).blind
    assert line.startswith("To get ") and "(the United Nations): bilat update" in line
    assert "We did not check anything added to our lists after these dates: " in line
    assert f"{title_of('us_csl')}, 31 " in line


def test_a_limit_on_accounts_is_not_called_sectoral() -> None:
    first = screen(["Bank of Kunlun"]).alerts[0]
    assert first["effect"] == "correspondent account"


def test_a_group_is_called_by_its_heads_name() -> None:
    assert typed("SMIC")[0]["name"].upper().startswith("SEMICONDUCTOR MANUFACTURING INTERNATIONAL")


def test_a_group_is_answered_by_its_head_and_its_branches_stand_one_click_down() -> None:
    for name, head in (("Huawei", "Huawei Technologies"),):
        document, run = ScreenQuestion(name=(name,)).document(Frame())
        table = next(b for b in document.blocks if isinstance(b, Table))
        below = next(
            b for b in document.blocks if isinstance(b, Section) and b.title == "The group"
        )
        assert {r[0][: len(head)].upper() for r in table.rows if r[0]} == {
            head.upper()
        } and below.detail
        assert {"investment ban", "supplied only under an export licence"} <= {
            r[2] for r in table.rows
        }  # of both lists that name the head
        assert len(run.alerts) == 5  # rows for programs are as ever
    person, _ = ScreenQuestion(name=("Wang Wei",)).document(Frame())
    assert not any(b.title == "The group" for b in person.blocks if isinstance(b, Section))


def test_a_workbook_of_names_given_one_by_one_has_a_row_for_each(tmp_path: Path) -> None:
    import openpyxl

    out = tmp_path / "out.xlsx"
    screen(
        [Query("a", "VTB Bank", 0), Query("b", "Green Valley Bakery", 0), Query("c", "Rostec", 0)],
        out=out,
    )
    rows = [
        r[-1]
        for r in openpyxl.load_workbook(out)["consignments"].iter_rows(min_row=2, values_only=True)
    ]
    assert (
        sorted(rows) == ["Green Valley Bakery", "Rostec", "VTB Bank"]
        and rows[-1] == "Green Valley Bakery"
    )


def test_a_file_of_a_header_alone_has_no_names_and_a_wrong_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("Ref,Consignee\n", "utf-8")
    assert screen(path).queries == 0
    path.write_text("Ref,Weight\n", "utf-8")
    with pytest.raises(DataError, match="no column 'name'"):
        screen(path)


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("ИП Сечин Игорь Иванович", "SECHIN"),
        ("IP Sechin Igor Ivanovich", "SECHIN"),
        ("Individual Entrepreneur Deripaska Oleg Vladimirovich", "DERIPASKA"),
        ("Igor Sechin, sole trader", "SECHIN"),
        ("Дерипаска О.В.", "DERIPASKA"),
        ("Vekselberg V. F.", "VEKSELBERG"),
    ],
)
def test_a_sole_trader_and_a_person_with_initials_are_found(name: str, listed: str) -> None:
    assert any(listed in r["name"].upper() for r in typed(name))


def test_a_person_without_the_fathers_name_comes_out_of_a_file() -> None:
    names = ["Viktor Bout", "Oleg Deripaska", "Viktor Novikov"]
    asked = [Query(str(n), name, n) for n, name in enumerate(names)]
    found = {
        r["query_id"]: r
        for a in rows_of(open_screener(None, None, None).screener, asked, Cut(1))
        for r in a.rows
    }
    assert {"0", "1"} <= {*found} and found["0"]["agreement"] == "short"
    assert found.get("2", {"band": "none"})["band"] in ("none", "possible")  # a name of many


def test_a_word_of_a_famous_firm_in_a_longer_listed_name_brings_nobody() -> None:
    assert typed("Toyota") == []  # CHIT LINN MYAING TOYOTA is on the lists


def test_an_airline_that_became_listed_is_found_by_its_exact_name() -> None:
    rows = typed("Ural Airlines")
    assert {r["agreement"] for r in rows} == {"exact"} and rows[0]["band"] == "match"


def test_a_place_is_the_exact_name_of_ships_alone_and_never_likely() -> None:
    rows = [r for r in typed("Shanghai") if r["agreement"] == "exact"]
    assert {r["schema"] for r in rows} == {"Vessel"}
    assert {r["name_matched"].upper() for r in rows} == {"SHANGHAI"}
    assert {r["band"] for r in rows} <= {"possible", "unlikely"}


@pytest.mark.parametrize("name", ["GmbH & Co. KG", "Co. KG"])
def test_a_place_or_a_legal_form_is_nobodys_exact_name(name: str) -> None:
    assert not [r["name"] for r in typed(name) if r["agreement"] == "exact"]


@pytest.mark.parametrize("name", ["N/A", "TO ORDER", "same as consignee", "TBA", "0", "--"])
def test_what_names_nobody_is_no_name(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="names nobody"):
        screen([name])
    file = tmp_path / "f.csv"
    file.write_text(f"consignee\n{name}\nHuawei\n", encoding="utf-8")
    run = screen(file)
    assert run.faults.rows == {NO_NAME: 1} and run.queries == 2


def test_one_of_several_names_is_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "f.csv"
    file.write_text("name\nHuawei\n", encoding="utf-8")
    with pytest.raises(SystemExit) as stop:
        main(["screen", str(file), "Huawei"])
    assert stop.value.code == 2 and "Give one file alone" in capsys.readouterr().err


def test_an_exact_name_that_is_only_possible_in_a_file_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("name\nAlfa-Bank\n", "utf-8")

    def said(**more: float) -> str:
        answer = ScreenQuestion(name=(str(path),), **more).answer(Frame())  # type: ignore[arg-type]
        return " ".join(str(block) for block in answer.blocks)

    explained = "A typed name is taken to be listed more often"
    assert explained in said()
    assert explained not in said(base_rate=0.02)
