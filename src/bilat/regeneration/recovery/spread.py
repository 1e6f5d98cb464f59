# SPDX-License-Identifier: Apache-2.0
"""How far losses carried on may lie from what comes: measured from the record of all classes, as of its date.

At each month's end of the record the mean of the last six months is set beside the mean of the twelve that
followed. The classes move together, so that a year of the record counts as one observation, whatever the number of
classes; few years are few observations, and the draws have the heavy tails of a spread that is itself uncertain.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bilat.errors import DataError
from bilat.regeneration.recovery.points import force_classes
from bilat.regeneration.recovery.records import RecoveryRecords

#: Months whose mean is carried on, and months over which it is compared with what came.
BEFORE, AFTER = 6, 12


@dataclass(frozen=True)
class LossSpread:
    """Standard deviation of the log of what comes over what is carried on, and how surely it is known."""

    value: float
    freedom: float  #: degrees of freedom of the draws; infinite where the value was asked for
    years: int  #: years of the record behind it, besides those the assumed value counts for
    seen: float | None  #: root mean square of the logs in the record alone

    def factors(self, draws: int, months: int, rng: np.random.Generator) -> np.ndarray:
        """What carried losses are multiplied by over ``months``, (draws,)."""
        z = rng.standard_normal(draws) if math.isinf(self.freedom) else rng.standard_t(self.freedom, draws)
        return np.exp(self.value * np.sqrt(max(months, AFTER) / AFTER) * z)


def errors_of(monthly: np.ndarray) -> np.ndarray:
    """Logs of the mean of twelve months over the mean of the six before them, at each month's end that has both."""
    total = np.concatenate([[0.0], np.cumsum(monthly)])
    at = np.arange(BEFORE, len(monthly) - AFTER + 1)
    before = (total[at] - total[at - BEFORE]) / BEFORE
    after = (total[at + AFTER] - total[at]) / AFTER
    some = (before > 0) & (after > 0)
    return np.log(after[some] / before[some])


def blended(assumed: float, worth: float, records: Sequence[np.ndarray]) -> LossSpread:
    """The assumed spread, worth so many years of record, and the record of several classes (monthly losses)."""
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
            series.append(records.listed(klass.oryx, use="spread of carried losses").monthly)
        except DataError:
            continue
    return blended(assumed, worth, series)
