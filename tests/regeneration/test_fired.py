# SPDX-License-Identifier: Apache-2.0
"""Missiles fired against produced: windows, ranges, what is carried on, what may be North Korean."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from bilat.catalog import sources
from bilat.dyad import Dyad
from bilat.errors import DataError, UsageError
from bilat.holdings import Holdings, Store
from bilat.measures import Ask
from bilat.regeneration.fired import CARRIED, FiredProduced, Munitions, munitions, whole_months, window_end
from bilat.regeneration.ratio import families
from bilat.when import AsOf

LONG_RANGE = "long-range cruise missiles"
ISKANDER = "Iskander-M and Iskander-K"


def of(held: Holdings, as_of: str = "2026-11-24") -> Munitions:
    return munitions(Ask(Dyad("RUS", "CHN"), AsOf(as_of), {}, held))


@pytest.fixture(scope="module")
def embedded_only() -> Holdings:
    found = Holdings()
    found.stores = found.stores[:1]
    return found


@pytest.fixture(scope="module")
def held(embedded_only: Holdings) -> Munitions:
    return of(embedded_only)


def one(rows: list[FiredProduced], family: str, days: int, label: str = "") -> FiredProduced:
    (found,) = [r for r in rows if (r.family, r.days, r.label_kn23) == (family, days, label)]
    return found


def test_march_2023_depends_on_the_window(held: Munitions) -> None:
    """Near one only in a month: 1.08, 2.23 and 2.97 by the same two records."""
    rows = held.windows(dt.date(2023, 3, 21))
    month, weeks, half = (one(rows, LONG_RANGE, n) for n in (30, 84, 183))
    assert (month.ratio, month.low, month.high) == pytest.approx((1.08, 0.974, 1.22), abs=0.01)
    assert (weeks.ratio, weeks.low, weeks.high) == pytest.approx((2.23, 2.01, 2.51), abs=0.01)
    assert (half.ratio, half.low, half.high) == pytest.approx((2.97, 2.45, 3.36), abs=0.01)
    assert half.unrecorded_days == 8 and weeks.unrecorded_days == month.unrecorded_days == 0
    assert month.carried_days == 0


def test_rows_labelled_kn23_stand_apart_and_turn_the_verdict_of_2025(held: Munitions) -> None:
    family = next(f for f in families() if f.label == ISKANDER)
    without, counted = held.compare(family, dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    assert (without.label_kn23, counted.label_kn23) == ("without", "with")
    assert without.ratio < 0.8 and counted.ratio > 1.25
    apart = sum(
        a.fired for a in held.north_korean() if a.month.startswith("2025") and a.label == "Iskander-M/KN-23"
    )
    assert counted.fired - without.fired == pytest.approx(apart)


def test_production_after_its_last_figure_is_carried_for_a_year_and_counted(held: Munitions) -> None:
    family = next(f for f in families() if f.label == LONG_RANGE)  # last figure: to May 2023
    (inside,) = held.compare(family, dt.date(2023, 5, 2), dt.date(2023, 5, 31))
    (partly,) = held.compare(family, dt.date(2023, 5, 17), dt.date(2023, 6, 15))
    assert (inside.carried_days, partly.carried_days) == (0, 15)
    assert partly.made == pytest.approx(inside.made)
    end = dt.date(2023, 5, 31) + dt.timedelta(days=CARRIED)
    assert held.compare(family, end - dt.timedelta(days=29), end)
    assert not held.compare(family, end - dt.timedelta(days=28), end + dt.timedelta(days=1))


def test_a_figure_for_a_wider_family_takes_over_from_the_carried_one(held: Munitions) -> None:
    """Iskander-M of 2024 is not carried into 2025, when one figure covers M and K: it would count twice."""
    rows = held.windows(dt.date(2025, 6, 30))
    assert not [r for r in rows if r.family == "Iskander-M"] and [r for r in rows if r.family == ISKANDER]


def test_ranges_hold_the_value_and_families_add_up(held: Munitions) -> None:
    rows = held.windows(held.last)
    for r in rows:
        assert r.fired_low <= r.fired <= r.fired_high and r.made_low <= r.made
        assert r.low is None or r.low <= r.ratio + 1e-9
        assert r.high >= r.ratio - 1e-9
    for n in (30, 84, 183):
        whole = next(
            r for r in rows if r.family.startswith("together") and r.days == n and r.label_kn23 == "with"
        )
        parts = [r for r in rows if r.days == n and r.family in whole.family and r.label_kn23 in ("", "with")
                 and not r.family.startswith("together")]  # fmt: skip
        assert whole.fired == pytest.approx(sum(r.fired for r in parts))
        assert whole.made == pytest.approx(sum(r.made for r in parts))


def test_no_launches_give_zero_and_no_production_no_ratio(held: Munitions) -> None:
    empty = Munitions(replace(held.held, rows=[replace(r, launched=0.0) for r in held.held.rows]), held.made)
    assert {r.ratio for r in empty.windows(empty.last)} == {0.0}
    bare = Munitions(held.held, replace(held.made, figures=[]))
    assert not bare.windows(bare.last) and not bare.months() and not bare.stockpiles()


def test_twice_the_production_halves_the_ratio(held: Munitions) -> None:
    double = [replace(r, value=None if r.value is None else 2 * r.value, low=None if r.low is None else 2 * r.low,
                      high=None if r.high is None else 2 * r.high) for r in held.made.figures]  # fmt: skip
    twice = Munitions(held.held, replace(held.made, figures=double))
    for a, b in zip(held.windows(held.last), twice.windows(held.last), strict=True):
        assert b.ratio == pytest.approx(a.ratio / 2)


def test_only_whole_months_are_given(held: Munitions) -> None:
    months = [m.text for m in whole_months(dt.date(2022, 9, 28), dt.date(2023, 1, 30))]
    assert months == ["2022-10", "2022-11", "2022-12"]
    assert min(r.start for r in held.months()) == "2022-10-01"


def test_more_was_fired_than_made_so_it_came_from_stock(held: Munitions) -> None:
    pile = next(s for s in held.stockpiles() if s.family == LONG_RANGE)
    assert pile.least is not None and 0 < pile.least < pile.most


def test_as_of_the_papers_date_no_production_of_2022_was_public(embedded_only: Holdings) -> None:
    then = of(embedded_only, "2023-03-20")
    assert then.last <= dt.date(2023, 3, 20) and not then.windows(then.last)


def test_what_cannot_be_asked_is_refused(held: Munitions, embedded_only: Holdings) -> None:
    with pytest.raises(UsageError, match="write it as YYYY-MM-DD"):
        window_end("2025", held)
    with pytest.raises(UsageError, match="write a day in between"):
        window_end("2020-01-01", held)
    with pytest.raises(DataError, match="choose a later `as_of`"):
        of(embedded_only, "2022-03-01")


def test_a_newer_file_of_strikes_changes_the_answer_without_a_change_of_code(
    embedded_only: Holdings, tmp_path: Path
) -> None:
    from bilat.catalog.readers.missile_attacks import HEADER

    old = of(embedded_only)
    lines = [",".join(HEADER)]
    day = old.last - dt.timedelta(days=400)
    while day <= old.last + dt.timedelta(days=60):
        cells = {
            "time_start": day.isoformat(),
            "time_end": day.isoformat(),
            "model": "X-101/X-555",
            "launched": "2",
        }
        lines.append(",".join(cells.get(h, "") for h in HEADER))
        day += dt.timedelta(days=1)
    file = tmp_path / "missile_attacks_daily.csv"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    source = sources()["missile_attacks"]
    newer = source.files[0].model_copy(update={"min_rows": 100})
    Store(tmp_path / "h").add(source, newer, file, pulled_on=dt.date(2026, 11, 1))
    both = Holdings(tmp_path / "h")
    both.stores = [embedded_only.stores[0], both.stores[-1]]
    found = of(both)
    assert found.last == old.last + dt.timedelta(days=60)
    assert one(found.windows(found.last), "Kh-101", 30).fired == 60


@pytest.mark.shared
def test_the_publishers_newer_edition_gives_the_ratios_of_june_2026(mirror: Path, tmp_path: Path) -> None:
    source = sources()["missile_attacks"]
    file = mirror / "missile_attacks/missile_attacks_daily_to_2026-06-07.csv"
    Store(tmp_path / "h").add(source, source.files[0], file, pulled_on=dt.date(2026, 6, 7), derive=True)
    found = of(Holdings(tmp_path / "h"))
    rows = found.windows(dt.date(2026, 6, 1))
    assert one(rows, "Kh-101", 84).ratio == pytest.approx(1.39, abs=0.03)
    assert one(rows, "Kalibr", 84).ratio == pytest.approx(0.37, abs=0.03)
    assert all(r.carried_days for r in rows)
