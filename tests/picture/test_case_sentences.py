# SPDX-License-Identifier: Apache-2.0
"""Every sentence of a case page against the file it speaks of: sums are taken from its lines here, not from the row."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from case_world import DISAGREE, HUBS, MARKETS, ORIGINS, OTHER, PRICE, ROUTE, Book, write
from test_picture_browser import Visit

from bilat.diversion.search import divert
from bilat.picture.cases import route as routes
from bilat.picture.cases.cases import write_cases
from bilat.places import country_name
from bilat.terminal import monitor
from bilat.units.written import figure, number

Answer = tuple[Path, dict[str, Any], Path]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    folder = tmp_path_factory.mktemp("said")
    file = write(folder / "trade.csv")
    plain = divert([file], origin="DEU,ITA", since="2022-03", cases=80, limit=None).plain()
    write_cases(plain, folder / "out", command="bilat divert trade.csv")
    return file, plain, folder / "out"


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    """The file of one reporter, the hub of the route."""
    folder = tmp_path_factory.mktemp("alone")
    file = write(folder / "kgz.csv", reporters=("KGZ",))
    plain = divert([file], origin="DEU,ITA", since="2022-03", cases=80, limit=None).plain()
    write_cases(plain, folder / "out", command="bilat divert kgz.csv")
    return file, plain, folder / "out"


def row_of(plain: dict[str, Any], pair: tuple[str, str]) -> dict[str, Any]:
    return next(r for r in plain["rows"] if (r["hub"], r["product"]) == pair)


def page(out: Path, pair: tuple[str, str]) -> str:
    return (out / f"cases/{pair[0].lower()}-{pair[1]}.html").read_text("utf-8")


def text(html: str) -> str:
    plain = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", html, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", plain)).split())


def part(html: str, name: str) -> str:
    """The text of the section with a heading."""
    return text(re.search(rf'<section aria-labelledby="{name}">(.*?)</section>', html, re.S)[1])  # type: ignore[index]


@pytest.mark.parametrize("pair", [ROUTE, PRICE, DISAGREE])
def test_what_the_legs_came_to_is_what_the_file_holds(made: Answer, pair: tuple[str, str]) -> None:
    file, plain, out = made
    book, (hub, goods) = Book(file), pair
    into, on = book.flow(ORIGINS, (hub,), goods)[1], book.flow((hub,), ("RUS",), goods)[1]
    direct = book.flow(ORIGINS, ("RUS",), goods)[1]
    twin = json.loads((out / f"cases/{hub.lower()}-{goods}.json").read_text("utf-8"))
    name = country_name(hub)
    assert f"{figure(into, 'USD')} of" in twin["finding"] and f"to {name}" in twin["finding"]
    assert f"{name} sold Russia {figure(on, 'USD')}" in twin["finding"]
    assert f"came to {figure(into, 'USD')}" in twin["paragraph"]
    assert f"Direct exports to Russia fell to {figure(direct, 'USD')}" in twin["paragraph"]
    row = row_of(plain, pair)
    for leg, actual in (("in", into), ("out", on), ("direct", direct)):
        assert row["legs"][leg]["actual"] == pytest.approx(actual, abs=1)


def test_the_headline_is_true_whatever_the_legs_say(made: Answer) -> None:
    _, plain, out = made
    titles = {p: text(re.search(r"<h1>(.*?)</h1>", page(out, p), re.S)[1]) for p in (ROUTE, PRICE, DISAGREE)}  # type: ignore[index]
    row = row_of(plain, ROUTE)
    assert row["q_value"] <= 0.1
    assert (
        titles[ROUTE]
        == f"{figure(row['diverted'], 'USD')} of ball bearings may have reached Russia through Kyrgyzstan"
    )
    torn = row_of(plain, DISAGREE)
    assert torn["excess_in"] > 0 > torn["excess_out"]
    assert titles[DISAGREE].startswith("The legs disagree")
    assert (
        f"+{figure(torn['excess_in'], 'USD')} in, {figure(torn['excess_out'], 'USD')} out" in titles[DISAGREE]
    )
    assert "may have reached" not in titles[DISAGREE]
    priced = row_of(plain, PRICE)
    holding = [v["name"] for v in priced["rivals"] if v["outcome"] == "holds"]
    assert "price" in holding
    if priced["q_value"] <= 0.1:
        assert "another explanation holds too: " in titles[PRICE] and "price" in titles[PRICE]
    else:
        assert "may have reached" not in titles[PRICE]


@pytest.mark.parametrize("pair", [ROUTE, PRICE])
def test_placebos_civil_goods_and_unit_values_are_those_of_the_file(
    made: Answer, pair: tuple[str, str]
) -> None:
    file, plain, out = made
    book, (hub, goods) = Book(file), pair
    beside = part(page(out, pair), "beside")
    name = country_name(hub)

    def line(what: str, flow: tuple[float, float]) -> str:
        return f"{what} {number(round(flow[0]))} {number(round(flow[1]))} {number(round(flow[1]) / round(flow[0]))}×"

    assert line(f"Germany and Italy to {name}", book.flow(ORIGINS, (hub,), goods)) in beside
    assert line(f"{name} to Russia", book.flow((hub,), ("RUS",), goods)) in beside
    markets = row_of(plain, pair)["placebo"]["markets"]
    sold = book.flow((hub,), tuple(markets["markets"]), goods)
    assert (markets["before"], markets["after"]) == (
        pytest.approx(sold[0], abs=2),
        pytest.approx(sold[1], abs=2),
    )
    assert set(markets["markets"]) <= {*MARKETS, *HUBS} and hub not in markets["markets"]
    civil = "Civil goods (food, medicines, books): "
    assert line(f"{civil}Germany and Italy to {name}", book.flow(ORIGINS, (hub,), "300490")) in beside
    assert line(f"{civil}{name} to Russia", book.flow((hub,), ("RUS",), "300490")) in beside
    for what, ends in (("in", (ORIGINS, (hub,))), ("out", ((hub,), ("RUS",)))):
        value, kilos = book.flow(*ends, goods), book.flow(*ends, goods, kilos=True)
        told = row_of(plain, pair)["unit_values"][what]
        assert told == {
            "before": pytest.approx(value[0] / kilos[0], rel=1e-3),
            "after": pytest.approx(value[1] / kilos[1], rel=1e-3),
        }
        assert f"{number(told['before'])} {number(told['after'])}" in beside


def test_controls_are_named_with_the_numbers_of_the_file(made: Answer) -> None:
    _, _, out = made
    drawn = part(page(out, ROUTE), "legs")
    # Every hub and placebo market bought the good from the origins; every hub sold it to Russia, and so did China.
    assert f"expected from what {len(HUBS) + len(MARKETS)} destinations bought of this product" in drawn
    assert f"what {len(HUBS) + 1} suppliers sold the target of this product" in drawn
    assert "the hub's purchases from other suppliers" in drawn


def test_rivals_have_three_outcomes_and_their_figures_are_the_file_s(made: Answer) -> None:
    file, plain, out = made
    book = Book(file)
    for pair in (ROUTE, PRICE, DISAGREE):
        html = page(out, pair)
        outcomes = re.findall(r'<div class="rival">\s*<h3>[^<]*: ([^<:]+)</h3>', html)
        assert outcomes == [v["outcome"] for v in row_of(plain, pair)["rivals"]] and len(outcomes) == 6
        assert set(outcomes) <= {"holds", "does not hold", "cannot tell"}
    hub, goods = ROUTE
    sellers = (OTHER, *(h for h in HUBS if h != hub))
    others = book.flow(sellers, (hub,), goods)
    own = book.flow(ORIGINS, (hub,), goods)
    said = part(page(out, ROUTE), "rivals")
    assert (
        f"Bought from other suppliers {others[1] / others[0]:.1f} times, from the origins {own[1] / own[0]:.1f} times"
        in said
    )


def test_whom_to_ask_names_the_origins_by_their_share(made: Answer) -> None:
    file, plain, out = made
    book, (hub, goods) = Book(file), ROUTE
    each = {o: book.flow((o,), (hub,), goods)[1] for o in ORIGINS}
    shares = {o["origin"]: o["share"] for o in row_of(plain, ROUTE)["origins"]}
    assert shares == {o: pytest.approx(v / sum(each.values()), abs=1e-4) for o, v in each.items()}
    asked = part(page(out, ROUTE), "next")
    assert "authority of Germany" in asked and f"HS {goods} to Kyrgyzstan" in asked
    assert "customs of Kyrgyzstan" in asked


def test_a_file_of_one_reporter_says_nothing_of_what_it_cannot_hold(alone: Answer) -> None:
    _, plain, out = alone
    assert not plain["summary"]["direct_held"] and plain["summary"]["suppliers"] == []
    html = page(out, ROUTE)
    lacking = part(html, "lacking")
    for said in ("sold Russia directly", "China and other suppliers", "Both sides' reports"):
        assert said in lacking
    assert "no trade" not in part(html, "legs") and "0%" not in part(html, "case")
    assert "direct not held" in part(html, "beside")
    series = next(s for s in plain["series"] if (s["hub"], s["product"]) == ROUTE)
    assert series["direct"] is None
    assert "Not in these records." in unescape(html)  # drawn as lacking, not as zero
    verdicts = {v["name"]: v for v in row_of(plain, ROUTE)["rivals"]}
    # Its own customers are not other destinations.
    assert verdicts["code change"]["verdict"] == "not testable"
    assert "at other destinations" not in verdicts["hub's own growth"]["because"]
    assert "not held" in text((out / "index.html").read_text("utf-8"))


def test_high_priority_goods_stand_in_front_and_each_list_is_in_order(made: Answer) -> None:
    _, plain, out = made
    front = plain["summary"]["front"]
    assert front["pairs"] == sum(r["tier"] is not None for r in plain["rows"]) > 0
    rows = {f"{r['hub']}-{r['product']}".lower(): r for r in plain["rows"]}
    html = (out / "index.html").read_text("utf-8")
    lists = re.findall(r"<tbody>\s*(<tr id=.*?)</tbody>", html, re.S)
    assert len(lists) == 2
    for body, listed in zip(lists, (True, False), strict=True):
        names = re.findall(r'<tr id="([^"]+)"', body)
        assert names and all((rows[n]["tier"] is not None) == listed for n in names)
        keys = [(-min(rows[n]["probability"], 0.95), rows[n]["rank"]) for n in names]
        assert keys == sorted(keys)
    assert [r["rank"] for r in plain["rows"]] == list(range(1, len(plain["rows"]) + 1))


def test_the_table_of_hub_by_heading_adds_up(made: Answer) -> None:
    _, plain, out = made
    summary = plain["summary"]
    for headings, hubs in (
        (summary["headings"], summary["hubs"]),
        (summary["front"]["headings"], summary["front"]["hubs"]),
    ):
        assert sum(h["total"] for h in headings) == pytest.approx(
            sum(h["diverted"] for h in hubs.values()), rel=1e-3
        )
        for h in headings:
            assert sum(h["hubs"].values()) == pytest.approx(h["total"], abs=len(h["hubs"]))
    grid = part((out / "index.html").read_text("utf-8"), "grid")
    first = summary["front"]["headings"][0]
    assert f"{first['name']} ({first['heading']}) {number(first['hubs']['KGZ'])}" in grid


def test_names_of_goods_are_short_and_whole(made: Answer) -> None:
    _, plain, _ = made
    for row in plain["rows"]:
        assert 0 < len(row["name"]) <= 56 and "…" not in row["name"] and "  " not in row["name"]
    assert row_of(plain, PRICE)["name"] == "Petrol cars, 1,500 to 3,000 cc"


def test_eighty_columns_break_no_code(
    made: Answer, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    _, plain, _ = made
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monitor.show_diversion(routes.search_of(plain), None)
    lines = capsys.readouterr().out.splitlines()
    listed = lines[: lines.index(next(line for line in lines if line.startswith("origin:")))]
    assert max(map(len, listed)) <= 80
    heads = [line for line in listed if re.match(r" *\d+  [A-Z]{3} \d{6}  \S", line)]
    assert len(heads) >= 25 and any(ROUTE[0] in h and ROUTE[1] in h and "Ball bearings" in h for h in heads)
    assert any(line.startswith("Common high priority list") for line in listed)
    assert "Other goods" in "\n".join(listed)


@pytest.mark.browser
def test_the_paragraph_is_copied_by_its_button(browser: Any, made: Answer) -> None:
    _, _, out = made
    with Visit(browser) as visit:
        shown = visit.open(out / f"cases/{ROUTE[0].lower()}-{ROUTE[1]}.html")
        button = shown.locator("button.copy")
        assert button.is_visible()
        button.click()
        shown.wait_for_function("document.getElementById('copied').textContent !== ''")
        assert shown.locator("#copied").inner_text() in ("Copied.", "Selected: copy it with the keyboard.")
        assert visit.wrong == []
