# SPDX-License-Identifier: Apache-2.0
"""Where the two exercised together: place, year, size, and whether others joined."""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bilat.document import palette
from bilat.document import wording as words
from bilat.dyad import Dyad
from bilat.errors import Damaged
from bilat.holdings import Holdings
from bilat.measures import Measurement
from bilat.picture.charts.charts import SCHEMA, Chart, config
from bilat.picture.charts.skeletons import skeleton
from bilat.places import country_name
from bilat.when import AsOf

#: Places named on the map.
LABELS = 10
#: Years at which the map is cut into panels: Crimea, and the full-scale invasion.
ERAS = ((0, 2013), (2014, 2021), (2022, 9999))


@dataclass(frozen=True)
class Exercise:
    """One joint exercise with a place on the map, or without one."""

    event: str
    name: str
    period: str
    place: str
    latitude: float | None
    longitude: float | None
    participants: tuple[str, ...]
    joined: tuple[str, ...]  #: others than the dyad
    domain: str
    kind: str
    troops: float | None
    ships: float | None
    aircraft: float | None
    url: str
    source: str
    locator: str
    known_on: str
    snapshot: str

    @property
    def year(self) -> int:
        return int(self.period[:4])

    @property
    def size(self) -> str:
        """``10,000 troops, 7 ships``, or ``size not given``."""
        parts = [
            f"{words.number(n)} {word if n != 1 else word.rstrip('s')}"
            for n, word in ((self.troops, "troops"), (self.ships, "ships"))
            if n
        ]
        if self.aircraft:
            parts.append(f"{words.number(self.aircraft)} aircraft")
        return ", ".join(parts) or "size not given"

    @property
    def others(self) -> str:
        return words.joined([country_name(c) for c in self.joined])


def exercises(m: Measurement) -> list[Exercise]:
    """The events behind the count of joint exercises, each once, oldest first."""
    by_key: dict[str, Exercise] = {}
    for r in m.evidence.to_pylist():
        who = tuple(c.strip() for c in r["participants"].split(";") if c.strip())
        by_key.setdefault(
            r["event"],
            Exercise(
                event=r["event"],
                name=r["name"],
                period=r["period"],
                place=r["place"] or "",
                latitude=r["latitude"],
                longitude=r["longitude"],
                participants=who,
                joined=tuple(c for c in who if c not in (m.dyad.a, m.dyad.b)),
                domain=(r["domain"] or "").replace(";", ", "),
                kind=r["class"],
                troops=r["troops"],
                ships=r["ships"],
                aircraft=r["aircraft"],
                url=r["url"] or "",
                source=r["source"],
                locator=r["locator"],
                known_on=str(r["known_on"]),
                snapshot=r["snapshot"],
            ),
        )
    return sorted(by_key.values(), key=lambda e: (e.period, e.event))


def land(as_of: AsOf, holdings: Holdings, *, coarse: bool = False) -> list[dict[str, Any]]:
    """Country outlines as GeoJSON features, to a tenth of a degree (11 km); ``coarse`` for a small map.

    Antarctica is left out: no state exercises there, and it would take a fifth of the map. Where the outlines
    held are damaged there are none, and the map is drawn without land.
    """
    try:
        holdings.need(("shapes",))
    except Damaged:
        return []
    cursor = holdings.connect(as_of).connection.cursor()
    try:
        found = cursor.execute(
            "SELECT geometry FROM shapes WHERE name <> 'Antarctica' ORDER BY locator"
        ).fetchall()
    finally:
        cursor.close()
    features = []
    for (text,) in found:
        shape = json.loads(text)
        polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        kept = [_rings(p, 1.2 if coarse else 0.5) for p in polygons]
        kept = [p for p in kept if p]
        if kept:
            geometry = {"type": "MultiPolygon", "coordinates": kept}
            features.append({"type": "Feature", "properties": {}, "geometry": geometry})
    return features


def _rings(polygon: list[list[list[float]]], step: float) -> list[list[list[float]]]:
    """The outer ring and its holes with vertices nearer than ``step`` degrees dropped; [] if nothing is left.

    Vertices on a grid of that step are kept or dropped alike by both neighbours of a border.
    """
    rings = []
    for ring in polygon:
        thin: list[list[float]] = []
        for lon, lat in ring:
            near = [round(round(lon / step) * step, 1), round(round(lat / step) * step, 1)]
            if not thin or thin[-1] != near:
                thin.append(near)
        if len(thin) >= 4 and _area(ring) * _area(thin) > 0 and abs(_area(thin)) > step * step:
            rings.append(thin)
        elif not rings:
            return []
    return rings


def _area(ring: list[list[float]]) -> float:
    """Signed area in square degrees: a ring that thinning has turned over would fill the whole sphere."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring)) / 2


def title(dyad: Dyad, held: Sequence[Exercise]) -> str:
    """The finding: how many, where from and to, how many with others."""
    if not held:
        return f"No joint exercise of {dyad.name} is held"
    others = [e for e in held if e.joined]
    first, last = held[0].year, held[-1].year
    span = f"in {first}" if first == last else f"from {first} to {last}"
    many = f"{len(held)} joint exercise{'s' if len(held) != 1 else ''} {span}"
    if {dyad.a, dyad.b} != {
        "RUS",
        "CHN",
    }:  # the list is theirs, and of others it holds what they did with both
        of_theirs = many.replace(f" {span}", f" of Russia and China {span}")
        return f"{dyad.name} took part in {of_theirs}; others of theirs are not listed"
    return f"{many}; other states joined {len(others)} of them"


def world(
    dyad: Dyad,
    drawn: Sequence[Exercise],
    outlines: list[dict[str, Any]],
    as_of: AsOf,
    source: str,
    *,
    width: int = 1060,
    era: tuple[int, int] | None = None,
) -> Chart | None:
    """The map: a circle an exercise of the two alone, a diamond one that others joined; size by troops."""
    inside = [e for e in drawn if era is None or era[0] <= e.year <= era[1]]
    placed = [e for e in inside if e.latitude is not None and e.longitude is not None]
    if not placed or not outlines:
        return None
    rows = [
        {
            "lat": round(e.latitude or 0.0, 2),
            "lon": round(e.longitude or 0.0, 2),
            "n": e.name,
            "p": words.period(e.period),
            "w": e.place,
            "t": e.size,
            "o": e.others or "none",
            "j": "joined" if e.joined else "alone",
            "e": next(i for i, (a, b) in enumerate(ERAS) if a <= e.year <= b),
            "z": e.troops or 0,
            "d": f"{e.name}, {words.period(e.period)}, {e.place}: {e.size}"
            + (f"; joined by {e.others}" if e.others else ""),
        }
        for e in placed
    ]
    named = "" if era is None else _era(era, drawn)
    missing = len(inside) - len(placed)
    notes = []
    if era is None:
        notes = [
            "Circle: the two alone. Diamond: others joined. Size of the mark: troops, where given",
            f"Empty: to {ERAS[0][1]}. Pale: {ERAS[1][0]} to {ERAS[1][1]}. Full: since {ERAS[2][0]}",
        ]
    if missing:
        notes.append(f"Without a place on the map, in the list only: {missing}")
    told = title(dyad, inside)
    where = [name for name, _, _ in places(placed, 6)]
    return Chart(
        spec=_frames(rows, placed, outlines, width, label=era is None),
        rows=rows,
        title=told
        if era is None
        else f"{named}: {len(inside)} exercises, others joined {sum(bool(e.joined) for e in inside)}",
        subtitle="Joint exercises by place, size and company",
        foot=f"Source: {source}. As of {words.day(as_of.date)}. Outlines: Natural Earth.",
        alt=f"{told}. Map of Eurasia{_beyond(rows)}. Most were at {'; '.join(where)}.",
        notes=tuple(notes),
    )


@dataclass(frozen=True)
class Frame:
    """A part of the world in a frame of its own: bounds in degrees, longitudes counted on past 180."""

    name: str
    west: float
    east: float
    south: float
    north: float

    def holds(self, lon: float, lat: float) -> bool:
        return self.west <= self._turned(lon) <= self.east and self.south <= lat <= self.north

    def _turned(self, lon: float) -> float:
        return lon + 360 if lon < self.west else lon

    @property
    def ratio(self) -> float:
        """Width over height."""
        return math.radians(self.east - self.west) / (_mercator(self.north) - _mercator(self.south))

    def spec(self, width: float) -> dict[str, Any]:
        """Mercator's projection and the size of the frame: shapes as they are, north up."""
        scale = width / math.radians(self.east - self.west)
        return {
            "width": round(width),
            "height": round(scale * (_mercator(self.north) - _mercator(self.south))),
            "projection": {
                "type": "mercator",
                "rotate": [-(self.west + self.east) / 2, 0, 0],
                "scale": round(scale, 2),
                "translate": [round(width / 2, 1), round(scale * _mercator(self.north), 1)],
            },
        }


def _mercator(latitude: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))


MAIN = Frame("Eurasia", 12, 152, -2, 60)
#: What lies outside, each drawn only where an exercise was.
INSETS = (
    Frame("Pacific", 152, 200, 40, 72),
    Frame("Africa", 10, 40, -38, -20),
    Frame("Indonesia", 108, 126, -12, -2),
)


def _frames(
    rows: list[dict[str, Any]],
    placed: Sequence[Exercise],
    outlines: list[dict[str, Any]],
    width: int,
    *,
    label: bool,
) -> dict[str, Any]:
    """The map as a large frame and small ones under it, all on one scale of marks."""
    names = places(placed, LABELS if width > 500 else 4) if label else []
    frames: list[tuple[Frame, float]] = [(MAIN, width - 8)]
    used = [f for f in INSETS if any(f.holds(r["lon"], r["lat"]) for r in rows)]
    if used and label:
        room = (width - 8) / len(used) - 14
        tall = min(150.0, *(room / f.ratio for f in used))
        frames += [(f, tall * f.ratio) for f in used]
    drawn = [_frame(f, size, rows, outlines, names) for f, size in frames]
    spec = drawn[0]
    if len(drawn) > 1:
        spec = {"vconcat": [drawn[0], {"hconcat": drawn[1:], "spacing": 14}], "spacing": 14}
    return {"$schema": SCHEMA, "config": config(), "background": None, "padding": 2, **spec}


def _frame(
    frame: Frame,
    width: float,
    rows: list[dict[str, Any]],
    outlines: list[dict[str, Any]],
    names: Sequence[tuple[str, float, float]],
) -> dict[str, Any]:
    size = frame.spec(width)
    inside = [r for r in rows if frame.holds(r["lon"], r["lat"])]
    late = frame.west + 0.7 * (frame.east - frame.west)  # names there stand left of their place
    labels = [
        {"n": n, "lon": lon, "lat": lat, "side": "left" if lon > late else "right"}
        for n, lon, lat in names
        if frame.holds(lon, lat)
    ]
    spec = skeleton(
        "map",
        outlines=_within(outlines, frame),
        rows=inside,
        labels=labels,
        **{k: size[k] for k in ("width", "height", "projection")},
    )
    spec["layer"].append(
        {
            "data": {"values": [{}]},
            "mark": {
                "type": "text", "align": "left", "baseline": "top", "dx": 4, "dy": 4, "fontSize": 11,
                "text": frame.name if frame is not MAIN else "", "color": palette.light("quiet"),
            },
            "encoding": {"x": {"value": 0}, "y": {"value": 0}},
        }
    )  # fmt: skip
    return spec


def _within(outlines: Sequence[dict[str, Any]], frame: Frame) -> list[dict[str, Any]]:
    """The outlines cut down to the polygons that have a vertex in the frame, or near it."""
    near = Frame(frame.name, frame.west - 4, frame.east + 4, frame.south - 4, frame.north + 4)
    kept = []
    for outline in outlines:
        polygons = [
            p for p in outline["geometry"]["coordinates"] if any(near.holds(lon, lat) for lon, lat in p[0])
        ]
        if polygons:
            kept.append({**outline, "geometry": {"type": "MultiPolygon", "coordinates": polygons}})
    return kept


def places(placed: Sequence[Exercise], most: int) -> list[tuple[str, float, float]]:
    """(name, longitude, latitude) of the places with most exercises, those of large ones first, none near another."""
    found: dict[tuple[int, int], list[Exercise]] = {}
    for e in placed:
        found.setdefault((round((e.longitude or 0) / 3), round((e.latitude or 0) / 3)), []).append(e)
    ranked = sorted(found.values(), key=lambda es: (-len(es), -max(e.troops or 0 for e in es), es[0].event))
    chosen: list[tuple[str, float, float]] = []
    for es in ranked:
        best = min(es, key=lambda e: (len(e.place) or 99, e.event))
        lon, lat = best.longitude or 0.0, best.latitude or 0.0
        if best.place and all(abs(lon - x) > 14 or abs(lat - y) > 4 for _, x, y in chosen):
            chosen.append((_short(best.place), lon, lat))
        if len(chosen) == most:
            break
    return chosen


def _short(place: str) -> str:
    """The name of a place without what explains it."""
    return re.split(r",| \(|;", place)[0].strip()


def _beyond(rows: Sequence[dict[str, Any]]) -> str:
    used = [f.name for f in INSETS if any(f.holds(r["lon"], r["lat"]) for r in rows)]
    return f", with insets of {words.joined(used)}" if used else ""


def _era(era: tuple[int, int], held: Sequence[Exercise]) -> str:
    if era[0] == 0:
        return f"{min(e.year for e in held)} to {era[1]}"
    return f"Since {era[0]}" if era[1] > 9000 else f"{era[0]} to {era[1]}"
