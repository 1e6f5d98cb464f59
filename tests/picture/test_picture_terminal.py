# SPDX-License-Identifier: Apache-2.0
"""The same bottom line and ledger in 80 columns, in words when not a terminal."""

import io

import pytest
from picture_made_up import NOW, PAIR, judge_made_up

from bilat.holdings import Holdings
from bilat.picture import Picture, brief
from bilat.terminal import picture
from bilat.terminal.tables import MOST_ROWS, show_rows


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(scope="module")
def made(held: Holdings) -> Picture:
    return brief(PAIR, NOW, None, held, judge=judge_made_up)


def test_plain_words_keep_within_80_columns_and_draw_nothing(made: Picture) -> None:
    text = picture.plain(made)
    assert max(map(len, text.splitlines())) <= 80
    assert not set("│┃━─╭●◐") & set(text)
    assert "BOTTOM LINE" in text and "Then supported, now partly supported" in text
    for e in made.entries:
        assert e.id in text


def test_a_terminal_gets_a_table_of_at_most_80_columns(
    made: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    screen = Screen()
    picture.show(made, screen)
    lines = screen.getvalue().splitlines()
    assert max(len(picture.visible(x)) for x in lines) <= 80
    whole = picture.visible(screen.getvalue())
    assert "Claim" in whole and "Now" in whole and "◐" in whole


def test_a_pipe_gets_words(made: Picture) -> None:
    pipe = io.StringIO()
    picture.show(made, pipe)
    assert pipe.getvalue() == picture.plain(made)


def test_a_terminal_shows_the_first_rows_and_a_pipe_has_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"source": f"s{n}", "locator": f"line {n}"} for n in range(MOST_ROWS + 5)]
    show_rows(rows)
    assert len(capsys.readouterr().out.splitlines()) == 1 + len(rows)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    show_rows(rows)
    said = capsys.readouterr().out
    assert f"{MOST_ROWS} of {len(rows)} rows: name a point" in said
    assert f"line {MOST_ROWS - 1}" in said and f"line {MOST_ROWS} " not in said
    show_rows(rows[:MOST_ROWS])
    assert " of " not in capsys.readouterr().out
