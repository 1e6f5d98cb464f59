# SPDX-License-Identifier: Apache-2.0
"""Strikes between two days, allocation of mixed rows, and launches against production."""

import csv
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.measures import Ask, ask
from bilat.regeneration.production import Rate, combined, rates, span
from bilat.regeneration.ratio import rate_on
from bilat.regeneration.strikes import Launch, launches
from bilat.when import AsOf


@pytest.fixture(scope="module")
def attacks(mirror: Path) -> list[dict[str, str]]:
    path = mirror / "missile_attacks/missile_attacks_daily_to_2026-06-07.csv"
    with path.open(encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def fired(
    held: Holdings, models: frozenset[str], start: str, end: str, as_of: str | None = None
) -> tuple:  # type: ignore[type-arg]
    question = Ask(Dyad("RUS", "UKR"), AsOf(as_of), {}, held)
    return launches(question).total(
        dt.date.fromisoformat(start), dt.date.fromisoformat(end), models
    )


#: Air- and sea-launched cruise missiles.
CRUISE = frozenset(
    {
        "X-101/X-555",
        "Kalibr",
        "X-22",
        "X-32",
        "X-22/X-32",
        "X-59",
        "X-59MK2",
        "X-59/X-69",
        "X-69",
        "X-35",
    }
)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2022-09-28", "2022-10-09"),
        ("2022-10-10", "2022-12-31"),
        ("2023-01-01", "2023-03-20"),
        ("2024-08-26", "2024-08-26"),
        ("2023-05-01", "2023-05-31"),
        ("2025-01-01", "2025-12-31"),
    ],
)
def test_launches_between_two_days_are_bounded_by_the_files_own_rows(
    start: str, end: str, whole: Holdings, attacks: list[dict[str, str]]
) -> None:
    """Counted from the file by another way: model names as text, without allocation."""
    least = most = 0.0
    for r in attacks:
        if start <= r["time_start"][:10] <= end and r["launched"]:
            models = set(r["model"].split(" and "))
            n = float(r["launched"])
            details = r["launched_details"]
            if details:  # "{'X-101/X-555': 50, 'Kalibr': 12}"
                pairs = [x.rsplit(":", 1) for x in details.strip(" {}").split(",")]
                n = sum(float(v) for k, v in pairs if k.strip(" '") in CRUISE)
                models &= CRUISE
            least += n if models and models <= CRUISE else 0.0
            most += n if models & CRUISE else 0.0
    value, low, high, _ = fired(whole, CRUISE, start, end)
    assert (low, high) == (least, most) and low <= value <= high


def test_models_add_up_to_all_that_was_launched(
    whole: Holdings, attacks: list[dict[str, str]]
) -> None:
    held = launches(Ask(Dyad("RUS", "UKR"), AsOf(), {}, whole))
    models = {m for r in held.rows for m in r.shares}
    each = [held.total(dt.date(2022, 1, 1), dt.date(2027, 1, 1), frozenset({m}))[0] for m in models]
    assert sum(each) == pytest.approx(sum(float(r["launched"] or 0) for r in attacks))
    then = launches(Ask(Dyad("RUS", "UKR"), AsOf("2022-11-30"), {}, whole))
    assert then.rows and max(r.day for r in then.rows) <= dt.date(2022, 11, 30)


def test_strikes_of_another_dyad_are_none(whole: Holdings) -> None:
    m = ask("strikes.production_ratio", ("USA", "IND"), holdings=whole)
    assert not m.points and "United States and India" in m.note


MODELS = st.lists(st.sampled_from("ABCDE"), min_size=1, max_size=4, unique=True)


@given(
    MODELS,
    st.lists(st.floats(0.01, 10), min_size=4, max_size=4),
    st.floats(0, 500),
    st.sets(st.sampled_from("ABCDE")),
)
def test_an_allocation_lies_between_its_bounds(
    models: list[str], weights: list[float], launched: float, wanted: set[str]
) -> None:
    parts = dict(zip(models, weights, strict=False))
    whole = sum(parts.values())
    row = Launch(0, dt.date(2023, 1, 1), launched, {m: w / whole for m, w in parts.items()})
    value, low, high = row.among(frozenset(wanted))
    assert low - 1e-9 <= value <= high + 1e-9
    others = row.among(frozenset("ABCDE") - frozenset(wanted))
    assert value + others[0] == pytest.approx(launched)


# -- production ------------------------------------------------------------------------------------------
def produced(held: Holdings, item: str, year: int) -> list[Rate]:
    rows = Ask(Dyad("RUS", "CHN"), AsOf(), {}, held).query(
        "SELECT * FROM estimates WHERE metric = 'production'"
    )
    return [
        r for r in rates(rows) if r.item.startswith(item) and r.start.year == r.end.year == year
    ]


def test_kh_101_produced_in_2021_and_2023(whole: Holdings) -> None:
    """PF24, exact."""
    assert [combined(produced(whole, "Kh-101 cruise missile", y))[0] for y in (2021, 2023)] == [
        56,
        420,
    ]


def test_conflicting_figures_widen_the_range(whole: Holdings) -> None:
    assert combined(produced(whole, "9M723", 2023))[1:] == (72, 250)
    assert combined(produced(whole, "9M723", 2024)) == (None, 700, None)


def test_active_tanks_are_the_published_points(whole: Holdings) -> None:
    m = ask("stocks.tanks", holdings=whole)
    before = next(p for p in m.points if p.group == "active" and p.period == "2022-02")
    assert (before.low, before.high) == (2927, 3417)
    assert m.value("2024-02", "active") == 1750
    assert len([g for g in m.groups() if g.startswith("Tanks in storage (")]) >= 5


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("2023", "2023-01-01", "2023-12-31"),
        ("2023-Q2", "2023-04-01", "2023-06-30"),
        ("2022-02..2023-05", "2022-02-01", "2023-05-31"),
        ("2022-2024", "2022-01-01", "2024-12-31"),
        ("early 2023", "2023-01-01", "2023-04-30"),
        ("end 2024", "2024-10-01", "2024-12-31"),
        ("before 2022", "2021-01-01", "2021-12-31"),
        ("2025-09", "2025-09-01", "2025-09-30"),
    ],
)
def test_a_period_in_words_is_a_span_of_days(words: str, first: str, last: str) -> None:
    assert span(words) == (dt.date.fromisoformat(first), dt.date.fromisoformat(last))


def rate(start: str, end: str, low: float, high: float | None) -> Rate:
    value = None if high is None else (low + high) / 2
    return Rate("x", dt.date.fromisoformat(start), dt.date.fromisoformat(end), value, low, high, 0)


def test_production_is_flat_within_a_figure_straight_between_and_unknown_outside() -> None:
    found = [
        rate("2022-01-01", "2022-12-31", 100, 100),
        rate("2024-01-01", "2024-12-31", 300, None),
    ]
    assert rate_on(dt.date(2021, 12, 31), found) is None
    assert rate_on(dt.date(2025, 1, 1), found) is None
    inside, between, after = (rate_on(dt.date(y, 7, 2), found) for y in (2022, 2023, 2024))
    assert inside and between and after
    assert (inside.value, inside.high) == (100, 100)
    assert between.value == pytest.approx(200, abs=1) and between.high is None
    assert (after.low, after.high) == (300, None)


@given(st.lists(st.tuples(st.floats(0, 1e4), st.floats(0, 1e4)), min_size=1, max_size=5))
def test_a_combined_range_holds_every_figure(pairs: list[tuple[float, float]]) -> None:
    found = [rate("2023-01-01", "2023-12-31", min(p), max(p)) for p in pairs]
    value, low, high = combined(found)
    assert value is not None and low is not None and high is not None
    assert low <= value <= high
    assert all(low <= (r.value or 0) <= high for r in found)


def test_the_ratio_is_launches_over_production_of_the_same_days(whole: Holdings) -> None:
    """Kh-101 in the twelve weeks to the end of June 2023, against 420 a year."""
    value, *_ = fired(whole, frozenset({"X-101/X-555"}), "2023-04-08", "2023-06-30")
    ratio = ask("strikes.production_ratio", holdings=whole)
    point = next(p for p in ratio.points if p.group == "Kh-101" and p.period == "2023-06")
    assert point.value == pytest.approx(value / (420 * 84 / 365.25))


def test_without_a_production_figure_there_is_no_ratio(whole: Holdings) -> None:
    then = ask("strikes.production_ratio", holdings=whole, as_of="2023-03-20")
    assert not then.points and "no twelve weeks" in then.note


def test_an_open_production_figure_leaves_the_ratio_open_below(whole: Holdings) -> None:
    m = ask("strikes.production_ratio", holdings=whole)
    point = next(p for p in m.points if p.group == "Iskander-M" and p.period == "2024-10")
    assert point.low is None and point.value is not None and point.high is not None
