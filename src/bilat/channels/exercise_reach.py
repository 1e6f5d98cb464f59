# SPDX-License-Identifier: Apache-2.0
"""How far from home joint exercises are held: from a state's outline to the place, on the sphere."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pyarrow as pa

from bilat.channels.exercises import INCLUSION, held, list_ends, list_is_of, rules, year_note
from bilat.errors import UsageError
from bilat.measures import Answer, Ask, Point, measure

#: Mean radius of the Earth (IUGG), km.
RADIUS = 6371.0088


def _unit(lon: Any, lat: Any) -> Any:
    """Unit vectors of positions in degrees, shape (n, 3)."""
    import numpy as np

    lon, lat = np.radians(np.asarray(lon, float)), np.radians(np.asarray(lat, float))
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)


def _angle(a: Any, b: Any) -> Any:
    """Angle between unit vectors, exact for small ones too."""
    import numpy as np

    return np.arctan2(np.linalg.norm(np.cross(a, b), axis=-1), (a * b).sum(axis=-1))


def to_segments(point: tuple[float, float], ring: list[list[float]]) -> float:
    """Great-circle distance in km from (longitude, latitude) to the nearest point of a ring's edges."""
    import numpy as np

    p = _unit(*point)
    v = _unit([c[0] for c in ring], [c[1] for c in ring])
    a, b = v[:-1], v[1:]
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


def inside(point: tuple[float, float], ring: list[list[float]]) -> bool:
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
        if inside(point, rings[0]) and not any(inside(point, hole) for hole in rings[1:]):
            return 0.0
    return min(to_segments(point, ring) for rings in shapes for ring in rings)


@measure(
    "exercises.reach",
    title="How far from home joint exercises are held",
    unit="km",
    tables=("events", "shapes"),
    reference="places of the list of joint exercises; outlines: Natural Earth 1:110 million",
    method="Great-circle distance from the place to the nearer state's territory (0 inside it), or to the "
    "farther state's: maximum or mean of the year's events. "
    "Places are approximate, taken from place names; patrols are one position of a route.",
    interval="low and high: least and greatest distance of the year's events",
    params={
        "inclusion": ("both_central", INCLUSION[1]),
        "from": ("nearer", "nearer or farther: distance to the nearer or to the farther state's territory"),
        "statistic": ("max", "max or mean of the year's events"),
        "domain": ("naval", "only events in this domain; blank for all"),
    },
)
def reach(ask: Ask) -> Answer:
    """One point a year with a place; the note names the farthest event."""
    for name, known in (("from", ("nearer", "farther")), ("statistic", ("max", "mean"))):
        if ask.params[name] not in known:
            raise UsageError(f"{name}={ask.params[name]!r} must be {' or '.join(known)}")
    rows = held(ask, ask.params["inclusion"])
    outlines = {
        r["country"]: r["geometry"]
        for r in ask.query(
            "SELECT country, geometry FROM shapes WHERE country IN (?, ?)", *ask.dyad
        ).to_pylist()
    }
    lacking = [s for s in ask.dyad if s not in outlines]
    if lacking:
        return Answer(
            [], rows.slice(0, 0), note=f"no outline of {' and '.join(lacking)} is held as of this date"
        )
    keep, found = [], []
    for i, e in enumerate(rows.to_pylist()):
        in_domain = not ask.params["domain"] or ask.params["domain"] in (e["domain"] or "").split(";")
        if e["latitude"] is None or e["longitude"] is None or not in_domain:
            continue
        both = [distance((e["longitude"], e["latitude"]), outlines[s]) for s in ask.dyad]
        keep.append(i)
        found.append((int(e["point"]), min(both) if ask.params["from"] == "nearer" else max(both), e["name"]))
    rows = rows.take(pa.array(keep, pa.int64()))
    rows = rows.set_column(
        rows.schema.get_field_index("grp"), "grp", pa.array([""] * rows.num_rows, pa.string())
    )
    list_end = list_ends(ask)
    points = []
    for year in sorted({y for y, _, _ in found}):
        mine = [(km, name) for y, km, name in found if y == year]
        km = [d for d, _ in mine]
        value = max(km) if ask.params["statistic"] == "max" else sum(km) / len(km)
        note = "; ".join(n for n in (f"farthest: {max(mine)[1]}", year_note(list_end, year)) if n)
        points.append(Point(str(year), value, min(km), max(km), "derived", "", note))
    about = rules()["inclusion"][ask.params["inclusion"]]["about"]
    return Answer(points, rows, note=list_is_of(ask) or about)
