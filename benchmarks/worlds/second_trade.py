# SPDX-License-Identifier: Apache-2.0
"""World trade without routes: what all products share (`Stage`) and one product's flows (`product`).

Trade is consignments: a pair's year has a Poisson number of them, of unequal size, about a level that walks with heavy
tails and may stop or start. The spreads were fitted by hand to the records named in `worlds/second_settings.py`.
No record held shows these, so they are chosen: the booms, the shock to payments, how far the friends turn
(`reorient`), what other producers gain, where the surplus goes, price shocks, what entrepots resell, the share of
products under sanction and its date.
"""

import zlib
from dataclasses import dataclass

import numpy as np

from worlds.second_settings import COUNTRIES, SEASON, World, codes

F = np.ndarray


def ramp(months: int, start: float | np.integer, length: float | np.integer) -> F:
    """0 before `start`, 1 from `start + length`, a straight line between."""
    return np.clip((np.arange(months) - start + 1) / max(length, 1.0), 0.0, 1.0)


def consignments(rng: np.random.Generator, expected: F, rate: F) -> F:
    """Expected value -> value of a Poisson number of log-normal consignments (sd of ln 1.15), by two moments."""
    n = rng.poisson(np.minimum(rate, 1e7))
    s2 = np.log1p(2.75 / np.maximum(n, 1))
    return np.where(
        n > 0,
        expected
        * n
        / np.maximum(rate, 1e-12)
        * np.exp(rng.normal(size=n.shape) * np.sqrt(s2) - s2 / 2),
        0.0,
    )


class Stage:
    """What all products of one world share: states, sizes, affinities, growth, and what happened to the target."""

    def __init__(self, w: World, seed: int) -> None:
        self.w = w
        self.seed = seed
        rng = self.rng(0)
        must = [w.target, w.producer, *w.coalition]
        if unknown := set(must) - set(COUNTRIES):
            raise ValueError(f"{w.name}: no such states in COUNTRIES: {', '.join(sorted(unknown))}")
        if not len(set(must)) + 3 <= w.countries <= len(COUNTRIES) or not 0 < w.products <= len(
            codes()
        ):
            raise ValueError(
                f"{w.name}: {w.countries} countries or {w.products} products cannot be had"
            )
        rest = [c for c in COUNTRIES if c not in must]
        odds = 1 / np.sqrt(np.arange(len(rest)) + 10.0)
        some = rng.choice(
            len(rest), w.countries - len(set(must)), replace=False, p=odds / odds.sum()
        )
        self.names = sorted({*must, *(rest[i] for i in some)}, key=COUNTRIES.index)
        n = len(self.names)
        self.years = w.last - w.first + 1
        self.n = n
        self.months = 12 * self.years
        self.brk = (int(w.since[:4]) - w.first) * 12 + int(w.since[5:]) - 1
        if not 24 <= self.brk < self.months:
            raise ValueError(
                f"{w.name}: {w.since} leaves no two years before, or nothing after, {w.first}-{w.last}"
            )
        at = self.names.index
        self.target, self.producer, self.coal = (
            at(w.target),
            at(w.producer),
            np.array([at(c) for c in w.coalition]),
        )
        third = np.ones(n, bool)
        third[[self.target, *self.coal]] = False
        self.third = np.flatnonzero(third)
        rank = np.array([COUNTRIES.index(c) for c in self.names]) / len(COUNTRIES)
        self.x = 1.5 * np.sqrt(12) * (0.5 - rank) + rng.normal(0, 0.4, n)
        self.m = 1.4 * np.sqrt(12) * (0.5 - rank) + rng.normal(0, 0.5, n)
        self.m[self.target] = max(self.m[self.target], 0.0)
        near = rng.normal(0, 0.9, (n, n))
        self.near = (near + near.T) / np.sqrt(2)
        self.dyad = self.near + 0.6 * np.clip(rng.standard_t(4, (n, n)), -4, 4)
        others = self.third[self.third != self.producer]
        self.entrepots = rng.choice(others, min(w.entrepots, len(others) // 2), replace=False)
        pull = np.exp(self.near[others, self.target])
        self.friends = rng.choice(
            others, max(2, len(others) // 6), replace=False, p=pull / pull.sum()
        )
        # products: size, and the month of the sanction: six in ten, half of them at once; the others never
        self.worth = rng.normal(0, 1.2, w.products)
        later = np.where(rng.random(w.products) < 0.5, 0, rng.integers(1, 19, w.products))
        self.start = np.where(rng.random(w.products) < 0.6, self.brk + later, self.months)
        # growth: knots of years, straight lines between (sd per year from the covariances above)
        self.ge, self.gi = (
            self.walk(rng, (n,), sd) + 0.02 * np.arange(self.years + 1) for sd in (0.08, 0.09)
        )
        self.gd = self.walk(rng, (n, n), 0.05)
        # monthly ln effects: exports to all, imports from all, exports to the target, from a row state
        self.exp, self.imp, self.to = (np.zeros((n, self.months)) for _ in range(3))
        for c in rng.choice(
            self.third, max(1, len(self.third) // 10), replace=False
        ):  # booms with everybody, at any time
            up = ramp(self.months, rng.integers(12, self.months), rng.integers(6, 30))
            self.exp[c] += rng.uniform(0.0, 0.6) * up
            self.imp[c] += rng.uniform(0.2, 0.8) * up
        for c in self.third:  # payments and transport: friends recover in a year, others do not
            shock = -rng.uniform(0.05, 0.5) * ramp(self.months, self.brk, 2)
            self.to[c] += (
                shock * (1 - ramp(self.months, self.brk + 4, 8)) if c in self.friends else shock
            )
        for c in self.friends:
            up = w.reorient * ramp(self.months, self.brk + rng.integers(0, 8), rng.integers(3, 18))
            self.to[c] += rng.uniform(0.4, 1.8) * up
            self.imp[c] += rng.uniform(0.1, 1.2) * up
            self.exp[c] += rng.uniform(0.0, 0.4) * up

    def rng(self, *stream: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, zlib.crc32(self.w.name.encode()), *stream])

    def walk(self, rng: np.random.Generator, shape: tuple[int, ...], sd: float) -> F:
        steps = (
            np.clip(rng.standard_t(2.5, (*shape, self.years + 1)), -8, 8) * sd / 1.5
        )  # sd of t so cut: 1.7
        return np.cumsum(steps, axis=-1)

    def fold(self, monthly: F, mean: bool = True) -> F:
        """Months -> periods of the file."""
        if self.w.monthly:
            return monthly
        y = monthly.reshape(*monthly.shape[:-1], self.years, 12)
        return y.mean(-1) if mean else y.sum(-1)

    def line(self, knots: F) -> F:
        """Yearly knots -> ln level at the middle of each period."""
        at = (np.arange(self.months) + 0.5) / 12 if self.w.monthly else np.arange(self.years) + 0.5
        lo = at.astype(int)
        return knots[..., lo] * (1 - at + lo) + knots[..., lo + 1] * (at - lo)

    def period(self, month: int) -> int:
        y = self.w.first + month // 12
        m = month % 12 + 1
        return y * 100 + m if self.w.monthly else y


@dataclass
class Goods:
    """One product: value (exporter, importer, period) USD, kg, the loss (USD) by month and member, its first month."""

    value: F
    kg: F
    lost: F
    by: F
    start: int


def product(s: Stage, k: int) -> Goods:
    """The trade of product number `k` without routes."""
    rng = s.rng(1, k)
    w = s.w
    n = s.n
    M = s.months
    T, dt = (M, 1 / 12) if w.monthly else (s.years, 1.0)
    skill = rng.normal(0, 1.6, n)
    base = (
        6.4
        + s.worth[k]
        + (s.x + skill)[:, None]
        + (s.m + rng.normal(0, 0.8, n))
        + s.dyad
        + rng.normal(0, 1.6, (n, n))
    )
    base = np.where(
        base > 15.5, 15.5 + 0.6 * (base - 15.5), base
    )  # above, Pareto's tail is thinner than the normal
    np.fill_diagonal(base, -np.inf)
    size = np.exp(base) / 3e3
    stop = np.minimum(
        0.27 * np.maximum(size, 1e-9) ** -0.35, 0.6
    )  # yearly odds that a flow stops, and starts
    begin = np.minimum(0.10 * size**0.35, 0.85)
    on = np.zeros((n, n, s.years + 1), bool)
    on[..., 0] = rng.random((n, n)) < begin / (begin + stop)
    draws = rng.random((n, n, s.years + 1))
    steps = np.clip(rng.standard_t(1.2, (n, n, s.years + 1)), -40, 40) * 0.1
    level = np.zeros((n, n, s.years + 1))
    for y in range(1, s.years + 1):
        on[..., y] = np.where(on[..., y - 1], draws[..., y] >= stop, draws[..., y] < begin)
        level[..., y] = 0.97 * level[..., y - 1] + steps[..., y]
    own = np.where(on, np.exp(np.clip(level, -6, 6)), 0.0)
    phase = rng.integers(0, 12, (n, n))  # a contract year of its own for every pair
    if w.monthly:
        own = np.take_along_axis(own, (np.arange(M) + phase[..., None]) // 12, axis=2)
    else:
        own = own[..., :-1] * (1 - phase / 12)[..., None] + own[..., 1:] * (phase / 12)[..., None]
    grow = (
        s.line(s.walk(rng, (), 0.15))
        + s.line(s.ge + s.walk(rng, (n,), 0.18))[:, None]
        + s.line(s.gd)
    )
    grow = grow + s.line(s.gi + s.walk(rng, (n,), 0.09))
    price = s.walk(rng, (), 0.1).repeat(12)[:M]
    if rng.random() < 0.15:
        hit = rng.integers(0, M)
        price = price + rng.uniform(0.3, 1.0) * ramp(M, hit, 4) * np.exp(
            -np.maximum(np.arange(M) - hit - 6, 0) / 18
        )
    season = np.tile(SEASON + rng.normal(0, 0.17, 12), s.years) if w.monthly else np.zeros(M)
    # what the break did to this product
    act = np.zeros((n, M))
    to = s.to.copy()
    push = np.zeros((n, M))
    start = int(s.start[k])
    in_scope = s.start[k] < M
    if in_scope:
        depth = 9.0 if rng.random() < 0.12 else rng.gamma(1.2, 1.9)
        act[s.coal] = (
            -depth
            * np.exp(rng.normal(0, 0.4, (len(s.coal), 1)))
            * ramp(M, start, rng.integers(1, 7))
        )
        up = ramp(M, start + rng.integers(0, 6), rng.integers(3, 13))
        to[s.producer] += np.log1p(np.exp(rng.normal(0.0, 0.7))) * up  # own production steps in
        for c in s.third[rng.random(len(s.third)) < np.where(skill[s.third] > 0, 0.3, 0.05)]:
            to[c] += np.log1p(np.exp(rng.normal(-0.7, 0.8))) * up
        for c in rng.choice(
            s.third, min(len(s.third), int(rng.integers(2, 7))), replace=False
        ):  # the surplus finds buyers
            push[c] += np.log1p(rng.uniform(0.1, 0.8)) * ramp(
                M, start + rng.integers(0, 9), rng.integers(3, 13)
            )
    else:
        act[s.coal] = -np.abs(rng.normal(0.3, 0.25, (len(s.coal), 1))) * ramp(
            M, s.brk, 3
        )  # firms leave of themselves
    value = np.exp(base)[..., None] * np.exp(grow) * own * dt
    value *= s.fold(np.exp(s.exp + price + season))[:, None] * s.fold(np.exp(s.imp))
    value[:, s.target] *= s.fold(np.exp(to))
    value[s.coal] *= s.fold(np.exp(push))
    before = value[s.coal, s.target].copy()  # what the coalition would have sold
    value[s.coal, s.target] *= s.fold(np.exp(act[s.coal]))
    kinds = np.exp(rng.normal(-0.3, 1.4, (n, n)))[
        ..., None
    ]  # machines are few and large, parts many and small
    value = consignments(rng, value, 45 * np.sqrt(value / dt / 3e5) * kinds * dt)
    for h in s.entrepots:  # a house that lives on resale, before and after
        if rng.random() < 0.6:
            bought = value[:, h].sum(0)
            if w.monthly:
                bought = np.convolve(bought, np.ones(4) / 4)[:T]
            where = np.exp(s.m + 1.2 * s.dyad[h] + rng.normal(0, 1.5, n))
            where[[h]] = 0.0
            where[np.argsort(where)[:-15]] = 0.0
            sold = rng.uniform(0.1, 0.7) * bought * (where / where.sum())[:, None]
            sold[s.target] *= s.fold(np.exp(to[h]))
            value[h] += consignments(rng, sold, 45 * np.sqrt(sold / dt / 3e5) * kinds[h] * dt)
    uv = np.exp(4.8 + rng.normal(0, 1.3) + rng.normal(0, 0.9, (n, n)))
    kg = value / (uv[..., None] * s.fold(np.exp(price)) * np.exp(rng.normal(0, 0.3, (n, n, T))))
    lost = before if w.monthly else before.repeat(12, axis=1) / 12
    lost = lost * (1 - np.exp(act[s.coal])) if in_scope else np.zeros_like(lost)
    return Goods(value, kg, lost.sum(0), lost.sum(1), start)
