# SPDX-License-Identifier: Apache-2.0
"""From a figure and its interval to a verdict, by a test's thresholds and nothing else.

At or beyond ``supported`` in the test's direction the claim is supported, at or beyond ``partly`` partly so,
at or beyond ``contradicted`` on the other side contradicted, else not supported. By interval the whole
interval must pass for supported, the figure alone gives partly, and the whole interval must fail for
contradicted. With ``upper`` the figure must lie in a band.
"""

from __future__ import annotations

from bilat.verdicts.asked import Test
from bilat.verdicts.outcome import Band


def verdict(test: Test, value: float, band: Band | None) -> str:
    """The verdict of one test on its figure."""
    if test.upper is not None:
        return _within(test, value, band)
    low, high = (band.low, band.high) if band else (None, None)
    up = test.direction == "up"
    if test.decide == "interval":
        worst, best = (low, high) if up else (high, low)
        if worst is not None and _passes(worst, test.supported, up):
            return "supported"
        if _passes(value, test.supported if test.partly is None else test.partly, up):
            return "partly supported"
        if test.contradicted is not None and best is not None and not _passes(best, test.contradicted, up):
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


def _within(test: Test, value: float, band: Band | None) -> str:
    """A band: between supported and upper; partly between partly and upper_partly."""
    assert test.upper is not None  # only then is there a band
    floor = test.supported if test.partly is None else test.partly
    ceiling = test.upper if test.upper_partly is None else test.upper_partly
    low, high = (band.low, band.high) if band and test.decide == "interval" else (value, value)
    if test.decide == "interval" and band is None:
        return "partly supported" if floor <= value <= ceiling else "not supported"
    if test.supported <= low and high <= test.upper:
        return "supported"
    if floor <= value <= ceiling:
        return "partly supported"
    if test.decide == "interval" and (low > ceiling or high < floor):
        return "contradicted"
    return "not supported"
