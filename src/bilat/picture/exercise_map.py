# SPDX-License-Identifier: Apache-2.0
"""The map of joint exercises: the projection, the land, names of states and waters, routes, marks.

Waters are named, and lie, as the record of exercises has them, so that the map says nothing that the
list below it does not.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from bilat.catalog import short_producer
from bilat.catalog import sources as catalog
from bilat.document import typeface
from bilat.document import wording as words
from bilat.errors import Damaged
from bilat.holdings import Holdings
from bilat.picture.exercises import Exercise
from bilat.places import country_name
from bilat.when import AsOf

#: Periods of the map: before Crimea, up to the invasion, since.
ERAS = ((0, 2013, "up to 2013"), (2014, 2021, "2014-21"), (2022, 9999, "since 2022"))
#: Centre of the projection: between the two states, so that both and the Arctic are whole.
CENTRE_LATITUDE = 50.0
CENTRE_LONGITUDE = 100.0
#: Distance from the centre, in degrees of arc, beyond which no land is drawn: it would be torn.
HORIZON = 140.0
WIDTH = 1060
#: Pixels between the outermost exercise and the edge of the map.
MARGIN = 70.0
#: States named on the map beside the two: those that joined most often.
MOST_NAMED = 10
#: Vertices of an outline nearer than this, in degrees, are one.
STEP = 0.5
#: Pixels that two names need between them, across and down.
APART = (85, 15)
#: Waters as the record names them.
_WATER = re.compile(
    r"(?:Sea|Gulf|Strait|Bay) of [A-Z][a-z]+"
    r"|[A-Z][a-z]+(?: China)? (?:Sea|Strait|Channel)"
)


class Spot(NamedTuple):
    """A place on the map, in pixels."""

    x: float
    y: float


@dataclass(frozen=True)
class Projection:
    """Lambert's azimuthal equal-area projection, framed round some places.

    Reference: Snyder, Map Projections: A Working Manual (1987), USGS Professional Paper 1395,
    equations 24-2 to 24-4 and 5-3.

    Attributes
    ----------
    left, top
        the corner of the frame, in radii of the globe
    scale
        pixels for a radius of the globe
    height
        of the frame, in pixels
    """

    left: float
    top: float
    scale: float
    height: int

    @classmethod
    def round(cls, places: Sequence[tuple[float, float]]) -> Projection:
        """Return the projection whose frame holds some places, each a latitude and a longitude."""
        flat = [flattened(latitude, longitude) for latitude, longitude in places]
        left = min(x for x, _ in flat)
        right = max(x for x, _ in flat)
        top = max(y for _, y in flat)
        bottom = min(y for _, y in flat)
        scale = (WIDTH - 2 * MARGIN) / max(right - left, 0.2)
        height = round((top - bottom) * scale + 2 * MARGIN)
        return cls(left - MARGIN / scale, top + MARGIN / scale, scale, height)

    def spot(self, latitude: float, longitude: float) -> Spot:
        """Return where a place lies."""
        x, y = flattened(latitude, longitude)
        return Spot((x - self.left) * self.scale, (self.top - y) * self.scale)

    def shows(self, spot: Spot) -> bool:
        """Return whether a place lies in the frame."""
        return 0 <= spot.x <= WIDTH and 0 <= spot.y <= self.height


def flattened(latitude: float, longitude: float) -> tuple[float, float]:
    """Return a place in the plane, in radii of the globe, from the centre of the projection.

    Parameters
    ----------
    latitude, longitude
        of the place, in degrees
    """
    centre = math.radians(CENTRE_LATITUDE)
    north = math.radians(latitude)
    east = math.radians(longitude - CENTRE_LONGITUDE)
    x = math.cos(north) * math.sin(east)
    y = math.cos(centre) * math.sin(north)
    y -= math.sin(centre) * math.cos(north) * math.cos(east)
    factor = math.sqrt(2 / max(1 + _cosine(latitude, longitude), 1e-12))
    return factor * x, factor * y


def _cosine(latitude: float, longitude: float) -> float:
    """Return the cosine of a place's distance from the centre."""
    centre = math.radians(CENTRE_LATITUDE)
    north = math.radians(latitude)
    east = math.radians(longitude - CENTRE_LONGITUDE)
    return math.sin(centre) * math.sin(north) + (
        math.cos(centre) * math.cos(north) * math.cos(east)
    )


def is_near(latitude: float, longitude: float) -> bool:
    """Return whether a place lies before the horizon."""
    return _cosine(latitude, longitude) > math.cos(math.radians(HORIZON))


def exercise_map(found: Sequence[Exercise], as_of: AsOf, holdings: Holdings) -> str:
    """Return the map as HTML; blank where nothing has a place, or where the outlines are damaged.

    Parameters
    ----------
    found
        the exercises, oldest first, with a place or without one
    as_of
        the day of whose outlines of countries the land is drawn
    holdings
        where these outlines are stored
    """
    placed = [e for e in found if e.latitude is not None and e.longitude is not None]
    shapes = _shapes(as_of, holdings)
    if not placed or not shapes:
        return ""
    projection = Projection.round([(e.latitude or 0.0, e.longitude or 0.0) for e in placed])
    near = Counter(c for e in placed for c in e.joined).most_common(MOST_NAMED)
    named = {country_name(c) for c in ("RUS", "CHN", *(c for c, _ in near))}
    land, states = _land(shapes, projection, named)
    outlines = "".join("M" + "L".join(f"{s.x:.1f},{s.y:.1f}" for s in ring) + "Z" for ring in land)
    seas = waters(placed)
    spots = [projection.spot(e.latitude or 0.0, e.longitude or 0.0) for e in placed]
    labels = "".join(_labels(states, seas, projection, _Ground(spots, land)))
    routes = "".join(_route(e, seas, projection) for e in placed)
    marks = "".join(_mark(e, projection) for e in placed)
    first, last = placed[0].year, placed[-1].year
    return (
        f'<div class="world" data-from="{first}" data-to="{last}">'
        f'<form class="eras">{_boxes(found)}</form>{_KEY}'
        '<div class="wide" role="region" aria-label="Map of joint exercises" tabindex="0">'
        f'<svg viewBox="0 0 {WIDTH} {projection.height}" role="img" '
        f'aria-label="Map of joint exercises"><path class="land" d="{outlines}"/>'
        f"{routes}{marks}{labels}</svg></div>"
        f'<p class="note">{_note(found, placed)}</p></div>'
    )


_KEY = (
    '<p class="eras note"><span><span class="dot joined"></span> ring: other states joined</span> '
    '<span><span class="dot more"></span> larger mark: more troops</span> '
    '<span><span class="passage"></span> line: the waters that they passed, in order</span></p>'
)


def waters(placed: Sequence[Exercise]) -> dict[str, tuple[float, float]]:
    """Return where the record's waters lie: amid the exercises in one alone, or begun there.

    Parameters
    ----------
    placed
        the exercises that have a place
    """
    alone: dict[str, list[tuple[float, float]]] = {}
    begun: dict[str, list[tuple[float, float]]] = {}
    for e in placed:
        names = waters_of(e)
        at = (e.latitude or 0.0, e.longitude or 0.0)
        if len(names) == 1:
            alone.setdefault(names[0], []).append(at)
        elif names and e.place.startswith(names[0]):
            begun.setdefault(names[0], []).append(at)
    return {name: _middle(spots) for name, spots in (begun | alone).items()}


def waters_of(exercise: Exercise) -> list[str]:
    """Return the waters that the place of an exercise names, each once, in order."""
    return list(dict.fromkeys(_WATER.findall(exercise.place)))


def _middle(places: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the place that is nearest to all others: a mean may lie on land."""
    flat = {place: flattened(*place) for place in places}
    return min(places, key=lambda here: sum(math.dist(flat[here], flat[there]) for there in flat))


def _route(exercise: Exercise, seas: dict[str, tuple[float, float]], projection: Projection) -> str:
    """Return an exercise through several waters as a line through those that have a place."""
    spots = [projection.spot(*seas[name]) for name in waters_of(exercise) if name in seas]
    if len(spots) < 2:
        return ""
    line = "L".join(f"{s.x:.1f},{s.y:.1f}" for s in spots)
    return (
        f'<path class="route era{_era(exercise)}" data-year="{exercise.year}" d="M{line}">'
        f"<title>{escape(_says(exercise))}</title></path>"
    )


def _mark(e: Exercise, projection: Projection) -> str:
    """Return a mark for an exercise: larger with more troops, ringed where others joined."""
    spot = projection.spot(e.latitude or 0.0, e.longitude or 0.0)
    size = 4 + min(9.0, math.sqrt((e.troops or 0.0) / 1500))
    says = escape(_says(e))
    return (
        f'<circle class="era{_era(e)}{" joined" if e.joined else ""}" data-year="{e.year}" '
        f'cx="{spot.x:.1f}" cy="{spot.y:.1f}" r="{size:.1f}" '
        f'data-t="{says}"><title>{says}</title></circle>'
    )


def _says(exercise: Exercise) -> str:
    joined = f"; joined by {exercise.others}" if exercise.others else ""
    return f"{exercise.name}, {words.period(exercise.period)}, {exercise.place}{joined}"


def _era(exercise: Exercise) -> int:
    return next(i for i, (first, last, _) in enumerate(ERAS) if first <= exercise.year <= last)


def _boxes(found: Sequence[Exercise]) -> str:
    """Return what turns each period off, without a script."""
    return "".join(
        f'<label><input type="checkbox" id="era{i}" checked> <span class="dot era{i}"></span> '
        f"{label} ({sum(_era(e) == i for e in found)})</label>"
        for i, (_, _, label) in enumerate(ERAS)
    )


def _note(found: Sequence[Exercise], placed: Sequence[Exercise]) -> str:
    """Return what is missing, who has the record, and whose outlines these are."""
    missing = len(found) - len(placed)
    first = f"Exercises without a known place, in the list only: {missing}. " if missing else ""
    makers = dict.fromkeys(short_producer(catalog()[e.source].producer) for e in found)
    return (
        f"{first}Source: {escape('; '.join(makers))}; outlines: Natural Earth. "
        "Lambert azimuthal equal-area projection."
    )


def _shapes(as_of: AsOf, holdings: Holdings) -> list[tuple[str, str]]:
    """Return the outlines of countries by name; none where they are damaged."""
    try:
        holdings.need(("shapes",))
    except Damaged:
        return []
    query = "SELECT name, geometry FROM shapes WHERE name <> 'Antarctica' ORDER BY locator"
    cursor = holdings.connect(as_of, query).connection.cursor()
    try:
        return cursor.execute(query).fetchall()
    finally:
        cursor.close()


def _land(
    shapes: Sequence[tuple[str, str]], projection: Projection, named: set[str]
) -> tuple[list[list[Spot]], dict[str, Spot]]:
    """Return the outlines, and where the names of some states stand."""
    rings: list[list[Spot]] = []
    labels: dict[str, Spot] = {}
    for name, text in shapes:
        longest: list[Spot] = []
        shape = json.loads(text)
        polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        for polygon in polygons:
            ring = _thin(polygon[0])
            spots = [projection.spot(latitude, longitude) for longitude, latitude in ring]
            whole = all(is_near(latitude, longitude) for longitude, latitude in ring)
            if len(spots) < 4 or not whole or not any(map(projection.shows, spots)):
                continue
            rings.append(spots)
            longest = max(longest, spots, key=len)
        if name in named and longest:
            x = sum(s.x for s in longest) / len(longest)
            y = sum(s.y for s in longest) / len(longest)
            labels[name] = Spot(x, y)
    return rings, labels


def _labels(
    states: dict[str, Spot],
    seas: dict[str, tuple[float, float]],
    projection: Projection,
    ground: _Ground,
) -> Iterator[str]:
    """Yield the names that have room, each where it hides least; none lies on another."""
    taken: list[Spot] = []
    wanted = [("state", name, spot) for name, spot in states.items()]
    wanted += [("sea", name, projection.spot(*place)) for name, place in seas.items()]
    for kind, name, near in wanted:
        half = typeface.width(name) / 2
        places = [
            Spot(near.x + side * (half + 12), near.y + down)
            for side, down in _BESIDE
            if kind == "state" or (side, down) != (0, 0)
        ]
        free = [p for p in places if projection.shows(p) and not _meets(p, taken)]
        if not free:
            continue
        spot = min(free, key=lambda p: ground.hidden(p, half, is_sea=kind == "sea"))
        taken.append(spot)
        yield (
            f'<text class="{kind}" x="{spot.x:.0f}" y="{spot.y:.0f}" '
            f'text-anchor="middle">{escape(name)}</text>'
        )


#: Where a name may stand: half its width to a side, pixels down. The first has precedence.
_BESIDE = ((0, 0), (0, 20), (0, -11), (1, 5), (-1, 5), (0, 36), (0, -27))


def _meets(spot: Spot, taken: Sequence[Spot]) -> bool:
    """Return whether a name would lie on one that is placed."""
    across, down = APART
    return any(abs(spot.x - t.x) < across and abs(spot.y - t.y) < down for t in taken)


@dataclass(frozen=True)
class _Ground:
    """What names of the map should not lie on: marks, and for waters the land."""

    marks: Sequence[Spot]
    land: Sequence[Sequence[Spot]]

    def hidden(self, spot: Spot, half: float, *, is_sea: bool) -> int:
        """Return how many marks, and ends and middles on land, a name of a half width hides."""
        marks = sum(abs(spot.x - m.x) < half + 5 and -15 < m.y - spot.y < 6 for m in self.marks)
        places = [Spot(spot.x + side * half, spot.y - 4) for side in (-1, 0, 1)] if is_sea else []
        return marks + sum(any(lies_within(ring, place) for ring in self.land) for place in places)


def lies_within(ring: Sequence[Spot], place: Spot) -> bool:
    """Return whether a place lies within an outline: left of it are an odd number of edges."""
    within = False
    for one, other in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (one.y > place.y) != (other.y > place.y):
            along = (place.y - one.y) / (other.y - one.y)
            within ^= one.x + along * (other.x - one.x) < place.x
    return within


def _thin(ring: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
    """Return vertices on a grid, so that both neighbours of a border keep or drop the same ones."""
    thin: list[tuple[float, float]] = []
    for longitude, latitude in ring:
        near = (
            round(round(longitude / STEP) * STEP, 1),
            round(round(latitude / STEP) * STEP, 1),
        )
        if not thin or thin[-1] != near:
            thin.append(near)
    return thin
