# SPDX-License-Identifier: Apache-2.0
"""Storage in grades, effort, intake and losses: the months of the war, for many draws at once.

All arrays of values have shape (draws,), all histories (months, draws); units are vehicles and months.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

Values = Mapping[str, np.ndarray]
#: Month index from which the drift of detection is counted, how long it may run in years, and the ramp of 2026.
DRIFT_FROM, DRIFT_YEARS = 5, 4.6
STEP_FROM, STEP_MONTHS = 43, 6


@dataclass(frozen=True)
class FlowHistory:
    """What happened month by month. ``active``, ``good``, ``medium`` and ``poor`` have months + 1 rows."""

    active: np.ndarray
    good: np.ndarray
    medium: np.ndarray
    poor: np.ndarray
    refurbished: np.ndarray
    withdrawn: np.ndarray
    new: np.ndarray
    lost: np.ndarray  #: in combat: listed losses over the share that is listed
    worn: np.ndarray
    overhauled: np.ndarray
    floored: np.ndarray  #: vehicles that the balance lacked where it would have fallen below zero

    @property
    def stored(self) -> np.ndarray:
        """Vehicles in storage, all grades."""
        return self.good + self.medium + self.poor


def detection(values: Values, months: np.ndarray) -> np.ndarray:
    """Share of losses that is listed, (months, draws): drifts with the years, with a step in 2026."""
    p = np.clip(values["detection"], 1e-9, 1 - 1e-9)
    years = np.minimum((months - DRIFT_FROM) / 12, DRIFT_YEARS)[:, None]
    step = np.clip((months - STEP_FROM) / STEP_MONTHS, 0, 1)[:, None]
    logit = np.log(p / (1 - p)) + values["detection_slope"] * years + values["detection_2026"] * step
    share = 1 / (1 + np.exp(-logit))
    # all losses listed (detection = 1) stays exactly that, whatever the drift
    return np.where(values["detection"] >= 1, 1.0, np.maximum(share, 1e-3))


def new_vehicles(values: Values, months: np.ndarray, midpoint: float, pace: float) -> np.ndarray:
    """New vehicles a month, (months, draws): a logistic rise from early 2022 to the plateau."""
    rise = 1 / (1 + np.exp(-(months - midpoint) / pace))
    return values["new_before"] + (values["new_plateau"] - values["new_before"]) * rise[:, None]


def withdrawals(
    good: np.ndarray, medium: np.ndarray, poor: np.ndarray, effort: np.ndarray, values: Values
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vehicles taken out of each grade in a month: the best first, as far as effort and access allow."""
    share = values["accessible"]
    w_good = np.minimum(share * good, effort)
    left = effort - w_good
    w_medium = np.minimum(share * medium, left / values["cost_medium"])
    left = left - w_medium * values["cost_medium"]
    w_poor = np.minimum(share * poor, np.maximum(left, 0.0) / values["cost_poor"])
    return w_good, w_medium, w_poor


def stock_at_start(values: Values) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Stored vehicles by grade in February 2022."""
    good = values["stored_before"] * values["good_share"]
    medium = (values["stored_before"] - good) * values["medium_share"]
    return good, medium, values["stored_before"] - good - medium


def fewer_exposed(active: np.ndarray, reference: np.ndarray, exposure: np.ndarray) -> np.ndarray:
    """How carried losses shrink or grow with the stock that can be lost: (active / reference) ** exposure.

    At an exposure of 1 a vehicle's own risk stays what it was; at 0 losses do not depend on the stock.
    """
    share = np.clip(active / np.maximum(reference, 1e-9), 0.0, 3.0)
    return np.asarray(np.where(share > 0, share, 0.0) ** np.maximum(exposure, 0.0) * (share > 0))


def history(
    values: Values, listed: np.ndarray, *, overhaul_inside: bool, midpoint: float, pace: float,
    carried_from: int | None = None,
) -> FlowHistory:  # fmt: skip
    """The war month by month.

    Parameters
    ----------
    values
        fitted parameters by name, each of shape (draws,).
    listed
        losses that Oryx lists, one a month from March 2022 on, smoothed: (months,), or (months, draws).
    overhaul_inside
        True: battle-damaged vehicles come back into the active stock; False: they are counted in published
        deliveries only, as Oryx lists many of them as damaged, not as lost for good.
    midpoint, pace
        the logistic rise of new production, in months.
    carried_from
        the first of the months whose losses are carried on and not listed: they follow the stock that is left, by
        the parameter ``exposure``, and effort and access are multiplied by ``effort_ahead``.
    """
    months, draws = len(listed), len(values["active_before"])
    index = np.arange(1, months + 1)
    lost = (listed if listed.ndim == 2 else listed[:, None]) / detection(values, index)
    new = np.broadcast_to(new_vehicles(values, index, midpoint, pace), (months, draws))
    overhauled = values["overhaul"] * lost
    states = np.empty((4, months + 1, draws))
    flows = np.empty((4, months, draws))
    good, medium, poor = stock_at_start(values)
    active = np.asarray(values["active_before"], float).copy()
    states[:, 0] = active, good, medium, poor
    ahead: np.ndarray | float = 1.0
    for i in range(months):
        if carried_from is not None and i >= carried_from:
            seen = states[0, max(0, carried_from - 5) : carried_from + 1].mean(axis=0)
            factor = fewer_exposed(active, seen, values["exposure"])
            lost[i] *= factor
            overhauled[i] *= factor
            if i == carried_from:
                ahead = values["effort_ahead"]
                values = {**values, "accessible": np.minimum(values["accessible"] * ahead, 1.0)}
        effort = values["effort"] * ahead * np.minimum(1.0, (i + 1) / values["ramp"])
        w_good, w_medium, w_poor = withdrawals(good, medium, poor, effort, values)
        back = (
            values["yield_good"] * w_good + values["yield_medium"] * w_medium + values["yield_poor"] * w_poor
        )
        worn = values["wear"] * active
        balance = active + back + new[i] - lost[i] - worn + (overhauled[i] if overhaul_inside else 0.0)
        active = np.maximum(0.0, balance)
        good, medium, poor = good - w_good, medium - w_medium, poor - w_poor
        states[:, i + 1] = active, good, medium, poor
        flows[:, i] = back, w_good + w_medium + w_poor, worn, active - balance
    return FlowHistory(
        active=states[0],
        good=states[1],
        medium=states[2],
        poor=states[3],
        refurbished=flows[0],
        withdrawn=flows[1],
        new=new,
        lost=lost,
        worn=flows[2],
        overhauled=overhauled,
        floored=flows[3],
    )
