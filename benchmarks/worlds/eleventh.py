# SPDX-License-Identifier: Apache-2.0
"""An eleventh family: trading houses evade a ban, and their goods leave the lorry on the way.

Written without sight of the estimator, its pages or any result on it. The author had read one other
family, the benchmark's scoring code and the table of codes that HS 2022 changed. Every figure in
:class:`Settings` is a choice and was committed before the first run. Nothing of
:mod:`bilat.diversion` is used here.

Evasion is the work of trading houses. A house sits in one hub, deals in one or two sectors, starts
months after the ban and often closes within a year. Its goods take one of three ways:

* re-export: the hub buys from the origins and sells to the target;
* lost on the way: the papers name a hub that is reached through the target, the goods stay in the
  target, and the hub never books a sale;
* relay: a wholesaler in an entrepot buys from the origins and sells to the house's hub, which sells
  to the target, so that the origins' books show the entrepot alone.

In mid-2023 the hub that sends most is pressed to stop, and half of its houses open elsewhere. Some
houses book the sale under a neighbouring code.

What is no evasion: booms of construction, arrivals of people, a plant under construction, hubs that
had bought from the target's warehouses and now buy directly, re-exports that were there before the
ban and go on, hubs' and makers' own goods that take the place of banned ones, seasons, prices that
double in a sector, purchases ahead of the ban, and the slump of 2020.

What the offices do: some hubs publish nothing, one leaves the target out from the ban on, some book
only part of the sales to the target, one begins in 2021, some are late. Codes change with HS 2022.

In every fourth world (seed divisible by 4) there is no house, and so no route.

A route is a hub and a good, its amount what reached the target at the origins' price. The hub is
the last state on the papers before the target; the good is the one in the origins' books, counted
under the code of 2017 where HS 2022 replaced it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from bilat.goods.baskets import splices, successors
from worlds.fifth import World

TARGET = "RUS"
SINCE = "2022-03"
ORIGINS = ("DEU", "ITA", "POL", "NLD", "CZE", "JPN", "USA")
MAKERS = ("CHN", "TWN", "VNM")
#: Reached by lorry or train through the target: goods may be lost on the way.
THROUGH = ("KAZ", "KGZ", "UZB", "TJK", "MNG", "ARM", "AZE")
ENTREPOTS = ("ARE", "TUR")
HUBS = (*THROUGH, *ENTREPOTS, "GEO", "SRB", "MDA", "ISR", "EGY")
SMALL = ("KGZ", "UZB", "TJK", "MNG", "ARM", "AZE", "GEO", "MDA")
MARKETS = ("BRA", "ZAF", "MEX", "CHL", "MAR", "SAU")
MONTHS = tuple(f"{y}-{m:02d}" for y in range(2019, 2025) for m in range(1, 13))[:63]
BREAK = MONTHS.index(SINCE)
HS_2022 = MONTHS.index("2022-01")
SLUMP = slice(MONTHS.index("2020-04"), MONTHS.index("2020-07"))


@dataclass(frozen=True)
class Sector:
    """Goods dealt in together: their ``share``, chance to be ``barred``, ``peak`` month."""

    name: str
    headings: tuple[str, ...]
    share: float
    barred: float
    withdrawn: float = 0.0  #: fall of sales to the target that nobody ordered
    peak: int | None = None
    season: float = 0.0
    price: float = 1.0  #: factor of the price at the top of its shock
    lumpy: float = 0.2  #: share of flows that are single orders


SECTORS = (
    Sector("machines", ("8456", "8462", "8466", "8479"), 0.18, 0.85, lumpy=0.5),
    Sector("farm machines", ("8432", "8433"), 0.06, 0.30, 0.3, peak=3, season=0.8),
    Sector("heating", ("8419", "8514"), 0.07, 0.60, peak=9, season=0.6),
    Sector("electronics", ("8534", "8541", "8543"), 0.15, 0.90, price=2.0, lumpy=0.1),
    Sector("telephones", ("8517", "8525"), 0.08, 0.50, 0.8, peak=11, season=0.5),
    Sector("vehicles", ("8701", "8708", "8704"), 0.12, 0.70, 0.6, price=1.3),
    Sector("instruments", ("9027", "9030", "9031"), 0.10, 0.80, lumpy=0.4),
    Sector("chemicals", ("2844", "3822", "3824"), 0.10, 0.35, price=1.8, lumpy=0.1),
    Sector("clothing", ("6201", "6203"), 0.08, 0.10, 0.5, peak=8, season=0.7),
    Sector("food", ("2106", "1905"), 0.06, 0.0, lumpy=0.05),
)


@dataclass(frozen=True)
class Settings:
    """The choices of this family."""

    goods: int = 130
    houses: tuple[int, int] = (8, 16)
    sectors_of_house: tuple[float, float] = (0.7, 0.3)  #: one, two
    deals_in: float = 0.5  #: chance of each barred good of its sectors
    share_of_lost: tuple[float, float, float] = (0.06, 0.9, 0.5)  #: median, spread, cap
    start: tuple[int, int] = (2, 14)  #: months after the ban
    closes: float = 0.35  #: chance that a house closes after 6 to 14 months
    ways: tuple[float, float, float] = (0.6, 0.28, 0.12)  #: re-export, lost on the way, relay
    miscoded: float = 0.08
    price_on: tuple[float, float] = (1.05, 1.6)
    lag: tuple[int, int] = (0, 3)
    pressed: float = 0.7  #: chance that a hub is pressed to stop in mid-2023
    moves: float = 0.5  #: chance that a house of a pressed hub opens elsewhere
    left: tuple[float, float] = (0.0, 0.15)  #: of barred sales, what goes on directly
    ahead: float = 0.4  #: rise of sales to the target in the three months before the ban
    replaced: tuple[float, float] = (0.15, 0.6)  #: of lost sales, makers' own goods
    own_goods: float = 0.12  #: chance that a hub's own goods replace a barred good
    old_resale: float = 0.25  #: chance that an entrepot or customs neighbour re-sold a good before
    booms: tuple[int, int] = (2, 4)
    direct_now: int = 2  #: hubs that had bought from the target's warehouses
    silent: int = 4
    part_booked: int = 3  #: hubs that book a part of their sales to the target after the ban
    part: tuple[float, float] = (0.25, 0.6)
    late: int = 3
    smallest: float = 1000.0
    route: float = 10_000.0
    kinds: tuple[str, ...] = ("construction", "arrivals", "plant", "construction", "arrivals")
    booming: dict[str, tuple[str, ...]] = field(
        default_factory=lambda: {
            "construction": ("machines", "vehicles", "heating"),
            "arrivals": ("telephones", "vehicles", "clothing", "food"),
        }
    )


@dataclass(frozen=True)
class Good:
    """A good: ``code`` of 2017, the codes it has from 2022 on with their shares, and its sector."""

    code: str
    later: tuple[tuple[str, float], ...]
    sector: Sector
    worth: float
    barred_at: int | None


@dataclass(frozen=True)
class House:
    """A trading house and its way round the ban."""

    hub: str
    sectors: tuple[str, ...]
    way: str
    start: int
    end: int
    miscodes: bool


Trade = dict[tuple[str, str, int], np.ndarray]


class _Builder:
    """One world in the making."""

    def __init__(self, seed: int, settings: Settings) -> None:
        self.rng = np.random.default_rng([seed, 1111])
        self.settings = settings
        self.has_houses = seed % 4 != 0
        n = len(MONTHS)
        rng = self.rng
        buyers = (*HUBS, *MARKETS, *MAKERS, TARGET)
        self.trade: Trade = defaultdict(lambda: np.zeros(n))
        self.goods = self._draw_goods()
        self.size = {c: float(rng.lognormal(0, 0.8)) for c in (*ORIGINS, *buyers)}
        self.size = {c: v * (0.4 if c in SMALL else 1.0) for c, v in self.size.items()}
        self.size |= {TARGET: 7.0, "CHN": 12.0, "TUR": 4.0, "ARE": 4.0}
        growth = {c: rng.normal(0.003, 0.004) * np.arange(n) for c in buyers}
        self.economy = {
            c: growth[c] + np.cumsum(rng.normal(0, 0.02, n)) + self._slump(n) for c in buyers
        }
        self.skill = {
            (a, s.name): float(rng.lognormal(0, 0.7)) for a in (*ORIGINS, *MAKERS) for s in SECTORS
        }
        self.prices = {s.name: self._price(s, n) for s in SECTORS}
        self.routes: dict[tuple[str, str], float] = defaultdict(float)
        self.booked: dict[str, float] = {}
        self.lost: dict[int, np.ndarray] = {}

    def _slump(self, n: int) -> np.ndarray:
        out = np.zeros(n)
        out[SLUMP] = -self.rng.uniform(0.15, 0.5)
        return out

    def _draw_goods(self) -> list[Good]:
        rng = self.rng
        taken = set(successors()) | set(splices())
        out = []
        for s in SECTORS:
            changed = sorted(c for c in successors() if c[:4] in s.headings)
            for k in range(round(s.share * self.settings.goods)):
                code = self._code(s, k, changed, taken)
                taken.add(code)
                many = successors().get(code, ())
                shares = rng.dirichlet(np.ones(len(many))).tolist() if many else []
                barred = rng.random() < s.barred
                at = BREAK + int(rng.choice([0, 0, 4, 11])) if barred else None
                pairs = tuple(zip(many, shares, strict=True))
                out.append(Good(code, pairs, s, float(rng.lognormal(0, 1.1)), at))
        return out

    def _code(self, s: Sector, k: int, changed: list[str], taken: set[str]) -> str:
        if k < len(changed) and k < 2:
            return changed[k]
        while True:
            code = str(self.rng.choice(s.headings)) + f"{int(self.rng.integers(11, 100)):02d}"
            if code not in taken:
                return code

    def _price(self, s: Sector, n: int) -> np.ndarray:
        """The sector's price: up from early 2021, at its top in 2022, halfway down after."""
        top = np.log(s.price)
        at = [0, MONTHS.index("2021-02"), MONTHS.index("2022-05"), MONTHS.index("2023-06"), n - 1]
        curve = np.interp(np.arange(n), at, [0, 0, top, 0.5 * top, 0.5 * top])
        return curve + np.cumsum(self.rng.normal(0, 0.01, n))

    def _season(self, s: Sector, shift: int = 0) -> np.ndarray:
        """Factor of each month; the mean of a year is about 1."""
        if s.peak is None:
            return np.ones(len(MONTHS))
        month = np.arange(len(MONTHS)) % 12 - (s.peak - 1) - shift
        return np.asarray(1 + s.season * np.cos(2 * np.pi * month / 12))

    def _flow(self, a: str, b: str, k: int, scale: float) -> np.ndarray:
        rng, good, n = self.rng, self.goods[k], len(MONTHS)
        skill = self.skill.get((a, good.sector.name), 0.3)
        level = 4e4 * scale * skill * self.size[b] * good.worth * rng.lognormal(0, 0.9)
        mean = level * np.exp(self.prices[good.sector.name] + self.economy[b])
        mean = mean * self._season(good.sector)
        if rng.random() < good.sector.lumpy:  # single orders
            orders = rng.random(n) < rng.uniform(0.08, 0.4)
            return np.asarray(orders * mean * rng.lognormal(0.7, 0.8, n))
        shape = rng.uniform(1.5, 8.0)
        return np.asarray(rng.gamma(shape, mean / shape))

    def ordinary(self) -> None:
        """Trade as it would be without a ban."""
        rng, set_ = self.rng, self.settings
        for k in range(len(self.goods)):
            for b in (*HUBS, *MARKETS, "CHN", TARGET):
                for a in ORIGINS:
                    if rng.random() < 0.65:
                        self.trade[a, b, k] += self._flow(a, b, k, 1.0)
                for a in MAKERS:
                    if a != b and rng.random() < 0.6:
                        self.trade[a, b, k] += self._flow(a, b, k, 0.8)
            for h in HUBS:
                near = h in ENTREPOTS or h in ("KAZ", "ARM", "SRB")
                if rng.random() < (set_.old_resale if near else 0.06):
                    self.trade[h, TARGET, k] += self._flow(h, TARGET, k, 0.15)
                for b in rng.choice(HUBS, 2, replace=False).tolist():
                    if b != h and rng.random() < 0.15:
                        self.trade[h, b, k] += self._flow(h, b, k, 0.1)
            for m in MARKETS:
                if rng.random() < 0.05:
                    self.trade[m, TARGET, k] += self._flow(m, TARGET, k, 0.1)

    def booms(self) -> None:
        """Hubs that buy more for reasons of their own."""
        rng, set_ = self.rng, self.settings
        count = int(rng.integers(set_.booms[0], set_.booms[1] + 1))
        for h in rng.choice(HUBS, count, replace=False).tolist():
            kind = str(rng.choice(set_.kinds))
            start = BREAK + int(rng.integers(-6, 9))
            if kind == "plant":
                sector = str(rng.choice(["machines", "heating", "instruments"]))
                end, factor, often = start + int(rng.integers(8, 18)), rng.uniform(2.5, 6), 0.5
                names: tuple[str, ...] = (sector,)
            else:
                end, factor, often = len(MONTHS), rng.uniform(1.3, 2.4), 0.9
                names = set_.booming[kind]
            self._raise(h, names, start, end, float(factor), often)
        for h in rng.choice(THROUGH, set_.direct_now, replace=False).tolist():
            chosen = rng.choice([s.name for s in SECTORS], 2, replace=False).tolist()
            self._raise(h, tuple(chosen), BREAK + 1, len(MONTHS), float(rng.uniform(1.5, 3)), 0.7)

    def _raise(
        self, h: str, names: tuple[str, ...], start: int, end: int, factor: float, often: float
    ) -> None:
        months = np.arange(len(MONTHS))
        ramp = 1 + (factor - 1) * np.clip((months - start + 1) / 3, 0, 1) * (months < end)
        for k, good in enumerate(self.goods):
            if good.sector.name in names and self.rng.random() < often:
                for a in (*ORIGINS, *MAKERS):
                    if (a, h, k) in self.trade:
                        self.trade[a, h, k] = self.trade[a, h, k] * ramp

    def ban(self) -> None:
        """The origins' sales to the target end; makers' and hubs' own goods take their place."""
        rng, set_ = self.rng, self.settings
        months = np.arange(len(MONTHS))
        for k, good in enumerate(self.goods):
            keep = float(rng.uniform(*set_.left)) if good.barred_at is not None else 1.0
            at = BREAK if good.barred_at is None else good.barred_at
            if good.barred_at is None and rng.random() < good.sector.withdrawn:
                keep = float(rng.uniform(0.2, 0.7))
            wind_down = int(rng.integers(0, 4))
            path = 1 - (1 - keep) * np.clip((months - at + 1) / (wind_down + 1), 0, 1)
            before = 0.0
            for a in ORIGINS:
                if (a, TARGET, k) not in self.trade:
                    continue
                sales = self.trade[a, TARGET, k]
                before += float(sales[BREAK - 15 : BREAK - 3].mean())
                if keep < 1:
                    sales = sales * path
                    sales[at - 3 : at] *= 1 + set_.ahead * rng.random()
                self.trade[a, TARGET, k] = sales
            if keep == 1:
                continue
            self.lost[k] = before * (1 - path) * self._season(good.sector)
            self._replace(k)

    def _replace(self, k: int) -> None:
        rng, set_, n = self.rng, self.settings, len(MONTHS)
        gap = np.roll(self.lost[k], 2)
        gap[:2] = 0
        part = rng.uniform(*set_.replaced)
        shares = rng.dirichlet([4.0, 1.0, 1.0])
        for a, share in zip(MAKERS, shares.tolist(), strict=True):
            self.trade[a, TARGET, k] += gap * part * share * rng.gamma(4, 0.25, n)
        for h in HUBS:
            if rng.random() < set_.own_goods / 4 * (4 if h in ("TUR", "SRB") else 1):
                share = rng.uniform(0.02, 0.12)
                self.trade[h, TARGET, k] += gap * share * rng.gamma(3, 1 / 3, n)

    def _draw_houses(self) -> list[House]:
        rng, set_ = self.rng, self.settings
        # A world has few places where most houses sit.
        near = np.array([0.3 if h in ("SRB", "MDA", "ISR", "EGY") else 0.7 for h in HUBS])
        weights = rng.dirichlet(near)
        demand = np.array([s.share * s.barred for s in SECTORS])
        out = []
        for _ in range(int(rng.integers(set_.houses[0], set_.houses[1] + 1))):
            hub = str(rng.choice(HUBS, p=weights))
            count = int(rng.choice([1, 2], p=set_.sectors_of_house))
            names = rng.choice(
                [s.name for s in SECTORS], count, replace=False, p=demand / demand.sum()
            )
            way = str(rng.choice(["re-export", "lost", "relay"], p=set_.ways))
            if (way == "lost" and hub not in THROUGH) or (way == "relay" and hub in ENTREPOTS):
                way = "re-export"
            start = BREAK + int(rng.integers(set_.start[0], set_.start[1] + 1))
            closes = rng.random() < set_.closes
            end = start + int(rng.integers(6, 15)) if closes else len(MONTHS)
            out.append(
                House(hub, tuple(names.tolist()), way, start, end, rng.random() < set_.miscoded)
            )
        return out

    def evade(self) -> None:
        """The houses at work."""
        if not self.has_houses:
            return
        rng, set_ = self.rng, self.settings
        houses = self._draw_houses()
        if rng.random() < set_.pressed:
            counts = {h: sum(x.hub == h for x in houses) for h in HUBS}
            pressed = max(HUBS, key=lambda h: counts[h])
            stop = MONTHS.index("2023-06") + int(rng.integers(-2, 3))
            houses = [y for x in houses for y in self._press(x, pressed, stop)]
        for house in houses:
            if house.start < min(house.end, len(MONTHS)):
                self._deal(house)

    def _press(self, house: House, pressed: str, stop: int) -> list[House]:
        if house.hub != pressed or house.end <= stop:
            return [house]
        old = House(house.hub, house.sectors, house.way, house.start, stop, house.miscodes)
        if self.rng.random() > self.settings.moves:
            return [old]
        other = str(self.rng.choice([h for h in HUBS if h != pressed]))
        start = max(house.start, stop + int(self.rng.integers(1, 4)))
        new = House(other, house.sectors, "re-export", start, house.end, house.miscodes)
        return [old, new]

    def _deal(self, house: House) -> None:
        rng, set_, n = self.rng, self.settings, len(MONTHS)
        months = np.arange(n)
        median, spread, cap = set_.share_of_lost
        works = np.clip((months - house.start + 1) / 4, 0, 1) * (months < house.end)
        for k in sorted(self.lost):
            good = self.goods[k]
            if good.sector.name not in house.sectors or good.barred_at is None:
                continue
            if rng.random() > set_.deals_in:
                continue
            share = min(cap, median * float(rng.lognormal(0, spread)))
            consignments = rng.random(n) < rng.uniform(0.4, 1.0)
            amount = self.lost[k] * share * works * consignments * rng.lognormal(0, 0.5, n)
            if amount.sum() < set_.route:
                continue
            self.routes[house.hub, good.code] += float(amount.sum())
            self._book(house, k, amount)

    def _book(self, house: House, k: int, amount: np.ndarray) -> None:
        """The purchase in the origins' books, the sale in the hub's."""
        rng, set_ = self.rng, self.settings
        lag = int(rng.integers(set_.lag[0], set_.lag[1] + 1))
        bought = np.roll(amount, -lag)
        if lag:
            bought[-lag:] = 0
        first = str(rng.choice(ENTREPOTS)) if house.way == "relay" else house.hub
        sellers = rng.choice(ORIGINS, int(rng.integers(1, 4)), replace=False).tolist()
        parts = rng.dirichlet(np.ones(len(sellers))).tolist()
        for a, part in zip(sellers, parts, strict=True):
            self.trade[a, first, k] += bought * part
        if first != house.hub:
            self.trade[first, house.hub, k] += amount * rng.uniform(1.02, 1.15)
        if house.way == "lost":
            return
        sold_as = k
        if house.miscodes:
            same = [j for j, g in enumerate(self.goods) if g.sector == self.goods[k].sector]
            sold_as = int(rng.choice(same))
        self.trade[house.hub, TARGET, sold_as] += amount * rng.uniform(*set_.price_on)

    def offices(self) -> tuple[dict[str, list[object]], frozenset[str]]:
        """The books as they are published, and the hubs that publish nothing of the target."""
        rng, set_ = self.rng, self.settings
        order = rng.permutation(HUBS).tolist()
        silent = set(order[: set_.silent])
        left_out = order[set_.silent]
        partial = {
            h: float(rng.uniform(*set_.part))
            for h in order[set_.silent + 1 : set_.silent + 1 + set_.part_booked]
        }
        late = {h: int(rng.integers(2, 6)) for h in rng.choice(HUBS, set_.late).tolist()}
        begins = {str(order[-1]): MONTHS.index("2021-01")}
        change = {a: HS_2022 + (12 if rng.random() < 0.15 and a in HUBS else 0) for a in HUBS}
        columns: dict[str, list[object]] = {
            c: [] for c in ("reporter", "partner", "product", "period", "value")
        }
        for (a, b, k), values in sorted(self.trade.items()):
            if a in silent:
                continue
            known = np.array(values)
            known[: begins.get(a, 0)] = 0
            if a in late:
                known[-late[a] :] = 0
            if b == TARGET and a == left_out:
                known[BREAK:] = 0
            if b == TARGET and a in partial:
                known[BREAK:] *= partial[a]
            self._write(columns, a, b, self.goods[k], known, change.get(a, HS_2022))
        return columns, frozenset(silent | {left_out})

    def _write(
        self,
        columns: dict[str, list[object]],
        a: str,
        b: str,
        good: Good,
        values: np.ndarray,
        change: int,
    ) -> None:
        for t, value in enumerate(values.tolist()):
            codes = good.later if good.later and t >= change else ((good.code, 1.0),)
            for code, share in codes:
                if value * share >= self.settings.smallest:
                    row = (a, b, code, MONTHS[t], float(round(value * share)))
                    for name, cell in zip(columns, row, strict=True):
                        columns[name].append(cell)


def simulate(seed: int, settings: Settings | None = None) -> World:
    """One world; the same seed makes the same bytes. If 4 divides the seed, nothing is diverted."""
    made = _Builder(seed, settings or Settings())
    made.ordinary()
    made.booms()
    made.ban()
    made.evade()
    columns, silent = made.offices()
    table = pa.table({**columns, "flow": ["X"] * len(columns["reporter"])})
    return World(table, dict(made.routes), silent)
