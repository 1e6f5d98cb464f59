# SPDX-License-Identifier: Apache-2.0
"""Why a verdict differs between two dates: the world, new rows, another edition, or that it is decided at all.

The later judgement is made again without the periods that ended after the earlier date. If that gives the
earlier verdict, what happened since moved it. If not, the record of the same time moved it: by rows that
arrived, or by an edition that restates those already held.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bilat.verdicts.outcome import Outcome

DECIDED = "became measurable"
LOST = "no longer measurable"
WORLD = "the world moved it"
ROWS = "new rows moved it"
EDITION = "an edition moved it"


def kind(
    then: str,
    now: str,
    until_then: str,
    before: Sequence[Outcome],
    after: Sequence[Outcome],
    *,
    decided: frozenset[str],
) -> str:
    """One of the five, or blank where the verdict stands.

    Parameters
    ----------
    until_then
        the later verdict made without the periods that ended after the earlier date.
    before, after
        the outcomes then, and now without those periods.
    decided
        verdicts that a figure decides.
    """
    if then == now:
        return ""
    if then not in decided:
        return DECIDED if now in decided else "changed in kind"
    if now not in decided:
        return LOST
    if until_then == then:
        return WORLD
    return EDITION if _periods(before) == _periods(after) else ROWS


def _periods(outcomes: Sequence[Outcome]) -> set[tuple[int, str, str]]:
    return {(n, p.period, p.group) for n, o in enumerate(outcomes) for p in o.used}


def grew(before: dt.date | None, after: dt.date | None) -> bool:
    """Whether the record of a later judgement reaches farther than that of the earlier one."""
    return after is not None and (before is None or after > before)
