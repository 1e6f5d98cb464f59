# SPDX-License-Identifier: Apache-2.0
"""What ``divert`` answers: hubs, groups of goods, routes and a total, as frozen records.

Money is in the currency of the answer, over the whole window since the break; ``low`` and ``high``
are the ends of 80%.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import exp
from typing import NamedTuple

import pyarrow as pa

from bilat.diversion.trade_records import Consignee, ListedFirm, StoredRecords, UnionSales
from bilat.listing import MOST_ROWS, html_table
from bilat.when import AsOf

#: What is taken for the purchases that would have been made anyway: the hub's own level a year
#: before; that, grown as the origins' other goods to the same hub; grown as the same goods at hubs
#: that do not surge; both (triple difference)
COUNTERFACTUALS = ("own level", "other goods", "neighbours", "triple difference")
#: What a route rests on whose goods are in the origins' books and not in the hub's.
SENT_ON = "the share of surges that is sent on"
UNBOOKED = "what was declared for the hub and is not in its books"
#: Part of a surge below which what a hub sold on is no sign that the surge went on.
NEXT_TO_NOTHING = 0.1
#: Times the year before from which on a rise is named though the hub's past does not rule it out.
RISE = 1.5


@dataclass(frozen=True)
class Amount:
    """An amount with the ends of 80%."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class Onward:
    """A hub's sales to the targets of the goods asked for, against its own past.

    ``actual``: since the break; ``before``: the same season of the baseline, scaled to as many
    periods; ``times``: how many times the year before in a usual period, with its ``q_value`` over
    hubs, both None where the file has less than a year of the hub's past. ``leapt``: the rise lies
    beyond that past. ``from_origins``: what the origins sold the hub of the same goods, per dollar
    that it sold, None where no sale of the origins to a hub is stored; ``suppliers``: (state,
    share) of what the hub bought of them, where the origins supply next to nothing.
    """

    actual: float
    before: float
    times: float | None
    q_value: float | None
    leapt: bool
    from_origins: float | None
    suppliers: tuple[tuple[str, float], ...] = ()
    has_past: bool = True  #: the records have its sales before the break too

    @property
    def rise(self) -> float:
        return self.actual - self.before


@dataclass(frozen=True)
class OwnGoods:
    """Sales that a hub's purchases do not explain: of the goods that the targets lost, how much
    more than expected it ``sold`` them, and how much more it ``bought`` of the same goods from the
    origins."""

    sold: float
    bought: float


@dataclass(frozen=True)
class Likely:
    """The pairs of one hub added up, each by its probability: the ``amount`` that went on to the
    targets, and the ``chance`` that at least one of its goods is a route, with its ``q_value``
    over hubs. ``stored``: the hub's sales are in the records; else its pairs are judged as those
    of hubs whose sales are. ``own``: where it sold its own goods, or others than the origins'."""

    amount: Amount
    chance: float
    q_value: float
    stored: bool
    low_books: float | None = (
        None  #: times the rise of its sales that its purchases rose, where that is far more
    )
    own: OwnGoods | None = None


@dataclass(frozen=True)
class PassedOn:
    """What went on through all hubs whose sales are stored (``hubs``), as an ``amount``.

    ``stand_out``: hubs that carry a route at the false discovery rate of the answer, largest amount
    first, if any route stands out at that rate. ``named``: the largest of those whose sales are
    stored; ``without_sales``: those whose sales are not. ``others``: what went on through all hubs
    whose sales are not stored, judged as those whose are.
    """

    hubs: tuple[str, ...]
    named: tuple[str, ...]
    amount: Amount
    others: Amount | None
    without_sales: tuple[str, ...] = ()
    stand_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Excess:
    """Purchases beyond one counterfactual, with the 80% of resampled headings; ``placebo``: the
    same about a break made up a year earlier, None where the past is too short."""

    value: float
    low: float
    high: float
    placebo: float | None


@dataclass(frozen=True)
class Hub:
    """A destination's purchases of the goods whose direct trade fell, against its own past.

    ``times``: the usual period since the break over the same season a year before; ``swings``: by
    how many of its usual swings that lies beyond its past; ``q_value``: false discovery rate over
    hubs; ``surged``: it is at most a tenth, and the excess over the origins' other goods, where
    these are stored, is above none. ``flagged``: the hub stands out by its pairs where these are
    judged by both legs, else it surged. ``since``: when the level stepped up. ``tripled`` of
    ``goods`` bought before more than tripled; ``tripled_before`` of ``goods_before`` did about a
    break made up within the baseline. ``low``, ``middle``, ``high``: of the excess over the
    counterfactuals together. ``ratio``: the sum since the break over the same months of the year
    before. ``months``: (period, value, usual: the year before). ``onward``: the most that its sales
    to the targets rose in the chapters of these goods; None where they are not stored throughout.
    ``sales``: its sales to the targets; ``likely``: what its pairs come to; both None where no sale
    of it is stored.
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
    ratio: float | None = None
    sales: Onward | None = None
    likely: Likely | None = None
    ended: str | None = None  #: the last period of the rise, where that has stopped
    surged: bool = False  #: its purchases lie beyond its past, whatever its pairs say

    @property
    def stayed(self) -> bool:
        """Whether its own books show that what it bought beyond its own level did not go on:
        they carry next to nothing of it, and did not rise much beyond their own past. Other hubs
        have no say in that."""
        own = self.excess.get("own level")
        if own is None or self.onward is None or (self.sales and self.sales_rose):
            return False
        return self.onward < NEXT_TO_NOTHING * own.value

    @property
    def sales_rose(self) -> bool:
        """Whether its sales to the targets rose by half or more, or beyond their own past."""
        sales = self.sales
        return sales is not None and (sales.leapt or sales.actual > RISE * max(sales.before, 1.0))

    @property
    def bought_more(self) -> bool:
        """Whether it bought more than expected in money; True if no expectation is known."""
        return not self.excess or self.middle > 0

    @property
    def rose_in_total(self) -> bool:
        """Whether its purchases rose by half or more in total, above every level that was
        expected, though not those of a typical period."""
        return self.ratio is not None and self.ratio >= RISE > self.times and self.low > 0

    @property
    def rose(self) -> bool:
        """Whether its purchases rose by half or more, in a typical period or in total."""
        return (self.times >= RISE and self.bought_more) or self.rose_in_total

    @property
    def is_from_nothing(self) -> bool:
        """Whether it bought nothing in the same months of the year before the break: then no
        multiple says how much more it buys."""
        return bool(self.bought) and self.ratio is None

    @property
    def goods_rose(self) -> bool:
        """Whether more of its goods at least tripled than about a break made up a year earlier
        (Fisher's exact test, one-sided, 5%)."""
        from bilat.statistics import fisher_greater

        return (
            fisher_greater(self.tripled, self.goods, self.tripled_before, self.goods_before) < 0.05
        )

    @property
    def foretold(self) -> tuple[tuple[str, float | None, float, float], ...]:
        """(period, the year before, 80% of what the hub's past foretold) since a year of the
        past is held."""
        if self.swings == 0:
            return ()
        swing = self.swing
        usual = self.usual
        return tuple(
            (p, u * exp(usual), u * exp(usual - 1.28 * swing), u * exp(usual + 1.28 * swing))
            for p, _, u in self.months
            if u is not None
        )


def unbought(hub: str) -> Hub:
    """A hub whose purchases from the origins are too few to be tested."""
    return Hub(
        hub=hub,
        flagged=False,
        times=0.0,
        swings=0.0,
        q_value=1.0,
        since=None,
        usual=0.0,
        swing=0.0,
        bought=0.0,
        tripled=0,
        goods=0,
        tripled_before=0,
        goods_before=0,
        low=0.0,
        middle=0.0,
        high=0.0,
        excess={},
    )


@dataclass(frozen=True)
class Group:
    """Goods of one hub tested together: a ``chapter`` (two digits), a ``tier`` of the common
    high priority list, or what was ``listed`` on one day, with its first month as its break.
    ``flagged``: within the false discovery rate of the flagged hubs' groups. A hub that is not
    flagged has none."""

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
    """What all hubs together bought of the goods listed on one day, over the same months a year
    before, by months from the listing: (first, last, ratio, low, high)."""

    listed: str
    goods: int
    ratios: tuple[tuple[int, int, float, float, float], ...]


@dataclass(frozen=True)
class Total:
    """Purchases of the flagged hubs beyond what they would have bought anyway, of one that
    ``stayed`` none; where the sales to the targets of all of them are held, ``capped`` at what
    these could carry. The range is that of 80% over the counterfactuals, each as likely as the
    others, and over resampled headings; ``rests_on``: each by itself; ``placebo``: the range of
    the same about a break made up a year earlier."""

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
    """``before``: the level before the break scaled to the window; ``expected``: the
    counterfactual; ``actual``."""

    before: float | None
    expected: float | None
    actual: float | None


@dataclass(frozen=True)
class Months:
    """Values by period of one pair: ``inward`` (origins to hub), ``outward`` (hub to target),
    ``direct``; None not held."""

    periods: tuple[str, ...]
    inward: tuple[float, ...]
    outward: tuple[float, ...] | None
    direct: tuple[float, ...] | None
    break_at: str | None
    ended_at: str | None = None  #: the last period of what went on, where that has stopped


@dataclass(frozen=True)
class Route:
    """One hub and product; ``rank``: its place by amount at stake. ``probability`` of a route,
    ``probability_low`` and ``probability_high`` over what it ``rests_on`` where an assumption or
    other hubs decide; ``q_value``: the mean of 1 - probability down to the row; ``surge``:
    P(purchases surged), None where the past is too short. ``low``, ``diverted``, ``high``: the
    amount given that it is a route; ``at_stake``: probability times its mean. ``into``, ``out``
    and ``direct``: the three legs, None not held. ``compared``, ``supplied_by`` (state, share)
    and ``months``: of the first rows only."""

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
    def is_unbooked(self) -> bool:
        """Whether the goods were declared for the hub and are not in its own books."""
        return self.rests_on == UNBOOKED

    @property
    def known(self) -> str:
        return "one leg" if self.out is None else "two legs"

    @property
    def break_at(self) -> str | None:
        return self.months.break_at if self.months else None


@dataclass(frozen=True)
class Silence:
    """A zero that speaks: a ``suppressed partner`` (the hub reported sales to the target in most
    earlier periods and none since, while it reports to others), ``no partner`` (it reports many
    sales to others and none at all to the target), a hub that ``stopped reporting`` or ``reports
    late`` (its last months alone are missing), goods that ``never arrive`` (declared for the
    hub, not in its own books): ``after`` is the money of the periods ``first`` to ``last``,
    ``before`` what as many usual periods before the break had, ``since`` the last that was
    reported. Or figures in another unit, which are left out (``unit of purchases``, ``unit of
    sales``): ``before`` in the period before and ``after`` in the first one."""

    kind: str
    hub: str
    since: str | None
    first: str
    last: str
    before: float
    after: float


#: The two legs of a route, as an answer prints them: the hub's purchases and its sales.
INWARD = "into the hub"
OUTWARD = "out of the hub"


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
class SalesApart:
    """Hubs' sales to the targets ``since`` a period ``to`` another, after the last one in which
    the origins' sales to the hubs are known (``purchases_to``). They are left out;
    ``overlap``: whether earlier sales are stored, which were compared."""

    purchases_to: str
    since: str
    to: str
    overlap: bool


class BeforeAndSince(NamedTuple):
    """A trade in the same months before the break, and since."""

    before: float
    since: float


@dataclass(frozen=True)
class NotTested:
    """Goods that cannot be tested, largest purchases first.

    ``began``: the first period in which anybody bought them, if nobody did in the same months
    before the break; then ``direct`` has all that was sold before it. ``direct``: what the origins
    sold the targets, None if that is not stored. ``bought``: by hub, the largest buyer since first.
    """

    codes: tuple[str, ...]
    began: str | None
    direct: BeforeAndSince | None
    bought: tuple[tuple[str, BeforeAndSince], ...]
    has_past: bool = False  #: somebody bought some of them in the same months before the break


@dataclass(frozen=True)
class CodesAsked:
    """How many of the HS6 codes of a question are ``stored``, of ``asked``; ``absent``: headings
    and codes of the question of which no code is stored."""

    stored: int
    asked: int
    absent: tuple[str, ...]


@dataclass(frozen=True)
class Diversion:
    """The answer of :func:`bilat.diversion.search.divert`: ``hubs`` that were tested; ``groups``
    of goods of the flagged ones; ``clocks`` about the days of listing; ``rows``: routes by
    amount at stake; ``carried``: what the pairs of hubs whose sales are stored come to, None
    where no sale is; ``total``: purchases of the flagged hubs; ``silences``; ``held``: the legs;
    and what was asked."""

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
    listed: Mapping[str, tuple[ListedFirm, ...]] = field(default_factory=dict)
    #: kind of component -> (components found in weapons, weapons)
    components: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    absent: tuple[str, ...] = ()  #: hubs asked for of which no purchase is held
    gaps: tuple[
        str, ...
    ] = ()  #: periods between the first and the last of which the file holds nothing
    sales: bool = (
        False  #: of sales to the targets alone: what the hubs bought, and from whom, is not held
    )
    carried: PassedOn | None = None
    union: tuple[UnionSales, ...] = ()  #: what rose to other members of a target's customs union
    #: Hub -> how many times larger its sales are against its purchases than other hubs'
    odd_sizes: Mapping[str, float] = field(default_factory=dict)
    size_doubt: str = ""  #: said where the file's figures are larger than all trade
    sales_apart: SalesApart | None = None  #: sales later than all purchases
    buyers: int = 0  #: hubs that bought from the origins, asked for or not
    currency_stated: bool = True  #: the files name their currency, or their publisher does
    consignees: tuple[Consignee, ...] | None = None  #: of a user's file, likeliest first
    query_goods: str = "chpl"  #: what a query for missing records asks for: a list, or codes
    files: tuple[str, ...] = ()  #: names of the user's files
    not_tested: NotTested | None = None  #: the goods asked for, if none of them can be tested
    untested: NotTested | None = None  #: new codes among the goods asked for, if others are tested
    codes: CodesAsked | None = None  #: of the question's list of goods, how many are in the records
    stored: StoredRecords | None = None  #: other records of the hubs, next to the answer
    #: States under the same ban as the targets -> what they lost of the same goods
    also_banned: Mapping[str, float] = field(default_factory=dict)

    @property
    def months_since(self) -> tuple[str, ...]:
        """The months from the break to the last one of the answer; nothing where it is by year."""
        return _months(*self.after)

    @property
    def months_before(self) -> int:
        """The months of the baseline that are stored; 0 where it is by year."""
        return len(set(_months(*self.before)) - set(self.gaps))

    @property
    def is_mostly_untested(self) -> bool:
        """Whether hubs bought more under new codes, which have no past, than of what is tested."""
        if self.untested is None:
            return False
        under_new_codes = sum(trade.since for _, trade in self.untested.bought)
        return under_new_codes > sum(hub.bought for hub in self.hubs)

    @cached_property
    def named(self) -> tuple[str, ...]:
        """The hubs that the answer names: by their pairs where any sale is stored, else by their
        purchases."""
        if self.carried is not None:
            return self.carried.named
        return tuple(h.hub for h in self.hubs if h.surged and not h.stayed)

    @property
    def flags(self) -> tuple[Route, ...]:
        """The rows whose q-value is at most ``flag_q``."""
        return tuple(r for r in self.rows if r.q_value <= self.flag_q)

    def to_arrow(self) -> pa.Table:
        """The rows as a table: hub, product, name, tier, probability with its ends, amounts,
        legs."""
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


def _months(first: str, last: str) -> tuple[str, ...]:
    """The months from one to another; nothing of years."""
    if len(first) != 7:
        return ()
    start = int(first[:4]) * 12 + int(first[5:]) - 1
    end = int(last[:4]) * 12 + int(last[5:])
    return tuple(f"{n // 12}-{n % 12 + 1:02d}" for n in range(start, end))
