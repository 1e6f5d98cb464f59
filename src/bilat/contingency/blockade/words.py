# SPDX-License-Identifier: Apache-2.0
"""Sentences of the answer that the terminal and the page share."""

from __future__ import annotations

import math

from bilat.contingency.blockade.answer import Blockade

TEN_YEARS = 3653  #: days


def days_text(days: float) -> str:
    """Whole days, below ten with one digit; ``no end`` where nothing is short, ``>10 years`` beyond those."""
    if days > TEN_YEARS:
        return "no end" if math.isinf(days) else ">10 years"
    return f"{days:.0f}" if days >= 10 else f"{days:.1f}"


def lasting(days: float) -> str:
    """``664 days``, ``beyond ten years``, or ``no end`` where nothing is short: as it stands in a sentence."""
    if days > TEN_YEARS:
        return "no end" if math.isinf(days) else "beyond ten years"
    return f"{days_text(days)} days"


def most_text(share: float) -> str:
    """A share as whole per cent; never 0% or 100% for what is only near."""
    return ">99%" if 0.995 <= share < 1 else "<1%" if 0 < share < 0.005 else f"{100 * share:.0f}%"


def spread_text(a: Blockade) -> str:
    """What the draws say, what sets them, and whether the central case lies outside of them."""
    share, days = a.spread.covered, ", ".join(lasting(d) for d in a.spread.days)
    return (
        f"Over {a.draws:,} draws: "
        + (
            "no shortage in any."
            if share == 1
            else f"{days} (5, 50, 95%); no shortage in {most_text(share)} of them."
        )
        + (f" Mostly set by {', '.join(n for n, _ in a.spread.drivers[:3])}." if a.spread.drivers else "")
        + (f" {a.case_beside_draws}" if a.case_beside_draws else "")
    )
