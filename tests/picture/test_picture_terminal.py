# SPDX-License-Identifier: Apache-2.0
"""The picture in 80 columns: what stands out, then a line a claim; sentences with --full."""

import pytest
from picture_made_up import NOW, PAIR, judge_made_up

from bilat.holdings import Holdings
from bilat.picture import Picture, brief
from bilat.terminal import picture


@pytest.fixture(scope="module")
def made() -> Picture:
    return brief(PAIR, NOW, holdings=Holdings(), routes=(), judge=judge_made_up)


def test_no_line_is_longer_than_80_columns_and_every_claim_stands_once(made: Picture) -> None:
    text = picture.plain(made)
    assert max(map(len, text.splitlines())) <= 80
    for e in made.entries:
        assert text.count(f"\n{e.id}  {e.answered.answer}: ") == 1
    assert len(text.split()) < 900 and "--full" in text


def test_full_adds_each_sentence_with_how_sure(made: Picture) -> None:
    text = " ".join(picture.plain(made, full=True).split())
    for e in made.entries:
        assert e.answered.sentence in text
    assert "How sure: fair" in text and "yes when written" in text
