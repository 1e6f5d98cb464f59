# SPDX-License-Identifier: Apache-2.0
"""How far from home joint exercises are held: from a state's outline to the place, on
the sphere.
"""

from __future__ import annotations

import itertools
import json
from typing import Any, Literal

import pyarrow as pa

from bilat.channels.exercises import Inclusion, about, events_of, last_listed_day, year_note
from bilat.measures import Answer, Ask, Interval, Pair, measure
from bilat.units import quantity

#: Mean radius of the Earth (IUGG), km.
RADIUS = 6371.0088


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
    """Great-circle distance in km from (longitude, latitude) to the nearest point of a ring's
    edges.
    """
    import numpy as np

    p = _unit(*point)
    v = _unit([c[0] for c in ring], [c[1] for c in ring])
    a = v[:-1]
    b = v[1:]
    ends = np.minimum(_angle(a, p), _angle(b, p))
    normal = np.cross(a, b)
    length = np.linalg.norm(normal, axis=1)
    best = ends.copy()
    ok = length > 1e-12
    n = normal[ok] / length[ok, None]
    # The foot of the perpendicular lies on the edge if it is between a and b on their great circle.
    between = (np.cross(n, a[ok]) @ p >= 0) & (np.cross(b[ok], n) @ p >= 0)
    best[ok] = np.where(between, np.abs(np.arcsin(np.clip(n @ p, -1, 1))), ends[ok])
    return float(best.min() * RADIUS)


def is_inside(point: tuple[float, float], ring: list[list[float]]) -> bool:
    """Whether a position lies in a ring (rings do not cross the date line)."""
    x, y = point
    found = False
    for (x1, y1), (x2, y2) in itertools.pairwise(ring):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            found = not found
    return found


def polygons(geometry: str) -> list[list[list[list[float]]]]:
    """The polygons of a GeoJSON geometry."""
    shape = json.loads(geometry)
    return [shape["coordinates"]] if shape["type"] == "Polygon" else list(shape["coordinates"])


def distance(point: tuple[float, float], geometry: str) -> float:
    """Km from a position to a country's outline; 0 inside it."""
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
    reference="places of the list of joint exercises; outlines: Natural Earth 1:110 million",
    method="Great-circle distance from the place to the nearer state's territory (0 inside it), or "
    "to the farther state's: maximum or mean of the year's events. Places are approximate, taken "
    "from place names; patrols are one position of a route.",
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
    outlines = {
        r["country"]: r["geometry"]
        for r in ask.query(
            "SELECT country, geometry FROM shapes WHERE country IN (?, ?)", *ask.dyad
        ).to_pylist()
    }
    lacking = [s for s in ask.dyad if s not in outlines]
    if lacking:
        return ask.answer().missing(
            f"no outline of {' and '.join(lacking)} is held as of this date"
        )
    by_year: dict[int, list[tuple[float, str, int]]] = {}
    for i, e in enumerate(rows.to_pylist()):
        in_domain = not domain or domain in (e["domain"] or "").split(";")
        if e["latitude"] is None or e["longitude"] is None or not in_domain:
            continue
        both = [distance((e["longitude"], e["latitude"]), outlines[s]) for s in ask.dyad]
        km = min(both) if from_ == "nearer" else max(both)
        by_year.setdefault(int(e["point"]), []).append((km, e["name"], i))
    list_end = last_listed_day(ask)
    out = ask.answer(note=about(ask, inclusion))
    for year, mine in sorted(by_year.items()):
        distances = [d for d, _, _ in mine]
        value = max(distances) if statistic == "max" else sum(distances) / len(distances)
        note = "; ".join(n for n in (f"farthest: {max(mine)[1]}", year_note(list_end, year)) if n)
        used = rows.take(pa.array([i for _, _, i in mine]))
        out.point(year, value, low=min(distances), high=max(distances), rows=used, note=note)
    return out
