# SPDX-License-Identifier: Apache-2.0
"""The recovery model's arithmetic: exact limits, mass, and laws that hold for any values."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bilat.regeneration.recovery.flows import FlowHistory, history, stock_at_start
from bilat.regeneration.recovery.outlook import (
    HELP,
    StartOfOutlook,
    first_passage,
    peace_course,
    war_course,
)

DRAWS = 40
FITTED = {
    "active_before": (500, 4000), "stored_before": (0, 9000), "effort": (0, 250), "good_share": (0, 1),
    "medium_share": (0, 1), "ramp": (0.5, 12), "cost_medium": (1, 6), "cost_poor": (1, 20),
    "accessible": (0, 0.3), "yield_good": (0, 1), "yield_medium": (0, 1), "yield_poor": (0, 1),
    "new_before": (0, 20), "new_plateau": (0, 60), "detection": (0.3, 1), "detection_slope": (-0.5, 0.5),
    "detection_2026": (-1, 0), "wear": (0, 0.02), "overhaul": (0, 0.5),
}  # fmt: skip
PEACE = {
    "dependence_new": (0, 1),
    "dependence_repair": (0, 1),
    "replaced": (0, 1),
    "growth": (0, 0.5),
    "peace_wear": (0, 1),
    "systems": (0, 30),
    "exposure": (0, 2),
    "repair_capacity": (1, 1),
    "new_capacity": (1, 1),
}
SEEDS = st.integers(0, 2**32 - 1)


def values(seed: int, **fixed: float) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    found = {k: rng.uniform(a, b, DRAWS) for k, (a, b) in (FITTED | PEACE).items()}
    return found | {k: np.full(DRAWS, float(v)) for k, v in fixed.items()}


def past(v: dict[str, np.ndarray], listed: np.ndarray, inside: bool = False) -> FlowHistory:
    return history({**v, "inside": np.full(DRAWS, float(inside))}, listed, midpoint=17, pace=5)


def start(seed: int, **fixed: float) -> StartOfOutlook:
    v = values(seed, **fixed)
    good, medium, poor = stock_at_start(v)
    return StartOfOutlook(
        v["active_before"],
        good,
        medium,
        poor,
        v["new_plateau"] * 2,
        v["effort"],
        v["new_plateau"],
        v | {"overhaul_back": np.zeros(DRAWS)},
    )


def changed(s: StartOfOutlook, **fields: np.ndarray) -> StartOfOutlook:
    from dataclasses import replace

    return replace(s, **fields)


def passage(s: StartOfOutlook, china: str, share: float = 0.9) -> np.ndarray:
    course = peace_course(s, china, 126)  # type: ignore[arg-type]
    return first_passage(course, np.asarray(share * s.rates["active_before"] * 2, np.float32), 6)


def test_without_losses_production_and_repairs_nothing_moves() -> None:
    v = values(1, effort=0, new_before=0, new_plateau=0, wear=0)
    h = past(v, np.zeros(30))
    assert (h.active == v["active_before"]).all()
    assert np.allclose(h.stored, v["stored_before"])
    assert not h.refurbished.any() and not h.lost.any() and not h.new.any()


def test_with_no_stock_no_repair_returns_anything() -> None:
    h = past(values(2, stored_before=0), np.full(30, 50.0))
    assert not h.refurbished.any() and not h.taken.any() and not h.stored.any()


def test_losses_alone_are_listed_losses_over_the_share_that_is_listed() -> None:
    v = values(
        3,
        effort=0,
        new_before=0,
        new_plateau=0,
        wear=0,
        detection=0.5,
        detection_slope=0,
        detection_2026=0,
        active_before=5000,
    )
    h = past(v, np.full(20, 60.0))
    assert np.allclose(h.lost, 120) and np.allclose(h.active[-1], 5000 - 20 * 120)


def test_where_all_losses_are_listed_they_are_the_listed_ones_whatever_the_drift() -> None:
    h = past(values(4, detection=1), np.full(60, 60.0))
    assert (h.lost == 60).all()


def test_a_start_above_the_goal_recovers_at_once_and_none_ever_without_intake() -> None:
    s = start(5, effort=0, new_before=0, new_plateau=0, wear=0, growth=0, systems=0)
    full = first_passage(peace_course(s, "components", 126), s.active.astype(np.float32) * 0.9, 6)
    assert (full == 0).all()
    never = first_passage(peace_course(s, "components", 126), s.active.astype(np.float32) * 1.01, 6)
    assert np.isinf(never).all()


def test_constant_intake_recovers_in_the_month_that_arithmetic_gives() -> None:
    s = start(6, effort=0, new_before=0, new_plateau=25, wear=0, growth=0, stored_before=0)
    s = changed(s, active=np.full(DRAWS, 1000.0), new=np.full(DRAWS, 25.0))
    found = first_passage(peace_course(s, "components", 126), np.full(DRAWS, 1500, np.float32), 6)
    assert (found == 20).all()


def test_a_run_cut_off_by_the_end_does_not_count_and_a_relapse_starts_anew() -> None:
    a = np.array([[0], [2], [2], [0], [2], [2], [2], [2]], np.float32)
    assert first_passage(a, np.array([1], np.float32), 3)[0] == 4
    assert np.isinf(first_passage(a[:6], np.array([1], np.float32), 3)[0])


@given(SEEDS, st.booleans())
@settings(deadline=None, max_examples=30)
def test_vehicles_are_neither_made_nor_lost_in_the_books(seed: int, inside: bool) -> None:
    listed = np.random.default_rng(seed).uniform(0, 150, 40)
    h = past(values(seed), listed, inside)
    intake = h.refurbished + h.new + (h.overhaul * h.lost if inside else 0)
    balance = (intake - h.lost - h.wear * h.active[:-1] + h.floored).sum(axis=0)
    assert np.allclose(h.active[-1] - h.active[0], balance, atol=1e-6)
    assert np.allclose(h.stored[0] - h.stored[-1], h.taken.sum(axis=(0, 1)), atol=1e-6)
    assert (
        (h.stored >= -1e-9).all()
        and (h.active >= 0).all()
        and (h.refurbished <= h.taken.sum(axis=0) + 1e-9).all()
    )


@given(SEEDS, st.floats(1, 4), st.sampled_from(HELP))
@settings(deadline=None, max_examples=40)
def test_more_effort_never_slows_recovery(seed: int, times: float, china: str) -> None:
    s = start(seed)
    before = peace_course(s, china, 126)  # type: ignore[arg-type]
    after = peace_course(changed(s, effort=s.effort * times), china, 126)  # type: ignore[arg-type]
    assert (after >= before * (1 - 1e-5) - 0.01).all()


@given(SEEDS, st.floats(1, 4), st.sampled_from(HELP))
@settings(deadline=None, max_examples=25)
def test_more_new_vehicles_never_slow_recovery(seed: int, times: float, china: str) -> None:
    s = start(seed)
    assert (passage(changed(s, new=s.new * times), china) <= passage(s, china)).all()


@given(SEEDS)
@settings(deadline=None, max_examples=40)
def test_more_help_never_leaves_fewer_vehicles_in_any_draw_or_month(seed: int) -> None:
    s = start(seed)
    none, components, systems = (peace_course(s, kind, 126) for kind in HELP)
    assert (components >= none * (1 - 1e-5) - 0.01).all()
    assert (systems >= components * (1 - 1e-5) - 0.01).all()


@given(SEEDS, st.floats(0, 1))
@settings(deadline=None, max_examples=25)
def test_a_higher_goal_is_never_reached_sooner(seed: int, lower: float) -> None:
    s = start(seed)
    assert (passage(s, "components", 0.9 * lower) <= passage(s, "components", 0.9)).all()


@given(SEEDS)
@settings(deadline=None, max_examples=25)
def test_more_losses_in_the_war_never_leave_more_vehicles(seed: int) -> None:
    s = start(seed)
    few = war_course(s, 12, 9, np.random.default_rng(seed))
    many = war_course(changed(s, losses=s.losses * 2), 12, 9, np.random.default_rng(seed))
    # the monthly scatter grows with its mean: the law is of the mean over draws, not of each draw
    assert many.active.mean() <= few.active.mean() + 1e-6


def test_blocks_do_not_change_the_answer() -> None:
    rng = np.random.default_rng(0)
    v = {k: rng.uniform(a, b, 9000) for k, (a, b) in (FITTED | PEACE).items()}
    whole = StartOfOutlook(
        v["active_before"], *stock_at_start(v), v["effort"], v["effort"], v["new_plateau"], v
    )
    part = {k: x[5000:5100] for k, x in v.items()}
    few = StartOfOutlook(
        part["active_before"],
        *stock_at_start(part),
        part["effort"],
        part["effort"],
        part["new_plateau"],
        part,
    )
    assert (
        peace_course(whole, "systems", 50)[:, 5000:5100] == peace_course(few, "systems", 50)
    ).all()
