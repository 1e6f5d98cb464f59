# SPDX-License-Identifier: Apache-2.0
"""Which hubs buy what the target no longer gets, since when and how much beyond what they would
have bought anyway.

First hubs, then within flagged hubs groups of goods, each against its own past; false discoveries
are held down the tree (Benjamini and Bogomolov 2014, JRSS B 76). A surge is a finding about
purchases: it does not say what was sold on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from bilat.diversion.answer import COUNTERFACTUALS, Clock, Group, Hub, Total
from bilat.diversion.false_discoveries import FLAG_Q, benjamini_hochberg
from bilat.diversion.hub_amounts import Amounts, HubAmounts, excess_of, range_of
from bilat.diversion.hub_groups import clocks, groups
from bilat.diversion.hub_purchases import Purchases, purchases
from bilat.diversion.legs import Array, Legs
from bilat.diversion.levels import Growth, ends, read_cells
from bilat.diversion.parameters import parameter
from bilat.formats.trade.files import Trade
from bilat.goods.baskets import basket
from bilat.goods.sanction_dates import listed_on

#: Hubs for which amounts are worked out, the largest purchases first.
MOST_HUBS = 60
#: Purchases before the break, as a multiple of the offset, from which on a good can have tripled.
CAN_TRIPLE = 5 / 3


@dataclass(frozen=True)
class Tree:
    """``hubs`` by excess, flagged first; ``groups`` of the flagged ones; ``clocks`` by month of
    listing; all that are ``flagged``, whichever were asked for."""

    hubs: tuple[Hub, ...]
    groups: tuple[Group, ...]
    clocks: tuple[Clock, ...]
    total: Total
    flagged: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Tests:
    """What the tests say of the tested hubs, in their order."""

    growth: Growth
    rates: Array
    flagged: Array
    amounts: Amounts
    a_year_earlier: Amounts  #: the same about a break made up a year before the real one


def tree(
    trade: Trade,
    legs: Legs,
    lost: Array,
    asked: Array,
    others: Mapping[str, Mapping[str, float]] | None = None,
) -> Tree:
    """Test and measure the hubs of ``legs``.

    Parameters
    ----------
    lost
        by product: whether its direct sales to the targets fell.
    asked
        by product: whether the question is about it.
    others
        hub -> period -> what the origins sold it of goods outside the file; None: the goods of the
        file that were not asked for or did not fall.
    """
    listed = [str(listed_on(product) or "") for product in legs.products]
    if "RUS" not in legs.question.targets:
        listed = [""] * len(listed)  # the dates are of the EU's ban on Russia
    chosen = basket("chpl")
    tiers = [chosen.tier(product) or "" for product in legs.products]
    cells = read_cells(trade, legs, lost, listed, tiers, asked)
    bought = purchases(cells, legs, lost & asked, others)
    if not len(bought.tested) or bought.at < 2:
        return Tree((), (), (), Total((), 0.0, 0.0, 0.0, _lost(bought)))
    amounts = HubAmounts(bought)
    found, tests = _tested(bought, amounts)
    hubs = [_hub(bought, tests, place) for place in range(len(bought.tested))]
    hubs.sort(key=_order)
    only = legs.question.hubs
    if only is not None:  # tested among all, answered alone
        hubs = [hub for hub in hubs if hub.hub in only]
        found = tuple(group for group in found if group.hub in only)
    flagged = bought.tested[tests.flagged]
    return Tree(
        hubs=tuple(hubs),
        groups=found,
        clocks=clocks(bought, amounts),
        total=_total(bought, tests, hubs),
        flagged=frozenset(cells.hubs[row] for row in flagged),
    )


def _order(hub: Hub) -> tuple[bool, float, str]:
    excess = hub.excess["own level"].value if hub.excess else 0.0
    return (not hub.flagged, -excess, hub.hub)


def _tested(bought: Purchases, amounts: HubAmounts) -> tuple[tuple[Group, ...], _Tests]:
    """Return the groups of surging hubs, and the tests of all.

    A basket is a branch of the tree: its groups are tested with all others, at hubs that surge in
    all goods.
    """
    cells = bought.cells
    growth = bought.growth(bought.basket)
    rates = benjamini_hochberg(growth.p)
    beyond = bought.beyond_other_goods()
    all_asked = bool((cells.lost_asked == cells.lost).all())
    of_all_goods = rates
    if not all_asked:
        of_all_goods = benjamini_hochberg(bought.growth(cells.series(cells.lost)).p)
    surging = bought.tested[(of_all_goods <= FLAG_Q) & beyond]
    found = groups(bought, amounts, surging, len(surging) / len(bought.tested))
    by_a_group: list[int] = []
    if not all_asked:
        by_a_group = [cells.hubs.index(group.hub) for group in found if group.flagged]
    flagged = ((rates <= FLAG_Q) | np.isin(bought.tested, by_a_group)) & beyond
    return found, _Tests(
        growth=growth,
        rates=rates,
        flagged=flagged,
        **_measured(bought, amounts, bought.tested[flagged]),
    )


def _measured(bought: Purchases, amounts: HubAmounts, flagged: Array) -> dict[str, Amounts]:
    """Return the amounts of the largest hubs, and those about a break a year before."""
    goods = bought.cells.lost_asked
    order = np.argsort(-bought.since_break[bought.tested], kind="stable")
    largest = bought.tested[order][:MOST_HUBS]
    real = amounts.amounts(goods, flagged, largest, at=bought.at, end=bought.end)
    early = bought.at - bought.season
    earlier: Amounts = {}
    if early >= bought.season:
        end = min(early + bought.end - bought.at, bought.at)
        earlier = amounts.amounts(goods, flagged, largest, at=early, end=end)
    return {"amounts": real, "a_year_earlier": earlier}


def _lost(bought: Purchases) -> float | None:
    """Return what the targets no longer bought of the goods that fell, against the year before."""
    legs = bought.legs
    if not legs.direct_held or bought.at < 1:
        return None
    rows = [n for n, hub in enumerate(bought.cells.hubs) if hub in legs.question.targets]
    held = np.nan_to_num(bought.basket[rows])
    weights = bought.weights
    before = float((held * weights.before[rows]).sum())
    after = float((held * weights.after[rows]).sum())
    return before - after


def _total(bought: Purchases, tests: _Tests, hubs: list[Hub]) -> Total:
    """Return what the flagged hubs bought more together, at most what they can have sold on."""
    names = bought.cells.hubs
    onward = {hub.hub: hub.onward for hub in hubs if hub.flagged and not hub.stayed}
    # A bound on the sum needs the books of every hub.
    most = dict.fromkeys(onward, np.inf)
    known = {hub: value for hub, value in onward.items() if value is not None}
    if len(known) == len(onward):
        most = known
    flagged = tuple(hub for hub in names if hub in most)
    limits = {row: most[names[row]] for row in tests.amounts if names[row] in most}
    held = _held_of_all(tests.amounts, limits, COUNTERFACTUALS)
    if not held:
        return Total(flagged, 0.0, 0.0, 0.0, _lost(bought))
    earlier = tests.a_year_earlier
    unlimited = dict.fromkeys(limits, np.inf)
    sums = _sums(tests.amounts, held, limits)
    past = _sums(earlier, _held_of_all(earlier, limits, held), unlimited)
    capped = any(
        limit < tests.amounts[row][name][0] for row, limit in limits.items() for name in held
    )
    placebo = None
    if len(past) == len(held):
        lowest, _, highest = range_of(past)
        placebo = (lowest, highest)
    low, middle, high = range_of(sums)
    return Total(
        hubs=flagged,
        low=low,
        middle=middle,
        high=high,
        lost=_lost(bought),
        rests_on=excess_of(sums, past),
        capped=capped,
        placebo=placebo,
    )


def _held_of_all(amounts: Amounts, rows: Collection[int], names: Collection[str]) -> list[str]:
    """Return the counterfactuals that are held of every row; none where there is no row."""
    if not rows:
        return []
    return [name for name in names if all(name in amounts.get(row, {}) for row in rows)]


def _sums(
    amounts: Amounts, names: Collection[str], limits: Mapping[int, float]
) -> dict[str, Array]:
    """Return by counterfactual the sum of the rows' amounts, each scaled to at most its limit."""
    found = {}
    for name in names:
        parts = []
        for row, limit in limits.items():
            value = amounts[row][name]
            parts.append(value * min(1.0, limit / max(value[0], 1.0)))
        found[name] = np.sum(parts, axis=0)
    return found


def _hub(bought: Purchases, tests: _Tests, place: int) -> Hub:
    """Return the finding on the tested hub at ``place``."""
    row = int(bought.tested[place])
    name = bought.cells.hubs[row]
    periods = bought.cells.periods
    growth = tests.growth
    flagged = bool(tests.flagged[place])
    last = int(np.flatnonzero(~bought.cells.missing[row])[-1])
    found = tests.amounts.get(row, {})
    low, middle, high = range_of(found) if found else (0.0, 0.0, 0.0)
    tripled, goods = _tripled(bought, name, "before", "after")
    tripled_before, goods_before = _tripled(bought, name, "then_before", "then_after")
    return Hub(
        hub=name,
        flagged=flagged,
        surged=flagged,
        times=float(growth.times[place]),
        swings=float(growth.swings[place]),
        q_value=float(tests.rates[place]),
        since=growth.begins(place, bought.at, periods) if flagged else None,
        usual=float(growth.usual[place]),
        swing=float(growth.swing[place]),
        bought=float(bought.since_break[row]),
        tripled=tripled,
        goods=goods,
        tripled_before=tripled_before,
        goods_before=goods_before,
        low=low,
        middle=middle,
        high=high,
        excess=excess_of(found, tests.a_year_earlier.get(row, {})),
        months=_months(bought, row) if found else (),
        until=periods[last] if last + 1 < bought.end else None,
        onward=_onward(bought, name),
        ratio=_ratio(bought, row),
        ended=_ended(bought, row) if flagged else None,
    )


def _ended(bought: Purchases, row: int) -> str | None:
    """Return the last period of what a hub bought more since the break, where that has stopped."""
    since = _known(bought.basket[row, bought.at :])
    return ends(since, bought.cells.periods[bought.at :])


def _known(values: Array) -> list[float | None]:
    return [float(value) if np.isfinite(value) else None for value in values]


def _ratio(bought: Purchases, row: int) -> float | None:
    """Return the sum since the break over that of the same months of the year before."""
    held = np.nan_to_num(bought.basket[row])
    weights = bought.weights
    before = float((held * weights.before[row]).sum())
    after = float((held * weights.after[row]).sum())
    return after / before if before > 0 else None


def _onward(bought: Purchases, hub: str) -> float | None:
    """Return the most that a hub's sales to the targets rose.

    What sold less takes nothing off, and all goods of the chapters count, as goods may go on under
    a code near their own. None where a silence or a gap clears nobody.
    """
    legs = bought.legs
    if hub not in legs.throughout or hub not in legs.hubs:
        return None
    sold = legs.outward
    chapters = np.array([product[:2] for product in legs.products])
    near = np.isin(chapters, chapters[bought.goods])
    is_hub = sold["hub"] == legs.hubs.index(hub)
    mine = is_hub & near[sold["product"]]
    rise = np.maximum(sold["after"] - sold["before"], 0.0)
    return float(rise[mine].sum())


def _months(bought: Purchases, row: int) -> tuple[tuple[str, float | None, float | None], ...]:
    """Return each period with what was bought and the usual of its season.

    Since the break the usual is the same season of the year before it.
    """
    values = _known(bought.basket[row])
    found = []
    for t, period in enumerate(bought.cells.periods):
        like = t if t < bought.at else bought.at + (t - bought.at) % bought.season
        base = like - bought.season
        found.append((period, values[t], values[base] if base >= 0 else None))
    return tuple(found)


def _tripled(bought: Purchases, hub: str, before: str, after: str) -> tuple[int, int]:
    """Return how many of the goods that fell and were bought before more than tripled, of how
    many."""
    legs = bought.legs
    leg = legs.inward
    of_hub = np.array([name == hub for name in legs.hubs], dtype=bool)
    mine = of_hub[leg["hub"]] & bought.goods[leg["product"]]
    known = mine & (leg[before] > parameter("offset") * CAN_TRIPLE)
    tripled = (leg[after] > 3 * leg[before])[known]
    return int(tripled.sum()), int(known.sum())
