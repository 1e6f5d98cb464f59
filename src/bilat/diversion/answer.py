# SPDX-License-Identifier: Apache-2.0
"""What ``divert`` answers: hubs, groups of goods, routes and a total, as frozen records.

Money is in the currency of the answer, over the whole window since the break; ``low`` and ``high`` are the ends of 80%.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp

import pyarrow as pa

from bilat.listing import MOST_ROWS, html_table
from bilat.when import AsOf

#: What is taken for the purchases that would have been made anyway: the hub's own level a year before; that, grown as
#: the origins' other goods to the same hub; grown as the same goods at hubs that do not surge; both (triple difference)
COUNTERFACTUALS = ("own level", "other goods", "neighbours", "triple difference")
#: Part of a surge below which what a hub sold on is no sign that the surge went on.
NEXT_TO_NOTHING = 0.1


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
    swings that lies beyond its past; ``q_value``: false discovery rate over hubs; ``flagged``: it is at most a tenth,
    and the excess over the origins' other goods, where these are held, is above none. ``since``: when the level
    stepped up. ``tripled`` of ``goods`` bought before more than tripled; ``tripled_before`` of
    ``goods_before`` did about a break made up within the baseline. ``low``, ``middle``, ``high``: of the excess over
    the counterfactuals together. ``months``: (period, value, usual: the year before). ``onward``: the most that its
    sales to the targets rose in the chapters of these goods; None where they are not held throughout.
    """

    hub: str
    flagged: bool
    times: float
    swings: float
    q_value: float
    since: str | None
    usual: float  #: mean log growth of earlier years
    swing: float  #: its usual standard deviation
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
    until: str | None = (
        None  #: the last period it reported, where that is not the last of the window
    )
    onward: float | None = None

    @property
    def stayed(self) -> bool:
        """Whether its own books show that what it bought beyond its own level did not go on: they carry next to nothing
        of it. Other hubs have no say in that."""
        own = self.excess.get("own level")
        return (
            own is not None
            and self.onward is not None
            and self.onward < NEXT_TO_NOTHING * own.value
        )

    @property
    def foretold(self) -> tuple[tuple[str, float | None, float, float], ...]:
        """(period, the year before, 80% of what the hub's past foretold) since a year of the past is held."""
        if self.swings == 0:
            return ()
        swing = self.swing
        usual = self.usual
        return tuple(
            (p, u * exp(usual), u * exp(usual - 1.28 * swing), u * exp(usual + 1.28 * swing))
            for p, _, u in self.months
            if u is not None
        )


@dataclass(frozen=True)
class Group:
    """Goods of one hub tested together: a ``chapter`` (two digits), a ``tier`` of the common high priority list, or
    what was ``listed`` on one day, with its first month as its break. ``flagged``: within the false discovery rate of
    the flagged hubs' groups. A hub that is not flagged has none."""

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
    """Purchases of the flagged hubs beyond what they would have bought anyway, of one that ``stayed`` none; where the
    sales to the targets of all of them are held, ``capped`` at what these could carry. The range is that of 80% over
    the counterfactuals, each as likely as the others, and over resampled headings; ``rests_on``: each by itself;
    ``placebo``: the range of the same about a break made up a year earlier."""

    hubs: tuple[str, ...]
    low: float
    middle: float
    high: float
    lost: float | None  #: what the targets no longer bought of these goods
    rests_on: Mapping[str, Excess] = field(default_factory=dict)
    capped: bool = False
    placebo: tuple[float, float] | None = None


@dataclass(frozen=True)
class LegTotals:
    """``before``: the level before the break scaled to the window; ``expected``: the counterfactual; ``actual``."""

    before: float | None
    expected: float | None
    actual: float | None


@dataclass(frozen=True)
class Months:
    """Values by period of one pair: ``inward`` (origins to hub), ``outward`` (hub to target), ``direct``; None not
    held."""

    periods: tuple[str, ...]
    inward: tuple[float, ...]
    outward: tuple[float, ...] | None
    direct: tuple[float, ...] | None
    break_at: str | None


@dataclass(frozen=True)
class Route:
    """One hub and product, in rank order. ``probability`` of a route, ``probability_low`` and ``probability_high``
    over what it ``rests_on`` where an assumption or other hubs decide; ``q_value``: the mean of 1 - probability down
    to the row; ``surge``: P(purchases surged), None where the past is too short. ``low``, ``diverted``, ``high``: the
    amount given that it is a route; ``at_stake``: probability times its mean. ``into``, ``out`` and ``direct``: the
    three legs, None not held. ``compared``, ``supplied_by`` (state, share) and
    ``months``: of the first rows only."""

    rank: int
    hub: str
    product: str
    label: str
    name: str
    tier: str | None
    probability: float
    probability_low: float
    probability_high: float
    rests_on: str
    surge: float | None
    q_value: float
    low: float | None
    diverted: float | None
    high: float | None
    at_stake: float
    into: LegTotals
    out: LegTotals | None
    direct: LegTotals | None
    unit_value_z: float | None = None
    compared: tuple[str, ...] = ()  #: what else could explain the rise, in words
    supplied_by: tuple[tuple[str, float], ...] = ()
    months: Months | None = None

    @property
    def known(self) -> str:
        return "one leg" if self.out is None else "two legs"

    @property
    def break_at(self) -> str | None:
        return self.months.break_at if self.months else None


@dataclass(frozen=True)
class Silence:
    """A zero that speaks: a ``suppressed partner`` (the hub reported sales to the target in most earlier periods and
    none since, while it reports to others), ``no partner`` (it reports many sales to others and none at all to the
    target), a hub that ``stopped reporting`` or ``reports late`` (its last months alone are missing), goods that
    ``never arrive`` (declared for the hub, not in its own books): ``after`` is the money of the periods ``first`` to
    ``last``, ``before`` what as many usual periods before the break had, ``since`` the last that was reported. Or
    figures in another unit, which are left out (``unit of purchases``, ``unit of sales``): ``before`` in the period
    before and ``after`` in the first one."""

    kind: str
    hub: str
    since: str | None
    first: str
    last: str
    before: float
    after: float


@dataclass(frozen=True)
class LegHeld:
    """What is held of one leg: who (hub or target), reported by whom, from when to when."""

    leg: str
    who: str
    by: str
    first: str
    last: str
    periods: int


@dataclass(frozen=True)
class Diversion:
    """The answer of :func:`bilat.diversion.search.divert`: ``hubs`` that were tested, flagged first; ``groups`` of
    goods of the flagged ones; ``clocks`` about the days of listing; ``rows``: routes by probability, then by amount;
    ``total`` of the flagged hubs; ``silences``; ``held``: the legs; and what was asked."""

    hubs: tuple[Hub, ...]
    groups: tuple[Group, ...]
    clocks: tuple[Clock, ...]
    rows: tuple[Route, ...]
    total: Total
    silences: tuple[Silence, ...]
    held: tuple[LegHeld, ...]
    origins: tuple[str, ...]
    targets: tuple[str, ...]
    since: str
    before: tuple[str, str]
    after: tuple[str, str]
    basket: Mapping[str, str] | None
    currency: str
    as_of: AsOf | None
    pairs_tested: int
    direct_held: bool
    fell: int | None  #: goods asked for whose direct trade fell; None where it is not held
    flag_q: float
    notes: tuple[str, ...]
    sources: tuple[str, ...]  #: of the catalog, or names of files
    #: hub -> listed firms with an address there
    listed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    absent: tuple[str, ...] = ()  #: hubs asked for of which no purchase is held
    gaps: tuple[
        str, ...
    ] = ()  #: periods between the first and the last of which the file holds nothing
    sales: bool = (
        False  #: of sales to the targets alone: what the hubs bought, and from whom, is not held
    )

    @property
    def flags(self) -> tuple[Route, ...]:
        """The rows whose q-value is at most ``flag_q``."""
        return tuple(r for r in self.rows if r.q_value <= self.flag_q)

    def to_arrow(self) -> pa.Table:
        """The rows as a table: hub, product, name, tier, probability with its ends, amounts, legs."""
        plain = (
            "rank",
            "hub",
            "product",
            "name",
            "tier",
            "probability",
            "probability_low",
            "probability_high",
            "rests_on",
            "surge",
            "q_value",
            "low",
            "diverted",
            "high",
            "at_stake",
            "known",
        )
        columns = {c: [getattr(r, c) for r in self.rows] for c in plain}
        for leg in ("into", "out", "direct"):
            for side in ("before", "expected", "actual"):
                columns[f"{leg}_{side}"] = [getattr(getattr(r, leg), side, None) for r in self.rows]
        return pa.table(columns)

    def _repr_html_(self) -> str:
        columns = ("hub", "flagged", "times", "swings", "since", "low", "high")
        rows = ([getattr(h, c) for c in columns] for h in self.hubs[:MOST_ROWS])
        title = f"Hubs towards {', '.join(self.targets)}, {self.currency}"
        return html_table(columns, rows, title=title, total=len(self.hubs))
