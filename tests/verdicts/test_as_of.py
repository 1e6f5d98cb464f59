# SPDX-License-Identifier: Apache-2.0
"""No verdict moves without a new row: the calendar alone changes nothing."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import as_of_sweep as sweep  # benchmarks/as_of_sweep.py
import numpy as np
import pyarrow as pa
import pytest

from bilat.dyad import Dyad
from bilat.measures import default_holdings
from bilat.verdicts import judge, ledger, moved
from bilat.verdicts.judging import judge_one
from bilat.when import AsOf

PAIR = Dyad("RUS", "CHN")
#: Claims that rest on lists of events, on yearly figures and on a record that ended; the sweep goes through all.
SWEPT = ("F8", "F12", "F15", "P16", "W6")
#: Around turns of the year, where open years become whole.
DAYS = ("2022-12-31", "2023-01-31", "2025-12-31", "2026-01-31")


def test_no_verdict_and_no_figure_moves_without_a_new_row() -> None:
    claims = [c for c in ledger() if c.id in SWEPT]
    assert len(claims) == len(SWEPT)
    found = list(sweep.moves(claims, [dt.date.fromisoformat(d) for d in DAYS]))
    assert any(m.by == "deciding" for m in found)  # the years between brought rows
    assert [m for m in found if m.by == "calendar"] == []


def standing(used: list[int], every: list[int], rows: int = 5) -> sweep.Standing:
    arrays = (np.asarray(x, dtype=np.uint64) for x in (used, every))
    return sweep.Standing(dt.date(2024, 1, 31), "supported", 1.0, *arrays, {"events": (("s", "a", rows),)})


@pytest.mark.parametrize(
    ("before", "now", "by"),
    [
        (standing([1], [1, 2]), standing([1, 3], [1, 2, 3]), "deciding"),
        (standing([1, 2], [1, 2]), standing([1], [1]), "deciding"),
        (
            standing([1], [1, 2]),
            standing([1, 2], [1, 2]),
            "calendar",
        ),  # an open year was taken for a whole one
        (standing([1], [1, 2]), standing([1], [1, 2, 3]), "measure"),
        (standing([1], [1]), standing([1], [1], rows=6), "table"),
        (standing([1], [1]), standing([1], [1]), "calendar"),
    ],
)
def test_the_sweep_tells_a_row_from_the_calendar(
    before: sweep.Standing, now: sweep.Standing, by: str
) -> None:
    assert sweep.moved_by(before, now) == by


def test_an_edition_that_repeats_its_figures_is_no_new_row() -> None:
    engine = default_holdings().connect(AsOf("2024-01-31")).connection

    def hashes(value: float, snapshot: str) -> Any:
        row = {
            "point": "2023",
            "grp": "g",
            "period": "2023",
            "value": value,
            "locator": snapshot,
            "snapshot": snapshot,
        }
        m = SimpleNamespace(name="a.b", evidence=pa.Table.from_pylist([row]))
        return sweep.hashed(m, engine)[1]  # type: ignore[arg-type]

    assert hashes(1.0, "first") == hashes(1.0, "second") != hashes(2.0, "second")


def test_the_sweep_ends_with_the_last_month_that_is_over() -> None:
    days = sweep.month_ends(2025, dt.date(2026, 2, 28))
    assert len(days) == 14 and days[0] == dt.date(2025, 1, 31) and days[-1] == dt.date(2026, 2, 28)
    assert sweep.month_ends(2025, dt.date(2025, 12, 30))[-1] == dt.date(2025, 11, 30)


@pytest.mark.parametrize("year", [2023, 2024, 2025])
def test_new_years_day_turns_no_verdict(year: int) -> None:
    """W6 and the rival of F8 turned at each of these, with nothing known in between."""
    held = default_holdings()
    for claim_id in ("W6", "F8"):
        claim = next(c for c in ledger() if c.id == claim_id).model_copy(
            update={"grid": None, "reference": None}
        )
        eve, day = (judge_one(claim, PAIR, AsOf(d), held) for d in (f"{year}-12-31", f"{year + 1}-01-02"))
        assert eve.verdict == day.verdict, claim_id
        assert [r.outcome for r in eve.rivals] == [r.outcome for r in day.rivals], claim_id


def test_a_meeting_of_an_open_year_is_not_averaged() -> None:
    j = judge(as_of="2026-06-30", only="F8")[0]
    assert all(not leg.period.endswith("2026") for leg in j.legs)


def test_movement_is_told_by_its_cause() -> None:
    held = default_holdings()

    def both(claim_id: str) -> str:
        then, now = (judge(as_of=d, only=claim_id, holdings=held)[0] for d in ("2023-03-20", "2026-10-31"))
        return moved(then, now, held).movement

    causes = {i: both(i) for i in ("I3", "F5", "F9", "I8", "K5")}
    assert causes["I3"] == "became measurable"  # the trade of 2022 was not public in March 2023
    assert causes["F9"] == ""  # the record ends in 2010
    assert set(causes.values()) <= {
        "", "became measurable", "no longer measurable", "the world moved it", "new rows moved it",
        "an edition moved it",
    }  # fmt: skip


def test_half_a_window_has_no_sum() -> None:
    """In the first months of the record nine months of a year were set against one of the next: contradicted."""
    for day in ("2022-06-30", "2022-10-31"):
        j = judge(as_of=day, only="W1")[0]
        assert j.verdict == "not measurable" and "part of it has no sum" in j.why


def test_a_year_that_ends_before_its_figure_is_out_moves_no_verdict() -> None:
    # F4's grid asks for windows to 2021; at the end of that year the record ended with 2020, as the month before.
    november, december = (judge(("RUS", "CHN"), day, only="F4")[0] for day in ("2021-11-30", "2021-12-31"))
    assert november.stands == december.stands
    assert november.robustness is not None and december.robustness is not None
    assert november.robustness.sentence == december.robustness.sentence
