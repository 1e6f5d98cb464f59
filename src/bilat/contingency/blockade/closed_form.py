# SPDX-License-Identifier: Apache-2.0
"""What still arrives: a fractional knapsack by tanker-days, exact for any set of closed straits.

Every barrel is worth the same, so the tankers serve the nearest open source first; pipes come
before all. This
equals the linear programme over sources and routes, because the only rows that bind several sources
are the
fleet and the need (a strait that is half open would be a third, and is not modelled).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bilat.contingency.blockade.inputs import Inputs
from bilat.contingency.blockade.routes import sources
from bilat.planning.assumptions import Assumptions

Array = npt.NDArray[np.float64]
#: Million barrels a day, a thousandth of a barrel: less than this of a need is what arithmetic
#: leaves.
ROUNDING = 1e-9


@dataclass(frozen=True)
class Case:
    """One closure worked out: rates in million barrels a day, ``used`` and ``fleet`` in million
    barrels of lift.

    ``left`` is imports and output less intake after refineries have cut their runs: what goes into
    store, or,
    below zero, what comes out of it; ``short`` is what refineries lack.
    """

    closed: frozenset[str]
    flows: dict[str, float]
    ways: dict[str, str]
    imports: float
    left: float
    short: float
    used: float
    fleet: float

    def days(self, stock: float) -> float:
        """Days until a stock (million barrels) is empty at this shortage; infinite where there is
        none.
        """
        return float("inf") if self.short <= 1e-12 else stock / self.short


def tanker_days(closed: frozenset[str], parameters: Assumptions) -> dict[str, float]:
    """Days of a round trip by source along its shortest open way: 0 overland, infinite where
    shut.
    """
    out = {}
    for name, s in sources().items():
        if s.overland:
            out[name] = 0.0
            continue
        way = s.shortest(closed)
        out[name] = (
            float("inf")
            if way is None
            else 2 * way.miles / (parameters("speed") * 24) + parameters("port_days")
        )
    return out


def capacity(
    inputs: Inputs,
    closed: frozenset[str],
    assumptions: Assumptions,
    *,
    extra: Mapping[str, float] | None = None,
) -> dict[str, float]:
    """What each source can send, million barrels a day: Hormuz acts here, and so do its bypass and
    new lines.

    The bypass moves oil that would have come through Hormuz, so it never adds more than Hormuz
    takes away.
    """
    out = {n: inputs.flows.get(n, 0.0) for n in sources()}
    passes = assumptions("hormuz_transit") if "hormuz" in closed else assumptions("hormuz_now")
    lost = 0.0
    for name, s in sources().items():
        if s.hormuz:
            gone = out[name] * (1 - passes)
            out[name] -= gone
            lost += 0.0 if name == "iran" else gone
    out["yanbu"] += min(lost, assumptions("bypass") * assumptions("china_share_of_hormuz"))
    for name, more in (extra or {}).items():
        out[name] = max(0.0, out[name] + more)
    return out


def fleet_of(inputs: Inputs, assumptions: Assumptions) -> float:
    """Lift at hand in million barrels: what the flows of an open world take, and the spare
    share.
    """
    days = tanker_days(frozenset(), assumptions)
    return (1 + assumptions("fleet_spare")) * sum(
        inputs.flows.get(n, 0.0) * days[n] for n in sources()
    )


def solve(
    inputs: Inputs,
    closed: frozenset[str],
    assumptions: Assumptions,
    *,
    extra: Mapping[str, float] | None = None,
) -> Case:
    """One closure with the central parameters. ``extra``: million barrels a day more (or less) by
    source.
    """
    days = tanker_days(closed, assumptions)
    can = capacity(inputs, closed, assumptions, extra=extra)
    fleet = fleet_of(inputs, assumptions)
    wanted = max(inputs.imports, 0.0)
    flows: dict[str, float] = {}
    left = fleet
    need = wanted
    for name in sorted(can, key=lambda n: days[n]):
        if not np.isfinite(days[name]):
            continue
        flow = min(can[name], need, left / days[name] if days[name] else can[name])
        flows[name] = flow
        left -= flow * days[name]
        need -= flow
    # What is left of the need, and not a sum, which Python rounds in one way to 3.11 and in another
    # since 3.12.
    missing = need if need > ROUNDING else 0.0
    imports = wanted - missing
    over = imports + inputs.output - (inputs.intake - assumptions("rationing") * missing)
    ways = {}
    for name, flow in flows.items():
        way = sources()[name].shortest(closed)
        ways[name] = "overland" if sources()[name].overland else way.name if way and flow else ""
    return Case(
        closed,
        flows,
        ways,
        imports,
        over,
        max(0.0, -over),
        fleet - left,
        fleet,
    )


def many(days: Sequence[float], can: Array, fleet: Array, wanted: Array) -> Array:
    """Imports by draw, vectorised: ``days`` by source, ``can`` draws x sources, ``fleet`` and
    ``wanted`` by draw.

    Returns million barrels a day, one a draw.
    """
    left = fleet.copy()
    need = wanted.copy()
    for i in np.argsort(np.asarray(days), kind="stable"):
        if not np.isfinite(days[i]):
            break
        flow = np.minimum(can[:, i], need)
        if days[i] > 0:
            np.minimum(flow, left / days[i], out=flow)
            left -= flow * days[i]
        need -= flow
    return wanted - need
