# SPDX-License-Identifier: Apache-2.0
"""A twelfth family: banned goods look for the cheapest way in, and pressure moves them between hubs.

Written without sight of the estimator, its pages or any result on it. The author had read how one
other family (`worlds/seventh.py`) hands over its world, the docstring and the lists of states of
the eleventh, and the titles of the others. Every figure in :class:`Settings` is a choice, not a
measurement, and was committed before the first run. Nothing of :mod:`bilat.diversion` is used here.

Evasion follows demand. A banned good leaves a gap in the target's market. A part of the gap is
filled through hubs; it rises along a curve that starts months after the ban. In each month the hubs
share it by what they cost: a taste for the sector, a taste for the good, and pressure, which begins
at three hubs at three dates. A pair of hub and good goes in one of three ways:

* booked: the hub buys, sells part to the target, and books only a part of that sale, later and
  dearer, now and then under a neighbouring code;
* ghost: the papers name the hub, the goods stay in the target, the hub books neither purchase nor
  sale;
* chain: an entrepot buys from the origin and sells to the hub, which sells to the target. The hub
  may book its purchase by origin or by the entrepot.

What is no evasion, and looks like it: hubs that boom as a whole; hubs that bought from the target's
warehouses and buy directly from the ban on; a maker among the hubs, which buys parts of the same
code from the origins and sells its own make to the target; other makers that fill the gap;
re-exports from before the ban that go on; projects of a few goods and months; prices that rise in a
sector; seasons; new codes of HS 2022, taken over late by some offices; purchases ahead of the ban;
flows that are born and die.

What the offices do: four hubs publish nothing, one leaves the target out from the ban on, two stop
early, the target stops a month before the ban. Books of purchases (`M`) lie beside those of sales
(`X`).

In every third world (seed divisible by 3) nothing is diverted. A route is a hub and a good, its
amount what reached the target since the ban at the origins' price; the hub is the last on the
papers, the good the one in the origins' books, under its code of 2017.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from bilat.goods.baskets import splices, successors
from worlds.fifth import World

TARGET = "RUS"
SINCE = "2022-03"
ORIGINS = ("DEU", "ITA", "FRA", "POL", "NLD", "JPN", "KOR", "USA")
MAKERS = ("CHN", "IND")
MARKETS = {"BRA": 1.0, "MEX": 1.8, "ZAF": 0.5, "SAU": 0.6, "CHL": 0.3, "IDN": 0.8}
#: Size of each hub's market; the target's is 1.
HUBS = {
    "ARE": 0.7,
    "ARM": 0.02,
    "AZE": 0.04,
    "EGY": 0.3,
    "GEO": 0.03,
    "HKG": 0.7,
    "ISR": 0.4,
    "KAZ": 0.12,
    "KGZ": 0.015,
    "MDA": 0.025,
    "MNG": 0.015,
    "SRB": 0.1,
    "THA": 0.6,
    "TJK": 0.008,
    "TUR": 0.8,
    "UZB": 0.06,
}
#: States of one customs union with the target: no border post counts what they sell to it.
UNION = ("ARM", "KAZ", "KGZ")
#: Their goods cross the target, or may be said to.
ACROSS = ("ARM", "AZE", "KAZ", "KGZ", "MNG", "TJK", "UZB")
ENTREPOTS = ("ARE", "HKG", "TUR")
MONTHS = tuple(f"{y}-{m:02d}" for y in range(2018, 2025) for m in range(1, 13))[:78]
LENGTH = len(MONTHS)
BREAK = MONTHS.index(SINCE)
HS_2022 = MONTHS.index("2022-01")
TIME = np.arange(LENGTH)
Key = tuple[str, str, str, int]  #: whose book, the other state, `X` or `M`, the good


@dataclass(frozen=True)
class Settings:
    """The choices, all in one place. A pair of numbers is a range, drawn evenly unless said."""

    goods: int = 90
    banned: float = 0.6  #: share of goods that are banned
    bans: tuple[int, ...] = (0, 0, 1, 4, 9, 11, 15)  #: months after the first ban
    residue: tuple[float, float] = (0.0, 0.25)  #: of a banned good's direct sales, what goes on
    shy: tuple[float, float] = (0.45, 1.0)  #: direct sales of goods that are not banned, after it
    diverted: tuple[float, float] = (0.04, 0.22)  #: of the world's loss; drawn evenly in logarithms
    uneven: float = 0.9  #: of that share between goods, standard deviation in logarithms
    untouched: float = 0.35  #: banned goods that nobody diverts
    lag: tuple[int, int] = (1, 10)  #: months from a good's ban to the middle of its rise
    taste: tuple[float, float] = (1.3, 1.0)  #: of hubs for sectors and for goods
    least: float = 0.10  #: a hub with a smaller share of a good's gap takes none
    pressed: tuple[str, ...] = ("2022-10", "2023-04", "2023-10")
    pressure: float = 1.8
    ghosts: tuple[float, float] = (0.35, 0.05)  #: chance of a ghost: hubs across the target, others
    chains: float = 0.12
    kept: tuple[float, float] = (0.0, 0.4)  #: bought for the hub itself on the same occasion
    booked: tuple[float, float] = (0.5, 1.0)  #: part of a sale to the target that its seller books
    booked_union: tuple[float, float] = (0.15, 0.9)
    dearer: tuple[float, float] = (1.05, 1.6)
    neighbour: float = 0.12
    booms: int = 3
    boom: tuple[float, float] = (1.4, 2.4)
    direct: float = 0.15  #: goods of a hub that had come from the target's warehouses
    projects: int = 8
    prices: int = 2  #: sectors whose prices rise
    price: tuple[float, float] = (1.3, 2.0)
    filled: tuple[float, float] = (0.1, 0.7)  #: of a gap, by the makers' own goods in the end
    own_make: float = 0.3  #: goods that the maker among the hubs makes
    silent: int = 4
    late_codes: float = 0.25  #: offices that take over HS 2022 a year late


@dataclass(frozen=True)
class Good:
    """A good: its ``code`` of 2017, the codes ``later`` with their shares, and what it is like."""

    code: str
    later: tuple[tuple[str, float], ...]
    sector: int
    worth: float
    parcel: float  #: USD of a usual consignment
    rhythm: np.ndarray  #: season and price, month by month
    ban: int | None


@dataclass
class Ledger:
    """Usual trade (``mean``, USD a month), consignments ``planted``, and the true ``routes``."""

    mean: dict[Key, np.ndarray] = field(default_factory=dict)
    planted: dict[Key, np.ndarray] = field(default_factory=dict)
    renamed: dict[tuple[str, str, int], np.ndarray] = field(default_factory=dict)
    routes: dict[tuple[str, str], float] = field(default_factory=dict)

    def add(self, key: Key, amount: np.ndarray) -> None:
        """Add consignments that happened to a book."""
        self.planted[key] = self.planted.get(key, np.zeros(LENGTH)) + amount


def simulate(seed: int, settings: Settings | None = None) -> World:
    """One world; the same seed makes the same bytes."""
    made = _Maker(np.random.default_rng([seed, 12]), settings or Settings(), seed % 3 != 0)
    return made.world()


class _Maker:
    """Draws one world."""

    def __init__(self, rng: np.random.Generator, settings: Settings, diverts: bool) -> None:
        self.rng, self.settings, self.diverts = rng, settings, diverts
        self.ledger = Ledger()
        self.goods = self._goods()
        self.maker = str(rng.choice([h for h in HUBS if HUBS[h] > 0.09]))
        self.makes = rng.random(settings.goods) < settings.own_make
        self.sizes = {TARGET: 1.0} | HUBS | MARKETS
        self.paths = self._paths()
        self.lost: dict[int, np.ndarray] = {}

    def world(self) -> World:
        """Draw trade, gaps, what fills them, and what the offices publish."""
        for k in range(len(self.goods)):
            self._usual_trade(k)
            self._ban(k)
            self._makers_fill(k)
        self._direct_purchases()
        self._projects()
        if self.diverts:
            self._divert()
        return self._publish()

    # what there is

    def _goods(self) -> list[Good]:
        rng, s = self.rng, self.settings
        taken = set(successors()) | set(splices())
        changed = rng.permutation(sorted(c for c in successors() if c[:2] in ("84", "85", "90")))
        headings = rng.permutation(
            [f"{c}{h:02d}" for c in (28, 73, 84, 85, 87, 90) for h in range(1, 49)]
        )[:44]
        dear = rng.choice(9, s.prices, replace=False)
        rise = rng.uniform(*s.price, 9)
        out = []
        for k in range(s.goods):
            code = str(changed[k]) if k < 6 and k < len(changed) else ""
            while not code or (code in taken and k >= 6):
                code = str(rng.choice(headings)) + f"{int(rng.integers(10, 90)):02d}"
            taken.add(code)
            many = successors().get(code, ())
            shares = rng.dirichlet(np.full(len(many), 2.0)).tolist() if many else []
            sector = int(rng.integers(9))
            season = 0.7 if rng.random() < 0.25 else 0.1
            rhythm = np.exp(season * np.cos(2 * np.pi * (TIME / 12 - rng.random())))
            if sector in dear:
                away = np.clip(np.minimum(TIME - BREAK + 9, BREAK + 14 - TIME) / 5, 0, 1)
                rhythm = rhythm * rise[sector] ** away
            rhythm = rhythm * np.exp(np.cumsum(rng.normal(0, 0.02, LENGTH)))
            parcel = float(rng.lognormal(9.6, 0.9)) * (15 if rng.random() < 0.2 else 1)
            ban = BREAK + int(rng.choice(s.bans)) if rng.random() < s.banned else None
            out.append(
                Good(
                    code,
                    tuple(zip(many, shares, strict=True)),
                    sector,
                    float(rng.lognormal(0, 1.3)),
                    parcel,
                    rhythm,
                    ban,
                )
            )
        return out

    def _paths(self) -> dict[str, np.ndarray]:
        """Demand of each buyer, all goods: drift, the slump of 2020, booms of whole hubs."""
        rng, s = self.rng, self.settings
        slump = 1 - 0.3 * ((TIME >= 27) & (TIME < 31))
        paths = {b: slump * np.exp(np.cumsum(rng.normal(0.003, 0.018, LENGTH))) for b in self.sizes}
        for h in rng.choice(list(HUBS), s.booms, replace=False).tolist():
            start = BREAK + int(rng.integers(-8, 9))
            ramp = np.clip((TIME - start) / rng.uniform(3, 12), 0, 1)
            paths[h] = paths[h] * rng.uniform(*s.boom) ** ramp
        after = np.clip((TIME - BREAK) / 24, 0, 1)
        paths[TARGET] = paths[TARGET] * np.where(TIME >= BREAK, 0.75 + 0.3 * after, 1.0)
        return paths

    def _usual_trade(self, k: int) -> None:
        """Sales of origins, makers and hubs to everybody."""
        rng, good = self.rng, self.goods[k]
        seller = rng.dirichlet(np.full(len(ORIGINS), 0.7))
        sellers = [(a, float(x)) for a, x in zip(ORIGINS, seller, strict=True) if x > 0.01]
        sellers += [(a, float(rng.gamma(0.8, 0.5))) for a in MAKERS]
        for b, size in self.sizes.items():
            taste = float(rng.lognormal(0, 0.8))
            for a, part in sellers:
                self._flow(a, b, k, 1.2e6 * part * size * taste * good.worth)
        for h, size in HUBS.items():
            if rng.random() < (0.55 if h in UNION else 0.25):
                much = 1.2e6 * good.worth * size * float(rng.lognormal(-3.2, 1.2))
                self._flow(h, TARGET, k, much)
            for b in rng.choice(list(MARKETS), 2, replace=False).tolist():
                if rng.random() < 0.3:
                    self._flow(h, b, k, 1.2e6 * good.worth * size * float(rng.lognormal(-3.5, 1.2)))
        if self.makes[k]:
            for b in (TARGET, *MARKETS):
                much = 0.15 * self.sizes[b] * float(rng.lognormal(0, 0.6))
                self._flow(self.maker, b, k, 1.2e6 * good.worth * much)

    def _flow(self, a: str, b: str, k: int, level: float) -> None:
        """Add one flow with a life of its own: drift, and birth or death for one in eight."""
        if a == b or level < 60:
            return
        rng = self.rng
        own = np.exp(np.cumsum(rng.normal(0, 0.05, LENGTH)))
        fate = rng.random()
        if fate < 0.06:
            own = own * (int(rng.integers(LENGTH)) <= TIME)
        elif fate < 0.12:
            own = own * (int(rng.integers(LENGTH)) > TIME)
        key = (a, b, "X", k)
        more = level * own * self.goods[k].rhythm * self.paths[b]
        self.ledger.mean[key] = self.ledger.mean.get(key, np.zeros(LENGTH)) + more

    # the ban and what is no evasion

    def _ban(self, k: int) -> None:
        """Cut the origins' direct sales; keep what was lost, month by month."""
        rng, s, ban = self.rng, self.settings, self.goods[k].ban
        lost = np.zeros(LENGTH)
        for a in ORIGINS:
            mean = self.ledger.mean.get((a, TARGET, "X", k))
            if mean is None:
                continue
            if ban is None:
                part = rng.uniform(*s.shy)
                mean *= np.where(TIME >= BREAK, part, 1.0)
                continue
            start = ban + (int(rng.integers(1, 9)) if a in ("JPN", "KOR") else 0)
            usual = float(mean[BREAK - 24 : BREAK].mean())
            ahead = (start - 3 <= TIME) & (start > TIME)
            mean *= np.where(start <= TIME, rng.uniform(*s.residue), np.where(ahead, 1.25, 1.0))
            lost += np.clip(usual - mean, 0, None) * (start <= TIME)
        self.lost[k] = lost

    def _makers_fill(self, k: int) -> None:
        """Makers sell their own goods into the gap; the maker among the hubs buys more parts."""
        rng, s, lost = self.rng, self.settings, self.lost[k]
        if not lost.any():
            return
        start = int(np.flatnonzero(lost)[0]) + int(rng.integers(0, 8))
        ramp = np.clip((TIME - start) / rng.uniform(4, 18), 0, 1)
        fill = rng.uniform(*s.filled) * ramp * lost
        makers = [*MAKERS, *([self.maker] if self.makes[k] else [])]
        parts = rng.dirichlet(np.full(len(makers), 0.8))
        for a, part in zip(makers, parts, strict=True):
            key = (a, TARGET, "X", k)
            self.ledger.mean[key] = self.ledger.mean.get(key, np.zeros(LENGTH)) + part * fill
            if a == self.maker and rng.random() < 0.6:
                seller = str(rng.choice(ORIGINS))
                buys = (seller, a, "X", k)
                more = rng.uniform(0.1, 0.4) * part * fill
                self.ledger.mean[buys] = self.ledger.mean.get(buys, np.zeros(LENGTH)) + more

    def _direct_purchases(self) -> None:
        """Hubs that had bought from the target's warehouses buy from the origins."""
        rng, s = self.rng, self.settings
        for h in (*ACROSS, "GEO", "MDA"):
            for k, good in enumerate(self.goods):
                if good.ban is None or rng.random() >= s.direct:
                    continue
                usual = 1.2e6 * good.worth * HUBS[h] * rng.uniform(0.2, 1.2)
                began = np.clip((TIME - good.ban - rng.integers(0, 3)) / 4, 0, 1)
                flow = usual * good.rhythm * self.paths[h]
                key, buys = (TARGET, h, "X", k), (str(rng.choice(ORIGINS)), h, "X", k)
                for who, amount in ((key, flow * (1 - began)), (buys, flow * began)):
                    old = self.ledger.mean.get(who, np.zeros(LENGTH))
                    self.ledger.mean[who] = old + amount

    def _projects(self) -> None:
        """Plants that are built: a few goods of one sector, at one hub, for some months."""
        rng = self.rng
        for _ in range(self.settings.projects):
            h, sector = str(rng.choice(list(HUBS))), int(rng.integers(9))
            start = int(rng.integers(18, LENGTH - 6))
            during = (start <= TIME) & (start + int(rng.integers(5, 15)) > TIME)
            for k in [k for k, g in enumerate(self.goods) if g.sector == sector]:
                if rng.random() < 0.5:
                    much = 1.2e6 * self.goods[k].worth * HUBS[h] * rng.uniform(0.5, 4)
                    key = (str(rng.choice((*ORIGINS, *MAKERS))), h, "X", k)
                    old = self.ledger.mean.get(key, np.zeros(LENGTH))
                    self.ledger.mean[key] = old + much * during

    # evasion

    def _divert(self) -> None:
        """Fill a part of each gap through the hubs that are cheapest in the month."""
        rng, s = self.rng, self.settings
        hubs = list(HUBS)
        level = float(np.exp(rng.uniform(*np.log(s.diverted))))
        liking = rng.normal(0, s.taste[0], (9, len(hubs)))
        liking += np.array([0.6 if h in (*ACROSS, *ENTREPOTS) else -0.6 for h in hubs])
        pressure = np.zeros((len(hubs), LENGTH))
        order = np.argsort(-liking.mean(axis=0))
        for month, place in zip(s.pressed, order.tolist(), strict=False):
            pressure[place] = s.pressure * np.clip((TIME - MONTHS.index(month)) / 3, 0, 1)
        for k, good in enumerate(self.goods):
            lost = self.lost[k]
            if not lost.any() or rng.random() < s.untouched:
                continue
            middle = int(np.flatnonzero(lost)[0]) + int(rng.integers(*s.lag))
            curve = 1 / (1 + np.exp(-(TIME - middle) / 1.5))
            share = min(level * float(rng.lognormal(0, s.uneven)) / (1 - s.untouched), 0.9)
            wanted = share * curve * lost * (lost > 0)
            score = liking[good.sector] + rng.normal(0, s.taste[1], len(hubs))
            cost = np.exp(1.5 * (score[:, None] - pressure))
            parts = cost / cost.sum(axis=0)
            parts = np.where(parts >= s.least, parts, 0.0)
            parts /= np.maximum(parts.sum(axis=0), 1e-9)
            for place in np.flatnonzero(parts.any(axis=1)).tolist():
                self._send(hubs[place], k, wanted * parts[place])

    def _send(self, h: str, k: int, wanted: np.ndarray) -> None:
        """Plant one route in the books, in the way that this hub and good go."""
        rng, s, good = self.rng, self.settings, self.goods[k]
        sent = _consignments(rng, wanted, good.parcel)
        if sent.sum() < 5e3:
            return
        sold = np.zeros(LENGTH)
        for t in np.flatnonzero(sent).tolist():
            later = t + int(rng.integers(0, 4))
            if later < LENGTH:
                sold[later] += sent[t]
        origin = self._origin(k)
        draw = rng.random()
        if draw < s.ghosts[0 if h in ACROSS else 1]:
            self.ledger.add((origin, h, "X", k), sent)
            self.ledger.routes[h, good.code] = float(sent.sum())
            return
        bought = sent * (1 + rng.uniform(*s.kept))
        if draw > 1 - s.chains and h not in ENTREPOTS:
            entrepot = str(rng.choice(ENTREPOTS))
            self.ledger.add((origin, entrepot, "X", k), bought)
            self.ledger.add((entrepot, h, "X", k), bought * 1.1)
            named = origin if rng.random() < 0.5 else entrepot
            self.ledger.add((h, named, "M", k), bought * 1.12)
        else:
            self.ledger.add((origin, h, "X", k), bought)
            self.ledger.add((h, origin, "M", k), bought * 1.05)
        books = s.booked_union if h in UNION else s.booked
        sale = sold * rng.uniform(*s.dearer) * rng.uniform(*books)
        if rng.random() < s.neighbour:
            self.ledger.renamed[h, f"{good.code[:4]}90", k] = sale
        else:
            self.ledger.add((h, TARGET, "X", k), sale)
        if sold.sum() >= 5e3:
            self.ledger.routes[h, good.code] = float(sold.sum())

    def _origin(self, k: int) -> str:
        """Draw an origin, those that lost most most often."""
        lost = {
            a: float(m[:BREAK].sum())
            for a in ORIGINS
            if (m := self.ledger.mean.get((a, TARGET, "X", k))) is not None
        }
        weights = np.array(list(lost.values()))
        return str(self.rng.choice(list(lost), p=weights / weights.sum()))

    # what is published

    def _publish(self) -> World:
        rng, s = self.rng, self.settings
        hubs = list(HUBS)
        drawn = rng.permutation(hubs).tolist()
        silent = frozenset(drawn[: s.silent])
        left_out, *early = drawn[s.silent : s.silent + 3]
        until = {h: LENGTH - int(rng.integers(4, 13)) for h in early} | {TARGET: BREAK - 1}
        books = self._books()
        late = {a for a in sorted({key[0] for key in books}) if rng.random() < s.late_codes}
        rows: list[tuple[str, str, str, str, np.ndarray]] = []
        for (a, b, flow, k), values in sorted(books.items()):
            if a in silent:
                continue
            seen = values * (until.get(a, LENGTH) > TIME)
            if a == left_out and b == TARGET:
                seen = seen * (TIME < BREAK)
            rows += [(a, b, flow, code, v) for code, v in self._coded(k, seen, a in late)]
        for (h, code, _), values in sorted(self.ledger.renamed.items()):
            if h not in silent and h != left_out:
                rows.append((h, TARGET, "X", code, values * (until.get(h, LENGTH) > TIME)))
        return World(_table(rows), dict(sorted(self.ledger.routes.items())), silent | {left_out})

    def _books(self) -> dict[Key, np.ndarray]:
        """Sales as they happened, and the buyers' books of them."""
        rng = self.rng
        books: dict[Key, np.ndarray] = {}
        for (a, b, _, k), mean in sorted(self.ledger.mean.items()):
            happened = _consignments(rng, mean, self.goods[k].parcel)
            books[a, b, "X", k] = happened
            if b in HUBS or b == TARGET:
                part = rng.uniform(0, 0.4)
                arrived = (1 - part) * happened + part * np.roll(happened, 1) * (TIME > 0)
                books[b, a, "M", k] = arrived * rng.uniform(1.02, 1.12)
        for key, more in sorted(self.ledger.planted.items()):
            books[key] = books.get(key, np.zeros(LENGTH)) + more
        return books

    def _coded(self, k: int, values: np.ndarray, late: bool) -> list[tuple[str, np.ndarray]]:
        good = self.goods[k]
        if not good.later:
            return [(good.code, values)]
        new = HS_2022 + (12 if late else 0) <= TIME
        return [(good.code, values * ~new), *((c, x * values * new) for c, x in good.later)]


def _consignments(rng: np.random.Generator, mean: np.ndarray, parcel: float) -> np.ndarray:
    """Return what came in each month: a number of consignments, each of an uneven size."""
    count = rng.poisson(np.maximum(mean, 0) / parcel)
    return np.where(count > 0, rng.gamma(np.maximum(count, 1) * 1.2, parcel / 1.2), 0.0)


def _table(rows: list[tuple[str, str, str, str, np.ndarray]]) -> pa.Table:
    """Return the books as a table; an office drops what is below 500 USD a month.

    Goods that are booked under one code, the usual or a neighbour's, share a row: their sum.
    """
    booked: dict[tuple[str, str, str, str], np.ndarray] = {}
    for a, b, flow, code, values in rows:
        earlier = booked.get((a, b, flow, code), np.zeros(LENGTH))
        booked[a, b, flow, code] = earlier + values
    parts = []
    for (a, b, flow, code), values in booked.items():
        at = np.flatnonzero(values >= 500)
        if len(at):
            parts.append((a, b, flow, code, at, np.round(values[at])))
    lengths = [len(p[4]) for p in parts]

    def column(place: int) -> np.ndarray:
        return np.repeat([p[place] for p in parts], lengths)

    return pa.table(
        {
            "reporter": column(0),
            "partner": column(1),
            "product": column(3),
            "period": np.array(MONTHS)[np.concatenate([p[4] for p in parts])],
            "flow": column(2),
            "value": np.concatenate([p[5] for p in parts]),
        }
    )
