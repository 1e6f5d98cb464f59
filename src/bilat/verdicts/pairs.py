# SPDX-License-Identifier: Apache-2.0
"""Which claims can be asked of a pair of states, and who plays which part in them."""

from __future__ import annotations

from typing import Literal

from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.measures import ask
from bilat.when import AsOf

#: ``seller and buyer``: {A} sold arms to {B}, or more of them than it bought. ``these two``: Russia and China.
Applies = Literal["seller and buyer", "these two"]

THESE = Dyad("RUS", "CHN")
#: Least value delivered, in million TIV since the first year that the claims compare, that makes a seller.
LEAST_SALES = 1.0
SINCE = "2009"


def cast(applies: Applies, dyad: Dyad, as_of: AsOf, holdings: Holdings) -> Dyad | None:
    """The pair in the parts that a claim gives them; None where the claim cannot be asked of it."""
    if {dyad.a, dyad.b} == {THESE.a, THESE.b}:
        return THESE
    return None if applies == "these two" else _seller_first(dyad, as_of, holdings)


def _seller_first(dyad: Dyad, as_of: AsOf, holdings: Holdings) -> Dyad | None:
    points = ask("transfers.tiv", dyad, as_of=as_of, holdings=holdings).points

    def sold(seller: str, buyer: str) -> float:
        mine = [p for p in points if p.group == f"{seller}>{buyer}" and "-" not in p.period]
        return sum(p.value or 0.0 for p in mine if p.period >= SINCE)

    ahead = sold(dyad.a, dyad.b)
    back = sold(dyad.b, dyad.a)
    if max(ahead, back) < LEAST_SALES:
        return None
    return dyad if ahead >= back else Dyad(dyad.b, dyad.a)
