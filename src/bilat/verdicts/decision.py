# SPDX-License-Identifier: Apache-2.0
"""What decided a test, typed: the windows with their figures and operands, and the thresholds.

A page draws from it the line that decides and the means that are compared, and writes the arithmetic with its
operands.
"""

from __future__ import annotations

from dataclasses import dataclass

from bilat.measures import Measurement
from bilat.verdicts.claim_tests import Test
from bilat.verdicts.outcome import Band, Outcome, Side


@dataclass(frozen=True)
class DecidedTest:
    """A test with what it gave."""

    test: Test  #: with the codes of the states in it
    measurement: Measurement
    value: float
    band: Band | None
    sides: tuple[
        Side, ...
    ]  #: of a change before and after, of a gap the other group and the group, else one
    fixed: bool  #: the window ends by the rule, so that no newer record moves the figure


def decision(test: Test, outcome: Outcome) -> DecidedTest | None:
    """What decided a test; None where nothing is measured."""
    if outcome.value is None or outcome.measurement is None:
        return None
    return DecidedTest(
        test, outcome.measurement, outcome.value, outcome.band, outcome.sides, outcome.fixed
    )
