# SPDX-License-Identifier: Apache-2.0
"""A rival reading put to its test: it holds, it does not hold, or it cannot be told."""

from __future__ import annotations

from typing import Literal

from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.verdicts.claim_tests import Test
from bilat.verdicts.judgement import Rival
from bilat.verdicts.ledger import RivalTest
from bilat.verdicts.names import Names
from bilat.verdicts.outcome import Outcome
from bilat.verdicts.rule_text import figure, holds_if, rival_rule
from bilat.verdicts.rules import run
from bilat.when import AsOf

Told = Literal["holds", "does not hold", "not known"]


def tested(
    r: RivalTest, dyad: Dyad, as_of: AsOf, holdings: Holdings
) -> tuple[Rival, Outcome | None]:
    """The rival reading with its outcome; no outcome where there is no test."""
    names = Names(dyad)
    reading = names.said(r.reading)
    if r.test is None:
        untested = names.said(r.untested)
        return Rival(reading, "not tested", f"not known: {untested}", found=untested), None
    o = run(r.test, dyad, as_of, holdings)
    outcome = "not known" if o.value is None else told(r.test, o)
    found = o.missing if o.value is None else o.sentence
    test = r.test.named(dyad.a, dyad.b)
    return (
        Rival(
            reading,
            rival_rule(r.test, names),
            f"{outcome}: {found}",
            outcome,
            asks=figure(test, names),
            holds_if=holds_if(test),
            found=found,
        ),
        o,
    )


def told(test: Test, outcome: Outcome) -> Told:
    """Holds or not by the figure; not known where its interval spans the threshold."""
    assert outcome.value is not None  # asked only of figures
    mark = test.supported
    if outcome.band is not None and outcome.band.low < mark < outcome.band.high:
        return "not known"
    passed = outcome.value >= mark if test.direction == "up" else outcome.value <= mark
    return "holds" if passed else "does not hold"
