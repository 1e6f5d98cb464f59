# SPDX-License-Identifier: Apache-2.0
"""From a figure and its interval to a verdict, by a test's thresholds and nothing else.

At or beyond ``supported`` in the test's direction the claim is supported, at or beyond ``partly`` partly so,
at or beyond ``contradicted`` on the other side contradicted, else not supported. By interval the whole
interval must pass for supported, the figure alone gives partly, and the whole interval must fail for
contradicted.
"""

from __future__ import annotations

from bilat.verdicts.claim_tests import Test
from bilat.verdicts.outcome import Band


def verdict(test: Test, value: float, band: Band | None) -> str:
    """The verdict of one test on its figure."""
    low, high = (band.low, band.high) if band else (None, None)
    up = test.direction == "up"
    if test.decide == "interval":
        worst, best = (low, high) if up else (high, low)
        if worst is not None and _passes(worst, test.supported, up):
            return "supported"
        if _passes(value, test.supported if test.partly is None else test.partly, up):
            return "partly supported"
        if (
            test.contradicted is not None
            and best is not None
            and not _passes(best, test.contradicted, up)
        ):
            return "contradicted"
        return "not supported"
    if _passes(value, test.supported, up):
        return "supported"
    if test.partly is not None and _passes(value, test.partly, up):
        return "partly supported"
    if test.contradicted is not None and _passes(value, test.contradicted, not up):
        return "contradicted"
    return "not supported"


def _passes(figure: float, threshold: float, up: bool) -> bool:
    return figure >= threshold if up else figure <= threshold
