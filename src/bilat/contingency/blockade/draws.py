# SPDX-License-Identifier: Apache-2.0
"""Draws: every parameter that is marked as drawn, uniform between its low and high, for many closures at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from bilat.contingency.blockade.closed_form import Array, many, tanker_days
from bilat.contingency.blockade.inputs import Inputs
from bilat.contingency.blockade.routes import sources
from bilat.contingency.parameters import Parameters
from bilat.errors import UsageError

QUANTILES = (0.05, 0.5, 0.95)
#: closed_form.many, or its plain form
Filler = Callable[[list[float], Array, Array, Array], Array]


@dataclass(frozen=True)
class Spread:
    """5, 50 and 95 per cent of the draws; ``covered`` is the share of draws without a shortage."""

    closed: frozenset[str]
    imports: tuple[float, ...]
    short: tuple[float, ...]
    days: tuple[float, ...]
    covered: float
    drivers: list[
        tuple[str, float]
    ]  #: rank correlation of each drawn parameter with the shortage, largest first


def draw(
    inputs: Inputs,
    closures: Iterable[frozenset[str]],
    p: Parameters,
    draws: int = 10_000,
    seed: int = 1,
    *,
    fill: Filler = many,
    drivers: bool = True,
) -> list[Spread]:
    """The spread of imports, shortage and days for each closure, from one set of draws.

    Raises
    ------
    UsageError
        for fewer than 100 draws or more than ten million.
    """
    if not 100 <= draws <= 10_000_000:
        raise UsageError(f"--draws {draws}: write a number from 100 to 10000000")
    rng = np.random.default_rng(seed)
    drawn = {n: rng.uniform(q.low, q.high, draws) for n, q in p.items() if q.drawn and n != "flow_error"}
    flows = flows_of(inputs, p, drawn, rng)
    open_days = list(tanker_days(frozenset(), p).values())
    fleet = (1 + drawn["fleet_spare"]) * (flows @ np.asarray(open_days))
    wanted = flows.sum(axis=1)
    stock = inputs.stock * drawn["usable_stock"]
    return [
        _spread(inputs, closed, p, drawn, flows, fleet, wanted, stock, fill, drivers) for closed in closures
    ]


def flows_of(inputs: Inputs, p: Parameters, drawn: dict[str, Array], rng: np.random.Generator) -> Array:
    """Flows by draw and source: the central ones, moved between sources by the shares drawn, and an error each."""
    names = list(sources())
    n = len(next(iter(drawn.values())))
    flows = np.tile([inputs.flows.get(s, 0.0) for s in names], (n, 1))

    def move(share: str, inside: str, outside: str, total: float) -> None:
        shift = total * (drawn[share] - p(share))
        shift = np.clip(shift, -flows[:, names.index(inside)], flows[:, names.index(outside)])
        flows[:, names.index(inside)] += shift
        flows[:, names.index(outside)] -= shift

    by = {
        u["input"].removeprefix("share of "): u["value"]
        for u in inputs.used
        if u["input"].startswith("share of ")
    }
    for share, label, inside, outside in (
        ("hormuz_share_saudi", "SAU", "gulf_inside", "yanbu"),
        ("hormuz_share_emirates", "ARE", "gulf_inside", "gulf_outside"),
        ("hormuz_share_other_middle_east", "Other Middle East", "gulf_inside", "gulf_outside"),
        ("iran_share_other_asia", "Other Asia Pacific", "iran", "asia"),
    ):
        move(share, inside, outside, by.get(label, 0.0) * inputs.imports)
    seaborne_russia = inputs.flows.get("russia_pacific", 0.0) / max(p("russia_pacific_share"), 1e-9)
    move("russia_pacific_share", "russia_pacific", "europe", seaborne_russia)
    error = p["flow_error"]
    return np.asarray(flows * (1 + rng.uniform(error.low, error.high, flows.shape)))


def _spread(
    inputs: Inputs,
    closed: frozenset[str],
    p: Parameters,
    drawn: dict[str, Array],
    flows: Array,
    fleet: Array,
    wanted: Array,
    stock: Array,
    fill: Filler,
    drivers: bool,
) -> Spread:
    can = flows
    names = list(sources())
    if "hormuz" in closed:
        inside = np.asarray([s.hormuz for s in sources().values()])
        gone = flows * inside * (1 - p("hormuz_transit"))
        can = flows - gone
        by_pipe = gone.sum(axis=1) - gone[:, names.index("iran")]
        can[:, names.index("yanbu")] += np.minimum(by_pipe, drawn["bypass"] * drawn["china_share_of_hormuz"])
    imports = fill(list(tanker_days(closed, p).values()), can, fleet, wanted)
    short = np.maximum(0.0, inputs.intake * (1 - drawn["rationing"]) - inputs.output - imports)
    lacking = short > 1e-9
    days = np.full(len(short), np.inf)
    days[lacking] = stock[lacking] / short[lacking]
    return Spread(
        closed, _quantiles(imports), _quantiles(short), _quantiles(days), float(1 - lacking.mean()),
        _drivers(drawn, short) if drivers and lacking.any() else [],
    )  # fmt: skip


def _quantiles(values: Array) -> tuple[float, ...]:
    """5, 50 and 95 per cent by the nearest draw: infinite days stay infinite."""
    ordered = np.sort(values)
    return tuple(float(ordered[min(len(ordered) - 1, int(q * len(ordered)))]) for q in QUANTILES)


def _drivers(drawn: dict[str, Array], short: Array) -> list[tuple[str, float]]:
    rank = np.argsort(np.argsort(short))
    ranked = []
    for name, values in drawn.items():
        if np.ptp(values) > 0:
            ranked.append((name, float(np.corrcoef(np.argsort(np.argsort(values)), rank)[0, 1])))
    return sorted((f for f in ranked if abs(f[1]) >= 0.05), key=lambda f: -abs(f[1]))[:5]
