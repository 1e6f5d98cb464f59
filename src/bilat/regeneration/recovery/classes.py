# SPDX-License-Identifier: Apache-2.0
"""Forces that the model of armour does not cover: what is published of each, and what is missing to
answer.

Where both what was lost and what has been delivered are published for one type, the balance is
worked out; a stock
without a count before the war, or without output, is not known.
"""

from __future__ import annotations

from dataclasses import dataclass

from bilat.document.wording import period
from bilat.planning.figures import FigureRow, Figures


@dataclass(frozen=True)
class OtherClass:
    """A force that is not modelled: keys of what is published, the balance that can be struck,
    what is missing.
    """

    name: str
    label: str
    keys: tuple[str, ...]
    missing: str
    lost: tuple[str, ...] = ()  #: keys of losses of one type
    delivered: tuple[str, ...] = ()  #: keys of what was delivered of it since
    of: str = ""  #: the type that the balance is of


#: Every force besides armour and artillery, by name.
CLASSES = {
    c.name: c
    for c in (
        OtherClass(
            "aircraft",
            "combat aircraft",
            (
                "N077",
                "N078",
                "N079",
                "N080",
                "N081",
                "N082",
                "N083",
                "N084",
                "N085",
                "N199",
                "N070",
            ),
            "deliveries of Su-30, Su-35 and Su-57 by year, and aircraft that can fly",
            ("N078",),
            ("N080", "N081", "N082", "N083"),
            "Su-34",
        ),
        OtherClass(
            "air_defence",
            "air defence",
            (),
            "systems and missiles made or restored in a year, and a count of what stands",
        ),
        OtherClass(
            "missiles",
            "missiles",
            ("N173", "N175", "N089", "N052", "N053", "N174"),
            "pre-war stocks by family and output after October 2025; the measures of strikes give "
            "what was fired and made",
        ),
        OtherClass(
            "shells",
            "artillery shells",
            ("N184", "N062", "N054"),
            "stocks before the war and now, and use by month",
        ),
        OtherClass(
            "people",
            "people",
            ("N087", "N088", "N004", "N008", "N009", "N057", "N197", "N213", "N159"),
            "trained officers and crews, and units that are manned",
        ),
        OtherClass(
            "artillery",
            "tube artillery",
            ("N007", "N073", "N074", "N178", "N072", "N014"),
            "barrels by calibre, in units and in stock, at one date from one source",
        ),
    )
}


@dataclass(frozen=True)
class TypeBalance:
    """What was lost of a type and delivered since."""

    of: str
    lost: float
    delivered: float
    who: str
    period: str

    def words(self) -> str:
        """Return the balance in a sentence."""
        said = (
            f"{self.of}, {period(self.period)}, by {self.who}: about {self.lost:.0f} were lost and "
            f"about {self.delivered:.0f} delivered"
        )
        if self.delivered < self.lost:
            return f"{said}."
        return f"{said}. So the type is at its number of 2022."


def published(force: OtherClass, known: Figures) -> list[FigureRow]:
    """Return what was published of a force by the date."""
    return [known.rows[k] for k in force.keys if k in known.rows]


def balance(force: OtherClass, known: Figures) -> TypeBalance | None:
    """Return the balance of a type; None where one of its figures was not public."""
    if not force.lost or not known.has((*force.lost, *force.delivered)):
        return None
    losses = known.rows[force.lost[0]]
    return TypeBalance(
        force.of,
        _sum(known, force.lost),
        _sum(known, force.delivered),
        losses.who,
        losses.period,
    )


def _sum(known: Figures, keys: tuple[str, ...]) -> float:
    return sum(float(known.rows[k].figure) for k in keys)
