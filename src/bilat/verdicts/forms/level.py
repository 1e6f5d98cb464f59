# SPDX-License-Identifier: Apache-2.0
"""``level``: a statistic of one group within a window."""

from __future__ import annotations

import numpy as np

from bilat.verdicts.asked import Test
from bilat.verdicts.forms.question import PendingTest
from bilat.verdicts.periods import Picked, span
from bilat.verdicts.statistic import chosen, reduce


def windows(q: PendingTest) -> list[Picked]:
    return [q.pick("the window", q.mine, q.test.window)]


def figure(test: Test, samples: tuple[np.ndarray, ...]) -> np.ndarray:
    return reduce(samples[0], test.statistic)


def period(test: Test, picked: list[Picked]) -> str:
    return span(chosen(picked[0].points, test.statistic))
