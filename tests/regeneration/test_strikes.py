# SPDX-License-Identifier: Apache-2.0
"""Strikes by month and window, allocation of mixed rows, and launches against production."""

import csv
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.errors import UsageError
from bilat.holdings import Holdings
from bilat.measures import ask
from bilat.regeneration.production import Rate, combined, span
from bilat.regeneration.ratio import families, rate_on
from bilat.regeneration.strikes import Launch, types

CRUISE = "air- and sea-launched cruise missiles"


@pytest.fixture(scope="module")
def attacks(mirror: Path) -> list[dict[str, str]]:
    path = mirror / "missile_attacks/missile_attacks_daily_to_2026-06-07.csv"
    with path.open(encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def test_air_and_sea_launched_cruise_missiles_from_10_october_2022_to_the_years_end(whole: Holdings) -> None:
    """CSIS counted over 600; the Air Force's posts give 644, of which 23 of unknown launch."""
    m = ask("strikes.window", holdings=whole)
    (point,) = m.points
    assert (point.value, point.low, point.high, point.period) == (644, 621, 644, "2022-12-31")
    assert point.group == CRUISE and sum(r["launched"] for r in m.rows()) == 644


@pytest.mark.parametrize(
    ("start", "end"),
    [("2022-09-28", "2022-10-09"), ("2023-01-01", "2023-03-20"), ("2024-08-26", "2024-08-26"),
     ("2023-05-01", "2023-05-31"), ("2025-01-01", "2025-12-31")],
)  # fmt: skip
def test_a_window_is_bounded_by_the_files_own_rows(
    start: str, end: str, whole: Holdings, attacks: list[dict[str, str]]
) -> None:
    """Counted from the file by another way: model names as text, without allocation."""
    cruise = next(t for t in types() if t.name == "cruise_air_sea")
    least = most = 0.0
    for r in attacks:
        if start <= r["time_start"][:10] <= end and r["launched"]:
            models = set(r["model"].split(" and "))
            n = float(r["launched"])
            details = r["launched_details"]
            if details:  # "{'X-101/X-555': 50, 'Kalibr': 12}"
                pairs = [x.rsplit(":", 1) for x in details.strip(" {}").split(",")]
                n = sum(float(v) for k, v in pairs if k.strip(" '") in cruise.models)
                models &= cruise.models
            if models and models <= cruise.models:
                least += n
            if models & (cruise.models | cruise.uncertain):
                most += n
    m = ask("strikes.window", holdings=whole, period=f"{start}..{end}")
    (point,) = m.points
    low = point.value if point.low is None else point.low
    high = point.value if point.high is None else point.high
    assert (low, high) == (least, most)
    assert low <= point.value <= high  # type: ignore[operator]


def test_shaheds_of_a_month_are_the_files_own_sum(whole: Holdings, attacks: list[dict[str, str]]) -> None:
    m = ask("strikes.monthly", holdings=whole)
    for month in ("2022-10", "2023-12", "2025-07"):
        wanted = sum(
            float(r["launched"] or 0)
            for r in attacks
            if r["model"] == "Shahed-136/131" and r["time_start"].startswith(month)
        )
        point = next(p for p in m.points if p.period == month and p.group.startswith("Shahed"))
        assert (point.low if point.low is not None else point.value) == wanted


def test_types_add_up_to_all_that_was_launched(whole: Holdings, attacks: list[dict[str, str]]) -> None:
    whole_sum = sum(float(r["launched"] or 0) for r in attacks)
    for by in ("type", "model"):
        m = ask("strikes.monthly", holdings=whole, by=by)
        assert sum(p.value or 0 for p in m.points) == pytest.approx(whole_sum)


def test_every_model_held_has_one_type(whole: Holdings) -> None:
    assert "models not yet classified" not in ask("strikes.monthly", holdings=whole).groups()
    named = [m for t in types() for m in t.models | t.uncertain]
    assert len(named) == len(set(named))


def test_types_agree_with_the_publishers_dictionary(whole: Holdings) -> None:
    category = {
        "cruise_air_sea": "cruise missile",
        "cruise_ground": "cruise missile",
        "ballistic": "ballistic missile",
        "surface_to_air": "surface-to-air missile",
        "one_way_drone": "UAV",
        "other_drone": "UAV",
        "guided_bomb": "guided bomb",
    }
    from bilat.when import AsOf

    rows = (
        whole.connect(AsOf()).connection.cursor().execute("SELECT model, category FROM munitions").fetchall()
    )
    described = dict(rows)
    for t in types():
        for model in t.models | t.uncertain:
            assert described.get(model, category[t.name]) == category[t.name], model


def test_an_unknown_type_or_grouping_is_refused(whole: Holdings) -> None:
    with pytest.raises(UsageError, match="the types are: cruise_air_sea"):
        ask("strikes.window", holdings=whole, types="rockets")
    with pytest.raises(UsageError, match="'colour' is not allowed; use type, model"):
        ask("strikes.monthly", holdings=whole, by="colour")
    with pytest.raises(UsageError, match="is not a window"):
        ask("strikes.window", holdings=whole, period="autumn")


def test_a_window_ends_with_the_as_of_date(whole: Holdings) -> None:
    m = ask("strikes.window", holdings=whole, as_of="2022-11-30")
    assert m.points[0].period == "2022-11-30" and (m.points[0].value or 0) < 644


def test_strikes_of_another_dyad_are_none(whole: Holdings) -> None:
    for name in ("strikes.monthly", "strikes.window", "strikes.production_ratio"):
        m = ask(name, ("USA", "IND"), holdings=whole)
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
def test_kh_101_produced_in_2021_and_2023(whole: Holdings) -> None:
    m = ask("production.missiles", holdings=whole)
    assert m.value("2021", "Kh-101 cruise missile") == 56
    assert m.value("2023", "Kh-101 cruise missile") == 420


def test_conflicting_figures_widen_the_range(whole: Holdings) -> None:
    m = ask("production.missiles", holdings=whole)
    iskander = next(p for p in m.points if p.group.startswith("9M723") and p.period == "2023")
    assert (iskander.low, iskander.high, iskander.note) == (72, 250, "2 figures")
    over = next(p for p in m.points if p.group.startswith("9M723") and p.period == "2024")
    assert (over.value, over.low, over.high) == (None, 700, None)


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
    found = [rate("2022-01-01", "2022-12-31", 100, 100), rate("2024-01-01", "2024-12-31", 300, None)]
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
    window = ask("strikes.window", holdings=whole, period="2023-04-08..2023-06-30", types="X-101/X-555")
    ratio = ask("strikes.production_ratio", holdings=whole)
    point = next(p for p in ratio.points if p.group == "Kh-101" and p.period == "2023-06")
    assert point.value == pytest.approx((window.points[0].value or 0) / (420 * 84 / 365.25))


def test_families_of_the_missile_group_share_no_missile_on_one_day() -> None:
    summed = [f for f in families() if f.summed]
    pairs = [(a.label, b.label) for n, a in enumerate(summed) for b in summed[n + 1 :] if a.models & b.models]
    assert pairs == [("Iskander-M", "Iskander-M and Iskander-K")]  # of 2023-2024 and of 2025


def test_no_month_counts_both_iskander_families(whole: Holdings) -> None:
    for p in ask("strikes.production_ratio", holdings=whole).points:
        assert p.note.count("Iskander-M") <= 1


def test_without_a_production_figure_there_is_no_ratio(whole: Holdings) -> None:
    then = ask("strikes.production_ratio", holdings=whole, as_of="2023-03-20")
    assert not then.points and "no twelve weeks" in then.note


def test_an_open_production_figure_leaves_the_ratio_open_below(whole: Holdings) -> None:
    m = ask("strikes.production_ratio", holdings=whole)
    point = next(p for p in m.points if p.group == "Iskander-M" and p.period == "2024-10")
    assert point.low is None and point.value is not None and point.high is not None
