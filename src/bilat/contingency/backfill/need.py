# SPDX-License-Identifier: Apache-2.0
"""What a crisis in the Pacific takes from Europe: in which years, what, and for how many months."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bilat.contingency.backfill.inputs import BackfillInputs
from bilat.contingency.backfill.problem import Floats
from bilat.errors import UsageError

#: The month of the year in which the crisis begins.
JULY = 7


@dataclass(frozen=True)
class CrisisYears:
    """When orders may be placed, when the crisis may come, and how many months it lasts."""

    first_order: int
    first_crisis: int
    last_crisis: int
    months: int

    @property
    def last(self) -> int:
        """The last year of need: that in which the last crisis ends."""
        return self.last_crisis + (JULY - 2 + self.months) // 12

    @property
    def of_orders(self) -> int:
        """How many years orders may be placed in."""
        return max(1, self.last - self.first_order)

    @property
    def of_need(self) -> range:
        """Every year in which something may be missing."""
        return range(self.first_order, self.last + 1)

    @property
    def of_crisis(self) -> range:
        """Every year in which the crisis may begin."""
        return range(self.first_crisis, self.last_crisis + 1)


def crisis_years(numbers: Mapping[str, float]) -> CrisisYears:
    """Return the years that the numbers set.

    Raises
    ------
    UsageError
        for years that are not in order.
    """
    first = round(numbers["first_year"])
    start = round(numbers["crisis_from"])
    end = round(numbers["crisis_to"])
    if not first <= start <= end:
        raise UsageError(
            f"the crisis may come from {start} to {end} and orders begin in {first}: put them in "
            "order"
        )
    return CrisisYears(first, start, end, max(1, round(numbers["months"])))


def more_tankers(numbers: Mapping[str, float], definition: str) -> float:
    """Return how many more European tankers a definition counts than the usual one."""
    return numbers[f"definition.{definition}"] - numbers["definition.tankers"]


def american_part(numbers: Mapping[str, float], definition: str, keys: list[str]) -> Floats:
    """Return the American part of each effect; more European tankers make that of tankers less."""
    part = np.array([numbers[f"{key}.us_part"] for key in keys])
    if "refuelling" in keys:
        part[keys.index("refuelling")] -= more_tankers(numbers, definition)
    return np.maximum(0.0, part)


def own_changes(inputs: BackfillInputs, numbers: Mapping[str, float], years: CrisisYears) -> Floats:
    """Return how Europe's own stock changes without any order, by effect and year."""
    found = np.zeros((len(inputs.effects), len(years.of_need)))
    of_need = np.asarray(years.of_need)
    for row, effect in enumerate(inputs.effects):
        for when, name in effect.changes:
            found[row] += numbers[name] * (of_need >= when)
    return found


def months_missing(
    inputs: BackfillInputs, numbers: Mapping[str, float], years: CrisisYears
) -> Floats:
    """Return the months in which each effect is missing, by year of need and crisis."""
    # the year in which each month of a crisis lies, counted from that in which it begins
    year_of_month = (JULY - 2 + np.arange(1, years.months + 1)) // 12
    found = np.zeros((len(inputs.effects), len(years.of_need), len(years.of_crisis)))
    way = np.array([effect.by for effect in inputs.effects])  # how each leaves: by air or sea
    for by in set(way.tolist()):
        leaves_in = max(1, round(numbers[f"leaves_{by}"]))
        by_year = np.bincount(year_of_month[leaves_in - 1 :], minlength=year_of_month[-1] + 1)
        for crisis, year in enumerate(years.of_crisis):
            begins = year - years.first_order
            found[way == by, begins : begins + len(by_year), crisis] = by_year
    return found
