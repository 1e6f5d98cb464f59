# SPDX-License-Identifier: Apache-2.0
"""Dissents entered in a browser and by program, into the log of ``bilat team dissent``; and how far pages may go."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from made_up_team import MOMENT, judgement, team
from served import DAY, SRC, Served, placed

from bilat.dyad import Dyad
from bilat.handling import Marking
from bilat.holdings import Holdings, embedded_folder
from bilat.server import lookup, work
from bilat.server.settings import Settings
from bilat.server.team import Handling
from bilat.sharing import Team
from bilat.when import AsOf

JSON = {"Content-Type": "application/json"}
LIMIT = "TLP:GREEN REL EST POL"


@pytest.fixture(scope="module")
def ours(index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of a team, whose pages go to two states; one claim and one dissent are marked above that."""
    folder = tmp_path_factory.mktemp("ours")
    t = team(folder / "team", claims={"P8": "AMBER"})
    t.dissent_log.add("I3", "in part", "zq-above", "Ann", as_of=DAY, marking="AMBER", when=MOMENT)
    t.dissent_log.add("P8", "in part", "zq-above", "Ann", as_of=DAY, marking="CLEAR", when=MOMENT)
    t.dissent_log.add("I3", "in part", "one year is no trend", "Ben", as_of=DAY, marking="GREEN", when=MOMENT)
    t.dissent_log.add("I3", "no", "of a later day", "Ben", marking="GREEN")
    adds = Handling(t.folder, Marking.parse(LIMIT)).stands(AsOf(DAY))
    placed(folder / "cache", "RUS-CHN", DAY, adds)
    run = Served(folder, "--team", str(t.folder), "--marking", LIMIT)
    yield run
    code, said = run.stop()
    assert (code, said) == (0, ""), said


def log(ours: Served) -> Team:
    return Team(ours.folder / "team")


def told(**more: str) -> bytes:
    whole = {"claim": "I3", "verdict": "in part", "why": "two series only", "who": "Ann", "as_of": DAY}
    return json.dumps({**whole, "marking": "GREEN", **more}).encode()


@pytest.mark.browser
def test_a_dissent_is_entered_in_a_browser(ours: Served, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark")
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: wrong.append(str(e)))
    page.on("dialog", lambda d: (wrong.append(d.message), d.dismiss()))
    page.set_default_timeout(60_000)
    before = len(log(ours).dissents())
    page.goto(f"http://{ours.netloc}/RUS-CHN/claims/P1.html?as_of={DAY}")
    page.get_by_role("link", name="Dissent from P1").click()
    assert page.get_by_role("combobox", name="Claim").input_value() == "P1"
    assert page.get_by_label("It speaks as of").input_value() == DAY
    assert page.get_by_text(LIMIT, exact=True).count() == 2  # at head and foot
    page.get_by_label("Verdict instead").select_option("no")
    page.get_by_label("Why").fill("a <script>alert(1)</script> reason")
    page.get_by_label("How far it may be passed on").fill("TLP:GREEN REL EST POL LVA")
    page.get_by_label("Who dissents").fill("anna")
    page.get_by_role("button", name="Append").click()
    page.get_by_text("a <script>alert(1)</script> reason").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()
    assert not wrong, wrong
    made = log(ours).dissents()[-1]  # reads the chain
    assert len(log(ours).dissents()) == before + 1
    assert (made.claim, made.verdict, made.who, made.as_of) == ("P1", "no", "anna", DAY)
    assert made.marking == "TLP:GREEN REL EST LVA POL"


def test_a_dissent_that_another_site_sends_is_refused(ours: Served) -> None:
    before = (ours.folder / "team" / "dissents.jsonl").read_bytes()
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        kind = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        assert ours.ask("POST", "/dissents", urlencode(json.loads(told())).encode(), kind).status == 403
        assert ours.ask("POST", "/api/dissents", told(), {**JSON, **headers}).status == 403
    assert (ours.folder / "team" / "dissents.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"claim": "Z99"}, "no claim 'Z99'"), ({"verdict": "maybe"}, "must be one of"), ({"why": " "}, "is missing"),
        ({"marking": "SECRET"}, "TLP"), ({"as_of": "soon"}, "soon"), ({"nope": "x"}, "no field 'nope'"),
        ({"why": "x" * 2001}, "2,000"), ({"claim": "P8"}, "no claim 'P8' here"),
    ],
)  # fmt: skip
def test_a_dissent_that_is_none_is_refused_in_one_line(ours: Served, more: dict[str, str], said: str) -> None:
    before = (ours.folder / "team" / "dissents.jsonl").read_bytes()
    got = ours.ask("POST", "/api/dissents", told(**more), JSON)
    assert got.status in (400, 404) and said in got.line
    assert (ours.folder / "team" / "dissents.jsonl").read_bytes() == before


def test_many_writers_of_dissents_lose_nothing_and_keep_the_chain(ours: Served) -> None:
    before = len(log(ours).dissents())
    failed: list[Any] = []

    def write(n: int) -> None:
        got = ours.ask("POST", "/api/dissents", told(who=f"reader {n}"), JSON)
        if got.status != 201:
            failed.append(got.text)

    def beside(n: int) -> None:
        log(ours).dissent_log.add("I3", "in part", "at a desk", f"desk {n}", as_of=DAY, marking="GREEN")

    asked = [
        sys.executable,
        "-m",
        "bilat",
        "team",
        "dissent",
        "I3",
        "--verdict",
        "in part",
        "--why",
        "by hand",
    ]
    asked += ["--who", "hand", "--as-of", DAY, "--marking", "GREEN", "--team", str(ours.folder / "team")]
    by_hand = subprocess.Popen(asked, env={"PYTHONPATH": str(SRC)}, stdout=subprocess.PIPE)
    hands = [threading.Thread(target=w, args=(n,)) for n in range(6) for w in (write, beside)]
    for h in hands:
        h.start()
    for h in hands:
        h.join()
    assert by_hand.wait(60) == 0 and not failed
    entries = list(log(ours).dissent_log.entries())  # refuses a broken chain
    assert len(entries) == before + 13
    assert {e.who for e in entries} >= {f"{w} {n}" for w in ("reader", "desk") for n in range(6)} | {"hand"}
    shown = [t["hash"] for t in ours.get("/api/dissents").json]
    assert shown == [e.hash for e in entries if e.claim != "P8" and "zq-above" not in e.why]


def test_what_is_marked_above_the_server_is_in_no_answer(ours: Served) -> None:
    claim = ours.get("/api/claims", only="I3", as_of=DAY)
    assert claim.headers["bilat-marking"] == LIMIT and claim.json["marking"] == LIMIT
    assert "one year is no trend" in claim.text
    assert "of a later day" not in claim.text  # it speaks of a later day than the page
    assert "zq-above" not in claim.text
    # a claim that is withheld answers word for word as one that does not exist, at every door
    for target, say in (("/api/claims?only={}", "line"), ("/claims?only={}", "text")):
        hidden, none = (ours.get(target.format(id)) for id in ("P8", "P88"))
        assert hidden.status == none.status == 404
        assert getattr(hidden, say).replace("P8", "X") == getattr(none, say).replace("P88", "X")
        assert " P8 " not in getattr(none, say)
    hidden, none = (ours.ask("POST", "/api/dissents", told(claim=id), JSON).line for id in ("P8", "P88"))
    assert hidden.replace("P8", "X") == none.replace("P88", "X")
    # the hash of the entry before would tell that one between is not shown
    shown = ours.get("/api/dissents").json
    assert shown and not any("previous" in entry for entry in shown)
    assert "previous" not in ours.ask("POST", "/api/dissents", told(), JSON).json
    for target in ("/dissents", "/api/dissents"):
        got = ours.get(target)
        assert got.status == 200 and "zq-above" not in got.text and ">P8:" not in got.text
        assert got.headers["bilat-marking"] == LIMIT
    pages = (ours.get(p).text for p in ("/", "/search", "/screen", "/divert", "/decisions", "/nowhere.html"))
    assert all(len(re.findall(rf'class="marking"[^>]*>{LIMIT}<', p)) == 2 for p in pages)


def test_a_search_does_not_find_what_is_withheld(tmp_path: Path) -> None:
    async def nobody(*_: object, **__: object) -> dict[str, Any]:
        return {"answer": "", "age": "", "rows": []}

    t = team(tmp_path / "team", claims={"P8": "AMBER"})
    for marking, found in ((None, 1), (Marking("GREEN"), 0)):
        desk = SimpleNamespace(settings=Settings(team=t.folder, marking=marking), ask=nobody)
        asked = lookup.everything(desk, "anna", {"q": "P8", "as_of": DAY})  # type: ignore[arg-type]
        with ThreadPoolExecutor(1) as aside:  # the browser of this module has its own loop in this thread
            assert aside.submit(asyncio.run, asked).result()[1].groups["claims"].total == found


def test_a_workbook_of_the_server_bears_its_marking(ours: Served) -> None:
    from openpyxl import load_workbook

    job = ours.done(ours.send("/api/screen", b"name\nVTB Bank\n", "names.csv", {}).json)
    assert job["status"] == "done", job["error"]
    place = ours.folder / "alerts.xlsx"
    place.write_bytes(ours.get(f"/api/jobs/{job['id']}/files/alerts.xlsx").body)
    sheet = load_workbook(place).worksheets[0]
    assert [sheet[1][-1].value, sheet[2][-1].value] == ["marking", LIMIT]


def test_a_site_is_another_one_after_a_dissent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    t = team(tmp_path / "team", claims={"P8": "AMBER"})
    handling = Handling(t.folder, Marking("GREEN"))
    days = [AsOf(d) for d in ("2024-12-31", "2025-01-01", "2026-01-01")]
    before = [handling.stands(d) for d in days]
    t.dissent_log.add(
        "P7", "in part", "one <b>reading</b>", "Ann", as_of="2025-01-01", marking="GREEN", when=MOMENT
    )
    # pages of a day before the one that it speaks of stay as they are
    assert [handling.stands(d) == b for d, b in zip(days, before, strict=True)] == [True, False, False]
    t.dissent_log.add("P7", "no", "not shown here", "Ann", as_of="2025-01-01", marking="RED", when=MOMENT)
    assert (
        handling.stands(days[2]) == handling.stands(AsOf("2025-06-30")) and Handling().stands(days[2]) == ""
    )
    from bilat.picture import brief

    judged = [judgement("P7"), judgement("P8")]
    few = partial(brief, judge=lambda *_: judged)
    monkeypatch.setattr(sys.modules["bilat.picture.brief"], "brief", few)
    monkeypatch.setattr("bilat.picture.site.PLANS", ())
    held, day = Holdings(embedded_folder()), AsOf("2025-06-30")
    work.site(held, lambda *_: None, Dyad("RUS", "CHN"), day, tmp_path / "site", handling)
    page = (tmp_path / "site" / "claims" / "P7.html").read_text("utf-8")
    assert "one &lt;b&gt;reading&lt;/b&gt;" in page and page.count("TLP:GREEN<") >= 2
    assert not (tmp_path / "site" / "claims" / "P8.html").exists()


def test_without_a_team_dissents_are_not_taken(server: Served) -> None:
    assert "start the server with `team` DIR" in server.get("/api/dissents").line
    assert "start the server with `team` DIR" in server.ask("POST", "/api/dissents", told(), JSON).line
    assert "start the server with --team DIR" in server.get("/dissents").text
