# SPDX-License-Identifier: Apache-2.0
"""Where the two exercised together, as a list; the map is in ``exercise_map``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bilat.document import Column, Document, Table
from bilat.document import wording as words
from bilat.dyad import Dyad
from bilat.errors import BilatError
from bilat.holdings import Holdings
from bilat.measures import ask
from bilat.places import country_name
from bilat.when import AsOf


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
        """The year in which it took place."""
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
