# SPDX-License-Identifier: Apache-2.0
"""Whether one figure has one value wherever it is printed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from bilat.files.json_types import Json
from bilat.measures.measurement import point_name

#: The key under which a figure's name stands in JSON, next to its value.
NAME = "figure"


def named_values(tree: Any) -> Iterator[tuple[str, float | None]]:
    """Yield the name and the value of every named figure in JSON.

    A measurement gives the name of its figures once, and the periods and groups at its points.
    """
    if isinstance(tree, Mapping):
        name = tree.get(NAME)
        if isinstance(name, str) and name:
            if isinstance(tree.get("points"), list):
                for p in tree["points"]:
                    yield point_name(name, p["period"], p["group"]), p["value"]
            elif "value" in tree:
                yield name, tree["value"]
        for value in tree.values():
            yield from named_values(value)
    elif isinstance(tree, list | tuple):
        for value in tree:
            yield from named_values(value)


def conflicts(places: Mapping[str, Json]) -> list[str]:
    """Return a line for each figure that has two values, with the places where each is printed.

    Parameters
    ----------
    places
        JSON by the place where it is printed: a page, an address, a question.
    """
    seen: dict[str, tuple[float | None, str]] = {}
    found: dict[str, str] = {}
    for place, tree in places.items():
        for name, value in named_values(tree):
            first, where = seen.setdefault(name, (value, place))
            if not _same(first, value):
                found[name] = f"{name} is {first} in {where} and {value} in {place}"
    return [*found.values()]


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
