# SPDX-License-Identifier: Apache-2.0
"""Every verb that writes a page or a file shows the marking that it is given in what it writes, or refuses it."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import runpy
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import run_answers
import typer
from docx import Document
from made_up_team import AS_OF, MOMENT, PAIR, judgement, team
from openpyxl import load_workbook

from bilat.cli import application, main
from bilat.forecast.power import Power
from bilat.forecast.reasons import Changed
from bilat.forecast.watch import Watch
from bilat.picture import site as pages
from bilat.when import AsOf

MARK = "TLP:GREEN REL EST POL"
WORLDS = Path(__file__).resolve().parents[1] / "diversion" / "planted_causes.py"
#: Options that name a place where something made is written.
PLACES = {"--out"}
ALERT = {
    "query": "Alfa",
    "party": "p1",
    "band": "match",
    "probability": 0.91,
    "name": "ALFA OOO",
    "name_matched": "Alfa",
    "matched_by": "name",
    "effect": "blocked",
    "countries": ["RUS"],
    "born": [],
    "identifiers": [],
    "aliases": [],
    "joined": [],
    "source": "ofac_sdn",
    "locator": "line 7",
    "snapshot": "ab" * 32,
    "listings": [],
    "flags": [],
    "link": "",
    "agreement": "exact",
    "bearers": "nobody known",
    "bearers_says": "nobody else has it",
    "group": 1,
    "list": "OFAC SDN",
    "effects": [{"effect": "blocked", "list": "OFAC SDN"}],
}
#: Verbs that take a marking: what else they are asked, and the files that they write below the folder they run in.
TAKES = {
    "brief": ["--as-of", "2025-06-30", "--out", "made"],
    "search": ["Su-27", "--as-of", "2025-06-30", "--out", "made.html"],
    "claims": ["--only", "I6", "--as-of", "2025-06-30", "--out", "made.html"],
    "ask profile": ["USA", "JPN", "--as-of", "2025-06-30", "--out", "made.json"],
    "ask state": ["KGZ", "--as-of", "2026-11-27", "--out", "made.html"],
    "ask goods": ["854231", "--as-of", "2025-06-30", "--out", "made.html"],
    "ask party": ["ofac-17013", "--as-of", "2026-11-27", "--out", "made.html"],
    "ask compare": ["--with", "RUS", "IRN", "--as-of", "2025-06-30", "--out", "made.html"],
    "ask": ["transfers.tiv", "--as-of", "2025-06-30", "--out", "made.parquet"],
    "plan recovery": ["--draws", "200", "--out", "made.html"],
    "plan backfill": ["--draws", "20", "--out", "made.html"],
    "plan blockade": ["--draws", "200", "--out", "made.xlsx"],
    "plan exposure": ["--draws", "200", "--out", "made.xlsx"],
    "plan window": ["--out", "made.html"],
    "write report": ["--as-of", "2025-06-30", "--out", "made.pdf"],
    "divert": [
        "w.csv",
        "--origin",
        "DEU,FRA,ITA",
        "--since",
        "2022",
        "--cases",
        "2",
        "--out",
        "made.html",
    ],
    "screen": ["VTB Bank", "--lists", "list.jsonl", "--out", "made.xlsx"],
    "lists gap": ["--out", "made.html"],
    "lists compare": ["OFAC SDN", "US EL", "--out", "made.html"],
    "write letter": ["alerts.jsonl", "--out", "made.docx"],
    "write export": ["--to", "frictionless", "--as-of", "2025-06-30", "--out", "made"],
    "sources list": ["--out", "made.html"],
    "watch": ["--since", "2025-01-01", "--as-of", "2025-06-30", "--out", "made.html"],
    "watch list": ["--as-of", "2025-06-30", "--out", "made.html"],
    "watch show": ["P7-PRK", "--as-of", "2025-06-30", "--out", "made.json"],
    "watch score": ["--as-of", "2025-06-30", "--out", "made.xlsx"],
}
#: Verbs that write what is public, or a log or folder whose entries bear their own markings: they refuse the option.
REFUSES = {
    "sources build": ["--out", "made"],
    "lists diff": ["2023-01-01", "2024-01-01", "--out", "made.xml"],
    "plan compare": ["book.toml", "--out", "made.html"],
}


def commands(command: Any = None, name: str = "") -> Iterator[tuple[str, set[str]]]:
    command = command or typer.main.get_command(application())
    for word, sub in getattr(command, "commands", {}).items():
        yield from commands(sub, name if word == name else f"{name} {word}".strip())
    if not hasattr(command, "commands"):
        yield name, {o for p in command.params for o in p.opts}


def test_no_verb_that_writes_is_left_out() -> None:
    writes = {name: options for name, options in commands() if options & PLACES}
    assert set(writes) == {*TAKES, *REFUSES}
    assert {n for n, options in writes.items() if "--marking" in options} == set(TAKES)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder to run in, with small made-up inputs; the slow verbs are given made-up answers to write."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BILAT_TEAM", raising=False)
    t = team(tmp_path / "team", claims={"P8": "RED"})
    t.dissent_log.add(
        "P7", "in part", "zq-above", "Ann", as_of="2025-01-01", marking="RED", when=MOMENT
    )
    monkeypatch.setenv("BILAT_TEAM", str(t.folder))
    runpy.run_path(str(WORLDS))["world"](tmp_path / "w.csv", "route", 1)
    (tmp_path / "alerts.jsonl").write_text(json.dumps(ALERT) + "\n", "utf-8")
    for name, listed in (("list", "VTB Bank"), ("before", "Another Bank")):
        line = json.dumps({"id": "p1", "schema": "Company", "names": [listed]})
        (tmp_path / f"{name}.jsonl").write_text(line + "\n", "utf-8")
    judged = [judgement("P7"), judgement("P8", text="zq-above")]
    from bilat.picture import brief

    few = partial(brief, judge=lambda *_: judged)
    monkeypatch.setattr("bilat.picture.brief", few)
    monkeypatch.setattr(pages, "plans", lambda: ())
    monkeypatch.setattr("bilat.exchange.collection.judge", lambda *_: judged)
    monkeypatch.setattr(sys.modules["bilat.forecast.watch"], "watch", lambda *_, **__: watched())
    # What is patched makes no measure's answer.
    monkeypatch.setenv("BILAT_CACHE", os.environ[run_answers.VARIABLE])
    return tmp_path


def watched() -> Watch:
    """A watch of two answers that changed, one of them of a claim that the team has marked above the page."""
    changed = tuple(
        Changed(
            claim,
            text,
            "in part",
            "yes",
            "the world",
            "the world",
            (text,),
            (),
            "r",
            cause="published",
        )
        for claim, text in (("P7", "told"), ("P8", "zq-above"))
    )
    none = Power((), 0, 0.0, ())
    return Watch(
        PAIR,
        AsOf("2025-01-01"),
        AS_OF,
        known=(),
        alarms=(),
        happened=(),
        silences=(),
        silent=(),
        verdicts=changed,
        newly_read=changed,
        by_time=changed,
        by_question=changed,
        added=(),
        beliefs=(),
        headlines=(),
        due=(),
        streams=(),
        power=none,
    )


def run(verb: str, *options: str) -> int:
    with pytest.raises(SystemExit) as end:
        main([*verb.split(), *options])
    return int(end.value.code or 0)


def shows(path: Path) -> bool:
    """Whether a file shows the marking to whoever has that file alone."""
    kind, data = path.suffix, path.read_bytes()
    if kind == ".html":
        text = data.decode()
        return (
            text.count(f'class="marking" role="note">{MARK}<') == 1 and text.count(f">{MARK}<") == 2
        )
    if kind == ".json":
        return bool(json.loads(data)["marking"] == MARK)
    if kind == ".jsonl":
        return all(json.loads(line)["marking"] == MARK for line in data.decode().splitlines())
    if kind == ".csv":
        rows = list(csv.DictReader(io.StringIO(data.decode())))
        return bool(rows) and all(r.get("marking") == MARK for r in rows)
    if kind == ".xlsx":
        sheet = load_workbook(io.BytesIO(data)).worksheets[0]
        heads = [c.value for c in sheet[1]]
        if "marking" not in heads:  # a document: its first sheet shows it once
            return any(c.value == MARK for row in sheet.iter_rows() for c in row)
        column = heads.index("marking") + 1
        return all(sheet.cell(n, column).value == MARK for n in range(2, sheet.max_row + 1))
    if kind == ".docx":
        return any(MARK in p.text for p in Document(io.BytesIO(data)).sections[0].header.paragraphs)
    if kind == ".parquet":
        return set(pq.read_table(path)["marking"].to_pylist()) == {MARK}
    return MARK in data.decode()


#: What lies in the folders beside what is marked: public figures and rows, style, lists of contents.
BESIDE = ("assets/", "rows/", "contents.json")


@pytest.mark.parametrize("verb", TAKES)
def test_what_a_verb_writes_shows_its_marking(
    verb: str, small: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said: list[Any] = []
    if verb == "write report":  # the text of a PDF is packed: what is set is looked at
        import bilat.report.press as paper

        monkeypatch.setattr(
            paper, "pdf", lambda d, annex: said.append(paper.paper_of(d, annex=annex)) or b"%PDF-"
        )
    before = {p for p in small.rglob("*") if p.is_file()}
    code = run(verb, *TAKES[verb], "--marking", MARK)
    assert code == (3 if verb == "watch" else 0), capsys.readouterr().err
    made = sorted(
        p for p in small.rglob("*") if p.is_file() and p not in before and p.suffix != ".lock"
    )
    made = [
        p
        for p in made
        if not p.relative_to(small).as_posix().removeprefix("made/").startswith(BESIDE)
    ]
    assert made
    assert all(b"zq-above" not in p.read_bytes() for p in made)
    pages_made = [p.read_text("utf-8") for p in made if p.suffix == ".html"]
    assert not [
        x
        for x in pages_made
        if re.search(r"\((?:&#x27;|‘)|datetime\.date|object at 0x|&lt;bilat\.", x)
    ]
    if verb == "write report":
        assert said[0]["marking"] == MARK and "zq-above" not in json.dumps(said)
        return
    if (
        verb == "write export"
    ):  # one package: its description bears the marking, and each table what its rows bear
        assert (
            json.loads((small / "made" / "datapackage.json").read_text("utf-8"))["bilat"]["marking"]
            == MARK
        )
        made = []
    assert [p.name for p in made if not shows(p)] == []


@pytest.mark.parametrize("verb", REFUSES)
def test_another_refuses_it_in_one_line(
    verb: str, small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {*small.rglob("*")}
    assert run(verb, *REFUSES[verb], "--marking", MARK) == 2
    said = capsys.readouterr()
    assert said.err == "bilat: No such option: --marking\n" and not said.out
    assert {*small.rglob("*")} == before


@pytest.mark.parametrize("to", ["frictionless", "ftm", "stix"])
def test_every_format_of_an_export_bears_it(
    to: str, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bilat.exchange.collection.held_parties", lambda *_: ([], []))
    asked = ["--to", to, "--as-of", "2025-06-30", "--out", "made", "--marking", MARK]
    assert run("write export", *asked) == 0
    assert any(MARK.encode() in p.read_bytes() for p in (small / "made").iterdir())


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".jsonl"])
def test_alerts_bear_it_in_every_format(ending: str, small: Path) -> None:
    assert (
        run(
            "screen",
            "VTB Bank",
            "--lists",
            "list.jsonl",
            "--out",
            f"made{ending}",
            "--marking",
            MARK,
        )
        == 0
    )
    assert shows(small / f"made{ending}")


def test_a_decision_marked_above_does_not_speak(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = small / "team" / "decisions.jsonl"
    asked = ["VTB Bank", "--lists", "list.jsonl", "--decisions", str(log), "--json"]
    words = [
        "--verdict",
        "true",
        "--why",
        "zq-above",
        "--who",
        "Ann",
        "--lists",
        "list.jsonl",
        "--marking",
        "AMBER",
    ]
    assert run("screen", "VTB Bank", "--lists", "list.jsonl", "--json") == 0
    party = json.loads(capsys.readouterr().out)["data"]["rows"][0]["party"]
    assert run("screen decide", str(log), "--query", "VTB Bank", "--party", party, *words) == 0
    capsys.readouterr()
    assert run("screen", *asked, "--marking", "AMBER") == 0
    assert "zq-above" in capsys.readouterr().out
    assert run("screen", *asked, "--marking", "GREEN") == 0
    told = capsys.readouterr()
    assert "zq-above" not in told.out and "left out: 1 decision, marked above TLP:GREEN" in told.err
    (made,) = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    why = ["--why", "cleared by the partner", "--who", "Ann"]
    assert run("team mark", f"decision {made['hash']}", "--marking", "GREEN", *why) == 0
    capsys.readouterr()
    assert run("screen", *asked, "--marking", "GREEN") == 0  # the later marking counts
    assert "zq-above" in capsys.readouterr().out


def test_a_letter_keeps_the_marking_of_its_case(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (small / "marked.jsonl").write_text(json.dumps({**ALERT, "marking": MARK}) + "\n", "utf-8")
    assert run("write letter", "marked.jsonl", "--out", "made.docx") == 0 and shows(
        small / "made.docx"
    )
    assert run("write letter", "marked.jsonl", "--out", "wider.docx", "--marking", "CLEAR") == 2
    assert "must not be used in a letter marked TLP:CLEAR" in capsys.readouterr().err
    assert not (small / "wider.docx").exists()
