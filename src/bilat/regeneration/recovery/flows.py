# SPDX-License-Identifier: Apache-2.0
"""Storage in grades, effort, intake and losses: the months of the war, for many draws at once.

All arrays of values have shape (draws,), all histories (months, draws); units are vehicles and
months.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

Values = Mapping[str, np.ndarray]
#: Month index from which the drift of detection is counted, how long it may run in years, and the
#: ramp of 2026.
DRIFT_FROM = 5
DRIFT_YEARS = 4.6
STEP_FROM = 43
STEP_MONTHS = 6


@dataclass(frozen=True)
class FlowHistory:
    """What happened month by month. ``active``, ``good``, ``medium`` and ``poor`` have months + 1
    rows.
    """

    active: np.ndarray
    good: np.ndarray
    medium: np.ndarray
    poor: np.ndarray
    refurbished: np.ndarray
    taken: np.ndarray  #: out of each grade, (3, months, draws)
    new: np.ndarray
    lost: np.ndarray  #: in combat: listed losses over the share that is listed
    overhaul: np.ndarray  #: share of the lost that is overhauled, (draws,)
    wear: np.ndarray  #: share of the active that wears out in a month, (draws,)
    balance: (
        np.ndarray
    )  #: active stock at the end of each month before it is kept from falling below zero

    @property
    def floored(self) -> np.ndarray:
        """Vehicles that the balance lacked where it would have fallen below zero."""
        return self.active[1:] - self.balance

    @property
    def stored(self) -> np.ndarray:
        """Vehicles in storage, all grades."""
        return self.good + self.medium + self.poor


class Rooms(dict[str, np.ndarray]):
    """Arrays that histories of one shape write over again: fresh memory costs more than the
    arithmetic in it.
    """

    def of(self, name: str, *shape: int) -> np.ndarray:
        """An array of a shape, with whatever was in it."""
        if name not in self or self[name].shape != shape:
            self[name] = np.empty(shape)
        return self[name]


def detection(values: Values, months: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Share of losses that is listed, (months, draws): drifts with the years, with a step in
    2026.
    """
    p = np.clip(values["detection"], 1e-9, 1 - 1e-9)
    years = np.minimum((months - DRIFT_FROM) / 12, DRIFT_YEARS)[:, None]
    step = np.clip((months - STEP_FROM) / STEP_MONTHS, 0, 1)[:, None]
    share = np.multiply(values["detection_slope"], years, out=out)
    share += np.log(p / (1 - p))
    stepped = int(np.count_nonzero(step == 0))  # the months come in their order
    share[stepped:] += values["detection_2026"] * step[stepped:]
    np.negative(share, out=share)
    np.exp(share, out=share)
    share += 1
    np.reciprocal(share, out=share)
    np.maximum(share, 1e-3, out=share)
    # all losses listed (detection = 1) stays exactly that, whatever the drift
    share[:, values["detection"] >= 1] = 1.0
    return share


def new_vehicles(
    values: Values, months: np.ndarray, midpoint: float, pace: float, out: np.ndarray | None = None
) -> np.ndarray:
    """New vehicles a month, (months, draws): a logistic rise from early 2022 to the plateau."""
    rise = 1 / (1 + np.exp(-(months - midpoint) / pace))
    new = np.multiply(values["new_plateau"] - values["new_before"], rise[:, None], out=out)
    new += values["new_before"]
    return new


def withdrawals(
    grades: np.ndarray,
    share: np.ndarray,
    effort: np.ndarray,
    values: Values,
    out: np.ndarray | None = None,
) -> np.ndarray:
    """Vehicles taken out of each grade in a month, (3, draws): the best first, as far as effort
    and access allow.
    """
    taken = np.multiply(share, grades, out=out)
    np.minimum(taken[0], effort, out=taken[0])
    left = effort - taken[0]
    np.minimum(taken[1], left / values["cost_medium"], out=taken[1])
    left -= taken[1] * values["cost_medium"]
    np.maximum(left, 0.0, out=left)
    left /= values["cost_poor"]
    np.minimum(taken[2], left, out=taken[2])
    return taken


def restored(taken: np.ndarray, values: Values, out: np.ndarray | None = None) -> np.ndarray:
    """Vehicles that come back of those taken out of each grade, (3, ..., draws) -> (..., draws)."""
    each = np.stack([values["yield_good"], values["yield_medium"], values["yield_poor"]])
    return np.einsum("gd,g...d->...d", each, taken, out=out)


def stock_at_start(values: Values) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Stored vehicles by grade in February 2022."""
    good = values["stored_before"] * values["good_share"]
    medium = (values["stored_before"] - good) * values["medium_share"]
    return good, medium, values["stored_before"] - good - medium


def fewer_exposed(active: np.ndarray, reference: np.ndarray, exposure: np.ndarray) -> np.ndarray:
    """How carried losses shrink or grow with the stock that can be lost: (active / reference) **
    exposure.

    At an exposure of 1 a vehicle's own risk stays what it was; at 0 losses do not depend on the
    stock.
    """
    share = np.clip(active / np.maximum(reference, 1e-9), 0.0, 3.0)
    return np.asarray(np.where(share > 0, share, 0.0) ** np.maximum(exposure, 0.0) * (share > 0))


def history(
    values: Values,
    listed: np.ndarray,
    *,
    midpoint: float,
    pace: float,
    carried_from: int | None = None,
    rooms: Rooms | None = None,
) -> FlowHistory:
    """The war month by month.

    Parameters
    ----------
    values
        fitted parameters by name, each of shape (draws,). ``inside`` is 1 where battle-damaged
        vehicles come back into
        the active stock; 0 where they are counted in published deliveries only, as Oryx lists many
        of them as damaged.
    listed
        losses that Oryx lists, one a month from March 2022 on, smoothed: (months,), or (months,
        draws).
    midpoint, pace
        the logistic rise of new production, in months.
    carried_from
        the first of the months whose losses are carried on and not listed: they follow the stock
        that is left, by
        the parameter ``exposure``, and effort and access are multiplied by ``effort_ahead``.
    rooms
        arrays of an earlier history, which this one writes over.
    """
    months = len(listed)
    draws = len(values["active_before"])
    index = np.arange(1, months + 1)
    rooms = Rooms() if rooms is None else rooms
    lost = detection(values, index, rooms.of("lost", months, draws))
    np.divide(listed if listed.ndim == 2 else listed[:, None], lost, out=lost)
    new = new_vehicles(values, index, midpoint, pace, rooms.of("new", months, draws))
    grades = rooms.of("grades", 3, months + 1, draws)
    taken = rooms.of("taken", 3, months, draws)
    back = rooms.of("back", months, draws)
    balance = rooms.of("balance", months, draws)
    active = rooms.of("active", months + 1, draws)
    grades[:, 0], active[0] = stock_at_start(values), values["active_before"]
    # what is taken out of storage does not depend on what is active
    share = values["accessible"]
    most = values["effort"]
    slowest = values["ramp"].max()
    for i in range(months):
        if i == carried_from:
            most = most * values["effort_ahead"]
            share = np.minimum(share * values["effort_ahead"], 1.0)
        effort = most * np.minimum(1.0, (i + 1) / values["ramp"]) if i + 1 < slowest else most
        withdrawals(grades[:, i], share, effort, values, taken[:, i])
        np.subtract(grades[:, i], taken[:, i], out=grades[:, i + 1])
    restored(taken, values, back)
    np.add(back, new, out=balance)
    keep = 1 - values["wear"]
    gone = 1 - values["overhaul"] * values["inside"]
    listed_to = months if carried_from is None else carried_from
    balance[:listed_to] -= lost[:listed_to] * gone
    for i in range(months):
        if i >= listed_to:
            seen = active[max(0, listed_to - 5) : listed_to + 1].mean(axis=0)
            lost[i] *= fewer_exposed(active[i], seen, values["exposure"])
            balance[i] -= lost[i] * gone
        balance[i] += active[i] * keep
        np.maximum(0.0, balance[i], out=active[i + 1])
    return FlowHistory(
        active=active,
        good=grades[0],
        medium=grades[1],
        poor=grades[2],
        refurbished=back,
        taken=taken,
        new=new,
        lost=lost,
        overhaul=values["overhaul"],
        wear=values["wear"],
        balance=balance,
    )
