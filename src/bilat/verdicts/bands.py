# SPDX-License-Identifier: Apache-2.0
"""The interval of a figure, with its name, from the points' own intervals.

Counts of events have exact intervals, zeros among them; one without width is no interval.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bilat.measures import Interval, Point
from bilat.statistics import LEVEL, dispersion, poisson_interval, rate_ratio
from bilat.verdicts.asked import Test
from bilat.verdicts.forms import figure
from bilat.verdicts.outcome import Band
from bilat.verdicts.periods import Picked
from bilat.verdicts.statistic import chosen, reduce, values


def band_of(test: Test, picked: Sequence[Picked], interval: Interval) -> tuple[Band | None, str]:
    """(the band, why there is none).

    ``interval`` is what the measure declares the low and the high end of these points to be.
    """
    arrays = [np.asarray(values(w.points), dtype=float) for w in picked]
    stats = [float(reduce(a, test.statistic)) for a in arrays]
    own, why = _own(test, picked, stats, float(figure(test, tuple(arrays))), interval)
    if own is not None and own.low == own.high:
        return None, "its low and high are the same figure"
    return own, "" if own else why or "the source states no interval"


def _own(
    test: Test,
    picked: Sequence[Picked],
    stats: Sequence[float],
    value: float,
    interval: Interval,
) -> tuple[Band | None, str]:
    """The interval that the points' own intervals give; None where they give none, with why if nothing else can.

    A single point hands on its interval. Counts of events add up first: their total has an exact interval, and so has
    the ratio of two rates, a rate of nought among them. Of other figures, half-widths with a level are added in
    quadrature (independent errors), of points that ask the same again plainly, which no dependence makes too narrow;
    bounds without a level are no errors, and their ends are taken as they come.
    """
    if interval.kind in ("none", "spread") or interval.about == "new":
        return None, ""
    name = interval.name
    level = interval.level
    one = len(picked) == 1 and len(chosen(picked[0].points, test.statistic)) == 1
    if interval.about == "rate" and not one:
        counts = [c for w in picked if (c := _counts(test, w.points)) is not None]
        if len(counts) == len(picked):
            return _of_counts(test, counts, value), ""
        return (
            None,
            "only a total, a mean or a ratio of event counts has an exact interval",
        )
    errors = level is not None and interval.about != "repeated"
    ends = [_ends(test, w.points, stat, errors) for w, stat in zip(picked, stats, strict=True)]
    known = [e for e in ends if e is not None]
    if len(known) < len(ends):
        return None, ""
    if errors and not one:
        name += ", combined in quadrature"
    if level is not None and not errors and not one:
        name += ", errors added as of points that depend on one another"
    if len(known) == 1:
        return Band(*known[0], name, level), ""
    if not errors:
        return _against(test, known[0], known[1], name, alike=interval.kind == "rule", level=level)
    (bl, bh), (al, ah) = known
    b, a = stats
    if test.compare == "difference":
        return Band(
            value - float(np.hypot(a - al, bh - b)),
            value + float(np.hypot(ah - a, b - bl)),
            name,
            level,
        ), ""
    if a <= 0 or b <= 0:
        return None, ""
    low = value * (1 - min(1.0, float(np.hypot((a - al) / a, (bh - b) / b))))
    return Band(low, value * (1 + float(np.hypot((ah - a) / a, (b - bl) / b))), name, level), ""


def _ends(
    test: Test, points: Sequence[Point], stat: float, errors: bool
) -> tuple[float, float] | None:
    """The low and the high end of a window's figure: independent ``errors`` add in quadrature, other ends plainly."""
    points = chosen(points, test.statistic)
    given = [(p.low, p.value, p.high) for p in points if p.low is not None and p.high is not None]
    if (
        not given
        or len(given) < len(points)
        or (len(given) > 1 and test.statistic not in ("mean", "sum"))
    ):
        return None
    low, value, high = np.asarray(given, dtype=float).T
    share = 1 / len(given) if test.statistic == "mean" else 1.0
    if not errors:
        return float(low.sum()) * share, float(high.sum()) * share
    down, up = (float(np.hypot.reduce(x)) * share for x in (value - low, high - value))
    return stat - down, stat + up


def _against(
    test: Test,
    before: tuple[float, float],
    after: tuple[float, float],
    name: str,
    *,
    alike: bool,
    level: float | None = None,
) -> tuple[Band | None, str]:
    """Of two windows with bounds that are no independent errors: the low end of the one against the high end of the
    other, but where both are counted ``alike``, by the stricter rule or by the wider one."""
    if level is None:
        name += ", by the same rule in both windows" if alike else ", by interval arithmetic"
    pairs = list(zip(after, before if alike else before[::-1], strict=True))
    if test.compare != "difference" and (min(before) <= 0 or min(after) < 0):
        return None, "the denominator may be zero, so the ratio has no upper end"
    found = [a - b if test.compare == "difference" else a / b for a, b in pairs]
    return Band(min(found), max(found), name, level), ""


def _counts(test: Test, points: Sequence[Point]) -> list[int] | None:
    """The events of each year, of a mean or a sum of points that count them; None of any other."""
    points = chosen(points, test.statistic)
    if not points or (test.statistic not in ("mean", "sum") and len(points) > 1):
        return None
    if any(p.value is None or p.low is None or len(p.period) != 4 for p in points):
        return None
    return [int(p.value or 0) for p in points]


def _of_counts(test: Test, years: Sequence[list[int]], value: float) -> Band:
    """The interval of rates of events, or of the ratio or difference of two; wider where events come in bunches."""
    said = f"{LEVEL:.0%} exact Poisson interval"
    counts = [sum(y) for y in years]
    exposures = [1 if test.statistic == "sum" else len(y) for y in years]
    index = dispersion(*years)
    bunched = max(1.0, index or 1.0)
    vary = (
        ""
        if index is None
        else f"; yearly counts vary {index:.2f} times as much as chance alone would give"
    )
    vary += ", which widens it" if bunched > 1 else ""
    if len(counts) == 2 and test.compare != "difference":
        exact = rate_ratio(counts[0], exposures[0], counts[1], exposures[1], bunched=bunched)
        return Band(
            exact.low,
            exact.high,
            f"{LEVEL:.0%} exact interval of the ratio of two rates{vary}",
            LEVEL,
        )
    bounds = [
        poisson_interval(n, e, bunched=bunched) for n, e in zip(counts, exposures, strict=True)
    ]
    if len(bounds) == 1:
        of = f"{said} of the total of {len(years[0])} periods{vary}"
        return Band(bounds[0].low, bounds[0].high, of, LEVEL)
    b, a = bounds
    return Band(
        value - float(np.hypot(a.value - a.low, b.high - b.value)),
        value + float(np.hypot(a.high - a.value, b.value - b.low)),
        f"{said} of each window's total, combined in quadrature{vary}",
        LEVEL,
    )
