# SPDX-License-Identifier: Apache-2.0
"""The monthly flow model: which demand goes without in which month, and what one barrel more would be worth.

A linear programme over sources, months, tiers of demand and the stock, solved with HiGHS. It foresees the
whole horizon, so it spreads a shortage from the first month on: days of supply are not read off it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bilat.contingency.blockade.closed_form import capacity, fleet_of, tanker_days
from bilat.contingency.blockade.inputs import Inputs
from bilat.contingency.parameters import Parameters
from bilat.errors import DataError, UsageError

DAYS = 365.25 / 12  #: days of a month of the model
TIERS = ("build", "exports", "petrochemicals", "industry", "transport", "essential")


@dataclass(frozen=True)
class Months:
    """The answer of the programme. Rates in million barrels a day, stocks in million barrels at month's end.

    ``worth`` is the value of one more barrel a day in a month, on the scale in which a barrel of stock
    building is 1; ``objective`` the whole cost.
    """

    imports: list[float]
    unmet: dict[str, list[float]]
    stock: list[float]
    worth: list[float]
    fleet_worth: list[float]
    objective: float

    def mean(self, tier: str) -> float:
        """Mean unmet demand of a tier over the months."""
        return float(np.mean(self.unmet[tier]))

    @property
    def unmet_total(self) -> float:
        """Million barrels of refinery demand unmet over the horizon; stock building is not counted."""
        return DAYS * sum(sum(v) for k, v in self.unmet.items() if k != "build")


def tiers(inputs: Inputs, p: Parameters) -> dict[str, float]:
    """Demand by tier, million barrels a day; they add up to intake after rationing and stock building.

    Raises
    ------
    UsageError
        if the tiers set are larger than the intake.
    """
    out = {t: p(f"tier_{t}") for t in TIERS[1:-1]}
    rest = inputs.intake - sum(out.values())
    if rest < 0:
        raise UsageError(
            f"the tiers take {sum(out.values()):.2f} mb/d and refineries only {inputs.intake:.2f}: "
            "lower tier_transport or another tier with --param"
        )
    out["essential"] = rest
    saved = inputs.intake * p("rationing")
    for tier in TIERS[1:]:  # rationing takes the cheapest demand first
        cut = min(out[tier], saved)
        out[tier] -= cut
        saved -= cut
    return {"build": max(0.0, inputs.build), **out}


def solve_months(
    inputs: Inputs,
    closed: frozenset[str],
    p: Parameters,
    months: int = 12,
    *,
    extra: dict[str, float] | None = None,
    stock: float | None = None,
) -> Months:
    """The programme for one closure that lasts ``months``.

    Raises
    ------
    DataError
        if the solver finds no answer.
    """
    from scipy.optimize import linprog
    from scipy.sparse import coo_array

    days = tanker_days(closed, p)
    can = {n: v for n, v in capacity(inputs, closed, p, extra=extra).items() if np.isfinite(days[n])}
    demand = tiers(inputs, p)
    n_f, kinds = len(can), list(demand)
    wide = n_f + len(kinds) + 1  # flows, unmet, stock at the month's end
    cost, bounds, balance, lift = _programme(can, days, demand, p, months)
    right = np.full(months, DAYS * (sum(demand.values()) - inputs.output))
    right[0] -= inputs.stock * p("usable_stock") if stock is None else stock
    shape = (months, months * wide)
    result = linprog(
        cost,
        A_eq=coo_array((balance[2], (balance[0], balance[1])), shape=shape),
        b_eq=right,
        A_ub=coo_array((lift[2], (lift[0], lift[1])), shape=shape),
        b_ub=np.full(months, fleet_of(inputs, p)),
        bounds=bounds,
        method="highs",
    )
    if result.status != 0:
        raise DataError(f"the monthly model of {sorted(closed)} has no answer: {result.message}")
    x = result.x.reshape(months, wide)
    return Months(
        [float(v) for v in x[:, :n_f].sum(axis=1)],
        {k: [float(v) for v in x[:, n_f + i]] for i, k in enumerate(kinds)},
        [float(v) for v in x[:, -1]],
        [float(v) for v in result.eqlin.marginals],
        [float(-v) / DAYS for v in result.ineqlin.marginals],
        float(result.fun),
    )


#: Rows, columns and values of a sparse matrix.
Cells = tuple[list[int], list[int], list[float]]


def _programme(
    can: dict[str, float], days: dict[str, float], demand: dict[str, float], p: Parameters, months: int
) -> tuple[npt.NDArray[np.float64], list[tuple[float, float | None]], Cells, Cells]:
    """Cost and bounds of every column, and the cells of the balance and of the lift, month by month.

    A month's columns are the flows, what each tier goes without, and the stock at its end. Building stock is a
    demand of its own: what is built does not come back within the horizon.
    """
    cost: list[float] = []
    bounds: list[tuple[float, float | None]] = []
    balance: Cells = ([], [], [])
    lift: Cells = ([], [], [])

    def put(cells: Cells, row: int, column: int, value: float) -> None:
        cells[0].append(row)
        cells[1].append(column)
        cells[2].append(value)

    for t in range(months):
        for n, most in can.items():
            put(balance, t, len(cost), DAYS)
            put(lift, t, len(cost), days[n])
            cost.append(DAYS * p("freight") * days[n])
            bounds.append((0.0, most))
        for tier, most in demand.items():
            put(balance, t, len(cost), DAYS)
            cost.append(DAYS * p(f"value_{tier}"))
            bounds.append((0.0, most))
        put(balance, t, len(cost), -1.0)
        if t + 1 < months:
            put(balance, t + 1, len(cost), 1.0)
        cost.append(-p("value_left") if t + 1 == months else 0.0)
        bounds.append((0.0, None))
    return np.asarray(cost), bounds, balance, lift
