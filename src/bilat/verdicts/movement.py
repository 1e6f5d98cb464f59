# SPDX-License-Identifier: Apache-2.0
"""Why a verdict differs between two dates: the world, new rows, another edition, or that it is decided at all.

The later judgement is made again without the periods that ended after the earlier date. If that gives the
earlier verdict, what happened since moved it. If not, the record of the same time moved it: by rows that
arrived, or by an edition that restates those already held.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bilat.verdicts.outcome import Outcome


@dataclass(frozen=True)
class Verdicts:
    """The printed verdict, and what the tests alone say, before other choices and other pairs are heard."""

    printed: str
    tests: str


DECIDED = "became measurable"
LOST = "no longer measurable"
WORLD = "the world moved it"
ROWS = "new rows moved it"
EDITION = "an edition moved it"
CHOICES = "what other choices give moved it"


def kind(
    then: Verdicts,
    now: Verdicts,
    until_then: str,
    before: Sequence[Outcome],
    after: Sequence[Outcome],
    *,
    decided: frozenset[str],
) -> str:
    """One of the kinds above, or blank where the verdict stands.

    Parameters
    ----------
    until_then
        what the tests alone say later, without the periods that ended after the earlier date.
    before, after
        the outcomes then, and now without those periods.
    decided
        verdicts that a figure decides.
    """
    if then.printed == now.printed:
        return ""
    if then.printed not in decided:
        return DECIDED if now.printed in decided else "changed in kind"
    if now.printed not in decided:
        return LOST
    if then.tests == now.tests:
        return CHOICES
    if until_then == then.tests:
        return WORLD
    return EDITION if _periods(before) == _periods(after) else ROWS


def _periods(outcomes: Sequence[Outcome]) -> set[tuple[int, str, str]]:
    return {(n, p.period, p.group) for n, o in enumerate(outcomes) for p in o.used}
