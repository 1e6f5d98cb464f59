# SPDX-License-Identifier: Apache-2.0
"""Tankers on an orbit: three limits, and a queue that agrees with them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilat.contingency.backfill.tankers import Orbit, a330, count, offload, served, simulated
from bilat.errors import UsageError


def test_the_published_point_is_met() -> None:
    assert offload(a330(), Orbit(1000, 2)) == pytest.approx(65, abs=0.1)


@pytest.mark.parametrize(("radius", "station"), [(1000.0, 2.0), (1500.0, 4.0)])
def test_with_fifteen_tankers_or_more_the_queue_needs_what_the_formula_says(
    radius: float, station: float
) -> None:
    asked = Orbit(radius, station, 20)
    assert count(a330(), asked).needed >= 15
    assert 1.0 <= simulated(a330(), asked)[1] <= 1.15


def test_receivers_in_waves_need_more_than_receivers_at_random() -> None:
    asked = Orbit(500, 4, 10)
    assert simulated(a330(), asked, wave=4.0)[0] > simulated(a330(), asked)[0]


def test_far_fewer_tankers_than_the_formula_leave_receivers_dry() -> None:
    asked = Orbit(1000, 4, 20)
    half = count(a330(), asked).needed // 2
    assert served(a330(), asked, half, 0) < 0.7


def test_few_receivers_leave_presence_as_the_limit_and_near_ones_the_boom() -> None:
    assert count(a330(), Orbit(1000, 2, 1)).binds == "presence"
    assert count(a330(), Orbit(250, 2, 20)).binds == "boom"
    assert count(a330(), Orbit(1500, 4, 20)).binds == "fuel"


@given(st.floats(0, 1500), st.floats(0.5, 4), st.floats(0, 30), st.floats(1, 3))
@settings(max_examples=60, deadline=None)
def test_more_receivers_and_a_farther_orbit_never_need_fewer_tankers(
    radius: float, station: float, rate: float, times: float
) -> None:
    here = count(a330(), Orbit(radius, station, rate)).needed
    assert count(a330(), Orbit(radius, station, rate * times)).needed >= here
    assert count(a330(), Orbit(radius + 50, station, rate)).needed >= here


def test_an_orbit_out_of_reach_is_refused() -> None:
    with pytest.raises(UsageError, match="nearer base"):
        offload(a330(), Orbit(5000, 2))
