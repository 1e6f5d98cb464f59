# SPDX-License-Identifier: Apache-2.0
"""The drafts of asks: each names a figure, an addressee, a verb and what withdraws it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bilat import Dyad, Holdings
from bilat.document import Section
from bilat.holdings import embedded_folder
from bilat.picture.asks import FILE, drafts, has_asks
from bilat.picture.front import DRAFTS, MOST_TOPICS, UNSEEN, WATCH, document
from bilat.picture.movements import Movement, movements
from bilat.picture.topics import gauges
from bilat.when import AsOf

DAY = AsOf("2026-11-30")
PAIR = Dyad("RUS", "CHN")


def moved() -> dict[str, Movement]:
    return movements(PAIR, DAY, Holdings(embedded_folder()))


def test_a_draft_is_printed_only_while_its_figure_carries_it() -> None:
    found = moved()
    made = drafts(found.values(), PAIR, DAY)
    assert made and {d.figure for d in made} <= {g.id for g in gauges()}
    for draft in made:
        m = found[draft.figure]
        assert (
            m.written(m.last) in draft.line
            and ". Withdraw the request if this figure " in draft.line
        )
        assert draft.names and m.name not in draft.line
        assert m.before is not None and m.last.value is not None
        fallen = replace(m, before=replace(m.before, value=1.02 * m.last.value))
        others = {**found, draft.figure: fallen}
        assert draft.figure not in {d.figure for d in drafts(others.values(), PAIR, DAY)}
    assert not drafts(found.values(), Dyad("USA", "JPN"), DAY)
    assert not drafts(found.values(), PAIR, AsOf("2023-03-20"))


def test_own_asks_take_the_place_of_drafts(tmp_path: Path) -> None:
    assert not has_asks(tmp_path) and not has_asks(None)
    (tmp_path / FILE).write_text("")
    assert has_asks(tmp_path)


def test_what_to_ask_and_what_is_not_seen_come_before_what_to_watch() -> None:
    held = Holdings(embedded_folder())
    made = document([], moved().values(), [], PAIR, DAY, held)
    titles = [b.title for b in made.blocks if isinstance(b, Section)]
    assert titles.index(DRAFTS) < titles.index(WATCH)
    assert titles.index(DRAFTS) <= MOST_TOPICS and UNSEEN not in titles
