# SPDX-License-Identifier: Apache-2.0
"""Where the two exercised together: place, year, size, and whether others joined."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bilat.dyad import Dyad
from bilat.errors import Damaged
from bilat.holdings import Holdings
from bilat.measures import Measurement
from bilat.picture import words
from bilat.picture.charts.charts import SCHEMA, Chart, config
from bilat.picture.charts.skeletons import skeleton
from bilat.places import country_name
from bilat.when import AsOf

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
    made: dict[str, Exercise] = {}
    for r in m.evidence.to_pylist():
        who = tuple(c.strip() for c in r["participants"].split(";") if c.strip())
        made.setdefault(
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
    return sorted(made.values(), key=lambda e: (e.period, e.event))


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
        kept = [_rings(p, 1.2 if coarse else 0.3) for p in polygons]
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
    return f"{many}; other states joined {len(others)} of them"


def world(
    dyad: Dyad,
    held: Sequence[Exercise],
    outlines: list[dict[str, Any]],
    as_of: AsOf,
    source: str,
    *,
    width: int = 1060,
    era: tuple[int, int] | None = None,
) -> Chart | None:
    """The map: a circle an exercise of the two alone, a diamond one that others joined; size by troops."""
    inside = [e for e in held if era is None or era[0] <= e.year <= era[1]]
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
        }
        for e in placed
    ]
    named = "" if era is None else _era(era, held)
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
    where = sorted({e.place for e in placed if e.place})[:6]
    return Chart(
        spec=skeleton(
            "map", schema=SCHEMA, config=config(), width=width, height=round(width * 0.44), outlines=outlines
        ),
        rows=rows,
        title=told
        if era is None
        else f"{named}: {len(inside)} exercises, others joined {sum(bool(e.joined) for e in inside)}",
        subtitle="Joint exercises by place, size and company",
        foot=f"Source: {source}. As of {words.day(as_of.date)}. Outlines: Natural Earth.",
        alt=f"World map. {told}. Places include {'; '.join(where)}.",
        notes=tuple(notes),
    )


def _era(era: tuple[int, int], held: Sequence[Exercise]) -> str:
    if era[0] == 0:
        return f"{min(e.year for e in held)} to {era[1]}"
    return f"Since {era[0]}" if era[1] > 9000 else f"{era[0]} to {era[1]}"
