# SPDX-License-Identifier: Apache-2.0
"""What ``divert`` answers: hubs, groups of goods, routes and a total, as frozen records.

Money is in the currency of the answer, over the whole window since the break; ``low`` and ``high`` are the ends of 80%.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bilat.diversion.rivals import Rival

#: What is taken for the purchases that would have been made anyway: the hub's own level a year before; that, grown as the
#: origins' other goods to the same hub; grown as the same goods at hubs that do not surge; both (triple difference).
COUNTERFACTUALS = ("own level", "other goods", "neighbours", "triple difference")


@dataclass(frozen=True)
class Excess:
    """Purchases beyond one counterfactual, with the 80% of resampled headings; ``placebo``: the same about a break made
    up a year earlier, None where the past is too short."""

    value: float
    low: float
    high: float
    placebo: float | None


@dataclass(frozen=True)
class Hub:
    """A destination's purchases of the goods whose direct trade fell, against its own past.

    ``times``: the usual period since the break over the same season a year before; ``swings``: by how many of its usual
    swings that lies beyond its past; ``q_value``: false discovery rate over hubs; ``flagged``: it is at most a tenth, and
    the excess over the origins' other goods, where these are held, is above none. ``since``: when the level stepped up,
    with the 80% set. ``tripled`` of ``goods`` bought before more than tripled; ``tripled_before`` of
    ``goods_before`` did about a break made up within the baseline. ``low``, ``middle``, ``high``: of the excess over the
    counterfactuals together. ``months``: (period, value, usual: the year before).
    """

    hub: str
    flagged: bool
    times: float
    swings: float
    q_value: float
    since: str | None
    since_low: str | None
    since_high: str | None
    bought: float
    tripled: int
    goods: int
    tripled_before: int
    goods_before: int
    low: float
    middle: float
    high: float
    excess: Mapping[str, Excess]
    months: tuple[tuple[str, float | None, float | None], ...] = ()


@dataclass(frozen=True)
class Group:
    """Goods of one hub tested together: a ``chapter`` (two digits), a ``tier`` of the common high priority list, or what
    was ``listed`` on one day, with its first month as its break. ``flagged``: within the false discovery rate of the flagged
    hubs' groups. A hub that is not flagged has none."""

    hub: str
    kind: str
    name: str
    goods: int
    flagged: bool
    times: float
    swings: float
    q_value: float
    since: str | None
    bought: float
    excess: Mapping[str, Excess]


@dataclass(frozen=True)
class Clock:
    """What all hubs together bought of the goods listed on one day, over the same months a year before, by months from
    the listing: (first, last, ratio, low, high)."""

    listed: str
    goods: int
    ratios: tuple[tuple[int, int, float, float, float], ...]


@dataclass(frozen=True)
class Total:
    """Purchases of the flagged hubs beyond what they would have bought anyway. The range is that of 80% over the
    counterfactuals, each as likely as the others, and over resampled headings; ``rests_on``: each by itself."""

    hubs: tuple[str, ...]
    low: float
    middle: float
    high: float
    lost: float | None  #: what the targets no longer bought of these goods
    rests_on: Mapping[str, Excess] = field(default_factory=dict)


@dataclass(frozen=True)
class Leg:
    """``before``: the level before the break scaled to the window; ``expected``: the counterfactual; ``actual``."""

    before: float | None
    expected: float | None
    actual: float | None

    @property
    def beyond(self) -> float | None:
        return None if self.actual is None or self.expected is None else self.actual - self.expected


@dataclass(frozen=True)
class Route:
    """One hub and product, in rank order. ``probability`` of a route; ``q_value``: the mean of 1 - probability down to the
    row. ``low``, ``diverted``, ``high``: the amount given that it is a route; ``at_stake``: probability times its mean.
    ``into``, ``out`` and ``direct``: the three legs, None where not held. What stands beside the first rows only is empty
    elsewhere (``explained``)."""

    rank: int
    hub: str
    hub_name: str
    product: str
    label: str
    name: str
    tier: str | None
    probability: float
    q_value: float
    low: float | None
    diverted: float | None
    high: float | None
    at_stake: float
    known: str
    into: Leg
    out: Leg | None
    direct: Leg | None
    calibrated: bool
    window: Mapping[str, list[str]] | None = None
    mirror_gap_change: float | None = None
    unit_value_z: float | None = None
    break_at: str | None = None
    substitution: float | None = None
    rivals: tuple[Rival, ...] = ()
    beside: Mapping[str, Any] | None = None

    @property
    def explained(self) -> bool:
        return self.beside is not None
