# SPDX-License-Identifier: Apache-2.0
"""Where the two exercised together: a list, and a map whose periods a reader can turn off, without a script."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from bilat.document import Column, Document, Table
from bilat.document import wording as words
from bilat.dyad import Dyad
from bilat.errors import BilatError, Damaged
from bilat.holdings import Holdings
from bilat.measures import ask
from bilat.places import country_name
from bilat.when import AsOf

#: Periods of the map: before Crimea, up to the invasion, since.
ERAS = ((0, 2013, "up to 2013"), (2014, 2021, "2014-21"), (2022, 9999, "since 2022"))
#: What the map shows, in degrees; longitudes are counted on past 180.
WEST = -10.0
EAST = 205.0
SOUTH = -42.0
NORTH = 74.0
WIDTH = 1060
#: States named on the map beside the two: those that joined most often.
MOST_NAMED = 10
#: Vertices of an outline nearer than this, in degrees, are one.
STEP = 0.5


@dataclass(frozen=True)
class Exercise:
    """One joint exercise, with a place on the map or without one."""

    event: str
    name: str
    period: str
    place: str
    latitude: float | None
    longitude: float | None
    joined: tuple[str, ...]  #: states other than the two
    domain: str
    troops: float | None
    ships: float | None
    url: str
    source: str
    locator: str
    known_on: str

    @property
    def year(self) -> int:
        return int(self.period[:4])

    @property
    def others(self) -> str:
        """The names of the states that joined; of many the first and how many more."""
        names = [country_name(c) for c in self.joined]
        return words.joined(names if len(names) <= 6 else [*names[:4], f"{len(names) - 4} more"])


def held(dyad: Dyad, as_of: AsOf, holdings: Holdings) -> list[Exercise]:
    """The events behind the count of joint exercises, each once, oldest first."""
    try:
        m = ask("exercises.count", dyad, as_of=as_of, holdings=holdings)
    except BilatError:  # the claims that rest on events say why
        return []
    found: dict[str, Exercise] = {}
    for r in m.evidence.to_pylist():
        who = [c.strip() for c in r["participants"].split(";") if c.strip()]
        found.setdefault(
            r["event"],
            Exercise(
                r["event"],
                r["name"],
                r["period"],
                r["place"] or "",
                r["latitude"],
                r["longitude"],
                tuple(c for c in who if c not in (dyad.a, dyad.b)),
                (r["domain"] or "").replace(";", ", "),
                r["troops"],
                r["ships"],
                r["url"] or "",
                r["source"],
                r["locator"],
                str(r["known_on"]),
            ),
        )
    return sorted(found.values(), key=lambda e: (e.period, e.event))


def document(found: Sequence[Exercise], dyad: Dyad, as_of: AsOf) -> Document:
    """The list of exercises, newest first."""
    columns = tuple(
        Column(c)
        for c in ("when", "what", "where", "joined by", "domain", "troops", "ships", "page")
    )
    rows = tuple(
        (words.period(e.period), e.name, e.place, e.others, e.domain, e.troops, e.ships, e.url)
        for e in reversed(found)
    )
    return Document(
        "exercises",
        title(found, dyad),
        (),
        (Table(columns, rows),),
        data=list(found),
        dyad=dyad,
        as_of=as_of,
    )


def title(found: Sequence[Exercise], dyad: Dyad) -> str:
    """How many there were, from when to when, and how many with others."""
    if not found:
        return f"We have no record of a joint exercise of {dyad.name}"
    first = found[0].year
    last = found[-1].year
    span = f"in {first}" if first == last else f"from {first} to {last}"
    others = sum(bool(e.joined) for e in found)
    one = "exercise" if len(found) == 1 else "exercises"
    if {dyad.a, dyad.b} != {
        "RUS",
        "CHN",
    }:  # the list is of those two, and of others what they did with both
        return f"{dyad.name} took part in {len(found)} joint {one} of Russia and China {span}"
    return f"{dyad.name} held {len(found)} joint {one} {span}; other states joined {others}"


def world(found: Sequence[Exercise], as_of: AsOf, holdings: Holdings) -> str:
    """The map as HTML: a mark an exercise, larger with more troops, ringed where others joined."""
    placed = [e for e in found if e.latitude is not None and e.longitude is not None]
    near = Counter(c for e in placed for c in e.joined).most_common(MOST_NAMED)
    outlines, names = _land(
        as_of, holdings, {country_name(c) for c in ("RUS", "CHN", *(c for c, _ in near))}
    )
    if not placed or not outlines:
        return ""
    height = round(WIDTH * (_north(NORTH) - _north(SOUTH)) / math.radians(EAST - WEST))
    marks = []
    for e in placed:
        x, y = _place(e.longitude or 0.0, e.latitude or 0.0)
        era = next(i for i, (a, b, _) in enumerate(ERAS) if a <= e.year <= b)
        size = 4 + min(9.0, math.sqrt((e.troops or 0.0) / 1500))
        says = f"{e.name}, {words.period(e.period)}, {e.place}" + (
            f"; joined by {e.others}" if e.others else ""
        )
        marks.append(
            f'<circle class="era{era}{" joined" if e.joined else ""}" cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" '
            f'data-t="{escape(says)}"><title>{escape(says)}</title></circle>'
        )
    boxes = "".join(
        f'<label><input type="checkbox" id="era{i}" checked> <span class="dot era{i}"></span> {label} '
        f"({sum(a <= e.year <= b for e in found)})</label>"
        for i, (a, b, label) in enumerate(ERAS)
    )
    missing = len(found) - len(placed)
    note = f"No place known, so in the list only: {missing}. " if missing else ""
    key = (
        '<p class="eras note"><span><span class="dot joined"></span> other states joined</span> '
        '<span><span class="dot more"></span> more troops</span></p>'
    )
    return (
        f'<div class="world"><form class="eras">{boxes}</form>{key}<svg viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="Map of joint exercises"><path class="land" d="{outlines}"/>{names}{"".join(marks)}</svg>'
        f'<p class="note">{note}Outlines: Natural Earth.</p></div>'
    )


def _north(latitude: float) -> float:
    """Mercator's northing."""
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))


def _place(longitude: float, latitude: float, *, turned: bool = True) -> tuple[float, float]:
    east = longitude + 360 if turned and longitude < WEST else longitude
    scale = WIDTH / math.radians(EAST - WEST)
    return math.radians(east - WEST) * scale, (_north(NORTH) - _north(latitude)) * scale


def _land(as_of: AsOf, holdings: Holdings, named: set[str]) -> tuple[str, str]:
    """Country outlines as one path, thinned, and the names of some; blank, and no map, where they are damaged."""
    try:
        holdings.need(("shapes",))
    except Damaged:
        return "", ""
    cursor = holdings.connect(as_of).connection.cursor()
    try:
        query = "SELECT name, geometry FROM shapes WHERE name <> 'Antarctica' ORDER BY locator"
        texts = cursor.execute(query).fetchall()
    finally:
        cursor.close()
    path: list[str] = []
    labels: dict[tuple[float, float], str] = {}
    for name, text in texts:
        longest: list[tuple[float, float]] = []
        shape = json.loads(text)
        polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        for polygon in polygons:
            ring = _thin(polygon[0])
            if len(ring) < 4 or max(lat for _, lat in ring) <= SOUTH:
                continue
            east = max(lon for lon, _ in ring)
            west = min(lon for lon, _ in ring)
            turned = (
                east < WEST or east - west > 180
            )  # beyond the edge of the map, or across the date line
            spots = [_place(lon, min(max(lat, SOUTH), NORTH), turned=turned) for lon, lat in ring]
            path.append("M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in spots) + "Z")
            longest = max(longest, spots, key=len)
        if name in named and longest:
            x, y = (sum(s[i] for s in longest) / len(longest) for i in (0, 1))
            if all(
                abs(x - a) > 85 or abs(y - b) > 15 for a, b in labels
            ):  # no name lies on another
                label = f'<text class="state" x="{x:.0f}" y="{y:.0f}" text-anchor="middle">{escape(name)}</text>'
                labels[x, y] = label
    return "".join(path), "".join(labels.values())


def _thin(ring: list[list[float]]) -> list[tuple[float, float]]:
    """Vertices on a grid, so that both neighbours of a border keep or drop the same ones."""
    thin: list[tuple[float, float]] = []
    for lon, lat in ring:
        near = (round(round(lon / STEP) * STEP, 1), round(round(lat / STEP) * STEP, 1))
        if not thin or thin[-1] != near:
            thin.append(near)
    return thin
