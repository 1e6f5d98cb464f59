# SPDX-License-Identifier: Apache-2.0
"""The forms of a test: which windows each reads, and the one figure that it makes of them.

A form is given the test with its names filled in, the measurement, and the points of its group.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bilat.measures import Measurement, Point
from bilat.verdicts.claim_tests import Bounds, Test
from bilat.verdicts.periods import Picked, Reach, pick, reach, span
from bilat.verdicts.statistic import chosen, reduce


@dataclass(frozen=True)
class PendingTest:
    """One test about to be judged."""

    test: Test
    m: Measurement
    known: list[Point]  #: points with a value

    @cached_property
    def reach(self) -> Reach:
        """How far the rows behind each point reach."""
        return reach(self.m)

    def of(self, group: str) -> list[Point]:
        """The points of a group; all of them for "" and "*"."""
        return self.known if group in ("", "*") else [p for p in self.known if p.group == group]

    def pick(self, name: str, points: Iterable[Point], window: Bounds | None) -> Picked:
        """The whole periods of a window."""
        return pick(
            name,
            points,
            window,
            self.m,
            statistic=self.test.statistic,
            moment=self.test.moment,
            sparse=self.test.sparse,
            partial=self.reach.partial,
        )


def windows(q: PendingTest) -> list[Picked]:
    """Of a level its window; of a change before and after; of a gap the other group and the group, where both have
    periods of one form those that both have."""
    test = q.test
    mine = q.of(q.test.group)
    match test.form:
        case "change":
            return [q.pick("before", mine, test.before), q.pick("after", mine, test.after)]
        case "gap":
            other = q.of(test.minus)
            both = {p.period for p in mine} & {p.period for p in other}
            if both:
                mine, other = ([p for p in points if p.period in both] for points in (mine, other))
            return [
                q.pick(test.minus, other, test.window),
                q.pick(test.group or "the group", mine, test.window),
            ]
        case _:
            return [q.pick("the window", mine, test.window)]


def figure(test: Test, samples: tuple[np.ndarray, ...]) -> np.ndarray:
    """The statistic of the window, or that of the second over (or minus) that of the first."""
    *first, last = (reduce(x, test.statistic) for x in samples)
    if not first:
        return last
    return last - first[0] if test.compare == "difference" else last / first[0]


def period(test: Test, picked: list[Picked]) -> str:
    """The periods that the figure rests on."""
    spans = [span(chosen(w.points, test.statistic)) for w in picked]
    return f"{spans[1]} against {spans[0]}" if test.form == "change" else spans[-1]
