# SPDX-License-Identifier: Apache-2.0
"""From the last month of the record to recovery: losses carried on, a ceasefire, China's help; many
draws fast.

Arithmetic is float32 in blocks of draws that stay in the processor's cache. Monthly losses are
normal with the
mean and variance of a gamma-Poisson, cut at zero: beside the exact draws the difference is lost in
their noise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from bilat.regeneration.recovery.flows import fewer_exposed, restored, withdrawals

China = Literal["none", "components", "systems"]
#: Every kind of help, least first.
HELP: tuple[China, ...] = get_args(China)
#: Draws simulated together.
BLOCK = 4096
#: Months after the ceasefire in which deliveries of finished systems begin, and over which they
#: build up.
SYSTEMS_FROM = 6
SYSTEMS_MONTHS = 6
#: Months over which new production grows after the ceasefire.
GROWTH_MONTHS = 24
F = np.float32


@dataclass(frozen=True)
class StartOfOutlook:
    """Where each draw stands at the start, and its rates, all (draws,) in vehicles and months.

    ``losses`` is the mean of combat losses a month while the war goes on; ``overhaul`` the share of
    them that
    comes back (0 where overhauled vehicles stay outside the balance).
    """

    active: np.ndarray
    good: np.ndarray
    medium: np.ndarray
    poor: np.ndarray
    losses: np.ndarray
    effort: np.ndarray
    new: np.ndarray
    rates: Mapping[str, np.ndarray]  #: the other parameters by name
    new_ahead: np.ndarray | None = (
        None  #: new vehicles by month of war still to come, (months, draws)
    )
    exposed: np.ndarray | None = (
        None  #: mean active stock while ``losses`` were seen; none: the stock at the start
    )

    @property
    def draws(self) -> int:
        """How many."""
        return len(self.active)


def war_course(
    start: StartOfOutlook, months: int, scatter: float, rng: np.random.Generator
) -> StartOfOutlook:
    """The same draws after ``months`` more months of war.

    Losses begin at the carried level and follow the stock that is left (``exposure``); what is not
    there is not lost.
    """
    if months <= 0:
        return start
    grades = np.stack([start.good, start.medium, start.poor]).astype(float)
    active = np.asarray(start.active, float)
    r = start.rates
    new = np.asarray(start.new, float)
    mean = start.losses
    reference = start.active if start.exposed is None else start.exposed
    for i in range(months):
        mean = start.losses * fewer_exposed(active, reference, r["exposure"])
        losses = _losses(mean, scatter, rng.standard_normal(start.draws))
        new = new if start.new_ahead is None else start.new_ahead[i]
        taken = withdrawals(grades, r["accessible"], start.effort, r)
        came = restored(taken, r) + new
        active = np.maximum(0, active * (1 - r["wear"]) + came - losses * (1 - r["overhaul_back"]))
        grades -= taken
    return StartOfOutlook(active, grades[0], grades[1], grades[2], mean, start.effort, new, r)


def _losses(mean: np.ndarray, scatter: float, noise: np.ndarray) -> np.ndarray:
    """Losses of a month: mean and variance of Poisson(mean x Gamma(scatter) / scatter), not below
    zero.
    """
    return np.maximum(mean + np.sqrt(mean + mean * mean / scatter) * noise, 0)


def peace_course(start: StartOfOutlook, china: China, months: int) -> np.ndarray:
    """Active stock month by month after a ceasefire, (months + 1, draws).

    Stored vehicles decay as fielded ones wear, so that a repair done earlier is never a loss: more
    effort, more
    new vehicles or more help never leave fewer active vehicles in any month.
    """
    active = np.empty((months + 1, start.draws), F)
    for first in range(0, start.draws, BLOCK):
        part = slice(first, first + BLOCK)
        _peace_block(start, china, months, part, active)
    return active


def _peace_block(
    start: StartOfOutlook, china: China, months: int, part: slice, active: np.ndarray
) -> None:
    r = {k: np.asarray(v[part], F) for k, v in start.rates.items()}
    a, g, m, p, effort, new = (
        np.asarray(x[part], F).copy()
        for x in (start.active, start.good, start.medium, start.poor, start.effort, start.new)
    )
    new *= r["new_capacity"]
    effort *= r["repair_capacity"]
    if china == "none":
        new *= 1 - r["dependence_new"] * (1 - r["replaced"])
        effort *= 1 - r["dependence_repair"] * (1 - r["replaced"])
    keep = 1 - r["peace_wear"] * r["wear"]
    share = r["accessible"]
    per_medium = 1 / r["cost_medium"]
    poor_per_medium = r["cost_medium"] / r["cost_poor"]
    w, left, back, flow = (np.empty_like(a) for _ in range(4))
    active[0, part] = a
    for i in range(1, months + 1):
        if i <= max(GROWTH_MONTHS, SYSTEMS_FROM + SYSTEMS_MONTHS):  # constant from then on
            _intake(new, r, china, i, flow)
        np.multiply(share, g, out=w)
        np.minimum(w, effort, out=w)
        g -= w
        np.subtract(effort, w, out=left)
        np.multiply(r["yield_good"], w, out=back)
        a *= keep
        a += back
        left *= per_medium
        np.multiply(share, m, out=w)
        np.minimum(w, left, out=w)
        m -= w
        left -= w
        np.multiply(r["yield_medium"], w, out=back)
        a += back
        left *= poor_per_medium
        np.multiply(share, p, out=w)
        np.minimum(w, left, out=w)
        p -= w
        np.multiply(r["yield_poor"], w, out=back)
        a += back
        a += flow
        g *= keep
        m *= keep
        p *= keep
        active[i, part] = a


def _intake(
    new: np.ndarray, r: Mapping[str, np.ndarray], china: China, month: int, out: np.ndarray
) -> None:
    """New vehicles of a month of peace, with their growth and what China sends finished.

    Growth is part of the help: the lines grow only with China's components, whatever depends on
    them today. So a
    cut-off costs months even at a dependence of zero (``ClassRecovery.growth_alone``).
    """
    if china == "none":
        out[:] = new
        return
    np.multiply(new, 1 + r["growth"] * F(min(1.0, month / GROWTH_MONTHS)), out=out)
    if china == "systems":
        out += r["systems"] * F(np.clip((month - SYSTEMS_FROM) / SYSTEMS_MONTHS, 0, 1))


def first_passage(active: np.ndarray, goal: np.ndarray, run: int) -> np.ndarray:
    """Months until the active stock has reached ``goal`` and stays there for ``run`` months,
    (draws,).

    Counted from the start (row 0) to the first month of that run; infinite where it does not come
    within the
    months held. A run must be whole: one that the end of the months cuts off does not count.
    """
    months = len(active)
    since = np.zeros(active.shape[1], np.int16)
    found = np.full(active.shape[1], np.inf, F)
    for i in range(months):
        reached = active[i] >= goal
        since += 1
        since *= reached
        done = (since >= run) & np.isinf(found)
        if done.any():
            found[done] = i - run + 1
    return found
