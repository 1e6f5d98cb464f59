# SPDX-License-Identifier: Apache-2.0
"""A force after a ceasefire, model run by model run: the one source of every page that says when
Russia is back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bilat.planning import Quantiles, quantiles_of
from bilat.planning.draws import RUNS
from bilat.regeneration.recovery.class_fit import ClassFit, at_ceasefire
from bilat.regeneration.recovery.outlook import (
    China,
    StartOfOutlook,
    first_passage,
    peace_course,
)
from bilat.regeneration.recovery.records import month_index

#: Months after the ceasefire that are looked at; later is ">120".
HORIZON = 120
#: The month of a year for which the chance is given.
JULY = 7


@dataclass(frozen=True)
class PeaceRuns:
    """Every model run after a ceasefire, with one kind of help from China."""

    ceasefire: int  #: the first month of peace, as a month index
    start: StartOfOutlook
    before: np.ndarray  #: active in February 2022, by run
    active: np.ndarray  #: by month after the ceasefire and run
    passage: np.ndarray  #: months until the force is back to stay, by run; infinite for never

    @property
    def late(self) -> np.ndarray:
        """Months until the force is back, infinite where not within the horizon."""
        return np.where(self.passage > HORIZON, np.inf, self.passage)

    @property
    def back(self) -> list[float]:
        """Share of runs in which the force is back, by month after the ceasefire."""
        return [float(np.mean(self.passage <= month)) for month in range(HORIZON + 1)]

    def share(self) -> np.ndarray:
        """Active stock as a share of that of February 2022, by month and run."""
        return np.asarray(self.active[: HORIZON + 1] / np.maximum(self.before, 1e-9))

    def by_july(self, years: range) -> tuple[ForceInYear, ...]:
        """Return where the force stands by July of each year after the ceasefire."""
        found = []
        share = self.share()
        back = self.back
        for year in years:
            month = month_index(f"{year}-{JULY:02d}") - self.ceasefire
            if 0 <= month <= HORIZON:
                found.append(ForceInYear(year, quantiles_of(share[month]), back[month]))
        return tuple(found)


def chance_by_july(back: Sequence[float], ceasefire: int, year: int) -> float:
    """Return the chance that a force is back by July of a year, from its chances by month; none
    before the ceasefire.
    """
    month = month_index(f"{year}-{JULY:02d}") - ceasefire
    return float(back[min(month, HORIZON)]) if month >= 0 else 0.0


@dataclass(frozen=True)
class ForceInYear:
    """A force by July of a year: as a share of February 2022, and the chance that it is back."""

    year: int
    share: Quantiles
    back: float


def peace_runs(
    fitted: ClassFit,
    ceasefire: int,
    china: China = "components",
    *,
    draws: int = RUNS,
    seed: int = 1,
) -> PeaceRuns:
    """Carry a fitted class through the war to a ceasefire, and on through ten years of peace."""
    start, before, _ = at_ceasefire(fitted, ceasefire, draws, seed)
    run = int(fitted.steering.setting("run"))
    goal = np.asarray(fitted.steering.setting("recovered") * before, np.float32)
    active = peace_course(start, china, HORIZON + run)
    return PeaceRuns(ceasefire, start, before, active, first_passage(active, goal, run))
