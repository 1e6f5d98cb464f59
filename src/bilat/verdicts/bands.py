# SPDX-License-Identifier: Apache-2.0
"""The interval of a figure, with its name, from the points' own intervals.

Counts of events have exact intervals, zeros among them; one without width is no interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from bilat.document.wording import few_text
from bilat.measures import Interval, Point
from bilat.statistics import LEVEL, dispersion, poisson_interval, rate_ratio
from bilat.verdicts.claim_tests import Test
from bilat.verdicts.forms import figure
from bilat.verdicts.outcome import Band
from bilat.verdicts.periods import Picked
from bilat.verdicts.statistic import chosen, reduce, values

#: A band, or why there is none; "" where the source gives no interval.
_Found: TypeAlias = tuple[Band | None, str]
_NOT_STATED: _Found = (None, "")


@dataclass(frozen=True)
class _Window:
    """A window reduced to its figure, with the points on which that rests."""

    figure: float
    points: list[Point]


def band_of(test: Test, picked: Sequence[Picked], interval: Interval) -> tuple[Band | None, str]:
    """Return the band of a test's figure, and why there is none.

    Parameters
    ----------
    interval
        what the measure declares the low and the high end of these points to be.
    """
    arrays = [np.asarray(values(w.points), dtype=float) for w in picked]
    value = float(figure(test, tuple(arrays)))
    windows = [
        _Window(float(reduce(array, test.statistic)), chosen(w.points, test.statistic))
        for w, array in zip(picked, arrays, strict=True)
    ]
    band, why = _own(test, windows, value, interval)
    if band is None:
        return None, why or "the source gives no interval"
    if band.low == band.high:
        return None, "its lower and upper ends are the same"
    return band, ""


def _own(test: Test, windows: Sequence[_Window], value: float, interval: Interval) -> _Found:
    """Return the interval that the points' own intervals give.

    A single point hands on its interval. Counts of events add up first: their total has an exact
    interval, and so has the ratio of two rates, a rate of nought among them. Of other figures,
    half-widths with a level are added in quadrature (independent errors), of points that ask the
    same again plainly, which no dependence makes too narrow; bounds without a level are no errors,
    and their ends are taken as they come.
    """
    if interval.kind in ("none", "spread") or interval.about == "new":
        return _NOT_STATED
    single = len(windows) == 1 and len(windows[0].points) == 1
    if interval.about == "rate" and not single:
        return _of_rates(test, windows, value)
    errors = interval.level is not None and interval.about != "repeated"
    ends = [_ends(test, window, errors=errors) for window in windows]
    known = [end for end in ends if end is not None]
    if len(known) < len(ends):
        return _NOT_STATED
    name = interval.name if single else interval.name + _how_added(interval, errors=errors)
    if len(known) == 1:
        return Band(*known[0], name, interval.level), ""
    if errors:
        return _of_errors(test, windows, known, value, name, interval.level)
    return _of_bounds(test, known[0], known[1], name, interval)


def _how_added(interval: Interval, *, errors: bool) -> str:
    """Return how the intervals of several points were added, for the band's name."""
    if interval.level is None:
        return ""
    if errors:
        return ", combined in quadrature"
    return ", with errors added in full because the points depend on one another"


def _ends(test: Test, window: _Window, *, errors: bool) -> tuple[float, float] | None:
    """Return the low and the high end of a window's figure; None where a point has none.

    Independent ``errors`` add in quadrature, other ends plainly.
    """
    points = window.points
    given = [(p.low, p.value, p.high) for p in points if p.low is not None and p.high is not None]
    if not given or len(given) < len(points):
        return None
    if len(given) > 1 and test.statistic not in ("mean", "sum"):
        return None
    low, value, high = np.asarray(given, dtype=float).T
    share = 1 / len(given) if test.statistic == "mean" else 1.0
    if not errors:
        return float(low.sum()) * share, float(high.sum()) * share
    down = float(np.hypot.reduce(value - low)) * share
    up = float(np.hypot.reduce(high - value)) * share
    return window.figure - down, window.figure + up


def _of_errors(
    test: Test,
    windows: Sequence[_Window],
    ends: Sequence[tuple[float, float]],
    value: float,
    name: str,
    level: float | None,
) -> _Found:
    """Return the band of two windows with independent errors, which add in quadrature."""
    before, after = (window.figure for window in windows)
    (before_low, before_high), (after_low, after_high) = ends
    if test.compare == "difference":
        down = float(np.hypot(after - after_low, before_high - before))
        up = float(np.hypot(after_high - after, before - before_low))
        return Band(value - down, value + up, name, level), ""
    if after <= 0 or before <= 0:
        return _NOT_STATED
    down = float(np.hypot((after - after_low) / after, (before_high - before) / before))
    up = float(np.hypot((after_high - after) / after, (before - before_low) / before))
    return Band(value * (1 - min(1.0, down)), value * (1 + up), name, level), ""


def _of_bounds(
    test: Test,
    before: tuple[float, float],
    after: tuple[float, float],
    name: str,
    interval: Interval,
) -> _Found:
    """Return the band of two windows with bounds that are no independent errors.

    The low end of the one stands against the high end of the other; where both are counted alike,
    by the stricter rule or by the wider one, low against low.
    """
    alike = interval.kind == "rule"
    if interval.level is None:
        name += (
            ", counted by the same rule in both periods" if alike else ", by interval arithmetic"
        )
    against = before if alike else before[::-1]
    if test.compare == "difference":
        found = [a - b for a, b in zip(after, against, strict=True)]
    elif min(before) <= 0 or min(after) < 0:
        return None, "the denominator may be zero, so the ratio has no upper end"
    else:
        found = [a / b for a, b in zip(after, against, strict=True)]
    return Band(min(found), max(found), name, interval.level), ""


def _of_rates(test: Test, windows: Sequence[_Window], value: float) -> _Found:
    """Return the exact band of counts of events."""
    years = [_counts(test, window.points) for window in windows]
    known = [counts for counts in years if counts is not None]
    if len(known) < len(years):
        return None, "only a total, a mean or a ratio of event counts has an exact interval"
    return _of_counts(test, known, value), ""


def _counts(test: Test, points: Sequence[Point]) -> list[int] | None:
    """Return the events of each year; None where a point counts none."""
    if not points or (test.statistic not in ("mean", "sum") and len(points) > 1):
        return None
    if any(p.value is None or p.low is None or len(p.period) != 4 for p in points):
        return None
    return [int(p.value or 0) for p in points]


def _of_counts(test: Test, years: Sequence[list[int]], value: float) -> Band:
    """Return the interval of rates of events, or of the ratio or difference of two.

    It is wider where events come in bunches.
    """
    counts = [sum(year) for year in years]
    exposures = [1 if test.statistic == "sum" else len(year) for year in years]
    index = dispersion(*years)
    bunched = max(1.0, index or 1.0)
    vary = _bunching(index)
    if len(counts) == 2 and test.compare != "difference":
        exact = rate_ratio(counts[0], exposures[0], counts[1], exposures[1], bunched=bunched)
        name = f"{LEVEL:.0%} exact interval of the ratio of two rates{vary}"
        return Band(exact.low, exact.high, name, LEVEL)
    name = f"{LEVEL:.0%} exact Poisson interval"
    bounds = [
        poisson_interval(count, exposure, bunched=bunched)
        for count, exposure in zip(counts, exposures, strict=True)
    ]
    if len(bounds) == 1:
        total = f"{name} for the total of {few_text(len(years[0]), 'periods')}{vary}"
        return Band(bounds[0].low, bounds[0].high, total, LEVEL)
    before, after = bounds
    down = float(np.hypot(after.value - after.low, before.high - before.value))
    up = float(np.hypot(after.high - after.value, before.value - before.low))
    each = f"{name} for the total of each side, combined in quadrature{vary}"
    return Band(value - down, value + up, each, LEVEL)


def _bunching(index: float | None) -> str:
    """Return how much more yearly counts vary than by chance, for the band's name."""
    if index is None:
        return ""
    wider = ", which widens it" if index > 1 else ""
    return f"; yearly counts vary {index:.2f} times as much as chance alone would give{wider}"
