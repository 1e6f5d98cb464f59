# SPDX-License-Identifier: Apache-2.0
"""A search over everything stored: what has the words, in which order, as of which day."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from bilat.document import Frame, Next
from bilat.errors import UsageError
from bilat.lookup import stored
from bilat.lookup.hits import Hit, SearchWords, fold, matching, split_words
from bilat.lookup.search import KINDS, SHOWN, SearchQuestion, search
from bilat.when import AsOf, Period


@pytest.mark.parametrize(
    ("text", "state", "code", "who"),
    [
        ("Sberbank", "", "", "Sberbank"),
        ("kgz", "KGZ", "", ""),
        ("Ivan Ivanov Kyrgyzstan", "KGZ", "", "Ivan Ivanov"),
        ("Guinea-Bissau", "GNB", "", ""),  # the longest name, and not Guinea
        ("8542.31 Hong Kong", "HKG", "854231", ""),
        ("unit 29155", "", "", "unit 29155"),
        ("us el", "", "", "us el"),
    ],
)
def test_a_state_and_a_code_are_read_beside_a_name(
    text: str, state: str, code: str, who: str
) -> None:
    assert split_words(text) == SearchWords(state, code, who)


def test_hits_are_sorted_by_id_then_beginning_then_title() -> None:
    ids = ("other", "arms.text", "arms.title", "arms", "about")
    titles = {"arms.title": "Arms sold", "about": "Of arms"}
    hits = [Hit(id, titles.get(id, ""), "") for id in ids]
    found = matching(["arms"], [("arms", hit) for hit in hits])
    assert [hit.id for hit in found] == ["arms", "arms.title", "arms.text", "about", "other"]
    assert matching(["arms", "tanks"], [("arms", hits[0])]) == ()


def test_of_equal_hits_the_newest_comes_first() -> None:
    days = ("2024-05-01", "2026-01-01", "2025-12-31")
    entries = [("oil", Hit("", "Oil", day, day=day)) for day in days]
    assert [hit.day for hit in matching(["oil"], entries)] == sorted(days, reverse=True)


@pytest.mark.parametrize(
    ("word", "text", "is_found"),
    [
        ("drones", "a drone was lost", True),
        ("drone", "two drones were lost", True),
        ("Su35", "Su-35S", True),
        ("su-35", "SU-35S", True),
        ("siberia", "transsiberian", False),  # a word is found by its beginning
        ("gas", "GA is the assembly", False),
        ("ships", "shipping", False),
        ("Poutine", "M. Poutine", True),
        ("cafe", "Café", True),
        ("石油", "中国石油天然气", True),
    ],
)
def test_a_word_finds_what_begins_with_it_and_its_singular(
    word: str, text: str, is_found: bool
) -> None:
    assert bool(matching([word], [(text, Hit("", text, ""))])) is is_found


def test_the_same_letters_are_found_with_and_without_hyphens() -> None:
    assert "su35" in fold("Su-35S") and "su-35" in fold("Su-35S")


def test_every_dated_fact_is_found_by_each_of_its_words() -> None:
    """A fact is found by the words of its own sentence, whatever they are."""
    frame = Frame()
    entries = list(stored.facts(frame))
    assert len(entries) > 1_000
    for _, hit in entries[::97]:
        words = hit.title.split()[:6]
        assert hit in matching(words, entries), hit.title


def test_nothing_is_found_that_was_not_public_on_the_day_asked() -> None:
    day = dt.date(2023, 3, 20)
    found = search("Russia China", Frame(as_of=AsOf(day)))
    assert found.hits["facts"]
    for kind in ("facts", "events", "meetings", "arms", "estimates"):
        for hit in found.hits[kind]:
            assert hit.day[:4] <= "2023", (kind, hit)
    assert {hit.id for hit in search("Hormuz", Frame(as_of=AsOf(day))).hits["facts"]} == set()


def test_a_search_without_words_is_refused() -> None:
    with pytest.raises(UsageError, match="nothing to look for"):
        search("  ", Frame())


def test_a_withheld_claim_is_not_found() -> None:
    shown = {hit.id for hit in search("P7", Frame()).hits["claims"]}
    hidden = search("P7", Frame(withheld=frozenset({"P7"}))).hits["claims"]
    assert "P7" in shown
    assert "P7" not in {hit.id for hit in hidden}


def test_a_document_shows_the_first_hits_and_asks_for_the_others() -> None:
    document = SearchQuestion(words=("Hormuz",)).answer(Frame())
    facts = next(s for s in document.blocks if getattr(s, "title", "").startswith("Dated facts"))
    links = [b for b in facts.blocks if isinstance(b, Next)]  # type: ignore[union-attr]
    assert links[-1].ask == SearchQuestion(words=("Hormuz",), kind="facts")
    assert set(document.data) == set(KINDS)
    whole = SearchQuestion(words=("Hormuz",), kind="facts").answer(Frame())
    assert len(whole.data["facts"]) == len(document.data["facts"]) > SHOWN


def test_a_kind_without_hits_says_where_there_are_some() -> None:
    document = SearchQuestion(words=("Hormuz",), kind="meetings").answer(Frame())
    assert document.summary[0].startswith("Meetings of ministers: none has all")
    assert "Dated facts" in document.summary[0]
    nowhere = SearchQuestion(words=("zzzqq",)).answer(Frame())
    assert nowhere.summary[0].startswith("Nothing stored has any of these words.")
    assert "bilat screen" in nowhere.summary[0]


def test_words_are_dropped_from_the_end_until_something_has_the_rest() -> None:
    """A state's code that is a firm's name too answers no search of several words."""
    found = search("DJI Mavic 3", Frame())
    assert found.words == "DJI"
    assert any("DJI" in hit.title for hit in found.hits["parties"])
    shown = SearchQuestion(words=("DJI", "Mavic", "3")).answer(Frame())
    assert "Nothing stored has all of these words" in shown.summary[0]


def test_words_that_tell_nothing_are_left_out_before_those_that_do() -> None:
    found = search("arms deliveries before and after 2014", Frame())
    assert found.words.split()[:2] == ["arms", "deliveries"]
    assert "before" not in found.words
    assert found.total > len(found.hits["states"])
    assert not found.hits["states"], "Andorra's code is a word of the language"


def test_a_short_word_is_whole_and_an_exact_listed_name_comes_first() -> None:
    found = search("Eagle S", Frame())
    assert next(iter(found.hits)) == "parties"
    titles = [hit.title for kind in found.hits.values() for hit in kind]
    assert titles and not any("Eaglebine" in title or "Eagle Ford" in title for title in titles)
    text = found.hits["parties"][0].text
    assert text.startswith("exact name;") and "barred from ports" in text
    assert "since by" not in text and "since a date" not in text


def test_a_name_that_only_resembles_is_shown_where_nothing_else_has_the_words() -> None:
    """Wang Yi is the foreign minister: no listed person of a name like his is offered."""
    minister = search("Wang Yi", Frame())
    assert minister.hits["meetings"] and not minister.hits["parties"]
    assert search("Rosoboronexprt", Frame()).hits["parties"]


@pytest.mark.parametrize("kind", ["facts", "events", "meetings", "arms", "estimates"])
def test_every_stored_record_has_a_line_without_gaps(kind: str) -> None:
    entries = list(getattr(stored, kind)(Frame()))
    assert len(entries) > 100
    gap = re.compile(r"\bNone\b|; ;|\(\)|^[;,]|  |(?<![\d.,])1 (?:years|months|days)\b")
    for _, hit in entries:
        assert not gap.search(hit.text), hit
        assert Period(hit.day).end, hit


def test_a_published_number_has_its_unit() -> None:
    stocks = search("OilX China stocks", Frame()).hits["estimates"]
    assert any(hit.text.startswith("1,100 million barrels (2021-02)") for hit in stocks)
    lines = [hit.text for _, hit in stored.estimates(Frame())]
    assert any(line.startswith("$4.8bn") for line in lines)


def test_what_a_search_reaches_to_is_no_day_of_reading() -> None:
    """Published numbers count by the period of their figure, which says when it was true."""
    with_estimates = [hit for _, hit in stored.estimates(Frame()) if hit.day]
    assert any(len(hit.day) == len("2024") for hit in with_estimates)
    document = SearchQuestion(words=("OilX",), kind="estimates").answer(Frame())
    assert document.data["estimates"]
    last = max(hit["day"] for hit in document.data["estimates"])
    assert document.known_to == Period(last).end


@pytest.mark.parametrize(
    ("word", "text", "is_found"),
    [
        ("Öl", "Poland", False),  # an accent does not make a word begin anywhere
        ("Öl", "Öl aus Baku", True),
        ("élan", "Iceland", False),
        ("élan", "the Elan", True),
        ("半导体", "中国半导体", True),
    ],
)
def test_a_word_with_an_accent_is_found_where_a_word_begins(
    word: str, text: str, is_found: bool
) -> None:
    assert bool(matching([word], [(text, Hit("id", text, ""))])) == is_found
