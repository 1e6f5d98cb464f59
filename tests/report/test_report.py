# SPDX-License-Identifier: Apache-2.0
"""The report is four pages and an annex, the same bytes from the same holdings; a case is a letter in two forms."""

import datetime as dt
import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from made_up_team import AS_OF, MOMENT, PAIR, team
from typer.testing import CliRunner

from bilat.cli import application
from bilat.document import Column, Document, Facts, Say, Section, Table
from bilat.document.plain import SCHEMA
from bilat.document.typography import typeset
from bilat.dyad import Dyad
from bilat.errors import DataError, UsageError
from bilat.handling import Marking
from bilat.holdings import Holdings, embedded_folder
from bilat.picture import Picture, brief
from bilat.picture.lead import MOST_TOPICS
from bilat.report.letter import LetterHead, legal_bases, letter_of
from bilat.report.paper import paper_of
from bilat.report.press import pdf, printed_json, write_document
from bilat.report.word import docx
from bilat.verdicts import judge as judge_ledger
from bilat.verdicts.judgement import Judgement
from bilat.when import AsOf


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Picture:
    t = team(tmp_path_factory.mktemp("team"))
    t.dissent_log.add(
        "I6",
        "in part",
        "two series <only> #danger $x$",
        "Ann",
        as_of="2025-01-01",
        marking="GREEN",
        when=MOMENT,
    )
    t.dissent_log.add(
        "I7", "in part", "kept back", "Ben", as_of="2025-01-01", marking="RED", when=MOMENT
    )
    held = Holdings(embedded_folder())

    def some(dyad: Dyad, as_of: AsOf, holdings: Holdings) -> list[Judgement]:
        return [j for c in ("I6", "I7", "F6") for j in judge_ledger(dyad, as_of, holdings, c)]

    return brief(PAIR, AS_OF, None, held, judge=some, team=t, marking=Marking("GREEN"))


def pages(path: Path) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", path.read_bytes()))


def test_the_report_is_a_few_pages_and_the_claims_an_annex(
    picture: Picture, tmp_path: Path
) -> None:
    write_document(picture.document, tmp_path / "a.pdf")
    write_document(picture.document, tmp_path / "b.pdf", annex=True)
    assert 1 <= pages(tmp_path / "a.pdf") <= 4
    assert (tmp_path / "b.pdf").stat().st_size > (tmp_path / "a.pdf").stat().st_size


def test_the_same_picture_has_the_same_bytes(picture: Picture, tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        write_document(picture.document, tmp_path / name, annex=True)
    made = (tmp_path / "a.pdf").read_bytes()
    assert made == (tmp_path / "b.pdf").read_bytes() and made.startswith(b"%PDF")
    assert b"D:20250630" in made  # the as-of date, and no other


def test_the_report_says_the_lead_and_nothing_withheld(picture: Picture) -> None:
    said = json.dumps(paper_of(picture.document, annex=True), ensure_ascii=False)
    assert typeset(picture.headline) in said
    assert all(typeset(x.heading) in said for x in picture.leads)
    assert "#danger $x$" in said and "kept back" not in said and "TLP:GREEN" in said
    blocks = paper_of(picture.document)["blocks"]
    # As on the site: the topics in a grid, each with its chart, behind what is new of the two.
    (first,) = [b for b in blocks if b["kind"] == "topics"]
    leads = picture.leads[:MOST_TOPICS]
    assert [t["title"] for t in first["items"]] == [typeset(x.heading) for x in leads]
    if new := picture.document.data["new"]:
        before = json.dumps(blocks[: blocks.index(first)], ensure_ascii=False)
        assert all(typeset(n.line) in before for n in new)
    assert any(t["svg"].startswith("<svg") for t in first["items"])


ALERT = {
    "query": "Алфа =1 <b>",
    "party": "p1",
    "band": "match",
    "probability": 0.91,
    "agreement": "exact",
    "bearers": "nobody known",
    "bearers_says": "nobody else has it",
    "group": 1,
    "list": "OFAC SDN",
    "effects": [{"effect": "blocked", "list": "OFAC SDN"}],
    "name": "ALFA OOO",
    "name_matched": "Alfa",
    "matched_by": "name",
    "effect": "blocked",
    "countries": ["RUS"],
    "born": [],
    "identifiers": ["inn:7702070139"],
    "aliases": ["A#1", "$x$"],
    "joined": [],
    "source": "ofac_sdn",
    "locator": "line 7",
    "snapshot": "ab" * 32,
    "listings": [
        {
            "list": "OFAC SDN",
            "programme": "RUSSIA-EO14024",
            "listed_on": "",
            "listed_by": "2023-03-15",
            "effect": "blocked",
            "edition": "2025-11-30",
        }
    ],
    "flags": [{"says": "two share an address"}],
    "link": "https://example.org/7",
}


@pytest.fixture
def alert(tmp_path: Path) -> Document:
    lines = [json.dumps({**ALERT, "query": "other"}), json.dumps(ALERT, ensure_ascii=False)]
    (tmp_path / "alerts.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return letter_of(tmp_path / "alerts.jsonl", 2, Marking.parse("AMBER REL EST"))


def text_of(data: bytes) -> str:
    """The text of a docx, cell by cell."""
    import docx as word

    made = word.Document(io.BytesIO(data))
    cells = [c.text for t in made.tables for r in t.rows for c in r.cells]
    return "\n".join(
        [made.sections[0].header.paragraphs[0].text, *(p.text for p in made.paragraphs), *cells]
    )


def first(letter: Document) -> str:
    """What a letter says first."""
    return next(b.text for b in letter.blocks if isinstance(b, Say))


def test_an_alert_says_what_its_band_is_of(tmp_path: Path) -> None:
    # the band is of the chance that the name is listed at all, which several entries share
    alert = {**ALERT, "band": "match", "listed": 0.93, "probability": 0.82}
    (tmp_path / "alerts.jsonl").write_text(json.dumps(alert) + "\n", "utf-8")
    facts = {
        k: v for b in _inner(letter_of(tmp_path / "alerts.jsonl", 1, Marking())) for k, v in b.facts
    }
    sure = "82% that the name is this party’s; 93% that the name is listed at all"
    assert facts["Probability"] == sure


def test_a_small_probability_is_not_nothing(tmp_path: Path) -> None:
    alert = {**ALERT, "listed": 0.996, "probability": 0.004}
    (tmp_path / "alerts.jsonl").write_text(json.dumps(alert) + "\n", "utf-8")
    facts = {k: v for b in _inner(letter_of(tmp_path / "alerts.jsonl")) for k, v in b.facts}
    assert facts["Probability"].startswith("under 1% that the name is this party’s; over 99%")


def _inner(letter: Document) -> list[Facts]:
    return [
        f for b in letter.blocks if isinstance(b, Section) for f in b.blocks if isinstance(f, Facts)
    ]


_FLOWS = Table((Column("trade flow"), Column("actual", number=True)), (("Direct", "no data"),))


def test_an_alert_is_a_letter(alert: Document, tmp_path: Path) -> None:
    says = (
        "We checked the name Алфа =1 <b> against sanctions and export control lists. The party is "
        "on the lists of the United States. The name is exactly that of ALFA OOO (assets frozen: OFAC SDN)"
    )
    assert says in first(alert)
    for ending in ("pdf", "docx"):
        for name in ("a", "b"):
            write_document(alert, tmp_path / f"{name}.{ending}")
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
        write_document(alert, tmp_path / "a.odt")


def test_a_date_does_not_run_into_the_next_column_of_a_letter() -> None:
    columns = (Column("listed on"), Column("effect"), Column("version"))
    row = ("by 2025-11-30", "barred from ports and maritime services", "2026-08-22")
    (listings,) = paper_of(Document("", "", (), (Table(columns, (row,)),)))["blocks"]
    assert listings["widths"] == [0, 39, 0]  # a date has the room that it needs
    (flows,) = paper_of(Document("", "", (), (_FLOWS,)))["blocks"]
    assert all(flows["widths"])  # no column is long: all share the width


def test_a_docx_bears_no_date_of_its_making(alert: Document) -> None:
    with zipfile.ZipFile(io.BytesIO(docx(alert))) as parts:
        assert {p.date_time for p in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert parts.namelist()[0] == "[Content_Types].xml"
        about = parts.read("docProps/core.xml").decode()
    assert about.count("2025-11-30T00:00:00Z") >= 2 and str(dt.date.today()) not in about


def test_a_control_character_does_not_break_a_docx(alert: Document) -> None:
    assert "a b" in text_of(docx(replace(alert, summary=("a\x0bb",))))


def test_markup_in_a_name_is_text(alert: Document) -> None:
    hostile = replace(alert, title="#panic() $ \\ [ ] // <x>", summary=('#import "x"',))
    assert pdf(hostile).startswith(b"%PDF")


def test_a_letter_has_what_its_sender_says_of_the_consignment(
    alert: Document, tmp_path: Path
) -> None:
    head = LetterHead(
        sender="Border Office 3",
        addressee="Customs",
        date=dt.date(2026, 3, 1),
        reference="BO3/77",
        request="Please send the contract.",
        signatory="A. Officer",
    )
    path = tmp_path / "alerts.jsonl"
    made = letter_of(path, 2, said=[("Consignment", "CN-77")], head=head)
    text = text_of(docx(made))
    for part in ("Border Office 3", "Customs", "1 March 2026", "BO3/77", "CN-77"):
        assert part in text
    for part in (
        "Please send the contract.",
        "A. Officer",
        "Signature",
        "Executive Order 14024",
        "OFAC SDN of 30 November 2025",
    ):
        assert part in text
    assert "intercept" not in text and "log-odds" not in text
    assert "match" not in made.title and "very probably ALFA OOO" in made.title
    assert "Signed" not in text_of(docx(letter_of(path, 2)))


def test_a_letter_names_the_act_that_a_listing_rests_on() -> None:
    listings = [
        {"list": "EU 32014R0269", "programme": "EU-UKR I.ENTITIES"},
        {"list": "EU 32023R1529", "programme": ""},
        {"list": "OFAC SDN", "programme": "UKRAINE-EO13662"},
        {"list": "UK Sanctions List", "programme": "The Russia Regulations 2019"},
    ]
    assert legal_bases([*listings, listings[0]]) == [
        "Regulation (EU) No 269/2014",
        "Regulation (EU) 2023/1529",
        "Executive Order 13662 of the President of the United States (OFAC SDN)",
        "UK Sanctions List, The Russia Regulations 2019",
    ]


def test_the_first_page_is_a_docx_too(picture: Picture) -> None:
    text = text_of(docx(picture.document))
    assert (
        typeset(picture.headline) in text
        and all(typeset(x.heading) in text for x in picture.leads)
        and "TLP:GREEN" in text
    )


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("a.jsonl", "{}\n", UsageError),
        ("a.jsonl", "", UsageError),
        ("a.json", "[1]", DataError),
        ("a.json", "{", DataError),
        ("a.csv", "a\n", UsageError),
        ("a.json", json.dumps({"kind": "divert", "schema": SCHEMA}), DataError),
        ("a.json", json.dumps({"kind": "divert", "schema": SCHEMA, "data": []}), DataError),
        (
            "a.json",
            json.dumps({"kind": "divert", "schema": SCHEMA, "data": {"rows": [{}]}}),
            DataError,
        ),
        (
            "a.jsonl",
            json.dumps(dict.fromkeys(("query", "party", "listings", "agreement", "effects"))),
            DataError,
        ),
        ("none.json", None, DataError),
    ],
)
def test_a_file_that_is_no_case_is_refused(
    tmp_path: Path, name: str, text: str | None, error: type
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(error):
        letter_of(tmp_path / name)


def test_the_verb_writes_a_letter(alert: Document, tmp_path: Path) -> None:
    asked = [
        "write",
        "letter",
        str(tmp_path / "alerts.jsonl"),
        "--row",
        "2",
        "--out",
        str(tmp_path / "l.docx"),
        "--date",
        "2026-03-01",
        "--reference",
        "BO3/77",
    ]
    assert CliRunner().invoke(application(), asked).exit_code == 0
    text = text_of((tmp_path / "l.docx").read_bytes())
    assert "ALFA OOO" in text and "1 March 2026" in text and "BO3/77" in text


@pytest.mark.parametrize("name, is_told", [("大疆创新", True), ("Звезда", False), ("DJI", False)])
def test_a_pdf_says_where_a_name_is_spelled_in_latin_letters(name: str, is_told: bool) -> None:
    made = printed_json(Document("letter", name, (name,), (), as_of=AsOf("2026-11-30")))
    assert ("spelled in Latin letters" in made) is is_told


def test_a_docx_table_without_heads_has_no_bold_first_row(tmp_path: Path) -> None:
    facts = Facts((("Legal basis", "Regulation (EU) No 833/2014"), ("Role", "ship")))
    with zipfile.ZipFile(io.BytesIO(docx(Document("", "t", (), (facts, _FLOWS))))) as parts:
        looks = re.findall(r'w:firstRow="(\d)"', parts.read("word/document.xml").decode())
    assert looks == ["0", "1"]
