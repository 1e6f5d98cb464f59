# SPDX-License-Identifier: Apache-2.0
"""The one figure of a window's points, and which of them it rests on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bilat.measures import Point
from bilat.verdicts.claim_tests import Statistic


def reduce(values: np.ndarray, statistic: Statistic) -> np.ndarray:
    """The statistic along the last axis: one window, or many resampled ones at once."""
    match statistic:
        case "mean":
            return np.asarray(values.mean(axis=-1))
        case "median":
            return np.asarray(np.median(values, axis=-1))
        case "sum":
            return np.asarray(values.sum(axis=-1))
        case "max":
            return np.asarray(values.max(axis=-1))
        case "share of periods":
            return np.asarray((values > 0).mean(axis=-1))
        case _:
            return np.asarray(values[..., -1])


def chosen(points: Sequence[Point], statistic: Statistic) -> list[Point]:
    """The points that the statistic rests on: one of them for last and max."""
    match statistic:
        case "last":
            return list(points[-1:])
        case "max":
            return [max(points, key=lambda p: p.value or 0.0)] if points else []
        case _:
            return list(points)


def values(points: Sequence[Point]) -> list[float]:
    """The values of points that have one."""
    return [p.value for p in points if p.value is not None]
