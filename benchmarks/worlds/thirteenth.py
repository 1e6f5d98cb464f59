# SPDX-License-Identifier: Apache-2.0
"""A thirteenth family: firms that open, are listed and open elsewhere; made without sight of the estimator.

Monthly books of both sides. Firms at hubs, each with a few goods, buy what the target lost and sell it on: declared, as
transit that the hub never books, or under a neighbour code; some buy at an entrepot. A listed firm closes, and another
opens, often elsewhere. Beside them: hubs that boom, projects of a hub's own, makers and hubs that sell their own goods
in place of banned ones, legal parallel trade in goods never banned, sales deflected to everybody, seasons, dearer
goods, a weaker euro, late and silent books. In every fourth seed nobody diverts. Nothing of :mod:`bilat.diversion` is
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
ORIGINS = ("DEU", "ITA", "POL", "FIN", "NLD", "USA", "JPN", "KOR")
EURO = ("DEU", "ITA", "FIN", "NLD")
MAKERS = ("CHN", "IND", "MYS")
ENTREPOTS = ("ARE", "HKG", "TUR")
#: Size of each hub's market, and its pull on a firm that wants to sell to the target.
HUBS = {
    "ARM": (0.05, 2.0),
    "KGZ": (0.05, 2.5),
    "KAZ": (0.35, 3.0),
    "UZB": (0.25, 1.5),
    "GEO": (0.08, 1.5),
    "AZE": (0.15, 0.6),
    "TJK": (0.03, 0.4),
    "TUR": (1.6, 3.0),
    "ARE": (1.2, 2.5),
    "HKG": (1.0, 2.0),
    "SRB": (0.2, 0.8),
    "MNG": (0.05, 0.4),
    "MDA": (0.06, 0.2),
    "THA": (0.9, 0.4),
    "VNM": (1.0, 0.3),
    "EGY": (0.5, 0.2),
    "MAR": (0.4, 0.1),
    "ISR": (0.6, 0.1),
}
MARKETS = {"BRA": 1.5, "MEX": 2.0, "ZAF": 0.6, "CHL": 0.4, "PER": 0.3, "IDN": 1.0}
SELLERS = (*ORIGINS, *MAKERS, *HUBS)
BUYERS = (*HUBS, *MARKETS, TARGET)
MONTHS = tuple(f"{y}-{m:02d}" for y in range(2019, 2025) for m in range(1, 13))[:66]
LENGTH = len(MONTHS)
BREAK = MONTHS.index(SINCE)
CLOCK = np.arange(LENGTH)
CHAPTERS = (84, 85, 87, 90, 39, 73)
FIRST_HUB = len(ORIGINS) + len(MAKERS)


@dataclass(frozen=True)
class Settings:
    """What a world is drawn from: shares of 1, ranges of uniform draws, months, USD."""

    headings: int = 20
    codes: tuple[str, ...] = ("15", "35", "80")  # of a heading: neighbours
    banned_headings: float = 0.6
    banned_codes: float = 0.75  # of a banned heading
    waves: tuple[int, ...] = (0, 7, 15, 21)  # months after SINCE
    kept: tuple[float, float] = (0.0, 0.2)  # of direct sales after a ban
    seasonal: float = 0.3  # of headings
    capital: float = 0.35  # of goods: few orders, large ones
    diverted: tuple[float, float] = (0.04, 0.25)  # of what the target lost
    goods_of_firm: tuple[int, int] = (1, 7)
    life: tuple[int, int] = (5, 25)  # months until a firm is listed
    successor: float = 0.65  # a listed firm's trade goes on under another name
    stays: float = 0.3  # the other name is at the same hub
    transit: float = 0.2  # firms whose goods the hub never books
    renamed: float = 0.15  # firms that sell under a neighbour code
    chain: float = 0.12  # firms that buy at an entrepot
    markup: tuple[float, float] = (1.05, 1.6)
    hubs: tuple[int, int] = (4, 10)  # where firms open in a world
    pressed: tuple[float, float] = (0.2, 0.6)  # what goes on at a hub under pressure
    booms: tuple[int, int] = (2, 5)
    boom: tuple[float, float] = (1.3, 2.4)
    projects: int = 3
    parallel: float = 0.4  # of goods never banned: legal trade by way of hubs
    replaced: tuple[float, float] = (0.15, 0.5)  # by makers' goods, of what was lost
    own_goods: float = 0.06  # (hub, banned good): sells more of its own
    deflected: tuple[float, float] = (0.0, 0.15)  # more to everybody else
    silent: int = 5
    late_hubs: int = 3
    least_route: float = 1e4
    least_row: float = 1e3


@dataclass
class Firm:
    """A trader at a hub: its goods, sources, months, and how it declares."""

    hub: str
    goods: list[int]
    origin: str
    start: int
    end: int
    size: float  # USD a month and good, of the value bought
    way: str
    by: str | None
    markup: float


def simulate(seed: int, settings: Settings | None = None) -> World:
    """One world; the same seed makes the same bytes. A route sends on 10,000 USD and more."""
    rng = np.random.default_rng([seed, 13])
    return _Maker(rng, settings or Settings(), seed % 4 != 0).world()


def codes_of(settings: Settings) -> list[str]:
    """The goods of a world; codes of one heading follow one another."""
    return [
        f"{CHAPTERS[h % len(CHAPTERS)]}{11 + h // len(CHAPTERS) * 3:02d}{end}"
        for h in range(settings.headings)
        for end in settings.codes
    ]


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
        self.codes = codes_of(s)
        self.banned = self._bans()
        self.sold = self._usual_trade()
        self._booms()
        self.lost = self._ban()
        self._projects()
        self._parallel_trade()
        self._replacements()
        entry = rng.uniform(1.02, 1.12, self.sold.shape[:3])  # freight, insurance
        self.arrived = np.zeros_like(self.sold)
        at = self.sold.any(axis=3)
        noise = rng.lognormal(0, 0.1, (int(at.sum()), LENGTH))
        self.arrived[at] = self.sold[at] * entry[at][:, None] * noise
        for hub in ENTREPOTS:  # part of what passes is never cleared for the home market
            self.arrived[:, BUYERS.index(hub)] *= rng.uniform(0.6, 0.95)
        if self.diverts:
            self._firms()
        routes = {
            (hub, self.codes[k]): usd
            for (hub, k), usd in sorted(self.routes.items())
            if usd >= s.least_route
        }
        flows, silent = self._books()
        return World(flows, routes, silent)

    def _bans(self) -> dict[int, int]:
        """Good -> month of its ban; waves by heading, early ones more often."""
        s, rng = self.settings, self.rng
        banned = {}
        for h in range(s.headings):
            wave = int(rng.choice(s.waves, p=_shares(np.arange(len(s.waves), 0, -1))))
            listed = rng.random() < s.banned_headings
            for place in range(len(s.codes)):
                if listed and rng.random() < s.banned_codes:
                    banned[h * len(s.codes) + place] = BREAK + wave
        return banned

    def _usual_trade(self) -> Array:
        s, rng = self.settings, self.rng
        goods = len(self.codes)
        supply = np.concatenate(
            [
                rng.uniform(0.4, 2.0, len(ORIGINS)),
                rng.uniform(0.5, 2.5, len(MAKERS)),
                [0.12 * size for size, _ in HUBS.values()],
            ]
        )
        market = np.array([*(size for size, _ in HUBS.values()), *MARKETS.values(), 3.0])
        often = np.array([0.6] * len(ORIGINS) + [0.75] * len(MAKERS) + [0.12] * len(HUBS))
        shape = (len(SELLERS), len(BUYERS), goods)
        there = rng.random(shape) < often[:, None, None] * np.minimum(1, 0.6 + market)[:, None]
        for name in HUBS:
            there[SELLERS.index(name), BUYERS.index(name)] = False
        level = 3e5 * supply[:, None, None] * market[:, None] * rng.lognormal(0, 1.1, goods)
        level = level * rng.lognormal(0, 1.0, shape) * there
        course = np.cumsum(rng.normal(0, 0.03, (goods, LENGTH)), axis=1)
        demand = np.cumsum(rng.normal(0, 0.02, (len(BUYERS), LENGTH)), axis=1)
        pull = np.cumsum(rng.normal(0, 0.02, (len(SELLERS), LENGTH)), axis=1)
        dearer = 0.15 / (1 + np.exp(-(CLOCK - BREAK + 6) / 4))  # prices of 2021 and 2022
        pull += dearer
        weak = 0.12 * np.exp(-(((CLOCK - BREAK - 5) / 6) ** 2))
        for name in EURO:
            pull[SELLERS.index(name)] -= weak
        seasons = np.repeat(rng.random(s.headings) < s.seasonal, len(s.codes))
        phase = np.repeat(rng.uniform(0, 12, s.headings), len(s.codes))
        swing = seasons[:, None] * 0.7 * np.sin(2 * np.pi * (CLOCK - phase[:, None]) / 12)
        even = rng.uniform(2.0, 12.0, shape)
        capital = rng.random(goods) < s.capital
        even[..., capital] = rng.uniform(0.15, 0.8, (*shape[:2], int(capital.sum())))
        a, b, k = np.nonzero(there)
        mean = level[there][:, None] * np.exp((course + swing)[k] + demand[b] + pull[a])
        out = np.zeros((*shape, LENGTH))
        out[there] = rng.gamma(even[there][:, None], mean / even[there][:, None])
        return out

    def _booms(self) -> None:
        """Hubs that buy more of most goods, from everybody, for themselves."""
        s, rng = self.settings, self.rng
        for hub in rng.choice(list(HUBS), int(rng.integers(*s.booms)), replace=False).tolist():
            start = BREAK + int(rng.integers(-4, 9))
            top = rng.uniform(*s.boom)
            touched = rng.random(len(self.codes)) < 0.7
            ramp = 1 + (top - 1) * np.clip((CLOCK - start) / 8, 0, 1)
            self.sold[:, BUYERS.index(hub), touched] *= ramp

    def _ban(self) -> dict[int, float]:
        """Origins stop, and sell a little more to everybody else. Good -> USD a month lost."""
        s, rng = self.settings, self.rng
        lost, few, at_target = {}, len(ORIGINS), BUYERS.index(TARGET)
        for k, at in self.banned.items():
            before = self.sold[:few, at_target, k, BREAK - 14 : BREAK - 2].mean(axis=1)
            keep = rng.uniform(*s.kept, few)
            fall = np.where(at <= CLOCK, keep[:, None], 1.0)
            fall[:, at : at + 2] += (1 - fall[:, at : at + 2]) * 0.3  # contracts run out
            if at > BREAK:  # firms leave before they must
                fall[:, BREAK + 1 : at] = rng.uniform(0.5, 0.95)
            self.sold[:few, at_target, k] *= fall
            lost[k] = float(((1 - keep) * before).sum())
            more = 1 + rng.uniform(*s.deflected) * (at + 2 <= CLOCK)
            self.sold[:few, :at_target, k] *= more
        return lost

    def _projects(self) -> None:
        """A mine, a grid, a railway at a hub: a few goods, banned or not, for some months."""
        rng = self.rng
        for _ in range(self.settings.projects):
            hub = BUYERS.index(str(rng.choice(list(HUBS))))
            start, months = BREAK + int(rng.integers(-2, 18)), int(rng.integers(6, 16))
            on = (start <= CLOCK) & (start + months > CLOCK)
            for k in rng.choice(len(self.codes), int(rng.integers(4, 10)), replace=False).tolist():
                a = int(rng.integers(FIRST_HUB))
                usual = self.sold[:, hub, k, :BREAK].sum(axis=0).mean()
                self.sold[a, hub, k] += on * usual * rng.uniform(0.5, 3) * self._noise(1.5)

    def _parallel_trade(self) -> None:
        """Goods never banned: brands leave in part, hubs bring some of them, and that is legal."""
        s, rng = self.settings, self.rng
        few, at_target = len(ORIGINS), BUYERS.index(TARGET)
        for k in sorted(set(range(len(self.codes))) - set(self.banned)):
            if rng.random() >= s.parallel:
                continue
            usual = self.sold[:few, at_target, k, BREAK - 12 : BREAK].sum(axis=0).mean()
            leave = rng.uniform(0.1, 0.5)
            on = np.clip((CLOCK - BREAK - 1) / 5, 0, 1)
            self.sold[:few, at_target, k] *= 1 - leave * on
            hubs = rng.choice(list(HUBS), int(rng.integers(1, 4)), replace=False, p=_pulls())
            for hub in hubs.tolist():
                more = on * leave * usual * rng.uniform(0.05, 0.3) * self._noise(3)
                self.sold[int(rng.integers(FIRST_HUB)), BUYERS.index(hub), k] += more / 1.15
                self.sold[SELLERS.index(hub), at_target, k] += more

    def _replacements(self) -> None:
        """Makers' goods, and hubs' own, take the place of banned ones."""
        s, rng = self.settings, self.rng
        at_target = BUYERS.index(TARGET)
        for k, at in self.banned.items():
            on = np.clip((CLOCK - at - 1) / 9, 0, 1)
            parts = rng.dirichlet(np.ones(len(MAKERS))) * rng.uniform(*s.replaced)
            for maker, part in zip(MAKERS, parts, strict=True):
                more = on * part * self.lost[k] * self._noise(4)
                self.sold[SELLERS.index(maker), at_target, k] += more
            for hub in HUBS:
                if rng.random() < s.own_goods:
                    more = on * self.lost[k] * rng.uniform(0.01, 0.1) * self._noise(2)
                    self.sold[SELLERS.index(hub), at_target, k] += more
                    # half of them sell on what a maker sells them
                    part = rng.choice([0.0, 0.85])
                    maker = SELLERS.index(str(rng.choice(MAKERS)))
                    self.sold[maker, BUYERS.index(hub), k] += part * more

    def _firms(self) -> None:
        """Firms open until the share of the lost trade that is diverted is taken up."""
        s, rng = self.settings, self.rng
        names = list(HUBS)
        count = int(rng.integers(*s.hubs))
        self.active = rng.choice(names, count, replace=False, p=_pulls()).tolist()
        self.pressed = {
            h: (BREAK + int(rng.integers(9, 26)), rng.uniform(*s.pressed))
            for h in self.active
            if rng.random() < 0.5
        }
        whole = sum(usd * (LENGTH - self.banned[k]) for k, usd in self.lost.items())
        wanted = whole * rng.uniform(*s.diverted)
        goods = sorted(self.lost)
        carried = 0.0
        for _ in range(400):
            if not goods or carried >= wanted:
                return
            firm: Firm | None = self._new_firm(goods)
            while firm is not None:
                carried += self._trade(firm)
                firm = self._successor(firm)

    def _new_firm(self, goods: list[int]) -> Firm:
        s, rng = self.settings, self.rng
        first = int(rng.choice(goods, p=_shares(np.array([self.lost[k] + 1.0 for k in goods]))))
        near = np.exp(-np.abs(np.array(goods) - first) / 4)  # it knows its line of goods
        many = min(len(goods), int(rng.integers(*s.goods_of_firm)))
        dealt = sorted(rng.choice(goods, many, replace=False, p=_shares(near)).tolist())
        pulls = _shares(np.array([HUBS[h][1] for h in self.active]))
        hub = str(rng.choice(self.active, p=pulls))
        start = self.banned[dealt[0]] + int(rng.gamma(2.0, 2.5))
        ways = ("declared", "transit", "renamed")
        way = str(rng.choice(ways, p=[1 - s.transit - s.renamed, s.transit, s.renamed]))
        before = [e for e in ENTREPOTS if e != hub]
        by = str(rng.choice(before)) if rng.random() < s.chain else None
        size = min(0.6, 0.03 * (1 + rng.pareto(1.3)))
        markup = rng.uniform(*s.markup)
        origin, end = str(rng.choice(ORIGINS)), start + int(rng.integers(*s.life))
        return Firm(hub, dealt, origin, start, end, size, way, by, markup)

    def _successor(self, old: Firm) -> Firm | None:
        s, rng = self.settings, self.rng
        start = old.end + int(rng.integers(1, 4))
        if start >= LENGTH - 3 or rng.random() >= s.successor:
            return None
        hub = old.hub if rng.random() < s.stays else str(rng.choice(self.active))
        by = None if old.by == hub else old.by
        size, end = old.size * rng.uniform(0.5, 1.1), start + int(rng.integers(*s.life))
        return Firm(hub, old.goods, old.origin, start, end, size, old.way, by, old.markup)

    def _trade(self, firm: Firm) -> float:
        """Book what a firm buys and sells; what reached the target, at the value bought."""
        rng, at_target = self.rng, BUYERS.index(TARGET)
        on = ((firm.start <= CLOCK) & (firm.end > CLOCK)).astype(float)
        if firm.hub in self.pressed:
            month, part = self.pressed[firm.hub]
            on[month:] *= part
        carried = 0.0
        for k in firm.goods:
            bought = on * (self.banned[k] <= CLOCK) * firm.size * self.lost[k] * self._noise(1.2)
            lag = int(rng.integers(0, 4))
            sent = np.concatenate([np.zeros(lag), bought[: LENGTH - lag]])
            stop = firm.hub
            if firm.by:
                self._book(firm.origin, firm.by, k, bought, True)
                self._book(firm.by, stop, k, bought * 1.05, firm.way != "transit")
            else:
                self._book(firm.origin, stop, k, bought, firm.way != "transit")
            if firm.way != "transit":
                under = self._neighbour(k) if firm.way == "renamed" else k
                self.sold[SELLERS.index(stop), at_target, under] += sent * firm.markup
            usd = float(sent.sum())
            carried += usd
            self.routes[stop, k] = self.routes.get((stop, k), 0.0) + usd
        return carried

    def _book(self, seller: str, buyer: str, k: int, usd: Array, cleared: bool) -> None:
        at = SELLERS.index(seller), BUYERS.index(buyer), k
        self.sold[at] += usd
        if cleared:
            self.arrived[at] += usd * 1.06

    def _neighbour(self, k: int) -> int:
        """A code of the same heading, one that is not banned if there is one."""
        size = len(self.settings.codes)
        others = [j for j in range(k // size * size, k // size * size + size) if j != k]
        free = [j for j in others if j not in self.banned]
        return (free or others)[0]

    def _noise(self, even: float) -> Array:
        return self.rng.gamma(even, 1 / even, LENGTH)

    def _books(self) -> tuple[pa.Table, frozenset[str]]:
        """Silent hubs, one that leaves the target out, late books, months booked with the next."""
        s, rng = self.settings, self.rng
        drawn = rng.permutation(list(HUBS)).tolist()
        silent, left_out = drawn[: s.silent], drawn[s.silent]
        late = {h: LENGTH - int(rng.integers(4, 10)) for h in drawn[-s.late_hubs :]}
        late[str(rng.choice(ORIGINS))] = LENGTH - 3
        slow = drawn[s.silent + 1]
        for book in (self.sold[SELLERS.index(slow)], self.arrived[:, BUYERS.index(slow)]):
            for t in np.flatnonzero(rng.random(LENGTH - 1) < 0.15).tolist():
                book[..., t + 1] += book[..., t]
                book[..., t] = 0.0
        for name in silent:
            self.sold[SELLERS.index(name)] = 0.0
            self.arrived[:, BUYERS.index(name)] = 0.0
        for name, end in late.items():
            self.sold[SELLERS.index(name), ..., end:] = 0.0
            if name in BUYERS:
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


def _pulls() -> Array:
    return _shares(np.array([pull for _, pull in HUBS.values()]))
