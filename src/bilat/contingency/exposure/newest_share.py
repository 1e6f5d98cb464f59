# SPDX-License-Identifier: Apache-2.0
"""What part of China's exports a coalition buys now, by the newest table of customs by market.

The table has the first months of a year and six markets, so it gives shares and no sales of a year.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bilat.contingency.exposure.inputs import Coalition, coalition
from bilat.planning.figures import Figures

#: The rows of the table: all of China's exports, and those to each market.
ALL_EXPORTS = "X20"
EXPORTS_TO = {
    "EU27": "X21",
    "USA": "X22",
    "JPN": "X23",
    "GBR": "X24",
    "CAN": "X25",
}


@dataclass(frozen=True)
class NewestShare:
    """The share of China's exports that coalitions bought, and in which months."""

    period: str
    shares: dict[str, float]  #: by the name of the coalition


def newest_share(known: Figures, coalitions: Iterable[Coalition]) -> NewestShare | None:
    """Return the newest share of each coalition whose members the table has; None before it was
    public.
    """
    if not known.has((ALL_EXPORTS, *EXPORTS_TO.values())):
        return None
    every = known.rows[ALL_EXPORTS]
    shares = {}
    for whole in coalitions:
        sold = _sold(known, whole)
        if sold is not None:
            shares[whole.name] = sold / float(every.figure)
    return NewestShare(every.period, shares)


def _sold(known: Figures, whole: Coalition) -> float | None:
    """Return what a coalition bought; None if the table lacks one of its members."""
    sold = 0.0
    left = set(whole.members)
    for market, key in EXPORTS_TO.items():
        members = coalition(market).members
        if members <= whole.members:
            sold += float(known.rows[key].figure)
            left -= members
    return None if left else sold
