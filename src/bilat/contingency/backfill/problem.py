# SPDX-License-Identifier: Apache-2.0
"""The planning problem as arrays: options, years, effects, scenarios; and what a portfolio covers.

Indices: option i, order year t < ``years``, effect c, year of need h < ``need_years``, scenario s.
Orders are cumulative counts ``N[i, t]``; money is billions of US dollars; effects are counted in
units of their
capability, so that coverage is a share and no conversion of units changes it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bilat.errors import DataError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Line:
    """A production line that several options share: together at most ``per_year`` orders a year."""

    options: tuple[int, ...]
    per_year: int


@dataclass(frozen=True)
class Requires:
    """A bought unit of ``capability`` counts only as far as ``provider`` supports it.

    Usable units <= ``free`` + ``per_unit`` x (change of the provider's stock).
    """

    capability: int
    provider: int
    per_unit: float
    free: float = 0.0


@dataclass(frozen=True)
class Problem:
    """One planning problem.

    Attributes
    ----------
    price, lead, per_year, total, gives
        by option: $bn a unit (I), years (I), orders a year (I), orders in all (I), units of each
        capability that one order adds (I, C); negative where an order takes some away.
    held
        dated changes of Europe's own stock before anything is ordered (C, H).
    need
        units that the United States takes away (C, H, S).
    probability
        of each scenario (S); sums to 1.
    weight
        points for one unit missing (C, H, S): 100 = nothing of what leaves is replaced in any month
        of any crisis.
    budget
        new money of each order year (Y), $bn.
    cost_weight
        points for $1bn spent: small, so that slack money is not spent on nothing.
    """

    options: tuple[str, ...]
    capabilities: tuple[str, ...]
    scenarios: tuple[str, ...]
    price: Floats
    lead: Ints
    per_year: Ints
    total: Ints
    gives: Floats
    held: Floats
    need: Floats
    probability: Floats
    weight: Floats
    budget: Floats
    carry_over: bool = True
    lines: tuple[Line, ...] = ()
    requires: tuple[Requires, ...] = ()
    not_before: tuple[
        int, ...
    ] = ()  #: by option: first year of need in which it counts; empty: any
    cost_weight: float = 1e-4

    def __post_init__(self) -> None:
        i = len(self.options)
        c = len(self.capabilities)
        s = len(self.scenarios)
        shapes = {
            "price": (i,),
            "lead": (i,),
            "per_year": (i,),
            "total": (i,),
            "gives": (i, c),
            "held": (c, self.need_years),
            "need": (c, self.need_years, s),
            "probability": (s,),
            "weight": (c, self.need_years, s),
            "budget": (self.years,),
        }
        for name, shape in shapes.items():
            array = np.asarray(getattr(self, name))
            if array.shape != shape:
                raise DataError(f"{name} has shape {array.shape}; write {shape}")
            if not np.all(np.isfinite(array)):
                raise DataError(f"{name} holds a value that is not a number")
        for name in (
            "price",
            "lead",
            "per_year",
            "total",
            "need",
            "probability",
            "weight",
            "budget",
        ):
            if np.any(np.asarray(getattr(self, name)) < 0):
                raise DataError(f"{name} holds a value below zero")
        if abs(float(self.probability.sum()) - 1) > 1e-9:
            raise DataError(
                f"scenario probabilities sum to {self.probability.sum():.6g}; they must sum to 1"
            )

    @property
    def years(self) -> int:
        """Order years."""
        return int(self.budget.shape[0])

    @property
    def need_years(self) -> int:
        """Years in which a need is counted."""
        return int(self.weight.shape[1])

    def money(self) -> Floats:
        """$bn that may be spent up to each order year, or in it where nothing is carried over
        (Y).
        """
        return np.asarray(np.cumsum(self.budget) if self.carry_over else self.budget, dtype=float)

    @cached_property
    def arrived(self) -> Ints:
        """By year of need and option the order year whose cumulative count stands then; below
        zero: none (H, I).
        """
        year = np.arange(self.need_years)[:, None]
        at = np.minimum(year - self.lead, self.years - 1)
        return np.where(year >= np.asarray(self.not_before), at, -1) if self.not_before else at

    def with_(self, **changes: Any) -> Problem:
        """A copy with some fields replaced."""
        return replace(self, **changes)


def arrivals(problem: Problem, orders: Floats) -> Floats:
    """Change of Europe's stock (C, H) that cumulative ``orders`` (I, Y) bring, beside the dated
    changes.
    """
    at = problem.arrived.T
    arrived = np.take_along_axis(orders, np.maximum(at, 0), axis=1)
    return np.asarray(problem.held + problem.gives.T @ np.where(at >= 0, arrived, 0.0))


def usable(problem: Problem, orders: Floats) -> Floats:
    """The same change, cut to what providers support (C, H)."""
    change = arrivals(problem, orders)
    kept = change.copy()
    for r in problem.requires:
        kept[r.capability] = np.minimum(
            kept[r.capability], r.free + r.per_unit * change[r.provider]
        )
    return np.asarray(kept)


def missing(problem: Problem, orders: Floats) -> Floats:
    """Units missing (C, H, S); nothing is where nothing is needed."""
    lacking = np.maximum(0.0, problem.need - usable(problem, orders)[:, :, None])
    return np.asarray(np.where(problem.need > 0, lacking, 0.0))


def spent(problem: Problem, orders: Floats) -> float:
    """$bn in all."""
    return float(problem.price @ orders[:, -1])


def points_missing(problem: Problem, orders: Floats) -> float:
    """Expected points, money left out: 100 less what is covered in percent where Europe's own
    stock does not change.
    """
    by_scenario = np.einsum("chs,chs->s", problem.weight, missing(problem, orders))
    return float(problem.probability @ by_scenario)


def score(problem: Problem, orders: Floats) -> float:
    """The objective of a portfolio, computed from the portfolio alone: what every program must
    agree with.
    """
    return points_missing(problem, orders) + problem.cost_weight * spent(problem, orders)
