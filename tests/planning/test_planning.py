# SPDX-License-Identifier: Apache-2.0
"""The kernel of the plans: one type of number, its draws, the book read back, drivers of a known function."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from bilat.errors import DataError, UsageError
from bilat.planning import Assumption, Assumptions, median_of, morris, with_user
from bilat.planning.book import applied, compared, read_book, write_book

A = Assumption(
    "speed", "knots", 13, 11, 15, 5, 25, "of tankers", "Clarksons", known=dt.date(2024, 1, 1), drawn=True
)
B = Assumption(
    "spare", "share", 0.2, 0.1, 0.5, 0, 5, "=cmd()", "set by hand", assumed=True, drawn=True, shape="uniform"
)
C = Assumption("lead", "years", 4, 3, 6, 0, 40, assumed=True, source="no row", drawn=True, whole=True)
BOOK = {"blockade": Assumptions({"speed": A, "spare": B}), "backfill": Assumptions({"lead": C})}


@pytest.mark.parametrize("shape", ["triangular", "uniform", "normal", "log", "logit"])
def test_draws_lie_as_the_shape_says(shape: str) -> None:
    a = Assumption("x", "share", 0.3, 0.2, 0.6, 0, 1, drawn=True, shape=shape)  # type: ignore[arg-type]
    x = a.draw(np.random.default_rng(1), 20_000)
    if shape in ("triangular", "uniform"):
        assert x.min() >= 0.2 and x.max() <= 0.6
    else:
        assert np.quantile(x, (0.1, 0.9)) == pytest.approx([0.2, 0.6], abs=0.01)
    for q in (0.25, 0.5, 0.75):
        assert np.mean(x <= a.of_quantile(q)) == pytest.approx(q, abs=0.02)


@pytest.mark.parametrize("ending", [".xlsx", ".toml"])
def test_a_book_comes_back_as_it_went_and_a_change_is_found(tmp_path: Path, ending: str) -> None:
    place = tmp_path / f"book{ending}"
    write_book(BOOK, place)
    back = read_book(place)
    again = {plan: applied(BOOK[plan], own) for plan, own in back.items()}
    assert again == BOOK and compared(BOOK, again) == []
    other = {**again, "blockade": applied(BOOK["blockade"], {"speed": (12.0, 10.0, 14.0)})}
    (change,) = compared(BOOK, other)
    assert (change.name, change.first, change.second) == ("speed", (13, 11, 15), (12, 10, 14))
    assert other["blockade"]["speed"].set_by_user


def test_no_text_of_a_book_is_a_formula(tmp_path: Path) -> None:
    write_book(BOOK, tmp_path / "b.xlsx")
    sheet = load_workbook(tmp_path / "b.xlsx").worksheets[0]
    assert all(c.data_type != "f" for row in sheet.iter_rows() for c in row)


@pytest.mark.parametrize(
    ("text", "said"),
    [("[a", "not readable as TOML"), ("[p.speed]\nvalue = 'x'\n", "write a number"),
     ("[p.speed]\nvalue = 1.0\nlow = 2.0\nhigh = 3.0\n", "is not between"), ("p = 1\n", "holds no numbers")],
)  # fmt: skip
def test_a_spoilt_book_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "b.toml").write_text(text, "utf-8")
    with pytest.raises(DataError, match=said):
        read_book(tmp_path / "b.toml")
    (tmp_path / "b.xlsx").write_bytes(b"no workbook")
    with pytest.raises(DataError, match="not readable as a workbook"):
        read_book(tmp_path / "b.xlsx")
    with pytest.raises(UsageError, match="there is no such book"):
        read_book(tmp_path / "none.toml")


def test_an_unknown_or_impossible_number_of_a_book_is_refused() -> None:
    with pytest.raises(UsageError, match="did you mean speed"):
        applied(BOOK["blockade"], {"sped": (1.0, 1.0, 1.0)})
    with pytest.raises(UsageError, match="write a number from 5 to 25"):
        applied(BOOK["blockade"], {"speed": (1.0, 1.0, 1.0)})


def test_numbers_that_a_user_sets() -> None:
    numbers = with_user(BOOK["blockade"], ["speed=12", "spare=0.3:0.4"])
    assert numbers("speed") == 12 and not numbers["speed"].varies and numbers["spare"].low == 0.3
    for given_, said in (
        ("speed=nan", "write a number from"),
        ("speed=9:8", "low is above high"),
        ("speed", "name=value"),
    ):
        with pytest.raises(UsageError, match=said):
            with_user(BOOK["blockade"], [given_])
    with pytest.raises(UsageError, match="is counted"):
        with_user(BOOK["backfill"], ["lead=3.5"])


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50))
def test_a_median_lies_in_its_own_interval(xs: list[float]) -> None:
    q = median_of(xs)
    assert q.low <= q.median <= q.high and q.holds(q.median)


def test_an_infinite_draw_stays_infinite() -> None:
    assert median_of([1.0, np.inf, np.inf]).median == np.inf


def test_drivers_of_a_linear_function_are_its_slopes_and_what_does_nothing_is_nothing() -> None:
    found = morris(["a", "b", "none"], lambda x: 3 * x[0] - x[1], places=10, seed=3)
    assert [d.name for d in found] == ["a", "b", "none"]
    assert (
        found[0].signed == pytest.approx(2.0)
        and found[1].signed == pytest.approx(-2 / 3)
        and found[2].effect == 0
    )
