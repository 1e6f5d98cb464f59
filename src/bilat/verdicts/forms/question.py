# SPDX-License-Identifier: Apache-2.0
"""What a form is given: the test with its names filled in, the measurement, the points of its group."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from bilat.measures import Measurement, Point
from bilat.verdicts.asked import Bounds, Test
from bilat.verdicts.periods import Picked, Reach, pick, reach


@dataclass(frozen=True)
class PendingTest:
    """One test about to be judged."""

    test: Test
    m: Measurement
    known: list[Point]  #: points with a value
    until: dt.date | None = None  #: leave out periods that end later

    @cached_property
    def reach(self) -> Reach:
        """How far the rows behind each point reach."""
        return reach(self.m)

    @property
    def mine(self) -> list[Point]:
        """The points of the test's group."""
        return self.of(self.test.group)

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
            until=self.until,
        )
