# SPDX-License-Identifier: Apache-2.0
"""Scores of probabilities against what came: Brier, log, and what the Brier score is made of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bilat.errors import DataError
from bilat.forecast.base_rates import bounded


def brier(p: float, yes: bool) -> float:
    """(p - outcome) squared: 0 is perfect, .25 what an even chance always gets."""
    return (p - yes) ** 2


def log_score(p: float, yes: bool) -> float:
    """-ln of the probability that was given to what came; 0 is perfect, .693 an even chance."""
    p = bounded(p)
    return -math.log(p if yes else 1 - p)


@dataclass(frozen=True)
class Parts:
    """Brier = reliability - resolution + uncertainty + within.

    ``within`` is what is lost by binning: the scatter of the forecasts within a bin, less twice their
    covariance with the outcomes (Stephenson, Coelho and Jolliffe 2008); zero if a bin holds one value.
    """

    brier: float
    reliability: float
    resolution: float
    uncertainty: float
    within: float
    bins: tuple[tuple[float, float, int], ...]  #: (mean forecast, share that came true, number)


def parts(forecasts: Sequence[float], outcomes: Sequence[bool], bins: int = 5) -> Parts:
    """The Murphy decomposition in equal bins of probability.

    Raises
    ------
    DataError
        where nothing is resolved.
    """
    n = len(forecasts)
    if not n or n != len(outcomes):
        raise DataError("no question is resolved: nothing to score", cure="ask as of a later date")
    base = sum(outcomes) / n
    grouped: dict[int, list[tuple[float, bool]]] = {}
    for p, y in zip(forecasts, outcomes, strict=True):
        grouped.setdefault(min(bins - 1, int(p * bins)), []).append((p, y))
    reliability = resolution = within = 0.0
    shown = []
    for _, pairs in sorted(grouped.items()):
        m = len(pairs)
        f, o = sum(p for p, _ in pairs) / m, sum(y for _, y in pairs) / m
        reliability += m * (f - o) ** 2 / n
        resolution += m * (o - base) ** 2 / n
        within += sum((p - f) ** 2 - 2 * (p - f) * (y - o) for p, y in pairs) / n
        shown.append((f, o, m))
    total = sum(brier(p, y) for p, y in zip(forecasts, outcomes, strict=True)) / n
    return Parts(total, reliability, resolution, base * (1 - base), within, tuple(shown))


def advantage(a: Sequence[float], b: Sequence[float]) -> tuple[float, float, float]:
    """Mean of b - a, question by question, with its 90% interval from resampling the questions.

    Above zero: ``a`` scores better. Fixed seed. Questions that share a cause make the interval too narrow.
    """
    import numpy as np

    gaps = np.asarray(b) - np.asarray(a)
    rng = np.random.default_rng(20230320)
    means = gaps[rng.integers(0, len(gaps), (4000, len(gaps)))].mean(axis=1)
    return float(gaps.mean()), float(np.quantile(means, 0.05)), float(np.quantile(means, 0.95))
