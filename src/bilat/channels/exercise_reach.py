# SPDX-License-Identifier: Apache-2.0
"""How far from home joint exercises are held: from a state's outline to the place, on a sphere."""

from __future__ import annotations

import itertools
import json
from typing import Any, Literal, NamedTuple

import pyarrow as pa

from bilat.channels.exercises import (
    SOURCE,
    Inclusion,
    about,
    events_of,
    last_listed_day,
    year_note,
)
from bilat.measures import Answer, Ask, Interval, Pair, measure
from bilat.units import quantity

#: Mean radius of the Earth (IUGG), km.
RADIUS = 6371.0088
#: Length below which an edge of an outline is a point, radians.
_NO_LENGTH = 1e-12


def _unit(lon: Any, lat: Any) -> Any:
    """Unit vectors of positions in degrees, shape (n, 3)."""
    import numpy as np

    lon = np.radians(np.asarray(lon, float))
    lat = np.radians(np.asarray(lat, float))
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)


def _angle(a: Any, b: Any) -> Any:
    """Angle between unit vectors, exact for small ones too."""
    import numpy as np

    return np.arctan2(np.linalg.norm(np.cross(a, b), axis=-1), (a * b).sum(axis=-1))


def to_segments(point: tuple[float, float], ring: list[list[float]]) -> float:
    """Return the great-circle distance from a position to the nearest point of a ring's edges.

    Parameters
    ----------
    point
        longitude and latitude, degrees.
    ring
        corners as longitude and latitude; the last is the first.

    Returns
    -------
    float
        kilometres.
    """
    import numpy as np

    place = _unit(*point)
    corners = _unit([c[0] for c in ring], [c[1] for c in ring])
    start = corners[:-1]
    end = corners[1:]
    to_corner = np.minimum(_angle(start, place), _angle(end, place))
    normal = np.cross(start, end)
    length = np.linalg.norm(normal, axis=1)
    has_length = length > _NO_LENGTH
    start = start[has_length]
    end = end[has_length]
    pole = normal[has_length] / length[has_length, None]
    # The nearest point of an edge's great circle counts only if it lies between the edge's ends.
    is_after_start = np.cross(pole, start) @ place >= 0
    is_before_end = np.cross(end, pole) @ place >= 0
    to_circle = np.abs(np.arcsin(np.clip(pole @ place, -1, 1)))
    nearest = to_corner.copy()
    nearest[has_length] = np.where(is_after_start & is_before_end, to_circle, to_corner[has_length])
    return float(nearest.min() * RADIUS)


def is_inside(point: tuple[float, float], ring: list[list[float]]) -> bool:
    """Return whether a position lies in a ring, by the even-odd rule.

    A line to the east of the position crosses the ring an odd number of times. Rings must not cross
    the date line.
    """
    x, y = point
    is_odd = False
    for (x1, y1), (x2, y2) in itertools.pairwise(ring):
        crosses_parallel = (y1 > y) != (y2 > y)
        if crosses_parallel and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            is_odd = not is_odd
    return is_odd


def polygons(geometry: str) -> list[list[list[list[float]]]]:
    """Return the polygons of a GeoJSON Polygon or MultiPolygon, each as its outer ring and holes."""
    shape = json.loads(geometry)
    coordinates = shape["coordinates"]
    return [coordinates] if shape["type"] == "Polygon" else list(coordinates)


def distance(point: tuple[float, float], geometry: str) -> float:
    """Return the kilometres from a position to a country's outline; 0 inside it."""
    shapes = polygons(geometry)
    for rings in shapes:
        if is_inside(point, rings[0]) and not any(is_inside(point, hole) for hole in rings[1:]):
            return 0.0
    return min(to_segments(point, ring) for rings in shapes for ring in rings)


@measure(
    "exercises.reach",
    of=Pair,
    title="How far from home joint exercises are held",
    unit=quantity("km"),
    tables=("events", "shapes"),
    sources={"events": (SOURCE,)},
    reference=(
        "places from our list of joint exercises; outlines from Natural Earth, 1:110 million"
    ),
    method="The great-circle distance from the place of the exercise to the territory of the "
    "nearer state (0 inside it) or of the farther one. The figure is the year's maximum "
    "or mean. Places are approximate and follow from place names; a patrol counts as one "
    "position on its route.",
    interval=Interval("spread", "low and high: least and greatest distance of the year's events"),
)
def reach(
    ask: Ask,
    inclusion: Inclusion = "both_central",
    from_: Literal["nearer", "farther"] = "nearer",
    statistic: Literal["max", "mean"] = "max",
    domain: str = "naval",
) -> Answer:
    """Groups: one point a year with a place; the note names the farthest event.

    from: nearer or farther: distance to the nearer or to the farther state's territory
    statistic: max or mean of the year's events
    domain: only events in this domain; blank for all
    """
    rows = events_of(ask, inclusion)
    outlines = _outlines(ask)
    lacking = [state for state in ask.dyad if state not in outlines]
    if lacking:
        return ask.answer().missing(
            f"no outline of {' and '.join(lacking)} is stored as of this date"
        )
    choose = min if from_ == "nearer" else max
    by_year: dict[int, list[_Placed]] = {}
    for number, event in enumerate(rows.to_pylist()):
        has_place = event["latitude"] is not None and event["longitude"] is not None
        if not has_place or not _is_in(event["domain"], domain):
            continue
        place = (event["longitude"], event["latitude"])
        km = choose(distance(place, outlines[state]) for state in ask.dyad)
        by_year.setdefault(int(event["point"]), []).append(_Placed(km, event["name"], number))
    list_end = last_listed_day(ask)
    out = ask.answer(note=about(ask, inclusion))
    for year, events in sorted(by_year.items()):
        distances = [event.km for event in events]
        value = max(distances) if statistic == "max" else sum(distances) / len(distances)
        notes = (f"farthest: {max(events).name}", year_note(list_end, year))
        used = rows.take(pa.array([event.row for event in events]))
        out.point(
            year,
            value,
            low=min(distances),
            high=max(distances),
            rows=used,
            note="; ".join(filter(None, notes)),
        )
    return out


class _Placed(NamedTuple):
    """An exercise with a place: how far from home, its name, and its row."""

    km: float
    name: str
    row: int


def _outlines(ask: Ask) -> dict[str, str]:
    """Return the outline of each of the two states, as GeoJSON."""
    found = ask.query("SELECT country, geometry FROM shapes WHERE country IN (?, ?)", *ask.dyad)
    return {row["country"]: row["geometry"] for row in found.to_pylist()}


def _is_in(domains: str | None, wanted: str) -> bool:
    return not wanted or wanted in (domains or "").split(";")
