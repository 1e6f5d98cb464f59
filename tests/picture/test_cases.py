# SPDX-License-Identifier: Apache-2.0
"""The pages of a diversion search: every figure of the answer, on pages that open from disk."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from picture_made_up import PAIR, judge_made_up
from test_picture_browser import FAINT, Visit

from bilat.cli import main
from bilat.diversion.search import divert
from bilat.errors import DataError
from bilat.goods.descriptions import chapter_names
from bilat.goods.short_names import short_name
from bilat.holdings import Holdings
from bilat.measures import default_holdings
from bilat.picture import brief
from bilat.picture.cases import case_words, route, routes
from bilat.picture.cases.cases import write_cases
from bilat.when import AsOf

PAPER = AsOf(dt.date(2023, 3, 20))


@pytest.fixture(scope="module")
def held_plain() -> dict[str, Any]:
    """The embedded EU exports: one leg."""
    return divert(origin="EU27", holdings=default_holdings(), as_of=PAPER, cases=8).plain()


def trade_file(folder: Path) -> Path:
    """A world in which Germany's bearings reach Russia through Kyrgyzstan from 2022 on: two legs."""
    path = folder / "world.csv"
    hubs = ("KGZ", "ARM", "TUR", "SRB", "VNM")
    lines = ["reporter,partner,product,period,flow,value,quantity"]
    for year in range(2018, 2024):
        war = year >= 2022
        for n, product in enumerate(("848210", "854231", "853690", "841391", "850440")):
            for m, hub in enumerate(hubs):
                planted = war and (product, hub) == ("848210", "KGZ")
                size = 1e6 * (1 + n) * (1 + m)
                inward = size * (1 + 0.02 * (year - 2018)) + (6e7 if planted else 0)
                outward = 0.1 * size + (5.5e7 if planted else 0)
                lines.append(f"DEU,{hub},{product},{year},X,{inward:.0f},")
                lines.append(f"{hub},RUS,{product},{year},X,{outward:.0f},")
                lines.append(f"{hub},UKR,{product},{year},X,{0.1 * size:.0f},")
            lines.append(f"DEU,RUS,{product},{year},X,{(0.05 if war else 1) * 8e7:.0f},")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.fixture(scope="module")
def two_legs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    file = trade_file(tmp_path_factory.mktemp("trade"))
    return divert([file], origin="DEU", since="2022", cases=4).plain()


@pytest.fixture(scope="module", params=["held", "file"])
def answer(request: pytest.FixtureRequest) -> dict[str, Any]:
    return request.getfixturevalue("held_plain" if request.param == "held" else "two_legs")


@pytest.fixture(scope="module")
def pages(answer: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("cases") / "out"
    write_cases(answer, out)
    return out


def text_of(path: Path) -> str:
    plain = re.sub(r"<(script|style)\b.*?</\1>", " ", path.read_text("utf-8"), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", plain)).split())


def test_the_first_line_is_a_sentence_with_the_numbers_of_the_answer(
    pages: Path, answer: dict[str, Any]
) -> None:
    summary = answer["summary"]
    page = (pages / "index.html").read_text("utf-8")
    told = unescape(re.search(r'class="answer">(.*?)</p>', page, re.S)[1])  # type: ignore[index]
    assert f"{summary['pairs_tested']:,} pairs" in told
    assert (f"{summary['flags']:,} of" if summary["flags"] else "None of") in told
    assert json.loads((pages / "index.json").read_text("utf-8"))["finding"] == told


def test_each_row_worked_out_has_a_page_and_its_twin_holds_the_row_and_its_periods(
    pages: Path, answer: dict[str, Any]
) -> None:
    assert {p.stem for p in (pages / "cases").glob("*.html")} == {
        f"{s['hub']}-{s['product']}".lower() for s in answer["series"]
    }
    rows = {(r["hub"], r["product"]): (n, r) for n, r in enumerate(answer["rows"], 1)}
    for series in answer["series"]:
        name = f"{series['hub']}-{series['product']}".lower()
        twin = json.loads((pages / f"cases/{name}.json").read_text("utf-8"))
        rank, row = rows[series["hub"], series["product"]]
        assert (twin["rank"], twin["row"], twin["series"]) == (rank, row, series)
        text = text_of(pages / f"cases/{name}.html")
        for rival in row["rivals"]:
            assert rival["name"].lower() in text.lower()
            assert rival["because"].lower()[:60] in text.lower()
        page = (pages / f"cases/{name}.html").read_text("utf-8")
        drawn = {s for s in re.findall(r"<circle[^>]*><title>(.*?)</title>", page)}
        legs = sum(series[k] is not None for k in ("direct", "in", "out"))
        assert page.count("<circle") == 2 * legs * len(series["periods"])  # wide and narrow
        assert drawn
        assert f"{series['in'][-1]:,.0f}" in text


def test_a_leg_not_held_is_said_not_drawn_as_zero(held_plain: dict[str, Any], tmp_path: Path) -> None:
    write_cases(held_plain, tmp_path / "out")
    page = next((tmp_path / "out/cases").glob("*.html"))
    assert "Not in these records." in text_of(page)
    assert "not proof of diversion" in text_of(page) and "not proof of diversion" in text_of(
        tmp_path / "out/index.html"
    )
    twin = json.loads(page.with_suffix(".json").read_text("utf-8"))
    assert "not proof of diversion" in twin["paragraph"] and "at most" in twin["paragraph"]
    assert "Diverted:" not in twin["finding"] and "leg one only" in twin["finding"]
    assert "onward sale is inferred" in text_of(page)
    assert "sold on to Russia is not held" in text_of(tmp_path / "out/index.html")


def test_the_interval_is_drawn_from_its_low_to_its_high(two_legs: dict[str, Any], tmp_path: Path) -> None:
    write_cases(two_legs, tmp_path / "out")
    row = two_legs["rows"][0]
    page = (tmp_path / "out/cases/kgz-848210.html").read_text("utf-8")
    drawn = page[page.index('id="t-interval"') :]
    wide = drawn[drawn.index("<svg") : drawn.index("</svg>")]
    x1, x2 = re.search(r'<line x1="([\d.]+)" x2="([\d.]+)"[^>]*stroke-width="7"', wide).groups()  # type: ignore[union-attr]
    ticks = re.findall(r'<text x="([\d.]+)"[^>]*font-size="11"[^>]*>([\d.]+) million<', wide)
    zero = float(re.search(r'<text x="([\d.]+)"[^>]*font-size="11"[^>]*>0<', wide)[1])  # type: ignore[index]
    each = (float(ticks[-1][0]) - zero) / (float(ticks[-1][1]) * 1e6)
    assert (float(x1) - zero) / each == pytest.approx(row["low"], rel=0.02)
    assert (float(x2) - zero) / each == pytest.approx(row["high"], rel=0.02)


def test_titles_say_what_was_found(
    two_legs: dict[str, Any], held_plain: dict[str, Any], tmp_path: Path
) -> None:
    for plain, name in ((two_legs, "two"), (held_plain, "one")):
        write_cases(plain, tmp_path / name)
        title = re.search(r"<h1>(.*?)</h1>", (tmp_path / name / "index.html").read_text("utf-8"))
        assert title is not None and ("million" in title[1] or "billion" in title[1])
        for page in (tmp_path / name / "cases").glob("*.html"):
            told = re.search(r"<h1>(.*?)</h1>", page.read_text("utf-8"))
            assert told is not None and plain["summary"]["currency"] in told[1]
    assert "As of 20 March 2023" in text_of(tmp_path / "one/index.html") or "as of 20 March 2023" in text_of(
        tmp_path / "one/index.html"
    )


def test_notes_that_differ_by_their_month_are_told_once() -> None:
    told = case_words.notes(
        [
            "file.csv: read as flows CSV, 9 rows",
            *(f"COL has next to no rows as importer in 2023-{m:02d}: left out" for m in (1, 2, 3)),
        ]
    )
    assert told == [
        "file.csv: read as flows CSV, 9 rows.",
        "COL has next to no rows as importer in January 2023 to March 2023 (3 periods): left out.",
    ]


def test_the_planted_route_leads_with_both_its_legs(two_legs: dict[str, Any], tmp_path: Path) -> None:
    write_cases(two_legs, tmp_path / "out")
    assert two_legs["rows"][0]["hub"] == "KGZ" and two_legs["rows"][0]["product"] == "848210"
    text = text_of(tmp_path / "out/cases/kgz-848210.html")
    assert "Kyrgyzstan to Russia" in text and "Not in these records." not in text
    assert "added to both legs at once" in text and "smaller of two" not in text


def test_the_paragraph_stands_alone(pages: Path, answer: dict[str, Any]) -> None:
    row = answer["rows"][0]
    twin = json.loads((pages / f"cases/{row['hub'].lower()}-{row['product']}.json").read_text("utf-8"))
    told = twin["paragraph"]
    assert row["hub_name"] in told and row["product"] in told and "80% interval" in told
    assert "proves no offence" in told and "expected from" in told
    assert told in text_of(pages / f"cases/{row['hub'].lower()}-{row['product']}.html")


def test_the_list_as_csv_holds_every_row_in_rank_order(pages: Path, answer: dict[str, Any]) -> None:
    with (pages / "routes.csv").open(encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f))
    assert [(r["hub"], r["product"]) for r in rows] == [(r["hub"], r["product"]) for r in answer["rows"]]
    for written, row in zip(rows, answer["rows"], strict=True):
        assert float(written["diverted"]) == row["diverted"]
        assert float(written["q_value"]) == row["q_value"]


def test_no_cell_of_the_list_is_a_formula(two_legs: dict[str, Any], tmp_path: Path) -> None:
    evil = {**two_legs["rows"][0], "label": '=HYPERLINK("http://example.org")'}
    write_cases({**two_legs, "rows": [evil, *two_legs["rows"][1:]]}, tmp_path / "out")
    with (tmp_path / "out/routes.csv").open(encoding="utf-8", newline="") as f:
        first = next(csv.DictReader(f))
    assert first["label"].startswith("'=")
    page = (tmp_path / "out/cases/kgz-848210.html").read_text("utf-8")
    assert '=HYPERLINK("http' not in page  # quoted as text


def test_no_flag_is_said_in_the_first_line(two_legs: dict[str, Any], tmp_path: Path) -> None:
    summary = {**two_legs["summary"], "flags": 0, "hubs": {}, "worth": 0, "diverted_flagged": 0}
    rows = [{**r, "q_value": 0.9} for r in two_legs["rows"]]
    write_cases({**two_legs, "summary": summary, "rows": rows}, tmp_path / "out")
    text = text_of(tmp_path / "out/index.html")
    assert "None of" in text and "no flow to draw" in text


def test_the_flow_is_as_wide_as_its_values(held_plain: dict[str, Any], tmp_path: Path) -> None:
    write_cases(held_plain, tmp_path / "out")
    page = (tmp_path / "out/index.html").read_text("utf-8")
    wide = page[page.index("<svg") : page.index("</svg>")]
    heights = {
        name: float(h) for h, name in re.findall(r'<rect[^>]*height="([\d.]+)"[^>]*><title>(\w+):', wide)
    }
    hubs = held_plain["summary"]["hubs"]
    assert heights["Belarus"] / heights["Georgia"] == pytest.approx(
        hubs["BLR"]["diverted"] / hubs["GEO"]["diverted"], rel=0.02
    )


def test_links_lead_to_files_and_nothing_is_fetched(pages: Path) -> None:
    for path in pages.rglob("*.html"):
        page = path.read_text("utf-8")
        for target in re.findall(r'(?:href|src)="([^"]*)"', page):
            if target.startswith("data:"):
                continue
            assert not target.startswith(("http", "//")), f"{path.name}: {target}"
            file, _, place = target.partition("#")
            aim = (path.parent / file).resolve() if file else path
            assert aim.is_file(), f"{path.name}: {target}"
            assert not place or f'id="{place}"' in aim.read_text("utf-8"), f"{path.name}: {target}"
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(ids) == len(set(ids)), path.name
        assert page.count("<svg") == page.count('role="img" aria-label=')


def test_a_foreign_file_in_the_place_is_never_overwritten(two_legs: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(DataError, match=r"notes\.txt"):
        write_cases(two_legs, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["notes.txt"]


def test_the_command_line_writes_cases_and_says_how_to_make_them_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = trade_file(tmp_path), tmp_path / "out"
    asked = ["divert", str(file), "--origin", "DEU", "--since", "2022", "--cases", "2", "--out", str(out)]
    with pytest.raises(SystemExit) as ended:
        main(asked)
    assert ended.value.code == 0
    assert f"The cases lie in {out}" in capsys.readouterr().out
    first = json.loads((out / "index.json").read_text("utf-8"))
    assert "--origin DEU" in first["command"] and str(file) in first["command"]
    again = first["command"].split()[1:]
    with pytest.raises(SystemExit) as ended:
        main(again)
    assert ended.value.code == 0
    assert json.loads((out / "index.json").read_text("utf-8")) == first


def test_goods_are_named_by_their_short_name_and_code(two_legs: dict[str, Any]) -> None:
    rows = [
        {**two_legs["rows"][0], "product": code, "name": short_name(code)} for code in ("870333", "770000")
    ]
    found = route.search_of({**two_legs, "rows": rows, "series": []}).routes
    assert found[0].goods == "Diesel cars, over 2,500 cc (HS 870333)"
    assert found[1].goods == "HS 770000"  # there is no chapter 77
    assert found[0].bare_goods == "diesel cars, over 2,500 cc"


def test_the_chapters_are_those_of_the_harmonized_system(shared: Path) -> None:
    with (shared / "sources/reference/harmonized-system.csv").open(encoding="utf-8", newline="") as f:
        there = {r["hscode"] for r in csv.DictReader(f) if r["level"] == "2"}
    assert set(chapter_names()) == there - {"99"}


# -- in the site ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def routed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of made-up judgements on the embedded holdings, whose routes are found by itself."""
    out = tmp_path_factory.mktemp("routed") / "picture"
    brief(PAIR, PAPER, out, default_holdings(), judge=judge_made_up)
    return out


def test_the_site_has_a_page_of_routes_reached_from_menu_and_overview(
    routed: Path, held_plain: dict[str, Any]
) -> None:
    page = (routed / "diversion.html").read_text("utf-8")
    assert "Which routes carry sanctioned goods?" in page and "As of 20 March 2023" in page
    front = (routed / "index.html").read_text("utf-8")
    largest = sorted(
        (r for r in held_plain["rows"] if r["q_value"] <= 0.1), key=lambda r: -r["diverted"]
    )[:3]  # fmt: skip
    wanted = [f"diversion.html#{r['hub']}-{r['product']}".lower() for r in largest]
    assert re.findall(r'href="(diversion\.html#[^"]+)"', front) == wanted
    assert all(f'id="{w.partition("#")[2]}"' in page for w in wanted)
    assert '<li><a href="diversion.html"' in front
    for case in (routed / "cases").glob("*.html"):
        assert '<a href="../diversion.html"' in case.read_text("utf-8")


def test_the_routes_of_an_early_date_hold_no_month_that_was_not_yet_known() -> None:
    early = routes.search(PAIR, AsOf("2022-07-01"), default_holdings())[1]
    assert early is not None
    assert early.after[1] <= "2022-06"


@pytest.mark.parametrize("day", ["2019-06-01", "2022-05-01"])
def test_before_the_rows_were_known_the_page_is_left_out_with_a_sentence(day: str, tmp_path: Path) -> None:
    out = tmp_path / "picture"
    brief(PAIR, day, out, default_holdings(), judge=judge_made_up)
    assert not (out / "diversion.html").exists() and not (out / "routes.csv").exists()
    assert "Routes by product cannot be told as of" in text_of(out / "index.html")
    assert "--since" not in text_of(out / "index.html")
    assert "diversion.html" not in (out / "index.html").read_text("utf-8")


def test_other_dyads_are_told_why_they_have_no_routes(held: Holdings) -> None:
    from bilat.dyad import Dyad

    found = routes.search(Dyad("USA", "JPN"), PAPER, held)
    assert found == ((), None, "The holdings tell diversion to Russia only.")


# -- in a browser --------------------------------------------------------------------------------


@pytest.mark.browser
def test_the_list_leads_to_a_case_and_back_without_an_error_or_a_request(browser: Any, pages: Path) -> None:
    with Visit(browser, viewport={"width": 1280, "height": 900}) as visit:
        page = visit.open(pages / "index.html")
        page.locator("section[aria-labelledby=list] table a").first.click()
        page.wait_for_load_state()
        assert "/cases/" in page.url and page.locator("blockquote.paste").is_visible()
        page.locator(".kicker a").click()
        page.wait_for_load_state()
        assert "index.html#" in page.url
        assert visit.wrong == []


@pytest.mark.browser
def test_the_list_sorts_by_value_not_by_its_words(
    browser: Any, held_plain: dict[str, Any], tmp_path: Path
) -> None:
    write_cases(held_plain, tmp_path / "out")
    with Visit(browser) as visit:
        page = visit.open(tmp_path / "out/index.html")
        table = page.locator("section[aria-labelledby=list] table").last
        button = table.locator("th", has_text="Likely amount").locator("button")
        button.click()
        button.click()
        values = table.locator("tbody td:nth-child(5)").evaluate_all(
            "all => all.map(c => Number(c.dataset.sort))"
        )
        assert values == sorted(values, reverse=True) and len(values) >= 40


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_their_window_and_stand_out_on_their_ground(
    browser: Any, pages: Path, width: int, scheme: str
) -> None:
    with Visit(browser, viewport={"width": width, "height": 844}, color_scheme=scheme) as visit:
        for path in [pages / "index.html", *sorted((pages / "cases").glob("*.html"))[:2]]:
            page = visit.open(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path.name
            assert page.evaluate(FAINT) == [], path.name
            for plot in page.locator(f".plot.{'narrow' if width < 700 else 'wide'} svg").all():
                assert plot.is_visible()
        assert visit.wrong == []


@pytest.mark.browser
def test_pages_read_without_javascript(browser: Any, pages: Path) -> None:
    with Visit(browser, java_script_enabled=False) as visit:
        for path in pages.rglob("*.html"):
            page = visit.open(path)
            assert page.locator("h1").is_visible()
            assert page.locator("table.data tbody tr").count() > 0
        assert visit.wrong == []
