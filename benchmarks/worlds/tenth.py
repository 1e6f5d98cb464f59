# SPDX-License-Identifier: Apache-2.0
"""A tenth family: a target in want, forwarders that bid to supply it, offices that write it down.

Written without sight of the estimator, its tests or its pages, by one who has run none of them:
every figure below is a choice, made from what is known of such trade. Where other families plant an
amount at a pair of hub and good, here it is the outcome of a market. Nothing of
:mod:`bilat.diversion` is used here.

Trade is contracts with a rhythm that begin and end, and single orders for projects. Goods are
banned in three waves with a time to wind down, one origin joins late, and brands leave of their
own will. What the target lacks is partly given up, partly bought from third makers; for the rest
forwarders in the hubs bid, month by month, in a few headings each. Some forwarders are put on a
list and their successors open elsewhere; two hubs begin to check the goods of the highest
priority, and the trade moves. Some goods leave the lorry on the way, so that the hub that the
papers name never sees them. A few small routes hide behind a hub's own trade.

What is no diversion: the growth, slump of 2020, currency, holidays and boom of a hub; a plant
under construction; stores filled after the shortage of 2021; a hub that was supplied from the
target's warehouses and now buys directly; a hub that distributes to other states; goods of third
makers and of the hub itself that go to the target; and what hubs re-sold before the break and go
on to re-sell.

What the records do to it: codes split, merge and change their number in January 2022, at some hubs
a year or two later; sales within a customs union are booked in part, one member of it publishes
nothing; others publish by quarter, late, no re-exports, or no longer; origins name a port where
the goods go on to its neighbour; cells are confidential or too small; the last months are
incomplete. The hub of a route is the last state that its papers name before the target, its good
the code of 2022, its amount what reached the target, at the origin's price.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from worlds.fifth import World

ORIGINS = ("DEU", "ITA", "POL", "USA", "JPN", "KOR")
TARGET = "RUS"
SINCE = "2022-03"
#: Size of a hub's own demand; an ordinary market has 1, the target 12.
UNION = {"BLR": 1.0, "KAZ": 1.0, "KGZ": 0.12, "ARM": 0.15}
NEAR = {"GEO": 0.3, "UZB": 0.6, "AZE": 0.4, "MNG": 0.15}
ENTREPOTS = {"TUR": 5.0, "ARE": 3.0, "HKG": 3.0}
FAR = {"SRB": 0.6, "MAR": 1.0, "THA": 3.0}
MARKETS = ("BRA", "MEX", "ZAF", "IDN", "CHL", "EGY", "PER", "COL", "NZL", "JOR", "KEN", "PAN")
THIRD = ("CHN", "IND", "VNM")
#: How a heading is bought: in steady small lots, as machines for projects, or for shops.
HEADINGS = {
    "8413": "machine",
    "8421": "machine",
    "8459": "machine",
    "8471": "shop",
    "8481": "part",
    "8482": "part",
    "8504": "part",
    "8517": "shop",
    "8532": "part",
    "8536": "part",
    "8542": "part",
    "8708": "shop",
    "9027": "machine",
}
RHYTHMS = {"part": (1, 1, 2, 3), "machine": (2, 3, 6), "shop": (1, 1, 2)}
MONTHS = tuple(f"{y}-{m:02d}" for y in range(2019, 2025) for m in range(1, 13))
LENGTH = len(MONTHS)
BREAK = MONTHS.index(SINCE)
REVISION = MONTHS.index("2022-01")
TIME = np.arange(LENGTH)
SMALLEST = 1_000.0

Trade = dict[tuple[str, str, int], np.ndarray]


@dataclass(frozen=True)
class Good:
    """A kind of goods: its code before and after the revision, and what becomes of its direct sale.

    ``left`` is the part of the direct sale that remains by month; ``want`` the part of what is lost
    that the target still looks for through others' hands.
    """

    old: str
    new: str
    kind: str
    level: float
    price: np.ndarray
    left: np.ndarray
    want: np.ndarray
    banned: bool
    priority: bool

    @property
    def heading(self) -> str:
        return self.old[:4]


@dataclass(frozen=True)
class Forwarder:
    """A firm in a hub that buys goods of its headings for the target, from ``start`` to ``end``."""

    hub: str
    headings: tuple[str, ...]
    strength: float
    start: int
    end: int
    by_paper: bool


@dataclass(frozen=True)
class Offices:
    """How each statistical office publishes."""

    silent: frozenset[str]
    quarterly: frozenset[str]
    late: dict[str, int]
    without_resales: frozenset[str]
    last: dict[str, int]
    switch: dict[str, int]
    coverage: dict[str, float]
    port: str
    inland: str
    through_port: float


@dataclass(frozen=True)
class Books:
    """What is traded: ``own`` goods and those ``resold``, by seller, buyer and number of the good.

    ``routes`` is the truth: USD that reached the target, by hub and code.
    """

    own: Trade
    resold: Trade
    routes: dict[tuple[str, str], float]


def simulate(seed: int, *, goods: int = 52, forwarders: int = 16, hidden: int = 6) -> World:
    """One world; with no ``forwarders`` and none ``hidden`` it is one without diversion."""
    rng = np.random.default_rng([seed, 10])
    hubs = _hubs(rng)
    things = _goods(rng, goods)
    sizes = {h: s * float(rng.lognormal(0, 0.3)) for h, s in hubs.items()}
    sizes |= {market: float(rng.lognormal(0, 0.8)) for market in MARKETS} | {TARGET: 12.0}
    carriers = _forwarders(rng, hubs, forwarders)
    carriers += _successors(rng, hubs, carriers)
    demand = {state: size * _economy(rng) for state, size in sizes.items()}
    busy = {carrier.hub for carrier in carriers}
    quiet = [hub for hub in hubs if hub not in busy]
    for hub in rng.permutation(quiet)[:2].tolist():
        demand[hub] = demand[hub] * (1 + rng.uniform(0.4, 1.3) * _ramp(rng, 9))
    own, lost = _direct(rng, things, demand)
    books = Books(own, defaultdict(lambda: np.zeros(LENGTH)), defaultdict(float))
    _old_resales(rng, things, list(hubs), books)
    _no_diversion(rng, things, sizes, list(hubs), books)
    checks = _checks(rng, sorted(busy))
    for number, thing in enumerate(things):
        bids = [_bid(thing, carrier, checks) for carrier in carriers]
        _carry(rng, number, thing, list(zip(carriers, bids, strict=True)), lost[number], books)
    _hide(rng, things, sizes, list(hubs), hidden, books)
    offices = _offices(rng, list(hubs))
    flows = _publish(rng, things, books, offices)
    return World(flows, dict(sorted(books.routes.items())), offices.silent)


def _hubs(rng: np.random.Generator) -> dict[str, float]:
    """Eight to fourteen hubs: the union, and some of each other kind."""
    hubs = dict(UNION)
    for group, fewest in ((NEAR, 2), (ENTREPOTS, 1), (FAR, 1)):
        number = int(rng.integers(fewest, len(group) + 1))
        chosen = rng.choice(sorted(group), size=number, replace=False).tolist()
        hubs |= {hub: group[hub] for hub in chosen}
    return hubs


def _goods(rng: np.random.Generator, number: int) -> list[Good]:
    """Goods by heading; one in ten changes its code, by number, in a merger or in a split."""
    headings = list(HEADINGS)
    old = [f"{headings[n % 13]}{10 * (1 + n // 13):02d}" for n in range(number)]
    new = list(old)
    changed = rng.choice(number, size=max(3, number // 10), replace=False).tolist()
    for position, n in enumerate(changed):
        neighbour = (n + 13) % number
        if position % 3 == 0:
            new[n] = old[n][:5] + "5"
        elif position % 3 == 1:
            new[n] = new[neighbour]
        else:
            old[n] = old[neighbour]
    return [_good(rng, before, after) for before, after in zip(old, new, strict=True)]


def _good(rng: np.random.Generator, old: str, new: str) -> Good:
    kind = HEADINGS[old[:4]]
    wave = {"part": 0.4, "machine": 0.15, "shop": 0.1}[kind] * rng.uniform(0.6, 1.2)
    price = 1 + wave * np.exp(-0.5 * ((TIME - BREAK - 3) / 9) ** 2)
    price = price * np.exp(np.cumsum(rng.normal(0.001, 0.02, LENGTH)))
    fate = rng.choice(
        ["March", "July", "next year", "exit", "free"], p=[0.36, 0.12, 0.1, 0.14, 0.28]
    )
    left = np.ones(LENGTH)
    if fate == "exit":
        left = 1 - rng.uniform(0.5, 0.9) * _ramp(rng, 6)
    elif fate != "free":
        start = BREAK + {"March": 0, "July": 4, "next year": 12}[fate]
        wind_down = int(rng.integers(1, 4))
        gone = np.clip((TIME - start + 1) / wind_down, 0, 1)
        left = 1 - rng.uniform(0.88, 1.0) * gone
    banned = fate not in {"exit", "free"}
    given_up = rng.uniform(0.15, 0.4)
    replaced = rng.uniform(0.1, 0.5) * np.clip((TIME - BREAK) / 18, 0, 1)
    return Good(
        old=old,
        new=new,
        kind=kind,
        level=float(rng.lognormal(np.log(8e4), 1.1)),
        price=price,
        left=left,
        want=1 - given_up - replaced,
        banned=banned,
        priority=banned and bool(rng.random() < 0.45),
    )


def _between(start: int, end: int) -> np.ndarray:
    return (start <= TIME) & (end > TIME)


def _ramp(rng: np.random.Generator, months: int, start: int = BREAK) -> np.ndarray:
    """From 0 to 1 in about so many months, from some month near ``start`` on."""
    begin = start + int(rng.integers(-2, 5))
    length = months * float(rng.uniform(0.6, 1.6))
    return np.clip((TIME - begin) / length, 0, 1)


def _economy(rng: np.random.Generator) -> np.ndarray:
    """Growth, the slump of 2020, the currency, and the holidays of one state."""
    yearly = rng.normal(0.03, 0.06, LENGTH // 12)
    level = np.exp(np.cumsum(np.repeat(yearly / 12, 12)))
    slump = 1 - rng.uniform(0.1, 0.45) * np.exp(-0.5 * ((TIME - 16) / 2.5) ** 2)
    currency = np.exp(np.cumsum(rng.normal(0, 0.015, LENGTH)))
    if rng.random() < 0.3:
        fall = int(rng.integers(6, LENGTH - 6))
        currency[fall:] *= rng.uniform(0.65, 0.9)
    season = np.tile(np.exp(rng.normal(0, 0.07, 12)), LENGTH // 12)
    season[0::12] *= rng.uniform(0.7, 0.95)
    if rng.random() < 0.6:
        feast = int(rng.integers(12))
        months = [12 * year + (feast - year // 3) % 12 for year in range(LENGTH // 12)]
        season[months] *= rng.uniform(0.75, 0.95)
    return level * slump * currency * season


def _contracts(rng: np.random.Generator, mean: np.ndarray, kind: str) -> np.ndarray:
    """Contracts that begin, end and deliver in their rhythm, so many that they come to ``mean``."""
    life = 40.0
    early = 160
    monthly = float(mean.mean())
    active = 1 + rng.poisson(np.log1p(monthly / 2e4) * 2)
    number = rng.poisson(active * (early + LENGTH) / life)
    flow = np.zeros(LENGTH)
    for _ in range(number):
        start = int(rng.integers(-early, LENGTH))
        end = start + 1 + int(rng.exponential(life))
        rhythm = int(rng.choice(RHYTHMS[kind]))
        months = TIME[_between(start, end) & (TIME % rhythm == start % rhythm)]
        part = rng.lognormal(-0.245, 0.7) / active
        flow[months] += part * rhythm * mean[months] * rng.lognormal(-0.06, 0.35, len(months))
    if kind == "machine":
        orders = TIME[rng.random(LENGTH) < 0.02]
        flow[orders] += mean[orders] * rng.uniform(4, 20, len(orders))
    return flow


def _direct(
    rng: np.random.Generator, things: list[Good], demand: dict[str, np.ndarray]
) -> tuple[Trade, list[dict[str, np.ndarray]]]:
    """Trade of all sellers with all buyers, and by good and origin what the target lost."""
    own: Trade = defaultdict(lambda: np.zeros(LENGTH))
    lost: list[dict[str, np.ndarray]] = []
    swing = {seller: _rate(rng) for seller in (*ORIGINS, *THIRD)}
    strength = {seller: float(rng.lognormal(-1.2, 0.4)) for seller in swing}
    joins_late = ORIGINS[int(rng.integers(3, len(ORIGINS)))]
    delay = int(rng.integers(4, 13))
    short = np.where((TIME >= 24) & (TIME < BREAK + 4), 0.78, 1.0)
    short = short + 0.25 * np.exp(-0.5 * ((TIME - BREAK - 10) / 4) ** 2)
    for number, thing in enumerate(things):
        taken: dict[str, np.ndarray] = {}
        for seller in swing:
            part = strength[seller] * float(rng.lognormal(0, 0.7))
            for buyer, path in demand.items():
                if buyer != TARGET and rng.random() < 0.25:
                    continue
                mean = thing.level * part * float(rng.lognormal(0, 0.5)) * path
                mean = mean * thing.price * swing[seller]
                if thing.kind == "part" and buyer != TARGET:
                    mean = mean * short
                flow = _contracts(rng, mean, thing.kind)
                if buyer == TARGET and seller in ORIGINS:
                    late = delay if seller == joins_late and thing.banned else 0
                    left = np.concatenate([np.ones(late), thing.left[: LENGTH - late]])
                    flow = flow * left
                    flow[BREAK - 2 : BREAK] *= 1.25 if thing.banned else 1.0
                    taken[seller] = mean[:BREAK].mean() * (1 - left)
                elif buyer == TARGET:
                    flow = flow * (1 + rng.uniform(0.2, 1.2) * (1 - thing.left) * _ramp(rng, 15))
                own[seller, buyer, number] = flow
        lost.append(taken)
    return own, lost


def _rate(rng: np.random.Generator) -> np.ndarray:
    """What a seller's exchange rate does to its prices in USD."""
    return np.exp(0.6 * np.cumsum(rng.normal(-0.001, 0.022, LENGTH)))


def _forwarders(rng: np.random.Generator, hubs: dict[str, float], number: int) -> list[Forwarder]:
    """Firms that open after the break, rather in some hubs; two hubs at least have none."""
    pull: dict[str, float] = {}
    for hub in hubs:
        base = 4.0 if hub in UNION else 3.0 if hub in ENTREPOTS else 2.0 if hub in NEAR else 0.6
        pull[hub] = base * float(rng.lognormal(0, 0.9))
    weakest = sorted(pull, key=pull.__getitem__)[:2]
    chance = np.array([0.0 if hub in weakest else pull[hub] for hub in hubs])
    firms: list[Forwarder] = []
    for _ in range(number):
        hub = str(rng.choice(list(hubs), p=chance / chance.sum()))
        headings = rng.choice(list(HEADINGS), size=int(rng.integers(1, 5)), replace=False)
        start = BREAK + 1 + int(rng.gamma(1.5, 3.0))
        listed = rng.random() < 0.3
        end = int(rng.integers(BREAK + 9, LENGTH - 3)) if listed else LENGTH
        by_paper = rng.random() < (0.3 if hub in UNION or hub in NEAR else 0.05)
        firms.append(
            Forwarder(
                hub=hub,
                headings=tuple(sorted(headings.tolist())),
                strength=float(rng.lognormal(-0.5, 0.8)),
                start=start,
                end=max(end, start + 3),
                by_paper=bool(by_paper),
            )
        )
    return firms


def _successors(
    rng: np.random.Generator, hubs: dict[str, float], firms: list[Forwarder]
) -> list[Forwarder]:
    """Firms that take up, mostly in another hub that is in the trade, what a listed one did."""
    busy = sorted({firm.hub for firm in firms if firm.hub in hubs})
    heirs: list[Forwarder] = []
    for firm in firms:
        start = firm.end + int(rng.integers(1, 5))
        others = [hub for hub in busy if hub != firm.hub] or busy
        hub = firm.hub if rng.random() < 0.3 else str(rng.choice(others))
        if start < LENGTH - 3 and rng.random() < 0.7:
            heirs.append(replace(firm, hub=hub, start=start, end=LENGTH))
    return heirs


def _checks(rng: np.random.Generator, busy: list[str]) -> dict[str, int]:
    """Two hubs of the trade, and the month from which they stop goods of priority."""
    number = min(2, len(busy))
    chosen = rng.choice(busy, size=number, replace=False).tolist() if busy else []
    return {hub: int(rng.integers(BREAK + 10, BREAK + 25)) for hub in chosen}


def _bid(thing: Good, firm: Forwarder, checks: dict[str, int]) -> np.ndarray:
    """How strongly a firm asks for a good, by month."""
    if thing.heading not in firm.headings:
        return np.zeros(LENGTH)
    strength = firm.strength * np.clip((TIME - firm.start + 1) / 4, 0, 1)
    strength = strength * _between(firm.start, firm.end)
    if thing.priority and firm.hub in checks:
        strength[checks[firm.hub] :] *= 0.08
    return strength


def _carry(
    rng: np.random.Generator,
    number: int,
    thing: Good,
    bids: list[tuple[Forwarder, np.ndarray]],
    lost: dict[str, np.ndarray],
    books: Books,
) -> None:
    """Share what the target still wants of a good among firms that bid; a rest nobody brings."""
    total = 2.0 + sum((bid for _, bid in bids), np.zeros(LENGTH))
    together = sum(lost.values(), np.zeros(LENGTH))
    wanted = together * np.maximum(thing.want, 0.05) * thing.price / thing.price[:BREAK].mean()
    for firm, bid in bids:
        if not bid.any() or not together.any() or rng.random() < 0.3:
            continue
        liking = {seller: path.sum() * rng.lognormal(0, 1) for seller, path in lost.items()}
        chosen = sorted(liking, key=liking.__getitem__)[-2:]
        weights = np.array([liking[seller] for seller in chosen])
        bought = _lots(rng, wanted * bid / total, thing.kind)
        for seller, part in zip(chosen, weights / weights.sum(), strict=True):
            books.own[seller, firm.hub, number] += part * bought
        reached = bought
        if not firm.by_paper:
            reached = _sell(rng, bought * (1 - rng.uniform(0, 0.25)))
            books.resold[firm.hub, TARGET, number] += reached * rng.uniform(1.08, 1.5)
        if reached.any():
            books.routes[firm.hub, thing.new] += float(reached.sum())


def _lots(rng: np.random.Generator, path: np.ndarray, kind: str) -> np.ndarray:
    """Whole lots of uneven size every few months in place of an even stream."""
    rhythm = int(rng.choice(RHYTHMS[kind]))
    phase = int(rng.integers(rhythm))
    lots = np.zeros(LENGTH)
    for month in range(phase, LENGTH, rhythm):
        lots[month] = path[max(0, month - rhythm + 1) : month + 1].sum()
    return lots * rng.lognormal(-0.08, 0.4, LENGTH)


def _sell(rng: np.random.Generator, bought: np.ndarray) -> np.ndarray:
    """What reaches the target of purchases that are invoiced anew one to three months later."""
    delays = np.concatenate([[0.0], rng.dirichlet([1.5, 1.5, 0.8])])
    return np.convolve(bought, delays)[:LENGTH]


def _hide(
    rng: np.random.Generator,
    things: list[Good],
    sizes: dict[str, float],
    hubs: list[str],
    number: int,
    books: Books,
) -> None:
    """Small routes of one good each, rather at hubs with a large trade of their own."""
    gone = [n for n, thing in enumerate(things) if thing.left[-1] < 0.6]
    chance = np.array([sizes[hub] for hub in hubs]) ** 0.5
    for _ in range(number):
        hub = str(rng.choice(hubs, p=chance / chance.sum()))
        good = int(rng.choice(gone))
        start = BREAK + 2 + int(rng.integers(0, 18))
        path = rng.uniform(1e4, 5e4) * _between(start, LENGTH)
        bought = _lots(rng, path, things[good].kind)
        reached = _sell(rng, bought * 0.95)
        books.own[ORIGINS[int(rng.integers(len(ORIGINS)))], hub, good] += bought
        books.resold[hub, TARGET, good] += reached * 1.15
        books.routes[hub, things[good].new] += float(reached.sum())


def _old_resales(
    rng: np.random.Generator, things: list[Good], hubs: list[str], books: Books
) -> None:
    """Hubs that pass on a part of what they buy all along; at some, banks stop most of it."""
    for hub in hubs:
        habit = 0.6 if hub in ENTREPOTS else 0.3
        careful = rng.random() < 0.6
        for number, thing in enumerate(things):
            for buyer in (TARGET, *rng.choice(MARKETS, size=3, replace=False).tolist()):
                if rng.random() >= habit:
                    continue
                bought = sum((books.own[s, hub, number] for s in ORIGINS), np.zeros(LENGTH))
                even = np.convolve(bought, np.full(12, 1 / 12))[:LENGTH]
                flow = even * rng.uniform(0.02, 0.12) * rng.lognormal(-0.18, 0.6, LENGTH)
                if buyer == TARGET and careful and thing.banned:
                    flow = flow * (1 - 0.6 * _ramp(rng, 6))
                books.resold[hub, buyer, number] += flow


def _no_diversion(
    rng: np.random.Generator,
    things: list[Good],
    sizes: dict[str, float],
    hubs: list[str],
    books: Books,
) -> None:
    """What looks like a route on one leg or on both, and is none."""
    gone = [n for n, thing in enumerate(things) if thing.left[-1] < 0.6]
    for _ in range(6):
        _build(rng, things, str(rng.choice(hubs)), books.own)
    neighbours = [hub for hub in hubs if hub in UNION or hub in NEAR]
    for _ in range(14):
        hub = str(rng.choice(neighbours))
        good = int(rng.choice(gone))
        seller = ORIGINS[int(rng.integers(len(ORIGINS)))]
        usual = things[good].level * (0.3 + sizes[hub]) * rng.uniform(0.3, 1.2)
        away = _ramp(rng, 5)
        supply = usual * _economy(rng)
        books.own[TARGET, hub, good] += _lots(rng, supply * (1 - away), things[good].kind)
        books.own[seller, hub, good] += _lots(rng, 0.9 * supply * away, things[good].kind)
    for _ in range(6):
        hub = str(rng.choice(hubs))
        good = int(rng.integers(len(things)))
        seller = ORIGINS[int(rng.integers(len(ORIGINS)))]
        market = str(rng.choice(MARKETS))
        turned = rng.uniform(0.4, 0.9) * _ramp(rng, 8)
        moved = books.own[seller, market, good] * turned
        books.own[seller, market, good] = books.own[seller, market, good] - moved
        books.own[seller, hub, good] += moved
        books.resold[hub, market, good] += 1.1 * _sell(rng, moved)
    for position in range(16):
        hub = str(rng.choice(hubs))
        good = int(rng.choice(gone))
        amount = things[good].level * rng.uniform(0.1, 1.0) * _ramp(rng, 8)
        flow = _lots(rng, amount, things[good].kind)
        if position % 2:
            books.own[hub, TARGET, good] += flow
        else:
            books.own[THIRD[int(rng.integers(3))], hub, good] += flow
            books.resold[hub, TARGET, good] += 1.2 * _sell(rng, flow)


def _build(rng: np.random.Generator, things: list[Good], hub: str, own: Trade) -> None:
    """A plant that a hub builds: more of one heading for a year or two, all of it kept."""
    heading = str(rng.choice(list(HEADINGS)))
    start = int(rng.integers(BREAK - 4, BREAK + 14))
    end = start + int(rng.integers(10, 25))
    factor = rng.uniform(1.5, 6.0) * _between(start, end)
    for number, thing in enumerate(things):
        if thing.heading == heading:
            for seller in rng.choice(ORIGINS, size=2, replace=False).tolist():
                usual = own[seller, hub, number][:BREAK].mean() + 0.05 * thing.level
                own[seller, hub, number] += _lots(rng, usual * factor, thing.kind)


def _offices(rng: np.random.Generator, hubs: list[str]) -> Offices:
    """Give each hub's office its ways; the first member of the union publishes nothing."""
    order = rng.permutation([hub for hub in hubs if hub != "BLR"]).tolist()
    switch = dict.fromkeys((*ORIGINS, *THIRD, TARGET), REVISION)
    for hub in hubs:
        switch[hub] = REVISION + 12 * int(rng.choice([0, 1, 2], p=[0.7, 0.2, 0.1]))
    neighbours = [hub for hub in hubs if hub in UNION or hub in NEAR]
    port, inland = rng.choice(neighbours, size=2, replace=False).tolist()
    return Offices(
        silent=frozenset({"BLR", order[0]}),
        quarterly=frozenset(order[1:3]),
        late={hub: int(rng.integers(3, 10)) for hub in order[2:5]},
        without_resales=frozenset(order[5:6]),
        last={TARGET: BREAK - 1, order[6]: BREAK + int(rng.integers(-1, 12))},
        switch=switch,
        coverage={hub: float(rng.uniform(0.3, 0.9)) for hub in UNION},
        port=port,
        inland=inland,
        through_port=float(rng.uniform(0.2, 0.6)),
    )


def _publish(
    rng: np.random.Generator, things: list[Good], books: Books, offices: Offices
) -> pa.Table:
    """The flows as their sellers' offices publish them."""
    cells: dict[tuple[str, str, str], np.ndarray] = defaultdict(lambda: np.zeros(LENGTH))
    for book, resale in ((books.own, False), (books.resold, True)):
        for (seller, buyer, number), flow in sorted(book.items()):
            if resale and seller in offices.without_resales:
                continue
            thing = things[number]
            switch = offices.switch[seller]
            through = offices.through_port if buyer == offices.inland else 0.0
            if seller not in ORIGINS:
                through = 0.0
            for named, part in ((buyer, 1 - through), (offices.port, through)):
                if part > 0:
                    cells[seller, named, thing.old][:switch] += part * flow[:switch]
                    cells[seller, named, thing.new][switch:] += part * flow[switch:]
    withheld = _confidential(rng, sorted(cells))
    rows: list[tuple[str, str, str, str, str, float]] = []
    for key, flow in sorted(cells.items()):
        if key[0] in offices.silent:
            continue
        printed = np.where(withheld[key], 0.0, _printed(rng, key, flow, offices))
        for month in TIME[printed >= SMALLEST].tolist():
            rows.append((*key, MONTHS[month], "X", float(round(printed[month]))))
    names = ("reporter", "partner", "product", "period", "flow", "value")
    columns = [list(column) for column in zip(*rows, strict=True)]
    return pa.table(dict(zip(names, columns, strict=True)))


def _printed(
    rng: np.random.Generator, key: tuple[str, str, str], flow: np.ndarray, offices: Offices
) -> np.ndarray:
    """One line of trade as the office of its seller has it."""
    seller, buyer, _ = key
    printed = flow.copy()
    if seller in UNION and (buyer == TARGET or buyer in UNION):
        printed = printed * offices.coverage[seller] * rng.lognormal(-0.02, 0.2, LENGTH)
    if seller in offices.quarterly:
        sums = printed.reshape(-1, 3).sum(axis=1)
        printed = np.zeros(LENGTH)
        printed[2::3] = sums
    if seller in ORIGINS:
        printed[-3:] *= (0.98, 0.95, 0.88)
    if seller in offices.late:
        printed[-offices.late[seller] :] = 0.0
    if seller in offices.last:
        printed[offices.last[seller] :] = 0.0
    return printed


def _confidential(
    rng: np.random.Generator, keys: list[tuple[str, str, str]]
) -> dict[tuple[str, str, str], np.ndarray]:
    """The months that a seller withholds: a good to everybody, or to one buyer."""
    whole: dict[tuple[str, str], np.ndarray] = {}
    withheld: dict[tuple[str, str, str], np.ndarray] = {}
    for seller, buyer, code in keys:
        if (seller, code) not in whole:
            whole[seller, code] = _spell(rng, 0.03)
        withheld[seller, buyer, code] = whole[seller, code] | _spell(rng, 0.02)
    return withheld


def _spell(rng: np.random.Generator, chance: float) -> np.ndarray:
    """Months of silence, with this chance one spell of half a year to three years."""
    if rng.random() >= chance:
        return np.zeros(LENGTH, dtype=bool)
    start = int(rng.integers(LENGTH - 6))
    return _between(start, start + int(rng.integers(6, 37)))
