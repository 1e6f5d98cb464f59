# SPDX-License-Identifier: Apache-2.0
"""No verdict moves without a new row: the calendar alone changes nothing."""

from __future__ import annotations

import datetime as dt

import pytest

from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.measures import ask, default_holdings
from bilat.verdicts import judge, ledger, moved
from bilat.verdicts.judging import judge_one
from bilat.when import AsOf

PAIR = Dyad("RUS", "CHN")
#: Claims that rest on lists of events and on yearly figures; benchmarks/as_of_sweep.py goes through all of them.
SWEPT = ("F8", "W6", "I7")


def month_ends(first: int, last: dt.date) -> list[dt.date]:
    days = [
        dt.date(y + m // 12, m % 12 + 1, 1) - dt.timedelta(days=1)
        for y in range(first, last.year + 1)
        for m in range(1, 13)
    ]
    return [d for d in days if d <= last]


def rows_behind(claim, as_of: AsOf, held: Holdings) -> frozenset[tuple[str, str, str, str]]:  # type: ignore[no-untyped-def]
    """Every row that a claim's measures could use, by source, snapshot, place and period."""
    found: set[tuple[str, str, str, str]] = set()
    for t in claim.tests:
        test = t.named(PAIR.a, PAIR.b)
        m = ask(
            test.measure, Dyad(*test.dyad) if test.dyad else PAIR, as_of=as_of, holdings=held, **test.params
        )
        keys = m.evidence.select(["source", "snapshot", "locator", "period"]).to_pylist()
        found |= {(r["source"], r["snapshot"], r["locator"], r["period"]) for r in keys}
    return frozenset(found)


@pytest.mark.parametrize("claim_id", SWEPT)
def test_no_verdict_moves_without_a_new_row(claim_id: str) -> None:
    held = default_holdings()
    claim = next(c for c in ledger() if c.id == claim_id).model_copy(update={"grid": None, "reference": None})
    before: tuple[str, frozenset[tuple[str, str, str, str]], dt.date] | None = None
    turns = 0
    year_ends = [d for d in month_ends(2022, dt.date(2026, 10, 31)) if d.month in (12, 1, 6)]
    for day in year_ends:
        j = judge_one(claim, PAIR, AsOf(day), held)
        rows = rows_behind(claim, AsOf(day), held)
        if before is not None and j.verdict != before[0]:
            turns += 1
            assert rows != before[1], (
                f"{claim_id}: {before[0]} on {before[2]}, {j.verdict} on {day}, same rows"
            )
        before = j.verdict, rows, day
    assert before is not None


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
