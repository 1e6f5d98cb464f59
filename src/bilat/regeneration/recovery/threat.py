# SPDX-License-Identifier: Apache-2.0
"""What Russia would have by year after a ceasefire, for the plans that are set against it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bilat.planning import Quantiles, quantiles_of
from bilat.regeneration.recovery.class_fit import at_ceasefire, fit_class
from bilat.regeneration.recovery.outlook import peace_course
from bilat.regeneration.recovery.records import RecoveryRecords, month_index

#: Draws of the course; the year of a crisis is not told more finely than its July.
DRAWS = 2000
JULY = 7


@dataclass(frozen=True)
class Threat:
    """Russia's tanks in a year, as a share of those of February 2022, and the share of draws that
    are back.
    """

    year: int
    share: Quantiles
    back: float


def threat(
    records: RecoveryRecords, ceasefire: int, years: range, *, seed: int = 1
) -> tuple[Threat, ...]:
    """Return the course of Russia's tanks by July of each year after a ceasefire, all published
    figures together.

    Parameters
    ----------
    ceasefire
        the month index of the first month of peace.
    """
    found = fit_class("tank", records, seed=seed)
    start, before, _ = at_ceasefire(found, ceasefire, DRAWS, seed)
    months = {y: month_index(f"{y}-{JULY:02d}") - ceasefire for y in years}
    last = max([*months.values(), 1])
    course = peace_course(start, "components", last)
    goal = found.steering.setting("recovered")
    made = []
    for year, month in months.items():
        if month < 0:
            continue
        share = np.asarray(course[month] / np.maximum(before, 1e-9), float)
        made.append(Threat(year, quantiles_of(share), float(np.mean(share >= goal))))
    return tuple(made)
