# SPDX-License-Identifier: Apache-2.0
"""How many names have a word, for words before, among and behind all that are known."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from bilat.parties.match.agreement import _left
from bilat.parties.match.background import _Words, keys_of
from bilat.parties.match.exceptions import ScoredPair

WORDS = [f"word{n}" for n in range(60)]


def test_a_known_word_has_its_count_and_any_other_none() -> None:
    known = sorted(WORDS[:20], key=lambda word: int(keys_of([word])[0]))
    counts = np.arange(1, len(known) + 1)
    words = _Words(keys_of(known), counts / 100, counts)
    assert [words.count(word) for word in known] == list(counts)
    assert [words.count(word) for word in WORDS[20:]] == [0] * 40
    assert list(words.shares([known[0], WORDS[-1]])) == [0.01, 0.0]


def test_a_word_whose_key_lies_behind_all_others_is_unknown() -> None:
    first, last = sorted(WORDS[:2], key=lambda word: int(keys_of([word])[0]))
    one = np.array([1])
    assert _Words(keys_of([first]), one, one).count(last) == 0
    assert _Words(keys_of([last]), one, one).count(first) == 0


def test_what_is_left_of_a_name_are_the_words_that_were_not_found() -> None:
    assert _left(("Alfa", "", "Trade", "Bank"), frozenset({0, 3})) == ("Trade",)


@pytest.mark.parametrize(("tokens", "is_one"), [(["vtb"], True), (["vtb", "bank"], False)])
def test_a_query_of_one_token_is_one_word(tokens: list[str], is_one: bool) -> None:
    pair = object.__new__(ScoredPair)
    pair.reading = SimpleNamespace(form=SimpleNamespace(tokens=tokens))  # type: ignore[assignment]
    assert pair.one_word is is_one
