# SPDX-License-Identifier: Apache-2.0
"""What changed in the last quarter leads the first page: answers, figures and events, each with its day."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bilat.document import Document, Frame, Section
from bilat.dyad import Dyad
from bilat.forecast.events import dated_events
from bilat.holdings import Holdings
from bilat.intake.states import states_in
from bilat.picture import Picture
from bilat.picture.front import new_since
from bilat.picture.movements import movement_as_of, movements
from bilat.picture.news import LONGEST, MOST_LINES, QUARTER, News, news, quarter_before
from bilat.regeneration.questions import RecoveryQuestion
from bilat.when import AsOf

PAIR = Dyad("RUS", "CHN")
NOW = AsOf("2026-11-30")


def test_what_changed_in_the_quarter_stands_before_every_topic(held: Holdings) -> None:
    made = Picture(PAIR, NOW, (), held)
    (first, *_) = [b for b in made.document.blocks if isinstance(b, Section)]
    assert first.title == new_since(NOW) == "New since 30 August 2026"
    told = made.document.data["new"]
    assert 1 <= len(told) <= MOST_LINES
    for line in told:
        assert isinstance(line, News)
        assert line.kind == "event"
        day = dt.date.fromisoformat(line.about)
        assert dt.timedelta(0) <= NOW.date - day <= dt.timedelta(QUARTER + 31)


def test_a_quarter_without_news_of_the_two_has_no_such_section(held: Holdings) -> None:
    made = Picture(Dyad("FJI", "TUV"), NOW, (), held)
    assert not made.document.data["new"]
    titles = [b.title for b in made.document.blocks if isinstance(b, Section)]
    assert new_since(NOW) not in titles


def test_a_figure_is_news_only_if_it_moved_since_the_quarter_began(held: Holdings) -> None:
    """Of the week after SIPRI's release the year is news; half a year later the same figure is none."""
    seen = {}
    for day in ("2026-04-15", "2026-11-30"):
        as_of = AsOf(day)
        arms = movements(PAIR, as_of, held)["arms"]
        assert arms.last.period == "2025"
        lines = news(PAIR, as_of, [arms], [], held)
        seen[day] = [line for line in lines if line.kind == "figure"]
    assert [line.about for line in seen["2026-04-15"]] == ["arms"]
    before = movement_as_of("arms", PAIR, quarter_before(AsOf("2026-04-15")), held)
    assert before is not None
    assert before.last.period == "2024"
    assert before.written(before.last) in seen["2026-04-15"][0].line
    assert seen["2026-11-30"] == []


def test_an_answer_is_news_only_if_it_is_another_one(held: Holdings) -> None:
    from bilat.verdicts import judge

    as_of = AsOf("2026-04-15")
    (now,) = judge(PAIR, as_of, held, "I6")
    (then,) = judge(PAIR, quarter_before(as_of), held, "I6")
    told = [n for n in news(PAIR, as_of, [], [now], held) if n.kind == "answer"]
    assert bool(told) == (then.verdict != now.verdict)
    other = "yes" if then.verdict != "yes" else "no"
    turned = replace(now, since=replace(now.since, answer=other))
    (line,) = [n for n in news(PAIR, as_of, [], [turned], held) if n.kind == "answer"]
    assert f"from \u201c{then.verdict}\u201d to \u201c{other}\u201d" in line.line


@pytest.mark.parametrize("as_of", ["2022-06-30", "2023-03-20", "2024-03-31"])
def test_nothing_new_was_public_later(as_of: str, held: Holdings) -> None:
    for line in news(PAIR, AsOf(as_of), [], [], held):
        assert line.about <= as_of


def test_a_plan_is_told_by_its_answer_and_not_by_its_test(held: Holdings) -> None:
    """The summary of tanks begins with how well earlier forecasts did; the first page has the answer."""
    made = RecoveryQuestion().answer(Frame(PAIR, NOW, held))
    assert made.summary[0] != made.short_answer
    assert made.short_answer in made.summary
    assert made.short_answer.startswith(("After a ceasefire, Russia needs", "Russia will not have"))
    assert Document("x", "Title", ("First.", "Second."), ()).short_answer == "First."
    assert Document("x", "Title", (), ()).short_answer == "Title"


def test_an_event_is_news_of_two_states_only_if_its_line_names_both(held: Holdings) -> None:
    """The 22nd package of the EU is filed under China too, and its line names Russia alone."""
    start = quarter_before(NOW)
    filed = {h.headline for h in dated_events(start, NOW, held) if h.actors >= set(PAIR)}
    told = [n.line for n in news(PAIR, NOW, [], [], held)]
    assert any("22nd package" in line for line in filed)
    assert told and not any("22nd package" in line for line in told)
    for line in told:
        assert set(states_in(line)) >= set(PAIR)


@pytest.mark.parametrize("day", ["2023-03-20", "2024-08-15", "2025-09-30", "2026-04-30"])
@pytest.mark.parametrize("pair", ["RUS-CHN", "USA-CHN", "CHN-TWN", "RUS-PRK"])
def test_a_line_of_news_is_short(day: str, pair: str, held: Holdings) -> None:
    for line in news(Dyad.read(pair), AsOf(day), [], [], held):
        said, _, who = line.line.rpartition(" Source: ")
        assert len(said.split()) <= LONGEST + 3  # the day, where the text does not say it
        assert who


def test_a_document_whose_page_nobody_opened_says_so(held: Holdings) -> None:
    (line,) = news(PAIR, NOW, [], [], held)
    assert line.line.endswith("Source: The Moscow Times (original page not seen).")
