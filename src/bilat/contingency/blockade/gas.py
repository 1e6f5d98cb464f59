# SPDX-License-Identifier: Apache-2.0
"""Gas: what a closure takes away, how long stores last, and what Russian pipes add."""

from __future__ import annotations

from dataclasses import dataclass

from bilat.contingency.blockade.inputs import Inputs
from bilat.planning.assumptions import Assumptions

#: Supplier of LNG -> its ways, each the set of what it passes; a supplier that is not named comes
#: from the west.
WEST = (
    frozenset({"malacca"}),
    frozenset({"sunda"}),
    frozenset({"lombok"}),
    frozenset({"australia"}),
)
OPEN = (frozenset[str](),)
WAYS: dict[str, tuple[frozenset[str], ...]] = {
    "AUS": (frozenset({"lombok"}), frozenset({"australia"})),
    "IDN": (frozenset({"lombok"}), frozenset({"australia"})),
    "PNG": OPEN,
    "MYS": OPEN,
    "BRN": OPEN,
    "RUS": OPEN,
    "PER": OPEN,
    "Other Asia Pacific": OPEN,
    "USA": (*WEST, frozenset({"pacific"})),
    "TTO": (*WEST, frozenset({"pacific"})),
    "Other Americas": (*WEST, frozenset({"pacific"})),
    "NGA": (*WEST, frozenset({"pacific"})),
}
BEHIND_HORMUZ = ("QAT", "ARE")


@dataclass(frozen=True)
class Gas:
    """One closure: bcm a year. ``lost_rerouted`` if ships for every detour are found, ``lost`` if
    none is.
    """

    closed: frozenset[str]
    imports: float
    lost: float
    lost_rerouted: float
    lines: list[tuple[str, float, float]]  #: (state of the Russian pipes, bcm a year, days)


def solve_gas(inputs: Inputs, closed: frozenset[str], assumptions: Assumptions) -> Gas:
    """What stops, and the days that stores cover it, by what Russian pipes carry.

    Stores count as full, without winter or a limit on the rate: days are upper bounds. A pipe
    replaces what was
    lost one for one; capacity that is not built is an addition to what flowed in the year of the
    rows.
    """
    lost = rerouted = 0.0
    for name, flow in inputs.gas.items():
        way, _, supplier = name.partition(" ")
        if way != "LNG":
            if supplier == "MMR" and "myanmar" in closed:
                lost = lost + flow
                rerouted = rerouted + flow
            continue
        ways = WAYS.get(supplier, WEST)
        shut = "sea" in closed or (supplier in BEHIND_HORMUZ and "hormuz" in closed)
        if shut or all(w & closed for w in ways):
            rerouted += flow
        if shut or ways[0] & closed:
            lost += flow
    store = assumptions("gas_storage")
    flowing = inputs.gas.get("pipe RUS", 0.0)
    planned = max(assumptions("siberia_1") + assumptions("siberia_next"), flowing)
    states = {"without": 0.0, "today's flow": flowing}
    if flowing < assumptions("siberia_1"):
        states["Power of Siberia 1 full"] = assumptions("siberia_1")
    states |= {
        "with the next planned steps": planned,
        "and with Power of Siberia 2": planned + assumptions("siberia_2"),
    }
    return Gas(
        closed,
        sum(inputs.gas.values()),
        lost,
        rerouted,
        [(n, r, cover(store, lost + flowing - r)) for n, r in states.items()],
    )


def cover(store: float, lost: float) -> float:
    """Days that a store (bcm) covers a loss (bcm a year); infinite where nothing is lost."""
    return float("inf") if lost <= 1e-12 else 365.25 * store / lost
