# SPDX-License-Identifier: Apache-2.0
"""How far losses carried on may lie from what comes: measured from the record of all classes, as of
its date.

At each month's end of the record the median of the last six months is set beside the mean of the
twelve that
followed. The classes move together, so that a year of the record counts as one observation,
whatever the number of
classes; few years are few observations, and the draws have the heavy tails of a spread that is
itself uncertain.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bilat.errors import DataError
from bilat.regeneration.recovery.points import force_classes
from bilat.regeneration.recovery.records import RecoveryRecords

#: Months whose mean is carried on, and months over which it is compared with what came.
BEFORE = 6
AFTER = 12


@dataclass(frozen=True)
class LossSpread:
    """Standard deviation of the log of what comes over what is carried on, and how surely it is
    known.
    """

    value: float
    freedom: float  #: degrees of freedom of the draws; infinite where the value was asked for
    years: int  #: years of the record behind it, besides those the assumed value counts for
    seen: float | None  #: root mean square of the logs in the record alone

    def factors(self, draws: int, months: int, rng: np.random.Generator) -> np.ndarray:
        """What carried losses are multiplied by over ``months``, (draws,)."""
        z = (
            rng.standard_normal(draws)
            if math.isinf(self.freedom)
            else rng.standard_t(self.freedom, draws)
        )
        return np.exp(self.value * np.sqrt(max(months, AFTER) / AFTER) * z)


def carried_level(monthly: np.ndarray, months: int) -> float:
    """The median of the last ``months``: a rout or a lull of one month is not carried on.

    Over 20 classes that Oryx lists, 2022 to 2026, the log of the mean of the twelve months that
    followed lay 0.56
    (root mean square) from it, 0.59 from the mean of six months, 0.60 of three, 0.66 of twelve; its
    bias is half
    that of the mean.
    """
    return float(np.median(monthly[-months:]))


def errors_of(monthly: np.ndarray) -> np.ndarray:
    """Logs of the mean of twelve months over the median of the six before them, at each month's
    end that has both.
    """
    total = np.concatenate([[0.0], np.cumsum(monthly)])
    at = np.arange(BEFORE, len(monthly) - AFTER + 1)
    before = np.array([carried_level(monthly[:n], BEFORE) for n in at])
    after = (total[at + AFTER] - total[at]) / AFTER
    some = (before > 0) & (after > 0)
    return np.log(after[some] / before[some])


def blended(assumed: float, worth: float, records: Sequence[np.ndarray]) -> LossSpread:
    """The assumed spread, worth so many years of record, and the record of several classes
    (monthly losses).
    """
    found = [e for e in map(errors_of, records) if e.size]
    if not found:
        return LossSpread(assumed, worth, 0, None)
    years = max(1, (max(map(len, records)) - BEFORE) // AFTER)
    square = float(np.mean([np.mean(e * e) for e in found]))
    value = math.sqrt((worth * assumed**2 + years * square) / (worth + years))
    return LossSpread(value, worth + years, years, math.sqrt(square))


def loss_spread(records: RecoveryRecords, assumed: float, worth: float) -> LossSpread:
    """The spread as of the records' date, from the listed losses of every class that is held."""
    series = []
    for klass in force_classes().values():
        try:
            series.append(tuple(records.listed(klass.oryx).monthly.tolist()))
        except DataError:
            continue
    return _blended(assumed, worth, tuple(series))


@lru_cache(maxsize=16)
def _blended(assumed: float, worth: float, series: tuple[tuple[float, ...], ...]) -> LossSpread:
    """Fits of one day share what the same record says."""
    return blended(assumed, worth, [np.array(monthly) for monthly in series])


#: What is believed of the exposure before the record is asked: half way between Lanchester's square
#: law (0) and his
#: linear law (1), with room for both and for a side that takes armour back as it runs short.
#: Assumed.
EXPOSURE = (0.5, 0.5)
#: Months of the opening campaign, which was fought on four axes and tells nothing of the war of
#: positions after it.
OPENING = 6
#: Months that make one observation of losses and stock.
QUARTER = 3


@dataclass(frozen=True)
class LossExposure:
    """How losses follow the stock that is left: the power, with its standard deviation and what it
    was learnt from.
    """

    mean: float
    sd: float
    quarters: int
    slope: float | None  #: least squares of the record alone; None where it is too short

    def draw(self, draws: int, rng: np.random.Generator) -> np.ndarray:
        """Draws, not below 0, (draws,)."""
        return np.maximum(rng.normal(self.mean, self.sd, draws), 0.0)


def exposure_of(lost: np.ndarray, active: np.ndarray) -> LossExposure:
    """The power that the record bears out: log losses of a quarter on the log of its active stock,
    with the prior.

    The scatter of quarters around the line is that of the tempo; quarters follow one another, so
    that one in two
    counts as an observation of its own.
    """
    mean, sd = EXPOSURE
    lost = lost[OPENING:]
    active = active[OPENING:]
    quarters = len(lost) // QUARTER
    losses = lost[: quarters * QUARTER].reshape(quarters, QUARTER).sum(1)
    stock = active[: quarters * QUARTER].reshape(quarters, QUARTER).mean(1)
    some = (losses > 0) & (stock > 0)
    if some.sum() < 4:
        return LossExposure(mean, sd, int(some.sum()), None)
    x = np.log(stock[some])
    y = np.log(losses[some])
    x = x - x.mean()
    slope = float(x @ y / max(x @ x, 1e-9))
    residual = float(np.sum((y - y.mean() - slope * x) ** 2) / max(some.sum() - 2, 1))
    known = x @ x / 2 / max(residual, 1e-6)
    weight = known + 1 / sd**2
    return LossExposure(
        float((known * slope + mean / sd**2) / weight), float(weight**-0.5), int(some.sum()), slope
    )
