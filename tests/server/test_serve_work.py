# SPDX-License-Identifier: Apache-2.0
"""What readers do: ask, search, screen, rank routes, decide; over a real server, its answers against the library's."""

from __future__ import annotations

import io
import json
import runpy
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

import openpyxl
import pytest
from served import DAY, Served

from bilat import Dyad, Holdings, ask
from bilat.holdings import embedded_folder
from bilat.parties.decide.decisions import DecisionLog

WORLDS = Path(__file__).resolve().parents[1] / "diversion" / "planted_rivals.py"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\" '{{ 7*7 }}"
NAMES = (
    f'name,country\nVTB Bank,RUS\n"{HOSTILE.replace(chr(34), chr(34) * 2)} VTB Bank",\n'
    '"=HYPERLINK(""http://x"",""VTB Bank"")",RUS\n'
)


def test_a_measure_is_what_the_library_answers(server: Served) -> None:
    got = server.get("/api/measures/transfers.tiv", as_of=DAY, pair="Russia,China").json
    assert (
        got
        == ask("transfers.tiv", Dyad("RUS", "CHN"), as_of=DAY, holdings=Holdings(embedded_folder())).to_json()
    )
    again = server.get("/api/measures/transfers.tiv", as_of=DAY)
    assert again.json == got and list(server.cache.glob("answers/*/*.json"))


def test_the_rows_of_a_point(server: Served) -> None:
    point = server.get("/api/measures/transfers.tiv", as_of=DAY).json["points"][0]
    got = server.get(
        "/api/trace/transfers.tiv", as_of=DAY, period=point["period"], group=point["group"], limit=1
    ).json
    assert (
        got["total"] >= 1
        and len(got["rows"]) == 1
        and {"source", "snapshot", "locator", "known_on"} <= set(got["rows"][0])
    )
    none = server.get("/api/trace/transfers.tiv", as_of=DAY, period="1801")
    assert none.status == 422 and "has no rows for period 1801" in none.line
    page = server.get("/measures/transfers.tiv/rows", as_of=DAY, period=point["period"])
    assert page.status == 200 and got["rows"][0]["locator"] in page.text


def test_one_claim_and_one_forecast(server: Served) -> None:
    claim = server.get("/api/claims/I3", as_of=DAY).json
    assert claim["id"] == "I3" and claim["since"]["answer"] and claim["how"]["rule"]
    assert server.get("/api/claims/NOPE").status == 404
    questions = server.get("/api/forecasts", as_of=DAY).json
    assert questions
    one = server.get(f"/api/forecasts/{questions[0]['id']}", as_of=DAY).json
    assert one == questions[0]


def test_search_finds_every_kind(server: Served) -> None:
    found = server.get("/api/search", q="rosoboronexport").json
    assert any("ROSOBORON" in h["title"].upper() for h in found["parties"]["hits"])
    goods = server.get("/api/search", q="854231").json["goods"]["hits"]
    assert goods[0]["id"] == "854231" and "common high priority list" in goods[0]["text"].lower()
    assert server.get("/api/search", q="I3").json["claims"]["hits"][0]["id"] == "I3"
    assert server.get("/api/search", q="transfers.tiv").json["measures"]["hits"][0]["id"] == "transfers.tiv"
    assert server.get("/api/search", q="sipri").json["sources"]["total"] >= 1
    page = server.get("/search", q=HOSTILE)
    assert (
        page.status == 200
        and "<script>alert" not in page.text
        and "<img" not in page.text
        and "&lt;script&gt;" in page.text
    )
    assert server.get("/api/search").status == 400


def test_a_name_is_screened_as_on_the_command_line(server: Served) -> None:
    got = server.get("/api/screen", name=["VTB Bank", "Acme Bakery of Nowhere"]).json
    assert (got["rows"][0]["query"], got["rows"][0]["band"]) == ("VTB Bank", "match")
    assert got["queries"] == 2 and got["summary"]
    for wrong in (
        {"name": "???"},
        {"name": "VTB", "top": "0"},
        {"name": "VTB", "threshold": "often"},
        {"name": "VTB", "country": "Narnia"},
    ):
        assert server.get("/api/screen", **wrong).status == 400


def screened(server: Served) -> dict:
    begun = server.send(
        "/api/screen", NAMES.encode(), "<img src=x onerror=alert(2)>.csv", {"threshold": "0.0001"}
    )
    assert begun.status == 202 and begun.headers["location"] == f"/api/jobs/{begun.json['id']}"
    return server.done(begun.json)


def test_a_file_is_screened_and_nothing_of_it_is_left(server: Served) -> None:
    job = screened(server)
    assert job["status"] == "done" and job["result"]["queries"] == 3
    page = server.get(f"/jobs/{job['id']}")
    assert "<script>alert" not in page.text and "<img" not in page.text and "&lt;script&gt;" in page.text
    assert "{{ 7*7 }}" in page.text
    assert not [
        p for p in server.temporary.rglob("*") if p.suffix == ".csv"
    ]  # the upload is gone once it was read
    book = server.get(job["files"][0]["href"])
    assert book.headers["content-disposition"] == 'attachment; filename="alerts.xlsx"'
    sheets = openpyxl.load_workbook(io.BytesIO(book.body))
    cells = [c for sheet in sheets for row in sheet.iter_rows() for c in row if c.value is not None]
    assert not [c.value for c in cells if c.data_type == "f"] and "'=HYPERLINK" in " ".join(
        str(c.value) for c in cells
    )
    assert server.ask("DELETE", f"/api/jobs/{job['id']}").status == 204
    assert server.get(f"/api/jobs/{job['id']}").status == 404
    assert not [p for p in server.temporary.rglob(f"{job['id']}*")]


def test_a_result_is_kept_where_a_reader_asks(server: Served) -> None:
    job = screened(server)
    mark = server.get("/screen").cookies[0].split(";")[0]
    body = f"form_token={mark.partition('=')[2]}".encode()
    typed = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": mark}
    assert server.ask("POST", f"/jobs/{job['id']}/keep", body, typed).status == 303
    (kept,) = (server.folder / "kept").iterdir()
    assert [p.name for p in kept.iterdir()] == ["alerts.xlsx"] and "<" not in kept.name


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
    job = server.done(server.send("/api/divert", sent, "w.csv", {"origin": ",".join(made["ORIGINS"])}).json)
    assert job["status"] == "done", job
    answer = next(f["href"] for f in job["files"] if f["name"] == "answer.json")
    first = json.loads(server.get(answer).body)["data"]["rows"][0]
    assert (first["hub"], first["product"]) == ("KGZ", "848210")
    page = server.get(f"/jobs/{job['id']}")
    assert "Kyrgyzstan" in page.text and page.status == 200
    whole = server.get(f"/jobs/{job['id']}/files/answer.html")
    assert whole.status == 200 and "Kyrgyzstan" in whole.text
    book = next(f["href"] for f in job["files"] if f["name"].endswith(".xlsx"))
    assert openpyxl.load_workbook(io.BytesIO(server.get(book).body)).sheetnames
    bad = server.send("/api/divert", sent, "w.csv", {"basket": "/etc/passwd"})
    assert bad.status == 400 and "is not known" in bad.line
    server.ask("DELETE", f"/api/jobs/{job['id']}")


def decision(who: str, reason: str = "another firm") -> bytes:
    told = {"query": "VTB Bank", "party": "ofac-17013", "verdict": "false", "reason": reason, "who": who}
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
    assert {e.who for e in entries} >= {f"reader {n}" for n in range(6)} | {f"desk {n}" for n in range(6)}
    assert [t["hash"] for t in server.get("/api/decisions").json] == [e.digest() for e in entries]


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"query": 1}', b'{"nope": "x"}',
     b'{"query": "a", "party": "p", "verdict": "maybe", "reason": "r", "who": "w"}',
     b'{"query": "\\ud800", "party": "p", "verdict": "true", "reason": "r", "who": "w"}', b"[" * 100_000],
)  # fmt: skip
def test_a_decision_that_is_none_is_refused(server: Served, body: bytes) -> None:
    got = server.ask("POST", "/api/decisions", body, {"Content-Type": "application/json"})
    assert got.status in (400, 413) and got.line


def test_an_unknown_party_is_told(server: Served) -> None:
    got = server.ask("POST", "/api/decisions", decision("a").replace(b"ofac-17013", b"nobody"))
    assert got.status == 422 and "is on none of the lists" in got.line


def test_a_decision_keeps_what_was_known_and_a_row_that_says_more_comes_out(tmp_path: Path) -> None:
    own = Served(tmp_path, "--decisions", str(tmp_path / "d.jsonl"))
    try:
        told = {"query": "Behzad Mohammadi", "party": "ofac-29800", "verdict": "false", "reason": "another man",
                "who": "anna", "born": "1999", "country": ""}  # fmt: skip
        send = {"Content-Type": "application/json"}
        made = own.ask("POST", "/api/decisions", json.dumps(told).encode(), send)
        assert made.status == 201 and (made.json["born"], made.json["country"]) == ("1999", "")
        wrong = own.ask("POST", "/api/decisions", json.dumps({**told, "born": "soon"}).encode(), send)
        assert wrong.status == 400 and "is not a date" in wrong.line
        asked = {"name": "Behzad Mohammadi", "threshold": "0.1"}
        assert own.get("/api/screen", **asked, born="1999").json["rows"] == []
        (row, *_) = own.get("/api/screen", **asked, born="1966", country="IR").json["rows"]
        assert row["party"] == "ofac-29800" and row["flags"][-1]["flag"] == "cleared_on_less"
        assert row["asked"] == {"born": "1966", "country": "IRN"}
        page = own.get("/decisions", query="Behzad Mohammadi", party="ofac-29800", **row["asked"]).text
        assert (
            'name="born" value="1966"' in page
            and 'name="country" value="IRN"' in page
            and "born 1999" in page
        )
        party = own.get("/parties/ofac-29800", query="Behzad Mohammadi", **row["asked"]).text
        assert "born=1966&amp;country=IRN" in party
    finally:
        own.stop()


def test_a_restart_loses_nothing(tmp_path: Path) -> None:
    options = ("--decisions", str(tmp_path / "d.jsonl"))
    first = Served(tmp_path, *options)
    # a log is named and holds no decision yet: a file is screened all the same
    job = first.done(first.send("/api/screen", NAMES.encode(), "names.csv", {}).json)
    assert job["status"] == "done" and not (tmp_path / "d.jsonl").exists(), job["error"]
    got = first.get("/api/measures/transfers.tiv", as_of=DAY).json
    made = first.ask("POST", "/api/decisions", decision("anna")).json
    first.process.kill()  # not even a farewell
    first.process.communicate()
    second = Served(tmp_path, *options)
    try:
        begun = time.monotonic()
        assert second.get("/api/measures/transfers.tiv", as_of=DAY).json == got
        assert time.monotonic() - begun < 5
        assert [t["hash"] for t in second.get("/api/decisions").json] == [made["hash"]]
    finally:
        assert second.stop()[0] == 0


def test_a_site_is_made_once_and_told_of_meanwhile(server: Served) -> None:
    target = f"/ISL-NZL/?{urlencode({'as_of': DAY})}"
    first = server.ask("GET", target)
    assert (first.status == 202 and "is being made" in first.text) or "waits for" in first.text
    assert first.headers["refresh"] == "3"
    ends = time.monotonic() + 240
    while (got := server.ask("GET", target)).status == 202:
        assert time.monotonic() < ends
        time.sleep(0.5)
    assert got.status == 200 and "Iceland" in got.text and 'role="search"' in got.text
    assert server.get("/ISL-NZL/index.json", as_of=DAY).json["as_of"] == DAY
    assert (
        server.get("/ISL-NZL/assets/site.js", as_of=DAY).headers["content-type"].startswith("text/javascript")
    )
