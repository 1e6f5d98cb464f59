# SPDX-License-Identifier: Apache-2.0
"""One verdict of several tests, by a way that is data and printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

Combine = Literal["all", "lead", "any"]

#: Verdicts of one test, worst first.
ORDER = ("contradicted", "not supported", "partly supported", "supported")
FOR, AGAINST = ("supported", "partly supported"), ("not supported", "contradicted")


def combine(verdicts: Sequence[str], how: Combine) -> str:
    """One verdict of several tests; what :func:`bilat.verdicts.printed.combination` says.

    A test that cannot be measured as of the date keeps the whole from being more than partly supported; the
    leading one leaves the claim unmeasured.
    """
    measured = [v for v in verdicts if v in ORDER]
    if not measured:
        return "not measurable"
    if how == "any":
        return max(measured, key=ORDER.index)
    return _led(verdicts) if how == "lead" else _all(verdicts, measured)


def _all(verdicts: Sequence[str], measured: Sequence[str]) -> str:
    for_it, against = any(v in FOR for v in measured), any(v in AGAINST for v in measured)
    if for_it and against:
        return "mixed"
    if against:
        return "contradicted" if "contradicted" in measured else "not supported"
    return "supported" if all(v == "supported" for v in verdicts) else "partly supported"


def _led(verdicts: Sequence[str]) -> str:
    lead, others = verdicts[0], verdicts[1:]
    if lead not in FOR:
        return lead
    if "contradicted" in others:
        return "mixed"
    return lead if all(v in FOR for v in others) else "partly supported"
