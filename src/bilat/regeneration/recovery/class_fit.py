# SPDX-License-Identifier: Apache-2.0
"""One class calibrated: both places of overhauled vehicles weighted by evidence, residuals, points left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from bilat.regeneration.recovery.calibrate import Fit, fit
from bilat.regeneration.recovery.flows import FlowHistory, detection, new_vehicles
from bilat.regeneration.recovery.outlook import StartOfOutlook, war_course
from bilat.regeneration.recovery.parameters import Changes, Steering, steering
from bilat.regeneration.recovery.points import (
    HEAVY_TAIL,
    ForceClass,
    PublishedPoint,
    RivalFigure,
    force_class,
    published_points,
    readings,
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
FIT_DRAWS, LEFT_OUT_DRAWS = 2000, 1000
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

    def agrees(self, rival: RivalFigure) -> bool:
        """Whether a rival figure lies outside the interval too, on the side of the published one."""
        if self.point.value > self.high:
            return rival.value > self.high
        return self.point.value < self.low and rival.value < self.low


@dataclass(frozen=True)
class LeftOut:
    """A point predicted from all the others: the interval is of the published figure, its error included."""

    point: PublishedPoint
    median: float
    low: float
    high: float

    @property
    def holds(self) -> bool:
        """Whether the 80% interval holds the published figure (a bound: is compatible with it)."""
        v = self.point.value
        if self.point.bound == "most":
            return self.low <= v
        if self.point.bound == "least":
            return self.high >= v
        return self.low <= v <= self.high


@dataclass(frozen=True)
class ConflictReading:
    """What the history says under one stated reading of a conflict: medians and 10-90% by month."""

    name: str
    left_out: tuple[str, ...]
    active: dict[str, tuple[float, float, float]]
    stored: dict[str, tuple[float, float, float]]


@dataclass(frozen=True)
class ClassFit:
    """A calibrated class: fits with overhauled vehicles outside and inside the balance, and their weights."""

    klass: ForceClass
    steering: Steering
    listed: Listed
    points: tuple[PublishedPoint, ...]
    outside: Fit
    inside: Fit
    inside_weight: float
    spread: LossSpread
    exposure: LossExposure

    @property
    def months(self) -> int:
        """Months of the record."""
        return self.listed.months

    def pooled(self, draws: int, rng: np.random.Generator) -> list[tuple[Fit, np.ndarray]]:
        """Each fit with the places of the draws taken from it: ``draws`` in all."""
        from_inside = round(draws * self.inside_weight)
        return [
            (f, rng.integers(0, len(f.posterior.scores), n))
            for f, n in ((self.outside, draws - from_inside), (self.inside, from_inside))
            if n
        ]

    def drawn(self, of: Callable[[FlowHistory], np.ndarray]) -> np.ndarray:
        """Pooled draws of what follows from a history, such as what it says of a point."""
        rng, draws = np.random.default_rng(0), len(self.outside.posterior.scores)
        return np.concatenate([of(f.past)[at] for f, at in self.pooled(draws, rng)])

    def state(self, quantity: str, month: int) -> np.ndarray:
        """Pooled draws of ``active`` or ``stored`` at the end of a month of the record."""
        return self.drawn(lambda past: np.asarray(getattr(past, quantity)[month]))

    def residuals(self) -> list[Residual]:
        """Every point that the record covers, those only shown too, in the order of the table."""
        found = []
        for p in self.points:
            if p.last <= self.months:
                low, mid, high = np.quantile(self.drawn(p.of), (0.1, 0.5, 0.9))
                found.append(Residual(p, float(mid), float(low), float(high)))
        return found

    def floored(self) -> float:
        """Share of draws whose active stock touched zero: they lack vehicles that were lost."""
        return float(
            (1 - self.inside_weight) * (self.outside.past.floored.sum(0) > 0).mean()
            + self.inside_weight * (self.inside.past.floored.sum(0) > 0).mean()
        )


def fit_class(
    name: str,
    records: RecoveryRecords,
    *,
    seed: int = 1,
    changes: Changes | None = None,
    draws: int = FIT_DRAWS,
    drops: frozenset[str] = frozenset(),
) -> ClassFit:
    """Calibrate a class to what was public by the records' date, but for the points that ``drops`` names.

    Raises
    ------
    UsageError
        for an unknown class or parameter, or a value outside its limits.
    DataError
        if no losses of the class are held.
    """
    klass = force_class(name)
    steer = steering(name, records, changes)
    listed = records.listed(klass.oryx, klass.claimed)
    steer, spread = _measured(steer, records)
    points = tuple(published_points(name, records))
    series = tuple(smooth(listed.monthly).tolist())
    outside, inside = (_fit(steer, series, points, draws, seed, where, drops) for where in (False, True))
    gap = inside.posterior.log_evidence - outside.posterior.log_evidence
    exposure = exposure_of(np.median(outside.past.lost, axis=1), np.median(outside.past.active, axis=1))
    return ClassFit(
        klass, steer, listed, points, outside, inside, float(1 / (1 + np.exp(-gap))), spread, exposure
    )


@lru_cache(maxsize=4)
def _fit(
    steer: Steering, listed: tuple[float, ...], points: tuple[PublishedPoint, ...], draws: int, seed: int,
    inside: bool, drops: frozenset[str],
) -> Fit:  # fmt: skip
    """A fit follows from what it is given alone: a measure and a plan of one day share it."""
    return fit(steer, np.array(listed), points, draws=draws, seed=seed, overhaul_inside=inside, drops=drops)


def _measured(steer: Steering, records: RecoveryRecords) -> tuple[Steering, LossSpread]:
    """The spread of carried losses: as asked, else as the record bears it out by its date."""
    setting = next(s for s in steer.settings if s.name == "loss_spread")
    if setting.set_by_user:
        return steer, LossSpread(setting.value, np.inf, 0, None)
    found = loss_spread(records, setting.value, steer.setting("loss_spread_worth"))
    if found.seen is None:
        return steer, found
    measured = replace(setting, value=found.value, source=f"{found.years} years of the record, and assumed")
    return replace(steer, settings=tuple(measured if s is setting else s for s in steer.settings)), found


def leave_one_out(found: ClassFit, *, seed: int = 1, draws: int = LEFT_OUT_DRAWS) -> list[LeftOut]:
    """Each point of the fit predicted by a fit without it (the likelier place of overhauled vehicles)."""
    likelier = found.inside if found.inside_weight > 0.5 else found.outside
    rng = np.random.default_rng(seed + 1)
    rows = []
    for p in likelier.points:
        without = fit(
            found.steering, likelier.listed, found.points, draws=draws, seed=seed,
            overhaul_inside=likelier.overhaul_inside, drops=frozenset({p.name}),
        )  # fmt: skip
        said = p.of(without.past) + p.sd * rng.standard_t(HEAVY_TAIL, draws)
        low, mid, high = np.quantile(said, (0.1, 0.5, 0.9))
        rows.append(LeftOut(p, float(mid), float(low), float(high)))
    return rows


def read_both_ways(found: ClassFit, months: Mapping[str, int], *, seed: int = 1) -> list[ConflictReading]:
    """The history under each stated reading of a conflict, at the ends of the months named."""
    rows = []
    for name, drops in readings(found.klass.name).items():
        if not any(p.name in drops for p in found.outside.points):
            continue
        f = fit(found.steering, found.outside.listed, found.points, draws=FIT_DRAWS, seed=seed, drops=drops)
        states = {
            quantity: {
                text: tuple(float(x) for x in np.quantile(getattr(f.past, quantity)[i], (0.1, 0.5, 0.9)))
                for text, i in months.items()
            }
            for quantity in ("active", "stored")
        }
        left = tuple(p.name for p in found.outside.points if p.name in drops)
        rows.append(ConflictReading(name, left, states["active"], states["stored"]))  # type: ignore[arg-type]
    return rows


def carried_losses(found: ClassFit, months: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Listed losses a month carried over ``months`` beyond the record, (draws,).

    The median of the last months of the record, spread as earlier medians were from what then came: a level that
    is carried for two years is less sure than one carried for a month. The median, because over twenty classes of
    the record its error in the year that follows is the least of eight rules (:func:`carried_level`).
    """
    recent = carried_level(found.listed.monthly, int(found.steering.setting("carried")))
    return recent * found.spread.factors(draws, months, rng)


def effort_ahead(found: ClassFit, months: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """What the pace of restoring (effort, and access to what is stored) is multiplied by in the war to come, (draws,).

    The median is no change; the spread grows with the root of time, as that of losses does.
    """
    spread = found.steering.setting("effort_spread") * np.sqrt(max(months, 0) / 12)
    return np.exp(spread * rng.standard_normal(draws))


def start_of_outlook(
    fitted: ClassFit, months: int, draws: int, rng: np.random.Generator
) -> tuple[StartOfOutlook, np.ndarray]:
    """(where ``draws`` pooled draws stand at the end of the record, their active stock of February 2022).

    ``months`` is how long losses are carried on; parameters of the peace are drawn from their ranges.
    """
    parts = []
    month = np.array([fitted.months + 1])
    listed = carried_losses(fitted, months, draws, rng)
    done = 0
    midpoint, pace = fitted.steering.setting("new_midpoint"), fitted.steering.setting("new_pace")
    for f, at in fitted.pooled(draws, rng):
        values = {k: v[at] for k, v in f.values.items()}
        past = f.past
        parts.append(
            {
                **values,
                "active": past.active[-1][at],
                "exposed": past.active[-1 - int(fitted.steering.setting("carried")) :].mean(axis=0)[at],
                "good": past.good[-1][at],
                "medium": past.medium[-1][at],
                "poor": past.poor[-1][at],
                "losses": listed[done : done + len(at)] / detection(values, month)[0],
                "new": new_vehicles(values, month, midpoint, pace)[0],
                "ahead": new_vehicles(
                    values, fitted.months + 1 + np.arange(max(months, 1)), midpoint, pace
                ).T,
                "overhaul_back": values["overhaul"] * (1.0 if f.overhaul_inside else 0.0),
            }
        )
        done += len(at)
    whole = {k: np.concatenate([p[k] for p in parts]) for k in parts[0]}
    ahead = whole.pop("ahead").T
    whole["exposure"] = fitted.exposure.draw(draws, rng)
    ahead_of = effort_ahead(fitted, months, draws, rng)
    whole["effort"] = whole["effort"] * ahead_of
    whole["accessible"] = np.minimum(whole["accessible"] * ahead_of, 1.0)
    for p in fitted.steering.afterwards:
        whole[p.name] = p.of_scores(rng.standard_normal(draws))
    start = StartOfOutlook(
        active=whole["active"],
        good=whole["good"],
        medium=whole["medium"],
        poor=whole["poor"],
        losses=whole["losses"],
        effort=whole["effort"],
        new=whole["new"],
        rates=whole,
        new_ahead=ahead,
        exposed=whole["exposed"],
    )
    return start, whole["active_before"]


def at_ceasefire(
    found: ClassFit, ceasefire: int, draws: int, seed: int
) -> tuple[StartOfOutlook, np.ndarray, np.random.Generator]:
    """Draws carried through the war to the end of the month before ``ceasefire`` (a month index)."""
    rng = np.random.default_rng(seed)
    months = ceasefire - 1 - found.months
    start, before = start_of_outlook(found, months, draws, rng)
    return war_course(start, months, found.steering.setting("scatter"), rng), before, rng
