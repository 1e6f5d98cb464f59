# SPDX-License-Identifier: Apache-2.0
"""Which hubs buy what the target no longer gets, since when and how much beyond what they would
have bought anyway.

First hubs, then within flagged hubs groups of goods, each against its own past; false discoveries
are held down the tree (Benjamini and Bogomolov 2014, JRSS B 76). A surge is a finding about
purchases: it does not say what was sold on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bilat.diversion.answer import COUNTERFACTUALS, Clock, Excess, Group, Hub, Total
from bilat.diversion.legs import WORLD, Array, Legs
from bilat.diversion.levels import (
    SEASONAL,
    Cells,
    Growth,
    base_weights,
    ends,
    growth_of,
    read_cells,
)
from bilat.diversion.parameters import parameter
from bilat.formats.trade.files import Trade
from bilat.goods.baskets import basket
from bilat.goods.sanction_dates import first_month, listed_on
from bilat.places.coalitions import is_country

#: States under the same ban as a target from the same weeks, so that they are no free neighbour of
#: a hub: Belarus, Council Regulation (EU) 2022/355 of 2 March 2022 (OJ L 67).
ALSO_BANNED = {"RUS": ("BLR",), "BLR": ("RUS",)}
FLAG_Q = 0.10
DRAWS = 200
#: Hubs for which amounts are worked out, the largest purchases first; months about a listing; goods
#: of a cohort.
MOST_HUBS = 60
ABOUT = ((-6, -4), (-3, -1), (0, 2), (3, 5), (6, 8))
COHORT = 20
#: Goods and months of purchases at the offset below which a group is not tested.
GOODS = 3
SIZE = 10.0
#: hub -> counterfactual -> value and draws
Amounts = dict[int, dict[str, Array]]


@dataclass(frozen=True)
class Tree:
    """``hubs`` by excess, flagged first; ``groups`` of the flagged ones; ``clocks`` by month of
    listing; all that are ``flagged``, whichever were asked for."""

    hubs: tuple[Hub, ...]
    groups: tuple[Group, ...]
    clocks: tuple[Clock, ...]
    total: Total
    flagged: frozenset[str] = frozenset()


def benjamini_hochberg(p: Array) -> Array:
    """The false discovery rate at which each hypothesis is rejected."""
    order = np.argsort(
        p
    )  # as scipy.stats.false_discovery_control, whose import costs half a second
    q = p[order] * len(p) / np.arange(1, len(p) + 1)
    out = np.empty(len(p))
    out[order] = np.minimum.accumulate(q[::-1])[::-1] if len(p) else q
    return np.minimum(out, 1.0)


def tree(
    trade: Trade,
    legs: Legs,
    lost: Array,
    asked: Array,
    others: Mapping[str, Mapping[str, float]] | None = None,
) -> Tree:
    """Test and measure the hubs of ``legs``. By product: ``lost``, its direct sales to the
    targets fell, and ``asked``. ``others``: hub -> period -> what the origins sold it of goods
    outside the file; None: the goods of the file that were not asked for or did not fall."""
    listed = [str(listed_on(p) or "") for p in legs.products]
    if "RUS" not in legs.question.targets:
        listed = [""] * len(listed)  # the dates are of the EU's ban on Russia
    chosen = basket("chpl")
    tiers = [chosen.tier(p) or "" for p in legs.products]
    cells = read_cells(trade, legs, lost, listed, tiers, asked)
    return _Tested(cells, legs, others, lost & asked).tree()


class _Tested:
    """The levels of one question, and the hubs that can be tested."""

    def __init__(
        self,
        cells: Cells,
        legs: Legs,
        others: Mapping[str, Mapping[str, float]] | None,
        goods: Array,
    ) -> None:
        self.cells = cells
        self.legs = legs
        #: By product: asked for, and its direct sales to the targets fell.
        self.goods = goods
        self.season, self.at, self.end = cells.season, cells.breaks, len(cells.periods)
        barred = {*legs.question.origins, *legs.question.targets, *legs.barred, WORLD}
        ours = np.array([h not in barred and is_country(h) for h in cells.hubs], dtype=bool)
        self.headings, self.heading = np.unique(cells.heading, return_inverse=True)
        self.other = cells.series(cells.calm) if cells.calm.any() else None
        if others:
            rows = [[others.get(h, {}).get(p, np.nan) for p in cells.periods] for h in cells.hubs]
            self.other = np.array(rows)
        self.basket = cells.series(cells.lost_asked)
        self.bought = np.nansum(self.basket[:, self.at :], axis=1)
        traded = np.nansum(self.basket, axis=1) > SIZE * legs.span.offset
        reported = ~cells.missing[:, self.at :].all(axis=1)
        self.tested = np.flatnonzero(ours & traded & reported)
        self.weights = base_weights(self.at, self.end, self.season, cells.missing)

    def tree(self) -> Tree:
        cells = self.cells
        if not len(self.tested) or self.at < 2:
            return Tree((), (), (), Total((), 0.0, 0.0, 0.0, self._lost()))
        growth = self._growth(self.basket)
        q = benjamini_hochberg(growth.p)
        beyond = self._beyond_others()
        # A basket is a branch of the tree: its groups are tested with all others, at hubs that
        # surge in all goods.
        all_asked = bool((cells.lost_asked == cells.lost).all())
        whole = q if all_asked else benjamini_hochberg(self._growth(cells.series(cells.lost)).p)
        surging = self.tested[(whole <= FLAG_Q) & beyond]
        groups = self._groups(surging, len(surging) / len(self.tested))
        within = [cells.hubs.index(g.hub) for g in groups if g.flagged and not all_asked]
        flagged = ((q <= FLAG_Q) | np.isin(self.tested, within)) & beyond
        sure = self.tested[flagged]
        largest = self.tested[np.argsort(-self.bought[self.tested], kind="stable")][:MOST_HUBS]
        amounts = self._amounts(cells.lost_asked, sure, largest, self.at, self.end)
        early = self.at - self.season
        earlier = {}
        if early >= self.season:  # the excess about a break made up a year before the real one
            end = min(early + self.end - self.at, self.at)
            earlier = self._amounts(cells.lost_asked, sure, largest, early, end)
        hubs = [
            self._hub(n, growth, q, bool(flagged[n]), amounts, earlier)
            for n in range(len(self.tested))
        ]
        hubs.sort(
            key=lambda h: (not h.flagged, -h.excess["own level"].value if h.excess else 0.0, h.hub)
        )
        if (only := self.legs.question.hubs) is not None:  # tested among all, answered alone
            hubs = [h for h in hubs if h.hub in only]
            groups = tuple(g for g in groups if g.hub in only)
        surge = frozenset(cells.hubs[h] for h in sure)
        return Tree(tuple(hubs), groups, self._clocks(), self._total(hubs, amounts, earlier), surge)

    def _growth(self, series: Array) -> Growth:
        return growth_of(series[self.tested], self.at, self.end, self.season, self.legs.span.offset)

    def _beyond_others(self) -> Array:
        """Whether each tested hub bought more than if these goods had grown as the origins'
        other goods to it; True if these are not held."""
        (before, after), others = self.weights, self._others(*self.weights)
        held = np.nan_to_num(self.basket)
        beyond = (held * after).sum(axis=1) > (held * before).sum(axis=1) * (others[1] / others[0])
        return (np.isnan(others[0]) | beyond)[self.tested]

    def _others(self, before: Array, after: Array) -> tuple[Array, Array]:
        """(before, after) of the origins' other goods to each hub; NaN where not held."""
        if self.other is None:
            return (np.full(len(before), np.nan),) * 2
        held = np.nan_to_num(self.other)
        lacks = (np.isnan(self.other) & ((before > 0) | (after > 0))).any(axis=1)
        sums = [(held * w).sum(axis=1) for w in (before, after)]
        known = ~lacks & (sums[0] > 0) & (sums[1] > 0)
        return np.where(known, sums[0], np.nan), np.where(known, sums[1], np.nan)

    # -- amounts ------------------------------------------------------------------------------------

    def _draws(self, among: Array) -> Array:
        """(1 + :data:`DRAWS`, headings): how often each heading of some cells counts, first
        once, then resampled."""
        used = np.unique(self.heading[among])
        out = np.zeros((DRAWS + 1, len(self.headings)))
        out[0, used] = 1
        if len(used):
            random = np.random.default_rng(20220224)
            out[1:, used] = random.multinomial(len(used), np.full(len(used), 1 / len(used)), DRAWS)
        return out

    def _sums(self, among: Array, weights: Sequence[Array]) -> list[Array]:
        """(hubs, headings) of some cells under each of the ``weights``."""
        return [self.cells.by(self.heading, len(self.headings), among, w) for w in weights]

    def _amounts(self, among: Array, sure: Array, hubs: Array, at: int, end: int) -> Amounts:
        """hub -> counterfactual -> (value, then :data:`DRAWS` draws) of the cells ``among``;
        hubs that are ``sure`` to surge, or under the same ban, are nobody's neighbours."""
        weights = base_weights(at, end, self.season, self.cells.missing)
        (before, after), others, draws = (
            self._sums(among, weights),
            self._others(*weights),
            self._draws(among),
        )
        chapters = np.unique([h[:2] for h in self.headings], return_index=True)[1]
        banned = {b for t in self.legs.question.targets for b in ALSO_BANNED.get(t, ())}
        free = [
            h
            for h in self.tested
            if h not in set(sure.tolist()) and self.cells.hubs[h] not in banned
        ]

        def by_chapter(sums: Array) -> Array:
            return np.add.reduceat(draws * sums, chapters, axis=1)

        pool = [by_chapter(side[free].sum(axis=0)) for side in (before, after)]
        out: Amounts = {}
        for h in hubs.tolist():
            own = by_chapter(before[h])
            bought = by_chapter(after[h])
            base = own.sum(axis=1)
            after_all = bought.sum(axis=1)
            grown = others[1][h] / others[0][h]
            out[h] = got = {"own level": after_all - base}
            if np.isfinite(grown):
                got["other goods"] = after_all - base * grown
            left = [f for f in free if f != h]
            then, now = (p - q * (h in free) for p, q in zip(pool, (own, bought), strict=True))
            whole = then.sum(axis=1)
            if not left or not (whole > 1e-6).all():
                continue
            common = now.sum(axis=1) / whole
            firm = parameter("neighbour_prior") * whole[:, None]
            theirs_grown = (now + firm * common[:, None]) / (then + firm)
            got["neighbours"] = after_all - (own * theirs_grown).sum(axis=1)
            theirs = np.nansum(others[1][left]) / max(np.nansum(others[0][left]), 1e-9)
            if np.isfinite(grown) and theirs > 0:
                got["triple difference"] = after_all - base * grown * common / theirs
        return out

    def _lost(self) -> float | None:
        """What the targets no longer bought of the goods that fell, against the year before."""
        if not self.legs.direct_held or self.at < 1:
            return None
        rows = [n for n, h in enumerate(self.cells.hubs) if h in self.legs.question.targets]
        held = np.nan_to_num(self.basket[rows])
        before, after = (float((held * w[rows]).sum()) for w in self.weights)
        return before - after

    def _total(self, hubs: list[Hub], amounts: Amounts, earlier: Amounts) -> Total:
        onward = {h.hub: h.onward for h in hubs if h.flagged and not h.stayed}
        # A bound on the sum needs the books of every hub.
        known = all(v is not None for v in onward.values())
        most = {h: np.inf if v is None or not known else v for h, v in onward.items()}
        names = tuple(h for h in self.cells.hubs if h in most)
        mine = [n for n in amounts if self.cells.hubs[n] in most]
        held = [c for c in COUNTERFACTUALS if mine and all(c in amounts[n] for n in mine)]
        if not held:
            return Total(names, 0.0, 0.0, 0.0, self._lost())

        def carried(n: int, c: str) -> Array:
            value = amounts[n][c]
            return value * min(1.0, most[self.cells.hubs[n]] / max(value[0], 1.0))

        sums = {c: np.sum([carried(n, c) for n in mine], axis=0) for c in held}
        past = {
            c: np.sum([earlier[n][c] for n in mine], axis=0)
            for c in held
            if all(c in earlier.get(n, {}) for n in mine)
        }
        capped = any(most[self.cells.hubs[n]] < amounts[n][c][0] for n in mine for c in held)
        placebo = _pooled(past)[::2] if len(past) == len(held) else None
        return Total(names, *_pooled(sums), self._lost(), _excess(sums, past), capped, placebo)

    # -- records ------------------------------------------------------------------------------------

    def _hub(
        self, n: int, growth: Growth, q: Array, flagged: bool, amounts: Amounts, earlier: Amounts
    ) -> Hub:
        h = int(self.tested[n])
        name = self.cells.hubs[h]
        held = np.flatnonzero(~self.cells.missing[h])
        got = amounts.get(h, {})
        low, middle, high = _pooled(got) if got else (0.0, 0.0, 0.0)
        tripled, goods = self._tripled(name, "before", "after")
        tripled_before, goods_before = self._tripled(name, "then_before", "then_after")
        return Hub(
            hub=name,
            flagged=flagged,
            surged=flagged,
            times=float(growth.times[n]),
            swings=float(growth.swings[n]),
            q_value=float(q[n]),
            since=growth.begins(n, self.at, self.cells.periods) if flagged else None,
            usual=float(growth.usual[n]),
            swing=float(growth.swing[n]),
            bought=float(self.bought[h]),
            tripled=tripled,
            goods=goods,
            tripled_before=tripled_before,
            goods_before=goods_before,
            low=low,
            middle=middle,
            high=high,
            excess=_excess(got, earlier.get(h, {})),
            months=self._months(h) if got else (),
            until=self.cells.periods[held[-1]] if held[-1] + 1 < self.end else None,
            onward=self._onward(name),
            ratio=self._ratio(h),
            ended=self._ended(h) if flagged else None,
        )

    def _ended(self, h: int) -> str | None:
        """The last period of what the hub bought more since the break, where that has stopped."""
        held = self.basket[h, self.at :]
        values = [float(v) if np.isfinite(v) else None for v in held]
        return ends(values, self.cells.periods[self.at :])

    def _ratio(self, h: int) -> float | None:
        """The sum since the break over that of the same months of the year before."""
        held = np.nan_to_num(self.basket[h])
        before, after = (float((held * w[h]).sum()) for w in self.weights)
        return after / before if before > 0 else None

    def _onward(self, hub: str) -> float | None:
        """The most that a hub's sales to the targets rose: what sold less takes nothing off, and
        all goods of the chapters count, as goods may go on under a code near their own. None
        where a silence or a gap clears nobody."""
        legs = self.legs
        o = self.legs.outward
        if hub not in legs.throughout or hub not in legs.hubs:
            return None
        chapters = np.array([p[:2] for p in legs.products])
        mine = (o["hub"] == legs.hubs.index(hub)) & np.isin(chapters, chapters[self.goods])[
            o["product"]
        ]
        return float(np.maximum(o["after"] - o["before"], 0.0)[mine].sum())

    def _months(self, h: int) -> tuple[tuple[str, float | None, float | None], ...]:
        values = [float(v) if np.isfinite(v) else None for v in self.basket[h]]
        # Since the break the usual is the same season of the year before it.
        base = [
            (t if t < self.at else self.at + (t - self.at) % self.season) - self.season
            for t in range(self.end)
        ]
        return tuple(
            (period, values[t], values[b] if b >= 0 else None)
            for t, (period, b) in enumerate(zip(self.cells.periods, base, strict=True))
        )

    def _tripled(self, hub: str, before: str, after: str) -> tuple[int, int]:
        """How many of the goods that fell and were bought before more than tripled, of how many."""
        legs = self.legs
        d = self.legs.inward
        mine = (
            np.array([h == hub for h in legs.hubs], dtype=bool)[d["hub"]] & self.goods[d["product"]]
        )
        known = mine & (d[before] > parameter("offset") * 5 / 3)
        return int((d[after] > 3 * d[before])[known].sum()), int(known.sum())

    # -- groups -------------------------------------------------------------------------------------

    def _groups(self, sure: Array, share: float) -> tuple[Group, ...]:
        """The chapters, tiers and months of listing of the flagged hubs, tested at the rate
        times the share of hubs that are flagged; of a basket those of which all goods are asked
        for, among the others."""
        cells = self.cells
        offset = self.legs.span.offset
        kinds = self._kinds() if len(sure) else []
        found = []
        for at in sorted({k[3] for k in kinds}):
            mine = [k for k in kinds if k[3] == at]
            series = np.concatenate([cells.series(k[2])[self.tested] for k in mine])
            block = np.repeat(np.arange(len(mine)), len(self.tested))
            grown = growth_of(series, at, self.end, self.season, offset, block)
            least = SIZE * offset * (self.end - at) ** 0.5
            bought = np.nansum(series[:, at:], axis=1)
            for n, (kind, name, among, _) in enumerate(mine):
                rows = np.flatnonzero(np.isin(self.tested, sure)) + n * len(self.tested)
                rows = rows[bought[rows] > least]
                hubs = self.tested[rows - n * len(self.tested)]
                amounts = self._amounts(among, sure, hubs, at, self.end)
                asked = bool(cells.lost_asked[among].all())
                goods = int(cells.goods[among].sum())
                for row, h in zip(rows.tolist(), hubs.tolist(), strict=True):
                    group = Group(
                        hub=cells.hubs[h],
                        kind=kind,
                        name=name,
                        goods=goods,
                        flagged=False,
                        times=float(grown.times[row]),
                        swings=float(grown.swings[row]),
                        q_value=1.0,
                        since=grown.begins(row, at, cells.periods),
                        bought=float(bought[row]),
                        excess=_excess(amounts[h], {}),
                    )
                    found.append((group, float(grown.p[row]), asked))
        rates = benjamini_hochberg(np.array([p for _, p, _ in found])).tolist()
        made = [
            replace(g, q_value=q, flagged=q <= FLAG_Q * share)
            for (g, _, asked), q in zip(found, rates, strict=True)
            if asked
        ]
        made.sort(
            key=lambda g: (not g.flagged, -g.excess["own level"].value, g.hub, g.kind, g.name)
        )
        return tuple(made)

    def _kinds(self) -> list[tuple[str, str, Array, int]]:
        """(kind, name, its cells, place of its break) of every group of enough goods."""
        cells = self.cells
        chapters = np.array([h[:2] for h in cells.heading])
        named: list[tuple[str, str, Array, int]] = [
            (kind, str(name), cells.lost & (of == name), self.at)
            for kind, of in (("chapter", chapters), ("tier", cells.tier))
            for name in np.unique(of)
            if name
        ]
        named += [
            ("listed", day, cells.lost & (cells.listed == day), at)
            for day, at in self._listings()
            if at >= SEASONAL and self.end - at >= 3
        ]
        return [g for g in named if cells.goods[g[2]].sum() >= GOODS]

    def _listings(self) -> list[tuple[str, int]]:
        """The days of listing, with the place of the first month of each; -1 out of the window."""
        place = {p: n for n, p in enumerate(self.cells.periods)}
        days = [str(day) for day in np.unique(self.cells.listed) if day]
        return [(day, place.get(first_month(dt.date.fromisoformat(day)), -1)) for day in days]

    def _clocks(self) -> tuple[Clock, ...]:
        """Purchases of all hubs together about the month of listing, over the same months a year
        before."""
        cells = self.cells
        out = []
        banned = {b for t in self.legs.question.targets for b in ALSO_BANNED.get(t, ())}
        hubs = [h for h in self.tested if cells.hubs[h] not in banned]
        for day, at in self._listings() if self.season > 1 else ():
            among = cells.listed == day
            goods = int(cells.goods[among].sum())
            draws = self._draws(among)
            ratios = []
            spans = [(a, b) for a, b in ABOUT if at + a >= self.season and at + b < self.end]
            if at < 0 or goods < COHORT:
                continue
            for first, last in spans:
                weights = np.zeros((2, *cells.missing.shape))
                for then, shift in enumerate((0, self.season)):
                    weights[then, :, at + first - shift : at + last + 1 - shift] = 1
                now, before = (
                    draws @ w[hubs].sum(axis=0) for w in self._sums(among, list(weights))
                )
                ratio = now / np.maximum(before, 1.0)
                low, high = np.quantile(ratio[1:], (0.1, 0.9))
                ratios.append((first, last, float(ratio[0]), float(low), float(high)))
            if ratios:
                out.append(Clock(day, goods, tuple(ratios)))
        return tuple(out)


def _pooled(draws: Mapping[str, Array]) -> tuple[float, float, float]:
    """10, 50 and 90% over the counterfactuals together, each as likely as the others, and over
    resampled headings."""
    low, middle, high = np.quantile(
        np.concatenate([v[1:] for v in draws.values()]), (0.1, 0.5, 0.9)
    )
    return float(low), float(middle), float(high)


def _excess(got: Mapping[str, Array], earlier: Mapping[str, Array]) -> dict[str, Excess]:
    """The value and the 80% of its draws under each counterfactual, with the value about a break
    made up earlier."""
    out = {}
    for name in (c for c in COUNTERFACTUALS if c in got):
        low, high = np.quantile(got[name][1:], (0.1, 0.9))
        placebo = float(earlier[name][0]) if name in earlier else None
        out[name] = Excess(float(got[name][0]), float(low), float(high), placebo)
    return out
