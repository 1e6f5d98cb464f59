# SPDX-License-Identifier: Apache-2.0
"""Groups of goods at the hubs that surge, and purchases about the day on which goods were listed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from bilat.diversion.answer import Clock, Group
from bilat.diversion.false_discoveries import FLAG_Q, benjamini_hochberg
from bilat.diversion.hub_amounts import HubAmounts, excess_of
from bilat.diversion.hub_purchases import LEAST_SIZE, Purchases
from bilat.diversion.legs import Array
from bilat.diversion.levels import SEASONAL, growth_of
from bilat.goods.sanction_dates import first_month

#: Goods below which a group is not tested.
LEAST_GOODS = 3
#: Goods of one day of listing below which nothing is told of them.
LEAST_LISTED = 20
#: Periods after the listing that a group of listed goods needs.
LEAST_AFTER = 3
#: First and last month of each span about the month of listing.
ABOUT_LISTING = ((-6, -4), (-3, -1), (0, 2), (3, 5), (6, 8))


@dataclass(frozen=True)
class Goods:
    """A group of goods that is tested: a chapter, a tier, or those of one day of listing."""

    kind: str
    name: str
    among: Array  #: by cell: whether it belongs to the group
    at: int  #: the first period since the group's break


@dataclass(frozen=True)
class _Tested:
    """A group at a hub with its p-value, before rates are known."""

    group: Group
    p: float
    asked: bool  #: whether all its goods are asked for


def groups(
    bought: Purchases, amounts: HubAmounts, surging: Array, share: float
) -> tuple[Group, ...]:
    """Return the groups of goods of the surging hubs, flagged first.

    They are tested at the rate times the share of hubs that surge, those of a basket among all
    others (Benjamini and Bogomolov 2014).

    Parameters
    ----------
    surging
        rows of the hubs that surge.
    share
        the share of the tested hubs that those are.
    """
    kinds = _kinds(bought) if len(surging) else []
    tested: list[_Tested] = []
    for at in sorted({goods.at for goods in kinds}):
        begun = [goods for goods in kinds if goods.at == at]
        tested.extend(_tests(bought, amounts, surging, begun))
    rates = benjamini_hochberg(np.array([test.p for test in tested])).tolist()
    flag = FLAG_Q * share
    found = [
        replace(test.group, q_value=rate, flagged=rate <= flag)
        for test, rate in zip(tested, rates, strict=True)
        if test.asked
    ]
    found.sort(key=_order)
    return tuple(found)


def _order(group: Group) -> tuple[bool, float, str, str, str]:
    excess = group.excess["own level"].value
    return (not group.flagged, -excess, group.hub, group.kind, group.name)


def _tests(
    bought: Purchases, amounts: HubAmounts, surging: Array, begun: list[Goods]
) -> Iterator[_Tested]:
    """Yield the tests of groups that share a break: all hubs together, by hub that surges."""
    cells = bought.cells
    at = begun[0].at
    hubs = len(bought.tested)
    offset = bought.legs.span.offset
    of_groups = [cells.series(goods.among)[bought.tested] for goods in begun]
    series = np.concatenate(of_groups)
    block = np.repeat(np.arange(len(begun)), hubs)
    grown = growth_of(series, at, bought.end, bought.season, offset, block)
    least = LEAST_SIZE * offset * (bought.end - at) ** 0.5
    since = np.nansum(series[:, at:], axis=1)
    rising = np.flatnonzero(np.isin(bought.tested, surging))
    for place, goods in enumerate(begun):
        start = place * hubs
        rows = rising + start
        rows = rows[since[rows] > least]
        mine = bought.tested[rows - start]
        excess = amounts.amounts(goods.among, surging, mine, at=at, end=bought.end)
        for row, hub in zip(rows.tolist(), mine.tolist(), strict=True):
            group = Group(
                hub=cells.hubs[hub],
                kind=goods.kind,
                name=goods.name,
                goods=int(cells.goods[goods.among].sum()),
                flagged=False,
                times=float(grown.times[row]),
                swings=float(grown.swings[row]),
                q_value=1.0,
                since=grown.begins(row, at, cells.periods),
                bought=float(since[row]),
                excess=excess_of(excess[hub], {}),
            )
            asked = bool(cells.lost_asked[goods.among].all())
            yield _Tested(group, float(grown.p[row]), asked)


def _kinds(bought: Purchases) -> list[Goods]:
    """Return the groups of enough goods."""
    cells = bought.cells
    chapters = np.array([heading[:2] for heading in cells.heading])
    found = []
    for kind, of_cell in (("chapter", chapters), ("tier", cells.tier)):
        names = [str(name) for name in np.unique(of_cell) if name]
        found += [Goods(kind, name, cells.lost & (of_cell == name), bought.at) for name in names]
    for day, at in _listings(bought):
        if at >= SEASONAL and bought.end - at >= LEAST_AFTER:
            found.append(Goods("listed", day, cells.lost & (cells.listed == day), at))
    return [goods for goods in found if cells.goods[goods.among].sum() >= LEAST_GOODS]


def _listings(bought: Purchases) -> list[tuple[str, int]]:
    """Return the days of listing with the place of the first month of each; -1 out of the span."""
    cells = bought.cells
    places = {period: n for n, period in enumerate(cells.periods)}
    found = []
    for day in np.unique(cells.listed).tolist():
        if day:
            month = first_month(dt.date.fromisoformat(day))
            found.append((str(day), places.get(month, -1)))
    return found


def clocks(bought: Purchases, amounts: HubAmounts) -> tuple[Clock, ...]:
    """Return purchases of all hubs about the month of listing, over those a year before."""
    if bought.season == 1:
        return ()
    found = []
    for day, at in _listings(bought):
        among = bought.cells.listed == day
        goods = int(bought.cells.goods[among].sum())
        if at < 0 or goods < LEAST_LISTED:
            continue
        draws = amounts.draws(among)
        ratios = []
        for first, last in ABOUT_LISTING:
            start = at + first
            end = at + last + 1
            if start < bought.season or end > bought.end:
                continue
            ratio = _ratio(bought, amounts, among, draws, first=start, end=end)
            ratios.append((first, last, *ratio))
        if ratios:
            found.append(Clock(day, goods, tuple(ratios)))
    return tuple(found)


def _ratio(
    bought: Purchases, amounts: HubAmounts, among: Array, draws: Array, *, first: int, end: int
) -> tuple[float, float, float]:
    """Return purchases of some periods over those of a year before, and 80% of its draws."""
    year = bought.season
    now = _all_hubs(bought, amounts, among, first=first, end=end)
    before = _all_hubs(bought, amounts, among, first=first - year, end=end - year)
    ratio = (draws @ now) / np.maximum(draws @ before, 1.0)
    low, high = np.quantile(ratio[1:], (0.1, 0.9))
    return float(ratio[0]), float(low), float(high)


def _all_hubs(
    bought: Purchases, amounts: HubAmounts, among: Array, *, first: int, end: int
) -> Array:
    """Return by heading what all hubs bought that do not stand under the same ban as a target."""
    cells = bought.cells
    banned = bought.banned()
    hubs = [row for row in bought.tested if cells.hubs[row] not in banned]
    weights = np.zeros(cells.missing.shape)
    weights[:, first:end] = 1
    by_heading = amounts.by_heading(among, weights)
    return np.asarray(by_heading[hubs].sum(axis=0))
