# SPDX-License-Identifier: Apache-2.0
"""Answers computed beforehand for a page whose sliders work without a network: one cell a setting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bilat.holdings import Holdings
from bilat.regeneration.recovery.class_fit import ClassFit, at_ceasefire, fit_class
from bilat.regeneration.recovery.outlook import HELP, China, first_passage, peace_course
from bilat.regeneration.recovery.records import RecoveryRecords, month_index, month_text
from bilat.regeneration.recovery.regenerate import HORIZON, LEVELS
from bilat.when import AsOf

#: Months after the as-of month at which the fighting may stop.
CEASEFIRES = (1, 7, 13, 25)
#: What may count as recovered, as a share of the active stock of February 2022.
GOALS = (0.8, 0.9, 1.0)
#: Thirds of the calibrated draws by new production: the input besides the active stock that decides most.
THIRDS = ("low", "middle", "high")
#: Months between the points of a curve.
EVERY = 3


@dataclass(frozen=True)
class Cell:
    """One setting of the sliders: months to recovery and the share of the pre-war stock by month."""

    ceasefire: str
    china: China
    new_production: str  #: "all", or a third of the draws
    goal: float
    months: tuple[float | None, ...]  #: at LEVELS; None: not within the horizon
    never: float


@dataclass(frozen=True)
class Curve:
    """Active stock as a share of February 2022 every few months: 10%, 50% and 90%."""

    ceasefire: str
    china: China
    new_production: str
    low: tuple[float, ...]
    median: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True)
class RecoveryGrid:
    """All cells and curves of one class, with what they were computed from."""

    klass: str
    label: str
    inputs: dict[str, Any]
    axes: dict[str, list[Any]]
    cells: tuple[Cell, ...]
    curves: tuple[Curve, ...]
    lineage: tuple[dict[str, Any], ...]

    def to_json(self) -> dict[str, Any]:
        """As plain data: numbers rounded to what a chart can show."""
        return {
            "class": self.klass, "label": self.label, "inputs": self.inputs, "axes": self.axes,
            "cells": [vars(c) | {"months": list(c.months)} for c in self.cells],
            "curves": [vars(c) | {k: list(getattr(c, k)) for k in ("low", "median", "high")} for c in self.curves],
            "lineage": list(self.lineage),
        }  # fmt: skip


def grid(
    klass: str = "tank",
    *,
    draws: int = 6000,
    seed: int = 1,
    as_of: AsOf | None = None,
    holdings: Holdings | None = None,
    changes: Mapping[str, str] | None = None,
    ceasefires: Sequence[int] = CEASEFIRES,
) -> RecoveryGrid:
    """Cells over ceasefire x help x new production x goal, all from one calibration and the same draws.

    Raises
    ------
    UsageError
        for a class or parameter that is none, or a value outside its limits.
    """
    when = as_of or AsOf()
    records = RecoveryRecords(holdings or Holdings(), when)
    found = fit_class(klass, records, seed=seed, changes=changes)
    run = int(found.steering.setting("run"))
    cells: list[Cell] = []
    curves: list[Curve] = []
    now = month_index(str(when))
    months = [now + c for c in ceasefires if now + c > found.months]
    for month in months:
        more, drawn = _of(found, month, draws, seed, run)
        cells += more
        curves += drawn
    return RecoveryGrid(
        klass, found.klass.label,
        {"as_of": str(when), "draws": draws, "seed": seed, "parameters": found.steering.table(),
         "record_to": month_text(found.months), "standing": found.klass.standing, "why": found.klass.why},
        {"ceasefire": [month_text(m) for m in months], "china": list(HELP), "new_production": ["all", *THIRDS],
         "goal": list(GOALS), "levels": list(LEVELS), "curve_months": list(range(0, HORIZON + 1, EVERY)),
         "horizon": [HORIZON]},
        tuple(cells), tuple(curves), tuple(records.lineage()),
    )  # fmt: skip


def _of(found: ClassFit, month: int, draws: int, seed: int, run: int) -> tuple[list[Cell], list[Curve]]:
    start, before, _ = at_ceasefire(found, month, draws, seed)
    new = start.rates["new_plateau"]
    edges = np.quantile(new, (1 / 3, 2 / 3))
    parts = {"all": np.ones(draws, bool)} | {
        name: np.digitize(new, edges) == n for n, name in enumerate(THIRDS)
    }
    cells, curves = [], []
    for kind in HELP:
        active = peace_course(start, kind, HORIZON + run).active
        share = active[0 : HORIZON + 1 : EVERY] / np.maximum(before, 1e-9)
        for goal in GOALS:
            passage = first_passage(active, np.asarray(goal * before, np.float32), run)
            late = np.where(passage > HORIZON, np.inf, passage)
            for name, at in parts.items():
                cells.append(
                    Cell(
                        month_text(month),
                        kind,
                        name,
                        goal,
                        _levels(late[at]),
                        round(float(np.mean(np.isinf(late[at]))), 4),
                    )
                )
        for name, at in parts.items():
            if not at.any():
                continue
            bands = np.quantile(share[:, at], (0.1, 0.5, 0.9), axis=1).round(3)
            curves.append(Curve(month_text(month), kind, name, *(tuple(b.tolist()) for b in bands)))
    return cells, curves


def _levels(months: np.ndarray) -> tuple[float | None, ...]:
    if not len(months):
        return tuple(None for _ in LEVELS)
    at = np.quantile(months, LEVELS, method="lower")
    return tuple(None if np.isinf(m) else float(m) for m in at)
