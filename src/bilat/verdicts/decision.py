# SPDX-License-Identifier: Apache-2.0
"""What decided a test, typed: the windows with their figures and operands, and the thresholds.

A page draws from it the line that decides and the means that are compared, and writes the arithmetic with its
operands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bilat.measures import Measurement
from bilat.verdicts.asked import Test
from bilat.verdicts.outcome import Band, Outcome, Side
from bilat.verdicts.printed import amount


@dataclass(frozen=True)
class Decision:
    """A test with what it gave."""

    test: Test  #: with the codes of the states in it
    measurement: Measurement
    value: float
    band: Band | None
    sides: tuple[Side, ...]  #: of a change before and after, of a gap the other group and the group, else one
    fixed: bool  #: the window ends by the rule, so that no newer record moves the figure

    @property
    def drawn_thresholds(self) -> list[tuple[float, str]]:
        """Where the thresholds stand on the axis of the measure itself: (value, the side that begins there).

        Of a change or a gap they are those of the window that is compared, given the other one's figure. None for a
        trend, whose p decides, and for a sum of several points, which does not stand on the axis.
        """
        t = self.test
        if t.form == "trend" or (t.statistic == "sum" and any(len(s.points) > 1 for s in self.sides)):
            return []
        made: dict[float, str] = {}
        for at, word in self._edges():
            made.setdefault(self._on_axis(at), word)
        return list(made.items())

    def _on_axis(self, at: float) -> float:
        if self.test.form == "level":
            return at
        other = self.sides[0].figure
        return other + at if self.test.compare == "difference" else other * at

    def _edges(self) -> Iterator[tuple[float, str]]:
        """The thresholds of the test, each with the side that begins at it."""
        t = self.test
        for at, word in (
            (t.supported, "for"),
            (t.upper, "for"),
            (t.partly, "in part"),
            (t.upper_partly, "in part"),
        ):
            if at is not None:
                yield at, word

    def written(self, x: float) -> str:
        """A figure of the test in its own unit, three figures that count: ``1.25 times``, ``5.2 points``."""
        return amount(self.test, float(f"{x:.3g}"))


def decision(test: Test, outcome: Outcome) -> Decision | None:
    """What decided a test; None where nothing is measured."""
    if outcome.value is None or outcome.measurement is None:
        return None
    return Decision(
        test=test,
        measurement=outcome.measurement,
        value=outcome.value,
        band=outcome.band,
        sides=outcome.sides,
        fixed=outcome.fixed,
    )
