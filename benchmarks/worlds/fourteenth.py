# SPDX-License-Identifier: Apache-2.0
"""A fourteenth family: dealers of one industry, bonded warehouses, brands made elsewhere, a shock to banks.

Monthly books of both sides. Dealers know one industry and sell at the hub that serves it: chips by way of trading
cities, cars by way of neighbours, machines by way of large makers. Part of what a dealer sells was made in another
state than the brand's, so that it never left an origin. Dealers fill a warehouse before the ban. A hub on special
trade books nothing that passes a bonded warehouse. In December 2023 banks of some hubs stop paying; part of the trade
moves. Next to them: people who move to a hub with their purchases, brands that leave goods never banned, used
machines that a hub sells off, makers that fill the gap, codes that an origin keeps secret, hubs that do not publish.
In every fourth seed nobody diverts.

The author had read what docs/diversion.md says of the method, but not its code. Nothing of :mod:`bilat.diversion` is
used here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from worlds.fifth import World

Array = np.ndarray

TARGET = "RUS"
SINCE = "2022-03"
ORIGINS = ("DEU", "ITA", "FRA", "NLD", "POL", "CZE", "USA", "JPN", "KOR", "GBR")
FACTORIES = ("CHN", "MYS", "VNM", "MEX")
#: Industry: chapter, headings, how even its monthly orders are, its weight in trade.
INDUSTRIES = {
    "chips": ("85", 5, 6.0, 1.2),
    "machines": ("84", 6, 0.7, 1.0),
    "vehicles": ("87", 4, 3.0, 1.6),
    "aircraft": ("88", 2, 0.3, 0.4),
    "instruments": ("90", 4, 2.0, 0.6),
    "consumer": ("33", 4, 8.0, 0.8),
}
#: Hub: size of its market, its pull on dealers, the industries that it serves.
HUBS = {
    "TUR": (1.6, 3.0, ("machines", "instruments", "vehicles", "consumer")),
    "ARE": (1.2, 2.5, ("aircraft", "chips", "consumer", "vehicles")),
    "HKG": (1.0, 3.0, ("chips", "instruments")),
    "KAZ": (0.35, 3.0, ("machines", "vehicles", "consumer", "instruments")),
    "KGZ": (0.05, 2.5, ("vehicles", "machines", "consumer", "chips")),
    "ARM": (0.05, 2.0, ("consumer", "vehicles", "chips")),
    "GEO": (0.08, 1.5, ("vehicles", "consumer")),
    "UZB": (0.25, 1.0, ("machines", "instruments")),
    "SRB": (0.2, 0.8, ("machines", "aircraft")),
    "AZE": (0.15, 0.5, ("vehicles", "machines")),
    "IND": (2.0, 0.8, ("chips", "machines", "aircraft")),
    "THA": (0.9, 0.5, ("chips", "instruments")),
    "MNG": (0.05, 0.4, ("vehicles",)),
    "TJK": (0.03, 0.3, ("aircraft", "vehicles")),
    "MDV": (0.01, 0.3, ("chips",)),
    "EGY": (0.5, 0.1, ("consumer",)),
    "MAR": (0.4, 0.1, ("consumer", "vehicles")),
}
MARKETS = {"BRA": 1.5, "ZAF": 0.6, "CHL": 0.4, "PER": 0.3, "IDN": 1.0, "SAU": 1.0}
SELLERS = (*ORIGINS, *FACTORIES, *HUBS)
BUYERS = (*HUBS, *MARKETS, TARGET)
MONTHS = tuple(f"{y}-{m:02d}" for y in range(2019, 2025) for m in range(1, 13))[:68]
LENGTH = len(MONTHS)
BREAK = MONTHS.index(SINCE)
BANKS = MONTHS.index("2023-12")
CLOCK = np.arange(LENGTH)
ENDS = ("10", "30", "90")  # codes of a heading
FACTORY_ROWS = slice(len(ORIGINS), len(ORIGINS) + len(FACTORIES))


@dataclass(frozen=True)
class Settings:
    """What a world is drawn from: shares of 1, ranges of uniform draws, months, USD."""

    banned_headings: float = 0.55
    banned_codes: float = 0.8  # of a banned heading
    waves: tuple[int, ...] = (0, 3, 12, 21)  # months after SINCE
    kept: tuple[float, float] = (0.0, 0.15)  # of direct sales after a ban
    leaves: float = 0.5  # of goods never banned: their brands leave, in part
    left: tuple[float, float] = (0.1, 0.7)  # what a brand that leaves no longer sells
    diverted: tuple[float, float] = (0.05, 0.25)  # of what the target lost
    goods_of_dealer: tuple[int, int] = (1, 6)
    origins_of_dealer: tuple[int, int] = (1, 4)
    made_elsewhere: tuple[float, float] = (0.0, 0.7)  # of what a dealer sells
    outside: float = 0.1  # of dealers: at a hub that does not serve their industry
    stock: tuple[float, float] = (0.0, 4.0)  # months of sales, bought before the ban
    growth: tuple[float, float] = (2.0, 10.0)  # months until a dealer sells in full
    ends: float = 0.35  # of dealers: they stop before the records do
    markup: tuple[float, float] = (1.05, 1.7)
    special: float = 0.3  # of hubs: bonded goods enter no book
    bonded: tuple[float, float] = (0.4, 1.0)  # of a dealer's goods at such a hub
    banks: float = 0.5  # of hubs: their banks stop paying
    paid: tuple[float, float] = (0.2, 0.7)  # of trade then
    moved: tuple[float, float] = (0.2, 0.8)  # of what stops: goes on at another hub
    newcomers: tuple[int, int] = (2, 5)  # hubs to which people move
    homes: tuple[float, float] = (1.2, 2.2)  # what they and their firms buy, of the usual
    used: float = 0.08  # (hub, good): sells off what it owns
    replaced: tuple[float, float] = (0.15, 0.6)  # by factories' states, of what was lost
    secret: float = 0.04  # (origin, good): published for no buyer
    silent: int = 4
    late_hubs: int = 3
    least_route: float = 1e4
    least_row: float = 1e3


@dataclass
class Dealer:
    """A network: its hub, its goods, where they come from, and its months."""

    hub: str
    industry: str
    goods: list[int]
    origins: list[str]
    elsewhere: float  # share of its goods that was made in a factory state
    course: Array  # of its sales, 1 in full
    size: float  # of what the target lost of its goods
    stock: float
    markup: float


def simulate(seed: int, settings: Settings | None = None) -> World:
    """One world; the same seed makes the same bytes. A route sends on 10,000 USD and more."""
    rng = np.random.default_rng([seed, 14])
    return _Maker(rng, settings or Settings(), seed % 4 != 0).world()


def goods_of_industries() -> dict[str, list[str]]:
    """Codes of each industry; those of one heading follow one another."""
    return {
        name: [f"{chapter}{11 + 4 * h:02d}{end}" for h in range(headings) for end in ENDS]
        for name, (chapter, headings, _, _) in INDUSTRIES.items()
    }


@dataclass
class _Maker:
    """Draws one world."""

    rng: np.random.Generator
    settings: Settings
    diverts: bool
    sold: Array = field(init=False)  # seller, buyer, good, month: the seller's books
    arrived: Array = field(init=False)  # the same, the buyer's books
    routes: dict[tuple[str, int], float] = field(default_factory=dict)

    def world(self) -> World:
        s, rng = self.settings, self.rng
        by_industry = goods_of_industries()
        self.codes = [code for codes in by_industry.values() for code in codes]
        self.industry = [name for name, codes in by_industry.items() for _ in codes]
        self.banned = self._bans()
        self.sold = self._usual_trade()
        self._newcomers()
        self.lost = self._ban()
        self._brands_leave()
        self._others_sell()
        entry = rng.uniform(1.02, 1.12, self.sold.shape[:3])  # freight, insurance
        at = self.sold.any(axis=3)
        noise = rng.lognormal(0, 0.12, (int(at.sum()), LENGTH))
        self.arrived = np.zeros_like(self.sold)
        self.arrived[at] = self.sold[at] * entry[at][:, None] * noise
        if self.diverts:
            self._dealers()
        routes = {
            (hub, self.codes[k]): usd
            for (hub, k), usd in sorted(self.routes.items())
            if usd >= s.least_route
        }
        flows, silent = self._books()
        return World(flows, routes, silent)

    def _bans(self) -> dict[int, int]:
        """Good -> month of its ban; consumer goods are banned late."""
        s, rng = self.settings, self.rng
        banned = {}
        for first in range(0, len(self.codes), len(ENDS)):
            late = self.industry[first] == "consumer"
            wave = int(rng.choice(s.waves[1:] if late else s.waves))
            listed = rng.random() < s.banned_headings
            for k in range(first, first + len(ENDS)):
                if listed and rng.random() < s.banned_codes:
                    banned[k] = BREAK + wave
        return banned

    def _usual_trade(self) -> Array:
        rng = self.rng
        goods = len(self.codes)
        sizes = [size for size, _, _ in HUBS.values()]
        makers = rng.uniform(0.4, 2.5, len(ORIGINS) + len(FACTORIES))
        supply = np.concatenate([makers, [0.1 * size for size in sizes]])
        market = np.array([*sizes, *MARKETS.values(), 3.0])
        often = np.array([0.65] * len(makers) + [0.15] * len(HUBS))
        shape = (len(SELLERS), len(BUYERS), goods)
        there = rng.random(shape) < often[:, None, None] * np.minimum(1, 0.5 + market)[:, None]
        for name in HUBS:
            there[SELLERS.index(name), BUYERS.index(name)] = False
        weight = np.array([INDUSTRIES[name][3] for name in self.industry])
        level = 2.5e5 * supply[:, None, None] * market[:, None] * weight
        level = level * rng.lognormal(0, 1.2, goods) * rng.lognormal(0, 1.0, shape)
        drift = np.cumsum(rng.normal(0, 0.03, (goods, LENGTH)), axis=1)
        demand = np.cumsum(rng.normal(0, 0.025, (len(BUYERS), LENGTH)), axis=1)
        year = rng.normal(0, 0.12, 12)[CLOCK % 12]
        scarce = -0.25 * np.exp(-(((CLOCK - BREAK + 8) / 5) ** 2))  # chips and cars, 2021
        short = np.array([name in ("chips", "vehicles") for name in self.industry])
        even = np.array([INDUSTRIES[name][2] for name in self.industry])
        _, b, k = np.nonzero(there)
        mean = level[there][:, None] * np.exp(drift[k] + demand[b] + year + short[k, None] * scarce)
        shapes = (even[k] * rng.uniform(0.5, 1.5, len(k)))[:, None]
        out = np.zeros((*shape, LENGTH))
        out[there] = rng.gamma(shapes, mean / shapes)
        return out

    def _newcomers(self) -> None:
        """People and firms move to a hub and buy there, of every seller, for themselves."""
        s, rng = self.settings, self.rng
        count = int(rng.integers(*s.newcomers))
        bought = [k for k, name in enumerate(self.industry) if name not in ("aircraft", "machines")]
        for hub in rng.choice(list(HUBS), count, replace=False).tolist():
            top = rng.uniform(*s.homes)
            touched = [k for k in bought if rng.random() < 0.6]
            ramp = 1 + (top - 1) * np.clip((CLOCK - BREAK) / 5, 0, 1)
            self.sold[:, BUYERS.index(hub), touched] *= ramp

    def _ban(self) -> dict[int, float]:
        """Origins stop. Good -> USD a month lost."""
        s, rng = self.settings, self.rng
        few, at_target = len(ORIGINS), BUYERS.index(TARGET)
        lost = {}
        for k, at in self.banned.items():
            before = self.sold[:few, at_target, k, BREAK - 14 : BREAK - 2].mean(axis=1)
            keep = rng.uniform(*s.kept, few)
            fall = np.where(at <= CLOCK, keep[:, None], 1.0)
            fall[:, at : at + 2] += (1 - fall[:, at : at + 2]) * 0.25  # contracts run out
            fall[:, BREAK + 1 : at] = rng.uniform(0.3, 0.9)  # firms leave before they must
            self.sold[:few, at_target, k] *= fall
            lost[k] = float(((1 - keep) * before).sum())
        return lost

    def _brands_leave(self) -> None:
        """Goods never banned fall too, and nobody has to bring them secretly."""
        s, rng = self.settings, self.rng
        few, at_target = len(ORIGINS), BUYERS.index(TARGET)
        for k in range(len(self.codes)):
            if k not in self.banned and rng.random() < s.leaves:
                part = rng.uniform(*s.left) * np.clip((CLOCK - BREAK) / 4, 0, 1)
                self.sold[:few, at_target, k] *= 1 - part

    def _others_sell(self) -> None:
        """Factory states fill the gap; hubs sell off used machines and cars of their own."""
        s, rng = self.settings, self.rng
        at_target = BUYERS.index(TARGET)
        for k, at in self.banned.items():
            on = np.clip((CLOCK - at - 1) / 8, 0, 1)
            parts = rng.dirichlet(np.ones(len(FACTORIES))) * rng.uniform(*s.replaced)
            more = parts[:, None] * self.lost[k] * on
            self.sold[FACTORY_ROWS, at_target, k] += more * rng.gamma(4, 0.25, more.shape)
            if self.industry[k] not in ("machines", "vehicles"):
                continue
            for hub in HUBS:
                if rng.random() < s.used:
                    months = np.clip((CLOCK - at) / 3, 0, 1) * self._noise(1.0)
                    usd = months * self.lost[k] * rng.uniform(0.005, 0.06)
                    self.sold[SELLERS.index(hub), at_target, k] += usd

    def _dealers(self) -> None:
        """Dealers open until the share of the lost trade that is diverted is taken up."""
        s, rng = self.settings, self.rng
        hubs = list(HUBS)
        self.special = {h for h in hubs if rng.random() < s.special}
        self.paid = {h: rng.uniform(*s.paid) for h in hubs if rng.random() < s.banks}
        whole = sum(usd * (LENGTH - self.banned[k]) for k, usd in self.lost.items())
        wanted = whole * rng.uniform(*s.diverted)
        for _ in range(300):
            if wanted <= 0 or not self.lost:
                return
            wanted -= self._trade(self._new_dealer())

    def _new_dealer(self) -> Dealer:
        s, rng = self.settings, self.rng
        goods = sorted(self.lost)
        worth = np.array([self.lost[k] + 1.0 for k in goods])
        industry = self.industry[int(rng.choice(goods, p=_shares(worth)))]
        line = [k for k in goods if self.industry[k] == industry]
        many = min(len(line), int(rng.integers(*s.goods_of_dealer)))
        dealt = sorted(rng.choice(line, many, replace=False).tolist())
        origins = sorted(
            rng.choice(ORIGINS, int(rng.integers(*s.origins_of_dealer)), replace=False).tolist()
        )
        start = self.banned[dealt[0]] + int(rng.gamma(1.5, 3.0))
        course = np.clip((CLOCK - start) / rng.uniform(*s.growth), 0, 1)
        if rng.random() < s.ends:
            course[start + int(rng.integers(6, 24)) :] = 0.0
        size = min(0.5, 0.02 * (1 + rng.pareto(1.1)))
        elsewhere, stock = rng.uniform(*s.made_elsewhere), rng.uniform(*s.stock)
        hub, markup = self._hub_for(industry), rng.uniform(*s.markup)
        return Dealer(hub, industry, dealt, origins, elsewhere, course, size, stock, markup)

    def _hub_for(self, industry: str, other_than: str = "") -> str:
        rng, outside = self.rng, self.settings.outside
        pull = {
            hub: pull * (1.0 if industry in serves else outside)
            for hub, (_, pull, serves) in HUBS.items()
            if hub != other_than
        }
        return str(rng.choice(list(pull), p=_shares(np.array(list(pull.values())))))

    def _trade(self, dealer: Dealer) -> float:
        """Book what a dealer buys and sells; what reached the target, at the value bought."""
        s, rng = self.settings, self.rng
        carried = 0.0
        places = [(dealer.hub, dealer.course)]
        if dealer.hub in self.paid:
            stopped = dealer.course * (1 - self.paid[dealer.hub]) * (CLOCK >= BANKS)
            elsewhere = self._hub_for(dealer.industry, dealer.hub)
            later = np.concatenate([np.zeros(3), stopped[:-3]]) * rng.uniform(*s.moved)
            places = [(dealer.hub, dealer.course - stopped), (elsewhere, later)]
        for hub, course in places:
            bonded = rng.uniform(*s.bonded) if hub in self.special else 0.0
            for k in dealer.goods:
                even = max(0.8, INDUSTRIES[dealer.industry][2])
                sent = course * dealer.size * self.lost[k] * self._noise(even)
                sent *= self.banned[k] <= CLOCK
                if sent.any():
                    carried += self._pass_on(dealer, hub, k, sent, 1 - bonded)
        return carried

    def _pass_on(self, dealer: Dealer, hub: str, k: int, sent: Array, booked: float) -> float:
        rng = self.rng
        early = int(rng.integers(0, 3))
        bought = np.concatenate([sent[early:], np.zeros(early)])
        stock = min(dealer.stock * sent.mean(), 0.3 * sent.sum())
        bought *= 1 - stock / max(bought.sum(), 1.0)
        bought[BREAK - 3 : BREAK] += stock / 3  # the warehouse is filled before the ban
        places = [*dealer.origins, str(rng.choice(FACTORIES))]
        ours = (1 - dealer.elsewhere) * _shares(rng.uniform(0.5, 1.5, len(dealer.origins)))
        for seller, part in zip(places, (*ours, dealer.elsewhere), strict=True):
            at = SELLERS.index(seller), BUYERS.index(hub), k
            self.sold[at] += part * bought
            self.arrived[at] += part * bought * booked * 1.06
        self.sold[SELLERS.index(hub), BUYERS.index(TARGET), k] += sent * dealer.markup * booked
        usd = float(sent.sum()) * (1 - dealer.elsewhere)
        self.routes[hub, k] = self.routes.get((hub, k), 0.0) + usd
        return usd

    def _noise(self, even: float) -> Array:
        return self.rng.gamma(even, 1 / even, LENGTH)

    def _books(self) -> tuple[pa.Table, frozenset[str]]:
        """Secret codes, silent hubs, one that leaves the target out, late books."""
        s, rng = self.settings, self.rng
        secret = rng.random((len(ORIGINS), len(self.codes))) < s.secret
        for a, k in np.argwhere(secret).tolist():
            self.sold[a, :, k] = 0.0
        drawn = rng.permutation(list(HUBS)).tolist()
        silent, left_out = drawn[: s.silent], drawn[s.silent]
        late = {h: LENGTH - int(rng.integers(3, 9)) for h in drawn[-s.late_hubs :]}
        for name, end in [*late.items(), *((h, 0) for h in silent)]:
            self.sold[SELLERS.index(name), ..., end:] = 0.0
            self.arrived[:, BUYERS.index(name), :, end:] = 0.0
        at_target = BUYERS.index(TARGET)
        self.sold[SELLERS.index(left_out), at_target, :, BREAK:] = 0.0
        self.arrived[:, at_target, :, BREAK - 1 :] = 0.0
        tables = [self._rows(self.sold, "X"), self._rows(self.arrived, "M")]
        return pa.concat_tables(tables), frozenset([*silent, left_out])

    def _rows(self, books: Array, flow: str) -> pa.Table:
        at = np.nonzero(books >= self.settings.least_row)
        seller, buyer, product, period = (
            pa.array(names).take(pa.array(places))
            for names, places in zip((SELLERS, BUYERS, self.codes, MONTHS), at, strict=True)
        )
        who = (seller, buyer) if flow == "X" else (buyer, seller)
        return pa.table(
            {
                "reporter": who[0],
                "partner": who[1],
                "product": product,
                "period": period,
                "value": np.round(books[at]),
                "flow": pa.array([flow]).take(pa.array(np.zeros(len(period), dtype=int))),
            }
        )


def _shares(weights: Array) -> Array:
    return weights / weights.sum()
