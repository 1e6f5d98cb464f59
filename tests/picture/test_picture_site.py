# SPDX-License-Identifier: Apache-2.0
"""The site and the lead: one lead on every surface, pages that lead to their rows, nothing stale or withheld."""

import gzip
import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from conftest import CLAIMS, NOW, PAIR, judge_some
from made_up_team import MOMENT, team

from bilat.document import Frame
from bilat.document.text import text
from bilat.handling import Marking
from bilat.holdings import Holdings
from bilat.picture import Picture, brief, kept
from bilat.picture.lead import headline, leads, topics
from bilat.verdicts import ANSWERS
from bilat.verdicts.ledger import ledger
from bilat.when import AsOf

#: Words of the method that no reader should meet on the first page.
METHOD = re.compile(
    r"\b(threshold|leading test|defensible|edition|the test turns|changed in kind|verdict)\b|\{[AB]\}"
)


def words_of(page: Path) -> str:
    return " ".join(
        unescape(re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", page.read_text("utf-8"), flags=re.S)).split()
    )


def test_site_terminal_and_json_print_one_lead(picture: Picture, site: Path) -> None:
    d = picture.document
    page, plain = words_of(site / "index.html"), " ".join(text(d).split())
    twin = json.loads((site / "index.json").read_text("utf-8"))
    assert picture.leads and [x["claim"] for x in twin["data"]["lead"]] == [
        x.judgement.id for x in picture.leads
    ]
    for said in (d.title, *d.summary, *(x.heading for x in picture.leads)):
        assert said in page and said in plain
    for lead in picture.leads:
        assert lead.finding.sentence in page and lead.finding.sentence in plain


def test_the_first_page_is_short_plain_and_speaks_of_the_world(picture: Picture) -> None:
    said = text(picture.document)
    assert len(said.split()) <= 900 and all(len(line) <= 80 for line in said.splitlines())
    assert not METHOD.search(said), METHOD.search(said)
    for lead in picture.leads:
        assert len(lead.finding.sentence.split()) <= 40


def test_each_heading_is_the_meaning_of_its_claims_answer(picture: Picture) -> None:
    by = {j.id: j for j in picture.judged}
    for lead in picture.leads:
        answer = by[lead.judgement.id].current.answer
        assert lead.heading == lead.topic.heading[answer] and lead.finding.answer == answer


def test_every_topic_names_claims_of_the_ledger_and_has_a_heading_for_each_answer() -> None:
    known = {c.id for c in ledger()}
    for topic in topics():
        assert set(topic.claims) <= known
        assert set(topic.heading) == set(ANSWERS) - {"not known"}
        assert all(h and len(h.split()) <= 14 and not h.endswith(".") for h in topic.heading.values())


@pytest.mark.parametrize("as_of", ["2021-12-31", "2023-03-20"])
def test_the_lead_of_an_earlier_day_rests_on_nothing_later(as_of: str, held: Holdings) -> None:
    day = AsOf(as_of)
    found = leads(judge_some(PAIR, day, held), PAIR, day, held)
    assert found and headline(found, PAIR)
    for lead in found:
        assert lead.finding.data_to is None or lead.finding.data_to <= day.date
        assert not lead.moved
        for p in lead.series.points if lead.series else ():
            assert p.period[:4] <= as_of[:4]


def test_other_states_are_led_by_their_profile(held: Holdings, tmp_path: Path) -> None:
    made = brief(("RUS", "PRK"), NOW, tmp_path / "p", held, judge=lambda *_: [])
    page = words_of(tmp_path / "p" / "index.html")
    assert made.leads == [] and made.document.kind == "profile"
    assert all(s in page for s in made.document.summary) and "treaty" in page.lower()


def test_every_link_leads_to_a_file_and_every_page_has_its_twin(site: Path) -> None:
    for page in sorted(site.rglob("*.html")):
        html = page.read_text("utf-8")
        for link in re.findall(r'(?:href|src)="([^"#]+)', html):
            if not re.match(r"https?:|data:", link):
                assert (page.parent / link).is_file(), f"{page.name}: {link}"
        twin = json.loads(page.with_suffix(".json").read_text("utf-8"))
        assert twin["schema"] == "bilat/document/1" and twin["as_of"] in (str(NOW), None)


def test_a_claims_page_leads_to_the_rows_behind_it(picture: Picture, site: Path) -> None:
    html = (site / "claims/I6.html").read_text("utf-8")
    (csv,) = set(re.findall(r'href="\.\./(rows/transfers[^"]+)"', html))
    data = (site / csv).read_bytes()
    head = (gzip.decompress(data) if csv.endswith(".gz") else data).decode().splitlines()
    j = next(j for j in picture.judged if j.id == "I6")
    assert j.evidence is not None and len(head) == j.evidence.evidence.num_rows + 1
    assert {"source", "snapshot", "locator", "known_on"} <= set(re.findall(r'"?(\w+)"?', head[0]))


def test_no_page_shows_a_code_of_the_ledgers_fields(site: Path) -> None:
    for page in site.rglob("*.html"):
        found = re.search(r"\{[ABab]\}|None\b.{0,3}<|\bnan\b", words_of(page))
        assert not found, f"{page.name}: {found[0] if found else ''}"


def test_all_claims_of_the_picture_have_a_page(site: Path) -> None:
    assert {p.stem for p in (site / "claims").glob("*.html")} == set(CLAIMS)


def test_what_is_marked_above_the_picture_is_in_no_file(held: Holdings, tmp_path: Path) -> None:
    t = team(tmp_path / "team")
    for claim, why, mark in (("I6", "our own count", "GREEN"), ("I7", "kept back", "RED")):
        t.dissent_log.add(claim, "in part", why, "Ann", as_of="2025-01-01", marking=mark, when=MOMENT)
    brief(
        PAIR,
        NOW,
        tmp_path / "p",
        held,
        judge=lambda *a: judge_some(*a)[1:3],
        team=t,
        marking=Marking("GREEN"),
    )
    texts = [p.read_text("utf-8") for p in (tmp_path / "p").rglob("*") if p.suffix in (".html", ".json")]
    assert any("our own count" in x for x in texts) and not any("kept back" in x for x in texts)
    assert all("TLP:GREEN" in p.read_text("utf-8") for p in (tmp_path / "p").rglob("*.html"))


# -- kept pages


def made(calls: list[int]) -> Any:
    def make(question: object) -> kept.KeptPage:
        calls.append(1)
        return kept.KeptPage(f"page {len(calls)}", "", "", {}, script=False)

    return make


def test_a_page_is_kept_until_its_rows_its_code_or_its_question_change(
    held: Holdings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bilat.contingency.questions import ExposureQuestion

    monkeypatch.setenv("BILAT_CACHE", str(tmp_path))
    calls: list[int] = []
    frame, question = Frame(PAIR, NOW, held), ExposureQuestion()
    assert kept.page(question, frame, made(calls)) == kept.page(question, frame, made(calls))
    assert len(calls) == 1
    kept.page(ExposureQuestion("USA"), frame, made(calls))
    kept.page(question, replace(frame, as_of=AsOf("2023-03-20")), made(calls))
    assert len(calls) == 3
    monkeypatch.setattr("bilat.files.kept.code_digest", lambda: "another version")
    assert kept.page(question, frame, made(calls)).title == "page 4"


def test_a_damaged_kept_page_is_made_again(
    held: Holdings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bilat.contingency.questions import ExposureQuestion

    monkeypatch.setenv("BILAT_CACHE", str(tmp_path))
    calls: list[int] = []
    frame, question = Frame(PAIR, NOW, held), ExposureQuestion()
    kept.page(question, frame, made(calls))
    (place,) = tmp_path.rglob(f"{kept.key(question, frame)}.json")
    place.write_text("{", "utf-8")
    assert kept.page(question, frame, made(calls)).title == "page 2"
