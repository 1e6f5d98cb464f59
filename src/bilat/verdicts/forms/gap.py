# SPDX-License-Identifier: Apache-2.0
"""``gap``: the statistic of one group over (or minus) that of another, of the same periods.

Where the two have periods of one form, only those that both have are compared.
"""

from __future__ import annotations

import numpy as np

from bilat.verdicts.asked import Test
from bilat.verdicts.forms.question import PendingTest
from bilat.verdicts.periods import Picked, span
from bilat.verdicts.statistic import chosen, reduce


def windows(q: PendingTest) -> list[Picked]:
    mine, other = q.of(q.test.group), q.of(q.test.minus)
    both = {p.period for p in mine} & {p.period for p in other}
    if both:
        mine, other = ([p for p in points if p.period in both] for points in (mine, other))
    return [
        q.pick(q.test.minus, other, q.test.window),
        q.pick(q.test.group or "the group", mine, q.test.window),
    ]


def figure(test: Test, samples: tuple[np.ndarray, ...]) -> np.ndarray:
    other, mine = (reduce(x, test.statistic) for x in samples)
    return mine - other if test.compare == "difference" else mine / other


def period(test: Test, picked: list[Picked]) -> str:
    return span(chosen(picked[-1].points, test.statistic))
