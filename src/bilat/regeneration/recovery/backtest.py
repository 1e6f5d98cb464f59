# SPDX-License-Identifier: Apache-2.0
"""Forecasts from earlier dates, with nothing known later, beside the plain rule that things go on
as they did.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bilat.errors import DataError
from bilat.regeneration.recovery.class_fit import ClassFit, carried_losses, effort_ahead, fit_class
from bilat.regeneration.recovery.flows import FlowHistory, detection
from bilat.regeneration.recovery.points import PublishedPoint, published_points
from bilat.regeneration.recovery.records import (
    Listed,
    RecoveryRecords,
    month_end,
    month_text,
    smooth,
)
from bilat.when import AsOf

#: Dates from which forecasts are made.
ORIGINS = (
    dt.date(2023, 3, 31),
    dt.date(2023, 6, 30),
    dt.date(2023, 12, 31),
    dt.date(2024, 6, 30),
    dt.date(2024, 12, 31),
)
#: Draws of each fit.
DRAWS = 400
#: Months ahead over which listed losses are compared.
AHEAD = 12
#: Standard deviation, as a share of the count, in which errors on listed losses are expressed.
LISTED_SD = 0.1


@dataclass(frozen=True)
class PointForecast:
    """One figure of a later time, forecast: by the model with its 80% interval, and by the plain
    rule.
    """

    origin: str
    name: str
    published: float
    sd: float
    median: float
    low: float  #: the draws, the error of the published figure included
    high: float
    same_pace: float | None  #: None where no figure of the kind was known then
    resolved: dt.date  #: when the public knew what came
    factor: float = 1.0  #: what had been learnt by the origin of how wide such a range must be

    @property
    def range(self) -> tuple[float, float]:
        """The 80% interval as it would have been printed: the draws, by the factor learnt by
        then.
        """
        return (
            self.median - self.factor * (self.median - self.low),
            self.median + self.factor * (self.high - self.median),
        )

    @property
    def holds(self) -> bool:
        """Whether the interval holds what came."""
        low, high = self.range
        return low <= self.published <= high

    @property
    def reach(self) -> float:
        """How far what came lies from the median, in halves of the draws' own interval."""
        side = self.high - self.median if self.published > self.median else self.median - self.low
        return abs(self.published - self.median) / max(side, 1e-9)


@dataclass(frozen=True)
class RecoveryBacktest:
    """All forecasts of one class, and what they add up to."""

    forecasts: tuple[PointForecast, ...]

    @property
    def compared(self) -> list[PointForecast]:
        """Forecasts for which the plain rule says something too.

        A figure of nought has no stated deviation in which an error could be measured.
        """
        return [f for f in self.forecasts if f.same_pace is not None and f.sd > 0]

    def error(self, model: bool) -> float | None:
        """Mean absolute error in stated standard deviations of the published figures."""
        if not self.compared:
            return None
        return float(
            np.mean(
                [abs((f.median if model else _rule(f)) - f.published) / f.sd for f in self.compared]
            )
        )

    @property
    def held(self) -> float | None:
        """Share of 80% intervals that hold the figure."""
        return float(np.mean([f.holds for f in self.forecasts])) if self.forecasts else None

    @property
    def held_by_draws(self) -> float | None:
        """Share of the draws' own 80% intervals that hold the figure."""
        if not self.forecasts:
            return None
        return float(np.mean([f.reach <= 1 for f in self.forecasts]))

    @property
    def newest(self) -> tuple[PointForecast, ...]:
        """The forecasts from the newest dates, as many dates as give ten of them.

        The first dates had few published figures, so their ranges say little of today's.
        """
        found: list[PointForecast] = []
        for origin in sorted({f.origin for f in self.forecasts}, reverse=True):
            if len(found) >= WORTH:
                break
            found += [f for f in self.forecasts if f.origin == origin]
        return tuple(found)

    @property
    def last_of_each(self) -> tuple[PointForecast, ...]:
        """The newest forecast of each figure: forecasts of one figure from several dates fail or
        hold together.
        """
        last = {f.name: f for f in sorted(self.forecasts, key=lambda f: f.origin)}
        return tuple(last.values())


def _rule(forecast: PointForecast) -> float:
    assert forecast.same_pace is not None
    return forecast.same_pace


def backtest(
    klass: str,
    now: RecoveryRecords,
    *,
    seed: int = 1,
    draws: int = DRAWS,
    origins: Sequence[dt.date] = ORIGINS,
) -> RecoveryBacktest:
    """Forecasts of one class from each origin of which the records know what came.

    Each fit sees the holdings as of its origin: losses, points and the ranges of parameters whose
    rows were
    public then (wide ranges for the rest). What came is read as of ``now``.
    """
    made: list[PointForecast] = []
    later = published_points(klass, now)
    for origin in origins:
        if origin >= now.as_of.date:
            continue
        try:
            then = fit_class(
                klass, RecoveryRecords(now.holdings, AsOf(origin)), seed=seed, draws=draws
            )
        except DataError:
            continue
        actual = now.listed(then.klass.oryx)
        made += _from(origin, then, later, actual, seed)
    return RecoveryBacktest(tuple(calibrated(made)))


#: Forecasts that the draws' own width counts for, before any has been resolved.
WORTH = 10


def width_factor(resolved: Sequence[PointForecast]) -> float:
    """Return by what the draws' intervals must be multiplied to have held 80% of the forecasts
    resolved so far.

    Beside them stand a few forecasts of the draws as they should be: four in five of these lie
    within their width.
    """
    right = (np.arange(WORTH) + 0.5) / WORTH / 0.8
    return float(np.quantile([*right, *(f.reach for f in resolved)], 0.8))


def calibrated(made: Sequence[PointForecast]) -> list[PointForecast]:
    """Return each forecast with the factor that earlier, resolved forecasts had taught by its
    origin.
    """
    found = []
    for f in made:
        origin = dt.date.fromisoformat(f.origin)
        known = [e for e in made if e.origin < f.origin and e.resolved <= origin]
        found.append(replace(f, factor=width_factor(known)))
    return found


def _from(
    origin: dt.date, then: ClassFit, later: Sequence[PublishedPoint], actual: Listed, seed: int
) -> list[PointForecast]:
    """Forecasts of every later point, and of the losses that were listed in the next year."""
    rng = np.random.default_rng(seed + 2)
    known = {p.name for p in then.points}
    wanted = [
        p
        for p in later
        if month_end(p.last) > origin and p.name not in known and not p.shown and not p.bound
    ]
    months = max([p.last for p in wanted], default=then.months)
    past = _extended(then, max(months, then.months), 2000, rng)
    found = []
    for p in wanted:
        said = p.of(past)
        noisy = said + p.sd * rng.standard_normal(len(said))
        outcome = (p.value, p.sd, dt.date.fromisoformat(p.known_on))
        found.append(_forecast(origin, p.name, outcome, said, noisy, _same_pace(p, then)))
    if actual.months >= then.months + AHEAD:
        came = float(actual.monthly[then.months : then.months + AHEAD].sum())
        said = carried_losses(then, AHEAD, 2000, rng) * AHEAD
        pace = float(then.listed.monthly[-AHEAD:].mean()) * AHEAD
        name = f"listed, {month_text(then.months + 1)} to {month_text(then.months + AHEAD)}"
        outcome = (came, LISTED_SD * came, month_end(then.months + AHEAD))
        found.append(_forecast(origin, name, outcome, said, said, pace))
    return found


def _extended(then: ClassFit, months: int, draws: int, rng: np.random.Generator) -> FlowHistory:
    """The history of some draws, carried on to ``months``."""
    at = rng.integers(0, len(then.fit.past.wear), draws)
    values = {k: v[at] for k, v in then.fit.values.items()}
    more = months - then.months
    past = np.repeat(smooth(then.listed.monthly)[:, None], len(at), axis=1)
    if more > 0:
        level = carried_losses(then, more, len(at), rng)
        # the share listed keeps its last value in a forecast: the step of 2026 was not known then
        index = np.arange(then.months + 1, months + 1)
        last = detection(values, np.array([then.months]))[0]
        ahead = (
            level
            * detection({**values, "detection_2026": values["detection_2026"] * 0}, index)
            / last
        )
        past = np.concatenate([past, ahead])
    values["exposure"] = then.exposure.draw(len(at), rng)
    values["effort_ahead"] = effort_ahead(then, more, len(at), rng)
    return replace(then.fit, values=values).over(past, carried_from=then.months)


def _forecast(
    origin: dt.date,
    name: str,
    outcome: tuple[float, float, dt.date],
    said: np.ndarray,
    noisy: np.ndarray,
    pace: float | None,
) -> PointForecast:
    low, high = np.quantile(noisy, (0.1, 0.9))
    came, sd, known = outcome
    return PointForecast(
        origin.isoformat(),
        name,
        came,
        sd,
        float(np.median(said)),
        float(low),
        float(high),
        pace,
        known,
    )


def _same_pace(point: PublishedPoint, then: ClassFit) -> float | None:
    """What the plain rule says: the last published pace or level of the kind, as known then.

    Losses: the last twelve months that Oryx lists. Other flows: the last published figure of the
    same kind.
    Stored: the last published count less the last published pace of withdrawals (or repairs) since.
    Active:
    the last published count.
    """
    length = point.last - point.first + 1
    scale = 1 if point.monthly else length
    if point.quantity == "lost":
        return float(then.listed.monthly[-AHEAD:].mean()) * scale
    if point.quantity == "active":
        last = _last(then, "active")
        return last.value if last else None
    if point.quantity == "stored":
        count = _last(then, "stored")
        flow = _last(then, "withdrawn") or _last(then, "refurbished")
        if count is None or flow is None:
            return None
        return max(0.0, count.value - _per_month(flow) * (point.last - count.last))
    if point.quantity in ("refurbished", "withdrawn", "new", "delivered"):
        flow = _last(then, point.quantity)
        return _per_month(flow) * scale if flow else None
    return None


def _last(then: ClassFit, quantity: str) -> PublishedPoint | None:
    kind = [p for p in then.points if p.quantity == quantity and not p.shown]
    return max(kind, key=lambda p: (p.last, p.known_on), default=None)


def _per_month(point: PublishedPoint) -> float:
    return point.value if point.monthly else point.value / (point.last - point.first + 1)
