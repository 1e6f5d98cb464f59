# SPDX-License-Identifier: Apache-2.0
"""``bilat divert`` at the command line: what goes to the list, to the reader, to the files, and the exit codes."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from planted_causes import ORIGINS, world

from bilat.cli import main
from bilat.diversion.answer import Diversion, Route
from bilat.diversion.document import document
from bilat.diversion.heading import MOST_WORDS, count_words
from bilat.diversion.search import divert
from bilat.document import Table
from bilat.document.plain import envelope
from bilat.document.text import text
from bilat.measures import default_holdings
from bilat.parties.answers.screen import screen
from bilat.report.letter import letter_of
from bilat.when import AsOf


def run(capsys: pytest.CaptureFixture[str], *args: str, code: int = 0) -> tuple[str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["divert", *args])
    told = capsys.readouterr()
    assert ended.value.code == code, told.err
    return told.out, told.err


@cache
def found_in_stored(**asked: Any) -> Diversion:
    """Return an answer about the EU's goods; what several tests ask is answered once.

    Answers from the same holdings share their search; that it is the same answer as from others has a test of its own.
    """
    return divert(origin="EU27", holdings=default_holdings(), **asked)


def headings(part: object) -> list[str]:
    """Return the titles, names of columns and units of all blocks of an answer."""
    if isinstance(part, tuple | list):
        return [heading for one in part for heading in headings(one)]
    if not is_dataclass(part):
        return []
    named = [getattr(part, name, "") for name in ("title", "name", "unit", "subtitle")]
    parts = [getattr(part, field.name) for field in fields(part)]
    return [name for name in named if isinstance(name, str)] + headings(parts)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return world(tmp_path / "w.csv", "route", 1)


ASKED = ("--origin", ",".join(ORIGINS), "--since", "2022-03")


def test_json_is_one_document_with_hubs_groups_rows_in_rank_order_and_total(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, _ = run(capsys, str(file), *ASKED, "--json")
    told = json.loads(out)
    assert told["kind"] == "divert" and len(told["summary"]) == 2
    data = told["data"]
    assert {"hubs", "groups", "rows", "total"} <= set(data) and {"low", "high", "rests_on"} <= set(
        data["total"]
    )
    assert {"hub", "since", "flagged", "excess"} <= set(data["hubs"][0])
    rows = data["rows"]
    assert (rows[0]["hub"], rows[0]["product"]) == ("KGZ", "848210")
    stakes = [r["at_stake"] for r in rows]
    assert stakes == sorted(stakes, reverse=True)
    assert [r["rank"] for r in rows] == list(range(1, len(rows) + 1))
    # pairs whose printed probabilities are equal stand in any order
    surest = sorted(rows, key=lambda r: (-r["probability"], r["q_value"]))
    assert [r["q_value"] for r in surest] == sorted(r["q_value"] for r in rows)
    assert any("w.csv: read as flows" in n for n in data["notes"])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--target", "XXX1"), "XXX1"),
        (("--memory", "plenty"), "--memory"),
        (("--threads", "-1"), "threads"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_exit_code_2_and_one_line(
    given: tuple[str, ...], said: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, err = run(capsys, str(file), *ASKED, *given, code=2)
    assert said in err and err.count("\n") == 1


def test_a_file_that_cannot_answer_is_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.csv").write_text("reporter,partner,product,period,flow,value\n", "utf-8")
    _, err = run(capsys, str(tmp_path / "empty.csv"), *ASKED, code=1)
    assert err.startswith("bilat: ") and err.count("\n") == 1


def test_the_answer_is_written_as_page_workbook_table_and_json(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = {ending: tmp_path / f"answer.{ending}" for ending in ("html", "xlsx", "csv", "json")}
    for path in made.values():
        run(capsys, str(file), *ASKED, "--cases", "2", "--out", str(path))
    data = json.loads(made["json"].read_text("utf-8"))["data"]
    with made["csv"].open(encoding="utf-8", newline="") as f:
        written = list(csv.DictReader(f))
    assert [(w["hub"], w["product"]) for w in written] == [
        (r["hub"], r["product"]) for r in data["rows"]
    ]
    book = openpyxl.load_workbook(made["xlsx"])
    assert {"Where to look first", "Hubs"} <= {
        n[:19].strip() if n[0] == "W" else n[:4] for n in book.sheetnames
    }
    page = made["html"].read_text("utf-8")
    assert "Kyrgyzstan" in page and "Compared with other trade" in page


def test_the_same_answer_makes_the_same_words_on_a_terminal_and_two_lines_to_repeat(
    file: Path,
) -> None:
    got = divert([file], origin=",".join(ORIGINS), since="2022-03")
    made = document(got)
    assert text(made) == text(document(got)) and len(made.summary) == 2
    assert all(
        len(line) <= 80
        for line in text(made, why=True).splitlines()
        if not line.startswith(("From 2", "bilat "))
    )


def test_what_a_hub_sold_joins_what_the_eu_sold_it_and_silent_hubs_learn_from_it(
    tmp_path: Path,
) -> None:
    def beyond(r: Route) -> float:
        return (r.into.actual or 0.0) - (r.into.expected or 0.0)

    alone = found_in_stored(limit=None, cases=0)
    rise = [r for r in alone.rows if r.hub == "ARM" and beyond(r) > 1e5]
    lines = ["reporter,partner,product,period,flow,value,currency"]
    months = [
        f"{y}-{m:02d}" for y in (2020, 2021, 2022) for m in range(1, 13) if (y, m) <= (2022, 11)
    ]
    for n, r in enumerate(rise):
        sold = 2e3 + beyond(r) / 9 * np.array([m >= "2022-04" for m in months]) * (n % 3 == 0)
        lines += [
            f"ARM,RUS,{r.product},{m},X,{v:.0f},EUR"
            for m, v in zip(months, sold.tolist(), strict=True)
        ]
    path = tmp_path / "armenia.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    joined = divert([path], origin="EU27", limit=None, cases=0)
    assert any(r.hub == "ARM" and r.out is not None for r in joined.rows) and joined.total.hubs
    kaz = [r for r in joined.rows if r.hub == "KAZ"]
    assert kaz and all(r.out is None and r.rests_on == "hubs whose records we have" for r in kaz)
    assert divert([path], origin="EU27", only_file=True, cases=0).sales


def test_whoever_sells_to_a_hub_that_reports_is_an_origin_where_none_is_known(
    tmp_path: Path,
) -> None:
    lines = ["reporter,partner,product,period,flow,value"]
    for year in range(2018, 2024):
        lines.append(f"ARM,VNM,851713,{year},M,{7e8 if year >= 2022 else 5e6:.0f}")
        lines.append(f"ARM,CHN,851713,{year},M,{2e7:.0f}")
        lines.append(f"ARM,RUS,851713,{year},X,{6e8 if year >= 2022 else 1e5:.0f}")
    path = tmp_path / "phones.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    got = divert([path], origin="ANY", since="2022")
    assert got.origins == ("CHN", "VNM") and got.rows[0].probability > 0.5


MONTHS = [f"{y}-{m:02d}" for y in (2019, 2020, 2021, 2022, 2023) for m in range(1, 13)]
CHIPS = (
    "854231",
    "854232",
    "848210",
    "870899",
    "847130",
    "850440",
    "853690",
    "902620",
    "841391",
    "840999",
)


def sales(path: Path, without: tuple[str, str, str] | None = None) -> Path:
    """Five hubs' own reports of sales; two sell Russia forty times as many chips from June 2022 on. ``without``: (hub,
    partner or blank for all, first month) that are left out."""
    rng = np.random.default_rng(5)
    lines = ["reporter,partner,product,period,flow,value"]
    for hub in ("KGZ", "KAZ", "ARM", "GEO", "UZB"):
        for goods in CHIPS:
            for buyer in ("RUS", "TUR", "CHN"):
                for month, v in zip(MONTHS, 3e4 * rng.lognormal(0, 0.3, len(MONTHS)), strict=True):
                    surge = (
                        buyer == "RUS"
                        and hub in ("KGZ", "ARM")
                        and goods[:4] == "8542"
                        and month >= "2022-06"
                    )
                    gone = (
                        without
                        and hub == without[0]
                        and without[1] in ("", buyer)
                        and month >= without[2]
                    )
                    if not gone:
                        lines.append(
                            f"{hub},{buyer},{goods},{month},X,{v * (40 if surge else 1):.0f}"
                        )
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.mark.parametrize("origin", ["EU27", "ANY"])
def test_sales_of_the_hubs_alone_are_set_against_their_own_past(
    origin: str, tmp_path: Path
) -> None:
    got = divert([sales(tmp_path / "s.csv")], origin=origin, only_file=True, cases=1)
    assert got.sales and {h.hub for h in got.hubs if h.flagged} == {"KGZ", "ARM"}
    assert {(r.hub, r.product[:4]) for r in sorted(got.rows, key=lambda r: -r.at_stake)[:4]} == {
        ("KGZ", "8542"),
        ("ARM", "8542"),
    }
    assert all(r.into.actual is None and (r.out is not None and r.out.actual) for r in got.rows)
    chips = next(r for r in got.rows if r.hub == "KGZ" and r.product[:4] == "8542")
    assert chips.out and chips.at_stake == pytest.approx(
        (chips.out.actual or 0) - (chips.out.expected or 0)
    )
    made = document(got)
    assert "sold Russia" in made.summary[0] and made.title.startswith(
        "Two hubs sold Russia much more than before (data to "
    )
    assert "s.csv" in {s.name for s in made.sources} and text(made, why=True)
    start = "we have no data on what the hubs bought"
    lacks = [note for note in got.notes if note.startswith(start)]
    assert len(lacks) == 1 and "what the hubs bought" in lacks[0]


@pytest.mark.parametrize(
    ("without", "kind"),
    [
        (("ARM", "RUS", "2022-03"), "suppressed partner"),
        (("ARM", "RUS", "2000-01"), "no partner"),
        (("KGZ", "", "2022-05"), "stopped reporting"),
    ],
)
def test_a_partner_left_out_and_a_hub_that_stops_are_findings_that_clear_nobody(
    without: tuple[str, str, str], kind: str, tmp_path: Path
) -> None:
    got = divert([sales(tmp_path / "s.csv", without)], origin="EU27", cases=0, limit=None)
    assert [(s.hub, s.kind) for s in got.silences] == [(without[0], kind)]
    assert "clears nobody" in document(got).summary[1]
    if kind != "stopped reporting":  # its pairs stand as pairs of leg one
        assert all(r.out is None for r in got.rows if r.hub == "ARM") and any(
            r.hub == "ARM" for r in got.rows
        )
    # Leg one ends with November 2022: what is not held later is no zero.
    assert got.after == ("2022-03", "2022-11") and got.origins == ("EU27",)


def test_what_was_found_once_is_what_is_found_anew() -> None:
    from bilat.diversion.search import divert
    from bilat.document.plain import plain
    from bilat.holdings import Holdings, embedded_folder

    held = Holdings(embedded_folder())
    divert(origin="EU27", limit=0, cases=0, holdings=held)
    again = divert(origin="EU27", limit=5, cases=1, holdings=held)
    assert plain(again) == plain(
        divert(origin="EU27", limit=5, cases=1, holdings=Holdings(embedded_folder()))
    )


def test_a_user_s_consignees_are_ranked_by_hub_goods_and_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = tmp_path / "names.csv"
    lines = [
        "name,country,hs",
        "Bakery Sunshine,KGZ,854231",
        "LLC RM Design and Development,KGZ,854231",
        "LLC RM Design and Development,KGZ,070310",
    ]
    names.write_text("\n".join(lines) + "\n", "utf-8")
    out, _ = run(capsys, "--basket", "chpl", "--cases", "0", "--parties", str(names), "--json")
    ranked = json.loads(out)["data"]["consignees"]
    assert [(c["name"], c["product"]) for c in ranked] == [
        ("LLC RM Design and Development", "854231"),
        ("LLC RM Design and Development", "070310"),
        ("Bakery Sunshine", "854231"),
    ]
    assert ranked[0]["listed"] > 0.9 and ranked[0]["route"] > 0
    assert ranked[1]["route"] is None  # not among the goods asked for, so not known
    assert ranked[2]["listed"] == 0.0 and ranked[2]["route"] == ranked[0]["route"]


def test_a_consignee_is_as_likely_listed_here_as_in_a_screening(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Several entries bear this name: the chance is that one of them is meant, not that the first is."""
    names = tmp_path / "names.csv"
    names.write_text(
        "name,country,hs\nSichuan University,CHN,854231\nCleanly Ltd,KGZ,854231\n", "utf-8"
    )
    out, _ = run(capsys, "--basket", "chpl", "--cases", "0", "--parties", str(names), "--json")
    ranked = {c["name"]: c["listed"] for c in json.loads(out)["data"]["consignees"]}
    alerts = [row for row in screen(names) if row["name"] == "Sichuan University"]
    assert alerts[0]["probability"] < 0.9 * alerts[0]["listed"]
    assert ranked["Sichuan University"] == pytest.approx(alerts[0]["listed"])


def test_a_clean_consignee_has_the_chance_of_its_hub_and_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = tmp_path / "names.csv"
    lines = ["name,country,hs", "Serniya Engineering,KAZ,8542.31", "Bakery Sunshine,KGZ,854231"]
    names.write_text("\n".join(lines) + "\n", "utf-8")
    out, _ = run(capsys, "--basket", "chpl", "--parties", str(names), "--json")
    data = json.loads(out)["data"]
    chances = {(r["hub"], r["product"]): r["probability"] for r in data["rows"]}
    assert {(c["hub"], c["product"]): c["route"] for c in data["consignees"]} == {
        (hub, "854231"): chances[hub, "854231"] for hub in ("KAZ", "KGZ")
    }
    out, _ = run(capsys, "--basket", "chpl", "--parties", str(names))
    shown = " ".join(out.split())
    assert "Bakery Sunshine" in shown
    assert "--parties" not in shown  # the command that was just run


def test_a_column_of_states_behind_the_consignee_is_its_state(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = tmp_path / "names.csv"
    rows = {
        "Shipper,Consignee,Country,HS code": "Mill GmbH,Osh Trade,Kyrgyzstan,854231",
        "Shipper,Country,Consignee,HS code": "Mill GmbH,Kyrgyzstan,Osh Trade,854231",
    }
    shown = []
    for header, row in rows.items():
        names.write_text(f"{header}\n{row}\n", "utf-8")
        out, _ = run(capsys, "--basket", "chpl", "--cases", "0", "--parties", str(names))
        shown.append(" ".join(out.split()))
    behind, before = shown
    assert "Osh Trade Kyrgyzstan 854231" in behind
    assert "`Country` stands behind the consignee and is taken for its country." in behind
    assert "Whether goods of the others are a route is not known." in before
    assert "We cannot tell the country of Osh Trade" in before


def test_only_who_receives_goods_is_ranked_under_a_header_of_two_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Consignments of a week"])
    sheet.append([])
    sheet.append(["File", "Shipper", "Consignee", "", "Ship", "", "Consignee's bank", "Goods", ""])
    sheet.append(
        ["Our ref", "Name", "Name", "Country", "Name", "IMO", "Name", "HS code", "Value EUR"]
    )
    sheet.append(["A-1", "Mill GmbH", "Arsen LLC", "AM", "ANGARA", "9179842", "VTB", 854231, 10])
    sheet.append(["A-2", "Mill GmbH", "Dilijan Cafe", "AM", "", "", "", 70310, 10])
    book.save(tmp_path / "week.xlsx")
    out, _ = run(capsys, "--parties", str(tmp_path / "week.xlsx"), "--json")
    ranked = json.loads(out)["data"]["consignees"]
    assert [(c["row"], c["reference"], c["name"], c["hub"], c["product"]) for c in ranked] == [
        (5, "A-1", "Arsen LLC", "ARM", "854231"),
        (6, "A-2", "Dilijan Cafe", "ARM", "070310"),
    ]
    assert ranked[0]["route"] > 0


def test_a_hub_without_goods_on_record_is_answered_from_other_records() -> None:
    found = found_in_stored(hubs=("TUR",))
    shown = " ".join(text(document(found)).split())
    assert not found.rows and "No route through Turkey was tested" in shown
    assert "Turkey 79.13 111.43" in shown and "Listed firms: Turkey" in shown
    assert "bilat update trade --hub TUR --goods chpl" in shown and "0 hubs" not in shown


def test_a_code_without_earlier_trade_says_so_and_its_query_asks_for_it() -> None:
    shown = " ".join(text(document(found_in_stored(basket_name="851713"))).split())
    assert "HS 851713 has been traded only since January 2022" in shown
    assert "sold Russia €5.77m of these goods, after €18.6m from January 2022" in shown
    assert "Largest purchases by hubs: Kazakhstan €182m, Armenia" in shown
    assert "no loss for a hub" not in shown and "--goods 851713" in shown
    assert "by product for Tajikistan" in shown


def test_codes_that_began_two_months_before_the_ban_and_then_ended_are_not_said_to_be_no_loss() -> (
    None
):
    """The EU sold Russia drones under the codes of 2022 in January and February, and none since."""
    shown = " ".join(text(document(found_in_stored(basket_name="8806"))).split())
    assert "These 2 codes have been traded only since January 2022" in shown
    assert "sold Russia nothing of these goods, after €167,000 from January 2022" in shown
    assert "Kyrgyzstan €271,000" in shown and "no loss for a hub" not in shown


def test_goods_that_fell_too_little_for_a_test_are_not_said_not_to_have_fallen() -> None:
    """Pumps: half of the direct sales went, which is no more than goods lost that were not banned."""
    made = document(found_in_stored(basket_name="841350"))
    assert made.title.startswith("Direct sales to Russia fell by 50%, too little for a test")
    assert "sold Russia €45.3m of these goods, against €89.9m" in made.summary[0]
    assert "Kazakhstan €10.3m (2.6 times as much as before)" in made.summary[0]
    rose = document(found_in_stored(basket_name="8703", target="BLR"))
    assert rose.title.startswith("Direct sales to Belarus did not fall")
    assert "no loss for a hub to make up" in rose.summary[0]


def test_the_surest_amount_leads_and_the_query_asks_for_the_hubs_that_the_answer_names() -> None:
    """Bearings: €2m more in Kazakhstan come before a larger multiple of a small sum elsewhere."""
    made = document(found_in_stored(basket_name="8482"))
    shown = " ".join(text(made).split())
    assert made.title.startswith("Kazakhstan's monthly purchases of goods Russia lost")
    assert "Kazakhstan bought 4.4 times, Kyrgyzstan 8.2 times and Armenia 6.6" in made.summary[0]
    assert "more than expected" in made.summary[0]
    assert "bilat update trade --hub KAZ,KGZ,ARM --goods" in shown
    assert "Listed firms: Kazakhstan" in shown  # bearings are priority goods, however asked
    engines = document(found_in_stored(basket_name="8411"))
    assert engines.title.startswith("Georgia")  # Kyrgyzstan bought less than expected
    assert "Kyrgyzstan" not in engines.title + engines.summary[0]


def test_all_hubs_of_the_title_are_in_the_query() -> None:
    found = found_in_stored()
    made = document(found)
    plan = next(b.text for b in made.blocks if getattr(b, "text", "").startswith("bilat update"))
    named = {h.hub for h in found.hubs if h.surged} | {"GEO"}
    assert ", Georgia more" in made.title
    assert set(plan.split("--hub ")[1].split(" ")[0].split(",")) == named


def test_the_ends_at_stake_are_the_parts_that_the_heading_names() -> None:
    """Also where the past is too short to see whether a pair's own rise is unusual."""
    made = document(found_in_stored(window=1))
    table = next(b for b in made.blocks if getattr(b, "title", "").startswith("Where to look"))
    assert "10% and 50% of the likely extra" in table.title
    for hub, _, _, expected, bought, low, high in table.rows:
        if hub == "Belarus":  # it does not surge
            assert low < 0.1 * (bought - expected)
            continue
        assert low == pytest.approx(0.1 * (bought - expected), abs=0.01)
        assert high == pytest.approx(0.5 * (bought - expected), abs=0.01)


def test_amounts_at_stake_have_a_unit_in_which_they_are_seen() -> None:
    made = document(found_in_stored(basket_name="880730"))
    table = next(b for b in made.blocks if getattr(b, "title", "").startswith("Goods by amount"))
    assert "thousand EUR" in table.title and table.rows[0][-1] >= 1


def test_a_quiet_past_is_said_to_vary_and_not_to_be_flat() -> None:
    made = document(found_in_stored(since="2021-06", until="2022-01", hubs=("KAZ", "UZB")))
    assert "rose no more than they usually vary" in made.summary[0]
    cars = document(found_in_stored(basket_name="8703"))
    assert "this may be chance, but unusually many goods trebled" in cars.title
    assert "Purchases of all of Kyrgyzstan's goods exceed three times their mean" in cars.summary[0]


def test_a_rise_whose_low_estimate_is_above_zero_is_not_only_called_chance() -> None:
    found = found_in_stored(basket_name="8482", hubs=("KAZ",), target="BLR")
    assert found.hubs[0].low > 0 and not found.hubs[0].goods_rose
    title = document(found).title
    assert "may be chance, but the amount exceeds expectations" in title
    assert count_words(title) <= MOST_WORDS
    less = found_in_stored(basket_name="8703", hubs=("GEO",))
    assert less.hubs[0].low <= 0 and "the amount" not in document(less).title


def test_what_a_hub_recorded_is_said_of_the_rise_alone() -> None:
    shown = " ".join(text(document(found_in_stored(hubs=("ARM",)))).split())
    assert "Armenia recorded all of the rise in EU exports since 2021 (all goods, 2022-24)" in shown
    assert "Everything" not in shown


def test_priority_goods_of_one_hub_lead_to_weapons_firms_and_a_query() -> None:
    found = found_in_stored(basket_name="chpl", hubs=("KAZ",))
    made = document(found)
    said = "50% of Kazakhstan's goods exceed three times their mean of earlier years; a year before"
    assert said in made.summary[0]
    shown = " ".join(text(made).split())
    assert "found in weapons: microcontroller" in shown and "Listed firms: Kazakhstan" in shown
    assert "bilat update trade --hub KAZ --goods 8" in shown


def test_belarus_as_target_has_the_records_of_the_hubs() -> None:
    shown = text(document(found_in_stored(target="BLR", limit=20, cases=1)))
    assert "Twelve hubs" in shown and "chips to Russia" not in shown


def test_the_printed_query_asks_for_the_goods_that_the_answer_lists_first() -> None:
    found = found_in_stored(limit=60, cases=1)
    shown = text(document(found))
    query = next(line for line in shown.splitlines() if line.startswith("bilat update trade"))
    asked = query.split("--goods ")[1].split(",")
    hubs = [h.hub for h in found.hubs if h.surged]
    first = [r.product for r in found.rows if r.hub in hubs][:20]
    assert set(first) == set(asked)


def test_other_stored_records_stand_next_to_the_answer_to_their_last_year() -> None:
    found = found_in_stored(limit=60, cases=1)
    stored = found.stored
    assert stored is not None and len(stored.hubs) == 12
    lost = {(x.hub, x.year): x for x in stored.lost}
    both = [lost[hub, year] for hub in ("KGZ", "KAZ") for year in ("2022", "2023")]
    part = sum(x.never_booked for x in both) / sum(x.more_sent for x in both)
    assert 0.4 < part < 0.5  # CEPR DP20097: around half
    assert max(t.year for t in stored.european) == "2025"
    assert {"TUR", "ARE", "HKG"} <= {t.seller for t in stored.chips}
    lithuania = next(d for d in stored.dispatch if (d.member, d.hub) == ("LTU", "KGZ"))
    assert lithuania.after > 10 * lithuania.before
    shown = text(document(divert()))
    assert "records lack" in " ".join(shown.split())
    assert len(shown.splitlines()) <= 60
    told = " ".join(headings(document(found)))
    assert "Hubs: purchases from the EU (2.0 = twice as much as a year earlier)" in told
    assert not re.search(r"\b(swings?|beyond|to \(80%\)|tripled)\b", told)


def test_a_file_of_what_the_target_reports_has_an_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "RUS,TUR,854231,2022-01,M,500000,USD\nRUS,TUR,854231,2023-02,M,900000,USD\n"
    path = tmp_path / "target.csv"
    path.write_text(f"reporter,partner,product,period,flow,value,currency\n{rows}", "utf-8")
    out, err = run(capsys, str(path))
    assert "Data:" in out and "should not happen" not in err


def test_a_letter_on_a_route_names_its_origins_and_ends_each_sentence_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = tmp_path / "answer.json"
    run(capsys, "--basket", "chpl", "--cases", "1", "--out", str(answer))
    letter = text(letter_of(answer))
    assert "from the EU. We expected" in " ".join(letter.split())
    assert ".;" not in letter and "March 2022 to November 2022" in " ".join(letter.split())


def test_the_title_of_a_letter_names_goods_in_a_few_words(tmp_path: Path) -> None:
    answer = tmp_path / "answer.json"
    found = found_in_stored(limit=20, cases=0, as_of=AsOf("2026-12-01"))
    answer.write_text(json.dumps(envelope(document(found))), "utf-8")
    rows = json.loads(answer.read_text("utf-8"))["data"]["rows"]
    number = next(n for n, row in enumerate(rows, 1) if len(row["label"]) > 80)
    letter = letter_of(answer, number)
    assert len(letter.title) < 140 and rows[number - 1]["product"] in letter.title
    code = rows[number - 1]["product"]
    whole = text(letter).split("The case in figures")[1]
    assert rows[number - 1]["label"][-20:] in " ".join(whole.split()) and code in whole


DECEMBER = AsOf("2026-12-01")


def test_a_heading_says_how_old_its_newest_data_are() -> None:
    late = document(found_in_stored(limit=20, cases=0, as_of=DECEMBER))
    assert late.title.endswith("(data to November 2022, four years old)")
    assert text(late).count("four years") == 1
    soon = document(found_in_stored(limit=5, cases=0, as_of=AsOf("2022-09-30")))
    assert "years" not in soon.title


def test_a_heading_on_purchases_alone_says_that_sales_are_unknown() -> None:
    one = document(found_in_stored(hubs=("KAZ",), limit=20, cases=0, as_of=DECEMBER))
    assert "onward sales are unknown" in one.title
    priority = found_in_stored(basket_name="chpl", hubs=("KAZ",), limit=5, cases=0, as_of=DECEMBER)
    made = document(priority)
    assert "cannot tell" in made.summary[0] and "this may be chance" in made.title


def test_priority_goods_are_answered_in_sixty_lines() -> None:
    found = found_in_stored(basket_name="chpl", as_of=DECEMBER)
    shown = text(document(found))
    assert "Twelve hubs" in shown and len(shown.splitlines()) <= 60


def test_the_ends_of_what_is_at_stake_are_low_and_high() -> None:
    made = document(found_in_stored(limit=20, cases=0, as_of=DECEMBER))
    goods = next(b for b in made.blocks if isinstance(b, Table) and b.title.startswith("Where"))
    assert "low, high: 10% and 50% of the likely extra" in goods.title
    assert [c.name for c in goods.columns][-2:] == ["low", "high"]


def test_a_leading_hub_under_the_targets_own_ban_is_named_as_such() -> None:
    whole = text(document(found_in_stored(limit=20, cases=0, as_of=DECEMBER)))
    assert "Belarus is under the same ban" in whole
    one = text(document(found_in_stored(hubs=("KAZ",), limit=20, cases=0, as_of=DECEMBER)))
    assert "same ban" not in one


def test_an_amount_goes_through_hubs_whose_sales_we_have(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, _ = run(capsys, str(file), *ASKED)
    assert "whose sales we have" in " ".join(out.split()) and "known sales" not in out
