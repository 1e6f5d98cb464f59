# SPDX-License-Identifier: Apache-2.0
"""Short forecasts of a series: four simple methods, the best by its past errors, and the one that was used.

random walk, drift, local level (exponential smoothing), and for months a seasonal walk. Each gives a Student t
on the scale of the series, for any step ahead. The best is the one with the least mean CRPS over forecasts one
step ahead from each past origin, each fitted on what stood before it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

METHODS = ("random walk", "drift", "local level", "seasonal walk")
_WEIGHTS = np.linspace(0.05, 1.0, 20)
#: More degrees of freedom than this are never claimed: tails of real series are heavier than normal.
_MOST_DF = 30
#: A Poisson count on the root scale scatters by about a half: years without an event make it no surer than that.
COUNTS = 0.5


@dataclass(frozen=True)
class Predicted:
    """A Student t on the transformed scale: location, scale, degrees of freedom."""

    at: float
    scale: float
    df: int

    def p_value(self, y: float) -> float:
        """Two-sided chance of a figure as far out as ``y``."""
        from scipy.special import stdtr

        return float(2 * stdtr(self.df, -abs(y - self.at) / self.scale))

    def interval(self, level: float) -> tuple[float, float]:
        """The central interval that holds ``level``."""
        half = _quantile(self.df, level) * self.scale
        return self.at - half, self.at + half

    def crps(self, y: float) -> float:
        """Continuous ranked probability score: in units of ``y``, 0 is best (Jordan and others 2019)."""
        from scipy.special import stdtr

        z, v = (y - self.at) / self.scale, self.df
        density = math.exp(
            math.lgamma((v + 1) / 2) - math.lgamma(v / 2) - (v + 1) / 2 * math.log1p(z * z / v)
        ) / math.sqrt(v * math.pi)
        spread = 2 * math.sqrt(v) / (v - 1) * _beta_ratio(v)
        half = z * (2 * float(stdtr(v, z)) - 1) + 2 * density * (v + z * z) / (v - 1)
        return self.scale * (half - spread)


@cache
def _quantile(df: int, level: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(df, 0.5 + level / 2))


@cache
def _beta_ratio(v: int) -> float:
    """B(1/2, v - 1/2) / B(1/2, v/2)^2."""

    def log_beta(a: float, b: float) -> float:
        return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)

    return math.exp(log_beta(0.5, v - 0.5) - 2 * log_beta(0.5, v / 2))


def predict(
    values: Sequence[float], method: str, ahead: int = 1, season: int = 12, least: float = 0.0
) -> Predicted | None:
    """The forecast of a method ``ahead`` steps after the last of ``values`` (already on their scale).

    ``least`` is the smallest scale of one step: :data:`COUNTS` for counts on the root scale. None where the
    method cannot be fitted: fewer than five errors, or none that differs from zero.
    """
    y = np.asarray(values, dtype=float)
    if method == "seasonal walk":
        if len(y) < season + 6 or ahead > season:
            return None
        # the change over the season's same steps a year ago, added to the last figure
        errors = (y[1:] - y[:-1])[season:] - (y[1:] - y[:-1])[:-season]
        at = y[-1] + y[len(y) - 1 - season + ahead] - y[-1 - season]
        return _made(at, errors, math.sqrt(ahead), lost=1, least=least)
    steps = y[1:] - y[:-1]
    if method == "random walk":
        return _made(y[-1], steps, math.sqrt(ahead), lost=0, least=least)
    if method == "drift":
        mean = float(steps.mean()) if len(steps) else 0.0
        wider = math.sqrt(ahead + ahead * ahead / max(1, len(steps)))
        return _made(y[-1] + ahead * mean, steps - mean, wider, lost=1, least=least)
    weight, level, errors = _smoothed(y)
    return _made(level, errors, math.sqrt(1 + (ahead - 1) * weight**2), lost=2, least=least)


def _made(at: float, errors: NDArray[np.float64], wider: float, lost: int, least: float) -> Predicted | None:
    df = len(errors) - lost
    if df < 4:
        return None
    scale = max(least, math.sqrt(float((errors**2).sum()) / df))
    return Predicted(float(at), scale * wider, min(df, _MOST_DF)) if scale > 0 else None


def _smoothed(y: NDArray[np.float64]) -> tuple[float, float, NDArray[np.float64]]:
    """(weight, last level, errors one step ahead) of the weight with the least squared errors."""
    level = np.full(len(_WEIGHTS), y[0])
    errors = np.empty((len(y) - 1, len(_WEIGHTS)))
    for i in range(1, len(y)):
        errors[i - 1] = y[i] - level
        level = level + _WEIGHTS * errors[i - 1]
    best = int((errors**2).sum(axis=0).argmin())
    return float(_WEIGHTS[best]), float(level[best]), errors[:, best]


@dataclass(frozen=True)
class Tried:
    """How a method did over the past origins of a series."""

    method: str
    crps: float
    covered_80: float
    covered_95: float
    n: int
    widen: float = 1.0  #: by how much its own past misses ask the 95% interval to be widened; never below 1


def trials(
    values: Sequence[float], first: int, window: int, season: int = 0, least: float = 0.0
) -> list[Tried]:
    """Every method over every past origin: forecasts one step ahead, best first; empty if there is no origin.

    ``season`` is the number of steps in a year, 0 for yearly series, which have no seasonal walk.
    Only origins that all methods can forecast from are counted, so that they are compared on the same figures.
    """
    names = METHODS if season else METHODS[:3]
    results: dict[str, list[tuple[float, bool, bool, float]]] = {m: [] for m in names}
    for n in range(first, len(values)):
        past, y = values[max(0, n - window) : n], values[n]
        made = {m: predict(past, m, 1, season, least) for m in names}
        for m, p in made.items():
            if p is None or any(q is None for q in made.values()):
                continue
            lo8, hi8 = p.interval(0.8)
            lo9, hi9 = p.interval(0.95)
            miss = abs(y - p.at) / (hi9 - p.at)
            results[m].append((p.crps(y), lo8 <= y <= hi8, lo9 <= y <= hi9, miss))
    out = []
    for m, rows in results.items():
        if rows:
            crps, inside_80, inside_95 = (float(np.mean([r[i] for r in rows])) for i in range(3))
            widen = widened([r[3] for r in rows])
            out.append(Tried(m, crps, inside_80, inside_95, len(rows), widen))
    return sorted(out, key=lambda t: t.crps)


def widened(misses: Sequence[float]) -> float:
    """The factor that makes a 95% interval hold 95% of a series' own past figures; 1 where it does already.

    ``misses`` are distances from the forecast in units of half the interval. The rank is that of a split-conformal
    limit (Vovk and others 2005), so fewer than nineteen misses give no limit and leave the interval as it is.
    """
    rank = math.ceil(0.95 * (len(misses) + 1))
    return max(1.0, sorted(misses)[rank - 1]) if 0 < rank <= len(misses) else 1.0


def to_scale(values: Sequence[float], scale: str) -> list[float]:
    """Figures on the log, root or raw scale."""
    if scale == "log":
        return [math.log(v) for v in values]
    if scale == "root":
        return [math.copysign(math.sqrt(abs(v)), v) for v in values]
    return list(values)


def from_scale(value: float, scale: str) -> float:
    """Back from a scale; what lies below zero on the root scale is zero."""
    if scale == "log":
        return math.exp(min(value, 700.0))
    return max(0.0, value) ** 2 if scale == "root" else value


def fit_scale(values: Sequence[float], scale: str) -> str:
    """The scale to use: log only where the least figure is at least 5% of the median."""
    if scale == "log" and (min(values) <= 0 or min(values) < 0.05 * float(np.median(values))):
        return "root"
    return scale
