# SPDX-License-Identifier: Apache-2.0
"""Which hubs buy what the target no longer gets, since when and how much beyond what they would have bought anyway.

First hubs, then within flagged hubs groups of goods, each against its own past; false discoveries are held down the
tree (Benjamini and Bogomolov 2014, JRSS B 76). A surge is a finding about purchases: it does not say what was sold on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from bilat.diversion.answer import COUNTERFACTUALS, Clock, Excess, Group, Hub, Total
from bilat.diversion.legs import WORLD, Array, Legs
from bilat.diversion.levels import SEASONAL, Cells, Growth, base_weights, begins, growth_of, read_cells
from bilat.diversion.parameters import parameter
from bilat.formats.trade.files import Trade
from bilat.goods.baskets import basket
from bilat.goods.sanction_dates import first_month, listed_on
from bilat.places.coalitions import is_country

#: States under the same ban as a target from the same weeks, so that they are no free neighbour of a hub: Belarus,
#: Council Regulation (EU) 2022/355 of 2 March 2022 (OJ L 67).
ALSO_BANNED = {"RUS": ("BLR",), "BLR": ("RUS",)}
FLAG_Q = 0.10
DRAWS = 200
#: Hubs for which amounts are worked out, the largest purchases first; months about a listing; goods of a cohort.
MOST_HUBS, ABOUT, COHORT = 60, ((-6, -4), (-3, -1), (0, 2), (3, 5), (6, 8)), 20
#: Goods and months of purchases at the offset below which a group is not tested.
GOODS, SIZE = 3, 10.0


@dataclass(frozen=True)
class Tree:
    """``hubs`` by excess, flagged first; ``groups`` of the flagged ones; ``clocks`` by month of listing."""

    hubs: tuple[Hub, ...]
    groups: tuple[Group, ...]
    clocks: tuple[Clock, ...]
    total: Total


def benjamini_hochberg(p: Array) -> Array:
    """The false discovery rate at which each hypothesis is rejected."""
    order = np.argsort(p)
    q = p[order] * len(p) / np.arange(1, len(p) + 1)
    out = np.empty(len(p))
    out[order] = np.minimum.accumulate(q[::-1])[::-1] if len(p) else q
    return np.minimum(out, 1.0)


def tree(
    trade: Trade,
    legs: Legs,
    fallen: Array,
    asked: Array,
    others: Mapping[str, Mapping[str, float]] | None = None,
) -> Tree:
    """Test and measure the hubs of ``legs``; ``fallen`` and ``asked`` by product. ``others``: hub -> period -> what the
    origins sold it of goods outside the file; None: the goods of the file that were not asked for or did not fall."""
    listed = [str(listed_on(p) or "") for p in legs.products]
    if "RUS" not in legs.question.targets:
        listed = [""] * len(listed)  # the dates are of the EU's ban on Russia
    chosen = basket("chpl")
    tiers = [chosen.tier(p) or "" for p in legs.products]
    cells = read_cells(trade, legs, fallen, listed, tiers, asked)
    return _Tested(cells, legs, others, fallen & asked).tree()


class _Tested:
    """The levels of one question, and the hubs that can be tested."""

    def __init__(
        self, cells: Cells, legs: Legs, others: Mapping[str, Mapping[str, float]] | None, fell: Array
    ) -> None:
        self.cells, self.legs, self.fell = cells, legs, fell
        self.offset = legs.span.offset
        self.season, self.at, self.end = cells.season, cells.breaks, len(cells.periods)
        barred = {*legs.question.origins, *legs.question.targets, *legs.barred, WORLD}
        self.banned = {b for t in legs.question.targets for b in ALSO_BANNED.get(t, ())}
        self.ours = np.array([h not in barred and is_country(h) for h in cells.hubs], dtype=bool)
        self.headings, self.heading = np.unique(cells.heading, return_inverse=True)
        self.other = self._others(others)
        basket_of = cells.series(cells.fallen)
        bought = np.nansum(basket_of[:, self.at :], axis=1)
        traded = np.nansum(basket_of, axis=1) > SIZE * self.offset
        reported = ~cells.missing[:, self.at :].all(axis=1)
        self.tested = np.flatnonzero(self.ours & traded & reported)
        self.basket, self.bought = basket_of, bought

    def _others(self, others: Mapping[str, Mapping[str, float]] | None) -> Array | None:
        cells = self.cells
        if others:
            return np.array([[others.get(h, {}).get(p, np.nan) for p in cells.periods] for h in cells.hubs])
        return cells.series(cells.calm) if cells.calm.any() else None

    def tree(self) -> Tree:
        cells = self.cells
        if not len(self.tested) or self.at < 2:
            return Tree((), (), (), Total((), 0.0, 0.0, 0.0, self._lost()))
        growth = self._growth(self.basket)
        q = benjamini_hochberg(growth.p)
        # A basket is a branch of the tree: its groups are tested with all others, at hubs that surge in all goods.
        whole = q
        if not cells.asked_all:
            whole = benjamini_hochberg(self._growth(cells.series(~cells.calm)).p)
        surging = self.tested[(whole <= FLAG_Q) & [self._beyond_others(int(h)) for h in self.tested]]
        groups = self._groups(surging, len(surging) / len(self.tested))
        within = {g.hub for g in groups if g.flagged} if whole is not q else set()
        flagged = {
            n
            for n, h in enumerate(self.tested.tolist())
            if (q[n] <= FLAG_Q or cells.hubs[h] in within) and self._beyond_others(h)
        }
        sure = self.tested[sorted(flagged)]
        amounts = self._amounts(cells.fallen, sure, self.at, self.end)
        earlier = self._placebo(cells.fallen, sure)
        hubs = [self._hub(n, growth, q, n in flagged, amounts, earlier) for n in range(len(self.tested))]
        hubs.sort(key=lambda h: (not h.flagged, -h.excess["own level"].value if h.excess else 0.0, h.hub))
        if (only := self.legs.question.hubs) is not None:  # tested among all, answered alone
            hubs, groups = [h for h in hubs if h.hub in only], tuple(g for g in groups if g.hub in only)
        return Tree(tuple(hubs), groups, self._clocks(), self._total(hubs, amounts, earlier))

    def _growth(self, series: Array) -> Growth:
        return growth_of(series[self.tested], self.at, self.end, self.season, self.offset)

    def _beyond_others(self, h: int) -> bool:
        """Whether a hub bought more than if these goods had grown as the origins' other goods to it; True if not
        held."""
        before, after = base_weights(self.at, self.end, self.season, self.cells.missing)
        ratio = self._ratio(before, after)
        held = np.nan_to_num(self.basket[h])
        return ratio is None or not bool((held * after[h]).sum() <= (held * before[h]).sum() * ratio[h])

    # -- amounts ------------------------------------------------------------------------------------

    def _amounts(
        self, among: Array, flagged: Array, at: int, end: int, rows: Array | None = None
    ) -> dict[int, dict[str, Array]]:
        """hub -> counterfactual -> (value, then :data:`DRAWS` draws) of the cells ``among``."""
        cells = self.cells
        before_w, after_w = base_weights(at, end, self.season, cells.missing)
        number = len(self.headings)
        before, after = (cells.by(self.heading, number, among, w) for w in (before_w, after_w))
        random = np.random.default_rng(20220224)
        used = np.unique(self.heading[among])
        draws = np.zeros((DRAWS + 1, number))
        draws[0, used] = 1
        draws[1:, used] = (
            random.multinomial(len(used), np.full(len(used), 1 / len(used)), DRAWS) if len(used) else 0
        )
        other = self._ratio(before_w, after_w)
        other = np.full(len(cells.hubs), np.nan) if other is None else other
        chapters, chapter = np.unique([h[:2] for h in self.headings], return_inverse=True)
        to_chapter = np.eye(len(chapters))[chapter]
        free = [
            int(h) for h in self.tested if h not in set(flagged.tolist()) and cells.hubs[h] not in self.banned
        ]
        pool = [before[free].sum(axis=0), after[free].sum(axis=0)]
        every = self._order() if rows is None else rows
        out = {}
        for h in every.tolist():
            legs = zip(pool, (before, after), strict=True)
            mine = [np.where(h in free, side - leg[h], side) for side, leg in legs]
            left = [f for f in free if f != h]
            rest = [(draws * side) @ to_chapter for side in mine]
            own = (draws * before[h]) @ to_chapter
            b, a = own.sum(axis=1), draws @ after[h]
            got = {"own level": a - b}
            if np.isfinite(other[h]):
                got["other goods"] = a - b * other[h]
            whole = rest[0].sum(axis=1)
            if left and (whole > 0).all():
                common = rest[1].sum(axis=1) / whole
                firm = parameter("neighbour_prior") * whole[:, None]
                by_chapter = (rest[1] + firm * common[:, None]) / (rest[0] + firm)
                got["neighbours"] = a - (own * by_chapter).sum(axis=1)
                theirs = self._ratio(before_w, after_w, left)
                if np.isfinite(other[h]) and theirs is not None and np.isfinite(theirs).all():
                    got["triple difference"] = a - b * other[h] * common / theirs[0]
            out[h] = got
        return out

    def _order(self) -> Array:
        rows = self.tested[np.argsort(-self.bought[self.tested], kind="stable")]
        return rows[:MOST_HUBS]

    def _ratio(self, before: Array, after: Array, pool: list[int] | None = None) -> Array | None:
        """Growth of the origins' other goods to each hub, or to a pool of hubs together; NaN where not held."""
        if self.other is None:
            return None
        rows = np.arange(len(self.cells.hubs)) if pool is None else np.array(pool)
        held = np.nan_to_num(self.other[rows])
        lacks = (np.isnan(self.other[rows]) & ((before[rows] > 0) | (after[rows] > 0))).any(axis=1)
        sums = [np.where(lacks, 0.0, (held * w[rows]).sum(axis=1)) for w in (before, after)]
        if pool is not None:
            sums = [s.sum(keepdims=True) for s in sums]
        return np.where((sums[0] > 0) & (sums[1] > 0), sums[1] / np.maximum(sums[0], 1e-9), np.nan)

    def _placebo(self, among: Array, flagged: Array) -> dict[int, dict[str, float]]:
        """hub -> counterfactual -> the excess about a break made up a year before the real one."""
        early = self.at - self.season
        if early < self.season:
            return {}
        end = min(early + self.end - self.at, self.at)
        found = self._amounts(among, flagged, early, end)
        return {h: {name: float(v[0]) for name, v in got.items()} for h, got in found.items()}

    def _excess(self, got: Mapping[str, Array], earlier: Mapping[str, float] | None) -> dict[str, Excess]:
        out = {}
        for name in COUNTERFACTUALS:
            if name in got:
                low, high = np.quantile(got[name][1:], (0.1, 0.9))
                out[name] = Excess(float(got[name][0]), float(low), float(high), (earlier or {}).get(name))
        return out

    def _lost(self) -> float | None:
        """What the targets no longer bought of the goods that fell, against the year before."""
        if not self.legs.direct_held or self.at < 1:
            return None
        rows = [n for n, h in enumerate(self.cells.hubs) if h in self.legs.question.targets]
        before, after = base_weights(self.at, self.end, self.season, self.cells.missing)
        held = np.nan_to_num(self.basket[rows])
        return float((held * before[rows]).sum() - (held * after[rows]).sum())

    def _total(
        self,
        hubs: list[Hub],
        amounts: Mapping[int, Mapping[str, Array]],
        earlier: Mapping[int, Mapping[str, float]],
    ) -> Total:
        most = {h.hub: np.inf if h.onward is None else h.onward for h in hubs if h.flagged and not h.stayed}
        names = tuple(h for h in self.cells.hubs if h in most)
        mine = [n for n, h in enumerate(self.cells.hubs) if h in most and n in amounts]
        held = [c for c in COUNTERFACTUALS if mine and all(c in amounts[h] for h in mine)]
        if not held:
            return Total(names, 0.0, 0.0, 0.0, self._lost())
        carried = [(amounts[h], most[self.cells.hubs[h]]) for h in mine]
        sums = {
            c: sum(got[c] * min(1.0, at_most / max(got[c][0], 1.0)) for got, at_most in carried) for c in held
        }
        past = {
            c: sum(earlier[h][c] for h in mine) for c in held if all(c in earlier.get(h, {}) for h in mine)
        }
        return Total(names, *_pooled(sums), self._lost(), self._excess(sums, past))

    # -- records ------------------------------------------------------------------------------------

    def _hub(
        self, n: int, growth: Growth, q: Array, flagged: bool, amounts: Mapping[int, Mapping[str, Array]],
        earlier: Mapping[int, Mapping[str, float]],
    ) -> Hub:  # fmt: skip
        h = int(self.tested[n])
        tripled = self._tripled(self.cells.hubs[h])
        began = None
        if flagged:
            began = begins(growth.series[n], self.at - growth.first, self.cells.periods[growth.first :])
        low, middle, high = _pooled(amounts[h]) if h in amounts else (0.0, 0.0, 0.0)
        return Hub(
            hub=self.cells.hubs[h],
            flagged=flagged,
            times=float(growth.times[n]),
            swings=float(growth.swings[n]),
            q_value=float(q[n]),
            since=began,
            usual=float(growth.usual[n]),
            swing=float(growth.swing[n]),
            bought=float(self.bought[h]),
            tripled=tripled[0],
            goods=tripled[1],
            tripled_before=tripled[2],
            goods_before=tripled[3],
            low=low,
            middle=middle,
            high=high,
            excess=self._excess(amounts[h], earlier.get(h)) if h in amounts else {},
            months=self._months(h) if h in amounts else (),
            until=self._until(h),
            onward=self._onward(self.cells.hubs[h]),
        )

    def _onward(self, hub: str) -> float | None:
        """The most that a hub's sales to the targets rose: what sold less takes nothing off, and all goods of the
        chapters count, as goods may go on under a code near their own. None where a silence or a gap clears nobody."""
        legs, o = self.legs, self.legs.outward
        if hub not in legs.throughout or hub not in legs.hubs:
            return None
        chapters = np.array([p[:2] for p in legs.products])
        mine = (o["hub"] == legs.hubs.index(hub)) & np.isin(chapters, chapters[self.fell])[o["product"]]
        return float(np.maximum(o["after"] - o["before"], 0.0)[mine].sum())

    def _until(self, h: int) -> str | None:
        """The last period of the window that a hub reported, where it is not its last."""
        held = np.flatnonzero(~self.cells.missing[h])
        return self.cells.periods[held[-1]] if held[-1] + 1 < self.end else None

    def _months(self, h: int) -> tuple[tuple[str, float | None, float | None], ...]:
        values, out = self.basket[h], []
        for t, period in enumerate(self.cells.periods):
            base = t - self.season if t < self.at else self.at - self.season + (t - self.at) % self.season
            out.append((period, _known(values[t]), _known(values[base]) if base >= 0 else None))
        return tuple(out)

    def _tripled(self, hub: str) -> tuple[int, int, int, int]:
        """How many of the goods that fell and were bought before more than tripled; the same about a made-up break."""
        legs, d = self.legs, self.legs.inward
        if hub not in legs.hubs:
            return 0, 0, 0, 0
        rows = np.flatnonzero((d["hub"] == legs.hubs.index(hub)) & self.fell[d["product"]])
        least = parameter("offset") * 5 / 3
        out: list[int] = []
        for before, after in (("before", "after"), ("then_before", "then_after")):
            known = rows[d[before][rows] > least]
            out += [int((d[after][known] > 3 * d[before][known]).sum()), len(known)]
        return out[0], out[1], out[2], out[3]

    # -- groups -------------------------------------------------------------------------------------

    def _groups(self, sure: Array, share: float) -> tuple[Group, ...]:
        """The chapters, tiers and months of listing of the flagged hubs, tested at the rate times the share of hubs
        that are flagged; of a basket those of which all goods are asked for, among the others."""
        kinds, found = self._kinds() if len(sure) else [], []
        tests: list[float] = []
        asked: list[bool] = []
        for at in sorted({k[3] for k in kinds}):
            mine = [k for k in kinds if k[3] == at]
            series = np.concatenate([self.cells.series(k[2])[self.tested] for k in mine])
            block = np.repeat(np.arange(len(mine)), len(self.tested))
            grown = growth_of(series, at, self.end, self.season, self.offset, block)
            least = SIZE * self.offset * (self.end - at) ** 0.5
            for n, (kind, name, among, _) in enumerate(mine):
                rows = np.flatnonzero(np.isin(self.tested, sure)) + n * len(self.tested)
                rows = rows[np.nansum(series[rows, at:], axis=1) > least]
                hubs = self.tested[rows - n * len(self.tested)]
                amounts = self._amounts(among, sure, at, self.end, hubs) if len(hubs) else {}
                for row, h in zip(rows.tolist(), hubs.tolist(), strict=True):
                    began = begins(grown.series[row], at - grown.first, self.cells.periods[grown.first :])
                    tests.append(float(grown.p[row]))
                    asked.append(bool(self.cells.fallen[among].all()))
                    found.append(
                        Group(self.cells.hubs[h], kind, name, int(self.cells.goods[among].sum()), False,
                              float(grown.times[row]), float(grown.swings[row]), 1.0, began,
                              float(np.nansum(series[row, at:])), self._excess(amounts[h], None))
                    )  # fmt: skip
        rates = benjamini_hochberg(np.array(tests)).tolist()
        made = [
            replace(g, q_value=q, flagged=q <= FLAG_Q * share)
            for g, q, mine in zip(found, rates, asked, strict=True)
            if mine
        ]
        return tuple(
            sorted(made, key=lambda g: (not g.flagged, -g.excess["own level"].value, g.hub, g.kind, g.name))
        )

    def _kinds(self) -> list[tuple[str, str, Array, int]]:
        """(kind, name, its cells, place of its break) of every group of enough goods."""
        cells = self.cells
        chapters = np.array([h[:2] for h in cells.heading])
        named: list[tuple[str, str, Array, int]] = [
            (kind, str(name), ~cells.calm & (of == name), self.at)
            for kind, of in (("chapter", chapters), ("tier", cells.tier))
            for name in np.unique(of)
            if name
        ]
        place = {p: n for n, p in enumerate(cells.periods)}
        for day in np.unique(cells.listed[cells.listed != ""]):
            at = place.get(first_month(dt.date.fromisoformat(day)), 0)
            if at >= SEASONAL and self.end - at >= 3:
                named.append(("listed", str(day), ~cells.calm & (cells.listed == day), at))
        return [g for g in named if cells.goods[g[2]].sum() >= GOODS]

    def _clocks(self) -> tuple[Clock, ...]:
        """Purchases of all hubs together about the month of listing, over the same months a year before."""
        cells, out = self.cells, []
        if self.season == 1:
            return ()
        hubs = [h for h in self.tested.tolist() if cells.hubs[h] not in self.banned]
        place = {p: n for n, p in enumerate(cells.periods)}
        random = np.random.default_rng(20220224)
        for day in np.unique(cells.listed[cells.listed != ""]):
            among, at = cells.listed == day, place.get(first_month(dt.date.fromisoformat(day)), -1)
            goods = int(cells.goods[among].sum())
            if at < 0 or goods < COHORT:
                continue
            used = np.unique(self.heading[among])
            draws = np.vstack(
                [np.ones(len(used)), random.multinomial(len(used), np.full(len(used), 1 / len(used)), DRAWS)]
            )
            ratios = []
            for first, last in ABOUT:
                span = range(at + first, at + last + 1)
                if span[0] < self.season or span[-1] >= self.end:
                    continue
                sums = []
                for shift in (0, self.season):
                    weight = np.zeros(cells.missing.shape)
                    weight[:, [t - shift for t in span]] = 1
                    sums.append(
                        draws
                        @ cells.by(self.heading, len(self.headings), among, weight)[hubs][:, used].sum(axis=0)
                    )
                ratio = sums[0] / np.maximum(sums[1], 1.0)
                low, high = np.quantile(ratio[1:], (0.1, 0.9))
                ratios.append((first, last, float(ratio[0]), float(low), float(high)))
            if ratios:
                out.append(Clock(str(day), goods, tuple(ratios)))
        return tuple(out)


def _pooled(draws: Mapping[str, Array]) -> tuple[float, float, float]:
    """10, 50 and 90% over the counterfactuals together, each as likely as the others, and over resampled headings."""
    low, middle, high = np.quantile(np.concatenate([v[1:] for v in draws.values()]), (0.1, 0.5, 0.9))
    return float(low), float(middle), float(high)


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
