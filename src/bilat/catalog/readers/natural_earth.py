# SPDX-License-Identifier: Apache-2.0
"""Country outlines: TopoJSON arcs decoded into GeoJSON geometries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pyarrow as pa

from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.errors import DataError
from bilat.formats.json_text import parse_json
from bilat.places import country_or_none
from bilat.places.iso3166 import iso_states

#: Decimals kept of a degree: the grid of the file is coarser.
DECIMALS = 4
Ring = list[list[float]]


@cache
def _alpha3() -> dict[str, str]:
    return {f"{state.number:03d}": code for code, state in iso_states().items()}


def _arcs(topology: Any) -> list[Ring]:
    """Arcs in degrees: quantised positions are steps from one to the next, scaled and shifted."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    made = []
    for arc in topology["arcs"]:
        x = y = 0
        line: Ring = []
        for dx, dy in arc:
            x = x + dx
            y = y + dy
            line.append([round(x * sx + tx, DECIMALS), round(y * sy + ty, DECIMALS)])
        made.append(line)
    return made


def _ring(indices: list[int], arcs: list[Ring]) -> Ring:
    """One ring: arcs end to end, shared points once; ~n is arc n backwards."""
    ring: Ring = []
    for n in indices:
        arc = arcs[n] if n >= 0 else arcs[~n][::-1]
        ring += arc[1:] if ring else arc
    if len(ring) < 4 or ring[0] != ring[-1]:
        raise ValueError("a ring is not closed")
    return ring


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per shape; shapes without a code (Kosovo, Northern Cyprus, Somaliland) go by their name."""
    path = opened.file.path
    try:
        topology = parse_json(opened.text())
        arcs = _arcs(topology)
        shapes = topology["objects"]["countries"]["geometries"]
    except (KeyError, TypeError, ValueError, IndexError, OverflowError) as e:
        raise DataError(
            f"is not a whole TopoJSON of countries ({e})", file=path, cure="pull the file again"
        ) from None
    known_on = opened.file.vintage
    basis = "vintage"
    rows: list[dict[str, object]] = []
    for n, shape in enumerate(shapes, 1):
        name = shape.get("properties", {}).get("name")
        try:
            if shape["type"] == "Polygon":
                coordinates: list[Any] = [_ring(ring, arcs) for ring in shape["arcs"]]
            elif shape["type"] == "MultiPolygon":
                coordinates = [[_ring(ring, arcs) for ring in polygon] for polygon in shape["arcs"]]
            else:
                raise opened.refuse(n, "type", shape["type"], "is neither Polygon nor MultiPolygon")
        except (IndexError, KeyError, ValueError) as e:
            raise opened.refuse(n, "arcs", name, f"cannot be drawn ({e})") from None
        number = shape.get("id")
        if number is not None and number not in _alpha3():
            raise opened.refuse(n, "id", number, "is not an ISO 3166-1 number of three digits")
        geometry = {"type": shape["type"], "coordinates": coordinates}
        rows.append(
            {
                "country": _alpha3()[number] if number else country_or_none(name or ""),
                "name": name,
                "geometry": json.dumps(geometry, separators=(",", ":")),
                "period": str(opened.file.vintage.year),
                "kind": "reported",
                "locator": f"geometry {n}",
                "known_on": known_on,
                "known_basis": basis,
            }
        )
    yield "shapes", table("shapes").arrow(rows)
