# SPDX-License-Identifier: Apache-2.0
"""The stored search of a claim: what was read, what was left out and why, and what that decides."""

import datetime as dt
from dataclasses import replace

import pytest

from bilat.document.wording import few
from bilat.measures import default_holdings
from bilat.verdicts import judge
from bilat.verdicts.document import of_claim, of_claims
from bilat.verdicts.evidence import documents
from bilat.verdicts.judgement import Judgement
from bilat.verdicts.ledger import ledger
from bilat.verdicts.questions import ClaimsQuestion
from bilat.verdicts.search import NOT_CITED, REASONS, TOO_WEAK, plain_note, stored_search
from bilat.when import AsOf

DAY = AsOf(dt.date(2026, 12, 1))


@pytest.fixture(scope="module")
def gas() -> Judgement:
    (found,) = judge(as_of=DAY.date, only="I2")
    return found


def test_all_that_was_read_for_a_claim_is_cited_or_left_out_with_a_reason(gas: Judgement) -> None:
    search = gas.search
    assert search is not None
    rows = documents(DAY, default_holdings())
    labelled = {n for n, r in rows.items() if "I2" in (r["claims"] or "").split(";")}
    named = {piece.document for piece in search.left_out}
    assert labelled <= set(search.cited) | named
    assert not named & set(search.cited)
    assert all(piece.reason for piece in search.left_out)
    for piece in search.left_out:
        if piece.document in rows:
            weak = rows[piece.document]["grade"][0] not in "ABC"
            assert piece.reason == (TOO_WEAK if weak else NOT_CITED)


def test_a_document_of_a_refused_site_is_named_with_the_reason() -> None:
    (judged,) = judge(as_of=DAY.date, only="P9")
    assert judged.search is not None
    reasons = {piece.document: piece.reason for piece in judged.search.left_out}
    assert reasons["DC004"] == "found only on teakdoor.com"


def test_nothing_later_than_the_date_asked_is_in_a_search() -> None:
    for day in ("2023-03-20", "2024-06-01"):
        (judged,) = judge(as_of=day, only="I2")
        assert judged.search is not None
        rows = documents(DAY, default_holdings())
        names = [*judged.search.cited, *(p.document for p in judged.search.left_out)]
        assert all(rows[n]["known_on"] <= dt.date.fromisoformat(day) for n in names)


def test_what_is_left_out_turns_the_answer_only_by_its_own_weight(gas: Judgement) -> None:
    claim = next(c for c in ledger() if c.id == "I2")
    bare = claim.model_copy(update={"documents": [], "tests": claim.tests})
    search = stored_search(bare, "since", gas.since, DAY, default_holdings())
    cited = {d.id for d in claim.documents}
    assert cited & {piece.document for piece in search.left_out}
    assert search.answer_if_counted is None  # what supports a yes leaves it as it is


def test_other_pairs_have_no_search_of_documents() -> None:
    assert all(j.search is None for j in judge(("IND", "RUS"), as_of=DAY.date))


def test_the_search_is_on_the_claims_page_and_in_its_json(gas: Judgement) -> None:
    page = of_claim(gas, ClaimsQuestion(only="I2"))
    titles = [getattr(b, "title", "") for b in page.blocks]
    assert "How we searched" in titles
    assert page.data["search"]["sentence"].endswith("the answer would not change.")
    assert page.data["search"]["looked_for"][0] == gas.needs


def test_the_list_of_claims_says_how_many_answers_would_change(gas: Judgement) -> None:
    from bilat.document import Frame
    from bilat.dyad import PAPER_PAIR

    frame = Frame(PAPER_PAIR, DAY, default_holdings())
    said = of_claims([gas], ClaimsQuestion(), frame).blocks[-1]
    assert said.text.startswith("For 1 claim ") and "0 of the answers" in said.text


def test_a_search_says_when_and_what_its_reader_saw(gas: Judgement) -> None:
    search = gas.search
    assert search is not None and search.read_from is not None and search.read_to is not None
    # A page counts from its publication; we may have read it after the day that is asked.
    assert search.read_from <= search.read_to <= dt.date.today()
    assert "2026" in search.sentence.partition("cited")[0]
    rows = documents(DAY, default_holdings())
    noted = [piece for piece in search.left_out if piece.note]
    assert noted
    for piece in noted:
        assert (
            "known_on" not in piece.note
        )  # a column's name, which a reader of the page has not met
        begins = rows[piece.document]["why"][:12].lower()
        assert begins in piece.note.lower() or piece.note.startswith("We inferred the date")
        assert piece.page == rows[piece.document]["url"]


@pytest.mark.parametrize(
    ("note", "printed"),
    [
        (
            "a second source; known_on inferred: 2024-07",
            "A second source. We inferred the date of publication: July 2024.",
        ),
        (
            "diplomacy only; page date inferred June 2025",
            "Diplomacy only. We inferred the date of publication: June 2025.",
        ),
        (
            "Plan of tanks; known_on inferred; level or time only, China's part not named",
            "Plan of tanks; it gives only a level or a time, and does not name China's part. We "
            "inferred the date of publication.",
        ),
        ("known_on inferred", "We inferred the date of publication."),
        ("inferred from a leaked inventory", "inferred from a leaked inventory"),
    ],
)
def test_a_readers_note_says_in_one_way_that_a_date_is_inferred(note: str, printed: str) -> None:
    assert plain_note(note) == printed


@pytest.fixture(scope="module")
def searches() -> list[dict[str, str]]:
    holdings = default_holdings()
    holdings.need(["claim_searches"])
    cursor = holdings.connect(DAY).connection.cursor()
    return cursor.sql("SELECT * FROM claim_searches").to_arrow_table().to_pylist()


def test_each_claim_has_a_search_whose_words_are_stored(searches: list[dict[str, str]]) -> None:
    searched = {claim for row in searches for claim in row["claims"].split(";")}
    assert searched == {c.id for c in ledger()}
    assert all(row["query"] and row["reason"] in {None, *REASONS} for row in searches)


def test_each_document_that_a_search_names_is_stored(searches: list[dict[str, str]]) -> None:
    rows = documents(DAY, default_holdings())
    named = {d for row in searches for d in (row["documents"] or "").split(";") if d}
    assert named and named <= set(rows)
    for row in searches:
        assert row["claim"] is None or row["claim"] in row["claims"].split(";")


def test_what_was_done_with_a_page_is_said_with_its_document_or_a_reason(gas: Judgement) -> None:
    assert gas.search is not None
    for query in gas.search.queries:
        assert query.words and len(query.pages) <= query.results
        assert all(bool(found.documents) != bool(found.reason) for found in query.pages)


def test_a_search_shows_no_page_that_was_not_public_on_the_date_asked() -> None:
    day = dt.date(2023, 3, 20)
    for only in ("I3", "P5", "F10"):
        (judged,) = judge(as_of=day, only=only)
        assert judged.search is not None
        pages = [found for query in judged.search.queries for found in query.pages]
        assert pages and all(found.public and found.public <= day for found in pages)


def test_a_page_that_was_not_taken_in_turns_the_answer_only_on_its_side() -> None:
    wedge = next(c for c in ledger() if c.id == "W6")
    (judged,) = judge(as_of=DAY.date, only="W6")
    search = stored_search(wedge, "since", judged.since, DAY, default_holdings())
    assert search.pages_with_a_side >= 2
    assert f"{few(search.pages_with_a_side)} dated pages that we left out" in search.sentence
    refuted = replace(judged.since, answer="no", evidence=())
    turned = stored_search(wedge, "since", refuted, DAY, default_holdings()).answer_if_counted
    assert turned in ("yes", "in part")


def test_the_queries_are_on_the_claims_page_and_in_its_json(gas: Judgement) -> None:
    page = of_claim(gas, ClaimsQuestion(only="I2"))
    searched = next(b for b in page.blocks if getattr(b, "title", "") == "How we searched")
    said = [getattr(b, "text", "") for b in searched.blocks]
    assert any(text.startswith("We searched again on 1 December 2026") for text in said)
    words = [query["words"] for query in page.data["search"]["queries"]]
    assert words and all("Russia" in text for text in words)


def test_what_is_stored_of_the_year_is_cited_or_named_with_the_reason() -> None:
    (judged,) = judge(as_of=DAY.date, only="P12")
    assert judged.search is not None
    rows = documents(DAY, default_holdings())
    bears = {
        name
        for name, row in rows.items()
        if "P12" in (row["claims"] or "").split(";") and row["period"].startswith("2026")
    }
    named = {piece.document for piece in judged.search.not_weighed(2026)}
    assert bears and bears <= named | set(judged.search.cited)
    page = of_claim(judged, ClaimsQuestion(only="P12"))
    (section,) = [
        b for b in page.blocks if getattr(b, "title", "") == "Other documents on 2026 in our data"
    ]
    assert len(section.blocks[0].rows) == len(named)
    assert all(row[2] for row in section.blocks[0].rows)
