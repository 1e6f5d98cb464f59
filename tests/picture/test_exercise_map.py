# SPDX-License-Identifier: Apache-2.0
"""The map of exercises: an equal-area projection, waters and routes of the record, its source."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.picture.exercise_map import (
    CENTRE_LATITUDE,
    CENTRE_LONGITUDE,
    WIDTH,
    Projection,
    Spot,
    exercise_map,
    flattened,
    is_near,
    lies_within,
    waters,
    waters_of,
)
from bilat.picture.exercises import Exercise
from bilat.picture.exercises import held as held_exercises
from bilat.when import AsOf

NOW = AsOf("2026-11-30")
PAIR = Dyad("RUS", "CHN")


@pytest.fixture(scope="module")
def found(held: Holdings) -> list[Exercise]:
    return held_exercises(PAIR, NOW, held)


@pytest.fixture(scope="module")
def drawn(found: list[Exercise], held: Holdings) -> str:
    return exercise_map(found, NOW, held)


@given(
    latitude=st.floats(min_value=-60, max_value=85),
    longitude=st.floats(min_value=-180, max_value=180),
)
def test_equal_areas_of_the_globe_are_equal_on_the_map(latitude: float, longitude: float) -> None:
    """The area of a small cell is that on the globe: the cosine of its latitude."""
    if not is_near(latitude, longitude):
        return
    step = 1e-4
    x, y = flattened(latitude, longitude)
    east = flattened(latitude, longitude + step)
    north = flattened(latitude + step, longitude)
    area = abs((east[0] - x) * (north[1] - y) - (north[0] - x) * (east[1] - y))
    assert area / math.radians(step) ** 2 == pytest.approx(
        math.cos(math.radians(latitude)), abs=2e-3
    )


def test_the_centre_is_in_the_middle_and_the_pole_straight_above_it() -> None:
    assert flattened(CENTRE_LATITUDE, CENTRE_LONGITUDE) == pytest.approx((0, 0), abs=1e-12)
    x, y = flattened(90, 17)
    assert x == pytest.approx(0, abs=1e-12)
    # 2 sin(c / 2) of a distance of forty degrees
    assert y == pytest.approx(2 * math.sin(math.radians(20)))


def test_every_exercise_with_a_place_lies_in_the_frame(found: list[Exercise]) -> None:
    places = [(e.latitude, e.longitude) for e in found if e.latitude is not None]
    projection = Projection.round([(a, b) for a, b in places if a is not None and b is not None])
    for latitude, longitude in places:
        assert latitude is not None and longitude is not None
        assert projection.shows(projection.spot(latitude, longitude))
    assert 300 < projection.height < 2 * WIDTH


def test_the_map_has_a_mark_for_each_its_source_and_waters(
    found: list[Exercise], drawn: str
) -> None:
    placed = [e for e in found if e.latitude is not None]
    assert drawn.count("<circle") == len(placed)
    assert f"in the list only: {len(found) - len(placed)}" in drawn
    assert "Source: " in drawn and "Natural Earth" in drawn
    names = re.findall(r'<text class="sea"[^>]*>([^<]+)<', drawn)
    assert {"Gulf of Oman", "Bering Sea"} <= set(names)
    assert f'data-from="{placed[0].year}" data-to="{placed[-1].year}"' in drawn


def test_waters_and_routes_are_of_the_record(found: list[Exercise], drawn: str) -> None:
    placed = [e for e in found if e.latitude is not None]
    seas = waters(placed)
    places = {(e.latitude, e.longitude) for e in placed}
    assert set(seas.values()) <= places  # each lies where an exercise was
    for name in seas:
        assert any(name in e.place for e in placed)
    through = [e for e in placed if sum(name in seas for name in waters_of(e)) > 1]
    assert drawn.count('<path class="route') == len(through) > 5


def test_names_lie_on_no_other_and_names_of_waters_seldom_on_land(drawn: str) -> None:
    outlines = re.findall(r"M([\d.,L-]+)Z", drawn)
    land = [[Spot(*map(float, p.split(","))) for p in ring.split("L")] for ring in outlines]
    texts = re.findall(r'<text class="(\w+)" x="(\d+)" y="(\d+)"[^>]*>([^<]+)<', drawn)
    spots = [(int(x), int(y)) for _, x, y, _ in texts]
    for i, (x, y) in enumerate(spots):
        assert all(abs(x - a) >= 85 or abs(y - b) >= 15 for a, b in spots[i + 1 :])
    seas = [Spot(int(x), int(y) - 4) for kind, x, y, _ in texts if kind == "sea"]
    dry = sum(any(lies_within(ring, place) for ring in land) for place in seas)
    assert len(seas) > 8 and dry <= len(seas) / 4


def test_a_place_lies_within_an_outline_or_not() -> None:
    square = [Spot(0, 0), Spot(4, 0), Spot(4, 4), Spot(0, 4)]
    assert lies_within(square, Spot(2, 2)) and not lies_within(square, Spot(5, 2))


def test_without_a_place_there_is_no_map(held: Holdings) -> None:
    assert exercise_map([], NOW, held) == ""
