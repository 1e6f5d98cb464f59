# SPDX-License-Identifier: Apache-2.0
"""What is proposed of a page, what a person signs, and where it then stands."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest
from made_up_pages import BODY, HTML, TEXT

from bilat.cli import main
from bilat.document import Frame
from bilat.dyad import PAPER_PAIR
from bilat.errors import DataError, UnknownName, UsageError
from bilat.handling import Marking
from bilat.intake.page import read_page
from bilat.intake.proposal import propose
from bilat.intake.questions import ReadQuestion
from bilat.intake.relevance import ClaimModel, labelled
from bilat.measures import default_holdings
from bilat.sharing.release import release_judgements
from bilat.sharing.team import Team
from bilat.verdicts import judge
from bilat.verdicts.document import of_claim
from bilat.verdicts.evidence import documents
from bilat.verdicts.ledger import ledger
from bilat.verdicts.questions import ClaimsQuestion
from bilat.verdicts.signed_pages import with_signed_pages
from bilat.when import AsOf

DAY = AsOf(dt.date(2026, 11, 30))
SIGNED = {"claim": "P2", "side": "for", "who": "Anna Example", "why": "a figure of the department"}


def page_file(folder: Path, content: str = HTML) -> Path:
    path = folder / "page.html"
    path.write_text(content, "utf-8")
    return path


def ask(folder: Path, content: str = HTML, **given: str):
    question = ReadQuestion(page_file(folder, content), folder=folder / "team", **given)
    return question.answer(Frame(PAPER_PAIR, DAY, default_holdings()))


def test_a_page_is_ranked_and_leaves_the_side_to_a_person(tmp_path) -> None:
    found = ask(tmp_path).data
    assert found["claims"][0]["claim"] == "P2"
    assert found["claims"][0]["place"].startswith("paragraph")
    assert found["side"] is None
    assert found["published"] == "2024-07-21" and found["originator"] == "Example News"
    assert not (tmp_path / "team").exists()


def test_nothing_later_than_the_date_asked_teaches_the_model() -> None:
    early = documents(AsOf("2023-03-20"), default_holdings())
    assert all(row["public_to"] <= dt.date(2023, 3, 20) for row in early.values())
    model = ClaimModel(ledger(), labelled(early, ledger()))
    assert model.ranked("lethal aid and dual-use goods from China for Russia")[0] == "I4"


def test_a_stored_page_is_known_by_its_address_and_by_its_figures(tmp_path) -> None:
    rows = documents(DAY, default_holdings())
    row = rows["DC147"]
    text = "\n\n".join([row["url"], "A title of its own", row["what"], *BODY])
    path = tmp_path / "copy.txt"
    path.write_text(text, "utf-8")
    found = propose(read_page(path), DAY, default_holdings())
    assert found.stored[0].same_page
    assert "DC147" in [piece.document for piece in found.stored if piece.same_page]
    with_figures = next(r for r in rows.values() if r["figure"] and len(r["what"].split()) > 25)
    path.write_text("\n\n".join(["Another title", *BODY, with_figures["what"]]), "utf-8")
    named = [p.document for p in propose(read_page(path), DAY, default_holdings()).stored]
    assert with_figures["document"] in named


def test_a_signed_page_stands_next_to_the_answer_under_its_name(tmp_path) -> None:
    row = ask(tmp_path, **SIGNED).data
    assert row["who"] == "Anna Example" and row["published"] == "2024-07-21"
    judged = release_judgements(Team(tmp_path / "team"), judge(as_of=DAY.date, only="P2")).judged
    (signature,) = judged[0].signatures
    assert signature.entry.hash == row["hash"]
    document = of_claim(judged[0], ClaimsQuestion(only="P2"))
    said = [b.text for b in document.blocks if getattr(b, "role", "") == "conflict"]
    assert any("Signed by Anna Example" in text and "for" in text for text in said)
    assert document.data["signed_pages"][0]["answer_if_counted"] in ("yes", "in part", "no")


def test_a_page_that_names_nobody_is_signed_without_an_originator(tmp_path) -> None:
    page = (
        '<html><head><title>Chips for Russia</title><meta property="article:published_time" '
        'content="2026-11-02"></head><body><p>China sent microchips worth $123 million to Russia '
        "in the first half of the year, and two thirds of them went through Hong Kong.</p>"
        "</body></html>"
    )
    signed = ask(tmp_path, page, **SIGNED)
    assert signed.title.endswith("originator not known, published 2026-11-02")


def test_a_signed_page_is_hidden_before_its_day_and_above_a_marking(tmp_path) -> None:
    ask(tmp_path, **SIGNED)
    team = Team(tmp_path / "team")
    earlier = release_judgements(team, judge(as_of="2024-07-20", only="P2")).judged
    assert earlier[0].signatures == ()
    cut = release_judgements(team, judge(as_of=DAY.date, only="P2"), Marking.parse("TLP:GREEN"))
    assert cut.judged[0].signatures == () and "1 signed pages" in cut.left_out


@pytest.mark.parametrize(
    ("side", "answer"), [("for", "yes"), ("against", "no"), ("neither", "not known")]
)
def test_the_side_decides_what_the_answer_would_be(tmp_path, side, answer) -> None:
    whole = next(c.id for c in ledger() if len(c.parts("since")) == 1)
    ask(tmp_path, **{**SIGNED, "claim": whole, "side": side})
    (judged,) = judge(as_of=DAY.date, only=whole)
    bare = replace(judged, since=replace(judged.since, evidence=()))
    (signed,) = with_signed_pages([bare], Team(tmp_path / "team").pages())
    assert signed.signatures[0].answer == answer


def test_a_page_read_before_is_refused_and_nothing_is_stored(tmp_path) -> None:
    ask(tmp_path, **SIGNED)
    before = (tmp_path / "team" / "pages.jsonl").read_bytes()
    for given in ({}, {**SIGNED, "claim": "I3"}):
        with pytest.raises(DataError, match="was read before: P2, for, signed by Anna Example"):
            ask(tmp_path, **given)
    assert (tmp_path / "team" / "pages.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    ("content", "given", "error", "said"),
    [
        (HTML, {**SIGNED, "claim": "Z9"}, UnknownName, "no claim 'Z9'"),
        (HTML, {**SIGNED, "side": "maybe"}, UsageError, "must be one of"),
        (HTML, {**SIGNED, "why": " "}, UsageError, "missing: why"),
        (HTML, {"side": "for"}, UsageError, "missing: claim, who, why"),
        (HTML, {**SIGNED, "says": "x" * 301}, UsageError, "at most 300"),
        (HTML, {**SIGNED, "published": "2099-01-01"}, UsageError, "in the future"),
        (TEXT.replace("July 21, 2024", "This summer"), SIGNED, UsageError, "no day of publication"),
        (
            HTML.replace("news.example.org", "news-pravda.com"),
            SIGNED,
            DataError,
            "nothing is taken",
        ),
        ("Das ist eine Seite auf Deutsch, " * 20, {}, DataError, "not in English"),
        ("The cat was on the mat and it was not there. " * 20, {}, DataError, "names no state"),
    ],
)
def test_what_cannot_be_read_or_signed_stores_nothing(
    tmp_path, content, given, error, said
) -> None:
    with pytest.raises(error, match=said) as caught:
        ask(tmp_path, content, **given)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "team").exists()


def test_the_command_reads_a_file_and_standard_input(tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.setenv("BILAT_TEAM", str(tmp_path / "team"))
    with pytest.raises(SystemExit) as ended:
        main(["read", str(page_file(tmp_path)), "--json"])
    assert not ended.value.code
    assert json.loads(capsys.readouterr().out)["data"]["claims"][0]["claim"] == "P2"
