# SPDX-License-Identifier: Apache-2.0
"""The report is four pages and an annex, the same bytes from the same holdings; a case is a letter in two forms."""

import datetime as dt
import io
import json
import zipfile
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import typst
from made_up_team import AS_OF, MOMENT, PAIR, judgement, team
from typer.testing import CliRunner

from bilat.cli import app
from bilat.dyad import Dyad
from bilat.errors import DataError, UsageError
from bilat.handling import Marking
from bilat.holdings import Holdings, embedded_folder
from bilat.picture import brief
from bilat.picture.compose import Picture
from bilat.report.letter import Letter, letter_of
from bilat.report.letter_docx import docx
from bilat.report.paper import write_report
from bilat.report.press import pdf
from bilat.report.sending import write_letter
from bilat.report.telling import MOST_CHARTS, told
from bilat.verdicts.judgement import Judgement
from bilat.verdicts.ledger import ledger
from bilat.verdicts.names import Names
from bilat.when import AsOf

LONG = "a figure of about the length that a finding has, with its unit and the two periods that are compared"


def judge(dyad: Dyad, as_of: AsOf, holdings: Holdings) -> list[Judgement]:
    """Every claim of the ledger with made-up figures: as long as the real picture."""
    names = Names(dyad)
    return [
        replace(
            judgement(c.id, decided=c.how == "measured"), chapter=c.chapter, as_of=as_of, claim=names.said(c.claim),
            why=f"{c.id}: {LONG}", record_to=dt.date(2023, 12, 31) if c.how == "measured" else None,
        )
        for c in ledger()
    ]  # fmt: skip


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Picture:
    t = team(tmp_path_factory.mktemp("team"))
    t.dissent_log.add(
        "P7",
        "mixed",
        "two series <only> #danger $x$",
        "Ann",
        as_of="2025-01-01",
        marking="GREEN",
        when=MOMENT,
    )
    t.dissent_log.add("P8", "mixed", "kept back", "Ben", as_of="2025-01-01", marking="RED", when=MOMENT)
    held = Holdings(embedded_folder())
    return brief(PAIR, AS_OF, None, held, judge=judge, routes=(), team=t, marking=Marking("GREEN"))


def query(picture: Picture, label: str) -> Any:
    text = json.dumps(told(picture), ensure_ascii=False, sort_keys=True)
    source = resources.files("bilat.report").joinpath("report.typ").read_bytes()
    return json.loads(typst.query(source, label, sys_inputs={"told": text}, ignore_system_fonts=True))


def test_four_pages_and_then_the_annex(picture: Picture) -> None:
    assert [m["value"] for m in query(picture, "<annex>")] == [5]


def test_the_same_picture_has_the_same_bytes(picture: Picture, tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        write_report(picture, tmp_path / name)
    made = (tmp_path / "a.pdf").read_bytes()
    assert made == (tmp_path / "b.pdf").read_bytes() and made.startswith(b"%PDF")
    assert b"D:20250630" in made  # the as-of date, and no other


def test_what_the_report_says_is_what_the_picture_says(picture: Picture) -> None:
    said = told(picture)
    assert [x["sentence"] for x in said["lines"]] == [x.sentence for x in picture.bottom_line]
    assert len(said["annex"]) == len(ledger()) and 0 < len(said["charts"]) <= MOST_CHARTS
    assert said["marking"] == "TLP:GREEN"
    whole = json.dumps(said, ensure_ascii=False)
    assert "#danger $x$" in whole and "kept back" not in whole
    assert next(a for a in said["annex"] if a["id"] == "P7")["rows"][0][3:5] == ["sipri_tiv_pairs", "line 1"]


ALERT = {
    "query": "Алфа =1 <b>", "party": "p1", "band": "match", "probability": 0.91, "name": "ALFA OOO",
    "name_matched": "Alfa", "matched_by": "name", "effect": "blocked", "countries": ["RUS"], "born": [],
    "identifiers": ["inn:7702070139"],
    "aliases": ["A#1", "$x$"], "joined": [], "source": "ofac_sdn", "locator": "line 7", "snapshot": "ab" * 32,
    "listings": [{"list": "OFAC SDN", "programme": "RUSSIA-EO14024", "listed_on": "", "listed_by": "2023-03-15",
                  "effect": "blocked", "edition": "2025-11-30"}],
    "features": {"intercept": -9.0, "shared": 3.5}, "flags": [{"says": "two share an address"}],
    "link": "https://example.org/7",
}  # fmt: skip


@pytest.fixture
def alert(tmp_path: Path) -> Letter:
    lines = [json.dumps({**ALERT, "query": "other"}), json.dumps(ALERT, ensure_ascii=False)]
    (tmp_path / "alerts.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return letter_of(tmp_path / "alerts.jsonl", 2, Marking.parse("AMBER REL EST"))


def text_of(data: bytes) -> str:
    """The text of a docx, cell by cell."""
    import docx as word

    made = word.Document(io.BytesIO(data))
    cells = [c.text for t in made.tables for r in t.rows for c in r.cells]
    return "\n".join([made.sections[0].header.paragraphs[0].text, *(p.text for p in made.paragraphs), *cells])


def test_an_alert_says_what_its_band_is_of(tmp_path: Path) -> None:
    # the band is of the chance that the name is listed at all, which several entries share
    told = {**ALERT, "band": "match", "listed": 0.93, "probability": 0.82}
    (tmp_path / "alerts.jsonl").write_text(json.dumps(told) + "\n", "utf-8")
    said = letter_of(tmp_path / "alerts.jsonl", 1, Marking()).paragraphs[0]
    assert (
        "It is a match, with probability 0.82 (0.93 that the name is listed at all), of ALFA OOO (p1)" in said
    )


def test_an_alert_is_a_letter(alert: Letter, tmp_path: Path) -> None:
    assert (
        "Алфа =1 <b> was screened. It is a match, with probability 0.91, of ALFA OOO (p1)"
        in alert.paragraphs[0]
    )
    for ending in ("pdf", "docx"):
        for name in ("a", "b"):
            write_letter(alert, tmp_path / f"{name}.{ending}")
        assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()
    said = text_of((tmp_path / "a.docx").read_bytes())
    for part in (
        "TLP:AMBER REL EST",
        "RUSSIA-EO14024",
        "by 2023-03-15",
        "A#1, $x$",
        "Two share an address.",
        "Russia",
    ):
        assert part in said
    with pytest.raises(UsageError, match=r"\.pdf or \.docx"):
        write_letter(alert, tmp_path / "a.odt")


def test_a_docx_bears_no_date_of_its_making(alert: Letter) -> None:
    with zipfile.ZipFile(io.BytesIO(docx(alert))) as parts:
        assert {p.date_time for p in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert parts.namelist()[0] == "[Content_Types].xml"
        about = parts.read("docProps/core.xml").decode()
    assert about.count("2025-11-30T00:00:00Z") >= 2 and str(dt.date.today()) not in about


def test_a_control_character_does_not_break_a_docx(alert: Letter) -> None:
    assert "a b" in text_of(docx(replace(alert, paragraphs=("a\x0bb",))))


def test_markup_in_a_name_is_text(alert: Letter) -> None:
    hostile = replace(alert, subject="#panic() $ \\ [ ] // <x>", paragraphs=('#import "x"',))
    from dataclasses import asdict

    assert pdf("letter.typ", {**asdict(hostile), "day": "2025-11-30"}, hostile.day).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("a.jsonl", "{}\n", UsageError), ("a.jsonl", "", UsageError), ("a.json", "[1]", DataError),
        ("a.json", "{", DataError), ("a.csv", "a\n", UsageError), ("none.json", None, DataError),
    ],
)  # fmt: skip
def test_a_file_that_is_no_case_is_refused(tmp_path: Path, name: str, text: str | None, error: type) -> None:
    if text is not None:
        (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(error):
        letter_of(tmp_path / name)


def test_the_verb_writes_a_letter(alert: Letter, tmp_path: Path) -> None:
    asked = ["letter", str(tmp_path / "alerts.jsonl"), "--row", "2", "--out", str(tmp_path / "l.docx")]
    assert CliRunner().invoke(app, asked).exit_code == 0
    assert "ALFA OOO" in text_of((tmp_path / "l.docx").read_bytes())
