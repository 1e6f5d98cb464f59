# SPDX-License-Identifier: Apache-2.0
"""What readers do: ask, search, screen, rank routes, decide; over a real server, its answers against the library's."""

from __future__ import annotations

import html
import io
import json
import re
import runpy
import threading
import time
import zipfile
from pathlib import Path
from urllib.parse import urlencode

import openpyxl
import pytest
from served import DAY, Answer, Served

from bilat import Dyad, Holdings
from bilat.document import Frame
from bilat.document.plain import envelope
from bilat.holdings import embedded_folder
from bilat.measures import MeasureQuestion
from bilat.parties.decisions.log import DecisionLog
from bilat.when import AsOf

WORLDS = Path(__file__).resolve().parents[1] / "diversion" / "planted_causes.py"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\" '{{ 7*7 }}"
NAMES = (
    f'name,country\nVTB Bank,RUS\n"{HOSTILE.replace(chr(34), chr(34) * 2)} VTB Bank",\n'
    '"=HYPERLINK(""http://x"",""VTB Bank"")",RUS\n'
)


def test_a_measure_is_what_the_library_answers(server: Served) -> None:
    got = server.get("/api/ask", name="transfers.tiv", as_of=DAY, pair="Russia,China").json
    held = Holdings(embedded_folder())
    own = MeasureQuestion("transfers.tiv").answer(Frame(Dyad("RUS", "CHN"), AsOf(DAY), held))
    assert got == json.loads(json.dumps(envelope(own)))
    again = server.get("/api/ask", name="transfers.tiv", as_of=DAY)
    assert again.json == got and list(server.cache.glob("answers/*/*.json"))
    page = server.get("/ask", name="transfers.tiv", as_of=DAY)
    assert (
        page.status == 200 and got["summary"][0] in html.unescape(page.text) and "<svg" in page.text
    )


def test_the_rows_of_a_point(server: Served) -> None:
    asked = {"name": "transfers.tiv", "as_of": DAY, "rows": "true"}
    points = server.get("/api/ask", name="transfers.tiv", as_of=DAY).json["data"]["points"]
    got = server.get("/api/ask", **asked, period=points[0]["period"], group=points[0]["group"]).json
    assert got["kind"] == "rows" and {"source", "snapshot", "locator", "known_on"} <= set(
        got["data"][0]
    )
    none = server.get("/api/ask", **asked, period="1801")
    assert none.status == 422 and "has no rows for period 1801" in none.line
    page = server.get("/ask", **asked, period=points[0]["period"])
    assert page.status == 200 and got["data"][0]["locator"] in page.text


def test_one_claim_and_one_forecast(server: Served) -> None:
    claim = server.get("/api/claims", only="I3", as_of=DAY).json
    assert claim["kind"] == "claim" and claim["summary"]
    assert server.get("/api/claims", only="NOPE").status == 404
    questions = server.get("/api/watch/list", as_of=DAY).json["data"]
    assert questions
    one = server.get("/api/watch/show", id=questions[0]["id"], as_of=DAY).json["data"]
    assert one["id"] == questions[0]["id"]
    assert server.get("/api/watch/show", id="nothing", as_of=DAY).status == 404


def test_search_finds_every_kind(server: Served) -> None:
    found = server.post("/api/search", q="rosoboronexport").json
    parties = found["groups"]["parties"]["hits"]
    assert found["answer"].startswith("ON THE LISTS") and "ROSOBORON" in parties[0]["title"].upper()
    state, many = next(iter(found["facets"]["state"].items()))
    fewer = server.post("/api/search", q="rosoboronexport", state=state).json["groups"]["parties"]
    assert fewer["total"] == many
    assert (
        server.post("/api/search", q="rosoboronexport", list="none").json["groups"]["parties"][
            "total"
        ]
        == 0
    )
    goods = server.post("/api/search", q="854231").json["groups"]["goods"]["hits"]
    assert (
        goods[0]["href"] == "/ask/goods?code=854231"
        and "common high priority list" in goods[0]["text"].lower()
    )
    for words, kind, id in (
        ("I3", "claims", "I3"),
        ("transfers.tiv", "measures", "transfers.tiv"),
        ("Kyrgyzstan", "states", "KGZ"),
    ):
        assert server.post("/api/search", q=words).json["groups"][kind]["hits"][0]["id"] == id
    assert server.post("/api/search", q="sipri").json["groups"]["sources"]["total"] >= 1
    both = server.post("/api/search", q="8542.31 Kyrgyzstan").json["groups"]
    assert [both[k]["hits"][0]["id"] for k in ("states", "goods")] == ["KGZ", "854231"]
    page = server.post("/search", q=HOSTILE)
    assert page.status == 200 and "<script>alert" not in page.text and "<img" not in page.text
    assert "&lt;script&gt;" in page.text
    assert server.post("/api/search").status == 400


def test_a_party_a_state_and_goods_have_pages(server: Served) -> None:
    party = server.get("/api/ask/party", id="ofac-17013").json
    assert "VTB BANK" in party["title"].upper() and party["data"]["listings"]
    assert server.get("/api/ask/party", id="nobody").status == 404
    goods = server.get("/api/ask/goods", code="8542.31", as_of=DAY).json
    assert goods["data"]["listed_on"] and "chpl" in goods["data"]["baskets"]
    assert server.get("/api/ask/goods", code="8542", as_of=DAY).json["data"]["854231"]
    assert server.get("/api/ask/goods", code="999999", as_of=DAY).status == 404
    state = server.get("/api/ask/state", state="Kyrgyzstan", as_of=DAY).json
    assert state["data"]["parties"] and state["known_to"] <= DAY
    assert "/ask/goods?code=" in server.get("/ask/state", state="KGZ", as_of=DAY).text
    assert server.get("/api/ask/state", state="RUS", as_of=DAY).status == 400


def test_a_name_is_screened_as_on_the_command_line(server: Served) -> None:
    got = server.post("/api/screen", name=["VTB Bank", "Acme Bakery of Nowhere"]).json
    rows = got["data"]["rows"]
    assert (rows[0]["query"], rows[0]["band"]) == ("VTB Bank", "match") and got["data"][
        "queries"
    ] == 2
    for wrong in (
        {"name": "???"},
        {"name": "VTB", "top": "0"},
        {"name": "VTB", "base_rate": "2"},
        {"name": "VTB", "country": "Narnia"},
        {"top": "3"},
    ):
        assert server.post("/api/screen", **wrong).status == 400


def screened(server: Served) -> dict:
    begun = server.send(
        "/api/screen", NAMES.encode(), "<img src=x onerror=alert(2)>.csv", {"threshold": "0.0001"}
    )
    assert begun.status == 202 and begun.headers["location"] == f"/api/jobs/{begun.json['id']}"
    return server.done(begun.json)


def test_a_file_is_screened_and_nothing_of_it_is_left(server: Served) -> None:
    job = screened(server)
    assert job["status"] == "done" and job in server.get("/api/jobs").json
    answer = server.get(f"/api/jobs/{job['id']}/files/answer.json").json
    assert answer["schema"] == "bilat/document/1" and answer["data"]["queries"] == 3
    assert answer["question"] == {
        "verb": "screen",
        "threshold": "0.0001",
    }  # no path of the server's
    for target in (f"/jobs/{job['id']}", f"/jobs/{job['id']}/alerts/1", "/"):
        page = server.get(target)
        assert page.status == 200 and "<script>alert" not in page.text and "<img" not in page.text
    page = server.get(f"/jobs/{job['id']}")
    assert "&lt;script&gt;" in page.text and "{{ 7*7 }}" in page.text
    assert not [p for p in server.folder.rglob("*img*.csv")]  # the upload is gone once it was read
    book = server.get(next(f["href"] for f in job["files"] if f["name"] == "alerts.xlsx"))
    assert book.headers["content-disposition"] == 'attachment; filename="alerts.xlsx"'
    sheets = openpyxl.load_workbook(io.BytesIO(book.body))
    cells = [c for sheet in sheets for row in sheet.iter_rows() for c in row if c.value is not None]
    assert not [c.value for c in cells if c.data_type == "f"] and "'=HYPERLINK" in " ".join(
        str(c.value) for c in cells
    )
    assert server.ask("DELETE", f"/api/jobs/{job['id']}").status == 204
    assert server.get(f"/api/jobs/{job['id']}").status == 404
    assert not [p for p in server.folder.rglob(f"{job['id']}*")]


#: The headers of a form that a browser sends from a page of the server's own.
FORM = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Origin": "null",
    "Sec-Fetch-Site": "same-origin",
}


def test_an_officer_decides_one_alert_after_another_and_writes_a_letter(server: Served) -> None:
    job = screened(server)
    shown = {
        s: server.get(f"/jobs/{job['id']}", show=s).text.count('<div class="consignment')
        for s in ("open", "decided", "all")
    }
    assert shown["open"] + shown["decided"] == shown["all"] == 3
    go = r'class="go" href="(/jobs/[^/]+/consignments/\d+)"'
    row = re.findall(go, server.get(f"/jobs/{job['id']}").text)[0]
    first = int(re.findall(r"/alerts/(\d+)\"", server.get(row).text)[0])
    at = f"/jobs/{job['id']}/alerts/{first}"
    told = {"verdict": "false", "preset": "another number", "reason": "its INN", "who": "anna"}
    told["action"] = "release"
    foreign = {**FORM, "Sec-Fetch-Site": "cross-site"}
    assert server.ask("POST", at, urlencode(told).encode(), foreign).status == 403
    assert (
        server.ask("POST", at, urlencode({**told, "verdict": "maybe"}).encode(), FORM).status == 400
    )
    went = server.ask("POST", at, urlencode(told).encode(), FORM)
    assert went.status == 303 and went.headers["location"] != at
    page = server.get(at).text
    assert "Decided false by anna" in page and 'value="anna"' in page
    assert ", release: another number; its INN" in page and "anna alone has decided" in page
    assert server.get("/decisions").text.count("<td>release</td>") >= 1
    wrong = urlencode({**told, "action": "burn"}).encode()
    assert server.ask("POST", at, wrong, FORM).status == 400
    empty = urlencode({**told, "preset": "", "reason": " "}).encode()
    assert server.ask("POST", at, empty, FORM).status == 400
    assert "someone else" in server.get(f"/jobs/{job['id']}").text
    asked = {
        "consignment": "CN-77 <b>",
        "value": "12,000 EUR",
        "addressee": "Customs",
        "request": "Please send the contract.",
        "as": "docx",
    }
    letter = server.ask(
        "POST", f"/jobs/{job['id']}/letter/{first}", urlencode(asked).encode(), FORM
    )
    assert letter.status == 200, letter.text
    text = zipfile.ZipFile(io.BytesIO(letter.body)).read("word/document.xml").decode()
    for part in (
        "CN-77 &lt;b&gt;",
        "12,000 EUR",
        "Customs",
        "someone else, release the consignment; anna",
        "VTB",
    ):
        assert part in text
    assert "log-odds" not in text
    pdf = server.ask(
        "POST",
        f"/jobs/{job['id']}/letter/{first}",
        urlencode({**asked, "as": "pdf"}).encode(),
        FORM,
    )
    assert pdf.body.startswith(b"%PDF")
    assert server.get(f"/jobs/{job['id']}/alerts/999").status == 404
    server.ask("DELETE", f"/api/jobs/{job['id']}")


def test_a_consignment_is_decided_whole_by_two_people_or_not_at_all(server: Served) -> None:
    rows = "Consignee,Bank\nKalashnikov Concern,Gazprombank\nAcme Bakery of Nowhere,Gazprombank\n"
    job = server.done(server.send("/api/screen", rows.encode(), "two.csv").json)
    at = f"/jobs/{job['id']}/consignments"
    page = server.get(f"{at}/1").text
    assert "Consignee: Kalashnikov Concern" in html.unescape(page) and "also for the same" in page
    parties = {f"party-{n}": "true" for n in re.findall(r'name="party-(\d+)"', page)}
    assert len(parties) == 2
    log = server.folder / "decisions.jsonl"

    def entries() -> list:
        return list(DecisionLog(log).entries()) if log.exists() else []

    before = len(entries())
    told = {"reason": "the papers name them", "who": "anna", "action": "hold"}

    def decide(address: str, **fields: str) -> int:
        return server.ask("POST", address, urlencode({**told, **fields}).encode(), FORM).status

    half = dict([*parties.items()][:1])
    refused = ({**parties, "action": "burn"}, half, {**parties, "reason": ""}, {"second": "true"})
    for wrong in refused:
        assert decide(f"{at}/1", **wrong) == 400, wrong
    assert len(entries()) == before
    assert decide(f"{at}/9", **parties) == 404
    one = re.findall(r'name="alert-(\d+)"', page)
    assert decide(f"{at}/1", **parties, **{f"alert-{n}": "false" for n in one[:1]}) == 303
    made = entries()[before:]
    assert {entry.verdict for entry in made} == ({"true", "false"} if one else {"true"})
    assert {entry.action for entry in made} == {"hold"}
    waiting = server.get(f"/jobs/{job['id']}", show="second").text
    assert "decided by one person only (" in waiting and "decided by one person, hold" in waiting
    assert decide(f"{at}/1", second="true") == 400  # the same person
    assert decide(f"{at}/1", second="true", who="bela", reason="") == 303
    assert all("agrees with anna" in entry.reason for entry in entries()[before + len(made) :])
    assert "two pairs of eyes" in server.get(f"{at}/1").text
    server.ask("DELETE", f"/api/jobs/{job['id']}")


def test_a_page_that_is_out_of_date_overwrites_no_decision(server: Served) -> None:
    """In a second tab, "true, hold" became "false, release", and nobody was told."""
    rows = "Consignee\nKalashnikov Concern\nMashinoimport\n"
    job = server.done(server.send("/api/screen", rows.encode(), "tabs.csv").json)
    at = f"/jobs/{job['id']}/consignments/1"
    one = f"/jobs/{job['id']}/alerts/1"

    def seen(address: str) -> str:
        return re.findall(r'name="seen" value="(\w*)"', server.get(address).text)[0]

    def decide(address: str, **fields: str) -> Answer:
        told = {"reason": "the papers name them", "who": "anna", "action": "hold"}
        return server.ask("POST", address, urlencode({**told, **fields}).encode(), FORM)

    first_tab, second_tab, of_alert = seen(at), seen(at), seen(one)
    taken = {"party-1": "true", "seen": first_tab}
    assert decide(at, **taken).status == 303
    log = DecisionLog(server.folder / "decisions.jsonl")
    before = len([*log.entries()])
    other = {"party-1": "false", "action": "release", "who": "bela"}
    late = decide(at, **other, seen=second_tab)
    assert late.status == 409
    assert (
        "anna decided this after you opened the page: true, hold"
        in html.unescape(late.text).lower()
    )
    assert decide(one, verdict="false", who="bela", seen=of_alert).status == 409
    assert len([*log.entries()]) == before
    fresh = re.findall(r'name="seen" value="(\w*)"', late.text)[0]
    assert decide(at, **other, seen=fresh).status == 303  # now bela has read what anna decided
    assert len([*log.entries()]) > before
    server.ask("DELETE", f"/api/jobs/{job['id']}")


#: Two people of one name, one bank in two rows, a listed name inside one longer than a row shows.
CONSIGNMENTS = (
    "Consignee,Consignee birth date,Bank,Invoice\n"
    "Gennady Timchenko,1952-11-09,VTB Bank,A-1\n"
    "Gennady Timchenko,1971-02-03,VTB Bank,A-2\n"
    f'"Rosoboronexport{", Moscow" * 70}",,Dresdner Volksbank,A-3\n'
    "Acme Bakery of Nowhere,,Acme Bank of Nowhere,A-4\n"
)


def test_the_workbook_and_the_alerts_hold_every_decision_taken_since(server: Served) -> None:
    job = server.done(server.send("/api/screen", CONSIGNMENTS.encode(), "in.csv").json)
    at = f"/api/jobs/{job['id']}/files"

    def alerts() -> list[dict]:
        text = server.get(f"{at}/alerts.jsonl").text
        return [json.loads(line) for line in text.splitlines()]

    def sheet(name: str) -> list[dict]:
        body = io.BytesIO(server.get(f"{at}/alerts.xlsx").body)
        head, *rows = openpyxl.load_workbook(body)[name].iter_rows(values_only=True)
        return [dict(zip(head, row, strict=True)) for row in rows]

    first = alerts()
    assert first and not [r for r in sheet("alerts") if r["decision"]]
    assert any(len(row["query"]) > 500 for row in first)
    told = {"reason": "looked at the passport", "who": "anna"}
    for number, row in enumerate(first, 1):
        if row["asked"].get("born") == "1971-02-03":
            continue
        verdict = "false" if row["agreement"] != "exact" else "true"
        body = urlencode({**told, "verdict": verdict}).encode()
        went = server.ask("POST", f"/jobs/{job['id']}/alerts/{number}", body, FORM)
        assert went.status == 303, went.text
    twins = [row for row in first if row["asked"].get("born") == "1971-02-03"]
    page = server.get(f"/jobs/{job['id']}").text
    assert twins and "open (1)" in page
    shown = sheet("alerts")
    assert len(shown) == len(first)
    assert sum(not row["decision"] for row in shown) == len(twins)
    how = ("decided by", "decided on", "decided because")
    assert {tuple(row[k] for k in how) for row in shown if row["decision"]} == {
        ("anna", time.strftime("%Y-%m-%d", time.gmtime()), "looked at the passport")
    }
    said = [[f["flag"] for f in row["flags"]] for row in alerts()]
    assert sum("decided" not in flags for flags in said) == len(twins)
    names = sheet("consignments")
    assert [row["Invoice"] for row in names if not row["decision"]] == ["A-4"]
    cleared = [row for row in names if row["decision"] == "false"]
    assert all(row["result"] == "cleared" for row in cleared)
    assert all("Decided since: " in row["consignment"] for row in names if row["decision"])
    assert not [p for p in (server.folder / "kept" / job["id"]).iterdir() if "alerts" in p.name]
    server.ask("DELETE", f"/api/jobs/{job['id']}")


def test_a_server_that_takes_no_decisions_says_so_above_the_queue(tmp_path: Path) -> None:
    own = Served(tmp_path)
    try:
        job = own.done(own.send("/api/screen", b"Consignee\nVTB Bank\n", "in.csv").json)
        page = own.get(f"/jobs/{job['id']}").text
        assert "See the next open one" in page and "Decide the next" not in page
        assert "This server does not take decisions. Start it with" in page
    finally:
        own.stop()


def test_a_result_is_kept_as_long_as_a_reader_says(server: Served) -> None:
    job = screened(server)
    body = urlencode({"for": "a day"}).encode()
    assert server.ask("POST", f"/jobs/{job['id']}/keep", body, FORM).status == 303
    now = server.get(f"/api/jobs/{job['id']}").json
    assert now["deleted_at"] - now["ended"] == 86_400
    page = server.get(f"/jobs/{job['id']}").text
    assert "counted from the log of decisions" in page and "Result to be deleted on " in page
    body = urlencode({"for": "until all is decided, and a day"}).encode()
    assert server.ask("POST", f"/jobs/{job['id']}/keep", body, FORM).status == 303
    assert "kept until every alert is decided" in server.get("/").text
    server.ask("DELETE", f"/api/jobs/{job['id']}")


def test_a_broken_file_ends_in_the_line_of_its_reader(server: Served) -> None:
    job = server.done(server.send("/api/screen", b"company;street\nVTB\n", "../../bad.csv").json)
    assert (
        job["status"] == "failed"
        and job["error"].startswith("bad.csv: row 2")
        and str(server.temporary) not in job["error"]
    )


def test_a_trade_file_is_ranked(server: Served, tmp_path: Path) -> None:
    made = runpy.run_path(str(WORLDS))
    sent = made["world"](tmp_path / "w.csv", "route", 1).read_bytes()
    job = server.done(
        server.send("/api/divert", sent, "w.csv", {"origin": ",".join(made["ORIGINS"])}).json
    )
    assert job["status"] == "done", job
    answer = next(f["href"] for f in job["files"] if f["name"] == "answer.json")
    first = json.loads(server.get(answer).body)["data"]["rows"][0]
    assert (first["hub"], first["product"]) == ("KGZ", "848210")
    page = server.get(f"/jobs/{job['id']}")
    assert "Kyrgyzstan" in page.text and page.status == 200 and str(server.folder) not in page.text
    whole = server.get(f"/jobs/{job['id']}/files/answer.html")
    assert whole.status == 200 and "Kyrgyzstan" in whole.text
    book = next(f["href"] for f in job["files"] if f["name"].endswith(".xlsx"))
    assert openpyxl.load_workbook(io.BytesIO(server.get(book).body)).sheetnames
    bad = server.send("/api/divert", sent, "w.csv", {"basket": "/etc/passwd"})
    assert bad.status == 400 and "is not known" in bad.line
    told = {"row": "1", "consignment": "CN-9", "as": "docx"}
    letter = server.ask("POST", f"/jobs/{job['id']}/letter/1", urlencode(told).encode(), FORM)
    text = zipfile.ZipFile(io.BytesIO(letter.body)).read("word/document.xml").decode()
    assert "CN-9" in text and "Kyrgyzstan" in text
    none = server.ask(
        "POST", f"/jobs/{job['id']}/letter/1", urlencode({**told, "row": "999"}).encode(), FORM
    )
    assert (
        none.status == 400 and "has no row 999" in none.text and str(server.folder) not in none.text
    )
    server.ask("DELETE", f"/api/jobs/{job['id']}")


def decision(who: str, reason: str = "another firm") -> bytes:
    told = {
        "query": "VTB Bank",
        "party": "ofac-17013",
        "verdict": "false",
        "reason": reason,
        "who": who,
    }
    return json.dumps(told).encode()


def test_many_writers_of_decisions_lose_nothing_and_keep_the_chain(server: Served) -> None:
    log = server.folder / "decisions.jsonl"
    before = len(list(DecisionLog(log).entries()))
    failed: list[int] = []

    def write(n: int) -> None:
        got = server.ask(
            "POST", "/api/decisions", decision(f"reader {n}"), {"Content-Type": "application/json"}
        )
        if got.status != 201:
            failed.append(got.status)

    def beside(n: int) -> None:  # the command line writes to the same log at the same time
        DecisionLog(log).add("VTB Bank", "ofac-17013", "true", "the bank", f"desk {n}")

    hands = [threading.Thread(target=w, args=(n,)) for n in range(6) for w in (write, beside)]
    for h in hands:
        h.start()
    for h in hands:
        h.join()
    entries = list(DecisionLog(log).entries())  # refuses a broken chain
    assert not failed and len(entries) == before + 12
    assert {e.who for e in entries} >= {f"reader {n}" for n in range(6)} | {
        f"desk {n}" for n in range(6)
    }
    assert [t["hash"] for t in server.get("/api/decisions").json] == [e.digest() for e in entries]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"query": 1}',
        b'{"nope": "x"}',
        b'{"query": "a", "party": "p", "verdict": "maybe", "reason": "r", "who": "w"}',
        b'{"query": "\\ud800", "party": "p", "verdict": "true", "reason": "r", "who": "w"}',
        b"[" * 100_000,
    ],
)
def test_a_decision_that_is_none_is_refused(server: Served, body: bytes) -> None:
    got = server.ask("POST", "/api/decisions", body, {"Content-Type": "application/json"})
    assert got.status in (400, 413) and got.line


def test_an_unknown_party_is_told(server: Served) -> None:
    got = server.ask("POST", "/api/decisions", decision("a").replace(b"ofac-17013", b"nobody"))
    assert got.status == 422 and "is not on any list that we check" in got.line


def test_a_decision_keeps_what_was_known_and_a_row_that_says_more_comes_out(tmp_path: Path) -> None:
    own = Served(tmp_path, "--decisions", str(tmp_path / "d.jsonl"))
    try:
        told = {
            "query": "Behzad Mohammadi",
            "party": "ofac-29800",
            "verdict": "false",
            "reason": "another man",
            "who": "anna",
            "born": "1999",
            "country": "",
        }
        send = {"Content-Type": "application/json"}
        made = own.ask("POST", "/api/decisions", json.dumps(told).encode(), send)
        assert made.status == 201 and (made.json["born"], made.json["country"]) == ("1999", "")
        wrong = own.ask(
            "POST", "/api/decisions", json.dumps({**told, "born": "soon"}).encode(), send
        )
        assert wrong.status == 400 and "is not a date" in wrong.line
        asked = {"name": "Behzad Mohammadi", "threshold": "0.1"}
        assert own.post("/api/screen", **asked, born="1999").json["data"]["rows"] == []
        (row, *_) = own.post("/api/screen", **asked, born="1966", country="IR").json["data"]["rows"]
        assert row["party"] == "ofac-29800" and row["flags"][-1]["flag"] == "cleared_on_less"
        assert row["asked"] == {"born": "1966", "country": "IRN"}
        assert "born 1999" in own.get("/decisions").text
    finally:
        own.stop()


def test_a_restart_loses_nothing(tmp_path: Path) -> None:
    options = ("--decisions", str(tmp_path / "d.jsonl"))
    first = Served(tmp_path, *options)
    # a log is named and holds no decision yet: a file is screened all the same
    job = first.done(first.send("/api/screen", NAMES.encode(), "names.csv", {}).json)
    assert job["status"] == "done" and not (tmp_path / "d.jsonl").exists(), job["error"]
    got = first.get("/api/ask", name="transfers.tiv", as_of=DAY).json
    made = first.ask("POST", "/api/decisions", decision("anna")).json
    many = b"name\n" + b"".join(b"VTB Bank %d\n" % n for n in range(300))
    under_way = first.send("/api/screen", many, "many.csv", {"threshold": "0.9"}).json
    first.process.kill()  # not even a farewell
    first.process.communicate()
    second = Served(tmp_path, *options)
    try:
        assert second.get("/api/ask", name="transfers.tiv", as_of=DAY).json == got
        assert [t["hash"] for t in second.get("/api/decisions").json] == [made["hash"]]
        assert second.get(f"/api/jobs/{job['id']}").json == job
        taken_up = second.done(second.get(f"/api/jobs/{under_way['id']}").json)
        assert taken_up["status"] == "done" and taken_up["title"] == "many.csv", taken_up
        assert not list(tmp_path.rglob("many.csv"))
    finally:
        assert second.stop()[0] == 0


def test_a_first_page_is_made_once_and_told_of_meanwhile(server: Served) -> None:
    target = f"/ISL-NZL/?{urlencode({'as_of': DAY})}"
    ends = time.monotonic() + 240
    while (got := server.ask("GET", target)).status == 202:
        assert (
            "working this out" in got.text
            and got.headers["refresh"] == "3"
            and time.monotonic() < ends
        )
        time.sleep(0.5)
    assert got.status == 200 and "Iceland" in got.text and 'role="search"' in got.text
    assert server.get("/api/brief", pair="ISL-NZL", as_of=DAY).json["as_of"] == DAY
    for asset in re.findall(r'(?:src|href)="(/assets/[^"]+)"', got.text):
        assert server.get(asset).status == 200, asset


def test_a_form_without_a_verdict_is_shown_again_as_it_was_filled_in(server: Served) -> None:
    job = screened(server)
    at = f"/jobs/{job['id']}/consignments/1"
    sent = {"who": "anna", "reason": "its INN <b>", "preset": "another number", "action": "hold"}
    before = len(server.get("/decisions").text)
    got = server.ask("POST", at, urlencode(sent).encode(), FORM)
    assert got.status == 400 and f'action="{at}"' in got.text
    assert 'role="alert">No verdict on ' in got.text and "Choose one" in got.text
    assert 'value="anna"' in got.text and "its INN &lt;b&gt;</textarea>" in got.text
    assert "<option selected>another number</option>" in got.text
    assert 'value="hold" checked' in got.text
    unexplained = {"who": "anna", "party-1": "false"}
    again = server.ask("POST", at, urlencode(unexplained).encode(), FORM)
    assert again.status == 400 and re.search(
        r'name="party-1" value="false"[^>]* checked', again.text
    )
    assert len(server.get("/decisions").text) == before
    server.ask("DELETE", f"/api/jobs/{job['id']}")


#: Two consignments: one with a listed bank, and one in which nothing is found.
TWO = (
    "Our ref,Consignee,Consignee country,Consignee town,Bank,HS code,Value EUR\n"
    "NF-7,Sunny Bakery of Nowhere,KZ,Almaty,VTB Bank,854231,15000\n"
    "NF-8,Quiet Bakery of Nowhere,KZ,Astana,Volksbank of Nowhere,190590,20\n"
)


def test_a_consignment_has_its_reference_row_and_fields(server: Served) -> None:
    job = server.done(server.send("/api/screen", TWO.encode(), "two.csv", {}).json)
    page = server.get(f"/jobs/{job['id']}/consignments/1").text
    assert '<p class="kicker">NF-7, row 2</p>' in page
    assert "In your file: state KZ; town Almaty" in page
    assert "<dt>HS code</dt><dd>854231</dd>" in page and "<dd>15000</dd>" in page
    server.ask("DELETE", f"/api/jobs/{job['id']}")


def test_a_consignment_in_which_nothing_was_found_is_listed_and_released(server: Served) -> None:
    job = server.done(server.send("/api/screen", TWO.encode(), "two.csv", {}).json)
    at = f"/jobs/{job['id']}"
    page = server.get(at, show="clean").text
    assert "nothing found (1)" in page and "NF-8, row 3" in page and "Quiet Bakery" in page
    assert server.ask("POST", f"{at}/releases", b"who=anna", FORM).status == 400
    went = server.ask("POST", f"{at}/releases", b"who=anna&row=1", FORM)
    assert went.status == 303 and went.headers["location"] == f"{at}?show=clean"
    page = server.get(at, show="clean").text
    assert "1 of 1 consignments" in page and "released · anna" in page
    book = openpyxl.load_workbook(io.BytesIO(server.get(f"/api{at}/files/alerts.xlsx").body))
    head, *rows = book["consignments"].iter_rows(values_only=True)
    done = next(dict(zip(head, row, strict=True)) for row in rows if row[0] == 3)
    assert (done["reference"], done["action"], done["decided by"]) == ("NF-8", "release", "anna")
    assert "no listed party" in server.get("/decisions").text
    server.ask("DELETE", f"/api{at}")


def test_what_was_not_compared_stands_beside_a_party_that_is_not_found(server: Served) -> None:
    file = "Consignee,Consignee INN,Bank\nQuiet Bakery of Nowhere,7707083894,{}\n"
    reserved = "INN with a wrong check digit (7707083894), compared as written"
    of_bank = {"Volksbank of Nowhere": ("", {"show": "clean"}), "VTB Bank": ("/consignments/1", {})}
    for bank, (page, query) in of_bank.items():
        sent = server.send("/api/screen", file.format(bank).encode(), "digit.csv", {})
        job = server.done(sent.json)
        assert reserved in server.get(f"/jobs/{job['id']}{page}", **query).text
        server.ask("DELETE", f"/api/jobs/{job['id']}")


def test_a_reason_that_speaks_for_another_verdict_is_refused(server: Served) -> None:
    job = server.done(server.send("/api/screen", TWO.encode(), "two.csv", {}).json)
    at = f"/jobs/{job['id']}/consignments/1"
    place = re.findall(r'name="(party-\d)"', server.get(at).text)[0]
    sent = {"who": "anna", place: "true", "preset": "another state"}
    got = server.ask("POST", at, urlencode(sent).encode(), FORM)
    assert got.status == 400 and "is a reason for the verdict false" in got.text
    own = {**sent, place.replace("party", "preset"): "a number agrees with the listing"}
    assert server.ask("POST", at, urlencode(own).encode(), FORM).status == 303
    server.ask("DELETE", f"/api/jobs/{job['id']}")


def test_a_letter_has_reference_goods_and_value_in_their_places(server: Served) -> None:
    job = server.done(server.send("/api/screen", TWO.encode(), "two.csv", {}).json)
    page = server.get(f"/jobs/{job['id']}/alerts/1").text
    fields = dict(re.findall(r'<input name="(\w+)" maxlength="500"[^>]*? value="([^"]*)"', page))
    assert fields["reference"] == "NF-7" and fields["consignment"] == "row 2 of two.csv"
    assert (fields["hs"], fields["value"]) == ("854231", "EUR 15000")
    server.ask("DELETE", f"/api/jobs/{job['id']}")


def test_a_refusal_says_what_to_do_and_leads_back(server: Served) -> None:
    got = server.ask("POST", "/screen", b"name=", FORM)
    assert got.status in (400, 415) and 'href="/screen">Back to the form' in got.text
    assert "Bad Request" not in got.text and "Unsupported Media" not in got.text
    assert 'href="/">To the desk' in server.get("/jobs/nowhere").text


def test_the_form_of_a_screening_has_labels_of_its_own(server: Served) -> None:
    page = server.get("/screen").text
    assert "Share of the names that are listed" in page and "Base rate" not in page
    assert "standard input" not in page and "F=H" not in page and 'value="0.0"' not in page
    assert 'aria-label="Pair and date"' not in page
