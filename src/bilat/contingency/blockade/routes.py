# SPDX-License-Identifier: Apache-2.0
"""What each source of crude sails through, how long it takes, and which of it a closure stops."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from bilat.errors import UsageError
from bilat.package_files import read_package_toml
from bilat.planning.assumptions import NumberTable

#: What can be closed, and what that means.
CLOSABLE = {
    "malacca": "the Strait of Malacca",
    "lombok": "the Strait of Lombok",
    "sunda": "the Strait of Sunda",
    "hormuz": "the Strait of Hormuz: stops the source, whatever it would sail through later",
    "australia": "the way south of Australia",
    "pacific": "the way from the Atlantic by the south of America",
    "myanmar": "the line through Myanmar",
    "sea": "everything that comes by sea",
}
#: What is closed, as it is said in a sentence.
SPOKEN = {
    "malacca": "Malacca",
    "lombok": "Lombok",
    "sunda": "Sunda",
    "hormuz": "Hormuz",
    "australia": "the way south of Australia",
    "pacific": "the way by the south of America",
    "myanmar": "the line through Myanmar",
    "sea": "everything by sea",
}
EARTH_NM = 3440.065  #: nautical miles in the earth's mean radius


@dataclass(frozen=True)
class SeaRoute:
    """One way of one source: what it passes and its length in nautical miles, one way."""

    name: str
    passes: frozenset[str]
    miles: float


@dataclass(frozen=True)
class OilSource:
    """One source of crude: its ways, whether it lies behind Hormuz, whether it comes overland."""

    name: str
    title: str
    routes: tuple[SeaRoute, ...]
    hormuz: bool
    overland: bool

    def shortest(self, closed: frozenset[str]) -> SeaRoute | None:
        """The shortest way that is open; None if there is none."""
        if self.overland or "sea" in closed:
            return None
        ways = [r for r in self.routes if not r.passes & closed]
        return min(ways, key=lambda r: r.miles, default=None)


def closures(text: str) -> frozenset[str]:
    """``malacca,lombok`` as a set; ``none`` or an empty text is nothing closed.

    Raises
    ------
    UsageError
        for a name that cannot be closed.
    """
    names = [w.strip().lower() for w in text.split(",") if w.strip()]
    if names == ["none"]:
        return frozenset()
    if "none" in names:
        raise UsageError(f"`close` {text}: none stands alone. Leave it out, or name nothing else")
    for name in names:
        if name not in CLOSABLE:
            raise UsageError(
                f"`close` {name}: cannot be closed. Name some of {', '.join(CLOSABLE)}, or none"
            )
    return frozenset(names)


def name_of(closed: Iterable[str]) -> str:
    """A closure's name, in the order of CLOSABLE: ``malacca,sunda``; ``none`` for nothing."""
    return ",".join(c for c in CLOSABLE if c in set(closed)) or "none"


def spoken(closed: Iterable[str]) -> str:
    """A closure in a sentence: ``Malacca, Lombok and Sunda``; ``nothing`` for nothing."""
    names = [SPOKEN[c] for c in CLOSABLE if c in set(closed)]
    return (
        " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names) or "nothing"
    )


def miles(positions: Iterable[tuple[float, float]]) -> float:
    """Length of a path along great circles; positions in degrees north and east, result in
    nautical miles.
    """
    total = 0.0
    last = None
    for north, east in positions:
        here = (math.radians(north), math.radians(east))
        if last is not None:
            half = (
                math.sin((here[0] - last[0]) / 2) ** 2
                + math.cos(here[0]) * math.cos(last[0]) * math.sin((here[1] - last[1]) / 2) ** 2
            )
            total += 2 * EARTH_NM * math.asin(math.sqrt(half))
        last = here
    return total


@cache
def sources() -> dict[str, OilSource]:
    """Every source of crude by name, with its routes measured."""
    raw = read_package_toml("bilat.contingency.blockade", "routes.toml")
    where = {n: (p[0], p[1]) for n, p in raw["positions"].items()}
    return {
        name: _source(name, table, raw["passages"], where) for name, table in raw["sources"].items()
    }


def _source(
    name: str,
    table: NumberTable,
    passages: NumberTable,
    where: dict[str, tuple[float, float]],
) -> OilSource:
    def long(names: Iterable[str]) -> float:
        return miles(where[n] for n in names)

    routes = [
        SeaRoute(
            p,
            frozenset(passages[p]["passes"]),
            long(
                [
                    *table["start"],
                    *(table.get("malacca_from", []) if p == "malacca" else []),
                    *passages[p]["via"],
                ]
            ),
        )
        for p in table.get("passages", [])
    ]
    if "pacific" in table:
        routes.append(SeaRoute("pacific", frozenset({"pacific"}), long(table["pacific"])))
    if "open_sea" in table:
        routes.append(
            SeaRoute("open sea", frozenset(table.get("passes", [])), long(table["open_sea"]))
        )
    return OilSource(
        name, table["title"], tuple(routes), bool(table.get("hormuz")), bool(table.get("overland"))
    )
