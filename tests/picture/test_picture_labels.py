# SPDX-License-Identifier: Apache-2.0
"""The words of lines in a chart: inside the plot, at their line, none on another; what finds no place is told."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from bilat.picture.charts.labels import GAP, LINE, MORE, Box, Worded, placed, stacked, width_of

WIDTH, HEIGHT = 300.0, 200.0
WORDS = (
    "mean 3",
    "supported above",
    "stored: supported, whole interval above",
    "long-range cruise missiles: mixed",
)


@st.composite
def line(draw: st.DrawFn) -> Worded:
    left = draw(st.floats(0, WIDTH - 10))
    right = draw(st.floats(left + 5, WIDTH))
    words, y = draw(st.sampled_from(WORDS)), draw(st.floats(0, HEIGHT))
    return Worded(left, right, y, words, draw(st.booleans()), draw(st.booleans()))


@given(
    st.lists(line(), max_size=6), st.lists(st.tuples(st.floats(0, WIDTH), st.floats(0, HEIGHT)), max_size=20)
)
@settings(max_examples=150, deadline=None)
def test_words_stand_inside_at_their_line_and_clear_of_one_another(
    lines: list[Worded], marks: list[tuple[float, float]]
) -> None:
    corner = Box(WIDTH - 52, 0, WIDTH, 30)
    found = placed(lines, WIDTH, HEIGHT, taken=[corner], marks=marks)
    assert len(found) == len(lines)
    kept = [(one, s) for one, s in zip(lines, found, strict=True) if s is not None]
    for one, s in kept:
        assert " ".join(s.lines) == one.words and len(s.lines) <= 2
        assert s.box.left >= 0 and s.box.right <= WIDTH + 1e-6 and s.box.top >= 0 and s.box.bottom <= HEIGHT
        assert abs(s.box.right - s.box.left - width_of(s.lines)) < 1e-6
        assert min(abs(s.box.top - one.y), abs(s.box.bottom - one.y)) < GAP + 0.01  # right above or below it
        assert not s.box.meets(corner)
    assert not any(a.box.meets(b.box) for (_, a), (_, b) in combinations(kept, 2))


def test_one_line_alone_stands_where_it_is_wanted() -> None:
    (s,) = placed([Worded(20, 200, 100, "mean 3")], WIDTH, HEIGHT)
    assert s is not None and s.box == Box(20, 100 - GAP - LINE - MORE, 20 + width_of(["mean 3"]), 100 - GAP)
    (low,) = placed([Worded(20, 200, 3, "mean 3")], WIDTH, HEIGHT)
    assert low is not None and low.box.top == 3 + GAP  # no room above


def test_words_keep_clear_of_the_figures_where_they_can() -> None:
    above = [(25.0 + k, 93.0) for k in range(5)]
    (s,) = placed([Worded(20, 100, 100, "mean 3")], WIDTH, HEIGHT, marks=above)
    assert s is not None and not any(
        s.box.left <= x <= s.box.right and s.box.top <= y <= s.box.bottom for x, y in above
    )


def test_what_finds_no_place_is_none_and_a_long_word_goes_on_two_lines() -> None:
    (wrapped,) = placed([Worded(0, 90, 50, "stored: supported, whole interval above")], 170, HEIGHT)
    assert wrapped is not None and len(wrapped.lines) == 2
    full = placed([Worded(0, 90, 20, "supported above")] * 6, 100, 40)
    assert full[0] is not None and None in full


@given(st.lists(st.tuples(st.floats(0, WIDTH), st.sampled_from(WORDS)), min_size=1, max_size=5))
@settings(max_examples=100, deadline=None)
def test_words_above_upright_lines_are_stacked(uprights: list[tuple[float, str]]) -> None:
    found = stacked([Worded(x, x, 0, words, at_right=x > WIDTH / 2) for x, words in uprights], WIDTH)
    assert not any(a.box.meets(b.box) for a, b in combinations(found, 2))
    assert all(s.box.bottom <= 0 and s.box.left >= 0 and s.box.right <= WIDTH + 1e-6 for s in found)
    assert any(s.box.bottom == 0 for s in found)  # the first row is the nearest
