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
TIERS = ("exports", "petrochemicals", "industry", "transport", "essential")
#: Of the worth of a barrel left in store, the most that bringing it may cost: a barrel that can come always does.
FREIGHT_SHARE = 0.9


@dataclass(frozen=True)
class Months:
    """The answer of the programme. Rates in million barrels a day, stocks in million barrels at month's end.

    ``start`` is the stock before the first month. ``worth`` is the value of one more barrel a day in a month,
    on the scale in which a barrel left in store is 1; ``objective`` the whole cost.
    """

    imports: list[float]
    unmet: dict[str, list[float]]
    start: float
    stock: list[float]
    worth: list[float]
    fleet_worth: list[float]
    objective: float

    def mean(self, tier: str) -> float:
        """Mean unmet demand of a tier over the months."""
        return float(np.mean(self.unmet[tier]))

    @property
    def unmet_total(self) -> float:
        """Million barrels of refinery demand unmet over the horizon."""
        return DAYS * sum(sum(v) for v in self.unmet.values())

    @property
    def into_store(self) -> float:
        """Million barrels a day that go into store on average over the months; below zero where it is drawn."""
        return (self.stock[-1] - self.start) / (DAYS * len(self.stock))


def tiers(inputs: Inputs, p: Parameters) -> dict[str, float]:
    """Demand by tier, million barrels a day; they add up to intake after rationing.

    Raises
    ------
    UsageError
        if the tiers set are larger than the intake.
    """
    out = {t: p(f"tier_{t}") for t in TIERS[:-1]}
    rest = inputs.intake - sum(out.values())
    if rest < 0:
        raise UsageError(
            f"the tiers take {sum(out.values()):.2f} mb/d and refineries only {inputs.intake:.2f}: "
            "lower tier_transport or another tier with --param"
        )
    out["essential"] = rest
    saved = inputs.intake * p("rationing")
    for tier in TIERS:  # rationing takes the cheapest demand first
        cut = min(out[tier], saved)
        out[tier] -= cut
        saved -= cut
    return out


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

    What comes and is not refined goes into store, and stays there to be drawn: stock building is no demand, so
    that stock at the end = stock at the start + (imports + output - intake + unmet) x days. As much comes at
    most as came before the closure.

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
    cost, bounds, balance, limits = _programme(can, days, demand, p, months)
    right = np.full(months, DAYS * (sum(demand.values()) - inputs.output))
    start = inputs.stock * p("usable_stock") if stock is None else stock
    right[0] -= start
    shape = (months, months * wide)
    result = linprog(
        cost,
        A_eq=coo_array((balance[2], (balance[0], balance[1])), shape=shape),
        b_eq=right,
        A_ub=coo_array((limits[2], (limits[0], limits[1])), shape=(2 * months, months * wide)),
        b_ub=np.repeat([fleet_of(inputs, p), max(inputs.imports, 0.0)], months),
        bounds=bounds,
        method="highs",
    )
    if result.status != 0:
        raise DataError(f"the monthly model of {sorted(closed)} has no answer: {result.message}")
    x = result.x.reshape(months, wide)
    return Months(
        [float(v) for v in x[:, :n_f].sum(axis=1)],
        {k: [float(v) for v in x[:, n_f + i]] for i, k in enumerate(kinds)},
        start,
        [float(v) for v in x[:, -1]],
        [float(v) for v in result.eqlin.marginals],
        [float(-v) / DAYS for v in result.ineqlin.marginals[:months]],
        float(result.fun),
    )


#: Rows, columns and values of a sparse matrix.
Cells = tuple[list[int], list[int], list[float]]


def _programme(
    can: dict[str, float], days: dict[str, float], demand: dict[str, float], p: Parameters, months: int
) -> tuple[npt.NDArray[np.float64], list[tuple[float, float | None]], Cells, Cells]:
    """Cost and bounds of every column, and the cells of the balance and of the limits, month by month.

    A month's columns are the flows, what each tier goes without, and the stock at its end. The first ``months``
    rows of the limits are the lift, the next the imports in all.
    """
    dearest = max((days[n] for n in can), default=0.0)
    freight = min(p("freight"), FREIGHT_SHARE * p("value_left") / dearest if dearest else p("freight"))
    cost: list[float] = []
    bounds: list[tuple[float, float | None]] = []
    balance: Cells = ([], [], [])
    limits: Cells = ([], [], [])

    def put(cells: Cells, row: int, column: int, value: float) -> None:
        cells[0].append(row)
        cells[1].append(column)
        cells[2].append(value)

    for t in range(months):
        for n, most in can.items():
            put(balance, t, len(cost), DAYS)
            put(limits, t, len(cost), days[n])
            put(limits, months + t, len(cost), 1.0)
            cost.append(DAYS * freight * days[n])
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
    return np.asarray(cost), bounds, balance, limits
