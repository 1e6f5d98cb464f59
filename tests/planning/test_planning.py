# SPDX-License-Identifier: Apache-2.0
"""The kernel of the plans: one type of number, its draws, drivers of a known function."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata

from bilat.errors import UsageError
from bilat.planning import Assumption, Assumptions, drivers, quantiles_of, with_user
from bilat.planning.blocks import yours_line
from bilat.planning.choices import refusal

A = Assumption(
    "speed",
    "knots",
    13,
    11,
    15,
    5,
    25,
    "of tankers",
    "Clarksons",
    known=dt.date(2024, 1, 1),
    drawn=True,
)
B = Assumption(
    "spare",
    "share",
    0.2,
    0.1,
    0.5,
    0,
    5,
    "=cmd()",
    "set by hand",
    assumed=True,
    drawn=True,
    shape="uniform",
)
C = Assumption(
    "lead", "years", 4, 3, 6, 0, 40, assumed=True, source="no row", drawn=True, whole=True
)
NUMBERS = Assumptions({"speed": A, "spare": B, "lead": C})


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


def test_numbers_that_a_user_sets() -> None:
    numbers = with_user(NUMBERS, ["speed=12", "spare=0.3:0.4"])
    assert numbers("speed") == 12 and not numbers["speed"].varies and numbers["spare"].low == 0.3
    peak = with_user(NUMBERS, ["speed=10:12:14"])["speed"]
    assert (peak.low, peak.value, peak.high) == (10, 12, 14) and peak.varies
    for given_, said in (
        ("speed=nan", "Write a number from"),
        ("speed=9:8", "low is above high"),
        ("speed", "name=value"),
        ("speed=12:18:14", "not between its ends"),
    ):
        with pytest.raises(UsageError, match=said):
            with_user(NUMBERS, [given_])
    with pytest.raises(UsageError, match="is counted"):
        with_user(NUMBERS, ["lead=3.5"])


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50))
def test_a_median_lies_in_its_own_interval(xs: list[float]) -> None:
    q = quantiles_of(xs)
    assert q.low <= q.median <= q.high and q.holds(q.median)


def test_an_infinite_draw_stays_infinite() -> None:
    assert quantiles_of([1.0, np.inf, np.inf]).median == np.inf


def test_shares_of_a_linear_function_are_those_of_its_squared_slopes() -> None:
    """Sobol's first-order indices of 3a - b + 0c with equal spreads are 9/10, 1/10 and 0."""
    rng = np.random.default_rng(3)
    a, b, c = rng.random((3, 40_000))
    found = {d.name: d for d in drivers({"a": a, "b": b, "none": c}, 3 * a - b)}
    assert found["a"].share == pytest.approx(0.9, abs=0.02)
    assert found["b"].share == pytest.approx(0.1, abs=0.02)
    assert found["none"].share == pytest.approx(0, abs=0.005)
    assert found["a"].rank > 0 > found["b"].rank


def test_shares_of_the_function_of_ishigami_are_the_published_ones() -> None:
    """sin x + 7 sin^2 y + 0.1 z^4 sin x: first-order shares .314, .442 and 0."""
    rng = np.random.default_rng(4)
    x, y, z = rng.uniform(-np.pi, np.pi, (3, 100_000))
    outcome = np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)
    found = {d.name: d.share for d in drivers({"x": x, "y": y, "z": z}, outcome)}
    assert found["x"] == pytest.approx(0.314, abs=0.02)
    assert found["y"] == pytest.approx(0.442, abs=0.03)
    assert found["z"] == pytest.approx(0.0, abs=0.01)


def test_the_number_that_makes_the_outcome_is_named_first_and_noise_explains_nothing() -> None:
    rng = np.random.default_rng(1)
    x, noise = rng.standard_normal(20_000), rng.standard_normal(20_000)
    found = drivers({"noise": noise, "cause": x, "constant": np.ones(20_000)}, x + x**3 / 9)
    assert [c.name for c in found] == ["cause", "noise"]
    assert found[0].rank == pytest.approx(1) and abs(found[1].rank) < 0.03
    assert found[0].share > 0.9 and found[1].share < 0.01
    assert drivers({"cause": x}, np.ones(20_000)) == []
    endless = np.where(x > 1, np.inf, x)
    assert drivers({"cause": x}, endless)[0].share > 0.9


@pytest.mark.filterwarnings("error")
def test_nothing_decides_an_outcome_that_is_infinite_in_every_draw() -> None:
    assert drivers({"number": np.linspace(0.0, 1.0, 100)}, np.full(100, np.inf)) == []


def test_the_order_of_the_draws_decides_nothing_where_outcomes_are_equal() -> None:
    number = np.random.default_rng(2).random(5_000)
    endless = np.where(number > 0.5, np.inf, 1.0)
    (alone,) = drivers({"number": number}, endless)
    assert alone.share == pytest.approx(1.0, abs=0.01)
    in_order = np.argsort(number)
    (again,) = drivers({"number": number[in_order]}, endless[in_order])
    assert (again.share, again.rank) == (pytest.approx(alone.share), pytest.approx(alone.rank))


def test_two_draws_are_too_few_to_say_what_decides() -> None:
    assert drivers({"number": np.array([0.0, 1.0])}, np.array([0.0, 1.0])) == []


def test_a_wrong_number_is_refused_with_what_may_be_written() -> None:
    wear = Assumption("wear", "share a month", 0.004, 0.001, 0.016, 0, 0.2, drawn=True)
    rate = Assumption("rate", "vehicles", 13, 7, 25, 0, drawn=True)
    numbers = Assumptions({"wear": wear, "rate": rate, "janes.rate": rate, "lead": rate})
    said = r"unit is share a month. Write a number from 0 to 0.2 \(the plan uses 0.001 to 0.016\)"
    for text in ("5%", "0.3"):
        with pytest.raises(UsageError, match=said):
            with_user(numbers, {"wear": text})
    with pytest.raises(UsageError, match=r"Write a number of 0 or more \(the plan uses 7 to 25\)"):
        with_user(numbers, {"rate": "many"})
    # those that share a word with it come first
    with pytest.raises(UsageError, match=r"choose from rate=13 \(7 to 25\), janes.rate=[^,]*; "):
        with_user(numbers, {"iiss.rate": "3"})


@pytest.mark.parametrize(
    ("text", "outside"), [("500", True), ("7", False), ("10:30", True), ("8:20", False)]
)
def test_a_number_beyond_the_range_of_the_plan_is_said_to_be(text: str, outside: bool) -> None:
    rate = Assumption("rate", "vehicles", 13, 7, 25, 0, drawn=True)
    own = with_user(Assumptions({"rate": rate}), {"rate": text})
    (line,) = yours_line(own)
    assert ("outside the plan’s 7 to 25" in line) is outside
    again = with_user(own, {"rate": "500"})["rate"]  # a second change is held to the same range
    assert again.plan_range == (7, 25) and again.is_outside_plan_range


def test_a_word_that_is_like_a_wrong_one_does_not_hide_the_others() -> None:
    said = refusal("tankers", "a capability", ["refuelling", "tanks"])
    assert said.endswith("Did you mean tanks? Choose from refuelling, tanks")


@pytest.mark.parametrize(
    ("fields", "standing"),
    [
        ({}, "published"),
        ({"derived": True}, "derived"),
        ({"derived": True, "assumed": True}, "assumed"),
    ],
)
def test_a_number_is_published_unless_it_is_derived_or_assumed(
    fields: dict[str, bool], standing: str
) -> None:
    number = Assumption("x", "share", 0.3, 0.2, 0.6, 0, 1, source="a page", **fields)  # type: ignore[arg-type]
    assert number.standing == standing


@pytest.mark.parametrize("seed", [401, 402])
def test_ranks_are_those_of_scipy(seed: int) -> None:
    """Values that are equal, some of them infinite, share their mean rank."""
    draw = np.random.default_rng(seed)
    number = draw.integers(0, 40, 500).astype(float)
    outcome = np.where(draw.random(500) < 0.1, np.inf, number + draw.integers(0, 5, 500))
    (found,) = drivers({"number": number}, outcome)
    wanted = np.corrcoef(rankdata(number), rankdata(outcome))[0, 1]
    assert found.rank == pytest.approx(float(wanted), abs=1e-14)
