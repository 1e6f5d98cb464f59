# SPDX-License-Identifier: Apache-2.0
"""One class calibrated: what the fit says of each point, points left out, and where its draws
stand at a ceasefire.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from bilat.regeneration.recovery.calibrate import Fit, fit
from bilat.regeneration.recovery.flows import detection, new_vehicles
from bilat.regeneration.recovery.outlook import StartOfOutlook, war_course
from bilat.regeneration.recovery.parameters import Changes, Steering, steering
from bilat.regeneration.recovery.points import (
    HEAVY_TAIL,
    ForceClass,
    PublishedPoint,
    announced_pace,
    force_class,
    published_points,
)
from bilat.regeneration.recovery.records import Listed, RecoveryRecords, smooth
from bilat.regeneration.recovery.spread import (
    LossExposure,
    LossSpread,
    carried_level,
    exposure_of,
    loss_spread,
)

#: Draws of a fit, and of the fits that leave one point out.
FIT_DRAWS = 2000
LEFT_OUT_DRAWS = 1000
#: A residual beyond this many stated standard deviations is a conflict, and is said to be one.
CONFLICT = 2.0


@dataclass(frozen=True)
class Residual:
    """A point beside what the fit says of it. Intervals are 10% to 90%."""

    point: PublishedPoint
    median: float
    low: float
    high: float

    @property
    def z(self) -> float:
        """(median - published) / stated sd; 0 where a bound is kept."""
        z = (self.median - self.point.value) / self.point.sd
        if (self.point.bound == "most" and z < 0) or (self.point.bound == "least" and z > 0):
            return 0.0
        return z

    @property
    def conflict(self) -> bool:
        """Beyond two stated standard deviations."""
        return abs(self.z) > CONFLICT


@dataclass(frozen=True)
class ClassFit:
    """A calibrated class."""

    klass: ForceClass
    steering: Steering
    listed: Listed
    points: tuple[PublishedPoint, ...]
    fit: Fit
    spread: LossSpread
    exposure: LossExposure
    announced: float | None = None  #: vehicles to be restored a month, as published before

    @property
    def months(self) -> int:
        """Months of the record."""
        return self.listed.months

    def state(self, quantity: str, month: int) -> np.ndarray:
        """Draws of ``active`` or ``stored`` at the end of a month of the record."""
        return np.asarray(getattr(self.fit.past, quantity)[month])

    def residuals(self) -> list[Residual]:
        """Every point that the record covers, those only shown too, in the order of the table."""
        found = []
        for p in self.points:
            if p.last <= self.months:
                low, mid, high = np.quantile(p.of(self.fit.past), (0.1, 0.5, 0.9))
                found.append(Residual(p, float(mid), float(low), float(high)))
        return found

    def floored(self) -> float:
        """Share of draws whose active stock touched zero: they lack vehicles that were lost."""
        return float((self.fit.past.floored.sum(0) > 0).mean())


def fit_class(
    name: str,
    records: RecoveryRecords,
    *,
    seed: int = 1,
    changes: Changes | None = None,
    draws: int = FIT_DRAWS,
    drops: frozenset[str] = frozenset(),
) -> ClassFit:
    """Calibrate a class to what was public by the records' date, but for the points that ``drops``
    names.

    Raises
    ------
    UsageError
        for an unknown class or parameter, or a value outside its limits.
    DataError
        if no losses of the class are held.
    """
    klass = force_class(name)
    steer = steering(name, records, changes)
    listed = records.listed(klass.oryx)
    steer, spread = _measured(steer, records)
    points = tuple(published_points(name, records))
    series = tuple(smooth(listed.monthly).tolist())
    found = _fit(steer, series, points, draws, seed, drops)
    exposure = exposure_of(np.median(found.past.lost, axis=1), np.median(found.past.active, axis=1))
    announced = announced_pace(name, records, listed.months)
    return ClassFit(klass, steer, listed, points, found, spread, exposure, announced)


@lru_cache(maxsize=4)
def _fit(
    steer: Steering,
    listed: tuple[float, ...],
    points: tuple[PublishedPoint, ...],
    draws: int,
    seed: int,
    drops: frozenset[str],
) -> Fit:
    """A fit follows from what it is given alone: a measure and a plan of one day share it."""
    return fit(steer, np.array(listed), points, draws=draws, seed=seed, drops=drops)


def _measured(steer: Steering, records: RecoveryRecords) -> tuple[Steering, LossSpread]:
    """The spread of carried losses: as asked, else as the record bears it out by its date."""
    setting = next(s for s in steer.settings if s.name == "loss_spread")
    if setting.set_by_user:
        return steer, LossSpread(setting.value, np.inf, 0, None)
    found = loss_spread(records, setting.value, steer.setting("loss_spread_worth"))
    if found.seen is None:
        return steer, found
    measured = replace(
        setting,
        value=found.value,
        source=f"{found.years} years of the record, and a first guess",
        assumed=False,
        derived=True,
    )
    return replace(
        steer, settings=tuple(measured if s is setting else s for s in steer.settings)
    ), found


def leave_one_out(
    found: ClassFit, *, seed: int = 1, draws: int = LEFT_OUT_DRAWS
) -> dict[str, bool]:
    """Whether each point of the fit lies in the 80% interval of a fit without it, its own error
    included (a bound:
    whether the interval is compatible with it)."""
    rng = np.random.default_rng(seed + 1)
    held = {}
    for p in found.fit.points:
        without = fit(
            found.steering,
            found.fit.listed,
            found.points,
            draws=draws,
            seed=seed,
            drops=frozenset({p.name}),
        )
        low, high = np.quantile(
            p.of(without.past) + p.sd * rng.standard_t(HEAVY_TAIL, draws), (0.1, 0.9)
        )
        held[p.name] = bool(
            (low <= p.value or p.bound == "least") and (p.value <= high or p.bound == "most")
        )
    return held


def carried_losses(
    found: ClassFit, months: int, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """Listed losses a month carried over ``months`` beyond the record, (draws,).

    The median of the last months of the record, spread as earlier medians were from what then came:
    a level that
    is carried for two years is less sure than one carried for a month. The median, because over
    twenty classes of
    the record its error in the year that follows is the least of eight rules
    (:func:`carried_level`).
    """
    recent = carried_level(found.listed.monthly, int(found.steering.setting("carried")))
    return recent * found.spread.factors(draws, months, rng)


def effort_ahead(found: ClassFit, months: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """What the pace of restoring (effort, and access to what is stored) is multiplied by in the war
    to come, (draws,).

    The median is no change, or the pace that was announced if it is higher; the spread grows with
    the root of time, as that of losses does.
    """
    spread = found.steering.setting("effort_spread") * np.sqrt(max(months, 0) / 12)
    pace = np.exp(spread * rng.standard_normal(draws))
    if found.announced is None or months <= 0:
        return pace
    newest = float(np.median(found.fit.past.refurbished[-1]))
    return pace * max(1.0, found.announced / newest)


def start_of_outlook(
    fitted: ClassFit, months: int, draws: int, rng: np.random.Generator
) -> tuple[StartOfOutlook, np.ndarray]:
    """(where draws of the fit stand at the end of the record, their active stock of February 2022).

    ``months`` is how long losses are carried on; parameters of the peace are drawn from their
    ranges.
    """
    past = fitted.fit.past
    setting = fitted.steering.setting
    at = rng.integers(0, len(past.wear), draws)
    rates = {k: v[at] for k, v in fitted.fit.values.items()}
    losses = (
        carried_losses(fitted, months, draws, rng)
        / detection(rates, np.array([fitted.months + 1]))[0]
    )
    index = fitted.months + 1 + np.arange(max(months, 1))
    ahead = new_vehicles(rates, index, setting("new_midpoint"), setting("new_pace"))
    exposed = past.active[-1 - int(setting("carried")) :].mean(axis=0)[at]
    pace = effort_ahead(fitted, months, draws, rng)
    rates |= {
        "exposure": fitted.exposure.draw(draws, rng),
        "overhaul_back": rates["overhaul"] * rates["inside"],
        "accessible": np.minimum(rates["accessible"] * pace, 1.0),
    }
    rates |= {p.name: p.of_scores(rng.standard_normal(draws)) for p in fitted.steering.afterwards}
    start = StartOfOutlook(
        past.active[-1][at],
        past.good[-1][at],
        past.medium[-1][at],
        past.poor[-1][at],
        losses,
        rates["effort"] * pace,
        ahead[0],
        rates,
        ahead,
        exposed,
    )
    return start, rates["active_before"]


def at_ceasefire(
    found: ClassFit, ceasefire: int, draws: int, seed: int
) -> tuple[StartOfOutlook, np.ndarray, np.random.Generator]:
    """Draws carried through the war to the end of the month before ``ceasefire`` (a month
    index).
    """
    rng = np.random.default_rng(seed)
    months = ceasefire - 1 - found.months
    start, before = start_of_outlook(found, months, draws, rng)
    return war_course(start, months, found.steering.setting("scatter"), rng), before, rng
