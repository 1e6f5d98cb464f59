# SPDX-License-Identifier: Apache-2.0
"""Blocks that every plan shows: its numbers, a median with its range."""

from __future__ import annotations

from bilat.document import Column, Table
from bilat.planning.assumptions import Assumptions
from bilat.planning.draws import Quantiles


def numbers_table(numbers: Assumptions) -> Table:
    """Every number of a plan with its range and who says so, the assumed ones first."""
    rows = tuple(
        (
            a.name,
            a.value,
            f"{a.low:g} to {a.high:g}" if a.low < a.high else "",
            a.unit,
            "set by the user" if a.set_by_user else "assumed" if a.assumed else "",
            a.source if not a.set_by_user else "",
        )
        for a in sorted(numbers.values(), key=lambda a: not a.assumed)
    )
    heads = ("number", "value", "range", "unit", "", "who says so")
    return Table(tuple(Column(h) for h in heads), rows)


def between(q: Quantiles, form: str = ",.0f") -> str:
    """``1,110 [659 to 1,564]``: the median with 10% and 90% of the draws."""
    return f"{q.median:{form}} [{q.low:{form}} to {q.high:{form}}]"


def share(q: Quantiles) -> str:
    """``36% [32% to 40%]``."""
    return between(q, ".0%")
