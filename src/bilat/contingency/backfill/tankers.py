# SPDX-License-Identifier: Apache-2.0
"""How many tankers an orbit takes: fuel, boom and presence, each a limit; checked by a queueing simulation."""

from __future__ import annotations

import heapq
import math
import tomllib
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources

import numpy as np

from bilat.contingency.backfill.inputs import Quantity, quantity
from bilat.errors import UsageError


@dataclass(frozen=True)
class Tanker:
    """One type: t of fuel, t kept, t an hour, knots, hours; ``breaks`` is the share of sorties to repair."""

    fuel: float
    reserve: float
    burn: float
    speed: float
    turn: float
    take: float
    contact: float
    repair: float
    breaks: float


@cache
def numbers() -> dict[str, Quantity]:
    """The table of the tanker's numbers."""
    text = resources.files("bilat.contingency.backfill").joinpath("tankers.toml").read_text("utf-8")
    return {k: quantity(f"tanker.{k}", v) for k, v in tomllib.loads(text).items()}


@cache
def a330() -> Tanker:
    """The central values."""
    return Tanker(**{k: q.value for k, q in numbers().items()})


@dataclass(frozen=True)
class Orbit:
    """Where and how much: nautical miles from base, hours on station, receivers an hour, orbits held."""

    radius: float = 1000.0
    station: float = 2.0
    rate: float = 6.0
    orbits: int = 1

    def __post_init__(self) -> None:
        if self.radius < 0 or self.station <= 0 or self.rate < 0 or self.orbits < 1:
            raise UsageError(
                "an orbit needs a radius of 0 or more, hours on station above 0, and 1 orbit or more"
            )


@dataclass(frozen=True)
class Count:
    """Tankers by each limit (fractional), and what is needed (whole)."""

    offload: float
    cycle: float
    fuel: float
    boom: float
    presence: float

    @property
    def needed(self) -> int:
        """The whole number that meets every limit."""
        return math.ceil(max(self.fuel, self.boom, self.presence) - 1e-9)

    @property
    def binds(self) -> str:
        """The limit that decides."""
        return max(("fuel", "boom", "presence"), key=lambda k: float(asdict(self)[k]))


def offload(tanker: Tanker, orbit: Orbit) -> float:
    """t that one sortie gives; raises :class:`UsageError` where the tanker cannot get there and give anything."""
    left = tanker.fuel - tanker.reserve - tanker.burn * (2 * orbit.radius / tanker.speed + orbit.station)
    if left <= 0:
        raise UsageError(
            f"nothing to give at {orbit.radius:g} nautical miles after {orbit.station:g} h; use a nearer base"
        )
    return left


def count(tanker: Tanker, orbit: Orbit) -> Count:
    """Tankers needed. Availability: each sortie ends in a repair with probability ``breaks``."""
    given = offload(tanker, orbit)
    cycle = 2 * orbit.radius / tanker.speed + orbit.station + tanker.turn
    available = cycle / (cycle + tanker.repair * tanker.breaks)
    every = orbit.rate * orbit.orbits
    return Count(
        given, cycle,
        every * tanker.take * cycle / (given * available),
        every * tanker.contact * cycle / (orbit.station * available),
        orbit.orbits * cycle / (orbit.station * available),
    )  # fmt: skip


def served(tanker: Tanker, orbit: Orbit, tankers: int, seed: int, days: int = 20, wave: float = 0.0) -> float:
    """Share of receivers served within half an hour, by simulation of the tankers one by one.

    A dispatcher sends them at the even pace that the fleet can keep, repairs counted. Turns are lognormal
    (sigma .3). Receivers come at random, or in waves every ``wave`` hours.
    """
    rng = np.random.default_rng(seed)
    transit, horizon = orbit.radius / tanker.speed, 24.0 * days
    arrivals = _receivers(rng, orbit, horizon, wave)
    given = offload(tanker, orbit)
    cycle = 2 * transit + orbit.station + tanker.turn + tanker.repair * tanker.breaks
    every = cycle / tankers  # the pace that the fleet can keep
    ready = [0.0] * tankers
    heapq.heapify(ready)
    shifts, leave = [], 0.0
    while leave < horizon:
        out = max(leave, heapq.heappop(ready))
        on = out + transit
        shifts.append([on, on + orbit.station, on, given])
        back = on + orbit.station + transit + float(tanker.turn * np.exp(rng.normal(-0.045, 0.3)))
        if rng.random() < tanker.breaks:
            back += float(rng.exponential(tanker.repair))
        heapq.heappush(ready, back)
        leave = max(leave, out - every) + every
    return _serve(tanker, shifts, arrivals[arrivals > 24.0])


def _receivers(rng: np.random.Generator, orbit: Orbit, horizon: float, wave: float) -> np.ndarray:
    every = orbit.rate * orbit.orbits
    if wave:
        starts = np.arange(0, horizon, wave)
        return np.sort(np.concatenate([s + rng.uniform(0, 0.5, rng.poisson(every * wave)) for s in starts]))
    return np.sort(rng.uniform(0, horizon, rng.poisson(every * horizon)))


def _serve(tanker: Tanker, shifts: list[list[float]], arrivals: np.ndarray, patience: float = 0.5) -> float:
    """First come, first served by the tanker whose boom is free first. A shift is [from, to, free at, t left]."""
    done, first = 0, 0
    for at in arrivals:
        while first < len(shifts) and shifts[first][1] < at:
            first += 1
        best: tuple[float, int] | None = None
        for k in range(first, len(shifts)):
            start, end, free, left = shifts[k]
            if start > at + patience:
                break
            begin = max(at, free)
            if left < tanker.take or begin > at + patience or begin + tanker.contact > end:
                continue
            if best is None or (begin, end) < (best[0], shifts[best[1]][1]):
                best = (begin, k)
        if best is not None:
            begin, k = best
            shifts[k][2] = begin + tanker.contact
            shifts[k][3] -= tanker.take
            done += 1
    return done / max(1, len(arrivals))


def simulated(
    tanker: Tanker, orbit: Orbit, seed: int = 0, goal: float = 0.95, wave: float = 0.0
) -> tuple[int, float]:
    """The fewest tankers that serve ``goal`` of the receivers, and that number over the formula's."""
    base = count(tanker, orbit).needed
    for fleet in range(max(1, base - 2), 4 * base + 10):
        if served(tanker, orbit, fleet, seed, wave=wave) >= goal:
            return fleet, fleet / base
    raise UsageError("no fleet of four times the formula serves that many receivers; lower the rate")
