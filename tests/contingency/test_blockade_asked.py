# SPDX-License-Identifier: Apache-2.0
"""The blockade with parameters that a user sets: the draws keep to them, and the words to what the draws hold."""

import json
import math
from dataclasses import replace
from functools import cache

import pytest

from bilat.contingency.blockade import Blockade, blockade
from bilat.contingency.blockade.answer import PACKAGE
from bilat.contingency.blockade.words import spread_text
from bilat.planning.assumptions import load, with_user
from bilat.errors import UsageError
from bilat.picture.models import blockade_page
from bilat.terminal.blockade import show_blockade
from bilat.when import AsOf

P = load(PACKAGE)


@cache
def asked(close: str, *params: str) -> Blockade:
    return blockade(close, as_of=AsOf("2026-11-25"), draws=2000, params=params)


def printed(a: Blockade, capsys: pytest.CaptureFixture[str]) -> str:
    show_blockade(a, explain=True)
    return " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("close", ["sea", "none", "malacca,hormuz"])
def test_the_ends_that_the_help_allows_are_answered(close: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With all demand rationed nothing is short: stocks have no end, and no line adds a day."""
    a = asked(close, "rationing=1")
    assert a.case.short == 0 and a.spread.covered == 1
    by = {f.figure: f.ours for f in a.published}
    assert by["days that 600 million barrels cover"] == math.inf
    assert by["days that Russian overland oil adds"] == 0
    json.dumps(a.to_json(), allow_nan=False)
    said = printed(a, capsys)
    assert "Refineries lack nothing" in said and "no end days" not in said and "nan" not in said.split()


@pytest.mark.parametrize(
    "text", [f"{n}={end:g}" for n, q in P.items() if q.drawn for end in (q.least, q.most)]
)
def test_no_end_of_a_parameter_crashes(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        a = blockade("malacca,hormuz", as_of=AsOf("2026-11-25"), draws=100, params=[text])
    except UsageError:
        return
    json.dumps(a.to_json(), allow_nan=False)
    assert "nan" not in printed(a, capsys).replace(",", " ").split()


def test_what_a_user_sets_is_no_longer_drawn() -> None:
    usual, saved = asked("malacca,hormuz"), asked("malacca,hormuz", "rationing=0.1")
    q = saved.parameters["rationing"]
    assert q.low == q.high == q.value == 0.1
    assert "rationing" not in [n for n, _ in saved.spread.drivers]
    assert saved.spread.days != usual.spread.days
    assert saved.spread.short[2] < usual.spread.short[2]
    empty = asked("sea", "usable_stock=0")
    assert empty.stock == 0 and empty.spread.days[:2] == (0.0, 0.0)


def test_a_case_with_everything_set_is_its_own_draws() -> None:
    texts = tuple(f"{n}={q.value!r}" for n, q in P.items() if q.drawn)
    a = asked("malacca,hormuz", *texts)
    for short, days in zip(a.spread.short, a.spread.days, strict=True):
        assert short == pytest.approx(a.case.short) and days == pytest.approx(a.case.days(a.stock))
    assert a.case_beside_draws == ""


def test_a_case_that_lacks_more_than_the_draws_says_so() -> None:
    a = asked("malacca,hormuz")
    days, short = a.case.days(a.stock), a.case.short
    around = replace(a.spread, days=(days - 1, days, days + 1), short=(short - 1, short, short + 1))
    assert replace(a, spread=around).case_beside_draws == ""
    low = replace(around, short=(short - 2, short - 1, short - 0.01))
    said = replace(a, spread=low).case_beside_draws
    assert (
        said.startswith("The case above lacks more than 95% of the draws: it takes") and "rationing" in said
    )
    high = replace(around, short=(short + 0.01, short + 1, short + 2))
    assert "lacks less than 95% of the draws" in replace(a, spread=high).case_beside_draws
    both = replace(low, days=(days + 1, days + 2, math.inf))
    assert "harder than 95% of the draws" in replace(a, spread=both).case_beside_draws
    apart = replace(high, days=(days + 1, days + 2, math.inf))
    said = replace(a, spread=apart).case_beside_draws
    assert "lasts shorter than 95%" in said and "lacks less than 95%" in said


def test_the_headline_of_malacca_and_hormuz_carries_its_warning() -> None:
    a = blockade("malacca,hormuz", as_of=AsOf("2026-11-25"))
    assert a.case.short > a.spread.short[2]
    assert "lacks more than 95% of the draws" in spread_text(a)


def test_more_than_ten_years_is_not_called_no_end(capsys: pytest.CaptureFixture[str]) -> None:
    a = asked("malacca,hormuz")
    long = replace(a, spread=replace(a.spread, days=(350.0, 668.0, 4112.0), covered=0.01))
    assert "350 days, 668 days, beyond ten years (5, 50, 95%); no shortage in 1%" in spread_text(long)
    endless = replace(a, spread=replace(a.spread, days=(350.0, 668.0, math.inf), covered=0.06))
    assert "350 days, 668 days, no end (5, 50, 95%); no shortage in 6%" in spread_text(endless)
    slow = replace(a, case=replace(a.case, short=a.stock / 5000))
    said = printed(slow, capsys)
    assert "do not run out within ten years." in said and ">10 years" in said
    relief = replace(a, relief=[replace(a.relief[0], days=5000.0), replace(a.relief[0], days=math.inf)])
    assert ">10 years</td>" in blockade_page(relief) or "&gt;10 years</td>" in blockade_page(relief)


def test_a_range_is_what_the_draws_use_and_the_case_stays_where_it_lies_within() -> None:
    q = with_user(P, ["rationing=0:0.05"])["rationing"]
    assert (q.low, q.value, q.high) == (0.0, 0.0, 0.05) and q.set_by_user
    q = with_user(P, ["rationing=0.1:0.3"])["rationing"]
    assert (q.low, q.value, q.high) == (0.1, pytest.approx(0.2), 0.3)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("rationing=0.2:0.1", "low is above high; write 0.1:0.2"),
        ("rationing=0:0.1:0.2", "write one value, or low:high"),
        ("rationing=0:2", "write a number from 0 to 1"),
        ("rationing=0:much", "is not a number"),
        ("speed=11:12", "the draws do not vary it; write one value"),
        ("flow_error=0.1", "write flow_error=0, or a range around 0"),
    ],
)
def test_a_range_that_cannot_be_used_says_why(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        asked("sea", text)


def test_explain_and_page_repeat_what_was_set(capsys: pytest.CaptureFixture[str]) -> None:
    a = asked("sea", "rationing=0.1:0.3", "fleet_spare=0.2")
    page = blockade_page(a)
    assert "-p rationing=0.1:0.3" in page and "-p fleet_spare=0.2" in page
    said = printed(a, capsys)
    assert "fleet_spare = 0.2 share of the tanker-days in use; ASSUMED set by the user" in said
