# SPDX-License-Identifier: Apache-2.0
"""``trend``: Sen's slope of a window's periods, with the p of Mann and Kendall corrected for memory.

A series whose periods lean on those before holds fewer independent periods than it has, and the plain test
calls its wandering a trend. The variance of Kendall's S is widened by (1 + r) / (1 - r), r the lag-one
correlation of what is left about Sen's line where that is above zero; n (1 - r) / (1 + r) is the effective
number of periods. Reference: Hamed and Rao (1998), J. Hydrology 204; Yue and Wang (2004), Water Resour.
Manage. 18.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from bilat.measures import Point
from bilat.statistics import mann_kendall
from bilat.verdicts.asked import Test
from bilat.verdicts.forms.question import PendingTest
from bilat.verdicts.outcome import Band
from bilat.verdicts.periods import Picked

#: Fewest periods of a trend.
LEAST = 5


@dataclass(frozen=True)
class Slope:
    """Sen's slope of a series that may have memory."""

    value: float
    low: float
    high: float
    p: float  #: two-sided, corrected for memory
    memory: float  #: lag-one correlation about the line, none below zero
    n: int

    @property
    def effective(self) -> float:
        """How many independent periods the series is worth."""
        return self.n * (1 - self.memory) / (1 + self.memory)


def windows(q: PendingTest) -> list[Picked]:
    return [q.pick("the window", q.mine, q.test.window)]


def slope(points: list[Point]) -> Slope:
    """Sen's slope with p and interval widened for memory."""
    y = np.asarray([p.value for p in points], dtype=float)
    t = np.arange(len(y), dtype=float)
    plain = mann_kendall(y.tolist())
    left = y - plain.slope * t
    left = left - left.mean()
    power = float((left * left).sum())
    r = float((left[1:] * left[:-1]).sum() / power) if power > 0 else 0.0
    r = min(max(0.0, r), 0.95)
    if r == 0.0:
        return Slope(plain.slope, plain.low, plain.high, plain.p, 0.0, len(y))
    n = len(y)
    variance = n * (n - 1) * (2 * n + 5) / 18 * (1 + r) / (1 - r)
    z = max(0.0, abs(plain.s) - 1) / variance**0.5
    wider = ((1 + r) / (1 - r)) ** 0.5
    return Slope(
        plain.slope,
        plain.slope - wider * (plain.slope - plain.low),
        plain.slope + wider * (plain.high - plain.slope),
        max(plain.p, 2 * (1 - NormalDist().cdf(z))),
        r,
        n,
    )


def verdict(test: Test, s: Slope) -> str:
    """Supported with the whole interval toward the claim, contradicted with all of it the other way; a slope toward
    the claim whose interval spans the mark is partly so where its p is small, and without that shows no trend."""
    up, mark = test.direction == "up", test.supported
    if (s.low > mark) if up else (s.high < mark):
        return "supported"
    if (s.high < mark) if up else (s.low > mark):
        return "contradicted"
    toward = (s.value > mark) if up else (s.value < mark)
    return "partly supported" if toward and s.p <= test.significance else "not supported"


def band(s: Slope) -> Band:
    name = "95% interval of Sen's slope"
    if s.memory:
        name += f", widened for memory ({s.n} periods worth {s.effective:.0f})"
    return Band(s.low, s.high, name, 0.95)
