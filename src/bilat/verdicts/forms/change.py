# SPDX-License-Identifier: Apache-2.0
"""``change``: the statistic after over (or minus) the statistic before."""

from __future__ import annotations

import numpy as np

from bilat.verdicts.asked import Test
from bilat.verdicts.forms.question import PendingTest
from bilat.verdicts.periods import Picked, span
from bilat.verdicts.statistic import chosen, reduce


def windows(q: PendingTest) -> list[Picked]:
    return [q.pick("before", q.mine, q.test.before), q.pick("after", q.mine, q.test.after)]


def figure(test: Test, samples: tuple[np.ndarray, ...]) -> np.ndarray:
    before, after = (reduce(x, test.statistic) for x in samples)
    return after - before if test.compare == "difference" else after / before


def period(test: Test, picked: list[Picked]) -> str:
    before, after = (span(chosen(w.points, test.statistic)) for w in picked)
    return f"{after} against {before}"
