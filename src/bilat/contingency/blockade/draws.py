# SPDX-License-Identifier: Apache-2.0
"""Draws: every number that is marked as drawn, uniform between its low and high, for many closures
at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from bilat.contingency.blockade.closed_form import Array, many, tanker_days
from bilat.contingency.blockade.inputs import Inputs
from bilat.contingency.blockade.routes import sources
from bilat.errors import UsageError
from bilat.planning import Assumptions, Quantiles, quantiles_of, stream
from bilat.planning.draws import RUNS

#: Numbers that each draw has, drawn or set.
ALWAYS = ("stock", "stock_drawn", "hormuz_now", "intake", "usable_stock", "rationing")
#: Russian oil that comes overland.
RUSSIAN = ("russia_pipe", "russia_via_kazakhstan")


@dataclass(frozen=True)
class Drawn:
    """What one closure does in each draw, (draws,): million barrels a day, days, and the stock
    that can be drawn.
    """

    closed: frozenset[str]
    imports: Array
    cut: Array  #: runs that refineries cut because oil is dear and scarce
    short: Array
    days: Array


@dataclass(frozen=True)
class Spread:
    """Median with 10% and 90%. ``lost`` is a share of imports; ``covered`` the share of draws
    without a shortage.
    """

    closed: frozenset[str]
    lost: Quantiles
    cut: Quantiles
    short: Quantiles
    days: Quantiles
    covered: float


def draw(
    inputs: Inputs,
    closures: Iterable[frozenset[str]],
    assumptions: Assumptions,
    draws: int = RUNS,
    seed: int = 1,
) -> list[Spread]:
    """The spread of imports, shortage and days for each closure, from one set of draws."""
    asked = list(closures)
    _, (now, *found) = drawn(inputs, [frozenset(), *asked], assumptions, draws, seed)
    return [spread_of(now, d) for d in found]


def drawn(
    inputs: Inputs,
    closures: Iterable[frozenset[str]],
    assumptions: Assumptions,
    draws: int = RUNS,
    seed: int = 1,
    *,
    minus: tuple[str, ...] = (),
) -> tuple[dict[str, Array], list[Drawn]]:
    """(the numbers drawn, what each closure does), the same draws whatever is closed.

    Parameters
    ----------
    minus
        sources that send nothing once the closure comes.

    Raises
    ------
    UsageError
        for fewer than 100 draws or more than ten million.
    """
    if not 100 <= draws <= 10_000_000:
        raise UsageError(f"`draws` {draws}: write a number from 100 to 10000000")
    numbers = numbers_drawn(assumptions, draws, seed)
    flows = flows_of(inputs, assumptions, numbers, seed)
    wanted = flows.sum(axis=1)
    fleet = (1 + numbers["fleet_spare"]) * (
        flows @ np.asarray(list(tanker_days(frozenset(), assumptions).values()))
    )
    names = list(sources())
    can = flows.copy()
    can[:, [names.index(n) for n in minus]] = 0.0
    stock = can_be_drawn(numbers)
    return numbers, [
        _one(inputs, c, assumptions, numbers, can, fleet, wanted, stock) for c in closures
    ]


def in_stock(numbers: Mapping[str, Array]) -> Array:
    """Return the crude in stock on the date, by run: the last count less what has been drawn."""
    return np.maximum(numbers["stock"] - numbers["stock_drawn"], 0.0)


def can_be_drawn(numbers: Mapping[str, Array]) -> Array:
    """Return the crude in stock that can be used, by run."""
    return in_stock(numbers) * numbers["usable_stock"]


def numbers_drawn(assumptions: Assumptions, draws: int, seed: int) -> dict[str, Array]:
    """Every number that draws vary, (draws,) each; the error of flows is drawn by source."""
    drawn = {n: q for n, q in assumptions.items() if (q.drawn or n in ALWAYS) and n != "flow_error"}
    return {n: q.draw(stream(n, seed), draws) for n, q in drawn.items()}


def flows_of(inputs: Inputs, assumptions: Assumptions, drawn: dict[str, Array], seed: int) -> Array:
    """Flows by draw and source: the central ones, moved between sources by the shares drawn, and
    an error each.
    """
    names = list(sources())
    n = len(next(iter(drawn.values())))
    flows = np.tile([inputs.flows.get(s, 0.0) for s in names], (n, 1))

    def move(share: str, inside: str, outside: str, total: float) -> None:
        shift = total * (drawn[share] - assumptions(share))
        shift = np.clip(shift, -flows[:, names.index(inside)], flows[:, names.index(outside)])
        flows[:, names.index(inside)] += shift
        flows[:, names.index(outside)] -= shift

    by = {
        u.input.removeprefix("share of "): float(u.value)
        for u in inputs.used
        if u.input.startswith("share of ")
    }
    for share, label, inside, outside in (
        ("hormuz_share_saudi", "SAU", "gulf_inside", "yanbu"),
        ("hormuz_share_emirates", "ARE", "gulf_inside", "gulf_outside"),
        ("hormuz_share_other_middle_east", "Other Middle East", "gulf_inside", "gulf_outside"),
        ("iran_share_other_asia", "Other Asia Pacific", "iran", "asia"),
    ):
        move(share, inside, outside, by.get(label, 0.0) * inputs.imports)
    seaborne_russia = inputs.flows.get("russia_pacific", 0.0) / max(
        assumptions("russia_pacific_share"), 1e-9
    )
    move("russia_pacific_share", "russia_pacific", "europe", seaborne_russia)
    error = assumptions["flow_error"]
    return np.asarray(
        flows * (1 + stream("flow_error", seed).uniform(error.low, error.high, flows.shape))
    )


def _one(
    inputs: Inputs,
    closed: frozenset[str],
    assumptions: Assumptions,
    numbers: dict[str, Array],
    flows: Array,
    fleet: Array,
    wanted: Array,
    stock: Array,
) -> Drawn:
    names = list(sources())
    passes = numbers["hormuz_now"]
    if "hormuz" in closed:
        passes = np.full_like(passes, assumptions("hormuz_transit"))
    inside = np.asarray([s.hormuz for s in sources().values()])
    gone = flows * inside * (1 - passes)[:, None]
    can = flows - gone
    by_pipe = gone.sum(axis=1) - gone[:, names.index("iran")]
    can[:, names.index("yanbu")] += np.minimum(
        by_pipe, numbers["bypass"] * numbers["china_share_of_hormuz"]
    )
    imports = many(list(tanker_days(closed, assumptions).values()), can, fleet, wanted)
    cut = numbers["rationing"] * np.maximum(0.0, wanted - imports)
    short = np.maximum(0.0, numbers["intake"] - cut - inputs.output - imports)
    lacking = short > 1e-9
    days = np.full(len(short), np.inf)
    days[lacking] = stock[lacking] / short[lacking]
    return Drawn(closed, imports, cut, short, days)


def spread_of(now: Drawn, d: Drawn) -> Spread:
    """Return medians with their ranges; what is lost is a share of what comes ``now``."""
    return Spread(
        d.closed,
        quantiles_of(np.maximum(0.0, 1 - d.imports / np.maximum(now.imports, 1e-9))),
        quantiles_of(d.cut),
        quantiles_of(d.short),
        quantiles_of(d.days),
        float(np.mean(d.short <= 1e-9)),
    )
