# SPDX-License-Identifier: Apache-2.0
"""A quantity that several plans print has one value, and each page prints it in the same words."""

from __future__ import annotations

import pytest

from bilat.contingency.questions import BackfillQuestion, BlockadeQuestion, WindowQuestion
from bilat.document import Document, Frame, Table
from bilat.document.words import figure_text
from bilat.holdings import Holdings, embedded_folder
from bilat.measures import ask
from bilat.planning.draws import two_figures
from bilat.regeneration.questions import RecoveryQuestion
from bilat.regeneration.recovery.records import month_index
from bilat.when import AsOf

DAY = AsOf("2026-11-30")
FRAME = Frame(as_of=DAY, holdings=Holdings(embedded_folder()))
SEA = BlockadeQuestion("sea")


@pytest.fixture(scope="module")
def window() -> Document:
    return WindowQuestion().answer(FRAME)


@pytest.fixture(scope="module")
def recovery() -> Document:
    return RecoveryQuestion(beliefs=("iiss",)).answer(FRAME)


def rows_with(document: Document, head: str) -> list[dict[str, object]]:
    """Return the rows of the table that has a column of this name, each by the names of columns."""
    tables = [block for block in document.walk() if isinstance(block, Table)]
    table = next(t for t in tables if head in [column.name for column in t.columns])
    heads = [column.name for column in table.columns]
    return [dict(zip(heads, row, strict=True)) for row in table.rows]


def test_backfill_and_window_print_one_chance_and_one_share_for_each_year(window: Document) -> None:
    backfill = BackfillQuestion().answer(FRAME)
    ours = {row["July of"]: row for row in rows_with(window, "July of")}
    theirs = {row["July of"]: row for row in rows_with(backfill, "July of")}
    assert ours.keys() == theirs.keys()
    for year, row in ours.items():
        for head in ("chance that Russia has recovered", "US forces replaced"):
            assert row[head] == theirs[year][head], (year, head)


def test_the_share_by_budget_is_the_headline_at_the_budget_asked_for() -> None:
    question = BackfillQuestion(budget="5bn", draws=20)
    found = question.answer(FRAME).data
    assert dict(found.front)[5.0] == found.covered.median == question.headlines(FRAME)[0].at.median


def test_recovery_and_window_have_one_chance_for_each_month(
    window: Document, recovery: Document
) -> None:
    peace = month_index(recovery.data.ceasefire)
    for year in window.data.years:
        since = month_index(f"{year.year}-07") - peace
        assert recovery.data.back_by[since] == year.back


def test_the_days_that_oil_lasts_are_said_in_the_same_words(window: Document) -> None:
    lasts = SEA.headlines(FRAME)[2]
    said = lasts.about()
    straits = BlockadeQuestion().answer(FRAME)
    for page in (SEA.answer(FRAME), straits, window):
        assert said in " ".join(page.summary), page.title
    in_table = next(
        row["days for which stocks last"]
        for row in rows_with(straits, "days for which stocks last")
        if row["what is closed"] == "everything by sea"
    )
    assert f"about {figure_text(in_table)}".replace("[", "(").replace("]", ")") == said.replace(
        " days", ""
    )
    measured = ask("blockade.days", as_of=DAY, holdings=FRAME.holdings)
    assert measured.value("2026", group="sea") == two_figures(lasts.at.median)


def test_the_watch_says_the_recovery_as_its_own_page_does(recovery: Document) -> None:
    said = RecoveryQuestion().headlines(FRAME)[0].about()
    assert said in " ".join(recovery.summary)
