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
from bilat.verdicts.rule_text import rival_rule
from bilat.verdicts.rules import run
from bilat.when import AsOf

Told = Literal["holds", "does not hold", "not known"]


def tested(
    r: RivalTest, dyad: Dyad, as_of: AsOf, holdings: Holdings
) -> tuple[Rival, Outcome | None]:
    """The rival reading with its outcome; no outcome where there is no test."""
    names = Names(dyad)
    if r.test is None:
        return Rival(
            names.said(r.reading), "not tested", f"not known: {names.said(r.untested)}"
        ), None
    o = run(r.test, dyad, as_of, holdings)
    rule = rival_rule(r.test, names)
    if o.value is None:
        return Rival(names.said(r.reading), rule, f"not known: {o.missing}"), o
    outcome = told(r.test, o)
    return Rival(names.said(r.reading), rule, f"{outcome}: {o.sentence}", outcome), o


def told(test: Test, o: Outcome) -> Told:
    """Holds or not by the figure; not known where its interval spans the threshold."""
    assert o.value is not None  # asked only of figures
    mark = test.supported
    if o.band is not None and o.band.low < mark < o.band.high:
        return "not known"
    passed = o.value >= mark if test.direction == "up" else o.value <= mark
    return "holds" if passed else "does not hold"
