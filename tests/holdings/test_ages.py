# SPDX-License-Identifier: Apache-2.0
"""After an update every surface prints the ages that manifest and log of requests say.

What is expected is read from the files themselves, not by the code that prints it.
"""

import datetime as dt
import json
import re
import time
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from publishers import ANSWERS, oryx_of
from recorded import Internet, internet_on_loopback, small, status
from typer.testing import CliRunner

from bilat.catalog import source
from bilat.cli import application
from bilat.holdings import Store, embedded_folder
from bilat.holdings.pull import update
from bilat.parties.lists.list_names import title_of


@cache
def today() -> dt.date:
    """The day on which the module began to run, not that on which it was read."""
    return dt.date.today()


#: A new edition, one that is confirmed today, one that is confirmed under new bytes, one that its
#: publisher refuses, and one that was never asked for.
LISTS = ("ch_seco", "un_sc", "eu_financial", "us_mieu", "bis_dpl")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """What two updates leave behind, of which the first was twelve days ago."""
    folder = tmp_path_factory.mktemp("updated")
    with internet_on_loopback(folder) as internet:
        return updated(internet, Store(folder / "h"))


def updated(internet: Internet, found: Store) -> Store:
    for name in ("un_sc", "eu_financial"):
        internet.files |= ANSWERS[name]("2026-11-10", 0, 40)
        list(update([small(name)], found))
    log = found.root / "requests.jsonl"
    earlier = today() - dt.timedelta(days=12)
    log.write_text(log.read_text().replace(f'"day": "{today()}"', f'"day": "{earlier}"'))
    internet.files["content"] += b"\n"
    internet.files |= ANSWERS["ch_seco"]("2026-11-20", 0, 40) | oryx_of(today(), 5)
    internet.instead["raw.githubusercontent.com"] = status(403)
    answers = [update([small(n)], found) for n in LISTS[:4]]
    assert [d.status for (d,) in answers] == ["added", "unchanged", "unchanged", "refused"]
    internet.instead.clear()
    assert [d.status for d in update([source("oryx_daily")], found)] == ["added"]
    return found


def told_by_the_files(root: Path) -> dict[str, str]:
    """List -> what manifest and log say of its age, in the words of the design."""
    log = [json.loads(line) for line in (root / "requests.jsonl").read_text().splitlines()]
    found = {}
    for name in LISTS:
        entries: list[dict[str, Any]] = []
        for folder in (embedded_folder(), root):
            manifest = json.loads((folder / "manifest.json").read_text())
            entries += [e for e in manifest["snapshots"] if e["source"] == name]
        newest = max(
            (e for e in entries if "parties" in e["tables"]),
            key=lambda e: (e["tables"]["parties"]["content"], e["vintage"]),
        )
        text = f"data to {newest['content_to'] or newest['stated']}; version of {newest['stated']}"
        asked = [r for r in log if r["source"] == name]
        if asked:
            text += f"; checked {asked[-1]['day']}: {asked[-1]['answer']}"
        found[name] = text
    assert found["un_sc"].endswith(f"; version of 2026-11-10; checked {today()}: unchanged")
    assert found["ch_seco"].endswith(f"; version of 2026-11-20; checked {today()}: new")
    assert found["eu_financial"].endswith(f"; checked {today()}: unchanged")
    assert found["us_mieu"].endswith(f"; checked {today()}: refused")
    assert "checked" not in found["bis_dpl"]
    return found


def said_of(fields: dict[str, str]) -> str:
    """What the fields of an answer in JSON say, in the words of the text."""
    said = f"data to {fields['content_to']}; version of {fields['stated']}"
    return said + (f"; checked {fields['asked']}: {fields['answer']}" if fields["asked"] else "")


def days_of(told: str) -> int:
    """The days since a list was known to be the newest."""
    known = re.findall(r"(?:data to|version of) ([\d-]+)", told)
    known += re.findall(r"checked (\S+): (?:new|unchanged)", told)
    return (today() - max(map(dt.date.fromisoformat, known))).days


def seen(page: str) -> str:
    """What a reader sees of a page."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


def waited_for(client: Any, answer: Any) -> str:
    """What a reader sees of a page once it is there: a slow answer asks to look again."""
    for _ in range(300):
        if "data to" in (text := seen(answer.text)):
            break
        time.sleep(0.2)
        answer = client.get(str(answer.url))
    return text


def run(*words: str | Path) -> str:
    done = CliRunner().invoke(application(), [str(w) for w in words])
    assert done.exit_code in (0, 1), done.output
    return " ".join(done.stdout.split())


def test_screening_and_the_list_of_sources_print_the_ages_of_the_files(
    store: Store, tmp_path: Path
) -> None:
    told = told_by_the_files(store.root)
    ages = {name: days_of(text) for name, text in told.items()}
    assert ages["un_sc"] == 0
    assert ages["us_mieu"] > 1000
    lists = ("--lists", ",".join(LISTS), "--holdings", store.root)
    why = run("screen", "MADE UP TRADING 7", *lists, "--why")
    for name, text in told.items():
        assert re.search(rf"\({name}\): [0-9,]+ parties, {re.escape(text)}(;| |$)", why), name
    names = tmp_path / "names.csv"
    names.write_text("name\nMADE UP TRADING 7\nMADE UP TRADING 8\n")
    short = run("screen", names, *lists, "--out", tmp_path / "made.xlsx")
    oldest = max(ages, key=lambda n: ages[n])
    title = title_of(oldest).replace("“", '"').replace("”", '"')  # as a terminal has them
    assert f"The oldest is {title}, as of " in short
    assert f"({ages[oldest]:,} days old)" in short
    book = openpyxl.load_workbook(tmp_path / "made.xlsx")
    sheet = "\n".join(str(c) for row in book["lists"].values for c in row if c)
    run("screen", names, *lists, "--out", tmp_path / "made.jsonl")
    alerts = [json.loads(line) for line in (tmp_path / "made.jsonl").read_text().splitlines()]
    data = json.loads(run("screen", "MADE UP TRADING 7", *lists, "--json"))["data"]
    in_fields = {x["list"]: x for x in data["list_ages"]}
    receipt = tmp_path / "receipt.json"
    run("screen", names, *lists, "--out", tmp_path / "made.csv", "--receipt", receipt)
    sealed = {x["list"]: x for x in json.loads(receipt.read_text())["lists"]}
    listed = run("sources", "list", "--holdings", store.root)
    sources = json.loads(run("sources", "list", "--holdings", store.root, "--json"))["data"]
    of_source = {s["name"]: s["freshness"] for s in sources}
    for name, text in told.items():
        assert f"{title_of(name)}: " in sheet
        assert f" parties, {text}" in sheet
        assert said_of(in_fields[name]) == text
        assert in_fields[name]["days_old"] == ages[name]
        assert text in listed, name
        assert said_of(of_source[name]) == text
        said = f"data to {sealed[name]['content_to']};"
        assert text.startswith(said)
        assert f"{sealed[name]['publisher_asked']}: {sealed[name]['publisher_answered']}" in (
            ": ",
            text.rpartition("checked ")[2],
        )
    editions = {x["list"]: x["edition"] for a in alerts for x in a["listings"]}
    assert editions["UN SC"] == "2026-11-10"
    assert editions["CH SECO"] == "2026-11-20"


def test_a_letter_names_the_editions_of_the_files(store: Store, tmp_path: Path) -> None:
    alerts = tmp_path / "made.jsonl"
    names = tmp_path / "names.csv"
    names.write_text("name\nMADE UP TRADING 7\n")
    lists = ("--lists", "un_sc", "--holdings", store.root)
    run("screen", names, *lists, "--out", alerts)
    run("write", "letter", alerts, "--out", tmp_path / "letter.html")
    letter = seen((tmp_path / "letter.html").read_text())
    assert "As of 10 November 2026. Nothing on this page became public after that day" in letter
    row = "UN Security Council list DPRK 2016-03-02 assets frozen 2026-11-10"
    assert row in letter


@pytest.fixture
def few_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if there were these lists alone: an index of all takes half a minute."""
    for module in ("lists.entries", "screening.list_index", "answers.run"):
        monkeypatch.setattr(f"bilat.parties.{module}.list_sources", lambda: [*LISTS])


@pytest.mark.usefixtures("few_lists")
def test_the_assistants_tools_print_the_ages_of_the_files(store: Store) -> None:
    pytest.importorskip("mcp")
    from bilat.server.assistant import Assistant
    from bilat.server.team import Handling

    told = told_by_the_files(store.root)
    assistant = Assistant(store.root, Handling(None, None, None))
    given = {"name": ["MADE UP TRADING 7"]}
    screened = json.dumps(assistant._answer("screen", given), ensure_ascii=False)
    resource = json.dumps(assistant._resource("bilat://lists"), ensure_ascii=False)
    for name, text in told.items():
        day = today() - dt.timedelta(days=days_of(text))
        assert f"{title_of(name)}, {day.day} {day:%B} {day.year}" in screened, name
        assert text in resource, name


def test_pages_of_a_server_print_the_ages_of_the_files(store: Store, tmp_path: Path) -> None:
    pytest.importorskip("starlette")
    pytest.importorskip("uvicorn")
    told = told_by_the_files(store.root)
    from starlette.testclient import TestClient

    from bilat.server.app import application as pages
    from bilat.server.settings import Settings

    settings = Settings(holdings=store.root, cache=tmp_path / "c", keep=tmp_path / "k")
    with TestClient(pages(settings, lambda: frozenset({"testserver"}))) as client:
        sources = waited_for(client, client.get("/sources/list"))
    for name, text in told.items():
        assert text in sources, name


def test_figures_of_records_end_where_the_newest_files_end(store: Store) -> None:
    (entry,) = (e for e in store.entries() if e["source"] == "oryx_daily")
    assert entry["content_to"] == str(today())
    answer = json.loads(run("ask", "losses.confirmed", "--holdings", store.root, "--json"))
    assert answer["data"]["data_to"] == str(today())
    assert answer["known_to"] == str(today())
