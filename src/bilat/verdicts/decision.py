# SPDX-License-Identifier: Apache-2.0
"""What decided a test, typed: the windows with their figures and operands, the thresholds, how far off they are.

A page draws from it the line that decides and the means that are compared, writes the arithmetic with its
operands, and says how far the figure is from the threshold at which the verdict would turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bilat.measures import Measurement
from bilat.verdicts.asked import Test
from bilat.verdicts.outcome import Band, Outcome, Side
from bilat.verdicts.printed import amount
from bilat.verdicts.thresholds import verdict

#: A figure is moved past a threshold by this share of it, to see which verdict lies beyond.
PAST = 1e-9


@dataclass(frozen=True)
class Turn:
    """The nearest threshold at which the verdict of a test would be another."""

    at: float  #: in the unit of the test's figure
    figure: float  #: what is compared with it: the figure, or the end of its interval that decides
    verdict: str  #: the verdict beyond it
    share: float  #: the distance as a share of the threshold (of the figure, where the threshold is nought)
    above: bool  #: whether the other verdict lies above the threshold


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
        """Where the thresholds stand on the axis of the measure itself: (value, the verdict that begins there).

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
        """The thresholds of the test, each with the verdict that begins at it."""
        t = self.test
        for at, word in (
            (t.supported, "supported"),
            (t.upper, "supported"),
            (t.partly, "partly supported"),
            (t.upper_partly, "partly supported"),
            (t.contradicted, "contradicted"),
        ):
            if at is not None:
                yield at, word

    def turn(self) -> Turn | None:
        """The nearest threshold beyond which the test says something else; None for a trend, whose p decides."""
        if self.test.form == "trend":
            return None
        now = verdict(self.test, self.value, self._own)
        found = []
        for at, _ in self._edges():
            for end in ("", "low", "high") if self._own else ("",):
                figure = float(getattr(self._own, end)) if end else self.value
                scale = abs(at) or abs(figure) or 1.0
                for past in (PAST * scale, -PAST * scale):
                    beyond = self._judged(end, at + past)
                    if beyond != now:
                        found.append(
                            (bool(end), Turn(at, figure, beyond, abs(at - figure) / scale, past > 0))
                        )
        # where the figure and an end lie as near, the figure: it is what a reader sees
        nearest = min(found, key=lambda x: (abs(x[1].at - x[1].figure), x[0], x[1].at), default=None)
        return nearest[1] if nearest else None

    def _judged(self, end: str, at: float) -> str:
        """The verdict with one thing moved, the named end of the interval or else the figure: were both moved, the
        one would be named where the other turns it."""
        own = self._own
        if own and end:
            moved = replace(own, low=at) if end == "low" else replace(own, high=at)
            return verdict(self.test, self.value, moved)
        return verdict(self.test, at, own)

    @property
    def _own(self) -> Band | None:
        """The interval that the verdict hears: never the scatter of the periods, where an interval decides."""
        scatter = self.test.decide == "interval" and self.band is not None and self.band.scatter
        return None if scatter else self.band

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
