# SPDX-License-Identifier: Apache-2.0
"""What a test gave, typed: verdict, figure, named interval, the points it rests on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from bilat.document.blocks import SourceUsed
from bilat.files.json_types import JsonObject
from bilat.measures import Measurement, Point

Direction = Literal["up", "flat", "down"]
Speaks = Literal["for", "against", "in part", "neither"]

#: On which side of a claim a test speaks.
SIDES: dict[str, Speaks] = {
    "supported": "for",
    "partly supported": "in part",
    "not supported": "against",
    "contradicted": "against",
    "not measurable": "neither",
}


@dataclass(frozen=True)
class Band:
    """An interval with its name. ``level`` is None where low and high are bounds and no probability."""

    low: float
    high: float
    name: str  #: "95% Wilson score interval"
    level: float | None = None


def reaches(
    measurement: Measurement | None, data_to: dt.date | None, *, fixed: bool
) -> dt.date | None:
    """How far the record behind figures reaches that speak up to ``data_to``.

    Where the rule ends their window, or they are a sum of events, the record goes on: to the end of the register
    where the measure knows it, else to the last row of the measure.
    """
    own = (measurement.record_to or measurement.data_to) if measurement and fixed else None
    return max(own, data_to) if own and data_to else data_to


@dataclass(frozen=True)
class Side:
    """One window of a test, reduced to its figure."""

    group: str
    span: str  #: ``2014..2021``, or the one period
    figure: float  #: the statistic of the window, in the measure's own unit
    points: tuple[Point, ...]  #: the points that it rests on


@dataclass(frozen=True)
class Outcome:
    """What a test gave."""

    verdict: str
    sentence: str
    value: float | None = None
    band: Band | None = None
    no_band: str = ""  #: why there is no interval
    unit: str = ""
    period: str = ""
    missing: str = ""
    measurement: Measurement | None = None
    used: list[Point] = field(default_factory=list)
    shown: list[Point] = field(
        default_factory=list
    )  #: points left out because their period is not whole
    data_to: dt.date | None = None  #: the last day that the figures used speak of
    sides: tuple[Side, ...] = ()  #: the windows, each reduced to its figure
    base: Side | None = None  #: of a level: the window that the clause names beside its own
    fixed: bool = False  #: the window ends by the rule and not with the record
    direction: Literal["up", "down"] = "up"  #: whether more or less of it speaks for the claim

    @property
    def low(self) -> float | None:
        """The lower end of the figure's interval, in its unit; None without one."""
        return self.band.low if self.band else None

    @property
    def high(self) -> float | None:
        """The upper end of the figure's interval, in its unit; None without one."""
        return self.band.high if self.band else None

    @property
    def sources(self) -> list[SourceUsed]:
        """The sources of the rows behind the figures used."""
        return self.measurement.sources_of(p.group for p in self.used) if self.measurement else []

    @property
    def record_to(self) -> dt.date | None:
        """The last day that the record reaches: beyond the figures used where the rule ends their window."""
        return reaches(self.measurement, self.data_to, fixed=self.fixed)

    @property
    def revised(self) -> bool:
        """Whether a figure used stands in from an edition later than the as-of date."""
        return any(p.revised for p in self.used)


@dataclass(frozen=True)
class Last:
    """The last whole period of a reading beside the one before it."""

    period: str
    value: float
    before_period: str
    before: float

    @property
    def direction(self) -> Direction:
        """Up or down where it moved by more than a twentieth of the earlier figure."""
        change = self.value - self.before
        if abs(change) <= 0.05 * abs(self.before):
            return "flat"
        return "up" if change > 0 else "down"

    def to_json(self) -> JsonObject:
        """Return the two periods with their values, and the direction."""
        return {
            "period": self.period,
            "value": self.value,
            "before_period": self.before_period,
            "before": self.before,
            "direction": self.direction,
        }
